//! `cargo xtask book --run`: runs the commands of the documents as they stand there, each page in a
//! folder of its own, on small drawn data.
//!
//! ```text
//! pages ──► commands ──► plan (shortened? run elsewhere? not at all?) ──► fovea ──► a row a command
//!              └───────► scratch (DATA, kvasir-seg, runs/k1, ...; slices) ──┘
//! ```
//! A command that the table in `plan.rs` does not know is an error, so no new one goes unnoticed.

mod answers;
mod fovea;
mod pages;
mod plan;
mod scratch;
mod slices;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use self::fovea::Fovea;
use self::pages::pages;
use self::plan::{Plan, SERVER, with_flags};
use self::scratch::Scratch;
use super::shell;
use crate::paths;

/// Lines of a failed command's output that are shown.
const SHOWN: usize = 12;

/// A command, and what became of it.
struct Row {
    /// `page:line`.
    at: String,
    command: String,
    seconds: Option<Duration>,
    what: String,
    failed: bool,
}

/// Runs the commands of the pages whose paths contain one of `wanted`; of all pages, where that is empty.
///
/// # Errors
/// A command failed, or has no plan; the table names it.
pub(super) fn all(wanted: &[String]) -> Result<()> {
    let root = paths::root();
    let pages = pages(&root, &|name| wanted.is_empty() || wanted.iter().any(|part| name.contains(part)))?;
    let folder = paths::target().join("book-run");
    let fovea = Fovea::build(&folder.join("cache"))?;
    let started = Instant::now();
    let scratch = Scratch::make(&folder, &fovea)?;
    println!("    {:.0} s: drawn data and a run in {}", started.elapsed().as_secs_f64(), folder.display());
    let server = answers::start()?;
    let address = format!("{}v1", server.url());
    let mut rows = Vec::new();
    for (name, page) in &pages {
        let text = fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"))?;
        let commands = shell::commands(&page.shell);
        let all: Vec<Vec<String>> = commands.iter().map(|(_, words)| words.clone()).collect();
        let folder = scratch.page(name, &text, &all)?;
        for (line, words) in commands {
            let row = one(format!("{name}:{line}"), &words, plan::of(name, &words), (&fovea, &folder, &address))?;
            row.print();
            rows.push(row);
        }
    }
    let failed: Vec<&Row> = rows.iter().filter(|row| row.failed).collect();
    let ran = rows.iter().filter(|row| row.seconds.is_some()).count();
    println!("\n    {} commands, {ran} ran, {:.0} s", rows.len(), started.elapsed().as_secs_f64());
    if failed.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = failed.iter().map(|row| format!("{}: `{}`: {}", row.at, row.command, row.what)).collect();
    bail!("{} commands failed:\n{}", failed.len(), list.join("\n"))
}

/// Does with a command what the plan says.
fn one(
    at: String,
    words: &[String],
    plan: Option<Plan>,
    (fovea, folder, address): (&Fovea, &Path, &str),
) -> Result<Row> {
    let started = Instant::now();
    let (done, what) = match plan {
        None => (Some((false, String::new())), "has no line in xtask/src/book/runner/plan.rs".to_owned()),
        Some(Plan::By(file, what)) => (None, format!("run elsewhere: {file} {what}")),
        Some(Plan::Never(why)) => (None, format!("not run: {why}")),
        Some(Plan::Shell) => (Some(fovea.shell(&words.join(" "), folder)?), "ran".to_owned()),
        Some(Plan::Run(flags)) => {
            let flags: Vec<(&str, &str)> =
                flags.iter().map(|(flag, value)| (*flag, if *value == SERVER { address } else { *value })).collect();
            let (all, changes) = with_flags(words, &flags);
            let what = if changes.is_empty() { "ran".to_owned() } else { format!("ran with {changes}") };
            (Some(fovea.run(&all[1..], folder)?), what)
        }
    };
    let failed = done.as_ref().is_some_and(|(ok, _)| !ok);
    let what = match &done {
        Some((false, said)) if plan.is_some() => format!("FAILED ({what}):\n{}", last_lines(said)),
        _ => what,
    };
    let seconds = done.filter(|_| plan.is_some()).map(|_| started.elapsed());
    Ok(Row { at, command: words.join(" "), seconds, what, failed })
}

/// The last lines of an output, indented.
fn last_lines(said: &str) -> String {
    let lines: Vec<String> = said.lines().map(|line| format!("        {line}")).collect();
    lines[lines.len().saturating_sub(SHOWN)..].join("\n")
}

impl Row {
    fn print(&self) {
        let seconds = self.seconds.map_or_else(|| "-".to_owned(), |time| format!("{:.1} s", time.as_secs_f64()));
        println!("    {:<40} {seconds:>7}  {}\n{:>50}  {}", self.at, self.command, "", self.what);
    }
}
