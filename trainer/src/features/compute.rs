//! Runs the backbone over images and their mirror images.

use anyhow::{Context, Result};
use burn::tensor::{Device, Tensor, TensorData};
use fovea_shared::{
    image::{INPUT_SIDE, flip_chw, to_input},
    model::{Backbone, Pyramid, weights},
};
use half::f16;

use super::{CacheKey, FeatureCache};
use crate::{
    data::{Case, picture},
    run::Progress,
};

/// How an image was mirrored before the backbone saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flip {
    /// Left and right exchanged.
    pub(crate) horizontal: bool,
    /// Top and bottom exchanged.
    pub(crate) vertical: bool,
}

/// The four flips; the first leaves the image as it is.
pub(crate) const FLIPS: [Flip; 4] = [
    Flip { horizontal: false, vertical: false },
    Flip { horizontal: true, vertical: false },
    Flip { horizontal: false, vertical: true },
    Flip { horizontal: true, vertical: true },
];

/// Features of some images, every image with the same number of flips.
#[derive(Debug)]
pub(crate) struct Features {
    flips: usize,
    /// One buffer a case: flip by flip, level by level (finest first), channel by channel.
    values: Vec<Vec<f16>>,
}

impl Features {
    /// The values of one case and flip, `Pyramid::LEN` of them.
    pub(crate) fn get(&self, case: usize, flip: usize) -> &[f16] {
        &self.values[case][flip * Pyramid::LEN..(flip + 1) * Pyramid::LEN]
    }

    /// How many flips of every image are here.
    pub(crate) fn flips(&self) -> usize {
        self.flips
    }
}

/// Features of `cases` under the first `flips` of [`FLIPS`], from the cache where they are there.
///
/// # Errors
/// An unreadable image (named), or an unwritable cache.
pub(crate) fn compute_all(
    cases: &[&Case],
    flips: usize,
    cache: &FeatureCache,
    device: &Device,
    progress: &Progress,
) -> Result<Features> {
    let mut backbone = None;
    let mut bar = progress.bar("features", cases.len() as u64);
    let mut values = Vec::with_capacity(cases.len());
    for case in cases {
        let bytes =
            std::fs::read(&case.image).with_context(|| format!("the image {} cannot be read", case.image.display()))?;
        let mut all = Vec::with_capacity(flips * Pyramid::LEN);
        let mut input = None;
        for (index, flip) in FLIPS.iter().enumerate().take(flips) {
            let key = CacheKey::new(&bytes, &format!("flip{index}"));
            if let Some(found) = cache.get(&key, Pyramid::LEN) {
                all.extend(found);
                continue;
            }
            if input.is_none() {
                let image = picture::decode(&bytes)
                    .with_context(|| format!("the image {} cannot be used", case.image.display()))?;
                input = Some(to_input(&image));
            }
            let backbone = match &backbone {
                Some(backbone) => backbone,
                None => backbone.insert(load_backbone(device)?),
            };
            let upright = input.as_deref().unwrap_or_default();
            let computed = compute_one(backbone, upright, *flip, device)?;
            cache.put(&key, &computed)?;
            all.extend(computed);
        }
        values.push(all);
        bar.inc(1);
    }
    bar.finish();
    Ok(Features { flips, values })
}

/// The backbone with its built-in weights.
///
/// # Errors
/// Never for the weights of this build; kept fallible because they come from a file.
pub(crate) fn load_backbone(device: &Device) -> Result<Backbone> {
    let mut backbone = Backbone::new(device);
    weights::load(&mut backbone, weights::BACKBONE.to_vec()).context("the built-in backbone weights")?;
    Ok(backbone)
}

fn compute_one(backbone: &Backbone, upright: &[f32], flip: Flip, device: &Device) -> Result<Vec<f16>> {
    let input = flip_chw(upright, INPUT_SIDE, flip.horizontal, flip.vertical);
    let input = Tensor::from_data(TensorData::new(input, [1, 3, INPUT_SIDE, INPUT_SIDE]), device);
    let mut values = Vec::with_capacity(Pyramid::LEN);
    for level in backbone.forward(input).levels {
        let data = level.try_into_data().context("the device could not be read")?;
        values.extend(data.try_to_vec::<f32>()?.into_iter().map(f16::from_f32));
    }
    Ok(values)
}
