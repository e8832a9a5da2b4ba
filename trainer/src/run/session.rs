//! One training from its folder to its end: what `fovea train` does once it knows what to do, and
//! `fovea ablate` does cell by cell.

use anyhow::Result;

use super::{
    DescriptionFile, Outcome, Progress, Provenance, RunFolder, Trainer, TrainingCases,
    prepare::{Preparation, prepare},
    prepared::Prepared,
    read_descriptions,
    trainer::TrainerParts,
};
use crate::{
    config::{TextSource, TrainConfig},
    data::image_store::ImageStore,
    device::Opened,
    features::{Encoder, FeatureCache},
};

/// What trainings share.
pub(crate) struct Session<'a> {
    /// Where to compute.
    pub(crate) device: &'a Opened,
    /// Cached features.
    pub(crate) cache: &'a FeatureCache,
    /// The image files.
    pub(crate) store: &'a ImageStore,
    /// Bars.
    pub(crate) progress: Progress<'a>,
    /// Steps between checkpoints, if not those of the preset.
    pub(crate) checkpoint_every: Option<usize>,
}

/// The images of a training, ready.
pub(crate) struct Ready {
    /// Those that train.
    pub(crate) train: Prepared,
    /// Those that weights are chosen on.
    pub(crate) validation: Prepared,
}

impl Session<'_> {
    /// Looks at all images of a training, with the backbone that the run goes on with.
    ///
    /// # Errors
    /// Unusable images or descriptions, a device or a disk that fails.
    pub(crate) fn prepare(
        &self,
        material: &TrainingCases,
        config: &TrainConfig,
        descriptions: Option<&DescriptionFile>,
        encoder: Encoder,
    ) -> Result<Ready> {
        let imported = read_descriptions(descriptions.map(|file| file.path.as_path()))?;
        let preparation = Preparation {
            config,
            imported: imported.as_ref(),
            store: self.store,
            cache: &self.cache.of(encoder)?,
            device: &self.device.device,
            progress: self.progress,
        };
        let train = prepare(&material.train, true, preparation)?;
        let validation = prepare(&material.validation, false, preparation)?;
        if config.text != TextSource::None {
            let silent =
                train.text.iter().chain(&validation.text).filter(|t| t.as_ref().is_none_or(|t| t.is_empty())).count();
            self.progress.say(&format!("text: {}; {silent} images have none", config.text.words()));
        }
        Ok(Ready { train, validation })
    }

    /// Trains in `folder` until everything is done or `stop` says so, going on from what is there.
    /// Returns the last step too.
    ///
    /// # Errors
    /// A damaged checkpoint, a device or a disk that fails, and those of `stop`.
    pub(crate) fn train(
        &self,
        folder: &RunFolder,
        config: &TrainConfig,
        from: &Provenance,
        ready: Ready,
        stop: &dyn Fn() -> Result<bool>,
    ) -> Result<(Outcome, usize)> {
        // A run that is in a later round has a backbone of its own.
        let cache = self.cache.of(folder.encoder()?)?;
        let teacher = from.teacher.as_ref().map(|teacher| teacher.run.as_path());
        let mut trainer = Trainer::new(TrainerParts {
            config,
            folder,
            store: self.store,
            cache: &cache,
            device: &self.device.device,
            data: (ready.train, ready.validation),
            teacher,
            checkpoint_every: self.checkpoint_every.unwrap_or(config.preset.checkpoint_every()),
            progress: self.progress,
        })?;
        if trainer.step() > 0 {
            self.progress.say(&format!("going on from step {}", trainer.step()));
        }
        let outcome = trainer.run(stop)?;
        Ok((outcome, trainer.step()))
    }
}
