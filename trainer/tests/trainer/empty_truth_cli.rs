//! Images without a lesion, through the binary: what training and evaluation say of them.

use std::fs;
use std::path::Path;

use image::GrayImage;
use tempfile::TempDir;

use crate::binary::{fails, passes};

/// Ten phantoms with a split `x`, two images each for validation and test.
fn data(folder: &TempDir) -> String {
    let data = folder.path().join("data").to_string_lossy().into_owned();
    passes(&["data", "phantom", "--count", "10", "--seed", "5", "--size", "96x80", "--out", &data]);
    for (list, ids) in [("train", 0..6), ("val", 6..8), ("test", 8..10)] {
        let text: String = ids.map(|i| format!("polyp-5-{i:05}\n")).collect();
        fs::write(Path::new(&data).join(format!("splits/x-{list}.txt")), text).unwrap();
    }
    data
}

fn empty(data: &str, number: usize) {
    GrayImage::new(96, 80).save(Path::new(data).join(format!("masks/polyp-5-{number:05}.png"))).unwrap();
}

fn train<'a>(data: &'a str, out: &'a str, cache: &'a str) -> Vec<&'a str> {
    let text = "train --split x --device cpu --quiet --batch 3 --teacher-epochs 1 --student-epochs 1 --seed 11";
    text.split_whitespace().chain(["--data", data, "--out", out, "--cache", cache]).collect()
}

#[test]
fn an_image_without_a_lesion_counts_for_no_mean_and_is_named() {
    let folder = TempDir::new().unwrap();
    let data = data(&folder);
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (run, cache) = (path("run"), path("cache"));
    empty(&data, 7);
    empty(&data, 9);
    passes(&train(&data, &run, &cache));
    let events = fs::read_to_string(path("run/events.jsonl")).unwrap();
    let named = "\"uniform_truths\":{\"empty\":[\"polyp-5-00007\"]}";
    assert!(events.lines().filter(|line| line.contains("\"validation\"")).all(|line| line.contains(named)), "{events}");
    assert!(events.contains(named), "{events}");

    let out = path("study.json");
    let said = passes(&[
        "eval", "--run", &run, "--cache", &cache, "--device", "cpu", "--quiet", "--sheet", "2", "--out", &out,
    ]);
    assert!(said.contains("1 (polyp-5-00009) true masks are empty and count for no mean"), "{said}");
    let study: serde_json::Value = serde_json::from_str(&fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(study["data"]["uniform_truths"]["empty"], serde_json::json!(["polyp-5-00009"]));
    let student = &study["rows"][0]["student"];
    assert_eq!(student["empty_as_truth"].as_array().map(Vec::len), Some(1), "{student:#}");
    let images = fs::read_to_string(path("study-best-images.csv")).unwrap();
    let line = images.lines().find(|line| line.contains("student,polyp-5-00008")).unwrap();
    let dice: f64 = line.split(',').nth(4).unwrap().parse().unwrap();
    assert!((student["dice"][0].as_f64().unwrap() - dice).abs() < 1e-5, "the mean is that of the other image");
    assert!(!images.contains("polyp-5-00009"), "{images}");
}

#[test]
fn true_masks_that_tell_nothing_stop_training_and_evaluation() {
    let folder = TempDir::new().unwrap();
    let data = data(&folder);
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (run, cache) = (path("run"), path("cache"));
    passes(&train(&data, &run, &cache));
    (6..10).for_each(|number| empty(&data, number));
    let words = |list: &str| format!("the true masks of the {list} images tell nothing: 2 are empty");
    let refused = fails(&train(&data, &path("other"), &cache));
    assert!(refused.contains(&words("validation")), "{refused}");
    let out = path("study.json");
    let refused = fails(&[
        "eval", "--run", &run, "--data", &data, "--cache", &cache, "--device", "cpu", "--quiet", "--out", &out,
    ]);
    assert!(refused.contains(&words("test")) && !Path::new(&out).exists(), "{refused}");
}
