//! The scanner: coil sensitivity, sharpness, noise, and the window in which the slice is shown.

use image::{Rgb, RgbImage};

use super::super::filter::blur;
use super::super::math::{cos, exp, pow, sin, v3};
use super::super::noise::noise3;
use super::super::random::Draws;
use super::shape::Place;

/// Entries of the window's table.
const CURVE_STEPS: usize = 2048;
/// Share of slices that show little more than the gland: few protocols do.
const CLOSE_VIEWS: f32 = 0.2;
/// How far a patient lies turned at most, radians: about 5 degrees.
const MOST_TURN: f32 = 0.09;

/// How a slice is taken.
pub(super) struct Scanner {
    /// Pixels a mm.
    pub(super) scale: f32,
    /// Where the gland's middle lies in the picture, as shares of its sides.
    middle: (f32, f32),
    /// Cosine and sine of the angle by which the patient lies turned.
    turn: (f32, f32),
    width: usize,
    height: usize,
    /// Strength of the coil in the rectum, if there is one.
    endorectal: f32,
    surface: f32,
    uneven: f32,
    /// Standard deviation of the blur, mm.
    sharpness: f32,
    noise: f32,
    contrast: f32,
    window: f32,
    seed: u32,
}

impl Scanner {
    pub(super) fn draw(draws: &mut Draws, width: usize, height: usize) -> Self {
        // What the shorter side shows, mm: mostly the whole pelvis, as in common protocols (about
        // 180 to 200 mm), sometimes little more than the gland.
        let view = if draws.chance(CLOSE_VIEWS) { draws.range(115.0, 150.0) } else { draws.range(150.0, 210.0) };
        let scale = width.min(height) as f32 / view;
        let turn = MOST_TURN * draws.signed();
        Self {
            scale,
            middle: (0.5 + 0.05 * draws.signed(), draws.range(0.38, 0.54)),
            turn: (cos(turn), sin(turn)),
            width,
            height,
            endorectal: if draws.chance(0.12) { draws.range(0.6, 1.6) } else { 0.0 },
            surface: draws.range(0.0, 0.7),
            uneven: draws.range(0.04, 0.3),
            sharpness: draws.range(0.22, 0.75),
            noise: draws.range(0.012, 0.05),
            contrast: draws.range(0.9, 1.5),
            window: draws.range(0.95, 1.65),
            seed: draws.bits(),
        }
    }

    /// The place that a pixel shows.
    pub(super) fn place(&self, x: usize, y: usize) -> Place {
        let (w, h) = (self.width as f32, self.height as f32);
        let (x, y) =
            ((x as f32 + 0.5 - self.middle.0 * w) / self.scale, (y as f32 + 0.5 - self.middle.1 * h) / self.scale);
        let (c, s) = self.turn;
        (c * x + s * y, c * y - s * x)
    }

    /// How strongly the coils hear a place, about 1 in the middle. Those on the belly and the back
    /// hear what is near them.
    fn hears(&self, p: Place, coil: Place) -> f32 {
        let far = p.1 / 75.0;
        let shells = 1.0 + self.surface * far * far;
        let slow = 1.0 + self.uneven * noise3(v3(p.0 * 0.018, p.1 * 0.018, 1.0), self.seed) * 1.6;
        let (dx, dy) = (p.0 - coil.0, p.1 - coil.1);
        shells * slow * (1.0 + self.endorectal * 1.6 * exp(-(dx * dx + dy * dy) / 1400.0))
    }

    /// Brings signals to bytes, and tells how a signal is shown: the same window without coil, blur and noise, 0..1.
    pub(super) fn take(
        &self,
        signal: &[f32],
        coil: Place,
        draws: &mut Draws,
    ) -> (RgbImage, impl Fn(f32) -> f32 + use<>) {
        let (width, height) = (self.width, self.height);
        let place = |i: usize| self.place(i % width, i / width);
        let heard: Vec<f32> = signal.iter().enumerate().map(|(i, s)| s * self.hears(place(i), coil)).collect();
        let sigma = self.sharpness * self.scale;
        let mut seen = blur(&heard, width, height, (sigma, 1.15 * sigma));
        for value in &mut seen {
            // The magnitude of a complex number with noise in both parts: Rician.
            let (re, im) = (*value + self.noise * normal(draws), self.noise * normal(draws));
            *value = (re * re + im * im).sqrt();
        }
        // Interpolation to the display's matrix correlates the noise of neighbours.
        let seen = blur(&seen, width, height, (0.55, 0.55));
        let mut levels: Vec<f32> = seen.iter().copied().step_by(5).collect();
        levels.sort_by(f32::total_cmp);
        let white = levels.get(levels.len() * 97 / 100).copied().unwrap_or(1.0).max(0.05) * self.window;
        let curve: Vec<f32> =
            (0..CURVE_STEPS).map(|i| pow((i as f32 + 0.5) / CURVE_STEPS as f32, 0.92 * self.contrast)).collect();
        let shown = move |v: f32| curve[((v / white).clamp(0.0, 1.0) * (CURVE_STEPS - 1) as f32) as usize];
        let image = RgbImage::from_fn(width as u32, height as u32, |x, y| {
            let v = (shown(seen[y as usize * width + x as usize]) * 255.0 + 0.5) as u8;
            Rgb([v; 3])
        });
        (image, shown)
    }
}

/// Nearly normal, of standard deviation 1, from one draw: the sum of four bytes.
fn normal(draws: &mut Draws) -> f32 {
    let sum: u32 = draws.bits().to_le_bytes().iter().map(|b| u32::from(*b)).sum();
    (sum as f32 - 510.0) / 147.8
}
