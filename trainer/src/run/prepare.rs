//! From cases on disk to what a training step needs: pseudo-masks, targets and features.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::{
    description::Description,
    distill::{StudentTarget, Target, broad_target, full_target, high_confidence_target, teacher_target},
    gaze::Scanpath,
    image::{INPUT_SIDE, RgbImage, resize_rgb},
    plane::Mask,
    pseudo_mask::PseudoMasks,
};

use super::{MaskCache, Progress, descriptions};
use crate::{
    config::TrainConfig,
    data::{Case, parallel},
    describe::store::Record,
    features::{FLIPS, FeatureCache, Features, compute_all},
};

/// Training or validation cases, ready. Made without opening a single mask, unless the configuration says full supervision.
pub(crate) struct Prepared {
    /// The cases, in the order of the features.
    pub(crate) cases: Vec<Case>,
    /// Their gaze.
    pub(crate) gaze: Vec<Scanpath>,
    /// Their pseudo-masks.
    pub(crate) masks: Vec<PseudoMasks>,
    /// Their descriptions, upright.
    pub(crate) text: Vec<Option<Description>>,
    /// The teacher's target of every case, upright.
    pub(crate) teacher: Vec<Target>,
    /// The student's target of every case, upright; with relabelling, broad masks until the teacher has done it.
    pub(crate) student: Vec<Target>,
    /// Backbone features.
    pub(crate) features: Features,
    /// The images at the network's size, where a strategy changes pixels.
    pub(crate) inputs: Option<Vec<RgbImage>>,
}

impl Prepared {
    /// Computes the features again, with the backbone of another cache.
    ///
    /// # Errors
    /// An unreadable image, or an unwritable cache.
    pub(crate) fn see_anew(&mut self, cache: &FeatureCache, device: &Device, progress: &Progress) -> Result<()> {
        if self.features.seen_by() != cache.encoder().sha256 {
            let views = (self.features.flips(), self.features.views() - self.features.flips());
            self.features = compute_all(&self.cases.iter().collect::<Vec<_>>(), views, cache, device, progress)?;
        }
        Ok(())
    }

    /// Where high-confidence and broad pseudo-mask of a case differ.
    pub(crate) fn disputed(&self, case: usize) -> Mask {
        let masks = &self.masks[case];
        let differ = masks.high_confidence.data.iter().zip(&masks.broad.data).map(|(a, b)| a != b).collect();
        Mask::from_vec(masks.broad.width, masks.broad.height, differ)
    }
}

/// Prepares cases, which either train or choose; every one must have gaze.
///
/// # Errors
/// A case without gaze or with an unreadable image, named.
pub(crate) fn prepare(
    cases: Vec<Case>,
    trains: bool,
    config: &TrainConfig,
    imported: Option<&BTreeMap<String, Record>>,
    cache: &FeatureCache,
    device: &Device,
    progress: &Progress,
) -> Result<Prepared> {
    let flips = if config.flips { FLIPS.len() } else { 1 };
    let drawn = if config.adapt_epochs > 0 && trains { config.adapt_views } else { 0 };
    let features = compute_all(&cases.iter().collect::<Vec<_>>(), (flips, drawn), cache, device, progress)?;
    let gaze = cases
        .iter()
        .map(|case| {
            case.gaze.clone().with_context(|| {
                format!(
                    "the image {} has no gaze, and gaze is what supervises. Leave it out of the split, or see `fovea data check`",
                    case.image.display()
                )
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let borrowed: Vec<&Case> = cases.iter().collect();
    let masks = all_pseudo_masks(&borrowed, &gaze, &MaskCache::open(cache, &config.pseudo_masks)?, progress)?;
    let text = descriptions(&borrowed, &masks, config.text, config.seed, imported)?;
    let teacher = masks.iter().map(|m| teacher_target(m, config.teacher_target)).collect();
    let student =
        cases.iter().zip(&masks).map(|(case, masks)| student_target(case, masks, config)).collect::<Result<_>>()?;
    let inputs = if config.distill.needs_pixels() { Some(load_inputs(&cases, progress)?) } else { None };
    Ok(Prepared { cases, gaze, masks, text, teacher, student, features, inputs })
}

/// What the student is told at first: a teacher may relabel later.
fn student_target(case: &Case, masks: &PseudoMasks, config: &TrainConfig) -> Result<Target> {
    Ok(match config.student_target {
        StudentTarget::BroadMask | StudentTarget::Teacher | StudentTarget::TwoLevel => broad_target(masks),
        StudentTarget::HighConfidence => high_confidence_target(masks),
        // The upper bound that tables compare with, and the one place where a training image's mask is read.
        StudentTarget::FullSupervision => {
            let size = case.load_image()?.dimensions();
            full_target(&case.load_mask(size.0 as usize, size.1 as usize)?)
        }
    })
}

/// The images at the network's size, on all cores.
fn load_inputs(cases: &[Case], progress: &Progress) -> Result<Vec<RgbImage>> {
    let bar = Mutex::new(progress.bar("images", cases.len() as u64));
    let done = parallel::map(
        cases,
        |case| Ok(resize_rgb(&case.load_image()?, INPUT_SIDE, INPUT_SIDE)),
        || bar.lock().unwrap_or_else(PoisonError::into_inner).inc(1),
    );
    bar.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    done.into_iter().collect()
}

/// Pseudo-masks of all cases, on all cores; the result does not depend on their number.
pub(crate) fn all_pseudo_masks(
    cases: &[&Case],
    gaze: &[Scanpath],
    cache: &MaskCache,
    progress: &Progress,
) -> Result<Vec<PseudoMasks>> {
    let bar = Mutex::new(progress.bar("pseudo-masks", cases.len() as u64));
    let jobs: Vec<(&Case, &Scanpath)> = cases.iter().copied().zip(gaze).collect();
    let done = parallel::map(
        &jobs,
        |(case, gaze)| cache.get(case, gaze),
        || bar.lock().unwrap_or_else(PoisonError::into_inner).inc(1),
    );
    bar.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    done.into_iter().collect()
}
