//! What is known of a drawn polyp, in the words of a description.
//!
//! | field | known from |
//! |---|---|
//! | count | one polyp is drawn |
//! | location, size, shape | the true mask, by the measures of [`measured`](fovea_shared::description::measured) |
//! | border | the steps of colour of the bare tissue across the true outline |
//! | colour, contrast | the median colours of the bare tissue inside and in a ring around, by the thresholds of `measured` |
//! | edge | the true mask against the visible frame |
//! | cover | the highlights, mucus and residue that were drawn on it |
//! | paris | the form that was drawn |
//!
//! The bare tissue is polyp and mucosa as lit and developed, without mucus, highlights, bubbles,
//! blur and noise. Texture is left open: relief, pits, vessels and blotches are drawn, but no line
//! between smooth and uneven is.

use image::RgbImage;

use super::super::truth::{self, Bare};
use super::lesion::Form;
use super::optics::Aperture;
use super::render::{Light, Shown};
use fovea_shared::description::{Description, Field, Modality, measured};
use fovea_shared::plane::Mask;

/// How much of a pixel's colour must be mucus or residue to count.
const COVERED: f32 = 0.3;
/// How much of a pixel must be highlight to count: the lens spreads what is there.
const BRIGHT: f32 = 0.1;
/// Share of the polyp that mucus or residue must cover to be named.
const MUCH: f32 = 0.15;
/// Share of the polyp that highlights must cover to be named.
const SPECKLED: f32 = 0.003;

/// A drawn frame before it becomes bytes.
pub(super) struct Drawn<'a> {
    pub(super) form: Form,
    pub(super) aperture: &'a Aperture,
    pub(super) light: &'a Light,
}

/// Describes the drawn polyp. `image` only gives the frame for the geometry of the mask; no colour of it is looked at.
pub(super) fn describe(drawn: &Drawn<'_>, image: &RgbImage) -> Description {
    let light = drawn.light;
    let mask = Mask::from_vec(light.width, light.height, light.lesion.clone());
    let outline = measured::measure(image, &mask, Modality::Polyp);
    let word = |field: Field| outline.get(field).map(|w| w.name);
    let tissue = |i: usize| {
        let shown = &light.shown[i];
        (shown.depth > 0.0).then(|| truth::bytes(shown.tissue))
    };
    let bare = Bare { mask: &mask, tissue: &tissue };
    let (inside, around) = (bare.inside(), bare.around());
    let contrast = measured::known::contrast(&inside, &around, Modality::Polyp);
    truth::description(
        Modality::Polyp,
        &[
            (Field::Count, Some("single")),
            (Field::Location, word(Field::Location)),
            (Field::Size, word(Field::Size)),
            (Field::Shape, word(Field::Shape)),
            (Field::Border, bare.border()),
            // Where no surroundings are in view the colour is left open as well.
            (Field::Colour, contrast.and_then(|_| measured::known::colour(&inside, Modality::Polyp))),
            (Field::Contrast, contrast),
            (Field::Edge, Some(truth::edge(&mask, |x, y| drawn.aperture.open(x, y) <= 0.5))),
            (Field::Cover, Some(cover(drawn))),
            (Field::Paris, Some(paris(drawn.form))),
        ],
    )
}

fn paris(form: Form) -> &'static str {
    match form {
        Form::Pedunculated => "0-Ip",
        Form::Sessile | Form::Lobulated => "0-Is",
        Form::Flat => "0-IIa",
    }
}

/// What covers most counts: residue before mucus before highlights.
fn cover(drawn: &Drawn<'_>) -> &'static str {
    let light = drawn.light;
    let share = |value: fn(&Shown) -> f32, least: f32| {
        let polyp = light.shown.iter().zip(&light.lesion).filter(|(_, inside)| **inside);
        let covered = polyp.clone().filter(|(shown, _)| value(shown) > least).count();
        covered as f32 / polyp.count().max(1) as f32
    };
    if share(|s| s.residue, COVERED) > MUCH {
        "stool"
    } else if share(|s| s.mucus, COVERED) > MUCH {
        "mucus"
    } else if share(|s| s.highlight, BRIGHT) > SPECKLED {
        "highlights"
    } else {
        "clean"
    }
}
