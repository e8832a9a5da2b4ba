//! One phrase of the card of the description: its elements.

use fovea_shared::description::{Field, Modality, NOT_ASSESSABLE};
use web_sys::{Document, Element};

use super::{
    dom::{Select, append, mark, set, set_text},
    wording::Chip,
};
use crate::text::{self, say};

/// The elements of one chip. They are made once a field and hidden when nothing is said about it, so that the keyboard's focus stays
/// where it is.
pub(super) struct ChipView {
    /// The field.
    pub(super) field: Field,
    /// The chip with everything in it.
    pub(super) item: Element,
    toggle: Element,
    word: Element,
    state: Element,
    menu: Select,
    about: Element,
}

/// An element with attributes.
pub(super) fn element(d: &Document, tag: &str, text: &str, attributes: &[(&str, &str)]) -> Option<Element> {
    let element = d.create_element(tag).ok()?;
    element.set_text_content(Some(text));
    attributes.iter().for_each(|(name, value)| set(&element, name, value));
    Some(element)
}

/// A line icon of the sprite in `index.html`.
fn icon(d: &Document, name: &str) -> Option<Element> {
    const SVG: &str = "http://www.w3.org/2000/svg";
    let svg = d.create_element_ns(Some(SVG), "svg").ok()?;
    set(&svg, "aria-hidden", "true");
    let shape = d.create_element_ns(Some(SVG), "use").ok()?;
    set(&shape, "href", &format!("#{name}"));
    append(&svg, &shape);
    Some(svg)
}

impl ChipView {
    /// Makes the elements; none where the browser refuses.
    pub(super) fn build(d: &Document, field: Field, modality: Modality) -> Option<Self> {
        let about_id = format!("about-{}", field.name());
        let item = element(d, "li", "", &[("class", "phrase"), ("data-field", field.name()), ("hidden", "")])?;
        let described = ("aria-describedby", about_id.as_str());
        let toggle = element(d, "button", "", &[("type", "button"), ("class", "phrase-toggle"), described])?;
        append(&toggle, &element(d, "span", &say!("chip-title", field = text::field(field)), &[])?);
        let word = element(d, "b", "", &[])?;
        append(&toggle, &word);
        let pencil = icon(d, "i-edit")?;
        set(&pencil, "class", "pencil");
        append(&toggle, &pencil);
        let state = element(d, "span", "", &[("class", "visually-hidden")])?;
        append(&toggle, &state);
        append(&item, &toggle);
        let wrap = element(d, "span", "", &[("class", "menu phrase-menu")])?;
        append(&wrap, &icon(d, "i-down")?);
        let menu =
            element(d, "select", "", &[("aria-label", &say!("chip-menu", field = text::field(field))), described])?;
        for word in field.words(modality) {
            append(&menu, &element(d, "option", &text::word(field, Some(word)), &[("value", word.name)])?);
        }
        append(&menu, &element(d, "option", &text::word(field, None), &[("value", NOT_ASSESSABLE)])?);
        append(&wrap, &menu);
        append(&item, &wrap);
        let about = element(d, "span", "", &[("class", "visually-hidden"), ("id", &about_id)])?;
        append(&item, &about);
        let menu = wasm_bindgen::JsCast::unchecked_into(menu);
        Some(Self { field, item, toggle, word, state, menu, about })
    }

    /// Shows a chip, or nothing. `fixed` says why it cannot be changed, where it cannot.
    pub(super) fn show(&self, chip: Option<Chip>, about: &str, fixed: &str) {
        mark(&self.item, "hidden", chip.is_none());
        let Some(chip) = chip else { return };
        mark(&self.item, "data-fixed", !fixed.is_empty());
        set(&self.item, "title", fixed);
        // It stays within the keyboard's reach: its attention can be seen.
        set(&self.toggle, "aria-disabled", if fixed.is_empty() { "false" } else { "true" });
        self.menu.set_disabled(!fixed.is_empty());
        set_text(&self.word, &text::word(chip.field, chip.word));
        set_text(&self.state, &if chip.edited { say!("chip-edited") } else { String::new() });
        set(&self.toggle, "aria-pressed", if chip.told() { "true" } else { "false" });
        mark(&self.toggle, "disabled", chip.word.is_none());
        mark(&self.item, "data-edited", chip.edited);
        mark(&self.item, "data-off", !chip.told());
        self.menu.set_value(chip.word.map_or(NOT_ASSESSABLE, |w| w.name));
        set_text(&self.about, about);
    }
}
