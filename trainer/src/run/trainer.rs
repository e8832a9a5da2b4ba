//! The loop: stages of steps, events out, a checkpoint now and then, the best heads kept.

use std::path::Path;

use anyhow::Result;
use burn::tensor::{Device, Tensor};
use fovea_shared::{
    distill::{Distiller, Learner, Moment, StepLosses, StudentTarget, Trainee, one_cycle, relabelled_target},
    model::{StudentHead, TEACHER_SIDE, TeacherHead},
};

use super::{
    Asked, Probe, Progress, RunFolder, Sinks, TrainEvent,
    batch::{Place, build, order, seed_of},
    checkpoint::{self, State, Student},
    load_teacher, predict_student, predict_teacher,
    prepare::Prepared,
    validate::probabilities,
};
use crate::{
    config::{Schedule, TrainConfig},
    features::{Encoder, FeatureCache},
};

/// How a call to [`Trainer::run`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Every stage is done.
    Finished,
    /// It was asked to stop; the state is on disk.
    Stopped,
}

/// One stage: who learns, and for how many passes over the data.
#[derive(Clone, Copy, Debug)]
struct Stage {
    learner: Learner,
    epochs: usize,
    /// Whether the backbone learns with the student.
    adapts: bool,
    /// The round, from 0.
    round: usize,
}

/// A run at work.
pub(crate) struct Trainer<'a> {
    config: &'a TrainConfig,
    folder: &'a RunFolder,
    cache: &'a FeatureCache,
    encoder: Encoder,
    device: Device,
    train: Prepared,
    validation: Prepared,
    probe: Probe,
    distiller: Distiller,
    state: State,
    sinks: Sinks,
    progress: Progress,
    /// Steps between checkpoints.
    checkpoint_every: usize,
    pending: Vec<StepLosses>,
}

/// Steps between reads of the losses: on a GPU a read waits for everything queued.
const READ_EVERY: usize = 10;

impl<'a> Trainer<'a> {
    /// Sets a run up and, where its folder holds a checkpoint, goes on from the newest; else from the end of the teacher's stage
    /// in another run's folder, where one is named.
    ///
    /// # Errors
    /// A damaged checkpoint, or a folder that cannot be written.
    #[expect(clippy::too_many_arguments, reason = "each is one thing that a run is made of")]
    pub(crate) fn new(
        config: &'a TrainConfig,
        folder: &'a RunFolder,
        cache: &'a FeatureCache,
        device: &Device,
        (train, validation): (Prepared, Prepared),
        teacher: Option<&Path>,
        checkpoint_every: usize,
        progress: Progress,
    ) -> Result<Self> {
        let mut distiller = Distiller::new(config.distill.clone(), config.seed, device);
        if config.student_target == StudentTarget::TwoLevel {
            distiller.pair(config.seed, device);
        }
        let encoder = folder.encoder()?;
        if config.distill.needs_pixels() {
            distiller.backbone = Some(encoder.load(device)?);
        }
        let fresh = || encoder.load(&device.clone().autodiff());
        let own = checkpoint::load(&folder.checkpoints(), &mut distiller, fresh)?;
        let taken = match (&own, teacher) {
            (None, Some(run)) => Some(checkpoint::take_over(run, &folder.path, &mut distiller)?),
            _ => None,
        };
        let takes_over = taken.is_some();
        let state = own.or(taken).unwrap_or_default();
        let sinks = Sinks::open(&folder.path, state.step)?;
        let probe = Probe::new(&validation)?;
        let mut trainer = Self {
            config,
            folder,
            cache,
            encoder,
            device: device.clone(),
            train,
            validation,
            probe,
            distiller,
            state,
            sinks,
            progress,
            checkpoint_every: checkpoint_every.max(1),
            pending: Vec::new(),
        };
        if takes_over {
            trainer.checkpoint()?;
        }
        Ok(trainer)
    }

    /// Steps already taken.
    pub(crate) fn step(&self) -> usize {
        self.state.step
    }

    fn stages(&self) -> Vec<Stage> {
        let stage = |learner, epochs| Stage { learner, epochs, adapts: false, round: 0 };
        let adapting = Stage { adapts: true, ..stage(Learner::Student, self.config.adapt_epochs) };
        let mut stages = match self.config.schedule {
            Schedule::Joint => vec![stage(Learner::Both, self.config.student_epochs)],
            Schedule::TwoStage => vec![
                stage(Learner::Teacher, self.config.teacher_epochs),
                stage(Learner::Student, self.config.student_epochs),
            ],
        };
        stages.push(adapting);
        stages.retain(|stage| stage.epochs > 0);
        (0..self.config.rounds).flat_map(|round| stages.iter().map(move |stage| Stage { round, ..*stage })).collect()
    }

    /// Trains until everything is done or `stop` says so; asked before every step.
    ///
    /// # Errors
    /// A device or a disk that fails, and those of `stop`, after which nothing more is written.
    pub(crate) fn run(&mut self, stop: &dyn Fn() -> Result<bool>) -> Result<Outcome> {
        let stages = self.stages();
        let per_epoch = self.train.cases.len().div_ceil(self.config.batch);
        while let Some(stage) = stages.get(self.state.stage) {
            let total = stage.epochs * per_epoch;
            let before = self.state.stage.checked_sub(1).map_or(0, |last| stages[last].round);
            if self.state.stage_step == 0 && stage.round > before {
                self.begin_round(stage.round)?;
            }
            if stage.learner == Learner::Student && self.config.student_target == StudentTarget::Teacher {
                self.relabel()?;
            }
            if stage.learner == Learner::Student && self.config.distill.strategies.any() {
                self.distiller.guide = Some(load_teacher(&self.folder.path, &self.device)?);
            }
            if self.state.stage_step == 0 && stage.adapts {
                self.begin_adapting()?;
            }
            if self.state.stage_step == 0 {
                let learner = format!("{:?}", stage.learner).to_lowercase();
                self.emit(TrainEvent::Stage { step: self.state.step, learner, steps: total })?;
            }
            if self.run_stage(*stage, per_epoch, total, stop)? == Outcome::Stopped {
                return Ok(Outcome::Stopped);
            }
            self.state.stage += 1;
            self.state.stage_step = 0;
            self.checkpoint()?;
        }
        Ok(Outcome::Finished)
    }

    /// Fresh heads on the backbone that the round before has adapted.
    fn begin_round(&mut self, round: usize) -> Result<()> {
        self.folder.begin_round(round)?;
        self.encoder = self.folder.encoder()?;
        self.progress.say(&format!("round {} of {}, on the adapted backbone", round + 1, self.config.rounds));
        let cache = self.cache.of(self.encoder.clone())?;
        for prepared in [&mut self.train, &mut self.validation] {
            prepared.see_anew(&cache, &self.device, &self.progress)?;
        }
        let seed = self.config.seed.wrapping_add((round as u64) << 40);
        self.distiller = Distiller::new(self.config.distill.clone(), seed, &self.device);
        if self.config.distill.needs_pixels() {
            self.distiller.backbone = Some(self.encoder.load(&self.device)?);
        }
        (self.state.best_teacher, self.state.best_student) = (None, None);
        Ok(())
    }

    /// From here on the best student so far learns together with the backbone.
    fn begin_adapting(&mut self) -> Result<()> {
        let device = self.device.clone().autodiff();
        let head = checkpoint::load_best_head(&self.folder.path, "student", StudentHead::new(0, &device))?;
        self.distiller.student = Trainee::new(head, &self.distiller.config);
        self.distiller.adapt(self.encoder.load(&device)?);
        Ok(())
    }

    fn run_stage(
        &mut self,
        stage: Stage,
        per_epoch: usize,
        total: usize,
        stop: &dyn Fn() -> Result<bool>,
    ) -> Result<Outcome> {
        let name = match stage.learner {
            _ if stage.adapts => "adapt",
            Learner::Teacher => "teacher",
            Learner::Student => "student",
            Learner::Both => "both",
        };
        let mut bar = self.progress.bar(name, total as u64);
        bar.inc(self.state.stage_step as u64);
        let mut visiting = (usize::MAX, Vec::new());
        while self.state.stage_step < total {
            if stop()? {
                self.flush()?;
                self.checkpoint()?;
                return Ok(Outcome::Stopped);
            }
            let (epoch, index) = (self.state.stage_step / per_epoch, self.state.stage_step % per_epoch);
            if visiting.0 != epoch {
                visiting = (epoch, order(self.train.cases.len(), self.config, self.state.stage, epoch));
            }
            let first = index * self.config.batch;
            let cases = &visiting.1[first..(first + self.config.batch).min(visiting.1.len())];
            let place = Place { stage: self.state.stage, epoch, first };
            let batch = build(&self.train, cases, self.config, place, (stage.learner, stage.adapts), &self.device);
            let peak = if stage.adapts { self.config.adapt_rate } else { self.config.rate };
            let rate = one_cycle(self.state.stage_step, total, peak);
            let moment = Moment {
                step: self.state.stage_step,
                total,
                rate,
                seed: seed_of(self.config.seed, self.state.stage, epoch, index),
            };
            self.pending.push(pollster::block_on(self.distiller.step(&batch, stage.learner, moment))?.losses);
            self.state.step += 1;
            self.state.stage_step += 1;
            let last_of_epoch = index + 1 == per_epoch;
            let message = if self.state.stage_step.is_multiple_of(READ_EVERY) || last_of_epoch {
                self.report(stage, per_epoch, rate)?
            } else {
                String::new()
            };
            if last_of_epoch {
                let line = self.validate(stage, epoch + 1)?;
                bar.say(&line);
            }
            bar.inc_with(1, &message);
            if self.state.step.is_multiple_of(self.checkpoint_every) && self.state.stage_step < total {
                self.checkpoint()?;
            }
        }
        bar.finish();
        Ok(Outcome::Finished)
    }

    /// Reads the losses that wait on the device into the state's sums.
    fn flush(&mut self) -> Result<()> {
        let read = |loss: Option<Tensor<1>>| -> Result<f64> {
            Ok(loss.map(|l| l.try_into_scalar::<f32>()).transpose()?.map_or(0.0, f64::from))
        };
        for losses in std::mem::take(&mut self.pending) {
            let sums = &mut self.state.pending;
            sums.teacher += read(losses.teacher)?;
            sums.student += read(losses.student)?;
            sums.alignment += read(losses.alignment)?;
            sums.consistency += read(losses.consistency)?;
            sums.count += 1.0;
        }
        Ok(())
    }

    fn report(&mut self, stage: Stage, per_epoch: usize, rate: f64) -> Result<String> {
        self.flush()?;
        let sums = std::mem::take(&mut self.state.pending);
        let mean = |learns: bool, sum: f64| (learns && sums.count > 0.0).then(|| sum / sums.count);
        let strategies = self.config.distill.strategies;
        let student = stage.learner != Learner::Teacher;
        let (teacher_loss, student_loss) =
            (mean(stage.learner != Learner::Student, sums.teacher), mean(student, sums.student));
        let alignment_loss = mean(student && strategies.afc, sums.alignment);
        let consistency_loss = mean(student && (strategies.cwc || self.distiller.partner.is_some()), sums.consistency);
        let epoch = self.state.stage_step as f64 / per_epoch as f64;
        let step = self.state.step;
        self.emit(TrainEvent::Step {
            step,
            epoch,
            rate,
            teacher_loss,
            student_loss,
            alignment_loss,
            consistency_loss,
        })?;
        let shown = [
            ("teacher loss", teacher_loss),
            ("student loss", student_loss),
            ("AFC", alignment_loss),
            ("consistency", consistency_loss),
        ];
        Ok(shown.into_iter().filter_map(|(name, loss)| loss.map(|l| format!("{name} {l:.4} "))).collect())
    }

    /// Tries the moving averages on the validation images and keeps the best.
    fn validate(&mut self, stage: Stage, epoch: usize) -> Result<String> {
        let (mut without, mut with, mut student) = (None, None, None);
        let mut best = false;
        let cases = 0..self.validation.cases.len();
        if stage.learner != Learner::Student {
            let head = &self.distiller.teacher.average;
            let ask = |gaze: bool| {
                self.probe.mean_dice(cases.clone().map(|case| {
                    let gaze = gaze.then(|| &self.validation.gaze[case]);
                    let asked = Asked { gaze, text: self.validation.text[case].as_ref() };
                    predict_teacher(head, &self.validation.features, case, asked, 1, &self.device)
                }))
            };
            without = ask(false)?;
            with = if self.config.gaze_prompt { ask(true)? } else { None };
            if improves(with.or(without), &mut self.state.best_teacher) {
                checkpoint::save_best(&self.folder.path, "teacher", head)?;
                best = true;
            }
        }
        if stage.learner != Learner::Teacher {
            let now = Student {
                head: self.distiller.student.average.clone(),
                partner: self.distiller.partner.as_ref().map(|partner| partner.average.clone()),
                backbone: self.distiller.adapted.as_ref().map(|adapted| adapted.average.clone()),
            };
            student = self
                .probe
                .mean_dice(cases.map(|case| predict_student(&now, &self.validation.features, case, 1, &self.device)))?;
            if improves(student, &mut self.state.best_student) {
                if let Some(backbone) = &now.backbone {
                    checkpoint::save_best(&self.folder.path, "backbone", backbone)?;
                }
                if let Some(partner) = &now.partner {
                    checkpoint::save_best(&self.folder.path, "partner", partner)?;
                }
                checkpoint::save_best(&self.folder.path, "student", &now.head)?;
                best = true;
            }
        }
        self.emit(TrainEvent::Validation {
            step: self.state.step,
            epoch,
            teacher_dice: without,
            teacher_dice_with_gaze: with,
            student_dice: student,
            against: self.probe.against.into(),
            best,
        })?;
        let shown = |name: &str, dice: Option<f64>| dice.map(|d| format!(", {name} {d:.4}")).unwrap_or_default();
        Ok(format!(
            "epoch {epoch}: validation Dice{}{}{}{}",
            shown("teacher without gaze", without),
            shown("teacher with gaze", with),
            shown("student", student),
            if best { " (best so far)" } else { "" }
        ))
    }

    /// Replaces the student's targets by the best teacher's view of the training images, with all their gaze and text.
    fn relabel(&mut self) -> Result<()> {
        let head = checkpoint::load_best_head(&self.folder.path, "teacher", TeacherHead::new(0, &self.device))?;
        let flips = self.train.features.flips();
        let mut bar = self.progress.bar("relabel", self.train.cases.len() as u64);
        for case in 0..self.train.cases.len() {
            let gaze = self.config.gaze_prompt.then(|| &self.train.gaze[case]);
            let asked = Asked { gaze, text: self.train.text[case].as_ref() };
            let logits = predict_teacher(&head, &self.train.features, case, asked, flips, &self.device)?;
            self.train.student[case] =
                relabelled_target(&probabilities(&logits, TEACHER_SIDE), &self.train.masks[case]);
            bar.inc(1);
        }
        bar.finish();
        Ok(())
    }

    fn checkpoint(&mut self) -> Result<()> {
        self.flush()?;
        checkpoint::save(&self.folder.checkpoints(), &self.state, &self.distiller)?;
        self.emit(TrainEvent::Checkpoint { step: self.state.step })
    }

    fn emit(&mut self, event: TrainEvent) -> Result<()> {
        self.sinks.write(&event)
    }
}

/// Takes `dice` when it beats the best, or when there is nothing to compare (no validation images: the last wins).
fn improves(dice: Option<f64>, best: &mut Option<f64>) -> bool {
    match (dice, *best) {
        (Some(dice), Some(old)) if dice <= old => false,
        (Some(dice), _) => {
            *best = Some(dice);
            true
        }
        (None, _) => true,
    }
}
