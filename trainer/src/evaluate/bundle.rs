//! Measuring the networks of a bundle on the images of a list.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use fovea_shared::{
    bundle::{Manifest, StudentKind, Told},
    distill::{MaskingRegion, MaskingTarget, StudentTarget},
    model::TeacherHead,
    predictor::{GOLDEN_TOLERANCE, Predictor},
};

use super::{Measured, Models, TestImages, Texts};
use crate::{
    config::{TextSource, TrainConfig},
    device::Opened,
    features::Encoder,
    networks::open_bundle,
    run::{Progress, Student},
};

/// A bundle whose networks are measured.
pub(crate) struct OpenBundle {
    /// What the bundle says of itself.
    pub(crate) manifest: Manifest,
    /// Its backbone.
    pub(crate) encoder: Encoder,
    /// The configuration in the manifest: that of the student with the most strategies.
    config: TrainConfig,
    predictor: Predictor,
}

impl OpenBundle {
    /// Opens a bundle, verifies its files, and compares its goldens on the device.
    ///
    /// # Errors
    /// A folder without a bundle, a damaged file, a configuration that this version cannot read or
    /// whose descriptions were imported, a device that does not reproduce the goldens.
    pub(crate) fn open(folder: &Path, device: &Opened) -> Result<Self> {
        let named = || format!("the bundle in {}", folder.display());
        let bundle = open_bundle(folder)?;
        let config: TrainConfig = serde_json::from_value(bundle.manifest.training.config.clone())
            .context("the configuration in the manifest cannot be read by this version")
            .with_context(named)?;
        ensure!(
            config.text != TextSource::Import,
            "the teacher of {} reads imported descriptions, which a bundle does not hold: measure its run with `fovea \
             eval --run`",
            folder.display()
        );
        let predictor = Predictor::new(&bundle, &device.device).with_context(named)?;
        let check = pollster::block_on(predictor.self_check())?;
        ensure!(
            check.passed,
            "{} does not reproduce the reference outputs of {}: the largest difference of a logit is {} and may be \
             {GOLDEN_TOLERANCE}",
            device.name,
            named(),
            check.max_abs_diff
        );
        let encoder = Encoder::new(bundle.file("backbone.safetensors")?.to_vec());
        Ok(Self { manifest: bundle.manifest, encoder, config, predictor })
    }

    /// The configuration that decides how images, gaze and text are prepared; the same for every student.
    pub(crate) fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// The configuration of one student: students of a bundle differ in what they were told, in
    /// their strategies and in the form of DARM.
    pub(crate) fn config_of(&self, kind: StudentKind) -> TrainConfig {
        let mut config = self.config.clone();
        if config.student_kind() == Some(kind) {
            return config;
        }
        config.student_target = match kind.told {
            Told::Heat => StudentTarget::HeatMap,
            Told::Refined => StudentTarget::BroadMask,
            Told::HighConfidence => StudentTarget::HighConfidence,
            Told::Teacher => StudentTarget::Teacher,
            Told::FullSupervision => StudentTarget::FullSupervision,
        };
        config.distill.strategies = kind.strategies;
        let masking = &mut config.distill.masking;
        (masking.region, masking.target) = if kind.released {
            (MaskingRegion::Gaze, MaskingTarget::Zero)
        } else {
            (MaskingRegion::Prediction, MaskingTarget::Exclude)
        };
        config
    }

    /// The networks that answer for a student: the bundle's teacher, and the student.
    fn models(&self, student: usize) -> Result<Models> {
        let teacher: TeacherHead = self.predictor.teacher_head().clone();
        let head = self.predictor.student_at(student)?.head.clone();
        Ok(Models::Lite(Box::new((teacher, Some(Student { head, partner: None, backbone: None })))))
    }
}

impl TestImages {
    /// Measures the teacher of a bundle and the student at a place of its list on every image.
    ///
    /// # Errors
    /// Images that show something else, a missing description, a device that fails.
    pub(crate) fn measure_bundle(
        &self,
        bundle: &OpenBundle,
        student: usize,
        texts: &Texts,
        device: &Opened,
        progress: &Progress,
    ) -> Result<Measured> {
        let domain = bundle.manifest.domain;
        for case in &self.cases {
            let shown = case.modality()?;
            ensure!(
                shown == domain,
                "the bundle is for images of a {} and {} shows a {}: name other data with --data",
                domain.noun(),
                case.image.display(),
                shown.noun()
            );
        }
        self.measure_models(bundle.models(student)?, bundle.encoder.clone(), bundle.config(), texts, device, progress)
    }
}
