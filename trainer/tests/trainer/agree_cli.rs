//! `fovea agree` through the binary.

use std::fs;
use std::path::{Path, PathBuf};

use fovea_shared::description::{Description, Field, Modality, Source};
use fovea_trainer::describe::store::{Appender, Record, read};
use fovea_trainer::report::descriptions::DescriptionStudy;
use serde_json::Value;

use crate::binary::fovea;

fn succeed(arguments: &[&str]) {
    let output = fovea(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn failure(arguments: &[&str]) -> String {
    let output = fovea(arguments);
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

/// Draws eight small phantoms.
fn phantoms(folder: &Path) -> PathBuf {
    let set = folder.join("set");
    let out = set.to_str().unwrap();
    succeed(&["data", "phantom", "--count", "8", "--seed", "4", "--size", "128x108", "--out", out]);
    set
}

/// The pair of two sources and one field of it.
fn field<'a>(study: &'a Value, first: &str, second: &str, field: &str) -> &'a Value {
    let find =
        |list: &'a Value, wanted: &dyn Fn(&Value) -> bool| list.as_array().unwrap().iter().find(|v| wanted(v)).unwrap();
    let pair = find(&study["pairs"], &|p| {
        p["first"].as_str().unwrap().contains(first) && p["second"].as_str().unwrap().contains(second)
    });
    find(&pair["fields"], &|f| f["field"] == field)
}

#[test]
fn measured_imported_and_true_masks() {
    let folder = tempfile::tempdir().unwrap();
    let set = phantoms(folder.path());
    let (data, out) = (set.to_str().unwrap(), folder.path().join("results/descriptions.json"));
    let (out, numbers) = (out.to_str().unwrap(), folder.path().join("numbers.csv"));

    // Another source: it says nothing of two images, and one shape of all others.
    let import = folder.path().join("other.jsonl");
    let mut file = Appender::open(&import).unwrap();
    for index in 0..6 {
        let mut description = Description::new(Modality::Polyp, Source::Vlm("a-model".into()));
        description.set(Field::Shape, Some("oval")).unwrap();
        let caveat = Some("made up for a test".into());
        file.append(&Record {
            id: format!("polyp-4-{index:05}"),
            image_sha256: None,
            description,
            caveat,
            asked: None,
        })
        .unwrap();
    }
    let other = import.to_str().unwrap();
    succeed(&["agree", "--data", data, "--import", other, "--out", out, "--numbers", numbers.to_str().unwrap(), "-q"]);
    let text = fs::read_to_string(out).unwrap();
    let typed: DescriptionStudy = serde_json::from_str(&text).unwrap();
    assert_eq!((typed.study.as_str(), typed.pairs.len(), typed.data.images), ("descriptions", 3, 8));
    let study: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(study["descriptions"], serde_json::json!({"measured": 8, "import": 6, "true masks": 8}));
    assert!(
        study["data"]["sha256"].as_str().unwrap().len() == 64
            && study["thresholds"].as_str().unwrap().starts_with("measured-")
    );
    let caveats = study["caveats"].to_string();
    assert!(caveats.contains("made up for a test") && caveats.contains("simulated"), "{caveats}");

    // Simulated gaze is on the polyp: its mask lies mostly where the true one does.
    let place = field(&study, "gaze mask", "true mask", "location");
    assert!(place["both"] == 8 && place["agreement"].as_f64().unwrap() >= 0.6, "{place}");
    let shape = field(&study, "measured", "vlm:a-model", "shape");
    assert_eq!((&shape["both"], &shape["second_coverage"]), (&6.into(), &1.0.into()));
    assert_eq!(shape["words"]["oval"][1], 6);
    let silent = field(&study, "vlm:a-model", "true mask", "size");
    assert!(silent["both"] == 0 && silent["first_coverage"] == 0.0 && silent["agreement"].is_null(), "{silent}");

    let page = fs::read_to_string(Path::new(out).with_extension("md")).unwrap();
    assert!(page.contains("| location | 1.000 | 1.000 | 8 |") && page.contains("made up for a test"), "{page}");
    let mut table = csv::Reader::from_path(&numbers).unwrap();
    let head = table.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|h| h == name).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 16);
    for row in &rows {
        assert!(row[column("area_share")].parse::<f32>().unwrap() > 0.0);
        assert_eq!(&row[column("word_paris")], "not_assessable");
    }

    // A file of measured descriptions instead of measuring now gives the same figures.
    let measured = folder.path().join("measured.jsonl");
    let mut file = Appender::open(&measured).unwrap();
    for row in rows.iter().filter(|row| &row[1] == "gaze") {
        let mut description = Description::new(Modality::Polyp, Source::Measured);
        for name in Modality::Polyp.fields() {
            description.set(*name, Some(&row[column(&format!("word_{}", name.name()))])).unwrap();
        }
        file.append(&Record { id: row[0].into(), image_sha256: None, description, caveat: None, asked: None }).unwrap();
    }
    assert_eq!(read(&measured).unwrap().len(), 8);
    let again = folder.path().join("again.json");
    let again = again.to_str().unwrap();
    succeed(&[
        "agree",
        "--data",
        data,
        "--measured",
        measured.to_str().unwrap(),
        "--import",
        other,
        "--out",
        again,
        "-q",
    ]);
    let again: Value = serde_json::from_str(&fs::read_to_string(again).unwrap()).unwrap();
    assert_eq!(again["pairs"], study["pairs"]);
}

#[test]
fn phantoms_against_what_was_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, seed: &str| {
        let out = folder.path().join(name);
        succeed(&[
            "agree",
            "--phantoms",
            "6",
            "--seed",
            seed,
            "--size",
            "128x108",
            "--out",
            out.to_str().unwrap(),
            "-q",
        ]);
        serde_json::from_str::<Value>(&fs::read_to_string(out).unwrap()).unwrap()
    };
    let study = run("a.json", "4");
    assert_eq!((&study["data"]["phantom_seed"], study["pairs"].as_array().unwrap().len()), (&4.into(), 2));
    // Inside the true mask, geometry is measured as the truth is.
    for name in ["location", "size", "shape"] {
        assert_eq!(field(&study, "true mask", "drawn", name)["agreement"], 1.0);
    }
    let paris = field(&study, "gaze mask", "drawn", "paris");
    assert_eq!((&paris["first_coverage"], &paris["second_coverage"]), (&0.0.into(), &1.0.into()));
    assert_eq!(run("b.json", "4")["pairs"], study["pairs"]);
    assert_ne!(run("c.json", "5")["pairs"], study["pairs"]);
}

#[test]
fn phantoms_of_every_domain_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    for (modality, domain, own) in [("skin-lesion", "skin", "structure"), ("prostate", "prostate", "zone_contrast")] {
        let out = folder.path().join(domain).with_extension("json");
        let numbers = folder.path().join(domain).with_extension("csv");
        let (path, table) = (out.to_str().unwrap(), numbers.to_str().unwrap());
        let size = ["--size", "128x108"];
        let what = ["--modality", modality, "--out", path, "--numbers", table, "-q"];
        succeed(&[&["agree", "--phantoms", "6"][..], &size[..], &what[..]].concat());
        let study: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(study["modality"], modality.replace('-', "_"));
        assert_eq!(study["data"]["name"], format!("{domain} phantoms 128x108"));
        assert_eq!(field(&study, "true mask", "drawn", "location")["agreement"], 1.0);
        assert!(field(&study, "true mask", "drawn", own)["second_coverage"].as_f64().unwrap() > 0.0);
        assert!(fs::read_to_string(table).unwrap().contains(&format!("{domain}-2-00005,drawn")));
    }
}

#[test]
fn what_cannot_be_compared_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let set = phantoms(folder.path());
    let (data, out) = (set.to_str().unwrap(), folder.path().join("o.json"));
    let out = out.to_str().unwrap();
    assert!(failure(&["agree", "--out", out]).contains("--data"));
    assert!(failure(&["agree", "--data", data, "--phantoms", "2", "--out", out]).contains("--phantoms"));

    let foreign = folder.path().join("foreign.jsonl");
    let record = |id: &str, modality| {
        let description = Description::new(modality, Source::Clinician);
        Record { id: id.into(), image_sha256: None, description, caveat: None, asked: None }
    };
    Appender::open(&foreign).unwrap().append(&record("nobody", Modality::Polyp)).unwrap();
    let import = foreign.to_str().unwrap();
    assert!(failure(&["agree", "--data", data, "--import", import, "--out", out, "-q"]).contains("no image"));
    Appender::open(&foreign).unwrap().append(&record("polyp-4-00000", Modality::Prostate)).unwrap();
    let message = failure(&["agree", "--data", data, "--import", import, "--out", out, "-q"]);
    assert!(message.contains("polyp-4-00000") && message.contains("--modality"), "{message}");

    fs::remove_dir_all(set.join("masks")).unwrap();
    assert!(failure(&["agree", "--data", data, "--out", out, "-q"]).contains("--import"));
    assert!(!Path::new(out).exists());
}
