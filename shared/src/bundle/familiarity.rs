//! Whether an image looks like those that a model has learnt from.
//!
//! ```text
//! v      a level of the backbone's pyramid, averaged over the image, one number a channel
//! d(v) = sqrt( mean over channels of ((v - mean) / spread)^2 )      mean and spread of the training images
//! usual  the 99th percentile of d over images of the same kind that mean and spread were not taken from
//! ```
//! A simple distance on purpose: it is not part of the published method, costs nothing where the
//! backbone has run anyway, and can be explained in a sentence. It sees the kind of an image, not
//! whether a lesion is in it.
//!
//! The level is the coarsest one of the built-in backbone, and the one at stride 16 of an adapted
//! backbone: adapting leaves at the coarsest what tells lesions, and little of what tells kinds of
//! images (figures in docs/experiments/2026-11-29-familiarity.md).

use serde::{Deserialize, Serialize};

use super::BundleError;
use crate::model::{CHANNELS, SIDES};

/// Name of the file in a bundle.
pub const FAMILIARITY: &str = "familiarity.json";

/// Every so many images are held out to find what distance is usual.
const HELD_OUT: usize = 5;

/// Share of the held-out images that lie below the usual distance.
const USUAL: f64 = 0.99;

/// Least images that anything is said from.
const LEAST: usize = 50;

/// The coarsest level, for a backbone that knows images of all kinds.
pub const COARSEST: usize = CHANNELS.len() - 1;
/// The level at stride 16, for a backbone that was adapted to one kind.
pub const STRIDE_16: usize = COARSEST - 1;

/// What the images of training look like to the backbone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Familiarity {
    /// The level that was looked at, counted from the finest. Left out of files while it is the coarsest.
    #[serde(default = "coarsest", skip_serializing_if = "is_coarsest")]
    level: usize,
    /// Images that this was taken from, the held-out ones among them.
    pub images: usize,
    /// Mean of every channel.
    mean: Vec<f32>,
    /// Standard deviation of every channel.
    spread: Vec<f32>,
    /// Distance below which 99 of 100 held-out images lie.
    pub usual: f32,
}

fn coarsest() -> usize {
    COARSEST
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_coarsest(level: &usize) -> bool {
    *level == COARSEST
}

/// What a backbone sees of one image: the features of a level, `[channels * side * side]`, averaged
/// over the image, `[channels]`.
pub fn channel_means(features: &[f32], level: usize) -> Vec<f32> {
    let pixels = SIDES[level] * SIDES[level];
    features.chunks_exact(pixels).map(|channel| channel.iter().sum::<f32>() / pixels as f32).collect()
}

impl Familiarity {
    /// From the looks of images at a level, in an order that says nothing of them. Nothing for fewer than fifty.
    pub fn of(looks: &[Vec<f32>], level: usize) -> Option<Self> {
        if looks.len() < LEAST {
            return None;
        }
        let learnt: Vec<&Vec<f32>> = looks.iter().enumerate().filter(|(i, _)| i % HELD_OUT != 0).map(|l| l.1).collect();
        let count = learnt.len() as f32;
        let channels = CHANNELS[level];
        let average = |value: &dyn Fn(&Vec<f32>, usize) -> f32| -> Vec<f32> {
            (0..channels).map(|c| learnt.iter().map(|means| value(means, c)).sum::<f32>() / count).collect()
        };
        let mean = average(&|means, c| means[c]);
        // A channel that never changes must not make every other image infinitely far.
        let spread =
            average(&|means, c| (means[c] - mean[c]).powi(2)).into_iter().map(|v| v.sqrt().max(1e-3)).collect();
        let mut found = Self { level, images: looks.len(), mean, spread, usual: 0.0 };
        let mut held_out: Vec<f32> = looks.iter().step_by(HELD_OUT).map(|means| found.distance(means)).collect();
        held_out.sort_by(f32::total_cmp);
        found.usual = held_out[((held_out.len() as f64 * USUAL).ceil() as usize).clamp(1, held_out.len()) - 1];
        Some(found)
    }

    /// The level that images are looked at, counted from the finest.
    pub fn level(&self) -> usize {
        self.level
    }

    /// How far an image is from those of training.
    pub fn distance(&self, means: &[f32]) -> f32 {
        let parts =
            means.iter().zip(&self.mean).zip(&self.spread).map(|((v, mean), spread)| ((v - mean) / spread).powi(2));
        (parts.sum::<f32>() / self.mean.len() as f32).sqrt()
    }

    /// From a bundle's file.
    ///
    /// # Errors
    /// [`BundleError::Unfit`] for anything that is not one number a channel.
    pub fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        let unfit = |cause: String| BundleError::Unfit { file: FAMILIARITY.into(), cause };
        let found: Self = serde_json::from_slice(bytes).map_err(|e| unfit(e.to_string()))?;
        let Some(channels) = CHANNELS.get(found.level).copied() else {
            return Err(unfit(format!("there is no level {}", found.level)));
        };
        if found.mean.len() != channels || found.spread.len() != channels {
            return Err(unfit(format!(
                "{} and {} numbers instead of {channels}",
                found.mean.len(),
                found.spread.len()
            )));
        }
        let sound = found.mean.iter().all(|v| v.is_finite()) && found.spread.iter().all(|v| *v > 0.0 && v.is_finite());
        let usual = found.usual > 0.0 && found.usual.is_finite();
        if !(sound && usual) {
            return Err(unfit("a number is not finite, or a spread is not above zero".into()));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg32;

    use super::*;

    fn looks(count: usize, around: f32, seed: u64) -> Vec<Vec<f32>> {
        let mut rng = Pcg32::seed_from_u64(seed);
        (0..count)
            .map(|_| (0..CHANNELS[COARSEST]).map(|_| around + rng.random_range(-1.0..1.0_f32)).collect())
            .collect()
    }

    #[test]
    fn images_of_the_kind_lie_within_what_is_usual_and_others_do_not() {
        let learnt = Familiarity::of(&looks(400, 2.0, 1), COARSEST).unwrap();
        let beyond = |looks: &[Vec<f32>]| looks.iter().filter(|l| learnt.distance(l) > learnt.usual).count();
        assert!(beyond(&looks(200, 2.0, 2)) <= 8, "{}", beyond(&looks(200, 2.0, 2)));
        assert_eq!(beyond(&looks(50, 4.0, 3)), 50);
        assert!(
            (learnt.usual - 1.0).abs() < 0.2,
            "a distance of one spread is what is to be expected: {}",
            learnt.usual
        );
        assert_eq!(Familiarity::of(&looks(LEAST - 1, 0.0, 4), COARSEST), None);
    }

    #[test]
    fn a_file_comes_back_and_a_damaged_one_is_named() {
        let learnt = Familiarity::of(&looks(60, 0.0, 5), COARSEST).unwrap();
        let bytes = serde_json::to_vec(&learnt).unwrap();
        assert_eq!(Familiarity::parse(&bytes).unwrap(), learnt);
        // Files from before levels could be chosen are of the coarsest one.
        assert!(!String::from_utf8(bytes).unwrap().contains("level"));
        let finer: Vec<Vec<f32>> = looks(60, 0.0, 6).iter().map(|l| l[..CHANNELS[STRIDE_16]].to_vec()).collect();
        let finer = Familiarity::of(&finer, STRIDE_16).unwrap();
        assert_eq!(Familiarity::parse(&serde_json::to_vec(&finer).unwrap()).unwrap(), finer);
        let other = Familiarity { level: COARSEST, ..finer.clone() };
        let none = Familiarity { level: CHANNELS.len(), ..finer };
        let short = Familiarity { mean: vec![0.0; 3], ..learnt.clone() };
        let flat = Familiarity { spread: vec![0.0; CHANNELS[COARSEST]], ..learnt };
        let wrong = [short, flat, other, none].map(|wrong| serde_json::to_vec(&wrong).unwrap());
        for wrong in wrong.into_iter().chain([b"{}".to_vec()]) {
            assert!(Familiarity::parse(&wrong).unwrap_err().to_string().contains(FAMILIARITY));
        }
    }

    #[test]
    fn a_look_is_the_mean_of_every_channel() {
        for level in [STRIDE_16, COARSEST] {
            let pixels = SIDES[level] * SIDES[level];
            let features: Vec<f32> = (0..CHANNELS[level]).flat_map(|c| vec![c as f32; pixels]).collect();
            assert_eq!(channel_means(&features, level), (0..CHANNELS[level]).map(|c| c as f32).collect::<Vec<_>>());
        }
    }
}
