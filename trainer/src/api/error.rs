//! Why a call of the library failed.

use std::{error, fmt, path::PathBuf};

use crate::{config::ConfigError, data::domain::UnknownDomain, signals::Stopped};

/// Why a call of the library failed. The message says what to do; `{:#}` adds what lies behind it,
/// which is also in the sources.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Settings that cannot work.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Data that is not in order: folders, lists, images, gaze, descriptions.
    #[error(transparent)]
    Data(Cause),
    /// Nothing says what images show, and it has to be known.
    #[error(transparent)]
    UnknownDomain(#[from] UnknownDomain),
    /// A device that cannot be opened, or that failed.
    #[error(transparent)]
    Device(Cause),
    /// A run folder that cannot be made, or that does not hold what it should.
    #[error(transparent)]
    RunFolder(Cause),
    /// A bundle that cannot be opened.
    #[error(transparent)]
    Bundle(Cause),
    /// The caller stopped the training; everything is saved.
    #[error("stopped and saved at step {step}. Go on with: fovea train --resume {}", .folder.display())]
    Interrupted {
        /// The run folder.
        folder: PathBuf,
        /// Steps taken.
        step: usize,
    },
    /// The caller stopped the work before there was a training to go on with; what was computed is kept in the cache.
    #[error("stopped; what was made is kept in the cache")]
    Stopped,
    /// Whatever else fails while it is at work: a full disk, a damaged checkpoint.
    #[error(transparent)]
    Other(Cause),
}

/// An error with what lies behind it.
#[derive(Debug)]
pub struct Cause(anyhow::Error);

impl Cause {
    /// The error as its own type, such as [`DataError`](crate::data::DataError), also where it is told in other words.
    pub fn downcast_ref<E: error::Error + Send + Sync + 'static>(&self) -> Option<&E> {
        self.0.chain().find_map(|error| error.downcast_ref())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl error::Error for Cause {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source()
    }
}

impl Error {
    /// An error of its own kind where it has one, else of the kind that `otherwise` makes.
    fn of(error: anyhow::Error, otherwise: fn(Cause) -> Self) -> Self {
        if error.is::<Stopped>() {
            return Self::Stopped;
        }
        let error = match error.downcast::<ConfigError>() {
            Ok(config) => return Self::Config(config),
            Err(error) => error,
        };
        match error.downcast::<UnknownDomain>() {
            Ok(unknown) => Self::UnknownDomain(unknown),
            Err(error) => otherwise(Cause(error)),
        }
    }

    pub(super) fn data(error: impl Into<anyhow::Error>) -> Self {
        Self::of(error.into(), Self::Data)
    }

    pub(super) fn device(error: anyhow::Error) -> Self {
        Self::of(error, Self::Device)
    }

    pub(super) fn run_folder(error: anyhow::Error) -> Self {
        Self::of(error, Self::RunFolder)
    }

    pub(super) fn bundle(error: anyhow::Error) -> Self {
        Self::of(error, Self::Bundle)
    }

    pub(super) fn other(error: anyhow::Error) -> Self {
        Self::of(error, Self::Other)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use anyhow::Context;

    use super::*;
    use crate::data::{
        DataError, Dataset,
        error::{FolderError, told},
    };

    #[test]
    fn the_message_and_what_lies_behind_it_survive() {
        let deep: anyhow::Result<()> =
            Err(std::io::Error::other("the disk is full")).context("x.bin cannot be written");
        let error = Error::other(deep.unwrap_err());
        assert_eq!(error.to_string(), "x.bin cannot be written");
        assert_eq!(format!("{error:#}"), "x.bin cannot be written: the disk is full");
        let source = error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "the disk is full");
        assert!(source.downcast_ref::<std::io::Error>().is_some());
        // As a cause of something else it is told once.
        let outer = anyhow::Error::from(error).context("the study");
        assert_eq!(format!("{outer:#}"), "the study: x.bin cannot be written: the disk is full");
    }

    #[test]
    fn a_caller_can_match_what_is_wrong_with_data() {
        let folder = tempfile::tempdir().unwrap();
        let opened = || Dataset::open(&folder.path().join("none")).unwrap_err();
        for error in [Error::data(opened()), Error::other(anyhow::Error::from(opened()).context("the images"))] {
            let (Error::Data(cause) | Error::Other(cause)) = &error else { panic!("{error:?}") };
            let found = cause.downcast_ref::<DataError>();
            assert!(matches!(found, Some(DataError::Folder(FolderError::Missing(path))) if path.ends_with("none")));
            assert!(cause.downcast_ref::<ConfigError>().is_none());
        }
    }

    #[test]
    fn an_error_of_the_data_is_told_in_the_words_of_the_command_line() {
        let folder = tempfile::tempdir().unwrap();
        crate::data_fixture::write(folder.path(), &["a"]);
        let data = Dataset::open(folder.path()).unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("images/a.png"), "text").unwrap();
        std::fs::write(path("masks/a.png"), "text").unwrap();
        std::fs::write(path("splits/x-train.txt"), b"\xef").unwrap();
        for error in [
            data.cases[0].load_image().unwrap_err(),
            data.cases[0].load_mask(24, 16).unwrap_err(),
            crate::data::splits::split(&data, "x", 0.0, 1).unwrap_err(),
            crate::data::hash::file_sha256(&path("none")).unwrap_err(),
        ] {
            let words = told(&error);
            assert!(words.contains(": "), "{words}");
            assert_eq!(words, format!("{:#}", anyhow::Error::from(error)));
        }
    }

    #[test]
    fn what_has_a_kind_of_its_own_keeps_it() {
        let unknown = UnknownDomain::of_folder("data".as_ref());
        assert!(matches!(Error::data(unknown), Error::UnknownDomain(_)));
        let range = ConfigError::Range { key: "batch", expected: "at least 1", found: "0".into() };
        assert!(matches!(Error::run_folder(range.into()), Error::Config(_)));
    }
}
