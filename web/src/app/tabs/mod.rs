//! The panel's tabs: which one is open, by pointer, by keyboard, and by what must be seen. The page
//! itself remembers which, in `aria-selected`; no tab is in the address.

pub mod sheets;

use web_sys::{Document, Event, HtmlElement, KeyboardEvent};

use super::elements::{events::on, get, mark, set};

/// One of the panel's tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Gaze.
    Look,
    /// The description.
    Words,
    /// Live training.
    Teach,
    /// Students side by side.
    Compare,
}

impl Tab {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Look, Self::Words, Self::Teach, Self::Compare];

    /// The name in element ids: `tab-…` and `panel-…`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Words => "words",
            Self::Teach => "teach",
            Self::Compare => "compare",
        }
    }
}

/// Where a key leads from a tab, among those that are shown: the pattern of the ARIA guide, with both ends joined.
fn reached(key: &str, from: Tab, shown: &[Tab]) -> Option<Tab> {
    let at = shown.iter().position(|tab| *tab == from)?;
    let last = shown.len() - 1;
    let place = match key {
        "ArrowRight" | "ArrowDown" => (at + 1) % shown.len(),
        "ArrowLeft" | "ArrowUp" => at.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(shown[place])
}

/// Listens to the tabs.
///
/// # Errors
/// Names the element that `index.html` lacks.
pub fn listen(document: &Document) -> Result<(), String> {
    for tab in Tab::ALL {
        let button: HtmlElement = get(document, &format!("tab-{}", tab.name()))?;
        let panel: HtmlElement = get(document, &format!("panel-{}", tab.name()))?;
        let d = document.clone();
        // Another tab begins at its top, and not where the one before was scrolled to. On a phone that is below the image.
        on(&button, "click", move |_: Event| {
            open(&d, tab);
            if let Some(around) = panel.parent_element() {
                around.set_scroll_top(0);
                around.scroll_into_view();
            }
        });
        let d = document.clone();
        on(&button, "keydown", move |event: KeyboardEvent| {
            if let Some(next) = reached(&event.key(), tab, &shown(&d)).and_then(|next| button_of(&d, next)) {
                event.prevent_default();
                next.click();
                // A button that is shown takes the focus.
                drop(next.focus());
            }
        });
    }
    Ok(())
}

/// The tab that is open.
pub fn opened(document: &Document) -> Tab {
    let open = |tab: &Tab| button_of(document, *tab).and_then(|button| button.get_attribute("aria-selected"));
    Tab::ALL.into_iter().find(|tab| open(tab).as_deref() == Some("true")).unwrap_or(Tab::Look)
}

/// Opens a tab.
pub fn open(document: &Document, wanted: Tab) {
    for tab in Tab::ALL {
        let chosen = tab == wanted;
        if let Some(button) = button_of(document, tab) {
            set(&button, "aria-selected", if chosen { "true" } else { "false" });
            // One stop of the Tab key for all of them.
            button.set_tab_index(if chosen { 0 } else { -1 });
        }
        if let Some(panel) = document.get_element_by_id(&format!("panel-{}", tab.name())) {
            mark(&panel, "hidden", !chosen);
        }
    }
}

fn button_of(document: &Document, tab: Tab) -> Option<HtmlElement> {
    get(document, &format!("tab-{}", tab.name())).ok()
}

/// The tabs that a link has not hidden.
fn shown(document: &Document) -> Vec<Tab> {
    let seen = |tab: &Tab| button_of(document, *tab).is_some_and(|button| button.offset_width() > 0);
    Tab::ALL.into_iter().filter(seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lead_round_and_past_hidden_tabs() {
        assert_eq!(reached("ArrowRight", Tab::Look, &Tab::ALL), Some(Tab::Words));
        assert_eq!(reached("ArrowRight", Tab::Compare, &Tab::ALL), Some(Tab::Look));
        assert_eq!(reached("ArrowLeft", Tab::Look, &Tab::ALL), Some(Tab::Compare));
        assert_eq!(reached("Home", Tab::Teach, &Tab::ALL), Some(Tab::Look));
        assert_eq!(reached("End", Tab::Look, &Tab::ALL), Some(Tab::Compare));
        assert_eq!(reached("ArrowRight", Tab::Look, &[Tab::Look, Tab::Teach]), Some(Tab::Teach));
        assert_eq!(reached("Enter", Tab::Look, &Tab::ALL), None);
        assert_eq!(reached("ArrowRight", Tab::Words, &[Tab::Look]), None);
    }
}
