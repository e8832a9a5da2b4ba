#![allow(clippy::unwrap_used)]
use std::fs;

use super::*;

/// Two seeds on three images, as far as a test needs them.
pub(crate) fn example() -> (Interact, Vec<Line>) {
    let line = |part, seed, id: &str, values: &[(&'static str, f64)]| Line {
        part,
        seed,
        id: id.into(),
        values: values.iter().copied().collect(),
    };
    let mut lines = Vec::new();
    for seed in [1, 2] {
        for (index, id) in ["a", "b", "c"].into_iter().enumerate() {
            let dice = 0.6 + 0.1 * index as f64 + 0.01 * seed as f64;
            lines.push(line(
                Part::Looks,
                seed,
                id,
                &[("teacher_0", dice), ("teacher_1", dice + 0.05), ("student", 0.75)],
            ));
        }
        lines.push(line(Part::SideBySide, seed, "a+b", &[("share", 1.0)]));
        lines.push(line(Part::SideBySide, seed, "b+c", &[("share", 0.5), ("share_unchosen", 0.25)]));
    }
    let about = About {
        study: "interact-polyp".into(),
        command: "fovea eval --interact".into(),
        git_sha: "0123456789ab".into(),
        device: "cpu".into(),
        data: DataRef {
            name: "kvasir-seg".into(),
            split: "gaze".into(),
            sha256: "f".repeat(64),
            images: 3,
            gaze: None,
            uniform_truths: None,
        },
        config: serde_json::json!({"epochs": 12}),
        student: None,
        backbone_sha256: None,
        doubles: vec!["b".into()],
        note: "a | note".into(),
    };
    (Interact::of(about, &lines).unwrap(), lines)
}

#[test]
fn images_are_averaged_within_seeds_and_seeds_among_each_other() {
    let (found, _) = example();
    let figure = found.figure(Part::Looks, "teacher_0").unwrap();
    assert_eq!((figure.mean, figure.images, figure.seeds.as_slice()), (0.715, 3, [0.71, 0.72].as_slice()));
    assert!((figure.sd.unwrap() - 0.00707).abs() < 1e-9);
    assert!(figure.low >= 0.615 && figure.low < 0.7 && figure.high > 0.73 && figure.high <= 0.815, "{figure:?}");
    // A picture without the measure does not count for it.
    assert_eq!(found.figure(Part::SideBySide, "share_unchosen").unwrap().images, 1);
    assert!(found.figure(Part::Blended, "share").is_none());
    assert_eq!(found.seeds, [1, 2]);
}

#[test]
fn what_cannot_be_summed_up_is_named() {
    let (found, lines) = example();
    let about = || About {
        study: String::new(),
        command: String::new(),
        git_sha: String::new(),
        device: String::new(),
        data: found.data.clone(),
        config: serde_json::Value::Null,
        student: None,
        backbone_sha256: None,
        doubles: Vec::new(),
        note: String::new(),
    };
    assert!(Interact::of(about(), &[]).unwrap_err().to_string().contains("nothing was measured"));
    let twice = [lines[0].clone(), lines[0].clone()];
    assert!(Interact::of(about(), &twice).unwrap_err().to_string().contains("twice"));
    let mut odd = lines[0].clone();
    odd.values.insert("gain_1", f64::NAN);
    assert!(Interact::of(about(), &[odd]).unwrap_err().to_string().contains("gain_1 of a"));
}

#[test]
fn files_say_the_same_and_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let (found, lines) = example();
    let path = folder.path().join("results/interact-polyp.json");
    let files = found.write(&path, &lines).unwrap();
    assert!(files.iter().all(|file| file.exists()) && files.len() == 4);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(serde_json::from_str::<Interact>(&text).unwrap(), found);
    assert!(text.contains("\"kind\": \"interact\"") && text.contains("\"side_by_side\""), "{text}");
    let page = fs::read_to_string(&files[1]).unwrap();
    assert!(
        page.contains("| Dice of the teacher without a look | 0.715 \u{b1} 0.007 [") && page.contains("a | note"),
        "{page}"
    );
    assert!(page.contains("show two lesions: b.") && page.contains(RULES[1]), "{page}");
    let table = fs::read_to_string(&files[2]).unwrap();
    let mut rows = table.lines();
    let heads: Vec<&str> = rows.next().unwrap().split(',').collect();
    assert_eq!(heads.iter().filter(|head| **head == "emptied").count(), 1);
    let cells: Vec<&str> = rows.next().unwrap().split(',').collect();
    assert_eq!(cells.len(), heads.len());
    assert_eq!(&cells[..5], ["looks", "1", "a", "0.61", "0.66"]);
    let svg = fs::read_to_string(&files[3]).unwrap();
    assert!(svg.contains("halves: mask on the looked-at side") && !svg.contains("blended"), "{svg}");
}

#[test]
fn every_measure_has_one_name_a_part() {
    for part in Part::ALL {
        let mut keys: Vec<&str> = MEASURES.iter().filter(|m| m.parts.contains(&part)).map(|m| m.key).collect();
        let count = keys.len();
        assert!(count > 0, "{part}");
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count, "{part}");
        assert_eq!(serde_json::to_value(part).unwrap(), part.name());
    }
}

#[test]
fn page_and_figure_stay_as_they_are() {
    let (found, _) = example();
    insta::assert_snapshot!("interact-page", found.markdown());
    insta::assert_snapshot!("interact-figure", figure::figure(&found));
}
