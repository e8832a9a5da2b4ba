//! Signals through the binary, where a command waits or works for long; and what is printed by a run that works.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use crate::{binary::passes, run_lab::Lab, wait::wait_until};

/// The longest that a program may take to stop.
const LIMIT: Duration = Duration::from_secs(5);

impl Lab {
    /// A training that is long enough to be stopped.
    fn train_long(&self, out: &str) -> Vec<String> {
        let short = "train --split phantom --device cpu --batch 3 --teacher-epochs 4 --student-epochs 4 \
                     --checkpoint-every 3 --looks.pictures 0";
        self.arguments(short, out)
    }
}

fn start(arguments: &[String]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fovea"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// Sends SIGTERM; what the program said, in time and with its exit code.
fn stopped(child: Child) -> String {
    let begin = Instant::now();
    signal(&child, "-TERM");
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&stderr).into_owned();
    assert!(begin.elapsed() < LIMIT, "{said}");
    assert_eq!(status.code(), Some(143), "{said}");
    said
}

#[test]
fn describe_stops_while_a_server_keeps_it_waiting() {
    let lab = Lab::new();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", server.local_addr().unwrap());
    let all: Vec<String> =
        ["describe", "--source", "vlm", "--model", "m", "--base-url", &url, "--data", &lab.path("data")]
            .into_iter()
            .chain(["--out", &lab.path("words.jsonl"), "--cache", &lab.path("answers")])
            .map(String::from)
            .collect();
    let child = start(&all);
    // The question is there, and no answer will come.
    let asked = server.accept().unwrap();
    let said = stopped(child);
    drop(asked);
    assert!(said.contains("the same command goes on"), "{said}");
}

#[test]
fn a_stop_while_images_are_prepared_leaves_no_folder_and_keeps_the_cache() {
    let lab = Lab::new();
    let mut child = start(&lab.train_long("run"));
    let cache = lab.at("cache");
    let entries = |folder: &Path| {
        fs::read_dir(folder).map_or(0, |all| {
            all.flatten().map(|kind| fs::read_dir(kind.path()).map_or(0, Iterator::count)).sum::<usize>()
        })
    };
    wait_until(&mut child, "something is cached", || entries(&cache) > 2);
    let said = stopped(child);
    assert!(said.contains("goes on from there"), "{said}");
    assert!(!lab.at("run").exists() && entries(&cache) > 2);
    let output = start(&lab.train_long("run")).wait_with_output().unwrap();
    assert!(output.status.success());
}

#[cfg(unix)]
#[test]
fn sigusr1_saves_a_checkpoint_and_the_training_goes_on_to_the_same_end() {
    let lab = Lab::new();
    passes(&lab.train_long("whole").iter().map(String::as_str).collect::<Vec<_>>());
    let mut child = start(&lab.train_long("run"));
    let begun = lab.at("run/checkpoints/step-0000003");
    wait_until(&mut child, "three steps are taken", || begun.exists());
    signal(&child, "-USR1");
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.contains("saved a checkpoint at step"), "{said}");
    let best = |run: &str| fs::read(lab.at(run).join("best-student.safetensors")).unwrap();
    assert!(best("run") == best("whole"));
}

#[test]
fn a_grid_stops_in_time_and_goes_on() {
    let lab = Lab::new();
    let grid = "study = \"tiny\"\ndata = \"data\"\nsplit = \"phantom\"\nseeds = [1]\n[base]\nteacher-epochs = \
                2\nstudent-epochs = 2\n\
                batch = 3\ntext = \"none\"\nlooks.pictures = 0.0\n[[row]]\nname = \"one\"\n";
    fs::write(lab.at("grid.toml"), grid).unwrap();
    let mut all: Vec<String> = ["ablate", "--device", "cpu", "-q"].map(String::from).into();
    for (flag, name) in [("--grid", "grid.toml"), ("--out", "out"), ("--cache", "cache")] {
        all.extend([flag.to_owned(), lab.path(name)]);
    }
    let mut child = start(&all);
    let cache = lab.at("cache");
    wait_until(&mut child, "something is cached", || cache.exists());
    let said = stopped(child);
    assert!(said.contains("stop"), "{said}");
    let output = start(&all).wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_run_on_the_default_device_prints_no_error() {
    let lab = Lab::new();
    let bundle = format!("{}/../www/bundle/polyp", env!("CARGO_MANIFEST_DIR"));
    let image = fs::read_dir(lab.at("data/images")).unwrap().next().unwrap().unwrap().path();
    let mut command = Command::new(env!("CARGO_BIN_EXE_fovea"));
    command.args(["predict", "--quiet", "--bundle", &bundle, "--out", &lab.path("masks")]).arg(image);
    let output = command.env_remove("XDG_RUNTIME_DIR").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && !said.contains("error"), "{said}");
}
