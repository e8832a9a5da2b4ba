//! The data of an NRRD file.

use super::{
    NrrdError,
    header::{Encoding, Header},
};
use crate::{
    gzip,
    sample::Sample,
    volume::{Volume, length},
};

impl Header {
    /// The volume from its data: what follows the header, or the files that it names, in their
    /// order.
    ///
    /// # Errors
    /// Data that end early or that are damaged. Nothing is reserved for what is not there.
    pub fn volume(&self, data: &[&[u8]]) -> Result<Volume, NrrdError> {
        let count = length(self.sizes, 1);
        let (sample, bytes) = match self.encoding {
            Encoding::Ascii => (Sample::F64, self.ascii(data, count)?),
            Encoding::Raw | Encoding::Gzip => {
                (self.sample, self.binary(data, length(self.sizes, self.sample.bytes()))?)
            }
        };
        let big_endian = self.big_endian && self.encoding != Encoding::Ascii;
        Ok(Volume { sizes: self.sizes, geometry: self.geometry, sample, big_endian, scale: [1.0, 0.0], bytes })
    }

    /// The numbers of a text, as eight bytes each.
    fn ascii(&self, data: &[&[u8]], count: usize) -> Result<Vec<u8>, NrrdError> {
        let mut bytes = Vec::new();
        for file in data {
            let text = String::from_utf8_lossy(skip_lines(file, self.line_skip));
            let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
            for word in words.take(count - bytes.len() / 8) {
                // NaN is a number here; the reader of labels names it.
                let value: f64 = word
                    .parse()
                    .map_err(|_| NrrdError::Number { field: "data", word: word.chars().take(20).collect() })?;
                bytes.extend(value.to_le_bytes());
            }
        }
        if bytes.len() / 8 < count {
            return Err(NrrdError::Short { found: bytes.len() / 8, wanted: count, unit: "numbers" });
        }
        Ok(bytes)
    }

    fn binary(&self, data: &[&[u8]], length: usize) -> Result<Vec<u8>, NrrdError> {
        let mut bytes = Vec::new();
        for file in data {
            let left = length - bytes.len();
            let file = skip_lines(file, self.line_skip);
            let unpacked = match self.encoding {
                Encoding::Gzip => {
                    let most = left.saturating_add(self.byte_skip.unwrap_or(0));
                    Some(gzip::inflate(file, most).map_err(|e| NrrdError::Gzip(e.to_string()))?)
                }
                _ => None,
            };
            let all = unpacked.as_deref().unwrap_or(file);
            let rest = match self.byte_skip {
                Some(skip) => all.get(skip..).unwrap_or_default(),
                None => all.len().checked_sub(left).map_or(all, |at| &all[at..]),
            };
            bytes.extend_from_slice(&rest[..rest.len().min(left)]);
        }
        if bytes.len() < length {
            return Err(NrrdError::Short { found: bytes.len(), wanted: length, unit: "bytes" });
        }
        Ok(bytes)
    }
}

fn skip_lines(mut bytes: &[u8], lines: usize) -> &[u8] {
    for _ in 0..lines {
        let Some(end) = bytes.iter().position(|b| *b == b'\n') else { return &[] };
        bytes = &bytes[end + 1..];
    }
    bytes
}
