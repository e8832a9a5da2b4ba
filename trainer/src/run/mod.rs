//! One training run: prepared data in, a stream of [`TrainEvent`]s, checkpoints and best heads out.

mod batch;
mod checkpoint;
mod cutmix;
mod engine;
mod event;
mod folder;
mod lite;
mod mask_cache;
mod mosaic;
mod paper;
mod prepare;
mod progress;
mod session;
mod sinks;
mod source;
mod stop;
mod text;
mod trainer;
mod validate;

pub(crate) use batch::pyramid;
pub(crate) use checkpoint::{Heads, Student, load_adapters, load_best, load_student, load_teacher};
pub(crate) use event::TrainEvent;
pub(crate) use folder::{DescriptionFile, GazeCounts, Provenance, RunFolder, TeacherFrom, write_atomic};
pub(crate) use mask_cache::MaskCache;
pub(crate) use mosaic::{Cut, LARGER, Part, mosaic};
pub(crate) use paper::{PaperNetworks, predict_paper_student, predict_paper_teacher};
pub(crate) use prepare::{all_pseudo_masks, load_inputs, prepare};
pub(crate) use progress::Progress;
pub(crate) use session::Session;
pub(crate) use sinks::Sinks;
pub(crate) use source::{Material, Source, absolute, description_file};
pub(crate) use stop::{STOPPED, stop_flag};
pub(crate) use text::{TextSource, descriptions, exchange, read_descriptions, table, tokens};
pub(crate) use trainer::{Outcome, Trainer};
pub(crate) use validate::{Asked, Probe, attend, plane_of, predict_student, predict_teacher};
