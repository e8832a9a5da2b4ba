//! `fovea data` through the binary: what a user sees, and what a script reads.

use std::fs;
use std::path::Path;
use std::process::Output;

use image::{GrayImage, Luma, RgbImage};

use crate::binary::fovea;

fn data(action: &str, folder: &Path, more: &[&str]) -> Output {
    fovea(&[&["data", action, folder.to_str().unwrap()], more].concat())
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", stdout(output), stderr(output)))
}

/// Draws six small phantoms into `folder/set`.
fn phantoms(folder: &Path) -> std::path::PathBuf {
    let out = folder.join("set");
    let drawn = fovea(&[
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
        out.to_str().unwrap(),
    ]);
    assert!(drawn.status.success(), "{}", stderr(&drawn));
    out
}

#[test]
fn draw_then_check_then_measure() {
    let folder = tempfile::tempdir().unwrap();
    let set = phantoms(folder.path());
    let readme = fs::read_to_string(set.join("README.txt")).unwrap();
    assert!(readme.contains("drawn") && readme.contains("simulated from the mask"), "{readme}");

    let checked = data("check", &set, &["--json"]);
    assert_eq!(checked.status.code(), Some(0));
    let report = json(&checked);
    assert_eq!((&report["images"], &report["masks"], &report["gaze"]), (&6.into(), &6.into(), &6.into()));
    assert_eq!((&report["errors"], &report["warnings"]), (&0.into(), &0.into()), "{report:#}");
    let text = stdout(&data("check", &set, &[]));
    let can = ["train: yes", "validate: yes", "evaluate: yes"].map(|can| format!("split phantom, {can}\n"));
    assert!(text.contains("Nothing is wrong.") && can.iter().all(|can| text.contains(can)), "{text}");

    let measured = json(&data("stats", &set, &["--json"]));
    assert_eq!(measured["gaze_origin"], "simulated");
    assert_eq!(measured["lists"], serde_json::json!({"phantom-train": 4, "phantom-test": 2}));
    assert_eq!((&measured["width"]["mean"], &measured["height"]["max"]), (&96.0.into(), &80.0.into()));
    assert!(measured["dwell_inside"]["mean"].as_f64().unwrap() > 0.3, "{measured:#}");
    assert!(measured["heat_dice"]["0.3"]["mean"].as_f64().unwrap() > 0.3, "{measured:#}");
    let table = stdout(&data("stats", &set, &[]));
    assert!(table.contains("SIMULATED") && table.contains("Dice of heat >= 0.5"), "{table}");

    let sets = ["--set", "validation-fraction=0.5", "--set", "pseudo-masks.side=48"];
    let masks = stdout(&data("masks", &set, &sets));
    assert!(masks.contains("SIMULATED") && masks.contains("reliable background"), "{masks}");
    let masks = json(&data("masks", &set, &[&sets[..], &["--seed", "4", "--json"]].concat()));
    assert_eq!(
        (&masks["images"], &masks["params"]["side"]),
        (&2.into(), &48.into()),
        "two of the four that train: {masks:#}"
    );
    assert!(masks["labels"][2]["precision"].as_f64().unwrap() > 0.8, "{masks:#}");
    let wrong = data("masks", &set, &["--set", "pseudo-masks.background=0.5"]);
    assert!(stderr(&wrong).contains("`background` must be below `broad`"), "{}", stderr(&wrong));
}

#[test]
fn every_domain_is_drawn_at_its_own_size() {
    let folder = tempfile::tempdir().unwrap();
    for (domain, size) in [("skin", (600, 450)), ("prostate", (384, 384))] {
        let out = folder.path().join(domain);
        let arguments = ["data", "phantom", "--domain", domain, "--count", "2", "--out", out.to_str().unwrap()];
        let drawn = fovea(&arguments);
        assert!(drawn.status.success(), "{}", stderr(&drawn));
        let checked = json(&data("check", &out, &["--json"]));
        assert_eq!((&checked["errors"], &checked["warnings"]), (&0.into(), &0.into()), "{checked:#}");
        let image = image::open(out.join(format!("images/{domain}-1-00000.jpg"))).unwrap();
        assert_eq!((image.width(), image.height()), size);
        let about: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(out.join("dataset.json")).unwrap()).unwrap();
        assert!(about["command"].as_str().unwrap().contains(&format!("--domain {domain}")), "{about:#}");
    }
    let wrong = fovea(&["data", "phantom", "--domain", "lung", "--count", "1", "--out", "x"]);
    assert!(wrong.status.code() == Some(2) && stderr(&wrong).contains("prostate"), "{}", stderr(&wrong));
}

#[test]
fn a_full_folder_is_not_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let set = phantoms(folder.path());
    let out = set.to_str().unwrap();
    let draw =
        |more: &[&str]| fovea(&[&["data", "phantom", "--count", "1", "--size", "64x64", "--out", out], more].concat());
    let refused = draw(&[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("--force"), "{}", stderr(&refused));
    assert_eq!(fs::read_dir(set.join("images")).unwrap().count(), 6);
    assert!(draw(&["--force"]).status.success());
    assert_eq!(fs::read_dir(set.join("images")).unwrap().count(), 1);

    fs::remove_file(set.join("dataset.json")).unwrap();
    let foreign = draw(&["--force"]);
    assert_eq!(foreign.status.code(), Some(1));
    assert!(stderr(&foreign).contains("choose another"), "{}", stderr(&foreign));
    assert!(set.join("images").is_dir());
    for wrong in ["0x64", "64", "64x9999999", "axb"] {
        assert_eq!(draw(&["--size", wrong]).status.code(), Some(2), "{wrong}");
    }
}

/// A folder with one defect of every sort.
fn broken(folder: &Path) -> std::path::PathBuf {
    let set = phantoms(folder);
    let id = |i: usize| format!("polyp-4-{i:05}");
    let image = |i: usize| set.join(format!("images/{}.jpg", id(i)));
    let mask = |i: usize| set.join(format!("masks/{}.png", id(i)));

    let whole = fs::read(image(0)).unwrap();
    fs::write(image(0), &whole[..whole.len() / 3]).unwrap();
    fs::remove_file(mask(1)).unwrap();
    fs::remove_file(mask(5)).unwrap();
    GrayImage::from_pixel(50, 40, Luma([255])).save(mask(2)).unwrap();
    GrayImage::from_fn(96, 80, |x, _| Luma([(x * 2) as u8])).save(mask(3)).unwrap();
    fs::write(mask(4), "no picture").unwrap();
    RgbImage::new(96, 80).save(set.join(format!("images/{}.png", id(3)))).unwrap();
    fs::copy(image(4), set.join("images/copy.jpg")).unwrap();
    fs::copy(image(4), set.join("images/notes.doc")).unwrap();
    GrayImage::from_pixel(96, 80, Luma([0])).save(set.join("masks/alone.png")).unwrap();

    let gaze = set.join("gaze/phantom_fixation.csv");
    let mut rows = fs::read_to_string(&gaze).unwrap();
    rows.push_str("stranger.jpg,1,0.5,0.5,200,0,0,80,96\n");
    rows.push_str(&format!("{}.jpg,99,1.2,0.5,200,0,90000,80,96\n", id(2)));
    fs::write(&gaze, rows).unwrap();
    fs::write(
        set.join("gaze/more.csv"),
        format!("{}\n{}.jpg,1,0.5,0.5,200,0,0,80,96\n", fovea_shared::gaze::HEADER, id(4)),
    )
    .unwrap();

    let test = set.join("splits/phantom-test.txt");
    let list = fs::read_to_string(&test).unwrap();
    fs::write(&test, format!("{list}{}\nnobody\ncopy\n{}\n", id(0), id(5))).unwrap();
    fs::write(set.join("splits/lonely-test.txt"), "copy\n").unwrap();
    set
}

#[test]
fn every_defect_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let set = broken(folder.path());
    let checked = data("check", &set, &["--json"]);
    assert_eq!(checked.status.code(), Some(1));
    let report = json(&checked);
    let defects = report["defects"].as_array().unwrap();
    let expected = [
        ("error", "unreadable-image", "images/polyp-4-00000.jpg", "cut short"),
        ("warning", "missing-mask", "images/polyp-4-00001.jpg", "training only"),
        ("error", "missing-mask", "images/polyp-4-00005.jpg", "cannot be scored"),
        ("error", "size-mismatch", "masks/polyp-4-00002.png", "50x40 pixels and its image 96x80"),
        ("warning", "uniform-mask", "masks/polyp-4-00002.png", "every pixel"),
        ("error", "unreadable-mask", "masks/polyp-4-00003.png", "map of shades"),
        ("error", "unreadable-mask", "masks/polyp-4-00004.png", "text file; only JPEG, PNG and WebP"),
        ("error", "duplicate-id", "images/polyp-4-00003.png", "polyp-4-00003.jpg"),
        ("warning", "duplicate-content", "copy", "polyp-4-00004"),
        ("warning", "foreign-file", "images/notes.doc", "passed over"),
        ("warning", "mask-without-image", "masks/alone.png", "no image"),
        ("warning", "missing-gaze", "images/copy.jpg", "no gaze"),
        ("warning", "gaze-without-image", "stranger", "no image"),
        ("warning", "gaze-place", "gaze/phantom_fixation.csv", "1 of 178 positions (0.6 %) are outside"),
        ("error", "gaze-twice", "gaze/phantom_fixation.csv", "gaze/more.csv"),
        ("error", "split-leak", "split phantom", "`polyp-4-00000`"),
        ("error", "split-unknown-id", "splits/phantom-test.txt:4", "`nobody`"),
        ("error", "split-twice", "splits/phantom-test.txt:6", "`polyp-4-00005`"),
        ("warning", "split-list", "split lonely", "lonely-train.txt"),
    ];
    for (severity, kind, subject, words) in expected {
        let found = defects.iter().any(|d| {
            d["severity"] == severity
                && d["kind"] == kind
                && d["subject"] == subject
                && d["message"].as_str().unwrap().contains(words)
        });
        assert!(found, "{severity} {kind} {subject} ({words}) is not in {report:#}");
    }

    let human = data("check", &set, &[]);
    assert_eq!(human.status.code(), Some(1));
    let text = stdout(&human);
    let verdict = "split phantom, train: no, because";
    for words in
        ["ERROR: unreadable image", "warning: image without gaze", "errors,", "images/polyp-4-00000.jpg", verdict]
    {
        assert!(text.contains(words), "{words} is not in {text}");
    }
}

#[test]
fn the_check_and_the_commands_refuse_the_same_in_the_same_words() {
    let folder = tempfile::tempdir().unwrap();
    let set = phantoms(folder.path());
    // A mask that can be read in two ways.
    let mask = set.join("masks/polyp-4-00003.png");
    let sound = fs::read(&mask).unwrap();
    GrayImage::from_fn(96, 80, |x, _| Luma([[0, 128, 255][x as usize / 32]])).save(&mask).unwrap();
    let words = "only 255 is inside. Save it as PNG";
    let checked = data("check", &set, &[]);
    assert!(checked.status.code() == Some(1) && stdout(&checked).contains(words), "{}", stdout(&checked));
    let gaze =
        fovea(&["data", "gaze", "--data", set.to_str().unwrap(), "--out", folder.path().join("g").to_str().unwrap()]);
    for refused in [data("stats", &set, &[]), gaze] {
        assert!(refused.status.code() == Some(1) && stderr(&refused).contains(words), "{}", stderr(&refused));
    }
    fs::write(&mask, sound).unwrap();

    // Nothing to train on: an error, unless the list says that it is meant.
    let list = set.join("splits/phantom-train.txt");
    fs::write(&list, "\n").unwrap();
    let words = "`phantom` (phantom-train.txt) holds no id, so there is nothing to train on";
    let checked = data("check", &set, &[]);
    assert!(checked.status.code() == Some(1) && stdout(&checked).contains(words), "{}", stdout(&checked));
    let masks = data("masks", &set, &[]);
    assert!(masks.status.code() == Some(1) && stderr(&masks).contains(words), "{}", stderr(&masks));
    fs::write(&list, "# none: images to measure on alone\n").unwrap();
    let checked = data("check", &set, &[]);
    assert_eq!(checked.status.code(), Some(0));
    let text = stdout(&checked);
    assert!(text.contains("phantom, train: no, because") && text.contains("phantom, evaluate: yes"), "{text}");

    // Test images without a lesion alone measure nothing.
    for id in fs::read_to_string(set.join("splits/phantom-test.txt")).unwrap().lines() {
        GrayImage::new(96, 80).save(set.join(format!("masks/{id}.png"))).unwrap();
    }
    let checked = data("check", &set, &[]);
    let text = stdout(&checked);
    assert!(
        checked.status.code() == Some(1) && text.contains("phantom, evaluate: no, because the true masks"),
        "{text}"
    );
}

#[test]
fn commands_that_need_sound_data_say_how_to_find_out() {
    let folder = tempfile::tempdir().unwrap();
    let set = broken(folder.path());
    let refused = data("stats", &set, &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("fovea data check"), "{}", stderr(&refused));
    let nowhere = data("check", &folder.path().join("no"), &[]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(stderr(&nowhere).contains("there is no folder"), "{}", stderr(&nowhere));
    let empty = data("check", folder.path(), &[]);
    assert!(stderr(&empty).contains("no folder `images`"), "{}", stderr(&empty));
}

#[test]
fn help_teaches() {
    for (action, words) in [
        ("check", "splits/<name>-train.txt"),
        ("stats", "Dice of the gaze heat map"),
        ("masks", "--set pseudo-masks.background"),
        ("phantom", "--force"),
    ] {
        let help = fovea(&["data", action, "--help"]);
        assert!(help.status.success() && stdout(&help).contains(words), "{}", stdout(&help));
    }
}

#[test]
fn what_images_show_is_asked_for_and_never_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let set = phantoms(folder.path());
    let data = set.to_str().unwrap();
    let info = set.join("dataset.json");
    fs::write(&info, "{\"format\": 1, \"name\": \"mine\"}").unwrap();
    let checked = fovea(&["data", "check", data]);
    let report = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && report.contains("dataset.json") && report.contains("skin_lesion"), "{report}");
    let out = |name: &str| folder.path().join(name).display().to_string();
    for (command, written) in [
        ("train --split phantom --device cpu -q --data", Some(out("run"))),
        ("describe --split phantom --source measured -q --data", Some(out("words.jsonl"))),
        ("agree -q --data", Some(out("agree.json"))),
        ("data masks", None),
        ("data stats", None),
    ] {
        let mut arguments: Vec<&str> = command.split(' ').chain([data]).collect();
        if let Some(written) = &written {
            arguments.extend(["--out", written]);
        }
        let refused = fovea(&arguments);
        let message = stderr(&refused);
        assert!(!refused.status.success(), "{command}");
        assert!(
            message.contains("nothing says what the images in") && message.contains("\"modality\": \"polyp\""),
            "{command}: {message}"
        );
    }
    // Said once, it holds for all of them; and a flag answers where there is one.
    assert!(fovea(&["data", "stats", data, "--sigma", "0.1"]).status.success());
    fs::write(&info, "{\"format\": 1, \"name\": \"mine\", \"modality\": \"prostate\"}").unwrap();
    assert!(fovea(&["data", "stats", data]).status.success());
}
