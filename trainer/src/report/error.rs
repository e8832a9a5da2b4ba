//! Why results cannot be read, put together or written.

use std::{io, path::PathBuf};

use super::{explanation::ExplanationError, interact::InteractError};
use crate::data::durable::WriteError;

/// Why results cannot be read, put together or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A folder of results that cannot be listed.
    #[error("the folder {} cannot be read", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A folder without results.
    #[error(
        "{} holds no results (no .json file): name the folder that `fovea ablate` or `fovea eval` wrote to",
        .0.display()
    )]
    NoResults(PathBuf),
    /// A folder that cannot be made.
    #[error("the folder {} cannot be made", path.display())]
    MakeFolder {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file that cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A study or another result that cannot be read.
    #[error("the {what} {} cannot be read", path.display())]
    ReadResult {
        /// What it should be.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file of another shape.
    #[error("{} {not}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// What it is not, and what to do.
        not: &'static str,
        /// Where it differs.
        source: serde_json::Error,
    },
    /// A result whose content is not that of its kind.
    #[error("{}: is not what its `kind` says", path.display())]
    Kind {
        /// The file.
        path: PathBuf,
        /// Where it differs.
        source: serde_json::Error,
    },
    /// A file that cannot be written.
    #[error("{} cannot be written", path.display())]
    WriteFile {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file that somebody relies on and that cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A result that cannot be written as JSON.
    #[error(transparent)]
    Json(serde_json::Error),
    /// A line that cannot be written as CSV.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// A table that cannot be finished.
    #[error("{what} cannot be finished")]
    Unfinished {
        /// The table.
        what: &'static str,
        /// Why.
        source: io::Error,
    },

    /// A table that cannot be opened.
    #[error("{} cannot be read", path.display())]
    OpenTable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: csv::Error,
    },
    /// A line of a table that is of another shape.
    #[error("{}, line {line}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: csv::Error,
    },
    /// A line of a table about a model that no study has.
    #[error("{}, line {line}: `{model}` is none of {}", path.display(), known.join(", "))]
    UnknownModel {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What stands there.
        model: String,
        /// The models of studies.
        known: Vec<&'static str>,
    },

    /// Scores of no image.
    #[error("no image was scored: is the test list empty, or are its masks missing or empty?")]
    NothingScored,
    /// A study with a figure that is not a number.
    #[error("a figure of the study is not finite, so it was not written")]
    NotFinite {
        /// Where it is.
        source: serde_json::Error,
    },
    /// A row whose configuration is not the one that it was measured with.
    #[error(
        "{}: the configuration of the row `{row}` was edited after the row was measured: its hash is another",
        path.display()
    )]
    Edited {
        /// The study.
        path: PathBuf,
        /// The row.
        row: String,
    },
    /// Rows that were measured on other data than those that they should stand beside.
    #[error("the {what} `{name}` was measured on other data ({then}; now {now}): write to another file")]
    OtherData {
        /// What has the rows: a study or a report.
        what: &'static str,
        /// Its name.
        name: String,
        /// What its rows were measured on: data set, split, SHA-256.
        then: String,
        /// The same of the new rows.
        now: String,
    },
    /// A file of measurements without a row that another program is to be compared with.
    #[error("{} has no row `{row}`: measure it first", path.display())]
    NoRow {
        /// The file.
        path: PathBuf,
        /// The row.
        row: String,
    },
    /// An explained evaluation.
    #[error(transparent)]
    Explanation(#[from] ExplanationError),
    /// Whether answers follow looks and words.
    #[error(transparent)]
    Interact(#[from] InteractError),
}
