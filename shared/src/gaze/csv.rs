//! The gaze CSV: one row a fixation, in the nine columns of the GazeMedSeg release (Zhong et al., MICCAI 2024).
//!
//! Reading is strict: a wrong number in a gaze file would otherwise become a wrong pseudo-mask that nobody notices.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};
use thiserror::Error;

use super::{Fixation, Scanpath};

/// The header line. Positions are fractions of the image from its top left corner, durations and starts are in ms.
pub const HEADER: &str = "IMAGE,CURRENT_FIX_INDEX,CURRENT_FIX_X,CURRENT_FIX_Y,CURRENT_FIX_DURATION,CURRENT_FIX_PUPIL,\
                          CURRENT_FIX_START,IMAGE_HEIGHT,IMAGE_WIDTH";

const COLUMNS: usize = 9;
/// How much of a wrong value an error message repeats.
const SHOWN_CHARS: usize = 160;

/// Why a text is not a gaze CSV. Lines count from 1, the header's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GazeCsvError {
    /// The first line is not [`HEADER`].
    #[error("line 1: expected the header `{HEADER}`, found `{found}`")]
    Header {
        /// The line found, shortened.
        found: String,
    },
    /// A row with too few or too many fields.
    #[error("line {line}: expected 9 fields separated by commas, found {found}")]
    FieldCount {
        /// Line number.
        line: u64,
        /// Fields found.
        found: usize,
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
    /// Two images whose names differ in the extension only; their gaze cannot be told apart by stem.
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

/// Reads a gaze CSV into one scanpath an image, keyed by the image's file name without its extension.
///
/// A byte order mark, CRLF line ends, blank lines and quoted fields are accepted. The rows of an image need not stand
/// together; its fixations are returned in the order of their starts (rows of equal start keep their order).
///
/// # Errors
/// A missing header, a row of the wrong length, and a field out of range (positions outside [0, 1], durations and
/// starts that are negative or not finite, empty image sizes) give an error that names the line and the field.
pub fn parse_csv(text: &str) -> Result<BTreeMap<String, Scanpath>, GazeCsvError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut header_seen = false;
    let mut scanpaths: BTreeMap<String, (String, Scanpath)> = BTreeMap::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let line = error.position().map_or(1, |p| p.line());
                return Err(GazeCsvError::Malformed { line, reason: error.to_string() });
            }
        }
        if !header_seen {
            if !record.iter().eq(HEADER.split(',')) {
                return Err(GazeCsvError::Header { found: shown(&record.iter().collect::<Vec<_>>().join(",")) });
            }
            header_seen = true;
            continue;
        }
        // A record's position is where the reader stood before it skipped blank lines; the number of the line that
        // the reader has just finished is right whatever came before, and no field of ours spans lines.
        let line = reader.position().line().saturating_sub(u64::from(ends_in_newline(text, reader.position().byte())));
        let row = Row { line, record: &record };
        let (image, fixation) = row.read()?;
        let stem = stem(image);
        let entry = scanpaths.entry(stem.to_owned()).or_insert_with(|| (image.to_owned(), Scanpath::default()));
        if entry.0 != image {
            return Err(GazeCsvError::SameStem { line, found: shown(image), earlier: shown(&entry.0) });
        }
        entry.1.fixations.push(fixation);
    }
    if !header_seen {
        return Err(GazeCsvError::Header { found: String::new() });
    }
    Ok(scanpaths
        .into_iter()
        .map(|(stem, (_, mut path))| {
            path.fixations.sort_by(|a, b| a.start_ms.total_cmp(&b.start_ms));
            (stem, path)
        })
        .collect())
}

/// Writes scanpaths, each with its image's (width, height) in pixels, as a gaze CSV that [`parse_csv`] reads back
/// exactly.
///
/// The pupil size, which a [`Fixation`] does not carry, is written as 0, and names get the extension `.jpg` as in the
/// recorded files. An image without fixations has no row.
pub fn write_csv(scanpaths: &BTreeMap<String, (Scanpath, (u32, u32))>) -> String {
    use std::fmt::Write as _;
    let mut out = format!("{HEADER}\n");
    for (stem, (path, (width, height))) in scanpaths {
        let image = quoted(&format!("{stem}.jpg"));
        for (index, f) in path.fixations.iter().enumerate() {
            // `Display` of an f32 is the shortest decimal that reads back as the same number. Writing to a string
            // cannot fail.
            let _ = writeln!(
                out,
                "{image},{},{},{},{},0,{},{height}.0,{width}.0",
                index + 1,
                f.x,
                f.y,
                f.duration_ms,
                f.start_ms
            );
        }
    }
    out
}

/// One data row.
struct Row<'a> {
    line: u64,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    fn read(&self) -> Result<(&'a str, Fixation), GazeCsvError> {
        if self.record.len() != COLUMNS {
            return Err(GazeCsvError::FieldCount { line: self.line, found: self.record.len() });
        }
        let image = &self.record[0];
        if stem(image).trim().is_empty() {
            return Err(self.wrong(0, "IMAGE", "the image's file name"));
        }
        self.number(1, "CURRENT_FIX_INDEX", "a number of at least 0", |v| v >= 0.0)?;
        let fixation = Fixation {
            x: self.number(2, "CURRENT_FIX_X", FRACTION, |v| (0.0..=1.0).contains(&v))?,
            y: self.number(3, "CURRENT_FIX_Y", FRACTION, |v| (0.0..=1.0).contains(&v))?,
            duration_ms: self.number(4, "CURRENT_FIX_DURATION", MILLISECONDS, |v| v >= 0.0)?,
            start_ms: self.number(6, "CURRENT_FIX_START", MILLISECONDS, |v| v >= 0.0)?,
        };
        self.number(5, "CURRENT_FIX_PUPIL", "a number of at least 0", |v| v >= 0.0)?;
        self.number(7, "IMAGE_HEIGHT", PIXELS, |v| v >= 1.0)?;
        self.number(8, "IMAGE_WIDTH", PIXELS, |v| v >= 1.0)?;
        Ok((image, fixation))
    }

    /// The finite number in a column.
    fn number(
        &self,
        column: usize,
        field: &'static str,
        expected: &'static str,
        valid: impl Fn(f32) -> bool,
    ) -> Result<f32, GazeCsvError> {
        match self.record[column].trim().parse::<f32>() {
            // `+ 0.0` turns -0 into 0.
            Ok(value) if value.is_finite() && valid(value) => Ok(value + 0.0),
            _ => Err(self.wrong(column, field, expected)),
        }
    }

    fn wrong(&self, column: usize, field: &'static str, expected: &'static str) -> GazeCsvError {
        GazeCsvError::Field { line: self.line, field, expected, found: shown(&self.record[column]) }
    }
}

const FRACTION: &str = "a fraction of the image between 0 and 1";
const MILLISECONDS: &str = "a time in ms, finite and not negative";
const PIXELS: &str = "a size in pixels of at least 1";

/// The file name without its extension.
fn stem(image: &str) -> &str {
    image.rsplit_once('.').map_or(image, |(stem, _)| stem)
}

/// Whether the last byte the reader consumed ended a line, so that the reader already counts the next one.
fn ends_in_newline(text: &str, consumed: u64) -> bool {
    usize::try_from(consumed).ok().and_then(|n| text.as_bytes().get(..n)).is_some_and(|read| read.ends_with(b"\n"))
}

/// A name as one CSV field (RFC 4180).
fn quoted(name: &str) -> String {
    if name.contains([',', '"', '\r', '\n']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

/// The beginning of a value, for an error message.
fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}...", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn text(rows: &[&str]) -> String {
        format!("{HEADER}\n{}\n", rows.join("\n"))
    }

    fn field_error(row: &str) -> (u64, &'static str) {
        match parse_csv(&text(&["a.jpg,1,0.5,0.5,100,0,0,10,10", row])) {
            Err(GazeCsvError::Field { line, field, .. }) => (line, field),
            other => panic!("expected a field error, got {other:?}"),
        }
    }

    #[test]
    fn reads_the_released_format() {
        let parsed = parse_csv(&text(&[
            "b_14.jpg,2,0.2369791666666666,0.4764322916666666,181,1800,512,529.0,621.0",
            "b_14.jpg,1,0.4825520833333334,0.4541666666666666,455,2670,7,529.0,621.0",
            "c.d.png,1,0,1,60,0,0,10,10",
        ]))
        .unwrap();
        assert_eq!(parsed.keys().collect::<Vec<_>>(), ["b_14", "c.d"]);
        let first = parsed["b_14"].fixations[0];
        assert_eq!(first, Fixation { x: 0.482_552_08, y: 0.454_166_68, duration_ms: 455.0, start_ms: 7.0 });
    }

    #[test]
    fn byte_order_mark_crlf_blank_lines_and_quotes_are_accepted() {
        let plain = text(&["a.jpg,1,0.5,0.5,100,0,0,10,10", "", "\"a.jpg\",2,0.25,0.5,100,0,200,10,10"]);
        let windows = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
        let parsed = parse_csv(&windows).unwrap();
        assert_eq!(parsed["a"].fixations.len(), 2);
        assert_eq!(parsed, parse_csv(plain.trim_end()).unwrap());
    }

    #[test]
    fn errors_name_line_and_field() {
        assert_eq!(field_error("a.jpg,1,1.0001,0.5,100,0,0,10,10"), (3, "CURRENT_FIX_X"));
        assert_eq!(field_error("a.jpg,1,NaN,0.5,100,0,0,10,10"), (3, "CURRENT_FIX_X"));
        assert_eq!(field_error("a.jpg,1,0.5,-0.1,100,0,0,10,10"), (3, "CURRENT_FIX_Y"));
        assert_eq!(field_error("\n\na.jpg,1,0.5,0.1,-1,0,0,10,10"), (5, "CURRENT_FIX_DURATION"));
        assert_eq!(field_error("a.jpg,1,0.5,0.1,inf,0,0,10,10"), (3, "CURRENT_FIX_DURATION"));
        assert_eq!(field_error("a.jpg,1,0.5,0.1,1e99,0,0,10,10"), (3, "CURRENT_FIX_DURATION"));
        assert_eq!(field_error("a.jpg,1,0.5,0.1,,0,0,10,10"), (3, "CURRENT_FIX_DURATION"));
        assert_eq!(field_error("a.jpg,1,0.5,0.1,5,0,soon,10,10"), (3, "CURRENT_FIX_START"));
        assert_eq!(field_error("a.jpg,1,0.5,0.1,5,0,0,0,10"), (3, "IMAGE_HEIGHT"));
        assert_eq!(field_error(".jpg,1,0.5,0.1,5,0,0,0,10"), (3, "IMAGE"));
        assert_eq!(field_error("\r\na.jpg,1,0.5,0.1,5,0,soon,10,10\r\n\r"), (4, "CURRENT_FIX_START"));
        let windows = text(&["a.jpg,1,0.5,0.5,100,0,0,10,10", "a.jpg,1,0.5,7,100,0,0,10,10"]).replace('\n', "\r\n");
        assert!(matches!(parse_csv(&windows), Err(GazeCsvError::Field { line: 3, .. })));
        let message = parse_csv(&text(&["a.jpg,1,2,0.5,100,0,0,10,10"])).unwrap_err().to_string();
        assert_eq!(message, "line 2, field CURRENT_FIX_X: expected a fraction of the image between 0 and 1, found `2`");
    }

    #[test]
    fn wrong_shapes_are_told_apart() {
        assert!(matches!(parse_csv(""), Err(GazeCsvError::Header { .. })));
        assert!(matches!(parse_csv("x,y\n1,2\n"), Err(GazeCsvError::Header { .. })));
        assert_eq!(
            parse_csv(&text(&["a.jpg,1,0.5,0.5,100,0,0,10"])),
            Err(GazeCsvError::FieldCount { line: 2, found: 8 })
        );
        let twins = text(&["a.jpg,1,0.5,0.5,100,0,0,10,10", "a.png,1,0.5,0.5,100,0,0,10,10"]);
        assert!(matches!(parse_csv(&twins), Err(GazeCsvError::SameStem { line: 3, .. })));
        assert_eq!(parse_csv(&text(&[])).unwrap(), BTreeMap::new());
    }

    fn fraction() -> impl Strategy<Value = f32> {
        prop_oneof![Just(0.0f32), Just(1.0f32), 0.0f32..=1.0]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn round_trip(images in prop::collection::btree_map(
            "[a-z0-9_.,\" -]{0,8}[a-z]",
            (prop::collection::vec((fraction(), fraction(), 0.0f32..2e4, 0.0f32..1e6), 1..6), (1u32..9999, 1u32..9999)),
            0..4,
        )) {
            let scanpaths: BTreeMap<_, _> = images.into_iter().map(|(name, (rows, size))| {
                let mut fixations: Vec<_> = rows
                    .into_iter()
                    .map(|(x, y, duration_ms, start_ms)| Fixation { x, y, duration_ms, start_ms })
                    .collect();
                fixations.sort_by(|a, b| a.start_ms.total_cmp(&b.start_ms));
                (name, (Scanpath { fixations }, size))
            }).collect();
            let expected: BTreeMap<_, _> = scanpaths.iter().map(|(k, v)| (k.clone(), v.0.clone())).collect();
            prop_assert_eq!(parse_csv(&write_csv(&scanpaths)).unwrap(), expected);
        }

        #[test]
        fn never_panics(rubbish in "[a-z0-9,.\"\r\n-]{0,60}") {
            let _ = parse_csv(&rubbish);
            let _ = parse_csv(&format!("{HEADER}\n{rubbish}"));
        }
    }
}
