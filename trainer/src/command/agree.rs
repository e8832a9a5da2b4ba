//! `fovea agree`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use fovea_shared::{
    description::{
        Description, Modality,
        measured::{Measurements, THRESHOLDS_VERSION, describe, measurements},
    },
    image::RgbImage,
    plane::Mask,
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};

use crate::{
    data::{
        Case, Dataset, GazeOrigin,
        hash::data_hash,
        image_store::ImageStore,
        parallel,
        phantom::{best_size, domain, picture_seed},
        splits::Split,
    },
    describe::{
        agreement::compare,
        measured::{SIMULATED, broad_mask},
        store::{self, Record},
    },
    report::{
        descriptions::{DataAbout, DescriptionStudy, NumbersRow, write_numbers},
        kind::DescriptionsKind,
    },
    run::Progress,
    version::{command_line, git_sha},
};

/// Compare descriptions with each other, attribute by attribute.
///
/// For a data set (--data): what is measured inside the mask of the gaze, what a file of other
/// descriptions says (--import), and what is measured inside the true mask, in pairs. The true mask
/// makes no clinician's opinion of a measurement: words for colour or texture are still measured
/// from pixels. True masks are opened for this report and for nothing else.
///
/// For phantoms (--phantoms N): what is measured, inside the mask of the simulated gaze and inside
/// the true mask, against what is known from the drawing.
///
/// For every field: how often each source says something, how often they say the same, Cohen's
/// kappa, macro-F1, and what the most frequent word alone would reach. Writes OUT (JSON) and a
/// Markdown table beside it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  fovea agree --data kvasir-seg --import llava.jsonl --out results/descriptions-kvasir.json
  fovea agree --phantoms 150 --seed 2 --out results/descriptions-phantoms.json
  fovea agree --phantoms 150 --seed 2 --modality prostate --out results/descriptions-phantoms-prostate.json")]
pub(crate) struct AgreeArgs {
    /// Data set folder.
    #[arg(long, value_name = "DIR", required_unless_present = "phantoms", conflicts_with = "phantoms")]
    data: Option<PathBuf>,
    /// File of measured descriptions [default: measure them now].
    #[arg(long, value_name = "JSONL", requires = "data")]
    measured: Option<PathBuf>,
    /// File of descriptions from another source, as `fovea describe` writes it.
    #[arg(long, value_name = "JSONL", requires = "data")]
    import: Option<PathBuf>,
    /// What the images or phantoms show [default: as the data set says; polyp for phantoms].
    #[arg(long, value_enum)]
    modality: Option<ModalityChoice>,
    /// Draw this many phantoms and compare with what was drawn.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    phantoms: Option<u32>,
    /// Seed of the phantoms. Thresholds were looked at on those of seed 1.
    #[arg(long, default_value_t = 2, requires = "phantoms")]
    seed: u64,
    /// Width and height of the phantoms, pixels [default: polyp 622x528, skin lesion 600x450, prostate 384x384].
    #[arg(long, value_name = "WxH", value_parser = super::data::size, requires = "phantoms")]
    size: Option<(u32, u32)>,
    /// Result file; its name without extension is the study's name.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Also write the numbers behind every measured word, one image and mask a line.
    #[arg(long, value_name = "CSV")]
    numbers: Option<PathBuf>,
    /// No progress on standard error.
    #[arg(long, short)]
    quiet: bool,
}

/// [`Modality`] on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModalityChoice {
    /// Colonoscopy.
    Polyp,
    /// Dermoscopy.
    SkinLesion,
    /// T2-weighted MR.
    Prostate,
}

impl From<ModalityChoice> for Modality {
    fn from(choice: ModalityChoice) -> Self {
        match choice {
            ModalityChoice::Polyp => Self::Polyp,
            ModalityChoice::SkinLesion => Self::SkinLesion,
            ModalityChoice::Prostate => Self::Prostate,
        }
    }
}

const MEASURED: &str = "measured, gaze mask";
const MEASURED_TRUE: &str = "measured, true mask";
const DRAWN: &str = "drawn";
const IMPORTED: &str = "import";

pub(crate) fn run(args: &AgreeArgs) -> Result<()> {
    let (study, rows) = match args.phantoms {
        Some(count) => of_phantoms(args, count as usize)?,
        None => of_data(args)?,
    };
    print!("{}", study.tables());
    let mut written = study.write(&args.out)?.to_vec();
    if let Some(path) = &args.numbers {
        write_numbers(path, study.modality, &rows)?;
        written.push(path.clone());
    }
    written.iter().for_each(|path| println!("wrote {}", path.display()));
    Ok(())
}

/// What is measured of one image.
struct Described {
    id: String,
    gaze: Option<Option<Measurements>>,
    truth: Option<Option<Measurements>>,
    drawn: Option<Description>,
}

fn of_data(args: &AgreeArgs) -> Result<(DescriptionStudy, Vec<NumbersRow>)> {
    let folder = args.data.as_deref().context("name a data set with --data, or a number of --phantoms")?;
    let dataset = Dataset::open(folder)?;
    let modality = args.modality.map_or_else(|| dataset.modality(), |modality| Ok(modality.into()))?;
    let read = |path: &Path| -> Result<BTreeMap<String, Record>> {
        let records = store::read(path)?;
        let known = records.keys().filter(|id| dataset.case(id).is_some()).count();
        ensure!(known > 0, "{} describes no image of {}: is it the right file?", path.display(), folder.display());
        for (id, record) in &records {
            ensure!(
                record.description.modality == modality,
                "{} describes `{id}` as a {}, not as a {}: see --modality",
                path.display(),
                record.description.modality.noun(),
                modality.noun()
            );
        }
        Ok(records)
    };
    let measured = args.measured.as_deref().map(read).transpose()?;
    let imported = args.import.as_deref().map(read).transpose()?;
    let params = PseudoMaskParams::of(modality);
    let bar = Mutex::new(Progress::new(args.quiet).bar("measure", dataset.cases.len() as u64));
    let described = parallel::map(
        &dataset.cases,
        |case| measure_case(case, measured.is_none(), &params),
        || bar.lock().unwrap_or_else(PoisonError::into_inner).inc(1),
    );
    bar.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    let described = described.into_iter().collect::<Result<Vec<_>>>()?;

    let of = |records: BTreeMap<String, Record>| records.into_iter().map(|(id, r)| (id, r.description)).collect();
    let gaze: BTreeMap<String, Description> = measured.map_or_else(|| words(&described, modality, |l| &l.gaze), of);
    let truth = words(&described, modality, |l| &l.truth);
    let imported: BTreeMap<String, Description> = imported.map(of).unwrap_or_default();
    let import_name = imported.values().next().map_or(IMPORTED.into(), |d| d.source.to_string());
    let pair = |a: (&str, &BTreeMap<String, Description>), b: (&str, &BTreeMap<String, Description>)| {
        let both: Vec<_> = dataset.cases.iter().filter_map(|c| a.1.get(&c.id).zip(b.1.get(&c.id))).collect();
        (!both.is_empty()).then(|| compare(a.0, b.0, modality, &both))
    };
    let pairs = [
        pair((MEASURED, &gaze), (&import_name, &imported)),
        pair((MEASURED, &gaze), (MEASURED_TRUE, &truth)),
        pair((&import_name, &imported), (MEASURED_TRUE, &truth)),
    ];
    let pairs: Vec<_> = pairs.into_iter().flatten().collect();
    ensure!(
        !pairs.is_empty(),
        "{} has neither masks nor other descriptions to compare with: name a file with --import",
        folder.display()
    );
    let mut caveats = vec![format!(
        "`{MEASURED_TRUE}` is the same measurement inside the true mask: it shows what the gaze mask costs, not what a \
         clinician would say. Geometry is settled by the true mask; colour, contrast, texture and border are measured \
         from pixels."
    )];
    if dataset.cases.iter().any(|c| c.gaze.is_some() && c.origin == GazeOrigin::Simulated) {
        caveats.push(format!("On images with simulated gaze: {SIMULATED}."));
    }
    caveats.extend(import_caveats(args.import.as_deref())?);
    let all = Split {
        name: "all".into(),
        train: dataset.cases.iter().map(|c| c.id.clone()).collect(),
        validation: Vec::new(),
        test: Vec::new(),
        drawn: false,
    };
    let counts = [("measured", gaze.len()), ("import", imported.len()), ("true masks", truth.len())];
    let data = DataAbout {
        name: dataset.name.clone(),
        images: dataset.cases.len(),
        sha256: Some(data_hash(&dataset, &all, &ImageStore::default())?),
        phantom_seed: None,
    };
    let study = study(args, modality, data, &counts, caveats, pairs)?;
    Ok((study, rows(described, modality)))
}

/// What the imported records ask to be said, each thing once.
fn import_caveats(path: Option<&Path>) -> Result<Vec<String>> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let mut caveats: Vec<String> = store::read(path)?.into_values().filter_map(|r| r.caveat).collect();
    caveats.sort();
    caveats.dedup();
    Ok(caveats.into_iter().map(|c| format!("Imported descriptions: {c}")).collect())
}

/// Measures one case. The true mask is opened where there is one.
fn measure_case(case: &Case, gaze: bool, params: &PseudoMaskParams) -> Result<Described> {
    let image = case.load_image()?;
    let (width, height) = (image.width() as usize, image.height() as usize);
    let gaze = (gaze && case.gaze.is_some()).then(|| broad_mask(case, &image, params)).transpose()?;
    let truth = case.mask.is_some().then(|| case.load_mask(width, height)).transpose()?;
    // Nothing can be described where nothing is.
    let truth = truth.filter(|truth| !truth.is_empty());
    let measure = |mask: Option<Mask>| mask.map(|mask| measurements(&image, &mask));
    Ok(Described { id: case.id.clone(), gaze: measure(gaze), truth: measure(truth), drawn: None })
}

fn of_phantoms(args: &AgreeArgs, count: usize) -> Result<(DescriptionStudy, Vec<NumbersRow>)> {
    let modality = args.modality.map_or(Modality::Polyp, Modality::from);
    let (width, height) = args.size.unwrap_or(best_size(modality));
    let params = PseudoMaskParams::of(modality);
    let bar = Mutex::new(Progress::new(args.quiet).bar("draw", count as u64));
    let indices: Vec<usize> = (0..count).collect();
    let described = parallel::map(
        &indices,
        |index| {
            let drawn = fovea_phantom::draw(modality, picture_seed(args.seed, *index), width, height);
            let image: &RgbImage = &drawn.image;
            let broad = pseudo_masks(image, &drawn.gaze, &params).broad;
            Described {
                id: format!("{}-{}-{index:05}", domain(modality), args.seed),
                gaze: Some(measurements(image, &broad)),
                truth: Some(measurements(image, &drawn.mask)),
                drawn: Some(drawn.description),
            }
        },
        || bar.lock().unwrap_or_else(PoisonError::into_inner).inc(1),
    );
    bar.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    let drawn: Vec<Description> = described.iter().filter_map(|l| l.drawn.clone()).collect();
    let against = |name: &str, measured: &BTreeMap<String, Description>| {
        let pairs: Vec<_> = measured.values().zip(&drawn).collect();
        compare(name, DRAWN, modality, &pairs)
    };
    // Ids sort as the indices do, up to the 100,000 that are drawn at most.
    let pairs = vec![
        against(MEASURED, &words(&described, modality, |l| &l.gaze)),
        against(MEASURED_TRUE, &words(&described, modality, |l| &l.truth)),
    ];
    let mut caveats = vec![format!("`{DRAWN}` is known from the drawing: {}", known(modality))];
    caveats.push("The gaze is simulated from the true mask: its broad mask says nothing about recorded gaze.".into());
    let data = DataAbout {
        name: format!("{} phantoms {width}x{height}", domain(modality)),
        images: count,
        sha256: None,
        phantom_seed: Some(args.seed),
    };
    let study = study(args, modality, data, &[("measured", count), ("drawn", count)], caveats, pairs)?;
    Ok((study, rows(described, modality)))
}

/// What the truth of a phantom rests on.
fn known(modality: Modality) -> &'static str {
    match modality {
        Modality::Polyp => {
            "location, size and shape from the true mask by the same measures, border, colour and contrast from the \
             bare tissue (as lit and developed, without mucus, highlights, bubbles, blur and noise), cover and Paris \
             class from what was drawn. \
             Texture has no drawn truth. Mucus and stool are drawn and never asserted by a measurement."
        }
        Modality::SkinLesion => {
            "location, size, shape and asymmetry from the true mask by the same measures, border, colour, contrast and \
             number of colours from the bare skin (as lit and developed, without hair, gel, ruler, blur and noise), \
             texture and structure from what was drawn, the artefact is what covers most. Of artefacts a measurement \
             asserts dark corners only, and never a structure."
        }
        Modality::Prostate => {
            "location, size, shape and symmetry from the true mask by the same measures, border, signal, contrast and \
             zone contrast from the tissue's signal in the window of the picture (without coil shading, blur and \
             noise). Texture has no drawn truth."
        }
    }
}

/// The descriptions of the images that were measured, by id.
fn words(
    described: &[Described],
    modality: Modality,
    which: impl Fn(&Described) -> &Option<Option<Measurements>>,
) -> BTreeMap<String, Description> {
    let one = |l: &Described| {
        let numbers = which(l).as_ref()?;
        Some((l.id.clone(), describe(numbers.as_ref(), modality)))
    };
    described.iter().filter_map(one).collect()
}

/// One line for every image and mask, and one for what was drawn.
fn rows(described: Vec<Described>, modality: Modality) -> Vec<NumbersRow> {
    let lines = |l: Described| {
        let measured = |of: &'static str, numbers: Option<Measurements>| NumbersRow {
            id: l.id.clone(),
            of,
            words: describe(numbers.as_ref(), modality),
            numbers,
        };
        let drawn = |words: Description| NumbersRow { id: l.id.clone(), of: "drawn", numbers: None, words };
        [l.gaze.map(|n| measured("gaze", n)), l.truth.map(|n| measured("true", n)), l.drawn.map(drawn)]
    };
    described.into_iter().flat_map(lines).flatten().collect()
}

fn study(
    args: &AgreeArgs,
    modality: Modality,
    data: DataAbout,
    counts: &[(&str, usize)],
    caveats: Vec<String>,
    pairs: Vec<crate::describe::agreement::Agreement>,
) -> Result<DescriptionStudy> {
    let name = args.out.file_stem().with_context(|| format!("{} has no file name", args.out.display()))?;
    Ok(DescriptionStudy {
        kind: DescriptionsKind::Only,
        study: name.to_string_lossy().into_owned(),
        command: command_line(),
        git_sha: git_sha().into(),
        device: "cpu".into(),
        modality,
        thresholds: THRESHOLDS_VERSION.into(),
        data,
        descriptions: counts.iter().map(|(name, count)| ((*name).to_string(), *count)).collect(),
        caveats,
        pairs,
    })
}
