//! `fovea train`.

use std::{path::PathBuf, process::ExitCode, sync::atomic::Ordering};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use fovea_shared::distill::Strategies;

use crate::{
    command::common::Common,
    config::{SettingFlags, TrainConfig, put_all},
    data::{
        Dataset,
        image_store::{Counts, ImageStore},
        splits::default_name,
    },
    features::{Encoder, FeatureCache},
    run::{Outcome, Progress, Provenance, RunFolder, STOPPED, Session, Source, description_file, stop_flag},
};

/// Train a teacher from gaze, and a student from the teacher.
///
/// No true mask is read for any training image (unless `student-target = "full-supervision"` asks for that upper bound): the
/// masks folder of the training images may be absent. Weights are
/// chosen on validation images drawn from the training list (with their masks where they exist, else with their
/// pseudo-masks); of the test images only the bytes are hashed, to name the data.
///
/// The run folder gets config.toml (the resolved configuration), run.json (command, commit, data hash, device),
/// events.jsonl, metrics.csv, checkpoints/ (the last two) and best-teacher.safetensors, best-student.safetensors. Ctrl-C saves and says
/// how to go on; a killed run loses at most one checkpoint interval; on the CPU a resumed run ends bit-identical to an
/// uninterrupted one.
///
/// `--preset paper` trains the two U-Nets of the paper's released code from pixels instead, end to end, on a GPU (a step of
/// batch 8 takes minutes on two cores): 15,000 steps of batch 8, SGD, both networks at once, all three strategies in their sound forms. In the
/// released forms: --set teacher-target=full-bce --set distill.consistency.variant=released --set distill.masking.region=gaze
/// --set distill.masking.target=zero --set distill.mutual=true --set distill.afc_weight=0.05. It has no backbone, no gaze prompt and no
/// moving average, reads our phrase embeddings where the released code reads RoBERTa's, and can be measured but not exported.
#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// Data set folder: images/, gaze/*.csv, splits/<name>-train.txt (see `fovea data check --help`).
    #[arg(long, value_name = "DIR", required_unless_present = "resume")]
    data: Option<PathBuf>,
    /// Split: a name in the data set's splits/ folder, a folder of lists, or train=FILE,test=FILE [default: `gaze`, or the only
    /// one that there is].
    #[arg(long)]
    split: Option<String>,
    /// A further data set whose images all train too (its gaze supervises), for instance phantoms. May be repeated.
    #[arg(long, value_name = "DIR")]
    extra: Vec<PathBuf>,
    /// Run folder to make.
    #[arg(long, value_name = "DIR", required_unless_present = "resume")]
    out: Option<PathBuf>,
    /// Go on with the run in this folder, with its own configuration and data.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["data", "out", "config", "extra"])]
    resume: Option<PathBuf>,
    /// Configuration file (TOML); flags override it. `--print-config` shows every key with its value.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the resolved configuration and stop.
    #[arg(long)]
    print_config: bool,
    /// File of `fovea describe` for `--text import` (or `shuffled`).
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    descriptions: Option<PathBuf>,
    /// Backbone to use in place of the built-in one: best-backbone.safetensors of a run whose student has adapted it
    /// (`adapt-epochs`). Kept in the run folder.
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    backbone: Option<PathBuf>,
    /// Which strategies direct the student: none, all, or some, as in `afc+darm`.
    #[arg(long, conflicts_with = "resume")]
    strategies: Option<Strategies>,
    /// Set a key of the configuration as its flag does, as in `--set student-target=broad-mask`. May be repeated; wins over the file and
    /// the other flags.
    #[arg(long, value_name = "KEY=VALUE", conflicts_with = "resume")]
    set: Vec<String>,
    /// Steps between checkpoints [default: 50; preset paper, whose checkpoints take 420 MB: 500].
    #[arg(long, value_name = "STEPS")]
    checkpoint_every: Option<usize>,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    settings: SettingFlags,
}

pub(crate) fn run(args: TrainArgs) -> Result<ExitCode> {
    let resumed = args.resume.as_deref().map(RunFolder::open).transpose()?;
    // Opened once: reading all gaze takes a while.
    let dataset = match &resumed {
        Some((_, _, from)) => Dataset::open(&from.data_folder)?,
        None => Dataset::open(args.data.as_deref().context("--data is missing")?)?,
    };
    let config = match &resumed {
        Some((_, config, _)) => config.clone(),
        None => resolve(&args, &dataset)?,
    };
    if args.print_config {
        print!("{}", toml::to_string(&config)?);
        return Ok(ExitCode::SUCCESS);
    }
    ensure!(
        args.backbone.is_none() || config.is_lite(),
        "--backbone is for the heads of the preset `lite`: the networks of `paper` have none"
    );
    let source = match &resumed {
        Some((folder, _, from)) => Source::of(folder, from)?,
        None => Source {
            data: args.data.clone().context("--data is missing")?,
            split: match &args.split {
                Some(split) => split.clone(),
                None => default_name(&dataset)?,
            },
            encoder: args.backbone.as_deref().map(Encoder::read).transpose()?.filter(|e| !e.is_built_in()),
            extra: args.extra.clone(),
            descriptions: args.descriptions.as_deref().map(description_file).transpose()?,
        },
    };
    let path = match (&args.resume, &args.out) {
        (Some(path), _) => path,
        (None, Some(out)) => {
            RunFolder::refuse_taken(out)?;
            out
        }
        (None, None) => bail!("--out is missing"),
    };
    let flag = stop_flag()?;
    let progress = Progress::new(args.common.quiet);
    let device = args.common.device.open()?;
    let material = source.open_in(dataset, &config)?;
    progress.say(&format!(
        "{}: {} images train, {} choose; device {}; run folder {}",
        material.name,
        material.train.len(),
        material.validation.len(),
        device.name,
        path.display(),
    ));
    if let Some(caveat) = material.gaze.caveat() {
        progress.say(&format!("note: {caveat}; say so wherever its numbers appear"));
    }
    let encoder = source.encoder.clone().unwrap_or_else(Encoder::built_in);
    let cache = FeatureCache::open(args.common.cache.as_deref(), encoder.clone())?;
    let store = ImageStore::default();
    let checkpoint_every = args.checkpoint_every;
    let session = Session { device: &device, cache: &cache, store: &store, progress, checkpoint_every };
    if let Some((folder, _, from)) = &resumed {
        // Of a run that goes on, what has changed is said before anything long is done.
        unchanged(folder, from, &material.sha256(&store)?)?;
    }
    let ready = session.prepare(&material, &config, source.descriptions.as_ref(), encoder)?;
    let (folder, from) = match resumed {
        Some((folder, _, from)) => (folder, from),
        None => {
            let from = source.provenance(&material, material.sha256(&store)?, &device.name, None)?;
            (RunFolder::create(path, &config, &from, source.encoder.as_ref())?, from)
        }
    };
    let Counts { reads, hashes, decodes } = store.counts();
    log::info!("image files: {reads} read, {hashes} hashed, {decodes} decoded");
    let path = folder.path.display();
    let (outcome, step) = session.train(&folder, &config, &from, ready, &|| Ok(flag.load(Ordering::SeqCst)))?;
    match outcome {
        Outcome::Finished => {
            progress.say(&format!("done. Measure it: fovea eval --run {path} --data {}", source.data.display()));
            Ok(ExitCode::SUCCESS)
        }
        Outcome::Stopped => {
            eprintln!("stopped and saved at step {step}. Go on with: fovea train --resume {path}");
            Ok(ExitCode::from(STOPPED))
        }
    }
}

/// Refuses to go on with a run whose data or descriptions are not what they were.
fn unchanged(folder: &RunFolder, from: &Provenance, data_sha256: &str) -> Result<()> {
    let run = folder.path.display();
    if let Some(file) = &from.descriptions
        && description_file(&file.path)?.sha256 != file.sha256
    {
        bail!("{} has changed since {run} was begun: start a new run", file.path.display());
    }
    if from.data_sha256 != data_sha256 {
        bail!(
            "the data in {} has changed since {run} was begun (SHA-256 {} then, {} now): start a new run",
            from.data_folder.display(),
            from.data_sha256,
            data_sha256
        );
    }
    Ok(())
}

/// The defaults for what the images show, the configuration file over them, the flags over both.
fn resolve(args: &TrainArgs, dataset: &Dataset) -> Result<TrainConfig> {
    let mut flags = args.settings.layer()?;
    if let Some(Strategies { afc, cwc, darm }) = args.strategies {
        let named = [("afc", afc), ("cwc", cwc), ("darm", darm)];
        let sets: Vec<String> = named.iter().map(|(name, on)| format!("distill.strategies.{name}={on}")).collect();
        flags = put_all(flags, &sets)?;
    }
    Ok(TrainConfig::resolve(args.config.as_deref(), put_all(flags, &args.set)?, dataset.modality()?)?)
}
