//! The switch that shows where the teacher attends.

use web_sys::{Document, Element, Event, HtmlInputElement};

use super::parts::{append, element, html, on};
use crate::text::say;

/// Makes the switch in `container`, in the place of what is in it, in the page's language. `switch` is told whether attention is to be
/// shown. Gives the switch, so that its state can be written; nothing where the browser refuses.
pub fn build(d: &Document, container: &Element, switch: impl Fn(bool) + 'static) -> Option<HtmlInputElement> {
    container.set_text_content(None);
    let label = element(d, "label", "", &[("class", "attention-switch")])?;
    let input: HtmlInputElement = html(d, "input", "", &[("type", "checkbox"), ("id", "attention-switch")])?;
    append(&label, &input);
    append(&label, &element(d, "span", &say!("attention-switch"), &[])?);
    append(container, &label);
    let of = input.clone();
    on(&input, "change", move |_: Event| switch(of.checked()));
    Some(input)
}
