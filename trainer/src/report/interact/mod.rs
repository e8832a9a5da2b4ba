//! What `fovea eval --interact` found: whether the answer follows what a person looks at and says.
//!
//! ```text
//! Line (part, seed, image: a number a measure) ──► <stem>-images.csv ──► Figure (mean, sd, interval) ──► <stem>.json, .md, .svg
//! ```

mod error;
mod figure;
mod measures;
pub(crate) mod sheet;
mod table;
#[cfg(test)]
mod tests;

pub use error::InteractError;
pub use measures::{MEASURES, Measure, Part, RULES};
#[cfg(test)]
pub(crate) use tests::example;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use fovea_shared::metrics::bootstrap_interval;
use serde::{Deserialize, Serialize};

use super::{
    ReportError,
    files::{json_of, make_folder_of},
    kind::InteractKind,
    results::{BOOTSTRAP_SEED, DataRef, mean_and_sd},
};
use crate::run::write_atomic;

/// What one image (or picture made of two) gave with one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What was tried.
    pub part: Part,
    /// The training's seed.
    pub seed: u64,
    /// The image, or `host+guest`.
    pub id: String,
    /// Values by the measure's key; those that do not apply to the image are not there.
    pub values: BTreeMap<&'static str, f64>,
}

/// A mean and how sure it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Mean over the images, then over the seeds.
    pub mean: f64,
    /// Sample standard deviation over the seeds' means; `None` for one seed.
    pub sd: Option<f64>,
    /// Lower end of the 95 % bootstrap interval over the images, each averaged over its seeds first.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// The mean of every seed that has the value, seeds ascending.
    pub seeds: Vec<f64>,
    /// Images (or pictures) that have the value with at least one seed.
    pub images: usize,
}

/// `results/interact-*.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interact {
    /// Always `interact`.
    pub kind: InteractKind,
    /// Its name, which is also the file's.
    pub study: String,
    /// The command that wrote it.
    pub command: String,
    /// The program's commit.
    pub git_sha: String,
    /// The device that computed.
    pub device: String,
    /// What was measured on.
    pub data: DataRef,
    /// The list that checkpoints and settings were chosen on: "validation".
    pub selection: String,
    /// The trainings' seeds, ascending.
    pub seeds: Vec<u64>,
    /// The resolved configuration of the trainings.
    pub config: serde_json::Value,
    /// Where the student that is compared with comes from, where it is not the runs' own; its configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub student: Option<serde_json::Value>,
    /// SHA-256 of the backbone that all trainings started from, where there is one and it is not the built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backbone_sha256: Option<String>,
    /// How looks are drawn and what is counted, in words.
    pub rules: Vec<String>,
    /// Images whose true mask holds two lesions.
    pub doubles: Vec<String>,
    /// What a reader must know.
    #[serde(default)]
    pub note: String,
    /// The figures, by part and measure.
    pub parts: BTreeMap<Part, BTreeMap<String, Figure>>,
}

/// Everything of a file but its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// As in [`Interact`].
    pub study: String,
    /// As in [`Interact`].
    pub command: String,
    /// As in [`Interact`].
    pub git_sha: String,
    /// As in [`Interact`].
    pub device: String,
    /// As in [`Interact`].
    pub data: DataRef,
    /// As in [`Interact`].
    pub config: serde_json::Value,
    /// As in [`Interact`].
    pub student: Option<serde_json::Value>,
    /// As in [`Interact`].
    pub backbone_sha256: Option<String>,
    /// As in [`Interact`].
    pub doubles: Vec<String>,
    /// As in [`Interact`].
    pub note: String,
}

/// A value of one image: seed, image, value.
type Value<'a> = (u64, &'a str, f64);

impl Interact {
    /// Sums up `lines`.
    ///
    /// # Errors
    /// No lines, a value that is not finite (named), or an image measured twice.
    pub fn of(about: About, lines: &[Line]) -> Result<Self, InteractError> {
        if lines.is_empty() {
            return Err(InteractError::Nothing);
        }
        let mut places = BTreeSet::new();
        let mut values: BTreeMap<Part, BTreeMap<&str, Vec<Value<'_>>>> = BTreeMap::new();
        for line in lines {
            let (part, seed) = (line.part, line.seed);
            if !places.insert((part, seed, line.id.as_str())) {
                return Err(InteractError::Twice { part, id: line.id.clone(), seed });
            }
            for (key, value) in &line.values {
                if !value.is_finite() {
                    let (key, id) = (String::from(*key), line.id.clone());
                    return Err(InteractError::NotFinite { key, id, part, value: *value });
                }
                values.entry(line.part).or_default().entry(key).or_default().push((line.seed, &line.id, *value));
            }
        }
        let figures = |measures: BTreeMap<&str, Vec<(u64, &str, f64)>>| {
            measures.into_iter().map(|(key, values)| (key.to_owned(), Figure::of(&values))).collect()
        };
        let About { study, command, git_sha, device, data, config, student, backbone_sha256, doubles, note } = about;
        Ok(Self {
            kind: InteractKind::Only,
            study,
            command,
            git_sha,
            device,
            data,
            selection: "validation".into(),
            seeds: lines.iter().map(|line| line.seed).collect::<BTreeSet<_>>().into_iter().collect(),
            config,
            student,
            backbone_sha256,
            rules: RULES.map(String::from).to_vec(),
            doubles,
            note,
            parts: values.into_iter().map(|(part, measures)| (part, figures(measures))).collect(),
        })
    }

    /// The figure of a measure.
    pub fn figure(&self, part: Part, key: &str) -> Option<&Figure> {
        self.parts.get(&part)?.get(key)
    }

    /// Writes `path` and beside it the same as a Markdown page and a figure (`.md`, `.svg`), and the `lines` behind it
    /// (`-images.csv`). Returns their paths.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub fn write(&self, path: &Path, lines: &[Line]) -> Result<Vec<PathBuf>, ReportError> {
        make_folder_of(path)?;
        let [page, svg] = ["md", "svg"].map(|extension| path.with_extension(extension));
        let csv = path.with_file_name(format!("{}-images.csv", self.study));
        write_atomic(path, json_of(self)?.as_bytes())?;
        write_atomic(&page, self.markdown().as_bytes())?;
        write_atomic(&csv, &table::csv(lines)?)?;
        write_atomic(&svg, figure::figure(self).as_bytes())?;
        Ok(vec![path.to_path_buf(), page, csv, svg])
    }
}

impl Figure {
    /// Of at least one value: whose seed, which image.
    fn of(values: &[Value<'_>]) -> Self {
        let mean = |values: &Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        let mut seeds: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        let mut images: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for (seed, id, value) in values {
            seeds.entry(*seed).or_default().push(*value);
            images.entry(id).or_default().push(*value);
        }
        let seeds: Vec<f64> = seeds.values().map(mean).collect();
        let images: Vec<f64> = images.values().map(mean).collect();
        let (mean, sd) = mean_and_sd(&seeds);
        let (low, high) = bootstrap_interval(&images, BOOTSTRAP_SEED);
        Self {
            mean: round(mean.unwrap_or(f64::NAN)),
            sd: sd.map(round),
            low: round(low),
            high: round(high),
            seeds: seeds.into_iter().map(round).collect(),
            images: images.len(),
        }
    }
}

/// To five decimals: more would only make files longer.
fn round(value: f64) -> f64 {
    (value * 1e5).round() / 1e5
}
