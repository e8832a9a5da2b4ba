//! Figures of a data set: sizes, mask areas, gaze, and how well gaze alone tells the mask.

use std::collections::BTreeMap;

use fovea_shared::gaze::{HeatParams, Scanpath, heat_map};
use fovea_shared::metrics::dice;
use fovea_shared::plane::Mask;
use serde::Serialize;

use super::error::Result;
use super::splits::{List, Role, list_files};
use super::truth::Truth;
use super::{Case, Dataset, GazeOrigin, parallel};

/// Heat levels whose Dice against the true mask is reported: those of the high-confidence and of
/// the broad mask, .5 and .3 for Kvasir-SEG and ISIC, .4 and .2 for NCI-ISBI (method.md, section
/// 1).
pub const HEAT_LEVELS: [f32; 4] = [0.5, 0.4, 0.3, 0.2];

/// How values are spread.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Distribution {
    /// Number of values.
    pub count: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation of the sample (n - 1); 0 for one value.
    pub sd: f64,
    /// Smallest value.
    pub min: f64,
    /// First quartile.
    pub q1: f64,
    /// Median.
    pub median: f64,
    /// Third quartile.
    pub q3: f64,
    /// Largest value.
    pub max: f64,
}

impl Distribution {
    /// The distribution of finite values; `None` for no values. Quartiles are interpolated linearly.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        let quantile = |q: f64| {
            let position = q * last as f64;
            let below = position.floor() as usize;
            values[below] + (position - below as f64) * (values[(below + 1).min(last)] - values[below])
        };
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
        let sd = if last > 0 { (squares / last as f64).sqrt() } else { 0.0 };
        let (min, q1, median) = (quantile(0.0), quantile(0.25), quantile(0.5));
        Some(Self { count: values.len(), mean, sd, min, q1, median, q3: quantile(0.75), max: quantile(1.0) })
    }
}

/// Figures of a data set. A distribution is absent where nothing could be measured.
#[derive(Debug, Serialize)]
pub struct Stats {
    /// The data set's name.
    pub name: String,
    /// Number of images.
    pub images: usize,
    /// Number of images with a mask.
    pub masks: usize,
    /// Number of masks with no pixel inside. Nothing can be said of gaze and Dice there, and they
    /// do not count for these.
    pub empty_masks: usize,
    /// Number of masks with every pixel inside.
    pub full_masks: usize,
    /// Number of images with gaze.
    pub with_gaze: usize,
    /// Where the gaze comes from.
    pub gaze_origin: Option<GazeOrigin>,
    /// Number of fixations.
    pub fixations: usize,
    /// Length of every split list, by `<name>-<role>`.
    pub lists: BTreeMap<String, usize>,
    /// Image width, pixels.
    pub width: Option<Distribution>,
    /// Image height, pixels.
    pub height: Option<Distribution>,
    /// Share of the image inside the mask, 0 to 1.
    pub mask_area: Option<Distribution>,
    /// Fixations an image.
    pub fixations_per_image: Option<Distribution>,
    /// Duration of a fixation, ms.
    pub fixation_ms: Option<Distribution>,
    /// Looking time an image, s.
    pub look_s: Option<Distribution>,
    /// Share of an image's looking time that fell inside the mask, 0 to 1.
    pub dwell_inside: Option<Distribution>,
    /// Standard deviation of the heat map's Gaussian, as a fraction of the side.
    pub sigma: f32,
    /// Dice of the heat map cut at a level against the mask, by level.
    pub heat_dice: BTreeMap<String, Distribution>,
}

/// What one case contributes.
struct Measured {
    size: (u32, u32),
    truth: Truth,
    area: Option<f64>,
    dwell: Option<f64>,
    heat_dice: Option<[f64; HEAT_LEVELS.len()]>,
}

/// Measures a data set: decodes every image and mask. `done` is called after every case, from any thread.
///
/// # Errors
/// The first image or mask that cannot be read; `fovea data check` names all.
pub fn measure(data: &Dataset, heat: HeatParams, done: impl Fn() + Sync) -> Result<Stats> {
    let measured = parallel::map(&data.cases, |case| measure_case(case, heat), done);
    let measured: Vec<Measured> = measured.into_iter().collect::<Result<_>>()?;
    let looks: Vec<&Scanpath> = data.cases.iter().filter_map(|c| c.gaze.as_ref()).collect();
    let durations = looks.iter().flat_map(|l| &l.fixations).map(|f| f64::from(f.duration_ms));
    let over = |value: fn(&Measured) -> Option<f64>| Distribution::of(measured.iter().filter_map(value).collect());
    let level = |i: usize| Distribution::of(measured.iter().filter_map(|m| m.heat_dice.map(|d| d[i])).collect());
    let heat_dice = HEAT_LEVELS.iter().enumerate().filter_map(|(i, l)| Some((format!("{l}"), level(i)?))).collect();
    Ok(Stats {
        name: data.name.clone(),
        images: data.cases.len(),
        masks: data.cases.iter().filter(|c| c.mask.is_some()).count(),
        empty_masks: measured.iter().filter(|m| m.truth == Truth::Empty).count(),
        full_masks: measured.iter().filter(|m| m.truth == Truth::Full).count(),
        with_gaze: looks.len(),
        gaze_origin: Dataset::gaze_origin(&data.cases),
        fixations: looks.iter().map(|l| l.fixations.len()).sum(),
        lists: list_lengths(data)?,
        width: over(|m| Some(f64::from(m.size.0))),
        height: over(|m| Some(f64::from(m.size.1))),
        mask_area: over(|m| m.area),
        fixations_per_image: Distribution::of(looks.iter().map(|l| l.fixations.len() as f64).collect()),
        fixation_ms: Distribution::of(durations.collect()),
        look_s: Distribution::of(looks.iter().map(|l| f64::from(l.total_ms()) / 1000.0).collect()),
        dwell_inside: over(|m| m.dwell),
        sigma: heat.sigma,
        heat_dice,
    })
}

fn measure_case(case: &Case, heat: HeatParams) -> Result<Measured> {
    let [width, height] = case.image_size()?;
    let mut measured =
        Measured { size: (width, height), truth: Truth::Missing, area: None, dwell: None, heat_dice: None };
    if case.mask.is_none() {
        return Ok(measured);
    }
    let mask = case.load_mask(width as usize, height as usize)?;
    measured.area = Some(mask.area() as f64 / mask.data.len() as f64);
    measured.truth = Truth::of(&mask);
    if let Some(gaze) = case.gaze.as_ref().filter(|_| measured.truth != Truth::Empty) {
        measured.dwell = dwell_inside(gaze, &mask);
        let map = heat_map(gaze, &heat, width as usize, height as usize);
        measured.heat_dice = Some(HEAT_LEVELS.map(|level| dice(&map.at_least(level), &mask)));
    }
    Ok(measured)
}

/// The share of the looking time with the eye inside the mask; `None` without looking time.
pub fn dwell_inside(gaze: &Scanpath, mask: &Mask) -> Option<f64> {
    let cell = |v: f32, side: usize| ((v * side as f32) as usize).min(side - 1);
    let inside: f32 = gaze
        .fixations
        .iter()
        .filter(|f| mask.at(cell(f.x, mask.width), cell(f.y, mask.height)))
        .map(|f| f.duration_ms)
        .sum();
    let total = gaze.total_ms();
    (total > 0.0).then(|| f64::from(inside) / f64::from(total))
}

fn list_lengths(data: &Dataset) -> Result<BTreeMap<String, usize>> {
    let mut lengths = BTreeMap::new();
    if data.split_folder.is_dir() {
        for (name, files) in list_files(&data.split_folder)? {
            for role in [Role::Train, Role::Validation, Role::Test] {
                if let Some(path) = files.get(&role) {
                    lengths.insert(format!("{name}-{}", role.word()), List::read(path)?.entries.len());
                }
            }
        }
    }
    Ok(lengths)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::fixture;
    use super::*;

    #[test]
    fn a_distribution_is_that_of_numpy() {
        let d = Distribution::of(vec![4.0, 1.0, 2.0, 10.0]).unwrap();
        assert_eq!((d.min, d.q1, d.median, d.q3, d.max, d.mean), (1.0, 1.75, 3.0, 5.5, 10.0, 4.25));
        assert!((d.sd - 4.031_128_874_149_275).abs() < 1e-12);
        assert_eq!(Distribution::of(vec![3.0]).unwrap().sd, 0.0);
        assert_eq!(Distribution::of(vec![]), None);
    }

    #[test]
    fn measures_with_and_without_masks() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b"]);
        std::fs::remove_file(folder.path().join("masks/b.png")).unwrap();
        let stats = measure(&Dataset::open(folder.path()).unwrap(), HeatParams::default(), || ()).unwrap();
        assert_eq!((stats.images, stats.masks, stats.with_gaze, stats.fixations), (2, 1, 2, 4));
        assert_eq!((stats.empty_masks, stats.full_masks), (0, 0));
        let area = stats.mask_area.unwrap();
        assert_eq!((area.count, area.mean), (1, 64.0 / 384.0));
        assert_eq!(stats.dwell_inside.unwrap().mean, 0.5);
        assert_eq!(stats.look_s.unwrap().count, 2);
        let dice = &stats.heat_dice["0.5"];
        assert!(dice.count == 1 && dice.mean > 0.0 && dice.mean < 1.0, "{dice:?}");
    }

    #[test]
    fn empty_masks_are_counted_and_measure_nothing() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b", "c"]);
        for (id, level) in [("b", 0), ("c", 255)] {
            let mask = image::GrayImage::from_pixel(24, 16, image::Luma([level]));
            mask.save(folder.path().join(format!("masks/{id}.png"))).unwrap();
        }
        let stats = measure(&Dataset::open(folder.path()).unwrap(), HeatParams::default(), || ()).unwrap();
        assert_eq!((stats.masks, stats.empty_masks, stats.full_masks), (3, 1, 1));
        assert_eq!((stats.mask_area.unwrap().count, stats.dwell_inside.unwrap().count), (3, 2));
        assert_eq!(stats.heat_dice["0.5"].count, 2);
    }
}
