//! Steps back and forward.

use crate::{
    app::{
        model::{Model, inputs::Half},
        status::numbers,
        words::edit_effect,
    },
    protocol::Before,
    text::say,
};

/// A step in the history.
#[derive(Clone, Copy)]
enum Step {
    Back,
    Forward,
}

/// One step back.
pub(super) fn undo(model: &mut Model) {
    let before = model.inputs.given();
    let half = model.inputs.undo();
    stepped(model, Step::Back, half, before);
}

/// One step forward.
pub(super) fn redo(model: &mut Model) {
    let before = model.inputs.given();
    let half = model.inputs.redo();
    stepped(model, Step::Forward, half, before);
}

fn stepped(model: &mut Model, step: Step, half: Option<Half>, before: Before) {
    match half {
        Some(Half::Gaze) => {
            let points = numbers::points(model.inputs.fixations().len());
            model.gaze_changed(match step {
                Step::Back => say!("undone-gaze", points = points),
                Step::Forward => say!("redone-gaze", points = points),
            });
        }
        Some(Half::Words) => {
            let edit = edit_effect::edit(&before, &model.inputs.given());
            let done = match step {
                Step::Back => say!("undone-words", edit = edit),
                Step::Forward => say!("redone-words", edit = edit),
            };
            model.given_changed(done);
        }
        None => {}
    }
}
