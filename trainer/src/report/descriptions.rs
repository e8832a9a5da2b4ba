//! `results/descriptions-*.json`: how far sources of descriptions agree, and the numbers behind measured words.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use fovea_shared::description::{Description, Field, Modality, NOT_ASSESSABLE, measured::Measurements};
use serde::{Deserialize, Serialize};

use super::{
    ReportError,
    files::{finished, json_of, make_folder_of},
    kind::DescriptionsKind,
};
use crate::{describe::agreement::Agreement, run::write_atomic};

/// What `fovea agree` found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescriptionStudy {
    /// Always `descriptions`.
    #[serde(default)]
    pub kind: DescriptionsKind,
    /// Its name, which is also the file's.
    pub study: String,
    /// The command that wrote it.
    pub command: String,
    /// The program's commit.
    pub git_sha: String,
    /// The device that computed.
    pub device: String,
    /// What the images show.
    pub modality: Modality,
    /// Version of the thresholds behind measured words.
    pub thresholds: String,
    /// What was measured on.
    pub data: DataAbout,
    /// Number of descriptions of each source.
    pub descriptions: BTreeMap<String, usize>,
    /// What a reader must know.
    pub caveats: Vec<String>,
    /// The comparisons.
    pub pairs: Vec<Agreement>,
}

/// The images of a study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataAbout {
    /// Name of the data set.
    pub name: String,
    /// Number of images.
    pub images: usize,
    /// SHA-256 over ids, images and gaze; none for images that are drawn from a seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Seed of drawn images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phantom_seed: Option<u64>,
}

impl DescriptionStudy {
    /// The comparisons as Markdown tables.
    pub fn tables(&self) -> String {
        self.pairs.iter().map(|pair| pair.markdown() + "\n").collect()
    }

    /// The study as a Markdown page.
    pub fn markdown(&self) -> String {
        let from = match (&self.data.sha256, self.data.phantom_seed) {
            (Some(sha256), _) => format!(", data {sha256:.12}"),
            (None, Some(seed)) => format!(", drawn from seed {seed}"),
            (None, None) => String::new(),
        };
        let caveats: String = self.caveats.iter().map(|c| format!("- {c}\n")).collect();
        format!(
            "# {}\n\n{}, {} images{from}. Thresholds: {}. Device: {}. Commit: {:.12}.\n\
             Written by `{}`; the figures are those of the JSON file beside this one.\n\n{caveats}\n\
             Shares are over the images where both say something; majority is what the second's most frequent word \
             alone would reach.\n\n{}",
            self.study,
            self.data.name,
            self.data.images,
            self.thresholds,
            self.device,
            self.git_sha,
            self.command,
            self.tables().trim_end().to_string() + "\n"
        )
    }

    /// Writes `path` and the Markdown page beside it (`.md`), each in one step. Returns both paths.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub fn write(&self, path: &Path) -> Result<[PathBuf; 2], ReportError> {
        make_folder_of(path)?;
        let page = path.with_extension("md");
        write_atomic(path, json_of(self)?.as_bytes())?;
        write_atomic(&page, self.markdown().as_bytes())?;
        Ok([path.to_path_buf(), page])
    }
}

/// A description and the numbers behind it.
#[derive(Clone, Debug)]
pub struct NumbersRow {
    /// The image's id.
    pub id: String,
    /// What it is of: `gaze` or `true` for the mask that was measured in, `drawn`.
    pub of: &'static str,
    /// The numbers, where something was measured.
    pub numbers: Option<Measurements>,
    /// The words.
    pub words: Description,
}

/// Writes one line a row: id, what it is of, the numbers, the words, the confidence.
///
/// # Errors
/// A file that cannot be written.
pub fn write_numbers(path: &Path, modality: Modality, rows: &[NumbersRow]) -> Result<(), ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let numbers = match rows.iter().find_map(|row| row.numbers.as_ref()) {
        Some(first) => columns(first)?.into_iter().map(|(name, _)| name).collect(),
        None => Vec::new(),
    };
    let words = modality.fields().iter().map(|f| format!("word_{}", f.name())).chain(["confidence".into()]);
    writer.write_record(["id".into(), "of".into()].into_iter().chain(numbers.iter().cloned()).chain(words))?;
    for row in rows {
        let values = match &row.numbers {
            Some(numbers) => columns(numbers)?.into_iter().map(|(_, value)| value).collect(),
            None => vec![String::new(); numbers.len()],
        };
        let word = |f: &Field| row.words.get(*f).map_or(NOT_ASSESSABLE, |w| w.name).to_string();
        let words = modality.fields().iter().map(word).chain([format!("{:.3}", row.words.confidence)]);
        writer.write_record([row.id.clone(), row.of.into()].into_iter().chain(values).chain(words))?;
    }
    Ok(write_atomic(path, &finished(writer, "the CSV of numbers")?)?)
}

/// The numbers by name, lists spread over numbered columns.
fn columns(numbers: &Measurements) -> Result<Vec<(String, String)>, ReportError> {
    let value = serde_json::to_value(numbers).map_err(ReportError::Json)?;
    let serde_json::Value::Object(object) = value else { return Ok(Vec::new()) };
    let mut columns = Vec::new();
    for (name, value) in object {
        match value {
            serde_json::Value::Array(list) => {
                columns.extend(list.iter().enumerate().map(|(i, v)| (format!("{name}_{i}"), v.to_string())));
            }
            // The only list that can be missing is a colour.
            serde_json::Value::Null if name == "surroundings" => {
                columns.extend((0..3).map(|i| (format!("{name}_{i}"), String::new())));
            }
            serde_json::Value::Null => columns.push((name, String::new())),
            other => columns.push((name, other.to_string())),
        }
    }
    Ok(columns)
}
