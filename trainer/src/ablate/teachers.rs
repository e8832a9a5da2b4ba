//! The shared teachers of a folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::cell::begun;
use crate::{
    data::hash::file_sha256,
    run::{TeacherFrom, absolute, write_atomic},
    version::git_sha,
};

/// `FOLDER/teachers`.
#[derive(Clone, Debug)]
pub(crate) struct Teachers {
    folder: PathBuf,
}

/// `teacher.json`: when it is there, the teacher is trained.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Trained {
    /// SHA-256 of the best teacher's file.
    pub(crate) sha256: String,
    /// The commits of the programs that trained it.
    pub(crate) git_sha: Vec<String>,
    /// Seconds of the last sitting.
    pub(crate) seconds: f64,
}

impl Teachers {
    /// The teachers in `folder`, which is made with the first.
    pub(crate) fn of(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The run folder of one.
    pub(crate) fn folder(&self, key: &str) -> PathBuf {
        self.folder.join(key)
    }

    /// One that is trained.
    pub(crate) fn trained(&self, key: &str) -> Option<Trained> {
        serde_json::from_str(&fs::read_to_string(self.folder(key).join("teacher.json")).ok()?).ok()
    }

    /// Whether it is trained.
    pub(crate) fn is_trained(&self, key: &str) -> bool {
        self.trained(key).is_some()
    }

    /// The commit of another program that has trained it, or begun to.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub(crate) fn made_by_another(&self, key: &str) -> Result<Option<String>> {
        let commits = match self.trained(key) {
            Some(trained) => trained.git_sha,
            None => begun(&self.folder(key))?.map(|(_, from, _)| from.git_sha).into_iter().collect(),
        };
        Ok(commits.into_iter().find(|sha| sha != git_sha()))
    }

    /// Notes that the run in its folder, begun by the program of commit `begun_by`, has come to its end.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub(crate) fn finish(&self, key: &str, begun_by: &str, seconds: f64) -> Result<Trained> {
        let folder = self.folder(key);
        let mut git_sha = vec![begun_by.to_owned(), git_sha().to_owned()];
        git_sha.dedup();
        let trained = Trained { sha256: best(&folder)?, git_sha, seconds };
        write_atomic(&folder.join("teacher.json"), &serde_json::to_vec_pretty(&trained)?)?;
        Ok(trained)
    }

    /// How a run that goes on from it names it.
    ///
    /// # Errors
    /// A folder that is gone.
    pub(crate) fn reference(&self, key: &str, trained: &Trained) -> Result<TeacherFrom> {
        Ok(TeacherFrom { run: absolute(&self.folder(key))?, sha256: trained.sha256.clone() })
    }
}

fn best(run: &Path) -> Result<String> {
    Ok(file_sha256(&run.join("best-teacher.safetensors"))?)
}
