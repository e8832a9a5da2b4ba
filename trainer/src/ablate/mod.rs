//! `fovea ablate`: a grid of configurations and seeds, trained and measured cell by cell, by one
//! process or by many that share a folder, and merged into one study.
//!
//! ```text
//! grid.toml ──► Grid ──► cells ──► queue: claim ──► worker: teacher (shared) ──► student ──► evaluate ──► cell.json
//!                                                                                                   merge ──► study
//! ```
//!
//! Everything that processes have to agree on is a file in the folder, written beside and renamed:
//!
//! ```text
//! FOLDER/cells/ROW-sSEED/run/       the run folder, as `fovea train` makes it
//! FOLDER/cells/ROW-sSEED/cell.json  the scores of every image; when it is there, the cell is finished
//! FOLDER/teachers/KEY/              run folders of teachers that several cells start from
//! FOLDER/locks/                     who is at work on what
//! ```

mod cell;
mod claim;
mod grid;
mod merge;
mod plan;
mod published;
mod queue;
mod shard;
mod teacher;
mod teachers;
mod worker;

pub(crate) use cell::Changed;
pub(crate) use claim::{Attempt, Claims};
pub(crate) use grid::Grid;
pub(crate) use merge::merge;
pub(crate) use plan::{Plan, print_plan};
pub(crate) use queue::{Ended, Queue};
pub(crate) use shard::Shard;
pub(crate) use teachers::Teachers;
pub(crate) use worker::Worker;
