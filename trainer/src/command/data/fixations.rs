//! `fovea data fixations`

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use fovea_shared::gaze::{IdtParams, detect_fixations, write_csv};

use crate::{
    data::{Dataset, samples::read_samples},
    run::write_atomic,
};

/// Make fixations of the samples of a pointer, a webcam or an eye tracker
///
/// Reads a CSV file with the columns image, time_ms (ms since the image appeared), x and y (0..1 of
/// the image, from its top left
/// corner), and writes the gaze file that the other commands read. A fixation is found by I-DT
/// (Salvucci and Goldberg, 2000):
/// samples whose box is small (width plus height) for long enough.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  fovea data fixations samples.csv --data photos --out photos/gaze/pointer.csv
  fovea data check photos")]
pub(super) struct FixationsArgs {
    /// The file of samples
    samples: PathBuf,
    /// The data set's folder, for the sizes of the images
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The gaze file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Replace the gaze file
    #[arg(long)]
    force: bool,
    /// Largest width plus height of the box around a fixation's samples, as a share of the image's longer side
    #[arg(long, value_name = "SHARE", default_value_t = IdtParams::default().dispersion, value_parser = share)]
    dispersion: f32,
    /// Least duration of a fixation, ms
    #[arg(long, value_name = "MS", default_value_t = IdtParams::default().min_ms, value_parser = milliseconds)]
    min_ms: f32,
    /// Longest time between two samples of a fixation, ms
    #[arg(long, value_name = "MS", default_value_t = IdtParams::default().max_gap_ms, value_parser = milliseconds)]
    max_gap_ms: f32,
}

fn share(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(value) if value > 0.0 && value < 2.0 => Ok(value),
        _ => Err("expected a share of the image's side, like 0.04".into()),
    }
}

fn milliseconds(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(value) if value > 0.0 && value <= 60_000.0 => Ok(value),
        _ => Err("expected milliseconds above 0 and up to 60000, like 100".into()),
    }
}

/// # Errors
/// A file that is not one of samples, an image that the data set lacks, a gaze file that is there already.
pub(super) fn run(args: &FixationsArgs) -> Result<()> {
    ensure!(
        args.force || !args.out.exists(),
        "{} exists already. Name another file, or replace it with --force",
        args.out.display()
    );
    let samples = read_samples(&args.samples)?;
    let data = Dataset::open(&args.data)?;
    let params = IdtParams { dispersion: args.dispersion, min_ms: args.min_ms, max_gap_ms: args.max_gap_ms };
    let mut paths = BTreeMap::new();
    let (mut without, mut outside, mut all) = (0, 0, 0);
    for (id, samples) in samples {
        let case = data.case(&id).with_context(|| {
            format!("{} speaks of an image `{id}`, which {} does not have", args.samples.display(), args.data.display())
        })?;
        let [width, height] = case.image_size()?;
        let path = detect_fixations(&samples, (width, height), params);
        all += samples.len();
        outside += samples.iter().filter(|sample| !sample.is_inside()).count();
        without += usize::from(path.fixations.is_empty());
        paths.insert(id, (path, (width, height)));
    }
    let fixations: usize = paths.values().map(|(path, _)| path.fixations.len()).sum();
    ensure!(
        fixations > 0,
        "no fixation was found in {all} samples of {} images ({outside} samples lie outside or are lost). Are x and y \
         0..1 of the image, and is time_ms in ms? --dispersion and --min-ms set the thresholds",
        paths.len()
    );
    if let Some(folder) = args.out.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    write_atomic(&args.out, write_csv(&paths).as_bytes())?;
    println!(
        "{fixations} fixations on {} images written to {}; {outside} of {all} samples lie outside or are lost",
        paths.len() - without,
        args.out.display()
    );
    if without > 0 {
        println!("{without} images have no fixation and are not in the file");
    }
    Ok(())
}
