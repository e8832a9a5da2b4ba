//! One picture of a collection.

use fovea_shared::gaze::Fixation;
use serde::{Deserialize, Serialize};

use super::shape::Shape;
use crate::{app::teach::glances::seconds, text::Message};

/// What became of a picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Mark {
    /// Nobody has looked at it yet.
    #[default]
    Waiting,
    /// It was looked at: at least one fixation, first look first.
    Glanced(Vec<Fixation>),
    /// It is left out.
    Skipped,
    /// Its outline was drawn by hand.
    Drawn {
        /// What is inside.
        shape: Shape,
        /// How long that took, in seconds.
        seconds: f64,
    },
}

impl Mark {
    /// How long it took, in seconds; nothing where nothing was done.
    pub fn seconds(&self) -> Option<f64> {
        match self {
            Self::Glanced(fixations) => Some(seconds(fixations)),
            Self::Drawn { seconds, .. } => Some(*seconds),
            Self::Waiting | Self::Skipped => None,
        }
    }

    /// Its name in files and in the style sheet.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Glanced(_) => "glanced",
            Self::Skipped => "skipped",
            Self::Drawn { .. } => "drawn",
        }
    }
}

/// What the visitor says of the student's mask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Verdict {
    /// It is right as it is.
    Accepted(Shape),
    /// It is right as it was mended.
    Mended(Shape),
}

/// Where a mask comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The student drew it, and the visitor accepted it.
    Accepted,
    /// The student drew it, and the visitor mended it.
    Mended,
    /// It came as a file.
    Truth,
    /// The visitor drew it.
    Drawn,
}

/// A picture and all that is known of it but its pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its number here, and for the engine.
    pub number: u64,
    /// Its id in the data set.
    pub id: String,
    /// Name of its file as it was brought.
    pub file: String,
    /// `jpg`, `png` or `webp`, by its content.
    pub extension: String,
    /// Width and height, upright, in pixels.
    pub size: (u32, u32),
    /// What became of it.
    pub mark: Mark,
    /// The mask that came with it.
    pub truth: Option<Shape>,
    /// What the visitor says of the student's mask.
    pub verdict: Option<Verdict>,
    /// Why the engine cannot read it, where that is so.
    #[serde(skip)]
    pub unreadable: Option<Message>,
}

impl Item {
    /// Its mask in the data set: what the visitor has said last, then what came with it, then what was
    /// drawn by hand.
    pub fn mask(&self) -> Option<(&Shape, Source)> {
        let drawn = match &self.mark {
            Mark::Drawn { shape, .. } => Some((shape, Source::Drawn)),
            _ => None,
        };
        match &self.verdict {
            Some(Verdict::Accepted(shape)) => Some((shape, Source::Accepted)),
            Some(Verdict::Mended(shape)) => Some((shape, Source::Mended)),
            None => self.truth.as_ref().map(|shape| (shape, Source::Truth)).or(drawn),
        }
    }

    /// Whether a student can learn from it.
    pub fn teaches(&self) -> bool {
        self.unreadable.is_none() && matches!(self.mark, Mark::Glanced(_) | Mark::Drawn { .. })
    }

    /// Its file in a data set.
    pub fn path(&self) -> String {
        format!("images/{}.{}", self.id, self.extension)
    }
}
