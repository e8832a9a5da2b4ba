//! `fovea data masks`

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;
use toml::Table;

use super::progress::Progress;
use super::table::table;
use crate::config::{TrainConfig, put_all};
use crate::data::verdict::nothing_to_train_on;
use crate::data::{
    Dataset, GazeOrigin,
    masks::{Measured, measure},
    splits::{default_name, split},
};

/// How well the pseudo-masks tell the true masks, before anything is trained on them
///
/// Makes the broad and the high-confidence pseudo-mask and the reliable background of every image
/// with gaze and a true mask, and compares them. Only images that some seed chooses its weights on
/// are looked at, so that thresholds which are settled by these figures have seen no image of the
/// test list.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  fovea data masks isic-gaze
  fovea data masks isic-gaze --set pseudo-masks.background=0.02 --set pseudo-masks.broad=0.5
  fovea data masks kvasir-seg --split gaze --seed 7 --json")]
pub(super) struct MasksArgs {
    /// The data set's folder
    folder: PathBuf,
    /// Split whose validation images are looked at [default: the only one]
    #[arg(long)]
    split: Option<String>,
    /// Seed whose validation images are looked at; may be repeated
    #[arg(long, default_values_t = [1, 2, 3])]
    seed: Vec<u64>,
    /// Training configuration whose pseudo-masks are made [default: the one for what the images show]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Set a key of the configuration; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Write the figures as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &MasksArgs) -> Result<()> {
    let data = Dataset::open(&args.folder)?;
    let set = put_all(Table::new(), &args.set)?;
    let config = TrainConfig::resolve(args.config.as_deref(), set, data.modality()?)?;
    let name = args.split.clone().map_or_else(|| default_name(&data), Ok)?;
    let mut ids = Vec::new();
    for seed in &args.seed {
        let lists = split(&data, &name, config.validation_fraction, *seed)?;
        ensure!(!lists.train.is_empty(), "{}", nothing_to_train_on(&name));
        ids.extend(lists.validation);
    }
    ids.sort();
    ids.dedup();
    ensure!(!ids.is_empty(), "split {name} has no validation images: set `validation-fraction` above 0");
    let cases = data.owned(&ids)?;
    let progress = Progress::start("masking", cases.len());
    let measured = measure(&cases, &config.pseudo_masks, || progress.advance())?;
    progress.finish();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&measured)?);
        return Ok(());
    }
    let origin = match Dataset::gaze_origin(&cases) {
        Some(GazeOrigin::Simulated) => "gaze SIMULATED from the true masks",
        Some(GazeOrigin::Pointer) => "gaze recorded with a POINTER",
        Some(GazeOrigin::Recorded) | None => "recorded gaze",
    };
    let seeds: Vec<String> = args.seed.iter().map(u64::to_string).collect();
    println!(
        "{}, split {name}: {} validation images of seeds {}, {origin}, at {} px\n",
        data.name,
        measured.images,
        seeds.join(", "),
        measured.params.side
    );
    print!("{}", human(&measured));
    Ok(())
}

fn human(measured: &Measured) -> String {
    let head = |words: [&str; 5]| words.map(str::to_owned).to_vec();
    let mut labels = vec![head(["", "Dice", "sd", "precision", "recall"])];
    for told in &measured.labels {
        let numbers = [told.dice.mean, told.dice.sd, told.precision, told.recall].map(|v| format!("{v:.3}"));
        labels.push([told.name.to_owned()].into_iter().chain(numbers).collect());
    }
    let mut sizes = vec![["broad mask by lesion size", "images", "Dice", "sd"].map(str::to_owned).to_vec()];
    for size in &measured.sizes {
        let label = format!("{:.3} to {:.3} of the image", size.area.0, size.area.1);
        let numbers = [size.dice.mean, size.dice.sd].map(|v| format!("{v:.3}"));
        sizes.push([label, size.dice.count.to_string()].into_iter().chain(numbers).collect());
    }
    format!("{}\n{}", table(&labels), table(&sizes))
}
