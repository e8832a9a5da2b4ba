//! `fovea eval --bundle`.

use std::path::Path;

use anyhow::{Context, Result};
use fovea_shared::bundle::{Manifest, Score};

use super::{EvalArgs, begin_study, contact_sheet, print_scores, print_uniform, write_study};
use crate::{
    evaluate::{Choice, OpenBundle, RowScores, TestImages, Texts},
    features::FeatureCache,
    report::results::{Row, Scores},
    run::Progress,
};

/// Measures the teacher and every student of the bundle in `folder`, a row a student.
///
/// # Errors
/// A folder without a bundle, unreadable data, a device that fails, a file that cannot be written.
pub(super) fn run(args: &EvalArgs, folder: &Path) -> Result<()> {
    let device = args.common.device.open()?;
    let bundle = OpenBundle::open(folder, &device)?;
    let manifest = &bundle.manifest;
    let choice = Choice {
        data: args.data.as_deref().context("name the data set with --data: a bundle does not hold its folder")?,
        split: args.split.as_deref().unwrap_or(&manifest.training.split),
        validation: args.validation,
        flip_average: args.flip_average,
    };
    let cache = FeatureCache::open(args.common.cache.as_deref(), bundle.encoder.clone())?;
    let progress = Progress::new(args.common.quiet);
    let images = TestImages::open(choice, bundle.config(), &cache, &device, &progress)?;
    let texts = Texts::of(&images, bundle.config(), None, &cache, &progress)?;
    let mut study = begin_study(&args.out, &images, device.name.clone(), &manifest.training.selection)?;
    let (mut lines, mut shown) = (Vec::new(), None);
    for (index, student) in manifest.students.iter().enumerate() {
        let measured = images.measure_bundle(&bundle, index, &texts, &device, &progress)?;
        let mut scores = RowScores::default();
        scores.push(&measured.scored)?;
        lines.extend(images.image_scores(&student.name, manifest.training.seed, &measured.scored));
        let config = bundle.config_of(student.kind);
        let row = Row {
            backbone_sha256: (!bundle.encoder.is_built_in()).then(|| bundle.encoder.sha256.clone()),
            ..scores.row(&student.name, &config, vec![manifest.training.seed], &note(&args.note, manifest))?
        };
        if index == 0 {
            print_quoted("teacher without gaze", row.scores.teacher.as_ref(), manifest.training.teacher_dice.as_ref());
            let quoted = manifest.training.teacher_dice_with_gaze.as_ref();
            print_quoted("teacher with gaze", row.scores.teacher_with_gaze.as_ref(), quoted);
        }
        print_quoted(&format!("student {}", student.name), row.scores.student.as_ref(), student.dice.as_ref());
        print_uniform(&images, row.scores.iter());
        study.insert(row);
        if index == manifest.default_student() {
            shown = Some((config, measured));
        }
    }
    let mut written = write_study(&study, &args.out, &format!("{}-images.csv", study.study), &lines)?;
    if let Some((config, measured)) = shown.filter(|_| args.sheet > 0) {
        let sheet = contact_sheet(args.sheet, &study, &config, &images, &measured)?;
        let path = args.out.with_file_name(format!("{}-sheet.png", study.study));
        sheet.draw().save(&path).with_context(|| format!("{} cannot be written", path.display()))?;
        written.push(path);
    }
    written.iter().for_each(|path| println!("wrote {}", path.display()));
    Ok(())
}

/// The remark that was asked for, and which weights these are.
fn note(asked: &str, manifest: &Manifest) -> String {
    let weights = format!(
        "the files of the bundle `{}` of {}: heads in int8, backbone in f16; trained on {}",
        manifest.name, manifest.created, manifest.training.data
    );
    [asked, &weights].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
}

/// A model's Dice, and beside it what the manifest quotes from the study of the trained runs.
fn print_quoted(name: &str, scores: Option<&Scores>, quoted: Option<&Score>) {
    let Some(scores) = scores else { return };
    let quoted = quoted.map(|score| format!("   (manifest: {:.4} on {})", score.mean, score.on)).unwrap_or_default();
    print_scores(name, scores, &quoted);
}
