//! Label volumes that cannot be used.

use std::{io, path::PathBuf};

use fovea_medical::{nifti::NiftiError, nrrd::NrrdError, volume::NoLabel};

/// Why a label volume cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VolumeError {
    /// No NIfTI, a damaged one, or a form of it that is not read.
    #[error("{} is not a label volume as expected", path.display())]
    Nifti {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: NiftiError,
    },
    /// No NRRD, a damaged one, or a form of it that is not read.
    #[error("{} is not a label volume as expected", path.display())]
    Nrrd {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: NrrdError,
    },
    /// A file of data beside a header.
    #[error("{} names {} as its data, which cannot be read: put it beside the header", path.display(), data.display())]
    Data {
        /// The header.
        path: PathBuf,
        /// The file that it names.
        data: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A value that is not a label.
    #[error("{}", path.display())]
    Label {
        /// The file.
        path: PathBuf,
        /// Which value, and where.
        source: NoLabel,
    },
}
