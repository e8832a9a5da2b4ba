//! Features of image files: on disk, read one view at a time.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use burn::tensor::Device;
use fovea_shared::model::Pyramid;
use half::f16;

use super::{Extractor, FeatureCache, View, Views};
use crate::{
    data::{Case, image_store::ImageStore},
    run::Progress,
};

/// Features of some images, every image with the same number of views. They stay in the cache:
/// memory does not grow with the images.
pub(crate) struct Features {
    views: Views,
    images: Vec<SeenImage>,
    /// Where the flips are.
    flips: FeatureCache,
    /// Where the drawn views are, which an earlier backbone may have seen.
    drawn: FeatureCache,
    device: Device,
}

/// An image that the backbone saw.
#[derive(Clone)]
struct SeenImage {
    path: PathBuf,
    sha256: String,
}

impl Features {
    /// The features of no image yet, in a cache.
    pub(crate) fn new(views: Views, cache: &FeatureCache, device: &Device) -> Self {
        Self { views, images: Vec::new(), flips: cache.clone(), drawn: cache.clone(), device: device.clone() }
    }

    /// Adds an image whose features are in the cache.
    pub(crate) fn push(&mut self, path: PathBuf, sha256: String) {
        self.images.push(SeenImage { path, sha256 });
    }

    /// The values of one case and view, `Pyramid::LEN` of them. Computed again where somebody has
    /// emptied the cache in the meantime.
    ///
    /// # Errors
    /// Values that are gone, with an image that cannot be read any more or has changed.
    pub(crate) fn get(&self, case: usize, view: usize) -> Result<Vec<f16>> {
        let SeenImage { path, sha256 } = &self.images[case];
        let cache = if view < self.views.flips { &self.flips } else { &self.drawn };
        let key = self.views.key(view, sha256);
        if let Some(found) = cache.get(&key, Pyramid::LEN) {
            return Ok(found);
        }
        let store = ImageStore::default();
        let file = store.open(path)?;
        ensure!(
            file.sha256 == *sha256,
            "the image {} has changed since it was first read: begin again with a new run",
            path.display()
        );
        let values = Extractor::new(cache, &self.device).compute(&self.view(case, view).image(file.pixels()?))?;
        cache.put(&key, &values)?;
        Ok(values)
    }

    /// How a view of a case was made.
    pub(crate) fn view(&self, case: usize, view: usize) -> View {
        self.views.view(view, &self.images[case].sha256)
    }

    /// SHA-256 of the backbone that saw the images.
    pub(crate) fn seen_by(&self) -> &str {
        &self.flips.encoder().sha256
    }

    /// How many flips of every image are here.
    pub(crate) fn flips(&self) -> usize {
        self.views.flips
    }

    /// How many views of every image are here, flips among them.
    pub(crate) fn views(&self) -> usize {
        self.views.count()
    }

    /// The same images as the backbone of another cache sees them: in all views, or in the flips
    /// alone, where the drawn views stay those of the first.
    ///
    /// # Errors
    /// An unreadable image, or an unwritable cache.
    pub(crate) fn seen_again(
        &self,
        all: bool,
        cache: &FeatureCache,
        store: &ImageStore,
        progress: &Progress,
    ) -> Result<Self> {
        let wanted = if all { self.views } else { Views::flips(self.views.flips) };
        let mut extractor = Extractor::new(cache, &self.device);
        let mut bar = progress.bar("features", self.images.len() as u64);
        for SeenImage { path, sha256 } in &self.images {
            progress.go_on()?;
            if wanted.missing(cache, sha256) {
                let file = store.open(path)?;
                ensure!(
                    file.sha256 == *sha256,
                    "the image {} has changed since the training began: begin again with a new run",
                    path.display()
                );
                extractor.add(wanted, sha256, file.pixels()?)?;
            }
            bar.inc(1);
        }
        bar.finish();
        Ok(Self {
            views: self.views,
            images: self.images.clone(),
            flips: cache.clone(),
            drawn: if all { cache.clone() } else { self.drawn.clone() },
            device: self.device.clone(),
        })
    }
}

/// Features of `cases` in all their views, computed where the cache lacks them.
///
/// # Errors
/// An unreadable image (named), or an unwritable cache.
pub(crate) fn compute_all(
    cases: &[&Case],
    views: Views,
    cache: &FeatureCache,
    device: &Device,
    store: &ImageStore,
    progress: &Progress,
) -> Result<Features> {
    let mut features = Features::new(views, cache, device);
    let mut extractor = Extractor::new(cache, device);
    let mut bar = progress.bar("features", cases.len() as u64);
    for case in cases {
        progress.go_on()?;
        let file = store.open(&case.image)?;
        if views.missing(cache, &file.sha256) {
            extractor.add(views, &file.sha256, file.pixels()?)?;
        }
        features.push(case.image.clone(), file.sha256);
        bar.inc(1);
    }
    bar.finish();
    Ok(features)
}
