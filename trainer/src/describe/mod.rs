//! Descriptions on disk and where they come from.
//!
//! ```text
//! case ──► question ──► cache ──► client ──► server ─┐
//!      └──► sources: measured, imported ─────────────┴──► store (JSON lines)
//! ```

pub mod agreement;
pub mod cache;
pub mod client;
mod error;
pub mod llava;
pub mod measured;
pub mod question;
pub mod sources;
pub mod store;
pub mod work;

pub use error::DescribeError;
