//! One phrase of the card of the description: its elements.

use fovea_shared::description::{Field, Modality, NOT_ASSESSABLE};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlSelectElement};

use crate::{
    app::{
        elements::{append, create_with, icon, mark, set, set_text},
        model::wording::Chip,
    },
    text::{self, say},
};

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
    menu: HtmlSelectElement,
    about: Element,
}

impl ChipView {
    /// Makes the elements.
    pub(super) fn build(field: Field, modality: Modality) -> Self {
        let about_id = format!("about-{}", field.name());
        let described = ("aria-describedby", about_id.as_str());
        let item = create_with("li", "", &[("class", "phrase"), ("data-field", field.name()), ("hidden", "")]);
        let toggle = create_with("button", "", &[("type", "button"), ("class", "phrase-toggle"), described]);
        append(&toggle, &create_with("span", &say!("chip-title", field = text::field(field)), &[]));
        let word = create_with("b", "", &[]);
        append(&toggle, &word);
        let pencil = icon("i-edit");
        set(&pencil, "class", "pencil");
        append(&toggle, &pencil);
        let state = create_with("span", "", &[("class", "visually-hidden")]);
        append(&toggle, &state);
        append(&item, &toggle);
        let wrap = create_with("span", "", &[("class", "menu phrase-menu")]);
        append(&wrap, &icon("i-down"));
        let title = say!("chip-menu", field = text::field(field));
        let menu = create_with("select", "", &[("aria-label", &title), described]);
        for word in field.words(modality) {
            append(&menu, &create_with("option", &text::word(field, Some(word)), &[("value", word.name)]));
        }
        append(&menu, &create_with("option", &text::word(field, None), &[("value", NOT_ASSESSABLE)]));
        append(&wrap, &menu);
        append(&item, &wrap);
        let about = create_with("span", "", &[("class", "visually-hidden"), ("id", &about_id)]);
        append(&item, &about);
        Self { field, item, toggle, word, state, menu: menu.unchecked_into(), about }
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
