//! Descriptions measured from an image and a mask: geometry and colour, no language model.
//!
//! ```text
//! image, mask ──► Working (256 px, CIELAB) ──► Measurements (numbers) ──► words (THRESHOLDS) ──► Description
//! ```
//! The mask is that of the gaze (the broad pseudo-mask) or a teacher's; with a true mask the result
//! serves reports only. What needs a clinician (Paris, NICE, dermoscopic structures) is never said.
//!
//! Nothing here depends on the platform: only additions, multiplications, divisions and square
//! roots, which IEEE 754 rounds alike, so trainer and page say the same words.

mod border;
mod colour;
mod geometry;
pub mod known;
mod outline;
mod skin;
mod surface;
mod thresholds;
mod words;
mod working;

pub use thresholds::{THRESHOLDS, THRESHOLDS_VERSION, Thresholds};

use ::image::RgbImage;
use serde::Serialize;

use super::{Description, Modality, Source};
use crate::plane::Mask;
use working::Working;

/// The numbers behind the words. Lengths are in pixels of the working image, whose longer side is
/// 256 pixels; colours are CIELAB.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measurements {
    /// Width and height of the working image, pixels.
    pub size: [usize; 2],
    /// Components of meaningful size.
    pub count: usize,
    /// Share of the image inside the mask, 0..1.
    pub area_share: f32,
    /// Centre of the largest component, 0..1 from left and top.
    pub centre: [f32; 2],
    /// Greatest diameter of the largest component as a share of the image's diagonal.
    pub feret: f32,
    /// Minor over major axis of the largest component, 0..1.
    pub axis_ratio: f32,
    /// Area of the largest component over that of its convex hull, 0..1.
    pub solidity: f32,
    /// 4 pi A / P^2 of the largest component, 1 for a disc.
    pub compactness: f32,
    /// Mean colour step across the outline, CIELAB distance.
    pub border_step: f32,
    /// Mean colour step beside the outline, CIELAB distance: what surface and noise do anyway.
    pub border_beside: f32,
    /// Share of the outline along which the border could be seen, 0..1.
    pub border_seen: f32,
    /// Share of the outline along the edge of what is visible, 0..1.
    pub at_edge: f32,
    /// Median colour inside, highlights painted over.
    pub colour: [f32; 3],
    /// Median colour of the ring around the mask; none where nothing of it is visible.
    pub surroundings: Option<[f32; 3]>,
    /// Standard deviation of the lightness inside, after taking away its mean over 13 pixels; none for small masks.
    pub roughness: Option<f32>,
    /// Share of the mask with specular highlights, 0..1.
    pub highlights: f32,
    /// Share of the largest component outside its mirror image at the major and at the minor axis.
    pub asymmetry: [f32; 2],
    /// Share of the largest component outside its mirror image at the vertical through its centre.
    pub left_right: f32,
    /// Share of the mask of each colour of dermoscopy, in the order of the vocabulary.
    pub skin_colours: [f32; 7],
    /// Share of the image's corners that is dark, 0..1.
    pub dark_corners: f32,
    /// Share of the visible image that is darker than the median inside, 0..1.
    pub signal_rank: f32,
    /// Difference in median lightness between the upper or lower two fifths of the largest
    /// component and its rest, whichever is larger.
    pub zone_step: f32,
}

/// Measures an image and a mask over it, which may have any size: it is stretched over the image.
/// `None` where nothing can be said: no pixels, or a mask of less than
/// [`Thresholds::smallest_mask`] of the image.
pub fn measurements(image: &RgbImage, mask: &Mask) -> Option<Measurements> {
    let w = Working::prepare(image, mask)?;
    let moments = geometry::moments(&w.largest)?;
    let outline = outline::outline(&w.largest)?;
    let border = border::border(&w, &outline);
    let surface = surface::surface(&w)?;
    let (width, height) = (w.width as f32, w.height as f32);
    let across = (-moments.major.1, moments.major.0);
    let asymmetry = [moments.major, across].map(|axis| geometry::asymmetry(&w.largest, moments.centre, axis));
    Some(Measurements {
        size: [w.width, w.height],
        count: w.count,
        area_share: w.mask.area() as f32 / (width * height),
        centre: [moments.centre.0 / width, moments.centre.1 / height],
        feret: outline.feret / (width * width + height * height).sqrt(),
        axis_ratio: moments.axis_ratio,
        solidity: (outline.area / outline.hull_area).min(1.0),
        compactness: 4.0 * std::f32::consts::PI * outline.area / (outline.perimeter * outline.perimeter),
        border_step: border.step,
        border_beside: border.beside,
        border_seen: border.seen,
        at_edge: border.at_edge,
        colour: surface.colour,
        surroundings: surface.surroundings,
        roughness: surface.roughness,
        highlights: surface.highlights,
        asymmetry,
        left_right: geometry::asymmetry(&w.largest, moments.centre, (0.0, 1.0)),
        skin_colours: skin::colour_shares(&w),
        dark_corners: skin::dark_corners(&w),
        signal_rank: surface.rank,
        zone_step: surface::zone_step(&w),
    })
}

/// Describes an image and a mask over it: [`measurements`] in words. Nothing is assessable, and the
/// confidence is 0, where nothing can be measured.
///
/// The confidence is `0.5 + 0.5 m`, where `m` is the mean over the fields that are said of how far
/// the number lies from the nearest threshold between two words: 0 at the threshold, where the word
/// is a coin's toss, 1 from a distance on that [`Thresholds`] names for each. It says how far the
/// word is from another word, not how well the mask fits.
pub fn measure(image: &RgbImage, mask: &Mask, modality: Modality) -> Description {
    describe(measurements(image, mask).as_ref(), modality)
}

/// The words for some numbers, with the confidence that [`measure`] explains; for no numbers no words.
pub fn describe(numbers: Option<&Measurements>, modality: Modality) -> Description {
    match numbers {
        Some(numbers) => words::describe(numbers, modality),
        None => Description { confidence: 0.0, ..Description::new(modality, Source::Measured) },
    }
}

#[cfg(test)]
mod tests;
