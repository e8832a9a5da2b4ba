//! From the flat settings to a training that can be done, and back. Most settings that contradict
//! each other have no value of
//! [`TrainConfig`]: they are refused here, by name. A setting without use where it stands (`adapt-rate` without `adapt-epochs`) is read, and
//! written back as its default.

use std::num::NonZeroUsize;

use fovea_shared::description::Modality;
use serde::{Deserialize, Deserializer};

use super::{
    Adapting, ConfigError, GazePrompt, LiteSettings, Preset, PresetName, Schedule, ScheduleName, Settings,
    StudentStage, TeacherStage, TrainConfig, valid,
};

impl TryFrom<Settings> for TrainConfig {
    type Error = ConfigError;

    fn try_from(settings: Settings) -> Result<Self, ConfigError> {
        let preset = match settings.preset {
            PresetName::Lite => Preset::Lite(lite(&settings)?),
            PresetName::Paper => paper(&settings)?,
        };
        let config = Self {
            preset,
            seed: settings.seed,
            batch: settings.batch,
            rate: settings.rate,
            teacher_target: settings.teacher_target,
            student_target: settings.student_target,
            text: settings.text,
            text_drop: settings.text_drop,
            phrase_drop: settings.phrase_drop,
            flips: settings.flips,
            validation_fraction: settings.validation_fraction,
            pseudo_masks: settings.pseudo_masks,
            distill: settings.distill,
        };
        config.validate()?;
        Ok(config)
    }
}

fn refuse<T>(problem: &str) -> Result<T, ConfigError> {
    Err(ConfigError::Contradiction(problem.into()))
}

fn lite(settings: &Settings) -> Result<LiteSettings, ConfigError> {
    if settings.paper.is_some() {
        return refuse(
            "the table `paper` needs the preset `paper`: `preset = \"paper\"` in the file, or --preset paper",
        );
    }
    // Also where nothing adapts: who sets it expects it to count.
    valid::mixed(settings.adapt_mix, settings.distill.strategies)?;
    let looks = settings.looks;
    Ok(LiteSettings {
        gaze_prompt: settings.gaze_prompt.then_some(GazePrompt { drop: settings.prompt_drop, looks }),
        channel_dropout: settings.channel_dropout,
        views: settings.views,
        schedule: schedule(settings)?,
    })
}

fn schedule(settings: &Settings) -> Result<Schedule, ConfigError> {
    let adapting = NonZeroUsize::new(settings.adapt_epochs).map(|epochs| Adapting {
        epochs,
        rate: settings.adapt_rate,
        views: settings.adapt_views,
        drawing: settings.adapt_drawing,
        mix: settings.adapt_mix,
    });
    let student = NonZeroUsize::new(settings.student_epochs).map(|epochs| StudentStage { epochs, adapting });
    if adapting.is_some() && student.is_none() {
        return refuse(
            "`adapt-epochs` needs `student-epochs` of at least 1: a head without training would spoil the backbone",
        );
    }
    let label_epochs = settings.label_epochs;
    let teacher = NonZeroUsize::new(settings.teacher_epochs).map(|epochs| TeacherStage { label_epochs, epochs });
    let teacher = teacher.filter(|_| settings.schedule == ScheduleName::TwoStage);
    if label_epochs > 0 && teacher.is_none() {
        return refuse(
            "`label-epochs` needs `schedule = \"two-stage\"` and `teacher-epochs` of at least 1: the teacher learns \
             from those labels",
        );
    }
    let Some(rounds) = NonZeroUsize::new(settings.rounds) else { return refuse("`rounds` must be at least 1") };
    match (settings.schedule, teacher, student) {
        (ScheduleName::TwoStage, Some(teacher), Some(StudentStage { epochs, adapting: Some(adapting) }))
            if rounds.get() > 1 =>
        {
            Ok(Schedule::Rounds { teacher, student_epochs: epochs, adapting, rounds })
        }
        _ if rounds.get() > 1 => refuse(
            "`rounds` above 1 needs `schedule = \"two-stage\"`, and `teacher-epochs` and `adapt-epochs` of at least 1: \
             a round is a teacher, its student, and the backbone that they adapt for the next",
        ),
        (ScheduleName::TwoStage, Some(teacher), Some(student)) => Ok(Schedule::TwoStage(teacher, student)),
        (ScheduleName::TwoStage, Some(teacher), None) => Ok(Schedule::Teacher(teacher)),
        (ScheduleName::TwoStage, None, Some(student)) => Ok(Schedule::Student(student)),
        (ScheduleName::TwoStage, None, None) => {
            refuse("`teacher-epochs` and `student-epochs` are both 0: nothing would be trained")
        }
        (ScheduleName::Joint, _, Some(student)) => Ok(Schedule::Joint(student)),
        (ScheduleName::Joint, _, None) => {
            refuse("the joint schedule counts its passes by `student-epochs`, which must be at least 1")
        }
    }
}

/// What only the preset `lite` has must be as if it were not there.
fn paper(settings: &Settings) -> Result<Preset, ConfigError> {
    for (absent, problem) in [
        (
            settings.schedule == ScheduleName::Joint,
            "trains both networks in every step: `schedule` must be \"joint\" (for a teacher that is finished first, \
             take `preset = \"lite\"`)",
        ),
        (
            settings.teacher_epochs == 0 && settings.student_epochs == 0,
            "counts its steps by `paper.iterations`: `teacher-epochs` and `student-epochs` must be 0",
        ),
        (settings.adapt_epochs == 0, "has no backbone to adapt: `adapt-epochs` must be 0"),
        (settings.label_epochs == 0, "has no stage for a first teacher: `label-epochs` must be 0"),
        (settings.rounds == 1, "has no rounds: `rounds` must be 1"),
        (!settings.gaze_prompt, "has no gaze prompt (nor has the released teacher): `gaze-prompt` must be false"),
        (
            settings.looks.two == 0.0 && settings.looks.off == 0.0,
            "has no gaze prompt that looks could teach: `looks.two` and `looks.off` must be 0",
        ),
        (settings.views == 0, "has no features of drawn views: `views` must be 0"),
        (settings.channel_dropout == 0.0, "has no features to drop channels of: `channel-dropout` must be 0"),
    ] {
        if !absent {
            return Err(ConfigError::NotInPreset(problem));
        }
    }
    match &settings.paper {
        Some(paper) => Ok(Preset::Paper(paper.clone())),
        None => refuse("the configuration has no table `paper`: set `preset = \"paper\"`, which brings it"),
    }
}

impl From<TrainConfig> for Settings {
    fn from(config: TrainConfig) -> Self {
        let name = if config.is_lite() { PresetName::Lite } else { PresetName::Paper };
        let common = Self {
            seed: config.seed,
            batch: config.batch,
            rate: config.rate,
            teacher_target: config.teacher_target,
            student_target: config.student_target,
            text: config.text,
            text_drop: config.text_drop,
            phrase_drop: config.phrase_drop,
            flips: config.flips,
            validation_fraction: config.validation_fraction,
            pseudo_masks: config.pseudo_masks,
            distill: config.distill,
            // Replaced by the pseudo-masks above: of what is left no default follows the modality.
            ..Self::of_preset(name, Modality::Polyp)
        };
        match config.preset {
            Preset::Lite(lite) => lite.written(common),
            Preset::Paper(paper) => Self { paper: Some(paper), ..common },
        }
    }
}

impl LiteSettings {
    /// The settings with these in place of the defaults.
    fn written(self, defaults: Settings) -> Settings {
        let Self { gaze_prompt, channel_dropout, views, schedule } = self;
        let mut settings = Settings { channel_dropout, views, gaze_prompt: gaze_prompt.is_some(), ..defaults };
        if let Some(GazePrompt { drop, looks }) = gaze_prompt {
            (settings.prompt_drop, settings.looks) = (drop, looks);
        }
        if schedule.is_joint() {
            settings.schedule = ScheduleName::Joint;
        } else {
            settings.teacher_epochs = schedule.teacher().map_or(0, |teacher| teacher.epochs.get());
        }
        settings.label_epochs = schedule.teacher().map_or(0, |teacher| teacher.label_epochs);
        settings.student_epochs = schedule.student().map_or(0, |student| student.epochs.get());
        settings.rounds = schedule.rounds();
        if let Some(Adapting { epochs, rate, views, drawing, mix }) = schedule.adapting() {
            settings.adapt_epochs = epochs.get();
            (settings.adapt_rate, settings.adapt_views) = (rate, views);
            (settings.adapt_drawing, settings.adapt_mix) = (drawing, mix);
        }
        settings
    }
}

impl<'de> Deserialize<'de> for TrainConfig {
    /// Keys that are not there have the defaults of the preset that is named.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = toml::Table::deserialize(deserializer)?;
        Self::of_table(table).map_err(serde::de::Error::custom)
    }
}

impl TrainConfig {
    /// What was saved. All that this program saves names its pseudo-masks, so the published
    /// defaults stand for what an older one did not know.
    pub(super) fn of_table(table: toml::Table) -> Result<Self, ConfigError> {
        Settings::of_file(table, toml::Table::new(), Modality::Polyp)?.try_into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::distill::StudentTarget;

    use super::*;

    fn refused(settings: Settings, word: &str) {
        let message = TrainConfig::try_from(settings).unwrap_err().to_string();
        assert!(message.contains(word), "{word}: {message}");
    }

    #[test]
    fn what_is_used_comes_back_and_what_is_not_becomes_its_default() {
        for (settings, unused) in [
            (Settings::default(), false),
            (Settings { adapt_epochs: 2, adapt_mix: 0.5, adapt_rate: 1e-3, rounds: 3, ..Settings::default() }, false),
            (Settings { label_epochs: 3, views: 2, prompt_drop: 0.1, ..Settings::default() }, false),
            (Settings { student_epochs: 0, ..Settings::default() }, false),
            (Settings { teacher_epochs: 0, student_target: StudentTarget::BroadMask, ..Settings::default() }, false),
            (Settings::of_preset(PresetName::Paper, Modality::Prostate), false),
            (Settings { adapt_rate: 0.1, ..Settings::default() }, true),
            (Settings { gaze_prompt: false, prompt_drop: 0.1, ..Settings::default() }, true),
        ] {
            let config = TrainConfig::try_from(settings.clone()).unwrap();
            assert_eq!(Settings::from(config.clone()) != settings, unused, "{settings:?}");
            assert_eq!(TrainConfig::try_from(Settings::from(config.clone())).unwrap(), config);
            let text = toml::to_string(&config).unwrap();
            assert_eq!(toml::from_str::<TrainConfig>(&text).unwrap(), config);
        }
    }

    #[test]
    fn what_has_no_place_in_a_training_is_refused_by_name() {
        let default = Settings::default;
        refused(Settings { teacher_epochs: 0, student_epochs: 0, ..default() }, "`teacher-epochs`");
        refused(Settings { student_epochs: 0, adapt_epochs: 1, ..default() }, "`adapt-epochs`");
        refused(Settings { teacher_epochs: 0, label_epochs: 1, ..default() }, "`label-epochs`");
        refused(Settings { schedule: ScheduleName::Joint, label_epochs: 1, ..default() }, "`label-epochs`");
        refused(Settings { schedule: ScheduleName::Joint, student_epochs: 0, ..default() }, "`student-epochs`");
        refused(Settings { rounds: 0, ..default() }, "`rounds`");
        refused(Settings { rounds: 2, ..default() }, "`rounds`");
        refused(Settings { paper: Some(super::super::PaperSettings::default()), ..default() }, "`paper`");
        let paper = || Settings::of_preset(PresetName::Paper, Modality::Polyp);
        refused(Settings { schedule: ScheduleName::TwoStage, ..paper() }, "`schedule`");
        refused(Settings { student_epochs: 3, ..paper() }, "`paper.iterations`");
        refused(Settings { adapt_epochs: 1, ..paper() }, "`adapt-epochs`");
        refused(Settings { gaze_prompt: true, ..paper() }, "`gaze-prompt`");
        refused(Settings { channel_dropout: 0.1, ..paper() }, "`channel-dropout`");
        refused(Settings { views: 1, ..paper() }, "`views`");
        refused(Settings { paper: None, ..paper() }, "`paper`");
        let mut looks = paper();
        looks.looks.off = 0.1;
        refused(looks, "`looks.off`");
    }
}
