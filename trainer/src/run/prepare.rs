//! From cases on disk to what a training step needs: pseudo-masks, targets and features.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::{
    description::Description,
    distill::{Target, broad_target, teacher_target},
    gaze::Scanpath,
    pseudo_mask::PseudoMasks,
};

use super::{MaskCache, Progress, descriptions};
use crate::{
    config::TrainConfig,
    data::{Case, parallel},
    describe::store::Record,
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
    /// Their descriptions, upright.
    pub(crate) text: Vec<Option<Description>>,
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
    imported: Option<&BTreeMap<String, Record>>,
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
    let borrowed: Vec<&Case> = cases.iter().collect();
    let masks = all_pseudo_masks(&borrowed, &gaze, &MaskCache::open(cache, &config.pseudo_masks)?, progress)?;
    let text = descriptions(&borrowed, &masks, config.text, config.seed, imported)?;
    let teacher = masks.iter().map(|m| teacher_target(m, config.teacher_target)).collect();
    let student = masks.iter().map(broad_target).collect();
    Ok(Prepared { cases, gaze, masks, text, teacher, student, features })
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
