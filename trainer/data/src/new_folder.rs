//! Writes a folder so that it is whole or not there.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::durable;

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
/// Those of `write`, and whatever the file system refuses. What was there before is there still.
pub(super) fn write(out: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let old = beside(out, "old")?;
    if old.exists() && !out.exists() {
        // A kill came between the two renames of a replacement.
        durable::rename(&old, out)?;
    }
    // With the process in the name, two starts at once do not write into one folder.
    let partial = beside(out, &format!("{}.partial", std::process::id()))?;
    durable::remove_folder(&partial)?;
    let made = durable::make_folder(&partial).map_err(Into::into).and_then(|()| write(&partial));
    let placed = made.and_then(|()| place(&partial, out, &old));
    if placed.is_err() {
        // The error that is told is the first one.
        let _ = fs::remove_dir_all(&partial);
    }
    placed
}

fn place(partial: &Path, out: &Path, old: &Path) -> Result<()> {
    let replaced = out.exists();
    ensure!(!replaced || !old.exists(), "{} is in the way: remove it", old.display());
    if replaced {
        durable::rename(out, old)?;
    }
    if let Err(error) = durable::rename(partial, out) {
        if replaced {
            durable::rename(old, out)?;
        }
        return Err(error.into());
    }
    if replaced {
        durable::remove_folder(old)?;
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
