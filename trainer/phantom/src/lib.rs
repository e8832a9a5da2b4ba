#![doc = include_str!("../README.md")]
//!
//! Phantoms: medical images drawn from a seed, with the exact mask of what was drawn and a simulated look at it.
//!
//! A phantom is for trying the whole road without patient images: for tests, for the page's gallery, and as extra
//! training images. Nothing in it comes from a real examination. The kinds live side by side, one folder each:
//! [`polyp()`] draws colonoscopy frames, [`skin()`] dermoscopy, [`prostate()`] T2-weighted MR slices.
//!
//! All arithmetic a pixel depends on is addition, multiplication, division, square root and integer hashing
//! (`math.rs`, `noise.rs`), which IEEE 754 rounds the same way everywhere, so a seed gives the same bytes in the
//! browser as natively.

mod camera;
mod filter;
mod layer;
mod math;
mod noise;
mod polyp;
mod prostate;
mod random;
mod skin;
#[cfg(test)]
mod testing;
mod truth;

pub use self::polyp::polyp;
pub use self::prostate::prostate;
pub use self::skin::skin;

use fovea_shared::description::{Description, Modality};
use fovea_shared::gaze::Scanpath;
use fovea_shared::plane::Mask;
use image::RgbImage;

/// The phantom of `modality` that `seed` draws; `width` and `height` in pixels.
///
/// # Panics
/// When `width` or `height` is below 16.
pub fn draw(modality: Modality, seed: u64, width: u32, height: u32) -> Phantom {
    match modality {
        Modality::Polyp => polyp(seed, width, height),
        Modality::SkinLesion => skin(seed, width, height),
        Modality::Prostate => prostate(seed, width, height),
    }
}

/// A drawn image with its truth.
#[derive(Clone, Debug)]
pub struct Phantom {
    /// The image as camera or scanner would deliver it; a slice is grey, its channels alike.
    pub image: RgbImage,
    /// The pixels that show the lesion or gland, exactly as drawn; as large as the image.
    pub mask: Mask,
    /// A look at the image by the simulated eye tracker ([`fovea_shared::gaze::simulate`]), which uses the mask.
    pub gaze: Scanpath,
    /// What is known of it from how it was drawn, source `drawn`. Fields that the drawing does not settle say nothing.
    pub description: Description,
}

impl Phantom {
    /// FNV-1a over the image's bytes and the mask: to compare what two platforms drew.
    pub fn checksum(&self) -> u32 {
        let bytes = self.image.as_raw().iter().copied().chain(self.mask.data.iter().map(|v| u8::from(*v)));
        bytes.fold(0x811c_9dc5, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_seven_is_the_same_everywhere() {
        // The same figures natively and in wasm (web/tests/phantoms.rs). They change only when the
        // drawing does: then take the new ones over.
        const GOLDEN: [u32; 3] = include!("golden.in");
        assert_eq!(Modality::ALL.map(|modality| draw(modality, 7, 96, 80).checksum()), GOLDEN);
    }

    #[test]
    fn one_seed_one_phantom() {
        for modality in Modality::ALL {
            let [a, b, c] = [5, 5, 6].map(|seed| draw(modality, seed, 96, 80));
            assert!(a.image == b.image && a.mask == b.mask && a.gaze == b.gaze && a.description == b.description);
            assert!(a.image != c.image && a.mask != c.mask && a.gaze != c.gaze);
        }
    }

    #[test]
    fn odd_sizes_are_drawn() {
        for modality in Modality::ALL {
            for (width, height) in [(16, 16), (17, 61), (121, 23)] {
                assert_eq!(draw(modality, 1, width, height).image.dimensions(), (width, height));
            }
        }
    }
}
