//! What the tests of `fovea train` work with.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::binary::passes;

/// Phantoms, a feature cache and room for runs.
pub(crate) struct Lab {
    pub(crate) folder: TempDir,
}

impl Lab {
    pub(crate) fn new() -> Self {
        let lab = Self { folder: TempDir::new().unwrap() };
        let data = lab.path("data");
        passes(&["data", "phantom", "--count", "10", "--seed", "5", "--size", "96x80", "--out", &data]);
        lab
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// The arguments of a short training into `out` on `data`.
    pub(crate) fn train(&self, data: &str, out: &str) -> Vec<String> {
        let text = "train --split phantom --device cpu --quiet --batch 3 --teacher-epochs 3 --student-epochs 3 \
                    --checkpoint-every 1 --seed 11";
        let mut arguments: Vec<String> = text.split_whitespace().map(String::from).collect();
        for (flag, value) in [("--data", data), ("--out", out), ("--cache", "cache")] {
            arguments.extend([flag.to_string(), self.path(value)]);
        }
        arguments
    }

    pub(crate) fn run_train(&self, data: &str, out: &str) {
        self.run_train_with(data, out, &[]);
    }

    pub(crate) fn run_train_with(&self, data: &str, out: &str, more: &[&str]) {
        let arguments = self.train(data, out);
        passes(&arguments.iter().map(String::as_str).chain(more.iter().copied()).collect::<Vec<_>>());
    }

    pub(crate) fn best(&self, run: &str) -> [Vec<u8>; 2] {
        ["teacher", "student"]
            .map(|head| fs::read(Path::new(&self.path(run)).join(format!("best-{head}.safetensors"))).unwrap())
    }

    /// Losses and validation Dice as they were written, without the events that only tell of saving.
    pub(crate) fn trace(&self, run: &str) -> Vec<String> {
        let text = fs::read_to_string(Path::new(&self.path(run)).join("events.jsonl")).unwrap();
        text.lines().filter(|line| !line.contains("\"checkpoint\"")).map(String::from).collect()
    }

    pub(crate) fn resume(&self, run: &str) {
        passes(&["train", "--resume", &self.path(run), "--cache", &self.path("cache"), "--device", "cpu", "--quiet"]);
    }
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
