//! How good an explanation is: whether the map of where a network looked (for a word, say) agrees
//! with the true mask and with where a person looked.
//!
//! | score | against | perfect | says nothing | source |
//! |---|---|---|---|---|
//! | pointing | mask | 1 | the mask's share of the image | Zhang et al., IJCV 2018 |
//! | energy | mask | 1 | the mask's share of the image | Wang et al., Score-CAM, CVPR workshops 2020 |
//! | CNR | mask | large | 0 | Boecking et al., BioViL, ECCV 2022 |
//! | NSS | fixations | large | 0 | Bylinskii et al., TPAMI 2019 |
//! | CC | gaze heat map | 1 | 0 | Bylinskii et al., TPAMI 2019 |
//! | AUC-Judd | fixations | 1 | .5 | Judd et al., ICCV 2009; Bylinskii et al., TPAMI 2019 |
//!
//! What cannot be scored is `None`, never NaN: a map without pixels or with a value that is not
//! finite, a constant map (but for [`pointing`], which has an answer for it), a mask that is empty
//! or fills the image, gaze without a fixation in the image. A mean over maps therefore says how
//! many it is over.

mod gaze;
mod grounding;

pub use gaze::{NssWeight, auc_judd, cc, nss};
pub use grounding::{Energy, cnr, energy, pointing};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use fovea_shared::{
    gaze::{HeatParams, Scanpath, heat_map},
    image::{pool_to, resize_plane},
    plane::{Mask, Plane},
};

/// Longest side, in pixels, that [`explain`] works at. Attention maps are some tens of cells a
/// side, so nothing of theirs is lost, and a map takes some milliseconds, not the seconds of a
/// photograph's full size.
pub const WORKING_SIDE: usize = 256;

/// The scores of one map. What cannot be scored is `None`: see the [module](self).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// [`pointing`]: whether the maximum lies in the mask, 0 or 1 (between them for ties).
    pub pointing: Option<f64>,
    /// [`energy`]: share of the map's sum inside the mask, 0 to 1.
    pub energy: Option<f64>,
    /// The mask's share of the image: the energy of a map that says nothing.
    pub energy_chance: Option<f64>,
    /// [`cnr`]: signed contrast between inside and outside of the mask.
    pub cnr: Option<f64>,
    /// [`nss`], every fixation counting the same: mean z-score of the map at the fixations.
    pub nss: Option<f64>,
    /// [`cc`]: Pearson correlation with the gaze heat map, -1 to 1.
    pub cc: Option<f64>,
    /// [`auc_judd`]: how well the map tells fixated from other pixels, 0 to 1.
    pub auc_judd: Option<f64>,
}

impl Explanation {
    /// Energy over its chance level: how many times more of the map lies in the mask than of a constant map.
    pub fn energy_over_chance(&self) -> Option<f64> {
        Some(self.energy? / self.energy_chance?)
    }
}

/// Scores a map against the true mask and the gaze of its image, as far as they are there.
///
/// Works on a raster of the mask's shape whose longer side is at most [`WORKING_SIDE`]: a larger
/// mask is shrunk, a pixel then being inside when at least half of it is (or, should none be, where
/// most is), and the map is brought to that raster bilinearly. Without a mask the raster is a
/// square of that side, positions being fractions of the image. For many maps of one image make a
/// [`Reference`] once.
pub fn explain(map: &Plane, mask: Option<&Mask>, gaze: Option<&Scanpath>) -> Explanation {
    Reference::new(mask, gaze).explain(map)
}

/// What the maps of one image are scored against, prepared once.
#[derive(Clone, Debug)]
pub struct Reference {
    width: usize,
    height: usize,
    mask: Option<Mask>,
    gaze: Option<(Scanpath, Plane)>,
}

impl Reference {
    /// Prepares the mask (at the image's size, or any) and the gaze of an image.
    pub fn new(mask: Option<&Mask>, gaze: Option<&Scanpath>) -> Self {
        let (width, height) = mask.map_or((WORKING_SIDE, WORKING_SIDE), |m| working_size(m.width, m.height));
        let gaze = gaze.map(|g| (g.clone(), heat_map(&gaze::inside(g), &HeatParams::default(), width, height)));
        Self { width, height, mask: mask.map(|m| shrink(m, width, height)), gaze }
    }

    /// Scores one map of the image; see [`explain`].
    pub fn explain(&self, map: &Plane) -> Explanation {
        let Some(map) = fitted(map, self.width, self.height) else { return Explanation::default() };
        let mask = self.mask.as_ref();
        let gaze = self.gaze.as_ref();
        let energy = mask.and_then(|m| energy(&map, m));
        Explanation {
            pointing: mask.and_then(|m| pointing(&map, m)),
            energy: energy.map(|e| e.share),
            energy_chance: energy.map(|e| e.chance),
            cnr: mask.and_then(|m| cnr(&map, m)),
            nss: gaze.and_then(|(g, _)| nss(&map, g, NssWeight::Equal)),
            cc: gaze.and_then(|(_, heat)| gaze::correlation(&map, heat)),
            auc_judd: gaze.and_then(|(g, _)| auc_judd(&map, g)),
        }
    }
}

/// The raster of an image of `width` x `height`: its shape, at most [`WORKING_SIDE`] long.
fn working_size(width: usize, height: usize) -> (usize, usize) {
    let longer = width.max(height);
    if longer <= WORKING_SIDE {
        return (width, height);
    }
    let scaled = |side: usize| ((side * WORKING_SIDE + longer / 2) / longer).max(1);
    (scaled(width), scaled(height))
}

/// The mask on a smaller raster: where at least half of a pixel is inside or, so that a small lesion does not vanish,
/// where most of one is.
fn shrink(mask: &Mask, width: usize, height: usize) -> Mask {
    if (mask.width, mask.height) == (width, height) || mask.is_empty() {
        return Mask {
            width,
            height,
            data: if mask.is_empty() { vec![false; width * height] } else { mask.data.clone() },
        };
    }
    let coverage = pool_to(&mask.to_plane(), width, height);
    coverage.at_least(coverage.max().min(0.5))
}

/// The map at `width` x `height`: bilinear, after averaging where it is larger. `None` where there is nothing to score.
fn fitted(map: &Plane, width: usize, height: usize) -> Option<Cow<'_, Plane>> {
    if map.data.is_empty() || width * height == 0 || !map.data.iter().all(|v| v.is_finite()) {
        return None;
    }
    if (map.width, map.height) == (width, height) {
        return Some(Cow::Borrowed(map));
    }
    let (narrow, low) = (map.width.min(width), map.height.min(height));
    if (narrow, low) == (map.width, map.height) {
        return Some(Cow::Owned(resize_plane(map, width, height)));
    }
    Some(Cow::Owned(resize_plane(&pool_to(map, narrow, low), width, height)))
}

/// Whether a map says the same everywhere, but for the rounding of `f32`.
fn is_constant(map: &Plane) -> bool {
    let low = map.data.iter().copied().fold(f32::INFINITY, f32::min);
    let high = map.max();
    high - low <= 1e-6 * high.abs().max(low.abs())
}

/// Mean and population variance.
fn moments(values: impl Iterator<Item = f32> + Clone) -> (f64, f64) {
    let count = values.clone().count() as f64;
    let mean = values.clone().map(f64::from).sum::<f64>() / count;
    (mean, values.map(|v| (f64::from(v) - mean).powi(2)).sum::<f64>() / count)
}

#[cfg(test)]
mod tests;
