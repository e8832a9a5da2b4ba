//! Image files of every format that a data set may hold.

use std::fs;
use std::path::Path;

use fovea_shared::image::{self, Decoded, Header, RgbImage};

use super::error::{DataError, PictureError, Result};
use super::nci_isbi::dicom;

/// Decodes JPEG, PNG, WebP or DICOM bytes.
///
/// # Errors
/// Bytes of no such format, or damaged ones.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, PictureError> {
    Ok(decode_with_notes(bytes)?.image)
}

/// As [`decode`], with what a person should know of how the image was read.
///
/// # Errors
/// Bytes of no such format, or damaged ones.
pub fn decode_with_notes(bytes: &[u8]) -> Result<Decoded, PictureError> {
    if dicom::is_dicom(bytes) {
        return Ok(Decoded { image: dicom::decode(bytes)?, notes: Vec::new() });
    }
    Ok(image::read(bytes)?)
}

/// As [`decode_with_notes`], of one picture of a file that may hold several, counted from 0: a frame of a DICOM
/// file, or the one picture of any other.
///
/// # Errors
/// As [`decode`].
pub fn decode_frame(bytes: &[u8], index: usize) -> Result<Decoded, PictureError> {
    if dicom::is_dicom(bytes) {
        return Ok(Decoded { image: dicom::frame(bytes, index)?, notes: Vec::new() });
    }
    decode_with_notes(bytes)
}

/// Width and height in pixels of such bytes, from their header alone.
///
/// # Errors
/// Bytes of no such format.
pub fn size(bytes: &[u8]) -> Result<[u32; 2], PictureError> {
    if dicom::is_dicom(bytes) { dicom::size(bytes) } else { Ok(image::size(bytes)?) }
}

/// Reads and decodes one image file.
///
/// # Errors
/// A file that cannot be read or decoded, named.
pub fn read(path: &Path) -> Result<RgbImage> {
    let bytes = fs::read(path).map_err(|source| DataError::Read { path: path.to_path_buf(), source })?;
    decode(&bytes).map_err(|source| DataError::Decode { path: path.to_path_buf(), source })
}

/// The header of a JPEG, PNG or WebP file; `None` for a file that cannot be read, and for DICOM, which is never turned.
pub(crate) fn header(path: &Path) -> Option<Header> {
    image::header(&fs::read(path).ok()?).ok()
}
