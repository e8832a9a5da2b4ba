//! Descriptions on disk and where they come from.

pub(crate) mod measured;
pub mod store;
