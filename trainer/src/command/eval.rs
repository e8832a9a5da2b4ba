//! `fovea eval`.

mod bundle;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use fovea_shared::{metrics::Segmentation, plane::Plane, predictor::mask_at, pseudo_mask::pseudo_masks};

use crate::{
    command::common::Common,
    command::{
        explain::{Question, explain_all},
        interact,
    },
    config::{TextSource, TrainConfig},
    data::GazeOrigin,
    evaluate::{Choice, Measured, RowScores, TestImages, Texts},
    features::FeatureCache,
    lock,
    per_model::ModelKind,
    report::{
        contact_sheet::{ContactSheet, Prediction, PseudoMaskPanel, SheetRow},
        explanation::{self, About, Summary},
        image_scores::{ImageScore, write_image_scores},
        kind::StudyKind,
        results::{Row, Scores, Study, mean_and_sd},
    },
    run::{Progress, Provenance, RunFolder, write_png},
    version::{command_line, git_sha},
};

/// Measure trained runs, or the networks of a bundle, on a split's test images.
///
/// Runs of one configuration with different seeds make one row. For every run the weights chosen on
/// validation are measured on every test image at its native size: Dice, IoU, HD95 and ASD (pixels)
/// of the student (image only), of the teacher without gaze and of the teacher with the image's
/// gaze, each reading the image's description where the run was trained with text (neither is
/// comparable with methods that see images only: measured text comes from the image's gaze). A run
/// of the preset `paper` has a student and a teacher without gaze. Writes OUT (JSON), a Markdown
/// table, per-image CSV and a contact sheet beside it. Rows already in OUT are kept.
///
/// With --bundle the networks are those of a bundle that `fovea export` wrote, read from its files:
/// heads in int8 and a backbone in f16, where a run holds f32. So the figures may differ in the
/// third decimal from those of the run. The images are the data set's own, not the JPEG copies of
/// the bundle's gallery. Every student is a row; beside each figure stands the one that the
/// manifest quotes.
#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    /// Run folder of `fovea train`. Repeat it for more seeds.
    #[arg(long, value_name = "DIR", required_unless_present = "bundle")]
    run: Vec<PathBuf>,
    /// Folder of a bundle, such as www/bundle/polyp: its teacher and all its students are measured, instead of runs.
    #[arg(long, value_name = "DIR", requires = "data", conflicts_with_all = ["run", "row", "explain", "interact"])]
    bundle: Option<PathBuf>,
    /// Data set folder [default: the one the run trained on].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Split whose test list is measured [default: the one that the run, or the bundle, trained on].
    #[arg(long)]
    split: Option<String>,
    /// Result file; its name without extension is the study's name.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Row name.
    #[arg(long, default_value = "best")]
    row: String,
    /// Measure on the split's validation images, on which weights were chosen: for choosing between
    /// configurations without looking at the test images.
    #[arg(long)]
    validation: bool,
    /// A remark for the row.
    #[arg(long, default_value = "")]
    note: String,
    /// Average the predictions over four mirror images instead of one pass.
    #[arg(long)]
    flip_average: bool,
    /// Also measure where the teacher reads its phrases (pointing game, energy, CNR, gaze
    /// agreement) and what its text changes (Dice under empty, another image's and mirrored text).
    /// Writes STUDY-explain.json, two CSV files and a figure.
    #[arg(long)]
    explain: bool,
    /// Measure instead whether the answer follows looks and words: Dice after 0, 1, 3 and 5 looks,
    /// looks until .85 and .90, pictures of two lesions, looks beside the lesion, location and size
    /// words. Looks are drawn from the true masks of the images. Writes OUT (JSON), a Markdown
    /// page, a CSV file with one line an image, a figure and a contact sheet of pictures with two
    /// lesions.
    #[arg(long, conflicts_with_all = ["explain", "flip_average", "row"])]
    interact: bool,
    /// With --interact: run folder whose student the teacher is compared with, one for each --run
    /// [default: the run's own].
    #[arg(long, value_name = "DIR", requires = "interact")]
    student: Vec<PathBuf>,
    /// Cases on the contact sheet, spread over the Dice of the first run's student.
    #[arg(long, default_value_t = 8)]
    sheet: usize,
    #[command(flatten)]
    common: Common,
}

pub(crate) fn run(args: EvalArgs) -> Result<()> {
    if let Some(folder) = &args.bundle {
        return bundle::run(&args, folder);
    }
    let runs = args.run.iter().map(|path| RunFolder::open(path)).collect::<Result<Vec<_>>>()?;
    let (_, config, from) = &runs[0];
    same_but_for_seeds(&runs)?;
    if args.explain {
        config.needs_lite("--explain reads the attention of")?;
    }
    let device = args.common.device.open()?;
    let choice = Choice {
        data: args.data.as_deref().unwrap_or(&from.data_folder),
        split: args.split.as_deref().unwrap_or(&from.split),
        validation: args.validation,
        flip_average: args.flip_average,
    };
    let cache = FeatureCache::open(args.common.cache.as_deref(), runs[0].0.encoder()?)?;
    let progress = Progress::new(args.common.quiet);
    let images = TestImages::open(choice, config, &cache, &device, &progress)?;
    let own = args.data.is_none() && args.split.is_none() && from.extra_folders.is_empty();
    if own && images.about.sha256 != from.data_sha256 {
        bail!("the data in {} has changed since the run was trained; name the data with --data", choice.data.display());
    }
    if args.interact {
        let asked = interact::InteractQuery {
            runs: &runs,
            students: &args.student,
            out: &args.out,
            study: stem(&args.out)?,
            backbone_sha256: shared_backbone(&runs),
            note: note(&args.note, &runs),
        };
        return interact::run(asked, &images, &cache, &device, &progress);
    }
    let texts = Texts::of(&images, config, from.descriptions.as_ref(), &cache, &progress)?;

    let mut scores = RowScores::default();
    let mut lines = Vec::new();
    let mut first = None;
    let mut explained = (Vec::new(), Vec::new());
    for (folder, config, _) in &runs {
        let measured = images.measure(&folder.path, config, &texts, &device, &progress)?;
        scores.push(&measured.scored)?;
        lines.extend(images.image_scores(&args.row, config.seed, &measured.scored));
        if let (true, Some(head), Some(features)) =
            (args.explain && config.text != TextSource::None, &measured.head, measured.features(&images))
        {
            let question = Question {
                name: (&args.row, config.seed),
                head,
                cases: &images.cases,
                truths: &images.truths,
                texts: &measured.texts,
                features,
                prompt: config.gaze_prompt(),
                device: &device.device,
            };
            let (phrases, faithfulness) = explain_all(&question, &progress)?;
            explained.0.extend(phrases);
            explained.1.extend(faithfulness);
        }
        first.get_or_insert(measured);
    }
    let seeds = runs.iter().map(|(_, config, _)| config.seed).collect();
    let mut row = Row {
        backbone_sha256: shared_backbone(&runs),
        ..scores.row(&args.row, config, seeds, &note(&args.note, &runs))?
    };
    print_row(&row);
    print_uniform(&images, row.scores.iter());
    // Rows that another evaluation adds at the same time are kept.
    let writing = lock::wait(&args.out.with_file_name(format!(".{}.lock", stem(&args.out)?)))?;
    let mut study = begin_study(&args.out, &images, device.name, "validation")?;
    let mut written = Vec::new();
    if !explained.1.is_empty() {
        let about = About {
            study: study.study.clone(),
            command: study.command.clone(),
            git_sha: study.git_sha.clone(),
            data: study.data.clone(),
            text_source: config.text.words().into(),
            note: args.note.clone(),
        };
        let out = args.out.with_file_name(format!("{}-explain.json", study.study));
        written.extend(explanation::write(&out, &explained.0, &explained.1, &about)?);
        let summary = Summary::read(&out)?;
        println!("{}", explanation::verdict(&summary));
        row.explanation = summary.rows.iter().find(|r| r.name == args.row).map(serde_json::to_value).transpose()?;
    }
    study.insert(row);
    let scores_file = format!("{}-{}-images.csv", study.study, args.row);
    written.extend(write_study(&study, &args.out, &scores_file, &lines)?);
    if let Some(measured) = first.filter(|_| args.sheet > 0) {
        let sheet = contact_sheet(args.sheet, &study, config, &images, &measured)?;
        let path = args.out.with_file_name(format!("{}-{}-sheet.png", study.study, args.row));
        write_png(&sheet.draw(), &path)?;
        written.push(path);
    }
    writing.remove();
    written.iter().for_each(|path| println!("wrote {}", path.display()));
    Ok(())
}

/// Rows are means over seeds, so everything else must be equal.
fn same_but_for_seeds(runs: &[(RunFolder, TrainConfig, Provenance)]) -> Result<()> {
    let bare = |config: &TrainConfig| TrainConfig { seed: 0, ..config.clone() };
    let (first, rest) = runs.split_first().context("name a run with --run")?;
    for run in rest {
        ensure!(
            bare(&run.1) == bare(&first.1)
                && run.2.data_sha256 == first.2.data_sha256
                && run.2.backbone_sha256 == first.2.backbone_sha256,
            "{} and {} differ in more than their seed: measure them as two rows",
            first.0.path.display(),
            run.0.path.display()
        );
    }
    let mut seeds: Vec<u64> = runs.iter().map(|run| run.1.seed).collect();
    seeds.sort_unstable();
    seeds.dedup();
    ensure!(seeds.len() == runs.len(), "two of the runs have the same seed: they are one run, not two");
    Ok(())
}

/// The remark that was asked for, and what must be said of the gaze that the runs were trained with.
fn note(asked: &str, runs: &[(RunFolder, TrainConfig, Provenance)]) -> String {
    let caveat = runs.iter().find_map(|(_, _, from)| from.gaze?.caveat());
    [Some(asked.to_owned()).filter(|text| !text.is_empty()), caveat]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
}

/// The backbone that all runs started from, where it is one and not the built-in one.
fn shared_backbone(runs: &[(RunFolder, TrainConfig, Provenance)]) -> Option<String> {
    let mut all = runs.iter().map(|(_, _, from)| from.backbone_sha256.as_ref());
    let first = all.next()?;
    first.filter(|first| all.all(|other| other == Some(first))).cloned()
}

/// Cases from the worst to the best of the student, evenly spread, so that failures show.
fn contact_sheet(
    count: usize,
    study: &Study,
    config: &TrainConfig,
    images: &TestImages,
    measured: &Measured,
) -> Result<ContactSheet> {
    let TestImages { cases, truths, .. } = images;
    let Measured { predicted, scored, .. } = measured;
    let mut order: Vec<usize> = (0..cases.len()).collect();
    // By the student, or by the teacher where no student was trained.
    let dice = |index: usize| scored[index].shown().map_or(0.0, |score| score.dice);
    order.sort_by(|a, b| dice(*a).total_cmp(&dice(*b)));
    let count = count.min(order.len());
    let picks = (0..count).map(|i| order[i * (order.len() - 1) / (count - 1).max(1)]);
    let rows = picks
        .map(|index| {
            let (case, truth) = (&cases[index], &truths[index]);
            let image = case.load_image()?;
            let masks = case.gaze.as_ref().map(|gaze| pseudo_masks(&image, gaze, &config.pseudo_masks));
            let prediction = |logits: &Plane, score: &Segmentation| Prediction {
                mask: mask_at(logits, truth.width, truth.height),
                dice: Some(score.dice),
            };
            let (p, s) = (&predicted[index], &scored[index]);
            Ok(SheetRow {
                label: case.id.clone(),
                truth: Some(truth.clone()),
                gaze: case.gaze.clone(),
                pseudo_masks: masks.map(|m| PseudoMaskPanel {
                    high_confidence: m.high_confidence,
                    broad: m.broad,
                    background: m.background,
                }),
                predictions: [ModelKind::Teacher, ModelKind::TeacherWithGaze, ModelKind::Student]
                    .map(|kind| p.get(kind).zip(s.get(kind)).map(|(p, s)| prediction(p, s)))
                    .into(),
                image,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let origin = study.data.gaze.unwrap_or(GazeOrigin::Recorded).name();
    Ok(ContactSheet {
        title: format!(
            "{}: {} test images of {}, worst to best student",
            study.study, study.data.images, study.data.name
        ),
        gaze_origin: origin.into(),
        heat: config.pseudo_masks.heat,
        models: vec!["teacher, no gaze".into(), "teacher + gaze".into(), "student".into()],
        rows,
    })
}

/// The study that goes to `out`, with the rows that are there.
///
/// # Errors
/// A file that is not a study, or one of other data.
fn begin_study(out: &Path, images: &TestImages, device: String, selection: &str) -> Result<Study> {
    let mut study = Study {
        kind: StudyKind::Only,
        study: stem(out)?,
        command: command_line(),
        git_sha: git_sha().into(),
        device,
        data: images.about.clone(),
        selection: selection.into(),
        rows: Vec::new(),
    };
    if fs::exists(out)? {
        study.keep_rows_of(Study::read(out)?)?;
    }
    Ok(study)
}

/// Writes the files of a study, and the scores of its images beside them.
fn write_study(study: &Study, out: &Path, scores_file: &str, lines: &[ImageScore]) -> Result<Vec<PathBuf>> {
    let mut written = study.write(out)?.to_vec();
    let scores_file = out.with_file_name(scores_file);
    write_image_scores(&scores_file, lines)?;
    written.push(scores_file);
    Ok(written)
}

fn print_row(row: &Row) {
    for (kind, scores) in row.scores.iter() {
        let name = match kind {
            ModelKind::Student => "student",
            ModelKind::Teacher => "teacher without gaze",
            ModelKind::TeacherWithGaze => "teacher with gaze",
        };
        print_scores(name, scores, "");
    }
}

/// Says which true masks are empty or full, and what was predicted where they are empty.
fn print_uniform<'a>(images: &TestImages, scores: impl Iterator<Item = (ModelKind, &'a Scores)>) {
    let Some(uniform) = &images.about.uniform_truths else { return };
    println!("{uniform}");
    for (kind, scores) in scores.filter(|(_, scores)| !scores.empty_as_truth.is_empty()) {
        let (name, found) = (kind.name(), &scores.empty_as_truth);
        println!("{name:22} predicts nothing on {found:?} of the {} empty ones", uniform.empty.len());
    }
}

fn print_scores(name: &str, scores: &Scores, beside: &str) {
    if let (Some(mean), sd) = mean_and_sd(&scores.dice) {
        let sd = sd.map(|sd| format!(" +- {sd:.4}")).unwrap_or_default();
        let each: Vec<String> = scores.dice.iter().map(|dice| format!("{dice:.4}")).collect();
        let seeds = if each.len() == 1 { "seed" } else { "seeds" };
        println!("{name:22} Dice {mean:.4}{sd} over {} {seeds} [{}]{beside}", each.len(), each.join(", "));
    }
}

fn stem(path: &Path) -> Result<String> {
    Ok(path.file_stem().with_context(|| format!("{} has no file name", path.display()))?.to_string_lossy().into_owned())
}
