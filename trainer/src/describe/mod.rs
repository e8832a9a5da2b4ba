//! Descriptions on disk and where they come from.

pub mod llava;
pub mod store;
