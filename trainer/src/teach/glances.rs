//! What a student is told of an image.

use fovea_shared::{
    gaze::Scanpath,
    image::{RgbImage, pool_plane},
    plane::{Mask, Plane},
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};
use serde::{Deserialize, Serialize};

/// Where the target of an image comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Told {
    /// The gaze of the data set: the refined map of its pseudo-masks.
    Gaze,
    /// The true mask, drawn by hand. An upper bound; its seconds do not count.
    Mask,
}

/// How many images a student learns from, and how long each was looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell {
    /// Images.
    pub(crate) glances: usize,
    /// Seconds of each that count from its start; `None` is the whole scanpath.
    pub(crate) seconds: Option<f32>,
    /// Where the targets come from.
    pub(crate) told: Told,
}

impl Cell {
    /// The target of an image, 0..1 a pixel.
    pub(crate) fn target(&self, image: &RgbImage, gaze: &Scanpath, truth: &Mask, params: &PseudoMaskParams) -> Plane {
        match self.told {
            Told::Gaze => {
                let gaze = self.seconds.map_or_else(|| gaze.clone(), |seconds| gaze.first_ms(1000.0 * seconds));
                pseudo_masks(image, &gaze, params).refined
            }
            Told::Mask => pool_plane(&truth.to_plane(), params.side),
        }
    }
}
