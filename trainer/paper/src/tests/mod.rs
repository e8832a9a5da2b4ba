#![allow(clippy::unwrap_used)]
//! The networks against the reference and against what training needs of them.

mod behaviour;
mod golden;
mod learning;
mod parity;
mod step;

use super::PaperConfig;

/// Small enough to train in a test; the same code as the released widths.
fn small(side: usize, text: usize) -> PaperConfig {
    PaperConfig { teacher: [8, 16, 24, 32, 40, 16], student: [8, 8, 16, 24, 32, 8], head: 16, text, side }
}
