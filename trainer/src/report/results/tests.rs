//! Totals, spread, and the shape of the files.
#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn totals_and_spread() {
    let s = example_scores(&[&[0.8, 0.6], &[0.9, 0.0]]);
    assert_eq!(s.empty, [0, 1]);
    assert!((s.dice[0] - 0.7).abs() < 1e-12 && (s.dice[1] - 0.45).abs() < 1e-12);
    assert!(s.dice_interval.iter().zip(&s.dice).all(|([low, high], mean)| low <= mean && mean <= high));
    assert_eq!(mean_and_sd(&[]), (None, None));
    assert_eq!(mean_and_sd(&[2.0]), (Some(2.0), None));
    assert_eq!(mean_and_sd(&[1.0, 3.0]), (Some(2.0), Some(2f64.sqrt())));
    assert!(Scores::default().push(&[]).is_err());
    // Images without a lesion count for no mean.
    let nothing = |dice: f64| Segmentation { empty_truth: true, ..example_score(1.0 - dice) };
    let mut scores = Scores::default();
    scores.push(&[example_score(0.8), nothing(1.0), nothing(0.0), nothing(1.0), example_score(0.6)]).unwrap();
    assert!((scores.dice[0] - 0.7).abs() < 1e-12);
    assert_eq!((scores.empty, scores.empty_as_truth), (vec![0], vec![2]));
    assert!(Scores::default().push(&[nothing(1.0)]).is_err());
}

#[test]
fn reads_what_it_writes_in_the_agreed_shape() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("results/kvasir-road.json");
    let [json, table, csv, svg] = example().write(&path).unwrap();
    assert_eq!(Study::read(&json).unwrap(), example());
    let value: serde_json::Value = serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(value["data"]["split"], "gaze");
    assert_eq!(value["rows"][0]["seeds"], serde_json::json!([1, 2]));
    assert_eq!(value["rows"][0]["student"]["dice"].as_array().unwrap().len(), 2);
    assert!(value["rows"][0].get("teacher").is_none());
    assert!(csv.exists() && svg.exists());
    let mut other = value;
    other["rows"][0]["pupil"] = 3.into();
    let error = serde_json::from_value::<Study>(other).unwrap_err().to_string();
    assert!(error.contains("pupil"), "{error}");
    let table = fs::read_to_string(table).unwrap();
    assert!(table.contains("| all | student | 2 | 0.575 ± 0.177 |"), "{table}");
    assert!(table.contains("| all | teacher with gaze | 1 | 0.800 ["), "{table}");
    assert!(table.contains("- `all`: a note"), "{table}");
}

#[test]
fn an_edited_configuration_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let mut study = example();
    study.rows[0].config_sha256 = Some(config_hash(&study.rows[0].config));
    study.write(&path).unwrap();
    assert_eq!(Study::read(&path).unwrap(), study);
    let text = fs::read_to_string(&path).unwrap().replacen("\"epochs\": 12", "\"epochs\": 13", 1);
    fs::write(&path, text).unwrap();
    let error = Study::read(&path).unwrap_err().to_string();
    assert!(error.contains("`all`") && error.contains("edited"), "{error}");
}

#[test]
fn a_number_that_json_cannot_hold_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let mut study = example();
    if let Some(scores) = &mut study.rows[0].scores.student {
        scores.hd95[0] = f64::NAN;
    }
    let error = study.write(&path).unwrap_err();
    assert!(matches!(error, ReportError::NotFinite { .. }) && error.to_string().contains("not finite"), "{error:?}");
    assert!(!path.exists());
}

#[test]
fn rows_are_replaced_by_name_and_never_mixed_over_data() {
    let mut new = example();
    new.rows[0].name = "gaze-baseline".into();
    new.keep_rows_of(example()).unwrap();
    assert_eq!(new.rows.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["all", "other", "gaze-baseline"]);
    let mut changed = example();
    changed.rows[0].note = "new".into();
    changed.keep_rows_of(example()).unwrap();
    assert_eq!((changed.rows.len(), changed.rows[0].note.as_str()), (2, "new"));
    let mut written = example();
    written.data.gaze = Some(GazeOrigin::Simulated);
    assert!(written.markdown().contains("simulated") && !example().markdown().contains("simulated"));
    written.clone().keep_rows_of(example()).unwrap();
    let mut recorded = example();
    recorded.data.gaze = Some(GazeOrigin::Recorded);
    assert!(recorded.keep_rows_of(written).is_err());
    let mut other = example();
    other.data.split = "official".into();
    let error = other.keep_rows_of(example()).unwrap_err();
    assert!(matches!(error, ReportError::OtherData { .. }) && error.to_string().contains("other data"), "{error:?}");
}
