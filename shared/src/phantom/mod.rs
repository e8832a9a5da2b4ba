//! Phantoms: endoscopy frames drawn from a seed, with the exact mask of what was drawn and a simulated look at it.
//!
//! A phantom is for trying the whole road without patient images: for tests, for the page's gallery, and as extra
//! training images. Nothing in it comes from a real examination. The kinds live side by side, one folder each:
//! [`polyp()`] draws colonoscopy frames.
//!
//! All arithmetic a pixel depends on is addition, multiplication, division, square root and integer hashing
//! (`math.rs`, `noise.rs`), which IEEE 754 rounds the same way everywhere, so a seed gives the same bytes in the
//! browser as natively.

mod math;
mod noise;
mod polyp;
mod random;

pub use self::polyp::polyp;

use crate::description::Description;
use crate::gaze::Scanpath;
use crate::plane::Mask;
use image::RgbImage;

/// A drawn image with its truth.
#[derive(Clone, Debug)]
pub struct Phantom {
    /// The frame as a camera would deliver it.
    pub image: RgbImage,
    /// The pixels that show the lesion, exactly as drawn; as large as the image.
    pub mask: Mask,
    /// A look at the image by the simulated eye tracker ([`crate::gaze::simulate`]), which uses the mask.
    pub gaze: Scanpath,
    /// What is known of the lesion from how it was drawn, source `drawn`. Fields that the drawing does not settle say nothing.
    pub description: Description,
}
