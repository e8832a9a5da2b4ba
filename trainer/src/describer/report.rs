//! `results/describer-*.json`: what an evaluation of describers found, and a table of it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use fovea_shared::metrics::paired_bootstrap;
use serde::{Deserialize, Serialize};

use super::{
    fit::FitConfig,
    score::{FieldScores, Judged, SeedScores, balanced_accuracy, macro_f1},
};
use crate::{
    report::{
        kind::DescriberKind,
        results::{DataRef, mean_and_sd},
    },
    run::write_atomic,
};

/// Seed of the bootstrap, that of the other studies.
const BOOTSTRAP_SEED: u64 = 20_250_415;

/// A study of describers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DescriberStudy {
    /// Always `describer`.
    #[serde(default)]
    pub(crate) kind: DescriberKind,
    /// Its name, which is also the file's.
    pub(crate) study: String,
    /// The command that wrote it.
    pub(crate) command: String,
    /// The program's commit.
    pub(crate) git_sha: String,
    /// The device that computed.
    pub(crate) device: String,
    /// What was measured on.
    pub(crate) data: DataRef,
    /// Training, validation and test images that have an answer.
    pub(crate) counts: [usize; 3],
    /// What temperatures, thresholds, epochs and shown fields were chosen on.
    pub(crate) selection: String,
    /// Whose answers were learnt, and are compared with.
    pub(crate) source: String,
    /// SHA-256 of the file of answers.
    pub(crate) answers_sha256: String,
    /// What must be said of the answers.
    pub(crate) caveat: String,
    /// Where the masks come from.
    pub(crate) masks: String,
    /// The seeds, in the order of the scores.
    pub(crate) seeds: Vec<u64>,
    /// The epoch that was kept of each.
    pub(crate) epochs: Vec<usize>,
    /// The seed that ships.
    pub(crate) shipped: u64,
    /// How the heads were trained.
    pub(crate) config: FitConfig,
    /// How the shown fields were chosen.
    pub(crate) rule: String,
    /// The fields.
    pub(crate) fields: Vec<FieldStudy>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldStudy {
    /// Its name.
    pub(crate) field: String,
    /// The words that are learnt.
    pub(crate) classes: Vec<String>,
    /// How often each word answers for a training image, most frequent first; the first is the majority answer.
    pub(crate) training_counts: Vec<(String, usize)>,
    /// Whether it is shown.
    pub(crate) shown: bool,
    /// Temperature of each seed.
    pub(crate) temperatures: Vec<f32>,
    /// Threshold of each seed.
    pub(crate) thresholds: Vec<f32>,
    /// On validation, with and without gaze together: what the choices were made on, so too favourable.
    pub(crate) validation: FieldScores,
    /// On the test images without gaze: mask of the student.
    pub(crate) test_without_gaze: FieldScores,
    /// On the test images with their gaze: mask of the teacher.
    pub(crate) test_with_gaze: FieldScores,
}

/// The scores of some heads on the same samples of one field; `majority` is the class of the most
/// frequent training answer.
pub(crate) fn field_scores(heads: &[Judged], thresholds: &[f32], majority: usize) -> FieldScores {
    let (mut right, mut plain, mut count) = (Vec::new(), Vec::new(), Vec::new());
    let images = heads.iter().flat_map(|h| &h.cases).max().map_or(0, |m| m + 1);
    for sums in [&mut right, &mut plain, &mut count] {
        sums.resize(images, 0.0f64);
    }
    for head in heads {
        for ((case, label), answer) in head.cases.iter().zip(&head.labels).zip(&head.answers) {
            right[*case] += f64::from(u8::from(label == answer));
            plain[*case] += f64::from(u8::from(*label == majority));
            count[*case] += 1.0;
        }
    }
    let known: Vec<usize> = (0..images).filter(|i| count[*i] > 0.0).collect();
    let mean = |sums: &[f64]| -> Vec<f64> { known.iter().map(|i| sums[*i] / count[*i]).collect() };
    let (right, plain) = (mean(&right), mean(&plain));
    let labels = heads.first().map_or(&[][..], |h| &h.labels);
    let always = vec![majority; labels.len()];
    FieldScores {
        images: known.len(),
        seeds: heads.iter().zip(thresholds).map(|(h, t)| h.scores(*t)).collect(),
        majority_accuracy: plain.iter().sum::<f64>() / plain.len().max(1) as f64,
        majority_balanced_accuracy: balanced_accuracy(labels, &always),
        majority_macro_f1: macro_f1(labels, &always),
        difference: paired_bootstrap(&right, &plain, BOOTSTRAP_SEED),
    }
}

impl DescriberStudy {
    /// Writes `path` and the Markdown table beside it, each in one step. Returns both paths.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub(crate) fn write(&self, path: &Path) -> Result<[PathBuf; 2]> {
        if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        let table = path.with_extension("md");
        write_atomic(path, (serde_json::to_string_pretty(self)? + "\n").as_bytes())?;
        write_atomic(&table, self.markdown().as_bytes())?;
        Ok([path.to_path_buf(), table])
    }

    /// The study as a Markdown page.
    pub(crate) fn markdown(&self) -> String {
        let d = &self.data;
        let mut out = format!(
            "# {}\n\n{}, split `{}`, {} test images, data {:.12}. Learnt: {}. Chosen on: {}. Masks: {}. Device: {}. \
             Commit: {:.12}.\n\
             Written by `{}`; the figures are those of the JSON file beside this one.\n\n**{}**\n\n\
             Agreement with the answers of {} (not with the truth), mean over {} seeds ± standard deviation; the \
             difference to always giving the most frequent training answer with its 95 % paired bootstrap interval \
             over images. \
             \"Said\" is the share of images for which the calibrated confidence reaches the threshold, \"right when \
             said\" the accuracy there.\n\n",
            self.study,
            d.name,
            d.split,
            d.images,
            d.sha256,
            self.source,
            self.selection,
            self.masks,
            self.device,
            self.git_sha,
            self.command,
            self.caveat,
            self.source,
            self.seeds.len()
        );
        out += "| field | shown | images | gaze | accuracy | most frequent | difference | macro-F1 | (most frequent) | \
                balanced acc. | ECE before | ECE after | said | right when said \
                |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
        for field in &self.fields {
            let rows = [
                ("validation, both", &field.validation),
                ("test, no", &field.test_without_gaze),
                ("test, yes", &field.test_with_gaze),
            ];
            for (gaze, s) in rows {
                let spread = |value: fn(&SeedScores) -> f64| spread(&s.seeds.iter().map(value).collect::<Vec<_>>());
                let said: Vec<f64> = s.seeds.iter().filter_map(|s| s.accuracy_when_said).collect();
                out += &format!(
                    "| {} | {} | {} | {gaze} | {} | {:.3} | {:+.3} [{:+.3}, {:+.3}] | {} | {:.3} | {} | {} | {} | {} | \
                     {} |\n",
                    field.field,
                    if field.shown { "yes" } else { "no" },
                    s.images,
                    spread(|s| s.accuracy),
                    s.majority_accuracy,
                    s.difference.mean,
                    s.difference.low,
                    s.difference.high,
                    spread(|s| s.macro_f1),
                    s.majority_macro_f1,
                    spread(|s| s.balanced_accuracy),
                    spread(|s| s.ece_before),
                    spread(|s| s.ece_after),
                    spread(|s| s.coverage),
                    if said.is_empty() { "-".into() } else { self::spread(&said) },
                );
            }
        }
        out += &format!("\nRule: {}.\n", self.rule);
        for field in &self.fields {
            let counts: Vec<String> = field.training_counts.iter().map(|(w, n)| format!("{w} {n}")).collect();
            out += &format!("- {}: training answers {}.\n", field.field, counts.join(", "));
        }
        out
    }
}

fn spread(values: &[f64]) -> String {
    match mean_and_sd(values) {
        (Some(mean), Some(sd)) => format!("{mean:.3} ± {sd:.3}"),
        (Some(mean), None) => format!("{mean:.3}"),
        _ => "-".into(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn judged(labels: &[usize], answers: &[usize], cases: &[usize]) -> Judged {
        let sure = vec![0.8; labels.len()];
        Judged {
            labels: labels.to_vec(),
            answers: answers.to_vec(),
            raw: sure.clone(),
            calibrated: sure,
            cases: cases.to_vec(),
        }
    }

    #[test]
    fn samples_of_one_image_count_once() {
        // Image 0 has no answer; images 1 and 2 come twice.
        let a = judged(&[0, 0, 1, 1], &[0, 0, 1, 0], &[1, 1, 2, 2]);
        let b = judged(&[0, 0, 1, 1], &[0, 0, 0, 0], &[1, 1, 2, 2]);
        let scores = field_scores(&[a, b], &[0.5, 0.9], 0);
        assert_eq!((scores.images, scores.majority_accuracy), (2, 0.5));
        assert!((scores.difference.mean - 0.125).abs() < 1e-12, "{:?}", scores.difference);
        assert_eq!(scores.seeds.iter().map(|s| s.coverage).collect::<Vec<_>>(), [1.0, 0.0]);
        assert_eq!((scores.seeds[0].accuracy, scores.majority_balanced_accuracy), (0.75, 0.5));
    }

    #[test]
    fn the_file_and_its_table_say_the_same() {
        let scores = field_scores(&[judged(&[0, 1, 1], &[0, 1, 0], &[0, 1, 2])], &[0.5], 1);
        let study = DescriberStudy {
            kind: DescriberKind::Only,
            study: "describer-x".into(),
            command: "fovea describer eval".into(),
            git_sha: "0123456789ab".into(),
            device: "cpu".into(),
            data: DataRef {
                name: "k".into(),
                split: "gaze".into(),
                sha256: "f".repeat(64),
                images: 3,
                gaze: None,
                uniform_truths: None,
            },
            counts: [9, 3, 3],
            selection: "validation".into(),
            source: "vlm:m".into(),
            answers_sha256: "e".repeat(64),
            caveat: "beware".into(),
            masks: "predicted".into(),
            seeds: vec![4],
            epochs: vec![2],
            shipped: 4,
            config: FitConfig {
                hidden: 8,
                epochs: 3,
                batch: 4,
                rate: 1e-3,
                weight_decay: 0.0,
                dropout: 0.0,
                balance: 0.0,
            },
            rule: "a rule".into(),
            fields: vec![FieldStudy {
                field: "size".into(),
                classes: vec!["small".into(), "large".into()],
                training_counts: vec![("large".into(), 6), ("small".into(), 3)],
                shown: false,
                temperatures: vec![1.0],
                thresholds: vec![0.5],
                validation: scores.clone(),
                test_without_gaze: scores.clone(),
                test_with_gaze: scores,
            }],
        };
        insta::assert_snapshot!("describer-page", study.markdown());
        let folder = tempfile::tempdir().unwrap();
        let [json, table] = study.write(&folder.path().join("r/describer-x.json")).unwrap();
        let read: DescriberStudy = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
        assert_eq!(read, study);
        let table = fs::read_to_string(table).unwrap();
        assert!(table.contains("**beware**") && table.contains("large 6, small 3"), "{table}");
        assert!(table.contains("| size | no | 3 | test, yes | 0.667 | 0.667 | +0.000 ["), "{table}");
    }
}
