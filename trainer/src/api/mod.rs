//! The trainer as a library: [`train`], [`evaluate`] and [`Model::predict`] do what `fovea train`, `fovea eval` and `fovea predict`
//! do, without a command line.

mod evaluate;
mod predict;
mod train;

pub use evaluate::{TestList, evaluate, evaluate_bundle};
pub use predict::{Model, Prediction};
pub use train::{TrainedRun, TrainingData, train};

use std::path::PathBuf;

pub use crate::device::DeviceChoice;

/// Where to compute.
#[derive(Clone, Debug, Default)]
pub struct Compute {
    /// The device; by default a hardware GPU where there is one, else the CPU.
    pub device: DeviceChoice,
    /// Folder of cached backbone features; by default `fovea/features` in the user's cache folder.
    pub cache: Option<PathBuf>,
    /// Whether progress is shown on standard error.
    pub progress: bool,
}
