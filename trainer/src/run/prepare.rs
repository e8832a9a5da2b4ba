//! From cases on disk to what a training step needs: pseudo-masks, targets and features.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::{
    distill::{Target, broad_target, teacher_target},
    gaze::Scanpath,
    pseudo_mask::{PseudoMasks, pseudo_masks},
};

use super::Progress;
use crate::{
    config::TrainConfig,
    data::{Case, parallel},
    features::{FLIPS, FeatureCache, Features, compute_all},
};

/// Training or validation cases, ready. Made without opening a single mask.
pub(crate) struct Prepared {
    /// The cases, in the order of the features.
    pub(crate) cases: Vec<Case>,
    /// Their gaze.
    pub(crate) gaze: Vec<Scanpath>,
    /// Their pseudo-masks.
    pub(crate) masks: Vec<PseudoMasks>,
    /// The teacher's target of every case, upright.
    pub(crate) teacher: Vec<Target>,
    /// The student's target of every case, upright: broad masks until a teacher relabels.
    pub(crate) student: Vec<Target>,
    /// Backbone features.
    pub(crate) features: Features,
}

/// Prepares cases; every one must have gaze.
///
/// # Errors
/// A case without gaze or with an unreadable image, named.
pub(crate) fn prepare(
    cases: Vec<Case>,
    config: &TrainConfig,
    cache: &FeatureCache,
    device: &Device,
    progress: &Progress,
) -> Result<Prepared> {
    let flips = if config.flips { FLIPS.len() } else { 1 };
    let features = compute_all(&cases.iter().collect::<Vec<_>>(), flips, cache, device, progress)?;
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
    let masks = all_pseudo_masks(&cases, &gaze, config, progress)?;
    let teacher = masks.iter().map(|m| teacher_target(m, config.teacher_target)).collect();
    let student = masks.iter().map(broad_target).collect();
    Ok(Prepared { cases, gaze, masks, teacher, student, features })
}

/// Pseudo-masks of all cases, on all cores; the result does not depend on their number.
fn all_pseudo_masks(
    cases: &[Case],
    gaze: &[Scanpath],
    config: &TrainConfig,
    progress: &Progress,
) -> Result<Vec<PseudoMasks>> {
    let bar = Mutex::new(progress.bar("pseudo-masks", cases.len() as u64));
    let jobs: Vec<(&Case, &Scanpath)> = cases.iter().zip(gaze).collect();
    let done = parallel::map(
        &jobs,
        |(case, gaze)| Ok(pseudo_masks(&case.load_image()?, gaze, &config.pseudo_masks)),
        || bar.lock().unwrap_or_else(PoisonError::into_inner).inc(1),
    );
    bar.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    done.into_iter().collect()
}
