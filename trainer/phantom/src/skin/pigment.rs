//! What a lesion is made of: how its pigment is arranged, in the terms of dermoscopy.

use super::super::filter::blur;
use super::super::layer::Layer;
use super::super::math::{V3, cos, sin, smoothstep, v3};
use super::super::noise::{cell, fractal3, noise3};
use super::super::random::Draws;
use super::ground::{Chromophores, Ground};
use super::lesion::Lesion;
use super::optics::Optics;

/// The leading structure of a lesion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Structure {
    /// A net of brown lines about paler holes.
    Network,
    /// Round brown clods.
    Globules,
    /// Radial lines at the border.
    Streaks,
    /// A blue-grey cover without structure.
    Veil,
    /// White scar-like areas with grey dots.
    Regression,
    /// None of these.
    Structureless,
}

/// Blue-grey and white as displayed light, linear RGB: pigment deep in the skin scatters blue back; scars hold none.
const BLUE_GREY: V3 = v3(0.125, 0.135, 0.175);
const SCAR: V3 = v3(0.70, 0.54, 0.50);

/// How one lesion is pigmented.
pub(super) struct Pigment {
    pub(super) structure: Structure,
    melanin: f32,
    blood: f32,
    /// Blue-grey all over.
    blue: f32,
    blotch: f32,
    /// How much redder than common pigment (below 0: greyer).
    warm: f32,
    /// How much darker the middle is than the border (below 0: paler).
    profile: f32,
    /// A second, darker or pinker part: its middle in units of the radius, its size, and what it adds.
    focus: Option<Focus>,
    /// Strength, size in mm and thickness of the lines of the network.
    net: (f32, f32, f32),
    /// Strength and size in mm of the globules, and the share of the places that hold one.
    globule: (f32, f32, f32),
    streaks: Option<Layer>,
    /// Strength of the veil or the scar.
    patch: f32,
    patch_middle: (f32, f32),
    /// Pale openings of follicles.
    pores: f32,
    /// How high it stands: the strength of its shading.
    pub(super) dome: f32,
    seed: u32,
}

/// A part of a lesion that differs from the rest.
struct Focus {
    middle: (f32, f32),
    radius: f32,
    melanin: f32,
    blood: f32,
}

impl Pigment {
    pub(super) fn draw(draws: &mut Draws, lesion: &Lesion, optics: &Optics) -> Self {
        let structure = match draws.count(0, 99) {
            0..=27 => Structure::Network,
            28..=44 => Structure::Globules,
            45..=64 => Structure::Structureless,
            65..=75 => Structure::Streaks,
            76..=88 => Structure::Veil,
            _ => Structure::Regression,
        };
        // Structures below five pixels would be lost.
        let coarse = |mm: f32| mm.max(4.6 / optics.scale);
        let mut pigment = Self {
            structure,
            melanin: 0.0,
            blood: draws.range(0.0, 0.25),
            blue: 0.0,
            blotch: draws.range(0.35, 1.0),
            warm: draws.range(-0.16, 0.16),
            profile: draws.range(-0.45, 0.8),
            focus: None,
            net: (0.0, coarse(draws.range(0.17, 0.36)), draws.range(0.2, 0.36)),
            globule: (0.0, coarse(draws.range(0.17, 0.42)), draws.range(0.35, 0.95)),
            streaks: None,
            patch: 0.0,
            patch_middle: (0.55 * draws.signed(), 0.55 * draws.signed()),
            pores: if draws.chance(0.3) { draws.range(0.2, 0.6) } else { 0.0 },
            dome: if draws.chance(0.25) { draws.range(0.1, 0.35) } else { 0.0 },
            seed: draws.bits(),
        };
        match structure {
            Structure::Network => {
                pigment.melanin = draws.range(0.3, 1.1);
                pigment.net.0 = draws.range(0.45, 0.95);
            }
            Structure::Globules => {
                pigment.melanin = draws.range(0.35, 1.3);
                pigment.globule.0 = draws.range(0.45, 1.0);
            }
            Structure::Structureless => match draws.count(0, 9) {
                0..=3 => pigment.melanin = draws.range(0.35, 1.4),
                4..=5 => {
                    pigment.melanin = draws.range(0.02, 0.2);
                    pigment.blood = draws.range(0.3, 0.85);
                }
                6..=7 => {
                    pigment.melanin = draws.range(0.7, 1.5);
                    pigment.blue = draws.range(0.65, 0.95);
                }
                _ => pigment.melanin = draws.range(3.0, 4.8),
            },
            Structure::Streaks => {
                pigment.melanin = draws.range(1.1, 2.8);
                pigment.streaks = Some(streaks(draws, lesion, optics));
                pigment.net.0 = if draws.chance(0.4) { 0.5 } else { 0.0 };
            }
            Structure::Veil => {
                pigment.melanin = draws.range(1.0, 2.2);
                pigment.patch = draws.range(0.62, 0.92);
                pigment.net.0 = draws.range(0.15, 0.6);
            }
            Structure::Regression => {
                pigment.melanin = draws.range(0.6, 1.6);
                pigment.patch = draws.range(0.45, 0.8);
                pigment.net.0 = draws.range(0.15, 0.6);
            }
        }
        let busy = matches!(structure, Structure::Veil | Structure::Regression);
        if draws.chance(if busy { 0.8 } else { 0.5 }) {
            let (away, angle) = (draws.range(0.0, 0.7), draws.angle());
            let pink = draws.chance(0.25);
            pigment.focus = Some(Focus {
                middle: (away * cos(angle), away * sin(angle)),
                radius: draws.range(0.3, 0.75),
                melanin: if pink { -0.5 } else { draws.range(0.5, 1.4) } * pigment.melanin.min(1.6),
                blood: if pink { draws.range(0.3, 0.7) } else { 0.0 },
            });
        }
        pigment
    }

    /// The lesion over the skin `around` it at `p`, `d` from its outline: linear light.
    pub(super) fn over(
        &self,
        ground: &Ground,
        around: Chromophores,
        lesion: &Lesion,
        p: (f32, f32),
        d: f32,
        i: usize,
    ) -> V3 {
        let streak = self.streaks.as_ref().map_or(0.0, |layer| layer.values[i]);
        let fade = lesion.fade(p);
        // The lines of a network run on into the skin where the ground between them has faded.
        let far = Lesion::cover(d - 0.25 * fade * self.net.0.min(1.0), 1.3 * fade);
        if far <= 0.0 && streak <= 0.0 {
            return ground.colour(around, 0.0);
        }
        let seed = self.seed;
        let cover = Lesion::cover(d, fade);
        let (x, y) = lesion.local(p);
        let l = v3(x, y, 1.0);
        let mm = v3(p.0, p.1, 2.0);
        let slow = fractal3(l * 1.6, 3, seed);
        let bent = mm + v3(slow, -slow, 0.0) * 0.5;
        let fine = fractal3(bent * 1.9, 4, seed ^ 1);
        let depth = smoothstep(0.0, -0.8 * lesion.radius(), d);
        let uneven = 1.0 + self.blotch * (1.3 * slow + 1.1 * fine) + self.profile * (depth - 0.4);
        let mut melanin = self.melanin * uneven.max(0.12);
        let mut blood = self.blood * (1.0 + slow);
        if let Some(focus) = &self.focus {
            let (dx, dy) = (x - focus.middle.0, y - focus.middle.1);
            let share = smoothstep(1.15, 0.35, (dx * dx + dy * dy).sqrt() / focus.radius + 0.5 * slow + 0.4 * fine);
            melanin = (melanin + focus.melanin * share).max(0.05);
            blood += focus.blood * share;
        }
        let (line, hole) = self.network(p);
        // Pigment moves from the holes to the lines.
        let mut within = around;
        within.melanin += cover * melanin * (1.0 - 0.62 * hole) + far * line * (0.35 + 0.65 * melanin.min(1.6)) * 0.9;
        within.melanin += cover * self.globules(p, slow) * (0.35 + 0.6 * melanin.min(1.8));
        within.melanin += streak * (0.25 + 0.75 * (1.0 - cover)) * self.melanin * (1.0 + 0.8 * fine).max(0.2);
        within.blood += cover * blood;
        if self.pores > 0.0 {
            let c = cell(p.0 * 1.5, p.1 * 1.5, 0.9, seed ^ 7);
            let pore = smoothstep(0.16, 0.05, c.near) * f32::from(u8::from(c.id > 0.5));
            within.melanin *= 1.0 - self.pores * pore * cover;
        }
        let mut colour = ground.colour(within, self.warm);
        if self.blue > 0.0 {
            colour = colour.mix(BLUE_GREY * (0.85 + 0.8 * fine), self.blue * cover * (1.0 + 0.25 * slow).min(1.0));
        }
        if self.patch > 0.0 {
            colour = self.patched(colour, ground, p, (x, y), cover, (slow, fine));
        }
        colour
    }

    /// The veil or the scar, where it lies.
    fn patched(&self, colour: V3, ground: &Ground, p: (f32, f32), l: (f32, f32), cover: f32, noise: (f32, f32)) -> V3 {
        let (dx, dy) = (l.0 - self.patch_middle.0, l.1 - self.patch_middle.1);
        let reach = (dx * dx + dy * dy).sqrt() + 0.7 * noise.0 + 0.55 * noise.1;
        let share = self.patch * smoothstep(0.9, 0.2, reach) * smoothstep(0.3, 0.9, cover);
        if share <= 0.0 {
            return colour;
        }
        if self.structure == Structure::Veil {
            // Darker over dense pigment, and as grey as blue.
            let veil = BLUE_GREY.mix(v3(0.13, 0.12, 0.125), 0.5 + 0.9 * noise.1.clamp(-0.5, 0.5));
            return colour.mix(veil * (0.7 + 0.7 * noise.1 + 0.3 * noise.0), share);
        }
        let pale = SCAR.mix(ground.base(), 0.45) * (1.0 + 0.1 * noise.1);
        let mut colour = colour.mix(pale, share);
        // Peppering: the grey dots of pigment that has sunk into the skin.
        let c = cell(p.0 * 4.5, p.1 * 4.5, 0.9, self.seed ^ 9);
        if c.id > 0.45 - 0.6 * noise.1 {
            colour = colour.mix(BLUE_GREY, 0.75 * share * smoothstep(0.34, 0.12, c.near));
        }
        colour
    }

    /// The strength of the network's lines at `p`, and how much of a hole it is.
    fn network(&self, p: (f32, f32)) -> (f32, f32) {
        let (strength, size, thick) = self.net;
        if strength <= 0.0 {
            return (0.0, 0.0);
        }
        let q = v3(p.0, p.1, 4.0);
        let bend = (0.3 * noise3(q * (0.7 / size), self.seed ^ 11), 0.3 * noise3(q * (0.7 / size), self.seed ^ 12));
        let c = cell(p.0 / size + bend.0, p.1 / size + bend.1, 0.75, self.seed ^ 13);
        // Lines thicken and thin, and are lost in places.
        let width = thick * (1.0 + 0.45 * noise3(q * 0.9, self.seed ^ 14));
        let here =
            strength * smoothstep(-0.6, 0.35, noise3(q * 0.5, self.seed ^ 15) + 0.3 * noise3(q * 1.7, self.seed ^ 16));
        // Walls between cells, thicker where three of them meet, so that the holes are round.
        let line = (1.0 - smoothstep(0.0, 2.1 * width, c.next - c.near)) * (0.5 + 0.5 * smoothstep(0.2, 0.62, c.near))
            + 0.35 * smoothstep(0.3, 0.7, c.near);
        let line = line.min(1.0);
        (here * line, here.min(1.0) * (1.0 - line))
    }

    /// How much of a globule there is at `p`.
    fn globules(&self, p: (f32, f32), slow: f32) -> f32 {
        let (strength, size, share) = self.globule;
        if strength <= 0.0 {
            return 0.0;
        }
        let q = v3(p.0, p.1, 6.0);
        let bend = 0.2 * noise3(q * (0.8 / size), self.seed ^ 21);
        let c = cell(p.0 / size + bend, p.1 / size - bend, 0.6, self.seed ^ 22);
        if c.id > share {
            return 0.0;
        }
        let radius = 0.28 + 0.17 * c.id / share;
        strength * (0.75 + 0.5 * slow) * smoothstep(radius + 0.1, radius - 0.12, c.near.min(1.4 - c.next))
    }

    /// Whether a streak reaches the pixel, which then belongs to the lesion.
    pub(super) fn streaked(&self, i: usize) -> bool {
        self.streaks.as_ref().is_some_and(|layer| layer.values[i] > 0.35)
    }
}

/// Radial lines across the border, with knobs at the end of some.
fn streaks(draws: &mut Draws, lesion: &Lesion, optics: &Optics) -> Layer {
    let mut layer = Layer::new(optics.width, optics.height);
    let r = lesion.radius();
    let count = draws.count(40, 90);
    // On one side only, or all around.
    let (side, all_around) = (draws.angle(), draws.chance(0.6));
    let knobs = draws.chance(0.5);
    for k in 0..count {
        let angle = (k as f32 + 0.7 * draws.unit()) / count as f32 * std::f32::consts::TAU;
        let (c, s) = (cos(angle), sin(angle));
        let outwards = r * (0.015 + 0.11 * draws.unit() * draws.unit());
        let inwards = r * draws.range(0.12, 0.4);
        let thick = optics.scale * (0.024 * r).clamp(0.05, 0.16) * draws.range(0.5, 1.4);
        let strength = draws.range(0.4, 0.95);
        if !all_around && c * cos(side) + s * sin(side) < 0.2 {
            continue;
        }
        // The first place without, seen from the middle.
        let at = |t: f32| (lesion.centre.0 + c * t, lesion.centre.1 + s * t);
        let step = 0.04 * r;
        let Some(rim) = (1..60).map(|n| n as f32 * step).find(|t| lesion.distance(at(*t)) > 0.0) else { continue };
        let from = optics.pixel(at((rim - inwards).max(0.0)));
        let end = at(rim + outwards);
        // Not quite straight out.
        let aside = 0.4 * outwards * draws.signed();
        let to = optics.pixel((end.0 - s * aside, end.1 + c * aside));
        layer.line(from, to, (1.5 * thick, 0.7 * thick), strength);
        if knobs && draws.chance(0.6) {
            layer.line(to, to, (1.3 * thick, 1.3 * thick), strength);
        }
    }
    layer.values =
        blur(&layer.values, layer.width, layer.height, (0.02 * optics.scale + 0.4, 0.02 * optics.scale + 0.4));
    layer
}
