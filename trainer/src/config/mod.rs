//! The training configuration: every setting stands once, in [`Settings`], for files, flags and
//! help. [`TrainConfig`] is what they come to: a training that can be done.

mod error;
mod flags;
mod list;
mod preset;
mod recorded;
mod resolve;
mod schedule;
mod settings;
mod text_source;
mod valid;

pub use error::ConfigError;
pub(crate) use flags::SettingFlags;
pub(crate) use list::list;
pub use preset::{GazePrompt, LiteSettings, PaperSettings, Preset, PresetName};
pub(crate) use recorded::{config_hash, differences, flatten};
pub use schedule::{Adapting, Schedule, ScheduleName, StudentStage, TeacherStage};
pub use settings::Settings;
pub(crate) use settings::put_all;
pub use text_source::TextSource;

use std::path::Path;

use fovea_shared::bundle::StudentKind;
use fovea_shared::description::Modality;
use fovea_shared::distill::{DistillConfig, StudentTarget, TeacherTarget};
use fovea_shared::pseudo_mask::PseudoMaskParams;
use serde::Serialize;
use toml::Table;

use crate::data::text;

pub use crate::{features::Drawing, run::LookSettings};

/// Everything that decides what a training computes, besides data and device. Made of [`Settings`],
/// and written as these.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(into = "Settings")]
pub struct TrainConfig {
    /// The networks, with what only they have.
    pub preset: Preset,
    /// Seed of weights, batches, prompts and the validation draw.
    pub seed: u64,
    /// Images a step.
    pub batch: usize,
    /// Peak learning rate.
    pub rate: f64,
    /// What supervises the teacher.
    pub teacher_target: TeacherTarget,
    /// What supervises the student.
    pub student_target: StudentTarget,
    /// Where the teacher's text comes from.
    pub text: TextSource,
    /// Share of teacher samples whose text is left out.
    pub text_drop: f64,
    /// Share of phrases left out of the text that is shown.
    pub phrase_drop: f64,
    /// Whether mirror images train too.
    pub flips: bool,
    /// Share of the training list set aside for choosing weights.
    pub validation_fraction: f64,
    /// Gaze to pseudo-masks.
    pub pseudo_masks: PseudoMaskParams,
    /// Losses and optimiser.
    pub distill: DistillConfig,
}

impl TrainConfig {
    /// The student that it trains, as bundles name it; `None` for the pair of the two-level baseline.
    pub fn student_kind(&self) -> Option<StudentKind> {
        StudentKind::of(self.student_target, self.pseudo_masks.refinement, &self.distill)
    }

    /// Reads what a training saved.
    ///
    /// # Errors
    /// An unreadable file, a wrong key or value, or settings that contradict each other.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        Self::in_file(path, Self::of_table)
    }

    /// What a person asks for: the defaults for what the images show, a file over them where there
    /// is one, and over both what was `set` on the command line.
    ///
    /// # Errors
    /// An unreadable file, a wrong key or value, settings that contradict each other, or a file of
    /// another preset than the one that was set.
    pub fn resolve(file: Option<&Path>, set: Table, modality: Modality) -> Result<Self, ConfigError> {
        match file {
            Some(path) => Settings::of_file(Self::in_file(path, Ok)?, set, modality)?.try_into(),
            None => Settings::layered(modality, &[set])?.try_into(),
        }
    }

    fn in_file<T>(path: &Path, read: impl FnOnce(Table) -> Result<T, ConfigError>) -> Result<T, ConfigError> {
        let file = || path.to_path_buf();
        let text = text::read(path).map_err(|source| ConfigError::Unreadable { path: file(), source })?;
        // Read as settings too: an error then says the line.
        let table = toml::from_str::<Settings>(&text).and_then(|_| toml::from_str::<Table>(&text));
        let table = table.map_err(ConfigError::Key);
        table.and_then(read).map_err(|source| ConfigError::File { path: file(), source: Box::new(source) })
    }

    /// Refuses a run of the preset `paper` where only the lite heads can serve.
    ///
    /// # Errors
    /// Says what needs them.
    pub fn needs_lite(&self, what: &str) -> Result<(), ConfigError> {
        if self.is_lite() { Ok(()) } else { Err(ConfigError::NeedsLite { what: what.into() }) }
    }

    /// Whether its networks are small heads on a backbone.
    pub fn is_lite(&self) -> bool {
        self.lite().is_some()
    }

    fn lite(&self) -> Option<&LiteSettings> {
        match &self.preset {
            Preset::Lite(lite) => Some(lite),
            Preset::Paper(_) => None,
        }
    }

    /// What only the preset `paper` has.
    pub fn paper(&self) -> Option<&PaperSettings> {
        match &self.preset {
            Preset::Lite(_) => None,
            Preset::Paper(paper) => Some(paper),
        }
    }

    /// Who learns when, where that is not in every step of the preset `paper`.
    pub fn schedule(&self) -> Option<&Schedule> {
        self.lite().map(|lite| &lite.schedule)
    }

    /// Whether the teacher gets a gaze prompt.
    pub fn gaze_prompt(&self) -> bool {
        self.lite().is_some_and(|lite| lite.gaze_prompt.is_some())
    }

    /// Share of teacher samples whose gaze prompt is left out.
    pub fn prompt_drop(&self) -> f64 {
        self.lite().and_then(|lite| lite.gaze_prompt).map_or(0.0, |prompt| prompt.drop)
    }

    /// What the teacher's samples show besides single images with their own gaze; nothing without a gaze prompt.
    pub fn looks(&self) -> LookSettings {
        self.lite().and_then(|lite| lite.gaze_prompt).map_or(LookSettings::NONE, |prompt| prompt.looks)
    }

    /// Share of feature channels silenced a sample.
    pub fn channel_dropout(&self) -> f64 {
        self.lite().map_or(0.0, |lite| lite.channel_dropout)
    }

    /// Views of every image that the heads see beside its mirror images.
    pub fn views(&self) -> usize {
        self.lite().map_or(0, |lite| lite.views)
    }

    /// How the student adapts the backbone, where it does.
    pub fn adapting(&self) -> Option<Adapting> {
        self.schedule().and_then(Schedule::adapting)
    }

    /// Whether a student learns at all.
    pub fn trains_student(&self) -> bool {
        self.schedule().is_none_or(|schedule| schedule.student().is_some())
    }

    /// How many stages come before the student's: of the first teacher that makes labels, and of the teacher.
    pub fn teacher_stages(&self) -> usize {
        let teacher = self.schedule().and_then(Schedule::teacher);
        teacher.map_or(0, |teacher| 1 + usize::from(teacher.label_epochs > 0))
    }

    /// Whether the teacher trains with pictures of two lesions: with a gaze prompt, in a stage of its own.
    pub fn shows_pictures(&self) -> bool {
        self.teacher_stages() > 0 && self.looks().two > 0.0
    }
}

/// The defaults of the preset `lite`, with the published pseudo-masks.
#[cfg(test)]
impl Default for TrainConfig {
    fn default() -> Self {
        Settings::default().try_into().expect("the defaults are valid")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_defaults_are_valid_and_survive_toml() {
        for preset in [PresetName::Lite, PresetName::Paper] {
            let config = TrainConfig::try_from(Settings::of_preset(preset, Modality::Prostate)).unwrap();
            let text = toml::to_string(&config).unwrap();
            assert_eq!(toml::from_str::<TrainConfig>(&text).unwrap(), config);
            assert_eq!(
                text.contains("preset"),
                preset == PresetName::Paper,
                "a lite configuration is what it was: {text}"
            );
        }
        let paper = TrainConfig::try_from(Settings::of_preset(PresetName::Paper, Modality::Polyp)).unwrap();
        assert_eq!(paper.paper().unwrap().networks(), fovea_paper::PaperConfig::default());
    }

    #[test]
    fn wrong_keys_are_named() {
        let error = toml::from_str::<TrainConfig>("sede = 3").unwrap_err().to_string();
        assert!(error.contains("sede"), "{error}");
    }
}
