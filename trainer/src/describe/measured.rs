//! Descriptions measured from an image and its gaze.

use fovea_shared::{
    description::{Modality, measured::measure},
    image::RgbImage,
    plane::Mask,
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};

use super::{DescribeError, store::Record};
use crate::data::{Case, GazeOrigin, image_store::ImageStore};

/// What must be said of a description measured from gaze that was simulated.
pub const SIMULATED: &str =
    "the gaze was simulated from the true mask, so the description knows more than a look would tell";

/// Describes a case from its image and the broad pseudo-mask of its gaze. No mask file is opened.
///
/// # Errors
/// A case without gaze, or an image that cannot be read.
pub fn measured_record(case: &Case, params: &PseudoMaskParams, modality: Modality) -> Result<Record, DescribeError> {
    let store = ImageStore::default();
    let file = store.open(&case.image)?;
    let image = file.pixels()?;
    Ok(Record {
        id: case.id.clone(),
        image_sha256: Some(file.sha256.clone()),
        description: measure(image, &broad_mask(case, image, params)?, modality),
        caveat: (case.origin == GazeOrigin::Simulated).then(|| SIMULATED.to_string()),
        asked: None,
    })
}

/// The broad pseudo-mask of a case, `params.side` squared over the image.
///
/// # Errors
/// A case without gaze.
pub fn broad_mask(case: &Case, image: &RgbImage, params: &PseudoMaskParams) -> Result<Mask, DescribeError> {
    let gaze = case.gaze.as_ref().ok_or_else(|| DescribeError::NoGaze(case.image.clone()))?;
    Ok(pseudo_masks(image, gaze, params).broad)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::Dataset;
    use crate::data_fixture as fixture;
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
