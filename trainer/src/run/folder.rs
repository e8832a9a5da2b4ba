//! The folder of a run and what is written there once: the resolved configuration and where everything came from.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use fovea_shared::description::Modality;
use serde::{Deserialize, Serialize};

use crate::{
    config::TrainConfig,
    data::{Case, GazeOrigin, domain::UnknownDomain},
    features::Encoder,
};

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
}

/// How many training and validation images have gaze of either origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GazeCounts {
    /// Recorded by an eye tracker.
    pub(crate) recorded: usize,
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
                GazeOrigin::Simulated => counts.simulated += 1,
            }
        }
        counts
    }

    /// What a reader of results must know; `None` where all gaze is recorded.
    pub(crate) fn caveat(self) -> Option<String> {
        (self.simulated > 0).then(|| {
            format!(
                "trained from gaze simulated from the true masks ({} of {} images)",
                self.simulated,
                self.simulated + self.recorded
            )
        })
    }
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

/// The backbone of a run, in its folder, where it is not the built-in one.
const ENCODER: &str = "backbone.safetensors";
/// The backbone that the run's student has adapted to itself.
pub(crate) const ADAPTED: &str = "best-backbone.safetensors";
/// The second head of a two-level pair.
const PARTNER: &str = "best-partner.safetensors";

/// The folder of one run.
#[derive(Clone, Debug)]
pub(crate) struct RunFolder {
    /// Its path.
    pub(crate) path: PathBuf,
}

impl RunFolder {
    /// Refuses a folder that already holds a run, before anything long is done for a new one.
    ///
    /// # Errors
    /// Says what to do instead.
    pub(crate) fn refuse_taken(path: &Path) -> Result<()> {
        if fs::exists(path.join("run.json"))? {
            bail!(
                "{} already holds a run. Continue it with `fovea train --resume {}`, or name another folder with --out",
                path.display(),
                path.display()
            );
        }
        Ok(())
    }

    /// Makes the folder of a new run, whose heads learn on `encoder` where that is not the built-in backbone.
    ///
    /// # Errors
    /// A folder that already holds a run: nothing is overwritten.
    pub(crate) fn create(
        path: &Path,
        config: &TrainConfig,
        provenance: &Provenance,
        encoder: Option<&Encoder>,
    ) -> Result<Self> {
        Self::refuse_taken(path)?;
        fs::create_dir_all(path.join("checkpoints"))
            .with_context(|| format!("the run folder {} cannot be made", path.display()))?;
        if let Some(encoder) = encoder {
            write_atomic(&path.join(ENCODER), &encoder.bytes)?;
        }
        write_atomic(&path.join("config.toml"), toml::to_string(config)?.as_bytes())?;
        write_atomic(&path.join("run.json"), serde_json::to_string_pretty(provenance)?.as_bytes())?;
        Ok(Self { path: path.to_path_buf() })
    }

    /// Opens the folder of a run that was begun.
    ///
    /// # Errors
    /// A folder that holds none, or one that cannot be read.
    pub(crate) fn open(path: &Path) -> Result<(Self, TrainConfig, Provenance)> {
        let file = path.join("run.json");
        let text = fs::read_to_string(&file).with_context(|| {
            format!(
                "{} holds no run: {} cannot be read. Name the folder that `fovea train --out` made",
                path.display(),
                file.display()
            )
        })?;
        let provenance = serde_json::from_str(&text).with_context(|| format!("{} is not right", file.display()))?;
        Ok((Self { path: path.to_path_buf() }, TrainConfig::read(&path.join("config.toml"))?, provenance))
    }

    /// What the images of the run show, by what it wrote down.
    ///
    /// # Errors
    /// It did not yet; says where to write it.
    pub(crate) fn modality(&self, from: &Provenance) -> Result<Modality, UnknownDomain> {
        from.modality.ok_or_else(|| UnknownDomain::of_run(&self.path))
    }

    /// The backbone that the run's heads were trained on: that of its last round, where it has several.
    ///
    /// # Errors
    /// A damaged file.
    pub(crate) fn encoder(&self) -> Result<Encoder> {
        let mut found = self.path.join(ENCODER);
        for round in 1.. {
            let file = self.round_encoder(round);
            if !fs::exists(&file)? {
                break;
            }
            found = file;
        }
        if fs::exists(&found)? { Encoder::read(&found) } else { Ok(Encoder::built_in()) }
    }

    /// Begins a further round, counted from 0, with the backbone that the round before has adapted; where nothing came of that, with the
    /// same again. Does nothing when it was done before.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub(crate) fn begin_round(&self, round: usize) -> Result<()> {
        let file = self.round_encoder(round);
        if fs::exists(&file)? {
            return Ok(());
        }
        let adapted = self.path.join(ADAPTED);
        let bytes = match fs::read(&adapted) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => self.encoder()?.bytes.to_vec(),
            Err(e) => return Err(e).with_context(|| format!("{} cannot be read", adapted.display())),
        };
        write_atomic(&file, &bytes)
    }

    fn round_encoder(&self, round: usize) -> PathBuf {
        self.path.join(format!("backbone-of-round-{}.safetensors", round + 1))
    }

    /// The backbone that teacher and student of the run share.
    ///
    /// # Errors
    /// A run whose student has adapted the backbone to itself, or whose student is a pair.
    pub(crate) fn shared_encoder(&self) -> Result<Encoder> {
        if fs::exists(self.path.join(PARTNER))? {
            bail!(
                "the student of {} is the pair of the two-level baseline, and here a student is one head: `fovea eval` measures \
                 such a run, and another `student-target` trains one that can be shown",
                self.path.display()
            );
        }
        let adapted = self.path.join(ADAPTED);
        if fs::exists(&adapted)? {
            bail!(
                "the student of {} has a backbone of its own, and here teacher and student must share one. Train both on it: \
                 fovea train --backbone {} ...",
                self.path.display(),
                adapted.display()
            );
        }
        self.encoder()
    }

    /// Where checkpoints go.
    pub(crate) fn checkpoints(&self) -> PathBuf {
        self.path.join("checkpoints")
    }
}

/// Writes a file so that it is whole or not there: beside it, synced, then renamed.
///
/// # Errors
/// Names the file.
pub(crate) fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let write = || -> std::io::Result<()> {
        let mut file = fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().with_context(|| format!("{} cannot be written", path.display()))
}
