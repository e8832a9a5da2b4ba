//! From finished cells to one study.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use super::{
    cell::{Cell, CellResult, State},
    plan::Plan,
    published::Published,
};
use crate::{
    evaluate::{RowScores, Scored},
    report::{
        image_scores::{ImageScore, write_image_scores},
        kind::StudyKind,
        paired::{Pair, compare, write_pairs},
        results::{DataRef, Row, Study},
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
    /// Rows that were kept as they stood in the study's files, for want of as many cells here.
    pub(crate) kept: Vec<String>,
}

/// Merges every finished cell of the grid into `results`: `STUDY.json`, `.md`, `.csv`, `.svg`, `-images.csv` and
/// `-paired.csv`.
///
/// What stands in these files is not lost: rows that the grid does not know are kept, and so are
/// rows of the grid with the same settings and more seeds than are finished here (on another
/// machine, perhaps). A row with neither is left out. The versions of the program that kept rows
/// came from are named with those of the new ones.
///
/// # Errors
/// No finished cell, cells measured on different data, an older file that is of other data, or a
/// file that cannot be read or written.
pub(crate) fn merge(plan: &Plan, results: &Path, any_version: bool) -> Result<Merged> {
    let (mut finished, mut missing) = (Vec::new(), Vec::new());
    for cell in &plan.cells {
        match cell.state(any_version)? {
            State::Finished(result) => finished.push((cell, *result)),
            State::New => missing.push((cell, "not begun".to_owned())),
            State::Begun { step } => missing.push((cell, format!("begun, at step {step}"))),
            State::Changed(what) => missing.push((cell, format!("changed: {}", what.join("; ")))),
        }
    }
    let described = |(cell, how): &(&Cell, String)| format!("{}: {how}", cell.name());
    let Some((_, first)) = finished.first() else {
        let missing: Vec<String> = missing.iter().map(described).collect();
        bail!("no cell is finished, so there is nothing to merge:\n  {}", missing.join("\n  "));
    };
    let named = |ending: &str| results.join(format!("{}{ending}", plan.grid.study));
    let [path, image_file, pair_file] = [".json", "-images.csv", "-paired.csv"].map(named);
    let published = Published::read(&path, &image_file, &first.data)?;
    let mut study = Study {
        kind: StudyKind::Only,
        study: plan.grid.study.clone(),
        command: command_line(),
        git_sha: String::new(),
        device: String::new(),
        data: first.data.clone(),
        selection: "validation".into(),
        rows: Vec::new(),
    };
    let (mut images, mut kept) = (Vec::new(), Vec::new());
    for row in &plan.grid.rows {
        let of_row: Vec<_> = finished.iter().filter(|(cell, _)| cell.row == row.name).collect();
        let before = published.as_ref().and_then(|published| published.row_of(row, plan.backbone()));
        let (row, scores) = match before {
            Some(before) if before.0.seeds.len() > of_row.len() => {
                kept.push(before.0.name.clone());
                missing.retain(|(cell, _)| cell.row != row.name || !before.0.seeds.contains(&cell.config.seed));
                before
            }
            _ if of_row.is_empty() => continue,
            _ => merge_row(&of_row, &row.note, &study.data)?,
        };
        study.rows.push(row);
        images.push(scores);
    }
    for (row, scores) in published.iter().flat_map(|published| published.rows_beside(&plan.grid.rows)) {
        kept.push(row.name.clone());
        study.rows.push(row);
        images.push(scores);
    }
    let origin = published.as_ref().filter(|_| !kept.is_empty()).map(Published::origin);
    let [old_commits, old_devices] = origin.map_or([None, None], |both| both.map(Some));
    let commits = finished.iter().flat_map(|(_, result)| &result.identity.git_sha).map(String::as_str);
    study.git_sha = joined(commits.chain(old_commits.into_iter().flatten()));
    let devices = finished.iter().map(|(_, result)| result.device.as_str());
    study.device = joined(devices.chain(old_devices.into_iter().flatten()));

    let pairs = pair(plan, &mut study.rows, &images);
    let mut files: Vec<PathBuf> = study.write(&path)?.into();
    write_image_scores(&image_file, &images.concat())?;
    files.push(image_file);
    if !pairs.is_empty() {
        write_pairs(&pair_file, &pairs)?;
        files.push(pair_file);
    }
    Ok(Merged { study, files, missing: missing.iter().map(described).collect(), kept })
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
    let backbone_sha256 = first.identity.backbone_sha256.clone();
    Ok((Row { backbone_sha256, ..scores.row(&first.row, &first.config, seeds, note)? }, lines))
}

/// Compares every row with the reference row, if there is one. A row without scores of its images keeps what it says.
fn pair(plan: &Plan, rows: &mut [Row], images: &[Vec<ImageScore>]) -> Vec<Pair> {
    let reference = plan.grid.reference.as_ref().and_then(|name| rows.iter().position(|row| row.name == *name));
    let Some(reference) = reference else { return Vec::new() };
    let mut pairs = Vec::new();
    for (index, row) in rows.iter_mut().enumerate().filter(|(index, _)| *index != reference) {
        let (found, of_row) = compare(&images[index], &images[reference]);
        if !images[index].is_empty() {
            row.paired = found;
        }
        pairs.extend(of_row);
    }
    pairs
}

/// The different ones, in order.
fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = texts.collect();
    all.sort_unstable();
    all.dedup();
    all.join(", ")
}
