//! The settings as a file has them, and how files and flags go over the defaults.

use fovea_shared::{
    description::Modality,
    distill::{DistillConfig, Strategies, StudentTarget, TeacherTarget},
    pseudo_mask::PseudoMaskParams,
};
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::{ConfigError, PaperSettings, PresetName, ScheduleName, TextSource};
use crate::{features::Drawing, run::LookSettings};

fovea_shared::documented! {
    /// Everything that decides what a training computes, besides data and device, as a file has it:
    /// one flat list of settings, each with the value that it has where nobody says otherwise.
    /// Comments are the help of the flags of the same names.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
    pub struct Settings {
        /// Which networks: `lite`, small heads on a frozen backbone, or `paper`, its two U-Nets
        /// from pixels. Not written for `lite`, so that its saved configurations stay what they
        /// were.
        #[serde(skip_serializing_if = "PresetName::is_lite")]
        pub preset: PresetName,
        /// Seed of weights, batches, prompts and the validation draw.
        pub seed: u64,
        /// Order of learning: the teacher first and then the student, or both in every step.
        pub schedule: ScheduleName,
        /// Passes in which a first teacher learns to draw without words, before the teacher's
        /// stage: with the pseudo-masks its drawings make that stage's labels (see
        /// `run/labels.rs`). 0: the pseudo-masks are the labels. Left out of files while it is 0.
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
        /// How far those may be from the image: `light`, or `wide`, which also turns it. Left out
        /// of files while it is `light`.
        #[serde(skip_serializing_if = "Drawing::is_light")]
        pub adapt_drawing: Drawing,
        /// Share of samples that show a part of another image while adapting (CutMix): see
        /// `run/cutmix.rs`. Left out of files while it is 0.
        #[serde(skip_serializing_if = "is_zero")]
        pub adapt_mix: f64,
        /// How often everything is done: a further round starts with fresh heads on the backbone
        /// that the round before has adapted, so that a better teacher labels for a better student.
        /// Left out of files while it is 1.
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
        /// What the teacher's samples show besides single images with their own gaze: pictures of
        /// two lesions, looks at background.
        pub looks: LookSettings,
        /// Share of feature channels silenced a sample.
        pub channel_dropout: f64,
        /// Train on four mirror images of every image (else on the upright one).
        pub flips: bool,
        /// Views of every image that the heads see beside its mirror images: zoomed, moved, lightly
        /// recoloured. Left out of files while it is 0.
        #[serde(skip_serializing_if = "is_none")]
        pub views: usize,
        /// Share of the training list set aside for choosing weights.
        pub validation_fraction: f64,
        /// Gaze to pseudo-masks, at 224 px (of skin lesions at 112). A table in the file starts
        /// from the page's 112 px: name `side` too.
        pub pseudo_masks: PseudoMaskParams,
        /// Losses and optimiser.
        pub distill: DistillConfig,
        /// What only the preset `paper` has: its networks and its steps.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub paper: Option<PaperSettings>,
    }
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

impl Default for Settings {
    fn default() -> Self {
        Self {
            preset: PresetName::Lite,
            seed: 1,
            schedule: ScheduleName::TwoStage,
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

impl Settings {
    /// The default for what the images show: the pseudo-masks differ.
    pub fn of(modality: Modality) -> Self {
        let default = Self::default();
        let pseudo_masks = PseudoMaskParams::of(modality);
        let side = match modality {
            // Hairs and texture of the skin count at a finer grid: the broad masks of 215
            // validation images of ISIC have a mean Dice of .807 at 224 px and .826 at 112.
            Modality::SkinLesion => pseudo_masks.side,
            Modality::Polyp | Modality::Prostate => default.pseudo_masks.side,
        };
        Self { pseudo_masks: PseudoMaskParams { side, ..pseudo_masks }, ..default }
    }

    /// The defaults of a preset for what the images show. Those of `paper` are the released code's,
    /// but for the forms that method.md, section 2, calls sound: a partial cross-entropy for the
    /// teacher, CWC weighted by the teacher's confidence, DARM where predictions differ and without
    /// a say for what is hidden, and a teacher that does not follow the student.
    pub fn of_preset(preset: PresetName, modality: Modality) -> Self {
        let lite = Self::of(modality);
        if preset.is_lite() {
            return lite;
        }
        Self {
            preset,
            schedule: ScheduleName::Joint,
            teacher_epochs: 0,
            student_epochs: 0,
            batch: 8,
            rate: 1e-2,
            teacher_target: TeacherTarget::Partial,
            student_target: StudentTarget::BroadMask,
            gaze_prompt: false,
            prompt_drop: 0.0,
            looks: LookSettings::NONE,
            text_drop: 0.0,
            phrase_drop: 0.0,
            channel_dropout: 0.0,
            distill: DistillConfig {
                student_dice: 0.0,
                weight_decay: 4e-4,
                ema: 0.0,
                strategies: Strategies::ALL,
                ..DistillConfig::default()
            },
            paper: Some(PaperSettings::default()),
            ..lite
        }
    }

    /// The defaults of the preset that the last layer to name one names, and the layers over them,
    /// one after the other, key by key.
    ///
    /// # Errors
    /// A wrong key or value.
    pub fn layered(modality: Modality, layers: &[Table]) -> Result<Self, ConfigError> {
        let named = layers.iter().rev().find_map(|layer| layer.get("preset"));
        let preset = named.cloned().map(Value::try_into).transpose()?.unwrap_or_default();
        Self::of_preset(preset, modality).over(layers)
    }

    /// A file, and what was set beside it over that. A table of pseudo-masks in a file of the
    /// preset `lite` starts from the published defaults at 112 px, not from those of the modality.
    ///
    /// # Errors
    /// A wrong key or value, or two presets.
    pub(super) fn of_file(file: Table, set: Table, modality: Modality) -> Result<Self, ConfigError> {
        if let (Some(named), Some(asked)) = (file.get("preset"), set.get("preset"))
            && named != asked
        {
            let name = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            return Err(ConfigError::Contradiction(format!(
                "the configuration file names the preset `{}` and the command line `{}`: name it in one place only",
                name(named),
                name(asked)
            )));
        }
        let own_masks = file.contains_key("pseudo-masks");
        let layers = [file, set];
        let defaults = Self::layered(modality, &layers.each_ref().map(preset_alone))?;
        if own_masks && defaults.preset.is_lite() {
            return Self { pseudo_masks: PseudoMaskParams::default(), ..defaults }.over(&layers);
        }
        defaults.over(&layers)
    }

    fn over(self, layers: &[Table]) -> Result<Self, ConfigError> {
        let mut merged = Table::try_from(self)?;
        layers.iter().cloned().for_each(|layer| merge(&mut merged, layer));
        Ok(Value::Table(merged).try_into()?)
    }
}

/// A layer's preset and nothing else of it.
fn preset_alone(layer: &Table) -> Table {
    layer.iter().filter(|(key, _)| *key == "preset").map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Puts `over` over `under`: tables are merged key by key, everything else is replaced.
fn merge(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => merge(old, new),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

/// Puts a value at a dotted key of a layer. A value that is no TOML is a word.
///
/// # Errors
/// A key that lies below one that holds a value.
pub(crate) fn put(layer: &mut Table, key: &str, value: &str) -> Result<(), ConfigError> {
    let value = toml::from_str::<Table>(&format!("v = {value}"))
        .ok()
        .and_then(|mut table| table.remove("v"))
        .unwrap_or_else(|| Value::String(value.into()));
    let mut place = layer;
    let mut parts: Vec<&str> = key.trim().split('.').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let inner = place.entry(part).or_insert_with(|| Value::Table(Table::new()));
        place = inner.as_table_mut().ok_or_else(|| {
            ConfigError::Contradiction(format!("`{key}`: `{part}` is not a table: it was set to a value"))
        })?;
    }
    place.insert(last.into(), value);
    Ok(())
}

/// A layer of what `--set KEY=VALUE` says, over one that is there.
///
/// # Errors
/// A text without `=`, or as [`put`].
pub(crate) fn put_all(mut layer: Table, sets: &[String]) -> Result<Table, ConfigError> {
    for set in sets {
        let (key, value) = set
            .split_once('=')
            .ok_or_else(|| ConfigError::Contradiction(format!("`--set {set}` lacks its `=`: write --set KEY=VALUE")))?;
        put(&mut layer, key, value)?;
    }
    Ok(layer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn set(sets: &[&str]) -> Result<Settings, ConfigError> {
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        Settings::layered(Modality::Polyp, &[put_all(Table::new(), &sets)?])
    }

    #[test]
    fn keys_can_be_set_by_name() {
        let config = set(&["student-target=broad-mask", "distill.masking.input=\"features\"", "rate=1e-3"]).unwrap();
        assert_eq!(config.student_target, StudentTarget::BroadMask);
        assert_eq!(config.distill.masking.input, fovea_shared::distill::MaskingInput::Features);
        assert_eq!((config.rate, config.seed), (1e-3, 1));
        // Also those that a file leaves out while they have their defaults.
        let config = set(&["distill.two_level.weight=1.5", "rounds=2"]).unwrap();
        assert_eq!((config.distill.two_level.weight, config.rounds), (1.5, 2));
        for (wrong, named) in [
            (&["rate"][..], "KEY=VALUE"),
            (&["distil.x=1"], "`distil`"),
            (&["sede=2"], "sede"),
            (&["batch=many"], "many"),
            (&["rate.x=1"], "rate"),
            (&["rate=1", "rate.x=1"], "not a table"),
        ] {
            let error = set(wrong).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
        assert_eq!(set(&[]).unwrap(), Settings::default());
    }

    #[test]
    fn the_pseudo_masks_follow_the_modality_unless_the_file_names_them() {
        let config = |text, modality| Settings::of_file(toml::from_str(text).unwrap(), Table::new(), modality).unwrap();
        assert_eq!(config("seed = 3", Modality::Polyp), Settings { seed: 3, ..Settings::default() });
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
        let parse =
            |text: &str, set: &str| Settings::of_file(toml::from_str(text)?, toml::from_str(set)?, Modality::Prostate);
        let paper = "preset = \"paper\"";
        let default = Settings::of_preset(PresetName::Paper, Modality::Prostate);
        assert_eq!(parse(paper, "").unwrap(), default);
        let text = "batch = 2\n[distill]\nafc_weight = 0.05\n[paper]\niterations = 7";
        let config = parse(text, paper).unwrap();
        assert_eq!((config.batch, config.rate, config.distill.afc_weight), (2, 1e-2, 0.05));
        assert_eq!((config.distill.weight_decay, config.distill.ema), (4e-4, 0.0));
        let settings = config.paper.unwrap();
        assert_eq!((settings.iterations, settings.side), (7, 224));
        assert!(parse("preset = \"lite\"", paper).unwrap_err().to_string().contains("preset"));
        assert!(parse("[paper]\nsides = 3", paper).unwrap_err().to_string().contains("sides"));
    }
}
