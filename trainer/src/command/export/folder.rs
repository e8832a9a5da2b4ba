//! The folder of bundles on disk: one folder a domain, and the index beside them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use burn::tensor::Device;
use fovea_shared::{
    bundle::{BundleIndex, INDEX, IndexEntry, MANIFEST, Manifest, domain_folder},
    description::Modality,
    predictor::Predictor,
};

use crate::{networks::open_bundle, run::write_atomic};

/// A folder of bundles.
pub(in crate::command) struct Bundles {
    folder: PathBuf,
    index: BundleIndex,
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
        Ok(Self { folder: folder.to_path_buf(), index })
    }

    /// Opens a folder of bundles, or makes a new one. A folder with anything else in it is left alone.
    ///
    /// # Errors
    /// A folder that holds no bundles, or a damaged index.
    pub(super) fn open_or_make(folder: &Path) -> Result<Self> {
        if fs::exists(folder.join(INDEX))? {
            return Self::open(folder);
        }
        if fs::exists(folder)? && fs::read_dir(folder)?.next().is_some() {
            bail!("{} is a folder that holds no bundles: it is left alone. Name another with --out", folder.display());
        }
        Ok(Self { folder: folder.to_path_buf(), index: BundleIndex::default() })
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
        let out = self.folder.join(domain_folder(manifest.domain));
        let temporary = out.with_extension(format!("{}.tmp", std::process::id()));
        let bytes = serde_json::to_vec_pretty(manifest)?;
        for (name, bytes) in files.iter().map(|(n, b)| (n.as_str(), b)).chain([(MANIFEST, &bytes)]) {
            let path = temporary.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)
                    .with_context(|| format!("the folder {} cannot be made", parent.display()))?;
            }
            fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        let bundle = open_bundle(&temporary)?;
        let check = pollster::block_on(Predictor::new(&bundle, &Device::flex())?.self_check())?;
        ensure!(
            check.passed,
            "the exported bundle does not reproduce its own goldens (difference {})",
            check.max_abs_diff
        );
        if fs::exists(&out)? {
            fs::remove_dir_all(&out).with_context(|| format!("the old bundle {} cannot be removed", out.display()))?;
        }
        fs::rename(&temporary, &out).with_context(|| format!("{} cannot be written", out.display()))?;
        self.list(manifest, &bytes)?;
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
        write_atomic(&self.folder.join(INDEX), &serde_json::to_vec_pretty(&self.index)?)
    }
}
