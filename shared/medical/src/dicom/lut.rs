//! Tables of levels and colours.

use dicom_core::Tag;

use super::{Attributes, DicomError, layout::Layout};

/// A table: stored value -> entry.
pub(super) struct Lut {
    first: i32,
    entries: Vec<u16>,
}

impl Lut {
    /// A table from its descriptor and data.
    pub(super) fn of(
        attributes: Attributes,
        [descriptor, data]: [Tag; 2],
        name: &'static str,
        layout: &Layout,
    ) -> Result<Self, DicomError> {
        let refused = || DicomError::Table(name);
        let described = attributes.numbers(descriptor);
        let [count, first, bits] = <[f64; 3]>::try_from(described).map_err(|_| refused())?.map(|v| v as i32);
        // 65,536 entries do not fit in the word and are written as 0.
        let count = if count == 0 { 65_536 } else { (count & 0xffff) as usize };
        let first = if layout.signed && first > 0x7fff { first - 0x1_0000 } else { first };
        let bytes = attributes.bytes(data).ok_or_else(refused)?;
        let entries: Vec<u16> = if bytes.len() >= 2 * count {
            bytes.chunks_exact(2).take(count).map(|b| u16::from_ne_bytes([b[0], b[1]])).collect()
        } else if bits == 8 && bytes.len() >= count {
            bytes[..count].iter().map(|b| u16::from(*b)).collect()
        } else {
            return Err(refused());
        };
        if entries.is_empty() { Err(refused()) } else { Ok(Self { first, entries }) }
    }

    /// The entry of a value; values beyond the ends have the entries at the ends.
    pub(super) fn at(&self, value: i32) -> u16 {
        let last = self.entries.len() - 1;
        let index = (i64::from(value) - i64::from(self.first)).clamp(0, last as i64);
        self.entries[index as usize]
    }

    /// The largest entry.
    pub(super) fn largest(&self) -> u16 {
        self.entries.iter().copied().max().unwrap_or(0)
    }
}
