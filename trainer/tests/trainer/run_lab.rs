//! Phantoms, a feature cache and room for runs.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::binary::passes;

/// A folder with eight small phantoms in `data`.
pub(crate) struct Lab {
    folder: TempDir,
}

impl Lab {
    pub(crate) fn new() -> Self {
        let lab = Self { folder: TempDir::new().unwrap() };
        passes(&["data", "phantom", "--count", "8", "--seed", "5", "--size", "64x64", "--out", &lab.path("data")]);
        lab
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.at(name).to_string_lossy().into_owned()
    }

    /// The arguments `short`, with the data, the run folder and the cache.
    pub(crate) fn arguments(&self, short: &str, out: &str) -> Vec<String> {
        let mut all: Vec<String> = short.split_whitespace().map(String::from).collect();
        for (flag, name) in [("--data", "data"), ("--out", out), ("--cache", "cache")] {
            all.extend([flag.to_owned(), self.path(name)]);
        }
        all
    }
}
