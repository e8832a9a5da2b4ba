//! `fovea data stats`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use fovea_shared::gaze::HeatParams;
use fovea_shared::pseudo_mask::PseudoMaskParams;

use super::progress::Progress;
use super::table::table;
use crate::data::stats::{Distribution, Stats, measure};
use crate::data::{Dataset, GazeOrigin};

/// Figures of a data set: sizes, mask areas, gaze, and how well gaze tells the mask
///
/// Where masks exist, also the share of looking time inside them and the Dice of the gaze heat map,
/// cut at .5, .4, .3 and .2 against them: what gaze alone is worth as a mask.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  fovea data stats kvasir-seg --json > stats.json")]
pub(super) struct StatsArgs {
    /// The data set's folder
    folder: PathBuf,
    /// Write the figures as JSON
    #[arg(long)]
    json: bool,
    /// Standard deviation of the heat map's Gaussian, as a fraction of the side [default: .091 for
    /// polyps and skin lesions, .065 for the prostate]
    #[arg(long, value_parser = sigma)]
    sigma: Option<f32>,
}

fn sigma(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(value) if value > 0.0 && value <= 1.0 => Ok(value),
        _ => Err("expected a fraction above 0 and up to 1, like 0.091".into()),
    }
}

pub(super) fn run(args: &StatsArgs) -> Result<()> {
    let data = Dataset::open(&args.folder)?;
    let heat = match args.sigma {
        Some(sigma) => HeatParams { sigma },
        None => PseudoMaskParams::of(data.modality()?).heat,
    };
    let progress = Progress::start("measuring", data.cases.len());
    let stats = measure(&data, heat, || progress.advance())?;
    progress.finish();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&stats)?);
    } else {
        print!("{}", human(&stats));
    }
    Ok(())
}

fn human(stats: &Stats) -> String {
    let origin = match stats.gaze_origin {
        Some(GazeOrigin::Recorded) => ", recorded",
        Some(GazeOrigin::Pointer) => ", recorded with a POINTER",
        Some(GazeOrigin::Simulated) => ", SIMULATED from the masks",
        None => "",
    };
    let mut out = format!(
        "{}: {} images, {} with a mask, {} with gaze ({} fixations{origin})\n",
        stats.name, stats.images, stats.masks, stats.with_gaze, stats.fixations
    );
    if stats.empty_masks + stats.full_masks > 0 {
        out += &format!("  {} masks are empty, {} are full\n", stats.empty_masks, stats.full_masks);
    }
    for (list, length) in &stats.lists {
        out += &format!("  {list}: {length} ids\n");
    }
    let mut rows = vec![["", "images", "mean", "sd", "min", "q1", "median", "q3", "max"].map(str::to_owned).to_vec()];
    let mut add = |label: &str, d: &Option<Distribution>, decimals: usize| {
        if let Some(d) = d {
            let numbers = [d.mean, d.sd, d.min, d.q1, d.median, d.q3, d.max].map(|v| format!("{v:.decimals$}"));
            rows.push([label.to_owned(), d.count.to_string()].into_iter().chain(numbers).collect());
        }
    };
    add("width [px]", &stats.width, 0);
    add("height [px]", &stats.height, 0);
    add("mask area [share]", &stats.mask_area, 3);
    add("fixations an image", &stats.fixations_per_image, 1);
    add("looking time [s]", &stats.look_s, 1);
    add("dwell inside mask", &stats.dwell_inside, 3);
    for (level, dice) in stats.heat_dice.iter().rev() {
        add(&format!("Dice of heat >= {level}"), &Some(dice.clone()), 3);
    }
    add("fixation [ms] (n: fixations)", &stats.fixation_ms, 0);
    out + "\n" + &table(&rows)
}
