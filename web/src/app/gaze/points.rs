//! The points as a list of buttons: the canvas in words, and a way to reach each point without a
//! pointer.

use web_sys::{Document, Element, Event, HtmlDetailsElement, HtmlElement};

use super::{Gaze, remove, select};
use crate::{
    app::{
        elements::{
            append, create, create_with,
            events::{attribute, on},
            get,
        },
        model::{Handle, Model},
        status::sentences,
    },
    text::{language, say},
};

/// What the list was last made from: revision of the inputs, selected point, language.
type Written = (u64, Option<usize>, &'static str);

/// The list.
pub(super) struct PointList {
    details: HtmlDetailsElement,
    list: HtmlElement,
    empty: HtmlElement,
    written: Option<Written>,
}

impl PointList {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            details: get(d, "details-gaze")?,
            list: get(d, "fixations")?,
            empty: get(d, "fixations-empty")?,
            written: None,
        })
    }

    pub(super) fn listen(&self, handle: &Handle<Gaze>) {
        let of = handle.clone();
        on(&self.list, "click", move |event: Event| {
            let index = |name| attribute(&event, name).and_then(|v| v.parse::<usize>().ok());
            if let Some(i) = index("data-select") {
                of.update(|_, model| select(model, i));
            } else if let Some(i) = index("data-remove") {
                of.update(|_, model| remove(model, i));
            }
        });
        let of = handle.clone();
        on(&self.details, "toggle", move |_: Event| of.update(|_, _| ()));
    }

    pub(super) fn refresh(&mut self, model: &Model) {
        let written = Some((model.inputs.revision(), model.inputs.selected(), language().code));
        if !self.details.open() || self.written == written {
            return;
        }
        self.written = written;
        let (fixations, selected) = (model.inputs.fixations(), model.inputs.selected());
        self.empty.set_hidden(!fixations.is_empty());
        self.list.set_text_content(None);
        for (index, fixation) in fixations.iter().enumerate() {
            let item = create("li", "");
            let choose = button(&sentences::fixation(index, fixation), "data-select", index);
            let pressed = if selected == Some(index) { "true" } else { "false" };
            crate::app::elements::set(&choose, "aria-pressed", pressed);
            append(&item, &choose);
            append(&item, &button(&say!("remove"), "data-remove", index));
            append(&self.list, &item);
        }
    }
}

fn button(text: &str, attribute: &str, index: usize) -> Element {
    create_with("button", text, &[("type", "button"), (attribute, &index.to_string())])
}
