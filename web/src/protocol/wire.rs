//! Messages as JavaScript values, as workers exchange them.

use js_sys::{Array, Object, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

use super::Envelope;

/// A message as a JavaScript value, and the list of the buffers in it to transfer.
///
/// # Errors
/// A message that cannot be written as a JavaScript value; none of this module's is.
pub fn encode<T: Serialize>(message: &Envelope<T>) -> Result<(JsValue, Array), String> {
    let value = serde_wasm_bindgen::to_value(message).map_err(|e| e.to_string())?;
    let buffers = Array::new();
    collect_buffers(&value, &buffers);
    Ok((value, buffers))
}

/// The message in a JavaScript value.
///
/// # Errors
/// A value of another shape.
pub fn decode<T: DeserializeOwned>(value: JsValue) -> Result<Envelope<T>, String> {
    serde_wasm_bindgen::from_value(value).map_err(|e| e.to_string())
}

fn collect_buffers(value: &JsValue, buffers: &Array) {
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        buffers.push(&bytes.buffer());
    } else if let Some(map) = value.dyn_ref::<js_sys::Map>() {
        map.for_each(&mut |inner, _| collect_buffers(&inner, buffers));
    } else if value.is_object() {
        for inner in Object::values(value.unchecked_ref()) {
            collect_buffers(&inner, buffers);
        }
    }
}
