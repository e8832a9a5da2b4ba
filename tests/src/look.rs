//! How a script looks: its pointer follows a simulated scanpath, which knows the true mask.

use std::time::Duration;

use fovea_shared::{
    gaze::{Observer, Scanpath, simulate, simulate_slice},
    plane::Mask,
};
use image::GrayImage;

/// How long the script moves its pointer, in ms. A look lasts four seconds; the script needs some time
/// to begin, and must be back before the next picture comes.
const LOOK_MS: f32 = 3500.0;

/// Whose way of looking is simulated.
#[derive(Clone, Copy, Debug)]
pub enum Reader {
    /// Of single pictures.
    OfPictures,
    /// Of the slices of a volume, which are looked at more briefly.
    OfSlices,
}

/// Where a simulated reader of an image with this mask (above 127: inside) rests, in fractions of the
/// image, and for how long, each with the way to the next place.
pub fn rests(mask: &GrayImage, reader: Reader, seed: u64) -> Vec<((f64, f64), Duration)> {
    let (width, height) = mask.dimensions();
    let inside = mask.pixels().map(|pixel| pixel.0[0] > 127).collect();
    let mask = Mask::from_vec(width as usize, height as usize, inside);
    let look = match reader {
        Reader::OfPictures => simulate,
        Reader::OfSlices => simulate_slice,
    };
    timed(&look(&mask, Observer::EyeTracker, seed).first_ms(LOOK_MS))
}

/// The places of a scanpath, each with the time until the next one.
fn timed(scanpath: &Scanpath) -> Vec<((f64, f64), Duration)> {
    let fixations = &scanpath.fixations;
    let next = fixations.iter().skip(1).map(|next| Some(next.start_ms)).chain([None]);
    let rest = |(at, next): (&fovea_shared::gaze::Fixation, Option<f32>)| {
        let ms = next.map_or(at.duration_ms, |next| next - at.start_ms);
        ((f64::from(at.x), f64::from(at.y)), Duration::from_secs_f32(ms.max(0.0) / 1000.0))
    };
    fixations.iter().zip(next).map(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_as_long_as_it_may_be_and_mostly_inside() {
        let mask = GrayImage::from_fn(80, 60, |x, y| image::Luma([if x > 30 && y > 20 { 255 } else { 0 }]));
        for reader in [Reader::OfPictures, Reader::OfSlices] {
            let rests = rests(&mask, reader, 3);
            let whole: Duration = rests.iter().map(|(_, rest)| *rest).sum();
            assert!((3.0..=3.51).contains(&whole.as_secs_f32()), "{whole:?}");
            let inside = rests.iter().filter(|((x, y), _)| *x > 0.3 && *y > 0.25).count();
            assert!(2 * inside > rests.len(), "{inside} of {}", rests.len());
        }
    }
}
