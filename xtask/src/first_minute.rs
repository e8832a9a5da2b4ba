//! `cargo xtask first-minute`: what looking changes on the real pictures of a gallery, measured in the
//! built page.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::Value;

use crate::cargo::{cargo, run as run_command};
use crate::page;
use crate::page_study::{About, measured, number, rows, write};
use crate::step::Steps;

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
    steps.run("look at every picture", |_| {
        let about = About {
            study: format!("first-minute-{}", args.domain),
            command: format!("cargo xtask first-minute --domain {}", args.domain),
            gaze: "pointer, by a script that knows the true masks",
        };
        write(&about, measured("fovea-first-minute", &[&args.domain])?, markdown)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn markdown(study: &Value) -> String {
    let visit = &study["first_visit"];
    let megabytes = visit["bytes"].as_f64().map_or_else(|| "-".to_owned(), |bytes| format!("{:.1}", bytes / 1e6));
    let [text, mask, loading] = ["text_ms", "first_mask_ms", "longest_task_ms"].map(|key| number(&visit[key], 0));
    let mut said = format!(
        "First visit: text after {text} ms, first mask after {mask} ms, {megabytes} MB over the network. The window \
         was never busy for \
         longer than {loading} ms while it loaded, and {} ms afterwards (0: no task above 50 ms).\n\n",
        number(&study["longest_task_ms"], 0)
    );
    said += "Dice of the student, which sees the picture alone, and of the teacher: without a look, after one click in \
             the middle of the lesion, and after the seconds of look mode with three rests in the lesion. Of several \
                    lesions, Dice is with those that are looked at; the teacher without a look has no such figure.\n\n\
                    | picture | student | teacher alone | one click | outline after [ms] | look mode | fixations |\n\
                    |---|---|---|---|---|---|---|\n";
    for row in rows(study) {
        let [student, alone, click, look] =
            ["student", "teacher_alone", "teacher_click", "teacher_look"].map(|key| number(&row[key], 3));
        let title = row["title"].as_str().unwrap_or("-");
        let (ms, fixations) = (number(&row["click_ms"], 0), number(&row["fixations"], 0));
        said += &format!("| {title} | {student} | {alone} | {click} | {ms} | {look} | {fixations} |\n");
    }
    said.push('\n');
    for (with, name) in [("teacher_click", "one click"), ("teacher_look", "look mode")] {
        for (without, beside) in [("student", "the student"), ("teacher_alone", "the teacher alone")] {
            let Changes { better, worse, of } = Changes::of(rows(study), without, with);
            said += &format!(
                "- With {name}, the teacher is better than {beside} on {better} of {of} pictures, and worse by more \
                 than {WORSE} on {worse}.\n",
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
    of: usize,
}

impl Changes {
    fn of(rows: &[Value], without: &str, with: &str) -> Self {
        let gains = rows.iter().filter_map(|row| Some(row[with].as_f64()? - row[without].as_f64()?));
        let gains: Vec<f64> = gains.collect();
        let count = |holds: fn(f64) -> bool| gains.iter().filter(|gain| holds(**gain)).count();
        Self { better: count(|gain| gain > 0.0), worse: count(|gain| gain < -WORSE), of: gains.len() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn small_losses_are_not_counted_as_worse() {
        let rows = [
            json!({ "student": 0.5, "teacher_click": 0.7 }),
            json!({ "student": 0.5, "teacher_click": 0.49 }),
            json!({ "student": 0.5, "teacher_click": 0.4 }),
            json!({ "student": null, "teacher_click": 0.4 }),
        ];
        assert_eq!(Changes::of(&rows, "student", "teacher_click"), Changes { better: 1, worse: 1, of: 3 });
    }

    #[test]
    fn every_picture_has_a_row() {
        let row = json!({ "title": "Two at once", "student": 0.31, "teacher_alone": 0.3, "teacher_click": 0.6,
            "click_ms": 210.4, "teacher_look": 0.65, "fixations": 3 });
        let text = markdown(&json!({ "rows": [row] }));
        assert!(text.contains("| Two at once | 0.310 | 0.300 | 0.600 | 210 | 0.650 | 3 |"), "{text}");
        assert!(text.contains("better than the student on 1 of 1 pictures"), "{text}");
    }
}
