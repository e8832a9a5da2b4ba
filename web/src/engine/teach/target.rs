//! What a student is told of a picture, made exactly as `fovea teach` makes it.

use fovea_shared::{
    description::Modality,
    gaze::{Fixation, Observer, Scanpath, simulate, simulate_slice},
    image::{RgbImage, pool_plane},
    plane::{Mask, Plane},
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};

use crate::{
    protocol::{NamedFile, TeachTarget},
    text::{Message, message},
};

/// What targets are made of.
pub(super) struct TargetSource<'a> {
    /// The image at the side of the pseudo-masks.
    pub(super) small: &'a RgbImage,
    /// The true mask, where it is known.
    pub(super) truth: Option<&'a Mask>,
    /// Width and height of the file, in pixels.
    pub(super) native: (usize, usize),
    /// What the picture shows.
    pub(super) domain: Modality,
}

/// The target, 0..1 at the side of the pseudo-masks, and the gaze that it is made of. `drawn` reads
/// a mask file of a picture of this size.
///
/// # Errors
/// In plain words: no glance, no true mask where one is needed, or a mask that cannot be read.
pub(super) fn make(
    asked: &TeachTarget,
    material: &TargetSource<'_>,
    drawn: impl Fn(&NamedFile, (usize, usize)) -> Result<Mask, Message>,
) -> Result<(Plane, Vec<Fixation>), Message> {
    let params = PseudoMaskParams::of(material.domain);
    let truth = || material.truth.ok_or_else(|| message!("teach-no-truth"));
    let of_mask = |mask: &Mask| pool_plane(&mask.to_plane(), params.side);
    match asked {
        TeachTarget::Glances(fixations) => of_gaze(Scanpath { fixations: fixations.clone() }, material, &params),
        TeachTarget::Drawn(file) => Ok((of_mask(&drawn(file, material.native)?), Vec::new())),
        TeachTarget::Truth => Ok((of_mask(truth()?), Vec::new())),
        TeachTarget::Simulated { seed, seconds } => {
            let look = if material.domain == Modality::Prostate { simulate_slice } else { simulate };
            let gaze = look(truth()?, Observer::EyeTracker, *seed).first_ms(1000.0 * seconds);
            of_gaze(gaze, material, &params)
        }
    }
}

/// The refined map of a scanpath.
fn of_gaze(
    gaze: Scanpath,
    material: &TargetSource<'_>,
    params: &PseudoMaskParams,
) -> Result<(Plane, Vec<Fixation>), Message> {
    let masks = pseudo_masks(material.small, &gaze, params);
    if masks.heat.max() <= 0.0 {
        return Err(message!("teach-no-glance"));
    }
    Ok((masks.refined, gaze.fixations))
}
