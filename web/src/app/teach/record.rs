//! The record of one student's course.

use std::collections::BTreeMap;

use crate::protocol::{Outline, TaughtStep, TeachScore};

/// A student as the window knows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Steps taken.
    pub step: usize,
    /// Steps of the whole course; 0 before it is set up.
    pub of: usize,
    /// The loss of every step.
    pub losses: Vec<f32>,
    /// Mean Dice over the unseen pictures after a step, each as it was drawn last. Pictures are drawn
    /// by turns, so some of them are a few steps old; the first and the last point are exact.
    pub fits: Vec<(usize, f32)>,
    /// Each picture as it was drawn last, by its number, with whether it is unseen.
    pub drawn: BTreeMap<u64, (bool, Outline)>,
    /// Before the first step.
    pub untrained: Option<TeachScore>,
    /// After the last.
    pub trained: Option<TeachScore>,
    /// Time spent on steps, in ms.
    pub ms: f64,
}

impl Record {
    /// Takes an answer in. The answer to a set-up begins the record again.
    pub fn add(&mut self, answer: TaughtStep) {
        let (begins, ends) = (answer.step == 0, answer.finished());
        if begins {
            *self = Self::default();
        }
        (self.step, self.of) = (answer.step, answer.of);
        self.losses.extend(&answer.losses);
        self.ms += answer.ms;
        for one in answer.drawn {
            self.drawn.insert(one.picture, (one.unseen, one.outline));
        }
        if begins {
            self.untrained = answer.score;
        }
        if ends {
            self.trained = answer.score;
        }
        if let Some(fit) = self.fit() {
            // An answer without a step replaces the point of its step.
            self.fits.retain(|(step, _)| *step != answer.step);
            self.fits.push((answer.step, fit));
        }
    }

    /// Whether the course has ended.
    pub fn finished(&self) -> bool {
        self.of > 0 && self.step >= self.of
    }

    /// Steps a second.
    pub fn speed(&self) -> Option<f64> {
        (self.ms > 0.0).then(|| self.losses.len() as f64 * 1e3 / self.ms)
    }

    /// The part of the course that is behind it, 0 to 1.
    pub fn progress(&self) -> f64 {
        if self.of == 0 { 0.0 } else { self.step as f64 / self.of as f64 }
    }

    /// Mean Dice over the unseen pictures, each as it was drawn last; nothing where no truth is known.
    pub fn fit(&self) -> Option<f32> {
        let known: Vec<f32> = self.drawn.values().filter(|(unseen, _)| *unseen).filter_map(|(_, o)| o.dice).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f32>() / known.len() as f32)
    }
}
