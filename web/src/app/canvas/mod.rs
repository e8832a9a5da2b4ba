//! Drawing: pictures, outlines, small tiles, charts.

pub mod chart;
pub mod draw;
pub mod frame;
pub mod layers;
pub mod path;
pub mod scatter;
pub mod tile;
