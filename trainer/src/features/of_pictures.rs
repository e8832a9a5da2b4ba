//! Features of pictures that are in no file, such as those made of two images.

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::{bundle::sha256, image::RgbImage, model::Pyramid};
use half::f16;

use super::{CacheKey, Extractor, FeatureCache};
use crate::run::Progress;

/// Features of pictures of the network's size, in the cache: memory does not grow with the pictures.
pub(crate) struct PictureFeatures {
    cache: FeatureCache,
    keys: Vec<CacheKey>,
}

impl PictureFeatures {
    /// Those of no picture yet.
    pub(crate) fn new(cache: &FeatureCache) -> Self {
        Self { cache: cache.clone(), keys: Vec::new() }
    }

    /// Adds pictures, whose features are computed where the cache lacks them.
    ///
    /// # Errors
    /// An unwritable cache, a device that fails, or a stop.
    pub(crate) fn extend(&mut self, pictures: &[RgbImage], device: &Device, progress: &Progress) -> Result<()> {
        let mut extractor = Extractor::new(&self.cache, device);
        for picture in pictures {
            progress.go_on()?;
            let key = CacheKey::new(&sha256(picture.as_raw()), "input");
            if !self.cache.has(&key, Pyramid::LEN) {
                self.cache.put(&key, &extractor.compute(picture)?)?;
            }
            self.keys.push(key);
        }
        Ok(())
    }

    /// The values of one picture, `Pyramid::LEN` of them.
    ///
    /// # Errors
    /// Values that somebody has deleted in the meantime.
    pub(crate) fn get(&self, picture: usize) -> Result<Vec<f16>> {
        self.cache.get(&self.keys[picture], Pyramid::LEN).context(
            "features were deleted from the cache while they were in use: start again, with `fovea train --resume` for \
             a training, and they are computed again",
        )
    }
}
