//! Descriptions measured from an image and the broad mask of its gaze.

use anyhow::Result;
use fovea_shared::{
    description::{Description, Modality, measured::measure},
    image::RgbImage,
    pseudo_mask::PseudoMasks,
};

use crate::data::Case;

/// What can be measured within the broad mask of an image's gaze: no true mask is opened.
pub(crate) fn describe(image: &RgbImage, masks: &PseudoMasks) -> Description {
    measure(image, &masks.broad, Modality::Polyp)
}

/// The same for a case.
///
/// # Errors
/// An unreadable image.
pub(crate) fn description(case: &Case, masks: &PseudoMasks) -> Result<Description> {
    Ok(describe(&case.load_image()?, masks))
}
