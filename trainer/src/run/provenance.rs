//! Where a run's numbers come from, as its folder says.

use std::path::PathBuf;

use fovea_shared::description::Modality;
use serde::{Deserialize, Serialize};

use crate::data::{Case, GazeOrigin};

/// Where a run's numbers come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Provenance {
    /// The command line.
    pub(crate) command: String,
    /// The program's [`crate::version::git_sha`].
    pub(crate) git_sha: String,
    /// The device that trained.
    pub(crate) device: String,
    /// Name of the data set.
    pub(crate) data: String,
    /// Its folder.
    pub(crate) data_folder: PathBuf,
    /// Folders of further training images.
    pub(crate) extra_folders: Vec<PathBuf>,
    /// The split.
    pub(crate) split: String,
    /// SHA-256 of image bytes, gaze and lists.
    pub(crate) data_sha256: String,
    /// The file of descriptions that the teacher's text was read from, if one was named.
    #[serde(default)]
    pub(crate) descriptions: Option<DescriptionFile>,
    /// SHA-256 of the backbone's weights; absent for the built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) backbone_sha256: Option<String>,
    /// Images that train, choose and test.
    pub(crate) counts: [usize; 3],
    /// Where the teacher was trained, if not in this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) teacher: Option<TeacherFrom>,
    /// What the images show; absent in runs from before it was written down. See [`RunFolder::modality`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) modality: Option<Modality>,
    /// Where the gaze of the training and validation images comes from; absent in runs from before it was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) gaze: Option<GazeCounts>,
    /// [`config_hash`](crate::config::config_hash) of config.toml as it was written; absent in runs
    /// from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) config_sha256: Option<String>,
}

/// How many training and validation images have gaze of each origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GazeCounts {
    /// Recorded by an eye tracker.
    pub(crate) recorded: usize,
    /// Recorded with a pointer, which is not eye tracking. Not written where there is none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) pointer: usize,
    /// Simulated, which uses the true masks.
    pub(crate) simulated: usize,
}

impl GazeCounts {
    /// Counts cases.
    pub(crate) fn of<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Self {
        let mut counts = Self::default();
        for case in cases.into_iter().filter(|c| c.gaze.is_some()) {
            match case.origin {
                GazeOrigin::Recorded => counts.recorded += 1,
                GazeOrigin::Pointer => counts.pointer += 1,
                GazeOrigin::Simulated => counts.simulated += 1,
            }
        }
        counts
    }

    /// What a reader of results must know; `None` where all gaze is recorded.
    pub(crate) fn caveat(self) -> Option<String> {
        let all = self.simulated + self.pointer + self.recorded;
        let counts = [(GazeOrigin::Simulated, self.simulated), (GazeOrigin::Pointer, self.pointer)];
        let said = counts.into_iter().filter(|(_, count)| *count > 0);
        let said: Vec<String> =
            said.map(|(origin, count)| format!("{} ({count} of {all} images)", origin.words())).collect();
        (!said.is_empty()).then(|| format!("trained from gaze {}", said.join(" and ")))
    }
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// The run whose teacher's stage another run goes on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TeacherFrom {
    /// Its folder.
    pub(crate) run: PathBuf,
    /// SHA-256 of its best teacher's file.
    pub(crate) sha256: String,
}

/// A file of descriptions, as a run saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DescriptionFile {
    /// Its path.
    pub(crate) path: PathBuf,
    /// SHA-256 of its bytes.
    pub(crate) sha256: String,
}
