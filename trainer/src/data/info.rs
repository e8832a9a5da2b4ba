//! `dataset.json`: what a data set says about itself. Optional; Kvasir-SEG as distributed has none.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use fovea_shared::description::Modality;
use serde::{Deserialize, Serialize};

use super::GazeOrigin;

/// The file's name in the data set's folder.
pub const FILE: &str = "dataset.json";

/// The format that this version writes and reads.
pub const FORMAT: u32 = 1;

/// The content of `dataset.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Info {
    /// [`FORMAT`].
    pub format: u32,
    /// The data set's name in results.
    pub name: String,
    /// What its images show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<Modality>,
    /// Whether the images were drawn by `fovea data phantom` rather than taken.
    pub drawn: bool,
    /// Where its gaze comes from.
    pub gaze: GazeOrigin,
    /// The command that wrote the folder.
    pub command: String,
}

/// Reads the folder's `dataset.json`; `None` where there is none.
///
/// # Errors
/// A file that cannot be read, is not JSON of this shape, or has another format.
pub fn read(root: &Path) -> Result<Option<Info>> {
    let path = root.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e).with_context(|| format!("cannot read {}", path.display())),
    };
    let info: Info = serde_json::from_str(&text).with_context(|| format!("{} is not as expected", path.display()))?;
    ensure!(info.format == FORMAT, "{} has format {}; this program reads {FORMAT}", path.display(), info.format);
    Ok(Some(info))
}
