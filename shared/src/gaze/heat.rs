//! Fixations to a heat map.

use serde::{Deserialize, Serialize};

use super::Scanpath;
use crate::plane::Plane;

crate::documented! {
    /// How a heat map is drawn.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub struct HeatParams {
        /// Standard deviation of the Gaussian around a fixation, as a fraction of the side.
        ///
        /// The default 0.091 is 70 px on the 768 px canvas of the released GazeMedSeg and FGI code for Kvasir-SEG and
        /// ISIC; the same code uses 50 px, 0.065, for NCI-ISBI.
        pub sigma: f32,
    }
}

impl Default for HeatParams {
    fn default() -> Self {
        Self { sigma: 0.091 }
    }
}

/// The duration-weighted heat map of a scanpath at `width` x `height` pixels, min-max normalised to [0, 1].
///
/// ```text
/// g(u, v) = sum_i duration_i * exp(-((u - x_i)^2 + (v - y_i)^2) / (2 sigma^2))      u, v: pixel centres as fractions
/// h = (g - min g) / (max g - min g)
/// ```
/// after the released code of GazeMedSeg and FGI (arXiv 2504.11368), which fills a square canvas, blurs, normalises
/// and stretches it over the image. As positions and `sigma` are fractions of the side, evaluating the Gaussians at
/// the pixel centres of a `width` x `height` raster gives that stretched square without resampling it. The released
/// blur mirrors what leaves the canvas and cuts the Gaussian at 4 sigma; this is the plain sum.
///
/// All zero without a fixation of positive duration, and where the map is flat (one pixel). Fixations that are not
/// finite are passed over. A `sigma` below half a pixel is taken as half a pixel, so that no fixation falls between
/// the pixels.
pub fn heat_map(scanpath: &Scanpath, params: &HeatParams, width: usize, height: usize) -> Plane {
    let mut heat = Plane::filled(width, height, 0.0);
    let valid =
        |f: &&super::Fixation| f.x.is_finite() && f.y.is_finite() && f.duration_ms.is_finite() && f.duration_ms > 0.0;
    // Weights relative to the longest fixation: the sum then stays far from the limits of f32 whatever the unit.
    let longest = scanpath.fixations.iter().filter(valid).map(|f| f.duration_ms).fold(0.0, f32::max);
    if longest == 0.0 || heat.data.is_empty() {
        return heat;
    }
    let mut columns = vec![0.0; width];
    let mut rows = vec![0.0; height];
    for fixation in scanpath.fixations.iter().filter(valid) {
        // A two-dimensional Gaussian is the product of two one-dimensional ones: width + height exponentials instead
        // of width * height.
        gaussian(&mut columns, fixation.x, params.sigma);
        gaussian(&mut rows, fixation.y, params.sigma);
        let weight = fixation.duration_ms / longest;
        for (line, row) in heat.data.chunks_exact_mut(width).zip(&rows) {
            let scale = weight * row;
            for (value, column) in line.iter_mut().zip(&columns) {
                *value += scale * column;
            }
        }
    }
    normalise(&mut heat);
    heat
}

/// Fills `line` with the unnormalised Gaussian around `centre`, sampled at the pixel centres.
fn gaussian(line: &mut [f32], centre: f32, sigma: f32) {
    let side = line.len() as f32;
    // `max` also replaces a sigma that is not a number.
    let sigma = sigma.max(0.5 / side);
    let factor = -0.5 / (sigma * sigma);
    for (index, value) in line.iter_mut().enumerate() {
        let distance = (index as f32 + 0.5) / side - centre;
        *value = (factor * distance * distance).exp();
    }
}

/// Min-max normalisation in place; a flat map becomes zero.
fn normalise(plane: &mut Plane) {
    let low = plane.data.iter().copied().fold(f32::INFINITY, f32::min);
    let span = plane.max() - low;
    for value in &mut plane.data {
        // Dividing (rather than multiplying by the inverse) makes the largest value exactly 1.
        *value = if span > 0.0 { (*value - low) / span } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::super::Fixation;
    use super::*;
    use proptest::prelude::*;

    fn look(points: &[(f32, f32, f32)]) -> Scanpath {
        let fixation = |&(x, y, duration_ms): &(f32, f32, f32)| Fixation { x, y, duration_ms, start_ms: 0.0 };
        Scanpath { fixations: points.iter().map(fixation).collect() }
    }

    fn points() -> impl Strategy<Value = Vec<(f32, f32, f32)>> {
        prop::collection::vec((0.0f32..=1.0, 0.0f32..=1.0, 50.0f32..1100.0), 1..12)
    }

    #[test]
    fn nothing_seen_gives_zero() {
        let zero = Plane::filled(9, 5, 0.0);
        assert_eq!(heat_map(&Scanpath::default(), &HeatParams::default(), 9, 5), zero);
        assert_eq!(heat_map(&look(&[(0.5, 0.5, 0.0)]), &HeatParams::default(), 9, 5), zero);
        assert_eq!(heat_map(&look(&[(f32::NAN, 0.5, 9.0)]), &HeatParams::default(), 9, 5), zero);
        assert_eq!(heat_map(&look(&[(0.5, 0.5, 9.0)]), &HeatParams::default(), 1, 1), Plane::filled(1, 1, 0.0));
        assert!(heat_map(&look(&[(0.5, 0.5, 9.0)]), &HeatParams::default(), 0, 4).data.is_empty());
    }

    #[test]
    fn odd_sigmas_still_mark_the_fixation() {
        for sigma in [0.0, -1.0, f32::NAN, 1e-20] {
            let heat = heat_map(&look(&[(0.52, 0.1, 9.0)]), &HeatParams { sigma }, 40, 30);
            assert_eq!(heat.at(20, 3).max(heat.at(20, 2)), 1.0, "sigma {sigma}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn equals_the_formula(points in points(), width in 10usize..40, height in 10usize..40, sigma in 0.05f64..0.3) {
            let heat = heat_map(&look(&points), &HeatParams { sigma: sigma as f32 }, width, height);
            let mut direct = vec![];
            for row in 0..height {
                for column in 0..width {
                    let (u, v) = ((column as f64 + 0.5) / width as f64, (row as f64 + 0.5) / height as f64);
                    direct.push(points.iter().map(|p| {
                        let squared = (u - f64::from(p.0)).powi(2) + (v - f64::from(p.1)).powi(2);
                        f64::from(p.2) * (-squared / (2.0 * sigma * sigma)).exp()
                    }).sum::<f64>());
                }
            }
            let low = direct.iter().copied().fold(f64::INFINITY, f64::min);
            let high = direct.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for (value, g) in heat.data.iter().zip(direct) {
                prop_assert!((f64::from(*value) - (g - low) / (high - low)).abs() < 1e-4);
            }
        }

        #[test]
        fn range_is_zero_to_one(points in points()) {
            let heat = heat_map(&look(&points), &HeatParams::default(), 56, 56);
            prop_assert_eq!(heat.max(), 1.0);
            prop_assert_eq!(heat.data.iter().copied().fold(f32::INFINITY, f32::min), 0.0);
        }

        #[test]
        fn peak_is_at_the_fixation(x in 0.0f32..=1.0, y in 0.0f32..=1.0, width in 8usize..80, height in 8usize..80) {
            let heat = heat_map(&look(&[(x, y, 300.0)]), &HeatParams::default(), width, height);
            let column = ((x * width as f32) as usize).min(width - 1);
            let row = ((y * height as f32) as usize).min(height - 1);
            // On the border between two pixels both are as near.
            prop_assert!(heat.at(column, row) > 0.999);
        }

        #[test]
        fn mirrors_with_the_gaze(points in points()) {
            let path = look(&points);
            let heat = heat_map(&path, &HeatParams::default(), 24, 24);
            let mirrored = heat_map(&path.flip_horizontal(), &HeatParams::default(), 24, 24);
            for row in 0..24 {
                for column in 0..24 {
                    prop_assert!((heat.at(column, row) - mirrored.at(23 - column, row)).abs() < 1e-4);
                }
            }
        }
    }
}
