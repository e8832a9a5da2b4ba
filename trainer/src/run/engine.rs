//! What the loop asks of a preset: its stages, its steps, its weights.

use anyhow::Result;
use fovea_shared::distill::{Learner, NamedSum, StepContext, StepLosses};

use super::{manifest::Files, randomness::DrawAddress};
use crate::{data::truth::UniformTruths, per_model::PerModel};

/// One stage: who learns, and for how many steps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage {
    /// For people.
    pub(super) name: &'static str,
    pub(super) learner: Learner,
    pub(super) steps: usize,
    /// Whether the teacher that learns is the first, which draws from images alone to make labels.
    pub(super) labels: bool,
    /// Whether the backbone learns with the student.
    pub(super) adapts: bool,
    /// The round, from 0: a further one has fresh networks.
    pub(super) round: usize,
}

/// What a step leaves on the device.
pub(super) struct Stepped {
    pub(super) losses: StepLosses,
    /// A sum of each kind of input: finite where the input is.
    pub(super) inputs: Vec<NamedSum>,
}

/// The networks of a preset in training, with their data.
pub(super) trait Engine {
    /// Training images.
    fn images(&self) -> usize;

    /// All stages, in order, none without steps.
    fn stages(&self) -> Vec<Stage>;

    /// Gets ready for a stage, of which steps were taken before where it is not `fresh`.
    fn begin(&mut self, stage: Stage, fresh: bool) -> Result<()>;

    /// The learning rate of a stage's step.
    fn rate(&self, stage: Stage, step: usize) -> f64;

    /// One optimiser step on some cases.
    fn step(&mut self, cases: &[usize], stage: Stage, address: DrawAddress, context: StepContext) -> Result<Stepped>;

    /// A sum of the weights of every network that learns: finite where the weights are.
    fn weight_sums(&self) -> Vec<NamedSum>;

    /// The first of some training images whose stored features hold a number that is not finite, by
    /// the name of its file.
    fn broken_features(&self, cases: &[usize]) -> Option<String>;

    /// Tries the networks that learn in a stage on the validation images: mean Dice; nothing of the
    /// others, and without validation images.
    fn validate(&self, stage: Stage) -> Result<PerModel<f64>>;

    /// What validation Dice is measured against.
    fn against(&self) -> &'static str;

    /// The validation images whose truth is empty or full.
    fn uniform_truths(&self) -> Option<UniformTruths>;

    /// Keeps the teacher as it is now as the best.
    fn keep_teacher(&self) -> Result<()>;

    /// Keeps the student as it is now as the best.
    fn keep_student(&self) -> Result<()>;

    /// Writes everything that learns into a checkpoint.
    fn save(&self, checkpoint: &mut Files) -> Result<()>;
}
