#![doc = include_str!("../README.md")]
//!
//! What tests may rely on (element ids, `data-state`, `window.fovea`) is written in [`app::shell::test_api`].

pub mod app;
pub mod clock;
pub mod engine;
pub mod errors;
pub mod glances;
pub mod protocol;
pub mod startup;
pub mod text;

pub use startup::start;
