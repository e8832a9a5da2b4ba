//! One training run: prepared data in, a stream of [`TrainEvent`]s, checkpoints and best heads out.

mod batch;
mod checkpoint;
mod event;
mod folder;
mod prepare;
mod progress;
mod sinks;
mod trainer;
mod validate;

pub(crate) use checkpoint::{Heads, load_best};
pub(crate) use event::TrainEvent;
pub(crate) use folder::{Provenance, RunFolder, git_sha, write_atomic};
pub(crate) use prepare::prepare;
pub(crate) use progress::Progress;
pub(crate) use sinks::Sinks;
pub(crate) use trainer::{Outcome, Trainer};
pub(crate) use validate::{Probe, predict_student, predict_teacher};
