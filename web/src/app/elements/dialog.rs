//! Dialogs in front of the page.

use wasm_bindgen::JsCast;
use web_sys::{Document, Event, EventTarget, HtmlDialogElement, HtmlElement};

use super::{events::on, get, mark};

/// A dialog with a button that closes it. A press around its box closes it too.
#[derive(Clone)]
pub struct Dialog(HtmlDialogElement);

impl Dialog {
    /// The dialog with this id, and its button.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document, id: &str, close: &str) -> Result<Self, String> {
        // Older browsers have no dialog; there the element is an ordinary one.
        let dialog = Self(get::<HtmlElement>(d, id)?.unchecked_into());
        let (shown, button) = (dialog.clone(), get::<HtmlElement>(d, close)?);
        on(&button, "click", move |_: Event| shown.close());
        let shown = dialog.clone();
        on(&dialog.0, "click", move |event: Event| {
            // What lies around the dialog's box is the dialog itself.
            if event.target().is_some_and(|target| target == *shown.0.unchecked_ref::<EventTarget>()) {
                shown.close();
            }
        });
        Ok(dialog)
    }

    /// Opens it and keeps the keyboard in it.
    pub fn open(&self) {
        if self.0.show_modal().is_err() {
            mark(&self.0, "open", true);
        }
    }

    /// Closes it.
    pub fn close(&self) {
        self.0.close();
    }
}
