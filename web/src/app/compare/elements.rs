//! New elements with their attributes.

use wasm_bindgen::UnwrapThrowExt;
use web_sys::{Document, Element};

use crate::app::elements::set;

/// A new element with attributes and a text.
///
/// # Panics
/// Never for the tag names in this crate, which are valid.
pub(super) fn make(document: &Document, tag: &str, attributes: &[(&str, &str)], text: &str) -> Element {
    let element = document.create_element(tag).expect_throw("a valid tag name");
    attributes.iter().for_each(|(name, value)| set(&element, name, value));
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    element
}

/// A new element of SVG with attributes; nothing where the browser makes none.
pub(super) fn svg(document: &Document, tag: &str, attributes: &[(&str, &str)]) -> Option<Element> {
    let element = document.create_element_ns(Some("http://www.w3.org/2000/svg"), tag).ok()?;
    attributes.iter().for_each(|(name, value)| set(&element, name, value));
    Some(element)
}
