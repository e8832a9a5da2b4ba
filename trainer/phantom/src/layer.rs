//! A layer of strokes over the picture: vessels, hairs, fibres and marks.

use super::math::{cos, sin};
use super::random::Draws;

/// Coverage of every pixel, 0 to 1, row by row. Where strokes cross the stronger stays.
pub(super) struct Layer {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

/// A path that wanders. Lengths in pixels, angles in radians.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    pub(super) from: (f32, f32),
    pub(super) angle: f32,
    pub(super) length: f32,
    /// Steady change of direction a pixel.
    pub(super) bend: f32,
    /// Largest random change of the curvature a pixel.
    pub(super) curl: f32,
}

impl Walk {
    /// The points of the path, `step` pixels apart, each with its share of the length.
    pub(super) fn points(mut self, step: f32, draws: &mut Draws) -> Vec<((f32, f32), f32)> {
        let count = (self.length / step).ceil().max(1.0) as usize;
        let mut curl = 0.0;
        let mut points = vec![(self.from, 0.0)];
        for i in 1..=count {
            // A curvature that wanders and falls back to straight.
            curl = 0.92 * curl + self.curl * step * draws.signed();
            self.angle += self.bend * step + curl;
            self.from = (self.from.0 + step * cos(self.angle), self.from.1 + step * sin(self.angle));
            points.push((self.from, i as f32 / count as f32));
        }
        points
    }
}

impl Layer {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { width, height, values: vec![0.0; width * height] }
    }

    /// A straight stroke with soft sides and round ends; `radius` in pixels at its two ends. Below
    /// half a pixel a stroke gets fainter instead of thinner.
    pub(super) fn line(&mut self, from: (f32, f32), to: (f32, f32), radius: (f32, f32), strength: f32) {
        let reach = radius.0.max(radius.1) + 1.0;
        let span = |a: f32, b: f32| {
            let low = (a.min(b) - reach).max(0.0) as usize;
            (low, ((a.max(b) + reach).max(-1.0) + 1.0) as usize)
        };
        let (x0, x1) = span(from.0, to.0);
        let (y0, y1) = span(from.1, to.1);
        let (bx, by) = (to.0 - from.0, to.1 - from.1);
        let squared = (bx * bx + by * by).max(1e-6);
        for y in y0..y1.min(self.height) {
            for x in x0..x1.min(self.width) {
                let (px, py) = (x as f32 + 0.5 - from.0, y as f32 + 0.5 - from.1);
                let along = ((px * bx + py * by) / squared).clamp(0.0, 1.0);
                let (dx, dy) = (px - bx * along, py - by * along);
                let r = radius.0 + (radius.1 - radius.0) * along;
                let cover = (r.max(0.5) + 0.5 - (dx * dx + dy * dy).sqrt()).clamp(0.0, 1.0) * (2.0 * r).min(1.0);
                let value = &mut self.values[y * self.width + x];
                *value = value.max(strength * cover);
            }
        }
    }

    /// A stroke along a path; `radius` says how thick it is at a share of its length.
    pub(super) fn stroke(&mut self, points: &[((f32, f32), f32)], radius: impl Fn(f32) -> f32, strength: f32) {
        for pair in points.windows(2) {
            let [(from, a), (to, b)] = [pair[0], pair[1]];
            self.line(from, to, (radius(a), radius(b)), strength);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_cover_what_they_should() {
        let mut layer = Layer::new(40, 30);
        layer.line((5.0, 15.0), (35.0, 15.0), (3.0, 3.0), 0.8);
        let covered: f32 = layer.values.iter().sum::<f32>() / 0.8;
        assert!((covered - (30.0 * 6.0 + 28.3)).abs() < 8.0, "{covered}");
        assert!(layer.values.iter().all(|v| (0.0..=0.8).contains(v)));
        // A stroke that leaves the picture, or lies outside of it, is cut.
        layer.line((-50.0, -50.0), (-10.0, 4.0), (2.0, 2.0), 1.0);
        layer.line((30.0, 20.0), (90.0, 80.0), (2.0, 2.0), 1.0);
        assert!(layer.values[29 * 40 + 39] > 0.9);
        let path = Walk { from: (0.0, 0.0), angle: 0.5, length: 20.0, bend: 0.0, curl: 0.01 };
        let points = path.points(2.0, &mut Draws::new(1, 2));
        assert!(points.len() == 11 && points[10].1 == 1.0);
    }
}
