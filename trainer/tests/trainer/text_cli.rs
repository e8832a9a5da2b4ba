//! The teacher's text through the binary: training with every source, and `fovea eval --explain`.

use std::{fs, path::Path};

use fovea_shared::description::{Description, Field, Modality, Source};
use fovea_trainer::describe::store::{Appender, Record};
use tempfile::TempDir;

use crate::binary::tried;

struct Lab {
    folder: TempDir,
}

impl Lab {
    fn new() -> Self {
        let lab = Self { folder: TempDir::new().unwrap() };
        let data = lab.path("data");
        tried(&["data", "phantom", "--count", "10", "--seed", "5", "--size", "96x80", "--out", &data]).unwrap();
        lab
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// A short training of the teacher alone.
    fn teach(&self, out: &str, more: &[&str]) -> Result<String, String> {
        let (data, out, cache) = (self.path("data"), self.path(out), self.path("cache"));
        let base =
            ["train", "--split", "phantom", "--device", "cpu", "--quiet", "--batch", "3", "--teacher-epochs", "2"];
        let rest = ["--student-epochs", "0", "--data", &data, "--out", &out, "--cache", &cache];
        tried(&[&base[..], &rest[..], more].concat())
    }

    fn losses(&self, run: &str) -> Vec<String> {
        let text = fs::read_to_string(Path::new(&self.path(run)).join("events.jsonl")).unwrap();
        text.lines().filter(|line| line.contains("teacher_loss")).map(String::from).collect()
    }
}

#[test]
fn every_source_of_text_trains_and_the_evaluation_explains() {
    let lab = Lab::new();
    let ids: Vec<String> = fs::read_dir(Path::new(&lab.path("data")).join("images"))
        .unwrap()
        .map(|e| e.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let file = lab.path("descriptions.jsonl");
    let mut appender = Appender::open(Path::new(&file)).unwrap();
    for (index, id) in ids.iter().enumerate() {
        let mut description = Description::new(Modality::Polyp, Source::Vlm("test".into()));
        let words = Field::Location.words(Modality::Polyp);
        description.set(Field::Location, Some(words[index % words.len()].name)).unwrap();
        let record = Record { id: id.clone(), image_sha256: None, description, caveat: None, asked: None };
        appender.append(&record).unwrap();
    }
    lab.teach("none", &["--text", "none"]).unwrap();
    lab.teach("measured", &["--text", "measured"]).unwrap();
    lab.teach("import", &["--text", "import", "--descriptions", &file]).unwrap();
    lab.teach("shuffled", &["--text", "shuffled", "--descriptions", &file]).unwrap();
    let losses = ["none", "measured", "import", "shuffled"].map(|run| lab.losses(run));
    for (a, b) in [(0, 1), (1, 2), (2, 3)] {
        assert_ne!(losses[a], losses[b], "another text, another training");
    }

    let (study, cache) = (lab.path("results/text.json"), lab.path("cache"));
    for run in ["none", "import"] {
        let run_path = lab.path(run);
        let base =
            ["eval", "--run", &run_path, "--row", run, "--out", &study, "--cache", &cache, "--device", "cpu", "-q"];
        let said = tried(&[&base[..], &["--sheet", "0", "--explain"][..]].concat()).unwrap();
        assert_eq!(said.contains("Rule:"), run == "import", "a verdict where there is text: {said}");
    }
    let read = |name: &str| fs::read_to_string(Path::new(&lab.path("results")).join(name)).unwrap();
    let written: serde_json::Value = serde_json::from_str(&read("text.json")).unwrap();
    assert_eq!(written["rows"].as_array().unwrap().len(), 2);
    assert!(written["rows"][0].get("student").is_none(), "no student was trained");
    let explained: serde_json::Value = serde_json::from_str(&read("text-explain.json")).unwrap();
    assert_eq!(explained["rows"].as_array().unwrap().len(), 1);
    assert!(read("text-explain-phrases.csv").contains("location"));
    assert!(read("text-explain.svg").starts_with("<svg") || read("text-explain.svg").starts_with("<?xml"));
}

#[test]
fn bad_text_is_named() {
    let lab = Lab::new();
    let message = lab.teach("a", &["--text", "import"]).unwrap_err();
    assert!(message.contains("--descriptions"), "{message}");
    let file = lab.path("descriptions.jsonl");
    fs::write(&file, "{\"id\":\"x\",\"description\":{\"schema\":1}}\n").unwrap();
    let message = lab.teach("b", &["--text", "import", "--descriptions", &file]).unwrap_err();
    assert!(message.contains("descriptions.jsonl, line 1") && message.contains("modality"), "{message}");
    let description = Description::new(Modality::Polyp, Source::Clinician);
    let record = Record { id: "stranger".into(), image_sha256: None, description, caveat: None, asked: None };
    fs::write(&file, serde_json::to_string(&record).unwrap() + "\n").unwrap();
    let message = lab.teach("c", &["--text", "import", "--descriptions", &file]).unwrap_err();
    assert!(message.contains("none of the images"), "{message}");
}
