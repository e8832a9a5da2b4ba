//! What goes into a step and what comes out of it.

use burn::tensor::Tensor;

use super::consistency::Reliable;
use crate::{
    model::{GazePrompt, PhraseTokens, Pyramid},
    plane::Mask,
};

/// One batch: what the networks see, and what of it teaches whom. All tensors are without autodiff.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Backbone features of the images as they are.
    pub features: Pyramid,
    /// Channel dropout: what the learners' features are multiplied by, `[batch, channels, 1, 1]` a
    /// level. A network that only advises sees the features as they are.
    pub dropout: Option<[Tensor<4>; 4]>,
    /// Who learns, and from what.
    pub supervision: Supervision,
}

/// Who learns from a batch, and what it is told.
#[derive(Clone, Debug)]
pub enum Supervision {
    /// The teacher, from its pseudo-masks.
    Teacher(Box<TeacherSupervision>),
    /// The student, from its target.
    Student(Box<StudentSupervision>),
    /// Both at once, as the paper trains them; neither's loss reaches the other's weights, unless `mutual` says so.
    Both(Box<TeacherSupervision>, Box<StudentSupervision>),
}

impl Supervision {
    /// The teacher's part.
    pub fn teacher(&self) -> Option<&TeacherSupervision> {
        match self {
            Self::Teacher(teacher) | Self::Both(teacher, _) => Some(teacher),
            Self::Student(_) => None,
        }
    }

    /// The student's part.
    pub fn student(&self) -> Option<&StudentSupervision> {
        match self {
            Self::Student(student) | Self::Both(_, student) => Some(student),
            Self::Teacher(_) => None,
        }
    }
}

/// A soft target and the weight of every pixel, `[batch, 1, side, side]` each at the side of the head's logits.
#[derive(Clone, Debug)]
pub struct WeightedTarget {
    /// What to predict, 0..1.
    pub value: Tensor<4>,
    /// 1 where a pixel counts, 0 where it does not.
    pub weight: Tensor<4>,
}

/// What a teacher is asked with, besides the image.
#[derive(Clone, Debug)]
pub struct TeacherInput {
    /// The gaze prompt.
    pub prompt: GazePrompt,
    /// The text; `None` is no text for any image.
    pub text: Option<PhraseTokens>,
}

impl TeacherInput {
    /// The tokens, none where there is no text.
    pub(super) fn tokens(&self) -> PhraseTokens {
        match &self.text {
            Some(text) => text.clone(),
            None => {
                let maps = &self.prompt.levels[0];
                PhraseTokens::none(maps.dims()[0], &maps.device())
            }
        }
    }
}

/// What the teacher learns from.
#[derive(Clone, Debug)]
pub struct TeacherSupervision {
    /// What it sees of gaze and words.
    pub input: TeacherInput,
    /// Its target.
    pub target: WeightedTarget,
}

/// What the student learns from.
#[derive(Clone, Debug)]
pub struct StudentSupervision {
    /// Its target.
    pub target: WeightedTarget,
    /// The target of its partner. Needed where there is one.
    pub partner: Option<WeightedTarget>,
    /// What the finished teacher that directs it is asked with. Needed by every strategy while no teacher learns.
    pub advice: Option<TeacherInput>,
    /// The images `[batch, 3, 224, 224]`, normalised, mirrored as the features are. Needed by what
    /// hides or mixes pixels.
    pub images: Option<Tensor<4>>,
    /// Where high-confidence and broad pseudo-mask differ, an image each. Needed by DARM.
    pub disputed: Vec<Mask>,
}

impl StudentSupervision {
    /// A target and nothing that a strategy could need.
    pub fn plain(target: WeightedTarget) -> Self {
        Self { target, partner: None, advice: None, images: None, disputed: Vec::new() }
    }
}

/// Which step of a stage is taken, at which rate, and from which seed its random draws come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepContext {
    /// Steps taken before in this stage.
    pub step: usize,
    /// Steps of the stage.
    pub total: usize,
    /// Learning rate.
    pub rate: f64,
    /// Seed of whatever the strategies draw in this step.
    pub seed: u64,
}

impl StepContext {
    /// A step outside of any schedule, after every ramp and warm-up.
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

/// What the strategies looked at in a step: for reports and for the page. Empty where a strategy is off.
#[derive(Clone, Debug, Default)]
pub struct StepDiagnostics {
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
    pub diagnostics: StepDiagnostics,
}

/// A step that could not be taken; the learners are as they were before it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StepError {
    /// A device that failed.
    #[error("the device failed in a training step: {0}")]
    Device(String),
    /// A batch or a distiller without something that the configuration asks for.
    #[error("a training step lacks {0}: the batch was made for another configuration")]
    Lacks(&'static str),
}
