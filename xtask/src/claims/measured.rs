//! Our own gains, from `results/*.json` as `fovea ablate` writes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::file::{DataSet, Evidence, Gain, Pair, Question, rounded};

/// The studies that hold a gain, with the data set and, where it is about weights that the page
/// ships, the folder of its bundle.
const STUDIES: [(&str, DataSet, Option<&str>); 9] = [
    ("kvasir-ablation", DataSet::KvasirSeg, None),
    ("kvasir-raw-ablation", DataSet::KvasirSeg, None),
    ("bundle-polyp", DataSet::KvasirSeg, Some("polyp")),
    ("phantom-polyp-ablation", DataSet::DrawnPolyps, None),
    ("phantom-prostate-ablation", DataSet::DrawnProstates, None),
    ("bundle-prostate", DataSet::DrawnProstates, Some("prostate")),
    ("isic-ablation", DataSet::Isic, None),
    ("bundle-skin", DataSet::Isic, Some("skin")),
    ("phantom-skin-ablation", DataSet::DrawnSkin, None),
];

/// What such files are called, so that a new one is not left out silently.
fn is_named_like_a_study(name: &str) -> bool {
    name.starts_with("bundle-") || name.ends_with("-ablation")
}

#[derive(Deserialize)]
struct Study {
    data: Data,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Data {
    name: String,
    gaze: String,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    config: Config,
    student: Student,
    #[serde(default)]
    paired: Vec<Paired>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Config {
    distill: Distill,
    pseudo_masks: PseudoMasks,
    student_target: String,
    text: String,
}

#[derive(Deserialize)]
struct Distill {
    masking: BTreeMap<String, serde_json::Value>,
    strategies: BTreeMap<String, bool>,
}

#[derive(Deserialize)]
struct PseudoMasks {
    refinement: String,
}

#[derive(Deserialize)]
struct Student {
    /// A seed each.
    dice: Vec<f64>,
}

#[derive(Deserialize)]
struct Paired {
    model: String,
    reference: String,
    seeds: Vec<u64>,
    images: usize,
    dice: Difference,
}

#[derive(Deserialize)]
struct Difference {
    mean: f64,
    low: f64,
    high: f64,
}

impl Row {
    /// What the student was told to predict, as bundles call it, as far as gains are about it.
    fn told(&self) -> Option<&'static str> {
        match (self.config.student_target.as_str(), self.config.pseudo_masks.refinement.as_str()) {
            ("heat-map", _) | ("broad-mask", "none") => Some("heat"),
            ("broad-mask", "grabcut") => Some("refined"),
            ("full-supervision", _) => Some("full-supervision"),
            _ => None,
        }
    }

    fn has_all_strategies(&self) -> bool {
        ["afc", "cwc", "darm"].iter().all(|name| self.config.distill.strategies.get(*name) == Some(&true))
    }

    fn has_no_strategy(&self) -> bool {
        self.config.distill.strategies.values().all(|on| !on)
    }

    fn dice(&self) -> f64 {
        self.student.dice.iter().sum::<f64>() / self.student.dice.len() as f64
    }

    /// What the row answers when it is compared with this one.
    fn answers(&self, reference: &Self) -> Option<Question> {
        let method_form =
            self.config.distill.masking.get("region").and_then(|region| region.as_str()) == Some("prediction");
        let same = self.told() == reference.told() && self.config.text == reference.config.text;
        if self.has_all_strategies() && reference.has_no_strategy() && same && method_form {
            return Some(Question::Strategies);
        }
        let bound = self.told() == Some("full-supervision") && self.has_no_strategy();
        (bound && reference.has_no_strategy()).then_some(Question::FullSupervision)
    }
}

/// The gains of all studies, and the differences between the students of bundles.
///
/// # Errors
/// A file that is missing or of another kind, about other data than expected, or that nobody has listed.
pub(super) fn read(folder: &Path) -> Result<(Vec<Gain>, Vec<Pair>)> {
    refuse_unlisted(folder)?;
    let (mut gains, mut pairs) = (Vec::new(), Vec::new());
    for (name, data, bundle) in STUDIES {
        let path = folder.join(format!("{name}.json"));
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let study: Study = serde_json::from_str(&text)
            .with_context(|| format!("{} is not a study as `fovea ablate` writes it", path.display()))?;
        let expected = match data {
            DataSet::KvasirSeg => "kvasir-seg",
            DataSet::Isic => "isic",
            DataSet::NciIsbi => "nci-isbi",
            DataSet::DrawnPolyps | DataSet::DrawnProstates | DataSet::DrawnSkin => "phantom",
        };
        ensure!(study.data.name == expected, "{name} is about {}, not {expected}", study.data.name);
        let mut own = study.gains(name, data)?;
        if let Some(bundle) = bundle {
            // The page's headline says by the pairs how far its own students are below true masks.
            own.retain(|gain| gain.question == Question::Strategies);
            pairs.extend(study.pairs(bundle)?);
        }
        gains.extend(own);
    }
    Ok((gains, pairs))
}

/// # Errors
/// Names a study that [`STUDIES`] lacks.
fn refuse_unlisted(folder: &Path) -> Result<()> {
    let listed = |name: &str| STUDIES.iter().any(|(study, ..)| *study == name);
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let json = path.extension().is_some_and(|extension| extension == "json");
        if json && is_named_like_a_study(name) && !listed(name) && !is_about_text(name) {
            bail!(
                "results/{name}.json is in no list of claims\nremedy: add it to STUDIES in xtask/src/claims/measured.rs"
            );
        }
    }
    Ok(())
}

/// The study of the words has rows for what the teacher reads, and none without strategies.
fn is_about_text(name: &str) -> bool {
    name == "text-ablation"
}

impl Study {
    fn row(&self, name: &str) -> Result<&Row> {
        self.rows.iter().find(|row| row.name == name).with_context(|| format!("there is no row {name}"))
    }

    /// Every row that was compared as a student, with what it was compared with.
    fn compared(&self) -> Result<Vec<(&Row, &Row, &Paired)>> {
        let students = self.rows.iter().flat_map(|row| row.paired.iter().map(move |paired| (row, paired)));
        let students = students.filter(|(_, paired)| paired.model == "student");
        students.map(|(row, paired)| Ok((row, self.row(&paired.reference)?, paired))).collect()
    }

    fn gains(&self, study: &str, data: DataSet) -> Result<Vec<Gain>> {
        let mut gains = Vec::new();
        for (row, reference, paired) in self.compared()? {
            let Some((question, told)) = row.answers(reference).zip(reference.told()) else { continue };
            let evidence = Evidence::Measured {
                interval: [rounded(paired.dice.low), rounded(paired.dice.high)],
                seeds: paired.seeds.len(),
                images: paired.images,
                gaze: self.data.gaze.clone(),
                told,
                study: study.to_owned(),
                of: row.name.clone(),
                over: reference.name.clone(),
            };
            gains.push(Gain { data, question, gain: rounded(paired.dice.mean), evidence });
        }
        Ok(gains)
    }

    fn pairs(&self, bundle: &'static str) -> Result<Vec<Pair>> {
        let pair = |(row, reference, paired): (&Row, &Row, &Paired)| Pair {
            bundle,
            student: row.name.clone(),
            dice: rounded(row.dice()),
            reference: reference.name.clone(),
            reference_dice: rounded(reference.dice()),
            difference: rounded(paired.dice.mean),
            interval: [rounded(paired.dice.low), rounded(paired.dice.high)],
            seeds: paired.seeds.len(),
            images: paired.images,
        };
        Ok(self.compared()?.into_iter().map(pair).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn row(name: &str, target: &str, on: bool, text: &str, paired: bool) -> serde_json::Value {
        let difference = json!({"model": "student", "reference": "plain", "seeds": [1, 2], "images": 7,
            "dice": {"mean": 0.0123456, "low": -0.001, "high": 0.03}});
        json!({
            "name": name,
            "config": {
                "student-target": target, "text": text, "pseudo-masks": {"refinement": "grabcut"},
                "distill": {"masking": {"region": "prediction"}, "strategies": {"afc": on, "cwc": on, "darm": on}}
            },
            "student": {"dice": [0.5, 0.7]},
            "paired": if paired { vec![difference] } else { vec![] }
        })
    }

    fn study(rows: &[serde_json::Value]) -> Study {
        serde_json::from_value(json!({"data": {"name": "phantom", "gaze": "simulated"}, "rows": rows})).unwrap()
    }

    #[test]
    fn only_rows_that_differ_in_one_thing_from_their_reference_are_a_gain() {
        let study = study(&[
            row("plain", "broad-mask", false, "measured", false),
            row("all", "broad-mask", true, "measured", true),
            row("all-shuffled", "broad-mask", true, "shuffled", true),
            row("all-labels", "teacher", true, "measured", true),
            row("bound", "full-supervision", false, "measured", true),
        ]);
        let gains = study.gains("some", DataSet::DrawnPolyps).unwrap();
        let found: Vec<_> = gains.iter().map(|gain| (gain.question, gain.gain)).collect();
        assert_eq!(found, [(Question::Strategies, 0.01235), (Question::FullSupervision, 0.01235)]);
        let Evidence::Measured { seeds, images, told, of, .. } = &gains[0].evidence else { panic!("published") };
        assert_eq!((*seeds, *images, *told, of.as_str()), (2, 7, "refined", "all"));
    }

    #[test]
    fn pairs_hold_every_student_and_the_dice_that_they_are_about() {
        let study = study(&[
            row("plain", "heat-map", false, "measured", false),
            row("labels", "teacher", false, "measured", true),
        ]);
        let pairs = study.pairs("polyp").unwrap();
        assert_eq!((pairs.len(), pairs[0].student.as_str(), pairs[0].dice), (1, "labels", 0.6));
    }

    #[test]
    fn a_study_that_is_not_listed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("chest-ablation.json"), "{}").unwrap();
        assert!(read(folder.path()).err().unwrap().to_string().contains("chest-ablation"));
    }
}
