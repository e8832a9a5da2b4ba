//! `fovea export`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use burn::tensor::Device;
use clap::Args;
use fovea_shared::{
    bundle::{
        Bundle, CaseDescription, DESCRIBER_FILES, FORMAT, FileEntry, GalleryCase, Manifest, Score, Training, sha256,
    },
    description::{Description, Field, Modality, PHRASES, Source, measured::measure},
    gaze::write_csv,
    image::{INPUT_SIDE, RgbImage, resize_rgb},
    model::{
        prompt_heat,
        weights::{self, Precision},
    },
    phantom,
    predictor::Predictor,
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};

use crate::{
    command::model::open_bundle,
    data::phantom::mask_image,
    features::FLIPS,
    report::results::Study,
    run::{GazeCounts, RunFolder, load_best, tokens},
};

/// Write the bundle that the demo page loads.
///
/// A bundle is a folder: manifest.json (SHA-256 of every file, configuration, data, split, seed, Dice, notices), the
/// backbone and both heads as f16 safetensors, goldens (one image and the logits this machine's CPU gives for it, which
/// every backend must reproduce), and a gallery of phantoms with masks and simulated gaze. The folder is written beside
/// and renamed; the bundle is loaded and checked against its own goldens before that. Runs of the preset `paper` cannot be exported: the
/// page has one backbone and small heads on it.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Run folder of `fovea train`.
    #[arg(long, value_name = "DIR")]
    run: PathBuf,
    /// Bundle folder to write. An older bundle there is replaced; any other folder is refused.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Folder of a distilled describer (describer.safetensors, describer.json), to give visitors' own images words.
    #[arg(long, value_name = "DIR")]
    describer: Option<PathBuf>,
    /// Name shown to visitors [default: what the images show].
    #[arg(long)]
    name: Option<String>,
    /// Study of `fovea eval` whose Dice over seeds is quoted.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Row of that study.
    #[arg(long, default_value = "best", requires = "results")]
    row: String,
    /// Seeds of the gallery's phantoms.
    #[arg(long, value_delimiter = ',', default_value = "101,102,103,104,105,106")]
    phantoms: Vec<u64>,
    /// What `fovea eval --explain` found about the teacher's use of its text, to be shown on the page.
    #[arg(long, value_name = "TEXT")]
    text_verdict: Option<String>,
    /// Another line for the manifest's notices. May be repeated.
    #[arg(long)]
    notice: Vec<String>,
}

/// Size of the gallery's phantoms, in pixels.
const PHANTOM_SIZE: (u32, u32) = (640, 512);
/// Seed of the goldens' phantom; not one of the gallery's defaults.
const GOLDEN_PHANTOM: u64 = 7;

pub(crate) fn run(args: ExportArgs) -> Result<()> {
    // Goldens come from the CPU backend, whose results are the same on every run.
    let device = Device::flex();
    let (folder, config, from) = RunFolder::open(&args.run)?;
    config.needs_lite("a bundle holds")?;
    let heads = load_best(&folder.path, &device)?;
    let encoder = folder.shared_encoder()?;
    let mut files = BTreeMap::from([
        ("backbone.safetensors".to_string(), encoder.bytes.to_vec()),
        ("teacher.safetensors".to_string(), weights::save(&heads.teacher, Precision::Half)?),
        ("student.safetensors".to_string(), weights::save(&heads.student.head, Precision::Half)?),
        ("phrases.safetensors".to_string(), PHRASES.to_vec()),
    ]);
    if let Some(folder) = &args.describer {
        for name in DESCRIBER_FILES {
            let path = folder.join(name);
            let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            files.insert(name.into(), bytes);
        }
    }
    // What is shipped is f16: the goldens must come from the weights as they will be read.
    let (mut teacher, mut student) = (heads.teacher, heads.student.head);
    weights::load(&mut teacher, files["teacher.safetensors"].clone())?;
    weights::load(&mut student, files["student.safetensors"].clone())?;
    let predictor = Predictor::from_parts(encoder.load(&device)?, teacher, student, &device);
    let side = INPUT_SIDE as u32;
    let golden = phantom::polyp(GOLDEN_PHANTOM, side, side);
    let goldens = pollster::block_on(predictor.make_goldens(
        golden.image,
        prompt_heat(&golden.gaze),
        golden_text(from.modality)?,
    ))?;
    files.insert("goldens.safetensors".into(), goldens.to_bytes()?);
    let gallery =
        args.phantoms.iter().map(|seed| add_phantom(&mut files, *seed)).collect::<Result<Vec<GalleryCase>>>()?;
    let scores = args.results.as_deref().map(|path| Scores::read(path, &args.row)).transpose()?.unwrap_or_default();
    let data = match from.extra_folders.len() {
        0 => from.data.clone(),
        _ => format!("{} and {}", from.data, names(&from.extra_folders)),
    };
    let mut notices = vec![
        "Research and education only. Not a medical device.".to_string(),
        "Backbone: EfficientNet-Lite0, ImageNet weights, Apache-2.0.".to_string(),
        format!("Heads: trained by Fovea on {data}, from gaze alone; no true mask of a training image was read."),
    ];
    notices.extend(from.gaze.and_then(GazeCounts::caveat).map(|caveat| format!("Heads: {caveat}.")));
    notices.extend(args.notice);
    let entries = files
        .iter()
        .map(|(name, bytes)| (name.clone(), FileEntry { sha256: sha256(bytes), bytes: bytes.len() as u64 }))
        .collect();
    let manifest = Manifest {
        format: FORMAT,
        name: args.name.unwrap_or_else(|| plural(from.modality).into()),
        created: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        files: entries,
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
            student_dice: scores.student,
            teacher_dice: scores.teacher,
            teacher_dice_with_gaze: scores.teacher_with_gaze,
        },
        notices,
    };
    write_bundle(&args.out, &manifest, &files)?;
    let total: usize = files.values().map(Vec::len).sum();
    println!("{}: {} files, {:.1} MB", args.out.display(), files.len() + 1, total as f64 / 1e6);
    Ok(())
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

/// Draws a phantom into the gallery.
fn add_phantom(files: &mut BTreeMap<String, Vec<u8>>, seed: u64) -> Result<GalleryCase> {
    let drawn = phantom::polyp(seed, PHANTOM_SIZE.0, PHANTOM_SIZE.1);
    let id = format!("phantom-{seed}");
    let (image, mask, gaze) =
        (format!("gallery/{id}.jpg"), format!("gallery/{id}-mask.png"), format!("gallery/{id}-gaze.csv"));
    files.insert(image.clone(), jpeg(&drawn.image)?);
    files.insert(mask.clone(), png(&mask_image(&drawn.mask))?);
    let masks = pseudo_masks(&drawn.image, &drawn.gaze, &PseudoMaskParams::default());
    let description = measure(&drawn.image, &masks.broad, Modality::Polyp);
    let rows = BTreeMap::from([(id.clone(), (drawn.gaze, PHANTOM_SIZE))]);
    files.insert(gaze.clone(), write_csv(&rows).into_bytes());
    Ok(GalleryCase {
        title: format!("Phantom {seed}"),
        id,
        image,
        mask: Some(mask),
        gaze: Some(gaze),
        gaze_source: Some("simulated".into()),
        origin: "phantom".into(),
        descriptions: vec![CaseDescription { description, caveat: None }],
    })
}

/// An image as JPEG bytes.
pub(super) fn jpeg(image: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 88).encode_image(image)?;
    Ok(bytes)
}

/// A mask image as PNG bytes.
pub(super) fn png(image: &image::GrayImage) -> Result<Vec<u8>> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// Shrinks an image so that its longer side is at most `side`.
pub(super) fn at_most(image: &RgbImage, side: u32) -> RgbImage {
    let longest = image.width().max(image.height());
    if longest <= side {
        return image.clone();
    }
    let scale = |v: u32| ((u64::from(v) * u64::from(side)) / u64::from(longest)).max(1) as usize;
    resize_rgb(image, scale(image.width()), scale(image.height()))
}

/// Writes the folder beside, proves that it works, and puts it in place.
fn write_bundle(out: &Path, manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    let there = fs::exists(out)?;
    if there && fs::read_dir(out)?.next().is_some() && !fs::exists(out.join("manifest.json"))? {
        bail!("{} is a folder that holds no bundle: it is left alone. Name another with --out", out.display());
    }
    let temporary = out.with_extension(format!("{}.tmp", std::process::id()));
    let write = |name: &str, bytes: &[u8]| -> Result<()> {
        let path = temporary.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("the folder {} cannot be made", parent.display()))?;
        }
        fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))
    };
    for (name, bytes) in files {
        write(name, bytes)?;
    }
    write("manifest.json", &serde_json::to_vec_pretty(manifest)?)?;
    let bundle = open_bundle(&temporary)?;
    let check = pollster::block_on(Predictor::new(&bundle, &Device::flex())?.self_check())?;
    ensure!(check.passed, "the exported bundle does not reproduce its own goldens (difference {})", check.max_abs_diff);
    if there {
        fs::remove_dir_all(out).with_context(|| format!("the old bundle {} cannot be removed", out.display()))?;
    }
    fs::rename(&temporary, out).with_context(|| format!("{} cannot be written", out.display()))
}

/// Writes a changed manifest of a bundle that is in place.
pub(super) fn rewrite_manifest(folder: &Path, bundle: &Bundle) -> Result<()> {
    let path = folder.join("manifest.json");
    fs::write(&path, serde_json::to_vec_pretty(&bundle.manifest)?)
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// Dice over seeds, out of a study.
#[derive(Default)]
struct Scores {
    student: Option<Score>,
    teacher: Option<Score>,
    teacher_with_gaze: Option<Score>,
}

impl Scores {
    fn read(path: &Path, row: &str) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("the study {} cannot be read", path.display()))?;
        let study: Study = serde_json::from_str(&text)
            .with_context(|| format!("{} is not a study of `fovea eval`", path.display()))?;
        let found = study
            .rows
            .iter()
            .find(|r| r.name == row)
            .with_context(|| format!("{} has no row `{row}`", path.display()))?;
        let on = format!("{}, split {}, test images", study.data.name, study.data.split);
        let score = |dice: &[f64]| {
            let mean = dice.iter().sum::<f64>() / dice.len().max(1) as f64;
            let variance = dice.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (dice.len().max(2) - 1) as f64;
            (!dice.is_empty()).then(|| Score { mean, sd: variance.sqrt(), seeds: dice.len(), on: on.clone() })
        };
        Ok(Self {
            student: found.student.as_ref().and_then(|m| score(&m.dice)),
            teacher: found.teacher.as_ref().and_then(|m| score(&m.dice)),
            teacher_with_gaze: found.teacher_with_gaze.as_ref().and_then(|m| score(&m.dice)),
        })
    }
}
