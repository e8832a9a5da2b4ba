//! Descriptions measured from an image and its gaze.

use anyhow::{Context, Result};
use fovea_shared::{
    description::{Description, Modality, measured::measure},
    image::RgbImage,
    plane::Mask,
    pseudo_mask::{PseudoMaskParams, PseudoMasks, pseudo_masks},
};

use super::store::Record;
use crate::data::{Case, GazeOrigin, hash};

/// What must be said of a description measured from gaze that was simulated.
pub const SIMULATED: &str =
    "the gaze was simulated from the true mask, so the description knows more than a look would tell";

/// Describes a case from its image and the broad pseudo-mask of its gaze. No mask file is opened.
///
/// # Errors
/// A case without gaze, or an image that cannot be read.
pub fn measured_record(case: &Case, params: &PseudoMaskParams, modality: Modality) -> Result<Record> {
    let image = case.load_image()?;
    Ok(Record {
        id: case.id.clone(),
        image_sha256: Some(hash::file_sha256(&case.image)?),
        description: measure(&image, &broad_mask(case, &image, params)?, modality),
        caveat: (case.origin == GazeOrigin::Simulated).then(|| SIMULATED.to_string()),
        asked: None,
    })
}

/// What can be measured within the broad mask of a case's gaze.
///
/// # Errors
/// An image that cannot be read.
pub(crate) fn description(case: &Case, masks: &PseudoMasks) -> Result<Description> {
    Ok(measure(&case.load_image()?, &masks.broad, case.modality()?))
}

/// The broad pseudo-mask of a case, `params.side` squared over the image.
///
/// # Errors
/// A case without gaze.
pub fn broad_mask(case: &Case, image: &RgbImage, params: &PseudoMaskParams) -> Result<Mask> {
    let gaze = case.gaze.as_ref().with_context(|| {
        format!(
            "the image {} has no gaze, and a description is measured inside the mask of the gaze. \
             Add its fixations under gaze/, or leave the image out",
            case.image.display()
        )
    })?;
    Ok(pseudo_masks(image, gaze, params).broad)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::{Dataset, fixture};
    use fovea_shared::description::{Field, Source};

    #[test]
    fn measures_without_masks_and_names_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b"]);
        std::fs::remove_dir_all(folder.path().join("masks")).unwrap();
        let mut data = Dataset::open(folder.path()).unwrap();
        let params = PseudoMaskParams::default();
        let record = measured_record(&data.cases[0], &params, Modality::Polyp).unwrap();
        assert_eq!((record.id.as_str(), &record.description.source), ("a", &Source::Measured));
        assert_eq!(record.image_sha256.as_deref().map(str::len), Some(64));
        assert!(record.description.get(Field::Location).is_some() && record.caveat.is_none());
        assert_eq!(record, measured_record(&data.cases[0], &params, Modality::Polyp).unwrap());
        data.cases[0].origin = GazeOrigin::Simulated;
        assert!(
            measured_record(&data.cases[0], &params, Modality::Polyp).unwrap().caveat.unwrap().contains("simulated")
        );
        data.cases[0].gaze = None;
        let error = measured_record(&data.cases[0], &params, Modality::Polyp).unwrap_err().to_string();
        assert!(error.contains("a.png") && error.contains("no gaze"), "{error}");
    }
}
