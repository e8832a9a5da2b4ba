//! Brush, eraser and outline on the stage, with a stopwatch.
//!
//! ```text
//! pointer, keys ─► Brush (overlay on the stage) ─► Painting (the mask, undo) ─► Painted (mask, seconds)
//! ```

pub mod painting;
pub mod stopwatch;
pub mod view;

pub use view::{Brush, Painted};
