//! The preset `paper` in training: both U-Nets from pixels, at once, by the released optimiser and schedule.

mod batch;
mod predict;

pub(crate) use predict::{PaperNetworks, predict_paper_student, predict_paper_teacher};

use anyhow::Result;
use burn::tensor::Device;
use fovea_paper::PaperDistiller;
use fovea_shared::distill::{Learner, NamedSum, StepContext, cosine};

use super::{
    Probe, Progress, RunFolder,
    best::save_best,
    checkpoint::{self, State},
    engine::{Engine, Stage, Stepped},
    manifest::Files,
    prepared::Prepared,
    randomness::DrawAddress,
};
use crate::{
    config::{PaperSettings, TrainConfig},
    data::truth::UniformTruths,
    per_model::PerModel,
};

/// The networks of a run at work.
pub(super) struct Paper<'a> {
    config: &'a TrainConfig,
    settings: &'a PaperSettings,
    folder: &'a RunFolder,
    device: Device,
    train: Prepared,
    validation: Prepared,
    probe: Probe,
    distiller: PaperDistiller,
    progress: Progress<'a>,
}

impl<'a> Paper<'a> {
    /// Sets the networks up and, where the run's folder holds a checkpoint, as they are there.
    ///
    /// # Errors
    /// A damaged checkpoint.
    pub(super) fn open(
        (config, settings): (&'a TrainConfig, &'a PaperSettings),
        folder: &'a RunFolder,
        device: &Device,
        (train, validation): (Prepared, Prepared),
        progress: Progress<'a>,
    ) -> Result<(Self, Option<State>)> {
        let mut distiller = PaperDistiller::new(config.distill.clone(), &settings.networks(), config.seed, device);
        let state = checkpoint::load_paper(&folder.path, &mut distiller)?;
        let probe = Probe::new(&validation)?;
        let device = device.clone();
        Ok((Self { config, settings, folder, device, train, validation, probe, distiller, progress }, state))
    }
}

impl Engine for Paper<'_> {
    fn images(&self) -> usize {
        self.train.cases.len()
    }

    fn stages(&self) -> Vec<Stage> {
        let steps = self.settings.iterations;
        vec![Stage { name: "both", learner: Learner::Both, steps, labels: false, adapts: false, round: 0 }]
    }

    fn begin(&mut self, _stage: Stage, _fresh: bool) -> Result<()> {
        Ok(())
    }

    fn rate(&self, stage: Stage, step: usize) -> f64 {
        cosine(step, stage.steps, self.config.rate, self.settings.final_rate)
    }

    fn step(&mut self, cases: &[usize], _stage: Stage, address: DrawAddress, context: StepContext) -> Result<Stepped> {
        let batch = batch::build(&self.train, cases, self.config, self.settings.side, address, &self.device)?;
        let losses = pollster::block_on(self.distiller.step(&batch, context))?.losses;
        Ok(Stepped { losses, inputs: batch.sums() })
    }

    fn weight_sums(&self) -> Vec<NamedSum> {
        self.distiller.weight_sums()
    }

    /// Pixels are whole numbers: there is nothing to break.
    fn broken_features(&self, _cases: &[usize]) -> Option<String> {
        None
    }

    /// Tries the networks as they are: there is no average.
    fn validate(&self, _stage: Stage) -> Result<PerModel<f64>> {
        let (teacher, student) = (self.distiller.teacher.current(), self.distiller.student.current());
        let cases = 0..self.validation.cases.len();
        let taught = cases.clone().map(|case| {
            self.progress.go_on()?;
            let text = self.validation.text[case].as_ref();
            predict_paper_teacher(&teacher, &self.validation.image(case)?, text, 1, &self.device)
        });
        let learnt = cases.map(|case| {
            self.progress.go_on()?;
            predict_paper_student(&student, &self.validation.image(case)?, 1, &self.device)
        });
        Ok(PerModel {
            teacher: self.probe.mean_dice(taught)?,
            teacher_with_gaze: None,
            student: self.probe.mean_dice(learnt)?,
        })
    }

    fn against(&self) -> &'static str {
        self.probe.against
    }

    fn uniform_truths(&self) -> Option<UniformTruths> {
        self.probe.uniform_truths()
    }

    fn keep_teacher(&self) -> Result<()> {
        save_best(&self.folder.path, "teacher", &self.distiller.teacher.current())
    }

    fn keep_student(&self) -> Result<()> {
        save_best(&self.folder.path, "student", &self.distiller.student.current())
    }

    fn save(&self, files: &mut Files) -> Result<()> {
        checkpoint::save_paper(files, &self.distiller)
    }
}
