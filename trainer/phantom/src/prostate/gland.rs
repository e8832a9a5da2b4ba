//! The gland: its outline, its zones and what they look like on a T2-weighted slice.

use super::super::math::{cos, exp, sin, smoothstep, v3};
use super::super::noise::{cell, fractal3, noise3};
use super::super::random::Draws;
use super::shape::{Oval, Place, inside, lay, line};

/// The part of the gland that a place belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// Bright, behind and beside.
    Peripheral,
    /// Nodular, in the middle.
    Transition,
    /// Fibromuscular stroma, central zone, urethra.
    Other,
}

/// The signal of a gland that is all one grey.
const USUAL: f32 = 0.42;

/// A nodule of hyperplasia.
struct Nodule {
    outline: Oval,
    signal: f32,
    /// How dark its rim is.
    rim: f32,
    mottled: f32,
}

/// One gland, cut at one level.
pub(super) struct Gland {
    /// Where the slice lies: 0 the apex, 1 the base.
    pub(super) level: f32,
    /// Half its width and depth.
    pub(super) half: (f32, f32),
    square: f32,
    dent: f32,
    taper: f32,
    lopsided: f32,
    /// Where it bulges: a direction, and by what share.
    bulge: ((f32, f32), f32),
    transition: Oval,
    nodules: Vec<Nodule>,
    stroma: f32,
    peripheral: f32,
    /// How much darker patches of the peripheral zone are.
    patchy: f32,
    /// A dark focus in it.
    focus: Option<Oval>,
    /// How much of the differences within the gland is seen, and how bright all of it is: some
    /// glands are almost one grey.
    plain: (f32, f32),
    /// How plain the lines about gland and transition zone are.
    capsule: f32,
    septum: f32,
    seed: u32,
}

impl Gland {
    pub(super) fn draw(draws: &mut Draws) -> Self {
        // Slices lie all along the gland, its ends among them: there it is hardest to find.
        let level = 0.5 + 0.48 * draws.signed() * draws.range(0.85, 1.0);
        // Hyperplasia makes glands large and their transition zone larger still.
        let growth = draws.unit() * draws.unit();
        let profile = sin(std::f32::consts::PI * (0.07 + 0.82 * level));
        let half = (
            (22.5 + 12.0 * growth + 3.0 * draws.signed()) * (0.25 + 0.75 * profile),
            (16.5 + 12.0 * growth + 2.5 * draws.signed()) * (0.35 + 0.65 * profile),
        );
        let share = (0.5 + 0.3 * level + 0.2 * growth + 0.1 * draws.signed()).min(0.92);
        let narrow = if level < 0.3 { 0.75 } else { 1.0 };
        let transition = Oval::new(
            (half.0 * 0.03 * draws.signed(), -half.1 * (0.42 - 0.36 * share) + 0.6),
            (half.0 * share * narrow, half.1 * (share * 0.96).min(0.8)),
            0.06 * draws.signed(),
        );
        let towards = draws.angle();
        let bulge = if draws.chance(0.3) { draws.range(0.1, 0.4) } else { 0.0 };
        let seed = draws.bits();
        let mut gland = Self {
            bulge: ((cos(towards), sin(towards)), bulge),
            level,
            half,
            square: draws.range(0.12, 0.5),
            dent: draws.range(0.0, 0.16),
            taper: draws.range(0.02, 0.2),
            lopsided: if draws.chance(0.35) { 0.25 * draws.signed() } else { 0.04 * draws.signed() },
            transition,
            nodules: Vec::new(),
            stroma: draws.range(0.27, 0.42),
            // In every fifth the zones can hardly be distinguished.
            peripheral: if draws.chance(0.2) { draws.range(0.36, 0.46) } else { draws.range(0.5, 0.85) },
            patchy: if draws.chance(0.5) { draws.range(0.1, 0.5) } else { 0.05 },
            focus: None,
            plain: (if draws.chance(0.6) { draws.range(0.25, 0.85) } else { 1.0 }, draws.range(0.65, 1.35)),
            capsule: draws.range(0.1, 1.0),
            septum: draws.range(0.0, 1.0),
            seed,
        };
        gland.grow(draws, growth);
        if draws.chance(0.3) {
            let angle = draws.range(0.15, 0.85) * std::f32::consts::PI;
            let out = draws.range(0.72, 0.85);
            let centre = (half.0 * out * cos(angle), half.1 * out * sin(angle));
            let size = half.1 * draws.range(0.1, 0.24);
            gland.focus = Some(Oval::new(centre, (size * draws.range(1.0, 1.8), size), angle + 1.57));
        }
        gland
    }

    /// Fills the transition zone with nodules, the largest first, on either side of the middle.
    fn grow(&mut self, draws: &mut Draws, growth: f32) {
        let (zone, mut taken) = (self.transition, Vec::<Oval>::new());
        for attempt in 0..70 {
            let angle = draws.angle();
            let out = draws.unit().sqrt() * 0.92;
            let centre =
                (zone.centre.0 + zone.radii.0 * out * cos(angle), zone.centre.1 + zone.radii.1 * out * sin(angle));
            let radius = if attempt < 12 { draws.range(0.22, 0.42) } else { draws.range(0.08, 0.2) } * zone.radii.1;
            let radius = radius.clamp(1.3, 4.5 + 9.0 * growth);
            let oval = Oval::new(centre, (radius * draws.range(0.85, 1.3), radius), draws.angle());
            let free = taken.iter().all(|o| o.distance(centre) > 0.72 * radius);
            if !free || zone.distance(centre) > -0.62 * radius || centre.0.abs() < 0.55 * radius {
                continue;
            }
            taken.push(oval);
            // Glandular nodules are bright, stromal ones dark.
            let signal = if draws.chance(0.45) { draws.range(0.42, 0.74) } else { draws.range(0.22, 0.40) };
            let (rim, mottled) = (draws.range(0.0, 0.95), draws.range(0.1, 0.5));
            self.nodules.push(Nodule { outline: oval, signal, rim, mottled });
            if self.nodules.len() as f32 > 7.0 + 9.0 * growth {
                break;
            }
        }
    }

    /// The distance to the outline, negative inside; exact on the outline only.
    pub(super) fn distance(&self, p: Place) -> f32 {
        let v = p.1 / self.half.1;
        let u = p.0 / (self.half.0 * (1.0 + self.taper * v.clamp(-1.0, 1.0)));
        let u = u * (1.0 - self.lopsided * u.clamp(-1.0, 1.0));
        // The back is flat or dented in the middle, where the rectum lies.
        let back = smoothstep(0.0, 0.8, v);
        let v = v * (1.0 + back * self.dent * (1.0 - (1.3 * u).abs()).max(-0.3));
        let (uu, vv) = (u * u, v * v);
        let sum = (uu + vv).max(1e-6);
        let ((c, s), bulge) = self.bulge;
        let facing = ((u * c + v * s) / sum.sqrt()).max(0.0);
        let swell = 1.0 + bulge * facing * facing * facing * facing;
        let e = sum.sqrt() * (1.0 - self.square * uu * vv / (sum * sum)) / swell;
        (e - 1.0) * (self.half.0 * self.half.1).sqrt() * 0.97
    }

    /// The signal at `p`, `d` from the outline, and the zone.
    pub(super) fn signal(&self, p: Place, d: f32) -> (f32, Zone) {
        let seed = self.seed;
        let (u, v) = (p.0 / self.half.0, p.1 / self.half.1);
        let q = v3(p.0, p.1, 1.0);
        let uneven = 0.16 * self.transition.radii.1 * fractal3(q * 0.16, 3, seed ^ 1);
        let inner = self.transition.distance(p) + uneven;
        let mut zone = Zone::Peripheral;
        let mut signal = self.peripheral_signal(p, u, v);
        if inner < 0.0 {
            zone = Zone::Transition;
        }
        signal = lay(signal, self.transition_signal(p), inside(inner, 0.9));
        // The surgical capsule between the two.
        signal = lay(signal, 0.14, 0.8 * self.septum * line(inner, 0.75));
        // Fibromuscular stroma: a dark cap in front.
        let cap = smoothstep(-0.42, -0.72, v + 0.25 * u * u.abs() + 0.1 * fractal3(q * 0.2, 2, seed ^ 2))
            * smoothstep(0.85, 0.45, u.abs());
        if cap > 0.5 {
            zone = Zone::Other;
        }
        signal = lay(signal, 0.17 + 0.05 * fractal3(q * 0.5, 2, seed ^ 3), 0.92 * cap);
        if self.level > 0.68 {
            // The central zone, dark, on either side of the ejaculatory ducts.
            let wide = smoothstep(0.68, 0.85, self.level);
            let side =
                Oval::new((0.24 * self.half.0, 0.62 * self.half.1), (0.28 * self.half.0, 0.2 * self.half.1), -0.35);
            let share = wide * inside(side.distance((p.0.abs(), p.1)), 1.4);
            if share > 0.5 {
                zone = Zone::Other;
            }
            signal = lay(signal, 0.24, 0.85 * share);
            let duct = Oval::new((1.3, 0.6 * self.half.1), (0.7, 0.9), 0.0);
            signal = lay(signal, 0.6, wide * inside(duct.distance((p.0.abs(), p.1)), 0.8));
        }
        signal = self.urethra(signal, p);
        let (seen, bright) = self.plain;
        signal = lay(USUAL, signal, seen) * bright;
        // The capsule.
        (lay(signal, 0.16, 0.85 * self.capsule * line(d + 0.35, 0.7)), zone)
    }

    fn peripheral_signal(&self, p: Place, u: f32, v: f32) -> f32 {
        let seed = self.seed;
        let q = v3(p.0, p.1, 2.0);
        // Septa run outwards from the middle.
        let r = (u * u + v * v).sqrt().max(0.2);
        let ducts = noise3(v3(u / r * 9.0, v / r * 9.0, r * 1.6), seed ^ 4);
        let mut signal = self.peripheral * (1.0 + 0.16 * ducts + 0.18 * fractal3(q * 0.35, 3, seed ^ 5));
        let patch = smoothstep(-0.05, 0.45, fractal3(q * 0.11, 2, seed ^ 6));
        signal *= 1.0 - self.patchy * patch;
        if let Some(focus) = &self.focus {
            let d = focus.distance(p) + 0.9 * fractal3(q * 0.3, 2, seed ^ 7);
            signal = lay(signal, 0.27, 0.85 * inside(d, 2.2));
        }
        signal
    }

    fn transition_signal(&self, p: Place) -> f32 {
        let seed = self.seed;
        let q = v3(p.0, p.1, 3.0);
        let whorls = fractal3(v3(p.0 * 0.5, p.1 * 0.24, 3.0), 3, seed ^ 8);
        // Glands open as bright specks.
        let c = cell(p.0 * 0.55, p.1 * 0.55, 0.95, seed ^ 9);
        let speck = f32::from(u8::from(c.id > 0.72)) * smoothstep(0.34, 0.1, c.near);
        let mut signal = self.stroma * (1.0 + 0.55 * whorls) + 0.22 * speck;
        for nodule in &self.nodules {
            let d = nodule.outline.distance(p) + 0.35 * noise3(q * 0.5, seed ^ 10);
            if d > 1.2 {
                continue;
            }
            let mottled = fractal3(q * 0.75, 2, seed ^ 11) + 0.4 * speck;
            signal = lay(signal, nodule.signal * (1.0 + nodule.mottled * mottled), inside(d, 0.9));
            signal = lay(signal, 0.15, nodule.rim * line(d, 0.6));
        }
        signal
    }

    /// The urethra: a dark ring about a bright middle at the apex, a bright arch over the
    /// verumontanum above it, small at the base.
    fn urethra(&self, under: f32, p: Place) -> f32 {
        let low = smoothstep(0.42, 0.2, self.level);
        let y = lay(-0.05, 0.02, low) * self.half.1;
        let d = Oval::new((0.0, y), (1.9, 1.7), 0.0).distance(p);
        let ring = lay(under, 0.2, (0.25 + 0.65 * low) * inside(d - 1.9, 1.2));
        let wide = exp(-8.0 * (self.level - 0.45) * (self.level - 0.45));
        let arch = (Oval::new((0.0, y + 1.2), (2.6 * wide + 0.6, 2.2), 0.0).distance(p)).abs();
        let above = smoothstep(y + 1.8, y, p.1);
        let ring = lay(ring, 0.85, 0.7 * wide * (1.0 - low) * above * smoothstep(1.1, 0.3, arch));
        lay(ring, 0.7, low * inside(d + 0.5, 1.0))
    }
}
