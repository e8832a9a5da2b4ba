//! The students of a bundle, along two axes: what they were told to predict, and how the teacher directed them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Score;
use crate::{
    distill::{DistillConfig, Strategies, StudentTarget},
    pseudo_mask::Refinement,
};

/// The most students that a bundle holds.
pub const MOST_STUDENTS: usize = 16;

/// What a student was told to predict; students that were told the same are a family. Files and names say it alike
/// ([`Told::name`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// The heat map of the gaze as it is, cut at the broad level: the paper's setting, without GrabCut.
    Heat,
    /// The broad pseudo-mask, refined by GrabCut.
    Refined,
    /// The high-confidence pseudo-mask.
    HighConfidence,
    /// The finished teacher's predictions.
    Teacher,
    /// The true masks: the upper bound, for which no gaze is needed.
    FullSupervision,
}

impl Told {
    /// All of them, from the least to the most told.
    pub const ALL: [Self; 5] = [Self::Heat, Self::Refined, Self::HighConfidence, Self::Teacher, Self::FullSupervision];

    /// What a configuration with this target, and this refinement of its pseudo-masks, tells its
    /// student; `None` for the pair of the two-level baseline, which no bundle can hold.
    pub fn of(target: StudentTarget, refinement: Refinement) -> Option<Self> {
        Some(match (target, refinement) {
            (StudentTarget::HeatMap, _) | (StudentTarget::BroadMask, Refinement::None) => Self::Heat,
            (StudentTarget::BroadMask, Refinement::GrabCut) => Self::Refined,
            (StudentTarget::HighConfidence, _) => Self::HighConfidence,
            (StudentTarget::Teacher, _) => Self::Teacher,
            (StudentTarget::FullSupervision, _) => Self::FullSupervision,
            (StudentTarget::TwoLevel, _) => return None,
        })
    }

    /// The name, as in `heat` or `full-supervision`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Heat => "heat",
            Self::Refined => "refined",
            Self::HighConfidence => "high-confidence",
            Self::Teacher => "teacher",
            Self::FullSupervision => "full-supervision",
        }
    }
}

/// What makes a student the one that it is. No two of a bundle are of one kind.
///
/// ```
/// use fovea_shared::{bundle::{StudentKind, Told}, distill::Strategies};
/// let kind = StudentKind { released: true, ..StudentKind::new(Told::Heat, Strategies { darm: true, ..Strategies::default() }) };
/// assert_eq!(kind.to_string(), "heat+darm-released");
/// assert_eq!("heat+darm-released".parse(), Ok(kind));
/// assert_eq!(StudentKind::new(Told::Heat, Strategies::ALL).to_string(), "heat-all");
/// assert_eq!(StudentKind::new(Told::Teacher, Strategies::default()).to_string(), "teacher");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StudentKind {
    /// What it was told.
    pub told: Told,
    /// What directed it in training.
    pub strategies: Strategies,
    /// Whether DARM, which must be among the strategies then, had the form of the released code
    /// ([`crate::distill::Masking::is_released`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub released: bool,
}

impl StudentKind {
    /// The kind that a training with these settings makes; `None` for the pair of the two-level baseline.
    pub fn of(target: StudentTarget, refinement: Refinement, distill: &DistillConfig) -> Option<Self> {
        let DistillConfig { strategies, masking, .. } = distill;
        let released = strategies.darm && masking.is_released();
        Some(Self { told: Told::of(target, refinement)?, strategies: *strategies, released })
    }

    /// A student with the method's form of every strategy.
    pub fn new(told: Told, strategies: Strategies) -> Self {
        Self { told, strategies, released: false }
    }

    /// Every kind that there can be, in the order in which bundles list them: by what they were
    /// told, then from no strategy to all, the released form last.
    pub fn every() -> impl Iterator<Item = Self> {
        let forms = [false, true].into_iter();
        let kinds = forms.flat_map(|released| Strategies::every().map(|strategies| (strategies, released)));
        let kinds: Vec<_> = kinds.filter(|(strategies, released)| strategies.darm || !released).collect();
        Told::ALL.into_iter().flat_map(move |told| {
            kinds.clone().into_iter().map(move |(strategies, released)| Self { told, strategies, released })
        })
    }

    /// Whether two students were told the same, and their strategies have the same form: they differ in which are on.
    pub fn is_of_family(self, other: Self) -> bool {
        (self.told, self.released) == (other.told, other.released)
    }
}

impl fmt::Display for StudentKind {
    /// What it was told, then `-all` or its strategies, each behind a `+`, then `-released` for
    /// that form of DARM. Nothing stands for no strategy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told.name())?;
        match self.strategies {
            Strategies::ALL => f.write_str("-all")?,
            some if some.any() => write!(f, "+{}", some.name())?,
            _ => {}
        }
        f.write_str(if self.released { "-released" } else { "" })
    }
}

/// A name that no student can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is the name of no student: they are called like `heat`, `heat+afc+darm`, `heat-all` or `teacher`")]
pub struct UnknownStudent(String);

impl FromStr for StudentKind {
    type Err = UnknownStudent;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::every().find(|kind| kind.to_string() == name).ok_or_else(|| UnknownStudent(name.into()))
    }
}

/// A student as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudentVariant {
    /// The name of its kind, which is also that of its row in the grid of a bundle.
    pub name: String,
    /// What it was told, and what directed it.
    #[serde(flatten)]
    pub kind: StudentKind,
    /// Its weights: a file of the bundle.
    pub file: String,
    /// AFC's adapters, trained beside it: a file of the bundle. Only to show how far its features follow the teacher's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapters: Option<String>,
    /// Test Dice over seeds, where it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dice: Option<Score>,
    /// Test Dice over seeds of students of the same kind in a published ablation: other trainings than these weights'.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ablation: Option<Score>,
}

impl StudentVariant {
    /// A student of this kind, with the name and the file that go with it.
    pub fn new(kind: StudentKind, dice: Option<Score>) -> Self {
        let name = kind.to_string();
        let file = format!("students/{}.safetensors", name.replace('+', "-"));
        Self { name, kind, file, adapters: None, dice, ablation: None }
    }

    /// The file that its adapters go to.
    pub fn adapters_file(&self) -> String {
        self.file.replace(".safetensors", ".adapters.safetensors")
    }
}

/// Checks the list of a manifest; what is wrong comes as part of a sentence.
pub(super) fn check(students: &[StudentVariant]) -> Result<(), String> {
    if !(1..=MOST_STUDENTS).contains(&students.len()) {
        return Err(format!("it lists {} students, which must be 1 to {MOST_STUDENTS}", students.len()));
    }
    for (index, student) in students.iter().enumerate() {
        let (name, kind) = (&student.name, student.kind);
        if kind.released && !kind.strategies.darm {
            return Err(format!("the student `{name}` has a released form of DARM, and no DARM"));
        }
        if *name != kind.to_string() {
            return Err(format!("the student `{name}` is of the kind `{kind}`"));
        }
        if students[..index].iter().any(|other| other.kind == kind) {
            return Err(format!("the student `{name}` is listed twice"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use super::*;
    use crate::distill::{MaskingRegion, MaskingTarget};

    #[test]
    fn every_kind_has_one_name_one_file_and_a_way_back() {
        let kinds: Vec<StudentKind> = StudentKind::every().collect();
        assert_eq!(kinds.len(), 5 * (8 + 4));
        let variants = kinds.iter().map(|kind| StudentVariant::new(*kind, None));
        let (names, files): (BTreeSet<_>, BTreeSet<_>) = variants.map(|v| (v.name, v.file)).unzip();
        assert_eq!((names.len(), files.len()), (kinds.len(), kinds.len()));
        assert!(names.iter().all(|name| kinds.contains(&name.parse().unwrap())));
        let first: Vec<String> = kinds.iter().take(12).map(StudentKind::to_string).collect();
        assert_eq!(
            first,
            [
                "heat",
                "heat+afc",
                "heat+cwc",
                "heat+afc+cwc",
                "heat+darm",
                "heat+afc+darm",
                "heat+cwc+darm",
                "heat-all",
                "heat+darm-released",
                "heat+afc+darm-released",
                "heat+cwc+darm-released",
                "heat-all-released"
            ]
        );
        assert_eq!(StudentVariant::new(kinds[3], None).file, "students/heat-afc-cwc.safetensors");
        for wrong in ["", "heat+", "heat-released", "heat+darm+afc", "+afc", "all", "Heat"] {
            assert_eq!(wrong.parse::<StudentKind>(), Err(UnknownStudent(wrong.into())));
        }
    }

    #[test]
    fn what_was_told_follows_from_target_and_refinement() {
        let told = |target| [Refinement::GrabCut, Refinement::None].map(|refinement| Told::of(target, refinement));
        assert_eq!(told(StudentTarget::HeatMap), [Some(Told::Heat); 2]);
        assert_eq!(told(StudentTarget::BroadMask), [Some(Told::Refined), Some(Told::Heat)]);
        assert_eq!(told(StudentTarget::Teacher), [Some(Told::Teacher); 2]);
        assert_eq!(told(StudentTarget::TwoLevel), [None; 2]);
        let mut distill = DistillConfig::default();
        distill.masking.region = MaskingRegion::Gaze;
        distill.masking.target = MaskingTarget::Zero;
        let name = |distill: &DistillConfig| {
            StudentKind::of(StudentTarget::HeatMap, Refinement::GrabCut, distill).unwrap().to_string()
        };
        assert_eq!(name(&distill), "heat", "a form of what is off is nothing");
        distill.strategies.darm = true;
        assert_eq!(name(&distill), "heat+darm-released");
        distill.masking.region = MaskingRegion::Prediction;
        assert_eq!(name(&distill), "heat+darm");
        for told in Told::ALL {
            assert_eq!(serde_json::to_value(told).unwrap(), told.name());
        }
    }
}
