//! What is paired about the gland: bones, muscles, vessels and bundles of one side.

use super::super::math::smoothstep;
use super::super::random::Draws;
use super::gland::Gland;
use super::shape::{Oval, Place, lay};

/// What is paired, for a side that lies at x > 0.
pub(super) struct Side {
    pub(super) pubis: Oval,
    pub(super) adductor: Oval,
    pub(super) pectineus: Oval,
    pub(super) cord: Oval,
    /// The muscles about the hip.
    pub(super) hip: Oval,
    pub(super) ischium: Oval,
    pub(super) femur: Oval,
    pub(super) vessels: [Oval; 2],
    pub(super) bundle: Vec<(Oval, f32)>,
    /// The obturator internus: its ends, its bend and half its thickness.
    pub(super) obturator: (Place, Place, Place, f32),
    pub(super) gluteus: (f32, f32),
}

impl Side {
    pub(super) fn draw(draws: &mut Draws, gland: &Gland, forward: f32) -> Self {
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
        // The outlet of the pelvis is narrower than its middle.
        let narrow = smoothstep(0.4, 0.1, level);
        let inner = (w + near(9.5, 4.0)).max(29.0 - 7.0 * narrow);
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
        let gluteus = (near(76.0, 14.0), near(0.24, 0.14));
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
