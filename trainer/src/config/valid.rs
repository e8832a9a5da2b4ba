//! Which values can work: ranges, and what the types leave open.

use fovea_shared::distill::{MaskingInput, Strategies, StudentTarget};

use super::{ConfigError, LiteSettings, PaperSettings, Preset, Schedule, TrainConfig};

fn range(key: &'static str, expected: &'static str, value: f64, fits: bool) -> Result<(), ConfigError> {
    if fits { Ok(()) } else { Err(ConfigError::Range { key, expected, found: value.to_string() }) }
}

fn positive(key: &'static str, value: f64) -> Result<(), ConfigError> {
    range(key, "a positive number", value, value > 0.0 && value.is_finite())
}

fn share(key: &'static str, value: f64) -> Result<(), ConfigError> {
    range(key, "at least 0 and below 1", value, (0.0..1.0).contains(&value))
}

fn at_least_one(key: &'static str, value: usize) -> Result<(), ConfigError> {
    range(key, "at least 1", value as f64, value > 0)
}

fn holds(holds: bool, problem: impl FnOnce() -> String) -> Result<(), ConfigError> {
    if holds { Ok(()) } else { Err(ConfigError::Contradiction(problem())) }
}

/// Parts of other images and strategies exclude each other.
pub(super) fn mixed(mix: f64, strategies: Strategies) -> Result<(), ConfigError> {
    holds(mix == 0.0 || !strategies.any(), || {
        format!(
            "`adapt-mix` cannot go with the strategies {}: their teacher looks at images that are whole",
            strategies.name()
        )
    })
}

impl TrainConfig {
    /// Refuses values that cannot work. What was read from settings has been asked already; this is
    /// for a configuration that was changed since.
    ///
    /// # Errors
    /// Names the key.
    pub fn validate(&self) -> Result<(), ConfigError> {
        at_least_one("batch", self.batch)?;
        positive("rate", self.rate)?;
        share("text-drop", self.text_drop)?;
        share("phrase-drop", self.phrase_drop)?;
        share("validation-fraction", self.validation_fraction)?;
        match &self.preset {
            Preset::Lite(lite) => self.validate_lite(lite)?,
            Preset::Paper(paper) => {
                paper.validate()?;
                self.validate_paper()?;
            }
        }
        self.pseudo_masks.validate()?;
        self.distill.validate()?;
        Ok(())
    }

    fn validate_lite(&self, lite: &LiteSettings) -> Result<(), ConfigError> {
        lite.validate()?;
        let (schedule, strategies) = (&lite.schedule, self.distill.strategies);
        if let Some(adapting) = schedule.adapting() {
            mixed(adapting.mix, strategies)?;
        }
        holds(!self.distill.mutual || schedule.is_joint(), || {
            "`distill.mutual` needs `schedule = \"joint\"`: a finished teacher does not follow its student".into()
        })?;
        match schedule {
            Schedule::Joint(_) => holds(self.student_target != StudentTarget::Teacher, || {
                "the joint schedule cannot have `student-target = \"teacher\"`: there is no trained teacher yet to \
                 relabel with"
                    .into()
            })?,
            Schedule::Student(_) => {
                holds(self.student_target != StudentTarget::Teacher, || {
                    "`student-target = \"teacher\"` needs `teacher-epochs` of at least 1".into()
                })?;
                holds(!strategies.any(), || {
                    format!("the strategies {} need a teacher: `teacher-epochs` must be at least 1", strategies.name())
                })?;
            }
            Schedule::Teacher(_) | Schedule::TwoStage(..) | Schedule::Rounds { .. } => {}
        }
        let alone = !schedule.is_joint() && schedule.adapting().is_none() && !strategies.any();
        holds(self.student_target != StudentTarget::TwoLevel || alone, || {
            "`student-target = \"two-level\"` is a baseline without teacher: it goes with `schedule = \"two-stage\"`, \
             no strategies and `adapt-epochs = 0`"
                .into()
        })
    }

    fn validate_paper(&self) -> Result<(), ConfigError> {
        let distill = &self.distill;
        for (holds, problem) in [
            (
                self.student_target != StudentTarget::Teacher,
                "trains both networks at once, so no finished teacher can relabel: `student-target` must not \
                 be \"teacher\"",
            ),
            (
                self.student_target != StudentTarget::TwoLevel,
                "has one student: `student-target` must not be \"two-level\" (that baseline goes with `preset \
                 = \"lite\"`)",
            ),
            (distill.ema == 0.0, "has no moving average, as released: `distill.ema` must be 0"),
            (distill.grounding == 0.0, "hands out no attention: `distill.grounding` must be 0"),
            (
                distill.masking.input == MaskingInput::Pixels,
                "has no backbone whose features could be hidden: `distill.masking.input` must be \"pixels\"",
            ),
        ] {
            if !holds {
                return Err(ConfigError::NotInPreset(problem));
            }
        }
        Ok(())
    }
}

impl LiteSettings {
    fn validate(&self) -> Result<(), ConfigError> {
        share("channel-dropout", self.channel_dropout)?;
        if let Some(prompt) = self.gaze_prompt {
            let looks = prompt.looks;
            share("prompt-drop", prompt.drop)?;
            share("looks.two", looks.two)?;
            share("looks.off", looks.off)?;
            share("looks.contradict", looks.contradict)?;
            holds(looks.two + looks.off <= 1.0, || {
                "`looks.two` and `looks.off` are shares of all samples and may be 1 together".into()
            })?;
            let expected = "the number of pictures of two lesions for every image, 0 to 10";
            range("looks.pictures", expected, looks.pictures, (0.0..=10.0).contains(&looks.pictures))?;
        }
        if let Some(adapting) = self.schedule.adapting() {
            positive("adapt-rate", adapting.rate)?;
            share("adapt-mix", adapting.mix)?;
            holds(self.views == 0 || adapting.drawing.is_light(), || {
                "`views` are light, and `adapt-drawing` draws others: an image has views of one kind only".into()
            })?;
        }
        Ok(())
    }
}

impl PaperSettings {
    fn validate(&self) -> Result<(), ConfigError> {
        at_least_one("paper.iterations", self.iterations)?;
        let rate = self.final_rate;
        range("paper.final-rate", "a number from 0 up", rate, rate >= 0.0 && rate.is_finite())?;
        let divisible = |widths: &[usize], by: usize| widths.iter().all(|width| *width > 0 && width.is_multiple_of(by));
        holds(divisible(&self.teacher, 4) && divisible(&self.teacher[1..5], 8), || {
            format!(
                "`paper.teacher` is {:?}: all six must be divisible by 4 (groups of the norms), the middle four by 8 \
                 (attention heads)",
                self.teacher
            )
        })?;
        holds(divisible(&self.student, 4), || {
            format!("`paper.student` is {:?}: all six must be divisible by 4 (groups of the norms)", self.student)
        })?;
        at_least_one("paper.head", self.head)?;
        let fits = self.side >= 16 && self.side.is_multiple_of(16) && self.side <= 1024;
        range("paper.side", "a multiple of 16 from 16 to 1024 (four halvings)", self.side as f64, fits)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::description::Modality;

    use super::*;
    use crate::config::{PresetName, ScheduleName, Settings};

    fn refused(settings: Settings, word: &str) {
        let message = TrainConfig::try_from(settings).unwrap_err().to_string();
        assert!(message.contains(word), "{word}: {message}");
    }

    #[test]
    fn strategies_need_their_teacher() {
        let mut settings =
            Settings { teacher_epochs: 0, student_target: StudentTarget::BroadMask, ..Default::default() };
        let valid = |settings: &Settings| drop(TrainConfig::try_from(settings.clone()).unwrap());
        valid(&settings);
        settings.distill.strategies.cwc = true;
        refused(settings.clone(), "cwc");
        settings.schedule = ScheduleName::Joint;
        valid(&settings);
        settings.distill.mutual = true;
        valid(&settings);
        settings.schedule = ScheduleName::TwoStage;
        settings.teacher_epochs = 1;
        refused(settings, "mutual");
    }

    #[test]
    fn what_cannot_work_is_named() {
        refused(Settings { batch: 0, ..Default::default() }, "`batch`");
        refused(Settings { rate: f64::NAN, ..Default::default() }, "`rate`");
        refused(Settings { schedule: ScheduleName::Joint, ..Default::default() }, "student-target");
        refused(Settings { teacher_epochs: 0, ..Default::default() }, "`teacher-epochs`");
        refused(Settings { text_drop: 1.0, ..Default::default() }, "`text-drop`");
        refused(Settings { adapt_epochs: 1, adapt_rate: 0.0, ..Default::default() }, "`adapt-rate`");
        let pair = Settings { student_target: StudentTarget::TwoLevel, adapt_epochs: 1, ..Default::default() };
        refused(pair, "two-level");
        let looks = crate::run::LookSettings { two: 0.6, off: 0.5, ..Default::default() };
        refused(Settings { looks, ..Default::default() }, "`looks.off`");
    }

    #[test]
    fn what_the_networks_of_the_paper_cannot_do_is_named() {
        let paper = |change: fn(&mut Settings), word: &str| {
            let mut settings = Settings::of_preset(PresetName::Paper, Modality::Polyp);
            change(&mut settings);
            refused(settings, word);
        };
        fn table(settings: &mut Settings) -> &mut PaperSettings {
            settings.paper.as_mut().unwrap()
        }
        paper(|c| c.student_target = StudentTarget::Teacher, "`student-target`");
        paper(|c| c.student_target = StudentTarget::TwoLevel, "two-level");
        paper(|c| c.distill.ema = 0.9, "`distill.ema`");
        paper(|c| c.distill.grounding = 0.1, "`distill.grounding`");
        paper(|c| c.distill.masking.input = MaskingInput::Features, "`distill.masking.input`");
        paper(|c| table(c).iterations = 0, "`paper.iterations`");
        paper(|c| table(c).side = 40, "`paper.side`");
        paper(|c| table(c).teacher[2] = 12, "`paper.teacher`");
        paper(|c| table(c).student[0] = 6, "`paper.student`");
        paper(|c| table(c).final_rate = f64::NAN, "`paper.final-rate`");
    }
}
