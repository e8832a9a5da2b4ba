//! Teach a network in a minute: a visitor glances at a few pictures, and a fresh student learns from
//! these glances alone.
//!
//! ```text
//! Glances (which picture, which gaze, undo) ─► Teach (phase, next task for the engine)
//!                                                └─ Record (one student's course) ─► Figures (the result)
//! ```
//! These are plain data; [`feature`] has the elements, and the engine's side is
//! [`crate::engine::teach`].

pub mod exchange;
pub mod feature;
pub mod figures;
pub mod glances;
pub mod lesson;
pub mod reading;
pub mod record;
pub mod state;
pub mod task;
#[cfg(test)]
mod tests;
pub mod thumbs;

pub use feature::TeachTab;
