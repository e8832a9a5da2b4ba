//! Which cells may start from the same trained teacher.

use anyhow::Result;
use serde_json::Value;

use crate::{
    config::{Schedule, Settings, TrainConfig},
    data::hash::sha256,
};

/// The keys of a configuration that the teacher's stage of the two-stage schedule never sees, with
/// a dot between a table and its key. A key of the student that is missing here costs a second
/// training of the same teacher; a key of the teacher that stood here would give a cell a wrong
/// one. So the list names what is known to be the student's, and nothing else.
const STUDENT_KEYS: [&str; 17] = [
    "student-epochs",
    "student-target",
    "adapt-epochs",
    "adapt-rate",
    "adapt-views",
    "adapt-drawing",
    "adapt-mix",
    "rounds",
    "distill.student_dice",
    "distill.backbone_rate",
    "distill.afc_weight",
    "distill.ramp",
    "distill.mutual",
    "distill.strategies",
    "distill.consistency",
    "distill.masking",
    "distill.two_level",
];

/// The configuration of the teacher's stage alone, and the key by which cells share it: a hash of
/// the configuration without the student's keys (the seed is one of the others), of the data, of
/// the descriptions and of the backbone. `None` where no teacher is trained by itself: the joint
/// schedule, or no epochs for it.
///
/// # Errors
/// Never for a configuration that was read from a file.
pub(crate) fn teacher_stage(
    config: &TrainConfig,
    data_sha256: &str,
    descriptions_sha256: Option<&str>,
    backbone_sha256: Option<&str>,
) -> Result<Option<(TrainConfig, String)>> {
    if config.schedule().and_then(Schedule::teacher).is_none() {
        return Ok(None);
    }
    let mut bare = serde_json::to_value(config)?;
    STUDENT_KEYS.iter().for_each(|key| remove(&mut bare, key));
    // serde_json's maps are sorted, so equal configurations are equal texts.
    let mut text = format!("fovea-teacher-1\n{bare}\n{data_sha256}\n{}", descriptions_sha256.unwrap_or("none"));
    if let Some(sha256) = backbone_sha256 {
        text += &format!("\n{sha256}");
    }
    let stage = Settings { student_epochs: 0, ..serde_json::from_value(bare)? };
    Ok(Some((stage.try_into()?, sha256(text.as_bytes())[..16].to_owned())))
}

fn remove(value: &mut Value, key: &str) {
    match (key.split_once('.'), value.as_object_mut()) {
        (Some((table, rest)), Some(map)) => {
            if let Some(inner) = map.get_mut(table) {
                remove(inner, rest);
            }
        }
        (None, Some(map)) => {
            map.remove(key);
        }
        (_, None) => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::ScheduleName;
    use fovea_shared::distill::{MaskingTarget, StudentTarget, TeacherTarget};

    fn key(change: impl FnOnce(&mut Settings)) -> Option<String> {
        let mut settings = Settings { student_target: StudentTarget::HighConfidence, ..Settings::default() };
        change(&mut settings);
        teacher_stage(&settings.try_into().unwrap(), "data", None, None).unwrap().map(|(_, key)| key)
    }

    #[test]
    fn the_students_keys_do_not_count_and_every_other_does() {
        let own = key(|_| ());
        assert_eq!(own, key(|c| c.student_epochs = 3));
        assert_eq!(own, key(|c| c.student_target = StudentTarget::BroadMask));
        assert_eq!(own, key(|c| c.student_target = StudentTarget::HeatMap));
        assert_eq!(own, key(|c| c.distill.masking.target = MaskingTarget::Zero));
        assert_eq!(own, key(|c| c.distill.student_dice = 0.0));
        assert_eq!(own, key(|c| c.distill.two_level.weight = 0.0));
        let others = [
            key(|c| c.seed = 2),
            key(|c| c.teacher_epochs = 3),
            key(|c| c.batch = 3),
            key(|c| c.rate = 1e-3),
            key(|c| c.teacher_target = TeacherTarget::Partial),
            key(|c| c.gaze_prompt = false),
            key(|c| c.prompt_drop = 0.5),
            key(|c| c.text = crate::config::TextSource::None),
            key(|c| c.text_drop = 0.5),
            key(|c| c.phrase_drop = 0.5),
            key(|c| c.looks.two = 0.5),
            key(|c| c.channel_dropout = 0.5),
            key(|c| c.flips = false),
            key(|c| c.validation_fraction = 0.2),
            key(|c| c.pseudo_masks.side = 112),
            key(|c| c.distill.teacher_dice = 0.5),
            key(|c| c.distill.grounding = 0.5),
            key(|c| c.distill.weight_decay = 0.5),
            key(|c| c.distill.ema = 0.5),
        ];
        let mut all: Vec<_> = others.into_iter().chain([own.clone()]).map(Option::unwrap).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
        let config = TrainConfig::default();
        let other = |data, text, eyes| teacher_stage(&config, data, text, eyes).unwrap().map(|(_, key)| key);
        assert_ne!(own, other("other data", None, None));
        assert_ne!(own, other("data", Some("descriptions"), None));
        assert_ne!(own, other("data", None, Some("backbone")));
    }

    #[test]
    fn only_a_teacher_that_learns_alone_is_shared() {
        assert_eq!(key(|c| c.schedule = ScheduleName::Joint), None);
        assert_eq!(key(|c| c.teacher_epochs = 0), None);
        let config = TrainConfig { seed: 7, batch: 3, ..TrainConfig::default() };
        let (stage, _) = teacher_stage(&config, "data", None, None).unwrap().unwrap();
        assert_eq!((stage.seed, stage.batch, stage.trains_student()), (7, 3, false));
    }

    #[test]
    fn the_students_keys_are_keys_of_a_configuration() {
        let mut config = Settings::default();
        // Keys that files leave out while they have their defaults.
        config.distill.two_level.weight = 1.0;
        config.rounds = 2;
        config.adapt_drawing = crate::features::Drawing::Wide;
        config.adapt_mix = 0.5;
        let whole = serde_json::to_value(config).unwrap();
        for key in STUDENT_KEYS {
            let mut bare = whole.clone();
            remove(&mut bare, key);
            assert_ne!(bare, whole, "{key} is not a key");
        }
    }
}
