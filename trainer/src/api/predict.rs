//! Trained networks on one image.

use std::path::Path;

use anyhow::Result;
use fovea_shared::{
    description::Modality, gaze::Scanpath, image::RgbImage, model::PromptMaps, plane::Mask, predictor::mask_at,
};

use super::Compute;
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
    pub fn of_run(folder: &Path, compute: &Compute) -> Result<Self> {
        open_predictor(Some(folder), None, &compute.device.open()?.device).map(Self)
    }

    /// Opens a bundle, as the page loads it.
    ///
    /// # Errors
    /// A folder without a bundle, a file that differs from its manifest; a device that cannot be opened.
    pub fn of_bundle(folder: &Path, compute: &Compute) -> Result<Self> {
        open_predictor(None, Some(folder), &compute.device.open()?.device).map(Self)
    }

    /// What the images of its training show.
    ///
    /// # Errors
    /// A run from before that was written down; says where to write it.
    pub fn modality(&self) -> Result<Modality> {
        Ok(self.0.modality.clone()?)
    }

    /// Segments an image of any size. `gaze` reaches the teacher only.
    ///
    /// # Errors
    /// A device that fails.
    pub fn predict(&self, image: &RgbImage, gaze: Option<&Scanpath>) -> Result<Prediction> {
        let networks = &self.0.networks;
        let heat = gaze.map(PromptMaps::of);
        let [teacher, student] = networks.ask(image, heat.as_ref(), Vec::new(), networks.find_student(None)?)?;
        let [teacher, student] =
            [teacher, student].map(|logits| mask_at(&logits, image.width() as usize, image.height() as usize));
        Ok(Prediction { student, teacher })
    }
}
