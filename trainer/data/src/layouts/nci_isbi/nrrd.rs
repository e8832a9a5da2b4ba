//! The part of NRRD (<https://teem.sourceforge.net/nrrd/format.html>) that label volumes use: three dimensions, integers, raw or
//! gzip, header and data in one file. crates.io has no reader that is kept up, so this one is our own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, copy, sink};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use flate2::read::MultiGzDecoder;
use fovea_shared::image::MAX_SIDE;

/// More slices than any series has; a larger number is a damaged header.
const MAX_SLICES: usize = 10_000;

/// Longest accepted header line, in bytes.
const MAX_LINE: u64 = 64 << 10;

/// A whole number as a volume stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sample {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
}

impl Sample {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "uchar" | "unsigned char" | "uint8" | "uint8_t" => Self::U8,
            "signed char" | "int8" | "int8_t" => Self::I8,
            "ushort" | "unsigned short" | "unsigned short int" | "uint16" | "uint16_t" => Self::U16,
            "short" | "short int" | "signed short" | "signed short int" | "int16" | "int16_t" => Self::I16,
            "uint" | "unsigned int" | "uint32" | "uint32_t" => Self::U32,
            "int" | "signed int" | "int32" | "int32_t" => Self::I32,
            _ => return None,
        })
    }

    fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 => 4,
        }
    }

    fn read(self, bytes: &[u8], big_endian: bool) -> i64 {
        let mut value = [0; 4];
        value[..bytes.len()].copy_from_slice(bytes);
        if big_endian {
            value[..bytes.len()].reverse();
        }
        let value = u32::from_le_bytes(value);
        match self {
            Self::U8 | Self::U16 | Self::U32 => i64::from(value),
            Self::I8 => i64::from(value as u8 as i8),
            Self::I16 => i64::from(value as u16 as i16),
            Self::I32 => i64::from(value as i32),
        }
    }
}

/// Where the voxels lie in the patient, in mm, left-posterior-superior as in DICOM.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// Centre of the first voxel.
    pub origin: [f64; 3],
    /// The step to the next column, row and slice.
    pub steps: [[f64; 3]; 3],
}

impl Geometry {
    /// Centre of the first voxel of slice `z`.
    pub fn slice_origin(&self, z: usize) -> [f64; 3] {
        [0, 1, 2].map(|axis| self.origin[axis] + z as f64 * self.steps[2][axis])
    }
}

/// What the header says.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Columns, rows and slices.
    pub sizes: [usize; 3],
    /// Position in the patient, where the file gives one.
    pub geometry: Option<Geometry>,
    sample: Sample,
    big_endian: bool,
    gzip: bool,
}

/// Reads the header alone.
///
/// # Errors
/// A file that cannot be read, that is no NRRD, or one in a form that is not read here; the form is named.
pub fn header(path: &Path) -> Result<Header> {
    open(path).map(|(header, _)| header)
}

/// The labels of slice `z`, row by row from the top left.
///
/// # Errors
/// As [`header`]; a slice that the volume has not, and data that end early.
pub fn slice(path: &Path, z: usize) -> Result<(Header, Vec<i64>)> {
    let (header, mut data) = open(path)?;
    let [width, height, depth] = header.sizes;
    ensure!(z < depth, "{} has {depth} slices; there is no slice {z} (from 0)", path.display());
    let length = width * height * header.sample.bytes();
    let before = (z * length) as u64;
    let cut = || format!("the data of {} end before slice {z}", path.display());
    let passed = copy(&mut (&mut data).take(before), &mut sink()).with_context(cut)?;
    ensure!(passed == before, cut());
    let labels = next_slice(&header, &mut data, length).with_context(cut)?;
    Ok((header, labels))
}

/// For every slice whether it holds a label of at least 1, in one pass.
///
/// # Errors
/// As [`slice()`].
pub fn occupied(path: &Path) -> Result<(Header, Vec<bool>)> {
    let (header, mut data) = open(path)?;
    let [width, height, depth] = header.sizes;
    let length = width * height * header.sample.bytes();
    let holds = |z| -> Result<bool> {
        let labels = next_slice(&header, &mut data, length)
            .with_context(|| format!("the data of {} end before slice {z}", path.display()))?;
        Ok(labels.iter().any(|label| *label >= 1))
    };
    let occupied = (0..depth).map(holds).collect::<Result<_>>()?;
    Ok((header, occupied))
}

fn next_slice(header: &Header, data: &mut impl Read, length: usize) -> Result<Vec<i64>> {
    // As long as the data are: a header alone can ask for a gigabyte.
    let mut bytes = Vec::new();
    data.take(length as u64).read_to_end(&mut bytes)?;
    ensure!(bytes.len() == length, "there are {} bytes of {length}", bytes.len());
    Ok(bytes.chunks_exact(header.sample.bytes()).map(|b| header.sample.read(b, header.big_endian)).collect())
}

/// The header, and a reader that stands at the first voxel.
fn open(path: &Path) -> Result<(Header, Box<dyn Read>)> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut reader = BufReader::new(file);
    let header = parse(&mut reader).with_context(|| format!("{} is not a label volume as expected", path.display()))?;
    let data: Box<dyn Read> = if header.gzip { Box::new(MultiGzDecoder::new(reader)) } else { Box::new(reader) };
    Ok((header, data))
}

fn parse(reader: &mut impl BufRead) -> Result<Header> {
    let mut line = || -> Result<String> {
        let mut bytes = Vec::new();
        reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes)?;
        ensure!(bytes.ends_with(b"\n"), "the header does not end");
        Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
    };
    ensure!(line()?.starts_with("NRRD000"), "it does not begin with `NRRD000`");
    let mut fields = BTreeMap::new();
    loop {
        let text = line()?;
        if text.is_empty() {
            break;
        }
        // `#` begins a comment, and `key:=value` is a note that means nothing to the format.
        if let Some((field, value)) = text.split_once(": ").filter(|_| !text.starts_with('#')) {
            fields.insert(field.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    let field = |name: &str| fields.get(name).map(String::as_str).with_context(|| format!("it has no field `{name}`"));
    for unread in ["data file", "datafile", "line skip", "lineskip", "byte skip", "byteskip"] {
        ensure!(!fields.contains_key(unread), "the field `{unread}` is not read: save it as one .nrrd file");
    }
    let kind = field("type")?;
    let Some(sample) = Sample::of(kind) else { bail!("labels of type `{kind}` are not read: save them as integers") };
    let encoding = field("encoding")?;
    let gzip = match encoding {
        "gzip" | "gz" => true,
        "raw" => false,
        _ => bail!("the encoding `{encoding}` is not read: save it as gzip or raw"),
    };
    let sizes = numbers(field("sizes")?)?;
    ensure!(sizes.len() == 3, "it has {} dimensions, not 3", sizes.len());
    let limits = [MAX_SIDE as usize, MAX_SIDE as usize, MAX_SLICES];
    ensure!(
        sizes.iter().zip(limits).all(|(size, limit)| *size >= 1.0 && *size <= limit as f64 && size.fract() == 0.0),
        "its sizes `{}` cannot be",
        field("sizes")?
    );
    let big_endian = match fields.get("endian").map(String::as_str) {
        Some("big") => true,
        Some("little") => false,
        _ if sample.bytes() == 1 => false,
        _ => bail!("it has no field `endian`, which numbers of several bytes need"),
    };
    Ok(Header {
        sizes: [sizes[0], sizes[1], sizes[2]].map(|v| v as usize),
        geometry: geometry(&fields),
        sample,
        big_endian,
        gzip,
    })
}

/// The position in the patient; `None` where it is missing or in a space that is not the patient's.
fn geometry(fields: &BTreeMap<String, String>) -> Option<Geometry> {
    let signs = match fields.get("space")?.to_ascii_lowercase().as_str() {
        "left-posterior-superior" | "lps" => [1.0, 1.0, 1.0],
        "right-anterior-superior" | "ras" => [-1.0, -1.0, 1.0],
        "left-anterior-superior" | "las" => [1.0, -1.0, 1.0],
        _ => return None,
    };
    let vector = |text: &str| -> Option<[f64; 3]> {
        let numbers = numbers(&text.replace(['(', ')', ','], " ")).ok()?;
        (numbers.len() == 3).then(|| [0, 1, 2].map(|axis| signs[axis] * numbers[axis]))
    };
    let directions: Vec<_> = fields.get("space directions")?.split(')').filter_map(vector).collect();
    Some(Geometry { origin: vector(fields.get("space origin")?)?, steps: directions.try_into().ok()? })
}

fn numbers(text: &str) -> Result<Vec<f64>> {
    let number = |word: &str| {
        word.parse().ok().filter(|v: &f64| v.is_finite()).with_context(|| format!("`{word}` is not a number"))
    };
    text.split_whitespace().map(number).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn file(header: &str, data: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        write!(file, "NRRD0004\n# a comment: of no meaning\n{header}\n\n").unwrap();
        file.write_all(data).unwrap();
        file
    }

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn reads_bytes_and_words_of_either_order() {
        let labels = [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0i16];
        let little: Vec<u8> = labels.iter().flat_map(|v| v.to_le_bytes()).collect();
        let big: Vec<u8> = labels.iter().flat_map(|v| v.to_be_bytes()).collect();
        let bytes: Vec<u8> = labels.iter().map(|v| *v as u8).collect();
        let head = |kind: &str, more: &str| format!("type: {kind}\ndimension: 3\nsizes: 3 2 2\n{more}");
        for (head, data) in [
            (head("short", "endian: little\nencoding: gzip"), gzip(&little)),
            (head("int16", "endian: big\nencoding: raw"), big),
            (head("unsigned char", "encoding: gz"), gzip(&bytes)),
        ] {
            let file = file(&head, &data);
            assert_eq!(header(file.path()).unwrap().sizes, [3, 2, 2]);
            assert_eq!(slice(file.path(), 0).unwrap().1, [0, 0, 0, 0, 0, 0]);
            assert_eq!(slice(file.path(), 1).unwrap().1, [1, 2, 0, 0, 0, 0]);
            assert_eq!(occupied(file.path()).unwrap().1, [false, true]);
            assert!(slice(file.path(), 2).unwrap_err().to_string().contains("2 slices"));
        }
        let negative = file(&head("short", "endian: little\nencoding: raw"), &[[255, 255]; 12].concat());
        assert_eq!(slice(negative.path(), 0).unwrap().1, [-1; 6]);
    }

    #[test]
    fn knows_where_it_lies() {
        let of = |space: &str| {
            let text = format!(
                "type: uchar\nspace: {space}\nsizes: 1 1 2\nspace directions: (0.5,0,0) (0,0.4,-0.1) (0,-0.3,2.9)\n\
                 encoding: raw\nspace origin: (-10,20,30.5)"
            );
            header(file(&text, &[0, 0]).path()).unwrap().geometry
        };
        let lps = of("left-posterior-superior").unwrap();
        assert_eq!((lps.origin, lps.steps[2]), ([-10.0, 20.0, 30.5], [0.0, -0.3, 2.9]));
        assert_eq!(lps.slice_origin(2), [-10.0, 19.4, 36.3]);
        assert_eq!(of("RAS").unwrap().slice_origin(1), [10.0, -19.7, 33.4]);
        assert_eq!(of("scanner-xyz"), None);
    }

    #[test]
    fn refuses_with_the_reason() {
        let fails = |text: &str, data: &[u8]| format!("{:#}", slice(file(text, data).path(), 0).unwrap_err());
        let good = "type: uchar\nsizes: 2 2 1\nencoding: raw";
        assert!(slice(file(good, &[1; 4]).path(), 0).is_ok());
        assert!(fails(good, &[1; 3]).contains("end before slice 0"));
        assert!(fails("type: uchar\nsizes: 2 2 1\nencoding: gzip", &[1; 4]).contains("end before"));
        assert!(fails("type: float\nsizes: 2 2 1\nencoding: raw", &[]).contains("`float`"));
        assert!(fails("type: short\nsizes: 2 2 1\nencoding: raw", &[]).contains("`endian`"));
        assert!(fails("type: uchar\nsizes: 2 2 1\nencoding: bzip2", &[]).contains("bzip2"));
        assert!(fails("type: uchar\nsizes: 2 2\nencoding: raw", &[]).contains("2 dimensions"));
        assert!(fails("type: uchar\nsizes: 2 2 99999999999\nencoding: raw", &[]).contains("cannot be"));
        assert!(fails("type: uchar\nsizes: 2 2 1\nencoding: raw\ndata file: x.raw", &[]).contains("data file"));
        assert!(fails("type: uchar", &[]).contains("no field `encoding`"));
        let mut junk = tempfile::NamedTempFile::new().unwrap();
        junk.write_all(b"not that").unwrap();
        assert!(format!("{:#}", header(junk.path()).unwrap_err()).contains("header"));
    }
}
