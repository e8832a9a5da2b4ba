//! The vessels under the mucosa: branching trees drawn into a tile that repeats along and around the bowel.

use super::super::math::{cos, sin, split};
use super::super::random::Draws;

/// Side of the tile in texels; it spans one turn around the tube, 2 pi radii.
const SIDE: usize = 768;
const TEXELS_PER_RADIUS: f32 = SIDE as f32 / std::f32::consts::TAU;

/// A tile of vessel strength, 0 to 1.
pub(super) struct Vessels {
    texels: Vec<f32>,
}

/// A vessel that is still growing.
struct Shoot {
    x: f32,
    y: f32,
    angle: f32,
    width: f32,
    length: f32,
    generation: u32,
}

impl Vessels {
    pub(super) fn draw(draws: &mut Draws) -> Self {
        let mut tile = Self { texels: vec![0.0; SIDE * SIDE] };
        let mut shoots = Vec::new();
        for _ in 0..draws.count(30, 75) {
            shoots.push(Shoot {
                x: draws.range(0.0, SIDE as f32),
                y: draws.range(0.0, SIDE as f32),
                angle: draws.angle(),
                width: draws.range(0.8, 1.9),
                length: draws.range(70.0, 240.0),
                generation: 0,
            });
        }
        // Between the trees, a net of short fine vessels.
        for _ in 0..draws.count(100, 500) {
            shoots.push(Shoot {
                x: draws.range(0.0, SIDE as f32),
                y: draws.range(0.0, SIDE as f32),
                angle: draws.angle(),
                width: draws.range(0.5, 0.9),
                length: draws.range(18.0, 55.0),
                generation: 3,
            });
        }
        while let Some(shoot) = shoots.pop() {
            tile.grow(shoot, &mut shoots, draws);
        }
        tile
    }

    /// Draws one vessel to its end and adds its branches to `shoots`.
    fn grow(&mut self, mut shoot: Shoot, shoots: &mut Vec<Shoot>, draws: &mut Draws) {
        let total = shoot.length;
        let mut curl = 0.0;
        let mut until_branch = draws.range(10.0, 45.0);
        while shoot.length > 0.0 {
            // A curvature that wanders and falls back to straight makes the gentle windings of vessels.
            curl = 0.85 * curl + 0.055 * draws.signed();
            shoot.angle += curl;
            shoot.x += cos(shoot.angle);
            shoot.y += sin(shoot.angle);
            shoot.length -= 1.0;
            let width = shoot.width * (0.35 + 0.65 * shoot.length / total).max(0.3);
            self.dab(shoot.x, shoot.y, width, 1.0 / (1.0 + 0.15 * shoot.generation as f32));
            until_branch -= 1.0;
            if until_branch <= 0.0 && shoot.generation < 4 {
                until_branch = draws.range(9.0, 40.0);
                let side = if draws.chance(0.5) { 1.0 } else { -1.0 };
                shoots.push(Shoot {
                    angle: shoot.angle + side * draws.range(0.4, 1.2),
                    width: width * draws.range(0.5, 0.8),
                    length: shoot.length.max(30.0) * draws.range(0.3, 0.75),
                    generation: shoot.generation + 1,
                    ..shoot
                });
            }
        }
    }

    /// A soft dot of the given radius; overlapping dots keep the stronger.
    fn dab(&mut self, x: f32, y: f32, radius: f32, strength: f32) {
        let reach = radius + 1.0;
        let (x0, y0) = ((x - reach).ceil() as i32, (y - reach).ceil() as i32);
        for row in y0..=(y + reach) as i32 {
            for column in x0..=(x + reach) as i32 {
                let (dx, dy) = (column as f32 - x, row as f32 - y);
                let value = strength * (reach - (dx * dx + dy * dy).sqrt()).clamp(0.0, 1.0) * radius.min(1.0);
                let texel = &mut self.texels[wrap(row) * SIDE + wrap(column)];
                *texel = texel.max(value);
            }
        }
    }

    /// The strength at a place on the wall, in tube radii around and along it.
    pub(super) fn at(&self, around: f32, along: f32) -> f32 {
        let (x, y) = (around * TEXELS_PER_RADIUS, along * TEXELS_PER_RADIUS);
        let ((x0, u), (y0, v)) = (split(x), split(y));
        let texel = |dx: i32, dy: i32| self.texels[wrap(y0 + dy) * SIDE + wrap(x0 + dx)];
        let top = texel(0, 0) + (texel(1, 0) - texel(0, 0)) * u;
        let bottom = texel(0, 1) + (texel(1, 1) - texel(0, 1)) * u;
        top + (bottom - top) * v
    }
}

fn wrap(i: i32) -> usize {
    i.rem_euclid(SIDE as i32) as usize
}
