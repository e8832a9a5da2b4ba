//! A run or a bundle, measured on the images of a list.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{Compute, Error};
use crate::{
    evaluate::{Choice, OpenBundle, RowScores, TestImages, Texts},
    features::FeatureCache,
    report::results::Row,
    run::RunFolder,
};

/// Which images a run or a bundle is measured on. The default is the test list that it was trained beside.
#[derive(Clone, Debug, Default)]
pub struct TestList {
    /// Data set folder; by default that of the training, which a bundle does not know.
    pub folder: Option<PathBuf>,
    /// Name of the split; by default that of the training.
    pub split: Option<String>,
    /// The validation images instead of the test images: to choose, never to report.
    pub validation: bool,
}

/// Dice, IoU, HD95 and ASD of a run's student and teacher on every image of a list that has a mask.
///
/// # Errors
/// A folder without a run, a list without images, an unreadable image or mask, a device that fails.
pub fn evaluate(run: &Path, list: &TestList, compute: &Compute) -> Result<Row, Error> {
    let (folder, config, from) = RunFolder::open(run).map_err(Error::run_folder)?;
    let device = compute.device.open().map_err(Error::device)?;
    let choice = Choice {
        data: list.folder.as_deref().unwrap_or(&from.data_folder),
        split: list.split.as_deref().unwrap_or(&from.split),
        validation: list.validation,
        flip_average: false,
    };
    let encoder = folder.encoder().map_err(Error::run_folder)?;
    let cache = FeatureCache::open(compute.cache.as_deref(), encoder).map_err(Error::other)?;
    let progress = compute.progress();
    let images = TestImages::open(choice, &config, &cache, &device, &progress).map_err(Error::data)?;
    let texts = Texts::of(&images, &config, from.descriptions.as_ref(), &cache, &progress).map_err(Error::data)?;
    let measured = images.measure(&folder.path, &config, &texts, &device, &progress).map_err(Error::run_folder)?;
    let mut scores = RowScores::default();
    scores.push(&measured.scored).map_err(Error::data)?;
    let caveat = from.gaze.and_then(|gaze| gaze.caveat());
    scores.row("run", &config, vec![config.seed], caveat.as_deref().unwrap_or("")).map_err(Error::other)
}

/// Dice, IoU, HD95 and ASD of a bundle's teacher and of every student, as the page loads them, on
/// every image of a list that has a mask: a row a student, each with the teacher's scores too.
///
/// # Errors
/// A folder without a bundle, a list that names no data set folder or has no images, an unreadable
/// image or mask, a device that fails.
pub fn evaluate_bundle(bundle: &Path, list: &TestList, compute: &Compute) -> Result<Vec<Row>, Error> {
    let device = compute.device.open().map_err(Error::device)?;
    let bundle = OpenBundle::open(bundle, &device).map_err(Error::other)?;
    let training = &bundle.manifest.training;
    let choice = Choice {
        data: list
            .folder
            .as_deref()
            .context("name the data set's folder: a bundle does not hold it")
            .map_err(Error::data)?,
        split: list.split.as_deref().unwrap_or(&training.split),
        validation: list.validation,
        flip_average: false,
    };
    let cache = FeatureCache::open(compute.cache.as_deref(), bundle.encoder.clone()).map_err(Error::other)?;
    let progress = compute.progress();
    let images = TestImages::open(choice, bundle.config(), &cache, &device, &progress).map_err(Error::data)?;
    let texts = Texts::of(&images, bundle.config(), None, &cache, &progress).map_err(Error::data)?;
    let mut rows = Vec::new();
    for (index, student) in bundle.manifest.students.iter().enumerate() {
        let measured = images.measure_bundle(&bundle, index, &texts, &device, &progress).map_err(Error::other)?;
        let mut scores = RowScores::default();
        scores.push(&measured.scored).map_err(Error::data)?;
        let config = bundle.config_of(student.kind);
        rows.push(scores.row(&student.name, &config, vec![training.seed], "").map_err(Error::other)?);
    }
    Ok(rows)
}
