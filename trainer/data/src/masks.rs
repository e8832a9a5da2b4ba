//! How well pseudo-masks tell the true masks.

use fovea_shared::{
    gaze::Scanpath,
    image::{RgbImage, resize_plane},
    metrics::dice,
    plane::Mask,
    pseudo_mask::{PseudoMaskParams, PseudoMasks, pseudo_masks},
};
use serde::Serialize;

use super::{
    Case,
    error::{DataError, Result},
    parallel,
    stats::Distribution,
};

/// One kind of pseudo-mask against the truth.
#[derive(Debug, Serialize)]
pub struct Told {
    /// Which one.
    pub name: &'static str,
    /// Dice with the true mask (of the reliable background: with what is not lesion), an image each.
    pub dice: Distribution,
    /// Share of its pixels, of all images together, that are right.
    pub precision: f64,
    /// Share of what it should hold, of all images together, that it does.
    pub recall: f64,
}

/// Dice of the broad mask for lesions of about one size.
#[derive(Debug, Serialize)]
pub struct OfSize {
    /// Smallest and largest share of the image that the lesion takes.
    pub area: (f64, f64),
    /// Dice of the broad pseudo-mask.
    pub dice: Distribution,
}

/// Pseudo-masks against true masks.
#[derive(Debug, Serialize)]
pub struct Measured {
    /// Images with gaze and a mask that is not empty, which alone count.
    pub images: usize,
    /// What the masks were made with.
    pub params: PseudoMaskParams,
    /// Broad, high-confidence, background; and the heat map, cut where the broad mask is.
    pub labels: Vec<Told>,
    /// The broad mask by a quarter of the images each, small lesions first.
    pub sizes: Vec<OfSize>,
}

const NAMES: [&str; 4] = ["broad mask", "high-confidence mask", "reliable background", "heat map alone"];

/// What one image contributes to one label.
#[derive(Clone, Copy)]
struct Counts {
    dice: f64,
    right: usize,
    said: usize,
    wanted: usize,
}

impl Counts {
    fn of(said: &Mask, wanted: &Mask) -> Self {
        let right = said.data.iter().zip(&wanted.data).filter(|(said, wanted)| **said && **wanted).count();
        Self { dice: dice(said, wanted), right, said: said.area(), wanted: wanted.area() }
    }
}

/// Makes the pseudo-masks of all cases that have gaze and a true mask and compares them, at the
/// pseudo-masks' side. `done` is called after every case, from any thread.
///
/// # Errors
/// An image or mask that cannot be read, or no case with both gaze and mask.
pub fn measure(cases: &[Case], params: &PseudoMaskParams, done: impl Fn() + Sync) -> Result<Measured> {
    let measured = parallel::map(cases, |case| measure_case(case, params), done);
    let mut measured: Vec<(f64, [Counts; 4])> =
        measured.into_iter().filter_map(Result::transpose).collect::<Result<_>>()?;
    measured.sort_by(|a, b| a.0.total_cmp(&b.0));
    let labels =
        NAMES.into_iter().enumerate().filter_map(|(place, name)| told(name, measured.iter().map(|m| m.1[place])));
    let labels: Vec<Told> = labels.collect();
    if labels.is_empty() {
        return Err(DataError::NothingToCompare { images: cases.len() });
    }
    let sizes = measured.chunks(measured.len().div_ceil(4)).filter_map(|quarter| {
        let dice = Distribution::of(quarter.iter().map(|m| m.1[0].dice).collect())?;
        Some(OfSize { area: (quarter.first()?.0, quarter.last()?.0), dice })
    });
    Ok(Measured { images: measured.len(), params: params.clone(), sizes: sizes.collect(), labels })
}

/// The share of the image that the lesion takes, and the counts of every label.
fn measure_case(case: &Case, params: &PseudoMaskParams) -> Result<Option<(f64, [Counts; 4])>> {
    let (Some(gaze), Some(_)) = (&case.gaze, &case.mask) else { return Ok(None) };
    let image = case.load_image()?;
    let truth = case.load_mask(image.width() as usize, image.height() as usize)?;
    if truth.is_empty() {
        return Ok(None);
    }
    let truth = resize_plane(&truth.to_plane(), params.side, params.side).at_least(0.5);
    Ok(Some((truth.area() as f64 / truth.data.len() as f64, compare(&image, gaze, &truth, params))))
}

fn compare(image: &RgbImage, gaze: &Scanpath, truth: &Mask, params: &PseudoMaskParams) -> [Counts; 4] {
    let PseudoMasks { heat, high_confidence, broad, background, .. } = pseudo_masks(image, gaze, params);
    let outside = Mask::from_vec(truth.width, truth.height, truth.data.iter().map(|inside| !inside).collect());
    [
        Counts::of(&broad, truth),
        Counts::of(&high_confidence, truth),
        Counts::of(&background, &outside),
        Counts::of(&heat.at_least(params.broad), truth),
    ]
}

fn told(name: &'static str, counts: impl Iterator<Item = Counts> + Clone) -> Option<Told> {
    let sum = |of: fn(&Counts) -> usize| counts.clone().map(|c| of(&c)).sum::<usize>().max(1) as f64;
    let right = counts.clone().map(|c| c.right).sum::<usize>() as f64;
    let dice = Distribution::of(counts.clone().map(|c| c.dice).collect())?;
    Some(Told { name, dice, precision: right / sum(|c| c.said), recall: right / sum(|c| c.wanted) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Dataset, fixture};
    use super::*;

    #[test]
    fn counts_are_of_pixels_and_dice_of_images() {
        let mask = |bits: [bool; 4]| Mask::from_vec(2, 2, bits.to_vec());
        let truth = mask([true, true, false, false]);
        let counts =
            [mask([true, false, false, false]), mask([true, true, true, true])].map(|m| Counts::of(&m, &truth));
        let told = told("a", counts.into_iter()).unwrap();
        assert!((told.dice.mean - 2.0 / 3.0).abs() < 1e-12, "{told:?}");
        assert_eq!((told.precision, told.recall), (3.0 / 5.0, 3.0 / 4.0));
    }

    #[test]
    fn the_image_helps_and_the_background_is_outside() {
        let drawn = fovea_phantom::polyp(3, 160, 120);
        let params = PseudoMaskParams { side: 64, ..PseudoMaskParams::default() };
        let truth = resize_plane(&drawn.mask.to_plane(), 64, 64).at_least(0.5);
        let [broad, high, background, heat] = compare(&drawn.image, &drawn.gaze, &truth, &params);
        assert!(broad.dice > heat.dice && high.said <= broad.said);
        assert!(background.right as f64 > 0.95 * background.said as f64);
    }

    #[test]
    fn images_without_mask_do_not_count_and_without_any_it_says_so() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b"]);
        std::fs::remove_file(folder.path().join("masks/b.png")).unwrap();
        let data = Dataset::open(folder.path()).unwrap();
        let params = PseudoMaskParams { side: 24, ..PseudoMaskParams::default() };
        let measured = measure(&data.cases, &params, || ()).unwrap();
        assert_eq!((measured.images, measured.labels.len(), measured.sizes.len()), (1, 4, 1));
        let error = measure(&data.owned(&["b".into()]).unwrap(), &params, || ()).unwrap_err().to_string();
        assert!(error.contains("none of the 1 images"), "{error}");
    }
}
