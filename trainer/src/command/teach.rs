//! `fovea teach`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use fovea_shared::pseudo_mask::PseudoMaskParams;
use fovea_teach::Recipe;

use crate::{
    command::common::Common,
    data::{Dataset, splits},
    evaluate::OpenBundle,
    features::FeatureCache,
    report::{
        kind::TeachKind,
        teach::{TeachRow, TeachStudy},
        teach_figure,
    },
    run::{Progress, write_atomic},
    teach::{Cell, Images, Told, taught},
    version::{command_line, git_sha},
};

/// Measure what a fresh student learns from a few glances.
///
/// For every seed some training images are drawn, a fresh student learns from their gaze alone (cut
/// after some seconds), and it is measured on
/// the split's test images. The backbone is a bundle's. `--told mask` does the same with true
/// masks, as an upper bound. Writes OUT (JSON), and a Markdown page and a figure (SVG) beside it.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  fovea teach --bundle www/bundle/polyp --data kvasir-seg --glances 1,2,4,8,16 --seconds 0.5,1,2,4,all --out \
  results/teach-polyp.json")]
pub(crate) struct TeachArgs {
    /// Folder of the bundle whose backbone sees the images
    #[arg(long, value_name = "DIR")]
    bundle: PathBuf,
    /// Data set folder, with gaze and masks
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Split of the data set [default: `gaze`, or the only one]
    #[arg(long)]
    split: Option<String>,
    /// How many images a student learns from; several values are several rows
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_values_t = [8], value_parser = glances)]
    glances: Vec<usize>,
    /// Seconds of each scanpath that count, or `all`; several values are several rows
    #[arg(long, value_name = "S,...", value_delimiter = ',', default_value = "all", value_parser = seconds)]
    seconds: Vec<Seconds>,
    /// What the student is told; several values are several rows
    #[arg(long, value_name = "KIND,...", value_delimiter = ',', value_enum, default_values_t = [Told::Gaze])]
    told: Vec<Told>,
    /// How many seeds: each draws other images and another student
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=100))]
    seeds: u64,
    /// Measure on the validation images in place of the test images: for choosing a recipe
    #[arg(long)]
    validation: bool,
    /// Also measure after so many steps
    #[arg(long, value_name = "STEPS,...", value_delimiter = ',')]
    stops: Vec<usize>,
    /// Steps of a student
    #[arg(long, default_value_t = Recipe::default().steps)]
    steps: usize,
    /// Views of a step
    #[arg(long, default_value_t = Recipe::default().batch)]
    batch: usize,
    /// Views of every image: the four flips first, then drawn ones
    #[arg(long, default_value_t = Recipe::default().views)]
    views: usize,
    /// Highest learning rate
    #[arg(long, default_value_t = Recipe::default().rate)]
    rate: f64,
    /// Weight of the soft Dice term beside the cross-entropy
    #[arg(long, default_value_t = Recipe::default().dice, value_parser = weight)]
    dice: f64,
    /// Result file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// Seconds of a scanpath, or all of it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Seconds(Option<f32>);

fn seconds(text: &str) -> Result<Seconds, String> {
    match (text, text.parse()) {
        ("all", _) => Ok(Seconds(None)),
        (_, Ok(value)) if value > 0.0 && value <= 600.0 => Ok(Seconds(Some(value))),
        _ => Err("expected seconds above 0 and up to 600, like 2.5, or `all`".into()),
    }
}

fn weight(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=100.0).contains(&value) => Ok(value),
        _ => Err("expected a weight from 0 to 100".into()),
    }
}

fn glances(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(value) if (1..=1000).contains(&value) => Ok(value),
        _ => Err("expected a number of images from 1 to 1000".into()),
    }
}

impl TeachArgs {
    /// The rows that are asked for. Seconds do not count for masks.
    fn cells(&self) -> Vec<Cell> {
        let mut cells = Vec::new();
        for &told in &self.told {
            let lengths = if told == Told::Mask { &[Seconds(None)][..] } else { &self.seconds };
            for &Seconds(seconds) in lengths {
                cells.extend(self.glances.iter().map(|&glances| Cell { glances, seconds, told }));
            }
        }
        cells
    }
}

/// # Errors
/// A bundle or data set that cannot be read, too few images, a device that fails, a file that cannot be written.
pub(crate) fn run(args: &TeachArgs) -> Result<()> {
    if let Some(folder) = args.out.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let device = args.common.device.open()?;
    let progress = Progress::new(args.common.quiet);
    let bundle = OpenBundle::open(&args.bundle, &device)?;
    let dataset = Dataset::open(&args.data)?;
    let name = args.split.clone().map_or_else(|| splits::default_name(&dataset), Ok)?;
    let lists = splits::split(&dataset, &name, bundle.config().validation_fraction, bundle.config().seed)?;
    let measured_on = if args.validation { &lists.validation } else { &lists.test };
    let (train, test) = (dataset.select(&lists.train)?, dataset.select(measured_on)?);
    let cache = FeatureCache::open(args.common.cache.as_deref(), bundle.encoder.clone())?;
    let most = args.glances.iter().copied().max().context("--glances names no number")?;
    let images = Images::open(&train, &test, most, &cache, (&device.device, progress))?;
    let params = PseudoMaskParams::of(dataset.modality()?);
    let recipe = Recipe {
        views: args.views.max(1),
        batch: args.batch.max(1),
        steps: args.steps,
        rate: args.rate,
        dice: args.dice,
    };
    let mut rows: Vec<(Cell, TeachRow)> = args.cells().into_iter().map(|cell| (cell, empty_row(cell))).collect();
    let seeds: Vec<u64> = (1..=args.seeds).collect();
    let mut bar = progress.bar("students", (rows.len() * seeds.len()) as u64);
    for &seed in &seeds {
        let glanced = images.glanced(most, recipe.views, params.side, seed)?;
        for (cell, row) in &mut rows {
            progress.go_on()?;
            let end = taught(*cell, &glanced, &images, (recipe, &params), &args.stops, (seed, &device.device))?;
            row.dice.push(end.dice);
            row.learning_seconds.push(end.seconds);
            for (index, (step, dice)) in end.curve.into_iter().enumerate() {
                if row.curve.len() <= index {
                    row.curve.push((step, Vec::new()));
                }
                row.curve[index].1.push(dice);
            }
            bar.inc(1);
        }
    }
    bar.finish();
    let study = TeachStudy {
        kind: TeachKind::Only,
        study: args.out.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        command: command_line(),
        git_sha: git_sha().into(),
        device: device.name.clone(),
        data: dataset.name.clone(),
        split: lists.name.clone(),
        gaze: Dataset::gaze_origin(train.iter().copied()),
        measured_on: if args.validation { "validation" } else { "test" }.into(),
        images: images.tests(),
        backbone: format!(
            "of the bundle `{}`, which was trained on {}",
            bundle.manifest.name, bundle.manifest.training.data
        ),
        recipe,
        seeds,
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    };
    let page = args.out.with_extension("md");
    write_atomic(&args.out, serde_json::to_string_pretty(&study)?.as_bytes())?;
    write_atomic(&page, study.markdown().as_bytes())?;
    write_atomic(&args.out.with_extension("svg"), teach_figure::figure(&study).as_bytes())?;
    print!("{}", study.markdown());
    Ok(())
}

fn empty_row(cell: Cell) -> TeachRow {
    let Cell { told, glances, seconds } = cell;
    TeachRow { told, glances, seconds, dice: Vec::new(), curve: Vec::new(), learning_seconds: Vec::new() }
}
