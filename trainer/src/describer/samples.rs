//! Pooled inputs and labels, made once and kept in memory: 8 kB a sample.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::{
    description::Description,
    gaze::Scanpath,
    model::{
        PromptMaps,
        describer::{PlainPyramid, describer_input},
    },
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::{masks::MaskMaker, schema::Schema};
use crate::{
    data::{Case, image_store::ImageStore},
    describe::store::Record,
    features::{FLIPS, FeatureCache, Views, compute_all},
    run::Progress,
};

/// What one sample shows of an image.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// Index of the image.
    pub(crate) case: usize,
    /// Whether gaze was used, for mask and pooling.
    pub(crate) gazed: bool,
    /// [`describer_input`].
    pub(crate) input: Vec<f32>,
    /// One label a field, see [`super::schema::FieldSchema::label`].
    pub(crate) labels: Vec<Option<usize>>,
}

/// Where samples come from.
pub(crate) struct Workshop<'a> {
    /// The answers by image id.
    pub(crate) records: &'a BTreeMap<String, Record>,
    /// What is learnt.
    pub(crate) schema: &'a Schema,
    /// Predicts masks.
    pub(crate) masks: &'a MaskMaker,
    /// Cached features.
    pub(crate) cache: &'a FeatureCache,
    /// Where features and masks are computed.
    pub(crate) device: &'a Device,
    /// Shown to people.
    pub(crate) progress: Progress<'a>,
}

impl Workshop<'_> {
    /// Training samples: every image in four mirror images, each once without gaze (mask of the
    /// student) and once with it (mask of the teacher; all fixations for two of the mirror images,
    /// one to eight random ones for the two others, since a visitor brings few). Images without an
    /// answer are left out.
    ///
    /// # Errors
    /// An unreadable image, a case without gaze, a device that fails.
    pub(crate) fn training(&self, cases: &[&Case], seed: u64) -> Result<Vec<Sample>> {
        self.build(cases, FLIPS.len(), |case, gaze| {
            vec![None, Some(gaze.clone()), Some(some_of(gaze, seed, case, 0)), Some(some_of(gaze, seed, case, 1))]
        })
    }

    /// Samples to choose or to measure on: every image upright, once without gaze and once with all of it.
    ///
    /// # Errors
    /// As [`Self::training`].
    pub(crate) fn upright(&self, cases: &[&Case]) -> Result<Vec<Sample>> {
        self.build(cases, 1, |_, gaze| vec![None, Some(gaze.clone())])
    }

    fn build(
        &self,
        cases: &[&Case],
        flips: usize,
        looks: impl Fn(usize, &Scanpath) -> Vec<Option<Scanpath>>,
    ) -> Result<Vec<Sample>> {
        let mut bar = self.progress.bar("pooling", cases.len() as u64);
        let mut samples = Vec::new();
        let features =
            compute_all(cases, Views::flips(flips), self.cache, self.device, &ImageStore::default(), &self.progress)?;
        for (index, case) in cases.iter().enumerate() {
            bar.inc(1);
            let Some(record) = self.records.get(&case.id) else { continue };
            let gaze = case
                .gaze
                .as_ref()
                .with_context(|| format!("the image {} has no gaze; leave it out", case.image.display()))?;
            let looks = looks(index, gaze);
            let masks = self.masks.predicted_masks(&features, index, &looks)?;
            for (flip, mirror) in FLIPS.iter().enumerate().take(flips) {
                let values = features.get(index, flip)?;
                let plain = PlainPyramid::from_values(values.iter().map(|v| v.to_f32()));
                let description = record.description.flip(mirror.horizontal, mirror.vertical);
                // The gazed looks in turn: with four flips and three of them the first comes twice.
                let gazed = 1 + flip % (looks.len() - 1);
                for look in [0, gazed] {
                    let mask = masks[look].flip(mirror.horizontal, mirror.vertical);
                    let heat =
                        looks[look].as_ref().map(|g| PromptMaps::of(g).dwell.flip(mirror.horizontal, mirror.vertical));
                    samples.push(self.sample(index, &plain, &mask, heat.as_ref(), &description));
                }
            }
        }
        bar.finish();
        Ok(samples)
    }

    fn sample(
        &self,
        case: usize,
        plain: &PlainPyramid,
        mask: &fovea_shared::plane::Plane,
        heat: Option<&fovea_shared::plane::Plane>,
        description: &Description,
    ) -> Sample {
        Sample {
            case,
            gazed: heat.is_some(),
            input: describer_input(plain, mask, heat),
            labels: self.schema.labels(description),
        }
    }
}

/// One to eight of the fixations, in their order; drawn from (seed, image, which draw).
fn some_of(gaze: &Scanpath, seed: u64, case: usize, draw: u64) -> Scanpath {
    let mut rng = Pcg64Mcg::seed_from_u64(seed ^ (case as u64) << 8 ^ draw << 48);
    let most = gaze.fixations.len().min(8);
    if most == 0 {
        return gaze.clone();
    }
    let count = rng.random_range(1..=most);
    let mut chosen = rand::seq::index::sample(&mut rng, gaze.fixations.len(), count).into_vec();
    chosen.sort_unstable();
    Scanpath { fixations: chosen.into_iter().map(|i| gaze.fixations[i]).collect() }
}
