//! From the scene to light on the sensor: which surface each pixel shows, and how it is lit.

use super::super::math::{V3, smoothstep, v3};
use super::camera::{Camera, Scene, march, normal};
use super::colon::DEPTH;
use super::hit::{Hit, Slow};
use super::optics::Aperture;
use super::tissue::Tissue;

/// Side of the square of pixels that share the first part of their rays.
const TILE: usize = 8;

/// Pixels between traced rays: what lies between is interpolated where the surface is smooth, and traced where not.
const GRID: usize = 3;

/// A rendered frame before the sensor: linear light, and the truth.
pub(super) struct Light {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Linear RGB, row by row.
    pub(super) rgb: Vec<V3>,
    /// The pixels that show the polyp.
    pub(super) lesion: Vec<bool>,
    /// What each pixel shows.
    pub(super) shown: Vec<Shown>,
}

/// What a pixel shows, before light and camera change it. Nothing is drawn from it; it is kept for the truth.
#[derive(Clone, Copy, Default)]
pub(super) struct Shown {
    /// The distance from the eye, 0 where nothing is seen.
    pub(super) depth: f32,
    /// The light that the tissue sends back, without mucus, residue and highlights on it, linear RGB; developed, its
    /// colour as displayed, 0..1.
    pub(super) tissue: V3,
    /// How much of it mucus and residue cover, 0..1.
    pub(super) mucus: f32,
    pub(super) residue: f32,
    /// How much of a specular highlight it is, 0..1.
    pub(super) highlight: f32,
}

/// Draws every pixel that `aperture` leaves open.
pub(super) fn render(scene: &Scene, camera: &Camera, tissue: &Tissue, aperture: &Aperture) -> Light {
    let (width, height) = (aperture.width, aperture.height);
    let pixels = width * height;
    let mut light = Light {
        width,
        height,
        rgb: vec![V3::default(); pixels],
        lesion: vec![false; pixels],
        shown: vec![Shown::default(); pixels],
    };
    let tracer = Tracer::new(scene, camera, tissue, aperture);
    // Traced on a grid; one more line on each axis closes it.
    let (columns, rows) = (width.div_ceil(GRID) + 1, height.div_ceil(GRID) + 1);
    let grid: Vec<Option<Hit>> =
        (0..columns * rows).map(|i| tracer.hit(i % columns * GRID, i / columns * GRID)).collect();
    for y in 0..height {
        for x in 0..width {
            let open = aperture.open(x, y);
            if open <= 0.0 {
                continue;
            }
            let corner = y / GRID * columns + x / GRID;
            let corners = [corner, corner + 1, corner + columns, corner + columns + 1].map(|i| grid[i].as_ref());
            if let Some(hit) = between(corners, x % GRID, y % GRID).or_else(|| tracer.hit(x, y)) {
                let i = y * width + x;
                (light.rgb[i], light.shown[i]) = shade(scene, camera, tissue, tracer.ray(x, y), &hit);
                light.lesion[i] = hit.lesion && open > 0.5;
            }
        }
    }
    light
}

/// Follows rays, with a head start for each tile.
struct Tracer<'a> {
    scene: &'a Scene,
    camera: &'a Camera,
    tissue: &'a Tissue,
    aperture: &'a Aperture,
    /// How far all rays of a tile are free; `None` where they are lost in the dark.
    free: Vec<Option<f32>>,
    tiles_across: usize,
}

impl<'a> Tracer<'a> {
    fn new(scene: &'a Scene, camera: &'a Camera, tissue: &'a Tissue, aperture: &'a Aperture) -> Self {
        let (tiles_across, tiles_down) = (aperture.width / TILE + 2, aperture.height / TILE + 2);
        // The slope of the cone about a tile's middle ray that holds the whole tile: half its diagonal, and some.
        let slope = TILE as f32 * 0.78 * aperture.angle_per_pixel(camera);
        let free = (0..tiles_across * tiles_down)
            .map(|i| {
                let (x, y) = (i % tiles_across * TILE, i / tiles_across * TILE);
                let middle = aperture.ray(camera, (x + TILE / 2) as f32, (y + TILE / 2) as f32);
                march(|p| scene.distance(p), camera.eye, middle, 0.02, slope)
            })
            .collect();
        Self { scene, camera, tissue, aperture, free, tiles_across }
    }

    fn ray(&self, x: usize, y: usize) -> V3 {
        self.aperture.ray(self.camera, x as f32 + 0.5, y as f32 + 0.5)
    }

    fn hit(&self, x: usize, y: usize) -> Option<Hit> {
        let free = self.free[y / TILE * self.tiles_across + x / TILE]?;
        let (scene, ray) = (self.scene, self.ray(x, y));
        let t = march(|p| scene.distance(p), self.camera.eye, ray, free, 0.0)?;
        let p = self.camera.eye + ray * t;
        let normal = normal(|p| scene.distance(p), p, 0.003 * t + 0.001);
        let (lesion, share) = scene.lesion_at(p);
        let lit = shadow(scene, p + normal * 0.02, self.camera.light);
        Some(Hit { t, normal, lesion, share, open: scene.openness(p, normal), lit, slow: self.tissue.slow(p) })
    }
}

/// The hit `x` and `y` pixels into a cell of the grid, interpolated from the hits at its corners, or `None` where they
/// do not lie on one smooth surface.
fn between(corners: [Option<&Hit>; 4], x: usize, y: usize) -> Option<Hit> {
    let [Some(a), Some(b), Some(c), Some(d)] = corners else { return None };
    let smooth = |h: &Hit| h.lesion == a.lesion && (h.t - a.t).abs() < 0.04 * a.t && h.normal.dot(a.normal) > 0.86;
    if !(smooth(b) && smooth(c) && smooth(d)) {
        return None;
    }
    let (u, v) = (x as f32 / GRID as f32, y as f32 / GRID as f32);
    let mut sum = Hit { t: 0.0, normal: V3::default(), share: 0.0, open: 0.0, lit: 0.0, slow: Slow::default(), ..*a };
    let weights = [(1.0 - u) * (1.0 - v), u * (1.0 - v), (1.0 - u) * v, u * v];
    for (hit, weight) in [a, b, c, d].into_iter().zip(weights) {
        sum.t += hit.t * weight;
        sum.normal = sum.normal + hit.normal * weight;
        sum.share += hit.share * weight;
        sum.open += hit.open * weight;
        sum.lit += hit.lit * weight;
        sum.slow = sum.slow.plus(hit.slow, weight);
    }
    sum.normal = sum.normal.unit();
    Some(sum)
}

/// The light that a hit sends back along its ray, and what it shows.
fn shade(scene: &Scene, camera: &Camera, tissue: &Tissue, ray: V3, hit: &Hit) -> (V3, Shown) {
    let p = camera.eye + ray * hit.t;
    let surface = tissue.at(scene, p, hit);
    let to_light = camera.light - p;
    let distance = to_light.length();
    let l = to_light * (1.0 / distance);
    // Light enters wet tissue and comes out again nearby: the shading is softened, and half of the relief.
    let soft = hit.normal.mix(surface.fine_normal, 0.5);
    let lambert = ((soft.dot(l) + 0.12) / 1.12).max(0.0);
    let direct = lambert * hit.lit / (distance * distance + 0.02);
    // The far end of the tube runs out into the dark.
    let depth = smoothstep(0.75 * DEPTH, 0.2 * DEPTH, p.z);
    let ambient = 0.12 * (0.2 + 0.8 * hit.open) * depth / (0.3 + distance);
    let clefts = 0.3 + 0.7 * hit.open;
    let lit = |albedo: V3| {
        // Light that has met the wall more than once is redder.
        let bounced = albedo.times(albedo) * 1.3;
        albedo * (direct * clefts * (0.3 + 0.7 * depth)) + bounced * ambient
    };
    let colour = lit(surface.albedo);
    let halfway = (l - ray).unit();
    let facing = surface.fine_normal.dot(halfway);
    // Dry places show fewer highlights rather than dimmer ones.
    let dry = 0.011 * (1.0 - surface.gloss);
    let highlight = smoothstep(0.9865 + dry, 0.9925 + 0.6 * dry, facing);
    let sheen = smoothstep(0.80, 1.0, facing) * surface.gloss;
    let glare = v3(1.0, 0.97, 0.92) * ((highlight * 2.2 + sheen * 0.04) * depth / (0.3 + distance * distance));
    let shown =
        Shown { depth: hit.t, tissue: lit(surface.tissue), mucus: surface.mucus, residue: surface.residue, highlight };
    (colour + glare, shown)
}

/// The share of the lamp's light that reaches `p`: only the polyp's shadow is followed, folds are dark by their depth.
fn shadow(scene: &Scene, p: V3, light: V3) -> f32 {
    let (middle, reach) = scene.lesion.bounds();
    let to_light = light - p;
    let distance = to_light.length();
    let l = to_light * (1.0 / distance);
    let along = (middle - p).dot(l);
    let across = (middle - p) - l * along;
    if across.length() > reach || along < -reach {
        return 1.0;
    }
    let end = distance.min(along + reach);
    let (mut t, mut lit) = (0.02, 1.0f32);
    for _ in 0..10 {
        if t >= end {
            break;
        }
        let d = scene.lesion.distance(p + l * t);
        lit = lit.min(0.5 + 9.0 * d / t);
        if lit <= 0.0 {
            return 0.0;
        }
        t += d.max(0.04);
    }
    lit.clamp(0.0, 1.0)
}
