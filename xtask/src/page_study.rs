//! A study that a program makes in the built page: its rows, with the command and the commit, go to
//! `results/` as JSON and as a Markdown page.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::cargo::{output, output_of};
use crate::paths;

/// What stands in every such file.
pub struct About<'a> {
    /// Name of the file, without its ending.
    pub study: String,
    /// The command that writes it.
    pub command: String,
    /// Where the gaze comes from.
    pub gaze: &'a str,
}

/// Runs a program of the workspace's debug build and reads the JSON that it prints.
///
/// # Errors
/// It fails, or prints something else.
pub fn measured(program: &str, arguments: &[&str]) -> Result<Value> {
    let mut command = Command::new(paths::target().join("debug").join(program));
    let said = output_of(command.args(arguments).current_dir(paths::root()))?;
    serde_json::from_str(&said).with_context(|| format!("{program} wrote no JSON"))
}

/// Writes the study and prints its page.
///
/// # Errors
/// The folder `results` cannot be written, or git does not name the commit.
pub fn write(about: &About<'_>, found: Value, markdown: fn(&Value) -> String) -> Result<()> {
    let commit = output("git", &["describe", "--always", "--dirty", "--abbrev=12"]).context("git names no commit")?;
    let mut study = json!({
        "kind": "page-study", "study": about.study, "command": about.command, "git_sha": commit,
        "device": "the page on the CPU, headless Chromium", "gaze": about.gaze,
    });
    let fields = study.as_object_mut().context("a study is an object")?;
    fields.extend(found.as_object().cloned().context("what was measured is not an object")?);
    let path = paths::root().join("results").join(format!("{}.json", about.study));
    let page = format!("{}{}", head(&study), markdown(&study));
    std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(&study)?))
        .and_then(|()| std::fs::write(path.with_extension("md"), &page))
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!("{page}");
    Ok(())
}

/// What every page begins with.
fn head(study: &Value) -> String {
    let [name, device, gaze, commit, command] =
        ["study", "device", "gaze", "git_sha", "command"].map(|key| study[key].as_str().unwrap_or("-"));
    format!(
        "# {name}\n\nMeasured on: {device}. Gaze: {gaze}. Commit: {commit}.\nWritten by `{command}`; the figures are \
         those of the JSON file beside this one.\n\n"
    )
}

/// The rows of a study.
pub fn rows(study: &Value) -> &[Value] {
    study["rows"].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A number with so many decimals, or a dash.
pub fn number(value: &Value, decimals: usize) -> String {
    value.as_f64().map_or_else(|| "-".to_owned(), |value| format!("{value:.decimals$}"))
}
