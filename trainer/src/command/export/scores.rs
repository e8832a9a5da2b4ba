//! Test Dice out of a study.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use fovea_shared::bundle::{Score, StudentVariant};

use crate::report::results::{Row, Scores, Study};

/// A study whose scores are quoted.
pub(super) struct Quoted {
    study: Study,
    file: String,
}

impl Quoted {
    /// Reads `results/<study>.json`.
    ///
    /// # Errors
    /// A file that cannot be read or is no study.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let file = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| format!("the study {file} cannot be read"))?;
        let study = serde_json::from_str(&text)
            .with_context(|| format!("{file} is not a study of `fovea eval` or `fovea ablate`"))?;
        Ok(Self { study, file })
    }

    /// A row.
    ///
    /// # Errors
    /// There is none of that name.
    pub(super) fn row(&self, name: &str) -> Result<&Row> {
        let found = self.study.rows.iter().find(|row| row.name == name);
        found.with_context(|| format!("{} has no row `{name}`", self.file))
    }

    /// Gives every student the score of the row that is called like it.
    ///
    /// # Errors
    /// No row is.
    pub(super) fn chart(&self, students: &mut [StudentVariant]) -> Result<()> {
        for student in students.iter_mut() {
            student.ablation = self.row(&student.name).ok().and_then(|row| self.score(row.student.as_ref()));
        }
        ensure!(
            students.iter().any(|student| student.ablation.is_some()),
            "{} has no row that is named like a student of the page: gaze-baseline, +afc, +cwc, +darm, ... all",
            self.file
        );
        Ok(())
    }

    /// Mean and standard deviation of the Dice over seeds.
    pub(super) fn score(&self, scores: Option<&Scores>) -> Option<Score> {
        let dice = &scores?.dice;
        let mean = dice.iter().sum::<f64>() / dice.len().max(1) as f64;
        let variance = dice.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (dice.len().max(2) - 1) as f64;
        let on = format!("{}, split {}, test images", self.study.data.name, self.study.data.split);
        (!dice.is_empty()).then(|| Score { mean, sd: variance.sqrt(), seeds: dice.len(), on })
    }
}
