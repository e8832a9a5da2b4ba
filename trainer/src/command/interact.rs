//! `fovea eval --interact`: see [`crate::interact`].

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{
    config::{TextSource, TrainConfig},
    device::Opened,
    evaluate::TestImages,
    features::{FeatureCache, PictureFeatures},
    interact::{Lab, Run},
    report::interact::{About, Interact, Part},
    run::{Progress, Provenance, RunFolder, load_student, load_teacher, predict_student},
    version::{command_line, git_sha},
};

/// Pictures of either kind on the contact sheet, beside the images that truly show two lesions.
const ON_THE_SHEET: usize = 3;

/// What is asked for.
pub(super) struct InteractQuery<'a> {
    /// The runs: one configuration, different seeds.
    pub(super) runs: &'a [(RunFolder, TrainConfig, Provenance)],
    /// Runs whose students are compared with, where those are not the runs' own.
    pub(super) students: &'a [PathBuf],
    /// The result file.
    pub(super) out: &'a Path,
    /// The study's name.
    pub(super) study: String,
    /// The backbone that all runs started from, where it is one and not the built-in one.
    pub(super) backbone_sha256: Option<String>,
    /// What a reader must know.
    pub(super) note: String,
}

/// Measures and writes everything.
///
/// # Errors
/// Runs without a gaze prompt, missing or damaged weights, a device that fails, a file that cannot be written.
pub(super) fn run(
    asked: InteractQuery<'_>,
    images: &TestImages,
    cache: &FeatureCache,
    device: &Opened,
    progress: &Progress,
) -> Result<()> {
    let (first, config, _) = asked.runs.first().context("name a run with --run")?;
    config.needs_lite("--interact looks at")?;
    ensure!(
        config.gaze_prompt(),
        "--interact looks at images, and {} was trained without a gaze prompt: train with `gaze-prompt = true`",
        first.path.display()
    );
    ensure!(
        asked.students.is_empty() || asked.students.len() == asked.runs.len(),
        "name one --student for each --run, in the same order, or none"
    );
    let lab = Lab::new(&images.cases, &images.truths)?;
    let pictures = lab.images();
    let (mut lines, mut sheet, mut student_config) = (Vec::new(), None, None);
    for (index, (folder, config, _)) in asked.runs.iter().enumerate() {
        let own = images.seen_by(folder.encoder()?, device, progress)?;
        let features = own.as_ref().or(images.features()).context("the images were opened for another preset")?;
        let mut made = PictureFeatures::new(&cache.of(folder.encoder()?)?);
        made.extend(&pictures, &device.device, progress)?;
        let other = asked.students.get(index).map(|path| RunFolder::open(path)).transpose()?;
        let student = match &other {
            Some((folder, config, _)) => {
                config.needs_lite("--student compares with")?;
                student_config.get_or_insert(serde_json::to_value(TrainConfig { seed: 0, ..config.clone() })?);
                let own = images.seen_by(folder.encoder()?, device, progress)?;
                Some(students_logits(folder, own.as_ref().or(images.features()), images, device)?)
            }
            None if config.trains_student() => Some(students_logits(folder, Some(features), images, device)?),
            None => None,
        };
        let head = load_teacher(&folder.path, &device.device)?;
        let run = Run {
            seed: config.seed,
            head: &head,
            device: &device.device,
            features,
            made: &made,
            student: student.as_deref(),
            reads: config.text != TextSource::None,
        };
        lines.extend(lab.measure(&run, progress)?);
        if index == 0 {
            let title =
                format!("{}: {} of {}, seed {}", asked.study, images.about.split, images.about.name, config.seed);
            sheet = lab.sheet(&run, title, ON_THE_SHEET)?;
        }
    }
    let about = About {
        study: asked.study,
        command: command_line(),
        git_sha: git_sha().into(),
        device: device.name.clone(),
        data: images.about.clone(),
        config: serde_json::to_value(TrainConfig { seed: 0, ..config.clone() })?,
        student: student_config,
        backbone_sha256: asked.backbone_sha256,
        doubles: lab.doubles(),
        note: asked.note,
    };
    let found = Interact::of(about, &lines)?;
    print(&found);
    let mut written = found.write(asked.out, &lines)?;
    if let Some(sheet) = sheet {
        let path = asked.out.with_file_name(format!("{}-sheet.png", found.study));
        sheet.save(&path).with_context(|| format!("{} cannot be written", path.display()))?;
        written.push(path);
    }
    written.iter().for_each(|path| println!("wrote {}", path.display()));
    Ok(())
}

/// The logits of a run's student, image by image.
fn students_logits(
    folder: &RunFolder,
    features: Option<&crate::features::Features>,
    images: &TestImages,
    device: &Opened,
) -> Result<Vec<fovea_shared::plane::Plane>> {
    let features = features.context("the images were opened for another preset")?;
    let student = load_student(&folder.path, &device.device)?;
    (0..images.cases.len()).map(|case| predict_student(&student, features, case, 1, &device.device)).collect()
}

/// What matters most, for the terminal.
fn print(found: &Interact) {
    let shown = [
        (Part::Looks, "teacher_0", "teacher without a look"),
        (Part::Looks, "teacher_1", "after one look"),
        (Part::Looks, "teacher_3", "after three looks"),
        (Part::Looks, "teacher_5", "after five looks"),
        (Part::Looks, "teacher_own_gaze", "with all own gaze"),
        (Part::Looks, "student", "student"),
        (Part::Looks, "not_worse_3", "three looks not worse"),
        (Part::Clicks, "noc_85", "looks to .85"),
        (Part::Clicks, "noc_90", "looks to .90"),
        (Part::SideBySide, "share", "two, side by side"),
        (Part::Blended, "share", "two, blended"),
        (Part::Doubles, "share", "two, truly"),
        (Part::Off, "unoutlined", "un-outlined by a look off"),
        (Part::WordsSideBySide, "moved", "location, side by side"),
        (Part::WordsBlended, "moved", "location, blended"),
        (Part::WordsSize, "small", "area under `small`"),
        (Part::WordsSize, "large", "area under `large`"),
    ];
    for (part, key, name) in shown {
        if let Some(figure) = found.figure(part, key) {
            println!("{name:26} {} ({} images)", figure.shown(), figure.images);
        }
    }
}
