//! In which order teacher and student learn.

use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use crate::features::Drawing;

/// The order of learning as files and flags name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScheduleName {
    /// Teacher first, then the student with the teacher frozen.
    TwoStage,
    /// Both in every step, as the paper does.
    Joint,
}

/// Who learns when, for the preset `lite`.
#[derive(Clone, Debug, PartialEq)]
pub enum Schedule {
    /// Both in every step, as the paper does.
    Joint(StudentStage),
    /// The teacher alone, and no student.
    Teacher(TeacherStage),
    /// The student alone: it learns without a teacher.
    Student(StudentStage),
    /// The teacher first, then the student with the teacher frozen.
    TwoStage(TeacherStage, StudentStage),
    /// Both stages and adapting, several times, each time on the backbone that the round before has adapted.
    Rounds {
        /// The teacher's stage of every round.
        teacher: TeacherStage,
        /// Passes of the student's stage.
        student_epochs: NonZeroUsize,
        /// How the student then adapts the backbone.
        adapting: Adapting,
        /// How many rounds, two at least.
        rounds: NonZeroUsize,
    },
}

/// The teacher's stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TeacherStage {
    /// Passes in which a first teacher learns to make labels; 0: the pseudo-masks are the labels.
    pub label_epochs: usize,
    /// Passes of the teacher.
    pub epochs: NonZeroUsize,
}

/// The student's stage, or the joint one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudentStage {
    /// Passes.
    pub epochs: NonZeroUsize,
    /// How the student adapts the backbone afterwards, where it does.
    pub adapting: Option<Adapting>,
}

/// The student learns on, together with stages 3 to 6 of the backbone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adapting {
    /// Passes.
    pub epochs: NonZeroUsize,
    /// Peak learning rate of the head.
    pub rate: f64,
    /// Views drawn of every image, beside its mirror images.
    pub views: usize,
    /// How far those may be from the image.
    pub drawing: Drawing,
    /// Share of samples that show a part of another image (CutMix).
    pub mix: f64,
}

impl Schedule {
    /// The teacher's stage, where it has one of its own.
    pub fn teacher(&self) -> Option<TeacherStage> {
        match self {
            Self::Teacher(teacher) | Self::TwoStage(teacher, _) | Self::Rounds { teacher, .. } => Some(*teacher),
            Self::Joint(_) | Self::Student(_) => None,
        }
    }

    /// The student's stage, or the joint one.
    pub fn student(&self) -> Option<StudentStage> {
        match self {
            Self::Joint(student) | Self::Student(student) | Self::TwoStage(_, student) => Some(*student),
            Self::Rounds { student_epochs, adapting, .. } => {
                Some(StudentStage { epochs: *student_epochs, adapting: Some(*adapting) })
            }
            Self::Teacher(_) => None,
        }
    }

    /// How the student adapts the backbone, where it does.
    pub fn adapting(&self) -> Option<Adapting> {
        self.student().and_then(|student| student.adapting)
    }

    /// How often everything is done.
    pub fn rounds(&self) -> usize {
        match self {
            Self::Rounds { rounds, .. } => rounds.get(),
            _ => 1,
        }
    }

    /// Passes over the training images in one round: of the teacher alone, and of what follows.
    pub fn passes(&self) -> (usize, usize) {
        let teacher = self.teacher().map_or(0, |teacher| teacher.label_epochs + teacher.epochs.get());
        let adapting = self.adapting().map_or(0, |adapting| adapting.epochs.get());
        (teacher, self.student().map_or(0, |student| student.epochs.get()) + adapting)
    }

    /// Whether both learn in every step.
    pub fn is_joint(&self) -> bool {
        matches!(self, Self::Joint(_))
    }
}
