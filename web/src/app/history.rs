//! Steps back and forward.

use super::{effect, inputs::Half, state::App, words};
use crate::{protocol::Text, text::say};

/// A step in the history.
#[derive(Clone, Copy)]
enum Step {
    Back,
    Forward,
}

impl App {
    /// One step back.
    pub fn undo(&mut self) {
        let before = self.inputs.text();
        let half = self.inputs.undo();
        self.stepped(Step::Back, half, before);
    }

    /// One step forward.
    pub fn redo(&mut self) {
        let before = self.inputs.text();
        let half = self.inputs.redo();
        self.stepped(Step::Forward, half, before);
    }

    fn stepped(&mut self, step: Step, half: Option<Half>, before: Text) {
        match half {
            Some(Half::Gaze) => {
                let points = words::points(self.inputs.fixations().len());
                self.gaze_changed(match step {
                    Step::Back => say!("undone-gaze", points = points),
                    Step::Forward => say!("redone-gaze", points = points),
                });
            }
            Some(Half::Words) => {
                let edit = effect::edit(&before, &self.inputs.text());
                let done = match step {
                    Step::Back => say!("undone-words", edit = edit),
                    Step::Forward => say!("redone-words", edit = edit),
                };
                self.words_changed(before, done);
            }
            None => {}
        }
    }
}
