//! The folder of a run through the binary: who owns it, what is refused, what a failed start and a
//! damaged checkpoint leave.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    binary::{fails, fovea, passes},
    run_lab::Lab,
    wait::wait_until,
};

impl Lab {
    fn train(&self, out: &str, more: &[&str]) -> Vec<String> {
        self.train_for(2, out, more)
    }

    fn train_for(&self, student_epochs: usize, out: &str, more: &[&str]) -> Vec<String> {
        let short = "train --split phantom --device cpu --quiet --batch 3 --teacher-epochs 2 --checkpoint-every 1 \
                     --looks.pictures 0 --seed 5";
        let mut all = self.arguments(short, out);
        all.extend(["--student-epochs".into(), student_epochs.to_string()]);
        all.extend(more.iter().map(|text| (*text).to_owned()));
        all
    }

    fn resume(&self, run: &str, more: &[&str]) -> Vec<String> {
        let mut all: Vec<String> =
            ["train", "--device", "cpu", "--quiet", "--cache", &self.path("cache")].map(String::from).into();
        all.extend(["--resume".into(), self.path(run)]);
        all.extend(more.iter().map(|text| (*text).to_owned()));
        all
    }

    fn best(&self, run: &str) -> Vec<u8> {
        fs::read(self.at(run).join("best-student.safetensors")).unwrap()
    }

    fn checkpoints(&self, run: &str) -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> =
            fs::read_dir(self.at(run).join("checkpoints")).unwrap().map(|entry| entry.unwrap().path()).collect();
        all.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with("step-"));
        all.sort();
        all
    }
}

fn all(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn largest(checkpoint: &Path) -> PathBuf {
    let files = fs::read_dir(checkpoint).unwrap().map(|entry| entry.unwrap().path());
    files.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap()
}

#[test]
fn a_start_that_fails_leaves_no_folder_and_nothing_of_the_users_is_touched() {
    let lab = Lab::new();
    let starts: [(&[&str], &str); 4] = [
        (&["--split", "none"], "none"),
        (&["--cache", "/proc/no-cache"], "--cache"),
        (&["--batch", "0"], "batch"),
        (&["--descriptions", "/no/file"], "/no/file"),
    ];
    for (flags, words) in starts {
        // The last of two equal flags counts, where both may stand.
        let mut arguments = lab.train("runs/a", &[]);
        if let Some(place) = arguments.iter().position(|a| a == flags[0]) {
            arguments.drain(place..place + 2);
        }
        arguments.extend(flags.iter().map(|text| (*text).to_owned()));
        let message = fails(&all(&arguments));
        assert!(message.contains(words), "{flags:?}: {message}");
        assert!(!lab.at("runs").exists(), "{flags:?} leaves a folder");
    }
    fs::create_dir(lab.at("mine")).unwrap();
    fs::write(lab.at("mine/config.toml"), "mine").unwrap();
    let message = fails(&all(&lab.train("mine", &[])));
    assert!(message.contains("config.toml") && message.contains("--out"), "{message}");
    assert_eq!(fs::read_to_string(lab.at("mine/config.toml")).unwrap(), "mine");
    assert_eq!(fs::read_dir(lab.at("mine")).unwrap().count(), 1);
}

#[test]
fn while_one_trains_no_other_uses_the_folder() {
    let lab = Lab::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_fovea")).args(lab.train_for(400, "run", &[])).spawn().unwrap();
    let best = lab.at("run/best-teacher.safetensors");
    wait_until(&mut child, "a teacher is kept", || best.exists());
    let (run, cache) = (lab.path("run"), lab.path("cache"));
    let others: [Vec<String>; 4] = [
        lab.train("run", &[]),
        lab.resume("run", &[]),
        ["eval", "--run", &run, "--out", &lab.path("e.json"), "--cache", &cache, "--device", "cpu", "-q"]
            .map(String::from)
            .into(),
        ["export", "--run", &run, "--out", &lab.path("bundles"), "--phantoms", "3"].map(String::from).into(),
    ];
    for other in others {
        let message = fails(&all(&other));
        assert!(message.contains(&format!("process {} on ", child.id())), "{other:?}: {message}");
    }
    assert!(!lab.at("bundles").exists() && !lab.at("e.json").exists());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn settings_of_a_run_cannot_be_changed_afterwards() {
    let lab = Lab::new();
    passes(&all(&lab.train("run", &[])));
    let before = lab.best("run");
    for flags in
        [["--split", "other"], ["--batch", "2"], ["--strategies", "all"], ["--set", "batch=2"], ["--seed", "7"]]
    {
        let output = fovea(&all(&lab.resume("run", &flags)));
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{flags:?}: {message}");
        assert!(message.contains(flags[0]) && message.contains("tip:"), "{message}");
    }
    let config = lab.at("run/config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("student-epochs = 2", "student-epochs = 4")).unwrap();
    let (run, out) = (lab.path("run"), lab.path("e.json"));
    for refused in [
        lab.resume("run", &[]),
        ["eval", "--run", &run, "--out", &out, "--device", "cpu", "-q"].map(String::from).into(),
    ] {
        let message = fails(&all(&refused));
        assert!(message.contains("`student-epochs`: 2 then, 4 now"), "{message}");
    }
    // Written in another way it means the same.
    fs::write(&config, format!("# mine\n{text}")).unwrap();
    passes(&all(&lab.resume("run", &[])));
    // A run from before hashes were kept.
    let file = lab.at("run/run.json");
    let mut from: serde_json::Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert!(from.as_object_mut().unwrap().remove("config_sha256").is_some());
    fs::write(&file, from.to_string()).unwrap();
    let output = fovea(&all(&lab.resume("run", &[])));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && message.contains("note:") && message.contains("kept no hash"), "{message}");
    assert!(lab.best("run") == before);
}

#[test]
fn a_damaged_checkpoint_is_named_and_the_one_before_it_is_taken() {
    let lab = Lab::new();
    passes(&all(&lab.train("whole", &[])));
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 4] = [
        ("cut short", |file| fs::write(file, &fs::read(file).unwrap()[..100]).unwrap()),
        ("0 bytes", |file| fs::write(file, b"").unwrap()),
        ("has changed", |file| {
            let mut bytes = fs::read(file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(file, bytes).unwrap();
        }),
        ("cannot be read", |file| fs::remove_file(file).unwrap()),
    ];
    for (words, damage) in damages {
        copy(&lab.at("whole"), &lab.at("run"));
        let newest = lab.checkpoints("run").pop().unwrap();
        let file = largest(&newest);
        damage(&file);
        let output = fovea(&all(&lab.resume("run", &[])));
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{message}");
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        assert!(message.contains(words) && message.contains(&name) && message.contains("goes on from"), "{message}");
        assert!(lab.best("run") == lab.best("whole"), "{words}");
        fs::remove_dir_all(lab.at("run")).unwrap();
    }
    copy(&lab.at("whole"), &lab.at("run"));
    lab.checkpoints("run").iter().for_each(|path| fs::write(largest(path), b"").unwrap());
    let message = fails(&all(&lab.resume("run", &[])));
    assert!(message.contains("no checkpoint") && message.matches("0 bytes").count() == 2, "{message}");
    assert_eq!(lab.checkpoints("run").len(), 2, "nothing is removed");
}
