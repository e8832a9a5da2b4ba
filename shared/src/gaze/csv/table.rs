//! A whole gaze table: its fixations, and the rows that are none.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use csv::StringRecord;

use super::error::{GazeCsvError, Units, shown};
use super::header::Header;
use super::lost::Lost;
use super::row::{Decimals, Fields, Row, stem};
use crate::gaze::{Fixation, Scanpath};

/// The largest part of the positions that may lie outside of the image. A recording has a few;
/// where it is more, the positions are
/// not fractions of the image. A third leaves room for a restless look, and is far below what a
/// wrong unit or origin gives.
const MOST_OUTSIDE: f64 = 1.0 / 3.0;

/// A row with a fixation.
#[derive(Clone, Debug, PartialEq)]
pub struct GazeRow {
    /// Line number, from 1.
    pub line: u64,
    /// The image's file name without folder and extension.
    pub image: String,
    /// The fixation.
    pub fixation: Fixation,
    /// Width and height of the image in pixels, where the table says them.
    pub size: Option<[f32; 2]>,
}

/// A row with a place outside of the image.
#[derive(Clone, Debug, PartialEq)]
pub struct OutsideRow {
    /// Line number, from 1.
    pub line: u64,
    /// The place.
    pub x: f32,
    /// The place.
    pub y: f32,
}

/// What a gaze table holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GazeTable {
    /// The fixations on images, in the order of the file; none twice.
    pub rows: Vec<GazeRow>,
    /// Line number of every row without gaze, and why it has none.
    pub lost: Vec<(u64, Lost)>,
    /// The rows outside of their image. They count for nothing.
    pub outside: Vec<OutsideRow>,
    /// Line number of every row that says the same as an earlier one of its image. It is counted once.
    pub repeated: Vec<u64>,
    /// The images of all rows, fixation or not.
    pub images: BTreeSet<String>,
    /// The rows that cannot be read.
    pub wrong: Vec<GazeCsvError>,
    /// The sizes in rows outside, for telling units.
    outside_widths: Vec<f32>,
}

impl GazeTable {
    /// Reads a table whose fields are separated by commas, semicolons or tabs, with decimal points
    /// or commas; the header decides.
    /// Line ends of any kind, a byte order mark, blank lines and quoted fields are accepted;
    /// columns may stand in any order with
    /// others between them.
    ///
    /// # Errors
    /// A text without the header, and one that is not CSV. Wrong rows are in [`Self::wrong`].
    pub fn read(text: &str) -> Result<Self, GazeCsvError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let unix = text.contains('\r').then(|| text.replace("\r\n", "\n").replace('\r', "\n"));
        let text = unix.as_deref().unwrap_or(text);
        let header = Header::find(text)?;
        let (mut table, mut names, mut decimals) = (Self::default(), BTreeMap::new(), Decimals::default());
        let (mut reader, mut record) = (header.separator.reader(text), StringRecord::new());
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let line = error.position().map_or(1, |p| p.line());
                    return Err(GazeCsvError::Malformed { line, reason: error.to_string() });
                }
            }
            // A record's position is where the reader stood before it skipped blank lines; the number of the line that
            // the reader has just finished is right whatever came before, and no field of ours spans lines.
            let read = usize::try_from(reader.position().byte()).ok().and_then(|n| text.as_bytes().get(..n));
            let ended = read.is_some_and(|read| read.ends_with(b"\n"));
            let line = reader.position().line().saturating_sub(u64::from(ended));
            let fields = Fields { line, header: &header, record: &record };
            if line <= header.line || fields.are_blank() {
                continue;
            }
            match fields.read(&mut decimals) {
                Ok(row) => table.take(line, row, &mut names),
                Err(error) => table.wrong.push(error),
            }
        }
        table.count_once();
        Ok(table)
    }

    fn take(&mut self, line: u64, row: Row<'_>, names: &mut BTreeMap<String, String>) {
        let (Row::Fixation { image, .. } | Row::Lost { image, .. } | Row::Outside { image, .. }) = row;
        let name = names.entry(stem(image).to_owned()).or_insert_with(|| image.to_owned());
        if name != image {
            let error = GazeCsvError::SameStem { line, found: shown(image), earlier: shown(name) };
            return self.wrong.push(error);
        }
        let image = stem(image).to_owned();
        self.images.insert(image.clone());
        match row {
            Row::Fixation { fixation, size, .. } => self.rows.push(GazeRow { line, image, fixation, size }),
            Row::Lost { why, .. } => self.lost.push((line, why)),
            Row::Outside { x, y, size, .. } => {
                self.outside.push(OutsideRow { line, x, y });
                self.outside_widths.extend(size.map(|[width, _]| width));
            }
        }
    }

    /// Takes out the rows that stand there already: an eye cannot begin the same look twice.
    fn count_once(&mut self) {
        let mut seen = HashSet::new();
        let repeated = &mut self.repeated;
        self.rows.retain(|row| {
            let Fixation { x, y, duration_ms, start_ms } = row.fixation;
            let first = seen.insert((row.image.clone(), [x, y, duration_ms, start_ms].map(f32::to_bits)));
            if !first {
                repeated.push(row.line);
            }
            first
        });
    }

    /// What is wrong with the positions as a whole, where too many are outside of their image.
    pub fn units(&self) -> Option<GazeCsvError> {
        let first = self.outside.first()?;
        let (outside, of) = (self.outside.len(), self.outside.len() + self.rows.len());
        (outside as f64 > MOST_OUTSIDE * of as f64).then(|| GazeCsvError::Outside {
            line: first.line,
            found: format!("{}; {}", first.x, first.y),
            outside,
            of,
            cause: self.cause(),
        })
    }

    fn cause(&self) -> Units {
        let share = |which: fn(&OutsideRow) -> bool| {
            self.outside.iter().filter(|row| which(row)).count() as f64 / self.outside.len() as f64
        };
        let largest = self.outside.iter().map(|row| row.x.max(row.y)).fold(0.0, f32::max);
        // A screen is hardly twice as large as the image that is shown on it.
        if share(|row| row.x > 2.0 || row.y > 2.0) > 0.5 {
            let small_image =
                self.outside_widths.iter().all(|width| *width <= 100.0) && !self.outside_widths.is_empty();
            if largest <= 100.0 && !small_image { Units::PerCent } else { Units::Pixels }
        } else if share(|row| row.x < 0.0 || row.y < 0.0) > 0.25 {
            Units::Origin
        } else {
            Units::Screen
        }
    }

    /// One scanpath an image, by the image's name without extension: its fixations in the order of
    /// their starts (rows of equal
    /// start keep their order). Images without any are left out.
    pub fn scanpaths(&self) -> BTreeMap<String, Scanpath> {
        let mut scanpaths: BTreeMap<String, Scanpath> = BTreeMap::new();
        for row in &self.rows {
            scanpaths.entry(row.image.clone()).or_default().fixations.push(row.fixation);
        }
        for path in scanpaths.values_mut() {
            path.fixations.sort_by(|a, b| a.start_ms.total_cmp(&b.start_ms));
        }
        scanpaths
    }
}
