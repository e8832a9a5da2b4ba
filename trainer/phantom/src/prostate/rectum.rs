//! The rectum behind the gland, with what fills it.

use super::super::math::{smoothstep, v3};
use super::super::noise::{fractal3, noise3};
use super::super::random::Draws;
use super::gland::Gland;
use super::shape::{Oval, Place, inside, lay, line};

/// What fills the rectum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filling {
    Gas,
    Stool,
    Gel,
    Empty,
}

/// The rectum behind the gland.
pub(super) struct Rectum {
    pub(super) outline: Oval,
    wall: f32,
    /// How plain the bright layer in the wall is.
    submucosa: f32,
    /// The signal of stool.
    stool: f32,
    filling: Filling,
}

impl Rectum {
    pub(super) fn draw(draws: &mut Draws, gland: &Gland) -> Self {
        let filling = match draws.count(0, 19) {
            0..=8 => Filling::Gas,
            9..=13 => Filling::Stool,
            14 => Filling::Gel,
            _ => Filling::Empty,
        };
        let stretched = filling != Filling::Empty && draws.chance(0.45);
        // Low down it is the anal canal, narrow and thick-walled.
        let low = smoothstep(0.35, 0.1, gland.level);
        let radii = if filling == Filling::Empty {
            (draws.range(8.0, 13.0), draws.range(6.5, 10.0))
        } else if stretched {
            (draws.range(18.0, 29.0), draws.range(16.0, 27.0))
        } else {
            (draws.range(11.0, 21.0), draws.range(9.0, 18.0))
        };
        let radii = (lay(radii.0, 9.0, low), lay(radii.1, 10.0, low));
        let off = 4.0 * draws.signed();
        let centre = (off, gland.half.1 + radii.1 + draws.range(-1.5, 1.5));
        Self {
            outline: Oval::new(centre, radii, 0.12 * draws.signed()),
            wall: if stretched { draws.range(1.2, 2.6) } else { draws.range(2.0, 4.5) } + 1.6 * low,
            submucosa: if stretched { draws.range(0.0, 0.35) } else { draws.range(0.0, 0.8) },
            stool: draws.range(0.06, 0.4),
            filling,
        }
    }

    /// Wall and filling over what is `under`.
    pub(super) fn over(&self, under: f32, p: Place, seed: u32) -> f32 {
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
            self.submucosa * line(d + 0.75 * self.wall, 0.9) * (0.7 + 0.5 * noise3(q * 0.2, seed ^ 85)).clamp(0.0, 1.0),
        );
        let lumen = d + self.wall + 0.6 * noise3(q * 0.35, seed ^ 82);
        let content = match self.filling {
            Filling::Gas => 0.015,
            Filling::Stool => self.stool * (1.0 + 0.9 * fractal3(q * 0.22, 4, seed ^ 83)),
            Filling::Gel => 0.95,
            // Folded mucosa on itself.
            Filling::Empty => self.stool * (1.1 + 0.9 * fractal3(q * 0.45, 2, seed ^ 84)),
        };
        lay(s, content, inside(lumen, 0.9))
    }
}
