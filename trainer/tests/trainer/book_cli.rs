//! What the book says of `fovea` is what `fovea` does: its chapter of settings, and its first steps.

use std::{fs, path::Path, process::Command};

use crate::binary::passes;

fn chapter(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/book/src").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_chapter_of_settings_is_what_the_program_lists() {
    let text = chapter("configuration.md");
    let (_, rest) = text.split_once("<!-- settings: begin -->\n").unwrap();
    let (tables, _) = rest.split_once("<!-- settings: end -->\n").unwrap();
    let listed = passes(&["train", "--list-settings"]);
    assert!(
        tables.trim() == listed.trim(),
        "configuration.md is out of date: write it with `cargo xtask book --settings`"
    );
}

/// Every command of the first steps, in their order and in one folder, as a reader would type them.
#[test]
fn the_first_steps_work_as_they_are_written() {
    let text = chapter("getting-started.md");
    let (_, steps) = text.split_once("<!-- steps: begin -->").unwrap();
    let (steps, _) = steps.split_once("<!-- steps: end -->").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut done = Vec::new();
    for line in steps.lines().filter_map(|line| line.strip_prefix("fovea ")) {
        let words: Vec<&str> = line.split(" #").next().unwrap().split_whitespace().collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_fovea"));
        // Nothing of this machine's caches takes part.
        command.args(&words).current_dir(folder.path()).env("XDG_CACHE_HOME", folder.path().join("cache"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "fovea {line}: {}", String::from_utf8_lossy(&output.stderr));
        done.push(words[0].to_owned());
    }
    assert_eq!(done, ["data", "data", "train", "eval", "predict", "export", "predict"]);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(
        read("results/first.json").contains("\"dice\"") && read("bundles/polyp/manifest.json").contains("\"domain\"")
    );
}
