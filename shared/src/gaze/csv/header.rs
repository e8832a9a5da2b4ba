//! The header line: it says how fields are separated and which column is which.

use csv::{Reader, ReaderBuilder, StringRecord};

use super::error::{GazeCsvError, shown};

/// A column that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Image,
    Index,
    X,
    Y,
    Duration,
    Pupil,
    Start,
    Height,
    Width,
}

impl Column {
    const ALL: [Self; 9] = [
        Self::Image,
        Self::Index,
        Self::X,
        Self::Y,
        Self::Duration,
        Self::Pupil,
        Self::Start,
        Self::Height,
        Self::Width,
    ];

    /// Those without which a row is not a fixation.
    const NEEDED: [Self; 5] = [Self::Image, Self::X, Self::Y, Self::Duration, Self::Start];

    /// The name in the header.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Image => "IMAGE",
            Self::Index => "CURRENT_FIX_INDEX",
            Self::X => "CURRENT_FIX_X",
            Self::Y => "CURRENT_FIX_Y",
            Self::Duration => "CURRENT_FIX_DURATION",
            Self::Pupil => "CURRENT_FIX_PUPIL",
            Self::Start => "CURRENT_FIX_START",
            Self::Height => "IMAGE_HEIGHT",
            Self::Width => "IMAGE_WIDTH",
        }
    }
}

/// What stands between fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Comma,
    Semicolon,
    Tab,
}

impl Separator {
    pub(super) const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }

    /// In words, for a message.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Comma => "commas",
            Self::Semicolon => "semicolons",
            Self::Tab => "tabs",
        }
    }

    pub(super) fn reader(self, text: &str) -> Reader<&[u8]> {
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(self.byte()).from_reader(text.as_bytes())
    }

    /// The fields of one line.
    pub(super) fn fields(self, line: &str) -> StringRecord {
        let mut record = StringRecord::new();
        // A line that is not a record has no fields.
        let _ = self.reader(line).read_record(&mut record);
        record
    }
}

/// How a table is written.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// Line number of the header, from 1.
    pub(super) line: u64,
    pub(super) separator: Separator,
    /// Columns in all, those included that are not read.
    pub(super) width: usize,
    indices: [Option<usize>; Column::ALL.len()],
}

impl Header {
    /// Finds the header: the first line that is not blank, after the line `sep=;` by which Excel is told the separator.
    pub(super) fn find(text: &str) -> Result<Self, GazeCsvError> {
        let hint = |line: &str| line.len() <= 8 && line.trim_matches('"').to_ascii_lowercase().starts_with("sep=");
        let mut lines = text.lines().zip(1u64..).filter(|(line, _)| !line.trim().is_empty() && !hint(line.trim()));
        let (line, number) = lines.next().unwrap_or_default();
        let all = Separator::ALL.map(|separator| Self::read(separator, line, number));
        let Some(best) = all.into_iter().max_by_key(|header| (header.known(), std::cmp::Reverse(header.width))) else {
            return Err(GazeCsvError::Header { found: shown(line) });
        };
        // One known name alone may be chance: another kind of table.
        if best.known() < 2 {
            return Err(GazeCsvError::Header { found: shown(line) });
        }
        let missing: Vec<&str> =
            Column::NEEDED.into_iter().filter(|c| best.index_of(*c).is_none()).map(Column::name).collect();
        if missing.is_empty() {
            Ok(best)
        } else {
            Err(GazeCsvError::Columns { line: number, missing: missing.join(", ") })
        }
    }

    fn read(separator: Separator, line: &str, number: u64) -> Self {
        let record = separator.fields(line);
        let indices =
            Column::ALL.map(|column| record.iter().position(|name| name.trim().eq_ignore_ascii_case(column.name())));
        Self { line: number, separator, width: record.len(), indices }
    }

    fn known(&self) -> usize {
        self.indices.iter().flatten().count()
    }

    /// Where a column stands, where the table has it.
    pub(super) fn index_of(&self, column: Column) -> Option<usize> {
        self.indices[column as usize]
    }
}
