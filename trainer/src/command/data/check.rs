//! `fovea data check`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::progress::Progress;
use crate::data::check::{Report, check};
use crate::data::defect::{Defect, Severity};
use crate::data::kvasir::scan;

/// Name everything that is wrong with a data set
///
/// Decodes every image and mask and looks for: images and masks that cannot be read, pairs that are incomplete or
/// differ in size, masks that are not black and white, wrong gaze rows and positions outside the image, images without
/// gaze, ids and images that occur twice, and split lists that leak or name ids that are not there.
#[derive(Debug, Args)]
#[command(after_help = "The exit code is 0 without errors (warnings allowed) and 1 with errors.

A data set is a folder like Kvasir-SEG's:
  images/<id>.jpg                     also .jpeg .png .webp
  masks/<id>.jpg                      optional: only evaluation reads masks
  gaze/*.csv                          one fixation a row, as GazeMedSeg writes them
  splits/<name>-train.txt -test.txt   one id a line, for --split <name>

Examples:
  fovea data check kvasir-seg
  fovea data check kvasir-seg --json | jq '.defects[] | select(.severity == \"error\")'")]
pub(super) struct CheckArgs {
    /// The data set's folder
    folder: PathBuf,
    /// Write the report as JSON
    #[arg(long)]
    json: bool,
    /// Name at most this many defects of a sort (0: all); JSON always has all
    #[arg(long, value_name = "N", default_value_t = 10)]
    show: usize,
}

pub(super) fn run(args: &CheckArgs) -> Result<ExitCode> {
    let found = scan(&args.folder)?;
    let progress = Progress::start("checking", found.dataset.cases.len());
    let report = check(found, || progress.advance())?;
    progress.finish();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        let show = if args.show == 0 { usize::MAX } else { args.show };
        print!("{}", human(&report, show));
    }
    Ok(if report.errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The report for people: defects of one sort together, at most `show` of each named.
fn human(report: &Report, show: usize) -> String {
    let splits = if report.splits.is_empty() { "none".into() } else { report.splits.join(", ") };
    let mut out = format!(
        "{}: {} images, {} with a mask, {} with gaze; splits: {splits}\n",
        report.name, report.images, report.masks, report.gaze
    );
    // The defects are sorted, so equal sorts stand together.
    for group in report.defects.chunk_by(|a, b| (a.severity, a.kind) == (b.severity, b.kind)) {
        let Defect { severity, kind, .. } = group[0];
        let word = if severity == Severity::Error { "ERROR" } else { "warning" };
        out += &format!("\n{word}: {} ({})\n", kind.title(), group.len());
        for defect in group.iter().take(show) {
            out += &format!("  {}: {}\n", defect.subject, defect.message);
        }
        if group.len() > show {
            out += &format!("  ... and {} more (--show 0 names all)\n", group.len() - show);
        }
    }
    let verdict = match (report.errors, report.warnings) {
        (0, 0) => "Nothing is wrong.".to_owned(),
        (0, warnings) => format!("No errors, {warnings} warnings: the data can be used."),
        (errors, warnings) => format!("{errors} errors, {warnings} warnings."),
    };
    out + "\n" + &verdict + "\n"
}
