//! The one way to read masks.

use std::fs;

use fovea_shared::plane::Mask;

use super::MaskFile;
use crate::error::{DataError, Result, VolumeError};
use crate::mask::{self, ReadMask};
use crate::nci_isbi::labels;

impl MaskFile {
    /// Reads the mask at its own size. Everything that needs a mask reads it here, so that all
    /// refuse the same files in the same words.
    ///
    /// # Errors
    /// A file that cannot be read; [`DataError::Mask`] where [`mask`](crate::mask) does not know what is inside;
    /// [`DataError::Volume`] for labels.
    pub fn read(&self) -> Result<ReadMask> {
        match self {
            Self::Picture(path) => {
                let bytes = fs::read(path).map_err(|source| DataError::Read { path: path.clone(), source })?;
                Ok(mask::read(&bytes)?)
            }
            Self::Label { path, section, .. } => {
                let labels = labels::read(path)?.labels(section);
                let labels = labels.map_err(|source| VolumeError::Label { path: path.clone(), source })?;
                let [width, height] = section.size;
                let mask = Mask::from_vec(width, height, labels.into_iter().map(|label| label >= 1).collect());
                Ok(ReadMask { mask, cautions: Vec::new(), orientation: 1 })
            }
        }
    }
}
