//! A whole training of many images, for its memory and its time. The images are tiny and all share
//! the features and pseudo-masks of one phantom, which the cache holds before the training begins:
//! what is measured is how a training grows with its images, not the backbone.

use std::{collections::BTreeMap, fs, path::Path, time::Instant};

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use fovea_shared::{
    description::Modality,
    gaze::{Scanpath, write_csv},
    image::RgbImage,
};

use crate::{
    api::{Compute, TrainingData, train},
    config::{LookSettings, Settings, TrainConfig},
    data::image_store::ImageStore,
    device::DeviceChoice,
    features::{Encoder, Extractor, FLIPS, FeatureCache, Views},
    run::MaskCache,
};

/// Width and height of the images, pixels.
const SIZE: (u32, u32) = (64, 48);
/// The name under which the cache holds what all images share.
const TEMPLATE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Seconds of a training of so many images with one epoch a stage: reading, words, pictures of two
/// lesions (one for ten images, a tenth of the default), the teacher's epoch, relabelling, the
/// student's epoch, validation.
///
/// # Errors
/// A folder for temporary files that is full or cannot be written.
pub(super) fn seconds(images: usize, choice: &DeviceChoice, device: &Device, progress: bool) -> Result<f64> {
    ensure!(images >= 20, "--training {images}: twenty images are the least that a training can be measured with");
    let folder = tempfile::tempdir().context("there is no room for temporary files: set TMPDIR")?;
    let [data, cache] = ["data", "cache"].map(|name| folder.path().join(name));
    let settings = Settings::of(Modality::Polyp);
    // Each picture of two lesions goes through the backbone, which is not what is measured.
    let looks = LookSettings { pictures: 0.1, ..settings.looks };
    let config: TrainConfig = Settings { teacher_epochs: 1, student_epochs: 1, looks, ..settings }.try_into()?;
    let gaze = fovea_phantom::polyp(1, 622, 529).gaze;
    write(&data, images, &gaze)?;
    fill(&cache, &data, images, &gaze, &config, device)?;
    let compute = Compute { device: *choice, cache: Some(cache), progress, stop: None };
    let start = Instant::now();
    train(&config, &TrainingData::new(&data), &folder.path().join("run"), &compute)?;
    Ok(start.elapsed().as_secs_f64())
}

fn id(index: usize) -> String {
    format!("image-{index:06}")
}

/// Writes a data set of tiny images, each different from the others.
fn write(data: &Path, images: usize, gaze: &Scanpath) -> Result<()> {
    for folder in ["images", "gaze", "splits"] {
        fs::create_dir_all(data.join(folder))?;
    }
    fs::write(
        data.join("dataset.json"),
        r#"{"format": 1, "name": "bench", "modality": "polyp", "gaze": "simulated", "drawn": true}"#,
    )?;
    let mut rows = BTreeMap::new();
    let mut list = String::new();
    for index in 0..images {
        let [_, high, middle, low] = (index as u32).to_be_bytes();
        let picture = RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| match (x, y) {
            (0, 0) => [high, middle, low].into(),
            _ => [(x * 3) as u8, (y * 4) as u8, low].into(),
        });
        picture.save(data.join(format!("images/{}.png", id(index))))?;
        rows.insert(id(index), (gaze.clone(), SIZE));
        list += &(id(index) + "\n");
    }
    fs::write(data.join("gaze/simulated.csv"), write_csv(&rows))?;
    fs::write(data.join("splits/bench-train.txt"), list)?;
    fs::write(data.join("splits/bench-test.txt"), "")?;
    Ok(())
}

/// Puts features and pseudo-masks of every image into the cache: links to those of one phantom.
fn fill(
    cache: &Path,
    data: &Path,
    images: usize,
    gaze: &Scanpath,
    config: &TrainConfig,
    device: &Device,
) -> Result<()> {
    let cache = FeatureCache::open(Some(cache), Encoder::built_in())?;
    let masks = MaskCache::open(&cache, &config.pseudo_masks)?;
    let views = Views::flips(FLIPS.len());
    let drawn = fovea_phantom::polyp(1, 622, 529).image;
    Extractor::new(&cache, device).add(views, TEMPLATE, &drawn)?;
    masks.get(TEMPLATE, gaze, || Ok(&drawn))?;
    let store = ImageStore::default();
    for index in 0..images {
        let sha256 = store.sha256(&data.join(format!("images/{}.png", id(index))))?;
        for view in 0..views.count() {
            cache.link(&views.key(view, TEMPLATE), &views.key(view, &sha256))?;
        }
        // As the gaze file gives it back.
        masks.link((TEMPLATE, gaze), (&sha256, gaze))?;
    }
    Ok(())
}
