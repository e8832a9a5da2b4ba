//! What is known of a drawn skin lesion, in the words of a description.
//!
//! | field | known from |
//! |---|---|
//! | count | one lesion is drawn; freckles are none |
//! | location, size, shape, asymmetry | the true mask, by the measures of [`measured`] |
//! | border | the steps of colour of the bare skin across the true outline |
//! | colour, contrast, number of colours | the bare skin inside and in a ring around, by the thresholds of `measured` |
//! | texture | the structure: `smooth` for a structureless lesion, `heterogeneous` for any other |
//! | edge | the true mask against the visible picture |
//! | structure | the structure that was drawn |
//! | artefact | of hair, gel, ruler and dark corners what covers most |
//!
//! The bare skin is lesion and skin as lit and developed, without sparks, hair, gel, ruler, blur and noise.

use image::RgbImage;

use super::super::math::V3;
use super::super::truth::{self, Bare};
use super::litter::Covered;
use super::optics::Optics;
use super::pigment::Structure;
use fovea_shared::description::{Description, Field, Modality, measured};
use fovea_shared::plane::Mask;

/// Share of the picture that litter must cover to be named.
const COVERED: f32 = 0.002;
/// Displayed brightness of white below which a place is in a dark corner.
const DARK: f32 = 0.2;

/// A drawn picture before it becomes bytes.
pub(super) struct Drawn<'a> {
    pub(super) optics: &'a Optics,
    pub(super) structure: Structure,
    /// The bare skin as displayed, 0..1.
    pub(super) tissue: &'a [V3],
    pub(super) mask: &'a Mask,
    pub(super) covered: Covered,
}

/// Describes the drawn lesion. `image` only gives the frame for the geometry of the mask; no colour of it is looked at.
pub(super) fn describe(drawn: &Drawn<'_>, image: &RgbImage) -> Description {
    let (optics, mask) = (drawn.optics, drawn.mask);
    let open = |i: usize| optics.open(optics.place(i % optics.width, i / optics.width));
    let tissue = |i: usize| (open(i) > 0.5).then(|| truth::bytes(drawn.tissue[i]));
    let bare = Bare { mask, tissue: &tissue };
    let (inside, around) = (bare.inside(), bare.around());
    let outline = measured::measure(image, mask, Modality::SkinLesion);
    let word = |field: Field| outline.get(field).map(|w| w.name);
    let count = measured::known::colour_count(&inside);
    // A lesion of the same brown all over has no structure; one of many colours has one, whatever it is called.
    let structure = Some(structure(drawn.structure))
        .filter(|_| drawn.structure != Structure::Structureless || count != "three_or_more");
    let texture = if drawn.structure == Structure::Structureless { "smooth" } else { "heterogeneous" };
    truth::description(
        Modality::SkinLesion,
        &[
            (Field::Count, Some("single")),
            (Field::Location, word(Field::Location)),
            (Field::Size, word(Field::Size)),
            (Field::Shape, word(Field::Shape)),
            (Field::Border, bare.border()),
            (Field::Colour, measured::known::colour(&inside, Modality::SkinLesion)),
            (Field::Contrast, measured::known::contrast(&inside, &around, Modality::SkinLesion)),
            (Field::Texture, structure.map(|_| texture)),
            (Field::Edge, Some(truth::edge(mask, |x, y| open(y * optics.width + x) <= 0.5))),
            (Field::Asymmetry, word(Field::Asymmetry)),
            (Field::ColourCount, Some(count)),
            (Field::Structure, structure),
            (Field::Artefact, artefact(drawn)),
        ],
    )
}

fn structure(structure: Structure) -> &'static str {
    match structure {
        Structure::Network => "network",
        Structure::Globules => "globules",
        Structure::Streaks => "streaks",
        Structure::Veil => "blue_white_veil",
        Structure::Regression => "regression",
        Structure::Structureless => "structureless",
    }
}

/// What covers most; left open where that is a marker, which has no word.
fn artefact(drawn: &Drawn<'_>) -> Option<&'static str> {
    let optics = drawn.optics;
    let pixels = optics.width * optics.height;
    let dark = |i: &usize| {
        let p = optics.place(i % optics.width, i / optics.width);
        optics.open(p) * optics.light(p).y < DARK
    };
    let c = drawn.covered;
    let all = [
        (Some("hair"), c.hair),
        (Some("ruler"), c.ruler),
        (Some("gel"), c.gel),
        (None, c.marker),
        (Some("vignette"), (0..pixels).filter(dark).count() as f32),
    ];
    let most = all.iter().fold(all[0], |most, one| if one.1 > most.1 { *one } else { most });
    if most.1 < COVERED * pixels as f32 { Some("none") } else { most.0 }
}
