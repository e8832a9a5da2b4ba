//! `fovea predict`.

mod inputs;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use clap::Args;
use fovea_shared::{
    description::{Modality, measured::measure},
    gaze::{Fixation, Scanpath},
    image::{Decoded, Note, RgbImage, resize_plane},
    model::PromptMaps,
    plane::{Mask, Plane},
    predictor::mask_at,
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};
use image::GrayImage;

use self::inputs::{Input, Inputs};
use crate::{
    command::common::Common,
    data::{check_gaze::gaze_file, domain::UnknownDomain, phantom::mask_image, stack, text::composed},
    describe::store::{self, Record},
    features::FLIPS,
    networks::{Networks, Opened, open_predictor},
    report::draw,
    run::{Progress, table, tokens, write_atomic, write_png},
    text::TextEncoder,
};

/// Segment images with a trained run or a bundle.
///
/// For every image: NAME-student.png and NAME-teacher.png (masks, 255 inside), NAME-overlay.png (student blue, teacher
/// orange, fixations white) and NAME.json (areas, mean probabilities, gaze, model). The student sees the image alone;
/// fixations reach the teacher only, and not that of the preset `paper`, which has no gaze prompt.
///
/// A folder that holds one DICOM series, and a DICOM file of several frames, are segmented slice by
/// slice in order, as NAME_1,
/// NAME_2 and so on; NAME is the PatientID of the series, else the name of the folder or file.
/// Where the slices say where they
/// lie, NAME-student.nii and NAME-teacher.nii hold the masks as one volume.
#[derive(Debug, Args)]
pub(crate) struct PredictArgs {
    /// Run folder of `fovea train`.
    #[arg(long, value_name = "DIR", conflicts_with = "bundle", required_unless_present = "bundle")]
    run: Option<PathBuf>,
    /// Folder of one bundle of `fovea export`, such as www/bundle/polyp.
    #[arg(long, value_name = "DIR")]
    bundle: Option<PathBuf>,
    /// Which student of a bundle with several, such as `+afc` [default: the bundle's own].
    #[arg(long, value_name = "NAME", requires = "bundle")]
    student: Option<String>,
    /// A student in a file, such as the `student.safetensors` that the page saves with own
    /// pictures. It must have been taught on this bundle's backbone.
    #[arg(long, value_name = "FILE", requires = "bundle", conflicts_with = "student")]
    student_file: Option<PathBuf>,
    /// Gaze CSV; rows are matched by file name without extension.
    #[arg(long, value_name = "FILE")]
    gaze: Option<PathBuf>,
    /// A fixation X,Y or X,Y,MS for every image: fractions of width and height from the top left, dwell in ms
    /// [default dwell: 300]. May be repeated.
    #[arg(long, value_name = "X,Y[,MS]", value_parser = parse_fixation, conflicts_with = "gaze")]
    fixation: Vec<Fixation>,
    /// What the teacher reads: `measured` (from the fixations and the pixels), or a file of `fovea
    /// describe` (rows are matched by file name without extension).
    #[arg(long, value_name = "measured|FILE", conflicts_with = "text")]
    description: Option<PathBuf>,
    /// What the teacher reads, in your own words; one phrase per use. Needs --encoder.
    #[arg(long, value_name = "WORDS", requires = "encoder")]
    text: Vec<String>,
    /// Folder of the text encoder (`cargo xtask phrases` prints where it keeps it).
    #[arg(long, value_name = "DIR")]
    encoder: Option<PathBuf>,
    /// Folder for the results.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// JPEG, PNG, WebP or DICOM images, or folders with one DICOM series each. Slices of a series
    /// and frames of a file are
    /// segmented in order, as NAME_1, NAME_2 and so on, and their masks are also written as one NIfTI volume.
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

fn parse_fixation(text: &str) -> Result<Fixation, String> {
    let parts: Vec<f32> = text
        .split(',')
        .map(|part| part.trim().parse().map_err(|_| format!("`{part}` is not a number")))
        .collect::<Result<_, _>>()?;
    let (x, y, duration_ms) = match parts[..] {
        [x, y] => (x, y, 300.0),
        [x, y, ms] => (x, y, ms),
        _ => return Err("expected X,Y or X,Y,MS".into()),
    };
    if !(0.0..=1.0).contains(&x) || !(0.0..=1.0).contains(&y) {
        return Err(format!("x and y are fractions from 0 to 1, not {x},{y}"));
    }
    if !(duration_ms > 0.0 && duration_ms.is_finite()) {
        return Err(format!("the dwell must be a positive number of ms, not {duration_ms}"));
    }
    Ok(Fixation { x, y, duration_ms, start_ms: 0.0 })
}

pub(crate) fn run(args: PredictArgs) -> Result<()> {
    let device = args.common.device.open()?;
    let Opened { mut networks, name: model, modality } =
        open_predictor(args.run.as_deref(), args.bundle.as_deref(), &device.device)?;
    let student = match &args.student_file {
        Some(file) => networks.add_student(file)?,
        None => networks.find_student(args.student.as_deref())?,
    };
    let gaze = match &args.gaze {
        Some(path) => {
            let file = || format!("the gaze file {}", path.display());
            let (paths, findings) = gaze_file(path).with_context(file)?;
            for finding in findings {
                Progress::new(args.common.quiet).say(&format!("note: {}: {finding}", file()));
            }
            Some(paths)
        }
        None => None,
    };
    if !networks.takes_gaze() && (gaze.is_some() || !args.fixation.is_empty()) {
        Progress::new(args.common.quiet).say(
            "note: this teacher takes no gaze; fixations are drawn, and --description measured measures within them",
        );
    }
    let words = Words::of_args(&args)?;
    let mut inputs = Inputs::open(&args.images)?;
    fs::create_dir_all(&args.out).with_context(|| format!("the folder {} cannot be made", args.out.display()))?;
    inputs.warn();
    let progress = Progress::new(args.common.quiet);
    let mut bar = progress.bar("predict", inputs.pictures.len() as u64);
    for input in &inputs.pictures {
        progress.go_on()?;
        let Input { name, .. } = input;
        let scanpath = match &gaze {
            Some(gaze) => Some(gaze.get(&composed(name)).cloned().with_context(|| {
                format!(
                    "the gaze file has no row for `{name}`; leave the image out or name its fixations with --fixation"
                )
            })?),
            None if args.fixation.is_empty() => None,
            None => Some(Scanpath { fixations: args.fixation.clone() }),
        };
        let decoded = stack::decode(&input.path, input.frame)?;
        let asked = (scanpath.as_ref(), words.of(&decoded.image, name, scanpath.as_ref(), &modality)?);
        let masks = predict_one((&networks, student), (input, &decoded), asked, &args.out, &model, &device.name)?;
        inputs.volumes.keep(input, &masks);
        bar.inc(1);
    }
    bar.finish();
    inputs.volumes.write(&args.out)
}

fn predict_one(
    (networks, student): (&Networks, usize),
    (input, decoded): (&Input, &Decoded),
    (gaze, read): (Option<&Scanpath>, Read),
    out: &Path,
    model: &str,
    device: &str,
) -> Result<[Mask; 2]> {
    let Input { name, path, frame, .. } = input;
    let Decoded { image, notes } = decoded;
    notes.iter().for_each(|note| log::warn!("the image {} {note}", path.display()));
    let notes: Vec<String> = notes.iter().map(Note::to_string).collect();
    let (width, height) = (image.width() as usize, image.height() as usize);
    let heat = gaze.map(PromptMaps::of);
    let directed = networks.student_name(student);
    let [teacher, student] = networks.ask(image, heat.as_ref(), read.tokens, student)?;
    let masks =
        [("student", &student), ("teacher", &teacher)].map(|(who, logits)| (who, mask_at(logits, width, height)));
    for (who, mask) in &masks {
        save(&mask_image(mask), &out.join(format!("{name}-{who}.png")))?;
    }
    let drawn = overlay(image, &masks[0].1, &masks[1].1, gaze);
    let file = out.join(format!("{name}-overlay.png"));
    write_png(&drawn, &file)?;
    let report = serde_json::json!({
        "image": path, "frame": frame + 1, "image_notes": notes, "width": width, "height": height, "model": model,
        "student_name": directed, "device": device,
        "gaze": gaze.map(|g| &g.fixations), "read": read.said,
        "student": summary(&masks[0].1, &student), "teacher": summary(&masks[1].1, &teacher),
        "note": "Research and education only; not a medical device. The student sees the image alone; fixations and \
                 words reach the teacher only.",
    });
    let file = out.join(format!("{name}.json"));
    write_atomic(&file, serde_json::to_string_pretty(&report)?.as_bytes())?;
    Ok(masks.map(|(_, mask)| mask))
}

/// Where the teacher's words come from.
enum Words {
    Nothing,
    Measured,
    File(BTreeMap<String, Record>),
    Own(Read),
}

/// What the teacher reads on one image.
#[derive(Clone, Default)]
struct Read {
    tokens: Vec<Vec<f32>>,
    /// The same for the report.
    said: serde_json::Value,
}

impl Words {
    fn of_args(args: &PredictArgs) -> Result<Self> {
        if let Some(folder) = args.encoder.as_ref().filter(|_| !args.text.is_empty()) {
            let encoder = TextEncoder::open(folder)?;
            let embed = |words: &String| encoder.embed(words).map(|vector| table().centred(&vector));
            let tokens = args.text.iter().map(embed).collect::<Result<Vec<_>, _>>()?;
            return Ok(Self::Own(Read { tokens, said: serde_json::json!({ "own_words": args.text }) }));
        }
        match &args.description {
            None => Ok(Self::Nothing),
            Some(path) if path.as_os_str() == "measured" => Ok(Self::Measured),
            Some(path) => Ok(Self::File(store::read(path)?)),
        }
    }

    fn of(
        &self,
        image: &RgbImage,
        name: &str,
        gaze: Option<&Scanpath>,
        modality: &Result<Modality, UnknownDomain>,
    ) -> Result<Read> {
        let description = match self {
            Self::Nothing => return Ok(Read::default()),
            Self::Own(read) => return Ok(read.clone()),
            Self::File(records) => {
                let record = records.get(name).with_context(|| format!("the file of descriptions has no `{name}`"))?;
                record.description.clone()
            }
            Self::Measured => {
                let gaze = gaze.context("--description measured needs gaze: name it with --gaze or --fixation")?;
                let modality = modality.clone()?;
                let masks = pseudo_masks(image, gaze, &PseudoMaskParams::of(modality));
                measure(image, &masks.broad, modality)
            }
        };
        Ok(Read { tokens: tokens(Some(&description), FLIPS[0]), said: serde_json::to_value(&description)? })
    }
}

fn summary(mask: &Mask, logits: &Plane) -> serde_json::Value {
    let probability = resize_plane(logits, mask.width, mask.height);
    let inside: Vec<f64> = probability
        .data
        .iter()
        .zip(&mask.data)
        .filter(|(_, inside)| **inside)
        .map(|(logit, _)| 1.0 / (1.0 + (-f64::from(*logit)).exp()))
        .collect();
    let mean = (!inside.is_empty()).then(|| inside.iter().sum::<f64>() / inside.len() as f64);
    serde_json::json!({
        "area_pixels": mask.area(),
        "area_share": mask.area() as f64 / mask.data.len() as f64,
        "mean_probability_inside": mean,
    })
}

fn save(image: &GrayImage, file: &Path) -> Result<()> {
    ensure!(image.width() > 0, "{} would be empty", file.display());
    write_png(image, file)
}

/// The image with both outlines and the fixations.
fn overlay(image: &RgbImage, student: &Mask, teacher: &Mask, gaze: Option<&Scanpath>) -> RgbImage {
    let mut out = image.clone();
    let thickness = (image.width().max(image.height()) / 400).max(1);
    draw::outline(&mut out, student, draw::colour::SKY_BLUE, thickness);
    draw::outline(&mut out, teacher, draw::colour::ORANGE, thickness);
    if let Some(gaze) = gaze {
        draw::scanpath(&mut out, gaze);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixations_are_read_and_refused() {
        assert_eq!(parse_fixation("0.5, 1").map(|f| (f.x, f.y, f.duration_ms)), Ok((0.5, 1.0, 300.0)));
        assert_eq!(parse_fixation("0,0,450").map(|f| f.duration_ms), Ok(450.0));
        for bad in ["", "1", "2,0", "0,-1", "a,b", "0,0,0", "0,0,inf", "0,0,1,1", "nan,0"] {
            assert!(parse_fixation(bad).is_err(), "{bad}");
        }
    }
}
