//! The preset `paper` through the binary, with networks narrow enough to train in seconds.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    binary::{fails, passes},
    wait::wait_until,
};

/// Networks of the released form with a thirtieth of its widths, on images of 32 pixels.
const NARROW: &str = "preset = \"paper\"
batch = 3
[paper]
iterations = 8
teacher = [8, 16, 24, 32, 40, 16]
student = [8, 8, 16, 24, 32, 8]
head = 16
side = 32
";

/// Phantoms, a configuration, a cache of pseudo-masks and room for runs.
struct Lab {
    folder: TempDir,
}

impl Lab {
    fn new() -> Self {
        let lab = Self { folder: TempDir::new().unwrap() };
        passes(&["data", "phantom", "--count", "10", "--seed", "5", "--size", "96x80", "--out", &lab.path("data")]);
        fs::write(lab.path("narrow.toml"), NARROW).unwrap();
        lab
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// The arguments of a short training into `out`.
    fn train(&self, out: &str, more: &[&str]) -> Vec<String> {
        let text = "train --split phantom --device cpu --quiet --seed 11 --checkpoint-every 1";
        let mut arguments: Vec<String> = text.split_whitespace().map(String::from).collect();
        for (flag, value) in [("--data", "data"), ("--out", out), ("--cache", "cache"), ("--config", "narrow.toml")] {
            arguments.extend([flag.to_string(), self.path(value)]);
        }
        arguments.extend(more.iter().map(|s| (*s).to_owned()));
        arguments
    }

    fn run_train(&self, out: &str, more: &[&str]) {
        let arguments = self.train(out, more);
        passes(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    }

    fn refuses(&self, more: &[&str]) -> String {
        let arguments = self.train("refused", more);
        fails(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn file(&self, run: &str, name: &str) -> Vec<u8> {
        fs::read(Path::new(&self.path(run)).join(name)).unwrap()
    }

    fn best(&self, run: &str) -> [Vec<u8>; 2] {
        ["teacher", "student"].map(|name| self.file(run, &format!("best-{name}.safetensors")))
    }

    /// Losses and validation Dice as they were written, without the events that only tell of saving.
    fn trace(&self, run: &str) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.file(run, "events.jsonl")).unwrap();
        let lines = text.lines().filter(|line| !line.contains("\"checkpoint\""));
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn resume(&self, run: &str) {
        passes(&["train", "--resume", &self.path(run), "--cache", &self.path("cache"), "--device", "cpu", "-q"]);
    }
}

/// The strategies in the released code's forms.
const RELEASED: [&str; 10] = [
    "--set",
    "teacher-target=full-bce",
    "--set",
    "distill.consistency.variant=released",
    "--set",
    "distill.masking.region=gaze",
    "--set",
    "distill.masking.target=zero",
    "--set",
    "distill.mutual=true",
];

#[test]
fn a_killed_training_goes_on_bit_for_bit() {
    let lab = Lab::new();
    // Both forms: the sound one and the released one, in which the teacher hears the student.
    for (form, more, patience) in [("sound", &[][..], 1), ("released", &RELEASED[..], 5)] {
        let (whole, cut) = (format!("{form}-whole"), format!("{form}-cut"));
        lab.run_train(&whole, more);
        let mut child = Command::new(env!("CARGO_BIN_EXE_fovea")).args(lab.train(&cut, more)).spawn().unwrap();
        // Killed as soon as that many steps are on disk, wherever it is then.
        let checkpoint = |step: usize| Path::new(&lab.path(&cut)).join(format!("checkpoints/step-{step:07}"));
        wait_until(&mut child, "some steps are saved", || (patience..20).any(|step| checkpoint(step).exists()));
        child.kill().unwrap();
        child.wait().unwrap();
        lab.resume(&cut);
        assert_eq!(lab.trace(&whole), lab.trace(&cut), "{form}");
        assert!(lab.best(&whole) == lab.best(&cut), "{form}: the weights differ");
    }
    assert!(lab.best("sound-whole") != lab.best("released-whole"));
    let trace = lab.trace("sound-whole");
    let last = trace.iter().rfind(|event| event.get("rate").is_some()).unwrap();
    for loss in ["teacher_loss", "student_loss", "alignment_loss", "consistency_loss"] {
        assert!(last[loss].as_f64().unwrap().is_finite(), "{loss} in {last}");
    }
    let rate = last["rate"].as_f64().unwrap();
    assert!(rate < 1e-3 && rate > 1e-4, "the eighth of eight steps from 1e-2 to 1e-4 has {rate}");
    let validations = trace.iter().filter(|event| event.get("student_dice").is_some_and(|d| !d.is_null())).count();
    // Six or seven images train by three: three steps an epoch, so two epochs and the end in the middle of the third.
    assert_eq!(validations, 3, "{trace:?}");
    assert!(!lab.file("sound-whole", "metrics.csv").is_empty());
}

#[test]
fn an_interrupted_training_says_how_to_go_on() {
    let lab = Lab::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_fovea"))
        .args(lab.train("stopped", &["--iterations", "400"]))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let second = Path::new(&lab.path("stopped")).join("checkpoints/step-0000002");
    wait_until(&mut child, "two steps are saved", || second.exists());
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(message.contains("fovea train --resume"), "{message}");
}

#[test]
fn a_run_is_measured_and_asked_and_not_exported() {
    let lab = Lab::new();
    lab.run_train("run", &[]);
    let (run, cache, study) = (lab.path("run"), lab.path("cache"), lab.path("study.json"));
    for more in [&[][..], &["--flip-average"]] {
        let mut arguments = vec!["eval", "--run", &run, "--out", &study, "--cache", &cache, "--device", "cpu", "-q"];
        arguments.extend(more);
        passes(&arguments);
        let written: serde_json::Value = serde_json::from_str(&fs::read_to_string(&study).unwrap()).unwrap();
        let row = &written["rows"][0];
        assert_eq!(row["config"]["preset"], "paper");
        for model in ["student", "teacher"] {
            assert!((0.0..=1.0).contains(&row[model]["dice"][0].as_f64().unwrap()), "{row}");
        }
        assert!(row.get("teacher_with_gaze").is_none_or(serde_json::Value::is_null), "its teacher takes no gaze");
    }
    let image = fs::read_dir(lab.path("data/images")).unwrap().next().unwrap().unwrap().path();
    let (image, out) = (image.to_string_lossy().into_owned(), lab.path("out"));
    let asked = ["--fixation", "0.5,0.5", "--description", "measured", "--device", "cpu", "-q"];
    passes(&[&["predict", "--run", &run, "--out", &out][..], &asked, &[&image]].concat());
    let masks = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    let masks: Vec<_> = masks.filter(|path| path.to_string_lossy().contains("-student.png")).collect();
    assert_eq!(image::open(&masks[0]).unwrap().into_luma8().dimensions(), (96, 80));

    for refused in [
        fails(&["export", "--run", &run, "--out", &lab.path("bundle")]),
        fails(&["eval", "--run", &run, "--out", &study, "--cache", &cache, "--device", "cpu", "-q", "--explain"]),
    ] {
        assert!(refused.contains("preset `paper`"), "{refused}");
    }
}

#[test]
fn rows_of_a_grid_may_be_of_either_preset() {
    let lab = Lab::new();
    let networks = NARROW.split_once("[paper]\n").unwrap().1.replace('\n', "\npaper.");
    let networks = networks.trim_end_matches("paper.").replacen("iterations = 8", "paper.iterations = 2", 1);
    let grid = format!(
        "study = \"both\"\ndata = \"data\"\nsplit = \"phantom\"\nseeds = [1]\n[base]\nbatch = 3\n\
         [[row]]\nname = \"paper\"\npreset = \"paper\"\n{networks}\n\
         [[row]]\nname = \"lite\"\nteacher-epochs = 1\nstudent-epochs = 1\n\
         [[row]]\nname = \"paper-plain\"\npreset = \"paper\"\ndistill.strategies = {{ afc = false, cwc = false, darm = \
         false }}\n{networks}\n"
    );
    fs::write(lab.path("grid.toml"), grid).unwrap();
    let (file, out, cache) = (lab.path("grid.toml"), lab.path("cells"), lab.path("cache"));
    let ablate = ["ablate", "--grid", &file, "--out", &out, "--cache", &cache, "--device", "cpu", "-q"];
    passes(&ablate);
    let study: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(Path::new(&out).join("both.json")).unwrap()).unwrap();
    let rows = study["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row["student"]["dice"][0].is_number()), "{rows:?}");
    assert_eq!((&rows[0]["config"]["preset"], rows[1]["config"].get("preset")), (&"paper".into(), None));
    // Finished cells are finished: nothing is trained again.
    let before = fs::metadata(Path::new(&out).join("cells/paper-s1/cell.json")).unwrap().modified().unwrap();
    passes(&ablate);
    assert_eq!(fs::metadata(Path::new(&out).join("cells/paper-s1/cell.json")).unwrap().modified().unwrap(), before);
}

#[test]
fn what_the_preset_does_not_have_is_refused_by_name() {
    let lab = Lab::new();
    let backbone = lab.path("backbone.safetensors");
    fs::write(&backbone, "weights").unwrap();
    for (more, word) in [
        (&["--set", "gaze-prompt=true"][..], "gaze-prompt"),
        (&["--set", "student-target=teacher"], "student-target"),
        (&["--set", "adapt-epochs=2"], "adapt-epochs"),
        (&["--schedule", "two-stage"], "schedule"),
        (&["--student-epochs", "3"], "paper.iterations"),
        (&["--set", "paper.side=40"], "paper.side"),
        (&["--set", "preset=large"], "`paper`"),
        (&["--preset", "lite"], "preset"),
        (&["--backbone", &backbone], "--backbone"),
    ] {
        let message = lab.refuses(more);
        assert!(message.contains(word), "{more:?}: {message}");
    }
    assert!(!Path::new(&lab.path("refused")).exists());
    let (data, out) = (lab.path("data"), lab.path("out"));
    let message = fails(&["train", "--data", &data, "--split", "phantom", "--out", &out, "--iterations", "5"]);
    assert!(message.contains("--preset paper"), "{message}");
}

#[test]
fn the_configuration_and_the_help_teach_the_preset() {
    let lab = Lab::new();
    let shown = |more: &[&str]| {
        let data = lab.path("data");
        passes(&[&["train", "--data", &data, "--split", "phantom", "--print-config"], more].concat())
    };
    let paper = shown(&["--preset", "paper"]);
    for line in [
        "preset = \"paper\"",
        "schedule = \"joint\"",
        "batch = 8",
        "rate = 0.01",
        "final-rate = 0.0001",
        "iterations = 15000",
        "teacher = [64, 128, 256, 512, 1024, 128]",
        "weight_decay = 0.0004",
        "side = 224",
    ] {
        assert!(
            paper.replace("\n    ", " ").contains(line) || compact(&paper).contains(&compact(line)),
            "{line} in {paper}"
        );
    }
    assert_eq!(shown(&["--set", "preset=paper"]), paper);
    assert!(!shown(&[]).contains("preset"), "a lite configuration is what it was");
    assert!(shown(&["--preset", "paper", "--iterations", "7"]).contains("iterations = 7\n"));
    let help = passes(&["train", "--help"]);
    assert!(help.contains("--preset") && help.contains("--iterations") && help.contains("released"), "{help}");
}

/// Without white space and trailing commas, which a writer of TOML may set as it likes.
fn compact(text: &str) -> String {
    text.split_whitespace().collect::<String>().replace(",]", "]")
}

#[test]
fn a_diverged_training_stops_with_its_last_good_checkpoint() {
    let lab = Lab::new();
    let message = lab.refuses(&["--rate", "1e20"]);
    let words = ["the training has diverged", "of the stage `both`", "too high", "--rate 1e19"];
    assert!(words.iter().all(|words| message.contains(words)), "{message}");
    let newest = message.split("newest checkpoint is ").nth(1).map(|rest| Path::new(rest.trim()).join("state.json"));
    assert!(newest.is_none_or(|state| state.exists()), "{message}");
    for name in ["teacher", "student"] {
        let best = Path::new(&lab.path("refused")).join(format!("best-{name}.safetensors"));
        assert!(!best.exists(), "{name}: a network of a diverged epoch was kept");
    }
}
