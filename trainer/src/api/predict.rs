//! Trained networks on one image.

use std::path::Path;

use fovea_shared::{
    description::Modality, gaze::Scanpath, image::RgbImage, model::PromptMaps, plane::Mask, predictor::mask_at,
};

use super::{Compute, Error};
use crate::networks::{Opened, open_predictor};

/// The networks of a run or of a bundle, ready to look at images.
pub struct Model(Opened);

/// Two masks of the image's own size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// The student's, from the image alone.
    pub student: Mask,
    /// The teacher's, from the image and from gaze where there is some.
    pub teacher: Mask,
}

impl Model {
    /// Opens a run folder.
    ///
    /// # Errors
    /// A folder without a run, or damaged weights; a device that cannot be opened.
    pub fn of_run(folder: &Path, compute: &Compute) -> Result<Self, Error> {
        let device = compute.device.open().map_err(Error::device)?;
        open_predictor(Some(folder), None, &device.device).map(Self).map_err(Error::run_folder)
    }

    /// Opens a bundle, as the page loads it.
    ///
    /// # Errors
    /// A folder without a bundle, a file that differs from its manifest; a device that cannot be opened.
    pub fn of_bundle(folder: &Path, compute: &Compute) -> Result<Self, Error> {
        let device = compute.device.open().map_err(Error::device)?;
        open_predictor(None, Some(folder), &device.device).map(Self).map_err(Error::bundle)
    }

    /// What the images of its training show.
    ///
    /// # Errors
    /// A run from before that was written down; says where to write it.
    pub fn modality(&self) -> Result<Modality, Error> {
        Ok(self.0.modality.clone()?)
    }

    /// Segments an image of any size. `gaze` reaches the teacher only.
    ///
    /// # Errors
    /// A device that fails.
    pub fn predict(&self, image: &RgbImage, gaze: Option<&Scanpath>) -> Result<Prediction, Error> {
        let networks = &self.0.networks;
        let heat = gaze.map(PromptMaps::of);
        let student = networks.find_student(None).map_err(Error::other)?;
        let [teacher, student] = networks.ask(image, heat.as_ref(), Vec::new(), student).map_err(Error::device)?;
        let [teacher, student] =
            [teacher, student].map(|logits| mask_at(&logits, image.width() as usize, image.height() as usize));
        Ok(Prediction { student, teacher })
    }
}
