//! One row of a gaze table.

use csv::StringRecord;

use super::error::{GazeCsvError, shown};
use super::header::{Column, Header, Separator};
use super::lost::Lost;
use crate::gaze::Fixation;

/// How eye trackers, spreadsheets and statistics programs write that a value is missing, in lower case.
const MISSING: [&str; 16] =
    ["", ".", "-", "--", "?", "na", "n/a", "#n/a", "#na", "nan", "-nan", "null", "none", "nil", "missing", "\\n"];

const FRACTION: &str = "a fraction of the image between 0 and 1";
const MILLISECONDS: &str = "a time in ms, finite and not negative";
const PIXELS: &str = "a size in pixels of at least 1";

/// Which of comma and point begins the decimals of a file. The first number that has one decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Decimals(Option<char>);

/// What a row holds.
pub(super) enum Row<'a> {
    /// A fixation on the image, with the image's file name, and its width and height where they are given.
    Fixation { image: &'a str, fixation: Fixation, size: Option<[f32; 2]> },
    /// A moment for which the tracker has no gaze.
    Lost { image: &'a str, why: Lost },
    /// Gaze beside the image.
    Outside { image: &'a str, x: f32, y: f32, size: Option<[f32; 2]> },
}

/// The fields of a row, with what is needed to understand them.
pub(super) struct Fields<'a> {
    pub(super) line: u64,
    pub(super) header: &'a Header,
    pub(super) record: &'a StringRecord,
}

impl<'a> Fields<'a> {
    /// Whether there is nothing in it, as in the rows of separators alone that spreadsheets write below a table.
    pub(super) fn are_blank(&self) -> bool {
        self.record.iter().all(|field| field.trim().is_empty())
    }

    /// Reads the row.
    pub(super) fn read(&self, decimals: &mut Decimals) -> Result<Row<'a>, GazeCsvError> {
        self.check_width()?;
        let image = file_name(self.text(Column::Image));
        if stem(image).trim().is_empty() {
            return Err(self.wrong(Column::Image, "the image's file name"));
        }
        // Of a row without a place or time nothing else has to make sense.
        let needed = [Column::X, Column::Y, Column::Duration, Column::Start];
        if needed.into_iter().any(|column| is_missing(self.text(column))) {
            return Ok(Row::Lost { image, why: Lost::NoValue });
        }
        let [x, y] = [Column::X, Column::Y].map(|column| self.number(column, decimals, FRACTION, |_| true));
        let (x, y) = (x?, y?);
        if let Some(why) = Lost::of_place(x, y) {
            return Ok(Row::Lost { image, why });
        }
        let duration_ms = self.number(Column::Duration, decimals, MILLISECONDS, |v| v >= 0.0)?;
        let start_ms = self.number(Column::Start, decimals, MILLISECONDS, |v| v >= 0.0)?;
        for column in [Column::Index, Column::Pupil] {
            self.optional(column, decimals, "a number of at least 0", |v| v >= 0.0)?;
        }
        let width = self.optional(Column::Width, decimals, PIXELS, |v| v >= 1.0)?;
        let height = self.optional(Column::Height, decimals, PIXELS, |v| v >= 1.0)?;
        let size = width.zip(height).map(|(width, height)| [width, height]);
        let inside = |v: f32| (0.0..=1.0).contains(&v);
        Ok(if inside(x) && inside(y) {
            Row::Fixation { image, fixation: Fixation { x, y, duration_ms, start_ms }, size }
        } else {
            Row::Outside { image, x, y, size }
        })
    }

    /// As many fields as the header; more only where they are empty.
    fn check_width(&self) -> Result<(), GazeCsvError> {
        let (found, expected) = (self.record.len(), self.header.width);
        if found == expected || (found > expected && self.record.iter().skip(expected).all(|f| f.trim().is_empty())) {
            return Ok(());
        }
        // A row of the whole width under another separator.
        let own = self.header.separator;
        let line: String = self.record.iter().collect::<Vec<_>>().join(&char::from(own.byte()).to_string());
        let other = Separator::ALL.into_iter().find(|other| *other != own && other.fields(&line).len() == expected);
        Err(match other {
            Some(other) => GazeCsvError::Separator { line: self.line, header: own.words(), row: other.words() },
            None => GazeCsvError::FieldCount { line: self.line, found },
        })
    }

    fn text(&self, column: Column) -> &'a str {
        self.header.index_of(column).and_then(|index| self.record.get(index)).unwrap_or_default()
    }

    fn optional(
        &self,
        column: Column,
        decimals: &mut Decimals,
        expected: &'static str,
        valid: impl Fn(f32) -> bool,
    ) -> Result<Option<f32>, GazeCsvError> {
        if is_missing(self.text(column)) { Ok(None) } else { self.number(column, decimals, expected, valid).map(Some) }
    }

    /// The finite number in a column.
    fn number(
        &self,
        column: Column,
        decimals: &mut Decimals,
        expected: &'static str,
        valid: impl Fn(f32) -> bool,
    ) -> Result<f32, GazeCsvError> {
        let text = self.text(column).trim();
        let number = text.replacen(',', ".", 1).parse::<f32>();
        if number.is_ok() || text.contains(',') {
            self.decimals_agree(column, text, decimals)?;
        }
        match number {
            // `+ 0.0` turns -0 into 0.
            Ok(value) if value.is_finite() && valid(value) => Ok(value + 0.0),
            _ => Err(self.wrong(column, expected)),
        }
    }

    fn decimals_agree(&self, column: Column, text: &str, decimals: &mut Decimals) -> Result<(), GazeCsvError> {
        let marks: Vec<char> = text.chars().filter(|c| ",.".contains(*c)).collect();
        let agree = match (marks.as_slice(), decimals.0) {
            ([], _) => true,
            ([mark], Some(first)) => *mark == first,
            ([mark], None) => {
                decimals.0 = Some(*mark);
                true
            }
            _ => false,
        };
        let (line, field) = (self.line, column.name());
        if agree { Ok(()) } else { Err(GazeCsvError::Decimal { line, field, found: shown(text) }) }
    }

    fn wrong(&self, column: Column, expected: &'static str) -> GazeCsvError {
        let found = shown(self.text(column));
        GazeCsvError::Field { line: self.line, field: column.name(), expected, found }
    }
}

/// Whether a field says that there is nothing in it.
pub fn is_missing(text: &str) -> bool {
    let text = text.trim();
    MISSING.iter().any(|missing| missing.eq_ignore_ascii_case(text))
}

/// The last part of a path: some tables name the image with its folder.
fn file_name(image: &str) -> &str {
    image.rsplit(['/', '\\']).next().unwrap_or(image)
}

/// The file name without its extension.
pub(super) fn stem(image: &str) -> &str {
    image.rsplit_once('.').map_or(image, |(stem, _)| stem)
}
