//! Which values a raster holds, and which of them fill areas of their own.

use std::collections::BTreeMap;

/// The most different values that are counted.
pub(super) const MOST: usize = 1024;

/// Of the pixels of a value, the share that must lie inside an area of it: a value that only lines an edge has none.
const AREA: f64 = 0.05;

/// How often a value occurs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Pixels.
    pub(super) all: usize,
    /// Pixels whose neighbours (of four, as many as there are) have the same value.
    pub(super) within: usize,
}

impl Count {
    /// Whether the value fills an area of its own.
    pub(super) fn is_area(self) -> bool {
        self.within > 0 && self.within as f64 >= AREA * self.all as f64
    }
}

/// Counts the values of a raster; `None` for more than [`MOST`].
pub(super) fn census<V: Copy + Ord>(values: &[V], width: usize) -> Option<BTreeMap<V, Count>> {
    let mut counts: BTreeMap<V, Count> = BTreeMap::new();
    let height = values.len() / width.max(1);
    for y in 0..height {
        let row = &values[y * width..(y + 1) * width];
        let mut x = 0;
        // Runs of one value, which are long in a mask.
        while x < width {
            let value = row[x];
            let end = row[x..].iter().position(|v| *v != value).map_or(width, |length| x + length);
            let same = |y: usize, x: usize| values[y * width + x] == value;
            let first = if x == 0 { 0 } else { x + 1 };
            let last = if end == width { width } else { end - 1 };
            let within = (first..last.max(first))
                .filter(|x| (y == 0 || same(y - 1, *x)) && (y + 1 == height || same(y + 1, *x)))
                .count();
            let count = counts.entry(value).or_default();
            count.all += end - x;
            count.within += within;
            if counts.len() > MOST {
                return None;
            }
            x = end;
        }
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_value_that_lines_an_edge_is_not_an_area() {
        let (width, height) = (12, 9);
        // A square of 2, lined by 1 all around.
        let level = |x: usize, y: usize| match (x.abs_diff(6).max(y.abs_diff(4))) as u8 {
            0..=2 => 2,
            3 => 1,
            _ => 0u8,
        };
        let values: Vec<u8> = (0..width * height).map(|i| level(i % width, i / width)).collect();
        let counts = census(&values, width).unwrap();
        assert_eq!((counts[&2], counts[&1].all), (Count { all: 25, within: 9 }, 24));
        assert!(counts[&0].is_area() && counts[&2].is_area() && !counts[&1].is_area(), "{counts:?}");
        let many: Vec<u16> = (0..2000).collect();
        assert_eq!(census(&many, 50), None);
    }
}
