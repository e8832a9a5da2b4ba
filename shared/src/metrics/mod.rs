//! How well a predicted mask agrees with the true one, and how sure an average over images is.

mod bootstrap;
mod surface;

pub use bootstrap::{PairedDifference, bootstrap_interval, paired_bootstrap, paired_bootstrap_of};

use serde::{Deserialize, Serialize};

use crate::plane::Mask;
pub use surface::distances_to;
use surface::surface_distances;

/// The agreement of one predicted mask with the true mask.
///
/// Empty masks: both empty is Dice and IoU 1, distances 0; one empty is a complete miss (Dice and
/// IoU 0, both distances the image's
/// diagonal, in pixels). Where the truth is empty, these numbers only say whether the prediction is
/// empty too: they are left out of
/// every mean and reported apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segmentation {
    /// `2 |P n T| / (|P| + |T|)`, 0 to 1 (Dice, Ecology 1945).
    pub dice: f64,
    /// `|P n T| / |P u T|`, 0 to 1 (Jaccard 1912); equals `dice / (2 - dice)`.
    pub iou: f64,
    /// 95th percentile, with linear interpolation, of the pooled two-way surface distances, in pixels.
    ///
    /// This is the pooled form of MedPy's `hd95` and of the peers' tables. The other form in use, the larger of the
    /// two one-way 95th percentiles (MONAI, DeepMind's surface-distance), gives larger numbers.
    pub hd95: f64,
    /// Average symmetric surface distance, the mean of the pooled two-way surface distances, in pixels (Heimann et
    /// al., IEEE TMI 2009, section on evaluation).
    pub asd: f64,
    /// Whether the prediction was empty.
    pub empty_prediction: bool,
    /// Whether the truth was empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub empty_truth: bool,
}

/// Compares a prediction with the truth.
///
/// The surface of a mask is its boundary pixels: those inside with at least one of their four neighbours outside,
/// pixels beyond the image's edge counting as outside. A surface distance is the Euclidean distance between pixel
/// centres from a boundary pixel of one mask to the nearest boundary pixel of the other.
///
/// # Panics
/// When the masks differ in size.
pub fn segmentation(pred: &Mask, truth: &Mask) -> Segmentation {
    assert_eq!((pred.width, pred.height), (truth.width, truth.height), "masks to compare must have the same size");
    let (inside_pred, inside_truth) = (pred.area(), truth.area());
    let empty_prediction = inside_pred == 0;
    let empty_truth = inside_truth == 0;
    if empty_prediction && empty_truth {
        return Segmentation { dice: 1.0, iou: 1.0, hd95: 0.0, asd: 0.0, empty_prediction, empty_truth };
    }
    if empty_prediction || empty_truth {
        let diagonal = (pred.width as f64).hypot(pred.height as f64);
        return Segmentation { dice: 0.0, iou: 0.0, hd95: diagonal, asd: diagonal, empty_prediction, empty_truth };
    }
    let shared = pred.data.iter().zip(&truth.data).filter(|(p, t)| **p && **t).count();
    let mut distances = surface_distances(pred, truth);
    distances.sort_unstable_by(f64::total_cmp);
    Segmentation {
        dice: 2.0 * shared as f64 / (inside_pred + inside_truth) as f64,
        iou: shared as f64 / (inside_pred + inside_truth - shared) as f64,
        hd95: percentile(&distances, 0.95),
        asd: distances.iter().sum::<f64>() / distances.len() as f64,
        empty_prediction,
        empty_truth,
    }
}

/// The Dice of [`segmentation`] alone, without the cost of distances: what validation asks for often.
///
/// # Panics
/// When the masks differ in size.
pub fn dice(pred: &Mask, truth: &Mask) -> f64 {
    assert_eq!((pred.width, pred.height), (truth.width, truth.height), "masks to compare must have the same size");
    let total = pred.area() + truth.area();
    let shared = pred.data.iter().zip(&truth.data).filter(|(p, t)| **p && **t).count();
    if total == 0 { 1.0 } else { 2.0 * shared as f64 / total as f64 }
}

/// The quantile `q` (0 to 1) of ascending values, interpolated linearly between neighbours (type 7 of Hyndman and Fan
/// 1996, the default of NumPy); NaN for no values.
fn percentile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let position = q * last as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn boundary(mask: &Mask) -> Vec<(i64, i64)> {
        let inside = |x: i64, y: i64| {
            x >= 0 && y >= 0 && x < mask.width as i64 && y < mask.height as i64 && mask.at(x as usize, y as usize)
        };
        let mut found = vec![];
        for y in 0..mask.height as i64 {
            for x in 0..mask.width as i64 {
                let all = [(1, 0), (-1, 0), (0, 1), (0, -1)].iter().all(|(dx, dy)| inside(x + dx, y + dy));
                if inside(x, y) && !all {
                    found.push((x, y));
                }
            }
        }
        found
    }

    /// HD95 and ASD straight from the definition, every pair of boundary pixels.
    fn brute_force(a: &Mask, b: &Mask) -> (f64, f64) {
        let (a, b) = (boundary(a), boundary(b));
        let one_way = |from: &[(i64, i64)], to: &[(i64, i64)]| -> Vec<f64> {
            from.iter()
                .map(|p| to.iter().map(|q| ((p.0 - q.0).pow(2) + (p.1 - q.1).pow(2)) as f64).fold(f64::MAX, f64::min))
                .map(f64::sqrt)
                .collect()
        };
        let mut pooled = one_way(&a, &b);
        pooled.extend(one_way(&b, &a));
        pooled.sort_by(f64::total_cmp);
        (percentile(&pooled, 0.95), pooled.iter().sum::<f64>() / pooled.len() as f64)
    }

    /// Two masks of the same size, from scattered to dense, any of them possibly empty.
    fn masks() -> impl Strategy<Value = (Mask, Mask)> {
        (1usize..14, 1usize..14).prop_flat_map(|(width, height)| {
            let mask = move || {
                (0.0f64..1.0).prop_flat_map(move |density| {
                    prop::collection::vec(prop::bool::weighted(density), width * height)
                        .prop_map(move |data| Mask::from_vec(width, height, data))
                })
            };
            (mask(), mask())
        })
    }

    #[test]
    fn empty_masks_follow_the_table() {
        let empty = Mask::empty(30, 40);
        let mut dot = empty.clone();
        dot.data[5] = true;
        let both = segmentation(&empty, &empty);
        assert_eq!((both.dice, both.iou, both.hd95, both.asd, both.empty_prediction), (1.0, 1.0, 0.0, 0.0, true));
        let missed = segmentation(&empty, &dot);
        assert_eq!((missed.dice, missed.iou, missed.hd95, missed.asd), (0.0, 0.0, 50.0, 50.0));
        assert!(missed.empty_prediction);
        let invented = segmentation(&dot, &empty);
        assert_eq!((invented.dice, invented.hd95, invented.empty_prediction), (0.0, 50.0, false));
        assert!(both.empty_truth && invented.empty_truth && !missed.empty_truth);
    }

    #[test]
    fn two_squares() {
        let square = |left: usize| {
            let data = (0..400).map(|i| (left..left + 4).contains(&(i % 20)) && (4..8).contains(&(i / 20))).collect();
            Mask::from_vec(20, 20, data)
        };
        // Shifted by 2: half the area is shared. By hand: of the 12 boundary pixels on either side 8 are 2 or 1 away.
        let result = segmentation(&square(4), &square(6));
        assert_eq!((result.dice, result.iou), (0.5, 1.0 / 3.0));
        assert_eq!(result.hd95, 2.0);
        assert_eq!(segmentation(&square(4), &square(14)).hd95, 10.0);
    }

    #[test]
    fn percentiles_interpolate() {
        assert_eq!(percentile(&[0.0, 10.0], 0.95), 9.5);
        assert_eq!(percentile(&[3.0], 0.95), 3.0);
        assert!(percentile(&[], 0.5).is_nan());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn overlap_relations((a, b) in masks()) {
            let result = segmentation(&a, &b);
            prop_assert!((result.iou - result.dice / (2.0 - result.dice)).abs() < 1e-12);
            prop_assert!((0.0..=1.0).contains(&result.iou) && result.iou <= result.dice && result.dice <= 1.0);
            prop_assert_eq!(result.dice == 1.0, a == b);
            let back = segmentation(&b, &a);
            prop_assert_eq!((result.dice, result.iou), (back.dice, back.iou));
            prop_assert!((result.hd95 - back.hd95).abs() < 1e-12 && (result.asd - back.asd).abs() < 1e-9);
            prop_assert_eq!(segmentation(&a, &a).hd95, 0.0);
        }

        #[test]
        fn distances_equal_brute_force((a, b) in masks()) {
            prop_assume!(!a.is_empty() && !b.is_empty());
            let (hd95, asd) = brute_force(&a, &b);
            let result = segmentation(&a, &b);
            prop_assert!((result.hd95 - hd95).abs() < 1e-9, "{} {}", result.hd95, hd95);
            prop_assert!((result.asd - asd).abs() < 1e-9);
        }
    }
}
