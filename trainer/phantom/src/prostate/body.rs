//! The wall of the body: skin with air outside, the muscles of the belly in front.

use super::super::math::v3;
use super::super::noise::fractal3;
use super::super::random::Draws;
use super::gland::Gland;
use super::shape::{Oval, Place, cover, inside, lay, line, muscle};

/// The signal of air.
const AIR: f32 = 0.01;
/// The signal of skin, which is a thin dark line on fat.
const SKIN: f32 = 0.25;

/// The body's outline about a gland.
pub(super) struct Body {
    outline: Oval,
    /// The straight muscle of the belly on the side at x > 0, where the slice cuts it.
    belly: Option<Oval>,
    muscle: f32,
    seed: u32,
}

impl Body {
    pub(super) fn draw(draws: &mut Draws, gland: &Gland) -> Self {
        // How far in front of the gland the skin lies, mm.
        let front = draws.range(72.0, 125.0);
        let radii = (draws.range(160.0, 205.0), draws.range(100.0, 125.0));
        let outline = Oval::new((6.0 * draws.signed(), radii.1 - front), radii, 0.03 * draws.signed());
        let deep = draws.range(12.0, 32.0);
        let size = (draws.range(18.0, 30.0), draws.range(3.0, 7.5));
        let tilt = draws.range(0.0, 0.3);
        let belly = (gland.level > 0.45).then(|| Oval::new((size.0 + 1.0, deep - front), size, tilt));
        Self { outline, belly, muscle: draws.range(0.08, 0.18), seed: draws.bits() }
    }

    /// The belly's muscles over what is `under`.
    pub(super) fn belly(&self, under: f32, p: Place) -> f32 {
        let Some(belly) = &self.belly else { return under };
        let d = belly.distance((p.0.abs(), p.1)) + 1.5 * fractal3(v3(p.0, p.1, 16.0) * 0.1, 2, self.seed ^ 1);
        cover(under, d, 1.5, || muscle(p, (1.0, 0.0), self.muscle, 0.2, self.seed ^ 2))
    }

    /// Skin and air over all that is `under`.
    pub(super) fn wrap(&self, under: f32, p: Place) -> f32 {
        let d = self.outline.distance(p) + 3.0 * fractal3(v3(p.0, p.1, 17.0) * 0.02, 2, self.seed ^ 3);
        let skin = lay(under, SKIN, 0.7 * line(d + 1.0, 1.2));
        lay(skin, AIR, inside(-d, 1.0))
    }
}
