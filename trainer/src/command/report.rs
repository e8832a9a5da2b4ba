//! `fovea report`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::{
    report::{
        folder::ResultsFolder,
        html::page,
        pages::pages,
        readme::{link, rewrite},
    },
    run::write_atomic,
};

/// Show a folder of results as one page, or write its tables into a README and the Markdown pages beside the files.
///
/// The page is one file that asks for nothing outside of it: every study's table, figure, contact sheets, settings, command,
/// commit and data. A file that cannot be shown is named on the page and does not stop the others.
///
/// In a Markdown file, what stands between these two lines is written from NAME.json:
///
///   <!-- results:NAME -->
///   <!-- /results -->
///
/// `<!-- results:NAME models=student rows=all,best -->` chooses; `any-version` among the words allows a file that a changed
/// checkout wrote. With --check nothing is written, and the exit code is 1 when a table, or the Markdown page beside a result
/// file, is not what the files say.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct ReportArgs {
    /// Folder of results.
    #[arg(value_name = "RESULTS")]
    folder: PathBuf,
    /// Page to write (HTML).
    #[arg(long, value_name = "FILE", required_unless_present_any = ["markdown", "pages", "check"])]
    out: Option<PathBuf>,
    /// Heading of the page.
    #[arg(long, default_value = "Fovea: results")]
    title: String,
    /// Markdown file whose tables are written again. May be repeated.
    #[arg(long, value_name = "FILE")]
    markdown: Vec<PathBuf>,
    /// Write the Markdown page beside every result file again.
    #[arg(long)]
    pages: bool,
    /// Only say whether tables and pages are what the files say.
    #[arg(long, conflicts_with_all = ["out", "pages"])]
    check: bool,
}

pub(crate) fn run(args: &ReportArgs) -> Result<ExitCode> {
    let results = ResultsFolder::read(&args.folder)?;
    for (file, why) in &results.problems {
        eprintln!("{}: {why}", args.folder.join(file).display());
    }
    if let Some(out) = &args.out {
        let page = page(&results, &args.title);
        if let Some(folder) = out.parent().filter(|p| !p.as_os_str().is_empty()) {
            fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        write_atomic(out, page.as_bytes())?;
        println!("wrote {}: {} results, {:.1} MB", out.display(), results.items.len(), page.len() as f64 / 1e6);
    }
    let mut differ = (args.pages || args.check) && beside(&results, args.check)?;
    for path in &args.markdown {
        differ |= tables(path, &results, args.check)?;
    }
    Ok(if args.check && differ { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Writes the Markdown pages beside the results again, or only compares. Returns whether any differed.
fn beside(results: &ResultsFolder, check: bool) -> Result<bool> {
    let pages = pages(results)?;
    let differing: Vec<_> = pages.iter().filter(|page| page.differs).collect();
    for page in &differing {
        if check {
            eprintln!(
                "{} is not what the file beside it says. Write it with `fovea report {} --pages`",
                page.path.display(),
                results.path.display()
            );
        } else {
            page.write()?;
            println!("wrote {}", page.path.display());
        }
    }
    if differing.is_empty() {
        println!("{}: {} pages are what the files say", results.path.display(), pages.len());
    }
    Ok(!differing.is_empty())
}

/// Writes the tables of one Markdown file again, or only compares. Returns whether any differed.
fn tables(path: &Path, results: &ResultsFolder, check: bool) -> Result<bool> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let link = link(path.parent().unwrap_or(Path::new(".")), &results.path);
    let new = rewrite(&text, results, &link).with_context(|| format!("{}", path.display()))?;
    let differing: Vec<&str> =
        new.tables.iter().filter(|(_, differs)| *differs).map(|(name, _)| name.as_str()).collect();
    let count = new.tables.len();
    if differing.is_empty() {
        println!("{}: {count} tables are what the files say", path.display());
    } else if check {
        eprintln!(
            "{}: of {count} tables these are not what the files say: {}. Write them with `fovea report {} --markdown \
             {}`",
            path.display(),
            differing.join(", "),
            results.path.display(),
            path.display()
        );
    } else {
        ensure!(!new.text.is_empty(), "{} would be empty", path.display());
        write_atomic(path, new.text.as_bytes())?;
        println!("wrote {}: {}", path.display(), differing.join(", "));
    }
    Ok(!differing.is_empty())
}
