//! Whether a run's configuration is the one that it was made with.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use super::{
    manifest::{self, Manifest},
    names::{CONFIG, hash},
    provenance::Provenance,
};
use crate::{
    config::{TrainConfig, differences},
    version::git_sha,
};

/// The hash of the configuration file of a run as it is now.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn hash_of_run(run: &Path) -> Result<String> {
    let file = run.join(CONFIG);
    hash(&fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?)
}

/// Refuses a run whose configuration was edited after it was begun. Runs from before a hash was kept pass.
///
/// # Errors
/// Names the keys that have changed, where a checkpoint knows them.
pub(super) fn refuse(run: &Path, config: &TrainConfig, from: &Provenance) -> Result<()> {
    let now = hash_of_run(run)?;
    let kept = manifest::newest(&run.join("checkpoints"));
    let kept_hash = kept.as_ref().and_then(|(_, manifest)| manifest.config_sha256.clone());
    let then: Vec<&String> = from.config_sha256.iter().chain(&kept_hash).collect();
    if then.iter().all(|then| **then == now) {
        return Ok(());
    }
    let changed = kept.and_then(|(checkpoint, _)| of_checkpoint(&checkpoint)).map(|then| differences(&then, config));
    let what = match changed {
        // Written in another way, with the same meaning.
        Some(changed) if changed.is_empty() => return Ok(()),
        Some(changed) => changed.join("; "),
        // Without a checkpoint, another version of the program cannot know whether the meaning is the same.
        None if from.git_sha != git_sha() => return Ok(()),
        None => "its hash is not the one that run.json holds".into(),
    };
    bail!(
        "{} was edited since the run was begun ({what}). What a run was made with cannot be changed afterwards: undo \
         that, or start a new run with other settings and --out",
        run.join(CONFIG).display()
    )
}

/// The configuration that a checkpoint was made with.
fn of_checkpoint(checkpoint: &Path) -> Option<TrainConfig> {
    TrainConfig::read(&checkpoint.join(Manifest::CONFIG)).ok()
}
