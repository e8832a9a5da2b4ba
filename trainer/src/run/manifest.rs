//! Checkpoints on disk: folders that are whole, each with a list of its files and their hashes.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use fovea_shared::bundle::sha256;
use serde::{Deserialize, Serialize};

use crate::data::durable;

/// What a checkpoint's name begins with, before its step.
const STEP: &str = "step-";
/// What the name of one ends with that is being written, or replaced.
const UNFINISHED: &str = ".tmp";
/// What the name of one ends with that another replaces.
const REPLACED: &str = ".old.tmp";

/// The files of a checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The hash of the configuration that the run was made with.
    pub(super) config_sha256: Option<String>,
    /// Every file but this one.
    files: BTreeMap<String, Entry>,
}

/// What a file was when it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    bytes: u64,
    sha256: String,
}

/// Why a checkpoint is not whole.
#[derive(Debug, thiserror::Error)]
pub(super) enum Damage {
    #[error("the checkpoint file {} cannot be read", .0.display())]
    Unreadable(PathBuf, #[source] std::io::Error),
    #[error("the checkpoint file {} has {found} bytes and had {expected} when it was written: it was cut \
             short", .path.display())]
    Size { path: PathBuf, found: u64, expected: u64 },
    #[error("the checkpoint file {} has changed since it was written: its SHA-256 is another", .0.display())]
    Changed(PathBuf),
    #[error("the list of files {} is damaged", .0.display())]
    List(PathBuf, #[source] serde_json::Error),
}

impl Manifest {
    /// The list itself.
    const FILE: &str = "manifest.json";
    /// A copy of the run's configuration.
    pub(super) const CONFIG: &str = "config.toml";

    /// That of a checkpoint; `None` for one from before there were any.
    fn read(checkpoint: &Path) -> Result<Option<Self>, Damage> {
        let path = checkpoint.join(Self::FILE);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| Damage::List(path, error)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Damage::Unreadable(path, error)),
        }
    }

    /// Holds every file against what was written.
    fn verify(&self, checkpoint: &Path) -> Result<(), Damage> {
        for (name, entry) in &self.files {
            let path = checkpoint.join(name);
            let bytes = match fs::read(&path) {
                Ok(bytes) => bytes,
                Err(error) => return Err(Damage::Unreadable(path, error)),
            };
            if bytes.len() as u64 != entry.bytes {
                return Err(Damage::Size { path, found: bytes.len() as u64, expected: entry.bytes });
            }
            if sha256(&bytes) != entry.sha256 {
                return Err(Damage::Changed(path));
            }
        }
        Ok(())
    }
}

/// Whether a checkpoint is as it was written, as far as it can be known: one from before there were lists passes.
///
/// # Errors
/// Names the file and what is wrong with it.
pub(super) fn verify(checkpoint: &Path) -> Result<Known, Damage> {
    match Manifest::read(checkpoint)? {
        Some(manifest) => manifest.verify(checkpoint).map(|()| Known::Whole),
        None => Ok(Known::Unlisted),
    }
}

/// What is known of a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Every byte is as it was written.
    Whole,
    /// It has no list of files.
    Unlisted,
}

/// The newest checkpoint that has a list of files, with that. Its files are not looked at.
pub(super) fn newest(folder: &Path) -> Option<(PathBuf, Manifest)> {
    let all = list(folder).ok()?.into_iter().rev();
    all.filter_map(|path| Manifest::read(&path).ok().flatten().map(|manifest| (path, manifest))).next()
}

/// Checkpoints, oldest first. None of them is half written.
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = named(folder, |name| name.starts_with(STEP) && !name.ends_with(UNFINISHED))?;
    found.sort();
    Ok(found)
}

fn named(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("the folder {} cannot be read", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if wanted(&path.file_name().unwrap_or_default().to_string_lossy()) {
            found.push(path);
        }
    }
    Ok(found)
}

/// Puts right what a kill in the middle of [`Files::commit`] has left. Only for who holds the run.
///
/// # Errors
/// A folder that cannot be read or written.
pub(super) fn recover(folder: &Path) -> Result<()> {
    for old in named(folder, |name| name.starts_with(STEP) && name.ends_with(REPLACED))? {
        let name = old.file_name().unwrap_or_default().to_string_lossy().replace(REPLACED, "");
        let target = folder.join(name);
        if target.exists() {
            durable::remove_folder(&old)?;
        } else {
            durable::rename(&old, &target)?;
        }
    }
    for half in named(folder, |name| name.starts_with(STEP) && name.ends_with(UNFINISHED))? {
        durable::remove_folder(&half)?;
    }
    Ok(())
}

/// Takes a damaged checkpoint out of the way, to be looked at by a person. Gives where it is now.
///
/// # Errors
/// A folder that cannot be written.
pub(super) fn set_aside(checkpoint: &Path) -> Result<PathBuf> {
    let name = checkpoint.file_name().unwrap_or_default().to_string_lossy();
    let aside = checkpoint.with_file_name(format!("damaged-{name}"));
    durable::remove_folder(&aside)?;
    durable::rename(checkpoint, &aside)?;
    Ok(aside)
}

/// The files of a checkpoint that is being written.
pub(super) struct Files {
    target: PathBuf,
    inside: PathBuf,
    manifest: Manifest,
}

impl Files {
    /// None yet, of a checkpoint at a step.
    ///
    /// # Errors
    /// A folder that cannot be made.
    pub(super) fn begin(folder: &Path, step: usize) -> Result<Self> {
        let target = folder.join(format!("{STEP}{step:07}"));
        let inside = folder.join(format!("{STEP}{step:07}{UNFINISHED}"));
        durable::remove_folder(&inside)?;
        durable::make_folder(&inside)?;
        Ok(Self { target, inside, manifest: Manifest::default() })
    }

    /// Writes a file.
    ///
    /// # Errors
    /// A disk that fails.
    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        durable::write_inside(&self.inside.join(name), bytes)?;
        let entry = Entry { bytes: bytes.len() as u64, sha256: sha256(bytes) };
        self.manifest.files.insert(name.into(), entry);
        Ok(())
    }

    /// Makes them a checkpoint, in place of one of the same step where there is one.
    ///
    /// # Errors
    /// A disk that fails; the one of before is there then.
    pub(super) fn commit(mut self, config: &str) -> Result<()> {
        self.put(Manifest::CONFIG, config.as_bytes())?;
        self.manifest.config_sha256 = Some(super::names::hash(config)?);
        durable::write_inside(&self.inside.join(Manifest::FILE), &serde_json::to_vec_pretty(&self.manifest)?)?;
        if !self.target.exists() {
            return Ok(durable::rename(&self.inside, &self.target)?);
        }
        let name = self.target.file_name().unwrap_or_default().to_string_lossy();
        let old = self.target.with_file_name(format!("{name}{REPLACED}"));
        durable::rename(&self.target, &old)?;
        if let Err(error) = durable::rename(&self.inside, &self.target) {
            durable::rename(&old, &self.target)?;
            return Err(error.into());
        }
        Ok(durable::remove_folder(&old)?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn write(folder: &Path, step: usize, text: &str) -> PathBuf {
        let mut files = Files::begin(folder, step).unwrap();
        files.put("a.bin", text.as_bytes()).unwrap();
        files.put("b.bin", b"bytes").unwrap();
        files.commit("batch = 3").unwrap();
        folder.join(format!("step-{step:07}"))
    }

    #[test]
    fn every_kind_of_damage_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let made = write(folder.path(), 3, "good");
        assert_eq!(verify(&made).unwrap(), Known::Whole);
        let file = made.join("a.bin");
        let said = |change: &dyn Fn()| {
            change();
            let said = verify(&made).unwrap_err().to_string();
            fs::write(&file, "good").unwrap();
            said
        };
        let expected: [(&dyn Fn(), &str); 4] = [
            (&|| fs::write(&file, "go").unwrap(), "2 bytes and had 4"),
            (&|| fs::write(&file, "").unwrap(), "0 bytes and had 4"),
            (&|| fs::write(&file, "gooe").unwrap(), "has changed"),
            (&|| fs::remove_file(&file).unwrap(), "cannot be read"),
        ];
        for (change, words) in expected {
            let said = said(change);
            assert!(said.contains("a.bin") && said.contains(words), "{said}");
        }
        fs::write(made.join(Manifest::CONFIG), "batch = 4").unwrap();
        assert!(verify(&made).unwrap_err().to_string().contains("config.toml"));
        fs::write(made.join(Manifest::FILE), "{").unwrap();
        assert!(verify(&made).unwrap_err().to_string().contains("manifest.json"));
        fs::remove_file(made.join(Manifest::FILE)).unwrap();
        assert_eq!(verify(&made).unwrap(), Known::Unlisted);
    }

    #[test]
    fn one_of_the_same_step_is_replaced_and_a_kill_in_between_loses_neither() {
        let folder = tempfile::tempdir().unwrap();
        let made = write(folder.path(), 3, "old");
        write(folder.path(), 3, "new");
        assert_eq!(fs::read_to_string(made.join("a.bin")).unwrap(), "new");
        assert_eq!(list(folder.path()).unwrap(), std::slice::from_ref(&made));
        fs::rename(&made, folder.path().join("step-0000003.old.tmp")).unwrap();
        fs::create_dir(folder.path().join("step-0000003.tmp")).unwrap();
        assert!(list(folder.path()).unwrap().is_empty());
        recover(folder.path()).unwrap();
        assert_eq!(list(folder.path()).unwrap(), std::slice::from_ref(&made));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(set_aside(&made).unwrap().ends_with("damaged-step-0000003"));
        assert!(list(folder.path()).unwrap().is_empty());
    }
}
