//! Runs the backbone over images and their other views.

use anyhow::{Context, Result};
use burn::tensor::{Device, Tensor, TensorData};
use fovea_shared::{
    bundle::sha256,
    image::{INPUT_SIDE, RgbImage, normalise},
    model::{Backbone, Pyramid},
};
use half::f16;

use super::{CacheKey, FLIPS, FeatureCache, View};
use crate::{
    data::{Case, picture},
    run::Progress,
};

/// Features of some images, every image with the same number of views.
#[derive(Debug)]
pub(crate) struct Features {
    flips: usize,
    drawn: usize,
    /// One buffer a case: view by view (flips first), level by level (finest first), channel by channel.
    values: Vec<Vec<f16>>,
    /// SHA-256 of every image, from which its views are drawn.
    sha256: Vec<String>,
    /// SHA-256 of the backbone.
    encoder: String,
}

impl Features {
    /// The values of one case and view, `Pyramid::LEN` of them.
    pub(crate) fn get(&self, case: usize, view: usize) -> &[f16] {
        &self.values[case][view * Pyramid::LEN..(view + 1) * Pyramid::LEN]
    }

    /// How a view of a case was made.
    pub(crate) fn view(&self, case: usize, view: usize) -> View {
        View::of(self.index(view), &self.sha256[case])
    }

    /// SHA-256 of the backbone that saw the images.
    pub(crate) fn seen_by(&self) -> &str {
        &self.encoder
    }

    /// How many flips of every image are here.
    pub(crate) fn flips(&self) -> usize {
        self.flips
    }

    /// How many views of every image are here, flips among them.
    pub(crate) fn views(&self) -> usize {
        self.flips + self.drawn
    }

    fn index(&self, view: usize) -> usize {
        index_of(view, self.flips)
    }
}

/// The place of a view in the list that starts with all four flips.
fn index_of(view: usize, flips: usize) -> usize {
    if view < flips { view } else { FLIPS.len() + view - flips }
}

/// Features of `cases` under the first `flips` of [`FLIPS`] and `drawn` further views ([`View::of`]), from the cache where they
/// are there.
///
/// # Errors
/// An unreadable image (named), or an unwritable cache.
pub(crate) fn compute_all(
    cases: &[&Case],
    (flips, drawn): (usize, usize),
    cache: &FeatureCache,
    device: &Device,
    progress: &Progress,
) -> Result<Features> {
    let mut backbone = None;
    let mut bar = progress.bar("features", cases.len() as u64);
    let (mut values, mut hashes) = (Vec::with_capacity(cases.len()), Vec::with_capacity(cases.len()));
    for case in cases {
        let bytes =
            std::fs::read(&case.image).with_context(|| format!("the image {} cannot be read", case.image.display()))?;
        let hash = sha256(&bytes);
        let mut all = Vec::with_capacity((flips + drawn) * Pyramid::LEN);
        let mut decoded = None;
        for view in 0..flips + drawn {
            let index = index_of(view, flips);
            let kind = if index < FLIPS.len() { "flip" } else { "view" };
            let key = CacheKey::new(&hash, &format!("{kind}{index}"));
            if let Some(found) = cache.get(&key, Pyramid::LEN) {
                all.extend(found);
                continue;
            }
            let image = match &decoded {
                Some(image) => image,
                None => decoded.insert(
                    picture::decode(&bytes)
                        .with_context(|| format!("the image {} cannot be used", case.image.display()))?,
                ),
            };
            let backbone = match &backbone {
                Some(backbone) => backbone,
                None => backbone.insert(cache.encoder().load(device)?),
            };
            let computed = compute_one(backbone, &View::of(index, &hash), image, device)?;
            cache.put(&key, &computed)?;
            all.extend(computed);
        }
        values.push(all);
        hashes.push(hash);
        bar.inc(1);
    }
    bar.finish();
    Ok(Features { flips, drawn, values, sha256: hashes, encoder: cache.encoder().sha256.clone() })
}

fn compute_one(backbone: &Backbone, view: &View, image: &RgbImage, device: &Device) -> Result<Vec<f16>> {
    let input = normalise(&view.image(image));
    let input = Tensor::from_data(TensorData::new(input, [1, 3, INPUT_SIDE, INPUT_SIDE]), device);
    let mut values = Vec::with_capacity(Pyramid::LEN);
    for level in backbone.forward(input).levels {
        let data = level.try_into_data().context("the device could not be read")?;
        values.extend(data.try_to_vec::<f32>()?.into_iter().map(f16::from_f32));
    }
    Ok(values)
}
