//! The folder of bundles on disk: one folder a domain, and the index beside them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use burn::tensor::Device;
use fovea_shared::{
    bundle::{BundleIndex, INDEX, IndexEntry, MANIFEST, Manifest, domain_folder, sha256},
    description::Modality,
    predictor::Predictor,
};

use crate::{
    data::durable,
    lock::{self, Lock, Taken},
    networks::open_bundle,
    run::write_atomic,
};

/// A folder of bundles.
pub(in crate::command) struct Bundles {
    folder: PathBuf,
    index: BundleIndex,
    /// That no other process writes there.
    _claim: Option<Claim>,
}

/// The lock of a folder of bundles while one is written: it is not published with them.
const LOCK: &str = ".export.lock";
/// What the names end with of a bundle that is being written, and of one that another replaces.
const UNFINISHED: &str = ".tmp";
const REPLACED: &str = ".old";

/// A folder that is ours to write to.
struct Claim {
    lock: Option<Lock>,
    /// The folder, where it was made for this.
    made: Option<PathBuf>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(lock) = self.lock.take() {
            lock.remove();
        }
        if let Some(folder) = &self.made {
            // It goes only while it is empty: when nothing came of the export.
            let _ = fs::remove_dir(folder);
        }
    }
}

impl Bundles {
    /// Opens a folder of bundles that is there.
    ///
    /// # Errors
    /// No index, or a damaged one.
    pub(in crate::command) fn open(folder: &Path) -> Result<Self> {
        let file = folder.join(INDEX);
        let bytes = fs::read(&file).with_context(|| {
            format!("{} cannot be read: name the folder that `fovea export --out` wrote", file.display())
        })?;
        let index = BundleIndex::parse(&bytes).with_context(|| format!("the bundles in {}", folder.display()))?;
        Ok(Self { folder: folder.to_path_buf(), index, _claim: None })
    }

    /// Puts right what a kill in the middle of [`Self::put`] has left: the index says which bundles are confirmed.
    fn recover(&self) -> Result<()> {
        // Half an index, whose writing was cut short.
        durable::sweep(&self.folder);
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if durable::is_temporary(&path) {
                continue;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let of = |ending: &str| Some(name.strip_prefix('.')?.strip_suffix(ending)?.to_owned());
            if let Some(domain) = of(REPLACED) {
                let place = self.folder.join(&domain);
                if self.is_listed(&domain) {
                    durable::remove_folder(&path)?;
                } else {
                    // Without the index, what is in its place was never confirmed.
                    durable::remove_folder(&place)?;
                    durable::rename(&path, &place)?;
                }
            } else if of(UNFINISHED).is_some() {
                durable::remove_folder(&path)?;
            }
        }
        Ok(())
    }

    /// Whether the bundle in a folder is the one that the index lists.
    fn is_listed(&self, folder: &str) -> bool {
        let listed = self.index.bundles.iter().find(|entry| entry.folder == folder);
        let manifest = fs::read(self.folder.join(folder).join(MANIFEST)).ok();
        listed.zip(manifest).is_some_and(|(entry, bytes)| entry.manifest_sha256 == sha256(&bytes))
    }

    /// Opens a folder of bundles to write into, or makes a new one. A folder with anything else in it is left alone.
    ///
    /// # Errors
    /// A folder that holds no bundles, a damaged index, or a folder that another process writes to.
    pub(super) fn open_or_make(folder: &Path) -> Result<Self> {
        let shown = folder.display();
        let path = folder.join(LOCK);
        let index = fs::exists(folder.join(INDEX))?;
        // A lock without an index was left by an export that was killed: the folder is ours.
        if !index && !path.exists() && fs::exists(folder)? && fs::read_dir(folder)?.next().is_some() {
            bail!("{shown} is a folder that holds no bundles: it is left alone. Name another with --out");
        }
        let made = !fs::exists(folder)?;
        durable::make_folder(folder)?;
        let lock = match lock::exclusive(&path)? {
            Taken::Mine(lock) => lock,
            Taken::Held(Some(holder)) => {
                bail!("{shown} is in use: {} writes a bundle there. Wait for it to end", holder.words())
            }
            Taken::Held(None) | Taken::NoFolder => bail!("{shown} is in use by another process. Wait for it to end"),
        };
        let claim = Claim { lock: Some(lock), made: made.then(|| folder.to_path_buf()) };
        let opened = if fs::exists(folder.join(INDEX))? {
            Self::open(folder)?
        } else {
            Self { folder: folder.to_path_buf(), index: BundleIndex::default(), _claim: None }
        };
        opened.recover()?;
        Ok(Self { _claim: Some(claim), ..opened })
    }

    /// The folder of a domain's bundle, where there is one.
    ///
    /// # Errors
    /// Says which domains there are.
    pub(in crate::command) fn of(&self, domain: Modality) -> Result<PathBuf> {
        let found = self.index.bundles.iter().find(|entry| entry.domain == domain);
        let entry = found.with_context(|| {
            let there: Vec<&str> = self.index.bundles.iter().map(|entry| entry.domain.noun()).collect();
            format!(
                "{} has no bundle for images of a {}, only for {}. Write one with `fovea export`",
                self.folder.display(),
                domain.noun(),
                there.join(", ")
            )
        })?;
        Ok(self.folder.join(&entry.folder))
    }

    /// Writes a bundle beside, proves that it works, puts it in place and lists it. Gives its folder.
    ///
    /// # Errors
    /// Files that cannot be written, or a bundle that does not reproduce its own goldens.
    pub(super) fn put(mut self, manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> Result<PathBuf> {
        let name = domain_folder(manifest.domain);
        let out = self.folder.join(name);
        let [temporary, old] = [UNFINISHED, REPLACED].map(|ending| self.folder.join(format!(".{name}{ending}")));
        let bytes = serde_json::to_vec_pretty(manifest)?;
        let written = write_files(&temporary, manifest, files, &bytes);
        if written.is_err() {
            // The error that is told is the first one.
            let _ = fs::remove_dir_all(&temporary);
        }
        written?;
        if fs::exists(&out)? {
            durable::rename(&out, &old)?;
        }
        durable::rename(&temporary, &out)?;
        // From here on the new bundle is what counts; before, the old one: see `recover`.
        self.list(manifest, &bytes)?;
        durable::remove_folder(&old)?;
        Ok(out)
    }

    /// Writes the changed manifest of a bundle that is in place, and lists it.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub(in crate::command) fn rewrite_manifest(&mut self, manifest: &Manifest) -> Result<()> {
        let bytes = serde_json::to_vec_pretty(manifest)?;
        write_atomic(&self.of(manifest.domain)?.join(MANIFEST), &bytes)?;
        self.list(manifest, &bytes)
    }

    fn list(&mut self, manifest: &Manifest, bytes: &[u8]) -> Result<()> {
        self.index.put(IndexEntry::new(manifest, bytes));
        Ok(write_atomic(&self.folder.join(INDEX), &serde_json::to_vec_pretty(&self.index)?)?)
    }
}

/// Writes the files of a bundle and proves that it works.
fn write_files(
    folder: &Path,
    manifest: &Manifest,
    files: &BTreeMap<String, Vec<u8>>,
    manifest_bytes: &Vec<u8>,
) -> Result<()> {
    for (name, bytes) in files.iter().map(|(name, bytes)| (name.as_str(), bytes)).chain([(MANIFEST, manifest_bytes)]) {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            durable::make_folder(parent)?;
        }
        durable::write_inside(&path, bytes)?;
    }
    let bundle = open_bundle(folder)?;
    let check = pollster::block_on(Predictor::new(&bundle, &Device::flex())?.self_check())?;
    ensure!(
        check.passed,
        "the exported bundle of a {} does not reproduce its own goldens (difference {})",
        manifest.domain.noun(),
        check.max_abs_diff
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn half_an_index_that_a_kill_has_left_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        // The lock stays too; by it the folder is known as one of bundles.
        fs::write(folder.path().join(LOCK), "").unwrap();
        let half = folder.path().join(".fovea-1-0.tmp");
        fs::write(&half, "[{").unwrap();
        drop(Bundles::open_or_make(folder.path()).unwrap());
        assert!(!half.exists());
    }
}
