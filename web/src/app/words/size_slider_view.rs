//! The slider of sizes: its stops are the words of the vocabulary.

use std::{cell::Cell, rc::Rc};

use fovea_shared::description::{Field, Modality, Phrase, Word};
use web_sys::{Document, Element, Event, HtmlElement, HtmlInputElement};

use super::{
    parts::{append, element, html, mark, on, set, set_text},
    size_slider::{at, middle, stop, stops},
};
use crate::text::{self, say};

/// The elements.
pub struct SizeSlider {
    root: HtmlElement,
    input: HtmlInputElement,
    value: Element,
    modality: Modality,
    /// The stop that the description says; nothing where it says none.
    said: Rc<Cell<Option<usize>>>,
}

impl SizeSlider {
    /// Makes the elements in `container`, in the place of what is in it, in the page's language: to be built again when that changes
    /// or another modality is described. `choose` is told the size that is chosen. Nothing where the browser refuses.
    pub fn build(
        d: &Document,
        container: &Element,
        modality: Modality,
        choose: impl Fn(Phrase) + 'static,
    ) -> Option<Self> {
        container.set_text_content(None);
        let root: HtmlElement = html(d, "div", "", &[("class", "size-slider"), ("hidden", "")])?;
        let stops = stops(modality);
        let last = stops.len().saturating_sub(1).to_string();
        let title = element(d, "label", &text::field(Field::Size), &[("for", "size-slider")])?;
        let value = element(d, "output", "", &[("for", "size-slider")])?;
        let range = [("type", "range"), ("id", "size-slider"), ("min", "0"), ("max", last.as_str()), ("step", "1")];
        let input: HtmlInputElement = html(d, "input", "", &range)?;
        // For eyes only: a screen reader hears the word as the value.
        let ticks = element(d, "div", "", &[("class", "size-stops"), ("aria-hidden", "true")])?;
        for phrase in &stops {
            append(&ticks, &element(d, "span", &text::word(Field::Size, Some(phrase.word())), &[])?);
        }
        for part in [title.as_ref(), value.as_ref(), input.as_ref(), ticks.as_ref()] {
            append(&root, part);
        }
        append(container, &root);
        let said = Rc::new(Cell::new(None));
        let view = Self { root, input, value, modality, said };
        view.listen(choose);
        Some(view)
    }

    fn listen(&self, choose: impl Fn(Phrase) + 'static) {
        let (input, said, modality) = (self.input.clone(), self.said.clone(), self.modality);
        let tell = Rc::new(move || {
            let chosen = input.value().parse().ok().and_then(|stop| Some((stop, at(modality, stop)?)));
            if let Some((stop, phrase)) = chosen.filter(|(stop, _)| said.get() != Some(*stop)) {
                said.set(Some(stop));
                choose(phrase);
            }
        });
        let moved = tell.clone();
        on(&self.input, "input", move |_: Event| moved());
        // Where no size is said, the slider stands in the middle, and a press there moves nothing.
        on(&self.input, "click", move |_: Event| tell());
    }

    /// Shows the size that the description says, or that it says none. `on`: the teacher reads it. `offered`: the words of size have a
    /// measured effect; without one there is no slider. `enabled`: it can be changed now.
    pub fn show(&self, word: Option<&Word>, on: bool, offered: bool, enabled: bool) {
        self.root.set_hidden(!offered);
        let said = word.and_then(|word| stop(self.modality, word)).filter(|_| on);
        self.said.set(said);
        let shown = said.unwrap_or_else(|| middle(self.modality)).to_string();
        if self.input.value() != shown {
            self.input.set_value(&shown);
        }
        self.input.set_disabled(!enabled);
        mark(&self.root, "data-unsaid", said.is_none());
        let size = said.and_then(|stop| at(self.modality, stop));
        let text = size.map_or_else(|| say!("size-unsaid"), |phrase| text::word(Field::Size, Some(phrase.word())));
        set_text(&self.value, &text);
        set(&self.input, "aria-valuetext", &text);
    }
}
