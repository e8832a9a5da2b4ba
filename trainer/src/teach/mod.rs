//! How well a fresh student does after a few glances: what `fovea teach` measures.
//!
//! ```text
//! training images, drawn by seed ─► first N ─► gaze, cut after S seconds ─► pseudo-mask ─► fovea_teach::Course ─► Dice on the test images
//! ```

mod glances;
mod images;
mod student;

pub(crate) use glances::{Cell, Told};
pub(crate) use images::Images;
pub(crate) use student::taught;
