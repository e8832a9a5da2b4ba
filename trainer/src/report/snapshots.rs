//! Tables and figures as they are written, of small made-up results. The stored texts lie in
//! `snapshots/`; after a wanted change `INSTA_UPDATE=always cargo test --workspace --lib` writes
//! them again, and the change shows in `git diff`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use fovea_shared::{
    description::{Description, Field, Modality, Source},
    metrics::PairedDifference,
};
use insta::assert_snapshot;

use super::{
    bench::{Bench, BenchRow},
    descriptions::{DataAbout, DescriptionStudy},
    folder::ResultsFolder,
    kind::{BenchKind, DescriptionsKind, LabelsKind},
    labels::{LabelRow, Labels},
    readme::rewrite,
    results::{Paired, Study, example},
    study_figure::figure,
};
use crate::describe::agreement::compare;

/// The example with a reference row and differences from it.
fn with_differences() -> Study {
    let mut study = example();
    let dice = PairedDifference { mean: 0.02, low: -0.001, high: 0.041, p_value: 0.063 };
    for row in &mut study.rows {
        row.paired =
            vec![Paired { model: "student".into(), reference: "other".into(), seeds: vec![1], images: 2, dice }];
    }
    study
}

fn bench() -> Bench {
    let row = |name: &str, unit: &str, value, peer: Option<f64>| BenchRow {
        name: name.into(),
        unit: unit.into(),
        value,
        peer: peer.map(|_| "pytorch".into()),
        peer_value: peer,
        ratio: peer.map(|peer| value / peer),
    };
    Bench {
        kind: BenchKind::Only,
        study: "bench".into(),
        command: "cargo xtask bench".into(),
        machine: "two cores".into(),
        git_sha: "0123456789ab".into(),
        rows: vec![
            row("click.teacher.cpu", "ms", 27.4, None),
            row("train_step.lite.cpu", "ms", 522.1, Some(306.0)),
            row("page.wasm", "bytes, raw", 25_166_543.0, None),
        ],
    }
}

#[test]
fn studies() {
    assert_snapshot!("study-page", example().markdown());
    assert_snapshot!("study-page-with-differences", with_differences().markdown());
    assert_snapshot!("study-figure", figure(&example()));
    assert_snapshot!("study-figure-with-differences", figure(&with_differences()));
}

#[test]
fn tables_of_a_readme() {
    let folder = tempfile::tempdir().unwrap();
    with_differences().write(&folder.path().join("kvasir-road.json")).unwrap();
    let (found, lines) = super::interact::example();
    found.write(&folder.path().join("interact-polyp.json"), &lines).unwrap();
    std::fs::write(folder.path().join("bench.json"), serde_json::to_string(&bench()).unwrap()).unwrap();
    let results = ResultsFolder::read(folder.path()).unwrap();
    let names = ["kvasir-road models=student", "interact-polyp rows=looks", "bench"];
    let text: String = names.map(|name| format!("<!-- results:{name} -->\n<!-- /results -->\n")).concat();
    assert_snapshot!("readme-tables", rewrite(&text, &results, "results").unwrap().text);
}

#[test]
fn labels() {
    let row = |name: &str, dice: &[f64]| LabelRow {
        name: name.into(),
        dice: dice.to_vec(),
        differs: vec![0.01, 0.03],
        right: vec![0.5, 0.75],
    };
    let labels = Labels {
        kind: LabelsKind::Only,
        study: "kvasir-labels".into(),
        command: "fovea labels".into(),
        git_sha: "0123456789ab".into(),
        device: "cpu".into(),
        data: "kvasir-seg".into(),
        split: "gaze".into(),
        images: 810,
        grid: 56,
        seeds: vec![1, 2],
        labels: vec![row("broad pseudo-mask", &[0.8, 0.82]), row("teacher with gaze, where sure", &[])],
    };
    assert_snapshot!("labels-page", labels.markdown());
}

#[test]
fn descriptions() {
    let modality = Modality::Polyp;
    let said = |word: &str| {
        let mut description = Description::new(modality, Source::Measured);
        description.set(Field::Size, Some(word)).unwrap();
        description
    };
    let words = Field::Size.words(modality);
    let (small, large) = (said(words[0].name), said(words[1].name));
    let pairs = [(&small, &small), (&small, &large), (&large, &large)];
    let study = DescriptionStudy {
        kind: DescriptionsKind::Only,
        study: "descriptions".into(),
        command: "fovea agree".into(),
        git_sha: "0123456789ab".into(),
        device: "cpu".into(),
        modality,
        thresholds: "1".into(),
        data: DataAbout { name: "phantoms".into(), images: 3, sha256: None, phantom_seed: Some(7) },
        descriptions: BTreeMap::from([("gaze".to_owned(), 3), ("true".to_owned(), 3)]),
        caveats: vec!["made up".into()],
        pairs: vec![compare("gaze", "true", modality, &pairs)],
    };
    assert_snapshot!("descriptions-page", study.markdown());
}
