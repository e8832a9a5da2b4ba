//! Words for a drawn picture, whose tissue is known before light and camera change it: the thresholds of
//! [`super::measure`], on pixels that nothing has to be guessed of.

use super::colour::{self, Lab, ToLab};
use super::thresholds::{POLYP_COLOURS, SKIN_COLOURS, THRESHOLDS};
use super::{geometry, skin, words, working};
use crate::description::{Field, Modality};
use crate::plane::Mask;

fn labs(pixels: &[[u8; 3]]) -> Vec<Lab> {
    let to = ToLab::new();
    pixels.iter().map(|p| to.lab(*p)).collect()
}

/// The word for the median colour of some pixels; `None` of nothing, and in a modality without colours.
pub fn colour(inside: &[[u8; 3]], modality: Modality) -> Option<&'static str> {
    let median = working::median_colour(&labs(inside))?;
    let (word, _) = match modality {
        Modality::Polyp => skin::nearest(median, &POLYP_COLOURS, THRESHOLDS.polyp_lightness_weight),
        Modality::SkinLesion => skin::nearest(median, &SKIN_COLOURS, THRESHOLDS.skin_lightness_weight),
        Modality::Prostate => return None,
    };
    Some(Field::Colour.words(modality)[word].name)
}

/// The word for the contrast of some pixels to those around them, by the median of each; `None`
/// where one of them has none.
pub fn contrast(inside: &[[u8; 3]], around: &[[u8; 3]], modality: Modality) -> Option<&'static str> {
    let median = |pixels: &[[u8; 3]]| working::median_colour(&labs(pixels));
    let (inside, around) = (median(inside)?, median(around)?);
    Some(words::contrast(inside[0] - around[0], inside[1] - around[1], modality).0)
}

/// The word for the number of colours of dermoscopy in some pixels.
pub fn colour_count(inside: &[[u8; 3]]) -> &'static str {
    let mut counts = [0usize; 7];
    for colour in labs(inside) {
        counts[skin::nearest(colour, &SKIN_COLOURS, THRESHOLDS.skin_lightness_weight).0] += 1;
    }
    let all = inside.len().max(1) as f32;
    words::colour_count(&counts.map(|n| n as f32 / all)).0
}

/// The word for the signal of some pixels among all of an image.
pub fn signal(inside: &[[u8; 3]], image: &[[u8; 3]]) -> Option<&'static str> {
    let median = working::median_colour(&labs(inside))?[0];
    let darker = labs(image).iter().filter(|c| c[0] < median).count();
    Some(words::signal(darker as f32 / image.len().max(1) as f32).0)
}

/// The word for the contrast of two zones, by the median lightness of each; `None` where one of them has no pixel.
pub fn zone_contrast(a: &[[u8; 3]], b: &[[u8; 3]]) -> Option<&'static str> {
    let median = |pixels: &[[u8; 3]]| Some(working::median_colour(&labs(pixels))?[0]);
    Some(words::zone_contrast((median(a)? - median(b)?).abs()).0)
}

/// The CIELAB distance (CIE76) of two sRGB colours.
pub fn distance() -> impl Fn([u8; 3], [u8; 3]) -> f32 {
    let to = ToLab::new();
    move |a, b| colour::distance(to.lab(a), to.lab(b), 1.0)
}

/// The pixels within `distance` pixels of a mask, its own included.
pub fn within(mask: &Mask, distance: f32) -> Vec<bool> {
    geometry::distances(mask).outside.iter().map(|d| *d <= distance).collect()
}

/// The largest part of a mask, its holes filled.
pub fn largest(mask: &Mask) -> Mask {
    let parts = geometry::components(mask, true);
    let most = parts.sizes.iter().copied().max().unwrap_or(0);
    let biggest = parts.sizes.iter().position(|size| *size == most);
    working::fill_holes(&parts.select(|part| Some(part) == biggest))
}
