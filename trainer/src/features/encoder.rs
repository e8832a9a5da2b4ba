//! Which backbone sees the images.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::{
    bundle::sha256,
    model::{
        Backbone,
        weights::{self, Precision},
    },
};

/// A backbone's weights: the built-in ones, or those that a run has adapted to a domain.
#[derive(Clone, Debug)]
pub(crate) struct Encoder {
    /// The safetensors file.
    pub(crate) bytes: Arc<Vec<u8>>,
    /// Its SHA-256.
    pub(crate) sha256: String,
}

impl Encoder {
    /// The weights of this build, from ImageNet.
    pub(crate) fn built_in() -> Self {
        Self::new(weights::BACKBONE.to_vec())
    }

    /// The weights of a file.
    ///
    /// # Errors
    /// A file that cannot be read, or that is not a backbone.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("the backbone {} cannot be read", path.display()))?;
        let encoder = Self::new(bytes);
        encoder.load(&Device::flex()).with_context(|| format!("{} is not a backbone", path.display()))?;
        Ok(encoder)
    }

    /// The weights in these bytes, which nothing has read yet.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { sha256: sha256(&bytes), bytes: Arc::new(bytes) }
    }

    /// Whether these are the weights of this build.
    pub(crate) fn is_built_in(&self) -> bool {
        self.bytes.as_slice() == weights::BACKBONE
    }

    /// As it is shipped: f16, which the built-in weights are already and those that a run has adapted are not.
    ///
    /// # Errors
    /// Weights that do not fit.
    pub(crate) fn shipped(&self) -> Result<Self> {
        if self.is_built_in() {
            return Ok(self.clone());
        }
        Ok(Self::new(weights::save(&self.load(&Device::flex())?, Precision::Half)?))
    }

    /// The network.
    ///
    /// # Errors
    /// Weights that do not fit.
    pub(crate) fn load(&self, device: &Device) -> Result<Backbone> {
        let mut backbone = Backbone::new(device);
        weights::load(&mut backbone, self.bytes.to_vec()).context("the backbone's weights")?;
        Ok(backbone)
    }
}
