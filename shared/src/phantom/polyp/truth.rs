//! What is known of a drawn polyp, in the words of a description.
//!
//! | field | known from |
//! |---|---|
//! | count | one polyp is drawn |
//! | location, size, shape | the true mask, by the measures of [`measured`](crate::description::measured) |
//! | border | the steps of colour of the bare tissue across the true outline |
//! | colour, contrast | the median colours of the bare tissue inside and in a ring around, by the thresholds of `measured` |
//! | edge | the true mask against the visible frame |
//! | cover | the highlights, mucus and residue that were drawn on it |
//! | paris | the form that was drawn |
//!
//! The bare tissue is polyp and mucosa as lit and developed, without mucus, highlights, bubbles, blur and noise. Texture is left open: relief, pits, vessels and blotches are drawn, but no line between smooth and uneven is.

use image::RgbImage;

use super::lesion::Form;
use super::optics::Aperture;
use super::render::{Light, Shown};
use crate::description::{Description, Field, Modality, Source, measured};
use crate::plane::Mask;

/// Width of the ring of mucosa that a polyp's colour is compared with, as a share of the longer side: about 10 px of 500.
const RING: f32 = 0.024;
/// The colours this far inside and outside the true outline are compared, as a share of the longer side: about 4 px of 500.
const ACROSS: f32 = 0.008;
/// A step of colour across the outline from which it is distinct there, CIELAB distance: plain at a glance, where 2.3 can just
/// be told apart.
const DISTINCT: f32 = 8.0;
/// How much of a pixel's colour must be mucus or residue to count.
const COVERED: f32 = 0.3;
/// How much of a pixel must be highlight to count: the lens spreads what is there.
const BRIGHT: f32 = 0.1;
/// Share of the polyp that mucus or residue must cover to be named.
const MUCH: f32 = 0.15;
/// Share of the polyp that highlights must cover to be named.
const SPECKLED: f32 = 0.003;
/// Pixels of the polyp at the frame's edge from which it is cut, as a share of the longer side.
const CUT: f32 = 0.006;

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
    let contrast = colours(drawn);
    let fields = [
        (Field::Count, Some("single")),
        (Field::Location, word(Field::Location)),
        (Field::Size, word(Field::Size)),
        (Field::Shape, word(Field::Shape)),
        (Field::Border, border(drawn)),
        (Field::Colour, contrast.map(|c| c.0)),
        (Field::Contrast, contrast.map(|c| c.1)),
        (Field::Edge, Some(edge(drawn))),
        (Field::Cover, Some(cover(drawn))),
        (Field::Paris, Some(paris(drawn.form))),
    ];
    let mut description = Description::new(Modality::Polyp, Source::Drawn);
    for (field, word) in fields {
        // Every word here is one of the vocabulary; a test draws them all.
        let set = description.set(field, word);
        debug_assert!(set.is_ok(), "{set:?}");
    }
    description
}

fn paris(form: Form) -> &'static str {
    match form {
        Form::Pedunculated => "0-Ip",
        Form::Sessile | Form::Lobulated => "0-Is",
        Form::Flat => "0-IIa",
    }
}

/// The words for the colour of the polyp and for its contrast, from the bare tissue.
fn colours(drawn: &Drawn<'_>) -> Option<(&'static str, &'static str)> {
    let light = drawn.light;
    let longer = light.width.max(light.height) as f32;
    let mask = Mask::from_vec(light.width, light.height, light.lesion.clone());
    let ring = measured::within(&mask, RING * longer);
    let seen = |i: &usize| light.shown[*i].depth > 0.0;
    let tissue = |pixels: &mut dyn Iterator<Item = usize>| pixels.map(|i| bare(&light.shown[i])).collect::<Vec<_>>();
    let all = 0..light.shown.len();
    let polyp = tissue(&mut all.clone().filter(|i| light.lesion[*i]).filter(seen));
    let mucosa = tissue(&mut all.filter(|i| ring[*i] && !light.lesion[*i]).filter(seen));
    measured::colour_words(&polyp, &mucosa)
}

/// The bare tissue's colour as displayed.
fn bare(shown: &Shown) -> [u8; 3] {
    let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
    [byte(shown.tissue.x), byte(shown.tissue.y), byte(shown.tissue.z)]
}

/// `sharp` where more than half of the outline in view is distinct.
fn border(drawn: &Drawn<'_>) -> Option<&'static str> {
    let light = drawn.light;
    let (width, height) = (light.width, light.height);
    let off = ((ACROSS * width.max(height) as f32) as usize).max(1);
    let distance = measured::colour_distance();
    let (mut distinct, mut all) = (0usize, 0usize);
    // Between each pixel and its neighbour to the right or below lies one step of the outline, or none.
    let mut look = |i: usize, next: usize, place: usize, length: usize| {
        if light.lesion[i] == light.lesion[i + next] || place < off || place + 1 + off >= length {
            return;
        }
        let (a, b) = (&light.shown[i - off * next], &light.shown[i + (off + 1) * next]);
        if a.depth > 0.0 && b.depth > 0.0 {
            all += 1;
            distinct += usize::from(distance(bare(a), bare(b)) > DISTINCT);
        }
    };
    for i in 0..light.lesion.len() {
        let (x, y) = (i % width, i / width);
        if x + 1 < width {
            look(i, 1, x, width);
        }
        if y + 1 < height {
            look(i, width, y, height);
        }
    }
    (all > 0).then_some(if 2 * distinct > all { "sharp" } else { "blurred" })
}

fn edge(drawn: &Drawn<'_>) -> &'static str {
    let light = drawn.light;
    let (width, height) = (light.width, light.height);
    let at_edge = |i: &usize| {
        let (x, y) = (i % width, i / width);
        let closed = |x: usize, y: usize| drawn.aperture.open(x, y) <= 0.5;
        x == 0
            || y == 0
            || x + 1 == width
            || y + 1 == height
            || closed(x - 1, y)
            || closed(x + 1, y)
            || closed(x, y - 1)
            || closed(x, y + 1)
    };
    let contact = (0..light.lesion.len()).filter(|i| light.lesion[*i]).filter(at_edge).count();
    if contact as f32 > CUT * width.max(height) as f32 { "cut" } else { "whole" }
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
