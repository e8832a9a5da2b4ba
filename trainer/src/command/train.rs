//! `fovea train`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use fovea_shared::description::Modality;

use fovea_shared::distill::Strategies;

use crate::{
    args::Common,
    config::{Schedule, TrainConfig},
    data::{
        Case, Dataset,
        hash::{data_hash, file_sha256, sha256},
        splits::{default_name, split},
    },
    features::{Encoder, FeatureCache},
    run::{
        DescriptionFile, ENCODER, GazeCounts, Outcome, Progress, Provenance, RunFolder, TextSource, Trainer, git_sha,
        prepare, read_descriptions, write_atomic,
    },
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
    #[arg(long, value_name = "DIR", conflicts_with_all = ["data", "out", "config", "seed", "extra"])]
    resume: Option<PathBuf>,
    /// Configuration file (TOML); flags override it. `--print-config` shows every key with its default.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the resolved configuration and stop.
    #[arg(long)]
    print_config: bool,
    /// Seed of weights, batches, prompts and the validation draw.
    #[arg(long)]
    seed: Option<u64>,
    /// Passes of the teacher's stage.
    #[arg(long, value_name = "N")]
    teacher_epochs: Option<usize>,
    /// Passes of the student's stage.
    #[arg(long, value_name = "N")]
    student_epochs: Option<usize>,
    /// Where the teacher's text comes from.
    #[arg(long, value_enum)]
    text: Option<TextSource>,
    /// File of `fovea describe` for `--text import` (or `shuffled`).
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    descriptions: Option<PathBuf>,
    /// Images a step.
    #[arg(long, value_name = "N")]
    batch: Option<usize>,
    /// Peak learning rate.
    #[arg(long)]
    rate: Option<f64>,
    /// Order of learning.
    #[arg(long, value_enum)]
    schedule: Option<Schedule>,
    /// Backbone to use in place of the built-in one: best-backbone.safetensors of a run whose student has adapted it
    /// (`adapt-epochs`). Kept in the run folder.
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    backbone: Option<PathBuf>,
    /// Which strategies direct the student: none, all, or some, as in `afc+darm`.
    #[arg(long)]
    strategies: Option<Strategies>,
    /// Set any key of the configuration, as in `--set student-target=broad-mask --set distill.masking.input=features`.
    /// May be repeated; wins over the file and the other flags.
    #[arg(long, value_name = "KEY=VALUE", conflicts_with = "resume")]
    set: Vec<String>,
    /// Steps between checkpoints.
    #[arg(long, value_name = "STEPS", default_value_t = 50)]
    checkpoint_every: usize,
    #[command(flatten)]
    common: Common,
}

/// Exit code of a run that was stopped by a signal.
const STOPPED: u8 = 130;

pub(crate) fn run(args: TrainArgs) -> Result<ExitCode> {
    let resumed = args.resume.as_deref().map(RunFolder::open).transpose()?;
    let (data, extra) = match &resumed {
        Some((_, _, from)) => (from.data_folder.clone(), from.extra_folders.clone()),
        None => (args.data.clone().context("--data is missing")?, args.extra.clone()),
    };
    let dataset = Dataset::open(&data)?;
    let config = match &resumed {
        Some((_, config, _)) => config.clone(),
        None => resolve(&args, dataset.modality)?,
    };
    config.validate()?;
    if args.print_config {
        print!("{}", toml::to_string(&config)?);
        return Ok(ExitCode::SUCCESS);
    }
    let split_name = match (&resumed, &args.split) {
        (Some((_, _, from)), _) => from.split.clone(),
        (None, Some(name)) => name.clone(),
        (None, None) => default_name(&dataset)?,
    };
    let stop = stop_flag()?;
    let progress = Progress::new(args.common.quiet);
    let device = args.common.device.open()?;
    let lists = split(&dataset, &split_name, config.validation_fraction, config.seed)?;
    let mut train = owned(&dataset, &lists.train)?;
    for folder in &extra {
        let more = Dataset::open(folder)?;
        ensure!(
            more.modality == dataset.modality,
            "{} shows a {} and {} a {}: they cannot train together",
            folder.display(),
            more.modality.noun(),
            data.display(),
            dataset.modality.noun()
        );
        train.extend(more.cases);
    }
    let validation = owned(&dataset, &lists.validation)?;
    let hash = all_data_hash(data_hash(&dataset, &lists)?.sha256, &train[lists.train.len()..])?;
    let encoder = args.backbone.as_deref().map(Encoder::read).transpose()?.filter(|encoder| !encoder.is_built_in());
    let descriptions = match &resumed {
        Some((_, _, before)) => before.descriptions.clone(),
        None => args.descriptions.as_deref().map(description_file).transpose()?,
    };
    if let (Some((folder, _, _)), Some(file)) = (&resumed, &descriptions)
        && description_file(&file.path)?.sha256 != file.sha256
    {
        bail!("{} has changed since {} was begun: start a new run", file.path.display(), folder.path.display());
    }
    let folder = match resumed {
        Some((folder, _, before)) => {
            if before.data_sha256 != hash {
                bail!(
                    "the data in {} has changed since {} was begun (SHA-256 {} then, {hash} now): start a new run",
                    data.display(),
                    folder.path.display(),
                    before.data_sha256
                );
            }
            folder
        }
        None => {
            let provenance = Provenance {
                command: std::env::args().collect::<Vec<_>>().join(" "),
                git_sha: git_sha(),
                device: device.name.clone(),
                data: dataset.name.clone(),
                data_folder: absolute(&data)?,
                extra_folders: extra.iter().map(|folder| absolute(folder)).collect::<Result<_>>()?,
                split: split_name,
                data_sha256: hash,
                descriptions: descriptions.clone(),
                backbone_sha256: encoder.as_ref().map(|encoder| encoder.sha256.clone()),
                counts: [train.len(), validation.len(), lists.test.len()],
                modality: dataset.modality,
                gaze: Some(GazeCounts::of(train.iter().chain(&validation))),
            };
            let folder = RunFolder::create(args.out.as_deref().context("--out is missing")?, &config, &provenance)?;
            if let Some(encoder) = &encoder {
                write_atomic(&folder.path.join(ENCODER), &encoder.bytes)?;
            }
            folder
        }
    };
    let say = |line: String| {
        if !args.common.quiet {
            eprintln!("{line}");
        }
    };
    say(format!(
        "{}: {} images train, {} choose; device {}; run folder {}",
        dataset.name,
        train.len(),
        validation.len(),
        device.name,
        folder.path.display()
    ));
    if let Some(caveat) = GazeCounts::of(train.iter().chain(&validation)).caveat() {
        say(format!("note: {caveat}; say so wherever its numbers appear"));
    }
    let cache = FeatureCache::open(args.common.cache.as_deref(), folder.encoder()?)?;
    let imported = read_descriptions(descriptions.as_ref().map(|file| file.path.as_path()))?;
    let ready = |cases, trains| prepare(cases, trains, &config, imported.as_ref(), &cache, &device.device, &progress);
    let (train, validation) = (ready(train, true)?, ready(validation, false)?);
    if config.text != TextSource::None {
        let silent =
            train.text.iter().chain(&validation.text).filter(|t| t.as_ref().is_none_or(|t| t.is_empty())).count();
        say(format!("text: {}; {silent} images have none", config.text.words()));
    }
    let mut trainer =
        Trainer::new(&config, &folder, &device.device, (train, validation), args.checkpoint_every, progress)?;
    if trainer.step() > 0 {
        say(format!("going on from step {}", trainer.step()));
    }
    let outcome = trainer.run(&stop)?;
    let path = folder.path.display();
    match outcome {
        Outcome::Finished => {
            say(format!("done. Measure it: fovea eval --run {path} --data {}", data.display()));
            Ok(ExitCode::SUCCESS)
        }
        Outcome::Stopped => {
            eprintln!("stopped and saved at step {}. Go on with: fovea train --resume {path}", trainer.step());
            Ok(ExitCode::from(STOPPED))
        }
    }
}

/// The configuration file, then the flags.
fn resolve(args: &TrainArgs, modality: Modality) -> Result<TrainConfig> {
    let mut config = match &args.config {
        Some(path) => TrainConfig::read_for(path, modality)?,
        None => TrainConfig::of(modality),
    };
    let set = |value: Option<usize>, into: &mut usize| *into = value.unwrap_or(*into);
    set(args.teacher_epochs, &mut config.teacher_epochs);
    set(args.student_epochs, &mut config.student_epochs);
    set(args.batch, &mut config.batch);
    config.seed = args.seed.unwrap_or(config.seed);
    config.rate = args.rate.unwrap_or(config.rate);
    config.schedule = args.schedule.unwrap_or(config.schedule);
    config.text = args.text.unwrap_or(config.text);
    config.distill.strategies = args.strategies.unwrap_or(config.distill.strategies);
    config.with(&args.set)
}

fn description_file(path: &Path) -> Result<DescriptionFile> {
    Ok(DescriptionFile { path: absolute(path)?, sha256: file_sha256(path)? })
}

fn owned(dataset: &Dataset, ids: &[String]) -> Result<Vec<Case>> {
    Ok(dataset.select(ids)?.into_iter().cloned().collect())
}

/// The split's hash, with the extra images and their gaze hashed in where there are any.
fn all_data_hash(split: String, extra: &[Case]) -> Result<String> {
    if extra.is_empty() {
        return Ok(split);
    }
    let mut text = split;
    for case in extra {
        let gaze = serde_json::to_string(&case.gaze)?;
        text += &format!("\n{} {} {gaze}", case.id, file_sha256(&case.image)?);
    }
    Ok(sha256(text.as_bytes()))
}

fn absolute(path: &Path) -> Result<PathBuf> {
    path.canonicalize().with_context(|| format!("{} cannot be found", path.display()))
}

/// A flag that Ctrl-C or a terminate signal sets; a second one ends the program at once.
fn stop_flag() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(STOPPED));
        }
        eprintln!("stopping after this step; once more to stop at once");
    })
    .context("Ctrl-C cannot be watched")?;
    Ok(stop)
}
