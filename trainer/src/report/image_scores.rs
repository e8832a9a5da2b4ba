//! `results/<study>-<row>-images.csv` and `results/<study>-images.csv`: what every image scored.

use std::collections::BTreeMap;
use std::path::Path;

use fovea_shared::metrics::{Segmentation, bootstrap_interval};
use serde::Deserialize;

use super::{ReportError, files::finished, results::BOOTSTRAP_SEED};
use crate::{per_model::ModelKind, run::write_atomic};

/// The score of one model on one image, whose true mask is not empty: of the others the study says
/// how many predictions were empty too.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageScore {
    /// The row's name.
    pub row: String,
    /// The training's seed.
    pub seed: u64,
    /// "student", "teacher" or "teacher_with_gaze".
    pub model: &'static str,
    /// The image's id.
    pub id: String,
    /// The score at the image's own size.
    pub score: Segmentation,
}

/// Writes one line an image and model: `row,seed,model,id,dice,iou,hd95,asd,empty`.
///
/// # Errors
/// A file that cannot be written.
pub fn write_image_scores(path: &Path, scores: &[ImageScore]) -> Result<(), ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["row", "seed", "model", "id", "dice", "iou", "hd95", "asd", "empty"])?;
    for s in scores {
        let Segmentation { dice, iou, hd95, asd, empty_prediction, .. } = s.score;
        let numbers = [dice, iou].map(|v| format!("{v:.5}")).into_iter().chain([hd95, asd].map(|v| format!("{v:.2}")));
        let head = [s.row.clone(), s.seed.to_string(), s.model.to_owned(), s.id.clone()];
        writer.write_record(head.into_iter().chain(numbers).chain([u8::from(empty_prediction).to_string()]))?;
    }
    Ok(write_atomic(path, &finished(writer, "the CSV of image scores")?)?)
}

/// The 95 % bootstrap interval over the images of a model's mean Dice in a row, each image's Dice
/// averaged over these seeds first. `None` where the scores are not those of a mean: an image or a
/// seed is missing, or they come to another one.
pub fn mean_interval(scores: &[ImageScore], row: &str, model: &str, seeds: &[u64], mean: f64) -> Option<[f64; 2]> {
    let mut images: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for s in scores.iter().filter(|s| s.row == row && s.model == model && seeds.contains(&s.seed)) {
        images.entry(&s.id).or_default().push(s.score.dice);
    }
    let whole = !images.is_empty() && images.values().all(|dice| dice.len() == seeds.len());
    let dice: Vec<f64> = images.values().map(|dice| dice.iter().sum::<f64>() / dice.len() as f64).collect();
    // The scores of images are written with five decimals.
    let same = (dice.iter().sum::<f64>() / dice.len() as f64 - mean).abs() < 1e-4;
    (whole && same).then(|| bootstrap_interval(&dice, BOOTSTRAP_SEED).into())
}

/// A line as it is written.
#[derive(Deserialize)]
struct Line {
    row: String,
    seed: u64,
    model: String,
    id: String,
    dice: f64,
    iou: f64,
    hd95: f64,
    asd: f64,
    empty: u8,
}

/// Reads what [`write_image_scores`] wrote: Dice and IoU to 5 decimals, distances to 2.
///
/// # Errors
/// A file that cannot be read, a line of another shape, a model that no study has.
pub fn read_image_scores(path: &Path) -> Result<Vec<ImageScore>, ReportError> {
    let file = || path.to_path_buf();
    let reader = csv::Reader::from_path(path);
    let mut reader = reader.map_err(|source| ReportError::OpenTable { path: file(), source })?;
    let mut scores = Vec::new();
    for (line, found) in reader.deserialize().enumerate().map(|(index, found)| (index + 2, found)) {
        let found = found.map_err(|source| ReportError::Line { path: file(), line, source })?;
        let Line { row, seed, model, id, dice, iou, hd95, asd, empty } = found;
        let names = ModelKind::ALL.map(ModelKind::name);
        let Some(model) = names.into_iter().find(|known| *known == model) else {
            return Err(ReportError::UnknownModel { path: file(), line, model, known: names.into() });
        };
        let score = Segmentation { dice, iou, hd95, asd, empty_prediction: empty != 0, empty_truth: false };
        scores.push(ImageScore { row, seed, model, id, score });
    }
    Ok(scores)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;
    use crate::{data::error::told, report::results::example_score};

    #[test]
    fn one_line_an_image() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scores.csv");
        let one = |id: &str, dice| ImageScore {
            row: "all".into(),
            seed: 1,
            model: "student",
            id: id.into(),
            score: example_score(dice),
        };
        write_image_scores(&path, &[one("a", 0.5), one("b,c", 0.0)]).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "row,seed,model,id,dice,iou,hd95,asd,empty");
        assert_eq!(lines[1], "all,1,student,a,0.50000,0.33333,12.00,3.00,0");
        assert_eq!(lines[2], "all,1,student,\"b,c\",0.00000,0.00000,12.00,3.00,1");
    }

    #[test]
    fn the_interval_of_a_mean_is_over_images_and_only_of_that_mean() {
        let one = |seed: u64, id: usize, dice| ImageScore {
            row: "all".into(),
            seed,
            model: "student",
            id: id.to_string(),
            score: example_score(dice),
        };
        // Every image has .5 on the mean of both seeds, and with one of them alone 0 or 1.
        let scores: Vec<_> =
            (0..40).flat_map(|i| [one(1, i, (i % 2) as f64), one(2, i, 1.0 - (i % 2) as f64)]).collect();
        let of = |row: &str, seeds: &[u64], mean| mean_interval(&scores, row, "student", seeds, mean);
        assert_eq!(of("all", &[1, 2], 0.5), Some([0.5, 0.5]));
        let [low, high] = of("all", &[1], 0.5).unwrap();
        assert!(low > 0.3 && low < 0.4 && high > 0.6 && high < 0.7, "{low} {high}");
        assert_eq!((of("all", &[1, 2], 0.6), of("all", &[1, 2, 3], 0.5), of("other", &[1], 0.5)), (None, None, None));
    }

    #[test]
    fn what_was_written_is_read_again_and_what_was_not_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scores.csv");
        let one = |seed, model, dice| ImageScore {
            row: "+afc, \"all\"".into(),
            seed,
            model,
            id: "b,c".into(),
            score: Segmentation { iou: 0.25, ..example_score(dice) },
        };
        let scores = [one(1, "student", 0.5), one(2, "teacher_with_gaze", 0.0)];
        write_image_scores(&path, &scores).unwrap();
        assert_eq!(read_image_scores(&path).unwrap(), scores);

        let text = fs::read_to_string(&path).unwrap();
        for (from, to, named) in
            [("teacher_with_gaze", "pupil", "`pupil` is none of"), ("0.50000", "much", "field 4: invalid float")]
        {
            fs::write(&path, text.replace(from, to)).unwrap();
            let message = told(&read_image_scores(&path).unwrap_err());
            assert!(message.contains("scores.csv, line ") && message.contains(named), "{message}");
        }
        assert!(read_image_scores(&folder.path().join("none.csv")).is_err());
    }
}
