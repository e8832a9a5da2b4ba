//! `fovea describer`: train and measure the distilled describer.

mod eval;
mod train;

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use clap::{Args, Subcommand};

use crate::{
    config::TrainConfig,
    data::{
        Case, Dataset,
        hash::{data_hash, file_sha256},
        image_store::ImageStore,
        splits::{Split, split},
        text,
    },
    describe::{
        llava::llava_records,
        store::{self, Record},
    },
    describer::{
        heads::Head,
        report::field_scores,
        samples::Sample,
        schema::Schema,
        score::{FieldScores, Judged},
    },
    run::{Provenance, RunFolder},
};

/// Distil a vision-language model's answers into a small head that gives any image words of its own.
///
/// The head reads backbone features, averaged over a predicted mask, the gaze, a ring round the
/// mask and the whole image, and the geometry of mask and gaze. It says what the model would
/// probably have said, not what is true.
#[derive(Debug, Args)]
pub(crate) struct DescriberArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Train(train::TrainArgs),
    Eval(eval::EvalArgs),
}

/// Runs `fovea describer`.
///
/// # Errors
/// Answers, runs or data that cannot be used, and whatever the file system refuses.
pub(crate) fn run(args: DescriberArgs) -> Result<()> {
    match args.action {
        Action::Train(args) => train::run(args),
        Action::Eval(args) => eval::run(&args),
    }
}

/// What both commands start from.
struct Ground {
    dataset: Dataset,
    lists: Split,
    data_sha256: String,
    records: BTreeMap<String, Record>,
    answers_sha256: String,
    schema: Schema,
    from: Provenance,
}

impl Ground {
    fn open(run: &Path, data: Option<&Path>, answers: &Path) -> Result<Self> {
        let (_, config, from): (_, TrainConfig, _) = RunFolder::open(run)?;
        let dataset = Dataset::open(data.unwrap_or(&from.data_folder))?;
        let lists = split(&dataset, &from.split, config.validation_fraction, config.seed)?;
        let data_sha256 = data_hash(&dataset, &lists, &ImageStore::default())?;
        if from.extra_folders.is_empty() && data_sha256 != from.data_sha256 {
            bail!("the data in {} are not those the run was trained on", dataset.root.display());
        }
        let records = read_answers(answers)?;
        let schema = Schema::of(&records, &lists.train).with_context(|| answers.display().to_string())?;
        Ok(Self { data_sha256, answers_sha256: file_sha256(answers)?, dataset, lists, records, schema, from })
    }

    fn answered(&self, ids: &[String]) -> usize {
        ids.iter().filter(|id| self.records.contains_key(*id)).count()
    }

    fn cases(&self, ids: &[String]) -> Result<Vec<&Case>> {
        Ok(self.dataset.select(ids)?)
    }
}

fn read_answers(path: &Path) -> Result<BTreeMap<String, Record>> {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
        let text = text::read(path).with_context(|| format!("the answers {}", path.display()))?;
        let records = llava_records(&text).with_context(|| path.display().to_string())?;
        return Ok(records.into_iter().map(|r| (r.id.clone(), r)).collect());
    }
    Ok(store::read(path)?)
}

/// The scores of every field over the heads, on the samples with gaze, without, or both.
fn measure(
    heads: &[Head],
    schema: &Schema,
    samples: &[Sample],
    gazed: Option<bool>,
    device: &Device,
) -> Result<Vec<FieldScores>> {
    let logits = heads.iter().map(|h| h.logits(samples, device)).collect::<Result<Vec<_>>>()?;
    let field = |index: usize| {
        let judged: Vec<Judged> = heads.iter().zip(&logits).map(|(h, l)| h.judge(index, l, samples, gazed)).collect();
        let thresholds: Vec<f32> = heads.iter().map(|h| h.card.fields[index].threshold).collect();
        let own = &schema.fields[index];
        let majority = own.classes.iter().position(|c| *c == own.majority()).unwrap_or(own.classes.len());
        field_scores(&judged, &thresholds, majority)
    };
    Ok((0..schema.fields.len()).map(field).collect())
}

fn print(schema: &Schema, scores: &[FieldScores]) {
    for (field, s) in schema.fields.iter().zip(scores) {
        println!(
            "{:10} accuracy {:.3} (most frequent {:.3}, difference {:+.3} [{:+.3}, {:+.3}])  macro-F1 {:.3} ({:.3})  \
             ECE {:.3} -> {:.3}  said {:.2}",
            field.field.name(),
            s.mean(|v| v.accuracy),
            s.majority_accuracy,
            s.difference.mean,
            s.difference.low,
            s.difference.high,
            s.mean(|v| v.macro_f1),
            s.majority_macro_f1,
            s.mean(|v| v.ece_before),
            s.mean(|v| v.ece_after),
            s.mean(|v| v.coverage),
        );
    }
}
