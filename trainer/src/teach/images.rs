//! The images of a study: those that are glanced at, and those that the students are measured on.

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use fovea_shared::{
    gaze::Scanpath,
    image::{RgbImage, resize_rgb},
    model::Pyramid,
    plane::Mask,
};
use rand::{SeedableRng, seq::SliceRandom};
use rand_pcg::Pcg32;

use crate::{
    data::{Case, image_store::ImageStore},
    features::{FLIPS, FeatureCache, Features, Views, compute_all},
    run::{Progress, pyramid},
};

/// An image that may be glanced at.
pub(crate) struct Glanced {
    /// SHA-256 of its file.
    pub(crate) sha256: String,
    /// The image at the side of its pseudo-masks.
    pub(crate) small: RgbImage,
    /// All of its gaze.
    pub(crate) gaze: Scanpath,
    /// Its true mask, for the upper bound.
    pub(crate) truth: Mask,
    /// What the backbone sees of its views.
    pub(crate) views: Vec<Pyramid>,
}

/// The images of a study.
pub(crate) struct Images<'a> {
    cache: &'a FeatureCache,
    device: &'a Device,
    store: ImageStore,
    progress: Progress<'a>,
    /// Images with gaze and a mask, from which those to glance at are drawn.
    pool: Vec<Case>,
    test: Features,
    truths: Vec<Mask>,
}

impl<'a> Images<'a> {
    /// Computes the features of the images to measure on and reads their true masks.
    ///
    /// # Errors
    /// Too few images with gaze and a mask for `most` glances, no image to measure on, an unreadable image.
    pub(crate) fn open(
        train: &[&Case],
        test: &[&Case],
        most: usize,
        cache: &'a FeatureCache,
        (device, progress): (&'a Device, Progress<'a>),
    ) -> Result<Self> {
        let store = ImageStore::default();
        let usable = |case: &&&Case| case.mask.is_some() && case.gaze.as_ref().is_some_and(|g| !g.fixations.is_empty());
        let pool: Vec<Case> = train.iter().filter(usable).map(|case| (**case).clone()).collect();
        ensure!(
            pool.len() >= most,
            "only {} training images have gaze and a mask, and {most} glances were asked for: lower --glances",
            pool.len()
        );
        ensure!(!test.is_empty(), "the split has no test images to measure the students on");
        let features = compute_all(test, Views::flips(1), cache, device, &store, &progress)?;
        let truths = test.iter().map(|case| case.load_truth()).collect::<Result<_, _>>()?;
        Ok(Self { cache, device, store, progress, pool, test: features, truths })
    }

    /// Images to measure on.
    pub(crate) fn tests(&self) -> usize {
        self.truths.len()
    }

    /// What the backbone sees of an image to measure on, and its true mask.
    ///
    /// # Errors
    /// Features that are gone and cannot be computed again.
    pub(crate) fn test(&self, index: usize) -> Result<(Pyramid, &Mask)> {
        Ok((pyramid(&self.test.get(index, 0)?, self.device), &self.truths[index]))
    }

    /// The first `count` images that a seed draws, in `views` views. More of them begin with the same ones.
    ///
    /// # Errors
    /// An unreadable image or mask, an unwritable cache.
    pub(crate) fn glanced(&self, count: usize, views: usize, side: usize, seed: u64) -> Result<Vec<Glanced>> {
        let mut order: Vec<&Case> = self.pool.iter().collect();
        order.shuffle(&mut Pcg32::seed_from_u64(seed));
        order.truncate(count);
        let flips = views.min(FLIPS.len());
        let wanted = Views { flips, drawn: views - flips, ..Views::flips(flips) };
        let features = compute_all(&order, wanted, self.cache, self.device, &self.store, &self.progress)?;
        let glance = |(index, case): (usize, &&Case)| {
            let file = self.store.open(&case.image)?;
            let see = |view| Ok(pyramid(&features.get(index, view)?, self.device));
            Ok(Glanced {
                sha256: file.sha256.clone(),
                small: resize_rgb(file.pixels()?, side, side),
                gaze: case.gaze.clone().context("an image of the pool has gaze")?,
                truth: case.load_truth()?,
                views: (0..views).map(see).collect::<Result<_>>()?,
            })
        };
        order.iter().enumerate().map(glance).collect()
    }
}
