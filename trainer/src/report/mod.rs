//! What people and other programs read: studies (JSON, CSV, Markdown), explained evaluations (CSV, JSON, SVG), measurements
//! and contact sheets (PNG).

pub mod bench;
pub mod contact_sheet;
pub mod descriptions;
pub mod draw;
pub mod explanation;
pub mod results;
mod svg;
