//! `cargo xtask dist`: the site as a folder that any static host can serve, at any address: the
//! page, and below it the book (`book/`) and the documentation of the crates (`api/`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::compress::{self, Effort, Sizes};
use crate::page::{self, Build};
use crate::step::Steps;
use crate::{api, audit, book, paths, seal};

/// The options of `dist`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The folder to write; what an earlier `dist` has left there is replaced [default: site in the target folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The build of the tests and little compression: minutes less, for twice the size
    #[arg(long)]
    quick: bool,
    /// Only the page: no book, and no documentation of the crates, for which the dependencies must
    /// be compiled natively too
    #[arg(long)]
    page_only: bool,
}

/// Builds the page, copies it, compresses it and says how large it is.
///
/// # Errors
/// The folder holds something else, or a step fails.
pub fn run(args: &Args) -> Result<ExitCode> {
    let out = match &args.out {
        Some(out) => std::path::absolute(out).with_context(|| format!("--out {}", out.display()))?,
        None => paths::target().join("site"),
    };
    // First, as it is a pity to learn of it after minutes of building.
    if out.starts_with(paths::dist()) {
        bail!("--out {}: the page itself is built there\nremedy: name a folder outside of it", out.display());
    }
    clear(&out)?;
    let mut steps = Steps::default();
    let mut sizes = BTreeMap::new();
    let build = if args.quick { Build::Test } else { Build::Release };
    let effort = if args.quick { Effort::Quick } else { Effort::Best };
    let done = page::tools(&mut steps, build).and_then(|tools| {
        page::assemble(&mut steps, &tools, build)?;
        if !args.page_only {
            steps.run("link to the book", |_| show_book(&paths::dist()))?;
        }
        page::finish(&mut steps)?;
        steps.run("copy", |_| seal::copy(&paths::dist(), &out))?;
        steps.run("compress", |_| {
            sizes = compress::beside(&out, effort)?;
            audit::audit(&out)
        })?;
        // After the audit of the page: these two may link to other hosts, and hosts compress them by themselves.
        if !args.page_only {
            book::make(&mut steps, &out.join("book"))?;
            steps.run("documentation", |_| api::make(&out.join("api")))?;
        }
        Ok(())
    });
    steps.print_table();
    done?;
    let first = first_visit(&out)?;
    print_sizes(&sizes, &first);
    println!("\nThe site is in {}: copy it to any folder of any host that serves files.", out.display());
    println!("Hosts that know .br and .gz files send those; https is needed for offline use and WebGPU.");
    Ok(ExitCode::SUCCESS)
}

/// The element of the dialog "About" that links to book and documentation, hidden where they are not beside the page.
const BOOK: &str = "<p class=\"note\" id=\"about-book\" data-t=\"about-book\" hidden>";

/// Shows the links to book and documentation in a page that is not sealed yet.
///
/// # Errors
/// The page lacks them, or cannot be written.
fn show_book(dist: &Path) -> Result<()> {
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    if !html.contains(BOOK) {
        bail!("{} lacks the element {BOOK}", index.display());
    }
    let shown = html.replace(BOOK, &BOOK.replace(" hidden", ""));
    fs::write(&index, shown).with_context(|| format!("cannot write {}", index.display()))
}

/// Empties a folder that an earlier run has written.
fn clear(out: &Path) -> Result<()> {
    let Ok(mut entries) = fs::read_dir(out) else {
        if out.exists() {
            bail!("--out {}: this is a file", out.display());
        }
        return Ok(());
    };
    if entries.next().is_some() && !(out.join("sw.js").is_file() && out.join("index.html").is_file()) {
        bail!("--out {}: the folder holds something else\nremedy: name another one, or empty it", out.display());
    }
    fs::remove_dir_all(out).with_context(|| format!("cannot empty {}", out.display()))
}

/// Tells whether a file is fetched before the first mask is there: the page, the first domain's
/// model, and the pictures of its gallery (not masks and gaze of cases that nobody opened, and no
/// other domain).
///
/// # Errors
/// The list of bundles cannot be read, or is empty.
pub fn first_visit(site: &Path) -> Result<impl Fn(&str) -> bool + use<>> {
    let index = site.join("bundle/index.json");
    let text = fs::read(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let index: serde_json::Value = serde_json::from_slice(&text).context("bundle/index.json is not JSON")?;
    let first = index[0]["folder"].as_str().context("bundle/index.json names no bundle")?.to_owned();
    Ok(move |name: &str| match name.strip_prefix("bundle/") {
        Some("index.json") => true,
        Some(rest) => {
            let opened_later = rest.ends_with("-mask.png") || rest.ends_with("-gaze.csv");
            rest.starts_with(&format!("{first}/")) && !opened_later
        }
        None => {
            let png = name.starts_with("icon-") && name.ends_with(".png");
            let others = ["NOTICE.txt", "LICENSE-APACHE.txt", "sw.js", "manifest.webmanifest", "icon-maskable.svg"];
            !png && !others.contains(&name)
        }
    })
}

/// Prints a row a file, small ones of bundles together, and the sums.
fn print_sizes(sizes: &BTreeMap<String, Sizes>, first: &impl Fn(&str) -> bool) {
    let mut rows: Vec<(String, Sizes)> = Vec::new();
    let (mut visit, mut all) = (Sizes::default(), Sizes::default());
    for (name, sizes) in sizes {
        all += *sizes;
        if first(name) {
            visit += *sizes;
        }
        let row = match name.split_once("/gallery/").or_else(|| name.split_once("/students/")) {
            Some((folder, _)) => {
                format!("{folder}/{}/", name[folder.len() + 1..].split('/').next().unwrap_or_default())
            }
            None => name.clone(),
        };
        match rows.iter_mut().find(|(name, _)| *name == row) {
            Some((_, sum)) => *sum += *sizes,
            None => rows.push((row, *sizes)),
        }
    }
    rows.push(("first visit, until the first mask".into(), visit));
    rows.push(("all".into(), all));
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    println!("\n{:width$}  {:>10}  {:>10}  {:>10}", "file", "raw", "gzip", "brotli");
    for (name, Sizes { raw, gzip, brotli }) in rows {
        println!("{name:width$}  {:>10}  {:>10}  {:>10}", kilobytes(raw), kilobytes(gzip), kilobytes(brotli));
    }
}

/// `12.3 kB`.
fn kilobytes(bytes: u64) -> String {
    format!("{:.1} kB", bytes as f64 / 1e3)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_folder_with_something_else_in_it_is_left_alone() {
        let dir = std::env::temp_dir().join(format!("fovea-dist-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("letter.txt"), "dear").unwrap();
        assert!(clear(&dir).unwrap_err().to_string().contains("something else"));
        assert!(dir.join("letter.txt").is_file());
        fs::write(dir.join("index.html"), "").unwrap();
        fs::write(dir.join("sw.js"), "").unwrap();
        clear(&dir).unwrap();
        assert!(!dir.exists());
        clear(&dir).unwrap();
    }

    #[test]
    fn the_pages_links_to_book_and_documentation_are_hidden_until_both_are_there() {
        let dir = std::env::temp_dir().join(format!("fovea-book-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let page = fs::read_to_string(paths::root().join("www/index.html")).unwrap();
        fs::write(dir.join("index.html"), &page).unwrap();
        show_book(&dir).unwrap();
        let shown = fs::read_to_string(dir.join("index.html")).unwrap();
        assert_eq!(shown.len() + " hidden".len(), page.len());
        // Where `run` puts them.
        assert!(shown.contains("href=\"book/index.html\"") && shown.contains("href=\"api/index.html\""));
        assert!(show_book(&dir).unwrap_err().to_string().contains("about-book"));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn the_first_visit_is_the_page_and_the_first_model() {
        let dir = std::env::temp_dir().join(format!("fovea-first-{}", std::process::id()));
        fs::create_dir_all(dir.join("bundle")).unwrap();
        fs::write(dir.join("bundle/index.json"), r#"[{"folder": "polyp"}, {"folder": "skin"}]"#).unwrap();
        let first = first_visit(&dir).unwrap();
        for name in ["index.html", "boot-0.mjs", "bundle/polyp/teacher.safetensors", "bundle/polyp/gallery/a.jpg"] {
            assert!(first(name), "{name}");
        }
        for name in ["NOTICE.txt", "icon-512.png", "bundle/skin/teacher.safetensors", "bundle/polyp/gallery/a-mask.png"]
        {
            assert!(!first(name), "{name}");
        }
        fs::remove_dir_all(dir).unwrap();
    }
}
