//! What goes into a step and what comes out of it.

use burn::tensor::Tensor;

use super::consistency::Reliable;
use crate::{
    model::{GazePrompt, PhraseTokens, Pyramid},
    plane::Mask,
};

/// One batch. Targets and weights are `[batch, 1, side, side]` at the side of the head's logits. All tensors are without autodiff.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Backbone features of the images as they are.
    pub features: Pyramid,
    /// Channel dropout: what the learners' features are multiplied by, `[batch, channels, 1, 1]` a level. Whoever only advises sees
    /// the features as they are.
    pub dropout: Option<[Tensor<4>; 4]>,
    /// The images `[batch, 3, 224, 224]`, normalised, mirrored as the features are. Needed by what hides or mixes pixels.
    pub images: Option<Tensor<4>>,
    /// The teacher's gaze prompt. Needed when the teacher learns or advises.
    pub prompt: Option<GazePrompt>,
    /// The teacher's text; `None` is no text for any image.
    pub text: Option<PhraseTokens>,
    /// The teacher's target and weight. Needed when the teacher learns.
    pub teacher: Option<(Tensor<4>, Tensor<4>)>,
    /// The student's target and weight. Needed when the student learns.
    pub student: Option<(Tensor<4>, Tensor<4>)>,
    /// The target and weight of the student's partner. Needed where there is one.
    pub partner: Option<(Tensor<4>, Tensor<4>)>,
    /// Where high-confidence and broad pseudo-mask differ, an image each. Needed by DARM.
    pub disputed: Vec<Mask>,
}

/// When a step is taken, and with which dice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Steps taken before in this stage.
    pub step: usize,
    /// Steps of the stage.
    pub total: usize,
    /// Learning rate.
    pub rate: f64,
    /// Seed of whatever the strategies draw in this step.
    pub seed: u64,
}

impl Moment {
    /// A moment outside of any schedule, after every ramp and warm-up.
    pub fn late(rate: f64, seed: u64) -> Self {
        Self { step: 1, total: 1, rate, seed }
    }
}

/// The losses of one step, each before its weight, left on the device until somebody reads them.
#[derive(Clone, Debug, Default)]
pub struct StepLosses {
    /// Set when the teacher learnt.
    pub teacher: Option<Tensor<1>>,
    /// The student's own target. Set when the student learnt.
    pub student: Option<Tensor<1>>,
    /// AFC.
    pub alignment: Option<Tensor<1>>,
    /// CWC, or the consistency of a two-level pair.
    pub consistency: Option<Tensor<1>>,
}

/// What the strategies saw in a step: for reports and for the page. Empty where a strategy is off.
#[derive(Clone, Debug, Default)]
pub struct Saw {
    /// AFC: cosine between student and teacher at every place, `[batch, 1, side, side]` for strides 8, 16 and 32.
    pub cosine: Vec<Tensor<4>>,
    /// The teacher's probabilities at the student's side, `[batch, 1, 56, 56]`.
    pub teacher: Option<Tensor<4>>,
    /// CWC: where the student followed and how strongly.
    pub reliable: Option<Reliable>,
    /// DARM: where it looked, an image each.
    pub disagreement: Vec<Mask>,
    /// DARM: the pixels that it hid, `[224, 224]` an image.
    pub masked: Vec<Mask>,
}

/// What a step gives back.
#[derive(Clone, Debug, Default)]
pub struct StepReport {
    /// The losses.
    pub losses: StepLosses,
    /// What the strategies saw.
    pub saw: Saw,
}

/// A device that failed in the middle of a step; the learners are as they were before it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the device failed in a training step: {0}")]
pub struct StepError(pub String);
