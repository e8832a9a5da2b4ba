//! Gaze: fixations, scanpaths, their CSV rows, heat maps, and a simulator.

mod csv;
mod heat;
mod simulate;

pub use csv::{GazeCsvError, GazeRow, GazeTable, HEADER, Lost, OutsideRow, Units, parse_csv, write_csv};
pub use heat::{HeatParams, heat_map};
pub use simulate::{Observer, simulate, simulate_slice};

use serde::{Deserialize, Serialize};

/// One fixation of the eye on the image.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fixation {
    /// Horizontal position, 0 at the left edge and 1 at the right edge of the image.
    pub x: f32,
    /// Vertical position, 0 at the top edge and 1 at the bottom edge of the image.
    pub y: f32,
    /// How long the eye rested, in ms.
    pub duration_ms: f32,
    /// When the fixation began, in ms since the image appeared.
    pub start_ms: f32,
}

/// The fixations of one look at one image, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scanpath {
    /// The fixations, first look first.
    pub fixations: Vec<Fixation>,
}

impl Scanpath {
    /// The scanpath seen in a mirror: `x` becomes `1 - x`.
    pub fn flip_horizontal(&self) -> Self {
        Self { fixations: self.fixations.iter().map(|f| Fixation { x: 1.0 - f.x, ..*f }).collect() }
    }

    /// The scanpath upside down: `y` becomes `1 - y`.
    pub fn flip_vertical(&self) -> Self {
        Self { fixations: self.fixations.iter().map(|f| Fixation { y: 1.0 - f.y, ..*f }).collect() }
    }

    /// The sum of all durations, in ms.
    pub fn total_ms(&self) -> f32 {
        self.fixations.iter().map(|f| f.duration_ms).sum()
    }
}
