//! The gaze prompt: what the teacher sees of some fixations, as extra channels at every level. Our
//! extension of the paper.

use burn::tensor::{Device, Tensor, TensorData};

use crate::{
    gaze::{HeatParams, Scanpath, heat_map},
    image::{max_pool_plane, pool_plane},
    plane::Plane,
};

use super::{
    likeness::likeness,
    pyramid::{Pyramid, SIDES},
};

/// Channels of a prompt at every level: dwell, looks, and whether there are any.
pub const PROMPT_CHANNELS: usize = 3;

/// Channels that the teacher is told of the gaze at every level: the prompt's, and the likeness to what is looked at.
pub(super) const GAZE_CHANNELS: usize = PROMPT_CHANNELS + 1;

/// Side of the maps that a prompt is made from: that of the finest level of the pyramid.
pub const PROMPT_SIDE: usize = SIDES[0];

/// Standard deviation of a single look's blob, as a share of the image's side: about 2 degrees of
/// an image that spans 35.
const LOOK_SIGMA: f32 = 0.06;

/// A look of this duration has a blob of height 1; shorter ones are lower by the square root.
const FULL_LOOK_MS: f32 = 300.0;

/// What a teacher sees of some fixations, each map [`PROMPT_SIDE`] squared.
///
/// Two maps, because a scanpath and a glance are different messages. The heat map of a whole
/// scanpath says where gaze dwelt, but it is normalised, so it cannot say whether that was one
/// short look or twenty long ones. The blobs of single looks say that, and stay where they are when
/// another look is added.
#[derive(Clone, Debug, PartialEq)]
pub struct PromptMaps {
    /// Where gaze dwelt: the duration-weighted heat map, 0..1 (method, section 1).
    pub dwell: Plane,
    /// Every look by itself: the maximum over fixations of a Gaussian whose height grows with the duration, 0..1.
    pub looks: Plane,
}

impl PromptMaps {
    /// The maps of a scanpath; all zero without fixations.
    pub fn of(scanpath: &Scanpath) -> Self {
        let dwell = heat_map(scanpath, &HeatParams::default(), PROMPT_SIDE, PROMPT_SIDE);
        let mut looks = Plane::filled(PROMPT_SIDE, PROMPT_SIDE, 0.0);
        let profile = |at: f32| -> Vec<f32> {
            let distance = |i: usize| (i as f32 + 0.5) / PROMPT_SIDE as f32 - at;
            (0..PROMPT_SIDE).map(|i| (-distance(i).powi(2) / (2.0 * LOOK_SIGMA * LOOK_SIGMA)).exp()).collect()
        };
        for fixation in &scanpath.fixations {
            let height = (fixation.duration_ms.max(0.0) / FULL_LOOK_MS).sqrt().min(1.0);
            let (columns, rows) = (profile(fixation.x), profile(fixation.y));
            for (line, row) in looks.data.chunks_exact_mut(PROMPT_SIDE).zip(rows) {
                line.iter_mut().zip(&columns).for_each(|(value, column)| *value = value.max(height * row * column));
            }
        }
        Self { dwell, looks }
    }

    /// The maps of an image that was changed: `change` does to a map what was done to the image.
    pub fn changed(&self, change: impl Fn(&Plane) -> Plane) -> Self {
        Self { dwell: change(&self.dwell), looks: change(&self.looks) }
    }
}

/// A prompt at strides 4, 8, 16 and 32, `[batch, PROMPT_CHANNELS, side, side]` each, all zero where there is no gaze.
#[derive(Clone, Debug)]
pub struct GazePrompt {
    /// Coarsest last, as in the pyramid.
    pub levels: [Tensor<4>; 4],
    /// How much of every place is looked at, `[batch, 1, side, side]`: the looks by their mean.
    pub weights: [Tensor<4>; 4],
}

impl GazePrompt {
    /// The maps of one image each, reduced to the teacher's levels: dwell by the mean, looks by the
    /// maximum, so that a glance is as high on the coarsest level as on the finest. `None` is the
    /// paper's teacher: no gaze.
    pub fn new(prompts: &[Option<&PromptMaps>], device: &Device) -> Self {
        let level = |side: usize| {
            let mut values = Vec::with_capacity(prompts.len() * PROMPT_CHANNELS * side * side);
            for prompt in prompts {
                match prompt {
                    Some(prompt) => {
                        values.extend(pool_plane(&prompt.dwell, side).data);
                        values.extend(max_pool_plane(&prompt.looks, side).data);
                        values.extend(std::iter::repeat_n(1.0, side * side));
                    }
                    None => values.extend(std::iter::repeat_n(0.0, PROMPT_CHANNELS * side * side)),
                }
            }
            Tensor::from_data(TensorData::new(values, [prompts.len(), PROMPT_CHANNELS, side, side]), device)
        };
        let weight = |side: usize| {
            let of = |prompt: &Option<&PromptMaps>| match prompt {
                Some(prompt) => pool_plane(&prompt.looks, side).data,
                None => vec![0.0; side * side],
            };
            let values: Vec<f32> = prompts.iter().flat_map(of).collect();
            Tensor::from_data(TensorData::new(values, [prompts.len(), 1, side, side]), device)
        };
        Self { levels: SIDES.map(level), weights: SIDES.map(weight) }
    }

    /// The same maps as constants of an autodiff graph.
    pub(crate) fn tracked(&self) -> Self {
        Self {
            levels: self.levels.clone().map(Tensor::from_inner),
            weights: self.weights.clone().map(Tensor::from_inner),
        }
    }

    /// What the teacher is told of the gaze at each level, [`GAZE_CHANNELS`] channels: the maps,
    /// and how like what is looked at every place is.
    pub(super) fn told(&self, features: &Pyramid) -> [Tensor<4>; 4] {
        std::array::from_fn(|l| {
            let maps = self.levels[l].clone();
            let present = maps.clone().narrow(1, PROMPT_CHANNELS - 1, 1);
            let likeness = likeness(features.levels[l].clone(), self.weights[l].clone(), present);
            Tensor::cat(vec![maps, likeness], 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gaze::Fixation;

    fn scanpath(points: &[(f32, f32, f32)]) -> Scanpath {
        let fixation = |&(x, y, duration_ms): &(f32, f32, f32)| Fixation { x, y, duration_ms, start_ms: 0.0 };
        Scanpath { fixations: points.iter().map(fixation).collect() }
    }

    #[test]
    fn a_look_stays_as_it_is_when_another_is_added() {
        let one = PromptMaps::of(&scanpath(&[(0.25, 0.25, 75.0)]));
        let two = PromptMaps::of(&scanpath(&[(0.25, 0.25, 75.0), (0.8, 0.8, 900.0)]));
        let at = |maps: &PromptMaps, x: usize, y: usize| maps.looks.at(x, y);
        assert!((at(&one, 14, 14) - 0.5).abs() < 0.02 && (at(&two, 14, 14) - 0.5).abs() < 0.02);
        assert!(at(&one, 45, 45) < 1e-6 && at(&two, 45, 45) > 0.95);
        // The heat map is normalised: the longer look makes the shorter one fade.
        assert!(one.dwell.at(14, 14) > 0.95 && two.dwell.at(14, 14) < 0.2);
    }

    #[test]
    fn every_level_shows_a_glance_at_its_full_height() {
        let maps = PromptMaps::of(&scanpath(&[(0.62, 0.31, 300.0)]));
        let prompt = GazePrompt::new(&[Some(&maps), None], &Device::flex());
        for (level, side) in prompt.levels.into_iter().zip(SIDES) {
            assert_eq!(level.dims(), [2, PROMPT_CHANNELS, side, side]);
            let values: Vec<f32> = level.into_data().try_to_vec().expect("f32");
            let channel = |image: usize, channel: usize| {
                &values[(image * PROMPT_CHANNELS + channel) * side * side..][..side * side]
            };
            assert!(channel(0, 1).iter().copied().fold(0.0, f32::max) > 0.9, "stride of side {side}");
            assert!(channel(0, 2).iter().all(|v| *v == 1.0));
            assert!((0..PROMPT_CHANNELS).all(|c| channel(1, c).iter().all(|v| *v == 0.0)));
        }
    }
}
