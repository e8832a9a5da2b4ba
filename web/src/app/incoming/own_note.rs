//! What must be said of an image that the model does not know: of every one of the visitor's, and
//! more where it looks unlike those that the model has learnt from.

use web_sys::{Document, HtmlElement};

use super::words::both;
use crate::{
    app::{
        elements::{get, mark, set_text},
        model::Model,
    },
    text::{self, message},
};

/// The note below the stage.
pub(super) struct OwnNote(HtmlElement);

impl OwnNote {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        get(d, "own-note").map(Self)
    }

    pub(super) fn refresh(&self, model: &Model) {
        let note = &self.0;
        note.set_hidden(!model.is_own());
        let Some(entry) = model.bundles.entry(model.bundles.current).filter(|_| model.is_own()) else { return };
        let domain = text::domain(entry);
        let unlike = model.found.likeness.filter(|(distance, usual)| distance > usual);
        mark(note, "data-unlike", unlike.is_some());
        let trust = match unlike {
            Some((distance, usual)) => message!(
                "own-note-unlike",
                domain = domain,
                distance = format!("{distance:.1}"),
                usual = format!("{usual:.1}")
            ),
            None => message!("own-note", domain = domain),
        };
        // What was done to it comes first: it decides what all the rest is about.
        let said = model.found.notes.iter().cloned().chain([trust]).reduce(both);
        set_text(note, &said.unwrap_or_default().to_string());
    }
}
