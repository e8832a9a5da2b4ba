//! What the controls here take from the page's helpers for elements.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

pub(super) use crate::app::elements::{append, events::on, mark, set, set_text};

/// An element with attributes; nothing where the browser refuses.
pub(super) fn element(d: &Document, tag: &str, text: &str, attributes: &[(&str, &str)]) -> Option<Element> {
    let element = d.create_element(tag).ok()?;
    element.set_text_content(Some(text));
    attributes.iter().for_each(|(name, value)| set(&element, name, value));
    Some(element)
}

/// An element of HTML with attributes, which can be hidden and take the focus; nothing where the browser refuses.
pub(super) fn html<T: JsCast>(d: &Document, tag: &str, text: &str, attributes: &[(&str, &str)]) -> Option<T> {
    element(d, tag, text, attributes)?.dyn_into().ok()
}

/// A button with attributes.
pub(super) fn button(d: &Document, text: &str, attributes: &[(&str, &str)]) -> Option<HtmlElement> {
    let button: HtmlElement = html(d, "button", text, attributes)?;
    set(&button, "type", "button");
    Some(button)
}

/// Gives an element the focus. One that takes none leaves it where it is.
pub(super) fn focus(element: &HtmlElement) {
    drop(element.focus());
}

/// Writes whether something holds, as ARIA wants it.
pub(super) fn state(element: &Element, name: &str, holds: bool) {
    set(element, name, if holds { "true" } else { "false" });
}
