//! Why a file could not be written, and what to do.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why a file could not be written. What lies behind it is the source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// No room.
    #[error("{} cannot be written: the disk, or your share of it, is full. Free some space and start \
             again", .0.display())]
    Full(PathBuf, #[source] io::Error),
    /// No right.
    #[error("{} cannot be written: you have no right to write there. Name a folder of your own", .0.display())]
    Denied(PathBuf, #[source] io::Error),
    /// The folder is gone, or was never there.
    #[error("{} cannot be written: its folder is not there", .0.display())]
    NoFolder(PathBuf, #[source] io::Error),
    /// Another process appends to the file.
    #[error("another process writes to {} now: wait for it to end, or name another file", .0.display())]
    Held(PathBuf),
    /// An append failed before, and the file could not be cut back to whole lines: nothing more is appended.
    #[error("{} ends in half a line, which could not be cut away: nothing more is appended to it. Start \
             again", .0.display())]
    Torn(PathBuf),
    /// Anything else.
    #[error("{} cannot be written", .0.display())]
    Other(PathBuf, #[source] io::Error),
}

impl WriteError {
    /// The kind of a cause.
    pub(super) fn of(path: &Path, cause: io::Error) -> Self {
        let path = path.to_path_buf();
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path, cause),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::Denied(path, cause),
            io::ErrorKind::NotFound => Self::NoFolder(path, cause),
            _ => Self::Other(path, cause),
        }
    }
}
