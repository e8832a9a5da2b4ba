//! GrabCut: iterated colour models and minimum cuts.
//!
//! Rother, Kolmogorov and Blake, "GrabCut: interactive foreground extraction using iterated graph cuts", ACM TOG 2004,
//! with the constants of its usual implementation (gamma 50, five components, eight neighbours).

use image::RgbImage;

use crate::max_flow::{DIRECTIONS, Grid, STEPS};
use crate::mixture::{Colour, MAX_COMPONENTS, Mixture, squared_distance};

/// Strength of the smoothness term (section 2.1 of the paper).
const GAMMA: f32 = 50.0;
/// Makes k-means, and with it the whole cut, repeatable.
const CLUSTER_SEED: u64 = 1;
/// Energies become integer capacities with this many steps a unit.
const STEPS_PER_UNIT: f32 = 256.0;
/// The largest colour energy that counts; beyond it a pixel is as unlikely as a pixel can be.
const ENERGY_LIMIT: f32 = 2000.0;
/// More than all joints of a pixel together, `50 * (4 + 4 / sqrt 2)` = 341 units: a pixel that is sure never changes
/// sides.
const SURE: i32 = (STEPS_PER_UNIT * 1000.0) as i32;

/// What is known of a pixel at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// Outside, whatever its colour.
    Background,
    /// Outside at first; may change.
    ProbableBackground,
    /// Inside at first; may change.
    ProbableForeground,
    /// Inside, whatever its colour.
    Foreground,
}

impl Seed {
    fn is_inside(self) -> bool {
        matches!(self, Seed::ProbableForeground | Seed::Foreground)
    }
}

/// An image ready to be cut, as often as there are sets of seeds.
pub struct GrabCut {
    width: usize,
    colours: Vec<Colour>,
    /// The grid with the joints between pixels, which depend on the image alone.
    joints: Grid,
}

impl GrabCut {
    /// Prepares an image of any size. The seeds of [`segment`](Self::segment) have one entry a pixel of it.
    pub fn new(image: &RgbImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let colours: Vec<Colour> = image.pixels().map(|p| p.0.map(f32::from)).collect();
        let joints = joints(&colours, width, height);
        Self { width, colours, joints }
    }

    /// Whether each pixel, row by row from the top left, is inside after `iterations` rounds of
    /// learning both colour models and cutting. Two rounds are enough in most pictures.
    ///
    /// Where the seeds leave one side without a pixel there is no colour model of it and nothing to
    /// cut. Then the answer is the seeds' own foreground.
    ///
    /// # Panics
    /// When there is not one seed a pixel.
    pub fn segment(&self, seeds: &[Seed], iterations: usize) -> Vec<bool> {
        assert_eq!(seeds.len(), self.colours.len(), "GrabCut needs one seed a pixel");
        let mut inside: Vec<bool> = seeds.iter().map(|s| s.is_inside()).collect();
        let mut models: Option<(Mixture, Mixture)> = None;
        for _ in 0..iterations {
            let (foreground, background) = self.split(&inside);
            if foreground.is_empty() || background.is_empty() {
                break;
            }
            let (front, back) = match models {
                None => (
                    Mixture::from_clusters(&foreground, MAX_COMPONENTS, CLUSTER_SEED),
                    Mixture::from_clusters(&background, MAX_COMPONENTS, CLUSTER_SEED),
                ),
                Some(models) => models,
            };
            let (front, back) = (front.refit(&foreground), back.refit(&background));
            inside = self.cut(seeds, &front, &back);
            models = Some((front, back));
        }
        inside
    }

    fn split(&self, inside: &[bool]) -> (Vec<Colour>, Vec<Colour>) {
        let pick = |side: bool| {
            self.colours.iter().zip(inside).filter(|(_, i)| **i == side).map(|(colour, _)| *colour).collect()
        };
        (pick(true), pick(false))
    }

    /// Cuts once: the source is the foreground, so a pixel on its side pays the energy of the foreground's model.
    fn cut(&self, seeds: &[Seed], front: &Mixture, back: &Mixture) -> Vec<bool> {
        let mut grid = self.joints.clone();
        for (at, (colour, seed)) in self.colours.iter().zip(seeds).enumerate() {
            let (from_source, to_sink) = match seed {
                Seed::Background => (0, SURE),
                Seed::Foreground => (SURE, 0),
                _ => (capacity(back.energy(colour)), capacity(front.energy(colour))),
            };
            grid.set_terminals(at % self.width, at / self.width, from_source, to_sink);
        }
        grid.cut().0
    }
}

/// A colour energy as a capacity. Energies may be negative where a model is narrow; one offset for both sides changes
/// no cut.
fn capacity(energy: f32) -> i32 {
    ((energy.clamp(-ENERGY_LIMIT, ENERGY_LIMIT) + ENERGY_LIMIT) * STEPS_PER_UNIT) as i32
}

/// Joins every pixel with its eight neighbours: `gamma / distance * exp(-beta |colour difference|^2)`, where
/// `1 / beta` is twice the mean of `|colour difference|^2` over all joints (equations 11 and 5 of the paper).
fn joints(colours: &[Colour], width: usize, height: usize) -> Grid {
    let mut grid = Grid::new(width, height);
    // One direction of each opposite pair.
    let pairs = || {
        (0..DIRECTIONS).step_by(2).flat_map(move |direction| {
            let (dx, dy) = STEPS[direction];
            (0..height).flat_map(move |y| {
                (0..width).filter_map(move |x| {
                    let other = (x.checked_add_signed(dx)?, y.checked_add_signed(dy)?);
                    (other.0 < width && other.1 < height).then_some((direction, x, y, other.1 * width + other.0))
                })
            })
        })
    };
    let difference = |x: usize, y: usize, other: usize| squared_distance(&colours[y * width + x], &colours[other]);
    let (mut sum, mut count) = (0.0f64, 0u32);
    for (_, x, y, other) in pairs() {
        sum += f64::from(difference(x, y, other));
        count += 1;
    }
    // In an image of one colour every difference is 0 and beta is of no matter.
    let beta = if sum > 0.0 { (f64::from(count) / (2.0 * sum)) as f32 } else { 0.0 };
    for (direction, x, y, other) in pairs() {
        let (dx, dy) = STEPS[direction];
        let length = ((dx * dx + dy * dy) as f32).sqrt();
        let strength = GAMMA / length * (-beta * difference(x, y, other)).exp();
        grid.join(x, y, direction, (strength * STEPS_PER_UNIT) as i32);
    }
    grid
}
