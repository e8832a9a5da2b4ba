//! A run or a bundle, measured on the images of a list.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Compute;
use crate::{
    evaluate::{Choice, OpenBundle, RowScores, TestImages, Texts},
    features::FeatureCache,
    report::results::Row,
    run::{Progress, RunFolder},
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
pub fn evaluate(run: &Path, list: &TestList, compute: &Compute) -> Result<Row> {
    let (folder, config, from) = RunFolder::open(run)?;
    let device = compute.device.open()?;
    let choice = Choice {
        data: list.folder.as_deref().unwrap_or(&from.data_folder),
        split: list.split.as_deref().unwrap_or(&from.split),
        validation: list.validation,
        flip_average: false,
    };
    let cache = FeatureCache::open(compute.cache.as_deref(), folder.encoder()?)?;
    let progress = Progress::new(!compute.progress);
    let images = TestImages::open(choice, &config, &cache, &device, &progress)?;
    let texts = Texts::of(&images, &config, from.descriptions.as_ref(), &cache, &progress)?;
    let measured = images.measure(&folder.path, &config, &texts, &device, &progress)?;
    let mut scores = RowScores::default();
    scores.push(&measured.scored)?;
    scores.row("run", &config, vec![config.seed], from.gaze.and_then(|gaze| gaze.caveat()).as_deref().unwrap_or(""))
}

/// Dice, IoU, HD95 and ASD of a bundle's teacher and of every student, as the page loads them, on every image of a list that has a mask: a
/// row a student, each with the teacher's scores too.
///
/// # Errors
/// A folder without a bundle, a list that names no data set folder or has no images, an unreadable image or mask, a device that fails.
pub fn evaluate_bundle(bundle: &Path, list: &TestList, compute: &Compute) -> Result<Vec<Row>> {
    let device = compute.device.open()?;
    let bundle = OpenBundle::open(bundle, &device)?;
    let training = &bundle.manifest.training;
    let choice = Choice {
        data: list.folder.as_deref().context("name the data set's folder: a bundle does not hold it")?,
        split: list.split.as_deref().unwrap_or(&training.split),
        validation: list.validation,
        flip_average: false,
    };
    let cache = FeatureCache::open(compute.cache.as_deref(), bundle.encoder.clone())?;
    let progress = Progress::new(!compute.progress);
    let images = TestImages::open(choice, bundle.config(), &cache, &device, &progress)?;
    let texts = Texts::of(&images, bundle.config(), None, &cache, &progress)?;
    let mut rows = Vec::new();
    for (place, student) in bundle.manifest.students.iter().enumerate() {
        let measured = images.measure_bundle(&bundle, place, &texts, &device, &progress)?;
        let mut scores = RowScores::default();
        scores.push(&measured.scored)?;
        rows.push(scores.row(&student.name, &bundle.config_of(student.kind), vec![training.seed], "")?);
    }
    Ok(rows)
}
