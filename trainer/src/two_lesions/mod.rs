//! One picture with two lesions, made of two pictures with one each: what only gaze or words can decide.
//!
//! For training the lesion maps are the soft pseudo-masks of the gaze, so no true mask is read; for
//! an evaluation they are the true masks. Either way each lesion comes with the gaze that was on
//! it, moved to where it now lies.

mod blend;
mod side_by_side;
#[cfg(test)]
mod tests;

pub(crate) use blend::blended;
pub(crate) use side_by_side::side_by_side;

use fovea_shared::{
    gaze::Scanpath,
    image::{INPUT_SIDE, RgbImage, pool_plane, resize_plane},
    plane::Plane,
};

/// Above this a pixel of a lesion map counts as lesion.
const INSIDE: f32 = 0.5;

/// A picture with its lesion.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    /// The picture, [`INPUT_SIDE`] squared.
    pub(crate) image: &'a RgbImage,
    /// How sure each pixel is lesion, 0 to 1; square, of any side.
    pub(crate) lesion: &'a Plane,
    /// The gaze on the lesion.
    pub(crate) gaze: &'a Scanpath,
}

/// One lesion of the picture made of two.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// The lesion map in the new picture, of the side it came with.
    pub(crate) lesion: Plane,
    /// The gaze, moved along. Fixations on what is not shown any more are left out.
    pub(crate) gaze: Scanpath,
}

/// A picture that shows two lesions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TwoLesions {
    /// The picture, [`INPUT_SIDE`] squared.
    pub(crate) image: RgbImage,
    /// Its lesions, in the order of the pieces they came from.
    pub(crate) parts: [Part; 2],
}

/// A lesion map on the picture's own pixels, `[INPUT_SIDE, INPUT_SIDE]`.
fn on_pixels(lesion: &Plane) -> Plane {
    resize_plane(lesion, INPUT_SIDE, INPUT_SIDE)
}

/// A map of the picture's pixels at the side of a lesion map: averaged where that is smaller.
fn at_side(plane: &Plane, side: usize) -> Plane {
    if side < plane.width { pool_plane(plane, side) } else { resize_plane(plane, side, side) }
}
