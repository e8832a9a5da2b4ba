//! From cases on disk to what a training step needs. One pass over the images: each is read, hashed
//! and decoded once, and all that is made of it is made then.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::{
    description::{Description, measured::measure},
    distill::{StudentTarget, full_target},
    image::{INPUT_SIDE, RgbImage, resize_rgb},
    model::{STUDENT_SIDE, TEACHER_SIDE},
    plane::Plane,
};

use super::{
    MaskCache, Progress,
    pixel_cache::PixelCache,
    prepared::{ImageFacts, Prepared},
    scratch::Scratch,
    text::{descriptions, measures},
};
use crate::{
    config::{Preset, TrainConfig},
    data::{
        Case,
        image_store::{ImageFile, ImageStore},
        parallel,
    },
    describe::store::Record,
    features::{Drawing, Extractor, FLIPS, FeatureCache, Features, Views},
};

/// What preparing takes besides the cases.
#[derive(Clone, Copy)]
pub(crate) struct Preparation<'a> {
    /// What is to be trained.
    pub(crate) config: &'a TrainConfig,
    /// Descriptions from a file.
    pub(crate) imported: Option<&'a BTreeMap<String, Record>>,
    /// The image files.
    pub(crate) store: &'a ImageStore,
    /// Cached features of the backbone that the run begins with.
    pub(crate) cache: &'a FeatureCache,
    /// Where the backbone runs.
    pub(crate) device: &'a Device,
    /// Shown to people.
    pub(crate) progress: Progress<'a>,
}

/// What was made of one image.
struct ImageData<'a> {
    file: ImageFile<'a>,
    size: [u32; 2],
    words: Option<Description>,
    truth: Option<[Plane; 2]>,
}

/// Prepares cases, which either train or choose; every one must have gaze.
///
/// # Errors
/// A case without gaze or with an unreadable image, named.
pub(crate) fn prepare(cases: &Arc<[Case]>, trains: bool, with: Preparation<'_>) -> Result<Prepared> {
    let Preparation { config, cache, device, .. } = with;
    let views = views(config, trains);
    let mut features = views.map(|views| (views, Features::new(views, cache, device)));
    let mut extractor = Extractor::new(cache, device);
    let (pixels, sides) = match config.paper() {
        Some(paper) => (Some(paper.side), [paper.side; 2]),
        None => {
            let wanted = config.distill.needs_pixels() || (trains && config.shows_pictures());
            (wanted.then_some(INPUT_SIDE), [TEACHER_SIDE, STUDENT_SIDE])
        }
    };
    let pixels = pixels.map(|side| PixelCache::open(cache, side)).transpose()?;
    let masks = MaskCache::open(cache, &config.pseudo_masks)?;
    let reader = Reader { with, views, masks: &masks, pixels: pixels.as_ref(), side: sides[1] };
    let (mut images, mut measured) = (Vec::with_capacity(cases.len()), Vec::new());
    let full = config.student_target == StudentTarget::FullSupervision;
    let mut student = full.then(|| Scratch::new(cache.scratch())).transpose()?;
    let mut bar = with.progress.bar("images", cases.len() as u64);
    // As many images in memory as all cores need to stay busy.
    let indices: Vec<usize> = (0..cases.len()).collect();
    for chunk in indices.chunks(2 * rayon::current_num_threads()) {
        for read in parallel::map(chunk, |index| reader.read(&cases[*index]), || ()) {
            let ImageData { file, size, words, truth } = read?;
            with.progress.go_on()?;
            if let Some((views, features)) = &mut features {
                if views.missing(cache, &file.sha256) {
                    extractor.add(*views, &file.sha256, file.pixels()?)?;
                }
                features.push(cases[images.len()].image.clone(), file.sha256.clone());
            }
            if let (Some(student), Some([value, weight])) = (&mut student, &truth) {
                student.push_planes(&[value, weight])?;
            }
            measured.push(words);
            images.push(ImageFacts { sha256: file.sha256, size });
            bar.inc(1);
        }
    }
    bar.finish();
    let text = descriptions(cases, measured, config.text, config.seed, with.imported)?;
    Ok(Prepared {
        cases: cases.clone(),
        text,
        images,
        config: config.clone(),
        sides,
        masks,
        features: features.map(|(_, features)| features),
        pixels,
        labels: None,
        student,
        pictures: None,
        cache: cache.clone(),
    })
}

/// The views that the heads of the preset lite see.
fn views(config: &TrainConfig, trains: bool) -> Option<Views> {
    match &config.preset {
        Preset::Lite(lite) => {
            let flips = if config.flips { FLIPS.len() } else { 1 };
            let adapting = lite.schedule.adapting();
            let drawn = if trains { lite.views.max(adapting.map_or(0, |adapting| adapting.views)) } else { 0 };
            Some(Views { flips, drawn, drawing: adapting.map_or(Drawing::Light, |adapting| adapting.drawing) })
        }
        Preset::Paper(_) => None,
    }
}

/// Makes what needs no backbone, on any core.
struct Reader<'a> {
    with: Preparation<'a>,
    views: Option<Views>,
    masks: &'a MaskCache,
    pixels: Option<&'a PixelCache>,
    /// Side of the student's target.
    side: usize,
}

impl<'a> Reader<'a> {
    fn read(&self, case: &'a Case) -> Result<ImageData<'a>> {
        let Preparation { config, store, imported, cache, progress, .. } = self.with;
        progress.go_on()?;
        let gaze = case.gaze.as_ref().with_context(|| {
            format!(
                "the image {} has no gaze, and gaze is what supervises. Leave it out of the split, or see `fovea data \
                 check`",
                case.image.display()
            )
        })?;
        let file = store.open(&case.image)?;
        let size = file.size()?;
        let masks = self.masks.get(&file.sha256, gaze, || Ok(file.pixels()?))?;
        let measured = measures(config.text, imported.is_some());
        let words = if measured { Some(measure(file.pixels()?, &masks.broad, case.modality()?)) } else { None };
        if let Some(pixels) = self.pixels {
            pixels.get(&file.sha256, || Ok(file.pixels()?))?;
        }
        if self.views.is_some_and(|views| views.missing(cache, &file.sha256)) {
            // Decoded here, on all cores; the backbone looks at it later.
            file.pixels()?;
        }
        // The upper bound that tables compare with, and the one place where a training image's mask is read.
        let full = config.student_target == StudentTarget::FullSupervision;
        let truth = full.then(|| case.load_mask(size[0] as usize, size[1] as usize)).transpose()?;
        let truth = truth.map(|truth| full_target(&truth, self.side)).map(|target| [target.value, target.weight]);
        Ok(ImageData { file, size, words, truth })
    }
}

/// The images at a network's size, on all cores.
///
/// # Errors
/// An unreadable image.
pub(crate) fn load_inputs(cases: &[Case], side: usize, store: &ImageStore) -> Result<Vec<RgbImage>> {
    let load = |case: &Case| Ok(resize_rgb(store.open(&case.image)?.pixels()?, side, side));
    parallel::map(cases, load, || ()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;
    use crate::{
        data::{Dataset, image_store::Counts},
        data_fixture as fixture,
        features::Encoder,
    };

    #[test]
    fn one_look_at_every_file_is_enough_and_an_emptied_cache_is_filled_again() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b"]);
        let cases: Arc<[Case]> = Dataset::open(folder.path()).unwrap().cases.into();
        let root = folder.path().join("cache");
        let cache = FeatureCache::open(Some(&root), Encoder::built_in()).unwrap();
        let (store, device) = (ImageStore::default(), Device::flex());
        let config = TrainConfig { flips: false, ..TrainConfig::default() };
        let progress = Progress::new(true);
        let with =
            Preparation { config: &config, imported: None, store: &store, cache: &cache, device: &device, progress };
        let prepared = prepare(&cases, true, with).unwrap();
        assert_eq!(store.counts(), Counts { reads: 2, hashes: 2, decodes: 2 });
        let made = |case: usize| {
            let maps = prepared.maps(case);
            let target = maps.teacher().unwrap().value;
            (
                prepared.features().get(case, 0).unwrap(),
                prepared.masks(case).unwrap(),
                prepared.image(case).unwrap(),
                target,
            )
        };
        let before = [made(0), made(1)];
        for entry in fs::read_dir(&root).unwrap() {
            let path = entry.unwrap().path();
            fs::remove_dir_all(&path).unwrap();
            fs::create_dir(&path).unwrap();
        }
        assert!([made(0), made(1)] == before);
        // Other bytes under the same name are another image.
        for entry in fs::read_dir(&root).unwrap() {
            fs::remove_dir_all(entry.unwrap().path()).unwrap();
        }
        fs::copy(folder.path().join("images/b.png"), folder.path().join("images/a.png")).unwrap();
        let error = prepared.masks(0).unwrap_err().to_string();
        assert!(error.contains("a.png") && error.contains("changed"), "{error}");
    }
}
