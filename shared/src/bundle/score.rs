//! Measured numbers in a manifest.

use serde::{Deserialize, Serialize};

/// A measured number over seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Mean over seeds, 0..1.
    pub mean: f64,
    /// Standard deviation over seeds, 0..1.
    pub sd: f64,
    /// How many seeds.
    pub seeds: usize,
    /// The 95 % bootstrap interval of the mean over the images, each averaged over the seeds first; where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// What it was measured on, in words.
    pub on: String,
}
