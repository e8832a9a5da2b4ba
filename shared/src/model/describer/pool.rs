//! The describer's input: backbone features averaged over four regions at four levels, and geometry.
//!
//! A pure function of plain numbers with one order of summation, so that trainer and page feed the
//! head the same bits for the same features.

use burn::tensor::Tensor;

use super::{
    DescriberError,
    geometry::{GEOMETRY, GRID, geometry, mask_weights},
};
use crate::{
    image::pool_plane,
    model::pyramid::{CHANNELS, Pyramid, SIDES},
    plane::Plane,
};

/// Regions over which features are averaged: the mask, the gaze, a ring round the mask, the whole image.
const REGIONS: usize = 4;

/// How far the ring reaches beyond the mask, in cells of the geometry's grid: 6 of 56 are 24 pixels of the 224.
const RING: usize = 6;

/// Length of [`describer_input`].
pub const DESCRIBER_INPUTS: usize = REGIONS * (CHANNELS[0] + CHANNELS[1] + CHANNELS[2] + CHANNELS[3]) + GEOMETRY;

/// The features of one image as plain numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct PlainPyramid {
    /// The four levels, finest first, each channel by channel and row by row.
    pub levels: [Vec<f32>; 4],
}

impl PlainPyramid {
    /// Reads the features of one image from their device. Once an image is enough: 576 kB.
    ///
    /// # Errors
    /// [`DescriberError::Device`] when the device fails or the batch is not of one image.
    pub async fn read(pyramid: &Pyramid) -> Result<Self, DescriberError> {
        let mut levels: [Vec<f32>; 4] = Default::default();
        for (index, level) in pyramid.levels.iter().enumerate() {
            levels[index] = values(level.clone()).await?;
            if levels[index].len() != Pyramid::level_len(index) {
                return Err(DescriberError::Device("the features are not those of one image".into()));
            }
        }
        Ok(Self { levels })
    }

    /// The features from [`Pyramid::LEN`] values, level by level, finest first.
    ///
    /// # Panics
    /// When there are more or fewer values.
    pub fn from_values(values: impl ExactSizeIterator<Item = f32>) -> Self {
        assert_eq!(values.len(), Pyramid::LEN, "a pyramid has {} values", Pyramid::LEN);
        let mut values = values;
        Self { levels: std::array::from_fn(|l| values.by_ref().take(Pyramid::level_len(l)).collect()) }
    }
}

pub(super) async fn values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, DescriberError> {
    let data = tensor.into_data_async().await.map_err(|e| DescriberError::Device(e.to_string()))?;
    data.try_to_vec::<f32>().map_err(|e| DescriberError::Device(e.to_string()))
}

/// The describer's input for one image: for every level (finest first) and region (mask, gaze,
/// ring, image) the mean of each channel, then the geometry; [`DESCRIBER_INPUTS`] numbers. `mask`
/// holds probabilities, `heat` a gaze heat map, both of any size. Without gaze, or where a ring has
/// no room, the means are 0; a flag in the geometry tells of missing gaze.
pub fn describer_input(features: &PlainPyramid, mask: &Plane, heat: Option<&Plane>) -> Vec<f32> {
    let (inside, empty) = mask_weights(mask);
    let around = ring(&inside, empty);
    let heat = heat.filter(|h| h.data.iter().any(|v| *v > 0.0));
    let mut out = Vec::with_capacity(DESCRIBER_INPUTS);
    for (level, values) in features.levels.iter().enumerate() {
        let side = SIDES[level];
        let regions = [
            Some(pool_plane(&inside, side)),
            heat.map(|h| pool_plane(h, side)),
            Some(pool_plane(&around, side)),
            Some(Plane::filled(side, side, 1.0)),
        ];
        for region in &regions {
            append_means(values, CHANNELS[level], region.as_ref(), &mut out);
        }
    }
    out.extend(geometry(&inside, empty, mask, heat));
    out
}

/// Appends the weighted mean of every channel; 0 without weights.
fn append_means(values: &[f32], channels: usize, weights: Option<&Plane>, out: &mut Vec<f32>) {
    let sum: f64 = weights.map_or(0.0, |w| w.data.iter().map(|v| f64::from(*v)).sum());
    let Some(weights) = weights.filter(|_| sum > 0.0) else {
        out.extend(std::iter::repeat_n(0.0, channels));
        return;
    };
    for channel in values.chunks_exact(weights.data.len()).take(channels) {
        let mean: f64 = channel.iter().zip(&weights.data).map(|(v, w)| f64::from(*v) * f64::from(*w)).sum();
        out.push((mean / sum) as f32);
    }
}

/// 1 within [`RING`] cells of the mask (in a square, not a disc) and outside it, 0 elsewhere;
/// nothing round an empty mask.
fn ring(inside: &Plane, empty: bool) -> Plane {
    let mut out = Plane::filled(GRID, GRID, 0.0);
    if empty {
        return out;
    }
    let near = |i: usize| i.saturating_sub(RING)..(i + RING + 1).min(GRID);
    // Rows first, then columns: a square dilation is the product of two lines.
    let mut wide = vec![false; GRID * GRID];
    for y in 0..GRID {
        for x in 0..GRID {
            wide[y * GRID + x] = near(x).any(|x| inside.at(x, y) > 0.0);
        }
    }
    for y in 0..GRID {
        for x in 0..GRID {
            let close = inside.at(x, y) <= 0.0 && near(y).any(|y| wide[y * GRID + x]);
            out.data[y * GRID + x] = f32::from(u8::from(close));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::geometry::{CELLS, CENTROID};
    use super::*;
    use proptest::prelude::*;

    /// Features without a pattern: a multiplicative hash of the index.
    fn features(seed: u64) -> PlainPyramid {
        let value = |i: usize| {
            let mixed = (i as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            mixed as f32 / (1u64 << 24) as f32 * 4.0 - 2.0
        };
        PlainPyramid::from_values((0..Pyramid::LEN).map(value))
    }

    fn mirrored(features: &PlainPyramid, horizontal: bool, vertical: bool) -> PlainPyramid {
        PlainPyramid {
            levels: std::array::from_fn(|l| {
                crate::image::flip_chw(&features.levels[l], SIDES[l], horizontal, vertical)
            }),
        }
    }

    /// An ellipse of probabilities with a soft border.
    fn ellipse(side: usize, cx: f32, cy: f32, rx: f32, ry: f32) -> Plane {
        let at = |i: usize| (i as f32 + 0.5) / side as f32;
        let p = |i: usize| {
            let (dx, dy) = ((at(i % side) - cx) / rx, (at(i / side) - cy) / ry);
            1.0 / (1.0 + (4.0 * (dx * dx + dy * dy - 1.0)).exp())
        };
        Plane::from_vec(side, side, (0..side * side).map(p).collect())
    }

    /// The mean of one channel over a region, written as one sees it: every fine cell of the 56
    /// grid votes for the features of the coarse pixel it lies in.
    fn brute(features: &PlainPyramid, level: usize, channel: usize, weight: &dyn Fn(usize, usize) -> f32) -> f32 {
        let (side, step) = (SIDES[level], GRID / SIDES[level]);
        let (mut sum, mut total) = (0.0f64, 0.0f64);
        for y in 0..GRID {
            for x in 0..GRID {
                let value = features.levels[level][channel * side * side + (y / step) * side + x / step];
                sum += f64::from(value * weight(x, y));
                total += f64::from(weight(x, y));
            }
        }
        if total > 0.0 { (sum / total) as f32 } else { 0.0 }
    }

    fn start_of(level: usize, region: usize) -> usize {
        REGIONS * CHANNELS[..level].iter().sum::<usize>() + region * CHANNELS[level]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn pooling_is_what_brute_force_says(
            seed: u64, cx in 0.2f32..0.8, cy in 0.2f32..0.8, rx in 0.05f32..0.4, ry in 0.05f32..0.4, gx in 0.1f32..0.9,
        ) {
            let features = features(seed);
            let mask = ellipse(GRID, cx, cy, rx, ry);
            let heat = ellipse(GRID, gx, 0.5, 0.2, 0.2);
            let input = describer_input(&features, &mask, Some(&heat));
            prop_assert_eq!(input.len(), DESCRIBER_INPUTS);
            let inside = |x: usize, y: usize| mask.at(x, y) >= 0.5;
            prop_assume!(mask.data.iter().any(|p| *p >= 0.5));
            let mask_weight = |x: usize, y: usize| if inside(x, y) { mask.at(x, y) } else { 0.0 };
            let heat_weight = |x: usize, y: usize| heat.at(x, y);
            let ring_weight = |x: usize, y: usize| {
                let close = (0..GRID).any(|v| (0..GRID).any(|u| {
                    inside(u, v) && u.abs_diff(x) <= RING && v.abs_diff(y) <= RING
                }));
                if close && !inside(x, y) { 1.0 } else { 0.0 }
            };
            let rings: Vec<f32> = (0..GRID * GRID).map(|i| ring_weight(i % GRID, i / GRID)).collect();
            let ring_at = |x: usize, y: usize| rings[y * GRID + x];
            let everywhere = |_: usize, _: usize| 1.0;
            let regions: [&dyn Fn(usize, usize) -> f32; 4] = [&mask_weight, &heat_weight, &ring_at, &everywhere];
            for (level, channels) in CHANNELS.iter().enumerate() {
                for (region, weight) in regions.iter().enumerate() {
                    for channel in [0, channels / 2, channels - 1] {
                        let expected = brute(&features, level, channel, *weight);
                        let found = input[start_of(level, region) + channel];
                        prop_assert!((found - expected).abs() < 2e-4, "level {level} region {region}: {found} \
                            {expected}");
                    }
                }
            }
            let area = mask.data.iter().filter(|p| **p >= 0.5).count() as f32 / (GRID * GRID) as f32;
            let geometry = &input[DESCRIBER_INPUTS - GEOMETRY..];
            prop_assert!((geometry[1] - area).abs() < 1e-6);
        }

        /// Mirroring image, mask and gaze together mirrors the places in the geometry and leaves all else as it is.
        #[test]
        fn mirroring_moves_places_only(
            seed: u64, cx in 0.2f32..0.8, cy in 0.2f32..0.8, rx in 0.05f32..0.4, ry in 0.05f32..0.4,
            horizontal: bool, vertical: bool,
        ) {
            let features = features(seed);
            // 28 squared, as the teacher's: upsampling must commute with mirroring too.
            let (mask, heat) = (ellipse(28, cx, cy, rx, ry), ellipse(GRID, cy, cx, 0.2, 0.2));
            let upright = describer_input(&features, &mask, Some(&heat));
            let flipped = describer_input(
                &mirrored(&features, horizontal, vertical),
                &mask.flip(horizontal, vertical),
                Some(&heat.flip(horizontal, vertical)),
            );
            let first = DESCRIBER_INPUTS - GEOMETRY;
            let turn = |v: f32, swap: bool| if swap { 1.0 - v } else { v };
            let mut expected = upright.clone();
            for place in [first + CENTROID, first + 29] {
                expected[place] = turn(upright[place], horizontal);
                expected[place + 1] = turn(upright[place + 1], vertical);
            }
            for row in 0..3 {
                for column in 0..3 {
                    let from = (if vertical { 2 - row } else { row }) * 3 + if horizontal { 2 - column } else { column };
                    expected[first + CELLS + row * 3 + column] = upright[first + CELLS + from];
                }
            }
            for (place, (found, expected)) in flipped.iter().zip(&expected).enumerate() {
                prop_assert!((found - expected).abs() < 2e-4, "{place} of {first}: {found} {expected}");
            }
        }
    }

    #[test]
    fn geometry_of_a_known_disc() {
        let disc = ellipse(GRID, 0.25, 0.75, 0.2, 0.2);
        let input = describer_input(&features(3), &disc, None);
        let geometry = &input[DESCRIBER_INPUTS - GEOMETRY..];
        let close = |place: usize, expected: f32, tolerance: f32| {
            assert!((geometry[place] - expected).abs() < tolerance, "{place}: {} {expected}", geometry[place]);
        };
        close(0, 0.0, 1e-9);
        close(1, std::f32::consts::PI * 0.04, 0.005);
        close(4, 0.25, 1e-3);
        close(5, 0.75, 1e-3);
        close(8, 0.4, 0.03);
        close(12, 1.0, 0.01);
        close(15, 1.0, 0.12);
        close(17, 0.25, 1e-9);
        // A disc cut by two lines at .42 of its radius from the middle: about .57 of it lies in the corner cell.
        close(CELLS + 6, 0.57, 0.05);
        close(28, 0.0, 1e-9);
        close(29, 0.5, 1e-9);
        let level0 = start_of(0, 1)..start_of(0, 2);
        assert!(input[level0].iter().all(|v| *v == 0.0), "no gaze, no means over it");
    }

    #[test]
    fn nothing_breaks_on_masks_of_nothing_and_of_everything() {
        for value in [0.0, 0.2, 1.0] {
            let input = describer_input(&features(1), &Plane::filled(9, 7, value), Some(&Plane::filled(3, 3, 0.0)));
            assert!(input.iter().all(|v| v.is_finite()), "{value}");
            let geometry = &input[DESCRIBER_INPUTS - GEOMETRY..];
            assert_eq!(geometry[0], f32::from(u8::from(value < 0.5)));
            assert_eq!(geometry[28], 0.0, "a heat map of zeros is not gaze");
            let ring = start_of(2, 2)..start_of(2, 3);
            assert!(input[ring].iter().all(|v| *v == 0.0), "no room for a ring");
        }
        let two = {
            let mut a = ellipse(GRID, 0.2, 0.2, 0.1, 0.1);
            let b = ellipse(GRID, 0.8, 0.8, 0.1, 0.1);
            a.data.iter_mut().zip(&b.data).for_each(|(a, b)| *a = a.max(*b));
            a
        };
        assert_eq!(describer_input(&features(1), &two, None)[DESCRIBER_INPUTS - GEOMETRY + 17], 0.5);
    }
}
