//! `fovea eval`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use burn::tensor::Device;
use clap::Args;
use fovea_shared::{
    description::Description,
    metrics::{Segmentation, segmentation},
    model::{StudentHead, TeacherHead},
    plane::{Mask, Plane},
    predictor::mask_at,
    pseudo_mask::{PseudoMasks, pseudo_masks},
};

use crate::{
    args::Common,
    command::{
        explain::{Question, explain_all},
        refer::referring,
    },
    config::TrainConfig,
    data::{Case, Dataset, GazeOrigin, hash::data_hash, parallel, splits::split},
    describe::store::Record,
    features::{FLIPS, FeatureCache, Features, compute_all},
    report::{
        contact_sheet::{ContactSheet, Prediction, PseudoMaskPanel, SheetRow},
        explanation::{self, About, Summary},
        results::{DataRef, ImageScore, Row, Scores, Study, mean_and_sd, write_image_scores},
    },
    run::{
        Asked, MaskCache, Progress, Provenance, RunFolder, TextSource, all_pseudo_masks, descriptions, git_sha,
        load_best, load_teacher, predict_student, predict_teacher, read_descriptions,
    },
};

/// Measure trained runs on a split's test images.
///
/// Runs of one configuration with different seeds make one row. For every run the weights chosen on validation are
/// measured on every test image at its native size: Dice, IoU, HD95 and ASD (pixels) of the student (image only), of the
/// teacher without gaze and of the teacher with the image's gaze, each reading the image's description where the run was
/// trained with text (neither is comparable with methods that see images only: measured text comes from the image's gaze).
/// Writes OUT (JSON), a Markdown table, per-image CSV and a contact sheet beside it. Rows already in OUT are kept.
#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    /// Run folder of `fovea train`. Repeat it for more seeds.
    #[arg(long, value_name = "DIR", required = true)]
    run: Vec<PathBuf>,
    /// Data set folder [default: the one the run trained on].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Split whose test list is measured [default: the run's].
    #[arg(long)]
    split: Option<String>,
    /// Result file; its name without extension is the study's name.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Row name.
    #[arg(long, default_value = "best")]
    row: String,
    /// Measure on the split's validation images, on which weights were chosen: for choosing between configurations without
    /// looking at the test images.
    #[arg(long)]
    validation: bool,
    /// A remark for the row.
    #[arg(long, default_value = "")]
    note: String,
    /// Average the predictions over four mirror images instead of one pass.
    #[arg(long)]
    flip_average: bool,
    /// Also measure where the teacher reads its phrases (pointing game, energy, CNR, gaze agreement) and what its text changes
    /// (Dice under empty, another image's and mirrored text). Writes STUDY-explain.json, two CSV files and a figure.
    #[arg(long)]
    explain: bool,
    /// Cases on the contact sheet, spread over the Dice of the first run's student.
    #[arg(long, default_value_t = 8)]
    sheet: usize,
    #[command(flatten)]
    common: Common,
}

/// What was predicted for one image: logits of student, teacher, teacher with gaze.
struct Predicted {
    student: Option<Plane>,
    teacher: Plane,
    teacher_with_gaze: Option<Plane>,
}

/// The scores of one image.
struct Scored {
    student: Option<Segmentation>,
    teacher: Segmentation,
    teacher_with_gaze: Option<Segmentation>,
}

pub(crate) fn run(args: EvalArgs) -> Result<()> {
    let runs = args.run.iter().map(|path| RunFolder::open(path)).collect::<Result<Vec<_>>>()?;
    let (_, config, from) = &runs[0];
    same_but_for_seeds(&runs)?;
    let device = args.common.device.open()?;
    let dataset = Dataset::open(args.data.as_deref().unwrap_or(&from.data_folder))?;
    let split_name = args.split.clone().unwrap_or_else(|| from.split.clone());
    let lists = split(&dataset, &split_name, config.validation_fraction, config.seed)?;
    let (measured, list) = if args.validation { (&lists.validation, "validation") } else { (&lists.test, "test") };
    ensure!(!measured.is_empty(), "the split `{split_name}` has no {list} images");
    let cases = dataset.select(measured)?;
    let sha256 = data_hash(&dataset, &lists)?.sha256;
    if args.data.is_none() && args.split.is_none() && from.extra_folders.is_empty() && sha256 != from.data_sha256 {
        bail!(
            "the data in {} has changed since the run was trained; name the data with --data",
            dataset.root.display()
        );
    }
    let cache = FeatureCache::open(args.common.cache.as_deref())?;
    let progress = Progress::new(args.common.quiet);
    let flips = if args.flip_average { FLIPS.len() } else { 1 };
    let features = compute_all(&cases, flips, &cache, &device.device, &progress)?;
    let truths = cases.iter().map(|case| truth(case)).collect::<Result<Vec<_>>>()?;
    let texts = Texts::of(&cases, config, from, &cache, &progress)?;

    let (mut student, mut teacher, mut with_gaze) = (Scores::default(), Scores::default(), Scores::default());
    let mut images = Vec::new();
    let mut first = None;
    let mut explained = (Vec::new(), Vec::new());
    let mut refers = Vec::new();
    for (folder, config, _) in &runs {
        let teacher_head = load_teacher(&folder.path, &device.device)?;
        let student_head = match config.student_epochs {
            0 => None,
            _ => Some(load_best(&folder.path, &device.device)?.student),
        };
        let text = texts.for_run(config)?;
        let heads = (&teacher_head, student_head.as_ref());
        let asked = (config.gaze_prompt, text.as_slice());
        let predicted = predict_all(heads, &cases, &features, flips, asked, &device.device, &progress)?;
        let pairs: Vec<(&Predicted, &Mask)> = predicted.iter().zip(&truths).collect();
        let scored = parallel::map(&pairs, |(p, truth)| score(p, truth), || ());
        let by_student: Vec<_> = scored.iter().filter_map(|s| s.student).collect();
        if !by_student.is_empty() {
            student.push(&by_student)?;
        }
        teacher.push(&scored.iter().map(|s| s.teacher).collect::<Vec<_>>())?;
        let gazed: Vec<_> = scored.iter().filter_map(|s| s.teacher_with_gaze).collect();
        if !gazed.is_empty() {
            with_gaze.push(&gazed)?;
        }
        images.extend(image_scores(&args.row, config.seed, &cases, &scored));
        if args.explain && config.text != TextSource::None {
            let question = Question {
                name: (&args.row, config.seed),
                head: &teacher_head,
                cases: &cases,
                truths: &truths,
                texts: &text,
                features: &features,
                prompt: config.gaze_prompt,
                device: &device.device,
            };
            let (phrases, faithfulness) = explain_all(&question, &progress)?;
            refers.extend(referring(&question)?);
            explained.0.extend(phrases);
            explained.1.extend(faithfulness);
        }
        first.get_or_insert((predicted, scored));
    }
    let mut row = Row {
        name: args.row.clone(),
        config: serde_json::to_value(TrainConfig { seed: 0, ..config.clone() })?,
        seeds: runs.iter().map(|(_, config, _)| config.seed).collect(),
        student: (!student.dice.is_empty()).then_some(student),
        teacher: Some(teacher),
        teacher_with_gaze: (!with_gaze.dice.is_empty()).then_some(with_gaze),
        explanation: None,
        referring: refers,
        note: note(&args.note, &runs),
    };
    print_row(&row);
    let mut study = Study {
        study: stem(&args.out)?,
        command: std::env::args().collect::<Vec<_>>().join(" "),
        git_sha: git_sha(),
        device: device.name,
        data: DataRef {
            name: dataset.name.clone(),
            split: if args.validation { format!("{split_name} ({list})") } else { split_name },
            sha256,
            images: cases.len(),
            gaze: Dataset::gaze_origin(cases.iter().copied()),
        },
        selection: "validation".into(),
        rows: Vec::new(),
    };
    if fs::exists(&args.out)? {
        study.keep_rows_of(Study::read(&args.out)?)?;
    }
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
    written.extend(study.write(&args.out)?);
    let scores_file = args.out.with_file_name(format!("{}-{}-images.csv", study.study, args.row));
    write_image_scores(&scores_file, &images)?;
    written.push(scores_file);
    if let Some((predicted, scored)) = first.filter(|_| args.sheet > 0) {
        let sheet = contact_sheet(args.sheet, &study, config, &cases, &truths, &predicted, &scored)?;
        let path = args.out.with_file_name(format!("{}-{}-sheet.png", study.study, args.row));
        sheet.draw().save(&path).with_context(|| format!("{} cannot be written", path.display()))?;
        written.push(path);
    }
    written.iter().for_each(|path| println!("wrote {}", path.display()));
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

/// Rows are means over seeds, so everything else must be equal.
fn same_but_for_seeds(runs: &[(RunFolder, TrainConfig, Provenance)]) -> Result<()> {
    let bare = |config: &TrainConfig| TrainConfig { seed: 0, ..config.clone() };
    let (first, rest) = runs.split_first().context("name a run with --run")?;
    for run in rest {
        ensure!(
            bare(&run.1) == bare(&first.1) && run.2.data_sha256 == first.2.data_sha256,
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

/// The test images' descriptions, as each run wants them.
struct Texts<'a> {
    cases: &'a [&'a Case],
    masks: Vec<PseudoMasks>,
    imported: Option<BTreeMap<String, Record>>,
}

impl<'a> Texts<'a> {
    /// Reads what the runs' configuration needs: gaze for measured text (of the test images, so a teacher that reads it is not
    /// comparable with methods that see images only), a file for imported text.
    fn of(
        cases: &'a [&'a Case],
        config: &TrainConfig,
        from: &Provenance,
        cache: &FeatureCache,
        progress: &Progress,
    ) -> Result<Self> {
        let imported = read_descriptions(from.descriptions.as_ref().map(|file| file.path.as_path()))?;
        let measured = match config.text {
            TextSource::Measured => true,
            TextSource::Shuffled => imported.is_none(),
            TextSource::None | TextSource::Import => false,
        };
        let masks = if measured {
            let gaze = cases
                .iter()
                .map(|case| {
                    let cause = || format!("measured text needs the gaze of {}, which has none", case.image.display());
                    case.gaze.clone().with_context(cause)
                })
                .collect::<Result<Vec<_>>>()?;
            all_pseudo_masks(cases, &gaze, &MaskCache::open(cache, &config.pseudo_masks)?, progress)?
        } else {
            Vec::new()
        };
        Ok(Self { cases, masks, imported })
    }

    fn for_run(&self, config: &TrainConfig) -> Result<Vec<Option<Description>>> {
        descriptions(self.cases, &self.masks, config.text, config.seed, self.imported.as_ref())
    }
}

fn truth(case: &Case) -> Result<Mask> {
    let size = case.load_image()?.dimensions();
    case.load_mask(size.0 as usize, size.1 as usize)
}

fn predict_all(
    (teacher, student): (&TeacherHead, Option<&StudentHead>),
    cases: &[&Case],
    features: &Features,
    flips: usize,
    (prompt, texts): (bool, &[Option<Description>]),
    device: &Device,
    progress: &Progress,
) -> Result<Vec<Predicted>> {
    let mut bar = progress.bar("predict", cases.len() as u64);
    let mut predicted = Vec::with_capacity(cases.len());
    for (index, case) in cases.iter().enumerate() {
        let gaze = case.gaze.as_ref().filter(|_| prompt);
        let text = texts[index].as_ref();
        let ask = |gaze| predict_teacher(teacher, features, index, Asked { gaze, text }, flips, device);
        predicted.push(Predicted {
            student: student.map(|head| predict_student(head, features, index, flips, device)).transpose()?,
            teacher: ask(None)?,
            teacher_with_gaze: gaze.map(|gaze| ask(Some(gaze))).transpose()?,
        });
        bar.inc(1);
    }
    bar.finish();
    Ok(predicted)
}

fn score(predicted: &Predicted, truth: &Mask) -> Scored {
    let score = |logits: &Plane| segmentation(&mask_at(logits, truth.width, truth.height), truth);
    Scored {
        student: predicted.student.as_ref().map(score),
        teacher: score(&predicted.teacher),
        teacher_with_gaze: predicted.teacher_with_gaze.as_ref().map(score),
    }
}

fn image_scores(row: &str, seed: u64, cases: &[&Case], scored: &[Scored]) -> Vec<ImageScore> {
    let one = |case: &Case, model, score| ImageScore { row: row.into(), seed, model, id: case.id.clone(), score };
    cases
        .iter()
        .zip(scored)
        .flat_map(|(case, s)| {
            let gazed = s.teacher_with_gaze.map(|score| one(case, "teacher_with_gaze", score));
            [s.student.map(|score| one(case, "student", score)), Some(one(case, "teacher", s.teacher)), gazed]
        })
        .flatten()
        .collect()
}

/// Cases from the worst to the best of the student, evenly spread, so that failures show.
fn contact_sheet(
    count: usize,
    study: &Study,
    config: &TrainConfig,
    cases: &[&Case],
    truths: &[Mask],
    predicted: &[Predicted],
    scored: &[Scored],
) -> Result<ContactSheet> {
    let mut order: Vec<usize> = (0..cases.len()).collect();
    // By the student, or by the teacher where no student was trained.
    let dice = |index: usize| scored[index].student.map_or(scored[index].teacher.dice, |s| s.dice);
    order.sort_by(|a, b| dice(*a).total_cmp(&dice(*b)));
    let count = count.min(order.len());
    let picks = (0..count).map(|i| order[i * (order.len() - 1) / (count - 1).max(1)]);
    let rows = picks
        .map(|index| {
            let (case, truth) = (cases[index], &truths[index]);
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
                predictions: vec![
                    Some(prediction(&p.teacher, &s.teacher)),
                    p.teacher_with_gaze.as_ref().zip(s.teacher_with_gaze.as_ref()).map(|(p, s)| prediction(p, s)),
                    p.student.as_ref().zip(s.student.as_ref()).map(|(p, s)| prediction(p, s)),
                ],
                image,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let origin = match study.data.gaze {
        Some(GazeOrigin::Simulated) => "simulated",
        _ => "recorded",
    };
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

fn print_row(row: &Row) {
    let show = |name: &str, scores: &Option<Scores>| {
        if let Some(scores) = scores
            && let (Some(mean), sd) = mean_and_sd(&scores.dice)
        {
            let sd = sd.map(|sd| format!(" +- {sd:.4}")).unwrap_or_default();
            println!("{name:22} Dice {mean:.4}{sd} over {} seeds {:?}", scores.dice.len(), scores.dice);
        }
    };
    show("student", &row.student);
    show("teacher without gaze", &row.teacher);
    show("teacher with gaze", &row.teacher_with_gaze);
    for r in &row.referring {
        println!(
            "two lesions, one described: {:.3} of the mask in its part; {:.3} without text ({} pictures)",
            r.told, r.untold, r.mosaics
        );
    }
}

fn stem(path: &Path) -> Result<String> {
    Ok(path.file_stem().with_context(|| format!("{} has no file name", path.display()))?.to_string_lossy().into_owned())
}
