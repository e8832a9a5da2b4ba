//! The bowel wall as a distance field: a bent tube with haustral folds, bulges and wrinkles.
//!
//! Lengths are in tube radii; the tube runs along z, and the camera sits near z = 0.

use super::super::math::{V3, cos, sin, smoothstep, v3};
use super::super::noise::noise3;
use super::super::random::Draws;

/// How far along the tube the wall is drawn; beyond it is dark.
pub(super) const DEPTH: f32 = 9.0;
/// The distance field's slope may exceed 1 on folds; steps along a ray are shortened by this.
pub(super) const STEP: f32 = 0.8;

/// A haustral fold: a crescent ridge across part of the circumference.
struct Fold {
    z: f32,
    height: f32,
    width: f32,
    /// The direction of its middle, and how far round it reaches (-1 all round, 1 nowhere).
    middle: (f32, f32),
    reach: f32,
    /// How much z changes across the tube, in the direction of `middle` and across it.
    tilt: (f32, f32),
    /// Beyond this distance along z it is nothing.
    extent: f32,
}

/// A smooth swelling of the wall that is not a lesion.
struct Bulge {
    centre: V3,
    radius: f32,
    height: f32,
}

/// One bowel.
pub(super) struct Colon {
    bend: (f32, f32),
    sway: (f32, f32, f32),
    /// Weights and phases of the two- and three-fold departures from a round cross-section.
    oval: (f32, f32, f32),
    taeniae: (f32, f32, f32),
    folds: Vec<Fold>,
    bulges: Vec<Bulge>,
    wrinkle: f32,
    wrinkle_scale: f32,
    seed: u32,
}

impl Colon {
    pub(super) fn draw(draws: &mut Draws) -> Self {
        let bend_angle = draws.angle();
        let bend = draws.range(0.1, 0.42);
        let mut folds = Vec::new();
        let spacing = draws.range(0.45, 1.25);
        // Haustra of an insufflated bowel are shallow, those of a collapsed one nearly close the lumen.
        let height = draws.range(0.18, 0.58);
        let mut z = -0.6 + draws.range(0.0, spacing);
        while z < DEPTH {
            let a = draws.angle();
            let height = height * draws.range(0.4, 1.2);
            // Neither a blade nor a swell.
            let width = (height * draws.range(0.24, 0.5)).max(0.07);
            let tilt = (draws.range(-0.35, 0.35), draws.range(-0.35, 0.35));
            folds.push(Fold {
                z,
                height,
                width,
                middle: (cos(a), sin(a)),
                reach: draws.range(-1.1, 0.4),
                tilt,
                extent: tilt.0.abs() + tilt.1.abs() + 0.07 + 5.0 * width,
            });
            z += spacing * draws.range(0.55, 1.45);
        }
        let bulges = (0..draws.count(1, 6))
            .map(|_| {
                let (a, z) = (draws.angle(), draws.range(0.2, 4.0));
                let radius = draws.range(0.15, 0.5);
                Bulge { centre: v3(cos(a), sin(a), z), radius, height: radius * draws.range(0.15, 0.55) }
            })
            .collect();
        Self {
            bend: (bend * cos(bend_angle), bend * sin(bend_angle)),
            sway: (draws.range(0.0, 0.12), draws.range(0.5, 1.3), draws.angle()),
            oval: (draws.range(0.0, 0.14), draws.signed(), draws.signed()),
            taeniae: (draws.range(0.0, 0.1), draws.signed(), draws.signed()),
            folds,
            bulges,
            wrinkle: draws.range(0.012, 0.05),
            wrinkle_scale: draws.range(1.6, 4.5),
            seed: draws.bits(),
        }
    }

    /// The tube's axis at depth `z`.
    pub(super) fn axis(&self, z: f32) -> V3 {
        let b = z * z / (1.0 + 0.3 * z.abs());
        let sway = self.sway.0 * sin(z * self.sway.1 + self.sway.2);
        v3(self.bend.0 * b + sway, self.bend.1 * b - sway * 0.7, z)
    }

    /// The distance from `p` to the wall, positive inside the tube; close to exact near the wall only.
    pub(super) fn distance(&self, p: V3) -> f32 {
        let axis = self.axis(p.z);
        let (x, y) = (p.x - axis.x, p.y - axis.y);
        let r = (x * x + y * y).sqrt();
        let (c, s) = (x / r.max(1e-6), y / r.max(1e-6));
        // Multiples of the angle by their polynomials in its cosine and sine.
        let (c2, s2) = (c * c - s * s, 2.0 * c * s);
        let (c3, s3) = (c * c2 - s * s2, s * c2 + c * s2);
        let mut radius = 1.0
            + self.oval.0 * (self.oval.1 * c2 + self.oval.2 * s2)
            + self.taeniae.0 * (self.taeniae.1 * c3 + self.taeniae.2 * s3);
        // Far from the wall its wrinkles do not matter.
        let rough = if r < 0.35 { 0.0 } else { noise3(p * self.wrinkle_scale, self.seed) };
        radius += self.wrinkle * rough;
        let mut slope = 0.0f32;
        for fold in &self.folds {
            let across = p.z - fold.z;
            if across.abs() > fold.extent {
                continue;
            }
            let along = c * fold.middle.0 + s * fold.middle.1;
            let side = s * fold.middle.0 - c * fold.middle.1;
            let q = (across - fold.tilt.0 * along - fold.tilt.1 * side - 0.07 * rough) / fold.width;
            // A crescent: highest in its middle, running out towards its ends; steeper than it is wide.
            let crescent = smoothstep(fold.reach, 1.0, along + 0.12 * s3);
            let ridge = fold.height * crescent;
            radius -= ridge / (1.0 + q * q * (0.6 + 0.4 * q * q));
            slope = slope.max(0.75 * ridge / (fold.width * (1.0 + 0.12 * q * q)));
        }
        for bulge in &self.bulges {
            let d = v3(c, s, p.z) - bulge.centre;
            let q = d.dot(d) / (bulge.radius * bulge.radius);
            if q < 1.0 {
                radius -= bulge.height * (1.0 - q) * (1.0 - q);
            }
        }
        // On the flanks of folds the wall is nearer than the gap straight outwards.
        (radius - r) / (1.0 + slope * slope).sqrt()
    }
}
