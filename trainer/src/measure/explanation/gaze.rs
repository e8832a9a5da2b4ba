//! Scores against where a person looked, after Bylinskii et al., "What do different evaluation metrics tell us about
//! saliency models?", TPAMI 2019, section 4.

use super::{fitted, is_constant, moments};
use fovea_shared::{
    gaze::{HeatParams, Scanpath, heat_map},
    plane::Plane,
};

/// What a fixation counts in [`nss`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NssWeight {
    /// Every fixation the same: the published score.
    Equal,
    /// By its duration: where the eye rested longer counts more. Not comparable with published figures.
    Duration,
}

/// The fixations that lie in the image.
pub(super) fn inside(gaze: &Scanpath) -> Scanpath {
    // A comparison with NaN is false.
    let seen = gaze.fixations.iter().filter(|f| (0.0..=1.0).contains(&f.x) && (0.0..=1.0).contains(&f.y));
    Scanpath { fixations: seen.copied().collect() }
}

/// For every fixation in the image the index of its pixel on the map, and its duration.
fn fixated(gaze: &Scanpath, map: &Plane) -> Vec<(usize, f64)> {
    let pixel = |at: f32, side: usize| ((at * side as f32) as usize).min(side - 1);
    let index = |f: &fovea_shared::gaze::Fixation| pixel(f.y, map.height) * map.width + pixel(f.x, map.width);
    inside(gaze).fixations.iter().map(|f| (index(f), f64::from(f.duration_ms))).collect()
}

/// Normalised scanpath saliency (Peters et al., Vision Research 2005): the mean, over the
/// fixations, of the map's z-score (mean 0, population standard deviation 1 over the map) at the
/// fixated pixel. 0 is chance, 1 is one standard deviation above it. A pixel that was looked at
/// twice counts twice (the MIT benchmark's script counts it once). Use [`NssWeight::Equal`] for the
/// published score.
///
/// `None`: no fixation in the image (with [`NssWeight::Duration`], none of positive duration), a
/// constant map, a map that cannot be read. Fixations outside the image are passed over.
pub fn nss(map: &Plane, gaze: &Scanpath, weight: NssWeight) -> Option<f64> {
    let map = fitted(map, map.width, map.height).filter(|m| !is_constant(m))?;
    let (mean, variance) = moments(map.data.iter().copied());
    let (mut sum, mut total) = (0.0, 0.0);
    for (pixel, duration) in fixated(gaze, &map) {
        let share = match weight {
            NssWeight::Equal => 1.0,
            NssWeight::Duration if duration.is_finite() && duration > 0.0 => duration,
            NssWeight::Duration => continue,
        };
        sum += share * (f64::from(map.data[pixel]) - mean);
        total += share;
    }
    (total > 0.0).then(|| sum / total / variance.sqrt())
}

/// Pearson's correlation, over the pixels, of the map with the duration-weighted gaze heat map
/// ([`heat_map`], drawn at the map's size), -1 to 1.
///
/// `None`: no fixation of positive duration in the image, a constant map, a map that cannot be read.
pub fn cc(map: &Plane, gaze: &Scanpath, heat: &HeatParams) -> Option<f64> {
    correlation(map, &heat_map(&inside(gaze), heat, map.width, map.height))
}

/// Pearson's correlation of two maps of one size; `None` where either is constant or cannot be read.
pub(super) fn correlation(a: &Plane, b: &Plane) -> Option<f64> {
    let usable = |p: &Plane| fitted(p, b.width, b.height).is_some_and(|p| !is_constant(&p));
    if (a.width, a.height) != (b.width, b.height) || !usable(a) || !usable(b) {
        return None;
    }
    let ((mean_a, var_a), (mean_b, var_b)) = (moments(a.data.iter().copied()), moments(b.data.iter().copied()));
    let pairs = a.data.iter().zip(&b.data);
    let sum: f64 = pairs.map(|(x, y)| (f64::from(*x) - mean_a) * (f64::from(*y) - mean_b)).sum();
    // Rounding may carry a perfect correlation past 1.
    Some((sum / a.data.len() as f64 / (var_a * var_b).sqrt()).clamp(-1.0, 1.0))
}

/// AUC-Judd: the area under the ROC curve of "this pixel was fixated", the map's value being the
/// classifier. Positives are the fixated pixels (each once, however often it was looked at),
/// negatives all other pixels of the image; thresholds are the map's values at the fixations. .5 is
/// chance.
///
/// The curve rises only at the values of positives, so those thresholds give all of it. At each of
/// them a run of negatives of the very same value makes the curve slanted, and counts half: the
/// area is the chance that a fixated pixel has the higher value than another one, ties counting
/// half (Mann and Whitney). The script of the MIT saliency benchmark joins the points of successive
/// thresholds by straight lines instead, which adds up to `1 / (2 n)` for `n` fixated pixels (a
/// meaningless map with one fixation would score .75 on average), and breaks ties by random jitter.
///
/// `None`: no fixation in the image, every pixel fixated, a constant map, a map that cannot be read.
pub fn auc_judd(map: &Plane, gaze: &Scanpath) -> Option<f64> {
    let map = fitted(map, map.width, map.height).filter(|m| !is_constant(m))?;
    let mut positive = vec![false; map.data.len()];
    for (pixel, _) in fixated(gaze, &map) {
        positive[pixel] = true;
    }
    let (mut thresholds, mut others) = (Vec::new(), Vec::new());
    for (value, fixated) in map.data.iter().zip(&positive) {
        if *fixated { thresholds.push(*value) } else { others.push(*value) }
    }
    if thresholds.is_empty() || others.is_empty() {
        return None;
    }
    thresholds.sort_unstable_by(f32::total_cmp);
    // Twice the number of pairs in the right order, so that ties are whole numbers too. `partition_point` compares by
    // value, so -0 and 0 are a tie.
    let wins: u64 = others
        .iter()
        .map(|v| {
            let not_above = thresholds.partition_point(|t| t <= v);
            let below = thresholds.partition_point(|t| t < v);
            (2 * (thresholds.len() - not_above) + (not_above - below)) as u64
        })
        .sum();
    Some(wins as f64 / (2.0 * thresholds.len() as f64 * others.len() as f64))
}
