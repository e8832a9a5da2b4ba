//! One training from its folder to its end: what `fovea train` does once it knows what to do, and `fovea ablate` does cell by
//! cell.

use anyhow::Result;

use super::{Material, Outcome, Progress, Provenance, RunFolder, Trainer, prepare, read_descriptions};
use crate::{
    config::{TextSource, TrainConfig},
    device::Opened,
    features::FeatureCache,
};

/// What trainings share.
pub(crate) struct Session<'a> {
    /// Where to compute.
    pub(crate) device: &'a Opened,
    /// Cached features.
    pub(crate) cache: &'a FeatureCache,
    /// Bars.
    pub(crate) progress: Progress,
    /// Steps between checkpoints, if not those of the preset.
    pub(crate) checkpoint_every: Option<usize>,
}

impl Session<'_> {
    /// Trains in `folder` until everything is done or `stop` says so, going on from what is there. Returns the last step too.
    ///
    /// # Errors
    /// Unusable images or descriptions, a damaged checkpoint, a device or a disk that fails, and those of `stop`.
    pub(crate) fn train(
        &self,
        folder: &RunFolder,
        config: &TrainConfig,
        from: &Provenance,
        material: Material,
        stop: &dyn Fn() -> Result<bool>,
    ) -> Result<(Outcome, usize)> {
        let imported = read_descriptions(from.descriptions.as_ref().map(|file| file.path.as_path()))?;
        let device = &self.device.device;
        // A run that is in a later round has a backbone of its own.
        let cache = self.cache.of(folder.encoder()?)?;
        let ready = |cases, trains| prepare(cases, trains, config, imported.as_ref(), &cache, device, &self.progress);
        let (train, validation) = (ready(material.train, true)?, ready(material.validation, false)?);
        if config.text != TextSource::None {
            let silent =
                train.text.iter().chain(&validation.text).filter(|t| t.as_ref().is_none_or(|t| t.is_empty())).count();
            self.progress.say(&format!("text: {}; {silent} images have none", config.text.words()));
        }
        let teacher = from.teacher.as_ref().map(|teacher| teacher.run.as_path());
        let data = (train, validation);
        let every = self.checkpoint_every.unwrap_or(config.preset.checkpoint_every());
        let mut trainer = Trainer::new(config, folder, &cache, device, data, teacher, every, self.progress)?;
        if trainer.step() > 0 {
            self.progress.say(&format!("going on from step {}", trainer.step()));
        }
        let outcome = trainer.run(stop)?;
        Ok((outcome, trainer.step()))
    }
}
