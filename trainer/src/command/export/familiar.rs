//! What the images that the heads have learnt from look like to the backbone, for visitors whose
//! own image looks otherwise.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::{
    bundle::{Familiarity, familiarity},
    model::Pyramid,
};

use crate::{
    data::{Case, Dataset, image_store::ImageStore},
    features::{Encoder, FeatureCache, Views, compute_all},
    run::Progress,
};

/// The measure of all images in these data set folders. No mask is opened and no gaze is read.
///
/// # Errors
/// A folder that is not a data set, an unreadable image, or too few images.
pub(super) fn measure(
    folders: &[PathBuf],
    cache: Option<&Path>,
    encoder: &Encoder,
    device: &Device,
) -> Result<Vec<u8>> {
    let cache = FeatureCache::open(cache, encoder.clone())?;
    let progress = Progress::new(false);
    let level = if encoder.is_built_in() { familiarity::COARSEST } else { familiarity::STRIDE_16 };
    let mut looks = Vec::new();
    for folder in folders {
        let dataset = Dataset::open(folder)?;
        let cases: Vec<&Case> = dataset.cases.iter().collect();
        let features = compute_all(&cases, Views::flips(1), &cache, device, &ImageStore::default(), &progress)?;
        let from: usize = (0..level).map(Pyramid::level_len).sum();
        let values = from..from + Pyramid::level_len(level);
        for case in 0..cases.len() {
            let of_level: Vec<f32> = features.get(case, 0)?[values.clone()].iter().map(|v| v.to_f32()).collect();
            looks.push(familiarity::channel_means(&of_level, level));
        }
    }
    let found = Familiarity::of(&looks, level).with_context(|| {
        format!("--looks names {} images: fifty are the least that anything can be said from", looks.len())
    })?;
    println!("familiarity: from {} images; 99 of 100 held-out ones lie below {:.2}", found.images, found.usual);
    Ok(serde_json::to_vec(&found)?)
}
