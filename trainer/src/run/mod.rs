//! One training run: prepared data in, a stream of [`TrainEvent`]s, checkpoints and best heads out.

mod batch;
mod beginning;
mod best;
mod checkpoint;
mod cutmix;
mod diverged;
mod edited;
mod engine;
mod event;
mod folder;
mod labels;
mod leftovers;
mod lite;
mod looks;
mod manifest;
mod mask_cache;
mod names;
mod paper;
mod pictures;
mod pixel_cache;
mod predict;
mod prepare;
mod prepared;
mod probe;
mod progress;
mod provenance;
mod randomness;
mod scratch;
mod session;
mod sinks;
mod size_word;
mod source;
mod teacher_sample;
mod tensors;
mod text;
mod trainees;
mod trainer;

pub(crate) use beginning::Beginning;
pub(crate) use best::{Heads, Student, load_adapters, load_best, load_student, load_teacher};
pub(crate) use event::TrainEvent;
pub(crate) use folder::RunFolder;
pub use looks::LookSettings;
pub(crate) use mask_cache::MaskCache;
pub(crate) use paper::{PaperNetworks, predict_paper_student, predict_paper_teacher};
pub(crate) use predict::{Prompt, attend, plane_of, predict_student, predict_teacher};
pub(crate) use prepare::load_inputs;
pub(crate) use probe::Probe;
pub(crate) use progress::Progress;
pub(crate) use provenance::{DescriptionFile, GazeCounts, Provenance, TeacherFrom};
pub(crate) use session::Session;
pub(crate) use sinks::Sinks;
pub(crate) use source::{Source, TrainingCases, absolute, description_file};
pub(crate) use tensors::pyramid;
pub(crate) use text::{descriptions, exchange, measure_all, measures, read_descriptions, table, tokens};
pub(crate) use trainer::{Outcome, Trainer};

use std::{io::Cursor, path::Path};

use anyhow::{Context, Result};
use image::{DynamicImage, ImageFormat};

use crate::data::durable::{self, WriteError};

/// Writes a file so that it is whole or not there: see [`durable::write()`].
///
/// # Errors
/// Names the file, and what keeps it from being written.
pub(crate) fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    durable::write(path, bytes)
}

/// Writes a picture as PNG, likewise.
///
/// # Errors
/// As [`write_atomic`].
pub(crate) fn write_png(image: &(impl Clone + Into<DynamicImage>), path: &Path) -> Result<()> {
    let mut bytes = Cursor::new(Vec::new());
    let written = image.clone().into().write_to(&mut bytes, ImageFormat::Png);
    written.with_context(|| format!("{} cannot be encoded", path.display()))?;
    Ok(write_atomic(path, bytes.get_ref())?)
}
