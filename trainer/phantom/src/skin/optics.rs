//! The dermatoscope: what it sees of the skin, how it lights it, and the dark around its round opening.

use super::super::math::{V3, cos, sin, smoothstep, v3};
use super::super::random::Draws;

/// A picture of `width` x `height` pixels of skin, and the lamp over it. Places on the skin are in
/// mm from the picture's middle.
pub(super) struct Optics {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Pixels a mm.
    pub(super) scale: f32,
    /// The round opening: middle and radius in mm, and the width of its soft rim.
    opening: Option<((f32, f32), f32, f32)>,
    /// How much darker the picture is in its corners than in its middle, 0..1.
    fall: f32,
    /// Towards the lamp in the plane of the skin, and how much brighter it is there.
    pub(super) lamp: (f32, f32),
    slope: f32,
    /// The lamp's colour after the camera's white balance.
    tint: V3,
}

impl Optics {
    pub(super) fn draw(draws: &mut Draws, width: usize, height: usize) -> Self {
        let short = width.min(height) as f32;
        // The shorter side shows 9 to 21 mm.
        let scale = short / draws.range(9.0, 21.0);
        let half = ((width * width + height * height) as f32).sqrt() / 2.0 / scale;
        let opening = draws.chance(0.24).then(|| {
            let off = (0.02 * half * draws.signed(), 0.02 * half * draws.signed());
            (off, half * draws.range(0.80, 0.98), half * draws.range(0.01, 0.09))
        });
        let angle = draws.angle();
        Self {
            width,
            height,
            scale,
            opening,
            fall: if draws.chance(0.4) { draws.range(0.25, 0.6) } else { draws.range(0.0, 0.2) },
            lamp: (cos(angle), sin(angle)),
            slope: draws.range(0.0, 0.16),
            tint: v3(1.0 + 0.03 * draws.signed(), 1.0 + 0.02 * draws.signed(), 1.0 + 0.05 * draws.signed()),
        }
    }

    /// The place on the skin that a pixel shows, in mm.
    pub(super) fn place(&self, x: usize, y: usize) -> (f32, f32) {
        let middle = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        ((x as f32 + 0.5 - middle.0) / self.scale, (y as f32 + 0.5 - middle.1) / self.scale)
    }

    /// Where a place on the skin lies in the picture, in pixels.
    pub(super) fn pixel(&self, place: (f32, f32)) -> (f32, f32) {
        (place.0 * self.scale + self.width as f32 / 2.0, place.1 * self.scale + self.height as f32 / 2.0)
    }

    /// Half the picture's sides in mm.
    pub(super) fn half(&self) -> (f32, f32) {
        (self.width as f32 / self.scale / 2.0, self.height as f32 / self.scale / 2.0)
    }

    /// The share of a place that is within the opening, 0..1.
    pub(super) fn open(&self, place: (f32, f32)) -> f32 {
        let Some((middle, radius, rim)) = self.opening else { return 1.0 };
        let (dx, dy) = (place.0 - middle.0, place.1 - middle.1);
        smoothstep(radius + rim / 2.0, radius - rim / 2.0, (dx * dx + dy * dy).sqrt())
    }

    /// The light that falls on a place, about 1 in the middle.
    pub(super) fn light(&self, place: (f32, f32)) -> V3 {
        let half = self.half();
        let (u, v) = (place.0 / half.0, place.1 / half.1);
        let r2 = (u * u + v * v) / 2.0;
        let tilt = self.slope * (u * self.lamp.0 + v * self.lamp.1);
        self.tint * ((1.0 + tilt) * (1.0 - self.fall * r2 * (0.3 + 0.7 * r2)))
    }
}
