//! The bundle: everything the page needs for one domain, as files with a manifest that names each file's SHA-256.
//!
//! ```text
//! index.json (the bundles, each with its manifest's SHA-256)
//! DOMAIN/manifest.json  backbone.safetensors  teacher.safetensors  goldens.safetensors  phrases.safetensors
//! students/<kind>.safetensors, one to sixteen
//! describer.safetensors  describer.json (where a describer was distilled)
//! familiarity.json (where it was measured)
//! gallery/<id>.jpg|png  gallery/<id>-mask.png  gallery/<id>-gaze.csv
//! ```

pub mod familiarity;
mod gallery;
mod goldens;
mod index;
mod manifest;
mod score;
mod students;

pub use familiarity::{FAMILIARITY, Familiarity};
pub use gallery::{Attribution, CaseDescription, GalleryCase, PHANTOM, Purpose};
pub use goldens::Goldens;
pub use index::{BundleIndex, INDEX, IndexEntry, domain_folder};
pub use manifest::{FORMAT, FileEntry, Manifest, Steering, Training};
pub use score::Score;
pub use students::{MOST_STUDENTS, StudentKind, StudentVariant, Told, UnknownStudent};

use std::{collections::BTreeMap, fmt};

use sha2::{Digest, Sha256};

use crate::description::PhraseTable;

/// Names of the model files that every bundle has. The students' are listed in the manifest: see
/// [`Manifest::model_files`].
pub const MODEL_FILES: [&str; 4] =
    ["backbone.safetensors", "teacher.safetensors", "goldens.safetensors", "phrases.safetensors"];

/// Names of the files of the distilled describer; a bundle has both or neither.
pub const DESCRIBER_FILES: [&str; 2] = ["describer.safetensors", "describer.json"];

/// Name of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// What is wrong with a bundle. Every text names the file.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A file could not be had.
    #[error("bundle file `{file}` could not be read: {cause}. Export the bundle again with `fovea export`.")]
    Missing {
        /// Its name in the bundle.
        file: String,
        /// What went wrong.
        cause: String,
    },
    /// A file has the wrong length or SHA-256.
    #[error(
        "bundle file `{file}` is damaged: {cause}. Fetch it again, or export the bundle again with `fovea export`."
    )]
    Damaged {
        /// Its name in the bundle.
        file: String,
        /// Which check failed.
        cause: String,
    },
    /// A file is whole but not what this version can read.
    #[error("bundle file `{file}` does not fit this version: {cause}")]
    Unfit {
        /// Its name in the bundle.
        file: String,
        /// What does not fit.
        cause: String,
    },
}

/// A verified bundle in memory.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// What the bundle says of itself.
    pub manifest: Manifest,
    files: BTreeMap<String, Vec<u8>>,
}

impl Bundle {
    /// Reads the manifest and the model files through `read`, which gets names relative to the bundle's folder.
    ///
    /// # Errors
    /// [`BundleError`], naming the file.
    pub fn load<E: fmt::Display>(mut read: impl FnMut(&str) -> Result<Vec<u8>, E>) -> Result<Self, BundleError> {
        let mut get = |file: &str| {
            read(file).map_err(|cause| BundleError::Missing { file: file.into(), cause: cause.to_string() })
        };
        let manifest = Manifest::parse(&get(MANIFEST)?)?;
        let mut files = BTreeMap::new();
        for name in manifest.model_files() {
            files.insert(name.to_string(), get(name)?);
        }
        Self::from_files(manifest, files)
    }

    /// A bundle from files that were fetched one by one. The model files must be among them; each file is verified.
    ///
    /// # Errors
    /// [`BundleError`], naming the file.
    pub fn from_files(manifest: Manifest, files: BTreeMap<String, Vec<u8>>) -> Result<Self, BundleError> {
        for name in manifest.model_files() {
            let cause = || "it was not given".to_string();
            let bytes = files.get(name).ok_or_else(|| BundleError::Missing { file: name.into(), cause: cause() })?;
            verify(name, bytes, manifest.entry(name)?)?;
        }
        Ok(Self { manifest, files })
    }

    /// The bytes of a file of the bundle.
    ///
    /// # Errors
    /// [`BundleError::Missing`] when it is not among the files that were loaded.
    pub fn file(&self, name: &str) -> Result<&[u8], BundleError> {
        self.files
            .get(name)
            .map(Vec::as_slice)
            .ok_or_else(|| BundleError::Missing { file: name.into(), cause: "it is not among the loaded files".into() })
    }
}

impl Bundle {
    /// The embeddings of the phrases.
    ///
    /// # Errors
    /// [`BundleError::Unfit`] for a table of another vocabulary.
    pub fn phrases(&self) -> Result<PhraseTable, BundleError> {
        let file = "phrases.safetensors";
        PhraseTable::from_bytes(self.file(file)?)
            .map_err(|e| BundleError::Unfit { file: file.into(), cause: e.to_string() })
    }
}

impl Bundle {
    /// What the images of training look like, where the bundle says.
    ///
    /// # Errors
    /// [`BundleError::Unfit`].
    pub fn familiarity(&self) -> Result<Option<Familiarity>, BundleError> {
        if !self.manifest.files.contains_key(FAMILIARITY) {
            return Ok(None);
        }
        Familiarity::parse(self.file(FAMILIARITY)?).map(Some)
    }
}

/// Checks a file against its manifest entry.
///
/// # Errors
/// [`BundleError::Damaged`], saying which check failed.
pub fn verify(name: &str, bytes: &[u8], entry: &FileEntry) -> Result<(), BundleError> {
    let damaged = |cause: String| Err(BundleError::Damaged { file: name.into(), cause });
    if bytes.len() as u64 != entry.bytes {
        return damaged(format!("{} bytes instead of {}", bytes.len(), entry.bytes));
    }
    let found = sha256(bytes);
    if found != entry.sha256 {
        return damaged(format!("its SHA-256 is {found}, the manifest says {}", entry.sha256));
    }
    Ok(())
}

/// The SHA-256 of some bytes in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests;
