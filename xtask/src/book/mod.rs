//! `cargo xtask book`: the book of `docs/book`, and the checks of all documents.
//!
//! ```text
//! *.md ──► markdown (links, anchors, commands, sentences) ─┬─► links     every file and anchor is there
//!                                                          ├─► commands  every command, flag and value exists (shell, help, examples)
//!                                                          ├─► names     no retired name or phrase
//!                                                          └─► prose     sentences are short
//! ```
//!
//! With `--run` the commands are run too, on small drawn data.

mod commands;
mod examples;
mod help;
mod links;
mod markdown;
mod mdbook;
mod names;
mod prose;
mod runner;
mod shell;
mod workflow;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Command;

use self::commands::Programs;
use self::markdown::Page;
use self::prose::Sentences;
use crate::cargo::output;
use crate::step::Steps;
use crate::{paths, settings};

/// The folder of the book's chapters.
const CHAPTERS: &str = "docs/book/src/";

/// Documents whose commands are checked, besides the chapters and the READMEs of the crates: those
/// that tell people what to type.
const GUIDES: [&str; 2] = ["README.md", "CONTRIBUTING.md"];

/// The folder of the results' pages, whose commands are checked too.
const RESULTS: &str = "docs/results/";

/// Documents that may not grow, and their largest size in bytes.
const SIZES: [(&str, usize); 2] = [("README.md", 6 * 1024), ("ARCHITECTURE.md", 8 * 1024)];

/// Most words of a sentence of the README.
const README_SENTENCE: usize = 30;

/// Folders whose pages are dated and not changed any more.
const FROZEN: [&str; 2] = ["docs/experiments/", "results/"];

/// The file that publishes the page.
const WORKFLOW: &str = ".github/workflows/pages.yml";

/// The options of `book`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The folder to write [default: book in the target folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only check the documents: links, commands, words and sizes
    #[arg(long, conflicts_with_all = ["out", "settings"])]
    check: bool,
    /// First write the chapter of settings from the trainer, which is built for that
    #[arg(long)]
    settings: bool,
    /// Run the commands of the documents, each page's in a folder of its own, on small drawn data
    /// and with few epochs. With words, only those of pages whose paths contain one of them. Takes
    /// minutes
    #[arg(long, value_name = "PAGE", num_args = 0.., conflicts_with_all = ["out", "check", "settings"])]
    run: Option<Vec<String>>,
}

/// Checks the documents and builds the book.
///
/// # Errors
/// Something is wrong with a document, or a step fails.
pub fn run(args: &Args, xtask: &Command) -> Result<ExitCode> {
    let mut steps = Steps::default();
    let done = run_steps(args, xtask, &mut steps);
    steps.print_table();
    done?;
    Ok(ExitCode::SUCCESS)
}

fn run_steps(args: &Args, xtask: &Command, steps: &mut Steps) -> Result<()> {
    if args.settings {
        steps.run("settings", |_| settings::write())?;
    }
    steps.run("check the documents", |_| check(xtask))?;
    if args.check {
        return Ok(());
    }
    if let Some(pages) = &args.run {
        return run_commands(steps, pages);
    }
    let out = match &args.out {
        Some(out) => std::path::absolute(out).with_context(|| format!("--out {}", out.display()))?,
        None => paths::target().join("book"),
    };
    make(steps, &out)?;
    println!("\nThe book is in {}", out.display());
    Ok(())
}

/// Runs the commands of the documents; `pages` chooses, and all are run where it is empty.
///
/// # Errors
/// A command fails, or nothing says what is to become of it.
pub fn run_commands(steps: &mut Steps, pages: &[String]) -> Result<()> {
    steps.run("commands of the documents", |_| runner::all(pages))
}

/// Renders the book into a folder.
///
/// # Errors
/// mdBook cannot be had, or fails.
pub fn make(steps: &mut Steps, out: &Path) -> Result<()> {
    let mut mdbook = None;
    steps.run("mdBook", |_| {
        mdbook = Some(mdbook::ensure()?);
        Ok(())
    })?;
    let mdbook = mdbook.context("no mdBook")?;
    steps.run("render the book", |_| mdbook::build(&mdbook, out))
}

/// Checks all documents of the repository; `xtask` is the command line of this program.
///
/// # Errors
/// Lists what is wrong, each with file and line.
pub fn check(xtask: &Command) -> Result<()> {
    let root = paths::root();
    let programs = Programs { fovea: help::fovea(&root)?, xtask: xtask.clone() };
    let files = files(&root)?;
    let documents = read(&root, &files)?;
    let mut wrong = check_documents(&root, &documents, &programs);
    wrong.extend(check_names(&root, &documents)?);
    wrong.extend(check_workflow(&root, &programs)?);
    wrong.extend(examples::wrong(&root, &files, &programs)?);
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("{}", wrong.join("\n"))
}

/// A document: its text, and what it is made of.
struct Document {
    text: String,
    page: Page,
}

/// The paths of all files that belong to the repository, from its root. What git ignores does not.
fn files(root: &Path) -> Result<BTreeSet<String>> {
    let listed = output("git", &["ls-files", "--cached", "--others", "--exclude-standard"]);
    let listed = listed.with_context(|| format!("git cannot list the files of {}", root.display()))?;
    Ok(listed.lines().filter(|name| root.join(name).is_file()).map(str::to_owned).collect())
}

fn read(root: &Path, files: &BTreeSet<String>) -> Result<BTreeMap<String, Document>> {
    let mut documents = BTreeMap::new();
    for name in files.iter().filter(|name| name.ends_with(".md")) {
        let text = fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"))?;
        let page = Page::read(&text);
        documents.insert(name.clone(), Document { text, page });
    }
    Ok(documents)
}

fn check_documents(root: &Path, documents: &BTreeMap<String, Document>, programs: &Programs) -> Vec<String> {
    let mut wrong = Vec::new();
    let pages: BTreeMap<String, &Page> =
        documents.iter().map(|(name, document)| (name.clone(), &document.page)).collect();
    wrong.extend(links::wrong(root, &pages));
    let mut book = Sentences::default();
    for (name, document) in documents {
        let chapter = name.starts_with(CHAPTERS);
        let of_a_crate = name.ends_with("/README.md") && root.join(name).with_file_name("Cargo.toml").is_file();
        if chapter || of_a_crate || name.starts_with(RESULTS) || GUIDES.contains(&name.as_str()) {
            wrong.extend(commands::wrong(name, &document.page, programs));
        }
        if chapter && !name.ends_with("/SUMMARY.md") {
            book = book.and(Sentences::of(&document.page));
            if !listed(documents, name) {
                wrong.push(format!("{name} is in no line of {CHAPTERS}SUMMARY.md"));
            }
        }
        if let Some((_, most)) = SIZES.iter().find(|(limited, _)| limited == name) {
            println!("    {name}: {} bytes of {most}", document.text.len());
            if document.text.len() > *most {
                wrong.push(format!("{name} has {} bytes: {most} at most", document.text.len()));
            }
        }
    }
    let readme = documents.get("README.md").map(|document| Sentences::of(&document.page)).unwrap_or_default();
    wrong.extend(readme.above("README.md", README_SENTENCE));
    for (what, sentences) in [("README", readme), ("book", book)] {
        println!("    {}", sentences.line(what));
        wrong.extend(sentences.too_long(what));
    }
    wrong
}

/// Whether the book's table of contents names a chapter.
fn listed(documents: &BTreeMap<String, Document>, chapter: &str) -> bool {
    let Some(summary) = documents.get(&format!("{CHAPTERS}SUMMARY.md")) else { return false };
    summary.page.links.iter().any(|(_, link)| chapter.strip_prefix(CHAPTERS) == Some(link.trim_start_matches("./")))
}

/// Retired names in code and retired phrases in texts.
fn check_names(root: &Path, documents: &BTreeMap<String, Document>) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for name in files(root)? {
        if name.ends_with(".rs") && !name.starts_with("xtask/src/book/") {
            let text = fs::read_to_string(root.join(&name)).with_context(|| format!("cannot read {name}"))?;
            wrong.extend(names::in_code(&name, &text));
            wrong.extend(names::phrases(&name, &text));
        } else if name.ends_with(".ftl") {
            wrong.extend(names::in_messages(root, &name)?);
        }
    }
    let current = documents.iter().filter(|(name, _)| !FROZEN.iter().any(|frozen| name.starts_with(frozen)));
    wrong.extend(current.flat_map(|(name, document)| names::in_text(name, &document.text)));
    Ok(wrong)
}

/// What the workflow runs, command by command.
fn check_workflow(root: &Path, programs: &Programs) -> Result<Vec<String>> {
    let text = fs::read_to_string(root.join(WORKFLOW)).with_context(|| format!("cannot read {WORKFLOW}"))?;
    let lines: Vec<(usize, String)> = workflow::commands(&text)?.into_iter().map(|line| (1, line)).collect();
    let commands = shell::commands(&lines);
    if !commands.iter().any(|(_, words)| words.starts_with(&["cargo".into(), "xtask".into(), "dist".into()])) {
        bail!("{WORKFLOW} does not run `cargo xtask dist`");
    }
    let checked = commands
        .into_iter()
        .filter_map(|(_, words)| Some(format!("{WORKFLOW}: `{}`: {}", words.join(" "), programs.check(&words, true)?)));
    Ok(checked.collect())
}
