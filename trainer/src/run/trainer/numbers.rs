//! The numbers of a training at work: losses as they come from the device, and that they and the weights are finite.

use anyhow::{Result, bail};
use fovea_shared::distill::{Learner, StudentTarget};

use super::{Trainer, checkpoint, diverged, diverged::Broken};
use crate::run::{TrainEvent, diverged::At, engine::Stage};

impl Trainer<'_> {
    /// Reads the losses that wait on the device into the state's sums.
    ///
    /// # Errors
    /// One that is not finite: the run has diverged and must not go on.
    pub(super) fn flush(&mut self) -> Result<()> {
        for pending in std::mem::take(&mut self.pending) {
            if let Some(broken) = pending.read(&mut self.state.pending)? {
                return self.diverged(&broken, pending.at, &pending.cases);
            }
        }
        Ok(())
    }

    /// Refuses weights that are not finite: the last step's loss may have been finite and its gradient not.
    ///
    /// # Errors
    /// As [`Self::flush`].
    pub(super) fn ensure_finite_weights(&self) -> Result<()> {
        let (Some((network, value)), Some(at)) = (diverged::first_broken(&self.engine.weight_sums())?, self.last)
        else {
            return Ok(());
        };
        let what = format!("the sum of the {network}'s weights after the step");
        self.diverged(&Broken { what, value, input: None }, at, &[])
    }

    /// The error that ends a run that has diverged.
    fn diverged(&self, broken: &Broken, at: At, cases: &[usize]) -> Result<()> {
        let image = broken.input.and_then(|_| self.engine.broken_features(cases));
        let newest = checkpoint::newest(&self.folder.path)?.map(|path| path.display().to_string());
        let lower = match at.stage {
            "adapt" => format!(
                "--set adapt-rate={:e}",
                self.config.adapting().map_or(self.config.rate, |adapting| adapting.rate) / 10.0
            ),
            _ => format!("--rate {:e}", self.config.rate / 10.0),
        };
        bail!(diverged::message(broken, at, image.as_deref(), &lower, newest.as_deref()))
    }

    /// Tells the mean losses since the last time; gives them for people.
    ///
    /// # Errors
    /// Those of [`Self::flush`].
    pub(super) fn report(&mut self, stage: Stage, per_epoch: usize, rate: f64) -> Result<String> {
        self.flush()?;
        let sums = std::mem::take(&mut self.state.pending);
        let mean = |learns: bool, sum: f64| (learns && sums.count > 0.0).then(|| sum / sums.count);
        let strategies = self.config.distill.strategies;
        let pair = self.config.student_target == StudentTarget::TwoLevel;
        let student = stage.learner != Learner::Teacher;
        let (teacher_loss, student_loss) =
            (mean(stage.learner != Learner::Student, sums.teacher), mean(student, sums.student));
        let alignment_loss = mean(student && strategies.afc, sums.alignment);
        let consistency_loss = mean(student && (strategies.cwc || pair), sums.consistency);
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
}
