//! A volume of numbers in memory.

use crate::{geometry::Geometry, plane::Section, sample::Sample};

/// A label that may differ from a whole number by this much, as scaled values do.
const WHOLE: f64 = 1e-3;

/// A volume: sizes, place and values.
#[derive(Clone, Debug)]
pub struct Volume {
    /// Columns, rows and slices.
    pub sizes: [usize; 3],
    /// Place in the patient, where the file says it.
    pub geometry: Option<Geometry>,
    pub(crate) sample: Sample,
    pub(crate) big_endian: bool,
    /// Slope and intercept.
    pub(crate) scale: [f64; 2],
    /// As many as sizes and type ask for.
    pub(crate) bytes: Vec<u8>,
}

/// Voxels times bytes of a voxel; more than any file has where that is too large a number.
pub(crate) fn length(sizes: [usize; 3], bytes: usize) -> usize {
    sizes.iter().fold(bytes, |length, size| length.saturating_mul(*size))
}

/// A mask to be written.
#[derive(Clone, Copy, Debug)]
pub struct Voxels<'a> {
    /// Columns, rows and slices.
    pub sizes: [usize; 3],
    /// One value a voxel, columns fastest; as many as the sizes say.
    pub values: &'a [u8],
}

/// A value that is not a label.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error(
    "the voxel at column {}, row {}, slice {} (from 1) holds {value}; labels are whole numbers: save the mask as \
     integers",
    .voxel[0] + 1,
    .voxel[1] + 1,
    .voxel[2] + 1
)]
pub struct NoLabel {
    /// Where, from 0.
    pub voxel: [usize; 3],
    /// What.
    pub value: f64,
}

impl Volume {
    /// The value of a voxel.
    ///
    /// # Panics
    /// An index beyond [`Self::sizes`].
    pub fn value(&self, [x, y, z]: [usize; 3]) -> f64 {
        let [width, height, depth] = self.sizes;
        assert!(x < width && y < height && z < depth, "there is no voxel {x}, {y}, {z}");
        let length = self.sample.bytes();
        let at = ((z * height + y) * width + x) * length;
        let [slope, intercept] = self.scale;
        slope * self.sample.read(&self.bytes[at..at + length], self.big_endian) + intercept
    }

    /// The label of a voxel.
    ///
    /// # Errors
    /// A value that is not whole, such as NaN, with its place.
    ///
    /// # Panics
    /// As [`Self::value`].
    pub fn label(&self, voxel: [usize; 3]) -> Result<i64, NoLabel> {
        let value = self.value(voxel);
        let whole = value.is_finite() && (value - value.round()).abs() <= WHOLE;
        if whole { Ok(value.round() as i64) } else { Err(NoLabel { voxel, value }) }
    }

    /// The labels under a slice, row by row from the top left; outside of the volume they are 0.
    ///
    /// # Errors
    /// As [`Self::label`].
    pub fn labels(&self, section: &Section) -> Result<Vec<i64>, NoLabel> {
        let label = |voxel: [i64; 3]| {
            let inside = voxel.iter().zip(self.sizes).all(|(v, size)| (0..size as i64).contains(v));
            if inside { self.label(voxel.map(|v| v as usize)) } else { Ok(0) }
        };
        section.voxels().map(label).collect()
    }

    /// Whether a slice holds a label of at least 1.
    ///
    /// # Errors
    /// As [`Self::label`].
    pub fn occupied(&self, section: &Section) -> Result<bool, NoLabel> {
        Ok(self.labels(section)?.iter().any(|label| *label >= 1))
    }
}
