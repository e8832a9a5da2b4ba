//! Students that learn while the visitor watches.

use fovea_shared::{distill::Strategies, gaze::Fixation};
use serde::{Deserialize, Serialize};

use super::{Inside, OpenRequest, Outline, Text};

/// Who is to learn, from what.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LiveRequest {
    /// Image that is meant: the open one.
    pub image: u64,
    /// The learners, in the order of the screen.
    pub students: Vec<LiveStart>,
    /// What they learn to predict.
    pub target: LiveTarget,
    /// Other images to learn from by turns, each with its own gaze. Their masks are not read.
    pub more: Vec<OpenRequest>,
    /// Seed of fresh weights and of whatever the strategies draw.
    pub seed: u64,
}

/// How one learner starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveStart {
    /// What directs it.
    pub strategies: Strategies,
    /// The place of the trained student whose weights it starts from; nothing: fresh weights.
    pub from: Option<usize>,
}

/// What a learner is told to predict: made from gaze, never from a mask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LiveTarget {
    /// The broad pseudo-mask of the gaze (the paper). It needs a fixation.
    #[default]
    BroadMask,
    /// The heat map of the gaze as it is, cut at the broad level. It needs a fixation.
    HeatMap,
    /// What the teacher draws with this gaze and text.
    Teacher,
}

impl LiveTarget {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::BroadMask, Self::HeatMap, Self::Teacher];

    /// The name in menus and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::BroadMask => "broad",
            Self::HeatMap => "heat",
            Self::Teacher => "teacher",
        }
    }

    /// The target with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }

    /// Whether there is nothing to learn from without a fixation.
    pub fn needs_gaze(self) -> bool {
        match self {
            Self::BroadMask | Self::HeatMap => true,
            Self::Teacher => false,
        }
    }
}

/// Some steps to take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveStep {
    /// Image that is meant.
    pub image: u64,
    /// How many.
    pub steps: usize,
    /// The visitor's gaze now, first look first: what the open image's supervision is made of.
    pub fixations: Vec<Fixation>,
    /// The teacher's text now.
    pub text: Text,
}

/// Where the learners are.
#[derive(Debug, Serialize, Deserialize)]
pub struct LearntStep {
    /// Number of the image.
    pub image: u64,
    /// Steps taken so far.
    pub step: usize,
    /// Time for the steps of this answer, all learners together, in ms.
    pub ms: f64,
    /// Steps in this answer.
    pub steps: usize,
    /// What the learners are told to predict on the open image; nothing before the first step.
    pub target: Option<Outline>,
    /// The learners, in the order of the request.
    pub students: Vec<LiveSeen>,
}

/// One learner after some steps.
#[derive(Debug, Serialize, Deserialize)]
pub struct LiveSeen {
    /// Its mask on the open image: that of the moving average of its weights, which is also what the trainer keeps.
    pub outline: Outline,
    /// The loss on its own target in the last step.
    pub loss: Option<f32>,
    /// AFC's loss before its weight.
    pub alignment: Option<f32>,
    /// CWC's loss before its weight.
    pub consistency: Option<f32>,
    /// What the strategies saw in the last step on the open image.
    pub inside: Inside,
}
