//! Samples of a pointer, a webcam or an eye tracker on images: a CSV file with the columns `image`, `time_ms`, `x`
//! and `y`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use csv::{ReaderBuilder, StringRecord, Trim};
use fovea_shared::gaze::{Sample, is_missing};

use super::text::{self, ReadError};

/// The columns, in any order; others are left alone.
pub const SAMPLE_COLUMNS: [&str; 4] = ["image", "time_ms", "x", "y"];

/// Why a file of samples cannot be used. Lines count from 1, the header's.
#[derive(Debug, thiserror::Error)]
pub enum SamplesError {
    /// The file cannot be read, or its bytes are not text.
    #[error("the file of samples {}", path.display())]
    Text {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// The file is not CSV.
    #[error("{} is not a CSV file", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// What the reader says.
        source: csv::Error,
    },
    /// A column is missing.
    #[error(
        "{} has no column `{column}`: its header is `{header}`. The first line must name image, time_ms (ms since the \
         image appeared), x and y (0..1 of the image, from its top left corner)",
        path.display()
    )]
    Column {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// The header as it is.
        header: String,
    },
    /// A field that is not a number.
    #[error("{}, line {line}: `{found}` in the column {column} is not a number", path.display())]
    Number {
        /// The file.
        path: PathBuf,
        /// Line number.
        line: u64,
        /// The column.
        column: &'static str,
        /// What stands there.
        found: String,
    },
    /// A time before the one above it.
    #[error(
        "{}, line {line}: the time {now} ms of {image} comes after {before} ms. Sort the rows of an image by time",
        path.display()
    )]
    Backwards {
        /// The file.
        path: PathBuf,
        /// Line number.
        line: u64,
        /// The image.
        image: String,
        /// Time of the row before, ms.
        before: f32,
        /// Time of this row, ms.
        now: f32,
    },
}

/// Reads the samples of every image, by the image's file name without its extension. An empty or missing (`NaN`,
/// `.`) position is a moment in which the gaze was lost: its sample holds NaN.
///
/// # Errors
/// [`SamplesError`].
pub fn read_samples(path: &Path) -> Result<BTreeMap<String, Vec<Sample>>, SamplesError> {
    let file = || path.to_owned();
    let text = text::read(path).map_err(|source| SamplesError::Text { path: file(), source })?;
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(text.as_bytes());
    let broken = |source| SamplesError::Csv { path: file(), source };
    let header = reader.headers().map_err(broken)?.clone();
    let mut places = [0; 4];
    for (place, column) in places.iter_mut().zip(SAMPLE_COLUMNS) {
        *place = header.iter().position(|name| name.eq_ignore_ascii_case(column)).ok_or_else(|| {
            SamplesError::Column { path: file(), column, header: header.iter().collect::<Vec<_>>().join(",") }
        })?;
    }
    let mut samples: BTreeMap<String, Vec<Sample>> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        let number = |column: usize, may_miss: bool| {
            number(&record, places[column], may_miss).map_err(|found| SamplesError::Number {
                path: file(),
                line,
                column: SAMPLE_COLUMNS[column],
                found,
            })
        };
        let sample = Sample { time_ms: number(1, false)?, x: number(2, true)?, y: number(3, true)? };
        let image = record.get(places[0]).unwrap_or_default();
        let stem = Path::new(image).file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let of_image = samples.entry(stem).or_default();
        if let Some(before) = of_image.last().filter(|before| before.time_ms > sample.time_ms) {
            let (before, now, image) = (before.time_ms, sample.time_ms, image.to_owned());
            return Err(SamplesError::Backwards { path: file(), line, image, before, now });
        }
        of_image.push(sample);
    }
    Ok(samples)
}

/// The number in a field, NaN for a missing one where it may be missing, else the field's text.
fn number(record: &StringRecord, place: usize, may_miss: bool) -> Result<f32, String> {
    let text = record.get(place).unwrap_or_default();
    if may_miss && is_missing(text) {
        return Ok(f32::NAN);
    }
    text.parse().ok().filter(|value: &f32| value.is_finite()).ok_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    fn read(text: &str) -> Result<BTreeMap<String, Vec<Sample>>, SamplesError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.csv");
        fs::write(&path, text).unwrap();
        read_samples(&path)
    }

    #[test]
    fn columns_stand_in_any_order_and_lost_gaze_is_nan() {
        let found = read("\u{feff}X, y, Image, pupil, time_ms\n0.5,0.25,a/b.png,3,0\n,NaN,b.jpg,3,16.5\n").unwrap();
        let samples = &found["b"];
        assert_eq!(samples[0], Sample { x: 0.5, y: 0.25, time_ms: 0.0 });
        assert!(samples[1].x.is_nan() && samples[1].y.is_nan());
    }

    #[test]
    fn errors_name_line_and_column() {
        for (text, words) in [
            ("image,x,y\n", ["`time_ms`", "image,x,y"]),
            ("image,time_ms,x,y\na,0,0,0\na,soon,0,0\n", ["line 3", "`soon`"]),
            ("image,time_ms,x,y\na,5,0,0\na,4,0,0\n", ["line 3", "4 ms"]),
            ("image,time_ms,x,y\na,5,0\n", ["not a CSV", "samples.csv"]),
        ] {
            let message = read(text).unwrap_err().to_string();
            assert!(words.iter().all(|word| message.contains(word)), "{message}");
        }
    }
}
