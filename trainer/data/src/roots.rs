//! Where the parts of a data set lie: in its own folder, or in the one that its `dataset.json` names as `source`.

use std::path::{Path, PathBuf};

use super::error::{FolderError, Result};
use super::info::{self, Info};

/// A set that refers to a set that refers to a set is enough.
const MAX_SOURCES: usize = 4;

/// A data set's folder and its sources, nearest first, each with its `dataset.json`.
#[derive(Clone, Debug)]
pub(super) struct Roots(Vec<(PathBuf, Option<Info>)>);

impl Roots {
    /// Follows `source` from a folder on.
    ///
    /// # Errors
    /// A folder that is not there, a `dataset.json` that cannot be read, sources without end.
    pub(super) fn open(root: &Path) -> Result<Self> {
        let mut roots = Vec::new();
        let mut next = Some(root.to_path_buf());
        while let Some(folder) = next.take() {
            if !folder.is_dir() {
                let missing = match roots.is_empty() {
                    true => FolderError::Missing(folder),
                    false => FolderError::NoSource { info: root.join(info::FILE), folder },
                };
                return Err(missing.into());
            }
            if roots.len() > MAX_SOURCES {
                return Err(FolderError::EndlessSources(root.to_path_buf()).into());
            }
            let info = info::read(&folder)?;
            next = info.as_ref().and_then(|i| i.source.as_ref()).map(|source| folder.join(source));
            roots.push((folder, info));
        }
        Ok(Self(roots))
    }

    /// A folder alone, whatever its `dataset.json` says.
    pub(super) fn alone(root: &Path) -> Self {
        Self(vec![(root.to_path_buf(), None)])
    }

    /// The data set's own folder.
    pub(super) fn own(&self) -> &Path {
        &self.0[0].0
    }

    /// All folders, nearest first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().map(|(root, _)| root.as_path())
    }

    /// What the nearest `dataset.json` that says something says.
    pub(super) fn say<T>(&self, what: impl Fn(&Info) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(|(_, info)| what(info.as_ref()?))
    }

    /// The nearest folder of this name.
    pub(super) fn folder(&self, name: &str) -> Option<PathBuf> {
        self.all().map(|root| root.join(name)).find(|path| path.is_dir())
    }

    /// The nearest folder of this name, and the `dataset.json` beside it.
    pub(super) fn folder_with_info(&self, name: &str) -> Option<(PathBuf, Option<&Info>)> {
        self.0.iter().map(|(root, info)| (root.join(name), info.as_ref())).find(|(path, _)| path.is_dir())
    }

    /// The nearest file of this name.
    pub(super) fn file(&self, name: &str) -> Option<PathBuf> {
        self.all().map(|root| root.join(name)).find(|path| path.is_file())
    }
}
