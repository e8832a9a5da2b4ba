//! `fovea data gaze`

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use fovea_shared::gaze::Observer;

use super::progress::Progress;
use crate::data::simulate::{Plan, observer_name, write};
use crate::data::splits::split;
use crate::data::{Case, Dataset};

/// Simulate gaze on images that nobody has looked at
///
/// Writes a small data set folder: the gaze, and a dataset.json that names the folder of the
/// images, masks and split lists. Nothing is written into that folder, and nothing is copied. The
/// same seed looks at an image alike, whatever other images are looked at. The simulator uses the
/// TRUE MASKS, of training images too; `check`, `stats`, `train`, `eval` and `describe` say so
/// wherever this gaze takes part.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  fovea data gaze --data isic --out isic-gaze --seed 1
  fovea data stats isic-gaze
  fovea train --data isic-gaze --split default --out runs/isic")]
pub(super) struct GazeArgs {
    /// The data set's folder: images with masks
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Seed of the set
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What records the gaze
    #[arg(long, value_enum, default_value_t)]
    observer: ObserverArg,
    /// Only the images in the lists of this split [default: all images with a mask]
    #[arg(long)]
    split: Option<String>,
    /// Replace simulated gaze that is in the folder already (other content is never touched)
    #[arg(long)]
    force: bool,
}

/// [`Observer`] on the command line.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum ObserverArg {
    /// A calibrated eye tracker: off by 3 % of the side
    #[default]
    EyeTracker,
    /// A webcam: off by 21 % of the side, as a stress test
    Webcam,
}

impl From<ObserverArg> for Observer {
    fn from(arg: ObserverArg) -> Self {
        match arg {
            ObserverArg::EyeTracker => Self::EyeTracker,
            ObserverArg::Webcam => Self::Webcam,
        }
    }
}

pub(super) fn run(args: &GazeArgs) -> Result<()> {
    let data = Dataset::open(&args.data)?;
    let cases: Vec<&Case> = match &args.split {
        Some(name) => {
            // Nothing is drawn for validation: all lists are looked at.
            let lists = split(&data, name, 0.0, 1)?;
            data.select(&[lists.train, lists.validation, lists.test].concat())?
        }
        None => data.cases.iter().filter(|case| case.mask.is_some()).collect(),
    };
    anyhow::ensure!(!cases.is_empty(), "no image of {} has a mask to simulate gaze from", args.data.display());
    let observer = Observer::from(args.observer);
    let mut command = format!(
        "fovea data gaze --data {} --out {} --seed {} --observer {}",
        args.data.display(),
        args.out.display(),
        args.seed,
        observer_name(observer)
    );
    if let Some(name) = &args.split {
        command += &format!(" --split {name}");
    }
    let plan = Plan { observer, seed: args.seed, command };
    let progress = Progress::start("looking", cases.len());
    write(&args.out, &data, &cases, &plan, args.force, || progress.advance())?;
    progress.finish();
    println!("gaze on {} images in {}; SIMULATED from the masks", cases.len(), args.out.display());
    Ok(())
}
