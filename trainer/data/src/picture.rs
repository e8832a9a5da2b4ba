//! Image files of every format that a data set may hold.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use fovea_shared::image::{self, RgbImage};

use super::nci_isbi::dicom;

/// Decodes JPEG, PNG, WebP or DICOM bytes.
///
/// # Errors
/// Bytes of no such format, or damaged ones.
pub fn decode(bytes: &[u8]) -> Result<RgbImage> {
    if dicom::is_dicom(bytes) { dicom::decode(bytes) } else { Ok(image::decode(bytes)?) }
}

/// One picture of a file that may hold several, counted from 0: a frame of a DICOM file, or the one picture of any other.
///
/// # Errors
/// As [`decode`].
pub fn decode_frame(bytes: &[u8], index: usize) -> Result<RgbImage> {
    if dicom::is_dicom(bytes) { dicom::frame(bytes, index) } else { decode(bytes) }
}

/// Width and height in pixels of such bytes, from their header alone.
///
/// # Errors
/// Bytes of no such format.
pub fn size(bytes: &[u8]) -> Result<[u32; 2]> {
    if dicom::is_dicom(bytes) { dicom::size(bytes) } else { Ok(image::size(bytes)?) }
}

/// Reads and decodes one image file.
///
/// # Errors
/// A file that cannot be read or decoded, named.
pub fn read(path: &Path) -> Result<RgbImage> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    decode(&bytes).with_context(|| format!("cannot decode {}", path.display()))
}
