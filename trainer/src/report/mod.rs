//! What people and other programs read: studies (JSON, CSV, Markdown, SVG), explained evaluations (CSV, JSON, SVG),
//! measurements and contact sheets (PNG); and a page over all of them.

pub mod bench;
pub mod contact_sheet;
pub mod descriptions;
pub mod draw;
mod error;
pub mod explanation;
mod files;
pub mod folder;
pub mod html;
pub mod image_scores;
pub mod interact;
pub mod kind;
pub(crate) mod labels;
pub mod pages;
pub mod paired;
pub mod readme;
pub mod results;
#[cfg(test)]
mod snapshots;
pub mod study_figure;
mod study_files;
pub mod study_table;
mod svg;
pub(crate) mod teach;
pub(crate) mod teach_figure;

pub use error::ReportError;
