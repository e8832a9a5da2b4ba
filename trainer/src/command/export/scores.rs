//! Test Dice out of a study.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use fovea_shared::bundle::{Score, StudentKind, StudentVariant, Told};

use crate::{
    per_model::ModelKind,
    report::{
        image_scores::{ImageScore, mean_interval, read_image_scores},
        results::{Row, Scores, Study, mean_and_sd},
    },
};

/// A study whose scores are quoted.
pub(super) struct Quoted {
    study: Study,
    /// The scores of its images, where they lie beside it.
    images: Vec<ImageScore>,
    file: String,
}

impl Quoted {
    /// Reads `results/<study>.json`.
    ///
    /// # Errors
    /// A file that cannot be read or is not a study.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let file = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| format!("the study {file} cannot be read"))?;
        let study = serde_json::from_str(&text)
            .with_context(|| format!("{file} is not a study of `fovea eval` or `fovea ablate`"))?;
        let images = path.with_file_name(format!("{}-images.csv", path.file_stem().unwrap_or_default().display()));
        let images = if fs::exists(&images)? { read_image_scores(&images)? } else { Vec::new() };
        Ok(Self { study, images, file })
    }

    /// A row.
    ///
    /// # Errors
    /// There is none of that name.
    pub(super) fn row(&self, name: &str) -> Result<&Row> {
        let found = self.study.rows.iter().find(|row| row.name == name);
        found.with_context(|| format!("{} has no row `{name}`", self.file))
    }

    /// Gives every student the score of the row that is called like it. Studies from before
    /// students were told different things call those on the refined masks by their strategies
    /// alone (`gaze-baseline`, `+afc`, ... `all`).
    ///
    /// # Errors
    /// No row is.
    pub(super) fn chart(&self, students: &mut [StudentVariant]) -> Result<()> {
        for student in students.iter_mut() {
            let alone = (student.kind == StudentKind::new(Told::Refined, student.kind.strategies))
                .then(|| student.kind.strategies.row_name());
            let names = [Some(student.name.clone()), alone];
            let row = names.into_iter().flatten().find_map(|name| self.row(&name).ok());
            student.ablation = row.and_then(|row| self.score(row, ModelKind::Student));
        }
        ensure!(
            students.iter().any(|student| student.ablation.is_some()),
            "{} has no row that is named like a student of the page: {}",
            self.file,
            students.iter().map(|student| student.name.as_str()).collect::<Vec<_>>().join(", ")
        );
        Ok(())
    }

    /// Mean and standard deviation of a model's Dice over seeds, with the interval over images
    /// where the images' scores are known.
    pub(super) fn score(&self, row: &Row, model: ModelKind) -> Option<Score> {
        let Scores { dice, dice_interval, .. } = row.scores.get(model)?;
        let (mean, sd) = mean_and_sd(dice);
        let mean = mean?;
        let of_images = mean_interval(&self.images, &row.name, model.name(), &row.seeds, mean);
        // Of one seed the study itself says it.
        let interval = of_images.or(dice_interval.first().copied().filter(|_| dice.len() == 1));
        let on = format!("{}, split {}, test images", self.study.data.name, self.study.data.split);
        Some(Score { mean, sd: sd.unwrap_or(0.0), seeds: dice.len(), interval, on })
    }
}
