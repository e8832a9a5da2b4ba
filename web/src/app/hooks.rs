//! What the page promises to those who test it.
//!
//! **Element ids.** `#stage` (the box) with the canvas `#stage-canvas`; `#undo #redo #clear #use-gaze`; `#file`; `#gallery
//! button[data-case]`; `#layer-X` and `#opacity-X` with X one of `teacher student truth heat high-confidence broad background`;
//! `#status` (live region: what changed, in words), `#message` with `#message-text` (hidden when there is nothing to say),
//! `#case-title`, `#source`; `#device #device-detail #device-other #selfcheck #timing-click #timing-embed`; `#dice-teacher
//! #dice-student`; `#model-facts`, `#notices`, `#fixations button[data-select]`, `button[data-remove]`.
//!
//! **`document.documentElement.dataset.state`**: `loading` until the first mask is drawn (or, without a gallery, until an image can be
//! opened), `busy` while an engine works, `ready` when everything asked for is on the screen, `error` when the page cannot go on;
//! then `#message` says why.
//!
//! **`window.fovea`**
//! - `state()`: an object, see [`Snapshot`].
//! - `maskHash(layer)`: 16 hexadecimal digits over the layer's present mask, or `null` when there is none. The three
//!   pseudo-masks are made while one of their layers is on.
//! - `maskArea(layer)`: its area in pixels at the size it was taken at, or `null`.
//! - `clickLatencies`: ms from a change of the gaze to the drawn mask, one number a change that was not overtaken by a newer one.

use fovea_shared::gaze::Fixation;
use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};

use super::{Page, dom::window, layers::Layer};
use crate::protocol::Report;

/// The app's state, as `window.fovea.state()` gives it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// `data-state`.
    pub phase: &'static str,
    /// Id of the gallery's case that is open, if one is.
    pub case: Option<String>,
    /// Title of what is open.
    pub title: Option<String>,
    /// Width and height of the open image, in pixels.
    pub size: Option<(u32, u32)>,
    /// The fixations.
    pub fixations: Vec<Fixation>,
    /// Index of the selected fixation.
    pub selected: Option<usize>,
    /// Whether a step can be undone.
    pub can_undo: bool,
    /// Whether a step can be redone.
    pub can_redo: bool,
    /// Names of the layers that are on.
    pub layers: Vec<&'static str>,
    /// Dice of teacher and student, where known.
    pub dice: (Option<f32>, Option<f32>),
    /// Device that computes.
    pub device: Option<String>,
    /// What the devices reported, as far as they are ready: CPU, WebGPU.
    pub reports: (Option<Report>, Option<Report>),
    /// Message that is shown.
    pub message: Option<String>,
}

/// Puts `window.fovea` in place.
///
/// # Errors
/// When the window refuses the property.
pub fn install(page: &Page, latencies: &Array) -> Result<(), String> {
    let hooks = Object::new();
    let put = |target: &Object, name: &str, value: &JsValue| {
        Reflect::set(target, &name.into(), value).map(drop).map_err(super::files::text)
    };
    let of = page.clone();
    let state = Closure::<dyn Fn() -> JsValue>::new(move || {
        let snapshot = of.read(|app| app.snapshot());
        snapshot.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::NULL)
    });
    let of = page.clone();
    let hash = Closure::<dyn Fn(String) -> JsValue>::new(move |name: String| {
        let hash = of.read(|app| Layer::from_name(&name).and_then(|l| app.outline(l).map(|o| o.hash.clone())));
        hash.map_or(JsValue::NULL, |h| JsValue::from_str(&h))
    });
    let of = page.clone();
    let area = Closure::<dyn Fn(String) -> JsValue>::new(move |name: String| {
        let area = of.read(|app| Layer::from_name(&name).and_then(|l| app.outline(l).map(|o| o.area)));
        area.map_or(JsValue::NULL, JsValue::from)
    });
    put(&hooks, "state", state.as_ref().unchecked_ref())?;
    put(&hooks, "maskHash", hash.as_ref().unchecked_ref())?;
    put(&hooks, "maskArea", area.as_ref().unchecked_ref())?;
    put(&hooks, "clickLatencies", latencies)?;
    // They live as long as the page.
    state.forget();
    hash.forget();
    area.forget();
    put(window().unchecked_ref(), "fovea", &hooks)
}
