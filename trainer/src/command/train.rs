//! `fovea train`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use fovea_shared::distill::Strategies;

use crate::{
    command::common::Common,
    config::{self, SettingFlags, TrainConfig, put_all},
    data::{
        Dataset,
        image_store::{Counts, ImageStore},
        splits::default_name,
    },
    features::{Encoder, FeatureCache},
    run::{Beginning, Outcome, Progress, Provenance, RunFolder, Session, Source, description_file},
    signals::{self, Stopped},
};

/// Train a teacher from gaze, and a student from the teacher.
///
/// No true mask is read for any training image (unless `student-target = "full-supervision"` asks
/// for that upper bound): the masks folder of the training images may be absent. Weights are chosen
/// on validation images drawn from the training list (with their masks where they exist, else with
/// their pseudo-masks); of the test images only the bytes are hashed, to name the data.
///
/// The run folder gets config.toml (the resolved configuration), run.json (command, commit, data hash, device),
/// events.jsonl, metrics.csv, checkpoints/ (the last two) and best-teacher.safetensors,
/// best-student.safetensors. One process at a time
/// works in it, and nothing else in --out is ever touched. Ctrl-C, SIGTERM and SIGHUP save and say
/// how to go on (exit codes 130, 143, 129), SIGUSR1
/// saves a checkpoint and goes on; a killed run loses at most one checkpoint interval; on the CPU a
/// resumed run ends bit-identical to an
/// uninterrupted one. With --resume, only --device, --cache, --checkpoint-every, --quiet and
/// --verbose can be given: the rest is as it was.
///
/// Under Slurm, SIGTERM comes KillWait (30 s) before the end of the time limit, which is enough;
/// --signal=USR1@300 saves five minutes before.
///
/// `--preset paper` trains the two U-Nets of the paper's released code from pixels instead, end to
/// end, on a GPU (a step of batch 8 takes minutes on two cores): 15,000 steps of batch 8, SGD, both
/// networks at once, all three strategies in their sound forms. In the released forms: --set
/// teacher-target=full-bce --set distill.consistency.variant=released --set
/// distill.masking.region=gaze --set distill.masking.target=zero --set distill.mutual=true --set
/// distill.afc_weight=0.05. It has no backbone, no gaze prompt and no moving average, reads our
/// phrase embeddings where the released code reads RoBERTa's, and can be measured but not exported.
#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// Data set folder: images/, gaze/*.csv, splits/<name>-train.txt (see `fovea data check --help`).
    #[arg(long, value_name = "DIR", required_unless_present_any = ["resume", "list_settings"])]
    data: Option<PathBuf>,
    /// Split: a name in the data set's splits/ folder, a folder of lists, or train=FILE,test=FILE
    /// [default: `gaze`, or the only one that there is].
    #[arg(long, conflicts_with = "resume")]
    split: Option<String>,
    /// A further data set whose images all train too (its gaze supervises), for instance phantoms. May be repeated.
    #[arg(long, value_name = "DIR")]
    extra: Vec<PathBuf>,
    /// Run folder to make.
    #[arg(long, value_name = "DIR", required_unless_present_any = ["resume", "print_config", "list_settings"])]
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
    /// Print every setting with its meaning, its defaults and its values, as Markdown, and stop.
    #[arg(long, conflicts_with = "resume")]
    list_settings: bool,
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
    /// Set a key of the configuration as its flag does, as in `--set student-target=broad-mask`.
    /// May be repeated; wins over the file and the other flags.
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
    if args.list_settings {
        print!("{}", config::list());
        return Ok(ExitCode::SUCCESS);
    }
    let resumed = match &args.resume {
        Some(run) if args.print_config => Some(RunFolder::read(run)?),
        Some(run) => Some(RunFolder::own(run)?),
        None => None,
    };
    // Ours from the first look on: what the folder holds, or who works in it, is said before anything long is done.
    let mut beginning = match &args.out {
        Some(out) if !args.print_config => Some(Beginning::claim(out)?),
        _ => None,
    };
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
        (None, Some(out)) => out,
        (None, None) => bail!("--out is missing"),
    };
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
        if from.config_sha256.is_none() {
            eprintln!(
                "note: {} was begun by a version of the program that kept no hash of the configuration: whether \
                 config.toml was edited since cannot be known",
                path.display()
            );
        }
        if from.device != device.name {
            eprintln!(
                "note: the run was begun on {} and goes on on {}: numbers differ in their last digits",
                from.device, device.name
            );
        }
    }
    let ready = session.prepare(&material, &config, source.descriptions.as_ref(), encoder);
    if ready.as_ref().is_err_and(|error| error.is::<Stopped>()) {
        eprintln!(
            "stopped before the first step; what was made of the images is kept in the cache. The same command goes on \
             from there"
        );
        return Ok(ExitCode::from(signals::exit_code()));
    }
    let ready = ready?;
    let (folder, from) = match resumed {
        Some((folder, _, from)) => (folder, from),
        None => {
            let from = source.provenance(&material, material.sha256(&store)?, &device.name, None)?;
            let beginning = beginning.take().context("--out is missing")?;
            (beginning.create(&config, &from, source.encoder.as_ref())?, from)
        }
    };
    let Counts { reads, hashes, decodes } = store.counts();
    log::info!("image files: {reads} read, {hashes} hashed, {decodes} decoded");
    let path = folder.path.display();
    let (outcome, step) = session.train(&folder, &config, &from, ready, &|| Ok(progress.stopping()))?;
    match outcome {
        Outcome::Finished => {
            progress.say(&format!("done. Measure it: fovea eval --run {path} --data {}", source.data.display()));
            Ok(ExitCode::SUCCESS)
        }
        Outcome::Stopped => {
            eprintln!("stopped and saved at step {step}. Go on with: fovea train --resume {path}");
            Ok(ExitCode::from(signals::exit_code()))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use clap::{Command, FromArgMatches, error::ErrorKind};

    use super::*;

    /// What counts beside `--resume`: where and how to compute, and what is shown.
    const HEEDED: [&str; 6] = ["resume", "checkpoint_every", "device", "cache", "quiet", "print_config"];

    fn command() -> Command {
        TrainArgs::augment_args(Command::new("train"))
    }

    #[test]
    fn every_flag_beside_resume_counts_or_is_refused() {
        let mut refused = 0;
        for arg in command().get_arguments() {
            let id = arg.get_id().as_str();
            let Some(long) = arg.get_long().filter(|_| !HEEDED.contains(&id) && id != "help") else { continue };
            let words = arg.get_possible_values();
            let mut line = vec!["train".to_owned(), "--resume".into(), "runs/a".into(), format!("--{long}")];
            if arg.get_action().takes_values() {
                let value = if long == "strategies" { "all" } else { "3" };
                line.push(words.first().map_or(value.to_owned(), |word| word.get_name().to_owned()));
            }
            let error = command().try_get_matches_from(&line).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ArgumentConflict, "{line:?}: {error}");
            refused += 1;
        }
        assert!(refused > 60, "{refused}");
        let heeded = ["train", "--resume", "a", "--checkpoint-every", "3", "--device", "cpu", "--cache", "c", "-q"];
        let args = TrainArgs::from_arg_matches(&command().try_get_matches_from(heeded).unwrap()).unwrap();
        assert_eq!((args.checkpoint_every, args.common.quiet), (Some(3), true));
    }
}
