//! The folder of a run: who may use it, and which backbone its heads see.
//!
//! ```text
//! run.lock                  who is at work here: one process that writes, or several that read
//! run.json, config.toml     where everything came from, written once; run.json has a hash of config.toml
//! events.jsonl, metrics.csv what happened
//! checkpoints/              the last two states, whole
//! best-*.safetensors        the best weights so far
//! ```

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use fovea_shared::description::Modality;

use super::{
    edited, leftovers,
    names::{CONFIG, ENCODER, LOCK, RUN},
    provenance::Provenance,
};
use crate::{
    config::TrainConfig,
    data::{domain::UnknownDomain, durable},
    features::Encoder,
    lock::{self, Holder, Lock, Taken},
};

/// The backbone that the run's student has adapted to itself.
pub(crate) const ADAPTED: &str = "best-backbone.safetensors";
/// The second head of a two-level pair.
const PARTNER: &str = "best-partner.safetensors";

/// The folder of one run. While this lives, no other process writes in it, unless it was only looked at.
#[derive(Clone, Debug)]
pub(crate) struct RunFolder {
    /// Its path.
    pub(crate) path: PathBuf,
    /// Held for as long as this is used.
    _lock: Option<Arc<Lock>>,
}

/// What a run's folder holds.
pub(crate) type Begun = (RunFolder, TrainConfig, Provenance);

impl RunFolder {
    /// A folder that this process holds already, or does not need to hold.
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_path_buf(), _lock: None }
    }

    /// A folder that this process has just begun.
    pub(super) fn held(path: PathBuf, lock: Lock) -> Self {
        Self { path, _lock: Some(Arc::new(lock)) }
    }

    /// Reads what a run says of itself, while another process may work in its folder.
    ///
    /// # Errors
    /// A folder that holds no run, one that cannot be read, or a configuration that was edited.
    pub(crate) fn read(path: &Path) -> Result<Begun> {
        let file = path.join(RUN);
        let text = fs::read_to_string(&file).with_context(|| {
            format!(
                "{} holds no run: {} cannot be read. Name the folder that `fovea train --out` made",
                path.display(),
                file.display()
            )
        })?;
        let from: Provenance =
            serde_json::from_str(&text).with_context(|| format!("invalid run file {}", file.display()))?;
        let config = TrainConfig::read(&path.join(CONFIG))?;
        edited::refuse(path, &config, &from)?;
        Ok((Self::at(path), config, from))
    }

    /// Opens the folder of a run to read its weights: no training goes on in it meanwhile.
    ///
    /// # Errors
    /// As [`Self::read`]; and a folder in which a training is at work.
    pub(crate) fn open(path: &Path) -> Result<Begun> {
        Self::read(path)?;
        match lock::shared(&path.join(LOCK))? {
            // Again, now that nobody else writes.
            Taken::Mine(lock) => Self::read(path).map(|begun| begun.with(lock)),
            Taken::Held(holder) => bail!(busy(path, holder.as_ref())),
            Taken::NoFolder => bail!("{} is gone", path.display()),
        }
    }

    /// Opens the folder of a run to go on with it: nobody else uses it meanwhile.
    ///
    /// # Errors
    /// As [`Self::read`]; and a folder that another process uses.
    pub(crate) fn own(path: &Path) -> Result<Begun> {
        Self::read(path)?;
        match lock::exclusive(&path.join(LOCK))? {
            Taken::Mine(lock) => {
                let begun = Self::read(path)?.with(lock);
                leftovers::sweep(path);
                durable::sweep(path);
                Ok(begun)
            }
            Taken::Held(holder) => bail!(busy(path, holder.as_ref())),
            Taken::NoFolder => bail!("{} is gone", path.display()),
        }
    }

    /// Takes a folder that may hold a run, whole or not, to remove it; nothing where there is none.
    ///
    /// # Errors
    /// Another process uses it.
    pub(crate) fn free(path: &Path) -> Result<Option<Lock>> {
        match lock::exclusive(&path.join(LOCK))? {
            Taken::Mine(lock) => Ok(Some(lock)),
            Taken::Held(holder) => bail!(busy(path, holder.as_ref())),
            Taken::NoFolder => Ok(None),
        }
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

    /// Begins a further round, counted from 0, with the backbone that the round before has adapted;
    /// where nothing came of that, with the same again. Does nothing when it was done before.
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
        Ok(durable::write(&file, &bytes)?)
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
                "the student of {} is the pair of the two-level baseline, and here a student is one head: `fovea eval` \
                 measures such a run, and another `student-target` trains one that can be shown",
                self.path.display()
            );
        }
        let adapted = self.path.join(ADAPTED);
        if fs::exists(&adapted)? {
            bail!(
                "the student of {} has a backbone of its own, and here teacher and student must share one. Train both \
                 on it: fovea train --backbone {} ...",
                self.path.display(),
                adapted.display()
            );
        }
        self.encoder()
    }
}

trait With {
    fn with(self, lock: Lock) -> Self;
}

impl With for Begun {
    fn with(self, lock: Lock) -> Self {
        (RunFolder::held(self.0.path, lock), self.1, self.2)
    }
}

/// What is said of a folder that another process uses.
pub(super) fn busy(path: &Path, holder: Option<&Holder>) -> String {
    let whose = match holder {
        Some(holder) => format!("{} is at work in it", holder.words()),
        None => "another process reads it (`fovea eval` or `fovea export`, for instance)".into(),
    };
    format!("the run folder {} is in use: {whose}. Wait for it to end, or name another folder", path.display())
}
