//! The clipboard.

use wasm_bindgen_futures::JsFuture;

use super::window;

/// Copies a text. False where the browser does not let the page write.
pub async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // Only a page from https or localhost has one; web-sys takes it for granted.
    clipboard.is_object() && JsFuture::from(clipboard.write_text(text)).await.is_ok()
}
