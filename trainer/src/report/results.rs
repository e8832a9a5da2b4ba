//! `results/<study>.json`: what an evaluation found, in the one shape that every study has; CSV and
//! Markdown come from it (see `study_table`).

use std::fs;
use std::path::Path;

use fovea_shared::metrics::{PairedDifference, Segmentation, bootstrap_interval};
use serde::{Deserialize, Serialize};

use super::{ReportError, kind::StudyKind};
use crate::config::config_hash;
use crate::data::GazeOrigin;
use crate::data::truth::UniformTruths;
use crate::per_model::PerModel;

/// Seed of the bootstrap: fixed, so that the same scores always give the same interval.
pub(super) const BOOTSTRAP_SEED: u64 = 20_250_415;

/// A study: rows that were measured on the same images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Always `study`.
    #[serde(default)]
    pub kind: StudyKind,
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
    /// The rows.
    pub rows: Vec<Row>,
}

/// The data of a study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataRef {
    /// Name of the data set.
    pub name: String,
    /// Name of the split.
    pub split: String,
    /// [`crate::data::hash::data_hash`].
    pub sha256: String,
    /// Number of images measured on.
    pub images: usize,
    /// Where the gaze of these images comes from; absent without gaze, and in studies from before it was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaze: Option<GazeOrigin>,
    /// Images whose true mask is empty or full; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uniform_truths: Option<UniformTruths>,
}

impl DataRef {
    /// Whether it is the same data; an origin of gaze that was not written down fits any.
    fn same(&self, other: &Self) -> bool {
        let gaze = self.gaze.is_none() || other.gaze.is_none() || self.gaze == other.gaze;
        gaze && Self { gaze: None, ..self.clone() } == Self { gaze: None, ..other.clone() }
    }

    /// Data set, split and the beginning of the hash, for a message.
    pub(super) fn briefly(&self) -> String {
        format!("{}, split {}, {:.12}", self.name, self.split, self.sha256)
    }
}

/// One configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its name, like "gaze-baseline".
    pub name: String,
    /// The resolved configuration.
    pub config: serde_json::Value,
    /// SHA-256 of the configuration's canonical form, so that an edit is noticed; absent in studies
    /// from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_sha256: Option<String>,
    /// The seeds of the trainings, in the order of the scores.
    pub seeds: Vec<u64>,
    /// Each model's scores.
    #[serde(flatten)]
    pub scores: PerModel<Scores>,
    /// How much better the row is than a reference row on the same images, a value a model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paired: Vec<Paired>,
    /// With text: the summary of the explained evaluation, as in the report beside this file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<serde_json::Value>,
    /// With text: where the mask goes when a picture shows two lesions and one is described, a value a seed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub referring: Vec<Referring>,
    /// SHA-256 of the backbone that all trainings started from, where there is one and it is not the built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backbone_sha256: Option<String>,
    /// What a reader must know.
    #[serde(default)]
    pub note: String,
}

/// The difference of Dice between a row and a reference row: image by image, each image's Dice
/// averaged over the seeds that both rows have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paired {
    /// "student", "teacher" or "teacher_with_gaze".
    pub model: String,
    /// The reference row's name.
    pub reference: String,
    /// The seeds that were averaged.
    pub seeds: Vec<u64>,
    /// Number of images.
    pub images: usize,
    /// Dice of the row minus Dice of the reference, with its 95 % bootstrap interval over the images.
    pub dice: PairedDifference,
}

/// The share of the teacher's predicted mass (sum of probabilities) that lies in the described
/// image's part of a picture made of two test images, mean over such pictures, for one seed.
/// Nothing but the text differs between the two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referring {
    /// With the description.
    pub told: f64,
    /// Without any text: what the picture alone draws the teacher to.
    pub untold: f64,
    /// With the description of the other image's lesion, of which less mass should lie here; absent
    /// in studies from before it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_told: Option<f64>,
    /// How many pictures.
    pub mosaics: usize,
}

/// Scores, one a seed: each the mean over the images.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scores {
    /// Dice, 0 to 1.
    pub dice: Vec<f64>,
    /// Intersection over union, 0 to 1.
    pub iou: Vec<f64>,
    /// 95th percentile of the surface distances, pixels of the image's own size.
    pub hd95: Vec<f64>,
    /// Average surface distance, pixels of the image's own size.
    pub asd: Vec<f64>,
    /// Number of empty predictions.
    pub empty: Vec<usize>,
    /// 95 % bootstrap interval over the images of the mean Dice.
    #[serde(default)]
    pub dice_interval: Vec<[f64; 2]>,
    /// Of the images whose true mask is empty, which count for none of the means: number of
    /// predictions that are empty too. Absent
    /// where no true mask is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty_as_truth: Vec<usize>,
}

impl Scores {
    /// Adds one seed's scores: the means of the `images` whose true mask is not empty, and the
    /// bootstrap interval of the Dice.
    ///
    /// # Errors
    /// No such images: there is no mean to add.
    pub fn push(&mut self, images: &[Segmentation]) -> Result<(), ReportError> {
        let (without, images): (Vec<Segmentation>, Vec<Segmentation>) = images.iter().partition(|s| s.empty_truth);
        if images.is_empty() {
            return Err(ReportError::NothingScored);
        }
        if !without.is_empty() {
            self.empty_as_truth.push(without.iter().filter(|s| s.empty_prediction).count());
        }
        let dice: Vec<f64> = images.iter().map(|s| s.dice).collect();
        let mean_of = |value: fn(&Segmentation) -> f64| images.iter().map(value).sum::<f64>() / images.len() as f64;
        let (low, high) = bootstrap_interval(&dice, BOOTSTRAP_SEED);
        self.dice.push(mean_of(|s| s.dice));
        self.iou.push(mean_of(|s| s.iou));
        self.hd95.push(mean_of(|s| s.hd95));
        self.asd.push(mean_of(|s| s.asd));
        self.empty.push(images.iter().filter(|s| s.empty_prediction).count());
        self.dice_interval.push([low, high]);
        Ok(())
    }
}

/// Mean and standard deviation of the sample (n - 1) of some values; the deviation of one value is `None`, and so are
/// both of no values.
pub fn mean_and_sd(values: &[f64]) -> (Option<f64>, Option<f64>) {
    let count = values.len() as f64;
    let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / count);
    let squares = mean.map(|m| values.iter().map(|v| (v - m).powi(2)).sum::<f64>());
    (mean, squares.filter(|_| values.len() > 1).map(|s| (s / (count - 1.0)).sqrt()))
}

impl Study {
    /// Reads a study.
    ///
    /// # Errors
    /// A file that cannot be read or is not of this shape.
    pub fn read(path: &Path) -> Result<Self, ReportError> {
        let file = || path.to_path_buf();
        let text = fs::read_to_string(path);
        let text = text.map_err(|source| ReportError::ReadResult { what: "study", path: file(), source })?;
        let not = "is not a study of `fovea eval` or `fovea ablate`";
        let study: Self =
            serde_json::from_str(&text).map_err(|source| ReportError::Shape { path: file(), not, source })?;
        let edited = |row: &&Row| row.config_sha256.as_ref().is_some_and(|then| *then != config_hash(&row.config));
        match study.rows.iter().find(edited) {
            Some(row) => Err(ReportError::Edited { path: file(), row: row.name.clone() }),
            None => Ok(study),
        }
    }

    /// Takes a row in, in place of one of the same name.
    pub fn insert(&mut self, row: Row) {
        match self.rows.iter_mut().find(|r| r.name == row.name) {
            Some(old) => *old = row,
            None => self.rows.push(row),
        }
    }

    /// Whether rows measured on `data` may stand in it.
    ///
    /// # Errors
    /// They may not: the study was measured on other data.
    pub fn ensure_measured_on(&self, data: &DataRef) -> Result<(), ReportError> {
        if self.data.same(data) {
            return Ok(());
        }
        Err(ReportError::OtherData {
            what: "study",
            name: self.study.clone(),
            then: self.data.briefly(),
            now: data.briefly(),
        })
    }

    /// Takes in the rows of an older version of the study that this one does not have.
    ///
    /// # Errors
    /// Rows that were measured on other data.
    pub fn keep_rows_of(&mut self, old: Self) -> Result<(), ReportError> {
        old.ensure_measured_on(&self.data)?;
        let new = std::mem::replace(&mut self.rows, old.rows);
        new.into_iter().for_each(|row| self.insert(row));
        Ok(())
    }
}

/// A study for tests: row `all` with two seeds, row `other` with one.
#[cfg(test)]
pub(crate) fn example() -> Study {
    let row = |name: &str, seeds: &[&[f64]]| Row {
        name: name.into(),
        config: serde_json::json!({"epochs": 12}),
        config_sha256: None,
        seeds: (1..=seeds.len() as u64).collect(),
        scores: PerModel {
            student: Some(example_scores(seeds)),
            teacher: None,
            teacher_with_gaze: Some(example_scores(&[&[0.9, 0.7]])),
        },
        paired: Vec::new(),
        explanation: None,
        referring: Vec::new(),
        backbone_sha256: None,
        note: "a note".into(),
    };
    Study {
        kind: StudyKind::Only,
        study: "kvasir-road".into(),
        command: "fovea eval --run runs/a".into(),
        git_sha: "0123456789abcdef0123".into(),
        device: "cpu".into(),
        data: DataRef {
            name: "kvasir-seg".into(),
            split: "gaze".into(),
            sha256: "f".repeat(64),
            images: 2,
            gaze: None,
            uniform_truths: None,
        },
        selection: "validation".into(),
        rows: vec![row("all", &[&[0.8, 0.6], &[0.9, 0.0]]), row("other", &[&[0.5, 0.25]])],
    }
}

#[cfg(test)]
fn example_scores(seeds: &[&[f64]]) -> Scores {
    let mut scores = Scores::default();
    for dice in seeds {
        let seg = |dice: &f64| example_score(*dice);
        scores.push(&dice.iter().map(seg).collect::<Vec<_>>()).expect("there are images");
    }
    scores
}

#[cfg(test)]
pub(crate) fn example_score(dice: f64) -> Segmentation {
    Segmentation {
        dice,
        iou: dice / (2.0 - dice),
        hd95: 12.0,
        asd: 3.0,
        empty_prediction: dice == 0.0,
        empty_truth: false,
    }
}

#[cfg(test)]
mod tests;
