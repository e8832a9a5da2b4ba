//! `preset = "lite"` or `"paper"`: which networks a training trains, and what only the paper's have to be told.

use anyhow::{Context, Result, ensure};
use fovea_paper::PaperConfig;
use fovea_shared::{
    description::{EMBEDDING, Modality},
    distill::{DistillConfig, MaskingInput, Strategies, StudentTarget, TeacherTarget},
};
use serde::{Deserialize, Serialize};

use super::{Schedule, TrainConfig};
use crate::run::LookSettings;

/// The networks of a training, and with them its defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Small heads on a frozen backbone whose features are cached: for a CPU and for the page.
    #[default]
    Lite,
    /// The paper's two U-Nets (44 and 9 M parameters), trained end to end from pixels as the released code does: for a GPU.
    Paper,
}

impl Preset {
    /// Whether it is the one that saved configurations do not name.
    pub fn is_lite(&self) -> bool {
        *self == Self::Lite
    }

    /// Steps between checkpoints unless told otherwise: those of the large networks take 420 MB each.
    pub fn checkpoint_every(self) -> usize {
        match self {
            Self::Lite => 50,
            Self::Paper => 500,
        }
    }
}

/// The table `paper` of a configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct PaperSettings {
    /// Optimiser steps of the whole training.
    pub iterations: usize,
    /// Learning rate after the last step; `rate` is that of the first, and half a cosine lies between them.
    pub final_rate: f64,
    /// The teacher's channels at strides 1, 2, 4, 8 and 16, and after the last upsampling.
    pub teacher: [usize; 6],
    /// The student's, likewise.
    pub student: [usize; 6],
    /// Channels between a U-Net and its classifier.
    pub head: usize,
    /// Side of the images in pixels.
    pub side: usize,
}

impl Default for PaperSettings {
    /// The released configuration.
    fn default() -> Self {
        let PaperConfig { teacher, student, head, side, .. } = PaperConfig::default();
        Self { iterations: 15_000, final_rate: 1e-4, teacher, student, head, side }
    }
}

impl PaperSettings {
    /// The networks. Their text is our phrases', all-MiniLM-L6-v2 with 384 numbers, where the released code has RoBERTa's 768.
    pub fn networks(&self) -> PaperConfig {
        PaperConfig { teacher: self.teacher, student: self.student, head: self.head, text: EMBEDDING, side: self.side }
    }

    fn validate(&self) -> Result<()> {
        ensure!(self.iterations > 0, "`paper.iterations` must be at least 1");
        ensure!(
            self.final_rate >= 0.0 && self.final_rate.is_finite(),
            "`paper.final-rate` must be a number from 0 up, not {}",
            self.final_rate
        );
        let divisible = |widths: &[usize], by: usize| widths.iter().all(|width| *width > 0 && width.is_multiple_of(by));
        ensure!(
            divisible(&self.teacher, 4) && divisible(&self.teacher[1..5], 8),
            "`paper.teacher` is {:?}: all six must be divisible by 4 (groups of the norms), the middle four by 8 (attention heads)",
            self.teacher
        );
        ensure!(
            divisible(&self.student, 4),
            "`paper.student` is {:?}: all six must be divisible by 4 (groups of the norms)",
            self.student
        );
        ensure!(self.head > 0, "`paper.head` must be at least 1");
        ensure!(
            self.side >= 16 && self.side.is_multiple_of(16) && self.side <= 1024,
            "`paper.side` must be a multiple of 16 from 16 to 1024 (four halvings), not {}",
            self.side
        );
        Ok(())
    }
}

impl TrainConfig {
    /// The defaults of a preset for what the images show. Those of `paper` are the released code's, but for the forms that method.md,
    /// section 2, calls sound: a partial cross-entropy for the teacher, CWC weighted by the teacher's confidence, DARM where predictions
    /// differ and without a say for what is hidden, and a teacher that does not follow the student.
    pub fn of_preset(preset: Preset, modality: Modality) -> Self {
        let lite = Self::of(modality);
        if preset.is_lite() {
            return lite;
        }
        Self {
            preset,
            schedule: Schedule::Joint,
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

    /// The table `paper` of a training with that preset.
    ///
    /// # Errors
    /// A configuration of another preset, or one that was put together without the table.
    pub fn paper(&self) -> Result<&PaperSettings> {
        self.paper.as_ref().context("the configuration has no table `paper`: set `preset = \"paper\"`, which brings it")
    }

    /// Refuses a run of the preset `paper` where only the lite heads can serve.
    ///
    /// # Errors
    /// Says what needs them.
    pub fn needs_lite(&self, what: &str) -> Result<()> {
        ensure!(
            self.preset.is_lite(),
            "{what} the heads of the preset `lite` and their backbone; this is a run of the preset `paper`, which has \
             neither. `fovea eval` measures it and `fovea predict` asks it"
        );
        Ok(())
    }

    /// Refuses what one of the presets does not have.
    pub fn validate_preset(&self) -> Result<()> {
        if self.preset.is_lite() {
            ensure!(self.paper.is_none(), "the table `paper` needs `preset = \"paper\"`");
            return Ok(());
        }
        self.paper()?.validate()?;
        let distill = &self.distill;
        for (holds, problem) in [
            (
                self.schedule == Schedule::Joint,
                "trains both networks in every step: `schedule` must be \"joint\" (for a teacher that is finished first, take `preset = \"lite\"`)",
            ),
            (
                self.teacher_epochs == 0 && self.student_epochs == 0,
                "counts its steps by `paper.iterations`: `teacher-epochs` and `student-epochs` must be 0",
            ),
            (self.adapt_epochs == 0, "has no backbone to adapt: `adapt-epochs` must be 0"),
            (!self.gaze_prompt, "has no gaze prompt (nor has the released teacher): `gaze-prompt` must be false"),
            (
                self.student_target != StudentTarget::Teacher,
                "trains both networks at once, so no finished teacher can relabel: `student-target` must not be \"teacher\"",
            ),
            (
                self.student_target != StudentTarget::TwoLevel,
                "has one student: `student-target` must not be \"two-level\" (that baseline goes with `preset = \"lite\"`)",
            ),
            (
                self.looks.two == 0.0 && self.looks.off == 0.0,
                "has no gaze prompt that looks could teach: `looks.two` and `looks.off` must be 0",
            ),
            (self.views == 0, "has no features of drawn views: `views` must be 0"),
            (self.channel_dropout == 0.0, "has no features to drop channels of: `channel-dropout` must be 0"),
            (distill.ema == 0.0, "has no moving average, as released: `distill.ema` must be 0"),
            (distill.grounding == 0.0, "hands out no attention: `distill.grounding` must be 0"),
            (
                distill.masking.input == MaskingInput::Pixels,
                "has no backbone whose features could be hidden: `distill.masking.input` must be \"pixels\"",
            ),
        ] {
            ensure!(holds, "the preset `paper` {problem}");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn paper() -> TrainConfig {
        TrainConfig::of_preset(Preset::Paper, Modality::Polyp)
    }

    #[test]
    fn the_defaults_are_valid_and_survive_toml() {
        let config = paper();
        config.validate().unwrap();
        let text = toml::to_string(&config).unwrap();
        assert_eq!(toml::from_str::<TrainConfig>(&text).unwrap(), config);
        assert!(text.contains("preset = \"paper\"") && text.contains("iterations = 15000"), "{text}");
        assert_eq!(config.paper().unwrap().networks(), PaperConfig::default());
    }

    #[test]
    fn a_saved_lite_configuration_does_not_know_of_presets() {
        let text = toml::to_string(&TrainConfig::of_preset(Preset::Lite, Modality::Polyp)).unwrap();
        assert!(!text.contains("preset") && !text.contains("paper"), "{text}");
        assert!(TrainConfig { paper: Some(PaperSettings::default()), ..TrainConfig::default() }.validate().is_err());
    }

    #[test]
    fn what_the_networks_cannot_do_is_named() {
        let refused = |change: fn(&mut TrainConfig), word: &str| {
            let mut config = paper();
            change(&mut config);
            let message = config.validate().unwrap_err().to_string();
            assert!(message.contains(word), "{word}: {message}");
        };
        refused(|c| c.schedule = Schedule::TwoStage, "`schedule`");
        refused(|c| c.student_epochs = 3, "`paper.iterations`");
        refused(|c| c.adapt_epochs = 1, "`adapt-epochs`");
        refused(|c| c.gaze_prompt = true, "`gaze-prompt`");
        refused(|c| c.student_target = StudentTarget::Teacher, "`student-target`");
        refused(|c| c.student_target = StudentTarget::TwoLevel, "two-level");
        refused(|c| c.looks.off = 0.1, "`looks.off`");
        refused(|c| c.channel_dropout = 0.1, "`channel-dropout`");
        refused(|c| c.distill.ema = 0.9, "`distill.ema`");
        refused(|c| c.distill.grounding = 0.1, "`distill.grounding`");
        refused(|c| c.distill.masking.input = MaskingInput::Features, "`distill.masking.input`");
        refused(|c| c.paper = None, "`paper`");
        fn settings(config: &mut TrainConfig) -> &mut PaperSettings {
            config.paper.as_mut().unwrap()
        }
        refused(|c| settings(c).iterations = 0, "`paper.iterations`");
        refused(|c| settings(c).side = 40, "`paper.side`");
        refused(|c| settings(c).teacher[2] = 12, "`paper.teacher`");
        refused(|c| settings(c).student[0] = 6, "`paper.student`");
        refused(|c| settings(c).final_rate = f64::NAN, "`paper.final-rate`");
    }
}
