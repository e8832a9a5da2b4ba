//! The one way in which files that somebody relies on get to the disk: whole or not at all,
//! whatever happens in between.
//!
//! ```text
//! write          a file beside, synced, renamed, and the folder synced: what readers see is the old file or the new one
//! write_entry    the same without syncing, for caches: their readers take whole entries only
//! write_inside   a synced file in a folder that becomes visible later, by a rename
//! Appender       whole lines at the end of a file; a line that a kill cut short is cut away
//! ```
//!
//! Every operation passes `faults`, where tests of debug builds let one fail.

mod appender;
mod error;
mod faults;

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

pub use appender::Appender;
pub use error::WriteError;
use faults::Operation;

/// What names of unfinished files begin and end with.
const TEMPORARY: [&str; 2] = [".fovea-", ".tmp"];

/// Writes a file so that it is whole or not there, and on the disk when this returns.
///
/// # Errors
/// Names the file, and says what kept it from being written. What was there before is there still.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    replace(path, bytes, true).map_err(|cause| WriteError::of(path, cause))
}

/// Writes an entry of a cache so that it is whole or not there. Not synced: after a power cut it
/// may be short, so readers check it.
///
/// # Errors
/// As [`write()`].
pub fn write_entry(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    replace(path, bytes, false).map_err(|cause| WriteError::of(path, cause))
}

/// Writes a file in a folder that is still private, and syncs it.
///
/// # Errors
/// As [`write()`].
pub fn write_inside(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    fill(path, bytes, true).map_err(|cause| WriteError::of(path, cause))
}

/// Makes a folder and those above it, where they are not there.
///
/// # Errors
/// As [`write()`].
pub fn make_folder(path: &Path) -> Result<(), WriteError> {
    if path.is_dir() {
        return Ok(());
    }
    faults::before(Operation::MakeFolder, path)
        .and_then(|()| fs::create_dir_all(path))
        .map_err(|cause| WriteError::of(path, cause))
}

/// Gives a file or folder another name, and syncs the folder that it is in then.
///
/// # Errors
/// As [`write()`].
pub fn rename(from: &Path, to: &Path) -> Result<(), WriteError> {
    faults::before(Operation::Rename, to)
        .and_then(|()| fs::rename(from, to))
        .and_then(|()| sync_folder(to))
        .map_err(|cause| WriteError::of(to, cause))
}

/// Removes a folder with all that is in it, where it is there.
///
/// # Errors
/// As [`write()`].
pub fn remove_folder(path: &Path) -> Result<(), WriteError> {
    let removed = faults::before(Operation::Remove, path).and_then(|()| fs::remove_dir_all(path));
    gone(removed).map_err(|cause| WriteError::of(path, cause))
}

/// Removes a file, where it is there.
///
/// # Errors
/// As [`write()`].
pub fn remove_file(path: &Path) -> Result<(), WriteError> {
    let removed = faults::before(Operation::Remove, path).and_then(|()| fs::remove_file(path));
    gone(removed).map_err(|cause| WriteError::of(path, cause))
}

/// Removes what a kill in the middle of [`write()`] has left in a folder. Only for a folder to
/// which no other process writes.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| is_temporary(path)) {
        // What cannot be removed does no harm.
        let _ = fs::remove_file(path);
    }
}

/// Whether a path is that of an unfinished file of ours.
pub fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(TEMPORARY[0]) && name.ends_with(TEMPORARY[1])
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn replace(path: &Path, bytes: &[u8], synced: bool) -> io::Result<()> {
    let temporary = beside(path);
    let written = fill(&temporary, bytes, synced)
        .and_then(|()| faults::before(Operation::Rename, path))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The error that is told is the first one.
        let _ = fs::remove_file(&temporary);
    }
    written?;
    if synced { sync_folder(path) } else { Ok(()) }
}

fn fill(path: &Path, bytes: &[u8], synced: bool) -> io::Result<()> {
    faults::before(Operation::Create, path)?;
    let mut file = File::create(path)?;
    write_all(&mut file, bytes, path)?;
    if synced { sync(&file, path) } else { Ok(()) }
}

fn write_all(file: &mut File, bytes: &[u8], path: &Path) -> io::Result<()> {
    let cut = faults::cut(bytes.len(), path)?;
    file.write_all(&bytes[..cut.kept])?;
    cut.end()
}

fn sync(file: &File, path: &Path) -> io::Result<()> {
    faults::before(Operation::Sync, path)?;
    file.sync_all()
}

/// Hands the entry of `path` in its folder to the disk: a new name lives in the folder, not in the file.
fn sync_folder(path: &Path) -> io::Result<()> {
    faults::before(Operation::Sync, path)?;
    // Folders cannot be opened as files on Windows, and some network shares refuse to sync them:
    // the name is there all the same.
    match File::open(folder_of(path)) {
        Ok(folder) if cfg!(unix) => match folder.sync_all() {
            Err(cause) if matches!(cause.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            other => other,
        },
        _ => Ok(()),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// A name beside `path` that no other thread or process uses. It is short whatever the file's own name is.
fn beside(path: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let [start, end] = TEMPORARY;
    path.with_file_name(OsStr::new(&format!("{start}{}-{number}{end}", std::process::id())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("{}.json", "a".repeat(240)));
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        write_entry(&folder.path().join("b"), b"three").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_cannot_be_written_is_named_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap();
        fs::write(taken.join("mine"), "mine").unwrap();
        let error = write(&taken, b"x").unwrap_err();
        assert!(error.to_string().contains("taken cannot be written"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let error = write(&folder.path().join("none/a"), b"x").unwrap_err().to_string();
        assert!(error.contains("none") && error.contains("folder is not there"), "{error}");
    }

    #[test]
    fn leavings_are_swept_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let left = beside(&folder.path().join("config.toml"));
        fs::write(&left, "half").unwrap();
        fs::write(folder.path().join("mine.tmp"), "mine").unwrap();
        sweep(folder.path());
        assert!(!left.exists() && folder.path().join("mine.tmp").exists());
    }
}
