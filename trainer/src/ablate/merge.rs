//! From finished cells to one study.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use super::{
    cell::{Cell, CellResult, State},
    plan::Plan,
};
use crate::{
    evaluate::{RowScores, Scored},
    report::{
        paired::{compare, write_pairs},
        results::{DataRef, ImageScore, Row, Study, write_image_scores},
    },
    version::command_line,
};

/// What was merged.
pub(crate) struct Merged {
    /// The study.
    pub(crate) study: Study,
    /// The files that were written.
    pub(crate) files: Vec<PathBuf>,
    /// Cells without a result that could be taken.
    pub(crate) missing: Vec<String>,
    /// Rows of the file that the grid does not know: they were kept.
    pub(crate) kept: Vec<String>,
}

/// Merges every finished cell of the grid into `results`: `STUDY.json`, `.md`, `.csv`, `.svg`, `-images.csv` and
/// `-paired.csv`. A row with no finished cell is left out. Rows of an older file there that the grid does not know are kept.
///
/// # Errors
/// No finished cell, cells measured on different data, an older file that is of other data, or a file that cannot be written.
pub(crate) fn merge(plan: &Plan, results: &Path, any_version: bool) -> Result<Merged> {
    let (mut finished, mut missing) = (Vec::new(), Vec::new());
    for cell in &plan.cells {
        match cell.state(any_version)? {
            State::Finished(result) => finished.push((cell, *result)),
            State::New => missing.push(format!("{}: not begun", cell.name())),
            State::Begun { step } => missing.push(format!("{}: begun, at step {step}", cell.name())),
            State::Changed(what) => missing.push(format!("{}: changed: {}", cell.name(), what.join("; "))),
        }
    }
    let Some((_, first)) = finished.first() else {
        bail!("no cell is finished, so there is nothing to merge:\n  {}", missing.join("\n  "));
    };
    let data = first.data.clone();
    let mut study = Study {
        study: plan.grid.study.clone(),
        command: command_line(),
        git_sha: joined(finished.iter().flat_map(|(_, result)| &result.identity.git_sha)),
        device: joined(finished.iter().map(|(_, result)| &result.device)),
        data,
        selection: "validation".into(),
        rows: Vec::new(),
    };
    let mut images = Vec::new();
    for row in &plan.grid.rows {
        let of_row: Vec<_> = finished.iter().filter(|(cell, _)| cell.row == row.name).collect();
        if !of_row.is_empty() {
            let (row, scores) = merge_row(&of_row, &row.note, &study.data)?;
            study.rows.push(row);
            images.push(scores);
        }
    }
    let pairs = pair(plan, &mut study.rows, &images);
    let path = results.join(format!("{}.json", study.study));
    let mut kept = Vec::new();
    if path.exists() {
        let mut old = Study::read(&path)?;
        old.rows.retain(|row| plan.grid.rows.iter().all(|of_grid| of_grid.name != row.name));
        kept = old.rows.iter().map(|row| row.name.clone()).collect();
        let own = std::mem::take(&mut study.rows);
        study.keep_rows_of(old)?;
        // The grid's rows come first, in the grid's order.
        study.rows = own.into_iter().chain(std::mem::take(&mut study.rows)).collect();
    }
    let mut files: Vec<PathBuf> = study.write(&path)?.into();
    let named = |ending: &str| results.join(format!("{}{ending}", study.study));
    let [image_scores, paired] = ["-images.csv", "-paired.csv"].map(named);
    write_image_scores(&image_scores, &images.concat())?;
    files.push(image_scores);
    if !pairs.is_empty() {
        write_pairs(&paired, &pairs)?;
        files.push(paired);
    }
    Ok(Merged { study, files, missing, kept })
}

/// One row from its cells.
fn merge_row(cells: &[&(&Cell, CellResult)], note: &str, data: &DataRef) -> Result<(Row, Vec<ImageScore>)> {
    let mut scores = RowScores::default();
    let (mut lines, mut seeds) = (Vec::new(), Vec::new());
    let Some((first, _)) = cells.first() else { bail!("a row without cells") };
    for (cell, result) in cells {
        ensure!(
            result.data == *data,
            "{} was measured on other images than the others ({} of {}, split {}, {:.12})",
            cell.name(),
            result.data.images,
            result.data.name,
            result.data.split,
            result.data.sha256
        );
        let scored: Vec<Scored> = result.images.iter().map(|image| image.scores).collect();
        scores.push(&scored)?;
        seeds.push(result.seed);
        for image in &result.images {
            lines.extend(image.scores.lines(&cell.row, result.seed, &image.id));
        }
    }
    Ok((scores.row(&first.row, &first.config, seeds, note)?, lines))
}

/// Compares every row with the reference row, if there is one.
fn pair(plan: &Plan, rows: &mut [Row], images: &[Vec<ImageScore>]) -> Vec<crate::report::paired::Pair> {
    let reference = plan.grid.reference.as_ref().and_then(|name| rows.iter().position(|row| row.name == *name));
    let Some(reference) = reference else { return Vec::new() };
    let mut pairs = Vec::new();
    for (index, row) in rows.iter_mut().enumerate().filter(|(index, _)| *index != reference) {
        let (found, of_row) = compare(&images[index], &images[reference]);
        row.paired = found;
        pairs.extend(of_row);
    }
    pairs
}

/// The different ones, in order.
fn joined<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    let mut all: Vec<&str> = texts.map(String::as_str).collect();
    all.sort_unstable();
    all.dedup();
    all.join(", ")
}
