//! Bytes that are not a picture.

use fovea_medical::dicom::DicomError;
use fovea_shared::image::DecodeError;

/// What to do with a file of several frames.
const SPLIT: &str = "split it into one file a slice, for instance with `emf2sf` of dcm4che, or let `fovea predict` \
                     read it frame by frame";

/// Why bytes are not a picture.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// No JPEG, PNG or WebP, or a damaged one.
    #[error(transparent)]
    Image(#[from] DecodeError),
    /// DICOM that is not read, or damaged.
    #[error(transparent)]
    Dicom(#[from] DicomError),
    /// DICOM without a size.
    #[error("it has no element Columns or Rows, so it holds no picture")]
    NoSize,
    /// Several frames where one is wanted.
    #[error("it holds {frames} frames in one file: {SPLIT}")]
    Frames {
        /// How many.
        frames: usize,
    },
    /// Fewer pixels than the size says.
    #[error("it holds fewer pixels than it says")]
    Short,
}
