//! `cargo xtask first-minute`: what looking changes on the real pictures of a gallery, measured in the
//! built page.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::cargo::{cargo, output, output_of, run as run_command};
use crate::step::Steps;
use crate::{page, paths};

/// A difference of Dice that counts as worse.
const WORSE: f64 = 0.02;

/// The options of `first-minute`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Measure the page as it was built last
    #[arg(long)]
    no_build: bool,
    /// Whose gallery: the folder of a bundle
    #[arg(long, default_value = "polyp")]
    domain: String,
}

/// Measures and writes `results/first-minute-DOMAIN.json` with a Markdown page beside it.
///
/// # Errors
/// A step fails.
pub fn run(args: &Args) -> Result<ExitCode> {
    let mut steps = Steps::default();
    page::ready(&mut steps, !args.no_build)?;
    steps.run("compile the visitor", |_| {
        run_command(&mut cargo(["build", "--workspace", "--bin", "fovea-first-minute"]))
    })?;
    let mut found = Value::Null;
    steps.run("look at every picture", |_| {
        let mut visitor = Command::new(paths::target().join("debug/fovea-first-minute"));
        let rows = output_of(visitor.arg(&args.domain).current_dir(paths::root()))?;
        found = serde_json::from_str(&rows).context("fovea-first-minute wrote no JSON")?;
        Ok(())
    })?;
    let commit = output("git", &["describe", "--always", "--dirty", "--abbrev=12"]).context("git names no commit")?;
    let study = json!({
        "kind": "first-minute", "study": format!("first-minute-{}", args.domain),
        "command": format!("cargo xtask first-minute --domain {}", args.domain), "git_sha": commit,
        "device": "the page on the CPU, headless Chromium", "gaze": "pointer, by a script that knows the true masks",
        "first_mask_ms": found["first_mask_ms"], "rows": found["rows"],
    });
    let path = paths::root().join("results").join(format!("first-minute-{}.json", args.domain));
    let text = markdown(&study);
    std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(&study)?))
        .and_then(|()| std::fs::write(path.with_extension("md"), &text))
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

/// The study as a Markdown page.
fn markdown(study: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let dice = |value: &Value| value.as_f64().map_or_else(|| "-".to_owned(), |dice| format!("{dice:.3}"));
    let mut said = format!(
        "# {}\n\nWhat looking changes on the real pictures of a gallery. {}, gaze: {}. Commit: {}.\nWritten by `{}`; the figures \
         are those of the JSON file beside this one.\n\nDice of the student, which sees the picture alone, and of the teacher: without a \
         look, after one click in the middle of the lesion, and after the seconds of look mode with three rests in the lesion.\n\n\
         | picture | student | teacher alone | one click | outline after [ms] | look mode | fixations |\n|---|---|---|---|---|---|---|\n",
        text(&study["study"]),
        text(&study["device"]),
        text(&study["gaze"]),
        text(&study["git_sha"]),
        text(&study["command"]),
    );
    let rows = study["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
    for row in rows {
        said += &format!(
            "| {} | {} | {} | {} | {:.0} | {} | {} |\n",
            text(&row["title"]),
            dice(&row["student"]),
            dice(&row["teacher_alone"]),
            dice(&row["teacher_click"]),
            row["click_ms"].as_f64().unwrap_or(f64::NAN),
            dice(&row["teacher_look"]),
            row["fixations"],
        );
    }
    said.push('\n');
    for (with, name) in [("teacher_click", "one click"), ("teacher_look", "look mode")] {
        for (without, beside) in [("student", "the student"), ("teacher_alone", "the teacher alone")] {
            let Changes { better, worse } = Changes::of(rows, without, with);
            said += &format!(
                "- With {name}, the teacher is better than {beside} on {better} of {} pictures, and worse by more than {WORSE} on {worse}.\n",
                rows.len()
            );
        }
    }
    said
}

/// How many pictures are better and how many clearly worse.
#[derive(Debug, PartialEq)]
struct Changes {
    better: usize,
    worse: usize,
}

impl Changes {
    fn of(rows: &[Value], without: &str, with: &str) -> Self {
        let gains = rows.iter().filter_map(|row| Some(row[with].as_f64()? - row[without].as_f64()?));
        let gains: Vec<f64> = gains.collect();
        let count = |holds: fn(f64) -> bool| gains.iter().filter(|gain| holds(**gain)).count();
        Self { better: count(|gain| gain > 0.0), worse: count(|gain| gain < -WORSE) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_losses_are_not_counted_as_worse() {
        let rows = [
            json!({ "student": 0.5, "teacher_click": 0.7 }),
            json!({ "student": 0.5, "teacher_click": 0.49 }),
            json!({ "student": 0.5, "teacher_click": 0.4 }),
            json!({ "student": null, "teacher_click": 0.4 }),
        ];
        assert_eq!(Changes::of(&rows, "student", "teacher_click"), Changes { better: 1, worse: 1 });
    }

    #[test]
    fn the_page_names_every_picture_and_its_command() {
        let row = json!({ "title": "Two at once", "student": 0.31, "teacher_alone": 0.3, "teacher_click": 0.6,
            "click_ms": 210.4, "teacher_look": 0.65, "fixations": 3 });
        let text =
            markdown(&json!({ "study": "first-minute-polyp", "command": "cargo xtask first-minute", "rows": [row] }));
        assert!(text.contains("| Two at once | 0.310 | 0.300 | 0.600 | 210 | 0.650 | 3 |"), "{text}");
        assert!(text.contains("better than the student on 1 of 1 pictures"), "{text}");
    }
}
