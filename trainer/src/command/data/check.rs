//! `fovea data check`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::progress::Progress;
use crate::data::GazeOrigin;
use crate::data::check::{Report, check};
use crate::data::defect::{Defect, Severity};
use crate::data::scan::scan;
use crate::data::verdict::Uses;

/// Name everything that is wrong with a data set
///
/// Decodes every image and mask and looks for: images and masks that cannot be read, pairs that are
/// incomplete or differ in size, masks of which it is not clear what is inside, wrong gaze rows and
/// positions outside the image, images without gaze, ids and pictures that occur twice, MR slices
/// that do not fit their labels, and split lists that leak (the same id, picture or patient in two
/// lists) or name ids that are not there. Ends with what each split can be used for.
#[derive(Debug, Args)]
#[command(after_help = "The exit code is 0 without errors (warnings allowed) and 1 with errors.

Layouts, told by the names of files and folders:
  Kvasir-SEG   images/<id>.jpg  masks/<id>.jpg
  ISIC         images/ISIC_xxxxxxx.jpg  masks/ISIC_xxxxxxx_segmentation.png (2016: _Segmentation),
               or the archives of 2016, 2017, 2018 as they unpack (ISIC2018_Task1-2_Training_Input, ...)
  NCI-ISBI     DICOM series with NRRD or NIfTI labels anywhere below the folder; a case is <case>_<slice>,
               or images/<case>_<slice>.dcm with such labels or masks/<case>_<slice>.png
  any folder   images/<id>.jpg .jpeg .png .webp  masks/<id>.* (optional: only evaluation reads masks)
Beside the images, all optional:
  gaze/*.csv                          one fixation a row, as GazeMedSeg writes them
  splits/<name>-train.txt -test.txt   one id a line, for --split <name>; train.txt and test.txt are `default`
  dataset.json                        {\"format\": 1, \"name\": ..., \"modality\": \"polyp\" | \"skin_lesion\" \
  | \"prostate\",
                                      \"layout\": \"kvasir-seg\" | \"isic\" | \"nci-isbi\" | \"folder\", \"source\": \
                                      FOLDER};
                                      what this folder lacks is taken from the source; of a folder of no known data \
                                      set, training and
                                      describing ask for the modality

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
    let origin = match report.gaze_origin {
        Some(GazeOrigin::Simulated) => " (SIMULATED from the masks)",
        Some(GazeOrigin::Pointer) => " (recorded with a POINTER)",
        Some(GazeOrigin::Recorded) | None => "",
    };
    let mut out = format!(
        "{} ({}, {}): {} images, {} with a mask, {} with gaze{origin}; splits: {splits}\n",
        report.name,
        report.layout.title(),
        report.modality.unwrap_or("shows what nobody has said"),
        report.images,
        report.masks,
        report.gaze
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
    out.push('\n');
    for Uses { split, train, validate, evaluate } in &report.uses {
        let split = split.as_ref().map(|split| format!("split {split}, ")).unwrap_or_default();
        for (name, can) in [("train", train), ("validate", validate), ("evaluate", evaluate)] {
            out += &format!("{split}{name}: {}\n", can.words());
        }
    }
    let verdict = match (report.errors, report.warnings) {
        (0, 0) => "Nothing is wrong.".to_owned(),
        (0, warnings) => format!("No errors, {warnings} warnings."),
        (errors, warnings) => format!("{errors} errors, {warnings} warnings."),
    };
    out + "\n" + &verdict + "\n"
}
