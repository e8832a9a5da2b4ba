//! `fovea teach` through the binary.

use std::{fs, path::Path};

use serde_json::Value;

use crate::binary::{fails, passes};

#[test]
fn students_are_taught_by_gaze_and_by_masks_and_a_seed_repeats_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    passes(&[
        "data",
        "phantom",
        "--count",
        "6",
        "--seed",
        "4",
        "--size",
        "96x80",
        "--test-fraction",
        "0.34",
        "--out",
        &path("set"),
    ]);
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle/polyp");
    let teach = |out: &str, more: &[&str]| {
        let bundle = bundle.to_str().unwrap().to_owned();
        let (data, cache, out) = (path("set"), path("cache"), path(out));
        let fixed =
            ["teach", "--bundle", &bundle, "--data", &data, "--cache", &cache, "--out", &out, "--device", "cpu"];
        let short = [
            "--quiet", "--steps", "30", "--rate", "0.01", "--batch", "2", "--views", "2", "--seeds", "1", "--stops",
            "2",
        ];
        [&fixed[..], &short, more].concat().into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let run = |arguments: &[String]| passes(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let rows = ["--glances", "1,2", "--seconds", "1,all", "--told", "gaze,mask"];
    let said = run(&teach("new/a.json", &rows));
    assert!(said.contains("masks (upper bound)") && said.contains("simulated from the true masks"), "{said}");
    assert_eq!(said, fs::read_to_string(path("new/a.md")).unwrap());
    let figure = fs::read_to_string(path("new/a.svg")).unwrap();
    assert!(figure.contains("true masks: 1 images"), "{figure}");
    let read = |name: &str| serde_json::from_slice::<Value>(&fs::read(path(name)).unwrap()).unwrap();
    let first = read("new/a.json");
    assert_eq!((&first["kind"], &first["images"], &first["measured_on"]), (&"teach".into(), &2.into(), &"test".into()));
    let found = first["rows"].as_array().unwrap();
    let columns = |row: &Value| (row["told"].clone(), row["glances"].as_u64().unwrap(), row["seconds"].as_f64());
    let expected = [
        ("gaze", 1, Some(1.0)),
        ("gaze", 2, Some(1.0)),
        ("gaze", 1, None),
        ("gaze", 2, None),
        ("mask", 1, None),
        ("mask", 2, None),
    ];
    assert_eq!(
        found.iter().map(columns).collect::<Vec<_>>(),
        expected.map(|(told, glances, seconds)| (told.into(), glances, seconds))
    );
    for row in found {
        let dice = row["dice"][0].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&dice) && row["curve"][0][0] == 2, "{row:#}");
    }
    // Whole scanpaths of two images teach something, and true masks something else.
    let dice = |row: usize| found[row]["dice"][0].as_f64().unwrap();
    assert!(dice(3) > 0.5 && dice(5) > 0.5 && dice(3) != dice(5), "{found:#?}");
    run(&teach("b.json", &["--glances", "2"]));
    assert_eq!(read("b.json")["rows"][0]["dice"], found[3]["dice"]);

    let many = teach("c.json", &["--glances", "5"]);
    let said = fails(&many.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(said.contains("5 glances") && said.contains("--glances"), "{said}");
    assert!(!folder.path().join("c.json").exists());
}
