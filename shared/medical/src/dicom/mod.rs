//! DICOM (PS3.10 files): where the frames lie, and their pixels as pictures.
//!
//! # From stored values to levels
//! Grey: stored bits -> rescale (slope and intercept, of either sign) or modality table -> window,
//! or the range of the frame -> turned over where white is low (MONOCHROME1, or
//! PresentationLUTShape INVERSE; both together say it once) -> 0 to 255.
//!
//! - **Window.** The first window of a frame is applied, by its function (LINEAR, LINEAR_EXACT,
//!   SIGMOID), else the first VOI table, else the frame is stretched from its least to its largest
//!   value. **MR is always stretched**: its values have no unit, scanners write a window for the
//!   eye into every slice, and the networks of this field learnt from stretched slices
//!   (GazeMedSeg's released preparation).
//! - **Padding** (PixelPaddingValue) is black and does not count for the range.
//!
//! Colour: RGB, YBR_FULL, YBR_FULL_422, PALETTE COLOR, and what JPEG and JPEG 2000 make of them.

mod attributes;
mod codec;
mod colour;
mod error;
mod grey;
mod header;
mod jpeg;
mod jpeg2000;
mod layout;
mod lut;
mod read;
mod rle;
mod source;

pub use error::DicomError;
pub use header::{Header, Place};

use attributes::Attributes;
use layout::Layout;
use source::Source;

/// A data set in memory.
#[derive(Debug)]
pub struct Dicom {
    object: dicom_object::InMemDicomObject,
    header: Header,
}

/// One frame as a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Columns and rows.
    pub size: [usize; 2],
    /// Levels, row by row from the top left.
    pub pixels: Pixels,
    /// How the levels were made, where that is not the plain stretch.
    pub notes: Vec<String>,
}

/// Levels from 0 to 255.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// One a pixel.
    Grey(Vec<u8>),
    /// Red, green and blue of every pixel.
    Rgb(Vec<u8>),
}

/// Whether bytes are those of a DICOM file (PS3.10: `DICM` after a preamble of 128 bytes).
pub fn is_dicom(bytes: &[u8]) -> bool {
    bytes.get(128..132) == Some(b"DICM")
}

impl Dicom {
    /// Reads a file. An element that claims more than the file holds is refused before anything is
    /// reserved for it.
    ///
    /// # Errors
    /// Bytes of another format, or damaged ones.
    pub fn read(bytes: &[u8]) -> Result<Self, DicomError> {
        let (object, syntax) = read::object(bytes)?;
        let header = Header::of(Attributes(&object), syntax)?;
        Ok(Self { object, header })
    }

    /// What the file says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// A frame, counted from 0.
    ///
    /// # Errors
    /// A frame that is not there, and pixels in a form that is not read; the form is named with the
    /// remedy.
    pub fn frame(&self, index: usize) -> Result<Frame, DicomError> {
        let attributes = Attributes(&self.object);
        let frames = self.header.frames;
        if index >= frames {
            return Err(DicomError::NoFrame { frames, index });
        }
        let layout = Layout::of(attributes)?;
        let source = Source::of(attributes, &self.header.syntax, frames)?;
        let words = codec::words(&source, &layout, &self.header.syntax, index)?;
        let (pixels, notes) = match layout.photometric.is_grey() {
            true => grey::levels(attributes, &layout, &words, index)?,
            false => (colour::levels(attributes, &layout, words)?, Vec::new()),
        };
        Ok(Frame { size: layout.size, pixels, notes })
    }
}
