//! `fovea gallery rank`.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use fovea_shared::{
    gaze::{Fixation, Scanpath},
    image::resize_plane,
    metrics::dice,
    model::PromptMaps,
    plane::{Mask, Plane},
    predictor::mask_at,
};

use crate::{
    command::common::Common,
    data::{Case, Dataset, splits},
    networks::{Networks, Opened, open_predictor},
    run::{Progress, write_atomic},
};

/// Rank test images by how much one look changes the teacher's mask: where a gallery finds its riddles.
///
/// One line an image, the largest gain first: its id, how many lesions its mask shows and how much
/// of it they cover, the teacher's Dice without a look, with one look of 300 ms at the deepest
/// point of the mask, the difference, and the student's Dice. No text is read.
#[derive(Debug, Args)]
pub(crate) struct RankArgs {
    /// Bundle of the networks.
    #[arg(long, value_name = "DIR", required_unless_present = "run", conflicts_with = "run")]
    bundle: Option<PathBuf>,
    /// Run folder of the networks, in place of a bundle.
    #[arg(long, value_name = "DIR")]
    run: Option<PathBuf>,
    /// Data set folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Split whose test images are ranked [default: the data set's own, where there is one].
    #[arg(long)]
    split: Option<String>,
    /// Student of the bundle [default: the one that is shown first].
    #[arg(long)]
    student: Option<String>,
    /// CSV file to write the lines to.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// Length of the look, ms.
const LOOK_MS: f32 = 300.0;
/// Side of the copy of a mask in which lesions are counted and the deepest point is found, pixels.
const SIDE: usize = 96;
/// Least share of the image that counts as a lesion; less is a ragged edge.
const LESION: f64 = 0.002;

/// An image with its figures.
struct Ranked {
    id: String,
    lesions: usize,
    share: f64,
    without: f64,
    with: f64,
    student: f64,
}

pub(super) fn run(args: &RankArgs) -> Result<()> {
    let device = args.common.device.open()?;
    let Opened { networks, name, .. } = open_predictor(args.run.as_deref(), args.bundle.as_deref(), &device.device)?;
    ensure!(networks.takes_gaze(), "{name} has a teacher that takes no gaze, so no look changes anything");
    let student = networks.find_student(args.student.as_deref())?;
    let dataset = Dataset::open(&args.data)?;
    let split = match &args.split {
        Some(split) => split.clone(),
        None => splits::default_name(&dataset)?,
    };
    let test = splits::split(&dataset, &split, 0.0, 0)?.test;
    ensure!(!test.is_empty(), "the split `{split}` of {} has no test images", args.data.display());
    let mut bar = Progress::new(args.common.quiet).bar("rank", test.len() as u64);
    let mut ranked = Vec::new();
    for case in dataset.select(&test)? {
        ranked.push(look_at(&networks, student, case)?);
        bar.inc(1);
    }
    bar.finish();
    ranked.sort_by(|a, b| (b.with - b.without).total_cmp(&(a.with - a.without)));
    let lines: Vec<String> = ranked.iter().map(Ranked::line).collect();
    let table = format!("id,lesions,share,without,with_look,gain,student\n{}\n", lines.join("\n"));
    match &args.out {
        Some(path) => {
            write_atomic(path, table.as_bytes())?;
            println!("{}: {} images", path.display(), ranked.len());
        }
        None => print!("{table}"),
    }
    Ok(())
}

fn look_at(networks: &Networks, student: usize, case: &Case) -> Result<Ranked> {
    let image = case.load_image()?;
    let [width, height] = [image.width(), image.height()].map(|side| side as usize);
    let mask = case.load_mask(width, height)?;
    let small = resize_plane(&mask.to_plane(), SIDE, SIDE).at_least(0.5);
    let (x, y) = deepest(&small).with_context(|| format!("the mask of `{}` is empty", case.id))?;
    let look = Scanpath { fixations: vec![Fixation { x, y, duration_ms: LOOK_MS, start_ms: 0.0 }] };
    let heat = PromptMaps::of(&look);
    let of = |logits: &Plane| dice(&mask_at(logits, width, height), &mask);
    let [without, seen] = networks.ask(&image, None, Vec::new(), student)?;
    let [with, _] = networks.ask(&image, Some(&heat), Vec::new(), student)?;
    Ok(Ranked {
        id: case.id.clone(),
        lesions: lesions(&small),
        share: mask.area() as f64 / (width * height) as f64,
        without: of(&without),
        with: of(&with),
        student: of(&seen),
    })
}

impl Ranked {
    fn line(&self) -> String {
        let Self { id, lesions, share, without, with, student } = self;
        format!("{id},{lesions},{share:.3},{without:.3},{with:.3},{:+.3},{student:.3}", with - without)
    }
}

/// The point that lies farthest from the mask's outline, in fractions of the image: the pixel that
/// outlives the others when the mask is peeled layer by layer, the one nearest to the middle of
/// those that go last together. `None` for an empty mask.
fn deepest(mask: &Mask) -> Option<(f32, f32)> {
    let Mask { width, height, .. } = *mask;
    let mut left = mask.clone();
    let last = loop {
        let enclosed = |i: usize| {
            let (x, y) = (i % width, i / width);
            let inside = |x: usize, y: usize| left.data[y * width + x];
            x > 0
                && y > 0
                && x + 1 < width
                && y + 1 < height
                && (y - 1..=y + 1).all(|y| (x - 1..=x + 1).all(|x| inside(x, y)))
        };
        let peeled = Mask::from_vec(width, height, (0..left.data.len()).map(enclosed).collect());
        if peeled.is_empty() {
            break left;
        }
        left = peeled;
    };
    let pixels = || (0..last.data.len()).filter(|i| last.data[*i]).map(|i| ((i % width) as f32, (i / width) as f32));
    let count = pixels().count() as f32;
    let (sum_x, sum_y) = pixels().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    let far = |(x, y): &(f32, f32)| (x - sum_x / count).powi(2) + (y - sum_y / count).powi(2);
    let (x, y) = pixels().min_by(|a, b| far(a).total_cmp(&far(b)))?;
    Some(((x + 0.5) / width as f32, (y + 0.5) / height as f32))
}

/// How many separate lesions a mask shows, specks left out.
fn lesions(mask: &Mask) -> usize {
    let Mask { width, height, .. } = *mask;
    let mut left = mask.data.clone();
    let mut found = 0;
    for start in 0..left.len() {
        let (mut area, mut next) = (0, vec![start]);
        while let Some(i) = next.pop() {
            if !std::mem::take(&mut left[i]) {
                continue;
            }
            area += 1;
            let (x, y) = (i % width, i / width);
            for y in y.saturating_sub(1)..(y + 2).min(height) {
                next.extend((x.saturating_sub(1)..(x + 2).min(width)).map(|x| y * width + x));
            }
        }
        found += usize::from(f64::from(area) >= LESION * (width * height) as f64 && area > 0);
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn mask(inside: impl Fn(usize, usize) -> bool) -> Mask {
        Mask::from_vec(SIDE, SIDE, (0..SIDE * SIDE).map(|i| inside(i % SIDE, i / SIDE)).collect())
    }

    #[test]
    fn the_deepest_point_is_in_the_thickest_part_and_never_outside() {
        let square = |x: usize, y: usize| (60..80).contains(&x) && (10..30).contains(&y);
        // A thin, long lesion of more pixels beside it.
        let two = mask(|x, y| square(x, y) || (50..55).contains(&y));
        let (x, y) = deepest(&two).unwrap();
        assert!((x - 70.0 / SIDE as f32).abs() < 0.02 && (y - 20.0 / SIDE as f32).abs() < 0.02, "{x} {y}");
        // Of a ring the middle is not part.
        let ring = mask(|x, y| (20.0..30.0).contains(&(x as f32 - 48.0).hypot(y as f32 - 48.0)));
        let (x, y) = deepest(&ring).unwrap();
        assert!(ring.at((x * SIDE as f32) as usize, (y * SIDE as f32) as usize));
        assert_eq!((deepest(&mask(|_, _| false)), lesions(&two), lesions(&ring)), (None, 2, 1));
        let speck = mask(|x, y| square(x, y) || (x == 2 && y == 2));
        assert_eq!(lesions(&speck), 1);
    }
}
