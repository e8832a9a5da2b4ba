//! `fovea train`, `eval`, `predict` and `export` through the binary, on a few small phantoms.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use fovea_shared::{
    bundle::{BundleIndex, IndexEntry, Manifest},
    description::Modality,
};

use crate::{
    binary::{fails, fovea, passes},
    gallery_cli,
    train_lab::{Lab, copy_folder},
    wait::wait_until,
};

#[test]
fn a_training_reads_hashes_and_decodes_every_image_once() {
    let lab = Lab::new();
    let data = PathBuf::from(lab.path("data"));
    let tests = fs::read_to_string(data.join("splits/phantom-test.txt")).unwrap().lines().count();
    assert!(tests > 0);
    let touched = |run: &str| {
        let output = fovea(
            &[&["--verbose"][..], &lab.train("data", run).iter().map(String::as_str).collect::<Vec<_>>()].concat(),
        );
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        let line =
            said.lines().find(|line| line.contains("image files:")).unwrap_or_else(|| panic!("{said}")).to_owned();
        let (_, counts) = line.split_once("image files:").unwrap();
        let numbers = counts.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
        numbers.collect::<Vec<usize>>()
    };
    // Of the test images only the bytes are hashed. With a warm cache the words are still measured in the pixels.
    for run in ["cold", "warm"] {
        assert_eq!(touched(run), [10, 10, 10 - tests], "{run}");
    }
    assert_eq!(lab.best("cold"), lab.best("warm"));
}

#[test]
fn training_needs_no_mask_of_a_training_image_and_does_not_look_at_one() {
    let lab = Lab::new();
    lab.run_train("data", "with");
    // Without the masks of all training and test images; those of the drawn validation images stay.
    let data = PathBuf::from(lab.path("data"));
    let bare = PathBuf::from(lab.path("bare"));
    copy_folder(&data, &bare);
    let test = fs::read_to_string(data.join("splits/phantom-test.txt")).unwrap();
    let mut kept = 0;
    for entry in fs::read_dir(bare.join("masks")).unwrap() {
        let path = entry.unwrap().path();
        let id = path.file_stem().unwrap().to_string_lossy().into_owned();
        // Training and test masks become garbage that no reader could open.
        fs::write(&path, b"this is not an image").unwrap();
        kept += usize::from(!test.contains(&id));
    }
    assert!(kept > 0);
    let message = {
        let arguments = lab.train("bare", "garbage");
        fails(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    // Only a validation mask is opened, and that one is named.
    assert!(message.contains("masks"), "{message}");
    fs::remove_dir_all(bare.join("masks")).unwrap();
    lab.run_train("bare", "without");
    let trace = lab.trace("without");
    assert!(trace.iter().any(|line| line.contains("\"pseudo-masks\"")), "{trace:?}");
    // The losses of every step are the same: no mask took part in any of them. (Which weights are the best is chosen
    // on validation, so the student's stage may start from another teacher; compare the teacher's stage.)
    let steps = |run: &str| -> Vec<String> {
        lab.trace(run).into_iter().filter(|line| line.contains("teacher_loss")).collect()
    };
    assert_eq!(steps("with"), steps("without"));
    assert!(!steps("with").is_empty());
}

#[test]
fn a_killed_training_goes_on_bit_for_bit() {
    let lab = Lab::new();
    lab.run_train("data", "whole");
    for (name, patience) in [("early", 0), ("late", 9)] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fovea")).args(lab.train("data", name)).spawn().unwrap();
        // Killed as soon as that many steps are on disk, wherever it is then.
        let checkpoint = |step: usize| Path::new(&lab.path(name)).join(format!("checkpoints/step-{step:07}"));
        wait_until(&mut child, "some steps are saved", || (patience.max(1)..40).any(|step| checkpoint(step).exists()));
        child.kill().unwrap();
        child.wait().unwrap();
        lab.resume(name);
        assert_eq!(lab.trace("whole"), lab.trace(name), "{name}");
        assert!(lab.best("whole") == lab.best(name), "{name}: the weights differ");
    }
}

#[test]
fn a_further_round_starts_on_the_adapted_backbone_and_resumes_bit_for_bit() {
    let lab = Lab::new();
    let rounds = [
        "--set",
        "rounds=2",
        "--set",
        "adapt-epochs=1",
        "--set",
        "adapt-views=1",
        "--set",
        "adapt-drawing=wide",
        "--set",
        "adapt-mix=0.5",
        "--set",
        "distill.teacher_dice=0.5",
        // A teacher of one epoch outlines nothing yet, and a student of its labels would adapt nothing.
        "--set",
        "student-target=high-confidence",
        "--teacher-epochs",
        "1",
        "--student-epochs",
        "1",
    ];
    let train = |out: &str| {
        // The last of two equal flags counts.
        let short: Vec<String> = lab.train("data", out).into_iter().collect();
        let cut = short.iter().position(|a| a == "--teacher-epochs").unwrap();
        let mut all: Vec<String> = short[..cut].to_vec();
        all.extend(short[cut + 4..].iter().cloned());
        all.extend(rounds.map(String::from));
        all
    };
    passes(&train("whole").iter().map(String::as_str).collect::<Vec<_>>());
    let file = |run: &str, name: &str| fs::read(Path::new(&lab.path(run)).join(name)).unwrap();
    let stages = lab.trace("whole").iter().filter(|line| line.contains("\"stage\"")).count();
    assert_eq!(stages, 6, "teacher, student, adapting, twice");
    let steps = 1 + lab
        .trace("whole")
        .iter()
        .filter_map(|l| l.split("\"step\":").nth(1)?.split(',').next()?.parse().ok())
        .max()
        .unwrap_or(0);
    assert_ne!(file("whole", "backbone-of-round-2.safetensors"), file("whole", "best-backbone.safetensors"));
    // Killed around the seam of the rounds, and inside of the second one.
    for (name, patience) in [("seam", steps / 2), ("second", steps / 2 + 2)] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fovea")).args(train(name)).spawn().unwrap();
        let checkpoint = |step: usize| Path::new(&lab.path(name)).join(format!("checkpoints/step-{step:07}"));
        wait_until(&mut child, "some steps are saved", || (patience..steps).any(|step| checkpoint(step).exists()));
        child.kill().unwrap();
        child.wait().unwrap();
        lab.resume(name);
        assert_eq!(lab.trace("whole"), lab.trace(name), "{name}");
        for weights in ["best-teacher", "best-student", "best-backbone", "backbone-of-round-2"] {
            let weights = format!("{weights}.safetensors");
            assert!(file("whole", &weights) == file(name, &weights), "{name}: {weights} differs");
        }
    }
    fs::create_dir_all(lab.path("results")).unwrap();
    let (study, cache) = (lab.path("results/rounds.json"), lab.path("cache"));
    passes(&["eval", "--run", &lab.path("whole"), "--out", &study, "--cache", &cache, "--device", "cpu", "-q"]);
    let refused =
        ["train", "--data", &lab.path("data"), "--split", "phantom", "--out", &lab.path("x"), "--set", "rounds=2"];
    assert!(fails(&refused).contains("adapt-epochs"));
    let mixed =
        ["train", "--data", &lab.path("data"), "--split", "phantom", "--out", &lab.path("x"), "--strategies", "cwc"];
    let message = fails(&[&mixed[..], &["--set", "adapt-mix=0.5"]].concat());
    assert!(message.contains("adapt-mix") && message.contains("cwc"), "{message}");
}

/// Whether every number of a safetensors file in f32 is finite.
fn finite(file: &Path) -> bool {
    let bytes = fs::read(file).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let number = |b: &[u8; 4]| f32::from_le_bytes(*b);
    tensors.iter().all(|(_, view)| view.data().as_chunks::<4>().0.iter().map(number).all(f32::is_finite))
}

#[test]
fn a_diverged_training_stops_and_keeps_nothing_of_it() {
    let lab = Lab::new();
    let mut arguments = lab.train("data", "wild");
    arguments.extend(["--rate", "1e20"].map(String::from));
    let message = fails(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let words = ["the training has diverged", "(epoch ", "of the stage `teacher`", "too high", "--rate 1e19"];
    assert!(words.iter().all(|words| message.contains(words)), "{message}");
    let run = PathBuf::from(lab.path("wild"));
    for head in ["teacher", "student"] {
        let best = run.join(format!("best-{head}.safetensors"));
        assert!(!best.exists() || finite(&best), "the best {head} is not finite");
    }
    // The checkpoint that it names is whole: from it the training diverges at the same step again.
    let newest = message.split("newest checkpoint is ").nth(1).map(|rest| PathBuf::from(rest.trim()));
    assert!(newest.is_none_or(|newest| newest.join("state.json").exists()), "{message}");
    let again =
        fails(&["train", "--resume", &lab.path("wild"), "--cache", &lab.path("cache"), "--device", "cpu", "--quiet"]);
    assert_eq!(again, message);
}

#[test]
fn a_two_level_pair_is_one_student() {
    let lab = Lab::new();
    let pair = ["--set", "student-target=two-level", "--set", "distill.two_level.weight=1.5"];
    lab.run_train_with("data", "pair", &pair);
    lab.run_train_with("data", "stopped", &pair);
    let run = lab.path("pair");
    let partner = |run: &str| fs::read(Path::new(&lab.path(run)).join("best-partner.safetensors")).unwrap();
    assert_ne!(partner("pair"), lab.best("pair")[1]);
    // Without its last checkpoint a run goes on from the one before.
    let checkpoints = PathBuf::from(lab.path("stopped")).join("checkpoints");
    let mut steps: Vec<_> = fs::read_dir(&checkpoints).unwrap().map(|entry| entry.unwrap().path()).collect();
    steps.sort();
    fs::remove_dir_all(steps.pop().unwrap()).unwrap();
    lab.resume("stopped");
    assert_eq!(lab.trace("pair"), lab.trace("stopped"));
    assert_eq!(partner("pair"), partner("stopped"));
    assert!(lab.trace("pair").iter().any(|line| line.contains("\"consistency_loss\":-")), "{:?}", lab.trace("pair"));
    fs::create_dir_all(lab.path("results")).unwrap();
    let (study, cache) = (lab.path("results/pair.json"), lab.path("cache"));
    passes(&["eval", "--run", &run, "--out", &study, "--cache", &cache, "--device", "cpu", "-q"]);
    let message = fails(&["export", "--run", &run, "--out", &lab.path("bundle"), "--phantoms", "3"]);
    assert!(message.contains("two-level"), "{message}");
    let refused =
        ["train", "--data", &lab.path("data"), "--split", "phantom", "--out", &lab.path("x"), "--strategies", "cwc"];
    let message = fails(&refused.iter().copied().chain(pair).collect::<Vec<_>>());
    assert!(message.contains("two-level") && message.contains("no strategies"), "{message}");
}

#[test]
fn an_interrupted_training_says_how_to_go_on() {
    let lab = Lab::new();
    lab.run_train("data", "whole");
    let mut child = Command::new(env!("CARGO_BIN_EXE_fovea"))
        .args(lab.train("data", "stopped"))
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let second = Path::new(&lab.path("stopped")).join("checkpoints/step-0000002");
    wait_until(&mut child, "two steps are saved", || second.exists());
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(message.contains("fovea train --resume"), "{message}");
    lab.resume("stopped");
    assert!(lab.best("whole") == lab.best("stopped"));
}

#[test]
fn the_whole_road() {
    let lab = Lab::new();
    lab.run_train("data", "run");
    let (run, study) = (lab.path("run"), lab.path("results/road.json"));
    fs::create_dir_all(lab.path("results")).unwrap();
    let again = ["train", "--data", &lab.path("data"), "--split", "phantom", "--out", &run];
    assert!(fails(&again).contains("--resume"), "a run is never overwritten");
    let cache = lab.path("cache");
    passes(&["eval", "--run", &run, "--out", &study, "--cache", &cache, "--device", "cpu", "-q", "--sheet", "2"]);
    let written: serde_json::Value = serde_json::from_str(&fs::read_to_string(&study).unwrap()).unwrap();
    assert_eq!(written["study"], "road");
    assert_eq!(written["rows"][0]["seeds"][0], 11);
    let dice = written["rows"][0]["student"]["dice"][0].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&dice));
    for file in ["road.md", "road-best-images.csv", "road-best-sheet.png"] {
        assert!(Path::new(&lab.path("results")).join(file).exists(), "{file}");
    }

    let labels = lab.path("results/labels.json");
    let said = passes(&["labels", "--run", &run, "--out", &labels, "--cache", &cache, "--device", "cpu", "-q"]);
    let written: serde_json::Value = serde_json::from_str(&fs::read_to_string(&labels).unwrap()).unwrap();
    let rows = written["labels"].as_array().unwrap();
    assert!(said.contains("| broad pseudo-mask | 0."), "{said}");
    assert_eq!((rows.len(), written["seeds"][0].as_u64()), (6, Some(11)));
    assert_eq!((rows[0]["differs"][0].as_f64(), rows[0]["right"].as_array().unwrap().len()), (Some(0.0), 0));
    assert!(rows[0]["dice"][0].as_f64().unwrap() > 0.5 && rows[5]["differs"][0].as_f64().unwrap() > 0.0, "{rows:?}");
    assert!(Path::new(&lab.path("results/labels.md")).exists());

    let bundles = lab.path("bundles");
    passes(&["export", "--run", &run, "--out", &bundles, "--results", &study, "--phantoms", "3"]);
    passes(&["export", "--run", &run, "--out", &bundles, "--phantoms", "4"]);
    let bundle = format!("{bundles}/polyp");
    assert!(Path::new(&bundle).join("gallery/phantom-4.jpg").exists());
    passes(&["gallery", "--data", &lab.path("data"), "--bundles", &bundles, "--count", "2", "--split", "phantom"]);
    let written = fs::read(Path::new(&bundle).join("manifest.json")).unwrap();
    let manifest = Manifest::parse(&written).unwrap();
    assert_eq!((manifest.gallery.len(), manifest.domain), (3, Modality::Polyp));
    assert_eq!(manifest.students.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["teacher"]);
    assert!(manifest.training.int8_difference.is_some_and(|moved| moved > 0.0 && moved < 1.0));
    let index = BundleIndex::parse(&fs::read(Path::new(&bundles).join("index.json")).unwrap()).unwrap();
    assert_eq!(index.bundles, [IndexEntry::new(&manifest, &written)]);
    let ranking = lab.path("ranking.csv");
    let rank = ["gallery", "rank", "--data", &lab.path("data"), "--split", "phantom", "--device", "cpu", "-q"];
    passes(&[&rank[..], &["--bundle", &bundle, "--out", &ranking]].concat());
    let table = fs::read_to_string(&ranking).unwrap();
    let gains: Vec<f64> = table.lines().skip(1).map(|line| line.split(',').nth(5).unwrap().parse().unwrap()).collect();
    assert!(gains.len() > 1 && gains.is_sorted_by(|a, b| a >= b), "{table}");
    assert!(
        passes(&[&rank[..], &["--run", &run]].concat())
            .starts_with("id,lesions,share,without,with_look,gain,student\n")
    );
    let shown = table.lines().nth(1).unwrap().split(',').next().unwrap();
    gallery_cli::replaces(lab.folder.path(), &bundles, shown);
    let skin = lab.path("skin");
    passes(&["data", "phantom", "--domain", "skin", "--count", "2", "--size", "64x64", "--out", &skin]);
    let message = fails(&["gallery", "--data", &skin, "--bundles", &bundles]);
    assert!(message.contains("skin lesion") && message.contains("only for polyp"), "{message}");
    let message = fails(&["export", "--run", &run, "--out", &run]);
    assert!(message.contains("holds no bundles"), "{message}");

    let image = format!("{bundle}/gallery/phantom-4.jpg");
    let out = lab.path("out");
    passes(&["predict", "--bundle", &bundle, "--fixation", "0.5,0.5", "--out", &out, "-q", "--device", "cpu", &image]);
    let (from_bundle, mask) = (lab.path("out/phantom-4.json"), lab.path("out/phantom-4-student.png"));
    let report: serde_json::Value = serde_json::from_str(&fs::read_to_string(from_bundle).unwrap()).unwrap();
    assert_eq!((report["width"].as_u64(), report["height"].as_u64()), (Some(640), Some(512)));
    assert_eq!(report["student_name"], "teacher");
    let message = fails(&[
        "predict",
        "--bundle",
        &bundle,
        "--student",
        "heat+afc",
        "--out",
        &out,
        "-q",
        "--device",
        "cpu",
        &image,
    ]);
    assert!(message.contains("`heat+afc`") && message.contains("only teacher"), "{message}");
    assert_eq!(image::open(mask).unwrap().into_luma8().dimensions(), (640, 512));

    let teacher = Path::new(&bundle).join("teacher.safetensors");
    let mut bytes = fs::read(&teacher).unwrap();
    bytes[1000] ^= 1;
    fs::write(&teacher, bytes).unwrap();
    let message = fails(&["predict", "--bundle", &bundle, "--out", &out, "-q", "--device", "cpu", &image]);
    assert!(message.contains("`teacher.safetensors`") && message.contains("SHA-256"), "{message}");
}

#[test]
fn bad_input_is_named() {
    let lab = Lab::new();
    let (data, out) = (lab.path("data"), lab.path("out"));
    let config = lab.path("bad.toml");
    fs::write(&config, "sede = 3\n").unwrap();
    let message = fails(&["train", "--data", &data, "--out", &out, "--config", &config]);
    assert!(message.contains("bad.toml") && message.contains("sede"), "{message}");
    let message = fails(&["train", "--data", &data, "--split", "phantom", "--out", &out, "--batch", "0"]);
    assert!(message.contains("batch"), "{message}");
    let message = fails(&["train", "--data", &data, "--split", "nowhere", "--out", &out]);
    assert!(message.contains("nowhere") && message.contains("phantom"), "{message}");
    let message = fails(&["eval", "--run", &out, "--out", &lab.path("r.json")]);
    assert!(message.contains("run.json"), "{message}");
    let text = lab.path("text.png");
    fs::write(&text, "no image").unwrap();
    lab.run_train("data", "run");
    let message = fails(&["predict", "--run", &lab.path("run"), "--out", &out, "-q", "--device", "cpu", &text]);
    assert!(message.contains("text.png") && message.contains("a text file"), "{message}");
    assert_eq!(fovea(&["predict", "--run", "a", "--bundle", "b", "--out", "c", "d"]).status.code(), Some(2));
}
