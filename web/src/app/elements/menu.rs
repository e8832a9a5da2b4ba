//! Menus whose options follow the state.

use web_sys::HtmlSelectElement;

use super::{append, children, create_with};

/// Fills a menu with `(value, text)`, if it says something else, and chooses one of its values.
pub fn fill(menu: &HtmlSelectElement, options: &[(String, String)], chosen: &str) {
    let said: Vec<(String, String)> = children(menu)
        .into_iter()
        .map(|o| (o.get_attribute("value").unwrap_or_default(), o.text_content().unwrap_or_default()))
        .collect();
    if said != options {
        menu.set_text_content(None);
        for (value, text) in options {
            append(menu, &create_with("option", text, &[("value", value)]));
        }
    }
    if menu.value() != chosen {
        menu.set_value(chosen);
    }
}
