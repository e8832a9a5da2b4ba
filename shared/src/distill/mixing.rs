//! The perturbation of the released CWC: noise, then CutMix within the batch.

use burn::tensor::{Tensor, TensorData};
use rand::{Rng, RngExt, seq::SliceRandom};

use crate::image::INPUT_SIDE;

/// Largest noise on a normalised pixel value.
const NOISE: f32 = 0.2;

/// For every image of a batch: whose part it takes, and which part, in pixels of the input (ends not included).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cuts {
    /// `[batch]`: donor, and its box `[left, top, right, bottom]`.
    pub cuts: Vec<(usize, [usize; 4])>,
}

impl Cuts {
    /// Draws donors (a permutation) and boxes: one area share `1 - lambda`, `lambda ~ Beta(4, 4)`,
    /// for the batch; a centre for each image, not in the first eighth of either axis (released
    /// code).
    pub fn draw(batch: usize, rng: &mut impl Rng) -> Self {
        let mut donors: Vec<usize> = (0..batch).collect();
        donors.shuffle(rng);
        // The fourth smallest of seven uniform draws is distributed as Beta(4, 4).
        let mut draws: [f64; 7] = std::array::from_fn(|_| rng.random_range(0.0..1.0));
        draws.sort_by(f64::total_cmp);
        let side = (INPUT_SIDE as f64 * (1.0 - draws[3]).sqrt()) as usize;
        let mut span = || {
            let centre = rng.random_range(INPUT_SIDE / 8..INPUT_SIDE);
            (centre.saturating_sub(side / 2), (centre + side / 2).min(INPUT_SIDE))
        };
        let cuts = donors
            .into_iter()
            .map(|donor| {
                let ((left, right), (top, bottom)) = (span(), span());
                (donor, [left, top, right, bottom])
            })
            .collect();
        Self { cuts }
    }

    /// Mixes maps `[batch, channels, side, side]` of any side; a cell takes part by its centre.
    pub fn mix(&self, maps: Tensor<4>) -> Tensor<4> {
        let side = maps.dims()[3];
        let device = maps.device();
        let inside = |span: (usize, usize), i: usize| {
            let centre = (i as f64 + 0.5) * INPUT_SIDE as f64 / side as f64;
            centre >= span.0 as f64 && centre < span.1 as f64
        };
        let rows = self.cuts.iter().map(|(donor, [left, top, right, bottom])| {
            let values: Vec<f32> = (0..side * side)
                .map(|i| f32::from(u8::from(inside((*left, *right), i % side) && inside((*top, *bottom), i / side))))
                .collect();
            (*donor, values)
        });
        let (donors, boxes): (Vec<usize>, Vec<Vec<f32>>) = rows.unzip();
        let count = donors.len();
        let taken = Tensor::<4>::from_data(TensorData::new(boxes.concat(), [count, 1, side, side]), &device);
        let foreign = Tensor::cat(donors.into_iter().map(|d| maps.clone().narrow(0, d, 1)).collect(), 0);
        foreign * taken.clone() + maps * taken.neg().add_scalar(1.0)
    }
}

/// Images with uniform noise from -.2 to .2 on every normalised value.
pub fn noisy(images: Tensor<4>, rng: &mut impl Rng) -> Tensor<4> {
    let shape = images.dims();
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| rng.random_range(-NOISE..NOISE)).collect();
    let noise = Tensor::from_data(TensorData::new(values, shape), &images.device());
    images + noise
}
