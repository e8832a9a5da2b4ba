//! Which looks a teacher's training sample shows: whole scanpaths, a few looks inside a lesion,
//! looks at sure background.
//!
//! Our extension (gaze prompt). Everything is drawn from recorded or simulated gaze and from
//! pseudo-masks: no mask is read.

use fovea_shared::{
    gaze::{Fixation, Scanpath},
    plane::Plane,
    pseudo_mask::PseudoMasks,
};
use rand::{Rng, RngExt, seq::IndexedRandom};
use serde::{Deserialize, Serialize};

fovea_shared::documented! {
    /// What a teacher's samples show, as shares of all samples. Both are 0 for a teacher without a gaze prompt.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
    pub struct LookSettings {
        /// Share of samples that show a picture made of two, where gaze, or words, or both, are on
        /// one lesion: the target is that one.
        pub two: f64,
        /// Share of samples with looks at sure background only: the target is empty.
        pub off: f64,
        /// Pictures made of two, for every training image.
        pub pictures: f64,
        /// Share of pictures of two with gaze and words in which the words are the other lesion's,
        /// and twice the share of single images with gaze that read another image's words: gaze
        /// decides where.
        pub contradict: f64,
    }
}

impl Default for LookSettings {
    fn default() -> Self {
        Self { two: 0.4, off: 0.08, pictures: 1.0, contradict: 0.25 }
    }
}

impl LookSettings {
    /// Samples as before: one image, its own gaze, its own words.
    pub const NONE: Self = Self { two: 0.0, off: 0.0, pictures: 0.0, contradict: 0.0 };
}

/// A pixel of a soft target that is surely inside.
const INSIDE: f32 = 0.8;
/// Heat at most this high is sure background: a pixel precision of .9995 on Kvasir-SEG (recipe, section "What works").
const OFF_HEAT: f32 = 0.05;
/// And where the target is above this, it is not: labels may reach further than the gaze.
const OFF_TARGET: f32 = 0.2;
/// Spread of a look around its place, as a share of the image's side.
const JITTER: f32 = 0.015;
/// Most looks of a sample with a few.
const FEW: usize = 5;

/// One to five looks inside a lesion: recorded fixations that lie in it, or points drawn from it,
/// each a bit off and short or long. `None` where the target has no pixel that is surely inside.
pub(super) fn few_looks(gaze: &Scanpath, target: &Plane, rng: &mut impl Rng) -> Option<Scanpath> {
    // One look is what a visitor begins with, so it is what is shown most.
    let count = if rng.random_bool(0.4) { 1 } else { rng.random_range(2..=FEW) };
    let inside: Vec<usize> = (0..target.data.len()).filter(|i| target.data[*i] >= INSIDE).collect();
    if inside.is_empty() {
        return None;
    }
    let recorded: Vec<&Fixation> = gaze.fixations.iter().filter(|f| value_at(target, f.x, f.y) >= INSIDE).collect();
    let fixations = (0..count).map(|_| {
        let (x, y, duration) = match recorded.choose(rng).filter(|_| rng.random_bool(0.6)) {
            Some(fixation) => (fixation.x, fixation.y, fixation.duration_ms),
            None => {
                let pixel = inside[rng.random_range(0..inside.len())];
                let (x, y) = centre_of(target, pixel);
                (x, y, rng.random_range(100.0..1000.0))
            }
        };
        jittered(x, y, duration, rng)
    });
    Some(Scanpath { fixations: fixations.collect() })
}

/// One to three looks where the gaze says that there is surely nothing, and the teacher's target
/// nothing either; `None` where the gaze covers the whole image.
pub(super) fn off_looks(masks: &PseudoMasks, target: &Plane, rng: &mut impl Rng) -> Option<Scanpath> {
    let sure = |i: usize| {
        let (x, y) = centre_of(&masks.heat, i);
        masks.heat.data[i] <= OFF_HEAT && masks.background.data[i] && value_at(target, x, y) < OFF_TARGET
    };
    let pixels: Vec<usize> = (0..masks.heat.data.len()).filter(|i| sure(*i)).collect();
    if pixels.is_empty() {
        return None;
    }
    let count = rng.random_range(1..=3);
    let look = |_| {
        let (x, y) = centre_of(&masks.heat, pixels[rng.random_range(0..pixels.len())]);
        Fixation { x, y, duration_ms: rng.random_range(100.0..1000.0), start_ms: 0.0 }
    };
    Some(Scanpath { fixations: (0..count).map(look).collect() })
}

/// A random part of a scanpath: one to eight of its fixations, wherever they are.
pub(super) fn some_of(gaze: &Scanpath, rng: &mut impl Rng) -> Scanpath {
    let count = rng.random_range(1..=8usize).min(gaze.fixations.len());
    let mut chosen = rand::seq::index::sample(rng, gaze.fixations.len(), count).into_vec();
    chosen.sort_unstable();
    Scanpath { fixations: chosen.into_iter().map(|i| gaze.fixations[i]).collect() }
}

fn jittered(x: f32, y: f32, duration_ms: f32, rng: &mut impl Rng) -> Fixation {
    // The sum of two uniform numbers: close enough to a bell, and bounded.
    let mut moved = |at: f32| {
        let by: f32 = rng.random_range(-1.0..1.0f32) + rng.random_range(-1.0..1.0f32);
        (at + JITTER * by).clamp(0.0, 1.0)
    };
    Fixation { x: moved(x), y: moved(y), duration_ms, start_ms: 0.0 }
}

fn centre_of(plane: &Plane, index: usize) -> (f32, f32) {
    let centre = |at: usize, of: usize| (at as f32 + 0.5) / of as f32;
    (centre(index % plane.width, plane.width), centre(index / plane.width, plane.height))
}

fn value_at(plane: &Plane, x: f32, y: f32) -> f32 {
    let index = |at: f32, of: usize| ((at.clamp(0.0, 1.0) * of as f32) as usize).min(of - 1);
    plane.at(index(x, plane.width), index(y, plane.height))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::pseudo_mask::{PseudoMaskParams, pseudo_masks};
    use rand::SeedableRng;
    use rand_pcg::Pcg64Mcg;

    #[test]
    fn few_looks_lie_inside_and_off_looks_where_nobody_looked() {
        let sample = fovea_phantom::polyp(3, 224, 224);
        let masks = pseudo_masks(&sample.image, &sample.gaze, &PseudoMaskParams::default());
        let mut rng = Pcg64Mcg::seed_from_u64(5);
        let (mut inside, mut all, mut ones) = (0, 0, 0);
        for _ in 0..200 {
            let looks = few_looks(&sample.gaze, &masks.refined, &mut rng).unwrap().fixations;
            assert!((1..=FEW).contains(&looks.len()));
            ones += usize::from(looks.len() == 1);
            all += looks.len();
            inside += looks.iter().filter(|f| value_at(&masks.refined, f.x, f.y) > 0.3).count();
            for look in off_looks(&masks, &masks.refined, &mut rng).unwrap().fixations {
                assert!(value_at(&masks.heat, look.x, look.y) <= OFF_HEAT);
            }
        }
        assert!(inside * 20 > all * 19, "{inside} of {all}");
        assert!((60..=100).contains(&ones), "{ones}");
        assert!(few_looks(&sample.gaze, &Plane::filled(8, 8, 0.2), &mut rng).is_none());
    }

    #[test]
    fn part_of_a_scanpath_keeps_its_order() {
        let sample = fovea_phantom::polyp(3, 224, 224);
        let part = some_of(&sample.gaze, &mut Pcg64Mcg::seed_from_u64(2));
        assert!((1..=8).contains(&part.fixations.len()));
        assert!(part.fixations.windows(2).all(|pair| pair[0].start_ms <= pair[1].start_ms));
        assert!(some_of(&Scanpath::default(), &mut Pcg64Mcg::seed_from_u64(2)).fixations.is_empty());
    }
}
