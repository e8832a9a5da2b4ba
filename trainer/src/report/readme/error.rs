//! Why tables in a Markdown file cannot be written.

use std::path::PathBuf;

use super::{BEGIN, END};

/// Why the tables of a Markdown file cannot be written again. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadmeError {
    /// An end without a beginning.
    #[error("line {line}: `{END}` ends nothing")]
    EndsNothing {
        /// The line.
        line: usize,
    },
    /// A table that begins before the one above it has ended.
    #[error("line {line}: a table begins within another; end the first with `{END}`")]
    Within {
        /// The line.
        line: usize,
    },
    /// A table without an end.
    #[error("line {line}: the table `{name}` has no end: put `{END}` below it")]
    NoEnd {
        /// The line where it begins.
        line: usize,
        /// The result that it is of.
        name: String,
    },
    /// A file without a table.
    #[error("there is no table to write: mark one with `{BEGIN}NAME -->` and `{END}`")]
    NoTable,
    /// A marker that cannot be followed.
    #[error("line {line}")]
    Marker {
        /// The line.
        line: usize,
        /// Why.
        source: MarkerError,
    },
}

/// Why a marker cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MarkerError {
    /// No name of a result.
    #[error("`{0}` names no result")]
    NoName(String),
    /// A word that means nothing.
    #[error("`{0}` is not understood: models=..., rows=... and any-version are")]
    Word(String),
    /// A result that could not be read.
    #[error("{file} {why}")]
    Broken {
        /// The file.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// A result that is not there.
    #[error("{} has no {name}.json", folder.display())]
    Missing {
        /// The folder of results.
        folder: PathBuf,
        /// The result.
        name: String,
    },
    /// A result that nobody can make again.
    #[error(
        "{name}.json was written by a changed checkout (commit {commit}), so nobody can make it again: measure again \
         from a commit, or say `any-version` behind the name"
    )]
    Dirty {
        /// The result.
        name: String,
        /// The commit that it names.
        commit: String,
    },
    /// Models or rows of measurements, which have none.
    #[error("measurements have no models and rows to choose")]
    NothingToChoose,
    /// A result without a table.
    #[error("{name}.json holds neither scores nor measurements: there is no table of it")]
    NoTable {
        /// The result.
        name: String,
    },
    /// Models of a result that has none.
    #[error("{study} has no models to choose")]
    NoModels {
        /// The result.
        study: String,
    },
    /// A part that was not measured.
    #[error("{study} has no part `{part}`")]
    NoPart {
        /// The result.
        study: String,
        /// The part.
        part: String,
    },
    /// A row that is not there.
    #[error("{study} has no row `{row}`")]
    NoRow {
        /// The study.
        study: String,
        /// The row.
        row: String,
    },
    /// A model that was not scored.
    #[error("{study} has no scores of a model `{model}` (student, teacher, teacher_with_gaze)")]
    NoScores {
        /// The study.
        study: String,
        /// The model.
        model: String,
    },
}
