//! What must be said of an image that the model does not know: of every one of the visitor's, and
//! more where it looks unlike those that the model has learnt from. Where it looks like those of another
//! bundle, that one is offered.

use std::collections::BTreeSet;

use web_sys::{Document, HtmlButtonElement, HtmlElement};

use super::{
    gauge::{Likeness, suggestion},
    words::both,
};
use crate::{
    app::{
        elements::{get, mark, set, set_text},
        model::Model,
    },
    text::{self, Message, message, say},
};

/// The note below the stage.
pub(super) struct OwnNote {
    all: HtmlElement,
    gauge: HtmlElement,
    says: HtmlElement,
    suggests: HtmlElement,
    suggestion: HtmlElement,
    /// Leads to the bundle that is offered.
    pub(super) switch: HtmlButtonElement,
}

impl OwnNote {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            all: get(d, "own-note")?,
            gauge: get(d, "own-gauge")?,
            says: get(d, "own-says")?,
            suggests: get(d, "own-suggests")?,
            suggestion: get(d, "own-suggestion")?,
            switch: get(d, "own-switch")?,
        })
    }

    /// Brings the note in line. `missing`: bundles that the image could not be compared with.
    pub(super) fn refresh(&self, model: &Model, missing: &BTreeSet<usize>) {
        self.all.set_hidden(!model.is_own());
        let Some(entry) = model.bundles.entry(model.bundles.current).filter(|_| model.is_own()) else { return };
        let domain = text::domain(entry);
        let likeness = model.found.likeness.map(Likeness::of);
        mark(&self.all, "data-unlike", model.found.unlike());
        self.gauge.set_hidden(likeness.is_none());
        set(&self.gauge, "data-step", likeness.map_or("", Likeness::name));
        let trust = match likeness {
            None => message!("own-note", domain = domain),
            Some(Likeness::Like) => message!("own-note-like", domain = domain),
            Some(Likeness::Somewhat) => message!("own-note-somewhat", domain = domain),
            Some(Likeness::Unlike) => message!("own-note-unlike", domain = domain),
        };
        // What was done to it comes first: it decides what all the rest is about.
        let said = model.found.notes.iter().cloned().chain([trust, uncompared(model, missing)]).reduce(both);
        set_text(&self.says, &said.unwrap_or_default().to_string());
        let noun = suggested(model).and_then(|place| model.bundles.entry(place)).map(|entry| text::noun(entry.domain));
        self.suggests.set_hidden(noun.is_none());
        set_text(&self.suggestion, &noun.map_or_else(String::new, |noun| say!("own-suggestion", noun = noun)));
    }
}

/// Place of the bundle that is offered.
pub(super) fn suggested(model: &Model) -> Option<usize> {
    let idle = model.is_own() && model.bundles.wanted.is_none();
    model.found.likeness.filter(|_| idle).and_then(|here| suggestion(here, &model.found.resemblances))
}

/// With what an unlike image could not be compared.
fn uncompared(model: &Model, missing: &BTreeSet<usize>) -> Message {
    let names: Vec<String> = missing.iter().filter_map(|place| model.bundles.entry(*place)).map(text::domain).collect();
    if names.is_empty() || !model.found.unlike() {
        return Message::default();
    }
    message!("own-note-uncompared", domains = names.join(", "))
}
