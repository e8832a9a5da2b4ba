//! One cell of the grid: a row with a seed, where it stands on disk, and its result.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    config::{TrainConfig, flatten},
    evaluate::Scored,
    report::results::DataRef,
    run::{Provenance, RunFolder, TeacherFrom, write_atomic},
    version::git_sha,
};

/// What decides a cell's numbers. A cell is finished when its result was made under the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// The resolved configuration, with the seed.
    pub(crate) config: Value,
    /// The split.
    pub(crate) split: String,
    /// SHA-256 of everything that trains, chooses and tests.
    pub(crate) data_sha256: String,
    /// SHA-256 of the file of descriptions, where the text comes from it.
    pub(crate) descriptions_sha256: Option<String>,
    /// SHA-256 of the backbone, where the grid names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) backbone_sha256: Option<String>,
    /// The commits of the programs that trained (the teacher, where it is shared, and the cell) and measured.
    pub(crate) git_sha: Vec<String>,
}

/// `cell.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CellResult {
    /// The row's name.
    pub(crate) row: String,
    /// The seed.
    pub(crate) seed: u64,
    /// What decided the numbers.
    pub(crate) identity: Identity,
    /// The device that computed.
    pub(crate) device: String,
    /// The process that did, for people.
    pub(crate) made_by: String,
    /// Where its teacher was trained, if not in its own run.
    pub(crate) teacher: Option<TeacherFrom>,
    /// What was measured on.
    pub(crate) data: DataRef,
    /// Seconds of the last sitting: training, then evaluation.
    pub(crate) seconds: [f64; 2],
    /// The scores of every image.
    pub(crate) images: Vec<ImageResult>,
}

/// One image of a cell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ImageResult {
    /// Its id.
    pub(crate) id: String,
    /// Its scores.
    pub(crate) scores: Scored,
}

/// What to do about a cell or teacher that was made under other circumstances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Changed {
    /// Say what changed, and train nothing.
    #[default]
    Refuse,
    /// Throw it away and train it again.
    Retrain,
}

/// Where a cell stands.
#[derive(Debug)]
pub(crate) enum State {
    /// Nothing is there.
    New,
    /// A training was begun; `step` is that of its newest checkpoint. It may be done and not measured yet.
    Begun {
        /// Steps taken.
        step: usize,
    },
    /// Its result is there.
    Finished(Box<CellResult>),
    /// What is there was made under other circumstances: these.
    Changed(Vec<String>),
}

/// A cell.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// Place in the grid.
    pub(crate) index: usize,
    /// The row's name.
    pub(crate) row: String,
    /// The configuration, with the seed.
    pub(crate) config: TrainConfig,
    /// What decides its numbers.
    pub(crate) identity: Identity,
    /// The teacher's own stage and its key, where it is trained by itself.
    pub(crate) teacher: Option<(TrainConfig, String)>,
    /// Its folder.
    pub(crate) folder: PathBuf,
}

impl Identity {
    /// The identity of what this program is going to compute.
    ///
    /// # Errors
    /// Never for a configuration that was read from a file.
    pub(crate) fn new(
        config: &TrainConfig,
        split: &str,
        data: &str,
        descriptions: Option<&str>,
        backbone: Option<&str>,
    ) -> Result<Self> {
        Ok(Self {
            config: serde_json::to_value(config)?,
            split: split.into(),
            data_sha256: data.into(),
            descriptions_sha256: descriptions.map(str::to_owned),
            backbone_sha256: backbone.map(str::to_owned),
            git_sha: vec![git_sha().into()],
        })
    }

    /// The identity of a run that was begun.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(crate) fn of_run(config: &TrainConfig, from: &Provenance) -> Result<Self> {
        let descriptions = from.descriptions.as_ref().map(|file| file.sha256.as_str());
        let backbone = from.backbone_sha256.as_deref();
        let identity = Self::new(config, &from.split, &from.data_sha256, descriptions, backbone)?;
        Ok(Self { git_sha: vec![from.git_sha.clone()], ..identity })
    }

    /// What this differs in from what is wanted now, each in a few words. The program does not count for `any_version`.
    pub(crate) fn differences(&self, now: &Self, any_version: bool) -> Vec<String> {
        let mut found = Vec::new();
        let mut compare = |name: &str, then: &str, now: &str| {
            if then != now {
                found.push(format!("{name}: {then} then, {now} now"));
            }
        };
        match (flat(&self.config), flat(&now.config)) {
            (Ok(then), Ok(now)) => {
                let keys: std::collections::BTreeSet<&String> = then.keys().chain(now.keys()).collect();
                let value =
                    |map: &BTreeMap<String, String>, key| map.get(key).map_or("nothing", String::as_str).to_owned();
                keys.into_iter().for_each(|key| compare(&format!("`{key}`"), &value(&then, key), &value(&now, key)));
            }
            (Err(e), _) | (_, Err(e)) => compare("configuration", &format!("{e:#}"), "another"),
        }
        compare("split", &self.split, &now.split);
        compare("data", &self.data_sha256, &now.data_sha256);
        let mut files = |name: &str, then: &Option<String>, now: &Option<String>, none: &str| {
            compare(name, then.as_deref().unwrap_or(none), now.as_deref().unwrap_or(none));
        };
        files("descriptions", &self.descriptions_sha256, &now.descriptions_sha256, "none");
        files("backbone", &self.backbone_sha256, &now.backbone_sha256, "the built-in one");
        let other = self.git_sha.iter().find(|sha| !now.git_sha.contains(sha));
        if let Some(other) = other.filter(|_| !any_version) {
            compare("program", other, &now.git_sha.join(", "));
        }
        found
    }
}

/// Whether a published row's configuration is this one, whatever the seed.
pub(super) fn same_settings(published: &Value, config: &TrainConfig) -> bool {
    let now = serde_json::to_value(TrainConfig { seed: 0, ..config.clone() });
    let same = |now: Value| Some(flat(published).ok()? == flat(&now).ok()?);
    now.ok().and_then(same).unwrap_or(false)
}

/// Every key with its value as text, as this program reads and writes them: keys that it has gained
/// since have their defaults, and numbers went through the same roundings.
fn flat(config: &Value) -> Result<BTreeMap<String, String>> {
    let read: TrainConfig = serde_json::from_str(&config.to_string()).context("not a configuration of this program")?;
    let mut into = BTreeMap::new();
    flatten("", &serde_json::to_value(read)?, &mut into);
    Ok(into.into_iter().map(|(key, value)| (key, value.to_string())).collect())
}

impl Cell {
    /// `ROW-sSEED`.
    pub(crate) fn name(&self) -> String {
        format!("{}-s{}", self.row, self.config.seed)
    }

    /// Its run folder.
    pub(crate) fn run(&self) -> PathBuf {
        self.folder.join("run")
    }

    /// Where it stands.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub(crate) fn state(&self, any_version: bool) -> Result<State> {
        let judge = |then: &Identity, state: State| {
            let differences = then.differences(&self.identity, any_version);
            if differences.is_empty() { state } else { State::Changed(differences) }
        };
        // A result that cannot be read is not a result: the run beside it is measured again.
        let result = fs::read_to_string(self.folder.join("cell.json")).ok();
        if let Some(result) = result.and_then(|text| serde_json::from_str::<CellResult>(&text).ok()) {
            return Ok(judge(&result.identity.clone(), State::Finished(Box::new(result))));
        }
        match begun(&self.run())? {
            Some((config, from, step)) => Ok(judge(&Identity::of_run(&config, &from)?, State::Begun { step })),
            None => Ok(State::New),
        }
    }

    /// Writes the result; from then on the cell is finished.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn finish(&self, result: &CellResult) -> Result<()> {
        let bytes = serde_json::to_vec(result)?;
        // JSON has no NaN and no infinity: they are written as `null`, which no score may be.
        serde_json::from_slice::<CellResult>(&bytes).context("a score is not finite, so the cell is not finished")?;
        Ok(write_atomic(&self.folder.join("cell.json"), &bytes)?)
    }

    /// Removes everything.
    ///
    /// # Errors
    /// A folder that cannot be removed.
    pub(crate) fn discard(&self) -> Result<()> {
        discard(&self.folder)
    }
}

/// A run with a checkpoint: its configuration, origin and the newest checkpoint's step. One without
/// has nothing to lose.
///
/// # Errors
/// A run folder that cannot be read.
pub(crate) fn begun(run: &Path) -> Result<Option<(TrainConfig, Provenance, usize)>> {
    let Ok(entries) = fs::read_dir(run.join("checkpoints")) else { return Ok(None) };
    let step = |name: String| name.strip_prefix("step-")?.parse::<usize>().ok();
    let newest = entries.flatten().filter_map(|e| step(e.file_name().to_string_lossy().into_owned())).max();
    match newest {
        Some(step) if fs::exists(run.join("run.json"))? => {
            let (_, config, from) = RunFolder::read(run)?;
            Ok(Some((config, from, step)))
        }
        _ => Ok(None),
    }
}

/// Removes a folder, if it is there.
///
/// # Errors
/// Names the folder.
pub(crate) fn discard(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(e).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn identity(change: impl FnOnce(&mut TrainConfig)) -> Identity {
        let mut config = TrainConfig::default();
        change(&mut config);
        Identity::new(&config, "gaze", "data", None, None).unwrap()
    }

    #[test]
    fn equal_in_file_and_in_memory() {
        let now = identity(|c| c.rate = 0.1 + 0.2);
        let then: Identity = serde_json::from_str(&serde_json::to_string(&now).unwrap()).unwrap();
        assert!(then.differences(&now, false).is_empty(), "{:?}", then.differences(&now, false));
        // A key that an older program did not have stands for its default.
        let mut older = then;
        older.config.as_object_mut().unwrap().remove("looks").unwrap();
        assert!(older.differences(&now, false).is_empty());
    }

    #[test]
    fn configurations_of_shipped_bundles_are_written_as_they_were() {
        for domain in ["polyp", "prostate", "skin"] {
            let path = format!("{}/../results/bundle-{domain}.json", env!("CARGO_MANIFEST_DIR"));
            let study: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            for row in study["rows"].as_array().unwrap() {
                let config: TrainConfig = serde_json::from_value(row["config"].clone()).unwrap();
                // Through text, as the file was: reading a number may change its last digit.
                let value = serde_json::to_value(&config).unwrap();
                let written: Value = serde_json::from_str(&value.to_string()).unwrap();
                assert_eq!(written, row["config"], "{domain}: {}", row["name"]);
                assert!(same_settings(&row["config"], &config));
            }
        }
    }

    #[test]
    fn every_difference_is_named() {
        let now = identity(|_| ());
        let then = identity(|c| {
            c.distill.ema = 0.5;
            c.batch = 3;
        });
        let found = then.differences(&now, false);
        assert_eq!(found, ["`batch`: 3 then, 16 now", "`distill.ema`: 0.5 then, 0.99 now"]);
        let other = Identity { data_sha256: "other".into(), split: "official".into(), ..now.clone() };
        assert_eq!(other.differences(&now, false).len(), 2);
        let other = Identity { descriptions_sha256: Some("file".into()), ..now.clone() };
        assert_eq!(other.differences(&now, false), ["descriptions: file then, none now"]);
        let other = Identity { backbone_sha256: Some("file".into()), ..now.clone() };
        assert_eq!(other.differences(&now, false), ["backbone: file then, the built-in one now"]);
        let other = Identity { git_sha: vec![git_sha().into(), "older".into()], ..now.clone() };
        let found = other.differences(&now, false);
        assert!(found.len() == 1 && found[0].starts_with("program: older then"), "{found:?}");
        assert!(other.differences(&now, true).is_empty());
        let mut other = now.clone();
        other.config["gone"] = 3.into();
        let found = other.differences(&now, false);
        assert!(found.len() == 1 && found[0].contains("gone"), "{found:?}");
    }
}
