//! `fovea export`.

mod familiar;
mod folder;
mod gallery;
mod grid;
mod heads;
mod list;
mod pictures;
mod regallery;
mod scores;
mod steers;

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result};
use burn::tensor::Device;
use clap::Args;
use fovea_shared::{
    bundle::{
        DESCRIBER_FILES, FAMILIARITY, FORMAT, FileEntry, GalleryCase, Goldens, Manifest, Score, StudentVariant, Told,
        Training, sha256,
    },
    description::{Description, Field, Modality, PHRASES, Source},
    image::INPUT_SIDE,
    model::{
        PromptMaps,
        weights::{self, Precision},
    },
    predictor::{NamedStudent, Predictor},
};

pub(super) use self::{
    folder::Bundles,
    gallery::{at_most, jpeg},
    regallery::replace_gallery,
};
use self::{
    grid::Wanted,
    heads::{Heads, Student},
    list::PictureList,
    scores::Quoted,
};
use crate::{
    features::FLIPS,
    per_model::ModelKind,
    run::{GazeCounts, tokens},
};

/// Write a bundle that the demo page loads.
///
/// A bundle is what the page needs for one domain (polyp, skin or prostate), a folder of that name
/// in --out: manifest.json (SHA-256 of every file, configuration, data, split, seed, Dice,
/// notices), the backbone in f16, teacher and students in int8 with a scale per output channel,
/// goldens (one image and the logits that this machine's CPU gives for it with every head, which
/// every backend must reproduce), and a gallery of real pictures (--gallery) and phantoms with
/// masks and simulated gaze; recorded gaze never ships. --run ships one student, --grid up to
/// sixteen of an ablation: all finished cells of a seed, which may differ in what the student was
/// told (student-target), in its strategies and in the form of DARM, and in nothing else. Students
/// are named by these: `heat`, `heat+afc`, `heat-all`, `heat+darm-released`, `refined`, `teacher`,
/// `full-supervision`. The folder is written beside and renamed; the bundle is loaded and checked
/// against its own goldens before that. In --out, index.json lists the bundles; the page shows the
/// first one first. Runs of the preset `paper` cannot be exported: the page has one backbone and
/// small heads on it.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Run folder of `fovea train`: its teacher and its student.
    #[arg(long, value_name = "DIR", required_unless_present = "grid", conflicts_with = "grid")]
    run: Option<PathBuf>,
    /// Folder of `fovea ablate --out`: a teacher and its students.
    #[arg(long, value_name = "DIR")]
    grid: Option<PathBuf>,
    /// Rows to export [default: all that are finished].
    #[arg(long, value_name = "ROW", value_delimiter = ',', requires = "grid")]
    rows: Vec<String>,
    /// Seed of the students [default: the first that all rows have].
    #[arg(long, requires = "grid")]
    seed: Option<u64>,
    /// Folder of bundles to write to. The domain's bundle there is replaced; a folder with anything
    /// else in it is refused.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Folder of a distilled describer (describer.safetensors, describer.json), to give visitors' own images words.
    #[arg(long, value_name = "DIR")]
    describer: Option<PathBuf>,
    /// Data set folder that the heads have learnt from: measures what its images look like to the
    /// backbone, so that the page can tell visitors when their own image looks otherwise. May be
    /// repeated. No mask is opened.
    #[arg(long, value_name = "DIR")]
    looks: Vec<PathBuf>,
    /// Feature cache folder, for --looks [default: the user's cache folder].
    #[arg(long, value_name = "DIR", requires = "looks")]
    cache: Option<PathBuf>,
    /// Name shown to visitors [default: what the images show].
    #[arg(long)]
    name: Option<String>,
    /// Study of `fovea eval` or `fovea ablate` whose Dice over seeds is quoted; of an ablation every student's own row.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Study of `fovea ablate` with rows named like the students (or, for those on the refined
    /// masks, gaze-baseline, +afc, ... all) whose Dice over seeds the page charts beside its own,
    /// as figures of other trainings than those of this bundle. Rows that it lacks stay empty.
    #[arg(long, value_name = "FILE", requires = "grid")]
    ablation: Option<PathBuf>,
    /// JSON of `fovea eval --interact`: which words were measured to steer the teacher. The page
    /// offers location where at least half of the mask moves to the described side in 80 % of
    /// two-lesion pictures of either kind, and size where "small" and "large" make the mask at most
    /// 0.7 and at least 1.3 times as large on the mean; without this file it offers both.
    #[arg(long, value_name = "FILE")]
    interact: Option<PathBuf>,
    /// Row of that study, for --run.
    #[arg(long, default_value = "best", requires = "results", conflicts_with = "grid")]
    row: String,
    /// List of real pictures for the gallery, as in grids/gallery-polyp.toml: which, whose they are
    /// and on what terms. Only test images are taken. They come before the phantoms.
    #[arg(long, value_name = "FILE")]
    gallery: Option<PathBuf>,
    /// Seeds of the gallery's phantoms [default: six of the domain, from easy to hard; none beside --gallery].
    #[arg(long, value_delimiter = ',')]
    phantoms: Option<Vec<u64>>,
    /// What `fovea eval --explain` found about the teacher's use of its text, to be shown on the page.
    #[arg(long, value_name = "TEXT")]
    text_verdict: Option<String>,
    /// Another line for the manifest's notices. May be repeated.
    #[arg(long)]
    notice: Vec<String>,
}

/// Seed of the goldens' phantom; not one of the galleries' defaults.
const GOLDEN_PHANTOM: u64 = 101;

pub(crate) fn run(args: ExportArgs) -> Result<()> {
    // Goldens come from the CPU backend, whose results are the same on every run.
    let device = Device::flex();
    let heads = match (&args.run, &args.grid) {
        (Some(run), _) => Heads::of_run(run, &device)?,
        (None, Some(grid)) => Heads::of_grid(grid, Wanted { rows: &args.rows, seed: args.seed }, &device)?,
        (None, None) => anyhow::bail!("name a run with --run or an ablation with --grid"),
    };
    let heads = Heads { encoder: heads.encoder.shipped()?, ..heads };
    let bundles = Bundles::open_or_make(&args.out)?;
    let domain = heads.domain;
    let quoted = args.results.as_deref().map(Quoted::read).transpose()?;
    let (mut students, [teacher_dice, teacher_dice_with_gaze]) = variants(&heads.students, quoted.as_ref(), &args.row)?;
    if let Some(path) = &args.ablation {
        Quoted::read(path)?.chart(&mut students)?;
    }
    let steers = args.interact.as_deref().map(steers::read).transpose()?;
    let mut files = BTreeMap::from([
        ("backbone.safetensors".to_string(), heads.encoder.bytes.to_vec()),
        ("phrases.safetensors".to_string(), PHRASES.to_vec()),
    ]);
    if let Some(folder) = &args.describer {
        for name in DESCRIBER_FILES {
            let path = folder.join(name);
            let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            files.insert(name.into(), bytes);
        }
    }
    if !args.looks.is_empty() {
        files.insert(
            FAMILIARITY.into(),
            familiar::measure(&args.looks, args.cache.as_deref(), &heads.encoder, &device)?,
        );
    }
    let Heads { config, from, .. } = &heads;
    let (config, from) = (config.clone(), from.clone());
    let adapted = if heads.encoder.is_built_in() { "" } else { " Stages 3 to 6 were adapted by Fovea." };
    let difference = add_heads(&mut files, heads, &students, &device)?;
    let list = args.gallery.as_deref().map(PictureList::read).transpose()?;
    let mut gallery: Vec<GalleryCase> = match &list {
        Some(list) => pictures::add_pictures(&mut files, domain, list)?,
        None => Vec::new(),
    };
    let usual = if list.is_some() { Vec::new() } else { gallery::seeds(domain).to_vec() };
    for seed in args.phantoms.clone().unwrap_or(usual) {
        gallery.push(gallery::add_phantom(&mut files, domain, seed)?);
    }
    let data = match from.extra_folders.len() {
        0 => from.data.clone(),
        _ => format!("{} and {}", from.data, names(&from.extra_folders)),
    };
    let but = match students.iter().any(|student| student.kind.told == Told::FullSupervision) {
        true => ", but for the students called full-supervision, which learnt from nothing else",
        false => "",
    };
    let mut notices = vec![
        "Research and education only. Not a medical device.".to_string(),
        format!("Backbone: EfficientNet-Lite0, ImageNet weights, Apache-2.0.{adapted}"),
        format!("Heads: trained by Fovea on {data}, from gaze alone; no true mask of a training image was read{but}."),
        format!(
            "Heads are stored as 8-bit integers with a scale per output channel; on the reference image this moves no \
             logit by more than {difference:.3}."
        ),
    ];
    notices.extend(from.gaze.and_then(GazeCounts::caveat).map(|caveat| format!("Heads: {caveat}.")));
    notices.extend(list.iter().flat_map(pictures::notices));
    notices.extend(args.notice);
    let entries = files
        .iter()
        .map(|(name, bytes)| (name.clone(), FileEntry { sha256: sha256(bytes), bytes: bytes.len() as u64 }))
        .collect();
    let manifest = Manifest {
        format: FORMAT,
        name: args.name.unwrap_or_else(|| plural(domain).into()),
        domain,
        created: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        files: entries,
        students,
        gallery,
        training: Training {
            data,
            split: from.split,
            data_sha256: from.data_sha256,
            seed: config.seed,
            selection: "validation".into(),
            git_sha: from.git_sha,
            config: serde_json::to_value(&config)?,
            text: config.text.words().into(),
            text_verdict: args.text_verdict,
            teacher_dice,
            teacher_dice_with_gaze,
            int8_difference: Some(difference),
            steers,
        },
        notices,
    };
    let folder = bundles.put(&manifest, &files)?;
    let total: usize = files.values().map(Vec::len).sum();
    println!("{}: {} files, {:.1} MB", folder.display(), files.len() + 1, total as f64 / 1e6);
    let names: Vec<&str> = manifest.students.iter().map(|student| student.name.as_str()).collect();
    println!("students: {}", names.join(", "));
    println!("largest difference of a logit between int8 and f32 heads on the reference image: {difference:.4}");
    Ok(())
}

/// The students as the manifest lists them, and the teacher's Dice without and with gaze.
fn variants(
    students: &[Student],
    quoted: Option<&Quoted>,
    row: &str,
) -> Result<(Vec<StudentVariant>, [Option<Score>; 2])> {
    let (mut variants, mut teacher) = (Vec::new(), [None, None]);
    for student in students {
        let mut dice = None;
        if let Some(quoted) = quoted {
            let found = quoted.row(student.row.as_deref().unwrap_or(row))?;
            dice = quoted.score(found, ModelKind::Student);
            teacher = [ModelKind::Teacher, ModelKind::TeacherWithGaze].map(|model| quoted.score(found, model));
        }
        let mut variant = StudentVariant::new(student.kind, dice);
        variant.adapters = student.adapters.is_some().then(|| variant.adapters_file());
        variants.push(variant);
    }
    Ok((variants, teacher))
}

/// Adds the heads in int8, and the goldens that they give as they will be read. Gives the largest
/// difference of a logit from what the heads give in f32 on the goldens' input.
fn add_heads(
    files: &mut BTreeMap<String, Vec<u8>>,
    heads: Heads,
    variants: &[StudentVariant],
    device: &Device,
) -> Result<f32> {
    let Heads { encoder, teacher, students, domain, .. } = heads;
    files.insert("teacher.safetensors".into(), weights::save(&teacher, Precision::Int8)?);
    let (mut read, mut whole) = (Vec::new(), Vec::new());
    for (variant, student) in variants.iter().zip(students) {
        let bytes = weights::save(&student.head, Precision::Int8)?;
        let mut head = student.head.clone();
        weights::load(&mut head, bytes.clone())?;
        if let Some((file, adapters)) = variant.adapters.as_ref().zip(student.adapters) {
            files.insert(file.clone(), weights::save(&adapters, Precision::Int8)?);
        }
        read.push(NamedStudent { name: variant.name.clone(), head, adapters: None });
        whole.push(NamedStudent { name: variant.name.clone(), head: student.head, adapters: None });
        files.insert(variant.file.clone(), bytes);
    }
    let mut read_teacher = teacher.clone();
    weights::load(&mut read_teacher, files["teacher.safetensors"].clone())?;
    let goldens = |teacher, students| {
        let predictor = Predictor::from_parts(encoder.load(device)?, teacher, students, device);
        golden_answers(&predictor, domain)
    };
    let shipped = goldens(read_teacher, read)?;
    let difference = shipped.difference(&goldens(teacher, whole)?);
    files.insert("goldens.safetensors".into(), shipped.to_bytes()?);
    Ok(difference)
}

fn golden_answers(predictor: &Predictor, domain: Modality) -> Result<Goldens> {
    let side = INPUT_SIDE as u32;
    let drawn = fovea_phantom::draw(domain, GOLDEN_PHANTOM, side, side);
    let goldens = predictor.make_goldens(drawn.image, PromptMaps::of(&drawn.gaze), golden_text(domain)?);
    Ok(pollster::block_on(goldens)?)
}

/// A bundle's name by what its images show.
fn plural(modality: Modality) -> &'static str {
    match modality {
        Modality::Polyp => "Polyps",
        Modality::SkinLesion => "Skin lesions",
        Modality::Prostate => "Prostates",
    }
}

/// The text of the goldens: any will do that has several phrases.
fn golden_text(modality: Modality) -> Result<Vec<Vec<f32>>> {
    let mut text = Description::new(modality, Source::Clinician);
    for (field, word) in [(Field::Location, "upper_left"), (Field::Size, "small"), (Field::Shape, "oval")] {
        text.set(field, Some(word))?;
    }
    Ok(tokens(Some(&text), FLIPS[0]))
}

fn names(folders: &[PathBuf]) -> String {
    let name = |folder: &PathBuf| folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    folders.iter().map(name).collect::<Vec<_>>().join(", ")
}
