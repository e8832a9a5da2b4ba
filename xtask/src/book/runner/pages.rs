//! The documents whose commands are run.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::book::markdown::Page;
use crate::cargo::output;

/// The chapters, in the order of the table of contents.
const SUMMARY: &str = "docs/book/src/SUMMARY.md";

/// The pages with commands that are `wanted`: the guides, the chapters in their order, the READMEs of the crates.
///
/// # Errors
/// A file cannot be read.
pub(super) fn pages(root: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(String, Page)>> {
    let read = |name: &str| -> Result<Page> {
        let text = fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"))?;
        Ok(Page::read(&text))
    };
    let chapters =
        read(SUMMARY)?.links.into_iter().map(|(_, link)| format!("docs/book/src/{}", link.trim_start_matches("./")));
    let crates = output("git", &["ls-files", "*/README.md"]).context("git cannot list the READMEs")?;
    // Those of results, decisions and experiments are not guides.
    let crates =
        crates.lines().filter(|name| root.join(name).with_file_name("Cargo.toml").is_file()).map(str::to_owned);
    let mut pages = Vec::new();
    for name in ["README.md".to_owned(), "CONTRIBUTING.md".to_owned()].into_iter().chain(chapters).chain(crates) {
        if wanted(&name) {
            let page = read(&name)?;
            pages.push((name, page));
        }
    }
    Ok(pages)
}
