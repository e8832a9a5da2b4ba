//! Runs the backbone over images and their other views.

use anyhow::{Context, Result, ensure};
use burn::tensor::{Device, Tensor, TensorData};
use fovea_shared::{
    bundle::sha256,
    image::{INPUT_SIDE, RgbImage, normalise},
    model::{Backbone, Pyramid},
};
use half::f16;

use super::{CacheKey, Drawing, FLIPS, FeatureCache, View};
use crate::{
    data::{Case, picture},
    run::Progress,
};

/// How many views of every image are wanted, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Views {
    /// The first so many of [`FLIPS`].
    pub(crate) flips: usize,
    /// And so many that are drawn ([`View::of`]).
    pub(crate) drawn: usize,
    /// In this way.
    pub(crate) drawing: Drawing,
}

impl Views {
    /// Flips and nothing else.
    pub(crate) fn flips(flips: usize) -> Self {
        Self { flips, drawn: 0, drawing: Drawing::Light }
    }

    /// All of them.
    fn count(self) -> usize {
        self.flips + self.drawn
    }

    /// The place of a view in the list that starts with all four flips.
    fn index(self, view: usize) -> usize {
        if view < self.flips { view } else { FLIPS.len() + view - self.flips }
    }
}

/// Features of some images, every image with the same number of views.
#[derive(Debug)]
pub(crate) struct Features {
    views: Views,
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
        View::of(self.views.index(view), &self.sha256[case], self.views.drawing)
    }

    /// SHA-256 of the backbone that saw the images.
    pub(crate) fn seen_by(&self) -> &str {
        &self.encoder
    }

    /// How many flips of every image are here.
    pub(crate) fn flips(&self) -> usize {
        self.views.flips
    }

    /// How many views of every image are here, flips among them.
    pub(crate) fn views(&self) -> usize {
        self.views.count()
    }

    /// Which views are here.
    pub(crate) fn kind(&self) -> Views {
        self.views
    }

    /// The drawn views of these features behind the flips of `seen`, which another backbone saw.
    pub(crate) fn after_flips_of(self, seen: Self) -> Self {
        let drawn = self.views.flips * Pyramid::LEN;
        let values = seen.values.into_iter().zip(&self.values);
        let values = values.map(|(flips, all)| [&flips, &all[drawn..]].concat()).collect();
        Self { views: self.views, values, sha256: self.sha256, encoder: seen.encoder }
    }
}

/// Features of `cases` in all their views, from the cache where they are there.
///
/// # Errors
/// An unreadable image (named), or an unwritable cache.
pub(crate) fn compute_all(
    cases: &[&Case],
    views: Views,
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
        let mut all = Vec::with_capacity(views.count() * Pyramid::LEN);
        let mut decoded = None;
        for view in 0..views.count() {
            let index = views.index(view);
            let kind = if index < FLIPS.len() { "flip" } else { views.drawing.kind() };
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
            let computed = compute_one(backbone, &View::of(index, &hash, views.drawing), image, device)
                .with_context(|| format!("the features of {}", case.image.display()))?;
            cache.put(&key, &computed)?;
            all.extend(computed);
        }
        values.push(all);
        hashes.push(hash);
        bar.inc(1);
    }
    bar.finish();
    Ok(Features { views, values, sha256: hashes, encoder: cache.encoder().sha256.clone() })
}

/// Features of images of the network's size that are in no file, from the cache where they are there: `Pyramid::LEN` values each.
///
/// # Errors
/// An unwritable cache, or a device that fails.
pub(crate) fn compute_inputs(
    images: &[RgbImage],
    cache: &FeatureCache,
    device: &Device,
    progress: &Progress,
) -> Result<Vec<Vec<f16>>> {
    let mut backbone = None;
    let mut bar = progress.bar("features", images.len() as u64);
    let mut all = Vec::with_capacity(images.len());
    for image in images {
        let key = CacheKey::new(&sha256(image.as_raw()), "input");
        let found = match cache.get(&key, Pyramid::LEN) {
            Some(found) => found,
            None => {
                let backbone = match &backbone {
                    Some(backbone) => backbone,
                    None => backbone.insert(cache.encoder().load(device)?),
                };
                let computed = compute_input(backbone, image, device)?;
                cache.put(&key, &computed)?;
                computed
            }
        };
        all.push(found);
        bar.inc(1);
    }
    bar.finish();
    Ok(all)
}

fn compute_one(backbone: &Backbone, view: &View, image: &RgbImage, device: &Device) -> Result<Vec<f16>> {
    compute_input(backbone, &view.image(image), device)
}

fn compute_input(backbone: &Backbone, image: &RgbImage, device: &Device) -> Result<Vec<f16>> {
    let input = normalise(image);
    let input = Tensor::from_data(TensorData::new(input, [1, 3, INPUT_SIDE, INPUT_SIDE]), device);
    let mut values = Vec::with_capacity(Pyramid::LEN);
    for level in backbone.forward(input).levels {
        let data = level.try_into_data().context("the device could not be read")?;
        values.extend(data.try_to_vec::<f32>()?.into_iter().map(f16::from_f32));
    }
    ensure!(
        values.iter().all(|value| value.is_finite()),
        "a feature of the image is not finite in f16: the backbone's weights do not fit, or the device computes wrongly (try --device cpu)"
    );
    Ok(values)
}
