//! From logits and masks to what the app draws and says: contour, area, Dice.

use fovea_shared::{
    image::resize_plane,
    plane::{Mask, Plane},
    predictor::mask_at,
};

use super::contour::contours;
use crate::protocol::{Blob, Outline};

/// Side of the square grid on which the contour of logits is taken: finer than a screen pixel of a 28-pixel head needs.
const CONTOUR_SIDE: usize = 224;

/// Largest side, in pixels, at which area and hash are taken when there is no true mask to compare with at native size.
const LARGEST_SIDE: usize = 1024;

/// The outline of a head's logits on an image of `native` size, compared with `truth` where it is known.
pub fn from_logits(logits: &Plane, native: (usize, usize), truth: Option<&Mask>) -> Outline {
    let (width, height) = if truth.is_some() { native } else { fit(native, LARGEST_SIDE) };
    let mask = mask_at(logits, width, height);
    // Bilinear interpolation of the logits makes the contour the very border of the native mask, at any zoom.
    let fine = resize_plane(logits, CONTOUR_SIDE, CONTOUR_SIDE);
    outline(&mask, &fine, 0.0, truth.map(|t| dice(&mask, t)))
}

/// The outline of a mask that has no logits behind it.
pub fn from_mask(mask: &Mask) -> Outline {
    outline(mask, &mask.to_plane(), 0.5, None)
}

/// The outline of a true mask: its contour on a grid of at most `LARGEST_SIDE`, its figures at native size.
pub fn from_truth(mask: &Mask) -> Outline {
    let (width, height) = fit((mask.width, mask.height), LARGEST_SIDE);
    outline(mask, &resize_plane(&mask.to_plane(), width, height), 0.5, None)
}

fn outline(mask: &Mask, field: &Plane, level: f32, dice: Option<f32>) -> Outline {
    let loops = contours(field, level);
    Outline {
        loops: loops.iter().map(|l| l.len() as u32).collect(),
        points: Blob(loops.iter().flatten().flatten().flat_map(|v| v.to_le_bytes()).collect()),
        size: (mask.width as u32, mask.height as u32),
        area: mask.area() as u32,
        hash: hash(mask),
        dice,
    }
}

/// `size`, made smaller where it must be so that no side is longer than `largest`; the aspect stays.
pub fn fit(size: (usize, usize), largest: usize) -> (usize, usize) {
    let longest = size.0.max(size.1);
    if longest <= largest {
        return size;
    }
    let scale = |side: usize| ((side * largest + longest / 2) / longest).max(1);
    (scale(size.0), scale(size.1))
}

/// Dice of two masks of one size: `fovea_shared::metrics::segmentation` without the surface distances, which would cost more than
/// the teacher does. Two empty masks agree.
pub fn dice(mask: &Mask, truth: &Mask) -> f32 {
    let sum = mask.area() + truth.area();
    let both = mask.data.iter().zip(&truth.data).filter(|(a, b)| **a && **b).count();
    if sum == 0 { 1.0 } else { (2.0 * both as f64 / sum as f64) as f32 }
}

/// FNV-1a, 64 bits, over one byte a pixel.
fn hash(mask: &Mask) -> String {
    let step = |h: u64, inside: &bool| (h ^ u64::from(*inside)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", mask.data.iter().fold(0xcbf2_9ce4_8422_2325, step))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fovea_shared::metrics::segmentation;

    fn square(side: usize, from: usize, to: usize) -> Mask {
        let inside = |i: usize| (from..to).contains(&(i % side)) && (from..to).contains(&(i / side));
        Mask::from_vec(side, side, (0..side * side).map(inside).collect())
    }

    #[test]
    fn dice_is_the_one_of_the_metrics() {
        let masks = [square(12, 2, 8), square(12, 4, 11), Mask::empty(12, 12)];
        for a in &masks {
            for b in &masks {
                assert!((f64::from(dice(a, b)) - segmentation(a, b).dice).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn another_mask_has_another_hash() {
        let (a, b) = (from_mask(&square(12, 2, 8)), from_mask(&square(12, 3, 9)));
        assert_eq!(a.area, b.area);
        assert_ne!(a.hash, b.hash);
        assert_eq!(a.hash, from_mask(&square(12, 2, 8)).hash);
    }

    #[test]
    fn fit_keeps_the_aspect_and_never_enlarges() {
        assert_eq!(fit((4000, 3000), 1000), (1000, 750));
        assert_eq!(fit((1, 9000), 1000), (1, 1000));
        assert_eq!(fit((20, 10), 1000), (20, 10));
    }

    #[test]
    fn logits_are_compared_at_native_size() {
        let logits = Plane::from_vec(2, 1, vec![5.0, -5.0]);
        let truth = Mask::from_vec(100, 40, (0..4000).map(|i| i % 100 < 50).collect());
        let outline = from_logits(&logits, (100, 40), Some(&truth));
        assert_eq!(outline.size, (100, 40));
        assert_eq!(outline.dice, Some(1.0));
    }
}
