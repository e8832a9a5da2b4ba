//! The first steps of the program, in the window and in a worker.

use std::sync::Once;

use wasm_bindgen::JsCast;

/// Runs what must run before the model is touched: static constructors, then panic messages and log
/// lines to the console.
///
/// Every entry that touches the model calls this, since the test runner does not go through [`start`]. The constructors come from
/// `inventory`, below burn's GPU compiler. Naming `__wasm_call_ctors` once also keeps the linker from calling it around every
/// export, which would cost about a millisecond a call.
pub fn ready() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        #[cfg(target_arch = "wasm32")]
        {
            unsafe extern "C" {
                fn __wasm_call_ctors();
            }
            // SAFETY: the linker defines this function without arguments or result, and `Once` runs it a single time.
            unsafe { __wasm_call_ctors() };
        }
    });
    report();
}

/// Sends panic messages and log lines to the console.
fn report() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        console_error_panic_hook::set_once();
        // An error means that a logger is set already, which is as good.
        drop(console_log::init_with_level(log::Level::Warn));
    });
}

/// Starts the app where there is a window, the engine where there is a worker, and nothing anywhere
/// else.
///
/// The app touches no model, so the window is spared the constructors: hundreds, each compiled at
/// its first call.
pub fn start() {
    let global = js_sys::global();
    if global.is_instance_of::<web_sys::Window>() {
        report();
        crate::app::start();
    } else if let Ok(scope) = global.dyn_into::<web_sys::DedicatedWorkerGlobalScope>() {
        ready();
        crate::engine::start(scope);
    }
}
