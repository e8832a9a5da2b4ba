//! How the pixels of a frame are stored.

use dicom_dictionary_std::tags;

use super::{Attributes, DicomError};
use crate::MAX_SIDE;

/// What the samples of a pixel mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Photometric {
    /// Grey, white is high.
    Monochrome2,
    /// Grey, white is low.
    Monochrome1,
    Rgb,
    Palette,
    YbrFull,
    YbrFull422,
    /// What JPEG 2000 makes RGB of.
    YbrInside,
}

impl Photometric {
    pub(super) fn is_grey(self) -> bool {
        matches!(self, Self::Monochrome1 | Self::Monochrome2)
    }
}

/// How the pixels of a frame are stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// Columns and rows.
    pub(super) size: [usize; 2],
    pub(super) samples: usize,
    /// 8 or 16.
    pub(super) allocated: usize,
    pub(super) stored: usize,
    pub(super) high: usize,
    pub(super) signed: bool,
    /// Whether all of one colour come before the next.
    pub(super) planar: bool,
    pub(super) photometric: Photometric,
}

impl Layout {
    pub(super) fn of(attributes: Attributes) -> Result<Self, DicomError> {
        if [tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA].iter().any(|tag| attributes.0.get(*tag).is_some()) {
            return Err(DicomError::FloatPixels);
        }
        let side = |tag, name| {
            let count = attributes.count(tag, name)?;
            let fits = (1..=MAX_SIDE).contains(&count);
            if fits { Ok(count) } else { Err(DicomError::Value { name, value: count.to_string() }) }
        };
        let size = [side(tags::COLUMNS, "Columns")?, side(tags::ROWS, "Rows")?];
        let samples = attributes.whole(tags::SAMPLES_PER_PIXEL).unwrap_or(1);
        let name = attributes.text(tags::PHOTOMETRIC_INTERPRETATION);
        let photometric = match (name.as_deref(), samples) {
            (Some("MONOCHROME2") | None, 1) => Photometric::Monochrome2,
            (Some("MONOCHROME1"), 1) => Photometric::Monochrome1,
            (Some("PALETTE COLOR"), 1) => Photometric::Palette,
            (Some("RGB"), 3) => Photometric::Rgb,
            (Some("YBR_FULL"), 3) => Photometric::YbrFull,
            (Some("YBR_FULL_422"), 3) => Photometric::YbrFull422,
            (Some("YBR_RCT" | "YBR_ICT"), 3) => Photometric::YbrInside,
            _ => {
                let samples = usize::try_from(samples).unwrap_or(0);
                return Err(DicomError::Photometric { found: name.unwrap_or_else(|| "missing".into()), samples });
            }
        };
        let allocated = attributes.count(tags::BITS_ALLOCATED, "BitsAllocated")?;
        let bits = |tag| attributes.whole(tag).and_then(|v| usize::try_from(v).ok());
        let stored = bits(tags::BITS_STORED).unwrap_or(allocated);
        let high = bits(tags::HIGH_BIT).unwrap_or(stored.saturating_sub(1));
        let colour = samples == 3 && allocated != 8;
        if !matches!(allocated, 8 | 16)
            || colour
            || !(1..=allocated).contains(&stored)
            || high + 1 < stored
            || high >= allocated
        {
            return Err(DicomError::Bits { allocated, stored, high });
        }
        Ok(Self {
            size,
            samples: samples as usize,
            allocated,
            stored,
            high,
            signed: attributes.whole(tags::PIXEL_REPRESENTATION).unwrap_or(0) == 1,
            planar: attributes.whole(tags::PLANAR_CONFIGURATION).unwrap_or(0) == 1,
            photometric,
        })
    }

    /// Pixels of a frame.
    pub(super) fn pixels(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// A stored value. What lies above and below the stored bits may be anything.
    pub(super) fn value(&self, word: u16) -> i32 {
        let value = (i32::from(word) >> (self.high + 1 - self.stored)) & ((1 << self.stored) - 1);
        if self.signed && value >> (self.stored - 1) == 1 { value - (1 << self.stored) } else { value }
    }
}
