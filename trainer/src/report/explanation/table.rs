//! The two tables as CSV: what every figure of a report is computed from.

use std::{fs, path::Path};

use crate::measure::explanation::Explanation;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    FaithfulnessRow, PhraseRow,
    error::{ExplanationError, RowsError},
};
use crate::report::{ReportError, files::finished};

/// A line of the table of phrases. A score that could not be given is empty.
#[derive(Serialize, Deserialize)]
struct PhraseLine {
    row: String,
    seed: u64,
    id: String,
    field: String,
    word: String,
    pointing: Option<f64>,
    energy: Option<f64>,
    energy_chance: Option<f64>,
    cnr: Option<f64>,
    nss: Option<f64>,
    cc: Option<f64>,
    auc_judd: Option<f64>,
}

const PHRASE_HEADER: [&str; 12] =
    ["row", "seed", "id", "field", "word", "pointing", "energy", "energy_chance", "cnr", "nss", "cc", "auc_judd"];

const FAITHFULNESS_HEADER: [&str; 11] = [
    "row",
    "seed",
    "id",
    "with_gaze",
    "dice",
    "dice_empty",
    "dice_shuffled",
    "dice_flipped",
    "change_empty",
    "change_shuffled",
    "change_flipped",
];

/// The table of phrases.
pub(super) fn phrases(rows: &[PhraseRow]) -> Result<Vec<u8>, ReportError> {
    let line = |p: &PhraseRow| {
        let Explanation { pointing, energy, energy_chance, cnr, nss, cc, auc_judd } = p.scores;
        let (row, id, field, word) = (p.row.clone(), p.id.clone(), p.field.clone(), p.word.clone());
        PhraseLine { row, seed: p.seed, id, field, word, pointing, energy, energy_chance, cnr, nss, cc, auc_judd }
    };
    csv_of(&PHRASE_HEADER, rows.iter().map(line))
}

/// The table of faithfulness.
pub(super) fn faithfulness(rows: &[FaithfulnessRow]) -> Result<Vec<u8>, ReportError> {
    csv_of(&FAITHFULNESS_HEADER, rows.iter())
}

/// Reads the table of phrases.
///
/// # Errors
/// A file that is missing or is not such a table.
pub(super) fn read_phrases(path: &Path) -> Result<Vec<PhraseRow>, ExplanationError> {
    let row = |l: PhraseLine| {
        let PhraseLine { row, seed, id, field, word, pointing, energy, energy_chance, cnr, nss, cc, auc_judd } = l;
        let scores = Explanation { pointing, energy, energy_chance, cnr, nss, cc, auc_judd };
        PhraseRow { row, seed, id, field, word, scores }
    };
    Ok(read(path)?.into_iter().map(row).collect())
}

/// Reads the table of faithfulness.
///
/// # Errors
/// A file that is missing or is not such a table.
pub(super) fn read_faithfulness(path: &Path) -> Result<Vec<FaithfulnessRow>, ExplanationError> {
    read(path)
}

/// The header is written by hand, so that a table without lines has one too.
fn csv_of<T: Serialize>(header: &[&str], lines: impl Iterator<Item = T>) -> Result<Vec<u8>, ReportError> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(header)?;
    for line in lines {
        writer.serialize(line)?;
    }
    finished(writer, "a table of explanations")
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, ExplanationError> {
    let parse = || -> Result<Vec<T>, RowsError> {
        let bytes = fs::read(path)?;
        Ok(csv::Reader::from_reader(bytes.as_slice()).deserialize().collect::<Result<_, _>>()?)
    };
    parse().map_err(|source| ExplanationError::OldRows { path: path.to_path_buf(), source })
}

/// The seven scores, in the order of the table.
pub(super) fn scores(e: &Explanation) -> [Option<f64>; 7] {
    [e.pointing, e.energy, e.energy_chance, e.cnr, e.nss, e.cc, e.auc_judd]
}

/// The seven numbers of a row of faithfulness, in the order of the table.
pub(super) fn measures(f: &FaithfulnessRow) -> [f64; 7] {
    [f.dice, f.dice_empty, f.dice_shuffled, f.dice_flipped, f.change_empty, f.change_shuffled, f.change_flipped]
}

/// Six decimals: what the tables hold.
pub(super) fn round(value: f64) -> f64 {
    // Adding zero turns -0 into 0.
    (value * 1e6).round() / 1e6 + 0.0
}

/// The row as the table holds it.
pub(super) fn rounded_phrase(p: &PhraseRow) -> PhraseRow {
    let [pointing, energy, energy_chance, cnr, nss, cc, auc_judd] = scores(&p.scores).map(|s| s.map(round));
    PhraseRow { scores: Explanation { pointing, energy, energy_chance, cnr, nss, cc, auc_judd }, ..p.clone() }
}

/// The row as the table holds it.
pub(super) fn rounded_faithfulness(f: &FaithfulnessRow) -> FaithfulnessRow {
    let [dice, dice_empty, dice_shuffled, dice_flipped, change_empty, change_shuffled, change_flipped] =
        measures(f).map(round);
    FaithfulnessRow {
        dice,
        dice_empty,
        dice_shuffled,
        dice_flipped,
        change_empty,
        change_shuffled,
        change_flipped,
        ..f.clone()
    }
}
