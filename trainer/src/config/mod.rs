//! The training configuration: a TOML file, then flags over it, then saved as it was resolved.

mod preset;
mod schedule;
mod text_source;
mod valid;

pub use preset::{PaperSettings, Preset};
pub use schedule::Schedule;
pub use text_source::TextSource;

use std::path::Path;

use anyhow::{Context, Result, bail};
use fovea_shared::bundle::StudentKind;
use fovea_shared::description::Modality;
use fovea_shared::distill::{DistillConfig, StudentTarget, TeacherTarget};
use fovea_shared::pseudo_mask::PseudoMaskParams;
use serde::{Deserialize, Serialize};

pub use crate::{features::Drawing, run::LookSettings};

/// Everything that decides what a training computes, besides data and device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TrainConfig {
    /// The networks. Not written for `lite`, so that its saved configurations stay what they were.
    #[serde(skip_serializing_if = "Preset::is_lite")]
    pub preset: Preset,
    /// Seed of weights, batches, prompts and the validation draw.
    pub seed: u64,
    /// Order of learning.
    pub schedule: Schedule,
    /// Passes in which a first teacher learns to draw without words, before the teacher's stage: with the pseudo-masks its drawings make that
    /// stage's labels (see `run/labels.rs`). 0: the pseudo-masks are the labels. Left out of files while it is 0.
    #[serde(skip_serializing_if = "is_none")]
    pub label_epochs: usize,
    /// Passes over the training images in the teacher's stage (or, for `joint`, not used).
    pub teacher_epochs: usize,
    /// Passes over the training images in the student's stage, or in the joint one.
    pub student_epochs: usize,
    /// Passes in which the student adapts stages 3 to 6 of the backbone to the domain, after its own stage.
    pub adapt_epochs: usize,
    /// Peak learning rate of the head while it adapts (the backbone's is `distill.backbone_rate` times that).
    pub adapt_rate: f64,
    /// Views of every image drawn for adapting beside its mirror images: zoomed, moved and recoloured.
    pub adapt_views: usize,
    /// How far those may be from the image: `light`, or `wide`, which also turns it. Left out of files while it is `light`.
    #[serde(skip_serializing_if = "Drawing::is_light")]
    pub adapt_drawing: Drawing,
    /// Share of samples that show a part of another image while adapting (CutMix): see `run/cutmix.rs`. Left out of files while it is 0.
    #[serde(skip_serializing_if = "is_zero")]
    pub adapt_mix: f64,
    /// How often everything is done: a further round starts with fresh heads on the backbone that the round before has adapted, so that a
    /// better teacher labels for a better student. Left out of files while it is 1.
    #[serde(skip_serializing_if = "is_one")]
    pub rounds: usize,
    /// Images a step.
    pub batch: usize,
    /// Peak learning rate of the one-cycle schedule.
    pub rate: f64,
    /// What supervises the teacher.
    pub teacher_target: TeacherTarget,
    /// What supervises the student.
    pub student_target: StudentTarget,
    /// Whether the teacher gets a gaze prompt at all (our extension; off is the paper's teacher).
    pub gaze_prompt: bool,
    /// Share of teacher samples whose prompt is left out.
    pub prompt_drop: f64,
    /// Where the teacher's text comes from.
    pub text: TextSource,
    /// Share of teacher samples whose text is left out.
    pub text_drop: f64,
    /// Share of phrases left out of the text that is shown.
    pub phrase_drop: f64,
    /// What the teacher's samples show besides single images with their own gaze: pictures of two lesions, looks at background.
    pub looks: LookSettings,
    /// Share of feature channels silenced a sample.
    pub channel_dropout: f64,
    /// Train on four mirror images of every image (else on the upright one).
    pub flips: bool,
    /// Views of every image that the heads see beside its mirror images: zoomed, moved, lightly recoloured. Left out of files while it is 0.
    #[serde(skip_serializing_if = "is_none")]
    pub views: usize,
    /// Share of the training list set aside for choosing weights.
    pub validation_fraction: f64,
    /// Gaze to pseudo-masks, at 224 px (of skin lesions at 112). A table of one's own in the file starts from the page's 112 px: name `side` too.
    pub pseudo_masks: PseudoMaskParams,
    /// Losses and optimiser.
    pub distill: DistillConfig,
    /// What only the preset `paper` has: its networks and its steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper: Option<PaperSettings>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_none(number: &usize) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_one(number: &usize) -> bool {
    *number == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_zero(share: &f64) -> bool {
    *share == 0.0
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            preset: Preset::Lite,
            seed: 1,
            schedule: Schedule::TwoStage,
            label_epochs: 0,
            teacher_epochs: 20,
            student_epochs: 16,
            adapt_epochs: 0,
            adapt_rate: 5e-4,
            adapt_views: 8,
            adapt_drawing: Drawing::Light,
            adapt_mix: 0.0,
            rounds: 1,
            batch: 16,
            rate: 2e-3,
            teacher_target: TeacherTarget::Refined,
            student_target: StudentTarget::Teacher,
            gaze_prompt: true,
            prompt_drop: 0.3,
            text: TextSource::Measured,
            text_drop: 0.25,
            phrase_drop: 0.3,
            looks: LookSettings::default(),
            channel_dropout: 0.1,
            flips: true,
            views: 0,
            validation_fraction: 0.1,
            // Labels made once may take their time: on 90 training images the votes' Dice is .839 at 224 px and .827
            // at 112 px, which is what the page draws live.
            pseudo_masks: PseudoMaskParams { side: 224, ..PseudoMaskParams::default() },
            distill: DistillConfig::default(),
            paper: None,
        }
    }
}

impl TrainConfig {
    /// The default for what the images show: the pseudo-masks differ.
    pub fn of(modality: Modality) -> Self {
        let default = Self::default();
        let pseudo_masks = PseudoMaskParams::of(modality);
        let side = match modality {
            // Hairs and texture of the skin count at a finer grid: the broad masks of 215 validation images of ISIC have a mean Dice of .807 at
            // 224 px and .826 at 112.
            Modality::SkinLesion => pseudo_masks.side,
            Modality::Polyp | Modality::Prostate => default.pseudo_masks.side,
        };
        Self { pseudo_masks: PseudoMaskParams { side, ..pseudo_masks }, ..default }
    }

    /// The student that it trains, as bundles name it; `None` for the pair of the two-level baseline.
    pub fn student_kind(&self) -> Option<StudentKind> {
        StudentKind::of(self.student_target, self.pseudo_masks.refinement, &self.distill)
    }

    /// Reads a TOML file.
    ///
    /// # Errors
    /// An unreadable file, or a wrong key or value, with its line.
    pub fn read(path: &Path) -> Result<Self> {
        Self::read_for(path, Modality::Polyp, None)
    }

    /// Reads a TOML file. A table of pseudo-masks that it does not have is that of the modality; what a file of the preset `paper` does not
    /// have is that preset's. A file that names no preset takes the one that was `asked` for, else `lite`.
    ///
    /// # Errors
    /// An unreadable file, a wrong key or value, with its line, or another preset than was asked for.
    pub fn read_for(path: &Path, modality: Modality, asked: Option<Preset>) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the configuration {} cannot be read", path.display()))?;
        Self::parse(&text, modality, asked)
            .with_context(|| format!("the configuration {} is not right", path.display()))
    }

    fn parse(text: &str, modality: Modality, asked: Option<Preset>) -> Result<Self> {
        let config: Self = toml::from_str(text)?;
        let table = toml::from_str::<toml::Table>(text)?;
        let preset = match asked {
            Some(asked) if table.contains_key("preset") && asked != config.preset => {
                bail!("it names another preset than the command line: name it in one place only")
            }
            Some(asked) => asked,
            None => config.preset,
        };
        if preset == Preset::Paper {
            return Self::over(Self::of_preset(preset, modality), table);
        }
        if table.contains_key("pseudo-masks") {
            return Ok(config);
        }
        Ok(Self { pseudo_masks: Self::of(modality).pseudo_masks, ..config })
    }

    /// A configuration with a table over it, key by key.
    ///
    /// # Errors
    /// A wrong key or value.
    pub fn over(base: Self, table: toml::Table) -> Result<Self> {
        let mut merged = toml::Table::try_from(base)?;
        merge(&mut merged, table);
        Ok(toml::Value::Table(merged).try_into()?)
    }

    /// The configuration with some keys set, each as `key=value` with a dotted key. A value that is no TOML is a word.
    ///
    /// # Errors
    /// A text without `=`, or a key or value that is not right, named.
    pub fn with(self, sets: &[String]) -> Result<Self> {
        let mut all = toml::Table::try_from(&self)?;
        for set in sets {
            let (key, value) =
                set.split_once('=').with_context(|| format!("`--set {set}` lacks its `=`: write --set KEY=VALUE"))?;
            let value = toml::from_str::<toml::Table>(&format!("v = {value}"))
                .ok()
                .and_then(|mut table| table.remove("v"))
                .unwrap_or_else(|| toml::Value::String(value.into()));
            let mut place = &mut all;
            let mut parts: Vec<&str> = key.trim().split('.').collect();
            let last = parts.pop().unwrap_or_default();
            for part in parts {
                // A table may be left out while it has its defaults; one that does not exist is named when all is read.
                place = place
                    .entry(part)
                    .or_insert_with(|| toml::Value::Table(toml::Table::new()))
                    .as_table_mut()
                    .with_context(|| format!("`--set {set}`: `{part}` is no table"))?;
            }
            place.insert(last.into(), value);
        }
        all.try_into().with_context(|| format!("--set {}", sets.join(" --set ")))
    }

    /// How many stages come before the student's: of the first teacher that makes labels, and of the teacher.
    pub fn teacher_stages(&self) -> usize {
        if self.schedule == Schedule::Joint {
            0
        } else {
            usize::from(self.label_epochs > 0) + usize::from(self.teacher_epochs > 0)
        }
    }

    /// Whether the teacher trains with pictures of two lesions: with a gaze prompt, in a stage of its own.
    pub fn shows_pictures(&self) -> bool {
        self.preset.is_lite()
            && self.gaze_prompt
            && self.schedule == Schedule::TwoStage
            && self.teacher_epochs > 0
            && self.looks.two > 0.0
    }

    /// Passes over the training images in one round: of the teacher alone, and of what follows.
    pub fn passes(&self) -> (usize, usize) {
        let teacher = if self.schedule == Schedule::Joint { 0 } else { self.label_epochs + self.teacher_epochs };
        (teacher, self.student_epochs + self.adapt_epochs)
    }
}

/// Puts `over` over `under`: tables are merged key by key, everything else is replaced.
fn merge(under: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => merge(old, new),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_default_is_valid_and_survives_toml() {
        let config = TrainConfig::default();
        config.validate().unwrap();
        assert_eq!(toml::from_str::<TrainConfig>(&toml::to_string(&config).unwrap()).unwrap(), config);
    }

    #[test]
    fn keys_can_be_set_by_name() {
        let set =
            |sets: &[&str]| TrainConfig::default().with(&sets.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
        let config = set(&["student-target=broad-mask", "distill.masking.input=\"features\"", "rate=1e-3"]).unwrap();
        assert_eq!(config.student_target, StudentTarget::BroadMask);
        assert_eq!(config.distill.masking.input, fovea_shared::distill::MaskingInput::Features);
        assert_eq!((config.rate, config.seed), (1e-3, 1));
        // Also those that a file leaves out while they have their defaults.
        let config = set(&["distill.two_level.weight=1.5", "rounds=2"]).unwrap();
        assert_eq!((config.distill.two_level.weight, config.rounds), (1.5, 2));
        for (wrong, named) in [
            ("rate", "KEY=VALUE"),
            ("distil.x=1", "`distil`"),
            ("sede=2", "sede"),
            ("batch=many", "batch"),
            ("rate.x=1", "no table"),
        ] {
            let error = format!("{:#}", set(&[wrong]).unwrap_err());
            assert!(error.contains(named), "{error}");
        }
        assert_eq!(set(&[]).unwrap(), TrainConfig::default());
    }

    #[test]
    fn the_pseudo_masks_follow_the_modality_unless_the_file_names_them() {
        let config = |text, modality| TrainConfig::parse(text, modality, None).unwrap();
        assert_eq!(config("seed = 3", Modality::Polyp), TrainConfig { seed: 3, ..TrainConfig::default() });
        let prostate = config("seed = 3", Modality::Prostate).pseudo_masks;
        assert_eq!((prostate.side, prostate.broad), (224, 0.2));
        assert!((prostate.heat.sigma - 0.0651).abs() < 1e-4);
        let skin = config("seed = 3", Modality::SkinLesion).pseudo_masks;
        assert_eq!(skin, PseudoMaskParams::of(Modality::SkinLesion));
        assert!(skin.background < 0.05 && skin.votes.iter().all(|vote| vote.background < 0.05));
        let named = config("[pseudo-masks]\nside = 56", Modality::Prostate).pseudo_masks;
        assert_eq!(named, PseudoMaskParams { side: 56, ..PseudoMaskParams::default() });
    }

    #[test]
    fn a_file_of_the_preset_paper_starts_from_its_defaults() {
        let parse = |text: &str, asked| TrainConfig::parse(text, Modality::Prostate, asked);
        let default = TrainConfig::of_preset(Preset::Paper, Modality::Prostate);
        assert_eq!(parse("preset = \"paper\"", None).unwrap(), default);
        let text = "batch = 2\n[distill]\nafc_weight = 0.05\n[paper]\niterations = 7";
        let config = parse(text, Some(Preset::Paper)).unwrap();
        assert_eq!((config.batch, config.rate, config.distill.afc_weight), (2, 1e-2, 0.05));
        assert_eq!((config.distill.weight_decay, config.distill.ema), (4e-4, 0.0));
        assert_eq!((config.paper().unwrap().iterations, config.paper().unwrap().side), (7, 224));
        assert!(parse(text, None).unwrap().validate().unwrap_err().to_string().contains("preset"));
        assert!(parse("preset = \"lite\"", Some(Preset::Paper)).unwrap_err().to_string().contains("preset"));
        let error = format!("{:#}", parse("[paper]\nsides = 3", Some(Preset::Paper)).unwrap_err());
        assert!(error.contains("sides"), "{error}");
    }

    #[test]
    fn wrong_keys_and_values_are_named() {
        let error = toml::from_str::<TrainConfig>("sede = 3").unwrap_err().to_string();
        assert!(error.contains("sede"), "{error}");
        let error = TrainConfig { batch: 0, ..Default::default() }.validate().unwrap_err().to_string();
        assert!(error.contains("batch"), "{error}");
        let joint = TrainConfig { schedule: Schedule::Joint, ..Default::default() };
        assert!(joint.validate().unwrap_err().to_string().contains("student-target"));
    }
}
