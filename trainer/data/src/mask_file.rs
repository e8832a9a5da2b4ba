//! Where masks lie, and the one way to read them.

mod read;

use std::fmt;
use std::path::{Path, PathBuf};

use fovea_medical::plane::Section;

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
