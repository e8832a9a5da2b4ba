//! Folders that are written.

use std::{io, path::PathBuf};

/// Why a folder cannot be written. What was there before is there still.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// A folder with content that another hand has written: it is never replaced.
    #[error("{} exists and was not written by `{command}`: choose another --out", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// The command that writes.
        command: &'static str,
    },
    /// A folder that an earlier run has written, and that may not be replaced.
    #[error("{} holds {what} already: choose another --out, or replace it with --force", path.display())]
    Occupied {
        /// The folder.
        path: PathBuf,
        /// What it holds.
        what: &'static str,
    },
    /// A folder that cannot be looked into.
    #[error("cannot list the folder")]
    Unlisted {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A folder that would be made of itself.
    #[error("{} cannot be its own source: choose another --out", .0.display())]
    OwnSource(PathBuf),
    /// A path without a last part.
    #[error("--out {} must end in a folder's name", .0.display())]
    Nameless(PathBuf),
    /// Another process writes the folder.
    #[error("another process writes {} now: wait for it to end, or name another folder", .0.display())]
    Held(PathBuf),
    /// What an earlier replacement has left.
    #[error("{} is in the way: remove it", .0.display())]
    InTheWay(PathBuf),
    /// A set without images.
    #[error("a set needs at least one image")]
    NoImages,
}
