//! A lesion's outline: where it is, how large, how ragged, and how softly it ends.

use super::super::math::{cos, exp, sin, smooth_min, smoothstep, v3};
use super::super::noise::{fractal3, noise3};
use super::super::random::Draws;
use super::optics::Optics;

/// One lesion. Lengths in mm.
pub(super) struct Lesion {
    pub(super) centre: (f32, f32),
    turn: (f32, f32),
    radii: (f32, f32),
    /// Weights of the cosines and sines of 2 to 6 turns.
    outline: [(f32, f32); 5],
    /// Middle and radius of a second part that the first has grown together with.
    lobe: Option<((f32, f32), f32)>,
    warp: f32,
    ragged: f32,
    ragged_scale: f32,
    /// The width over which it fades into the skin, and how much that differs around it.
    fade: f32,
    uneven: f32,
    seed: u32,
}

impl Lesion {
    /// A lesion in view that covers about `share` of the picture.
    pub(super) fn draw(draws: &mut Draws, optics: &Optics, share: f32) -> Self {
        let half = optics.half();
        let area = 4.0 * half.0 * half.1 * share;
        let ratio = 1.0 - 0.55 * draws.unit() * draws.unit();
        let radius = (area / std::f32::consts::PI).sqrt();
        let radii = (radius / ratio.sqrt(), radius * ratio.sqrt());
        // Small lesions lie anywhere, large ones in the middle, as they are photographed.
        let loose = |half: f32| (0.18 * half + 0.42 * (half - radii.0).max(0.0)).min((half - 0.3 * radii.1).max(0.0));
        let centre = (loose(half.0) * draws.signed(), loose(half.1) * draws.signed());
        let angle = draws.angle();
        let bumpy = draws.range(0.02, 0.14);
        let mut outline = [(0.0, 0.0); 5];
        for (k, weight) in outline.iter_mut().enumerate() {
            let fall = bumpy * 2.2 / (k + 2) as f32;
            *weight = (fall * draws.signed(), fall * draws.signed());
        }
        let lobe = draws.chance(0.4).then(|| {
            let (away, towards) = (draws.range(0.6, 1.05), draws.angle());
            ((radii.0 * away * cos(towards), radii.1 * away * sin(towards)), radius * draws.range(0.3, 0.65))
        });
        Self {
            centre,
            turn: (cos(angle), sin(angle)),
            radii,
            outline,
            lobe,
            warp: radius * draws.range(0.04, 0.17),
            ragged: radius * (0.04 + 0.38 * draws.unit() * draws.unit()),
            ragged_scale: draws.range(2.0, 4.5) / radius,
            fade: (radius * 0.3).min(0.9) * exp(0.7 * draws.normal()).clamp(0.2, 2.6),
            uneven: draws.range(0.1, 0.9),
            seed: draws.bits(),
        }
    }

    /// The mean of its radii.
    pub(super) fn radius(&self) -> f32 {
        (self.radii.0 * self.radii.1).sqrt()
    }

    /// `p` in the lesion's own axes, in units of its radius.
    pub(super) fn local(&self, p: (f32, f32)) -> (f32, f32) {
        let (dx, dy) = (p.0 - self.centre.0, p.1 - self.centre.1);
        let r = self.radius();
        ((dx * self.turn.0 + dy * self.turn.1) / r, (dy * self.turn.0 - dx * self.turn.1) / r)
    }

    /// The distance from `p` to the outline, negative inside; close to exact near the outline only.
    pub(super) fn distance(&self, p: (f32, f32)) -> f32 {
        let r = self.radius();
        let (lx, ly) = self.local(p);
        let (mut x, mut y) = (lx * r, ly * r);
        // Far away the outline's roughness does not matter.
        let near = lx * lx + ly * ly < 6.0;
        if near {
            // On two lattices that are turned against each other, so that no outline gets their corners.
            let (one, two) = (
                v3(0.87 * lx + 0.5 * ly, 0.87 * ly - 0.5 * lx, 0.3 * lx),
                v3(0.5 * lx - 0.87 * ly, 0.87 * lx + 0.5 * ly, 0.3 * ly),
            );
            x += self.warp * (noise3(one * 1.7, self.seed ^ 1) + noise3(two * 2.1, self.seed ^ 4));
            y += self.warp * (noise3(two * 1.7, self.seed ^ 2) + noise3(one * 2.1, self.seed ^ 5));
        }
        let flat = (x * x + y * y).sqrt();
        let (c, s) = (x / flat.max(1e-6), y / flat.max(1e-6));
        let (mut ck, mut sk, mut swell) = (c, s, 0.0);
        for (a, b) in self.outline {
            (ck, sk) = (ck * c - sk * s, sk * c + ck * s);
            swell += a * ck + b * sk;
        }
        let scale = 1.0 / (1.0 + swell * flat / (flat + 0.3 * r));
        let (ex, ey) = (x * scale / self.radii.0, y * scale / self.radii.1);
        let (k0, k1) = ((ex * ex + ey * ey).sqrt(), {
            let (a, b) = (ex / self.radii.0, ey / self.radii.1);
            (a * a + b * b).sqrt()
        });
        let mut d = k0 * (k0 - 1.0) / k1.max(1e-6);
        if let Some((middle, radius)) = self.lobe {
            let (dx, dy) = (x - middle.0, y - middle.1);
            d = smooth_min(d, (dx * dx + dy * dy).sqrt() - radius, 0.25 * r).0;
        }
        if near {
            let turned = v3(0.71 * lx + 0.71 * ly, 0.62 * ly - 0.62 * lx, 0.35 * lx - 0.35 * ly);
            d += self.ragged * fractal3(turned * (self.ragged_scale * r), 4, self.seed);
        }
        d
    }

    /// The width over which it fades into the skin near `p`.
    pub(super) fn fade(&self, p: (f32, f32)) -> f32 {
        let (x, y) = self.local(p);
        let n = noise3(v3(x, y, 5.0) * 1.1, self.seed ^ 3);
        self.fade * (1.0 + self.uneven * 1.5 * n).max(0.2)
    }

    /// How much of the lesion's pigment there is `d` from its outline, where it fades over `fade`.
    /// The outline is drawn where a clinician would: at its outer, faint side.
    pub(super) fn cover(d: f32, fade: f32) -> f32 {
        smoothstep(0.35 * fade, -0.65 * fade, d)
    }
}
