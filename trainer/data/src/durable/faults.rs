//! Faults on demand, for tests of debug builds: the environment variable `FOVEA_TEST_FAULT=KIND@N`
//! lets the N-th operation on files fail,
//! counted from 1. `FOVEA_TEST_FAULT_LOG=FILE` gets a line an operation, so that a test knows how
//! many there are. A build without debug
//! assertions (`--release`) has none of this.
//!
//! | kind | what happens |
//! |---|---|
//! | `full` | the disk is full from then on |
//! | `short` | half of the bytes are written, then the disk is full |
//! | `io` | that operation fails |
//! | `denied` | that operation is refused |
//! | `kill` | the process ends at once |
//! | `torn` | half of the bytes are written, then the process ends at once |

use std::io;
#[cfg(not(debug_assertions))]
use std::path::Path;

/// What is done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    MakeFolder,
    Create,
    Sync,
    Rename,
    Remove,
}

/// How much of some bytes is written, and what follows.
pub(super) struct Cut {
    /// Bytes to write.
    pub(super) kept: usize,
    #[cfg(debug_assertions)]
    then: Option<Then>,
}

#[cfg(debug_assertions)]
enum Then {
    Full,
    Kill,
}

impl Cut {
    /// What follows the bytes that were written.
    #[cfg(debug_assertions)]
    pub(super) fn end(self) -> io::Result<()> {
        match self.then {
            None => Ok(()),
            Some(Then::Full) => Err(io::ErrorKind::StorageFull.into()),
            Some(Then::Kill) => std::process::abort(),
        }
    }

    #[cfg(not(debug_assertions))]
    pub(super) fn end(self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(debug_assertions))]
pub(super) fn before(_: Operation, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(not(debug_assertions))]
pub(super) fn cut(len: usize, _: &Path) -> io::Result<Cut> {
    Ok(Cut { kept: len })
}

#[cfg(debug_assertions)]
pub(super) use on::{before, cut};

#[cfg(debug_assertions)]
mod on {
    use std::{
        env,
        fs::File,
        io::{self, Write},
        path::Path,
        sync::{
            LazyLock, Mutex, PoisonError,
            atomic::{AtomicU64, Ordering},
        },
    };

    use super::{Cut, Operation, Then};

    /// What is to fail, and when.
    struct Plan {
        kind: String,
        at: u64,
    }

    static PLAN: LazyLock<Option<Plan>> = LazyLock::new(|| {
        let text = env::var("FOVEA_TEST_FAULT").ok()?;
        let (kind, at) = text.split_once('@')?;
        let at = at.parse().ok()?;
        eprintln!("test: the file operation {at} fails ({kind})");
        Some(Plan { kind: kind.into(), at })
    });

    static LOG: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
        let path = env::var_os("FOVEA_TEST_FAULT_LOG")?;
        File::options().create(true).append(true).open(path).ok().map(Mutex::new)
    });

    static COUNT: AtomicU64 = AtomicU64::new(0);

    /// Whether it is this operation's turn.
    #[derive(PartialEq)]
    enum Turn {
        Before,
        Now,
        After,
    }

    fn next(what: &str, path: &Path) -> Option<(&'static str, Turn)> {
        if let Some(log) = &*LOG {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = writeln!(log, "{what} {}", path.display());
        }
        let plan = PLAN.as_ref()?;
        let number = COUNT.fetch_add(1, Ordering::SeqCst) + 1;
        let turn = match number.cmp(&plan.at) {
            std::cmp::Ordering::Less => Turn::Before,
            std::cmp::Ordering::Equal => Turn::Now,
            std::cmp::Ordering::Greater => Turn::After,
        };
        Some((plan.kind.as_str(), turn))
    }

    /// Lets an operation fail whose turn it is.
    pub(in super::super) fn before(operation: Operation, path: &Path) -> io::Result<()> {
        match next(&format!("{operation:?}"), path) {
            Some(("kill" | "torn", Turn::Now)) => std::process::abort(),
            Some(("io", Turn::Now)) => Err(io::Error::other("input/output error")),
            Some(("denied", Turn::Now)) => Err(io::ErrorKind::PermissionDenied.into()),
            // Removing needs no room.
            Some(("full" | "short", Turn::Now | Turn::After)) if operation != Operation::Remove => {
                Err(io::ErrorKind::StorageFull.into())
            }
            _ => Ok(()),
        }
    }

    /// How much of `len` bytes is written.
    pub(in super::super) fn cut(len: usize, path: &Path) -> io::Result<Cut> {
        let half = |then| Ok(Cut { kept: len / 2, then: Some(then) });
        match next("Write", path) {
            Some(("kill", Turn::Now)) => std::process::abort(),
            Some(("torn", Turn::Now)) => half(Then::Kill),
            Some(("short", Turn::Now)) => half(Then::Full),
            Some(("io", Turn::Now)) => Err(io::Error::other("input/output error")),
            Some(("denied", Turn::Now)) => Err(io::ErrorKind::PermissionDenied.into()),
            Some(("full", Turn::Now | Turn::After) | ("short", Turn::After)) => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(Cut { kept: len, then: None }),
        }
    }
}
