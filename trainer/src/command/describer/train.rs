//! `fovea describer train`.

use std::{fs, path::PathBuf};

use anyhow::{Result, ensure};
use burn::tensor::Device;
use clap::Args;
use fovea_shared::{
    description::Source,
    model::{
        describer::{DESCRIBER_FORMAT, DESCRIBER_INPUTS, DescriberCard, FieldCard},
        weights::{self, Precision},
    },
};

use super::{Ground, measure, print};
use crate::{
    command::common::Common,
    data::hash::file_sha256,
    describer::{
        calibrate::{fit_temperature, threshold},
        fit::{FitConfig, Fitted, fit},
        heads::{DescriberRun, Head, seed_folder},
        masks::MaskMaker,
        samples::{Sample, Workshop},
        schema::FieldSchema,
        score::RULE,
    },
    device::Opened,
    features::FeatureCache,
    run::{Progress, RunFolder, write_atomic},
    version::{command_line, git_sha},
};

/// Train describers, one a seed, on the training images of a run.
///
/// Masks are predicted by the run (its teacher with the image's gaze for half of the samples, its
/// student without gaze for the other half); no true mask is opened. Epoch, temperature (one a
/// field), threshold (one a field) and which fields are shown are chosen on the run's validation
/// images; test images are not touched. Writes DIR/seed-N/, and beside them run.json,
/// describer.safetensors and describer.json of the seed with the least validation loss.
#[derive(Debug, Args)]
pub(super) struct TrainArgs {
    /// Run folder of `fovea train`: it predicts the masks, and its split is used.
    #[arg(long, value_name = "DIR")]
    run: PathBuf,
    /// The model's answers: JSON lines of `fovea describe`, or LLaVA's published table (.csv).
    #[arg(long, value_name = "FILE")]
    answers: PathBuf,
    /// Data set folder [default: the one the run trained on].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder to write.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Seeds of weights and batches.
    #[arg(long, value_delimiter = ',', default_value = "1,2,3")]
    seeds: Vec<u64>,
    #[command(flatten)]
    config: FitConfig,
    #[command(flatten)]
    common: Common,
}

/// Runs `fovea describer train`.
pub(super) fn run(args: TrainArgs) -> Result<()> {
    args.config.validate()?;
    let mut seeds = args.seeds.clone();
    seeds.sort_unstable();
    seeds.dedup();
    ensure!(!seeds.is_empty() && seeds.len() == args.seeds.len(), "--seeds must name different seeds");
    ensure!(
        !fs::exists(args.out.join("run.json"))?,
        "{} already holds describers; name another folder with --out",
        args.out.display()
    );
    let ground = Ground::open(&args.run, args.data.as_deref(), &args.answers)?;
    let Opened { device, name } = args.common.device.open()?;
    let masks = MaskMaker::open(&args.run, &device)?;
    let cache = FeatureCache::open(args.common.cache.as_deref(), RunFolder::open(&args.run)?.0.encoder()?)?;
    let progress = Progress::new(args.common.quiet);
    let workshop = Workshop {
        records: &ground.records,
        schema: &ground.schema,
        masks: &masks,
        cache: &cache,
        device: &device,
        progress,
    };
    let training = workshop.training(&ground.cases(&ground.lists.train)?, 0)?;
    let validation = workshop.upright(&ground.cases(&ground.lists.validation)?)?;

    let mut bar = progress.bar("fit", seeds.len() as u64);
    let mut heads = Vec::new();
    let mut fits: Vec<(usize, f64)> = Vec::new();
    for seed in &seeds {
        let fitted = fit(&training, &validation, &ground.schema, &args.config, *seed, &device)?;
        fits.push((fitted.epoch, fitted.validation_loss));
        heads.push(calibrated(&fitted, *seed, &ground, &args, &validation, &device)?);
        bar.inc(1);
    }
    bar.finish();
    let scores = measure(&heads, &ground.schema, &validation, None, &device)?;
    for head in &mut heads {
        head.card.fields.iter_mut().zip(&scores).for_each(|(card, scores)| card.shown = scores.beats_majority());
    }
    println!("validation images, with and without gaze:");
    print(&ground.schema, &scores);
    let shown: Vec<&str> = heads[0].card.fields.iter().filter(|f| f.shown).map(|f| f.field.name()).collect();
    println!("shown: {}", if shown.is_empty() { "none".into() } else { shown.join(", ") });
    let best = (0..seeds.len()).min_by(|a, b| fits[*a].1.total_cmp(&fits[*b].1)).unwrap_or(0);
    for (head, seed) in heads.iter().zip(&seeds) {
        head.write(&seed_folder(&args.out, *seed))?;
    }
    heads[best].write(&args.out)?;
    let weights = |head: &str| file_sha256(&args.run.join(format!("best-{head}.safetensors")));
    let run = DescriberRun {
        command: command_line(),
        git_sha: git_sha().into(),
        device: name,
        run: args.run.clone(),
        run_sha256: [weights("student")?, weights("teacher")?],
        data_folder: ground.dataset.root.clone(),
        data_sha256: ground.data_sha256.clone(),
        answers: args.answers.clone(),
        answers_sha256: ground.answers_sha256.clone(),
        shipped: seeds[best],
        seeds,
        epochs: fits.iter().map(|f| f.0).collect(),
        validation_losses: fits.iter().map(|f| f.1).collect(),
        config: args.config,
        validation: scores,
    };
    // Last: a folder with run.json is whole.
    write_atomic(&args.out.join("run.json"), (serde_json::to_string_pretty(&run)? + "\n").as_bytes())?;
    println!(
        "validation loss {:.4} at epochs {:?}; seed {} ships. Measure: fovea describer eval --describer {} --out \
         results/describer.json",
        run.validation_losses.iter().sum::<f64>() / run.seeds.len() as f64,
        run.epochs,
        run.shipped,
        args.out.display()
    );
    Ok(())
}

/// The head as it ships (f16), with temperature and threshold of every field from validation. Nothing is shown yet.
fn calibrated(
    fitted: &Fitted,
    seed: u64,
    ground: &Ground,
    args: &TrainArgs,
    validation: &[Sample],
    device: &Device,
) -> Result<Head> {
    let schema = &ground.schema;
    let field = |f: &FieldSchema| FieldCard {
        field: f.field,
        classes: f.classes.iter().map(ToString::to_string).collect(),
        temperature: 1.0,
        threshold: 0.0,
        shown: false,
        majority: f.majority().into(),
        test: None,
    };
    let card = DescriberCard {
        format: DESCRIBER_FORMAT,
        modality: schema.modality,
        source: Source::Distilled(schema.model.clone()),
        caveat: schema.caveat.clone(),
        inputs: DESCRIBER_INPUTS,
        hidden: args.config.hidden,
        fields: schema.fields.iter().map(field).collect(),
        training: serde_json::json!({
            "data": ground.dataset.name, "split": ground.from.split, "data_sha256": ground.data_sha256,
            "answers": format!("vlm:{}", schema.model), "answers_sha256": ground.answers_sha256,
            "images": [ground.answered(&ground.lists.train), ground.answered(&ground.lists.validation)],
            "selection": "validation", "rule": RULE, "seed": seed, "epoch": fitted.epoch,
            "git_sha": git_sha(), "config": args.config,
        }),
    };
    let mut head = Head::new(weights::save(&fitted.net, Precision::Half)?, card, device)?;
    let logits = head.logits(validation, device)?;
    for index in 0..schema.fields.len() {
        let range = head.range(index);
        let (rows, labels): (Vec<&[f32]>, Vec<usize>) = logits
            .iter()
            .zip(validation)
            .filter_map(|(row, s)| Some((&row[range.clone()], s.labels[index].filter(|l| *l < range.len())?)))
            .unzip();
        head.card.fields[index].temperature = fit_temperature(&rows, &labels);
        let judged = head.judge(index, &logits, validation, None);
        head.card.fields[index].threshold = threshold(&judged.calibrated_pairs());
    }
    Ok(head)
}
