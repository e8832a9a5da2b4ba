//! Descriptions measured from an image and the broad mask of its gaze.

use anyhow::Result;
use fovea_shared::{
    description::{Description, Modality, measured::measure},
    pseudo_mask::PseudoMasks,
};

use crate::data::Case;

/// What can be measured of a case within the broad mask of its gaze: no true mask is opened.
///
/// # Errors
/// An unreadable image.
pub(crate) fn description(case: &Case, masks: &PseudoMasks) -> Result<Description> {
    Ok(measure(&case.load_image()?, &masks.broad, Modality::Polyp))
}
