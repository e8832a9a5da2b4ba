//! What can be done with a data set.

use fovea_shared::description::Modality;
use serde::Serialize;

use super::Dataset;
use super::defect::{Defect, DefectKind, Severity};
use super::splits::{Lists, Role};
use super::truth::{Degenerate, Truth};

/// Whether something can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Use {
    /// Whether it can.
    pub possible: bool,
    /// Why not; or where it can, a condition that a person should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

impl Use {
    fn yes() -> Self {
        Self { possible: true, because: None }
    }

    fn with(condition: impl Into<String>) -> Self {
        Self { possible: true, because: Some(condition.into()) }
    }

    fn no(because: impl Into<String>) -> Self {
        Self { possible: false, because: Some(because.into()) }
    }

    /// In words, for a line of text.
    pub fn words(&self) -> String {
        match (self.possible, &self.because) {
            (true, None) => "yes".into(),
            (true, Some(condition)) => format!("yes, {condition}"),
            (false, because) => format!("no, because {}", because.as_deref().unwrap_or_default()),
        }
    }
}

/// What can be done with one split of a data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Uses {
    /// The split; `None` for a data set without lists.
    pub split: Option<String>,
    /// Training.
    pub train: Use,
    /// Choosing the best weights of a training on true masks.
    pub validate: Use,
    /// Measuring on the test images.
    pub evaluate: Use,
}

/// Says that a split has nothing to train on; the same words for every command. `split` as `--split` takes it.
pub fn nothing_to_train_on(split: &str) -> String {
    let file = match split {
        "default" => "train.txt".to_owned(),
        files if files.contains('=') => "train=".to_owned(),
        name => format!("{name}-train.txt"),
    };
    format!(
        "the training list of split `{split}` ({file}) holds no id, so there is nothing to train on and nothing to \
         choose weights on. Write \
         one id a line; where the images are to be measured on alone, say so in a line `# none`"
    )
}

/// What can be done with a split. `truths` has the true mask of every image, in the order of the
/// cases, and `defects` everything
/// that was found.
pub(super) fn uses(data: &Dataset, split: Option<(&str, &Lists)>, truths: &[Truth], defects: &[Defect]) -> Uses {
    let name = split.map(|(name, _)| name.to_owned());
    if let Some(fault) = fault(defects, name.as_deref()) {
        let no = Use::no(fault);
        return Uses { split: name, train: no.clone(), validate: no.clone(), evaluate: no };
    }
    let Some((_, lists)) = split else {
        let no = Use::no("there is no split list (splits/<name>-train.txt and -test.txt)");
        return Uses { split: name, train: no.clone(), validate: no.clone(), evaluate: no };
    };
    let ids = |role: Role| -> Vec<&str> {
        lists.get(&role).map_or_else(Vec::new, |list| list.entries.iter().map(|(_, id)| id.as_str()).collect())
    };
    // A `-val` list without a `-test` list is what papers report on.
    let (own, test) = match (lists.contains_key(&Role::Validation), lists.contains_key(&Role::Test)) {
        (true, false) => (None, ids(Role::Validation)),
        (own, _) => (own.then(|| ids(Role::Validation)), ids(Role::Test)),
    };
    let train = train(data, lists, &ids(Role::Train), own.as_deref());
    let chosen = own.unwrap_or_else(|| ids(Role::Train));
    let validate = match truths_of(data, truths, &chosen) {
        _ if !train.possible => Use::no("there is no training to choose weights of"),
        of if of.contains(&Truth::Unusable) => Use::no("a mask of its images cannot be used"),
        of if of.iter().all(|truth| *truth == Truth::Missing) => {
            Use::with("against pseudo-masks alone, because its images have no masks")
        }
        of => Degenerate::of("validation", of).map_or_else(Use::yes, |found| Use::no(found.to_string())),
    };
    let evaluate = match truths_of(data, truths, &test) {
        of if of.is_empty() => Use::no("there is no test list, or it holds no id"),
        of if of.contains(&Truth::Unusable) => Use::no("a mask of its images cannot be used"),
        of if of.contains(&Truth::Missing) => Use::no("images of the test list have no mask"),
        of => match Degenerate::of("test", of.iter().copied()) {
            Some(found) => Use::no(found.to_string()),
            None => match of.iter().filter(|truth| **truth == Truth::Empty).count() {
                0 => Use::yes(),
                empty => Use::with(format!("and {empty} images without a lesion are counted apart")),
            },
        },
    };
    Uses { split: name, train, validate, evaluate }
}

/// An error that keeps every command from opening the data, or from using this split.
fn fault(defects: &[Defect], split: Option<&str>) -> Option<String> {
    let stops = |defect: &&Defect| {
        defect.severity == Severity::Error
            && match defect.kind {
                // Of an image or a split alone.
                DefectKind::MissingMask
                | DefectKind::UnreadableMask
                | DefectKind::SizeMismatch
                | DefectKind::EmptyList
                | DefectKind::DegenerateTruth => false,
                DefectKind::SplitList | DefectKind::SplitTwice | DefectKind::SplitUnknownId | DefectKind::SplitLeak => {
                    split.is_some_and(|split| of_split(&defect.subject, split))
                }
                _ => true,
            }
    };
    let first = defects.iter().find(stops)?;
    let others = defects.iter().filter(stops).count() - 1;
    let more = if others > 0 { format!(" (and {others} more errors)") } else { String::new() };
    Some(format!("{}: {}{more}", first.subject, first.message))
}

/// Whether a defect's subject, such as `split x` or `splits/x-train.txt:3`, speaks of a split.
fn of_split(subject: &str, split: &str) -> bool {
    let file = subject.rsplit('/').next().unwrap_or(subject);
    let list = file.split(".txt").next().unwrap_or(file);
    let roles = ["train", "val", "test"];
    subject == format!("split {split}")
        || roles.iter().any(|role| list == format!("{split}-{role}") || (split == "default" && list == *role))
}

fn train(data: &Dataset, lists: &Lists, ids: &[&str], own: Option<&[&str]>) -> Use {
    let without = |ids: &[&str]| ids.iter().filter(|id| data.case(id).is_some_and(|case| case.gaze.is_none())).count();
    let silent = without(ids) + own.map_or(0, without);
    if !lists.contains_key(&Role::Train) {
        Use::no("there is no training list")
    } else if ids.is_empty() {
        Use::no("its training list holds no id")
    } else if data.cases.iter().all(|case| case.gaze.is_none()) {
        Use::no("no image has gaze (`fovea data gaze` simulates some from the masks)")
    } else if silent > 0 {
        Use::no(format!("{silent} images of its lists have no gaze"))
    } else if data.modality.is_none() {
        let words: Vec<&str> = Modality::ALL.iter().map(|modality| modality.name()).collect();
        Use::no(format!(
            "nothing says what the images show: write the modality ({}) into dataset.json",
            words.join(", ")
        ))
    } else {
        Use::yes()
    }
}

fn truths_of(data: &Dataset, truths: &[Truth], ids: &[&str]) -> Vec<Truth> {
    ids.iter().filter_map(|id| data.place(id).and_then(|place| truths.get(place)).copied()).collect()
}
