//! The trainer as a library: [`train`], [`evaluate`] and [`Model::predict`] do what `fovea train`,
//! `fovea eval` and `fovea predict` do, without a command line.

mod error;
mod evaluate;
mod predict;
mod train;

pub use error::{Cause, Error};
pub use evaluate::{TestList, evaluate, evaluate_bundle};
pub use predict::{Model, Prediction};
pub use train::{TrainedRun, TrainingData, train};

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

pub use crate::device::DeviceChoice;
use crate::run::Progress;

/// Where to compute.
#[derive(Clone, Debug, Default)]
pub struct Compute {
    /// The device; by default a hardware GPU where there is one, else the CPU.
    pub device: DeviceChoice,
    /// Folder of cached backbone features; by default `fovea/features` in the user's cache folder.
    pub cache: Option<PathBuf>,
    /// Whether progress is shown on standard error.
    pub progress: bool,
    /// Set to true, it stops the work: what a training did is saved, and [`Error::Interrupted`]
    /// says where; what is not yet a training, or is
    /// an evaluation, ends with [`Error::Stopped`].
    pub stop: Option<Arc<AtomicBool>>,
}

impl Compute {
    /// Bars where they are wanted, and the caller's wish to stop.
    fn progress(&self) -> Progress<'_> {
        Progress::stopped_by(!self.progress, self.stop.as_deref())
    }
}
