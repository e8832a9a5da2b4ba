//! Which scores may stand beside each other: those of the same trainings on the same test images.

use fovea_shared::{
    bundle::{Score, StudentVariant, Told},
    description::Modality,
};

use super::claims::DataSet;
use crate::text::say;

/// Whose scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Of the weights that the page has.
    Shipped,
    /// Of other trainings of the same kind, in a published ablation.
    Ablation,
}

impl Source {
    /// All of them; the page's own first.
    pub const ALL: [Self; 2] = [Self::Shipped, Self::Ablation];

    /// A student's score of this source.
    pub fn score(self, student: &StudentVariant) -> Option<&Score> {
        match self {
            Self::Shipped => student.dice.as_ref(),
            Self::Ablation => student.ablation.as_ref(),
        }
    }
}

/// A measured student.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a> {
    /// Its place in the manifest.
    pub place: usize,
    /// The student.
    pub student: &'a StudentVariant,
    /// Its score.
    pub score: &'a Score,
}

/// Students that were measured alike.
#[derive(Clone, Debug)]
pub struct Measured<'a> {
    /// Whose scores these are.
    pub source: Source,
    /// What they were measured on, as the manifest writes it.
    pub on: &'a str,
    /// The students, in the manifest's order; one at least.
    pub students: Vec<Scored<'a>>,
}

impl<'a> Measured<'a> {
    /// The measured students of a bundle, parted by source and test images.
    pub fn all(students: &'a [StudentVariant]) -> Vec<Self> {
        let mut parts: Vec<Self> = Vec::new();
        for source in Source::ALL {
            for (place, student) in students.iter().enumerate() {
                let Some(score) = source.score(student) else { continue };
                let scored = Scored { place, student, score };
                match parts.iter_mut().find(|part| part.source == source && part.on == score.on) {
                    Some(part) => part.students.push(scored),
                    None => parts.push(Self { source, on: &score.on, students: vec![scored] }),
                }
            }
        }
        parts
    }
}

/// What was measured on.
#[derive(Clone, Debug, PartialEq)]
pub struct TestImages {
    /// As the manifest writes it.
    pub on: String,
    /// What the images show.
    pub domain: Modality,
    /// How many there are, where a comparison tells.
    pub count: Option<usize>,
}

impl TestImages {
    /// In the language that is spoken. What is written in another way than `fovea export` writes it is shown as it is.
    pub fn text(&self) -> String {
        let on = self.on.strip_suffix(", test images").and_then(|on| on.split_once(", split "));
        let data = match on.map(|(name, _)| name) {
            Some("kvasir-seg") => DataSet::KvasirSeg,
            Some("nci-isbi") => DataSet::NciIsbi,
            Some("isic") => DataSet::Isic,
            Some("phantom") => drawn(self.domain),
            _ => return self.on.clone(),
        };
        match self.count {
            Some(count) => say!("test-images-counted", images = count.to_string(), data = data.title()),
            None => say!("test-images", data = data.title()),
        }
    }
}

/// The drawn images of a domain.
fn drawn(domain: Modality) -> DataSet {
    match domain {
        Modality::Polyp => DataSet::DrawnPolyps,
        Modality::Prostate => DataSet::DrawnProstates,
        Modality::SkinLesion => DataSet::DrawnSkin,
    }
}

/// What a student learnt from, inside a sentence.
pub fn labels(told: Told) -> String {
    match told {
        Told::Heat => say!("labels-heat"),
        Told::Refined => say!("labels-refined"),
        Told::HighConfidence => say!("labels-high-confidence"),
        Told::Teacher => say!("labels-teacher"),
        Told::FullSupervision => say!("labels-full-supervision"),
    }
}

/// A Dice value.
pub fn dice(value: f64) -> String {
    format!("{value:.3}")
}

/// A difference of Dice values, with its sign.
pub fn signed(value: f64) -> String {
    let digits = format!("{:.3}", value.abs());
    match (digits == "0.000", value < 0.0) {
        (true, _) => digits,
        (_, true) => format!("−{digits}"),
        _ => format!("+{digits}"),
    }
}

/// Both ends of an interval.
pub fn interval([low, high]: [f64; 2]) -> String {
    say!("interval", low = signed(low), high = signed(high))
}

#[cfg(test)]
mod tests {
    use fovea_shared::{bundle::StudentKind, distill::Strategies};

    use super::*;

    fn score(on: &str) -> Score {
        Score { mean: 0.7, sd: 0.01, seeds: 3, interval: None, on: on.into() }
    }

    #[test]
    fn scores_of_other_trainings_or_other_images_never_stand_together() {
        let mut students = Strategies::every().map(|on| StudentVariant::new(StudentKind::new(Told::Heat, on), None));
        students[0].dice = Some(score("a"));
        students[3].dice = Some(score("b"));
        students[5].dice = Some(score("a"));
        students[5].ablation = Some(score("a"));
        let parts: Vec<_> = Measured::all(&students)
            .into_iter()
            .map(|part| (part.source, part.on.to_owned(), part.students.iter().map(|s| s.place).collect::<Vec<_>>()))
            .collect();
        let expected = [
            (Source::Shipped, "a".to_owned(), vec![0, 5]),
            (Source::Shipped, "b".to_owned(), vec![3]),
            (Source::Ablation, "a".to_owned(), vec![5]),
        ];
        assert_eq!(parts, expected);
        assert!(Measured::all(&students[1..2]).is_empty());
    }

    #[test]
    fn test_images_are_named_in_words_and_strange_ones_as_they_are() {
        let named = |on: &str, count| TestImages { on: on.into(), domain: Modality::Prostate, count }.text();
        assert_eq!(named("kvasir-seg, split gaze, test images", Some(100)), "100 test images (Kvasir-SEG)");
        assert_eq!(named("phantom, split phantom, test images", None), "test images (drawn prostates)");
        assert_eq!(named("my own scans", Some(3)), "my own scans");
    }

    #[test]
    fn differences_have_a_sign_unless_they_are_nothing() {
        assert_eq!([0.0184, -0.0021, 0.0002, -0.0002].map(signed), ["+0.018", "−0.002", "0.000", "0.000"]);
        assert_eq!(interval([-0.0071, 0.012]), "−0.007 to +0.012");
    }
}
