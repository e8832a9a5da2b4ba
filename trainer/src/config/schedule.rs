//! In which order teacher and student learn.

use serde::{Deserialize, Serialize};

/// In which order teacher and student learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// Teacher first, then the student with the teacher frozen.
    TwoStage,
    /// Both in every step, as the paper does. Needs `student-target = "broad-mask"`.
    Joint,
}
