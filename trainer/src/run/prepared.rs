//! Training or validation cases, ready: what is large stays on disk and is read for the batch that needs it.
//!
//! ```text
//! in memory   cases with their gaze, hashes, descriptions
//! in caches   features, pseudo-masks, images at the networks' size        (shared between runs)
//! in scratch  labels and targets that a teacher has made, true masks      (gone with the process)
//! ```

use std::{cell::OnceCell, sync::Arc};

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use fovea_shared::{
    description::{Description, Modality},
    distill::{StudentTarget, Target, broad_target, high_confidence_target, teacher_target, told_masks},
    gaze::Scanpath,
    image::{RgbImage, pool_plane},
    model::{TEACHER_SIDE, TeacherHead},
    plane::Plane,
    pseudo_mask::PseudoMasks,
};

use super::{
    MaskCache, Progress, Prompt, labels,
    pictures::{self, LesionImages, Pictures},
    pixel_cache::PixelCache,
    predict::{predict_teacher, probabilities},
    scratch::Scratch,
};
use crate::{
    config::{TextSource, TrainConfig},
    data::{Case, image_store::ImageStore},
    features::{FeatureCache, Features},
};

/// What is known of an image file.
#[derive(Clone, Debug)]
pub(super) struct ImageFacts {
    /// SHA-256 of its bytes.
    pub(super) sha256: String,
    /// Width and height, pixels.
    pub(super) size: [u32; 2],
}

/// Training or validation cases, ready. Made without opening a single mask, unless the
/// configuration says full supervision.
pub(crate) struct Prepared {
    /// The cases, in the order of the features. Every one has gaze.
    pub(crate) cases: Arc<[Case]>,
    /// Their descriptions, upright.
    pub(crate) text: Vec<Option<Description>>,
    /// What is known of their images.
    pub(super) images: Vec<ImageFacts>,
    /// How targets are made of pseudo-masks.
    pub(super) config: TrainConfig,
    /// Sides of the teacher's and the student's target.
    pub(super) sides: [usize; 2],
    /// Their pseudo-masks.
    pub(super) masks: MaskCache,
    /// Backbone features, where there is a backbone.
    pub(super) features: Option<Features>,
    /// The images at the network's size, where the networks, a strategy or pictures of two lesions ask for pixels.
    pub(super) pixels: Option<PixelCache>,
    /// The labels that a first teacher has made, in place of the refined pseudo-masks.
    pub(super) labels: Option<Scratch>,
    /// The student's targets, where they are not made of pseudo-masks: true masks, or what the teacher draws.
    pub(super) student: Option<Scratch>,
    /// Pictures of two lesions for the teacher, where it trains with them.
    pub(super) pictures: Option<Pictures>,
    /// Where scratch files go.
    pub(super) cache: FeatureCache,
}

impl Prepared {
    /// The gaze of a case.
    pub(crate) fn gaze(&self, case: usize) -> &Scanpath {
        self.cases[case].gaze.as_ref().expect("a case without gaze is refused when cases are prepared")
    }

    /// The pseudo-masks of a case; computed again where somebody has emptied the cache in the meantime.
    ///
    /// # Errors
    /// Masks that are gone, with an image that cannot be read any more or has changed.
    pub(crate) fn masks(&self, case: usize) -> Result<PseudoMasks> {
        self.masks.get(&self.images[case].sha256, self.gaze(case), || self.read_again(case))
    }

    /// The maps of a case, for the time of one sample.
    pub(super) fn maps(&self, case: usize) -> CaseMaps<'_> {
        CaseMaps { prepared: self, case, masks: OnceCell::new() }
    }

    /// The image of a case at the network's size.
    ///
    /// # Errors
    /// As [`Self::masks`].
    ///
    /// # Panics
    /// Where nothing asks for pixels: a programming error.
    pub(crate) fn image(&self, case: usize) -> Result<RgbImage> {
        let pixels = self.pixels.as_ref().expect("who asks for pixels was prepared with them");
        pixels.get(&self.images[case].sha256, || self.read_again(case))
    }

    /// What the labels of a case are made of, square, 0..1: the refined pseudo-mask, or what a
    /// first teacher has made of it.
    ///
    /// # Errors
    /// As [`Self::masks`].
    pub(super) fn label(&self, case: usize) -> Result<Plane> {
        match &self.labels {
            Some(labels) => labels.planes::<1>(case).map(|[label]| label),
            None => Ok(self.masks(case)?.refined),
        }
    }

    /// Backbone features.
    ///
    /// # Panics
    /// For the preset `paper`, which has no backbone: a programming error.
    pub(crate) fn features(&self) -> &Features {
        self.features.as_ref().expect("the heads of the preset lite have features")
    }

    /// Looks at the images again with the backbone of another cache: in all views, or in the flips
    /// alone, and the drawn views stay. A run that adapts the backbone and has no adviser reads
    /// only the lower levels of those, which are every backbone's.
    ///
    /// # Errors
    /// An unreadable image, or an unwritable cache.
    pub(super) fn see_again(
        &mut self,
        all: bool,
        cache: &FeatureCache,
        store: &ImageStore,
        progress: &Progress,
    ) -> Result<()> {
        if self.features().seen_by() != cache.encoder().sha256 {
            self.features = Some(self.features().seen_again(all, cache, store, progress)?);
        }
        Ok(())
    }

    /// Replaces the labels by what a first teacher makes of them: see `run/labels.rs`.
    ///
    /// # Errors
    /// A device or a disk that fails.
    pub(super) fn relabel(
        &mut self,
        first: &TeacherHead,
        gaze_prompt: bool,
        device: &Device,
        progress: &Progress,
    ) -> Result<()> {
        let mut made = Scratch::new(self.cache.scratch())?;
        let mut bar = progress.bar("labels", self.cases.len() as u64);
        for case in 0..self.cases.len() {
            progress.go_on()?;
            let features = self.features();
            let draw = |gaze| -> Result<Plane> {
                let asked = Prompt { gaze, text: None };
                let logits = predict_teacher(first, features, case, asked, features.flips(), device)?;
                Ok(probabilities(&logits, TEACHER_SIDE))
            };
            let alone = draw(None)?;
            let gazed = gaze_prompt.then(|| draw(Some(self.gaze(case)))).transpose()?;
            made.push_planes(&[&labels::label(&self.masks(case)?.refined, &alone, gazed.as_ref())])?;
            bar.inc(1);
        }
        bar.finish();
        self.labels = Some(made);
        Ok(())
    }

    /// Replaces the student's targets.
    ///
    /// # Errors
    /// Those of `target`, and a full disk.
    pub(super) fn retarget(&mut self, target: impl Fn(&Self, usize) -> Result<Target>) -> Result<()> {
        let mut made = Scratch::new(self.cache.scratch())?;
        for case in 0..self.cases.len() {
            let Target { value, weight } = target(self, case)?;
            made.push_planes(&[&value, &weight])?;
        }
        self.student = Some(made);
        Ok(())
    }

    /// Makes the pictures of two lesions, where the configuration asks for them.
    ///
    /// # Errors
    /// An unreadable image, an unwritable cache or a device that fails.
    pub(super) fn make_pictures(&mut self, cache: &FeatureCache, device: &Device, progress: &Progress) -> Result<()> {
        let config = &self.config;
        if !config.shows_pictures() {
            return Ok(());
        }
        let count = (self.cases.len() as f64 * config.looks().pictures).ceil() as usize;
        let words = config.text != TextSource::None;
        self.pictures = Some(pictures::make(self, count, words, config.seed, (cache, device), progress)?);
        Ok(())
    }

    /// The image of a case at its own size, for a cache that has lost what was made of it.
    fn read_again(&self, case: usize) -> Result<RgbImage> {
        let Case { id, image, .. } = &self.cases[case];
        let store = ImageStore::default();
        let file = store.open(image)?;
        ensure!(
            file.sha256 == self.images[case].sha256,
            "the image {} has changed since the training began: begin again with a new run",
            image.display()
        );
        file.pixels().cloned().with_context(|| format!("image of case `{id}`"))
    }
}

impl LesionImages for Prepared {
    fn len(&self) -> usize {
        self.cases.len()
    }

    fn modality(&self, case: usize) -> Result<Modality> {
        Ok(self.cases[case].modality()?)
    }

    fn get(&self, case: usize) -> Result<(RgbImage, Plane, Scanpath)> {
        Ok((self.image(case)?, self.label(case)?, self.gaze(case).clone()))
    }
}

/// The maps of one case: its pseudo-masks are read once, when they are first asked for.
pub(super) struct CaseMaps<'a> {
    prepared: &'a Prepared,
    case: usize,
    masks: OnceCell<PseudoMasks>,
}

impl CaseMaps<'_> {
    /// The pseudo-masks.
    ///
    /// # Errors
    /// As [`Prepared::masks`].
    pub(super) fn masks(&self) -> Result<&PseudoMasks> {
        if let Some(masks) = self.masks.get() {
            return Ok(masks);
        }
        let masks = self.prepared.masks(self.case)?;
        Ok(self.masks.get_or_init(|| masks))
    }

    /// The teacher's target, upright.
    ///
    /// # Errors
    /// As [`Prepared::masks`].
    pub(super) fn teacher(&self) -> Result<Target> {
        let Prepared { labels, config, sides: [side, _], .. } = self.prepared;
        match labels {
            Some(labels) => {
                let [label] = labels.planes(self.case)?;
                let weight = Plane::filled(TEACHER_SIDE, TEACHER_SIDE, 1.0);
                Ok(Target { value: pool_plane(&label, TEACHER_SIDE), weight })
            }
            None => Ok(teacher_target(self.masks()?, config.teacher_target, *side)),
        }
    }

    /// The student's target, upright; with relabelling, the broad mask until the teacher has done it.
    ///
    /// # Errors
    /// As [`Prepared::masks`].
    pub(super) fn student(&self) -> Result<Target> {
        let Prepared { student, config, sides: [_, side], .. } = self.prepared;
        if let Some(student) = student {
            let [value, weight] = student.planes(self.case)?;
            return Ok(Target { value, weight });
        }
        let told = self.told()?;
        Ok(match config.student_target {
            StudentTarget::HighConfidence => high_confidence_target(&told, *side),
            _ => broad_target(&told, *side),
        })
    }

    /// The pseudo-masks as the student's target takes them.
    ///
    /// # Errors
    /// As [`Prepared::masks`].
    pub(super) fn told(&self) -> Result<std::borrow::Cow<'_, PseudoMasks>> {
        let config = &self.prepared.config;
        Ok(told_masks(self.masks()?, config.student_target, &config.pseudo_masks))
    }
}
