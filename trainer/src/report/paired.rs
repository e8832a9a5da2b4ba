//! How much better one row is than another on the same images.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use fovea_shared::metrics::paired_bootstrap_of;

use super::{
    ReportError,
    files::finished,
    image_scores::ImageScore,
    results::{BOOTSTRAP_SEED, Paired},
};
use crate::{per_model::ModelKind, run::write_atomic};

/// Resamples of the images.
const RESAMPLES: usize = 10_000;

/// One image: its Dice in a row and in the reference row, each averaged over the seeds that both have.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The row's name.
    pub row: String,
    /// The model.
    pub model: &'static str,
    /// The image's id.
    pub id: String,
    /// Dice in the row, 0 to 1.
    pub dice: f64,
    /// Dice in the reference row, 0 to 1.
    pub reference: f64,
}

/// Compares the scores of one row with those of the reference row, model by model. A model that one
/// of the two lacks, or has with no seed of the other, is left out, and so is an image that one of
/// them lacks.
pub fn compare(row: &[ImageScore], reference: &[ImageScore]) -> (Vec<Paired>, Vec<Pair>) {
    let (mut found, mut all) = (Vec::new(), Vec::new());
    for model in ModelKind::ALL.map(ModelKind::name) {
        let seeds = |scores: &[ImageScore]| -> BTreeSet<u64> {
            scores.iter().filter(|s| s.model == model).map(|s| s.seed).collect()
        };
        let common: BTreeSet<u64> = seeds(row).intersection(&seeds(reference)).copied().collect();
        let (ours, theirs) = (image_means(row, model, &common), image_means(reference, model, &common));
        let pair = |(id, dice): (&&str, &f64)| {
            let row = row.first()?.row.clone();
            Some(Pair { row, model, id: (*id).into(), dice: *dice, reference: *theirs.get(id)? })
        };
        let pairs: Vec<Pair> = ours.iter().filter_map(pair).collect();
        let (Some(first), false) = (reference.first(), pairs.is_empty()) else { continue };
        let column = |of: fn(&Pair) -> f64| pairs.iter().map(of).collect::<Vec<f64>>();
        found.push(Paired {
            model: model.into(),
            reference: first.row.clone(),
            seeds: common.into_iter().collect(),
            images: pairs.len(),
            dice: paired_bootstrap_of(&column(|p| p.dice), &column(|p| p.reference), RESAMPLES, BOOTSTRAP_SEED),
        });
        all.extend(pairs);
    }
    (found, all)
}

/// The mean Dice of every image over some seeds, by id.
fn image_means<'a>(scores: &'a [ImageScore], model: &str, seeds: &BTreeSet<u64>) -> BTreeMap<&'a str, f64> {
    let mut groups: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for s in scores.iter().filter(|s| s.model == model && seeds.contains(&s.seed)) {
        groups.entry(&s.id).or_default().push(s.score.dice);
    }
    groups.into_iter().map(|(id, dice)| (id, dice.iter().sum::<f64>() / dice.len() as f64)).collect()
}

/// Writes one line a pair: `row,model,id,dice,reference_dice,difference`.
///
/// # Errors
/// A file that cannot be written.
pub fn write_pairs(path: &Path, pairs: &[Pair]) -> Result<(), ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["row", "model", "id", "dice", "reference_dice", "difference"])?;
    for p in pairs {
        let numbers = [p.dice, p.reference, p.dice - p.reference].map(|v| format!("{v:.5}"));
        writer.write_record([&p.row, p.model, &p.id].into_iter().chain(numbers.iter().map(String::as_str)))?;
    }
    Ok(write_atomic(path, &finished(writer, "the CSV of paired differences")?)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::metrics::Segmentation;

    fn score(row: &str, seed: u64, id: usize, dice: f64) -> ImageScore {
        let score = Segmentation { dice, iou: 0.0, hd95: 0.0, asd: 0.0, empty_prediction: false, empty_truth: false };
        ImageScore { row: row.into(), seed, model: "student", id: format!("{id:02}"), score }
    }

    #[test]
    fn images_are_paired_and_seeds_averaged_first() {
        // Image i has Dice i / 40 in the reference; the row is .1 better with seed 1 and .2 with
        // seed 2; seed 3 it has alone.
        let base = |id: usize| id as f64 / 40.0;
        let reference: Vec<_> = (0..20).flat_map(|id| [1, 2].map(|s| score("base", s, id, base(id)))).collect();
        let row: Vec<_> =
            (0..20).flat_map(|id| [1, 2, 3].map(|s| score("row", s, id, base(id) + 0.1 * s as f64))).collect();
        let (found, pairs) = compare(&row, &reference);
        let [paired] = &found[..] else { panic!("only students are here: {found:?}") };
        assert_eq!((paired.reference.as_str(), &paired.seeds[..], paired.images), ("base", &[1, 2][..], 20));
        // Every image gains .15, so nothing is left to be unsure of: images are paired, not mixed.
        let d = &paired.dice;
        assert!([d.mean, d.low, d.high].iter().all(|v| (v - 0.15).abs() < 1e-9), "{d:?}");
        assert!((pairs[4].dice - pairs[4].reference - 0.15).abs() < 1e-9 && pairs[4].id == "04");
    }

    #[test]
    fn the_interval_is_the_known_one_and_repeats() {
        // Differences of 400 images, uniform on 0..1: the normal interval of their mean is .5 +- .0283.
        let reference: Vec<_> = (0..400).map(|id| score("base", 1, id, 0.0)).collect();
        let row: Vec<_> = (0..400).map(|id| score("row", 1, id, (id as f64 + 0.5) / 400.0)).collect();
        let (found, _) = compare(&row, &reference);
        let d = found[0].dice;
        assert!((d.low - 0.4717).abs() < 0.002 && (d.high - 0.5283).abs() < 0.002, "{d:?}");
        assert_eq!(compare(&row, &reference).0, found);
        // The resolution of the p-value tells the number of resamples.
        assert!((d.p_value - 2.0 / 10_001.0).abs() < 1e-9, "{d:?}");
    }

    #[test]
    fn nothing_in_common_is_no_comparison() {
        let (row, reference) = ([score("row", 1, 0, 0.5)], [score("base", 2, 0, 0.5)]);
        assert!(compare(&row, &reference).0.is_empty());
        assert!(compare(&row, &[]).0.is_empty() && compare(&[], &reference).0.is_empty());
        let other = [score("base", 1, 1, 0.5)];
        assert!(compare(&row, &other).0.is_empty(), "another image is not a pair");
    }

    #[test]
    fn one_line_a_pair() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pairs.csv");
        write_pairs(&path, &compare(&[score("a,b", 1, 0, 0.75)], &[score("base", 1, 0, 0.5)]).1).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(text.lines().nth(1), Some("\"a,b\",student,00,0.75000,0.50000,0.25000"));
    }
}
