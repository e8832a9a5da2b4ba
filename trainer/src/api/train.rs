//! One training, from a configuration and a data set to a run folder.

use std::path::{Path, PathBuf};

use super::{Compute, Error};
use crate::{
    config::TrainConfig,
    data::{Dataset, image_store::ImageStore, splits::default_name},
    features::{Encoder, FeatureCache},
    run::{Beginning, Outcome, Session, Source, description_file},
};

/// What a training learns from.
#[derive(Clone, Debug)]
pub struct TrainingData {
    /// A folder in any layout that `fovea data check` knows. Every image that trains needs gaze, none needs a mask.
    pub folder: PathBuf,
    /// Name of the split; without one, the only split of the data set.
    pub split: Option<String>,
    /// Further folders, whose images all train.
    pub extra: Vec<PathBuf>,
    /// A file of descriptions for the teacher, where the configuration says `text = "import"`.
    pub descriptions: Option<PathBuf>,
}

impl TrainingData {
    /// A folder alone, with its own split.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), split: None, extra: Vec::new(), descriptions: None }
    }

    /// The source of a run, by names that it can be found by again.
    fn source(&self, dataset: &Dataset) -> anyhow::Result<Source> {
        let split = match &self.split {
            Some(split) => split.clone(),
            None => default_name(dataset)?,
        };
        let descriptions = self.descriptions.as_deref().map(description_file).transpose()?;
        Ok(Source { data: self.folder.clone(), split, extra: self.extra.clone(), descriptions, encoder: None })
    }
}

/// A training that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainedRun {
    /// The run folder: configuration, provenance, events, checkpoints, and the best weights.
    pub folder: PathBuf,
    /// Optimiser steps taken in all stages.
    pub steps: usize,
}

/// Trains a teacher and its student as `config` says and keeps everything in the new folder `out`.
///
/// No mask of a training image is opened, except with `student-target = "full-supervision"`.
/// Weights are chosen on the validation images of the split.
///
/// # Errors
/// A configuration that contradicts itself, data that is not in order, a folder `out` that holds
/// something, a device or disk that fails; or [`Compute::stop`].
pub fn train(config: &TrainConfig, data: &TrainingData, out: &Path, compute: &Compute) -> Result<TrainedRun, Error> {
    config.validate()?;
    let beginning = Beginning::claim(out).map_err(Error::run_folder)?;
    let dataset = Dataset::open(&data.folder).map_err(Error::data)?;
    let source = data.source(&dataset).map_err(Error::data)?;
    let device = compute.device.open().map_err(Error::device)?;
    let cache = FeatureCache::open(compute.cache.as_deref(), Encoder::built_in()).map_err(Error::other)?;
    let store = ImageStore::default();
    let progress = compute.progress();
    let session = Session { device: &device, cache: &cache, store: &store, progress, checkpoint_every: None };
    let material = source.open_in(dataset, config).map_err(Error::data)?;
    let descriptions = source.descriptions.as_ref();
    let ready = session.prepare(&material, config, descriptions, Encoder::built_in()).map_err(Error::data)?;
    let sha256 = material.sha256(&store).map_err(Error::data)?;
    let from = source.provenance(&material, sha256, &device.name, None).map_err(Error::data)?;
    let folder = beginning.create(config, &from, source.encoder.as_ref()).map_err(Error::run_folder)?;
    let (outcome, steps) =
        session.train(&folder, config, &from, ready, &|| Ok(progress.stopping())).map_err(Error::other)?;
    match outcome {
        Outcome::Finished => Ok(TrainedRun { folder: folder.path.clone(), steps }),
        Outcome::Stopped => Err(Error::Interrupted { folder: folder.path.clone(), step: steps }),
    }
}
