//! Writes a folder so that it is whole or not there.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// Whether there is anything in the way of a new folder at `out`.
///
/// # Errors
/// A folder that cannot be listed.
pub(super) fn is_occupied(out: &Path) -> Result<bool> {
    Ok(out.exists() && (!out.is_dir() || fs::read_dir(out).context("cannot list the folder")?.next().is_some()))
}

/// Writes beside `out` and moves everything there in one step, so that a stopped run leaves no half folder. What is there
/// already is replaced: the caller has made sure that it may be.
///
/// # Errors
/// Those of `write`, and whatever the file system refuses.
pub(super) fn write(out: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let partial = beside(out, "partial")?;
    if partial.exists() {
        fs::remove_dir_all(&partial).with_context(|| format!("cannot remove {}", partial.display()))?;
    }
    fs::create_dir_all(&partial).with_context(|| format!("cannot create {}", partial.display()))?;
    write(&partial)?;
    let old = beside(out, "old")?;
    let replaced = out.exists();
    ensure!(!replaced || !old.exists(), "{} is in the way: remove it", old.display());
    if replaced {
        fs::rename(out, &old).with_context(|| format!("cannot move {} away", out.display()))?;
    }
    fs::rename(&partial, out).with_context(|| format!("cannot move {} to {}", partial.display(), out.display()))?;
    if replaced {
        fs::remove_dir_all(&old).with_context(|| format!("cannot remove the replaced set {}", old.display()))?;
    }
    Ok(())
}

/// `folder/.name.suffix` for `folder/name`.
fn beside(out: &Path, suffix: &str) -> Result<PathBuf> {
    let Some(name) = out.file_name() else { bail!("--out {} must end in a folder's name", out.display()) };
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".");
    hidden.push(suffix);
    Ok(out.with_file_name(hidden))
}
