//! `fovea eval --interact` through the binary, on a few small phantoms of every domain.

use std::{fs, path::Path};

use serde_json::Value;
use tempfile::TempDir;

use crate::binary::{fails, passes};

struct Lab {
    folder: TempDir,
}

impl Lab {
    /// Phantoms of a domain.
    fn new(domain: &str) -> Self {
        let lab = Self { folder: TempDir::new().unwrap() };
        let data = lab.path("data");
        let drawn = ["data", "phantom", "--domain", domain, "--count", "24", "--seed", "5", "--size", "96x96"];
        passes(&[&drawn[..], &["--out", &data]].concat());
        lab
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    fn train(&self, out: &str, more: &[&str]) {
        let (data, out, cache) = (self.path("data"), self.path(out), self.path("cache"));
        let base =
            ["train", "--split", "phantom", "--device", "cpu", "--quiet", "--batch", "4", "--teacher-epochs", "8"];
        // Enough for a teacher that outlines something.
        let learns = ["--set", "rate=5e-3", "--set", "distill.teacher_dice=0.5", "--set", "looks.off=0"];
        let rest = ["--student-epochs", "2", "--data", &data, "--out", &out, "--cache", &cache];
        passes(&[&base[..], &learns[..], &rest[..], more].concat());
    }

    /// The arguments that measure some runs.
    fn eval(&self, runs: &[&str], more: &[&str]) -> Vec<String> {
        let mut arguments: Vec<String> = ["eval", "--interact", "--device", "cpu", "-q"].map(String::from).to_vec();
        arguments.extend(runs.iter().flat_map(|run| ["--run".to_owned(), self.path(run)]));
        arguments.extend([
            "--cache".to_owned(),
            self.path("cache"),
            "--out".to_owned(),
            self.path("results/interact-x.json"),
        ]);
        arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
        arguments
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(Path::new(&self.path("results")).join(name)).unwrap()
    }
}

fn said(arguments: &[String]) -> String {
    passes(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Every figure is where it can be.
fn check(found: &Value, images: usize) {
    for (part, measures) in found["parts"].as_object().unwrap() {
        for (key, figure) in measures.as_object().unwrap() {
            let [mean, low, high] = ["mean", "low", "high"].map(|name| figure[name].as_f64().unwrap());
            let range = match key.as_str() {
                "noc_85" | "noc_90" => 1.0..=20.0,
                "small" | "large" => 0.0..=1000.0,
                _ if key.starts_with("gain") || key.starts_with("over") => -1.0..=1.0,
                _ => 0.0..=1.0,
            };
            assert!(range.contains(&mean) && low <= high, "{part} {key}: {figure}");
            assert!((1..=images as u64).contains(&figure["images"].as_u64().unwrap()), "{part} {key}: {figure}");
        }
    }
}

#[test]
fn two_seeds_are_measured_written_and_shown() {
    let lab = Lab::new("polyp");
    lab.train("a", &["--seed", "1"]);
    lab.train("b", &["--seed", "2"]);
    let terminal = said(&lab.eval(&["a", "b"], &["--note", "a test"]));
    assert!(terminal.contains("after three looks") && terminal.contains("interact-x-images.csv"), "{terminal}");
    let found: Value = serde_json::from_str(&lab.read("interact-x.json")).unwrap();
    let images = found["data"]["images"].as_u64().unwrap() as usize;
    assert_eq!((found["kind"].as_str(), found["study"].as_str()), (Some("interact"), Some("interact-x")));
    assert_eq!(found["seeds"], serde_json::json!([1, 2]));
    assert!(found["note"].as_str().unwrap().contains("a test"));
    check(&found, images);
    let parts = &found["parts"];
    for (part, key) in [
        ("looks", "teacher_0"),
        ("looks", "teacher_5"),
        ("looks", "teacher_own_gaze"),
        ("looks", "not_worse_3"),
        ("clicks", "failed_90"),
        ("side_by_side", "share_unchosen"),
        ("off", "stays"),
        ("words_side_by_side", "moved"),
    ] {
        let figure = &parts[part][key];
        assert_eq!(figure["seeds"].as_array().map(Vec::len), Some(2), "{part} {key}: {parts}");
        assert!(figure["sd"].is_number());
    }
    assert_eq!(parts["looks"]["teacher_3"]["images"].as_u64(), Some(images as u64));
    // Gains are those of the images' own Dice.
    let mean = |key: &str| parts["looks"][key]["mean"].as_f64().unwrap();
    assert!((mean("gain_1") - (mean("teacher_1") - mean("teacher_0"))).abs() < 2e-5);

    let table = lab.read("interact-x-images.csv");
    assert_eq!(table.lines().filter(|line| line.starts_with("looks,")).count(), 2 * images);
    assert!(lab.read("interact-x.md").contains("| Dice after one look |"));
    assert!(lab.read("interact-x.svg").contains("</svg>"));
    assert!(image::open(lab.path("results/interact-x-sheet.png")).unwrap().width() > 800);
    // The same again is the same, and a report shows it.
    said(&lab.eval(&["a", "b"], &[]));
    assert_eq!(lab.read("interact-x-images.csv"), table);
    let page = lab.path("page.html");
    passes(&["report", &lab.path("results"), "--out", &page]);
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("Looks at the lesion") && !page.contains("could not be shown"), "{page}");

    // The students of other runs, and what does not fit.
    let student = lab.path("b");
    said(&lab.eval(&["a"], &["--student", &student]));
    let other: Value = serde_json::from_str(&lab.read("interact-x.json")).unwrap();
    let of = |found: &Value, key: &str, seed: usize| found["parts"]["looks"][key]["seeds"][seed].as_f64().unwrap();
    assert_eq!(of(&other, "student", 0), of(&found, "student", 1));
    assert_eq!(of(&other, "teacher_3", 0), of(&found, "teacher_3", 0));
    assert!(other["student"].is_object());
    let arguments = lab.eval(&["a", "b"], &["--student", &student]);
    let message = fails(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(message.contains("one --student for each --run"), "{message}");
}

#[test]
fn every_domain_is_measured_and_a_teacher_without_prompt_is_refused() {
    for domain in ["skin", "prostate"] {
        let lab = Lab::new(domain);
        lab.train("run", &["--text", "none"]);
        said(&lab.eval(&["run"], &["--validation"]));
        let found: Value = serde_json::from_str(&lab.read("interact-x.json")).unwrap();
        check(&found, found["data"]["images"].as_u64().unwrap() as usize);
        let parts = found["parts"].as_object().unwrap();
        assert!(parts.contains_key("looks") && parts.contains_key("off"), "{domain}: {parts:?}");
        assert!(!parts.contains_key("words_size"), "{domain}: a teacher without text has no words");
        assert!(found["data"]["split"].as_str().unwrap().contains("validation"));
        if domain == "prostate" {
            lab.train("blind", &["--text", "none", "--set", "gaze-prompt=false"]);
            let arguments = lab.eval(&["blind"], &[]);
            let message = fails(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            assert!(message.contains("gaze-prompt = true"), "{message}");
        }
    }
}
