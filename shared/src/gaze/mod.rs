//! Gaze: samples, fixations, scanpaths, their origin and CSV rows, heat maps, and a simulator.

mod csv;
mod fixations;
mod heat;
mod origin;
mod simulate;

pub use csv::{GazeCsvError, GazeRow, GazeTable, HEADER, Lost, OutsideRow, Units, is_missing, parse_csv, write_csv};
pub use fixations::{IdtParams, Sample, detect_fixations};
pub use heat::{HeatParams, heat_map};
pub use origin::GazeOrigin;
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

    /// What was seen in the first `ms` milliseconds after the first fixation began; the last fixation is cut there.
    pub fn first_ms(&self, ms: f32) -> Self {
        let end = self.fixations.first().map_or(0.0, |first| first.start_ms) + ms;
        let begun = self.fixations.iter().filter(|fixation| fixation.start_ms < end);
        let cut = |f: &Fixation| Fixation { duration_ms: f.duration_ms.min(end - f.start_ms), ..*f };
        Self { fixations: begun.map(cut).collect() }
    }

    /// The sum of all durations, in ms.
    pub fn total_ms(&self) -> f32 {
        self.fixations.iter().map(|f| f.duration_ms).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_moments_of_a_scanpath() {
        let at = |start_ms, duration_ms| Fixation { x: 0.5, y: 0.5, duration_ms, start_ms };
        let path = Scanpath { fixations: vec![at(40.0, 200.0), at(260.0, 300.0), at(600.0, 100.0)] };
        let first = path.first_ms(500.0).fixations;
        assert_eq!(first, [at(40.0, 200.0), at(260.0, 280.0)]);
        assert_eq!(path.first_ms(1e6), path);
        assert!(path.first_ms(0.0).fixations.is_empty() && Scanpath::default().first_ms(9.0).fixations.is_empty());
    }
}
