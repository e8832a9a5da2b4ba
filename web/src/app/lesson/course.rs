//! Where the visitor is in the lesson. Pure: no browser in here.

use super::found::Found;

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The visitor is to say what will happen.
    Guess,
    /// The visitor is to do it.
    Deed,
    /// It is done, and measured.
    Card,
}

/// What happens to the lesson.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A step is opened, by its place from 0.
    Enter(usize),
    /// The visitor guesses: the place of the answer.
    Guessed(usize),
    /// The deed of this step is done, and this is what came of it.
    Measured(Found),
    /// On to the next step; after the last one the lesson is over.
    Next,
    /// Back to the step before.
    Back,
    /// The visitor leaves.
    Leave,
    /// The visitor has opened another picture than the step's.
    Stray,
}

/// What the page is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Show what this step speaks of.
    Show(usize),
    /// Bring back what was shown before the lesson.
    PutBack {
        /// Whether the picture too, and what was given on it.
        picture: bool,
    },
}

/// A step, as far as the visitor is with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Its place, from 0.
    pub step: usize,
    /// How far it is.
    pub stage: Stage,
    /// The place of the answer that was guessed.
    pub guess: Option<usize>,
    /// What came of the deed, as it was measured last.
    pub found: Option<Found>,
}

impl Progress {
    /// Whether it came as guessed; nothing before that is known.
    pub fn as_guessed(&self) -> Option<bool> {
        Some(self.found.as_ref()?.outcome == Some(self.guess?))
    }
}

/// The lesson of a number of steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    steps: usize,
    now: Option<Progress>,
}

impl Course {
    /// A lesson that has not begun.
    pub fn new(steps: usize) -> Self {
        Self { steps, now: None }
    }

    /// The step that is open; nothing outside of the lesson.
    pub fn now(&self) -> Option<&Progress> {
        self.now.as_ref()
    }

    /// Whether this is the last step.
    pub fn is_last(&self, step: usize) -> bool {
        step + 1 >= self.steps
    }

    /// Takes an event in; gives what the page is to do.
    pub fn handle(&mut self, event: Event) -> Option<Effect> {
        if let Event::Enter(step) = event {
            return self.enter(step);
        }
        let now = self.now.as_mut()?;
        match event {
            Event::Enter(_) => None,
            Event::Guessed(answer) => {
                if now.stage == Stage::Guess {
                    (now.guess, now.stage) = (Some(answer), Stage::Deed);
                }
                None
            }
            Event::Measured(found) => {
                // A deed that came before the guess counts after it.
                if now.stage != Stage::Guess {
                    (now.found, now.stage) = (Some(found), Stage::Card);
                }
                None
            }
            Event::Next if now.step + 1 < self.steps => {
                let next = now.step + 1;
                self.enter(next)
            }
            Event::Back => now.step.checked_sub(1).and_then(|before| self.enter(before)),
            Event::Next | Event::Leave => self.over(true),
            Event::Stray => self.over(false),
        }
    }

    /// Ends the lesson; what was shown before it stays away.
    pub fn forget(&mut self) {
        self.now = None;
    }

    fn enter(&mut self, step: usize) -> Option<Effect> {
        let step = step.min(self.steps.checked_sub(1)?);
        self.now = Some(Progress { step, stage: Stage::Guess, guess: None, found: None });
        Some(Effect::Show(step))
    }

    fn over(&mut self, picture: bool) -> Option<Effect> {
        self.now.take().map(|_| Effect::PutBack { picture })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn found(outcome: usize) -> Found {
        Found { outcome: Some(outcome), figure: "0.5".into(), note: "".into() }
    }

    fn stage(course: &Course) -> Option<(usize, Stage)> {
        course.now().map(|now| (now.step, now.stage))
    }

    #[test]
    fn a_step_asks_waits_and_tells() {
        let mut course = Course::new(6);
        assert_eq!(course.handle(Event::Enter(2)), Some(Effect::Show(2)));
        assert_eq!(stage(&course), Some((2, Stage::Guess)));
        assert_eq!(course.handle(Event::Guessed(1)), None);
        assert_eq!((stage(&course), course.now().unwrap().as_guessed()), (Some((2, Stage::Deed)), None));
        course.handle(Event::Measured(found(0)));
        assert_eq!((stage(&course), course.now().unwrap().as_guessed()), (Some((2, Stage::Card)), Some(false)));
        // The card follows what is measured; the guess is given once.
        course.handle(Event::Guessed(0));
        course.handle(Event::Measured(found(1)));
        assert_eq!(course.now().unwrap().as_guessed(), Some(true));
    }

    #[test]
    fn a_deed_before_the_guess_tells_nothing() {
        let mut course = Course::new(6);
        course.handle(Event::Enter(0));
        course.handle(Event::Measured(found(0)));
        assert_eq!((stage(&course), course.now().unwrap().found.clone()), (Some((0, Stage::Guess)), None));
    }

    #[test]
    fn what_was_none_of_the_answers_is_never_as_guessed() {
        let mut course = Course::new(1);
        course.handle(Event::Enter(0));
        course.handle(Event::Guessed(0));
        course.handle(Event::Measured(Found { outcome: None, ..found(0) }));
        assert_eq!(course.now().unwrap().as_guessed(), Some(false));
    }

    #[test]
    fn steps_follow_each_other_and_the_end_puts_back() {
        let mut course = Course::new(3);
        assert_eq!(course.handle(Event::Next), None, "there is no lesson yet");
        course.handle(Event::Enter(0));
        assert_eq!(course.handle(Event::Back), None);
        assert_eq!(course.handle(Event::Next), Some(Effect::Show(1)));
        course.handle(Event::Guessed(2));
        assert_eq!(course.handle(Event::Back), Some(Effect::Show(0)));
        assert_eq!(course.now().unwrap().guess, None, "each visit asks again");
        course.handle(Event::Enter(99));
        assert_eq!((stage(&course), course.is_last(2)), (Some((2, Stage::Guess)), true));
        assert_eq!(course.handle(Event::Next), Some(Effect::PutBack { picture: true }));
        assert_eq!(stage(&course), None);
    }

    #[test]
    fn leaving_puts_all_back_and_another_picture_stays() {
        for (event, picture) in [(Event::Leave, true), (Event::Stray, false)] {
            let mut course = Course::new(3);
            assert_eq!(course.handle(event.clone()), None);
            course.handle(Event::Enter(1));
            assert_eq!(course.handle(event), Some(Effect::PutBack { picture }));
            assert_eq!(course.handle(Event::Leave), None, "once");
        }
        let mut course = Course::new(3);
        course.handle(Event::Enter(1));
        course.forget();
        assert_eq!(course.handle(Event::Leave), None);
        assert_eq!(Course::new(0).handle(Event::Enter(0)), None);
    }
}
