//! What the study's files say already: rows whose cells are not at hand here keep their place, with
//! the scores of their images.

use std::path::Path;

use anyhow::Result;

use super::{cell::same_settings, grid::GridRow};
use crate::report::{
    image_scores::{ImageScore, read_image_scores},
    results::{DataRef, Row, Study},
};

/// A study as it was merged before.
pub(super) struct Published {
    study: Study,
    scores: Vec<ImageScore>,
}

impl Published {
    /// Reads `STUDY.json` and `STUDY-images.csv`; `None` where there is no such study yet.
    ///
    /// # Errors
    /// A study of other data, or a file that is there and cannot be read.
    pub(super) fn read(study: &Path, scores: &Path, data: &DataRef) -> Result<Option<Self>> {
        if !study.exists() {
            return Ok(None);
        }
        let study = Study::read(study)?;
        study.ensure_measured_on(data)?;
        let scores = if scores.exists() { read_image_scores(scores)? } else { Vec::new() };
        Ok(Some(Self { study, scores }))
    }

    /// The row of a grid, if it was trained with the same settings on the same backbone; with the grid's note.
    pub(super) fn row_of(&self, wanted: &GridRow, backbone: Option<&str>) -> Option<(Row, Vec<ImageScore>)> {
        let row = self.study.rows.iter().find(|row| row.name == wanted.name)?;
        let same = row.backbone_sha256.as_deref() == backbone && same_settings(&row.config, &wanted.config);
        same.then(|| {
            let (row, scores) = self.with_scores(row);
            (Row { note: wanted.note.clone(), ..row }, scores)
        })
    }

    /// The rows that a grid does not know.
    pub(super) fn rows_beside(&self, grid: &[GridRow]) -> impl Iterator<Item = (Row, Vec<ImageScore>)> {
        let strange = |row: &&Row| grid.iter().all(|of_grid| of_grid.name != row.name);
        self.study.rows.iter().filter(strange).map(|row| self.with_scores(row))
    }

    /// The commits and the devices that it names.
    pub(super) fn origin(&self) -> [impl Iterator<Item = &str>; 2] {
        [&self.study.git_sha, &self.study.device].map(|names| names.split(", "))
    }

    fn with_scores(&self, row: &Row) -> (Row, Vec<ImageScore>) {
        (row.clone(), self.scores.iter().filter(|score| score.row == row.name).cloned().collect())
    }
}
