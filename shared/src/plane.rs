//! The two raster types that everything passes around: a map of numbers and a mask.

/// A single-channel map of `f32`, row by row from the top left.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// `width * height` values.
    pub data: Vec<f32>,
}

impl Plane {
    /// A map with the same value everywhere.
    pub fn filled(width: usize, height: usize, value: f32) -> Self {
        Self { width, height, data: vec![value; width * height] }
    }

    /// A map over existing values.
    ///
    /// # Panics
    /// When `data.len() != width * height`.
    pub fn from_vec(width: usize, height: usize, data: Vec<f32>) -> Self {
        assert_eq!(data.len(), width * height, "a plane of {width}x{height} needs {} values", width * height);
        Self { width, height, data }
    }

    /// The value at column `x`, row `y`.
    pub fn at(&self, x: usize, y: usize) -> f32 {
        self.data[y * self.width + x]
    }

    /// The mask of all pixels whose value is at least `level`.
    pub fn at_least(&self, level: f32) -> Mask {
        Mask::from_vec(self.width, self.height, self.data.iter().map(|v| *v >= level).collect())
    }

    /// The mask of all pixels whose value is above `level`; for logits and `level` 0 this is "sigmoid above one half".
    pub fn above(&self, level: f32) -> Mask {
        Mask::from_vec(self.width, self.height, self.data.iter().map(|v| *v > level).collect())
    }

    /// The mask of all pixels whose value is at most `level`.
    pub fn at_most(&self, level: f32) -> Mask {
        Mask::from_vec(self.width, self.height, self.data.iter().map(|v| *v <= level).collect())
    }

    /// Probabilities, of logits.
    pub fn sigmoid(&self) -> Self {
        let data = self.data.iter().map(|v| 1.0 / (1.0 + (-v).exp())).collect();
        Self::from_vec(self.width, self.height, data)
    }

    /// The largest value, or negative infinity for an empty plane.
    pub fn max(&self) -> f32 {
        self.data.iter().copied().fold(f32::NEG_INFINITY, f32::max)
    }
}

/// A binary mask, row by row from the top left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// `width * height` values, `true` inside.
    pub data: Vec<bool>,
}

impl Mask {
    /// An empty mask.
    pub fn empty(width: usize, height: usize) -> Self {
        Self { width, height, data: vec![false; width * height] }
    }

    /// A mask over existing values.
    ///
    /// # Panics
    /// When `data.len() != width * height`.
    pub fn from_vec(width: usize, height: usize, data: Vec<bool>) -> Self {
        assert_eq!(data.len(), width * height, "a mask of {width}x{height} needs {} values", width * height);
        Self { width, height, data }
    }

    /// Whether the pixel at column `x`, row `y` is inside.
    pub fn at(&self, x: usize, y: usize) -> bool {
        self.data[y * self.width + x]
    }

    /// The number of pixels inside.
    pub fn area(&self) -> usize {
        self.data.iter().filter(|v| **v).count()
    }

    /// Whether no pixel is inside.
    pub fn is_empty(&self) -> bool {
        !self.data.contains(&true)
    }

    /// Whether every pixel of `self` is also in `other`.
    pub fn is_subset_of(&self, other: &Mask) -> bool {
        self.data.len() == other.data.len() && self.data.iter().zip(&other.data).all(|(a, b)| !a || *b)
    }

    /// The connected parts, diagonal neighbours together, the largest first.
    pub fn parts(&self) -> Vec<Mask> {
        let (width, height) = (self.width, self.height);
        let mut left = self.clone();
        let mut found: Vec<(usize, Mask)> = Vec::new();
        let mut stack = Vec::new();
        for start in 0..left.data.len() {
            if !left.data[start] {
                continue;
            }
            let mut part = Mask::empty(width, height);
            let mut area = 0;
            left.data[start] = false;
            stack.push(start);
            while let Some(here) = stack.pop() {
                part.data[here] = true;
                area += 1;
                let (x, y) = (here % width, here / width);
                for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                    for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                        let next = ny * width + nx;
                        if left.data[next] {
                            left.data[next] = false;
                            stack.push(next);
                        }
                    }
                }
            }
            found.push((area, part));
        }
        found.sort_by_key(|(area, _)| std::cmp::Reverse(*area));
        found.into_iter().map(|(_, part)| part).collect()
    }

    /// The mask as 1.0 inside and 0.0 outside.
    pub fn to_plane(&self) -> Plane {
        Plane::from_vec(self.width, self.height, self.data.iter().map(|v| if *v { 1.0 } else { 0.0 }).collect())
    }
}

impl Plane {
    /// The map mirrored along the chosen axes.
    pub fn flip(&self, horizontal: bool, vertical: bool) -> Self {
        let mut data = Vec::with_capacity(self.data.len());
        mirror_rows(&self.data, self.width, horizontal, vertical, &mut data);
        Self { width: self.width, height: self.height, data }
    }
}

impl Mask {
    /// The mask mirrored along the chosen axes.
    pub fn flip(&self, horizontal: bool, vertical: bool) -> Self {
        let mut data = Vec::with_capacity(self.data.len());
        mirror_rows(&self.data, self.width, horizontal, vertical, &mut data);
        Self { width: self.width, height: self.height, data }
    }
}

/// Appends the rows of `data`, each `width` long, mirrored along the chosen axes.
pub(crate) fn mirror_rows<T: Copy>(data: &[T], width: usize, horizontal: bool, vertical: bool, out: &mut Vec<T>) {
    // An empty map has no rows, and no row can be 0 long.
    let rows = data.chunks_exact(width.max(1));
    let mut append = |row: &[T]| if horizontal { out.extend(row.iter().rev()) } else { out.extend_from_slice(row) };
    if vertical { rows.rev().for_each(&mut append) } else { rows.for_each(&mut append) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_by_size_and_hold_together_diagonally() {
        let rows = ["#....", ".#.##", "...##"];
        let mask = Mask::from_vec(5, 3, rows.iter().flat_map(|row| row.chars().map(|c| c == '#')).collect());
        let parts = mask.parts();
        assert_eq!(parts.iter().map(Mask::area).collect::<Vec<_>>(), [4, 2]);
        assert!(parts[1].at(0, 0) && parts[1].at(1, 1) && !parts[1].at(3, 1));
        assert!(Mask::empty(4, 4).parts().is_empty());
    }
}
