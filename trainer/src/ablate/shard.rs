//! `--shard i/n`: which cells of a grid are one process's own.

use std::{fmt, str::FromStr};

/// The `index`-th of `count` parts, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// Whether the cell at `place` of the grid, from 0, is of this part. Every cell is of exactly one part.
    pub(crate) fn holds(self, cell: usize) -> bool {
        cell % self.count == self.index - 1
    }
}

impl Default for Shard {
    /// Everything.
    fn default() -> Self {
        Self { index: 1, count: 1 }
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(i, n)| Some((i.trim().parse().ok()?, n.trim().parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self { index, count }),
            _ => Err(format!("`{text}` is not a part: write I/N with I from 1 to N, like 1/4")),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_cell_is_of_exactly_one_part() {
        for count in 1..7 {
            let shards: Vec<Shard> = (1..=count).map(|i| format!("{i}/{count}").parse().unwrap()).collect();
            for cell in 0..40 {
                assert_eq!(shards.iter().filter(|s| s.holds(cell)).count(), 1, "cell {cell} of {count} parts");
            }
            let sizes: Vec<usize> = shards.iter().map(|s| (0..40).filter(|p| s.holds(*p)).count()).collect();
            assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1, "{sizes:?}");
        }
        assert!((0..9).all(|cell| Shard::default().holds(cell)));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["0/3", "4/3", "1/0", "1", "a/b", "", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        assert_eq!("2/3".parse::<Shard>().unwrap().to_string(), "2/3");
    }
}
