//! Another gallery for a bundle that is there: its networks stay as they are.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use fovea_shared::{
    bundle::{FileEntry, sha256},
    description::Modality,
};

use super::{
    folder::Bundles,
    gallery::add_phantom,
    list::PictureList,
    pictures::{self, add_pictures},
};
use crate::networks::open_bundle;

/// The folder of a bundle's pictures.
const FOLDER: &str = "gallery/";

/// What a bundle has in place of its former gallery.
pub(in crate::command) struct NewGallery {
    /// What the bundle's images show.
    pub(in crate::command) domain: Modality,
    /// How many real pictures it has now.
    pub(in crate::command) real: usize,
    /// How many phantoms it has now.
    pub(in crate::command) phantoms: usize,
}

/// Replaces the gallery of the bundle of the list's domain: the pictures of the list, then the
/// phantoms of these seeds. The bundle is written beside the old one and must reproduce its goldens
/// before it takes its place.
///
/// # Errors
/// No bundle of that domain, a file of it that is missing or damaged, a picture that cannot be shown, a folder in use.
pub(in crate::command) fn replace_gallery(folder: &Path, list: &Path, phantoms: &[u64]) -> Result<NewGallery> {
    let list = PictureList::read(list)?;
    // Opened without a lock first: a folder that holds no bundles is refused and not made.
    let bundle = Bundles::open(folder)?.of(list.domain)?;
    let bundles = Bundles::open_or_make(folder)?;
    let mut manifest = open_bundle(&bundle)?.manifest;
    let mut files = BTreeMap::new();
    for name in manifest.files.keys().filter(|name| !name.starts_with(FOLDER)) {
        let path = bundle.join(name);
        files.insert(name.clone(), fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?);
    }
    manifest.gallery = add_pictures(&mut files, list.domain, &list)?;
    let real = manifest.gallery.len();
    for &seed in phantoms {
        manifest.gallery.push(add_phantom(&mut files, list.domain, seed)?);
    }
    manifest.notices.retain(|notice| !pictures::is_notice(notice));
    manifest.notices.extend(pictures::notices(&list));
    manifest.files = files
        .iter()
        .map(|(name, bytes)| (name.clone(), FileEntry { sha256: sha256(bytes), bytes: bytes.len() as u64 }))
        .collect();
    bundles.put(&manifest, &files)?;
    Ok(NewGallery { domain: list.domain, real, phantoms: phantoms.len() })
}
