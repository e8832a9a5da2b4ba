//! Prostate: an axial T2-weighted slice of the pelvis.
//!
//! The road of a slice: [`gland`], [`pelvis`] and [`body`] say what signal the tissue of a place
//! sends, [`scanner`] how it is heard and shown. All anatomy is put together from ovals and bands
//! ([`shape`]) and then bent by slow noise, so that no two sides are alike. Bladder, vesicles,
//! nodules, foci and the filling of the rectum differ from slice to slice, and so do field of view,
//! window and coil, as they do between protocols.

mod base;
mod body;
mod gland;
mod pelvis;
mod rectum;
mod scanner;
mod shape;
mod side;
mod truth;

use self::body::Body;
use self::gland::{Gland, Zone};
use self::pelvis::Pelvis;
use self::scanner::Scanner;
use self::shape::{Place, inside, lay};
use super::Phantom;
use super::math::{smooth_min, v3};
use super::noise::{fractal3, noise3};
use super::random::Draws;
use fovea_shared::description::measured::known;
use fovea_shared::gaze::{Observer, simulate_slice};
use fovea_shared::plane::Mask;

/// An axial T2-weighted slice of a pelvis through the prostate, drawn from `seed`; `width` and
/// `height` in pixels, 384 x 384 looks its best.
///
/// The slice lies anywhere from apex to base; the gland has a bright peripheral zone, a transition
/// zone with nodules, and dark stroma in front. The mask is the whole gland with its capsule,
/// without the seminal vesicles. All three channels of the image are the same. The gaze is
/// [`simulate_slice`]d by an eye tracker from the mask.
///
/// The same seed and size give the same bytes on every platform.
///
/// # Panics
/// When `width` or `height` is below 16: a smaller picture cannot show a gland.
pub fn prostate(seed: u64, width: u32, height: u32) -> Phantom {
    assert!(width >= 16 && height >= 16, "a phantom needs at least 16x16 pixels, not {width}x{height}");
    let (width, height) = (width as usize, height as usize);
    let scanner = Scanner::draw(&mut Draws::new(seed, 1), width, height);
    let gland = Gland::draw(&mut Draws::new(seed, 2));
    let pelvis = Pelvis::draw(&mut Draws::new(seed, 3), &gland);
    let bend = Bend::draw(&mut Draws::new(seed, 4));
    let body = Body::draw(&mut Draws::new(seed, 6), &gland);
    let mut signal = vec![0.0; width * height];
    let mut zones = vec![None; width * height];
    for i in 0..width * height {
        let (p, around) = bend.of(scanner.place(i % width, i / width));
        let d = outline(&gland, &pelvis, p);
        let (own, zone) = if d < 1.5 { gland.signal(p, d) } else { (0.0, Zone::Other) };
        zones[i] = (d < 0.0).then_some(zone);
        let other = if d > -1.0 { pelvis.signal(around, d, &body) } else { 0.0 };
        let other = body.wrap(other, around);
        let grain = 1.0 + bend.grain * fractal3(v3(p.0, p.1, 0.0) * 0.8, 2, bend.seed ^ 2);
        signal[i] = (lay(other, own, inside(d, 0.7)) * grain).max(0.0);
    }
    let mask = known::largest(&Mask::from_vec(width, height, zones.iter().map(Option::is_some).collect()));
    let (image, shown) = scanner.take(&signal, pelvis.coil(), &mut Draws::new(seed, 5));
    let tissue: Vec<f32> = signal.iter().map(|s| shown(*s)).collect();
    let description = truth::describe(&truth::Drawn { tissue: &tissue, zones: &zones, mask: &mask }, &image);
    let gaze = simulate_slice(&mask, Observer::EyeTracker, seed);
    Phantom { image, mask, gaze, description }
}

/// The distance to the gland's outline, negative inside. The rectum presses the gland in; a layer
/// of fascia stays between them.
fn outline(gland: &Gland, pelvis: &Pelvis, p: Place) -> f32 {
    -smooth_min(-gland.distance(p), pelvis.rectum(p) - 1.0, 2.5).0
}

/// Slow noise by which all anatomy is bent, and fine noise of the tissue itself.
struct Bend {
    /// How far, mm, at three sizes.
    by: [f32; 3],
    /// Share by which the signal of tissue differs from mm to mm.
    grain: f32,
    seed: u32,
}

impl Bend {
    fn draw(draws: &mut Draws) -> Self {
        let by = [draws.range(2.0, 5.0), draws.range(0.7, 1.5), draws.range(0.5, 1.0)];
        Self { by, grain: draws.range(0.06, 0.22), seed: draws.bits() }
    }

    /// Where a place lies in the anatomy that is not bent: for the gland, and for what lies around
    /// it, which is less regular.
    fn of(&self, p: Place) -> (Place, Place) {
        let mut bent = p;
        let mut gland = p;
        for (k, (by, scale)) in self.by.iter().zip([0.028, 0.085, 0.21]).enumerate() {
            let q = v3(p.0 * scale, p.1 * scale, scale);
            let off = (by * noise3(q, self.seed), by * noise3(q, self.seed ^ 1));
            bent = (bent.0 + off.0, bent.1 + off.1);
            if k < 2 {
                gland = bent;
            }
        }
        (gland, bent)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::LazyLock;

    use super::super::testing;
    use super::*;
    use fovea_shared::description::{Field, Modality, Source, measured::measure};

    /// Small slices keep the tests short; the geometry is the same at every size.
    const SMALL: (u32, u32) = (128, 120);

    /// The phantoms of seeds 0 to 59, drawn once for all tests.
    static SIXTY: LazyLock<Vec<Phantom>> =
        LazyLock::new(|| (0..60).map(|seed| prostate(seed, SMALL.0, SMALL.1)).collect());

    #[test]
    fn masks_are_one_gland_in_the_middle() {
        let shares = testing::shares(&SIXTY);
        assert!(shares[0] >= 0.008 && shares[59] <= 0.25, "{shares:?}");
        assert!(shares[6] < 0.03 && shares[53] > 0.06, "apex and base, small and large: {shares:?}");
        for (seed, phantom) in SIXTY.iter().enumerate() {
            assert_eq!(known::largest(&phantom.mask), phantom.mask, "seed {seed}");
            let at_edge = |i: usize| {
                let (x, y) = (i % phantom.mask.width, i / phantom.mask.width);
                x == 0 || y == 0 || x + 1 == phantom.mask.width || y + 1 == phantom.mask.height
            };
            assert!((0..phantom.mask.data.len()).all(|i| !phantom.mask.data[i] || !at_edge(i)), "seed {seed}");
            assert!(phantom.image.pixels().all(|p| p[0] == p[1] && p[1] == p[2]));
        }
    }

    #[test]
    fn the_gland_keeps_clear_of_the_rectum() {
        for seed in 0..40 {
            let gland = Gland::draw(&mut Draws::new(seed, 2));
            let pelvis = Pelvis::draw(&mut Draws::new(seed, 3), &gland);
            for i in 0..60 * 60 {
                let p = ((i % 60) as f32 - 30.0, (i / 60) as f32 - 30.0);
                assert!(outline(&gland, &pelvis, p) >= 0.0 || pelvis.rectum(p) > 0.9, "seed {seed} at {p:?}");
            }
        }
    }

    #[test]
    fn the_peripheral_zone_lies_behind_the_transition_zone() {
        let mut both = 0;
        for seed in 0..40 {
            let gland = Gland::draw(&mut Draws::new(seed, 2));
            let mut depths = BTreeMap::from([(true, Vec::new()), (false, Vec::new())]);
            for i in 0..100 * 100 {
                let p = ((i % 100) as f32 - 50.0, (i / 100) as f32 - 50.0);
                let d = gland.distance(p);
                let zone = if d < 0.0 { gland.signal(p, d).1 } else { Zone::Other };
                if zone != Zone::Other {
                    depths.get_mut(&(zone == Zone::Peripheral)).unwrap().push(p.1);
                }
            }
            let mean = |v: &Vec<f32>| v.iter().sum::<f32>() / v.len() as f32;
            assert!(mean(&depths[&true]) > mean(&depths[&false]), "seed {seed}");
            both += usize::from(depths[&true].len() > 20 && depths[&false].len() > 20);
        }
        assert_eq!(both, 40);
    }

    #[test]
    fn what_was_drawn_is_described() {
        let mut words: BTreeMap<Field, BTreeSet<&str>> = BTreeMap::new();
        for (seed, phantom) in SIXTY.iter().enumerate() {
            let d = &phantom.description;
            assert!(d.source == Source::Drawn && d.modality == Modality::Prostate && d.check().is_ok());
            for (field, word) in d.iter() {
                words.entry(field).or_default().insert(word.name);
            }
            // Geometry is that of the true mask.
            let measured = measure(&phantom.image, &phantom.mask, Modality::Prostate);
            for field in [Field::Location, Field::Size, Field::Shape, Field::Symmetry] {
                assert!(d.get(field) == measured.get(field) && d.get(field).is_some(), "seed {seed}: {field:?}");
            }
            assert_eq!(d.get(Field::Edge).unwrap().name, "whole");
            let all = [Field::Border, Field::Colour, Field::Contrast];
            assert!(all.iter().all(|field| d.get(*field).is_some()) && d.get(Field::Texture).is_none(), "seed {seed}");
        }
        // A truth that is always the same would test nothing. A gland lies in the middle of a slice.
        for (field, least) in [
            (Field::Size, 2),
            (Field::Shape, 2),
            (Field::Colour, 2),
            (Field::Contrast, 2),
            (Field::Symmetry, 2),
            (Field::ZoneContrast, 2),
        ] {
            assert!(words[&field].len() >= least, "{field:?}: {:?}", words[&field]);
        }
    }

    #[test]
    fn brightness_alone_does_not_tell_where_the_gland_is() {
        let mean = testing::best_threshold(&SIXTY, true).max(testing::best_threshold(&SIXTY, false));
        assert!(mean < 0.35, "{mean}");
    }

    #[test]
    fn the_gaze_rests_on_the_gland() {
        let dwell = testing::dwell(&SIXTY);
        assert!((0.5..0.97).contains(&dwell), "{dwell}");
        assert!(SIXTY.iter().all(|p| (14..=17).contains(&p.gaze.fixations.len())));
    }

    #[test]
    #[should_panic(expected = "at least 16x16")]
    fn a_slice_without_room_is_refused() {
        prostate(1, 15, 100);
    }
}
