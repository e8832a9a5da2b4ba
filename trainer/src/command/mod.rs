//! One file per subcommand.

pub(crate) mod ablate;
pub(crate) mod agree;
pub(crate) mod bench;
mod common;
pub(crate) mod data;
pub(crate) mod describe;
pub(crate) mod describer;
pub(crate) mod eval;
mod explain;
pub(crate) mod export;
pub(crate) mod gallery;
mod interact;
pub(crate) mod labels;
pub(crate) mod phrases;
pub(crate) mod predict;
pub(crate) mod report;
pub(crate) mod teach;
pub(crate) mod train;
