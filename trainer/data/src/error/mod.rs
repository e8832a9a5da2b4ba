//! Why data on disk cannot be used.
//!
//! ```text
//! DataError      files, and cases with their images and masks
//!   FolderError  a folder that is not a data set, or whose dataset.json is wrong
//!   SplitError   lists of ids
//!   PictureError bytes that are not a picture
//!   VolumeError  label volumes
//!   StackError   series of slices
//!   GazeError    tables of gaze
//!   OutputError  folders that are written
//! ```
//! A message says what is wrong and what to do. What lies behind an error is its source; [`told`]
//! gives the whole as one line.

mod chain;
mod folder;
mod gaze;
mod output;
mod picture;
mod split;
mod stack;
#[cfg(test)]
mod tests;
mod volume;

use std::{io, path::PathBuf};

use fovea_medical::dicom::DicomError;

pub use self::chain::{innermost, told};
pub use self::folder::FolderError;
pub use self::gaze::GazeError;
pub use self::output::OutputError;
pub use self::picture::PictureError;
pub use self::split::{Leaked, SplitError};
pub use self::stack::StackError;
pub use self::volume::VolumeError;
use crate::MaskFile;
use crate::defect::Defect;
use crate::durable::WriteError;
use crate::mask::{MaskError, SizeMismatch};
use crate::splits::SHOWN;

/// What most functions of this crate return.
pub type Result<T, E = DataError> = std::result::Result<T, E>;

/// Why data on disk cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A file that cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A folder that cannot be listed.
    #[error("cannot list {}", path.display())]
    List {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A folder whose full path cannot be told.
    #[error("cannot find {}", path.display())]
    Find {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file or folder that cannot be made.
    #[error("cannot create {}", path.display())]
    Create {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file that cannot be written.
    #[error("cannot write {}", path.display())]
    WriteFile {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A picture that cannot be encoded or written.
    #[error("cannot write {}", path.display())]
    WritePicture {
        /// The file.
        path: PathBuf,
        /// What the encoder says.
        source: image::ImageError,
    },
    /// A `dataset.json` that cannot be made of what it should say, such as a path that is not text.
    #[error(transparent)]
    WriteInfo(serde_json::Error),
    /// A file that somebody relies on and that cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),

    /// A folder that is not a data set.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A data set with errors in it.
    #[error(
        "{} cannot be used as it is ({} errors; `fovea data check {}` names them all):\n{}",
        folder.display(), defects.len(), folder.display(), shown(defects)
    )]
    Defects {
        /// The data set.
        folder: PathBuf,
        /// All its errors; the message names the first few.
        defects: Vec<Defect>,
    },
    /// An id that is not in a data set.
    #[error("there is no image `{id}` in {}", folder.display())]
    UnknownImage {
        /// The id.
        id: String,
        /// The data set.
        folder: PathBuf,
    },
    /// Lists of ids that cannot be used.
    #[error(transparent)]
    Split(#[from] SplitError),

    /// The image of a case.
    #[error("image of case `{case}`")]
    Image {
        /// The id.
        case: String,
        /// What is wrong with it.
        source: Box<DataError>,
    },
    /// An image file that cannot be read.
    #[error("the image {} cannot be read", path.display())]
    ReadImage {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// An image file that cannot be decoded.
    #[error("the image {} cannot be used", path.display())]
    WrongImage {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: PictureError,
    },
    /// A picture that cannot be decoded.
    #[error("cannot decode {}", path.display())]
    Decode {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: PictureError,
    },
    /// A file that is no DICOM file, or a damaged one.
    #[error("{} cannot be read as DICOM", path.display())]
    Dicom {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: DicomError,
    },
    /// Pictures that make no series.
    #[error(transparent)]
    Stack(#[from] StackError),

    /// A case without a mask.
    #[error("case `{case}` has no mask: expected masks/{case}.jpg or .png beside the images")]
    NoMask {
        /// The id.
        case: String,
    },
    /// A mask that cannot be used.
    #[error("the mask {file} of case `{case}` cannot be used")]
    WrongMask {
        /// The id.
        case: String,
        /// The mask.
        file: Box<MaskFile>,
        /// What is wrong with it.
        source: Box<DataError>,
    },
    /// A mask of another size than its image.
    #[error("the mask {file} of the image {} {mismatch}", image.display())]
    MaskSize {
        /// The mask.
        file: Box<MaskFile>,
        /// The image.
        image: PathBuf,
        /// Both sizes.
        mismatch: SizeMismatch,
    },
    /// The bytes of a mask that can be read in no way, or in more than one.
    #[error(transparent)]
    Mask(#[from] MaskError),
    /// A label volume.
    #[error(transparent)]
    Volume(#[from] VolumeError),
    /// Images none of which can measure pseudo-masks.
    #[error("none of the {images} images has both gaze and a true mask with an inside to compare with")]
    NothingToCompare {
        /// How many images there are.
        images: usize,
    },

    /// A table of gaze.
    #[error(transparent)]
    Gaze(#[from] GazeError),
    /// Gaze cannot be simulated without a mask.
    #[error("gaze is simulated from the true mask")]
    NoGazeWithoutMask {
        /// What is wrong with the mask.
        source: Box<DataError>,
    },
    /// A folder that cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// The first few defects, a line each.
fn shown(defects: &[Defect]) -> String {
    let lines: Vec<String> = defects.iter().take(SHOWN).map(|d| format!("  {}: {}", d.subject, d.message)).collect();
    lines.join("\n")
}
