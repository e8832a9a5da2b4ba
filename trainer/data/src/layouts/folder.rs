//! The generic folder, and Kvasir-SEG, which is one.

use std::collections::BTreeMap;

use super::found::Found;
use crate::MaskFile;
use crate::defect::Defect;
use crate::error::Result;
use crate::files::{IMAGE_EXTENSIONS, Naming, add_files};
use crate::roots::Roots;

/// `images/` and `masks/`.
pub(crate) fn list(roots: &Roots, defects: &mut Vec<Defect>) -> Result<Found> {
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
