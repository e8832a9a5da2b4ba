//! What `fovea eval --explain` found: how well a word's attention map fits mask and gaze, and
//! whether the teacher listens to its text at all.
//!
//! ```text
//! PhraseRow (image, phrase)         ──► <stem>-phrases.csv ──────┐
//! FaithfulnessRow (image, teacher)  ──► <stem>-faithfulness.csv ─┴──► Summary ──► <stem>.json, <stem>.svg, verdict
//! ```
//!
//! The summary is computed from what the CSV files hold, so anyone can compute it again.

mod error;
mod figure;
mod summary;
mod table;
mod text_use;
mod verdict;

pub use error::{ExplanationError, RowsError};
pub use summary::{Change, Faithfulness, FieldSummary, RowSummary, Spread, Summary};
pub use text_use::{MASK_CHANGE, MIN_IMAGES, RULE, TextUse};
pub use verdict::verdict;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::measure::explanation::Explanation;
use serde::{Deserialize, Serialize};

use super::{
    ReportError,
    files::{is_there, json_of, make_folder_of},
    results::DataRef,
};
use crate::run::write_atomic;

/// The name of the summary over all fields: an image's phrases are averaged first, so that every image counts once.
pub const ALL_FIELDS: &str = "all";

/// The scores of one phrase on one image.
#[derive(Clone, Debug, PartialEq)]
pub struct PhraseRow {
    /// The row's name, like "text-measured".
    pub row: String,
    /// The training's seed.
    pub seed: u64,
    /// The image's id.
    pub id: String,
    /// The phrase's field, like "colour".
    pub field: String,
    /// Its word, like "red".
    pub word: String,
    /// The scores of its attention map.
    pub scores: Explanation,
}

/// What changing the text did to the teacher's mask on one image.
///
/// A text without a location, or with the location `centre`, is its own mirror image: leave its image out of a study of
/// mirrored text, or say in the note that it is counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaithfulnessRow {
    /// The row's name.
    pub row: String,
    /// The training's seed.
    pub seed: u64,
    /// The image's id.
    pub id: String,
    /// Whether the teacher was also prompted with the image's gaze.
    pub with_gaze: bool,
    /// Dice with the true mask, under the image's own text.
    pub dice: f64,
    /// The same without any text.
    pub dice_empty: f64,
    /// The same under another image's text.
    pub dice_shuffled: f64,
    /// The same under the text with its location mirrored.
    pub dice_flipped: f64,
    /// 1 - Dice between the masks under its own and under no text: how far the text moves the mask, truth aside.
    pub change_empty: f64,
    /// The same for another image's text.
    pub change_shuffled: f64,
    /// The same for the mirrored location.
    pub change_flipped: f64,
}

/// Where the rows of one call of [`write()`] come from.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// The study's name.
    pub study: String,
    /// The command that measured.
    pub command: String,
    /// The program's commit.
    pub git_sha: String,
    /// What was measured on.
    pub data: DataRef,
    /// Who said the words: "measured", `vlm:<model>`, "clinician".
    pub text_source: String,
    /// What a reader must know.
    pub note: String,
}

/// Writes `<stem>-phrases.csv`, `<stem>-faithfulness.csv`, `<stem>.json` and `<stem>.svg` beside
/// each other, `out` being the path of any of the last two, and returns the four paths in this
/// order.
///
/// Rows of an older report at that place are kept when none of the new rows has their name.
///
/// # Errors
/// No rows; a number that is not finite; an image measured twice; an older file that is not such a
/// report or was measured on other data; a file that cannot be written.
pub fn write(
    out: &Path,
    phrases: &[PhraseRow],
    faithfulness: &[FaithfulnessRow],
    about: &About,
) -> Result<Vec<PathBuf>, ReportError> {
    check(phrases, faithfulness)?;
    let [phrase_file, faithfulness_file, json, svg] = files(out)?;
    let named: BTreeSet<&str> =
        phrases.iter().map(|p| p.row.as_str()).chain(faithfulness.iter().map(|f| f.row.as_str())).collect();
    let (mut sources, mut all_phrases, mut all_faithfulness) = (Vec::new(), Vec::new(), Vec::new());
    if is_there(&json)? {
        let old = Summary::read(&json)?;
        same_data(&old, about)?;
        let kept = |row: &str| !named.contains(row);
        all_phrases = table::read_phrases(&phrase_file)?.into_iter().filter(|p| kept(&p.row)).collect();
        all_faithfulness = table::read_faithfulness(&faithfulness_file)?.into_iter().filter(|f| kept(&f.row)).collect();
        sources = old.rows.into_iter().filter(|r| kept(&r.name)).map(RowSummary::emptied).collect();
    }
    sources.extend(named.into_iter().map(|name| RowSummary::of(name, about)));
    all_phrases.extend(phrases.iter().map(table::rounded_phrase));
    all_faithfulness.extend(faithfulness.iter().map(table::rounded_faithfulness));
    let summary = Summary::of(about, sources, &all_phrases, &all_faithfulness);

    make_folder_of(&json)?;
    write_atomic(&phrase_file, &table::phrases(&all_phrases)?)?;
    write_atomic(&faithfulness_file, &table::faithfulness(&all_faithfulness)?)?;
    write_atomic(&json, json_of(&summary)?.as_bytes())?;
    write_atomic(&svg, figure::figure(&summary).as_bytes())?;
    Ok(vec![phrase_file, faithfulness_file, json, svg])
}

/// The paths of a report: the two tables, the summary and the figure.
fn files(out: &Path) -> Result<[PathBuf; 4], ExplanationError> {
    let stem = out.file_stem().ok_or_else(|| ExplanationError::Nameless(out.to_path_buf()))?;
    let name = |ending: &str| {
        let mut name = stem.to_os_string();
        name.push(ending);
        out.with_file_name(name)
    };
    Ok(["-phrases.csv", "-faithfulness.csv", ".json", ".svg"].map(name))
}

/// Refuses what no mean may be taken of.
fn check(phrases: &[PhraseRow], faithfulness: &[FaithfulnessRow]) -> Result<(), ExplanationError> {
    if phrases.is_empty() && faithfulness.is_empty() {
        return Err(ExplanationError::Nothing);
    }
    let mut seen = BTreeSet::new();
    for p in phrases {
        let (id, field) = (p.id.clone(), p.field.clone());
        if field == ALL_FIELDS {
            return Err(ExplanationError::AllFields { id });
        }
        if !seen.insert((&p.row, p.seed, &p.id, &p.field)) {
            return Err(ExplanationError::ScoredTwice { id, field, row: p.row.clone(), seed: p.seed });
        }
        if !table::scores(&p.scores).into_iter().flatten().all(f64::is_finite) {
            return Err(ExplanationError::Score { id, field });
        }
    }
    let mut seen = BTreeSet::new();
    for f in faithfulness {
        let id = f.id.clone();
        if !seen.insert((&f.row, f.seed, &f.id, f.with_gaze)) {
            return Err(ExplanationError::MeasuredTwice { id, row: f.row.clone(), seed: f.seed });
        }
        if !table::measures(f).iter().all(|v| v.is_finite()) {
            return Err(ExplanationError::Dice { id });
        }
    }
    Ok(())
}

/// Refuses to put rows that were measured on different data into one table.
fn same_data(old: &Summary, about: &About) -> Result<(), ReportError> {
    if old.data == about.data {
        return Ok(());
    }
    let (then, now) = (old.data.briefly(), about.data.briefly());
    Err(ReportError::OtherData { what: "report", name: old.study.clone(), then, now })
}

#[cfg(test)]
mod tests;
