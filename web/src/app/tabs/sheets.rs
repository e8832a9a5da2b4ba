//! The two sheets that open over the stage: the rest of the pictures, and the rest of the layers. Both close when the visitor goes on
//! elsewhere.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, HtmlElement, KeyboardEvent, Node};

use crate::app::elements::{events::on, get, mark, set};

/// The elements.
#[derive(Clone)]
struct Sheets {
    /// Everything about the choice of a picture: it may be used while the sheet is open.
    strip: Element,
    gallery: HtmlElement,
    more_pictures: HtmlElement,
    layers: HtmlElement,
}

impl Sheets {
    fn pictures_are_open(&self) -> bool {
        self.gallery.has_attribute("data-open")
    }

    fn open_pictures(&self, open: bool) {
        mark(&self.gallery, "data-open", open);
        set(&self.more_pictures, "aria-expanded", if open { "true" } else { "false" });
    }

    /// Closes what an event lies outside of.
    fn leave(&self, event: &Event) {
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        if self.pictures_are_open() && !self.strip.contains(target.as_ref()) {
            self.open_pictures(false);
        }
        if !self.layers.contains(target.as_ref()) {
            mark(&self.layers, "open", false);
        }
    }

    /// Closes what is open and gives the focus to what opens it.
    fn escape(&self) {
        if self.pictures_are_open() {
            self.open_pictures(false);
            // A button that is shown takes the focus.
            drop(self.more_pictures.focus());
        } else if self.layers.has_attribute("open") {
            mark(&self.layers, "open", false);
            let summary = self.layers.first_element_child().and_then(|one| one.dyn_into::<HtmlElement>().ok());
            summary.iter().for_each(|summary| drop(summary.focus()));
        }
    }
}

/// Listens to both.
///
/// # Errors
/// Names the element that `index.html` lacks.
pub fn listen(document: &Document) -> Result<(), String> {
    let sheets = Sheets {
        strip: get(document, "strip")?,
        gallery: get(document, "gallery")?,
        more_pictures: get(document, "gallery-more")?,
        layers: get(document, "layers-more")?,
    };
    let of = sheets.clone();
    on(&sheets.more_pictures, "click", move |_: Event| of.open_pictures(!of.pictures_are_open()));
    let of = sheets.clone();
    on(&sheets.gallery, "click", move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let chosen = target.is_some_and(|target| target.closest("button").ok().flatten().is_some());
        // The picture that was chosen may be hidden with the sheet, so the focus must not stay on it.
        if chosen && of.pictures_are_open() {
            of.escape();
        }
    });
    for name in ["pointerdown", "focusin"] {
        let of = sheets.clone();
        on(document, name, move |event: Event| of.leave(&event));
    }
    on(document, "keydown", move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            sheets.escape();
        }
    });
    Ok(())
}
