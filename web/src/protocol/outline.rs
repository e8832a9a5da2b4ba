//! Masks, maps and bytes as they cross between engine and app.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A mask as the app needs it: its contour and its figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// Number of points of each closed loop; holes are loops of their own (even-odd rule).
    pub loops: Vec<u32>,
    /// `x, y` of every point as fractions of width and height, `f32` little-endian.
    pub points: Blob,
    /// Width and height of the mask that the figures were taken from, in pixels.
    pub size: (u32, u32),
    /// Pixels inside.
    pub area: u32,
    /// FNV-1a of the mask's bytes, 16 hexadecimal digits.
    pub hash: String,
    /// Dice against the true mask, where it is known, at its native size.
    pub dice: Option<f32>,
}

impl Outline {
    /// The part of the image that is inside, 0 to 1.
    pub fn share(&self) -> f32 {
        self.area as f32 / (self.size.0 as f32 * self.size.1 as f32).max(1.0)
    }

    /// Calls `point(x, y, first)` for every point, `first` at the start of each loop.
    pub fn for_each_point(&self, mut point: impl FnMut(f32, f32, bool)) {
        let mut values = self.points.0.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        for length in &self.loops {
            for i in 0..*length {
                let (Some(x), Some(y)) = (values.next(), values.next()) else { return };
                point(x, y, i == 0);
            }
        }
    }
}

/// Bytes that cross as a `Uint8Array`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Blob(pub Vec<u8>);

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl serde::de::Visitor<'_> for Bytes {
            type Value = Blob;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, v: &[u8]) -> Result<Blob, E> {
                Ok(Blob(v.to_vec()))
            }
            fn visit_byte_buf<E>(self, v: Vec<u8>) -> Result<Blob, E> {
                Ok(Blob(v))
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}

/// A heat map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heat {
    /// Width and height.
    pub size: (u32, u32),
    /// 0 to 255, row by row.
    pub values: Blob,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_come_back_loop_by_loop() {
        let values = [0.0_f32, 0.25, 0.5, 0.75, 1.0, 1.0];
        let outline = Outline {
            loops: vec![2, 1],
            points: Blob(values.iter().flat_map(|v| v.to_le_bytes()).collect()),
            size: (10, 10),
            area: 25,
            hash: String::new(),
            dice: None,
        };
        let mut seen = Vec::new();
        outline.for_each_point(|x, y, first| seen.push((x, y, first)));
        assert_eq!(seen, [(0.0, 0.25, true), (0.5, 0.75, false), (1.0, 1.0, true)]);
        assert!((outline.share() - 0.25).abs() < 1e-6);
    }
}
