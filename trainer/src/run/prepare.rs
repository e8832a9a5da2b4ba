//! From cases on disk to what a training step needs: pseudo-masks, targets, and features or pixels.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::{
    description::Description,
    distill::{StudentTarget, Target, broad_target, full_target, high_confidence_target, teacher_target, told_masks},
    gaze::Scanpath,
    image::{INPUT_SIDE, RgbImage, pool_plane, resize_rgb},
    model::{STUDENT_SIDE, TEACHER_SIDE, TeacherHead},
    plane::Plane,
    pseudo_mask::PseudoMasks,
};

use super::{
    Asked, MaskCache, Progress, descriptions, labels,
    pictures::{self, Material, Picture},
    predict::probabilities,
    predict_teacher,
};
use crate::{
    config::{Preset, TextSource, TrainConfig},
    data::{Case, parallel},
    describe::store::Record,
    features::{Drawing, FLIPS, FeatureCache, Features, Views, compute_all},
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
    /// What the labels of every case are made of, square, 0..1: the refined pseudo-mask, or what a first teacher has made of it.
    labels: Vec<Plane>,
    /// The teacher's target of every case, upright.
    pub(crate) teacher: Vec<Target>,
    /// The student's target of every case, upright; with relabelling, broad masks until the teacher has done it.
    pub(crate) student: Vec<Target>,
    /// Backbone features, where there is a backbone.
    features: Option<Features>,
    /// The images at the network's size, where the networks or a strategy ask for pixels.
    pub(crate) inputs: Option<Vec<RgbImage>>,
    /// Pictures of two lesions for the teacher, where it trains with them.
    pub(super) pictures: Vec<Picture>,
}

impl Prepared {
    /// Computes the features again, with the backbone of another cache: those of all views, or of the flips alone, and the drawn views
    /// stay. Whoever adapts the backbone and has no adviser reads only the lower levels of those, which are every backbone's.
    ///
    /// # Errors
    /// An unreadable image, or an unwritable cache.
    pub(crate) fn see_anew(
        &mut self,
        all: bool,
        cache: &FeatureCache,
        device: &Device,
        progress: &Progress,
    ) -> Result<()> {
        let known = self.features.take().expect("the heads of the preset lite have features");
        self.features = Some(if known.seen_by() == cache.encoder().sha256 {
            known
        } else {
            let views = if all { known.kind() } else { Views::flips(known.flips()) };
            let seen = compute_all(&self.cases.iter().collect::<Vec<_>>(), views, cache, device, progress)?;
            if all { seen } else { known.after_flips_of(seen) }
        });
        Ok(())
    }

    /// Replaces the teacher's targets by labels: see `run/labels.rs`.
    ///
    /// # Errors
    /// A device that fails.
    pub(super) fn relabel(
        &mut self,
        first: &TeacherHead,
        gaze_prompt: bool,
        device: &Device,
        progress: &Progress,
    ) -> Result<()> {
        let mut bar = progress.bar("labels", self.cases.len() as u64);
        for case in 0..self.cases.len() {
            let features = self.features();
            let draw = |gaze| -> Result<Plane> {
                let asked = Asked { gaze, text: None };
                let logits = predict_teacher(first, features, case, asked, features.flips(), device)?;
                Ok(probabilities(&logits, TEACHER_SIDE))
            };
            let alone = draw(None)?;
            let gazed = gaze_prompt.then(|| draw(Some(&self.gaze[case]))).transpose()?;
            self.labels[case] = labels::label(&self.masks[case].refined, &alone, gazed.as_ref());
            self.teacher[case].value = pool_plane(&self.labels[case], TEACHER_SIDE);
            self.teacher[case].weight = Plane::filled(TEACHER_SIDE, TEACHER_SIDE, 1.0);
            bar.inc(1);
        }
        bar.finish();
        Ok(())
    }

    /// Makes the pictures of two lesions, where the configuration asks for them.
    ///
    /// # Errors
    /// An unreadable image, an unwritable cache or a device that fails.
    pub(super) fn make_pictures(
        &mut self,
        config: &TrainConfig,
        cache: &FeatureCache,
        device: &Device,
        progress: &Progress,
    ) -> Result<()> {
        if !config.shows_pictures() {
            return Ok(());
        }
        let loaded = match &self.inputs {
            Some(_) => None,
            None => Some(load_inputs(&self.cases, INPUT_SIDE, progress)?),
        };
        let images = loaded.as_ref().or(self.inputs.as_ref()).into_iter().flatten();
        let all = images.zip(&self.labels).zip(&self.gaze).zip(&self.cases);
        let material: Vec<Material<'_>> = all
            .map(|(((image, lesion), gaze), case)| Ok(Material { image, lesion, gaze, modality: case.modality()? }))
            .collect::<Result<_>>()?;
        let count = (self.cases.len() as f64 * config.looks().pictures).ceil() as usize;
        let words = config.text != TextSource::None;
        self.pictures = pictures::make(&material, count, words, config.seed, (cache, device), progress)?;
        Ok(())
    }

    /// Backbone features.
    ///
    /// # Panics
    /// For the preset `paper`, which has no backbone: a programming error.
    pub(crate) fn features(&self) -> &Features {
        self.features.as_ref().expect("the heads of the preset lite have features")
    }

    /// The images at the network's size.
    ///
    /// # Panics
    /// For heads on features of which no strategy changes pixels: a programming error.
    pub(crate) fn inputs(&self) -> &[RgbImage] {
        self.inputs.as_ref().expect("the networks of the preset paper have images")
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
    let features = match &config.preset {
        Preset::Lite(lite) => {
            let flips = if config.flips { FLIPS.len() } else { 1 };
            let adapting = lite.schedule.adapting();
            let drawn = if trains { lite.views.max(adapting.map_or(0, |adapting| adapting.views)) } else { 0 };
            let views = Views { flips, drawn, drawing: adapting.map_or(Drawing::Light, |adapting| adapting.drawing) };
            Some(compute_all(&cases.iter().collect::<Vec<_>>(), views, cache, device, progress)?)
        }
        Preset::Paper(_) => None,
    };
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
    let (pixels, [teacher_side, student_side]) = match config.paper() {
        Some(paper) => (Some(paper.side), [paper.side; 2]),
        None => (config.distill.needs_pixels().then_some(INPUT_SIDE), [TEACHER_SIDE, STUDENT_SIDE]),
    };
    let teacher = masks.iter().map(|m| teacher_target(m, config.teacher_target, teacher_side)).collect();
    let told = |(case, masks)| student_target(case, masks, config, student_side);
    let student = cases.iter().zip(&masks).map(told).collect::<Result<_>>()?;
    let inputs = pixels.map(|side| load_inputs(&cases, side, progress)).transpose()?;
    let labels = masks.iter().map(|masks| masks.refined.clone()).collect();
    Ok(Prepared { cases, gaze, masks, text, labels, teacher, student, features, inputs, pictures: Vec::new() })
}

/// What the student is told at first: a teacher may relabel later.
fn student_target(case: &Case, masks: &PseudoMasks, config: &TrainConfig, side: usize) -> Result<Target> {
    let masks = told_masks(masks, config.student_target, &config.pseudo_masks);
    Ok(match config.student_target {
        StudentTarget::HeatMap | StudentTarget::BroadMask | StudentTarget::Teacher | StudentTarget::TwoLevel => {
            broad_target(&masks, side)
        }
        StudentTarget::HighConfidence => high_confidence_target(&masks, side),
        // The upper bound that tables compare with, and the one place where a training image's mask is read.
        StudentTarget::FullSupervision => {
            let size = case.load_image()?.dimensions();
            full_target(&case.load_mask(size.0 as usize, size.1 as usize)?, side)
        }
    })
}

/// The images at a network's size, on all cores.
///
/// # Errors
/// An unreadable image.
pub(crate) fn load_inputs(cases: &[Case], side: usize, progress: &Progress) -> Result<Vec<RgbImage>> {
    let bar = Mutex::new(progress.bar("images", cases.len() as u64));
    let done = parallel::map(
        cases,
        |case| Ok(resize_rgb(&case.load_image()?, side, side)),
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
