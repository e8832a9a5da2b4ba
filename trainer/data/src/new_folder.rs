//! Writes a folder so that it is whole or not there.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
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

/// Writes beside `out` and moves everything there in one step, so that a stopped run leaves no half
/// folder. What is there
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
    let partial = beside(out, "partial")?;
    let lock = claim(&partial, out)?;
    let made = write(&partial).and_then(|()| Ok(durable::remove_file(&partial.join(LOCK))?));
    let placed = made.and_then(|()| place(&partial, out, &old));
    drop(lock);
    if placed.is_err() {
        // The error that is told is the first one.
        let _ = fs::remove_dir_all(&partial);
    }
    placed
}

/// The lock of a folder that is being written, inside it.
const LOCK: &str = ".lock";

/// Makes an empty folder that no other process writes to. What a kill has left there goes.
fn claim(partial: &Path, out: &Path) -> Result<File> {
    durable::make_folder(partial)?;
    let path = partial.join(LOCK);
    let lock = File::options().write(true).create(true).truncate(false).open(&path);
    let lock = lock.with_context(|| format!("cannot write {}", path.display()))?;
    // On a file system without locks, a second writer cannot be noticed.
    ensure!(
        !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)),
        "another process writes {} now: wait for it to end, or name another folder",
        out.display()
    );
    for entry in fs::read_dir(partial).with_context(|| format!("cannot list {}", partial.display()))? {
        let left = entry?.path();
        if left.is_dir() {
            durable::remove_folder(&left)?;
        } else if left != path {
            durable::remove_file(&left)?;
        }
    }
    Ok(lock)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_folder_is_replaced_whole_and_what_a_kill_left_is_no_hindrance() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("set");
        let text = |text: &'static str| move |at: &Path| Ok(fs::write(at.join("a.txt"), text)?);
        fs::create_dir(folder.path().join(".set.partial")).unwrap();
        fs::write(folder.path().join(".set.partial/half"), "half").unwrap();
        write(&out, text("one")).unwrap();
        write(&out, text("two")).unwrap();
        assert!(write(&out, |_| bail!("no")).is_err());
        // Killed between the two renames of a replacement.
        fs::rename(&out, folder.path().join(".set.old")).unwrap();
        assert!(write(&out, |_| bail!("no")).is_err());
        assert_eq!(fs::read_to_string(out.join("a.txt")).unwrap(), "two");
        let inside: Vec<_> = fs::read_dir(folder.path()).unwrap().chain(fs::read_dir(&out).unwrap()).collect();
        assert_eq!(inside.len(), 2, "{inside:?}");
    }

    #[test]
    fn of_two_writers_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("set");
        write(&out, |_| {
            let error = write(&out, |_| Ok(())).unwrap_err().to_string();
            assert!(error.contains("another process"), "{error}");
            Ok(())
        })
        .unwrap();
        assert!(out.is_dir());
    }
}
