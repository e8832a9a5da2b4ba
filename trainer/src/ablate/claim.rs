//! Claims: at most one process works on a thing. A claim is an exclusive lock of a file, which the
//! kernel releases when the process that holds it ends, however it ends. Inside the file stands who
//! holds it, for people.

use std::{
    fs::{self, File, TryLockError},
    io::{Seek, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::lock::Holder;

/// The claims of one folder.
#[derive(Clone, Debug)]
pub(crate) struct Claims {
    folder: PathBuf,
}

/// What came of trying.
#[derive(Debug)]
pub(crate) enum Attempt {
    /// It is ours.
    Mine(Claim),
    /// Somebody else's; unknown in the moment in which a claim is made.
    Held(Option<Holder>),
}

/// A thing that is ours until this is dropped.
#[derive(Debug)]
pub(crate) struct Claim(File);

impl Claims {
    /// The claims in `folder`, which is made when the first is taken.
    pub(crate) fn of(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Who holds the claim, if anybody does.
    pub(crate) fn holder(&self, name: &str) -> Option<Holder> {
        let path = self.path(name);
        let held = matches!(File::open(&path).ok()?.try_lock_shared(), Err(TryLockError::WouldBlock));
        held.then(|| read(&path)).flatten()
    }

    /// Takes the claim, if nobody holds it.
    ///
    /// # Errors
    /// A folder that cannot be written, or a file system without locks.
    pub(crate) fn take(&self, name: &str) -> Result<Attempt> {
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("the folder {} cannot be made", self.folder.display()))?;
        let path = self.path(name);
        // The file stays when the claim ends: were it removed, one process could lock the removed
        // file and another a new one.
        let mut file = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("the lock {} cannot be made", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Attempt::Held(read(&path))),
            Err(TryLockError::Error(cause)) => bail!(
                "{} cannot be locked: {cause}. Use a folder on a file system with file locks (local disks have them, \
                 some network shares do not)",
                path.display()
            ),
        }
        let text = serde_json::to_string(&Holder::this())?;
        let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(text.as_bytes()));
        written.with_context(|| format!("the lock {} cannot be written", path.display()))?;
        Ok(Attempt::Mine(Claim(file)))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.lock"))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // The name of who is gone is of no use. Were it to stay, no harm is done: it is read only
        // while the lock is held.
        let _ = self.0.set_len(0);
    }
}

fn read(path: &Path) -> Option<Holder> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn mine(attempt: Attempt) -> Option<Claim> {
        match attempt {
            Attempt::Mine(claim) => Some(claim),
            Attempt::Held(_) => None,
        }
    }

    #[test]
    fn a_claim_is_one_processs_until_it_is_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let claims = Claims::of(folder.path().join("locks"));
        let first = mine(claims.take("a").unwrap()).unwrap();
        assert!(mine(claims.take("a").unwrap()).is_none(), "taken twice");
        assert!(mine(claims.take("b").unwrap()).is_some());
        assert_eq!(claims.holder("a").unwrap().pid, std::process::id());
        drop(first);
        assert!(claims.holder("a").is_none());
        assert!(mine(claims.take("a").unwrap()).is_some());
    }

    #[test]
    fn of_many_at_once_one_gets_it() {
        let folder = tempfile::tempdir().unwrap();
        let claims = Claims::of(folder.path().join("locks"));
        let (won, barrier) = (AtomicUsize::new(0), std::sync::Barrier::new(8));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    barrier.wait();
                    let claim = mine(claims.take("a").unwrap());
                    won.fetch_add(usize::from(claim.is_some()), Ordering::SeqCst);
                    barrier.wait();
                });
            }
        });
        assert_eq!(won.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_file_that_nobody_locks_is_free_whatever_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let claims = Claims::of(folder.path().to_path_buf());
        fs::write(claims.path("a"), serde_json::to_string(&Holder::this()).unwrap()).unwrap();
        fs::write(claims.path("torn"), "{").unwrap();
        assert!(claims.holder("a").is_none() && claims.holder("torn").is_none());
        for name in ["a", "torn"] {
            let claim = mine(claims.take(name).unwrap()).unwrap();
            assert_eq!(claims.holder(name).unwrap().pid, std::process::id());
            drop(claim);
        }
    }
}
