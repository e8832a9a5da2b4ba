//! What a training tells the world. Terminal, JSONL and CSV only consume these.

use serde::{Deserialize, Serialize};

use crate::data::truth::UniformTruths;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum TrainEvent {
    /// A stage began.
    Stage {
        /// Steps taken before it.
        step: usize,
        /// `teacher`, `student` or `both`.
        learner: String,
        /// Steps it will take.
        steps: usize,
    },
    /// Mean losses since the last such event.
    Step {
        /// Steps taken in the whole run.
        step: usize,
        /// Passes over the data in this stage, with fraction.
        epoch: f64,
        /// Learning rate of the last step.
        rate: f64,
        /// Mean teacher loss.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        teacher_loss: Option<f64>,
        /// Mean loss of the student against its own target.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        student_loss: Option<f64>,
        /// Mean feature alignment (AFC), before its weight.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        alignment_loss: Option<f64>,
        /// Mean consistency (CWC), before its weight.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        consistency_loss: Option<f64>,
    },
    /// The moving averages were tried on the validation images.
    Validation {
        /// Steps taken in the whole run.
        step: usize,
        /// Whole passes over the data in this stage.
        epoch: usize,
        /// Mean Dice of the teacher without gaze.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        teacher_dice: Option<f64>,
        /// Mean Dice of the teacher with all gaze of the image.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        teacher_dice_with_gaze: Option<f64>,
        /// Mean Dice of the student.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        student_dice: Option<f64>,
        /// What Dice was measured against: `masks`, or `pseudo-masks` where validation images have none.
        against: String,
        /// Images whose truth is empty or full; absent where there are none.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        uniform_truths: Option<UniformTruths>,
        /// Whether these are the best weights so far.
        best: bool,
    },
    /// The state was written to disk.
    Checkpoint {
        /// Steps taken in the whole run.
        step: usize,
    },
}

impl TrainEvent {
    /// The step the event belongs to.
    pub(crate) fn step(&self) -> usize {
        match self {
            Self::Stage { step, .. }
            | Self::Step { step, .. }
            | Self::Validation { step, .. }
            | Self::Checkpoint { step } => *step,
        }
    }

    /// Whether all of its numbers are finite.
    pub(crate) fn is_finite(&self) -> bool {
        let numbers = match self {
            Self::Stage { .. } | Self::Checkpoint { .. } => Vec::new(),
            Self::Step { epoch, rate, teacher_loss, student_loss, alignment_loss, consistency_loss, .. } => {
                vec![Some(*epoch), Some(*rate), *teacher_loss, *student_loss, *alignment_loss, *consistency_loss]
            }
            Self::Validation { teacher_dice, teacher_dice_with_gaze, student_dice, .. } => {
                vec![*teacher_dice, *teacher_dice_with_gaze, *student_dice]
            }
        };
        numbers.into_iter().flatten().all(f64::is_finite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_not_finite_is_seen() {
        let validation = |dice| TrainEvent::Validation {
            step: 1,
            epoch: 1,
            teacher_dice: None,
            teacher_dice_with_gaze: Some(0.5),
            student_dice: Some(dice),
            against: "masks".into(),
            uniform_truths: None,
            best: false,
        };
        assert!(validation(0.5).is_finite() && !validation(f64::NAN).is_finite());
        assert!(!validation(f64::INFINITY).is_finite());
    }
}
