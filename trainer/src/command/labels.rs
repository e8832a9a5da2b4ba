//! `fovea labels`.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use fovea_shared::{
    distill::{TeacherTarget, broad_target, full_target, high_confidence_target, relabelled_target, teacher_target},
    image::resize_plane,
    metrics::dice,
    model::{STUDENT_SIDE, TEACHER_SIDE},
    plane::{Mask, Plane},
    pseudo_mask::PseudoMasks,
};

use crate::{
    command::common::Common,
    config::TrainConfig,
    data::{Case, Dataset, image_store::ImageStore, splits::split},
    features::{FLIPS, FeatureCache, Views, compute_all},
    report::{
        kind::LabelsKind,
        labels::{LabelRow, Labels},
    },
    run::{
        MaskCache, Progress, Prompt, Provenance, RunFolder, descriptions, load_teacher, measure_all, measures,
        predict_teacher, read_descriptions, write_atomic,
    },
    version::{command_line, git_sha},
};

/// Hold what a student is told against the true masks of its training images.
///
/// Says how good each label is that a student can be given (the pseudo-masks, the finished
/// teacher's predictions), and, where a label differs from the broad pseudo-mask, how often it is
/// right: a strategy that follows the teacher can gain only what the teacher knows better. All on
/// the student's grid of 56 x 56. The true masks are opened for this comparison, after training,
/// and by no training. Writes OUT (JSON) and a Markdown page beside it.
#[derive(Debug, Args)]
pub(crate) struct LabelsArgs {
    /// Run folder of `fovea train`, or of a cell of `fovea ablate`. Repeat it for more seeds.
    #[arg(long, value_name = "DIR", required = true)]
    run: Vec<PathBuf>,
    /// Result file.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// What is compared, in the order of the table.
const LABELS: [&str; 6] = [
    "broad pseudo-mask",
    "high-confidence pseudo-mask",
    "refined votes",
    "teacher without gaze",
    "teacher with gaze, where sure",
    "teacher with gaze, four flips",
];

/// One label of one image: what it says, and where it says anything.
struct Label {
    says: Mask,
    counts: Option<Mask>,
}

/// Sums over the images of one run.
#[derive(Debug, Default)]
struct Tally {
    dice: Vec<f64>,
    cells: usize,
    differs: usize,
    right: usize,
}

impl Tally {
    fn add(&mut self, label: &Label, broad: &Mask, truth: &Mask) {
        let Label { says, counts } = label;
        if counts.is_none() {
            self.dice.push(dice(says, truth));
        }
        self.cells += truth.data.len();
        for i in 0..truth.data.len() {
            if says.data[i] != broad.data[i] && counts.as_ref().is_none_or(|counts| counts.data[i]) {
                self.differs += 1;
                self.right += usize::from(says.data[i] == truth.data[i]);
            }
        }
    }

    fn end(self, row: &mut LabelRow) {
        row.dice.extend((!self.dice.is_empty()).then(|| self.dice.iter().sum::<f64>() / self.dice.len() as f64));
        row.differs.push(self.differs as f64 / self.cells.max(1) as f64);
        row.right.extend((self.differs > 0).then(|| self.right as f64 / self.differs as f64));
    }
}

pub(crate) fn run(args: &LabelsArgs) -> Result<()> {
    let device = args.common.device.open()?;
    let progress = Progress::new(args.common.quiet);
    let runs = args.run.iter().map(|path| RunFolder::open(path)).collect::<Result<Vec<_>>>()?;
    let (_, _, first) = &runs[0];
    for (folder, config, from) in &runs {
        config.needs_lite("`fovea labels` asks the teacher of")?;
        ensure!(
            (&from.data_sha256, &from.split) == (&first.data_sha256, &first.split),
            "{} was trained on other data than {}",
            folder.path.display(),
            runs[0].0.path.display()
        );
    }
    let mut study = Labels {
        kind: LabelsKind::Only,
        study: args.out.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        command: command_line(),
        git_sha: git_sha().into(),
        device: device.name.clone(),
        data: first.data.clone(),
        split: first.split.clone(),
        images: 0,
        grid: STUDENT_SIDE,
        seeds: Vec::new(),
        labels: LABELS.map(|name| LabelRow { name: name.into(), ..LabelRow::default() }).into(),
    };
    for (folder, config, from) in &runs {
        let cache = FeatureCache::open(args.common.cache.as_deref(), folder.encoder()?)?;
        let tallies = measure(folder, config, from, &cache, (&device.device, &progress))?;
        study.images = tallies[0].dice.len();
        study.seeds.push(config.seed);
        tallies.into_iter().zip(&mut study.labels).for_each(|(tally, row)| tally.end(row));
    }
    let page = args.out.with_extension("md");
    write_atomic(&args.out, &serde_json::to_vec_pretty(&study)?)?;
    write_atomic(&page, study.markdown().as_bytes())?;
    print!("{}", study.table());
    [&args.out, &page].iter().for_each(|path| println!("wrote {}", path.display()));
    Ok(())
}

/// Every label of every training image of a run, held against its truth.
fn measure(
    folder: &RunFolder,
    config: &TrainConfig,
    from: &Provenance,
    cache: &FeatureCache,
    (device, progress): (&burn::tensor::Device, &Progress),
) -> Result<[Tally; 6]> {
    let dataset = Dataset::open(&from.data_folder)?;
    let lists = split(&dataset, &from.split, config.validation_fraction, config.seed)?;
    let cases = dataset.owned(&lists.train)?;
    let masks = MaskCache::open(cache, &config.pseudo_masks)?;
    let imported = read_descriptions(from.descriptions.as_ref().map(|file| file.path.as_path()))?;
    let measured = match measures(config.text, imported.is_some()) {
        true => measure_all(&cases, &masks, progress)?,
        false => Vec::new(),
    };
    let text = descriptions(&cases, measured, config.text, config.seed, imported.as_ref())?;
    let flips = if config.flips { FLIPS.len() } else { 1 };
    let store = ImageStore::default();
    let borrowed: Vec<&Case> = cases.iter().collect();
    let features = compute_all(&borrowed, Views::flips(flips), cache, device, &store, progress)?;
    let teacher = load_teacher(&folder.path, device)?;
    let mut tallies: [Tally; 6] = Default::default();
    let mut bar = progress.bar("labels", cases.len() as u64);
    for (i, case) in cases.iter().enumerate() {
        let ask = |gaze, flips| -> Result<Plane> {
            let asked = Prompt { gaze, text: text[i].as_ref() };
            Ok(resize_plane(
                &predict_teacher(&teacher, &features, i, asked, flips, device)?,
                TEACHER_SIDE,
                TEACHER_SIDE,
            )
            .sigmoid())
        };
        let gaze = case.gaze.as_ref().with_context(|| format!("{} has no gaze", case.id))?;
        let file = store.open(&case.image)?;
        let masks = masks.get(&file.sha256, gaze, || Ok(file.pixels()?))?;
        let all = config.gaze_prompt().then_some(gaze);
        let labels = labels(&masks, [ask(None, 1)?, ask(all, 1)?, ask(all, flips)?], config.distill.consistency.level);
        let truth = truth(case)?;
        let broad = &labels[0].says;
        labels.iter().zip(&mut tallies).for_each(|(label, tally)| tally.add(label, broad, &truth));
        bar.inc(1);
    }
    bar.finish();
    Ok(tallies)
}

/// The labels of one image, from its pseudo-masks and the teacher's probabilities without gaze,
/// with all gaze in one pass, and averaged over its mirror images. `level` is from where a strategy
/// calls the teacher sure.
fn labels(masks: &PseudoMasks, [blind, gazed, averaged]: [Plane; 3], level: f64) -> [Label; 6] {
    let side = STUDENT_SIDE;
    let whole = |plane: &Plane| Label { says: cut(plane), counts: None };
    let fine = |plane: &Plane| resize_plane(plane, side, side);
    let sure = fine(&gazed);
    let counts = sure.data.iter().map(|p| f64::from(p.max(1.0 - p)) >= level).collect();
    [
        whole(&broad_target(masks, side).value),
        whole(&high_confidence_target(masks, side).value),
        whole(&teacher_target(masks, TeacherTarget::Refined, side).value),
        whole(&fine(&blind)),
        Label { says: cut(&sure), counts: Some(Mask::from_vec(side, side, counts)) },
        whole(&relabelled_target(&averaged, masks).value),
    ]
}

fn cut(plane: &Plane) -> Mask {
    Mask::from_vec(plane.width, plane.height, plane.data.iter().map(|v| *v >= 0.5).collect())
}

/// The true mask on the student's grid.
fn truth(case: &Case) -> Result<Mask> {
    Ok(cut(&full_target(&case.load_truth()?, STUDENT_SIDE).value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn mask(cells: [u8; 4]) -> Mask {
        Mask::from_vec(2, 2, cells.map(|c| c == 1).into())
    }

    #[test]
    fn a_tally_counts_where_a_label_knows_better_and_where_worse() {
        let (broad, truth) = (mask([1, 1, 0, 0]), mask([1, 0, 1, 0]));
        let mut row = LabelRow::default();
        let mut tally = Tally::default();
        // Right in the second cell, wrong in the fourth; silent about the third, where it would be right.
        let counts = Some(mask([1, 1, 0, 1]));
        tally.add(&Label { says: mask([1, 0, 1, 1]), counts }, &broad, &truth);
        tally.end(&mut row);
        assert_eq!((row.differs[0], row.right[0], row.dice.len()), (0.5, 0.5, 0));

        let mut tally = Tally::default();
        tally.add(&Label { says: truth.clone(), counts: None }, &broad, &truth);
        tally.add(&Label { says: broad.clone(), counts: None }, &broad, &truth);
        tally.end(&mut row);
        assert_eq!((row.differs[1], row.right[1]), (0.25, 1.0));
        assert!((row.dice[0] - 0.75).abs() < 1e-12, "{row:?}");
        // The broad mask differs from itself nowhere, so there is nothing to be right about.
        let mut tally = Tally::default();
        tally.add(&Label { says: broad.clone(), counts: None }, &broad, &truth);
        tally.end(&mut row);
        assert_eq!((row.differs.len(), row.right.len()), (3, 2));
    }
}
