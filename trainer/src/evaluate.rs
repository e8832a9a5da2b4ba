//! Measuring a trained run on the images of a list: what `fovea eval` and `fovea ablate` both do.

mod bundle;

pub(crate) use bundle::OpenBundle;

use std::{collections::BTreeMap, path::Path};

use anyhow::{Result, bail, ensure};
use burn::tensor::Device;
use fovea_shared::{
    description::Description,
    image::RgbImage,
    metrics::{Segmentation, segmentation},
    model::TeacherHead,
    plane::{Mask, Plane},
    predictor::mask_at,
};

use crate::{
    config::{TrainConfig, config_hash},
    data::{
        Case, Dataset,
        hash::data_hash,
        image_store::ImageStore,
        parallel,
        splits::split,
        truth::{Degenerate, Truth, UniformTruths},
    },
    describe::store::Record,
    device::Opened,
    features::{Encoder, FLIPS, FeatureCache, Features, Views, compute_all},
    per_model::{ModelKind, PerModel},
    report::{
        image_scores::ImageScore,
        results::{DataRef, Row, Scores},
    },
    run::{
        DescriptionFile, MaskCache, PaperNetworks, Progress, Prompt, RunFolder, Student, descriptions, load_inputs,
        load_student, load_teacher, measure_all, measures, predict_paper_student, predict_paper_teacher,
        predict_student, predict_teacher, read_descriptions,
    },
};

/// Which images are measured, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice<'a> {
    /// Data set folder.
    pub(crate) data: &'a Path,
    /// Its split.
    pub(crate) split: &'a str,
    /// The images that weights were chosen on, instead of the test images.
    pub(crate) validation: bool,
    /// Predictions are averaged over four mirror images instead of one pass.
    pub(crate) flip_average: bool,
}

/// Images to measure on, ready: the same for every run.
pub(crate) struct TestImages {
    /// The cases, each with a mask.
    pub(crate) cases: Vec<Case>,
    /// Their true masks, at native size.
    pub(crate) truths: Vec<Mask>,
    /// What the networks see of them.
    seen: Seen,
    /// What they are, for a study.
    pub(crate) about: DataRef,
    flips: usize,
    cache: FeatureCache,
}

/// What the networks of a preset look at, image by image.
enum Seen {
    /// The backbone's features.
    Features(Box<Features>),
    /// The pixels, at the networks' size.
    Pixels(Vec<RgbImage>),
}

/// The logits that were predicted for one image.
pub(crate) type Predicted = PerModel<Plane>;

/// The scores of one image.
pub(crate) type Scored = PerModel<Segmentation>;

/// One run's answers to all images, and what it was asked with.
pub(crate) struct Measured {
    /// Its teacher, where that is a head on features.
    pub(crate) head: Option<TeacherHead>,
    /// The descriptions that the teacher read.
    pub(crate) texts: Vec<Option<Description>>,
    /// Logits, in the order of the images.
    pub(crate) predicted: Vec<Predicted>,
    /// Scores, in the order of the images.
    pub(crate) scored: Vec<Scored>,
    /// What it saw, where that is not what the images were opened as: features by a backbone of its own.
    own: Option<Seen>,
}

impl Measured {
    /// The features that the run saw of `images`, where its networks are heads on features.
    pub(crate) fn features<'a>(&'a self, images: &'a TestImages) -> Option<&'a Features> {
        match self.own.as_ref().unwrap_or(&images.seen) {
            Seen::Features(features) => Some(features),
            Seen::Pixels(_) => None,
        }
    }
}

impl TestImages {
    /// Opens the images of a list, computes their features and reads their true masks.
    ///
    /// # Errors
    /// A list that is empty, an unreadable image or mask, true masks that are all empty or full.
    pub(crate) fn open(
        choice: Choice<'_>,
        config: &TrainConfig,
        cache: &FeatureCache,
        device: &Opened,
        progress: &Progress,
    ) -> Result<Self> {
        let store = &ImageStore::default();
        let dataset = Dataset::open(choice.data)?;
        let lists = split(&dataset, choice.split, config.validation_fraction, config.seed)?;
        let (ids, list) = if choice.validation { (&lists.validation, "validation") } else { (&lists.test, "test") };
        ensure!(!ids.is_empty(), "the split `{}` has no {list} images", choice.split);
        let cases = dataset.select(ids)?;
        let flips = if choice.flip_average { FLIPS.len() } else { 1 };
        let seen = match config.paper() {
            None => {
                Seen::Features(compute_all(&cases, Views::flips(flips), cache, &device.device, store, progress)?.into())
            }
            Some(paper) => {
                let cases: Vec<Case> = cases.iter().copied().cloned().collect();
                Seen::Pixels(load_inputs(&cases, paper.side, store)?)
            }
        };
        let truths = cases.iter().map(|case| truth(case, store)).collect::<Result<Vec<_>>>()?;
        let kinds: Vec<Truth> = truths.iter().map(Truth::of).collect();
        if let Some(degenerate) = Degenerate::of(list, kinds.iter().copied()) {
            return Err(degenerate.into());
        }
        let about = DataRef {
            name: dataset.name.clone(),
            split: if choice.validation { format!("{} ({list})", choice.split) } else { choice.split.into() },
            sha256: data_hash(&dataset, &lists, store)?,
            images: cases.len(),
            gaze: Dataset::gaze_origin(cases.iter().copied()),
            uniform_truths: UniformTruths::of(ids.iter().map(String::as_str).zip(kinds)),
        };
        Ok(Self { cases: cases.into_iter().cloned().collect(), truths, seen, about, flips, cache: cache.clone() })
    }

    /// Whether the networks of a configuration can look at the images as they were opened.
    pub(crate) fn serve(&self, config: &TrainConfig) -> bool {
        match (&self.seen, config.paper()) {
            (Seen::Features(_), None) => true,
            (Seen::Pixels(images), Some(paper)) => images.iter().all(|image| image.width() as usize == paper.side),
            _ => false,
        }
    }

    /// Measures the best weights in the run folder `run`, which was trained with `config`, on every image.
    ///
    /// # Errors
    /// Images that were opened for another preset, missing or damaged weights, a description that
    /// is not there, a device that fails.
    pub(crate) fn measure(
        &self,
        run: &Path,
        config: &TrainConfig,
        texts: &Texts,
        device: &Opened,
        progress: &Progress,
    ) -> Result<Measured> {
        let models = Models::load(run, config, &device.device)?;
        let encoder = RunFolder::at(run).encoder()?;
        self.measure_models(models, encoder, config, texts, device, progress)
    }

    /// Measures these networks, which see the images through `encoder` where they are heads on features.
    fn measure_models(
        &self,
        models: Models,
        encoder: Encoder,
        config: &TrainConfig,
        texts: &Texts,
        device: &Opened,
        progress: &Progress,
    ) -> Result<Measured> {
        let texts = texts.for_run(&self.cases, config)?;
        let own = self.seen_by(encoder, device, progress)?.map(|features| Seen::Features(features.into()));
        let seen = own.as_ref().unwrap_or(&self.seen);
        let mut bar = progress.bar("predict", self.cases.len() as u64);
        let mut predicted = Vec::with_capacity(self.cases.len());
        for (index, text) in texts.iter().enumerate() {
            progress.go_on()?;
            predicted.push(self.predict((&models, seen), index, text.as_ref(), config, &device.device)?);
            bar.inc(1);
        }
        bar.finish();
        let pairs: Vec<(&Predicted, &Mask)> = predicted.iter().zip(&self.truths).collect();
        let scored = parallel::map(&pairs, |(p, truth)| score(p, truth), || ());
        let head = match models {
            Models::Lite(heads) => Some(heads.0),
            Models::Paper(_) => None,
        };
        Ok(Measured { head, texts, predicted, scored, own })
    }

    /// The features that another backbone than that of the images as they were opened sees of them;
    /// `None` where it is the same, or where the networks look at pixels.
    ///
    /// # Errors
    /// An unwritable cache, a device that fails.
    pub(crate) fn seen_by(&self, encoder: Encoder, device: &Opened, progress: &Progress) -> Result<Option<Features>> {
        match &self.seen {
            Seen::Features(features) if features.seen_by() != encoder.sha256 => {
                let cases: Vec<&Case> = self.cases.iter().collect();
                let cache = self.cache.of(encoder)?;
                let store = ImageStore::default();
                compute_all(&cases, Views::flips(self.flips), &cache, &device.device, &store, progress).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The features of the images as they were opened, where there is a backbone.
    pub(crate) fn features(&self) -> Option<&Features> {
        match &self.seen {
            Seen::Features(features) => Some(features),
            Seen::Pixels(_) => None,
        }
    }

    fn predict(
        &self,
        (models, seen): (&Models, &Seen),
        index: usize,
        text: Option<&Description>,
        config: &TrainConfig,
        device: &Device,
    ) -> Result<Predicted> {
        let flips = self.flips;
        match (models, seen) {
            (Models::Lite(heads), Seen::Features(features)) => {
                let (teacher, student) = &**heads;
                let gaze = self.cases[index].gaze.as_ref().filter(|_| config.gaze_prompt());
                let ask = |gaze| predict_teacher(teacher, features, index, Prompt { gaze, text }, flips, device);
                let predict = |student| predict_student(student, features, index, flips, device);
                Ok(Predicted {
                    student: student.as_ref().map(predict).transpose()?,
                    teacher: Some(ask(None)?),
                    teacher_with_gaze: gaze.map(|gaze| ask(Some(gaze))).transpose()?,
                })
            }
            (Models::Paper(networks), Seen::Pixels(images)) => Ok(Predicted {
                student: Some(predict_paper_student(&networks.student, &images[index], flips, device)?),
                teacher: Some(predict_paper_teacher(&networks.teacher, &images[index], text, flips, device)?),
                teacher_with_gaze: None,
            }),
            _ => bail!("the images were opened for another preset than that of the run"),
        }
    }

    /// One line an image and model; none for an image whose true mask is empty.
    pub(crate) fn image_scores(&self, row: &str, seed: u64, scored: &[Scored]) -> Vec<ImageScore> {
        let ids = self.cases.iter().map(|case| case.id.as_str());
        ids.zip(scored).flat_map(|(id, scored)| scored.lines(row, seed, id)).collect()
    }
}

/// The best weights of one run.
enum Models {
    Lite(Box<(TeacherHead, Option<Student>)>),
    Paper(Box<PaperNetworks>),
}

impl Models {
    fn load(run: &Path, config: &TrainConfig, device: &Device) -> Result<Self> {
        if let Some(paper) = config.paper() {
            return Ok(Self::Paper(Box::new(PaperNetworks::load(run, paper, device)?)));
        }
        let teacher = load_teacher(run, device)?;
        let student = if config.trains_student() { Some(load_student(run, device)?) } else { None };
        Ok(Self::Lite(Box::new((teacher, student))))
    }
}

impl Scored {
    /// One line a model; none where the true mask is empty.
    pub(crate) fn lines(&self, row: &str, seed: u64, id: &str) -> impl Iterator<Item = ImageScore> {
        self.iter().filter(|(_, score)| !score.empty_truth).map(move |(kind, score)| ImageScore {
            row: row.into(),
            seed,
            model: kind.name(),
            id: id.into(),
            score: *score,
        })
    }
}

/// The scores of one row's models, seed by seed.
#[derive(Debug, Default)]
pub(crate) struct RowScores(PerModel<Scores>);

impl RowScores {
    /// Adds one seed.
    ///
    /// # Errors
    /// No images.
    pub(crate) fn push(&mut self, images: &[Scored]) -> Result<()> {
        ensure!(!images.is_empty(), "no image was scored: is the test list empty, or are its masks missing?");
        for kind in ModelKind::ALL {
            let seen: Vec<Segmentation> = images.iter().filter_map(|image| image.get(kind).copied()).collect();
            if !seen.is_empty() {
                self.0.get_mut(kind).get_or_insert_default().push(&seen)?;
            }
        }
        Ok(())
    }

    /// The row of a study.
    ///
    /// # Errors
    /// Never for a configuration that was read from a file.
    pub(crate) fn row(self, name: &str, config: &TrainConfig, seeds: Vec<u64>, note: &str) -> Result<Row> {
        let config = serde_json::to_value(TrainConfig { seed: 0, ..config.clone() })?;
        Ok(Row {
            name: name.into(),
            config_sha256: Some(config_hash(&config)),
            config,
            seeds,
            scores: self.0,
            paired: Vec::new(),
            explanation: None,
            referring: Vec::new(),
            backbone_sha256: None,
            note: note.into(),
        })
    }
}

/// The test images' descriptions, as each run wants them.
pub(crate) struct Texts {
    /// Those measured in the images, where a run asks for them.
    measured: Vec<Option<Description>>,
    imported: Option<BTreeMap<String, Record>>,
}

impl Texts {
    /// Reads what a configuration needs: gaze for measured text (of the test images, so a teacher that reads it is not
    /// comparable with methods that see images only), a file for imported text.
    ///
    /// # Errors
    /// An image without gaze, a file that cannot be read.
    pub(crate) fn of(
        images: &TestImages,
        config: &TrainConfig,
        file: Option<&DescriptionFile>,
        cache: &FeatureCache,
        progress: &Progress,
    ) -> Result<Self> {
        let imported = read_descriptions(file.map(|file| file.path.as_path()))?;
        let measured = match measures(config.text, imported.is_some()) {
            true => measure_all(&images.cases, &MaskCache::open(cache, &config.pseudo_masks)?, progress)?,
            false => Vec::new(),
        };
        Ok(Self { measured, imported })
    }

    fn for_run(&self, cases: &[Case], config: &TrainConfig) -> Result<Vec<Option<Description>>> {
        descriptions(cases, self.measured.clone(), config.text, config.seed, self.imported.as_ref())
    }
}

fn truth(case: &Case, store: &ImageStore) -> Result<Mask> {
    let [width, height] = store.open(&case.image)?.size()?;
    Ok(case.load_mask(width as usize, height as usize)?)
}

fn score(predicted: &Predicted, truth: &Mask) -> Scored {
    predicted.map(|logits| segmentation(&mask_at(logits, truth.width, truth.height), truth))
}
