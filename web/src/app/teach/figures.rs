//! The figures of the result: how well the student does, what it cost, and what it is beside.

use fovea_shared::gaze::Fixation;
use serde::Serialize;

use super::{
    glances::{Glances, seconds},
    record::Record,
};

/// Seconds that a clinician needs to outline a polyp: 18.7 hours for 900 images (GazeMedSeg, MICCAI
/// 2024).
pub const OUTLINE_SECONDS: f64 = 18.7 * 3600.0 / 900.0;

/// What the result says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Mean Dice on the unseen pictures of the visitor's student; nothing where no truth is known.
    pub fit: Option<f32>,
    /// That of the same student before the first step.
    pub untrained: Option<f32>,
    /// That of a student that simulated gaze has taught, once it has learnt.
    pub simulated: Option<f32>,
    /// That of a student that true masks have taught, once it has learnt.
    pub outlines: Option<f32>,
    /// Pictures that were looked at.
    pub pictures: usize,
    /// How long they were looked at, in seconds.
    pub looked: f64,
    /// How long outlining as many pictures takes, in seconds.
    pub by_hand: f64,
}

impl Figures {
    /// Of the glances and the students that they, simulated gaze and outlines have taught.
    pub fn of(glances: &Glances, own: &Record, simulated: Option<&Record>, outlines: Option<&Record>) -> Self {
        let trained = |record: &Record| record.trained.and_then(|score| score.unseen);
        let pictures = glances.taken().count();
        Self {
            fit: trained(own),
            untrained: own.untrained.and_then(|score| score.unseen),
            simulated: simulated.and_then(trained),
            outlines: outlines.and_then(trained),
            pictures,
            looked: glances.seconds(),
            by_hand: pictures as f64 * OUTLINE_SECONDS,
        }
    }

    /// How many times longer outlining takes; nothing where no time was measured.
    pub fn times_faster(&self) -> Option<f64> {
        (self.looked > 0.0).then(|| self.by_hand / self.looked)
    }
}

/// What is said of the student of another person's glances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TheirFigures {
    /// Mean Dice on the unseen pictures; nothing where no truth is known.
    pub fit: Option<f32>,
    /// Pictures that were looked at.
    pub pictures: usize,
    /// How long they were looked at, in seconds.
    pub looked: f64,
}

impl TheirFigures {
    /// Of the glances and the student that they have taught.
    pub fn of(theirs: &[(u64, Vec<Fixation>)], record: &Record) -> Self {
        Self {
            fit: record.trained.and_then(|score| score.unseen),
            pictures: theirs.len(),
            looked: theirs.iter().map(|(_, fixations)| seconds(fixations)).sum(),
        }
    }
}
