//! What a JavaScript value says.

use wasm_bindgen::{JsCast, JsValue};

/// The text of a JavaScript error.
pub fn text(error: JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => error.as_string().unwrap_or_else(|| format!("{error:?}")),
    }
}
