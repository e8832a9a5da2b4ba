//! The generic folder, and Kvasir-SEG, which is one.

use std::collections::BTreeMap;

use anyhow::Result;

use super::found::Found;
use crate::data::MaskFile;
use crate::data::defect::Defect;
use crate::data::files::{IMAGE_EXTENSIONS, Naming, add_files};
use crate::data::roots::Roots;

/// `images/` and `masks/`.
pub(in crate::data) fn list(roots: &Roots, defects: &mut Vec<Defect>) -> Result<Found> {
    let mut found = Found::default();
    if let Some(folder) = roots.folder("images") {
        add_files(&folder, Naming { extensions: &IMAGE_EXTENSIONS, ..Naming::PLAIN }, &mut found.images, defects)?;
        found.looked_in.push(folder);
    }
    if let Some(folder) = roots.folder("masks") {
        let mut masks = BTreeMap::new();
        add_files(&folder, Naming::PLAIN, &mut masks, defects)?;
        found.masks = masks.into_iter().map(|(id, path)| (id, MaskFile::Picture(path))).collect();
        found.has_masks = true;
    }
    Ok(found)
}
