//! The picture in a DICOM file.

use serde::{Deserialize, Serialize};

use super::Blob;

/// A picture out of a DICOM file: its pixels, and nothing else that the file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DicomPicture {
    /// The levels of the frame as a PNG of 8 bits, grey or colour.
    pub png: Blob,
    /// Which frame of the file it is, from 1.
    pub frame: usize,
    /// How many frames the file has.
    pub frames: usize,
}
