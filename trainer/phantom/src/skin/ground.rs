//! The skin around and under a lesion: its tone, mottling, furrows, small vessels and freckles.

use super::super::layer::{Layer, Walk};
use super::super::math::{V3, cos, exp, pow, sin, smoothstep, v3};
use super::super::noise::{cell, fractal3, noise3};
use super::super::random::Draws;
use super::optics::Optics;

/// How strongly melanin and blood take red, green and blue light away. Melanin absorbs ever more
/// towards the blue; blood absorbs green most and leaves red alone.
const MELANIN: V3 = v3(0.55, 1.0, 1.6);
const BLOOD: V3 = v3(0.10, 0.85, 0.72);
/// What even the darkest pigment sends back, from the skin's surface.
const SURFACE: V3 = v3(0.010, 0.008, 0.008);

/// Skins as cameras show them, sRGB: pale pink, cream, bluish white, orange, tan, greyish, mauve,
/// rose, yellowish, olive, brown.
const TONES: [(u8, u8, u8); 11] = [
    (236, 200, 188),
    (230, 210, 188),
    (208, 216, 212),
    (238, 172, 128),
    (205, 164, 130),
    (172, 156, 146),
    (208, 174, 192),
    (226, 150, 146),
    (206, 172, 112),
    (186, 146, 104),
    (158, 114, 88),
];

/// A freckle or a small vessel's blush: a soft spot that is not a lesion.
struct Spot {
    middle: (f32, f32),
    radius: f32,
    melanin: f32,
    blood: f32,
}

/// What is in the skin at one place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chromophores {
    /// Optical density of melanin and of blood, in the green, beyond that of the plain skin.
    pub(super) melanin: f32,
    pub(super) blood: f32,
}

/// One piece of skin.
pub(super) struct Ground {
    base: V3,
    patches: f32,
    mottle: f32,
    furrow: f32,
    furrow_scale: f32,
    /// Direction along which the furrows are stretched, and by how much.
    grain: (f32, f32, f32),
    vessels: Layer,
    vessel_strength: f32,
    spots: Vec<Spot>,
    seed: u32,
}

impl Ground {
    /// Skin of which freckles keep clear where `free` says so.
    pub(super) fn draw(draws: &mut Draws, optics: &Optics, free: impl Fn((f32, f32), f32) -> bool) -> Self {
        let tone = |draws: &mut Draws| {
            let (r, g, b) = TONES[draws.count(0, TONES.len() as u32 - 1) as usize];
            let linear = |v: u8| pow(f32::from(v) / 255.0, 2.2);
            v3(linear(r), linear(g), linear(b))
        };
        let base = tone(draws).mix(tone(draws), draws.range(0.0, 0.5)) * draws.range(0.85, 1.08);
        let half = optics.half();
        let mut spots = Vec::new();
        let freckled = if draws.chance(0.45) { draws.count(1, 9) } else { 0 };
        for _ in 0..freckled {
            let middle = (half.0 * draws.signed(), half.1 * draws.signed());
            let radius = 0.25 * exp(0.5 * draws.normal()).clamp(0.5, 3.2);
            let (melanin, blood) =
                if draws.chance(0.8) { (draws.range(0.15, 0.7), 0.0) } else { (0.0, draws.range(0.2, 0.6)) };
            if free(middle, 2.0 * radius) {
                spots.push(Spot { middle, radius, melanin, blood });
            }
        }
        let angle = draws.angle();
        let (lean, across) = (cos(angle), sin(angle));
        Self {
            base,
            patches: draws.range(0.05, 0.16),
            mottle: draws.range(0.04, 0.12),
            furrow: draws.range(0.01, 0.075),
            furrow_scale: draws.range(2.0, 4.2),
            grain: (lean, across, draws.range(1.0, 2.2)),
            vessels: vessels(draws, optics),
            vessel_strength: if draws.chance(0.5) { draws.range(0.05, 0.3) } else { 0.04 },
            spots,
            seed: draws.bits(),
        }
    }

    /// What the skin holds at a place, and how deep it is furrowed there (0..1).
    pub(super) fn at(&self, p: (f32, f32), pixel: usize) -> (Chromophores, f32) {
        let seed = self.seed;
        let q = v3(p.0, p.1, 0.0);
        let slow = fractal3(q * 0.22, 3, seed);
        let rosy = fractal3(v3(p.1, p.0, 3.0) * 0.3, 2, seed ^ 1);
        let mottled = noise3(q * 2.3, seed ^ 2) + 0.7 * noise3(q * 5.1, seed ^ 3);
        let (along, across) = (p.0 * self.grain.0 + p.1 * self.grain.1, p.1 * self.grain.0 - p.0 * self.grain.1);
        let bent = 0.5 * noise3(q * 1.3, seed ^ 4) + 0.3 * noise3(q * 3.7, seed ^ 7);
        let c = cell(along * self.furrow_scale / self.grain.2 + bent, across * self.furrow_scale - bent, 0.95, seed);
        // Deep in places and lost in others.
        let furrow = (1.0 - smoothstep(0.0, 0.24, c.next - c.near)) * (0.6 + 0.9 * noise3(q * 0.8, seed ^ 8)).max(0.0);
        let mut found = Chromophores {
            melanin: self.patches * slow + 0.5 * self.mottle * mottled + 0.05 * (c.id - 0.5) * self.furrow / 0.06,
            blood: 1.2 * self.patches * rosy + self.mottle * noise3(q * 3.1, seed ^ 5),
        };
        found.blood += self.vessel_strength * self.vessels.values[pixel];
        for spot in &self.spots {
            let (dx, dy) = (p.0 - spot.middle.0, p.1 - spot.middle.1);
            let d2 = dx * dx + dy * dy;
            if d2 < 4.0 * spot.radius * spot.radius {
                let uneven = 0.3 * noise3(q * (1.1 / spot.radius), seed ^ 6);
                let share = smoothstep(1.35, 0.55, d2.sqrt() / spot.radius + uneven);
                found.melanin += spot.melanin * share;
                found.blood += spot.blood * share;
            }
        }
        (found, furrow * self.furrow)
    }

    /// The light that skin with these chromophores sends back, linear RGB; pigment of a `warm`
    /// lesion (above 0) is redder, else greyer.
    pub(super) fn colour(&self, c: Chromophores, warm: f32) -> V3 {
        let density = MELANIN.times(v3(1.0 - warm, 1.0, 1.0 + 0.6 * warm)) * c.melanin + BLOOD * c.blood;
        self.base.times(v3(exp(-density.x), exp(-density.y), exp(-density.z))) + SURFACE
    }

    /// The plain skin's colour.
    pub(super) fn base(&self) -> V3 {
        self.base
    }
}

/// Small red vessels: short branched windings.
fn vessels(draws: &mut Draws, optics: &Optics) -> Layer {
    let mut layer = Layer::new(optics.width, optics.height);
    let (width, height, mm) = (optics.width as f32, optics.height as f32, optics.scale);
    for _ in 0..draws.count(8, 60) {
        let from = (draws.unit() * width, draws.unit() * height);
        let thick = mm * draws.range(0.015, 0.05);
        let strength = draws.range(0.4, 1.0);
        let mut walk =
            Walk { from, angle: draws.angle(), length: mm * draws.range(0.5, 2.6), bend: 0.0, curl: 0.5 / mm };
        for _ in 0..draws.count(1, 3) {
            let points = walk.points((0.06 * mm).max(1.0), draws);
            layer.stroke(&points, |t| thick * (1.0 - 0.6 * t), strength);
            walk.from = points[points.len() / 2].0;
            walk.angle += draws.range(0.5, 1.2) * if draws.chance(0.5) { 1.0 } else { -1.0 };
            walk.length *= 0.6;
        }
    }
    layer
}
