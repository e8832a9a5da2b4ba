//! `fovea bench`.

mod training;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use burn::tensor::{Device, Tensor, TensorData};
use clap::Args;
use fovea_shared::{
    description::{Modality, Phrase},
    distill::{
        Batch, DistillConfig, Distiller, Learner, StepContext, Strategies, StudentSupervision, Supervision,
        TeacherInput, TeacherSupervision, WeightedTarget, stack,
    },
    image::{INPUT_SIDE, RgbImage, to_input},
    model::{
        Backbone, CHANNELS, GazePrompt, PhraseTokens, PromptMaps, Pyramid, SIDES, STUDENT_SIDE, StudentHead,
        TEACHER_SIDE, TeacherHead,
    },
    plane::Plane,
    predictor::{NamedStudent, Predictor},
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};

use crate::{
    command::common::Common,
    features::Encoder,
    report::bench::{BenchRow, compare, merge},
    run::table,
};

/// Measure this machine: features, training steps, clicks.
///
/// Everything runs on phantoms, so no data is needed. Each number is the median of several tries after a warm-up. Rows
/// of other programs in the same file (the page's, from `cargo xtask bench`) are kept.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// File to write or to update.
    #[arg(long, value_name = "FILE", default_value = "results/bench.json")]
    out: PathBuf,
    /// Images of a training epoch, for the seconds an epoch takes (810: Kvasir-SEG's gaze split less validation).
    #[arg(long, default_value_t = 810)]
    images: usize,
    /// Tries a number.
    #[arg(long, default_value_t = 9)]
    tries: usize,
    /// Measure one thing alone: the time and the memory of a training of so many (tiny) images, one
    /// epoch a stage. Takes about 0.1 s an image on two cores.
    #[arg(long, value_name = "IMAGES", conflicts_with_all = ["import", "peers"])]
    training: Option<usize>,
    /// Measure nothing: take over the rows (a JSON list) that another program measured.
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// Measure nothing: put what another program measured of the same things (a JSON list of name,
    /// peer, peer_value) beside the rows of those names.
    #[arg(long, value_name = "FILE", conflicts_with = "import")]
    peers: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

const BATCH: usize = 16;

pub(crate) fn run(args: BenchArgs) -> Result<()> {
    let opened = args.common.device.open()?;
    if let Some(path) = &args.import {
        let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let rows = serde_json::from_str(&text).with_context(|| format!("{} is not a list of rows", path.display()))?;
        return Ok(merge(&args.out, &opened.name, rows)?);
    }
    if let Some(path) = &args.peers {
        let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let peers =
            serde_json::from_str(&text).with_context(|| format!("{} is not a list of peers", path.display()))?;
        return Ok(compare(&args.out, peers)?);
    }
    let device = &opened.device;
    if let Some(images) = args.training {
        let seconds = training::seconds(images, &args.common.device, device, !args.common.quiet)?;
        let mut rows =
            vec![measured(format!("training.{images}_images"), "s, one epoch a stage, features cached", seconds)];
        rows.extend(peak_memory().map(|peak| measured(format!("training.{images}_images.memory"), "MB", peak / 1e6)));
        rows.iter().for_each(|row| println!("{:32} {:10.2} {}", row.name, row.value, row.unit));
        return Ok(merge(&args.out, &opened.name, rows)?);
    }
    let kind = if opened.name.starts_with("cpu") { "cpu" } else { "wgpu" };
    let drawn = fovea_phantom::polyp(1, 622, 529);
    let mut rows = Vec::new();
    let mut row = |name: String, unit: &str, value: f64| {
        println!("{name:28} {value:10.2} {unit}");
        rows.push(measured(name, unit, value));
    };

    let encoder = Encoder::built_in();
    let backbone = encoder.load(device)?;
    let embed = median(args.tries, || {
        let input = TensorData::new(to_input(&drawn.image), [1, 3, INPUT_SIDE, INPUT_SIDE]);
        for level in backbone.forward(Tensor::from_data(input, device)).levels {
            drop(level.into_data());
        }
    });
    row(format!("features.{kind}"), "images/s", 1.0 / embed.as_secs_f64());

    let masks = median(args.tries, || {
        pseudo_masks(&drawn.image, &drawn.gaze, &PseudoMaskParams::default());
    });
    row("pseudo_masks".into(), "ms", millis(masks));

    let student = |(seed, strategies): (u64, Strategies)| NamedStudent {
        name: strategies.row_name(),
        head: StudentHead::new(seed, device),
        adapters: None,
    };
    let students = (1..).zip(Strategies::every()).map(student).collect();
    let predictor = Predictor::from_parts(backbone, TeacherHead::new(1, device), students, device);
    let text = full_text();
    let embedding = pollster::block_on(predictor.embed(&drawn.image))?;
    let click = median(args.tries, || {
        let heat = PromptMaps::of(&drawn.gaze);
        drop(pollster::block_on(predictor.teacher(&embedding, Some(&heat), &text)));
    });
    row(format!("click.teacher.native.{kind}"), "ms", millis(click));
    // What all choices of strategies cost together, once the image is read.
    let eight = median(args.tries, || drop(pollster::block_on(predictor.every_student(&embedding))));
    row(format!("strategies.8.{kind}"), "ms", millis(eight));

    let heat = PromptMaps::of(&drawn.gaze);
    // A student alone, and one that adapts the backbone's upper stages as it learns.
    let adapting = encoder.load(&device.clone().autodiff())?;
    for (name, learner, adapting) in [
        ("teacher", Learner::Teacher, None),
        ("student", Learner::Student, None),
        ("adapt", Learner::Student, Some(adapting)),
    ] {
        let step = step_time((learner, adapting), &drawn.image, &heat, device, args.tries);
        row(format!("train_step.lite.{kind}.{name}"), "ms", millis(step));
        let steps = args.images.div_ceil(BATCH) as f64;
        row(format!("epoch.lite.{kind}.{name}"), "s", step.as_secs_f64() * steps);
    }
    let step = step_time((Learner::Both, None), &drawn.image, &heat, device, args.tries);
    row(format!("train_step.lite.{kind}"), "ms", millis(step));
    if let Some(peak) = peak_memory() {
        row(format!("memory.bench.{kind}"), "MB", peak / 1e6);
    }
    Ok(merge(&args.out, &opened.name, rows)?)
}

/// A row without a peer.
fn measured(name: String, unit: &str, value: f64) -> BenchRow {
    BenchRow { name, unit: unit.into(), value, peer: None, peer_value: None, ratio: None }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The median time of a call, after one call to warm up.
fn median(tries: usize, mut call: impl FnMut()) -> Duration {
    call();
    let mut times: Vec<Duration> = (0..tries.max(1))
        .map(|_| {
            let start = Instant::now();
            call();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

/// The time of one optimiser step with a batch of 16, with the backbone learning along where one is
/// given: forward, backward, update and moving average, losses read.
fn step_time(
    (learner, adapting): (Learner, Option<Backbone>),
    image: &RgbImage,
    heat: &PromptMaps,
    device: &Device,
    tries: usize,
) -> Duration {
    let value = |i: usize| f32::from(image.as_raw()[i % image.as_raw().len()]) / 128.0 - 1.0;
    let levels = std::array::from_fn(|l| {
        let shape = [BATCH, CHANNELS[l], SIDES[l], SIDES[l]];
        let values: Vec<f32> = (0..shape.iter().product()).map(value).collect();
        Tensor::from_data(TensorData::new(values, shape), device)
    });
    let target = |side: usize| {
        let plane = Plane::filled(side, side, 0.5);
        let planes = vec![&plane; BATCH];
        WeightedTarget { value: stack(&planes, device), weight: stack(&planes, device) }
    };
    let taught = TeacherSupervision {
        input: TeacherInput {
            prompt: GazePrompt::new(&[Some(heat); BATCH], device),
            text: Some(PhraseTokens::new(&vec![full_text(); BATCH], device)),
        },
        target: target(TEACHER_SIDE),
    };
    let told = StudentSupervision::plain(target(STUDENT_SIDE));
    let supervision = match learner {
        Learner::Teacher => Supervision::Teacher(taught.into()),
        Learner::Student => Supervision::Student(told.into()),
        Learner::Both => Supervision::Both(taught.into(), told.into()),
    };
    let batch = Batch { features: Pyramid { levels }, dropout: None, supervision };
    let mut distiller = Distiller::new(DistillConfig::default(), 1, device);
    if let Some(backbone) = adapting {
        distiller.adapt(backbone);
    }
    median(tries, || {
        if let Ok(report) = pollster::block_on(distiller.step(&batch, StepContext::late(1e-4, 1))) {
            [report.losses.teacher, report.losses.student]
                .into_iter()
                .flatten()
                .for_each(|loss| drop(loss.into_data()));
        }
    })
}

/// As many phrases as a polyp's description can have.
fn full_text() -> Vec<Vec<f32>> {
    let modality = Modality::Polyp;
    modality.fields().iter().filter_map(|f| Phrase::of(modality, *f).next()).map(|p| table().token(&p)).collect()
}

/// The most memory this process held, in bytes; Linux only.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib * 1024.0)
}
