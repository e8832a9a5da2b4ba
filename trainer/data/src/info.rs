//! `dataset.json`: what a data set says about itself. Optional; Kvasir-SEG as distributed has none.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use fovea_shared::description::Modality;
use serde::{Deserialize, Serialize};

use super::GazeOrigin;
use super::error::{FolderError, Result};
use super::layout::Layout;
use super::text::{self, ReadError};

/// The file's name in the data set's folder.
pub const FILE: &str = "dataset.json";

/// The format that this version writes and reads.
pub const FORMAT: u32 = 1;

/// The content of `dataset.json`. Only `format` and `name` must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Info {
    /// [`FORMAT`].
    pub format: u32,
    /// The data set's name in results.
    pub name: String,
    /// How its files are named and where they lie, where names alone would not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// What its images show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<Modality>,
    /// Another data set's folder, absolute or from here: what this folder lacks (images, masks,
    /// labels, gaze, splits) is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<PathBuf>,
    /// Whether the images were drawn by `fovea data phantom` rather than taken.
    #[serde(default)]
    pub drawn: bool,
    /// Where the gaze in this folder comes from.
    #[serde(default)]
    pub gaze: GazeOrigin,
    /// How simulated gaze was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulation: Option<Simulation>,
    /// The command that wrote the folder.
    #[serde(default)]
    pub command: String,
}

/// How gaze was simulated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// `eye-tracker` or `webcam`.
    pub observer: String,
    /// Seed of the set; every image has its own, made from this one and its id.
    pub seed: u64,
}

/// Reads the folder's `dataset.json`; `None` where there is none.
///
/// # Errors
/// A file that cannot be read, is not JSON of this shape, or has another format.
pub fn read(root: &Path) -> Result<Option<Info>> {
    let path = root.join(FILE);
    let text = match text::read(&path) {
        Ok(text) => text,
        Err(ReadError::Io(e)) if e.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(FolderError::InfoText { path, source }.into()),
    };
    match serde_json::from_str::<Info>(&text) {
        Ok(info) if info.format == FORMAT => Ok(Some(info)),
        Ok(info) => Err(FolderError::InfoFormat { path, found: info.format, read: FORMAT }.into()),
        Err(source) => Err(FolderError::InfoShape { path, source }.into()),
    }
}
