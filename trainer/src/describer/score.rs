//! How a head's answers agree with those it learnt from.

use fovea_shared::metrics::PairedDifference;
use serde::{Deserialize, Serialize};

use super::calibrate::expected_calibration_error;

/// One head on one field of some samples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Judged {
    /// Class that is the truth here; the number of classes stands for words that are not learnt.
    pub(crate) labels: Vec<usize>,
    /// Class that the head answers.
    pub(crate) answers: Vec<usize>,
    /// Probability of that class before temperature.
    pub(crate) raw: Vec<f32>,
    /// Probability after it.
    pub(crate) calibrated: Vec<f32>,
    /// The image of each sample.
    pub(crate) cases: Vec<usize>,
}

impl Judged {
    /// Whether each answer is right.
    pub(crate) fn right(&self) -> Vec<bool> {
        self.labels.iter().zip(&self.answers).map(|(l, a)| l == a).collect()
    }

    fn pairs(&self, confidence: &[f32]) -> Vec<(f32, bool)> {
        confidence.iter().copied().zip(self.right()).collect()
    }

    /// Calibrated confidence and whether it was right.
    pub(crate) fn calibrated_pairs(&self) -> Vec<(f32, bool)> {
        self.pairs(&self.calibrated)
    }

    /// The numbers of one head.
    pub(crate) fn scores(&self, threshold: f32) -> SeedScores {
        let right = self.right();
        let said: Vec<bool> =
            right.iter().zip(&self.calibrated).filter(|(_, c)| **c >= threshold).map(|(r, _)| *r).collect();
        SeedScores {
            accuracy: share(&right),
            balanced_accuracy: balanced_accuracy(&self.labels, &self.answers),
            macro_f1: macro_f1(&self.labels, &self.answers),
            ece_before: expected_calibration_error(&self.pairs(&self.raw)),
            ece_after: expected_calibration_error(&self.calibrated_pairs()),
            coverage: said.len() as f64 / right.len().max(1) as f64,
            accuracy_when_said: (!said.is_empty()).then(|| share(&said)),
        }
    }
}

/// One head's numbers on one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedScores {
    /// Share of answers that agree.
    pub(crate) accuracy: f64,
    /// Mean over the words of the share of their images that get them.
    pub(crate) balanced_accuracy: f64,
    /// Mean over the words of F1.
    pub(crate) macro_f1: f64,
    /// Expected calibration error of the plain softmax.
    pub(crate) ece_before: f64,
    /// The same after temperature.
    pub(crate) ece_after: f64,
    /// Share of images for which the confidence reaches the threshold.
    pub(crate) coverage: f64,
    /// Share of those answers that agree.
    pub(crate) accuracy_when_said: Option<f64>,
}

/// Some heads of different seeds on one field, against always answering the most frequent training word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldScores {
    /// Number of images with an answer to compare with.
    pub(crate) images: usize,
    /// One entry a seed.
    pub(crate) seeds: Vec<SeedScores>,
    /// Accuracy of the most frequent training answer.
    pub(crate) majority_accuracy: f64,
    /// Its balanced accuracy.
    pub(crate) majority_balanced_accuracy: f64,
    /// Its macro-F1.
    pub(crate) majority_macro_f1: f64,
    /// Accuracy (mean over seeds) minus that of the most frequent answer, paired bootstrap over images.
    pub(crate) difference: PairedDifference,
}

impl FieldScores {
    /// The mean over seeds of one number.
    pub(crate) fn mean(&self, value: fn(&SeedScores) -> f64) -> f64 {
        self.seeds.iter().map(value).sum::<f64>() / self.seeds.len().max(1) as f64
    }

    /// The rule by which a field is shown: its accuracy (mean over seeds) beats that of the most
    /// frequent training answer by [`WORTH_SAYING`], with the whole 95 % interval of the paired
    /// bootstrap above 0, and its macro-F1 is higher too.
    pub(crate) fn beats_majority(&self) -> bool {
        let better = self.difference.low > 0.0 && self.mean(|s| s.macro_f1) > self.majority_macro_f1;
        better && self.difference.mean >= WORTH_SAYING
    }
}

/// A field that says hardly more than the same word for everybody is not worth a visitor's trust,
/// however sure that little is: two right answers more on 87 images had passed for the location,
/// and on the test images nothing was left of them.
const WORTH_SAYING: f64 = 0.05;

/// That rule in words.
pub(crate) const RULE: &str = "a field is shown when, on the validation images, its accuracy (mean over seeds, with \
                               and without gaze) beats the most frequent training answer by at least .05, with the \
                               whole 95 % interval of a paired bootstrap over images above 0, \
                               and its macro-F1 is higher too";

fn share(right: &[bool]) -> f64 {
    right.iter().filter(|r| **r).count() as f64 / right.len() as f64
}

/// The classes that are the truth of some sample.
fn present(labels: &[usize]) -> Vec<usize> {
    let mut all = labels.to_vec();
    all.sort_unstable();
    all.dedup();
    all
}

/// Mean over the classes that occur of the share of their samples that get them.
pub(crate) fn balanced_accuracy(labels: &[usize], answers: &[usize]) -> f64 {
    let classes = present(labels);
    let recall = |class: &usize| {
        let own: Vec<bool> = labels.iter().zip(answers).filter(|(l, _)| *l == class).map(|(l, a)| l == a).collect();
        share(&own)
    };
    classes.iter().map(recall).sum::<f64>() / classes.len() as f64
}

/// Mean over the classes that occur as label or as answer of F1 = 2 TP / (2 TP + FP + FN).
pub(crate) fn macro_f1(labels: &[usize], answers: &[usize]) -> f64 {
    let classes = present(&[labels, answers].concat());
    let f1 = |class: &usize| {
        let both = labels.iter().zip(answers).filter(|(l, a)| *l == class && *a == class).count();
        let either = labels.iter().filter(|l| *l == class).count() + answers.iter().filter(|a| *a == class).count();
        2.0 * both as f64 / either as f64
    };
    classes.iter().map(f1).sum::<f64>() / classes.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_a_hand_made_table() {
        // Truth 0 0 0 1 1 2, answers 0 0 1 1 1 0.
        let (labels, answers) = ([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 1, 0]);
        assert!((balanced_accuracy(&labels, &answers) - (2.0 / 3.0 + 1.0 + 0.0) / 3.0).abs() < 1e-12);
        // F1: 2*2/(3+3), 2*2/(2+3), 0.
        assert!((macro_f1(&labels, &answers) - (4.0 / 6.0 + 4.0 / 5.0) / 3.0).abs() < 1e-12);
        // A class that is only answered counts as 0.
        assert!((macro_f1(&[0, 0], &[0, 1]) - (2.0 / 3.0) / 2.0).abs() < 1e-12);
        assert_eq!((macro_f1(&[1, 1], &[1, 1]), balanced_accuracy(&[1, 1], &[1, 1])), (1.0, 1.0));
    }

    #[test]
    fn silence_is_counted() {
        let judged = Judged {
            labels: vec![0, 1, 1, 0],
            answers: vec![0, 1, 0, 1],
            raw: vec![0.9, 0.9, 0.9, 0.9],
            calibrated: vec![0.8, 0.7, 0.55, 0.6],
            cases: vec![0, 1, 2, 3],
        };
        let scores = judged.scores(0.6);
        assert_eq!((scores.accuracy, scores.coverage), (0.5, 0.75));
        assert!((scores.accuracy_when_said.unwrap_or_default() - 2.0 / 3.0).abs() < 1e-12);
        // One bin of four at .9 with two right; four bins of one each: .2, .3, .55 and .6 off.
        assert!((scores.ece_before - 0.4).abs() < 1e-6 && (scores.ece_after - 1.65 / 4.0).abs() < 1e-6, "{scores:?}");
        let silent = judged.scores(1.01);
        assert_eq!((silent.coverage, silent.accuracy_when_said), (0.0, None));
    }

    #[test]
    fn a_field_is_shown_only_when_both_numbers_are_better_and_by_enough() {
        let seed = SeedScores {
            accuracy: 0.7,
            balanced_accuracy: 0.6,
            macro_f1: 0.6,
            ece_before: 0.1,
            ece_after: 0.1,
            coverage: 1.0,
            accuracy_when_said: Some(0.7),
        };
        let difference = PairedDifference { mean: 0.1, low: 0.01, high: 0.2, p_value: 0.02 };
        let good = FieldScores {
            images: 10,
            seeds: vec![seed.clone(), SeedScores { macro_f1: 0.4, ..seed }],
            majority_accuracy: 0.6,
            majority_balanced_accuracy: 0.5,
            majority_macro_f1: 0.375,
            difference,
        };
        assert!(good.beats_majority());
        assert!(!FieldScores { majority_macro_f1: 0.5, ..good.clone() }.beats_majority());
        let unsure = PairedDifference { low: 0.0, ..difference };
        assert!(!FieldScores { difference: unsure, ..good.clone() }.beats_majority());
        let hardly = PairedDifference { mean: 0.02, ..difference };
        assert!(!FieldScores { difference: hardly, ..good }.beats_majority());
    }
}
