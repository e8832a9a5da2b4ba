//! Ovals and bands: what anatomy is put together from. Lengths in mm; x to the right of the
//! picture, y towards the back.

use super::super::math::{cos, sin, smoothstep, v3};
use super::super::noise::{fractal3, noise3};

/// A place in the slice, mm from the middle of the gland.
pub(super) type Place = (f32, f32);

/// An ellipse.
#[derive(Clone, Copy, Debug)]
pub(super) struct Oval {
    pub(super) centre: Place,
    pub(super) radii: (f32, f32),
    turn: (f32, f32),
}

impl Oval {
    /// An ellipse with these radii, turned by `angle`.
    pub(super) fn new(centre: Place, radii: (f32, f32), angle: f32) -> Self {
        Self { centre, radii, turn: (cos(angle), sin(angle)) }
    }

    /// The distance to the outline, negative inside; exact on the outline only.
    pub(super) fn distance(&self, p: Place) -> f32 {
        let (dx, dy) = (p.0 - self.centre.0, p.1 - self.centre.1);
        let (x, y) = (dx * self.turn.0 + dy * self.turn.1, dy * self.turn.0 - dx * self.turn.1);
        let (ex, ey) = (x / self.radii.0, y / self.radii.1);
        let k0 = (ex * ex + ey * ey).sqrt();
        let (gx, gy) = (ex / self.radii.0, ey / self.radii.1);
        k0 * (k0 - 1.0) / (gx * gx + gy * gy).sqrt().max(1e-6)
    }
}

/// The distance to the line from `a` to `b`.
pub(super) fn segment(p: Place, a: Place, b: Place) -> f32 {
    let ((px, py), (bx, by)) = ((p.0 - a.0, p.1 - a.1), (b.0 - a.0, b.1 - a.1));
    let h = ((px * bx + py * by) / (bx * bx + by * by)).clamp(0.0, 1.0);
    let (dx, dy) = (px - bx * h, py - by * h);
    (dx * dx + dy * dy).sqrt()
}

/// How much of a place lies `d` inside an outline (negative: inside) whose edge is `soft` mm wide.
pub(super) fn inside(d: f32, soft: f32) -> f32 {
    smoothstep(0.5 * soft, -0.5 * soft, d)
}

/// How much of a place lies on a line `wide` mm across at distance 0.
pub(super) fn line(d: f32, wide: f32) -> f32 {
    smoothstep(wide, 0.25 * wide, d.abs())
}

/// `from` with a share of `to` over it.
pub(super) fn lay(from: f32, to: f32, share: f32) -> f32 {
    from + (to - from) * share
}

/// `under` with what lies `d` inside an outline over it; `signal` is asked for where it shows only.
pub(super) fn cover(under: f32, d: f32, soft: f32, signal: impl FnOnce() -> f32) -> f32 {
    if d >= 0.5 * soft { under } else { lay(under, signal(), inside(d, soft)) }
}

/// The signal of muscle whose fibres run along `fibre` (a unit vector), with the fat between its bundles.
pub(super) fn muscle(p: Place, fibre: (f32, f32), level: f32, fatty: f32, seed: u32) -> f32 {
    let (along, across) = (p.0 * fibre.0 + p.1 * fibre.1, p.1 * fibre.0 - p.0 * fibre.1);
    let bend = 1.5 * noise3(v3(p.0 * 0.04, p.1 * 0.04, 5.0), seed ^ 7);
    let bundles = fractal3(v3(along * 0.045, across * 0.36 + bend, 1.0), 4, seed);
    let cleft = smoothstep(0.22, 0.7, bundles + 0.3 * noise3(v3(p.0 * 0.06, p.1 * 0.06, 2.0), seed ^ 1));
    level * (1.0 + 0.6 * bundles) + fatty * cleft
}

/// The signal of fat with the thin septa that run through it.
pub(super) fn fat(p: Place, level: f32, septa: f32, seed: u32) -> f32 {
    let q = v3(p.0, p.1, 3.0);
    let cloudy = fractal3(q * 0.1, 4, seed ^ 2);
    let bent = q + v3(cloudy, -cloudy, 0.0) * 5.0;
    let ridge = noise3(v3(bent.x * 0.1, bent.y * 0.2, 3.0), seed ^ 3).abs();
    let seen = smoothstep(-0.1, 0.5, noise3(q * 0.05, seed ^ 4));
    level * (1.0 + 0.28 * cloudy - septa * seen * smoothstep(0.14, 0.0, ridge))
}

/// The signal of marrow.
pub(super) fn marrow(p: Place, level: f32, seed: u32) -> f32 {
    level
        * (1.0
            + 0.34 * fractal3(v3(p.0 * 0.12, p.1 * 0.12, 7.0), 4, seed ^ 5)
            + 0.08 * noise3(v3(p.0, p.1, 8.0) * 1.1, seed ^ 6))
}

/// A bone: dark cortex about marrow.
pub(super) fn bone(under: f32, p: Place, d: f32, level: f32, seed: u32) -> f32 {
    let rim = cover(under, d - 0.2, 1.0, || 0.08);
    cover(rim, d + 1.2, 1.3, || marrow(p, level, seed))
}
