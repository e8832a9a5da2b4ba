//! `fovea describer eval`.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;
use fovea_shared::model::describer::FieldScore;

use super::{Ground, measure, print};
use crate::{
    command::common::Common,
    describer::{
        heads::{DescriberRun, Head, seed_folder},
        masks::MaskMaker,
        report::{DescriberStudy, FieldStudy},
        samples::Workshop,
        schema::Schema,
        score::{FieldScores, RULE},
    },
    device::Opened,
    features::FeatureCache,
    report::{kind::DescriberKind, results::DataRef},
    run::{Progress, RunFolder},
    version::{command_line, git_sha},
};

/// Measure trained describers on the test images of their split.
///
/// For every field: accuracy, macro-F1, expected calibration error before and after temperature,
/// coverage at the threshold, and the difference to always giving the most frequent training
/// answer, with and without gaze. Writes OUT (JSON) and a Markdown table beside it, and puts the
/// test scores into the describers' cards.
#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// Folder of `fovea describer train`.
    #[arg(long, value_name = "DIR")]
    describer: PathBuf,
    /// Data set folder [default: the one it was trained on].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Result file; its name without extension is the study's name.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// Runs `fovea describer eval`.
pub(super) fn run(args: &EvalArgs) -> Result<()> {
    let run = DescriberRun::read(&args.describer)?;
    let ground = Ground::open(&run.run, Some(args.data.as_deref().unwrap_or(&run.data_folder)), &run.answers)?;
    ensure!(
        ground.data_sha256 == run.data_sha256 && ground.answers_sha256 == run.answers_sha256,
        "the data or the answers have changed since the describers were trained: train them again"
    );
    let Opened { device, name } = args.common.device.open()?;
    let masks = MaskMaker::open(&run.run, &device)?;
    let cache = FeatureCache::open(args.common.cache.as_deref(), RunFolder::open(&run.run)?.0.encoder()?)?;
    let progress = Progress::new(args.common.quiet);
    let mut heads =
        run.seeds.iter().map(|s| Head::read(&seed_folder(&args.describer, *s), &device)).collect::<Result<Vec<_>>>()?;
    for (card, field) in heads.iter().flat_map(|h| h.card.fields.iter().zip(&ground.schema.fields)) {
        ensure!(
            card.field == field.field && card.classes == field.classes,
            "the answers name other words than the card"
        );
    }
    let workshop = Workshop {
        records: &ground.records,
        schema: &ground.schema,
        masks: &masks,
        cache: &cache,
        device: &device,
        progress,
    };
    let test = workshop.upright(&ground.cases(&ground.lists.test)?)?;
    ensure!(!test.is_empty(), "no test image has an answer to compare with");
    let without = measure(&heads, &ground.schema, &test, Some(false), &device)?;
    let with = measure(&heads, &ground.schema, &test, Some(true), &device)?;
    let fields =
        (0..ground.schema.fields.len()).map(|i| field_study(i, &ground.schema, &heads, &run, [&without, &with]));
    let study = DescriberStudy {
        kind: DescriberKind::Only,
        study: args.out.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        command: command_line(),
        git_sha: git_sha().into(),
        device: name,
        data: DataRef {
            name: ground.dataset.name.clone(),
            split: ground.from.split.clone(),
            sha256: ground.data_sha256.clone(),
            images: ground.lists.test.len(),
            gaze: crate::data::Dataset::gaze_origin(ground.cases(&ground.lists.test)?),
            uniform_truths: None,
        },
        counts: [&ground.lists.train, &ground.lists.validation, &ground.lists.test].map(|ids| ground.answered(ids)),
        selection: "validation".into(),
        source: format!("vlm:{}", ground.schema.model),
        answers_sha256: run.answers_sha256.clone(),
        caveat: ground.schema.caveat.clone(),
        masks: format!(
            "predicted by the heads of a run (student {:.12}, teacher {:.12}) that did not see the test images",
            run.run_sha256[0], run.run_sha256[1]
        ),
        seeds: run.seeds.clone(),
        epochs: run.epochs.clone(),
        shipped: run.shipped,
        config: run.config.clone(),
        rule: RULE.into(),
        fields: fields.collect(),
    };
    println!("test images without gaze:");
    print(&ground.schema, &without);
    println!("test images with gaze:");
    print(&ground.schema, &with);
    let written = study.write(&args.out)?;
    for (seed_index, head) in heads.iter_mut().enumerate() {
        for (index, card) in head.card.fields.iter_mut().enumerate() {
            card.test = Some(card_score(&with[index], seed_index, &ground.dataset.name));
        }
        head.write(&seed_folder(&args.describer, run.seeds[seed_index]))?;
        if run.seeds[seed_index] == run.shipped {
            head.write(&args.describer)?;
        }
    }
    written.iter().for_each(|path| println!("wrote {}", path.display()));
    Ok(())
}

fn field_study(
    index: usize,
    schema: &Schema,
    heads: &[Head],
    run: &DescriberRun,
    [without, with]: [&[FieldScores]; 2],
) -> FieldStudy {
    let own = &schema.fields[index];
    FieldStudy {
        field: own.field.name().into(),
        classes: own.classes.iter().map(ToString::to_string).collect(),
        training_counts: own.counts.iter().map(|(w, n)| ((*w).to_string(), *n)).collect(),
        shown: heads.iter().all(|h| h.card.fields[index].shown),
        temperatures: heads.iter().map(|h| h.card.fields[index].temperature).collect(),
        thresholds: heads.iter().map(|h| h.card.fields[index].threshold).collect(),
        validation: run.validation[index].clone(),
        test_without_gaze: without[index].clone(),
        test_with_gaze: with[index].clone(),
    }
}

/// What a card says of its own seed.
fn card_score(scores: &FieldScores, seed: usize, data: &str) -> FieldScore {
    let own = &scores.seeds[seed];
    FieldScore {
        accuracy: own.accuracy,
        majority_accuracy: scores.majority_accuracy,
        macro_f1: own.macro_f1,
        ece: own.ece_after,
        coverage: own.coverage,
        accuracy_when_said: own.accuracy_when_said,
        on: format!("{} answered test images of {data}, with their gaze", scores.images),
    }
}
