//! `fovea data phantom`

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use fovea_shared::description::Modality;

use super::progress::Progress;
use crate::data::phantom::{Plan, best_size, write};

/// Draw phantoms with masks and simulated gaze into a folder
///
/// --domain says what they show: polyps in colonoscopy frames, skin lesions under the dermatoscope, or the prostate on
/// T2-weighted MR slices, where the mask is the whole gland.
///
/// The folder is a data set like any other: `fovea data check`, `train` and `eval` read it with --split phantom. The
/// same seed draws the same pictures. The gaze is simulated from the masks, and the folder's README.txt says so.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  fovea data phantom --count 200 --seed 1 --out phantoms
  fovea data phantom --domain skin --count 200 --out skin-phantoms
  fovea train --data phantoms --split phantom --out runs/phantom")]
pub(super) struct PhantomArgs {
    /// What the images show
    #[arg(long, value_enum, default_value_t)]
    domain: Domain,
    /// Number of images
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,
    /// Seed of the set
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Size of every image, in pixels [default: polyp 622x528, skin 600x450, prostate 384x384]
    #[arg(long, value_name = "WxH", value_parser = size)]
    size: Option<(u32, u32)>,
    /// Share of the images that goes into the test list
    #[arg(long, value_name = "SHARE", default_value_t = 0.2, value_parser = fraction)]
    test_fraction: f64,
    /// Replace a phantom set that is in the folder already (other content is never touched)
    #[arg(long)]
    force: bool,
}

/// What phantoms show.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Domain {
    /// Polyps in colonoscopy frames
    #[default]
    Polyp,
    /// Skin lesions under the dermatoscope
    Skin,
    /// The prostate on axial T2-weighted MR slices
    Prostate,
}

impl From<Domain> for Modality {
    fn from(domain: Domain) -> Self {
        match domain {
            Domain::Polyp => Self::Polyp,
            Domain::Skin => Self::SkinLesion,
            Domain::Prostate => Self::Prostate,
        }
    }
}

/// Sides below this show nothing, sides above it take gigabytes.
const SIDES: std::ops::RangeInclusive<u32> = 64..=4096;

/// A size like 622x528.
pub(in crate::command) fn size(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once(['x', 'X']).and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    match parts {
        Some((w, h)) if SIDES.contains(&w) && SIDES.contains(&h) => Ok((w, h)),
        _ => Err(format!(
            "expected WIDTHxHEIGHT with sides of {} to {} pixels, like 622x528",
            SIDES.start(),
            SIDES.end()
        )),
    }
}

fn fraction(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("expected a share between 0 and 1, like 0.2".into()),
    }
}

pub(super) fn run(args: &PhantomArgs) -> Result<()> {
    let modality = Modality::from(args.domain);
    let (width, height) = args.size.unwrap_or(best_size(modality));
    let plan = Plan {
        modality,
        count: args.count as usize,
        seed: args.seed,
        width,
        height,
        test_fraction: args.test_fraction,
    };
    let progress = Progress::start("drawing", plan.count);
    write(&args.out, &plan, args.force, || progress.advance())?;
    progress.finish();
    println!("{} phantoms in {}; gaze simulated from the masks", plan.count, args.out.display());
    Ok(())
}
