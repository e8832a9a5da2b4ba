//! Why an explained evaluation cannot be written.

use std::{io, path::PathBuf};

use super::ALL_FIELDS;

/// Why an explained evaluation cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExplanationError {
    /// No rows.
    #[error("nothing was explained: does the run's teacher read text, and do its test images have descriptions?")]
    Nothing,
    /// A path without a file name.
    #[error("{} has no file name: name a file", .0.display())]
    Nameless(PathBuf),
    /// A field with the name that stands for all of them.
    #[error("image {id}: `{ALL_FIELDS}` stands for all fields and cannot be one")]
    AllFields {
        /// The image.
        id: String,
    },
    /// A phrase that was scored twice.
    #[error("image {id}, field `{field}`: scored twice in row `{row}`, seed {seed}")]
    ScoredTwice {
        /// The image.
        id: String,
        /// The field.
        field: String,
        /// The row.
        row: String,
        /// The seed.
        seed: u64,
    },
    /// A score that is not a number.
    #[error("image {id}, field `{field}`: a score is not a number")]
    Score {
        /// The image.
        id: String,
        /// The field.
        field: String,
    },
    /// An image that was measured twice.
    #[error("image {id}: measured twice in row `{row}`, seed {seed}")]
    MeasuredTwice {
        /// The image.
        id: String,
        /// The row.
        row: String,
        /// The seed.
        seed: u64,
    },
    /// A Dice that is not a number.
    #[error("image {id}: a Dice is not a number")]
    Dice {
        /// The image.
        id: String,
    },
    /// A table of an older report that cannot be read.
    #[error(
        "{}, from which the rows of the older report would be kept, cannot be read: put it back, or move the whole \
         report away to start a new one",
        path.display()
    )]
    OldRows {
        /// The table.
        path: PathBuf,
        /// Why.
        source: RowsError,
    },
}

/// Why the rows of a table cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RowsError {
    /// What the operating system says.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// A line of another shape.
    #[error(transparent)]
    Csv(#[from] csv::Error),
}
