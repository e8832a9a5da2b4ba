//! The loop: stages of steps, events out, a checkpoint now and then, the best weights kept.

mod numbers;

use std::{fs, path::Path};

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::distill::{Learner, StepContext};

use super::{
    Progress, RunFolder, Sinks, TrainEvent,
    checkpoint::{self, State},
    diverged::{self, At, Pending},
    engine::{Engine, Stage},
    lite::Lite,
    names::CONFIG,
    paper::Paper,
    prepared::Prepared,
    progress::Bar,
    randomness::{DrawAddress, order, seed_of},
};
use crate::{
    config::{Preset, TrainConfig},
    data::image_store::ImageStore,
    features::FeatureCache,
    signals::{self, Stopped},
};

/// How a call to [`Trainer::run`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Every stage is done.
    Finished,
    /// It was asked to stop; the state is on disk.
    Stopped,
}

/// A run at work.
pub(crate) struct Trainer<'a> {
    config: &'a TrainConfig,
    folder: &'a RunFolder,
    /// The configuration as its file said it when the run was opened, for checkpoints.
    written_config: String,
    engine: Box<dyn Engine + 'a>,
    state: State,
    sinks: Sinks,
    progress: Progress<'a>,
    /// Steps between checkpoints.
    checkpoint_every: usize,
    pending: Vec<Pending>,
    /// The last step that was taken.
    last: Option<At>,
}

/// Steps between reads of the losses: on a GPU a read waits for everything queued.
const READ_EVERY: usize = 10;

/// What a run is made of.
pub(crate) struct TrainerParts<'a> {
    /// What is trained.
    pub(crate) config: &'a TrainConfig,
    /// Where it is kept.
    pub(crate) folder: &'a RunFolder,
    /// The image files.
    pub(crate) store: &'a ImageStore,
    /// Features of the backbone that the run goes on with.
    pub(crate) cache: &'a FeatureCache,
    /// Where to compute.
    pub(crate) device: &'a Device,
    /// The images that train, and those that weights are chosen on.
    pub(crate) data: (Prepared, Prepared),
    /// Another run, from the end of whose teacher's stage this one begins.
    pub(crate) teacher: Option<&'a Path>,
    /// Steps between checkpoints.
    pub(crate) checkpoint_every: usize,
    /// Bars.
    pub(crate) progress: Progress<'a>,
}

impl<'a> Trainer<'a> {
    /// Sets a run up and, where its folder holds a checkpoint, goes on from the newest; else from
    /// the end of the teacher's stage in another run's folder, where one is named.
    ///
    /// # Errors
    /// A damaged checkpoint, or a folder that cannot be written.
    pub(crate) fn new(parts: TrainerParts<'a>) -> Result<Self> {
        let TrainerParts { config, folder, store, cache, device, data, teacher, checkpoint_every, progress } = parts;
        let (engine, state, takes_over): (Box<dyn Engine + 'a>, _, _) = match &config.preset {
            Preset::Lite(lite) => {
                let (engine, start) =
                    Lite::open((config, lite), folder, store, (cache, device), data, teacher, progress)?;
                (Box::new(engine), start.state, start.taken_over)
            }
            Preset::Paper(paper) => {
                let (engine, state) = Paper::open((config, paper), folder, device, data, progress)?;
                (Box::new(engine), state, false)
            }
        };
        if let Some(uniform) = engine.uniform_truths() {
            progress.say(&format!("of the validation images, {uniform}"));
        }
        let state = state.unwrap_or_default();
        let file = folder.path.join(CONFIG);
        let written_config = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let sinks = Sinks::open(&folder.path, &state)?;
        let checkpoint_every = checkpoint_every.max(1);
        let mut trainer = Self {
            config,
            folder,
            written_config,
            engine,
            state,
            sinks,
            progress,
            checkpoint_every,
            pending: Vec::new(),
            last: None,
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

    /// Trains until everything is done or `stop` says so; asked before every step.
    ///
    /// # Errors
    /// A device or a disk that fails, and those of `stop`, after which nothing more is written.
    pub(crate) fn run(&mut self, stop: &dyn Fn() -> Result<bool>) -> Result<Outcome> {
        let stages = self.engine.stages();
        let per_epoch = self.engine.images().div_ceil(self.config.batch);
        while let Some(stage) = stages.get(self.state.stage) {
            let fresh = self.state.stage_step == 0;
            if let Err(error) = self.engine.begin(*stage, fresh) {
                // What a stage begins with is made again when the run goes on.
                return if error.is::<Stopped>() { Ok(Outcome::Stopped) } else { Err(error) };
            }
            let before = self.state.stage.checked_sub(1).map(|last| stages[last]);
            if fresh && before.is_some_and(|before| before.round < stage.round || before.labels != stage.labels) {
                // New heads have yet to show what they can.
                (self.state.best_teacher, self.state.best_student) = (None, None);
            }
            if fresh {
                let learner = format!("{:?}", stage.learner).to_lowercase();
                self.emit(TrainEvent::Stage { step: self.state.step, learner, steps: stage.steps })?;
            }
            if self.run_stage(*stage, per_epoch, stop)? == Outcome::Stopped {
                return Ok(Outcome::Stopped);
            }
            self.state.stage += 1;
            self.state.stage_step = 0;
            self.checkpoint()?;
        }
        Ok(Outcome::Finished)
    }

    fn run_stage(&mut self, stage: Stage, per_epoch: usize, stop: &dyn Fn() -> Result<bool>) -> Result<Outcome> {
        let total = stage.steps;
        let mut bar = self.progress.bar(stage.name, total as u64);
        bar.inc(self.state.stage_step as u64);
        let mut visiting = (usize::MAX, Vec::new());
        if self.state.validates_next && self.end_epoch(stage, self.state.stage_step.div_ceil(per_epoch), &bar)? {
            return Ok(Outcome::Stopped);
        }
        while self.state.stage_step < total {
            if signals::save_wanted() {
                self.checkpoint()?;
                eprintln!("saved a checkpoint at step {}, and going on", self.state.step);
            }
            if stop()? {
                self.flush()?;
                self.checkpoint()?;
                return Ok(Outcome::Stopped);
            }
            let (epoch, index) = (self.state.stage_step / per_epoch, self.state.stage_step % per_epoch);
            if visiting.0 != epoch {
                visiting = (epoch, order(self.engine.images(), self.config, self.state.stage, epoch));
            }
            let first = index * self.config.batch;
            let cases = &visiting.1[first..(first + self.config.batch).min(visiting.1.len())];
            let address = DrawAddress { stage: self.state.stage, epoch, first };
            let rate = self.engine.rate(stage, self.state.stage_step);
            let context = StepContext {
                step: self.state.stage_step,
                total,
                rate,
                seed: seed_of(self.config.seed, self.state.stage, epoch, index),
            };
            let stepped = self.engine.step(cases, stage, address, context)?;
            self.state.step += 1;
            self.state.stage_step += 1;
            let at = At { step: self.state.step, epoch: epoch + 1, stage: stage.name, rate };
            self.last = Some(at);
            let (losses, inputs) = (stepped.losses, stepped.inputs);
            self.pending.push(Pending { losses, inputs, at, cases: cases.to_vec() });
            // A stage may end in the middle of an epoch.
            let last_of_epoch = index + 1 == per_epoch || self.state.stage_step == total;
            let message = if self.state.stage_step.is_multiple_of(READ_EVERY) || last_of_epoch {
                self.report(stage, per_epoch, rate)?
            } else {
                String::new()
            };
            if last_of_epoch && self.end_epoch(stage, epoch + 1, &bar)? {
                return Ok(Outcome::Stopped);
            }
            bar.inc_with(1, &message);
            if self.state.step.is_multiple_of(self.checkpoint_every) && self.state.stage_step < total {
                self.checkpoint()?;
            }
        }
        bar.finish();
        Ok(Outcome::Finished)
    }

    /// Validates. Gives whether it was asked to stop instead: then the run goes on with the validation.
    fn end_epoch(&mut self, stage: Stage, epoch: usize, bar: &Bar) -> Result<bool> {
        match self.validate(stage, epoch) {
            Ok(line) => {
                self.state.validates_next = false;
                bar.say(&line);
                Ok(false)
            }
            Err(error) if error.is::<Stopped>() => {
                self.state.validates_next = true;
                self.checkpoint()?;
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }

    /// Tries the weights on the validation images and keeps the best.
    fn validate(&mut self, stage: Stage, epoch: usize) -> Result<String> {
        self.ensure_finite_weights()?;
        let tried = self.engine.validate(stage)?;
        let (without, with, student) = (tried.teacher, tried.teacher_with_gaze, tried.student);
        let mut best = false;
        if stage.learner != Learner::Student && improves(with.or(without), &mut self.state.best_teacher) {
            self.engine.keep_teacher()?;
            best = true;
        }
        if stage.learner != Learner::Teacher && improves(student, &mut self.state.best_student) {
            self.engine.keep_student()?;
            best = true;
        }
        self.emit(TrainEvent::Validation {
            step: self.state.step,
            epoch,
            teacher_dice: without,
            teacher_dice_with_gaze: with,
            student_dice: student,
            against: self.engine.against().into(),
            uniform_truths: self.engine.uniform_truths(),
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

    fn checkpoint(&mut self) -> Result<()> {
        self.flush()?;
        self.ensure_finite_weights()?;
        let (run, config) = (&self.folder.path, &self.written_config);
        checkpoint::save(run, config, &self.state, |files| self.engine.save(files))?;
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
