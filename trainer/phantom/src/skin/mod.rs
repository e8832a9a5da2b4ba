//! Dermoscopy: a piece of skin with one pigmented lesion, under gel and glass, lit from all around.
//!
//! The road of a picture: [`optics`] says what is in view, [`lesion`] where the lesion ends,
//! [`pigment`] what it is made of and [`ground`] what the skin around it is; both speak of melanin
//! and blood, whose absorption makes the colours. [`litter`] lies over it, and the camera does the
//! rest. Freckles, small vessels, shadows and hairs are drawn for their own sake: they are as dark
//! or as red as a lesion may be.

mod ground;
mod lesion;
mod litter;
mod optics;
mod pigment;
mod render;
mod truth;

use self::ground::Ground;
use self::lesion::Lesion;
use self::optics::Optics;
use self::pigment::Pigment;
use super::Phantom;
use super::random::Draws;
use fovea_shared::description::measured::known;
use fovea_shared::gaze::{Observer, simulate};
use fovea_shared::plane::Mask;

/// The share of the picture that the lesion's mask covers, before the opening takes its part.
const AREA: (f32, f32) = (0.02, 0.6);

/// A dermoscopic picture of one lesion, drawn from `seed`; `width` and `height` in pixels, 600 x 450 looks its best.
///
/// The lesion has a network, globules, streaks, a blue-white veil, regression or no structure, lies
/// anywhere and is cut by the picture's edge at times. The mask is its outline, streaks included,
/// as a clinician would draw it: at its faint outer side, one part without holes. Hairs, gel, a
/// ruler or a marker may lie over it and stay in its mask; the dark around a round opening never
/// does. The gaze is [`simulate`]d by an eye tracker from the mask.
///
/// The same seed and size give the same bytes on every platform.
///
/// # Panics
/// When `width` or `height` is below 16: a smaller picture cannot show a lesion.
pub fn skin(seed: u64, width: u32, height: u32) -> Phantom {
    assert!(width >= 16 && height >= 16, "a phantom needs at least 16x16 pixels, not {width}x{height}");
    let (width, height) = (width as usize, height as usize);
    let optics = Optics::draw(&mut Draws::new(seed, 1), width, height);
    let lesion = stage(seed, &optics);
    let pigment = Pigment::draw(&mut Draws::new(seed, 3), &lesion, &optics);
    let free = |p: (f32, f32), gap: f32| lesion.distance(p) > gap + 0.4;
    let ground = Ground::draw(&mut Draws::new(seed, 4), &optics, free);
    let mut light = render::render(&optics, &ground, &lesion, &pigment, &mut Draws::new(seed, 5));
    let mask = known::largest(&Mask::from_vec(width, height, std::mem::take(&mut light.inside)));
    let covered = litter::scatter(&mut light.rgb, &optics, &mut Draws::new(seed, 6));
    let image = render::develop(&mut light, &optics, &mut Draws::new(seed, 7));
    let drawn =
        truth::Drawn { optics: &optics, structure: pigment.structure, tissue: &light.tissue, mask: &mask, covered };
    let description = truth::describe(&drawn, &image);
    let gaze = simulate(&mask, Observer::EyeTracker, seed);
    Phantom { image, mask, gaze, description }
}

/// A lesion that covers a suitable share of the picture.
fn stage(seed: u64, optics: &Optics) -> Lesion {
    // The best so far, by how far its share lies outside the wanted range.
    let mut best: Option<(f32, Lesion)> = None;
    for attempt in 0..12 {
        let mut draws = Draws::new(seed, 100 + attempt);
        let u = draws.unit();
        // Lesions of a data set are small more often than large.
        let lesion = Lesion::draw(&mut draws, optics, 0.03 + 0.45 * u * u);
        let share = measure(&lesion, optics);
        // Kept clear of the limits, because the share is measured on a coarse grid.
        let miss = (share - share.clamp(AREA.0 * 1.25, AREA.1 * 0.95)).abs();
        if miss == 0.0 {
            return lesion;
        }
        if best.as_ref().is_none_or(|(least, _)| miss < *least) {
            best = Some((miss, lesion));
        }
    }
    best.expect("twelve lesions were drawn").1
}

/// The share of the picture that the lesion covers within the opening, on a grid of about 1500 places.
fn measure(lesion: &Lesion, optics: &Optics) -> f32 {
    let step = ((optics.width * optics.height) as f32 / 1500.0).sqrt().max(1.0);
    let (mut hits, mut all) = (0, 0);
    let mut y = step / 2.0;
    while y < optics.height as f32 {
        let mut x = step / 2.0;
        while x < optics.width as f32 {
            let p = optics.place(x as usize, y as usize);
            all += 1;
            hits += usize::from(lesion.distance(p) < 0.0 && optics.open(p) > 0.5);
            x += step;
        }
        y += step;
    }
    hits as f32 / all as f32
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::LazyLock;

    use super::super::testing;
    use super::pigment::Structure;
    use super::*;
    use fovea_shared::description::{Field, Modality, Source, measured::measure};

    /// Small pictures keep the tests short; the geometry is the same at every size.
    const SMALL: (u32, u32) = (120, 90);

    /// The phantoms of seeds 0 to 59, drawn once for all tests.
    static SIXTY: LazyLock<Vec<Phantom>> = LazyLock::new(|| (0..60).map(|seed| skin(seed, SMALL.0, SMALL.1)).collect());

    fn optics(seed: usize) -> Optics {
        Optics::draw(&mut Draws::new(seed as u64, 1), SMALL.0 as usize, SMALL.1 as usize)
    }

    #[test]
    fn masks_are_one_part_of_a_suitable_size_within_the_opening() {
        let shares = testing::shares(&SIXTY);
        assert!(shares[0] >= 0.015 && shares[59] <= 0.62, "{shares:?}");
        assert!(shares[6] < 0.07 && shares[53] > 0.25, "small and large lesions: {shares:?}");
        for (seed, phantom) in SIXTY.iter().enumerate() {
            assert_eq!(known::largest(&phantom.mask), phantom.mask, "seed {seed}");
            let optics = optics(seed);
            let closed = |i: usize| optics.open(optics.place(i % optics.width, i / optics.width)) <= 0.5;
            let dark = phantom.mask.data.iter().enumerate().filter(|(i, inside)| **inside && closed(*i)).count();
            assert_eq!(dark, 0, "seed {seed}");
        }
    }

    #[test]
    fn every_structure_occurs_and_is_described() {
        let mut found = BTreeSet::new();
        for (seed, phantom) in SIXTY.iter().enumerate() {
            let optics = optics(seed);
            let lesion = stage(seed as u64, &optics);
            let drawn = Pigment::draw(&mut Draws::new(seed as u64, 3), &lesion, &optics).structure;
            let word = match drawn {
                Structure::Network => "network",
                Structure::Globules => "globules",
                Structure::Streaks => "streaks",
                Structure::Veil => "blue_white_veil",
                Structure::Regression => "regression",
                Structure::Structureless => "structureless",
            };
            let said = phantom.description.get(Field::Structure).map(|w| w.name);
            // Many colours without a structure are left open.
            assert!(said == Some(word) || said.is_none() && drawn == Structure::Structureless, "seed {seed}: {said:?}");
            found.extend(said);
        }
        assert_eq!(found.len(), 6, "{found:?}");
    }

    #[test]
    fn what_was_drawn_is_described() {
        let mut words: BTreeMap<Field, BTreeSet<&str>> = BTreeMap::new();
        for (seed, phantom) in SIXTY.iter().enumerate() {
            let d = &phantom.description;
            assert!(d.source == Source::Drawn && d.modality == Modality::SkinLesion && d.check().is_ok());
            for (field, word) in d.iter() {
                words.entry(field).or_default().insert(word.name);
            }
            // Geometry is that of the true mask.
            let measured = measure(&phantom.image, &phantom.mask, Modality::SkinLesion);
            for field in [Field::Location, Field::Size, Field::Shape, Field::Asymmetry] {
                assert_eq!(d.get(field), measured.get(field), "seed {seed}: {field:?}");
            }
            let all = [Field::Count, Field::Border, Field::Colour, Field::Contrast, Field::Edge, Field::ColourCount];
            assert!(all.iter().all(|field| d.get(*field).is_some()), "seed {seed}: {d:?}");
        }
        // A truth that is always the same would test nothing.
        for (field, least) in [
            (Field::Location, 4),
            (Field::Size, 3),
            (Field::Shape, 3),
            (Field::Border, 2),
            (Field::Colour, 4),
            (Field::Texture, 2),
            (Field::Edge, 2),
            (Field::Asymmetry, 3),
            (Field::ColourCount, 3),
            (Field::Artefact, 5),
        ] {
            assert!(words[&field].len() >= least, "{field:?}: {:?}", words[&field]);
        }
    }

    #[test]
    fn lesions_show_and_darkness_alone_does_not_tell_where() {
        let mean = testing::best_threshold(&SIXTY, false);
        assert!((0.4..0.85).contains(&mean), "{mean}");
    }

    #[test]
    fn the_gaze_rests_on_the_lesion() {
        let dwell = testing::dwell(&SIXTY);
        assert!((0.6..0.97).contains(&dwell), "{dwell}");
        assert!(SIXTY.iter().all(|p| (25..=39).contains(&p.gaze.fixations.len())));
    }

    #[test]
    #[should_panic(expected = "at least 16x16")]
    fn a_picture_without_room_is_refused() {
        skin(1, 15, 100);
    }
}
