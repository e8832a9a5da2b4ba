//! Images at a network's size on disk, so that a training decodes every file once and keeps none in memory.

use std::{borrow::Borrow, fs, path::PathBuf};

use anyhow::{Context, Result};
use fovea_shared::{
    bundle::sha256,
    image::{RgbImage, resize_rgb},
};

use crate::features::{FeatureCache, write_entry};

/// A folder of square images, safe to share between runs and to delete at any time.
#[derive(Clone, Debug)]
pub(super) struct PixelCache {
    folder: PathBuf,
    side: usize,
}

impl PixelCache {
    /// The cache beside the features, for images of `side` pixels squared. Its folder is named by
    /// what resizing makes of a phantom, so that a changed algorithm never meets old images.
    ///
    /// # Errors
    /// A folder that cannot be made.
    pub(super) fn open(features: &FeatureCache, side: usize) -> Result<Self> {
        let sample = resize_rgb(&fovea_phantom::polyp(3, 48, 40).image, 31, 31);
        let folder = features.beside(&format!("pixels-{side}-{}", &sha256(sample.as_raw())[..12]));
        fs::create_dir_all(&folder)
            .with_context(|| format!("the cache {} cannot be made; name another with --cache", folder.display()))?;
        Ok(Self { folder, side })
    }

    /// An image, named by the SHA-256 of its file: read, or made of `pixels` where it is not there.
    ///
    /// # Errors
    /// A cache that cannot be written, and those of `pixels`.
    pub(super) fn get<P: Borrow<RgbImage>>(
        &self,
        image_sha256: &str,
        pixels: impl FnOnce() -> Result<P>,
    ) -> Result<RgbImage> {
        let path = self.path(image_sha256);
        let known = fs::read(&path).ok().filter(|bytes| bytes.len() == self.side * self.side * 3);
        if let Some(image) = known.and_then(|bytes| RgbImage::from_raw(self.side as u32, self.side as u32, bytes)) {
            return Ok(image);
        }
        let image = resize_rgb(pixels()?.borrow(), self.side, self.side);
        write_entry(&path, image.as_raw())?;
        Ok(image)
    }

    fn path(&self, image_sha256: &str) -> PathBuf {
        self.folder.join(format!("{}.rgb", &image_sha256[..32]))
    }
}
