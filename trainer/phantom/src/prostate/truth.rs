//! What is known of a drawn gland, in the words of a description.
//!
//! | field | known from |
//! |---|---|
//! | location, size, shape, symmetry | the true mask, by the measures of [`measured`] |
//! | border | the steps of signal across the true outline |
//! | colour, contrast | the signals of gland, slice and a ring around the gland, by the thresholds of `measured` |
//! | edge | the true mask against the picture |
//! | zone contrast | the signals of peripheral and transition zone as they were drawn, by the threshold of `measured` |
//!
//! The signal is that of the tissue in the window of the picture, without coil, blur and noise.
//! Texture is left open: nodules, septa and patches are drawn, but no line between smooth and
//! uneven is.

use image::RgbImage;

use super::super::truth::{self, Bare};
use super::gland::Zone;
use fovea_shared::description::{Description, Field, Modality, measured};
use fovea_shared::plane::Mask;

/// Share of the gland from which a zone can be compared.
const ENOUGH: f32 = 0.08;

/// A drawn slice.
pub(super) struct Drawn<'a> {
    /// The tissue's signal as displayed, 0..1.
    pub(super) tissue: &'a [f32],
    /// The zone of every pixel of the gland.
    pub(super) zones: &'a [Option<Zone>],
    pub(super) mask: &'a Mask,
}

/// Describes the drawn gland. `image` only gives the frame for the geometry of the mask; no grey of it is looked at.
pub(super) fn describe(drawn: &Drawn<'_>, image: &RgbImage) -> Description {
    let mask = drawn.mask;
    let tissue = |i: usize| Some([(drawn.tissue[i].clamp(0.0, 1.0) * 255.0 + 0.5) as u8; 3]);
    let bare = Bare { mask, tissue: &tissue };
    let (inside, around) = (bare.inside(), bare.around());
    let outline = measured::measure(image, mask, Modality::Prostate);
    let word = |field: Field| outline.get(field).map(|w| w.name);
    let zone = |zone: Zone| {
        let of = bare.colours(|i| mask.data[i] && drawn.zones[i] == Some(zone));
        (of.len() as f32 >= ENOUGH * mask.area() as f32).then_some(of)
    };
    let zones = zone(Zone::Peripheral).zip(zone(Zone::Transition));
    truth::description(
        Modality::Prostate,
        &[
            (Field::Location, word(Field::Location)),
            (Field::Size, word(Field::Size)),
            (Field::Shape, word(Field::Shape)),
            (Field::Border, bare.border()),
            (Field::Colour, measured::known::signal(&inside, &bare.colours(|_| true))),
            (Field::Contrast, measured::known::contrast(&inside, &around, Modality::Prostate)),
            (Field::Edge, Some(truth::edge(mask, |_, _| false))),
            (Field::Symmetry, word(Field::Symmetry)),
            (Field::ZoneContrast, zones.and_then(|(a, b)| measured::known::zone_contrast(&a, &b))),
        ],
    )
}
