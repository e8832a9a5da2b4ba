//! A clock for timings, in the browser and in native tests.

/// Milliseconds since some fixed moment, with a fraction.
#[cfg(target_arch = "wasm32")]
pub fn now_ms() -> f64 {
    use wasm_bindgen::JsCast;
    let global = js_sys::global();
    let performance = match global.dyn_ref::<web_sys::Window>() {
        Some(window) => window.performance(),
        None => global.dyn_ref::<web_sys::WorkerGlobalScope>().and_then(web_sys::WorkerGlobalScope::performance),
    };
    performance.map_or_else(js_sys::Date::now, |p| p.now())
}

/// Milliseconds since some fixed moment, with a fraction.
#[cfg(not(target_arch = "wasm32"))]
pub fn now_ms() -> f64 {
    use std::{sync::OnceLock, time::Instant};
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1e3
}
