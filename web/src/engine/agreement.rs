//! How far several masks agree, pixel by pixel and two by two.

use fovea_shared::plane::Mask;

use super::masks::fit;
use crate::protocol::{Agreement, Blob, Heat};

/// Longest side of the map: fine enough for a canvas that is as wide as the stage.
const MAP_SIDE: usize = 512;

/// Masks of one size that are compared with each other, added one by one.
pub struct Tally {
    size: (usize, usize),
    /// How many masks include each pixel.
    counts: Vec<u8>,
    /// The masks, 64 pixels a word: 16 students of a large image have 120 pairs.
    packed: Vec<Vec<u64>>,
}

impl Tally {
    /// No mask yet, for masks of this width and height.
    pub fn new(size: (usize, usize)) -> Self {
        Self { size, counts: vec![0; size.0 * size.1], packed: Vec::new() }
    }

    /// Adds a mask.
    ///
    /// # Panics
    /// When it has another size: a programming error.
    pub fn add(&mut self, mask: &Mask) {
        assert_eq!((mask.width, mask.height), self.size, "masks to compare must have the same size");
        self.counts.iter_mut().zip(&mask.data).for_each(|(count, inside)| *count += u8::from(*inside));
        let word = |pixels: &[bool]| pixels.iter().rev().fold(0, |word, inside| (word << 1) | u64::from(*inside));
        self.packed.push(mask.data.chunks(64).map(word).collect());
    }

    /// What the masks have in common.
    pub fn agreement(&self) -> Agreement {
        let mut pixels = vec![0; self.packed.len() + 1];
        self.counts.iter().for_each(|count| pixels[usize::from(*count)] += 1);
        Agreement { students: self.packed.len() as u32, counts: self.map(), pixels, mean_iou: self.mean_iou() }
    }

    /// The counts on a grid of at most [`MAP_SIDE`]: those of the pixels under the middles of its cells.
    fn map(&self) -> Heat {
        let (width, height) = self.size;
        let (columns, rows) = fit(self.size, MAP_SIDE);
        let under = |cell: usize, cells: usize, side: usize| (2 * cell + 1) * side / (2 * cells);
        let at = |cell: usize| {
            let (x, y) = (under(cell % columns, columns, width), under(cell / columns, rows, height));
            self.counts[y * width + x]
        };
        Heat { size: (columns as u32, rows as u32), values: Blob((0..columns * rows).map(at).collect()) }
    }

    fn mean_iou(&self) -> Option<f32> {
        let pairs = self.packed.iter().enumerate().flat_map(|(i, a)| self.packed[..i].iter().map(move |b| iou(a, b)));
        let (sum, count) = pairs.fold((0.0, 0_usize), |(sum, count), iou| (sum + iou, count + 1));
        (count > 0).then(|| (sum / count as f64) as f32)
    }
}

/// Intersection over union of two packed masks; 1 for two empty ones.
fn iou(a: &[u64], b: &[u64]) -> f64 {
    let (both, any) = a.iter().zip(b).fold((0, 0), |(both, any), (a, b)| {
        (both + u64::from((a & b).count_ones()), any + u64::from((a | b).count_ones()))
    });
    if any == 0 { 1.0 } else { both as f64 / any as f64 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::metrics::segmentation;

    use super::*;

    /// A mask of the columns `from..to`.
    fn columns(size: (usize, usize), from: usize, to: usize) -> Mask {
        Mask::from_vec(size.0, size.1, (0..size.0 * size.1).map(|i| (from..to).contains(&(i % size.0))).collect())
    }

    fn agreement(size: (usize, usize), masks: &[Mask]) -> Agreement {
        let mut tally = Tally::new(size);
        masks.iter().for_each(|mask| tally.add(mask));
        tally.agreement()
    }

    #[test]
    fn every_pixel_counts_the_masks_that_include_it() {
        let size = (5, 2);
        let found = agreement(size, &[columns(size, 0, 3), columns(size, 1, 4), columns(size, 2, 3)]);
        assert_eq!((found.students, found.counts.size), (3, (5, 2)));
        assert_eq!(found.counts.values.0, [1, 2, 3, 1, 0, 1, 2, 3, 1, 0]);
        assert_eq!(found.pixels, [2, 4, 2, 2]);
    }

    #[test]
    fn the_mean_iou_is_that_of_the_metrics_over_every_pair() {
        // More than one word of 64 pixels, and a rest.
        let size = (30, 7);
        let masks = [columns(size, 0, 20), columns(size, 10, 25), columns(size, 29, 30), Mask::empty(30, 7)];
        let mut sum = 0.0;
        for (i, a) in masks.iter().enumerate() {
            sum += masks[..i].iter().map(|b| segmentation(a, b).iou).sum::<f64>();
        }
        let found = agreement(size, &masks).mean_iou.unwrap();
        assert!((f64::from(found) - sum / 6.0).abs() < 1e-6, "{found} {sum}");
    }

    #[test]
    fn one_mask_has_nobody_to_agree_with_and_empty_ones_agree() {
        let size = (4, 4);
        assert_eq!(agreement(size, &[]).pixels, [16]);
        assert_eq!(agreement(size, &[columns(size, 0, 1)]).mean_iou, None);
        assert_eq!(agreement(size, &[Mask::empty(4, 4), Mask::empty(4, 4)]).mean_iou, Some(1.0));
    }

    #[test]
    fn the_map_of_a_large_image_is_smaller_and_lies_where_the_masks_lie() {
        let size = (2048, 1024);
        let found = agreement(size, &[columns(size, 0, 1024), columns(size, 0, 2048)]);
        assert_eq!(found.counts.size, (512, 256));
        assert_eq!(found.counts.values.0[..512].iter().position(|count| *count == 1), Some(256));
        assert_eq!(found.pixels, [0, 1024 * 1024, 1024 * 1024]);
    }
}
