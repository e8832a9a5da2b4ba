//! Descriptions on disk and where they come from.

pub mod llava;
pub(crate) mod measured;
pub mod store;
