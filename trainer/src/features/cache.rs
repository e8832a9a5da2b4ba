//! The features on disk: one file an image and flip set, named by what it was computed from.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use half::f16;

use super::Encoder;
use crate::data::durable;

/// A folder of features, safe to share between runs and to delete at any time.
#[derive(Clone, Debug)]
pub(crate) struct FeatureCache {
    folder: PathBuf,
    encoder: Encoder,
}

/// What one entry was computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CacheKey(String);

impl CacheKey {
    /// A key from the hash of the image's bytes and what else decides the values.
    pub(crate) fn new(image_sha256: &str, variant: &str) -> Self {
        Self(format!("{}-{variant}", &image_sha256[..32]))
    }
}

impl FeatureCache {
    /// The cache for a backbone below `root`; `None` is the user's cache folder.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub(crate) fn open(root: Option<&Path>, encoder: Encoder) -> Result<Self> {
        let root = match root {
            Some(root) => root.to_path_buf(),
            None => std::env::var_os("XDG_CACHE_HOME")
                .map(PathBuf::from)
                .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
                .context("neither XDG_CACHE_HOME nor HOME is set: name a folder with --cache")?
                .join("fovea/features"),
        };
        Self::within(&root, encoder)
    }

    fn within(root: &Path, encoder: Encoder) -> Result<Self> {
        let folder = root.join(&encoder.sha256[..16]);
        fs::create_dir_all(&folder).with_context(|| {
            format!("the feature cache {} cannot be made; name another with --cache", folder.display())
        })?;
        Ok(Self { folder, encoder })
    }

    /// The cache of another backbone, beside this one.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) fn of(&self, encoder: Encoder) -> Result<Self> {
        Self::within(self.scratch(), encoder)
    }

    /// The backbone whose features these are.
    pub(crate) fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// A folder of another cache beside this one.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.with_file_name(name)
    }

    /// A folder for what lives no longer than a training: the one that holds all caches.
    pub(crate) fn scratch(&self) -> &Path {
        self.folder.parent().unwrap_or(&self.folder)
    }

    /// Whether an entry is there and whole.
    pub(crate) fn has(&self, key: &CacheKey, len: usize) -> bool {
        fs::metadata(self.path(key)).is_ok_and(|about| about.len() == len as u64 * 2)
    }

    /// The values of an entry, if it is there and whole. One that is not finite is not a feature:
    /// the entry counts as damaged.
    pub(crate) fn get(&self, key: &CacheKey, len: usize) -> Option<Vec<f16>> {
        let bytes = fs::read(self.path(key)).ok()?;
        if bytes.len() != len * 2 {
            return None;
        }
        let values: Vec<f16> = bytes.as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b)).collect();
        values.iter().all(|value| value.is_finite()).then_some(values)
    }

    /// Stores an entry. Written beside and renamed, so that a killed run leaves no half file.
    ///
    /// # Errors
    /// When the disk is full or the folder is read-only.
    pub(crate) fn put(&self, key: &CacheKey, values: &[f16]) -> Result<()> {
        let path = self.path(key);
        let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        write_entry(&path, &bytes)
    }

    /// Gives an entry a second name, for measuring with many images.
    ///
    /// # Errors
    /// An entry that is not there, or a file system without links.
    pub(crate) fn link(&self, from: &CacheKey, to: &CacheKey) -> Result<()> {
        fs::hard_link(self.path(from), self.path(to))
            .with_context(|| format!("{} cannot be linked", self.path(from).display()))
    }

    fn path(&self, key: &CacheKey) -> PathBuf {
        self.folder.join(format!("{}.f16", key.0))
    }
}

/// Writes a file of a cache beside its place and renames it, so that a killed run leaves no half
/// file. Not synced: after a power cut a file may be short, and readers take those of the right
/// length only.
///
/// # Errors
/// When the disk is full or the folder is read-only.
pub(crate) fn write_entry(path: &Path, bytes: &[u8]) -> Result<()> {
    durable::write_entry(path, bytes).context("the cache could not be written; name another folder with --cache")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_entry_that_is_cut_or_not_finite_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let cache = FeatureCache::open(Some(folder.path()), Encoder::built_in()).unwrap();
        let key = CacheKey::new(&"a".repeat(64), "flip0");
        let values = [1.0, -2.0, 65504.0].map(f16::from_f32);
        cache.put(&key, &values).unwrap();
        assert_eq!(cache.get(&key, 3).unwrap(), values);
        assert_eq!(cache.get(&key, 4), None);
        for broken in [f16::NAN, f16::INFINITY, f16::NEG_INFINITY] {
            cache.put(&key, &[values[0], broken, values[2]]).unwrap();
            assert_eq!(cache.get(&key, 3), None, "{broken}");
        }
    }
}
