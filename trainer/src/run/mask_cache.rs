//! Pseudo-masks on disk: GrabCut takes a quarter of a second an image, and every run of a study asks for the same ones.

use std::{borrow::Borrow, fs, path::PathBuf};

use anyhow::{Context, Result};
use fovea_shared::{
    bundle::sha256,
    gaze::Scanpath,
    image::RgbImage,
    plane::{Mask, Plane},
    pseudo_mask::{PseudoMaskParams, PseudoMasks, pseudo_masks},
};

use crate::{data::durable, features::FeatureCache};

/// A folder of pseudo-masks, safe to share between runs and to delete at any time.
#[derive(Clone, Debug)]
pub(crate) struct MaskCache {
    folder: PathBuf,
    params: PseudoMaskParams,
}

impl MaskCache {
    /// The cache beside the features, for one set of parameters. Its folder is named by what the
    /// algorithm makes of a phantom, so that a changed algorithm never meets old masks.
    ///
    /// # Errors
    /// A folder that cannot be made.
    pub(crate) fn open(features: &FeatureCache, params: &PseudoMaskParams) -> Result<Self> {
        let sample = fovea_phantom::polyp(3, 48, 48);
        let fingerprint = encode(&pseudo_masks(&sample.image, &sample.gaze, &PseudoMaskParams::default()));
        let folder = features.beside(&format!("pseudo-masks-{}", &sha256(&fingerprint)[..12]));
        fs::create_dir_all(&folder)
            .with_context(|| format!("the cache {} cannot be made; name another with --cache", folder.display()))?;
        Ok(Self { folder, params: params.clone() })
    }

    /// The pseudo-masks of an image, named by the SHA-256 of its file, and its gaze: read, or
    /// computed from `pixels` where they are not there.
    ///
    /// # Errors
    /// A cache that cannot be written, and those of `pixels`.
    pub(crate) fn get<P: Borrow<RgbImage>>(
        &self,
        image_sha256: &str,
        gaze: &Scanpath,
        pixels: impl FnOnce() -> Result<P>,
    ) -> Result<PseudoMasks> {
        let path = self.path(image_sha256, gaze)?;
        if let Some(masks) = fs::read(&path).ok().and_then(|bytes| decode(&bytes, self.params.side)) {
            return Ok(masks);
        }
        let masks = pseudo_masks(pixels()?.borrow(), gaze, &self.params);
        durable::write_entry(&path, &encode(&masks)).context("the cache; name another with --cache")?;
        Ok(masks)
    }

    /// Gives masks of one image and gaze to another, for measuring with many images.
    ///
    /// # Errors
    /// Masks that are not there, or a file system without links.
    pub(crate) fn link(&self, from: (&str, &Scanpath), to: (&str, &Scanpath)) -> Result<()> {
        let (from, to) = (self.path(from.0, from.1)?, self.path(to.0, to.1)?);
        fs::hard_link(&from, to).with_context(|| format!("{} cannot be linked", from.display()))
    }

    fn path(&self, image_sha256: &str, gaze: &Scanpath) -> Result<PathBuf> {
        let asked = serde_json::to_string(&(gaze, &self.params))?;
        Ok(self.folder.join(format!("{}-{}", &image_sha256[..24], &sha256(asked.as_bytes())[..16])))
    }
}

/// Heat and refined map as f32, then one byte a pixel with a bit for each mask.
fn encode(masks: &PseudoMasks) -> Vec<u8> {
    let planes = [&masks.heat, &masks.refined].into_iter().flat_map(|p| p.data.iter().flat_map(|v| v.to_le_bytes()));
    let bits = (0..masks.heat.data.len()).map(|i| {
        u8::from(masks.high_confidence.data[i])
            | u8::from(masks.broad.data[i]) << 1
            | u8::from(masks.background.data[i]) << 2
    });
    planes.chain(bits).collect()
}

fn decode(bytes: &[u8], side: usize) -> Option<PseudoMasks> {
    let pixels = side * side;
    if bytes.len() != pixels * 9 {
        return None;
    }
    let plane = |from: usize| {
        let values = bytes[from..from + pixels * 4].as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
        Plane::from_vec(side, side, values)
    };
    let mask = |bit: u8| Mask::from_vec(side, side, bytes[pixels * 8..].iter().map(|b| b >> bit & 1 == 1).collect());
    Some(PseudoMasks {
        heat: plane(0),
        refined: plane(pixels * 4),
        high_confidence: mask(0),
        broad: mask(1),
        background: mask(2),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_read_is_what_was_made() {
        let sample = fovea_phantom::polyp(3, 48, 48);
        let made = pseudo_masks(&sample.image, &sample.gaze, &PseudoMaskParams::default());
        assert_eq!(decode(&encode(&made), PseudoMaskParams::default().side), Some(made));
        assert_eq!(decode(b"short", 112), None);
    }
}
