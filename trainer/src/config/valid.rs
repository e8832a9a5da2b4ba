//! Which configurations can work.

use anyhow::{Result, ensure};
use fovea_shared::distill::StudentTarget;

use super::{Preset, Schedule, TrainConfig};

impl TrainConfig {
    /// Refuses values that cannot work.
    ///
    /// # Errors
    /// Names the key.
    pub(crate) fn validate(&self) -> Result<()> {
        self.validate_preset()?;
        ensure!(self.batch > 0, "`batch` must be at least 1");
        ensure!(
            self.adapt_rate > 0.0 && self.adapt_rate.is_finite(),
            "`adapt-rate` must be a positive number, not {}",
            self.adapt_rate
        );
        ensure!(
            self.adapt_epochs == 0 || self.student_epochs > 0,
            "`adapt-epochs` needs `student-epochs` of at least 1: a head without training would spoil the backbone"
        );
        ensure!(
            self.adapt_mix == 0.0 || !self.distill.strategies.any(),
            "`adapt-mix` cannot go with the strategies {}: their teacher looks at images that are whole",
            self.distill.strategies.name()
        );
        ensure!(
            self.label_epochs == 0 || (self.schedule == Schedule::TwoStage && self.teacher_epochs > 0),
            "`label-epochs` needs `schedule = \"two-stage\"` and `teacher-epochs` of at least 1: the teacher learns from those labels"
        );
        ensure!(
            self.views == 0 || self.adapt_drawing.is_light(),
            "`views` are light, and `adapt-drawing` draws others: an image has views of one kind only"
        );
        ensure!(self.rounds > 0, "`rounds` must be at least 1");
        ensure!(
            self.rounds == 1
                || (self.adapt_epochs > 0 && self.teacher_epochs > 0 && self.schedule == Schedule::TwoStage),
            "`rounds` above 1 needs `schedule = \"two-stage\"`, and `teacher-epochs` and `adapt-epochs` of at least 1: a round is a teacher, \
             its student, and the backbone that they adapt for the next"
        );
        ensure!(self.rate > 0.0 && self.rate.is_finite(), "`rate` must be a positive number, not {}", self.rate);
        for (name, share) in [
            ("prompt-drop", self.prompt_drop),
            ("text-drop", self.text_drop),
            ("phrase-drop", self.phrase_drop),
            ("looks.two", self.looks.two),
            ("looks.off", self.looks.off),
            ("looks.contradict", self.looks.contradict),
            ("adapt-mix", self.adapt_mix),
            ("channel-dropout", self.channel_dropout),
            ("validation-fraction", self.validation_fraction),
        ] {
            ensure!((0.0..1.0).contains(&share), "`{name}` must be at least 0 and below 1, not {share}");
        }
        ensure!(
            self.looks.two + self.looks.off <= 1.0,
            "`looks.two` and `looks.off` are shares of all samples and may be 1 together"
        );
        ensure!(
            (0.0..=10.0).contains(&self.looks.pictures),
            "`looks.pictures` is the number of pictures of two lesions for every image, 0 to 10, not {}",
            self.looks.pictures
        );
        ensure!(
            self.teacher_epochs + self.student_epochs > 0 || self.preset == Preset::Paper,
            "`teacher-epochs` and `student-epochs` are both 0: nothing would be trained"
        );
        ensure!(
            self.schedule == Schedule::TwoStage || self.student_epochs > 0 || self.preset == Preset::Paper,
            "the joint schedule counts its passes by `student-epochs`, which must be at least 1"
        );
        ensure!(
            self.schedule == Schedule::TwoStage || self.student_target != StudentTarget::Teacher,
            "the joint schedule cannot have `student-target = \"teacher\"`: there is no trained teacher yet to relabel with"
        );
        ensure!(
            self.student_target != StudentTarget::Teacher || self.teacher_epochs > 0 || self.student_epochs == 0,
            "`student-target = \"teacher\"` needs `teacher-epochs` of at least 1"
        );
        let directed = self.schedule == Schedule::TwoStage && self.distill.strategies.any() && self.student_epochs > 0;
        ensure!(
            !directed || self.teacher_epochs > 0,
            "the strategies {} need a teacher: `teacher-epochs` must be at least 1",
            self.distill.strategies.name()
        );
        if self.student_target == StudentTarget::TwoLevel {
            ensure!(
                self.schedule == Schedule::TwoStage && self.adapt_epochs == 0 && !self.distill.strategies.any(),
                "`student-target = \"two-level\"` is a baseline without teacher: it goes with `schedule = \"two-stage\"`, no strategies and \
                 `adapt-epochs = 0`"
            );
        }
        ensure!(
            !self.distill.mutual || self.schedule == Schedule::Joint,
            "`distill.mutual` needs `schedule = \"joint\"`: a finished teacher does not follow its student"
        );
        self.pseudo_masks.validate()?;
        self.distill.validate()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn strategies_need_their_teacher() {
        let mut config =
            TrainConfig { teacher_epochs: 0, student_target: StudentTarget::BroadMask, ..Default::default() };
        config.validate().unwrap();
        config.distill.strategies.cwc = true;
        assert!(config.validate().unwrap_err().to_string().contains("cwc"));
        config.schedule = Schedule::Joint;
        config.validate().unwrap();
        config.distill.mutual = true;
        config.validate().unwrap();
        config.schedule = Schedule::TwoStage;
        config.teacher_epochs = 1;
        assert!(config.validate().unwrap_err().to_string().contains("mutual"));
    }
}
