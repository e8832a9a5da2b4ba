//! Runs the backbone over images, and puts what it sees into the cache.

use anyhow::{Context, Result, ensure};
use burn::tensor::{Device, Tensor, TensorData};
use fovea_shared::{
    image::{INPUT_SIDE, RgbImage, normalise},
    model::{Backbone, Pyramid},
};
use half::f16;

use super::{FeatureCache, Views};

/// Computes what the cache lacks. The backbone is loaded when something is missing for the first time.
pub(crate) struct Extractor<'a> {
    cache: &'a FeatureCache,
    device: &'a Device,
    backbone: Option<Backbone>,
}

impl<'a> Extractor<'a> {
    /// With the backbone of a cache.
    pub(crate) fn new(cache: &'a FeatureCache, device: &'a Device) -> Self {
        Self { cache, device, backbone: None }
    }

    /// Computes the missing views of an image.
    ///
    /// # Errors
    /// An unwritable cache, or a device that fails.
    pub(crate) fn add(&mut self, views: Views, image_sha256: &str, pixels: &RgbImage) -> Result<()> {
        for view in 0..views.count() {
            let key = views.key(view, image_sha256);
            if !self.cache.has(&key, Pyramid::LEN) {
                let values = self.compute(&views.view(view, image_sha256).image(pixels))?;
                self.cache.put(&key, &values)?;
            }
        }
        Ok(())
    }

    /// What the backbone sees of an image of the network's size, `Pyramid::LEN` values.
    ///
    /// # Errors
    /// A device that fails.
    pub(super) fn compute(&mut self, input: &RgbImage) -> Result<Vec<f16>> {
        let backbone = match &self.backbone {
            Some(backbone) => backbone,
            None => self.backbone.insert(self.cache.encoder().load(self.device)?),
        };
        let input = TensorData::new(normalise(input), [1, 3, INPUT_SIDE, INPUT_SIDE]);
        let mut values = Vec::with_capacity(Pyramid::LEN);
        for level in backbone.forward(Tensor::from_data(input, self.device)).levels {
            let data = level.try_into_data().context("the device could not be read")?;
            values.extend(data.try_to_vec::<f32>()?.into_iter().map(f16::from_f32));
        }
        ensure!(
            values.iter().all(|value| value.is_finite()),
            "a feature of the image is not finite in f16: the backbone's weights do not fit, or the device computes \
             wrongly (try --device cpu)"
        );
        Ok(values)
    }
}
