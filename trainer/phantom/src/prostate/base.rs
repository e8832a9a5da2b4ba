//! What lies about the gland's base: the bladder in front, the seminal vesicles behind.

use super::super::math::{smoothstep, v3};
use super::super::noise::{cell, fractal3, noise3};
use super::super::random::Draws;
use super::gland::Gland;
use super::shape::{Oval, Place, inside, lay};

/// Level of the gland from which the bladder lies in front of it.
const BLADDER_FROM: f32 = 0.58;

/// The bladder in front of the gland's base.
pub(super) struct Bladder {
    lumen: Oval,
    /// Thickness of the muscle about it, mm.
    wall: f32,
    urine: f32,
}

impl Bladder {
    /// The bladder in the slice, where the slice is cut high enough.
    pub(super) fn draw(draws: &mut Draws, gland: &Gland) -> Option<Self> {
        let (level, half) = (gland.level, gland.half);
        (level > BLADDER_FROM).then(|| {
            let grow = (level - BLADDER_FROM) * 1.6;
            let radii = (draws.range(16.0, 34.0) * (0.6 + grow), draws.range(10.0, 24.0) * (0.6 + grow));
            let centre = (3.0 * draws.signed(), -half.1 - radii.1 * draws.range(0.1, 0.95));
            let lumen = Oval::new(centre, radii, 0.1 * draws.signed());
            Self { lumen, wall: draws.range(1.5, 7.0), urine: draws.range(0.6, 1.1) }
        })
    }

    /// Wall and urine over what is `under`.
    pub(super) fn over(&self, under: f32, p: Place, seed: u32) -> f32 {
        let d = self.lumen.distance(p) + 3.0 * fractal3(v3(p.0, p.1, 4.0) * 0.06, 3, seed ^ 20);
        let wall = 0.17 * (1.0 + 0.25 * noise3(v3(p.0, p.1, 4.0) * 0.5, seed ^ 21));
        let s = lay(under, wall, inside(d - self.wall, 1.2));
        // Urine that is fresher lies on top and is less bright.
        let fresh = 0.1 * smoothstep(0.2, -0.2, (p.1 - self.lumen.centre.1) / self.lumen.radii.1);
        lay(s, self.urine - fresh, inside(d, 1.2))
    }
}

/// The seminal vesicles behind the gland's base, which are not part of it.
pub(super) struct Vesicles {
    /// How plain they are, 0 to 1: none lie behind the lower gland.
    seen: f32,
    /// Where that of the side at x > 0 lies.
    region: Oval,
    /// The signal of what fills them.
    fluid: f32,
}

impl Vesicles {
    pub(super) fn draw(draws: &mut Draws, gland: &Gland) -> Self {
        let half = gland.half;
        let radii = (0.62 * half.0 + draws.range(2.0, 13.0), draws.range(4.0, 8.5));
        let middle = (0.62 * half.0 + draws.range(0.0, 5.0), 0.86 * half.1 + draws.range(0.0, 4.0));
        Self {
            seen: smoothstep(0.7, 0.85, gland.level),
            region: Oval::new(middle, radii, draws.range(-0.4, 0.05)),
            fluid: draws.range(0.45, 1.0),
        }
    }

    /// Coiled tubes over what is `under`; `m` is `p` mirrored to x > 0.
    pub(super) fn over(&self, under: f32, p: Place, m: Place, seed: u32) -> f32 {
        if self.seen <= 0.0 {
            return under;
        }
        let d = self.region.distance(m) + 1.5 * fractal3(v3(p.0, p.1, 9.0) * 0.15, 2, seed ^ 72);
        let bend = 0.6 * noise3(v3(p.0, p.1, 9.0) * 0.22, seed ^ 73);
        let c = cell(p.0 * 0.33 + bend, p.1 * 0.45 - bend, 0.9, seed ^ 74);
        let coil = lay(0.2, self.fluid * (0.7 + 0.3 * c.id), smoothstep(0.08, 0.34, c.next - c.near));
        lay(under, coil, self.seen * inside(d, 1.2))
    }
}
