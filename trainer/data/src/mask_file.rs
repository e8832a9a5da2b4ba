//! Where masks lie, and the one way to read them.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use fovea_medical::plane::Section;
use fovea_shared::plane::Mask;

use super::mask::{self, ReadMask};
use super::nci_isbi::labels;

/// Where a mask lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaskFile {
    /// A picture; [`mask`](super::mask) says what is inside.
    Picture(PathBuf),
    /// A slice of a label volume, from 0: labels of at least 1 are inside.
    Label {
        /// The NRRD or NIfTI file.
        path: PathBuf,
        /// The slice, from 0.
        slice: usize,
        /// The voxels under the image.
        section: Section,
    },
}

impl MaskFile {
    /// Reads the mask at its own size. Everything that needs a mask reads it here, so that all
    /// refuse the same files in the same words.
    ///
    /// # Errors
    /// A file that cannot be read, or of which [`mask`](super::mask) does not know what is inside.
    pub fn read(&self) -> Result<ReadMask> {
        match self {
            Self::Picture(path) => {
                let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
                Ok(mask::read(&bytes)?)
            }
            Self::Label { path, section, .. } => {
                let labels = labels::read(path)?.labels(section).with_context(|| path.display().to_string())?;
                let [width, height] = section.size;
                let mask = Mask::from_vec(width, height, labels.into_iter().map(|label| label >= 1).collect());
                Ok(ReadMask { mask, cautions: Vec::new(), orientation: 1 })
            }
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Picture(path) | Self::Label { path, .. } => path,
        }
    }
}

impl fmt::Display for MaskFile {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Picture(path) => write!(f, "{}", path.display()),
            Self::Label { path, slice, .. } => write!(f, "{}, slice {}", path.display(), slice + 1),
        }
    }
}
