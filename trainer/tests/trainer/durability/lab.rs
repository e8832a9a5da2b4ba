//! Phantoms, a filled cache, an undisturbed run and a half one: what every trial starts from and is compared with.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

use crate::binary::passes;

/// A place for trials.
pub(super) struct Lab {
    folder: TempDir,
}

/// What a run comes to: its best weights, and its events without those that only tell of saving.
pub(super) type Outcome = BTreeMap<String, Vec<u8>>;

impl Lab {
    pub(super) fn new() -> Self {
        let lab = Self { folder: TempDir::new().unwrap() };
        passes(&["data", "phantom", "--count", "8", "--seed", "5", "--size", "64x64", "--out", &lab.path("data")]);
        let whole = lab.command(&lab.train(&lab.at("whole"), 5, &lab.at("cache"))).output().unwrap();
        assert!(whole.status.success(), "{}", said(&whole));
        lab
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn path(&self, name: &str) -> String {
        text(&self.at(name))
    }

    pub(super) fn command(&self, arguments: &[String]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fovea"));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A short training into `out`.
    pub(super) fn train(&self, out: &Path, seed: u64, cache: &Path) -> Vec<String> {
        let short = "train --split phantom --device cpu --quiet --batch 3 --teacher-epochs 2 --student-epochs 2 \
                     --checkpoint-every 1 --looks.pictures 0.5";
        let mut all: Vec<String> = short.split_whitespace().map(String::from).collect();
        all.extend(["--data".into(), self.path("data"), "--out".into(), text(out), "--seed".into(), seed.to_string()]);
        all.extend(["--cache".into(), text(cache)]);
        all
    }

    /// Goes on with a run, or begins it where there is none yet.
    pub(super) fn go_on(&self, run: &Path, seed: u64, cache: &Path) -> Vec<String> {
        if !run.join("run.json").exists() {
            return self.train(run, seed, cache);
        }
        let mut all: Vec<String> =
            ["train", "--device", "cpu", "--quiet", "--checkpoint-every", "1"].map(String::from).into();
        all.extend(["--resume".into(), text(run), "--cache".into(), text(cache)]);
        all
    }

    /// A run that was killed in the middle of its stages.
    pub(super) fn half(&self, to: &Path) {
        let made = self.at("half");
        if !made.exists() {
            let arguments = self.train(&made, 5, &self.at("cache"));
            let operations = self.operations(&self.train(&self.at("counted"), 5, &self.at("cache")));
            let place = format!("kill@{}", operations * 6 / 10);
            let output = self.command(&arguments).env("FOVEA_TEST_FAULT", place).output().unwrap();
            assert!(!output.status.success() && made.join("run.json").exists(), "{}", said(&output));
        }
        copy(&made, to);
    }

    /// How many operations on files a command takes.
    pub(super) fn operations(&self, arguments: &[String]) -> u64 {
        let log = self.at("operations.log");
        let _ = fs::remove_file(&log);
        let output = self.command(arguments).env("FOVEA_TEST_FAULT_LOG", &log).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        fs::read_to_string(log).unwrap().lines().count() as u64
    }

    /// What the undisturbed run comes to.
    pub(super) fn whole(&self) -> Outcome {
        outcome(&self.at("whole"))
    }
}

/// What a run comes to.
pub(super) fn outcome(run: &Path) -> Outcome {
    let mut found = Outcome::new();
    for name in ["best-teacher.safetensors", "best-student.safetensors"] {
        found.insert(name.into(), fs::read(run.join(name)).unwrap_or_default());
    }
    let events = fs::read_to_string(run.join("events.jsonl")).unwrap_or_default();
    let told = events.lines().filter(|line| !line.contains("\"checkpoint\"")).collect::<Vec<_>>().join("\n");
    found.insert("events".into(), told.into());
    found
}

/// Refuses an outcome that is not the expected one, and says where it differs.
pub(super) fn same(found: &Outcome, expected: &Outcome, about: &str) {
    for (name, bytes) in expected {
        assert!(found.get(name) == Some(bytes), "{about}: {name} differs");
    }
    assert_eq!(found.len(), expected.len(), "{about}");
}

/// The newest checkpoint that a run has confirmed is there.
pub(super) fn confirmed(run: &Path, about: &str) {
    let events = fs::read_to_string(run.join("events.jsonl")).unwrap_or_default();
    let step = |line: &str| line.split("\"step\":").nth(1)?.trim_end_matches('}').parse::<usize>().ok();
    let told =
        events.lines().filter(|line| line.contains("\"checkpoint\"") && line.ends_with('}')).filter_map(step).max();
    let entries = fs::read_dir(run.join("checkpoints")).into_iter().flatten().flatten();
    let there =
        entries.filter_map(|entry| entry.file_name().to_str()?.strip_prefix("step-")?.get(..7)?.parse().ok()).max();
    assert!(told <= there, "{about}: the checkpoint of step {told:?} was confirmed, and the newest is {there:?}");
}

/// What a command said.
pub(super) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

pub(super) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Copies a folder. Files that are replaced and never changed, as those of a cache, may be `linked`.
pub(super) fn copy_with(from: &Path, to: &Path, linked: bool) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_with(&path, &target, linked);
        } else if linked {
            fs::hard_link(&path, &target).unwrap();
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

pub(super) fn copy(from: &Path, to: &Path) {
    copy_with(from, to, false);
}
