//! How a student is taught.

use serde::{Deserialize, Serialize};

/// How a student is taught from a few images.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Recipe {
    /// Views of every image that the student sees: the image itself, then mirror images, then drawn views.
    pub views: usize,
    /// Images of a step.
    pub batch: usize,
    /// Steps of the whole course.
    pub steps: usize,
    /// Highest learning rate of the one cycle.
    pub rate: f64,
    /// Weight of the soft Dice term beside the cross-entropy.
    pub dice: f64,
}

impl Default for Recipe {
    /// Chosen on the 90 validation images of Kvasir-SEG (split `gaze`), with the backbone of the shipped
    /// polyp bundle, eight images and the first four seconds of recorded gaze each. `fovea teach
    /// --validation` measures it.
    fn default() -> Self {
        Self { views: 8, batch: 4, steps: 60, rate: 5e-3, dice: 1.0 }
    }
}
