//! What a layout lists.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::data::MaskFile;

/// What a layout finds: images and masks by id.
#[derive(Debug, Default)]
pub(in crate::data) struct Found {
    /// Image files.
    pub(in crate::data) images: BTreeMap<String, PathBuf>,
    /// Masks.
    pub(in crate::data) masks: BTreeMap<String, MaskFile>,
    /// Whether there is any place for masks.
    pub(in crate::data) has_masks: bool,
    /// The folders of the images.
    pub(in crate::data) looked_in: Vec<PathBuf>,
}
