//! Gaze to pseudo-masks: what a teacher and a student learn from in place of true masks.
//!
//! The method of "From Gaze to Insight" (arXiv 2504.11368) and GazeMedSeg (MICCAI 2024): a heat map of the gaze,
//! refined by the image, cut at two levels. In place of their DenseCRF the refinement is a vote of GrabCut runs, which
//! follows the image's edges better.

mod params;

pub use params::{PseudoMaskParams, PseudoMaskParamsError, Refinement, SeedLevels};

use ::image::RgbImage;
use fovea_grabcut::{GrabCut, Seed};

use crate::gaze::{Scanpath, heat_map};
use crate::image::resize_rgb;
use crate::plane::{Mask, Plane};

/// The maps and masks of one image and one scanpath, all `side` x `side`: the image stretched to a square.
///
/// The figures are pixel precision and recall against the true masks on the 900 images of Kvasir-SEG's gaze-train
/// list at the default parameters. No true mask is read here, but the voters and `high_confidence_heat` were chosen by
/// such figures on images of that list.
#[derive(Clone, Debug, PartialEq)]
pub struct PseudoMasks {
    /// The gaze heat map `h`, 0 to 1.
    pub heat: Plane,
    /// The refined map `r`, 0 to 1: the share of GrabCut runs that put the pixel inside, or `h` without refinement.
    /// Made to be learnt from as it is, as a soft target: where the runs disagree it says so. At .5 its mean Dice is
    /// .816, the heat's .761.
    pub refined: Plane,
    /// `M_hc`: pixels that a model may take as inside. Refined, they are those where colour and gaze agree,
    /// `r >= high_confidence` and `h >= high_confidence_heat`: precision .92 and recall .72 (`r` alone .90 and .80, the
    /// heat at .5 alone .87 and .68). Always a subset of `broad`.
    pub high_confidence: Mask,
    /// `M_bc`, `r >= broad`: the whole lesion, with some of its surroundings. At the default a single vote of the
    /// three is enough: precision .86, recall .86, mean Dice .823.
    pub broad: Mask,
    /// `B`, `h <= background` outside `broad`: pixels that a model may take as outside. Precision .996, recall .86.
    pub background: Mask,
}

impl PseudoMasks {
    /// Where high-confidence and broad mask differ: where DARM looks before predictions are trusted
    /// (method, section 2; the released code looks there always).
    pub fn disputed(&self) -> Mask {
        let differ = self.high_confidence.data.iter().zip(&self.broad.data).map(|(high, broad)| high != broad);
        Mask::from_vec(self.broad.width, self.broad.height, differ.collect())
    }

    /// The masks that the heat map gives without any refinement, cut at the same levels: what
    /// [`Refinement::None`] makes of the same gaze.
    pub fn unrefined(&self, params: &PseudoMaskParams) -> Self {
        cut(self.heat.clone(), self.heat.clone(), params, false)
    }
}

/// Makes the pseudo-masks of an image from the gaze on it. The same input always gives the same masks.
///
/// ```text
/// h    = heat map of the scanpath           r = mean over the votes of GrabCut(image, h), or h
/// M_bc = [r >= broad]                       M_hc = [r >= high_confidence] n [h >= high_confidence_heat] n M_bc
/// B    = [h <= background] \ M_bc
/// ```
/// Where a GrabCut run finds no seed on one of its sides, its vote is the heat at its `probable` level. Without any
/// fixation both maps are zero and all three masks empty: nothing is known, not even the background.
///
/// Any parameters give an answer; [`PseudoMaskParams::validate`] tells whether they make sense.
pub fn pseudo_masks(image: &RgbImage, scanpath: &Scanpath, params: &PseudoMaskParams) -> PseudoMasks {
    let side = params.side;
    let heat = heat_map(scanpath, &params.heat, side, side);
    let seen = heat.max() > 0.0;
    let refine = seen && params.refinement == Refinement::GrabCut && !params.votes.is_empty();
    let refined = if refine { vote(&resize_rgb(image, side, side), &heat, params) } else { heat.clone() };
    cut(heat, refined, params, refine)
}

/// The masks of both maps, `[side, side]`; where they are not refined, the heat need not agree a
/// second time. All are empty where there is no heat at all.
fn cut(heat: Plane, refined: Plane, params: &PseudoMaskParams, refine: bool) -> PseudoMasks {
    if heat.max() <= 0.0 {
        let empty = Mask::empty(heat.width, heat.height);
        return PseudoMasks { heat, refined, high_confidence: empty.clone(), broad: empty.clone(), background: empty };
    }
    let broad = refined.at_least(params.broad);
    let mut high_confidence = both(&refined.at_least(params.high_confidence), &broad);
    if refine {
        high_confidence = both(&high_confidence, &heat.at_least(params.high_confidence_heat));
    }
    let outside = Mask::from_vec(broad.width, broad.height, broad.data.iter().map(|inside| !inside).collect());
    let background = both(&heat.at_most(params.background), &outside);
    PseudoMasks { heat, refined, high_confidence, broad, background }
}

/// The share of GrabCut runs that put a pixel inside.
fn vote(image: &RgbImage, heat: &Plane, params: &PseudoMaskParams) -> Plane {
    let grabcut = GrabCut::new(image);
    let mut counts = vec![0u32; heat.data.len()];
    for levels in &params.votes {
        let seeds: Vec<Seed> = heat.data.iter().map(|h| seed(*h, levels)).collect();
        for (count, inside) in counts.iter_mut().zip(grabcut.segment(&seeds, params.iterations)) {
            *count += u32::from(inside);
        }
    }
    let voters = params.votes.len() as f32;
    Plane::from_vec(heat.width, heat.height, counts.into_iter().map(|count| count as f32 / voters).collect())
}

fn seed(heat: f32, levels: &SeedLevels) -> Seed {
    if heat >= levels.foreground {
        Seed::Foreground
    } else if heat <= levels.background {
        Seed::Background
    } else if heat >= levels.probable {
        Seed::ProbableForeground
    } else {
        Seed::ProbableBackground
    }
}

fn both(a: &Mask, b: &Mask) -> Mask {
    Mask::from_vec(a.width, a.height, a.data.iter().zip(&b.data).map(|(a, b)| *a && *b).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gaze::Fixation;
    use crate::metrics::segmentation;
    use proptest::prelude::*;

    fn look(points: &[(f32, f32)]) -> Scanpath {
        let fixation = |&(x, y): &(f32, f32)| Fixation { x, y, duration_ms: 300.0, start_ms: 0.0 };
        Scanpath { fixations: points.iter().map(fixation).collect() }
    }

    /// An ellipse of another colour on a shaded, rough ground, and its mask at `side` x `side`.
    fn scene(side: usize) -> (RgbImage, Mask) {
        let inside = |x: f32, y: f32| ((x - 0.45) / 0.3).powi(2) + ((y - 0.55) / 0.18).powi(2) <= 1.0;
        let image = RgbImage::from_fn(300, 200, |x, y| {
            let rough = ((x * 7919 + y * 104_729) % 23) as u8;
            let colour = if inside(x as f32 / 300.0, y as f32 / 200.0) { [170, 70, 60] } else { [120, 60, 70] };
            ::image::Rgb([colour[0] + rough, colour[1] + rough + (x / 20) as u8, colour[2] + rough])
        });
        let centre = |i: usize| (i as f32 + 0.5) / side as f32;
        let mask = (0..side * side).map(|i| inside(centre(i % side), centre(i / side))).collect();
        (image, Mask::from_vec(side, side, mask))
    }

    fn check(masks: &PseudoMasks) -> Result<(), TestCaseError> {
        prop_assert!(masks.high_confidence.is_subset_of(&masks.broad));
        prop_assert!(both(&masks.broad, &masks.background).is_empty());
        prop_assert!(masks.refined.data.iter().all(|r| (0.0..=1.0).contains(r)));
        Ok(())
    }

    #[test]
    fn the_vote_follows_the_image() {
        let params = PseudoMaskParams::default();
        let (image, truth) = scene(params.side);
        let gaze = look(&[(0.4, 0.55), (0.5, 0.5), (0.45, 0.6), (0.65, 0.56), (0.23, 0.53)]);
        let masks = pseudo_masks(&image, &gaze, &params);
        let heat = segmentation(&masks.heat.at_least(0.5), &truth).dice;
        let vote = segmentation(&masks.refined.at_least(0.5), &truth).dice;
        assert!(vote > 0.95 && vote > heat + 0.05, "heat {heat}, vote {vote}");
        // The tips of the ellipse, where nobody looked, may count as background, and little else.
        let missed = both(&masks.background, &truth).area();
        assert!(missed * 100 < masks.background.area(), "{missed} of {} pixels", masks.background.area());
        assert_eq!(masks, pseudo_masks(&image, &gaze, &params));
    }

    #[test]
    fn without_gaze_nothing_is_known() {
        for refinement in [Refinement::None, Refinement::GrabCut] {
            let params = PseudoMaskParams { refinement, side: 20, ..PseudoMaskParams::default() };
            let masks = pseudo_masks(&scene(20).0, &Scanpath::default(), &params);
            assert!(masks.high_confidence.is_empty() && masks.broad.is_empty() && masks.background.is_empty());
            assert_eq!(masks.refined, Plane::filled(20, 20, 0.0));
        }
    }

    #[test]
    fn without_seeds_the_threshold_decides() {
        // No level of heat is sure background or below the probable foreground: there is no outside to learn from.
        let votes = vec![SeedLevels { background: -1.0, probable: 0.0, foreground: 0.5 }];
        let params = PseudoMaskParams { votes, side: 16, ..PseudoMaskParams::default() };
        let masks = pseudo_masks(&scene(16).0, &look(&[(0.5, 0.5)]), &params);
        assert_eq!(masks.refined, Plane::filled(16, 16, 1.0));
        assert!(masks.background.is_empty());
    }

    #[test]
    fn images_without_colour_or_size_are_no_trouble() {
        let params = PseudoMaskParams { side: 24, ..PseudoMaskParams::default() };
        let gaze = look(&[(0.2, 0.2), (0.25, 0.2)]);
        for image in [RgbImage::new(1, 1), RgbImage::new(300, 2), RgbImage::from_pixel(40, 40, ::image::Rgb([255; 3]))]
        {
            let masks = pseudo_masks(&image, &gaze, &params);
            assert!(!masks.broad.is_empty() && !masks.background.is_empty());
        }
    }

    #[test]
    fn unrefined_masks_are_thresholds_of_the_heat() {
        let params = PseudoMaskParams { refinement: Refinement::None, side: 40, ..PseudoMaskParams::default() };
        let masks = pseudo_masks(&scene(40).0, &look(&[(0.5, 0.5)]), &params);
        assert_eq!(masks.refined, masks.heat);
        assert_eq!(masks.high_confidence, masks.heat.at_least(0.5));
        assert_eq!(masks.broad, masks.heat.at_least(0.3));
        assert_eq!(masks.background, masks.heat.at_most(0.15));
        // Refined masks know what they would be without.
        let refined =
            pseudo_masks(&scene(40).0, &look(&[(0.5, 0.5)]), &PseudoMaskParams { side: 40, ..Default::default() });
        assert_ne!(refined.broad, masks.broad);
        assert_eq!(refined.unrefined(&params), masks);
        assert_eq!(pseudo_masks(&scene(40).0, &Scanpath::default(), &params).unrefined(&params).broad.area(), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn masks_nest_whatever_the_input(
            points in prop::collection::vec((0.0f32..=1.0, 0.0f32..=1.0), 0..8),
            pixels in prop::collection::vec(0u8..=255, 3 * 12 * 12),
            levels in prop::array::uniform4(0.0f32..1.0),
            side in 1usize..30,
            refinement in prop_oneof![Just(Refinement::None), Just(Refinement::GrabCut)],
        ) {
            let [high_confidence, high_confidence_heat, broad, background] = levels;
            let image = RgbImage::from_fn(12, 12, |x, y| {
                let at = 3 * (12 * y + x) as usize;
                ::image::Rgb([pixels[at], pixels[at + 1], pixels[at + 2]])
            });
            let params = PseudoMaskParams {
                side,
                refinement,
                high_confidence,
                high_confidence_heat,
                broad,
                background,
                ..PseudoMaskParams::default()
            };
            let masks = pseudo_masks(&image, &look(&points), &params);
            check(&masks)?;
            prop_assert_eq!(masks, pseudo_masks(&image, &look(&points), &params));
        }
    }
}
