//! What a layout lists.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::MaskFile;

/// What a layout finds: images and masks by id.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Image files.
    pub(crate) images: BTreeMap<String, PathBuf>,
    /// Masks.
    pub(crate) masks: BTreeMap<String, MaskFile>,
    /// Whether there is any place for masks.
    pub(crate) has_masks: bool,
    /// The folders of the images.
    pub(crate) looked_in: Vec<PathBuf>,
}
