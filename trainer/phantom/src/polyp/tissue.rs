//! Colours and fine relief of the surfaces: mucosa, vessels, the polyp's own texture, mucus and residue.

use super::super::math::{V3, atan2, smoothstep, v3};
use super::super::noise::{fractal3, noise3, noise3_slope};
use super::super::random::Draws;
use super::camera::Scene;
use super::hit::{Hit, Slow};
use super::vessels::Vessels;

/// How one bowel and its polyp look.
pub(super) struct Tissue {
    mucosa: V3,
    patchiness: f32,
    vessels: Vessels,
    vessel_strength: f32,
    polyp: V3,
    polyp_vessels: f32,
    pits: f32,
    pit_scale: f32,
    fibrin: f32,
    mucus: f32,
    mucus_colour: V3,
    residue: f32,
    moisture: f32,
    relief: f32,
    /// Slope of the shallow undulations between relief and folds.
    unrest: f32,
    grain: f32,
    seed: u32,
}

/// What the light falls on at one point.
pub(super) struct Surface {
    pub(super) albedo: V3,
    /// The albedo without mucus and residue, and how much they cover, 0..1.
    pub(super) tissue: V3,
    pub(super) mucus: f32,
    pub(super) residue: f32,
    /// The normal with the fine relief that breaks highlights up.
    pub(super) fine_normal: V3,
    /// How wet it is: 0 hardly shows highlights, 1 many.
    pub(super) gloss: f32,
}

/// Mucosa as reflectance under an endoscope's light: salmon, orange, deep red, pale, tan, brownish.
const MUCOSAE: [V3; 6] = [
    v3(0.80, 0.215, 0.140),
    v3(0.80, 0.235, 0.090),
    v3(0.72, 0.130, 0.085),
    v3(0.78, 0.300, 0.230),
    v3(0.78, 0.290, 0.105),
    v3(0.60, 0.170, 0.100),
];

/// A polyp's colour against its mucosa: redder, paler, darker, yellower, hardly different (twice).
const POLYPS: [V3; 6] = [
    v3(1.02, 0.66, 0.66),
    v3(1.10, 1.25, 1.25),
    v3(0.84, 0.62, 0.70),
    v3(1.06, 1.18, 0.90),
    v3(1.02, 0.92, 0.90),
    v3(0.99, 1.06, 1.06),
];

impl Tissue {
    pub(super) fn draw(draws: &mut Draws) -> Self {
        let mucosa = MUCOSAE[draws.count(0, 5) as usize];
        let other = MUCOSAE[draws.count(0, 5) as usize];
        let mucosa = shade(mucosa.mix(other, draws.range(0.0, 0.5)), 0.06, draws);
        let polyp = shade(POLYPS[draws.count(0, 5) as usize], 0.07, draws);
        let mucus = if draws.chance(0.42) { draws.range(0.1, 1.0) } else { 0.0 };
        let residue = if draws.chance(0.2) { draws.range(0.2, 1.0) } else { 0.0 };
        Self {
            mucosa,
            patchiness: draws.range(0.08, 0.28),
            vessels: Vessels::draw(draws),
            vessel_strength: draws.range(0.1, 1.0),
            polyp: mucosa.times(polyp),
            polyp_vessels: draws.range(0.0, 0.3),
            pits: draws.range(0.0, 0.4),
            pit_scale: draws.range(7.0, 18.0),
            fibrin: if draws.chance(0.25) { draws.range(0.3, 0.9) } else { 0.0 },
            mucus,
            mucus_colour: shade(v3(1.0, 0.46, 0.09), 0.10, draws),
            residue,
            moisture: draws.range(0.2, 0.95),
            relief: draws.range(0.10, 0.30),
            unrest: draws.range(0.02, 0.09),
            grain: draws.range(22.0, 46.0),
            seed: draws.bits(),
        }
    }

    /// What varies slowly over the surface at `p`.
    pub(super) fn slow(&self, p: V3) -> Slow {
        let q = turned(p);
        Slow {
            patches: fractal3(p * 1.1, 2, self.seed),
            hue: noise3(q * 1.1, self.seed ^ 11),
            thick: noise3(p * 0.9, self.seed ^ 13),
            wet: noise3(q * 2.7, self.seed ^ 16),
        }
    }

    /// The surface at the point `p` that a ray met.
    pub(super) fn at(&self, scene: &Scene, p: V3, hit: &Hit) -> Surface {
        let seed = self.seed;
        let speckle = noise3(p * 21.0, seed ^ 12);
        let tone = 1.0 + self.patchiness * hit.slow.patches + 0.05 * speckle;
        let warm = self.patchiness * 0.7 * hit.slow.hue;
        let mut albedo = self.mucosa.times(v3(tone, tone * (1.0 - warm), tone * (1.0 - 1.2 * warm)));
        let near = smoothstep(3.2, 1.0, hit.t);
        if near > 0.0 && hit.share < 1.0 {
            let axis = scene.colon.axis(p.z);
            let around = atan2(p.y - axis.y, p.x - axis.x);
            // Where the mucosa is thick the vessels do not show.
            let seen = 0.35 + 0.65 * smoothstep(-0.35, 0.35, hit.slow.thick);
            let v = self.vessels.at(around, p.z) * self.vessel_strength * near * seen * (1.0 - hit.share);
            albedo = albedo.times(v3(1.0 - 0.35 * v, 1.0 - 0.72 * v, 1.0 - 0.66 * v));
        }
        let mut slope = V3::default();
        if hit.share > 0.0 {
            let q = scene.lesion.local(p);
            let stalk = scene.lesion.stalk_share(q);
            let (polyp, pit_slope) = self.polyp_at(q, hit.slow.patches);
            albedo = albedo.mix(polyp, hit.share * (1.0 - 0.75 * stalk));
            slope = pit_slope * (hit.share * (1.0 - stalk));
        }
        let tissue = albedo;
        let (mut mucus, mut residue) = (0.0, 0.0);
        if self.residue > 0.0 || self.mucus > 0.0 {
            let colour;
            (colour, mucus, residue) = self.deposits(p, hit);
            albedo = albedo.mix(colour, mucus.max(residue));
        }
        // Relief of three sizes, the finer two bent by slower noise, which hides the lattice.
        let bent = p + v3(hit.slow.hue, hit.slow.patches, hit.slow.wet) * (2.0 / self.grain);
        let (_, coarse) = noise3_slope(bent * self.grain, seed ^ 14);
        let (_, fine) = noise3_slope(turned(bent) * (self.grain * 2.3), seed ^ 15);
        let (_, broad) = noise3_slope(turned(p) * (self.grain * 0.24), seed ^ 17);
        let rise = (coarse + turned_back(fine) * 0.6) * (0.4 * self.relief) + turned_back(broad) * self.unrest;
        let fine_normal = (hit.normal - (rise - hit.normal * rise.dot(hit.normal)) - slope).unit();
        let gloss = self.moisture * smoothstep(-0.5, 0.5, hit.slow.wet + self.moisture - 0.5);
        Surface { albedo, tissue, mucus, residue, fine_normal, gloss }
    }

    /// The polyp's own colour at `q` in its frame, and the slope of its pits.
    fn polyp_at(&self, q: V3, patches: f32) -> (V3, V3) {
        let seed = self.seed;
        let (n, rise) = noise3_slope(q * self.pit_scale, seed ^ 21);
        // Grooves between the pits: dark where the noise crosses zero.
        let groove = 1.0 - smoothstep(0.0, 0.35, n.abs());
        let blotch = fractal3(q * 2.2, 2, seed ^ 22);
        let tone = (1.0 + 0.22 * blotch + 0.1 * patches) * (1.0 - self.pits * 0.45 * groove);
        let mut colour = self.polyp.times(v3(tone, tone * (1.0 - 0.18 * self.pits * groove - 0.1 * blotch), tone));
        let v = self.vessels.at(q.x * 0.8 + 1.3, q.y * 0.8 + q.z * 0.5) * self.polyp_vessels;
        colour = colour.times(v3(1.0 - 0.25 * v, 1.0 - 0.7 * v, 1.0 - 0.6 * v));
        if self.fibrin > 0.0 {
            let cover = self.fibrin * smoothstep(0.05, 0.75, noise3(q * 1.7, seed ^ 23) + 0.25 * n);
            colour = colour.mix(v3(0.80, 0.50, 0.33), cover);
        }
        (colour, rise * (0.12 * self.pits))
    }

    /// Mucus in clefts and streaks, and bits of residue: their colour and how much each covers.
    fn deposits(&self, p: V3, hit: &Hit) -> (V3, f32, f32) {
        let seed = self.seed;
        let (mut mucus, mut residue) = (0.0, 0.0);
        let mut colour = self.mucus_colour;
        if self.mucus > 0.0 {
            // It collects where it can: in some regions, and there in the clefts.
            let pool = 0.45 * hit.slow.thick + 0.9 * (1.0 - hit.open) + 0.35 * self.mucus - 0.3;
            if pool > 0.0 {
                let strands = fractal3(v3(p.x * 5.0, p.y * 5.0, p.z * 2.2), 3, seed ^ 31);
                mucus = 0.62 * smoothstep(0.25, 1.05, strands + pool);
            }
        }
        if self.residue > 0.0 {
            let pool = 0.35 * hit.slow.hue + 0.16 * self.residue;
            let bits = smoothstep(0.52, 1.05, fractal3(p * 8.5, 3, seed ^ 32) + pool);
            colour = colour.mix(v3(0.52, 0.22, 0.035), bits * 0.7);
            residue = bits * 0.95;
        }
        (colour, mucus, residue)
    }
}

/// A colour with each component varied by up to a fraction `by`.
fn shade(colour: V3, by: f32, draws: &mut Draws) -> V3 {
    colour.times(v3(1.0 + by * draws.signed(), 1.0 + by * draws.signed(), 1.0 + by * draws.signed()))
}

/// `p` in axes that line up with none of the lattice's.
fn turned(p: V3) -> V3 {
    v3(0.8 * p.x + 0.6 * p.y, 0.48 * p.y - 0.64 * p.x + 0.6 * p.z, 0.36 * p.x - 0.48 * p.y + 0.8 * p.z)
}

/// The inverse of [`turned`]: its transpose.
fn turned_back(q: V3) -> V3 {
    v3(0.8 * q.x - 0.64 * q.y + 0.36 * q.z, 0.6 * q.x + 0.48 * q.y - 0.48 * q.z, 0.6 * q.y + 0.8 * q.z)
}
