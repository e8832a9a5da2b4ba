//! What lies around the gland: fat, muscles, bones, bladder, rectum, vessels.

use super::super::math::{smooth_min, smoothstep, split, v3};
use super::super::noise::{cell, fractal3, noise3};
use super::super::random::Draws;
use super::gland::Gland;
use super::shape::{Oval, Place, bone, cover, fat, inside, lay, line, muscle, segment};

/// What fills the rectum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filling {
    Gas,
    Stool,
    Gel,
    Empty,
}

/// The rectum behind the gland.
struct Rectum {
    outline: Oval,
    wall: f32,
    filling: Filling,
}

/// What is paired, for a side that lies at x > 0.
struct Side {
    pubis: Oval,
    adductor: Oval,
    pectineus: Oval,
    cord: Oval,
    /// The muscles about the hip.
    hip: Oval,
    ischium: Oval,
    femur: Oval,
    vessels: [Oval; 2],
    bundle: Vec<(Oval, f32)>,
    /// The obturator internus: its ends, its bend and half its thickness.
    obturator: (Place, Place, Place, f32),
    gluteus: (f32, f32),
}

/// One pelvis about a gland.
pub(super) struct Pelvis {
    level: f32,
    half: (f32, f32),
    rectum: Rectum,
    bladder: Option<Oval>,
    vesicles: f32,
    sides: [Side; 2],
    fat: f32,
    muscle: f32,
    marrow: f32,
    /// Distance of the levator ani from gland and rectum, and half its thickness.
    levator: (f32, f32),
    septa: f32,
    plexus: f32,
    seed: u32,
}

impl Pelvis {
    pub(super) fn draw(draws: &mut Draws, gland: &Gland) -> Self {
        let level = gland.level;
        let half = gland.half;
        let rectum = Rectum::draw(draws, gland);
        let bladder = (level > 0.66).then(|| {
            let grow = (level - 0.66) * 2.0;
            let radii = (draws.range(18.0, 30.0) * (0.6 + grow), draws.range(11.0, 18.0) * (0.6 + grow));
            Oval::new((3.0 * draws.signed(), -half.1 - radii.1 * draws.range(0.45, 0.85)), radii, 0.1 * draws.signed())
        });
        let forward = half.1 + if bladder.is_some() { 22.0 } else { 6.0 };
        let pair = [Side::draw(draws, gland, forward), Side::draw(draws, gland, forward)];
        Self {
            level,
            half,
            rectum,
            bladder,
            vesicles: smoothstep(0.78, 0.9, level),
            sides: pair,
            fat: draws.range(0.72, 0.95),
            muscle: draws.range(0.10, 0.17),
            marrow: draws.range(0.40, 0.62),
            levator: (lay(1.8, draws.range(4.5, 9.0), smoothstep(0.05, 0.6, level)), lay(1.7, 0.9, level)),
            septa: draws.range(0.1, 0.4),
            plexus: draws.range(0.2, 0.9),
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
    pub(super) fn signal(&self, p: Place, gland: f32) -> f32 {
        let seed = self.seed;
        let side = &self.sides[usize::from(p.0 < 0.0)];
        let m = (p.0.abs(), p.1);
        let mut s = fat(p, self.fat, self.septa, seed);
        s = self.mesentery(s, p, gland);
        s = self.front(s, p, m, side);
        s = self.flank(s, p, m, side);
        s = self.back(s, p, m, side);
        s = self.floor(s, p, gland);
        if let Some(bladder) = &self.bladder {
            let d = bladder.distance(p) + 3.0 * fractal3(v3(p.0, p.1, 4.0) * 0.06, 3, seed ^ 20);
            let wall = 0.2 * (1.0 + 0.25 * noise3(v3(p.0, p.1, 4.0) * 0.5, seed ^ 21));
            s = lay(s, wall, inside(d - 1.6, 1.2));
            // Urine that is fresher lies on top and is less bright.
            let fresh = 0.1 * smoothstep(0.2, -0.2, (p.1 - bladder.centre.1) / bladder.radii.1);
            s = lay(s, 0.98 - fresh, inside(d + 1.6, 1.2));
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
        if self.vesicles > 0.0 {
            let region = Oval::new((0.62 * self.half.0, 0.86 * self.half.1), (0.62 * self.half.0 + 3.0, 5.5), -0.22);
            let d = region.distance(m) + 1.5 * fractal3(v3(p.0, p.1, 9.0) * 0.15, 2, seed ^ 72);
            let bend = 0.6 * noise3(v3(p.0, p.1, 9.0) * 0.22, seed ^ 73);
            let c = cell(p.0 * 0.33 + bend, p.1 * 0.45 - bend, 0.9, seed ^ 74);
            let coil = lay(0.2, 0.7 + 0.3 * c.id, smoothstep(0.08, 0.34, c.next - c.near));
            s = lay(s, coil, self.vesicles * inside(d, 1.2));
        }
        s
    }
}

impl Rectum {
    fn draw(draws: &mut Draws, gland: &Gland) -> Self {
        let filling = match draws.count(0, 9) {
            0..=4 => Filling::Gas,
            5..=6 => Filling::Stool,
            7 => Filling::Gel,
            _ => Filling::Empty,
        };
        // Low down it is the anal canal, narrow and thick-walled.
        let low = smoothstep(0.35, 0.1, gland.level);
        let radii = if filling == Filling::Empty {
            (draws.range(8.0, 13.0), draws.range(6.5, 10.0))
        } else {
            (draws.range(13.0, 25.0), draws.range(10.0, 20.0))
        };
        let radii = (lay(radii.0, 9.0, low), lay(radii.1, 10.0, low));
        let off = 2.0 * draws.signed();
        let centre = (off, gland.half.1 + radii.1 + draws.range(-1.5, 1.5));
        Self {
            outline: Oval::new(centre, radii, 0.12 * draws.signed()),
            wall: draws.range(2.0, 3.4) + 1.6 * low,
            filling,
        }
    }

    /// Wall and filling over what is `under`.
    fn over(&self, under: f32, p: Place, seed: u32) -> f32 {
        let q = v3(p.0, p.1, 10.0);
        let d = self.outline.distance(p) + 3.0 * fractal3(q * 0.07, 3, seed ^ 80);
        if d > 2.0 {
            return under;
        }
        let layered = 0.2 * (1.0 + 0.3 * fractal3(q * 0.4, 2, seed ^ 81));
        let mut s = lay(under, layered, inside(d, 1.0));
        // Bright submucosa within the dark muscle.
        s = lay(
            s,
            0.55,
            0.7 * line(d + 0.75 * self.wall, 0.9) * (0.7 + 0.5 * noise3(q * 0.2, seed ^ 85)).clamp(0.0, 1.0),
        );
        let lumen = d + self.wall + 0.6 * noise3(q * 0.35, seed ^ 82);
        let content = match self.filling {
            Filling::Gas => 0.015,
            Filling::Stool => 0.30 + 0.28 * fractal3(q * 0.22, 4, seed ^ 83),
            Filling::Gel => 0.95,
            // Folded mucosa on itself.
            Filling::Empty => 0.42 + 0.4 * fractal3(q * 0.45, 2, seed ^ 84),
        };
        lay(s, content, inside(lumen, 0.9))
    }
}

impl Side {
    fn draw(draws: &mut Draws, gland: &Gland, forward: f32) -> Self {
        let (w, h) = gland.half;
        let level = gland.level;
        let mut near = |value: f32, by: f32| value + by * draws.signed();
        let pubis_y = -(forward + near(11.5, 2.0));
        let pubis = Oval::new((near(19.5, 1.0), pubis_y), (near(20.5, 1.5), near(10.0, 1.0)), near(0.46, 0.06));
        let adductor =
            Oval::new((near(50.0, 3.0), pubis_y + near(2.0, 3.0)), (near(30.0, 2.0), near(15.0, 1.5)), near(0.5, 0.08));
        let pectineus = Oval::new(
            (near(42.0, 3.0), pubis_y - near(9.0, 2.0)),
            (near(32.0, 2.0), near(10.0, 1.0)),
            near(0.34, 0.06),
        );
        let cord =
            Oval::new((near(24.0, 4.0), pubis_y - near(24.0, 3.0)), (near(7.0, 1.5), near(5.0, 1.0)), near(0.3, 0.4));
        let inner = (w + near(13.0, 3.0)).max(32.0);
        let obturator = (
            (inner + near(1.0, 1.5), -near(28.0, 4.0)),
            (inner + near(2.5, 1.5), near(4.0, 3.0)),
            (inner + near(12.0, 2.0), near(34.0, 3.0)),
            near(6.6, 0.9),
        );
        // Low down the ischial tuberosity, higher up the acetabulum.
        let high = smoothstep(0.25, 0.6, level);
        let radii = (lay(near(13.0, 1.0), near(14.5, 1.0), high), lay(near(19.0, 2.0), near(34.0, 2.0), high));
        let ischium = Oval::new(
            (inner + near(9.5, 1.0) + radii.0, lay(near(17.0, 3.0), near(0.0, 3.0), high)),
            radii,
            near(0.1, 0.06) - 0.25 * (1.0 - high),
        );
        let hip = Oval::new((inner + near(42.0, 2.0), near(-4.0, 3.0)), (near(42.0, 1.0), near(42.0, 3.0)), 0.0);
        let femur = Oval::new(
            (ischium.centre.0 + radii.0 + near(21.0, 2.0), near(-8.0, 3.0)),
            (near(21.0, 1.0), near(21.0, 1.0)),
            0.0,
        );
        let artery = (near(58.0, 4.0), pubis_y - near(20.0, 2.0));
        let vessels = [
            Oval::new(artery, (near(4.2, 0.5), near(4.2, 0.5)), 0.0),
            Oval::new((artery.0 - near(9.5, 1.0), artery.1 + near(2.0, 1.0)), (near(4.8, 0.6), near(4.2, 0.5)), 0.0),
        ];
        let gluteus = (near(60.0, 6.0), near(0.22, 0.1));
        let count = draws.count(5, 10);
        let bundle = (0..count)
            .map(|_| {
                // At five and seven o'clock.
                let (x, y) = (0.86 * w + 3.4 + 2.3 * draws.normal(), 0.62 * h + 2.6 * draws.normal());
                let radius = draws.range(0.55, 1.35);
                let oval = Oval::new((x, y), (radius * draws.range(1.0, 1.7), radius), draws.angle());
                (oval, if draws.chance(0.6) { draws.range(0.08, 0.25) } else { draws.range(0.7, 0.95) })
            })
            .filter(|(vessel, _)| gland.distance(vessel.centre) > 1.3 * vessel.radii.0)
            .collect();
        Self { pubis, adductor, pectineus, cord, hip, ischium, femur, vessels, bundle, obturator, gluteus }
    }
}

fn sign(x: f32) -> f32 {
    if x < 0.0 { -1.0 } else { 1.0 }
}
