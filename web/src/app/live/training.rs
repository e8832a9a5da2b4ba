//! The record of a training in the tab. Pure.

use std::collections::VecDeque;

use fovea_shared::distill::Strategies;

use super::settings::Settings;
use crate::{
    app::compare::strategy_view::StrategyView,
    protocol::{LearntStep, OpenRequest},
    text::Message,
};

/// Over how many of the last steps the speed is taken.
const SPEED_STEPS: usize = 12;

/// The record of one training is thinned out at this length.
const LONGEST: usize = 2000;

/// One point of the charts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Steps taken.
    pub step: usize,
    /// The learner's loss on its own target.
    pub loss: Option<f32>,
    /// Its Dice on the open image, where the truth is known.
    pub dice: Option<f32>,
}

/// The training.
#[derive(Default)]
pub struct Training {
    /// What the visitor has set.
    pub settings: Settings,
    /// What the tiles show.
    pub view: StrategyView,
    /// Whether steps are taken one after the other.
    pub playing: bool,
    /// Steps still to take while it does not play.
    pub once: usize,
    /// Whether learners are wanted at all: from the first step to a reset.
    pub wanted: bool,
    /// Grows whenever they are to start again.
    pub(super) version: u64,
    /// The image that they learn on.
    pub(super) image: Option<u64>,
    /// Other images of the gallery to learn from by turns, once their files are here.
    pub(super) others: Vec<OpenRequest>,
    /// The charts' points, a list a learner.
    pub history: Vec<Vec<Point>>,
    /// The newest answer.
    pub last: Option<LearntStep>,
    times: VecDeque<f64>,
    /// Why it stands still, if there is a reason.
    pub halted: Option<Message>,
    pub(super) dirty: bool,
}

impl Training {
    /// Before the first training.
    pub fn new() -> Self {
        Self { dirty: true, ..Self::default() }
    }

    /// The learners, in the order of the screen.
    pub fn students(&self) -> impl Iterator<Item = Strategies> + '_ {
        self.settings.students.iter().flatten().copied()
    }

    /// Whether a step is due.
    pub fn due(&self) -> bool {
        self.wanted && (self.playing || self.once > 0)
    }

    /// Begins, or goes on.
    pub fn play(&mut self) {
        (self.playing, self.wanted, self.halted) = (true, true, None);
        self.dirty = true;
    }

    /// Stands still.
    pub fn pause(&mut self) {
        (self.playing, self.once) = (false, 0);
        self.dirty = true;
    }

    /// One more step.
    pub fn step(&mut self) {
        (self.playing, self.wanted, self.halted) = (false, true, None);
        self.once += 1;
        self.dirty = true;
    }

    /// Forgets what was learnt. It stands still until it is begun again.
    pub fn reset(&mut self) {
        self.pause();
        self.wanted = false;
        self.start_again();
    }

    /// The learners start again with the settings as they are now; where they were learning they go on to learn.
    pub fn start_again(&mut self) {
        self.version += 1;
        (self.last, self.halted, self.dirty) = (None, None, true);
        self.history.clear();
        self.times.clear();
    }

    /// Steps a second over the last few, learners together.
    pub fn speed(&self) -> Option<f64> {
        let all: f64 = self.times.iter().sum();
        (all > 0.0).then(|| self.times.len() as f64 * 1e3 / all)
    }

    /// Takes an answer into the record.
    pub fn record(&mut self, answer: LearntStep) {
        self.history.resize(answer.students.len(), Vec::new());
        for (points, student) in self.history.iter_mut().zip(&answer.students) {
            points.push(Point { step: answer.step, loss: student.loss, dice: student.outline.dice });
            if points.len() > LONGEST {
                let mut place = 0;
                // Every other point of the past goes; the newest stays.
                points.retain(|_| {
                    place += 1;
                    place % 2 == 0 || place > LONGEST
                });
            }
        }
        for _ in 0..answer.steps {
            self.times.push_back(answer.ms / answer.steps as f64);
        }
        while self.times.len() > SPEED_STEPS {
            self.times.pop_front();
        }
        self.once = self.once.saturating_sub(answer.steps);
        self.last = Some(answer);
        self.dirty = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Inside, LiveSeen, Outline};

    fn answer(step: usize, ms: f64) -> LearntStep {
        let outline = Outline {
            loops: vec![],
            points: Default::default(),
            size: (1, 1),
            area: 0,
            hash: String::new(),
            dice: Some(0.5),
        };
        let student =
            LiveSeen { outline, loss: Some(0.3), alignment: None, consistency: None, inside: Inside::default() };
        LearntStep { image: 1, step, ms, steps: usize::from(step > 0), target: None, students: vec![student] }
    }

    #[test]
    fn playing_goes_on_and_a_single_step_stops() {
        let mut live = Training::default();
        assert!(!live.due());
        live.play();
        live.record(answer(0, 0.0));
        live.record(answer(1, 50.0));
        assert!(live.due() && live.speed() == Some(20.0));
        live.step();
        assert!(live.due() && !live.playing);
        live.record(answer(2, 50.0));
        assert!(!live.due() && live.wanted);
        live.reset();
        assert!(!live.wanted && live.history.is_empty() && live.last.is_none() && live.speed().is_none());
    }

    #[test]
    fn a_long_record_is_thinned_and_keeps_its_end() {
        let mut live = Training::default();
        for step in 0..=LONGEST + 50 {
            live.record(answer(step, 1.0));
        }
        let points = &live.history[0];
        assert!(points.len() < LONGEST && points.is_sorted_by_key(|p| p.step));
        assert_eq!(points.last().map(|p| p.step), Some(LONGEST + 50));
    }
}
