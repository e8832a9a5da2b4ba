//! Where the keyboard goes after the current update.

use std::cell::RefCell;

use web_sys::HtmlElement;

thread_local! {
    static NEXT: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// Element to focus after the current update. Deferred because `focus()` fires `blur` handlers that
/// borrow the app.
pub fn focus_next(element: HtmlElement) {
    NEXT.with_borrow_mut(|next| *next = Some(element));
}

/// Leaves the focus where it is.
pub fn keep_focus() {
    NEXT.with_borrow_mut(|next| *next = None);
}

/// Gives the focus to the element that was named last. Called by the shell when the app is free.
pub fn give_focus() {
    if let Some(element) = NEXT.with_borrow_mut(Option::take) {
        // An element that takes no focus leaves it where it is.
        drop(element.focus());
    }
}
