//! What people and other programs read: studies (JSON, CSV, Markdown), measurements and contact sheets (PNG).

pub mod bench;
pub mod contact_sheet;
pub mod draw;
pub mod results;
