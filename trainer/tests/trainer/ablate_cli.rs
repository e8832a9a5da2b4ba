//! `fovea ablate` and `fovea report` through the binary, on a few small phantoms.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    binary::{fovea, passes},
    wait::wait_until,
};

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).unwrap()
}

/// Phantoms, a feature cache, a grid and room for its folder.
struct Lab {
    folder: TempDir,
}

const BASE: &str = "teacher-epochs = 2\nstudent-epochs = 2\nbatch = 3\ntext = \"none\"\n";
const ROWS: &str = "[[row]]\nname = \"gaze-baseline\"\nnote = \"as it is\"\n\
                    [[row]]\nname = \"dice\"\ndistill.student_dice = 0.1\n";

impl Lab {
    fn new(seeds: &str, rows: &str) -> Self {
        let lab = Self { folder: TempDir::new().unwrap() };
        passes(&["data", "phantom", "--count", "8", "--seed", "5", "--size", "96x80", "--out", &lab.path("data")]);
        lab.grid(seeds, rows);
        lab
    }

    fn grid(&self, seeds: &str, rows: &str) {
        let text =
            format!("study = \"tiny\"\ndata = \"data\"\nsplit = \"phantom\"\nseeds = {seeds}\n[base]\n{BASE}{rows}");
        fs::write(self.at("grid.toml"), text).unwrap();
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn path(&self, name: &str) -> String {
        self.at(name).to_string_lossy().into_owned()
    }

    fn arguments(&self, more: &[&str]) -> Vec<String> {
        let mut all: Vec<String> = ["ablate", "--device", "cpu", "--checkpoint-every", "1"].map(String::from).into();
        for (flag, name) in [("--grid", "grid.toml"), ("--out", "out"), ("--cache", "cache"), ("--results", "results")]
        {
            all.extend([flag.to_owned(), self.path(name)]);
        }
        all.extend(more.iter().map(|s| (*s).to_owned()));
        all
    }

    fn ablate(&self, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_fovea")).args(self.arguments(more)).output().unwrap()
    }

    fn start(&self, more: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fovea"));
        command.args(self.arguments(more)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn done(&self, more: &[&str]) -> String {
        let output = self.ablate(more);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn study(&self) -> Value {
        json(&self.at("results/tiny.json"))
    }

    fn cell(&self, name: &str) -> PathBuf {
        self.at("out/cells").join(name)
    }

    fn student(&self, cell: &str) -> Vec<u8> {
        fs::read(self.cell(cell).join("run/best-student.safetensors")).unwrap()
    }

    /// Names below a folder of OUT.
    fn names(&self, folder: &str) -> BTreeSet<String> {
        let Ok(entries) = fs::read_dir(self.at("out").join(folder)) else { return BTreeSet::new() };
        entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }
}

fn wait_for(path: &Path, child: &mut Child) {
    wait_until(child, &format!("{} is there", path.display()), || path.exists());
}

#[test]
fn a_grid_becomes_a_study_and_a_cell_is_what_train_and_eval_make_of_it() {
    let lab = Lab::new("[3, 4]", ROWS);
    let plan = lab.done(&["--dry-run"]);
    assert!(plan.contains("4 cells in part 1/1: 0 finished, 0 begun, 4 to do") && plan.contains("2 shared"), "{plan}");
    assert!(!lab.at("out").exists(), "a dry run writes nothing");
    let said = lab.done(&[]);
    assert!(said.contains("4 cells finished here, 0 before"), "{said}");
    assert_eq!(lab.names("teachers").len(), 2, "one teacher a seed serves both rows");
    assert!(!lab.done(&["--dry-run"]).contains("at work"), "a process that has ended holds nothing");

    // The same cell by hand: the very same weights and scores.
    let config = format!("seed = 4\n{BASE}distill.student_dice = 0.1\n");
    fs::write(lab.at("hand.toml"), config).unwrap();
    let (hand, cache, out) = (lab.path("hand"), lab.path("cache"), lab.path("hand.json"));
    passes(&[
        "train",
        "--data",
        &lab.path("data"),
        "--split",
        "phantom",
        "--config",
        &lab.path("hand.toml"),
        "--out",
        &hand,
        "--cache",
        &cache,
        "--device",
        "cpu",
        "-q",
        "--checkpoint-every",
        "1",
    ]);
    for file in ["best-teacher.safetensors", "best-student.safetensors", "config.toml", "metrics.csv"] {
        let (theirs, ours) =
            (fs::read(lab.at("hand").join(file)), fs::read(lab.cell("dice-s4").join("run").join(file)));
        assert!(theirs.unwrap() == ours.unwrap(), "{file} differs from that of fovea train");
    }
    passes(&["eval", "--run", &hand, "--out", &out, "--cache", &cache, "--device", "cpu", "-q", "--sheet", "0"]);
    let (by_hand, study) = (json(Path::new(&out)), lab.study());
    let row = &study["rows"][1];
    for model in ["student", "teacher", "teacher_with_gaze"] {
        for score in ["dice", "iou", "hd95", "asd", "empty"] {
            let (a, b) =
                (by_hand["rows"][0][model][score][0].as_f64().unwrap(), row[model][score][1].as_f64().unwrap());
            assert!((a - b).abs() < 1e-9, "{model} {score}: {a} by hand, {b} in the grid");
        }
    }
    assert_eq!(by_hand["data"], study["data"]);

    // Where everything came from.
    let run = json(&lab.cell("dice-s4").join("run/run.json"));
    let teacher = PathBuf::from(run["teacher"]["run"].as_str().unwrap());
    assert!(teacher.starts_with(lab.at("out/teachers").canonicalize().unwrap()), "{teacher:?}");
    assert_eq!(run["git_sha"], study["git_sha"]);
    assert_eq!((study["study"].as_str(), study["rows"][0]["note"].as_str()), (Some("tiny"), Some("as it is")));
    assert_eq!(
        (row["seeds"].to_string(), row["config"]["distill"]["student_dice"].as_f64()),
        ("[3,4]".into(), Some(0.1))
    );
    assert_eq!(study["rows"][0].get("paired"), None, "the reference is not compared with itself");
    let paired = row["paired"].as_array().unwrap();
    let of = |model: &str| paired.iter().find(|p| p["model"] == model).unwrap();
    assert_eq!(of("student")["reference"], "gaze-baseline");
    assert_eq!(of("teacher")["dice"]["mean"], 0.0, "one teacher for both");
    let mean =
        |row: &Value| row["student"]["dice"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).sum::<f64>() / 2.0;
    let difference = mean(row) - mean(&study["rows"][0]);
    assert!((of("student")["dice"]["mean"].as_f64().unwrap() - difference).abs() < 1e-9);
    let images = study["data"]["images"].as_u64().unwrap() as usize;
    let lines = |name: &str| fs::read_to_string(lab.at("results").join(name)).unwrap().lines().count();
    assert_eq!(lines("tiny-images.csv"), 1 + images * 4 * 3);
    assert_eq!(lines("tiny-paired.csv"), 1 + images * 3);
    assert_eq!(lines("tiny.csv"), 1 + 2 * 3);
    assert!(fs::read_to_string(lab.at("results/tiny.svg")).unwrap().contains("gaze-baseline"));

    // Again: nothing is left to do, and the study is the same.
    let weights = fs::metadata(lab.cell("dice-s4").join("run/best-student.safetensors")).unwrap().modified().unwrap();
    assert!(lab.done(&[]).contains("0 cells finished here, 4 before"));
    assert_eq!(
        fs::metadata(lab.cell("dice-s4").join("run/best-student.safetensors")).unwrap().modified().unwrap(),
        weights
    );
    let again = lab.study();
    assert_eq!(again["rows"], study["rows"]);

    // Another configuration under an old name is not passed off as the old cell's.
    lab.grid("[3, 4]", &ROWS.replace("0.1", "0.2"));
    let refused = lab.ablate(&[]);
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        message.contains("`distill.student_dice`: 0.1 then, 0.2 now") && message.contains("--changed retrain"),
        "{message}"
    );
    assert!(message.contains("dice-s3") && !message.contains("gaze-baseline-s"), "{message}");
    let merged = lab.ablate(&["--merge-only"]);
    assert_eq!(merged.status.code(), Some(1), "two cells of four are missing");
    assert!(String::from_utf8_lossy(&merged.stdout).contains("2 cells are missing"));
    assert!(lab.done(&["--changed", "retrain"]).contains("2 cells finished here, 2 before"));
    assert_eq!(lab.study()["rows"][1]["config"]["distill"]["student_dice"], 0.2);
    assert_eq!(lab.names("teachers").len(), 2, "the teachers serve the new cells too");

    report(&lab);
}

/// The page and a README of the study that is there.
fn report(lab: &Lab) {
    let (results, page, readme) = (lab.path("results"), lab.path("report.html"), lab.path("README.md"));
    fs::write(lab.at("results/torn.json"), "{").unwrap();
    fs::write(&readme, "# Read\n<!-- results:tiny models=student any-version -->\n<!-- /results -->\n").unwrap();
    let check = |code: i32| {
        let output = fovea(&["report", &results, "--markdown", &readme, "--check"]);
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    };
    check(1);
    assert!(fs::read_to_string(&readme).unwrap().len() < 90, "a check writes nothing");
    let output = fovea(&["report", &results, "--out", &page, "--markdown", &readme]);
    assert!(output.status.success() && String::from_utf8_lossy(&output.stderr).contains("torn.json"));
    check(0);
    let text = fs::read_to_string(&readme).unwrap();
    let dice = &lab.study()["rows"][0]["student"]["dice"];
    let mean = (dice[0].as_f64().unwrap() + dice[1].as_f64().unwrap()) / 2.0;
    assert!(text.contains(&format!("| gaze-baseline | student | 2 | {mean:.3} ")), "{text}");
    assert!(text.contains("](results/tiny.json)"), "{text}");
    fs::write(&readme, text.replace("| 2 |", "| 3 |")).unwrap();
    check(1);
    fs::write(&readme, &text).unwrap();
    let beside = lab.at("results/tiny.md");
    let written = fs::read_to_string(&beside).unwrap();
    fs::write(&beside, written.replace("| 2 |", "| 3 |")).unwrap();
    check(1);
    passes(&["report", &results, "--pages"]);
    assert_eq!(fs::read_to_string(&beside).unwrap(), written);
    check(0);
    let html = fs::read_to_string(&page).unwrap();
    for words in ["gaze-baseline", "torn.json", "Research and education only", "<svg ", "Paired differences"] {
        assert!(html.contains(words), "{words}");
    }
    assert_eq!(fovea(&["report", &results]).status.code(), Some(2), "it must be told what to write");
    assert_eq!(fovea(&["report", &lab.path("nowhere"), "--out", &page]).status.code(), Some(1));
}

#[test]
fn a_killed_grid_goes_on_with_the_same_end() {
    let rows = ROWS.split("[[row]]").nth(1).map(|row| format!("[[row]]{row}")).unwrap();
    let lab = Lab::new("[7]", &rows);
    lab.done(&["-q"]);
    let whole = lab.student("gaze-baseline-s7");
    let scores = lab.study()["rows"].clone();
    let teacher = lab.names("teachers").into_iter().next().unwrap();
    // Once in the teacher's stage, once in the student's.
    for place in [
        format!("teachers/{teacher}/checkpoints/step-0000002"),
        "cells/gaze-baseline-s7/run/checkpoints/step-0000006".into(),
    ] {
        fs::remove_dir_all(lab.at("out")).unwrap();
        let mut child = lab.start(&["-q"]);
        wait_for(&lab.at("out").join(&place), &mut child);
        assert!(lab.done(&["--dry-run"]).contains("at work: process"), "who is at work is named");
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!lab.cell("gaze-baseline-s7").join("cell.json").exists());
        assert!(!lab.done(&["--dry-run"]).contains("at work"), "a killed process holds nothing");
        assert!(lab.done(&["-q"]).contains("1 cells finished here"), "{place}");
        assert!(lab.student("gaze-baseline-s7") == whole, "{place}: the weights differ");
        assert_eq!(lab.study()["rows"], scores, "{place}");
    }
    // Ctrl-C saves.
    fs::remove_dir_all(lab.at("out")).unwrap();
    let mut child = lab.start(&["-q"]);
    wait_for(&lab.at(&format!("out/teachers/{teacher}/checkpoints/step-0000001")), &mut child);
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!lab.done(&["--dry-run"]).contains("at work"), "a stopped process holds nothing");
    lab.done(&["-q"]);
    assert!(lab.student("gaze-baseline-s7") == whole);
}

#[test]
fn rows_whose_cells_are_elsewhere_stay_with_the_scores_of_their_images() {
    let lab = Lab::new("[3, 4]", ROWS);
    lab.done(&["-q"]);
    let (study, images) = (lab.study(), fs::read_to_string(lab.at("results/tiny-images.csv")).unwrap());
    let same = |lost: &str, said: &str| {
        assert!(
            said.contains(&format!("kept as they stood there, for want of as many cells here: {lost}\n")),
            "{said}"
        );
        assert!(!said.contains("missing"), "{said}");
        let (mut now, mut then) = (lab.study(), study.clone());
        assert_eq!(now["git_sha"], then["git_sha"]);
        for row in 0..2 {
            let [now, then] = [&mut now, &mut then].map(|study| study["rows"][row]["paired"].take());
            for (now, then) in now.as_array().into_iter().flatten().zip(then.as_array().into_iter().flatten()) {
                let [now, then] = [now, then].map(|pair| pair["dice"]["mean"].as_f64().unwrap());
                assert!((now - then).abs() < 2e-5, "scores of images are written to five places: {now}, {then}");
            }
            assert_eq!(now.as_array().map(Vec::len), then.as_array().map(Vec::len));
        }
        assert_eq!(now["rows"], then["rows"]);
        assert_eq!(fs::read_to_string(lab.at("results/tiny-images.csv")).unwrap(), images);
    };
    // The reference was trained on another machine; then of the other row, too, one cell is gone.
    for seed in [3, 4] {
        fs::remove_dir_all(lab.cell(&format!("gaze-baseline-s{seed}"))).unwrap();
    }
    same("gaze-baseline", &lab.done(&["-q", "--merge-only"]));
    fs::remove_dir_all(lab.cell("dice-s3")).unwrap();
    same("gaze-baseline, dice", &lab.done(&["-q", "--merge-only"]));

    // A row that the grid no longer knows stays too, after those that it knows.
    lab.grid("[3, 4]", &ROWS[ROWS.find("[[row]]\nname = \"dice\"").unwrap()..]);
    assert!(lab.done(&["-q"]).contains("1 cells finished here, 1 before"));
    let rows = lab.study()["rows"].clone();
    assert_eq!((rows[0]["name"].as_str(), rows[1]["name"].as_str()), (Some("dice"), Some("gaze-baseline")));
    assert_eq!(rows[0]["student"], study["rows"][1]["student"]);
    let sorted = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(sorted(&fs::read_to_string(lab.at("results/tiny-images.csv")).unwrap()), sorted(&images));

    // With other settings it is not passed off as this grid's.
    lab.grid("[3, 4]", &ROWS.replace("note =", "batch = 2\nnote ="));
    let merged = lab.ablate(&["-q", "--merge-only"]);
    assert_eq!(merged.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&merged.stdout).contains("gaze-baseline-s3: not begun"));
    assert_eq!(lab.study()["rows"].as_array().unwrap().len(), 1);
}

#[test]
fn two_processes_share_a_grid_and_shards_part_it() {
    let lab = Lab::new("[1, 2, 3]", ROWS);
    let both = [lab.start(&[]), lab.start(&[])];
    let outputs = both.map(|child| child.wait_with_output().unwrap());
    let mut finished = Vec::new();
    for output in &outputs {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        finished.extend(said.lines().filter_map(|line| Some(line.split_once(" finished in ")?.0.to_owned())));
    }
    finished.sort();
    let all: Vec<String> =
        ["dice", "gaze-baseline"].iter().flat_map(|row| [1, 2, 3].map(|seed| format!("{row}-s{seed}"))).collect();
    assert_eq!(finished, all, "every cell once, by one of the two");
    assert_eq!(lab.names("teachers").len(), 3);
    let study = lab.study();
    assert!(
        study["rows"].as_array().unwrap().iter().all(|row| row["seeds"] == serde_json::json!([1, 2, 3])),
        "{study}"
    );

    // The same grid in parts, one after the other, has the same end.
    fs::remove_dir_all(lab.at("out")).unwrap();
    fs::remove_dir_all(lab.at("results")).unwrap();
    assert!(lab.done(&["-q", "--shard", "1/2"]).contains("3 cells finished here"));
    assert_eq!(lab.names("cells").len(), 3);
    assert!(lab.done(&["-q", "--shard", "2/2"]).contains("3 cells finished here"));
    assert_eq!(lab.study()["rows"], study["rows"]);
}

#[test]
fn a_failing_cell_stops_no_other_and_a_wrong_grid_stops_everything() {
    let rows = format!("[[row]]\nname = \"told\"\ntext = \"import\"\n{ROWS}");
    let lab = Lab::new("[1]", &rows);
    let refused = lab.ablate(&[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("row `told`") && !lab.at("out").exists());
    // A file that knows none of the images is found out only when the cell wants to read it.
    passes(&["data", "phantom", "--count", "3", "--seed", "6", "--size", "96x80", "--out", &lab.path("others")]);
    let words = lab.path("words.jsonl");
    passes(&["describe", "--data", &lab.path("others"), "--source", "measured", "--out", &words]);
    let text = fs::read_to_string(&words).unwrap();
    assert!(!text.is_empty());
    fs::write(&words, text.replace("phantom-", "stranger-")).unwrap();
    let grid = fs::read_to_string(lab.at("grid.toml")).unwrap();
    fs::write(lab.at("grid.toml"), grid.replace("seeds =", "descriptions = \"words.jsonl\"\nseeds =")).unwrap();
    let output = lab.ablate(&["-q"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("told-s1 failed") && message.contains("knows none of the images"), "{message}");
    assert!(fs::read_to_string(lab.cell("told-s1").join("failure.txt")).unwrap().contains("knows none"));
    let study = lab.study();
    let names: Vec<&str> = study["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["gaze-baseline", "dice"], "the others were trained and merged");
    // Mended, only that cell is left.
    fs::write(lab.at("grid.toml"), grid.replace("text = \"import\"\n", "")).unwrap();
    assert!(lab.done(&["-q"]).contains("1 cells finished here, 2 before"));
    assert!(!lab.cell("told-s1").join("failure.txt").exists());
}

#[test]
fn the_documents_tables_are_those_of_the_results() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let results = root.join("results");
    let pages = fs::read_dir(root.join("docs/results")).unwrap().map(|entry| entry.unwrap().path());
    let with_tables = |path: &PathBuf| fs::read_to_string(path).unwrap().contains("<!-- results:");
    let documents: Vec<PathBuf> = pages.chain([root.join("README.md")]).filter(with_tables).collect();
    assert!(documents.len() >= 10, "{documents:?}");
    let results = results.to_string_lossy();
    let mut arguments = vec!["report", &results, "--check"];
    let documents: Vec<_> = documents.iter().map(|path| path.to_string_lossy()).collect();
    documents.iter().for_each(|document| arguments.extend(["--markdown", document]));
    passes(&arguments);
}
