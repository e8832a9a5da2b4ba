//! The header of an NRRD file.

use std::{collections::BTreeMap, fmt};

use super::NrrdError;
use crate::{MAX_SIDE, geometry::Geometry, sample::Sample};

/// More slices than any series has; a larger number is a damaged header.
const MAX_SLICES: usize = 10_000;

/// Longest accepted header, in bytes.
const MAX_HEADER: usize = 1 << 20;

/// How the data are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Raw,
    Gzip,
    Ascii,
}

/// Where the data are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataFiles {
    /// Behind the header.
    Attached,
    /// In these files, named as seen from the header's folder, in this order.
    Detached(Vec<String>),
}

impl fmt::Display for DataFiles {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Attached => f.write_str("the same file"),
            Self::Detached(names) => f.write_str(&names.join(", ")),
        }
    }
}

/// What the header says.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Columns, rows and slices; a picture has one slice.
    pub sizes: [usize; 3],
    /// Place in the patient; `None` where it is missing or in a space that is not the patient's.
    pub geometry: Option<Geometry>,
    /// Where the data are.
    pub files: DataFiles,
    pub(super) sample: Sample,
    pub(super) big_endian: bool,
    pub(super) encoding: Encoding,
    pub(super) line_skip: usize,
    /// `None` where the data are the end of the file.
    pub(super) byte_skip: Option<usize>,
}

/// Reads the header alone, and where it ends in the bytes.
///
/// # Errors
/// See [`NrrdError`]; no data are looked at.
pub fn header(bytes: &[u8]) -> Result<(Header, usize), NrrdError> {
    if !bytes.starts_with(b"NRRD000") {
        return Err(NrrdError::NotNrrd);
    }
    let mut lines = Lines { bytes: &bytes[..bytes.len().min(MAX_HEADER)], at: 0, detached: false };
    let (mut fields, mut list) = (BTreeMap::new(), Vec::new());
    while let Some(text) = lines.next_line()? {
        // `#` begins a comment, and `key:=value` is a note that means nothing to the format.
        let Some((field, value)) = text.split_once(": ").filter(|_| !text.starts_with('#')) else { continue };
        let (field, value) = (field.trim().to_ascii_lowercase().replace("datafile", "data file"), value.trim());
        if field == "data file" {
            lines.detached = true;
            if value.to_ascii_uppercase().starts_with("LIST") {
                while let Some(name) = lines.next_line()? {
                    list.push(name);
                }
                fields.insert(field, value.to_owned());
                break;
            }
        }
        fields.insert(field, value.to_owned());
    }
    Ok((of_fields(&Fields(fields), list)?, lines.at))
}

struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    /// A detached header may end with the file.
    detached: bool,
}

impl Lines<'_> {
    fn next_line(&mut self) -> Result<Option<String>, NrrdError> {
        let rest = &self.bytes[self.at..];
        let (line, length) = match rest.iter().position(|b| *b == b'\n') {
            Some(end) => (&rest[..end], end + 1),
            None if self.detached => (rest, rest.len()),
            None => return Err(NrrdError::NoEnd),
        };
        self.at += length;
        let text = String::from_utf8_lossy(line).trim().to_owned();
        Ok((!text.is_empty()).then_some(text))
    }
}

struct Fields(BTreeMap<String, String>);

impl Fields {
    fn get(&self, name: &'static str) -> Result<&str, NrrdError> {
        self.0.get(name).map(String::as_str).ok_or(NrrdError::Missing(name))
    }

    fn numbers(&self, name: &'static str) -> Result<Vec<f64>, NrrdError> {
        self.get(name)?.split_whitespace().map(|word| number(name, word)).collect()
    }

    /// A number of lines or bytes to pass over; both spellings of the name count.
    fn skip(&self, name: &'static str) -> Result<i64, NrrdError> {
        let short = name.replace(' ', "");
        let Some(word) = self.0.get(name).or_else(|| self.0.get(&short)) else { return Ok(0) };
        word.parse().map_err(|_| NrrdError::Number { field: name, word: word.clone() })
    }
}

fn number(field: &'static str, word: &str) -> Result<f64, NrrdError> {
    let parsed = word.parse().ok().filter(|v: &f64| v.is_finite());
    parsed.ok_or_else(|| NrrdError::Number { field, word: word.to_owned() })
}

fn of_fields(fields: &Fields, list: Vec<String>) -> Result<Header, NrrdError> {
    let kind = fields.get("type")?;
    let sample = sample(kind).ok_or_else(|| NrrdError::Type(kind.to_owned()))?;
    let encoding = match fields.get("encoding")?.to_ascii_lowercase().as_str() {
        "gzip" | "gz" => Encoding::Gzip,
        "raw" => Encoding::Raw,
        "ascii" | "text" | "txt" => Encoding::Ascii,
        other => return Err(NrrdError::Encoding(other.to_owned())),
    };
    let numbers = fields.numbers("sizes")?;
    let directions = fields.get("space directions").map(vectors).unwrap_or_default();
    let refused = || NrrdError::Sizes(fields.get("sizes").unwrap_or_default().to_owned());
    if numbers.iter().any(|size| *size < 1.0 || *size > MAX_SIDE as f64 || size.fract() != 0.0) {
        return Err(refused());
    }
    // An axis of one sample that has no direction in the patient is the number of channels or of
    // layers.
    let kept: Vec<usize> = (0..numbers.len())
        .filter(|axis| {
            numbers.len() <= 3 || numbers[*axis] != 1.0 || directions.get(*axis).is_some_and(Option::is_some)
        })
        .collect();
    let sizes = match kept.as_slice() {
        [x, y] => [numbers[*x], numbers[*y], 1.0],
        [x, y, z] => [numbers[*x], numbers[*y], numbers[*z]],
        _ => return Err(NrrdError::Dimensions(numbers.len())),
    }
    .map(|v| v as usize);
    if sizes[2] > MAX_SLICES {
        return Err(refused());
    }
    let big_endian = match (fields.get("endian").ok(), sample.bytes(), encoding) {
        (Some("big"), ..) => true,
        (Some("little"), ..) | (_, 1, _) | (_, _, Encoding::Ascii) => false,
        _ => return Err(NrrdError::Endian),
    };
    let line_skip = fields.skip("line skip")?;
    let byte_skip = fields.skip("byte skip")?;
    Ok(Header {
        sizes,
        geometry: geometry(fields, &kept, &directions),
        files: data_files(fields.0.get("data file"), list)?,
        sample,
        big_endian,
        encoding,
        line_skip: usize::try_from(line_skip)
            .map_err(|_| NrrdError::Number { field: "line skip", word: line_skip.to_string() })?,
        byte_skip: match byte_skip {
            -1 => None,
            skip => Some(
                usize::try_from(skip).map_err(|_| NrrdError::Number { field: "byte skip", word: skip.to_string() })?,
            ),
        },
    })
}

/// `x.raw`, `LIST` with one name a line below it, or `x%03d.raw MIN MAX STEP`.
fn data_files(value: Option<&String>, list: Vec<String>) -> Result<DataFiles, NrrdError> {
    let Some(value) = value else { return Ok(DataFiles::Attached) };
    if !list.is_empty() {
        return Ok(DataFiles::Detached(list));
    }
    let refused = || NrrdError::Files(value.clone());
    let words: Vec<&str> = value.split_whitespace().collect();
    if !value.contains('%') {
        return if value.to_ascii_uppercase().starts_with("LIST") {
            Err(refused())
        } else {
            Ok(DataFiles::Detached(vec![value.clone()]))
        };
    }
    let (pattern, numbers) = match words.as_slice() {
        [pattern, min, max, step] => (pattern, [min, max, step]),
        _ => return Err(refused()),
    };
    let [min, max, step] = numbers.map(|word| word.parse::<i64>().ok());
    let (min, max, step) = match (min, max, step) {
        (Some(min), Some(max), Some(step)) if step != 0 => (min, max, step),
        _ => return Err(refused()),
    };
    let (before, rest) = pattern.split_once('%').ok_or_else(refused)?;
    let (width, after) = rest.split_once('d').ok_or_else(refused)?;
    let (zeros, digits) =
        (width.starts_with('0'), if width.is_empty() { 0 } else { width.parse::<usize>().map_err(|_| refused())? });
    let count = max.abs_diff(min) / step.unsigned_abs() + 1;
    if (max > min && step < 0) || (max < min && step > 0) || count > MAX_SLICES as u64 || digits > 16 {
        return Err(refused());
    }
    let name = |i: i64| {
        let number = min + i * step;
        if zeros { format!("{before}{number:0digits$}{after}") } else { format!("{before}{number:digits$}{after}") }
    };
    Ok(DataFiles::Detached((0..count as i64).map(name).collect()))
}

fn sample(name: &str) -> Option<Sample> {
    Some(match name {
        "uchar" | "unsigned char" | "uint8" | "uint8_t" => Sample::U8,
        "signed char" | "int8" | "int8_t" => Sample::I8,
        "ushort" | "unsigned short" | "unsigned short int" | "uint16" | "uint16_t" => Sample::U16,
        "short" | "short int" | "signed short" | "signed short int" | "int16" | "int16_t" => Sample::I16,
        "uint" | "unsigned int" | "uint32" | "uint32_t" => Sample::U32,
        "int" | "signed int" | "int32" | "int32_t" => Sample::I32,
        "ulonglong" | "unsigned long long" | "unsigned long long int" | "uint64" | "uint64_t" => Sample::U64,
        "longlong"
        | "long long"
        | "long long int"
        | "signed long long"
        | "signed long long int"
        | "int64"
        | "int64_t" => Sample::I64,
        "float" => Sample::F32,
        "double" => Sample::F64,
        _ => return None,
    })
}

/// `(a,b,c)` and `none`, one an axis.
fn vectors(text: &str) -> Vec<Option<[f64; 3]>> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("none") {
            found.push(None);
            rest = after.trim_start();
            continue;
        }
        let Some((inside, after)) = rest.strip_prefix('(').and_then(|r| r.split_once(')')) else { break };
        let numbers: Option<Vec<f64>> =
            inside.split(',').map(|word| word.trim().parse().ok().filter(|v: &f64| v.is_finite())).collect();
        found.push(numbers.and_then(|n| n.try_into().ok()));
        rest = after.trim_start();
    }
    found
}

fn geometry(fields: &Fields, kept: &[usize], directions: &[Option<[f64; 3]>]) -> Option<Geometry> {
    let signs = match fields.get("space").ok()?.to_ascii_lowercase().as_str() {
        "left-posterior-superior" | "lps" => [1.0, 1.0, 1.0],
        "right-anterior-superior" | "ras" => [-1.0, -1.0, 1.0],
        "left-anterior-superior" | "las" => [1.0, -1.0, 1.0],
        _ => return None,
    };
    let turned = |v: [f64; 3]| [0, 1, 2].map(|axis| signs[axis] * v[axis]);
    let origin = vectors(fields.get("space origin").ok()?).into_iter().next().flatten()?;
    let [x, y, z] = <[usize; 3]>::try_from(kept.to_vec()).ok()?.map(|axis| directions.get(axis).copied().flatten());
    Some(Geometry { origin: turned(origin), steps: [turned(x?), turned(y?), turned(z?)] })
}
