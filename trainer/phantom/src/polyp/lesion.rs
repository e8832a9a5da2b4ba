//! The polyp as a distance field, and the forms it comes in.

use super::super::math::{V3, cos, sin, smooth_min, smoothstep, v3};
use super::super::noise::noise3;
use super::super::random::Draws;

/// The forms a polyp takes (the Paris classification's names in brackets).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A dome with a broad base (0-Is).
    Sessile,
    /// A head on a stalk (0-Ip).
    Pedunculated,
    /// Wider than high (0-IIa).
    Flat,
    /// Several lobes on one base.
    Lobulated,
}

impl Form {
    /// Whether it stands far off the wall for its size.
    pub(super) fn stands(self) -> bool {
        self == Self::Pedunculated
    }
}

/// A ball in the polyp's own frame, where its size is 1 and +z points away from the wall.
struct Lobe {
    centre: V3,
    radius: f32,
}

/// One polyp. Lengths inside are in units of `size`.
pub(super) struct Lesion {
    pub(super) form: Form,
    base: V3,
    frame: (V3, V3, V3),
    pub(super) size: f32,
    /// Centre and radii of the ellipsoid that is the dome, the plaque or the head.
    centre: V3,
    radii: V3,
    /// Weights of the cosines and sines of 2 to 5 turns that make the outline uneven.
    outline: [(f32, f32); 4],
    lobes: Vec<Lobe>,
    /// The stalk's middle, its tip, and its radius; none for the forms without a stalk.
    stalk: Option<(V3, V3, f32)>,
    /// Height of the middle of a ball about everything, and its radius.
    ball: (f32, f32),
    rough: f32,
    rough_scale: f32,
    /// Width over which the polyp's foot runs into the wall.
    blend: f32,
    seed: u32,
}

impl Lesion {
    /// A polyp of the given size at the point `base` of the wall, where `normal` points into the lumen.
    pub(super) fn draw(draws: &mut Draws, base: V3, normal: V3, size: f32) -> Self {
        let form = match draws.count(0, 9) {
            0..=3 => Form::Sessile,
            4..=5 => Form::Pedunculated,
            6..=7 => Form::Flat,
            _ => Form::Lobulated,
        };
        let lean = normal + v3(draws.signed(), draws.signed(), draws.signed()) * 0.25;
        let up = lean.unit();
        let (t, b) = up.tangents();
        let (c, s) = turn(draws);
        let frame = (t * c + b * s, b * c - t * s, up);
        let uneven = draws.range(0.02, 0.1);
        let mut outline = [(0.0, 0.0); 4];
        for (k, weight) in outline.iter_mut().enumerate() {
            let fall = uneven * 2.0 / (k + 2) as f32;
            *weight = (fall * draws.signed(), fall * draws.signed());
        }
        let mut lobes = Vec::new();
        let mut stalk = None;
        // A dome, a plaque and lobes lie within 1.75 of the base, whatever the draws.
        let mut ball = (0.25, 1.6);
        let (centre, radii, rough, blend);
        match form {
            Form::Sessile => {
                centre = v3(0.0, 0.0, draws.range(-0.05, 0.4));
                radii = v3(1.0, draws.range(0.7, 1.0), draws.range(0.6, 0.95));
                rough = draws.range(0.015, 0.07);
                blend = draws.range(0.15, 0.65);
            }
            Form::Flat => {
                centre = v3(0.0, 0.0, 0.0);
                radii = v3(1.25, draws.range(0.8, 1.2), draws.range(0.22, 0.4));
                rough = draws.range(0.03, 0.08);
                blend = draws.range(0.06, 0.2);
            }
            Form::Lobulated => {
                centre = v3(0.0, 0.0, 0.05);
                radii = v3(0.8, 0.75, 0.6);
                rough = draws.range(0.03, 0.08);
                blend = draws.range(0.08, 0.3);
                for _ in 0..draws.count(4, 9) {
                    let (c, s) = turn(draws);
                    let out = draws.range(0.2, 0.8);
                    let radius = draws.range(0.28, 0.55);
                    lobes.push(Lobe {
                        centre: v3(c * out, s * out, (0.85 - out * 0.5) * draws.range(0.5, 1.0)),
                        radius,
                    });
                }
            }
            Form::Pedunculated => {
                let height = draws.range(0.8, 1.9);
                let (c, s) = turn(draws);
                let hang = draws.range(0.1, 0.9);
                let tip = v3(c * hang, s * hang, height);
                stalk = Some((v3(c * hang * 0.25, s * hang * 0.25, height * 0.55), tip, draws.range(0.24, 0.4)));
                centre = tip + v3(c * 0.3, s * 0.3, 0.3);
                radii = v3(draws.range(0.75, 1.0), draws.range(0.7, 0.9), draws.range(0.65, 0.9));
                rough = draws.range(0.02, 0.08);
                blend = draws.range(0.2, 0.45);
                let half = (height + 1.6) / 2.0;
                ball = (half - 0.4, half.max(hang + 1.35) + 0.35);
                for _ in 0..draws.count(0, 4) {
                    let (c, s) = turn(draws);
                    let lobe = centre + v3(c * 0.5, s * 0.5, draws.range(-0.3, 0.5));
                    lobes.push(Lobe { centre: lobe, radius: draws.range(0.25, 0.45) });
                }
            }
        }
        let rough_scale = draws.range(1.3, 3.0);
        Self {
            form,
            base,
            frame,
            size,
            centre,
            radii,
            outline,
            lobes,
            stalk,
            ball,
            rough,
            rough_scale,
            blend,
            seed: draws.bits(),
        }
    }

    /// `p` in the polyp's own frame and units.
    pub(super) fn local(&self, p: V3) -> V3 {
        let d = p - self.base;
        v3(d.dot(self.frame.0), d.dot(self.frame.1), d.dot(self.frame.2)) * (1.0 / self.size)
    }

    /// The middle and the radius of a ball about the whole polyp.
    pub(super) fn bounds(&self) -> (V3, f32) {
        let (rise, reach) = self.ball;
        (self.base + self.frame.2 * (rise * self.size), reach * self.size)
    }

    /// The width over which the polyp blends into the wall.
    pub(super) fn blend(&self) -> f32 {
        self.blend * self.size
    }

    /// The distance from `p` to the polyp, negative inside; close to exact near its surface only.
    pub(super) fn distance(&self, p: V3) -> f32 {
        let q = self.local(p);
        let mut d = self.body(q);
        for lobe in &self.lobes {
            d = smooth_min(d, (q - lobe.centre).length() - lobe.radius, 0.13).0;
        }
        if let Some((middle, tip, radius)) = self.stalk {
            let foot = v3(0.0, 0.0, -0.4);
            let along = capsule(q, foot, middle).min(capsule(q, middle, tip));
            // Stalks widen to their foot.
            let wide = radius * (1.0 + 0.5 * smoothstep(0.6, -0.1, q.z));
            d = smooth_min(d, along - wide, 0.16).0;
        }
        if d < 0.5 {
            d += self.rough * noise3(q * self.rough_scale, self.seed);
            d += self.rough * 0.25 * noise3(q * (self.rough_scale * 2.7), self.seed ^ 1);
        }
        d * self.size
    }

    /// The ellipsoid with its uneven outline, by the usual first-order distance.
    fn body(&self, q: V3) -> f32 {
        let e = q - self.centre;
        let flat = (e.x * e.x + e.y * e.y).sqrt();
        let (c, s) = (e.x / flat.max(1e-6), e.y / flat.max(1e-6));
        let (mut ck, mut sk, mut swell) = (c, s, 0.0);
        for (a, b) in self.outline {
            (ck, sk) = (ck * c - sk * s, sk * c + ck * s);
            swell += a * ck + b * sk;
        }
        let scale = 1.0 / (1.0 + swell * flat * flat / (flat * flat + 0.15));
        let e = e * scale;
        let k0 = v3(e.x / self.radii.x, e.y / self.radii.y, e.z / self.radii.z);
        let k1 = v3(k0.x / self.radii.x, k0.y / self.radii.y, k0.z / self.radii.z);
        let length = k0.length();
        length * (length - 1.0) / k1.length().max(1e-6)
    }

    /// Whether a point in the polyp's own frame belongs to its stalk rather than its head.
    pub(super) fn stalk_share(&self, q: V3) -> f32 {
        if self.stalk.is_none() { 0.0 } else { smoothstep(0.02, 0.22, self.body(q)) }
    }
}

/// A direction in the plane, as cosine and sine.
fn turn(draws: &mut Draws) -> (f32, f32) {
    let angle = draws.angle();
    (cos(angle), sin(angle))
}

/// The distance to the line from `a` to `b`.
fn capsule(p: V3, a: V3, b: V3) -> f32 {
    let (pa, ba) = (p - a, b - a);
    let h = (pa.dot(ba) / ba.dot(ba)).clamp(0.0, 1.0);
    (pa - ba * h).length()
}
