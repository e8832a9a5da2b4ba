//! The switches of distillation: which strategies are on, and in which form.

use serde::{Deserialize, Serialize};

crate::documented! {
    /// Which of the paper's three strategies direct the student. All off is a plain student on its target.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub struct Strategies {
        /// Feature alignment: see [`super::alignment`].
        pub afc: bool,
        /// Confidence-weighted consistency: see [`super::consistency`].
        pub cwc: bool,
        /// Disagreement-aware random masking: see [`super::masking`].
        pub darm: bool,
    }
}

impl Strategies {
    /// All three.
    pub const ALL: Self = Self { afc: true, cwc: true, darm: true };

    /// The eight combinations, from none to all: AFC is bit 0, CWC bit 1, DARM bit 2 of the place.
    pub fn every() -> [Self; 8] {
        std::array::from_fn(|i| Self { afc: i & 1 != 0, cwc: i & 2 != 0, darm: i & 4 != 0 })
    }

    /// Whether the student hears from a teacher at all.
    pub fn any(self) -> bool {
        self.afc || self.cwc || self.darm
    }

    /// The name of the row that an ablation gives the student: `gaze-baseline`, `+afc`, ..., `+cwc+darm`, `all`.
    pub fn row_name(self) -> String {
        match (self.any(), self == Self::ALL) {
            (false, _) => "gaze-baseline".into(),
            (_, true) => "all".into(),
            _ => format!("+{}", self.name()),
        }
    }

    /// In how many of the three strategies two choices differ.
    pub fn distance(self, other: Self) -> u32 {
        u32::from(self.afc != other.afc) + u32::from(self.cwc != other.cwc) + u32::from(self.darm != other.darm)
    }

    /// `none`, or the names that are on, as in `afc+darm`.
    pub fn name(self) -> String {
        let on = [(self.afc, "afc"), (self.cwc, "cwc"), (self.darm, "darm")];
        let names: Vec<&str> = on.into_iter().filter_map(|(on, name)| on.then_some(name)).collect();
        if names.is_empty() { "none".into() } else { names.join("+") }
    }
}

/// A name of strategies that is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a strategy: write `none`, `all`, or some of afc, cwc and darm with + between them, as in `afc+darm`"
)]
pub struct UnknownStrategy(String);

impl std::str::FromStr for Strategies {
    type Err = UnknownStrategy;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => return Ok(Self::default()),
            "all" => return Ok(Self::ALL),
            _ => {}
        }
        let mut strategies = Self::default();
        for name in text.split(['+', ',']) {
            let on = match name.trim() {
                "afc" => &mut strategies.afc,
                "cwc" => &mut strategies.cwc,
                "darm" => &mut strategies.darm,
                other => return Err(UnknownStrategy(other.into())),
            };
            *on = true;
        }
        Ok(strategies)
    }
}

/// Where the student follows the teacher under CWC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsistencyVariant {
    /// Where the teacher is confident, weighted by its confidence.
    TargetConf,
    /// Where teacher and student both are confident, and of one mind; the paper's text.
    BothConf,
    /// The released code: on a noisy, cut and mixed image, two terms whose weights cancel for two classes.
    Released,
}

crate::documented! {
    /// The form of CWC.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub struct Consistency {
        /// Weight of the term at the end of the ramp.
        pub weight: f64,
        /// Where the teacher is followed.
        pub variant: ConsistencyVariant,
        /// Confident from this probability on (and, for the background, up to one minus it).
        pub level: f64,
    }
}

impl Default for Consistency {
    fn default() -> Self {
        Self { weight: 1.0, variant: ConsistencyVariant::TargetConf, level: 0.8 }
    }
}

/// Where DARM looks for disagreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaskingRegion {
    /// Where the predictions of teacher and student differ (the paper's text); before the warm-up is over, as `Gaze`.
    Prediction,
    /// Where the high-confidence and the broad pseudo-mask differ (the released code).
    Gaze,
}

/// What the student is told about masked pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaskingTarget {
    /// Nothing: they are filled with the image's mean and leave every loss.
    Exclude,
    /// That they are background: zero in the image and in the target (the released code).
    Zero,
}

/// What DARM hides from the student.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaskingInput {
    /// Pixels of the image, before the backbone: the paper.
    Pixels,
    /// The cells of the backbone's features that lie under them: much cheaper, but neighbouring
    /// cells have seen what is hidden.
    Features,
}

crate::documented! {
    /// The form of DARM.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub struct Masking {
        /// Where it looks.
        pub region: MaskingRegion,
        /// What is told about masked pixels.
        pub target: MaskingTarget,
        /// What is hidden.
        pub input: MaskingInput,
        /// Share of the region that is to be covered.
        pub share: f64,
        /// Difference of two probabilities from which they disagree.
        pub difference: f64,
        /// Share of the student's steps before predictions are trusted to disagree.
        pub warm_up: f64,
        /// Smallest side of a square, pixels of the 224-pixel input.
        pub smallest: usize,
        /// Largest side of a square, pixels of the 224-pixel input.
        pub largest: usize,
        /// How many more squares are drawn outside of the region for each one over it, so that
        /// squares do not tell the student where the region is. 0 is the method; 1 did not help by
        /// itself. Left out of files while it is 0, as older ones do not name it.
        #[serde(skip_serializing_if = "is_zero")]
        pub decoys: f64,
        /// Share of the images of a step that are masked; the others are seen whole. 1 is the
        /// method; 0.5 is what the grids set, because students that never see a whole image fail on
        /// whole images. Left out of files while it is 1.
        #[serde(skip_serializing_if = "is_one")]
        pub often: f64,
    }
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

fn is_one(value: &f64) -> bool {
    *value == 1.0
}

impl Masking {
    /// Whether it is the released code's form: it looks where the pseudo-masks differ, and tells
    /// the student that what is hidden is background.
    pub fn is_released(&self) -> bool {
        self.region == MaskingRegion::Gaze && self.target == MaskingTarget::Zero
    }
}

impl Default for Masking {
    fn default() -> Self {
        Self {
            region: MaskingRegion::Prediction,
            target: MaskingTarget::Exclude,
            input: MaskingInput::Pixels,
            share: 0.3,
            difference: 0.3,
            warm_up: 0.1,
            smallest: 3,
            largest: 10,
            decoys: 0.0,
            often: 1.0,
        }
    }
}

/// A setting that cannot work.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`distill.{key}` {problem}, not {value}")]
pub struct DistillConfigError {
    /// The key, below `distill`.
    pub key: &'static str,
    /// What it must be.
    pub problem: &'static str,
    /// What it is.
    pub value: f64,
}

impl super::DistillConfig {
    /// Refuses values that cannot work.
    ///
    /// # Errors
    /// Names the key.
    pub fn validate(&self) -> Result<(), DistillConfigError> {
        let not_negative = [
            ("student_dice", self.student_dice),
            ("teacher_dice", self.teacher_dice),
            ("grounding", self.grounding),
            ("backbone_rate", self.backbone_rate),
            ("afc_weight", self.afc_weight),
            ("consistency.weight", self.consistency.weight),
            ("two_level.weight", self.two_level.weight),
            ("masking.decoys", self.masking.decoys),
        ];
        for (key, value) in not_negative {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(DistillConfigError { key, problem: "must be a number from 0 up", value });
            }
        }
        let shares = [
            ("ramp", self.ramp),
            ("masking.share", self.masking.share),
            ("masking.difference", self.masking.difference),
            ("masking.often", self.masking.often),
            ("masking.warm_up", self.masking.warm_up),
            ("ema", self.ema),
        ];
        for (key, value) in shares {
            if !(0.0..=1.0).contains(&value) {
                return Err(DistillConfigError { key, problem: "must be from 0 to 1", value });
            }
        }
        let level = self.consistency.level;
        if !(level > 0.5 && level < 1.0) {
            return Err(DistillConfigError {
                key: "consistency.level",
                problem: "must be above .5 and below 1",
                value: level,
            });
        }
        let (smallest, largest) = (self.masking.smallest, self.masking.largest);
        if smallest == 0 || smallest > largest {
            return Err(DistillConfigError {
                key: "masking.smallest",
                problem: "must be at least 1 and at most `masking.largest`",
                value: smallest as f64,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::distill::DistillConfig;

    #[test]
    fn names_go_round() {
        for strategies in Strategies::every() {
            assert_eq!(strategies.name().parse::<Strategies>().unwrap(), strategies);
        }
        assert_eq!("all".parse::<Strategies>().unwrap().name(), "afc+cwc+darm");
        assert_eq!("darm, afc".parse::<Strategies>().unwrap().name(), "afc+darm");
        assert!("afk".parse::<Strategies>().unwrap_err().to_string().contains("`afk`"));
        assert!(!Strategies::every()[0].any() && Strategies::every()[1..].iter().all(|s| s.any()));
    }

    #[test]
    fn settings_that_cannot_work_are_named() {
        DistillConfig::default().validate().unwrap();
        let with = |change: fn(&mut DistillConfig)| {
            let mut config = DistillConfig::default();
            change(&mut config);
            config.validate().unwrap_err().to_string()
        };
        assert!(with(|c| c.consistency.level = 0.5).contains("consistency.level"));
        assert!(with(|c| c.masking.share = f64::NAN).contains("masking.share"));
        assert!(with(|c| c.masking.smallest = 11).contains("masking.smallest"));
        assert!(with(|c| c.afc_weight = -0.1).contains("afc_weight"));
    }

    #[test]
    fn files_name_our_own_switches_of_darm_only_where_they_are_used() {
        let text = serde_json::to_string(&Masking::default()).unwrap();
        assert!(!text.contains("decoys") && !text.contains("often"), "{text}");
        let form = Masking { decoys: 1.0, often: 0.5, ..Masking::default() };
        let text = serde_json::to_string(&form).unwrap();
        assert_eq!(serde_json::from_str::<Masking>(&text).unwrap(), form);
        let refused = DistillConfig { masking: Masking { often: 1.5, ..form }, ..DistillConfig::default() };
        assert!(refused.validate().unwrap_err().to_string().contains("masking.often"));
    }
}
