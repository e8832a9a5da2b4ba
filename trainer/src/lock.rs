//! Locks of files: one process writes, or many read. The kernel releases a lock when its process ends, however it ends.

mod holder;

use std::{
    fs::{self, File, TryLockError},
    io::{self, Seek, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, ensure};

pub(crate) use holder::Holder;

use crate::{
    data::durable,
    signals::{self, Stopped},
};

/// A lock that is ours until this is dropped. On a file system without locks, nothing.
#[derive(Debug)]
pub(crate) struct Lock {
    file: Option<File>,
    path: PathBuf,
    writes: bool,
}

/// What came of trying.
#[derive(Debug)]
pub(crate) enum Taken {
    /// It is ours.
    Mine(Lock),
    /// Another process writes, which is named where its name could be read; or others read.
    Held(Option<Holder>),
    /// The folder of the lock is gone.
    NoFolder,
}

/// Locks a file, which is made where it is not there, for a process that writes. Inside it stands who that is.
///
/// # Errors
/// A folder that cannot be written.
pub(crate) fn exclusive(path: &Path) -> Result<Taken> {
    loop {
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = match opened {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Taken::NoFolder),
            opened => opened.with_context(|| format!("the lock {} cannot be made", path.display()))?,
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Taken::Held(read(path))),
            Err(TryLockError::Error(cause)) => return Ok(Taken::Mine(without(path, &cause))),
        }
        if !is_at(&file, path) {
            // Removed by the one who had it, between our opening and our locking.
            continue;
        }
        let text = serde_json::to_string(&Holder::this())?;
        let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(text.as_bytes()));
        written.with_context(|| format!("the lock {} cannot be written", path.display()))?;
        return Ok(Taken::Mine(Lock { file: Some(file), path: path.to_path_buf(), writes: true }));
    }
}

/// Locks a file for a process that reads, beside others that do. A folder that may not be written to needs no lock.
///
/// # Errors
/// A lock that cannot be opened.
pub(crate) fn shared(path: &Path) -> Result<Taken> {
    let made = File::options().read(true).write(true).create(true).truncate(false).open(path);
    let file = match made.or_else(|_| File::open(path)) {
        Ok(file) => file,
        Err(_) => return Ok(Taken::Mine(Lock { file: None, path: path.to_path_buf(), writes: false })),
    };
    match file.try_lock_shared() {
        Ok(()) => {
            // The process that wrote its name there was killed.
            let _ = file.set_len(0);
            Ok(Taken::Mine(Lock { file: Some(file), path: path.to_path_buf(), writes: false }))
        }
        Err(TryLockError::WouldBlock) => Ok(Taken::Held(read(path))),
        Err(TryLockError::Error(cause)) => Ok(Taken::Mine(without(path, &cause))),
    }
}

/// Locks a file for a process that writes, once those are done that have it: for work of a moment.
///
/// # Errors
/// As [`exclusive`]; or a stop.
pub(crate) fn wait(path: &Path) -> Result<Lock> {
    loop {
        match exclusive(path)? {
            Taken::Mine(lock) => return Ok(lock),
            Taken::Held(_) => thread::sleep(Duration::from_millis(50)),
            Taken::NoFolder => durable::make_folder(path.parent().unwrap_or(path))?,
        }
        ensure!(!signals::stopping(), Stopped);
    }
}

impl Lock {
    /// Gives the lock back and removes its file.
    pub(crate) fn remove(self) {
        // While it is ours: see `is_at`. What cannot be removed does no harm.
        let _ = fs::remove_file(&self.path);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(file) = self.file.as_ref().filter(|_| self.writes) {
            // The name of a process that is done is of no use.
            let _ = file.set_len(0);
        }
    }
}

/// What a lock is where there are none.
fn without(path: &Path, cause: &io::Error) -> Lock {
    eprintln!(
        "warning: {} cannot be locked ({cause}): this file system has no file locks, as some network shares have none. \
         A second start in the same folder cannot be noticed: see to it yourself that there is one at a time",
        path.display()
    );
    Lock { file: None, path: path.to_path_buf(), writes: false }
}

/// Whether `path` still is this very file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |about: fs::Metadata| (about.dev(), about.ino());
    matches!((file.metadata().map(id), fs::metadata(path).map(id)), (Ok(file), Ok(path)) if file == path)
}

/// Elsewhere an open file cannot be removed.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// Who holds a lock. The name is written right after the lock is taken, so it may be missing for a
/// moment; it stays away where the holders read.
fn read(path: &Path) -> Option<Holder> {
    for _ in 0..10 {
        let holder = fs::read_to_string(path).ok().and_then(|text| serde_json::from_str(&text).ok());
        if holder.is_some() {
            return holder;
        }
        thread::sleep(Duration::from_millis(10));
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn mine(taken: Taken) -> Option<Lock> {
        match taken {
            Taken::Mine(lock) => Some(lock),
            Taken::Held(_) | Taken::NoFolder => None,
        }
    }

    #[test]
    fn one_writes_or_many_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.lock");
        let writer = mine(exclusive(&path).unwrap()).unwrap();
        for taken in [exclusive(&path).unwrap(), shared(&path).unwrap()] {
            assert!(matches!(taken, Taken::Held(Some(holder)) if holder.pid == std::process::id()));
        }
        drop(writer);
        let readers = [shared(&path).unwrap(), shared(&path).unwrap()].map(|taken| mine(taken).unwrap());
        assert!(matches!(exclusive(&path).unwrap(), Taken::Held(None)));
        drop(readers);
        mine(exclusive(&path).unwrap()).unwrap().remove();
        assert!(!path.exists());
        assert!(matches!(exclusive(&folder.path().join("none/run.lock")).unwrap(), Taken::NoFolder));
    }

    #[test]
    fn a_lock_that_is_removed_while_others_come_is_held_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.lock");
        let inside = std::sync::atomic::AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        if let Some(lock) = mine(exclusive(&path).unwrap()) {
                            assert_eq!(inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                            inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                            lock.remove();
                        }
                    }
                });
            }
        });
    }
}
