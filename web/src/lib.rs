//! The demo page: the trainer's model in the browser, moved by clicked gaze.
//!
//! One WebAssembly binary plays two parts. In the window, [`app`] holds the state (gaze points, undo, layers), draws on a 2D canvas
//! and never computes a network. In a worker, [`engine`] decodes images and runs the model; the two talk through the typed messages
//! of [`protocol`]. There is one worker a device: the CPU's starts first, so that the first mask comes early; WebGPU's starts in the
//! background once the page is usable, is timed against the CPU, and takes over where it reproduces the reference outputs and is
//! faster. A graphics driver that hangs or a shader that panics can so end nothing but its own worker.
//!
//! ```text
//! boot.mjs ── downloads wasm + bundle ──► app ══ Request ══► engine (CPU)     Predictor on burn's flex
//!                                          ▲  ╚═ Request ══► engine (WebGPU)  Predictor on wgpu
//!                                          ╚════ Response ═══════╝
//! ```
//!
//! What tests may rely on (element ids, `data-state`, `window.fovea`) is written in [`app::shell::test_api`].

pub mod app;
pub mod clock;
pub mod engine;
pub mod errors;
pub mod protocol;
pub mod startup;
pub mod text;

pub use startup::start;
