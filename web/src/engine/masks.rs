//! From logits and masks to what the app draws and says: contour, area, Dice.

use fovea_shared::{
    image::resize_plane,
    plane::{Mask, Plane},
    predictor::mask_at,
};

use super::contour::contours;
use crate::protocol::{Blob, Change, Heat, Outline};

/// Side of the square grid on which the contour of logits is taken: finer than a screen pixel of a 28-pixel head needs.
const CONTOUR_SIDE: usize = 224;

/// Side of the map of the teacher's confidence.
const CONFIDENCE_SIDE: usize = 112;

/// Largest side, in pixels, at which area and hash are taken when there is no true mask to compare with at native size.
const LARGEST_SIDE: usize = 1024;

/// The outline of a head's logits on an image of `native` size, compared with `truth` where it is known.
pub fn from_logits(logits: &Plane, native: (usize, usize), truth: Option<&Mask>) -> Outline {
    Field::of_logits(logits, figures_size(native, truth.is_some())).outline(truth)
}

/// How sure a head is of each place: `2 max(p, 1 - p) - 1` as parts of 255.
pub fn confidence(logits: &Plane) -> Heat {
    let fine = resize_plane(logits, CONFIDENCE_SIDE, CONFIDENCE_SIDE).sigmoid();
    let size = (CONFIDENCE_SIDE as u32, CONFIDENCE_SIDE as u32);
    Heat { size, values: Blob(fine.data.iter().map(|p| ((2.0 * p - 1.0).abs() * 255.0).round() as u8).collect()) }
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

/// The size at which a mask's area, hash and scores are taken: the image's own where the truth is known, so that Dice is exact.
pub fn figures_size(native: (usize, usize), truth_known: bool) -> (usize, usize) {
    if truth_known { native } else { fit(native, LARGEST_SIDE) }
}

/// A mask as what its outline is made of: its pixels, and a field whose zero line is its border, positive inside.
pub struct Field {
    mask: Mask,
    fine: Plane,
}

impl Field {
    /// Of a head's logits, its pixels at `size`.
    pub fn of_logits(logits: &Plane, size: (usize, usize)) -> Self {
        // Bilinear interpolation of the logits makes the contour the very border of the mask, at any zoom.
        Self { mask: mask_at(logits, size.0, size.1), fine: resize_plane(logits, CONTOUR_SIDE, CONTOUR_SIDE) }
    }

    /// Of a mask that has no logits behind it.
    pub fn of_mask(mask: &Mask) -> Self {
        let mut fine = resize_plane(&mask.to_plane(), CONTOUR_SIDE, CONTOUR_SIDE);
        fine.data.iter_mut().for_each(|v| *v -= 0.5);
        Self { mask: mask.clone(), fine }
    }

    /// Its pixels.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// Its outline, compared with `truth` where that is known.
    pub fn outline(&self, truth: Option<&Mask>) -> Outline {
        outline(&self.mask, &self.fine, 0.0, truth.map(|t| dice(&self.mask, t)))
    }

    /// What is inside of this and outside of the other.
    ///
    /// # Panics
    /// When the pixels of the two differ in number: a programming error.
    pub fn without(&self, other: &Self) -> Outline {
        let (width, height) = (self.mask.width, self.mask.height);
        assert_eq!((width, height), (other.mask.width, other.mask.height), "masks to compare must have the same size");
        let data = self.mask.data.iter().zip(&other.mask.data).map(|(a, b)| *a && !*b).collect();
        // Positive where the one is and the other is not, and so again a field whose zero line is the region's very border.
        let field = self.fine.data.iter().zip(&other.fine.data).map(|(a, b)| a.min(-b)).collect();
        let field = Plane::from_vec(CONTOUR_SIDE, CONTOUR_SIDE, field);
        outline(&Mask::from_vec(width, height, data), &field, 0.0, None)
    }
}

/// What became another in the mask between two runs of the teacher, both at the same size.
///
/// # Panics
/// As [`Field::without`].
pub fn change(former: &Field, present: &Field, truth: Option<&Mask>) -> Change {
    let (gained, lost) = (present.without(former), former.without(present));
    let area_before = former.mask.area() as u32;
    let base = if area_before > 0 { area_before } else { present.mask.area() as u32 };
    let share = |area: u32| area as f32 / base.max(1) as f32;
    Change {
        gained_share: share(gained.area),
        lost_share: share(lost.area),
        gained,
        lost,
        area_before,
        dice_before: truth.map(|t| dice(&former.mask, t)),
    }
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
    fn a_change_is_split_into_gained_and_lost() {
        // The left half before, the middle half now.
        let plane = |inside: fn(usize) -> bool| {
            Plane::from_vec(4, 1, (0..4).map(|x| if inside(x) { 4.0 } else { -4.0 }).collect())
        };
        let (before, now) = (plane(|x| x < 2), plane(|x| x == 1 || x == 2));
        let truth = Mask::from_vec(400, 40, (0..400 * 40).map(|i| i % 400 < 200).collect());
        let of = |logits: &Plane| Field::of_logits(logits, (400, 40));
        let change = change(&of(&before), &of(&now), Some(&truth));
        assert_eq!((change.area_before, change.dice_before), (200 * 40, Some(1.0)));
        assert!((change.gained_share - 0.5).abs() < 1e-6 && (change.lost_share - 0.5).abs() < 1e-6, "{change:?}");
        let reach = |outline: &Outline| {
            let (mut low, mut high) = (1.0_f32, 0.0_f32);
            outline.for_each_point(|x, _, _| (low, high) = (low.min(x), high.max(x)));
            (low, high)
        };
        let ((a, b), (c, d)) = (reach(&change.lost), reach(&change.gained));
        assert!(a < 0.01 && (b - 0.25).abs() < 0.02 && (c - 0.5).abs() < 0.02 && (d - 0.75).abs() < 0.02);
    }

    #[test]
    fn a_mask_out_of_nothing_is_all_gained_and_the_same_mask_is_no_change() {
        let [none, all] = [-1.0, 1.0].map(|logit| Field::of_logits(&Plane::filled(2, 2, logit), (20, 20)));
        let found = change(&none, &all, None);
        assert_eq!((found.area_before, found.gained_share, found.lost_share), (0, 1.0, 0.0));
        let same = change(&all, &all, None);
        assert_eq!((same.gained.area, same.lost.area, same.gained.loops.len()), (0, 0, 0));
        let nothing = change(&none, &none, None);
        assert_eq!((nothing.gained_share, nothing.lost_share), (0.0, 0.0));
    }

    #[test]
    fn confidence_is_least_where_the_outline_runs() {
        let map = confidence(&Plane::from_vec(2, 1, vec![8.0, -8.0]));
        let row = &map.values.0[..CONFIDENCE_SIDE];
        assert!(row[0] > 250 && row[CONFIDENCE_SIDE - 1] > 250 && row[CONFIDENCE_SIDE / 2] < 30, "{row:?}");
        assert!(row.iter().eq(row.iter().rev()), "inside and outside count the same");
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
