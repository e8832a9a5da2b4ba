//! The masks over which a describer looks: predicted ones, never the true ones.

use std::path::Path;

use anyhow::Result;
use burn::tensor::Device;
use fovea_shared::{gaze::Scanpath, plane::Plane};

use crate::{
    features::Features,
    run::{Heads, Prompt, RunFolder, load_best, predict_student, predict_teacher},
};

/// The heads of a trained run.
pub(crate) struct MaskMaker {
    heads: Heads,
    device: Device,
}

impl MaskMaker {
    /// Loads the best heads of a run.
    ///
    /// # Errors
    /// A run without them, of another version, or of the preset `paper`.
    pub(crate) fn open(run: &Path, device: &Device) -> Result<Self> {
        RunFolder::open(run)?.1.needs_lite("a describer looks at features and masks of")?;
        Ok(Self { heads: load_best(run, device)?, device: device.clone() })
    }

    /// Probabilities of one upright image for each of `looks`: the teacher's with the gaze, without
    /// text; the student's where there is no gaze. The only place where the describer's training
    /// asks a segmentation head.
    ///
    /// # Errors
    /// A device that fails.
    pub(crate) fn predicted_masks(
        &self,
        features: &Features,
        case: usize,
        looks: &[Option<Scanpath>],
    ) -> Result<Vec<Plane>> {
        let ask = |look: &Option<Scanpath>| {
            let logits = match look {
                Some(gaze) => predict_teacher(
                    &self.heads.teacher,
                    features,
                    case,
                    Prompt { gaze: Some(gaze), text: None },
                    1,
                    &self.device,
                )?,
                None => predict_student(&self.heads.student, features, case, 1, &self.device)?,
            };
            Ok(logits.sigmoid())
        };
        looks.iter().map(ask).collect()
    }
}
