//! Scores against the true mask.

use super::{fitted, is_constant, moments};
use fovea_shared::plane::{Mask, Plane};

/// Whether a mask can be told from its surroundings: neither empty nor everything.
fn has_both_sides(mask: &Mask) -> bool {
    mask.data.contains(&true) && mask.data.contains(&false)
}

/// The mask's share of the image.
fn area_share(mask: &Mask) -> f64 {
    mask.area() as f64 / mask.data.len() as f64
}

/// The pointing game (Zhang et al., "Top-down neural attention by excitation backprop", IJCV 2018): whether the map's
/// maximum lies in the mask, 1 or 0. The paper's tolerance of 15 pixels around an object is left out.
///
/// Where several pixels share the maximum, the score is the share of them in the mask: what
/// pointing at one of them by lot would score on average. So a constant map, which points nowhere,
/// scores the mask's share of the image and never wins by accident. A map of another size is
/// brought to the mask's bilinearly.
///
/// `None`: an empty or full mask, a map that cannot be read.
pub fn pointing(map: &Plane, mask: &Mask) -> Option<f64> {
    let map = fitted(map, mask.width, mask.height).filter(|_| has_both_sides(mask))?;
    if is_constant(&map) {
        return Some(area_share(mask));
    }
    let top = map.max();
    let (mut hits, mut tied) = (0usize, 0usize);
    for (_, inside) in map.data.iter().zip(&mask.data).filter(|(v, _)| **v == top) {
        tied += 1;
        hits += usize::from(*inside);
    }
    Some(hits as f64 / tied as f64)
}

/// How much of a map lies in the mask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Energy {
    /// Share of the map's sum inside the mask, 0 to 1.
    pub share: f64,
    /// The mask's share of the image: what a constant map would have. 0 to 1, neither included.
    pub chance: f64,
}

/// The energy-based pointing game (Wang et al., "Score-CAM", CVPR workshops 2020):
/// `sum of the map inside the mask / sum of the map`, with its chance level. A map of another size is brought to the
/// mask's bilinearly.
///
/// `None`: an empty or full mask, a constant map (all zero, for instance), a negative value (a share needs amounts), a
/// map that cannot be read.
pub fn energy(map: &Plane, mask: &Mask) -> Option<Energy> {
    let map = fitted(map, mask.width, mask.height).filter(|_| has_both_sides(mask))?;
    if is_constant(&map) || map.data.iter().any(|v| *v < 0.0) {
        return None;
    }
    let (mut inside, mut all) = (0.0, 0.0);
    for (value, in_mask) in map.data.iter().zip(&mask.data) {
        all += f64::from(*value);
        inside += if *in_mask { f64::from(*value) } else { 0.0 };
    }
    Some(Energy { share: inside / all, chance: area_share(mask) })
}

/// Contrast-to-noise ratio, as used for phrase grounding in BioViL (Boecking et al., ECCV 2022), with its
/// sign kept, so that a map that shuns the lesion does not pass for one that finds it:
///
/// ```text
/// CNR = (mean_in - mean_out) / sqrt(var_in + var_out)
/// ```
/// with population variances. A map of another size is brought to the mask's bilinearly.
///
/// `None`: an empty or full mask, a constant map, a map without any variance on either side (an
/// infinite ratio), a map that cannot be read.
pub fn cnr(map: &Plane, mask: &Mask) -> Option<f64> {
    let map = fitted(map, mask.width, mask.height).filter(|_| has_both_sides(mask))?;
    if is_constant(&map) {
        return None;
    }
    let side = |wanted: bool| {
        let pixels = map.data.iter().zip(&mask.data);
        moments(pixels.filter(move |(_, inside)| **inside == wanted).map(|(v, _)| *v))
    };
    let ((mean_in, var_in), (mean_out, var_out)) = (side(true), side(false));
    let noise = (var_in + var_out).sqrt();
    (noise > 0.0).then(|| (mean_in - mean_out) / noise)
}
