//! Writes a folder so that it is whole or not there.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::durable;
use super::error::{DataError, OutputError, Result};

/// Whether there is anything in the way of a new folder at `out`.
///
/// # Errors
/// A folder that cannot be listed.
pub(super) fn is_occupied(out: &Path) -> Result<bool> {
    if !out.is_dir() {
        return Ok(out.exists());
    }
    let mut entries = fs::read_dir(out).map_err(|source| OutputError::Unlisted { path: out.to_path_buf(), source })?;
    Ok(entries.next().is_some())
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
    let lock = match File::options().write(true).create(true).truncate(false).open(&path) {
        Ok(lock) => lock,
        Err(source) => return Err(DataError::WriteFile { path, source }),
    };
    // On a file system without locks, a second writer cannot be noticed.
    if matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
        return Err(OutputError::Held(out.to_path_buf()).into());
    }
    let unlisted = |source| DataError::List { path: partial.to_path_buf(), source };
    for entry in fs::read_dir(partial).map_err(unlisted)? {
        let left = entry.map_err(unlisted)?.path();
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
    if replaced && old.exists() {
        return Err(OutputError::InTheWay(old.to_path_buf()).into());
    }
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
    let name = out.file_name().ok_or_else(|| OutputError::Nameless(out.to_path_buf()))?;
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
        let text = |text: &'static str| {
            move |at: &Path| {
                fs::write(at.join("a.txt"), text).unwrap();
                Ok(())
            }
        };
        let fails = |_: &Path| Err(OutputError::NoImages.into());
        fs::create_dir(folder.path().join(".set.partial")).unwrap();
        fs::write(folder.path().join(".set.partial/half"), "half").unwrap();
        write(&out, text("one")).unwrap();
        write(&out, text("two")).unwrap();
        assert!(matches!(write(&out, fails), Err(DataError::Output(OutputError::NoImages))));
        // Killed between the two renames of a replacement.
        fs::rename(&out, folder.path().join(".set.old")).unwrap();
        assert!(matches!(write(&out, fails), Err(DataError::Output(OutputError::NoImages))));
        assert_eq!(fs::read_to_string(out.join("a.txt")).unwrap(), "two");
        let inside: Vec<_> = fs::read_dir(folder.path()).unwrap().chain(fs::read_dir(&out).unwrap()).collect();
        assert_eq!(inside.len(), 2, "{inside:?}");
    }

    #[test]
    fn of_two_writers_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("set");
        write(&out, |_| {
            let error = write(&out, |_| Ok(())).unwrap_err();
            assert!(matches!(&error, DataError::Output(OutputError::Held(path)) if *path == out), "{error:?}");
            assert!(error.to_string().contains("another process"), "{error}");
            Ok(())
        })
        .unwrap();
        assert!(out.is_dir());
    }
}
