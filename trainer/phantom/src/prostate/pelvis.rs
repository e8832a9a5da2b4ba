//! What lies around the gland: fat, muscles, bones, bladder, rectum, vessels.

use super::super::math::{smooth_min, smoothstep, split, v3};
use super::super::noise::{cell, fractal3, noise3};
use super::super::random::Draws;
use super::base::{Bladder, Vesicles};
use super::body::Body;
use super::gland::Gland;
use super::rectum::Rectum;
use super::shape::{Place, bone, cover, fat, inside, lay, line, muscle, segment};
use super::side::Side;

/// One pelvis about a gland.
pub(super) struct Pelvis {
    level: f32,
    half: (f32, f32),
    rectum: Rectum,
    bladder: Option<Bladder>,
    vesicles: Vesicles,
    sides: [Side; 2],
    fat: f32,
    muscle: f32,
    marrow: f32,
    /// Distance of the levator ani from gland and rectum, and half its thickness.
    levator: (f32, f32),
    septa: f32,
    plexus: f32,
    /// How much of what lies within the levator is muscle.
    outlet: f32,
    /// How much darker the tissue next to the gland is than other fat, and how far that reaches, mm.
    fascia: (f32, f32),
    /// Depth of the dark muscle in front of the gland, mm; 0 without.
    apron: f32,
    seed: u32,
}

impl Pelvis {
    pub(super) fn draw(draws: &mut Draws, gland: &Gland) -> Self {
        let level = gland.level;
        let half = gland.half;
        let rectum = Rectum::draw(draws, gland);
        let bladder = Bladder::draw(draws, gland);
        let forward = half.1 + if bladder.is_some() { 22.0 } else { 6.0 };
        let pair = [Side::draw(draws, gland, forward), Side::draw(draws, gland, forward)];
        Self {
            level,
            half,
            rectum,
            bladder,
            vesicles: Vesicles::draw(draws, gland),
            sides: pair,
            fat: draws.range(0.72, 0.95),
            muscle: draws.range(0.10, 0.17),
            marrow: draws.range(0.28, 0.62),
            levator: (
                lay(1.5, draws.range(1.5, 8.5), smoothstep(0.05, 0.6, level)),
                lay(draws.range(1.7, 3.6), draws.range(0.9, 2.2), level),
            ),
            septa: draws.range(0.1, 0.4),
            plexus: draws.range(0.0, 0.9),
            outlet: draws.range(0.3, 1.0) * smoothstep(0.4, 0.15, level),
            fascia: (draws.range(0.0, 0.65), draws.range(4.0, 16.0)),
            apron: if draws.chance(0.65) { draws.range(2.0, 11.0) } else { 0.0 },
            seed: draws.bits(),
        }
    }

    /// The distance to the rectum's outer wall, negative inside.
    pub(super) fn rectum(&self, p: Place) -> f32 {
        self.rectum.outline.distance(p)
    }

    /// Middle of the rectum, where an endorectal coil would lie.
    pub(super) fn coil(&self) -> Place {
        self.rectum.outline.centre
    }

    /// The signal at `p`, `gland` from the gland's outline.
    pub(super) fn signal(&self, p: Place, gland: f32, body: &Body) -> f32 {
        let seed = self.seed;
        let side = &self.sides[usize::from(p.0 < 0.0)];
        let m = (p.0.abs(), p.1);
        let mut s = fat(p, self.fat, self.septa, seed);
        s = body.belly(s, p);
        s = self.mesentery(s, p, gland);
        s = self.front(s, p, m, side);
        s = self.flank(s, p, m, side);
        s = self.back(s, p, m, side);
        s = self.floor(s, p, gland);
        if let Some(bladder) = &self.bladder {
            s = bladder.over(s, p, seed);
        }
        s = self.around(s, p, m, gland, side);
        self.rectum.over(s, p, seed)
    }

    /// Pubic bones, symphysis, the muscles, vessels and cords before them.
    fn front(&self, under: f32, p: Place, m: Place, side: &Side) -> f32 {
        let seed = self.seed;
        let mut s = under;
        let q = v3(p.0, p.1, 11.0);
        // Small vessels under the skin.
        if p.1 < side.pubis.centre.1 - 8.0 {
            let bend = 1.6 * fractal3(q * 0.05, 2, seed ^ 39);
            let c = cell(p.0 * 0.07 + bend, p.1 * 0.13 - bend, 0.95, seed ^ 33);
            let size = 0.04 + 0.14 * split(c.id * 7.0).1;
            if c.id > 0.62 {
                let lumen = 0.15 + 0.35 * smoothstep(0.5 * size, 0.0, c.near);
                s = lay(s, lumen, 0.75 * smoothstep(size + 0.06, size - 0.06, c.near));
            }
        }
        s = cover(s, side.cord.distance(m) + fractal3(q * 0.2, 2, seed ^ 34), 1.5, || {
            0.4 + 0.5 * fractal3(q * 0.4, 3, seed ^ 35)
        });
        for vessel in &side.vessels {
            let d = vessel.distance(m) + 0.5 * noise3(q * 0.3, seed ^ 36);
            s = cover(s, d - 0.6, 0.8, || 0.3);
            s = cover(s, d + 0.5, 0.9, || 0.04);
        }
        let uneven = 2.2 * fractal3(q * 0.1, 3, seed ^ 37);
        s = cover(s, side.pectineus.distance(m) + uneven, 1.6, || {
            muscle(p, (0.82 * sign(p.0), 0.57), self.muscle, 0.35, seed ^ 30)
        });
        s = cover(s, side.adductor.distance(m) - uneven, 1.6, || {
            muscle(p, (0.9 * sign(p.0), 0.44), self.muscle, 0.3, seed ^ 31)
        });
        let d = side.pubis.distance(m) + 0.6 * uneven;
        let over_bladder = self.bladder.is_none() || side.pubis.centre.1 < -46.0;
        if over_bladder {
            s = bone(s, p, d, self.marrow, seed ^ 32);
            let top = side.pubis.centre.1;
            let disc = segment(p, (0.0, top - 7.0), (0.0, top + 8.0)) - 1.9 + 0.4 * uneven;
            s = cover(s, disc, 1.6, || 0.11 + 0.06 * noise3(q * 0.5, seed ^ 38));
        }
        s
    }

    /// What lies beside: the muscles about the hip, ischium or acetabulum, femoral head, obturator internus.
    fn flank(&self, under: f32, p: Place, m: Place, side: &Side) -> f32 {
        let seed = self.seed;
        let q = v3(p.0, p.1, 12.0);
        let uneven = 2.0 * fractal3(q * 0.08, 3, seed ^ 43);
        let mut s = under;
        s = cover(s, side.hip.distance(m) + uneven, 2.0, || {
            muscle(p, (0.55 * sign(p.0), 0.83), self.muscle * 1.1, 0.55, seed ^ 44)
        });
        s = bone(s, p, side.ischium.distance(m) + 0.8 * uneven, self.marrow * 1.05, seed ^ 40);
        let d = side.femur.distance(m);
        // Fluid and cartilage in the joint.
        s = lay(s, 0.62, 0.7 * line(d - 2.0, 1.0));
        s = bone(s, p, d, self.marrow * 1.25, seed ^ 41);
        let (a, b, c, thick) = side.obturator;
        let taper = 1.0 - 0.3 * smoothstep(b.1, c.1, m.1) - 0.25 * smoothstep(b.1, a.1, m.1);
        let d = smooth_min(segment(m, a, b), segment(m, b, c), 6.0).0 - thick * taper + 0.6 * uneven;
        s = lay(s, 0.7, 0.45 * line(d - 1.0, 0.9) * (0.5 + 0.5 * uneven).clamp(0.0, 1.0));
        cover(s, d, 1.1, || muscle(p, (0.15 * sign(p.0), 0.99), self.muscle * 0.9, 0.14, seed ^ 42))
    }

    /// Gluteus maximus, and the ligaments in the middle.
    fn back(&self, under: f32, p: Place, m: Place, side: &Side) -> f32 {
        let seed = self.seed;
        let (from, slope) = side.gluteus;
        let q = v3(p.0, p.1, 5.0);
        let wavy = 7.0 * fractal3(q * 0.04, 3, seed ^ 50);
        let d = from - slope * m.0 - p.1 + wavy + 10.0 * smoothstep(16.0, 0.0, m.0);
        let mut s = cover(under, d, 1.8, || muscle(p, (0.93 * sign(p.0), 0.37), self.muscle * 1.2, 0.3, seed ^ 51));
        // Strands of fat and ligament between the two.
        let raphe = segment(p, (0.0, from - 6.0), (0.0, from + 60.0)) - 3.0 + 0.3 * wavy;
        s = cover(s, raphe, 5.0, || {
            lay(0.3, self.fat, 0.5 + 0.8 * fractal3(v3(p.0 * 0.5, p.1 * 0.14, 6.0), 3, seed ^ 52).clamp(-0.6, 0.6))
        });
        s
    }

    /// The levator ani: a sling about gland and rectum.
    fn floor(&self, under: f32, p: Place, gland: f32) -> f32 {
        let (gap, thick) = self.levator;
        let rectum = self.rectum(p);
        // It lies close in places and away from the gland in others.
        let gap = gap * (1.0 + 0.9 * fractal3(v3(p.0, p.1, 7.0) * 0.035, 2, self.seed ^ 64)).max(0.3);
        let both = smooth_min(gland - gap, rectum - 0.35 * gap - 0.8, 12.0).0;
        // It reaches from the pubis to behind the rectum; in front it is open.
        let open = smoothstep(-0.95 * self.half.1, -0.4 * self.half.1, p.1);
        let behind = 1.0 - 0.8 * smoothstep(0.2, 0.9, self.level) * smoothstep(0.6, 1.2, self.below(p));
        let uneven = 1.0 + 0.4 * noise3(v3(p.0, p.1, 7.0) * 0.12, self.seed ^ 60);
        // At the outlet nothing but muscle lies within the sling.
        let within = self.outlet * inside(both, 3.0) * smoothstep(-1.3 * self.half.1, -0.6 * self.half.1, p.1);
        let under = lay(under, self.muscle * (1.5 + 0.8 * uneven), within);
        lay(under, self.muscle * 1.1, 0.9 * open * behind * inside(both.abs() - thick * uneven, 0.9))
    }

    /// The strands and small vessels in the fat about rectum and gland.
    fn mesentery(&self, under: f32, p: Place, gland: f32) -> f32 {
        let near = smoothstep(26.0, 6.0, self.rectum(p).min(gland + 4.0)) * smoothstep(0.1, 0.7, self.level);
        if near <= 0.0 {
            return under;
        }
        let q = v3(p.0, p.1, 13.0);
        let bend = fractal3(q * 0.12, 2, self.seed ^ 61);
        let strands = fractal3(v3(p.0 * 0.5 + 2.0 * bend, p.1 * 0.3 - 2.0 * bend, 14.0), 3, self.seed ^ 62);
        let c = cell(p.0 * 0.16 + bend, p.1 * 0.16 - bend, 0.95, self.seed ^ 63);
        let vessel = f32::from(u8::from(c.id > 0.66)) * smoothstep(0.2, 0.1, c.near);
        under * (1.0 - near * (0.25 + 0.6 * strands).clamp(0.0, 0.6)) * (1.0 - 0.8 * near * vessel)
    }

    /// How far down the rectum a place lies: 0 its front, 2 its back.
    fn below(&self, p: Place) -> f32 {
        let rectum = &self.rectum.outline;
        (p.1 - rectum.centre.1) / rectum.radii.1 + 1.0
    }

    /// The veins, bundles and seminal vesicles next to the gland.
    fn around(&self, under: f32, p: Place, m: Place, gland: f32, side: &Side) -> f32 {
        let seed = self.seed;
        let mut s = under;
        let (duller, reach) = self.fascia;
        s *= 1.0 - duller * smoothstep(reach, 0.4 * reach, gland);
        if self.apron > 0.0 {
            // Stroma and bladder muscle run on in front of the gland, towards the pubis.
            let ahead = smoothstep(-0.55 * self.half.1, -0.85 * self.half.1, p.1);
            let wide = smoothstep(0.9 * self.half.0, 0.5 * self.half.0, m.0);
            let d = gland - self.apron + 1.5 * fractal3(v3(p.0, p.1, 15.0) * 0.15, 2, seed ^ 76);
            s = lay(s, 1.3 * self.muscle, 0.85 * ahead * wide * inside(d, 2.0));
        }
        // The venous plexus in front and beside: bright tubes with dark walls.
        let near = smoothstep(0.2, 1.5, gland) * smoothstep(0.8 * self.levator.0 + 5.0, 2.0, gland);
        let ahead = smoothstep(0.5 * self.half.1, -0.7 * self.half.1, p.1);
        if near * ahead > 0.0 {
            let bend = noise3(v3(p.0, p.1, 8.0) * 0.2, seed ^ 70);
            let c = cell(p.0 * 0.28 + bend, p.1 * 0.4 - bend, 0.95, seed ^ 71);
            let tube = lay(0.22, 0.35 + 0.6 * c.id, smoothstep(0.06, 0.3, c.next - c.near));
            let here = smoothstep(-0.35, 0.3, noise3(v3(p.0, p.1, 8.0) * 0.07, seed ^ 75));
            s = lay(s, tube, self.plexus * near * ahead * here);
        }
        // A thin layer of fat and fascia next to the capsule.
        s = lay(s, 0.62 * self.fat, 0.35 * smoothstep(2.2, 0.3, gland.abs()));
        for (vessel, signal) in &side.bundle {
            let d = vessel.distance(m);
            s = lay(s, *signal, inside(d, 0.7));
        }
        self.vesicles.over(s, p, m, seed)
    }
}

fn sign(x: f32) -> f32 {
    if x < 0.0 { -1.0 } else { 1.0 }
}
