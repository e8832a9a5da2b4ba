//! The page's elements: looking them up with their types, making them, writing into them.

pub mod clipboard;
pub mod dialog;
pub mod events;
pub mod focus;
pub mod js;
pub mod menu;

use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Document, Element, Window};

/// The window.
///
/// # Panics
/// In a worker; the app runs in the window only.
pub fn window() -> Window {
    web_sys::window().expect_throw("the app runs in a window")
}

/// Whether the browser was told to keep things still.
pub fn prefers_still() -> bool {
    let answer = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    answer.is_some_and(|answer| answer.matches())
}

/// The document.
///
/// # Panics
/// In a worker; the app runs in the window only.
pub fn document() -> Document {
    window().document().expect_throw("a window has a document")
}

/// The element with this id.
///
/// # Errors
/// Names the element that `index.html` lacks.
pub fn get<T: JsCast>(document: &Document, id: &str) -> Result<T, String> {
    let element = document.get_element_by_id(id).ok_or_else(|| format!("index.html has no element #{id}"))?;
    element
        .dyn_into::<T>()
        .map_err(|_| format!("#{id} in index.html is another kind of element than the program expects"))
}

/// Every element that a selector finds.
///
/// # Panics
/// Never for the selectors in this crate, which are valid.
pub fn find_all(document: &Document, selector: &str) -> Vec<Element> {
    let found = document.query_selector_all(selector).expect_throw("a valid selector");
    (0..found.length()).filter_map(|i| found.item(i)?.dyn_into().ok()).collect()
}

/// A new element with a text.
///
/// # Panics
/// Never for the tag names in this crate, which are valid.
pub fn create(tag: &str, text: &str) -> Element {
    let element = document().create_element(tag).expect_throw("a valid tag name");
    element.set_text_content(Some(text));
    element
}

/// A new element with a text and attributes.
pub fn create_with(tag: &str, text: &str, attributes: &[(&str, &str)]) -> Element {
    let element = create(tag, text);
    attributes.iter().for_each(|(name, value)| set(&element, name, value));
    element
}

/// A new element of SVG with attributes.
///
/// # Panics
/// Never for the tag names in this crate, which are valid.
pub fn create_svg(tag: &str, attributes: &[(&str, &str)]) -> Element {
    const SVG: &str = "http://www.w3.org/2000/svg";
    let element = document().create_element_ns(Some(SVG), tag).expect_throw("a valid tag name");
    attributes.iter().for_each(|(name, value)| set(&element, name, value));
    element
}

/// A line icon of the sprite in `index.html`.
pub fn icon(name: &str) -> Element {
    let svg = create_svg("svg", &[("aria-hidden", "true")]);
    append(&svg, &create_svg("use", &[("href", &format!("#{name}"))]));
    svg
}

/// The elements right inside of one.
pub fn children(element: &Element) -> Vec<Element> {
    let children = element.children();
    (0..children.length()).filter_map(|i| children.item(i)).collect()
}

/// Writes a text if it is another one than before: a live region speaks at every write.
pub fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Sets an attribute if it has another value. The names used here are valid, so this cannot fail.
pub fn set(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        element.set_attribute(name, value).expect_throw("a valid attribute name");
    }
}

/// Appends a child.
pub fn append(parent: &Element, child: &Element) {
    parent.append_child(child).expect_throw("a new element can be appended");
}

/// An attribute that is either there or not.
pub fn mark(element: &Element, name: &str, there: bool) {
    if there != element.has_attribute(name) {
        let changed = if there { element.set_attribute(name, "") } else { element.remove_attribute(name) };
        changed.expect_throw("a valid attribute name");
    }
}

/// Says that an element holds English, whatever the language of the page: bundles and engines
/// write in English.
pub fn in_english(element: &Element, english: bool) {
    if english {
        set(element, "lang", crate::text::LANGUAGES[0].tag);
    } else {
        mark(element, "lang", false);
    }
}
