//! A mask as runs of pixels: small enough to keep hundreds of them.

use fovea_shared::plane::Mask;
use serde::{Deserialize, Serialize};

use crate::{engine::masks, protocol::Outline};

/// A mask. Most have a few thousand runs, however large the picture is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Lengths of runs, row by row: outside, inside, outside, ... Their sum is the number of pixels.
    runs: Vec<u32>,
}

/// Lengths of runs of equal values, the first of `false`.
fn runs(values: impl Iterator<Item = bool>) -> Vec<u32> {
    let (mut all, mut now) = (vec![0], false);
    for value in values {
        if value != now {
            all.push(0);
            now = value;
        }
        if let Some(last) = all.last_mut() {
            *last += 1;
        }
    }
    all
}

impl Shape {
    /// Of a mask.
    pub fn of_mask(mask: &Mask) -> Self {
        Self { width: mask.width as u32, height: mask.height as u32, runs: runs(mask.data.iter().copied()) }
    }

    /// What an outline encloses, at a size in pixels: a pixel is inside where its middle is (even-odd).
    pub fn of_outline(outline: &Outline, (width, height): (u32, u32)) -> Self {
        let mut lines: Vec<Vec<(f32, f32)>> = Vec::new();
        outline.for_each_point(|x, y, first| {
            if first {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push((x * width as f32, y * height as f32));
            }
        });
        // Where the border crosses the middle of each row.
        let mut crossings: Vec<Vec<f32>> = vec![Vec::new(); height as usize];
        for line in &lines {
            for (place, from) in line.iter().enumerate() {
                let to = &line[(place + 1) % line.len()];
                let (top, bottom) = if from.1 <= to.1 { (from, to) } else { (to, from) };
                let first = (top.1 - 0.5).ceil().max(0.0) as usize;
                for (row, crossings) in crossings.iter_mut().enumerate().skip(first) {
                    let y = row as f32 + 0.5;
                    if y >= bottom.1 {
                        break;
                    }
                    crossings.push(top.0 + (bottom.0 - top.0) * (y - top.1) / (bottom.1 - top.1));
                }
            }
        }
        let mut mask = Mask::empty(width as usize, height as usize);
        for (row, mut at) in crossings.into_iter().enumerate() {
            at.sort_by(f32::total_cmp);
            for pair in at.chunks_exact(2) {
                let column = |x: f32| ((x - 0.5).ceil().max(0.0) as usize).min(width as usize);
                let line = row * width as usize;
                mask.data[line + column(pair[0])..line + column(pair[1]).max(column(pair[0]))].fill(true);
            }
        }
        Self::of_mask(&mask)
    }

    /// The pixels. A damaged shape is filled up with outside.
    pub fn mask(&self) -> Mask {
        let mut mask = Mask::empty(self.width as usize, self.height as usize);
        let (mut at, mut inside) = (0, false);
        for run in &self.runs {
            let end = (at + *run as usize).min(mask.data.len());
            mask.data[at..end].fill(inside);
            (at, inside) = (end, !inside);
        }
        mask
    }

    /// The same at another size, with a smooth border.
    pub fn scaled(&self, size: (u32, u32)) -> Self {
        if size == (self.width, self.height) {
            return self.clone();
        }
        Self::of_outline(&masks::from_truth(&self.mask()), size)
    }

    /// Pixels inside.
    pub fn area(&self) -> u64 {
        self.runs.iter().skip(1).step_by(2).map(|run| u64::from(*run)).sum()
    }

    /// Its border, to be drawn.
    pub fn outline(&self) -> Outline {
        masks::from_truth(&self.mask())
    }

    /// Left, top, width and height of the smallest box around it, in pixels; zeros where it is empty.
    pub fn bounds(&self) -> [u32; 4] {
        let mask = self.mask();
        let (mut left, mut top, mut right, mut bottom) = (u32::MAX, u32::MAX, 0, 0);
        for y in 0..self.height {
            for x in 0..self.width {
                if mask.at(x as usize, y as usize) {
                    (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1));
                }
            }
        }
        if right == 0 { [0; 4] } else { [left, top, right - left, bottom - top] }
    }

    /// Runs column by column, as COCO counts them.
    pub fn columns(&self) -> Vec<u32> {
        let mask = self.mask();
        let (width, height) = (mask.width, mask.height);
        runs((0..width).flat_map(|x| (0..height).map(move |y| (x, y))).map(|(x, y)| mask.at(x, y)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disc(width: usize, height: usize) -> Mask {
        let inside = |i: usize| {
            let (x, y) = ((i % width) as f32 / width as f32 - 0.45, (i / width) as f32 / height as f32 - 0.6);
            let far = x * x + y * y;
            far < 0.08 && far > 0.01
        };
        Mask::from_vec(width, height, (0..width * height).map(inside).collect())
    }

    #[test]
    fn a_mask_comes_back_from_its_runs() {
        for mask in [disc(40, 30), Mask::empty(3, 2), Mask::from_vec(2, 2, vec![true; 4])] {
            let shape = Shape::of_mask(&mask);
            assert_eq!((shape.mask(), shape.area()), (mask.clone(), mask.area() as u64));
        }
        let damaged = Shape { width: 2, height: 2, runs: vec![1, 99, 3] };
        assert_eq!(damaged.mask().data, [false, true, true, true]);
    }

    #[test]
    fn an_outline_is_filled_as_the_mask_that_it_was_taken_from() {
        let mask = disc(120, 90);
        let shape = Shape::of_mask(&mask);
        let again = Shape::of_outline(&shape.outline(), (120, 90)).mask();
        let differ = mask.data.iter().zip(&again.data).filter(|(a, b)| a != b).count();
        assert!(differ * 20 < mask.area(), "{differ} of {}", mask.area());
        // The hole stays a hole, and a larger size has the same share.
        assert!(!again.at(54, 54));
        let large = shape.scaled((480, 360));
        let share = large.area() as f64 / shape.area() as f64 / 16.0;
        assert!((share - 1.0).abs() < 0.05, "{share}");
    }

    #[test]
    fn coco_counts_columns() {
        let mask = Mask::from_vec(3, 2, vec![false, true, true, false, false, true]);
        let shape = Shape::of_mask(&mask);
        assert_eq!(shape.columns(), [2, 1, 1, 2]);
        assert_eq!((shape.bounds(), shape.area()), ([1, 0, 2, 2], 3));
        assert_eq!(Shape::of_mask(&Mask::empty(3, 2)).bounds(), [0; 4]);
    }
}
