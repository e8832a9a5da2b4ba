//! What is wrong with a gaze table.

use thiserror::Error;

use super::HEADER;

/// How much of a wrong value an error message repeats.
const SHOWN_CHARS: usize = 160;

/// Why a text is not a gaze table. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GazeCsvError {
    /// No line with the names of the columns.
    #[error("line 1: expected the header `{HEADER}` (or the same names between semicolons or tabs), found `{found}`")]
    Header {
        /// The line found, shortened.
        found: String,
    },
    /// A header line that lacks columns.
    #[error("line {line}: the header has no column {missing}; its columns are those of `{HEADER}`, in any order")]
    Columns {
        /// Line number of the header.
        line: u64,
        /// The names that are missing, separated by commas.
        missing: String,
    },
    /// A row with too few or too many fields.
    #[error("line {line}: expected as many fields as the header line has, found {found}")]
    FieldCount {
        /// Line number.
        line: u64,
        /// Fields found.
        found: usize,
    },
    /// A row that is separated otherwise than the header.
    #[error(
        "line {line}: the header's fields are separated by {header} and this row's by {row}; use one of them throughout"
    )]
    Separator {
        /// Line number of the row.
        line: u64,
        /// The header's separator, in words.
        header: &'static str,
        /// The row's separator, in words.
        row: &'static str,
    },
    /// A number with a comma where others have a point, or with both.
    #[error(
        "line {line}, field {field}: `{found}` does not say which of comma and point begins the decimals; write all \
         numbers with points, without separators of thousands"
    )]
    Decimal {
        /// Line number.
        line: u64,
        /// Name of the column.
        field: &'static str,
        /// The value found, shortened.
        found: String,
    },
    /// A field that does not hold what its column holds.
    #[error("line {line}, field {field}: expected {expected}, found `{found}`")]
    Field {
        /// Line number.
        line: u64,
        /// Name of the column.
        field: &'static str,
        /// What the column holds.
        expected: &'static str,
        /// The value found, shortened.
        found: String,
    },
    /// More than a third of the positions outside of the image: they are not fractions of it.
    #[error("line {line}: the position `{found}` is outside of the image, as {outside} of {of} are. {cause}")]
    Outside {
        /// Line number of the first.
        line: u64,
        /// Its x and y.
        found: String,
        /// Positions outside.
        outside: usize,
        /// Positions in all.
        of: usize,
        /// What they seem to be.
        cause: Units,
    },
    /// Two images whose names differ in the extension only; their gaze cannot be assigned by stem.
    #[error("line {line}, field IMAGE: `{found}` and `{earlier}` have the same name without extension; rename one")]
    SameStem {
        /// Line number of the second name.
        line: u64,
        /// The second name.
        found: String,
        /// The first name.
        earlier: String,
    },
    /// The text is not CSV at all.
    #[error("line {line}: {reason}")]
    Malformed {
        /// Line number.
        line: u64,
        /// What the CSV reader says.
        reason: String,
    },
}

/// What positions seem to be where they are not fractions of the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Units {
    /// Pixels.
    #[error(
        "They look like pixels: divide x by the image's width and y by its height, after taking off the image's corner"
    )]
    Pixels,
    /// 0 to 100.
    #[error("They look like per cent: divide them by 100")]
    PerCent,
    /// Negative ones: another origin than the top left corner, or the screen around the image.
    #[error(
        "Many are negative: the origin may be the centre or the bottom left. Positions are fractions of the image, \
         from its top left corner"
    )]
    Origin,
    /// A little more than 1.
    #[error("They may be fractions of the screen: they must be fractions of the image, from its top left corner")]
    Screen,
}

/// The beginning of a value, for an error message.
pub(super) fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}...", &value[..end]),
        None => value.to_owned(),
    }
}
