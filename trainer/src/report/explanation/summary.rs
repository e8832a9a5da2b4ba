//! From one number an image to what is reported: a mean, how far it moves from seed to seed, and from image to image.

use std::{collections::BTreeMap, fs, path::Path};

use fovea_shared::{
    description::Field,
    metrics::{PairedDifference, bootstrap_interval, paired_bootstrap},
};
use serde::{Deserialize, Serialize};

use super::{
    ALL_FIELDS, About, FaithfulnessRow, PhraseRow,
    table::round,
    text_use::{TextUse, text_use},
};
use crate::report::{
    ReportError,
    kind::ExplanationKind,
    results::{BOOTSTRAP_SEED, DataRef, mean_and_sd},
};

/// What stands in the file for a reader who has only it.
const HOW: &str = "mean: over the images, then over the seeds; sd: sample standard deviation over the seeds' means; \
                   low, high: 95 % percentile bootstrap interval over the images, each averaged over its seeds first; \
    images: how many of them had the score. energy_over_chance is the mean of the images' ratios. Faithfulness: Dice \
    under the changed text minus Dice under \
    the image's own, paired by image; mask_change: 1 - Dice between the two masks.";

/// A report: `<stem>.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Always `explanation`.
    #[serde(default)]
    pub kind: ExplanationKind,
    /// The study's name.
    pub study: String,
    /// What was measured on.
    pub data: DataRef,
    /// What the numbers mean.
    pub how: String,
    /// One entry a row.
    pub rows: Vec<RowSummary>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowSummary {
    /// Its name.
    pub name: String,
    /// The command that measured it.
    pub command: String,
    /// The program's commit.
    pub git_sha: String,
    /// Who said the words.
    pub text_source: String,
    /// What a reader must know.
    #[serde(default)]
    pub note: String,
    /// The trainings' seeds, ascending.
    pub seeds: Vec<u64>,
    /// The attention maps: all fields together first, then field by field in the schema's order.
    pub fields: Vec<FieldSummary>,
    /// The teacher without gaze, then with it, as far as they were measured.
    pub faithfulness: Vec<Faithfulness>,
}

/// The attention maps of one field's phrases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSummary {
    /// The field, or [`ALL_FIELDS`].
    pub field: String,
    /// Images with a phrase of the field.
    pub images: usize,
    /// Whether the map's maximum lies in the mask.
    pub pointing: Option<Spread>,
    /// Share of the map's sum in the mask.
    pub energy: Option<Spread>,
    /// The mask's share of the image.
    pub energy_chance: Option<Spread>,
    /// Energy over chance, image by image.
    pub energy_over_chance: Option<Spread>,
    /// Contrast-to-noise ratio.
    pub cnr: Option<Spread>,
    /// Normalised scanpath saliency.
    pub nss: Option<Spread>,
    /// Correlation with the gaze heat map.
    pub cc: Option<Spread>,
    /// AUC-Judd.
    pub auc_judd: Option<Spread>,
}

/// A mean and how sure it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Mean over the images, then over the seeds.
    pub mean: f64,
    /// Sample standard deviation over the seeds; `None` for one.
    pub sd: Option<f64>,
    /// Lower end of the 95 % bootstrap interval over the images.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// The mean of every seed, seeds ascending.
    pub seeds: Vec<f64>,
    /// Images that have the score in at least one seed.
    pub images: usize,
}

/// What changed texts do to one teacher.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faithfulness {
    /// Whether the teacher was also prompted with gaze.
    pub with_gaze: bool,
    /// Number of images.
    pub images: usize,
    /// Dice under the images' own texts.
    pub dice: Spread,
    /// Without text.
    pub empty: Change,
    /// Under another image's text.
    pub shuffled: Change,
    /// Under a mirrored location.
    pub flipped: Change,
    /// What follows, by [`super::RULE`].
    pub text_use: TextUse,
}

/// The effect of one change of the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Dice under the changed text minus Dice under the image's own: mean over the images, with its paired interval.
    pub difference: PairedDifference,
    /// Sample standard deviation of that mean over the seeds.
    pub sd: Option<f64>,
    /// The mean of every seed, seeds ascending.
    pub seeds: Vec<f64>,
    /// 1 - Dice between the two masks.
    pub mask_change: Spread,
}

impl Summary {
    /// Reads a summary.
    ///
    /// # Errors
    /// A file that cannot be read or is not of this shape.
    pub fn read(path: &Path) -> Result<Self, ReportError> {
        let file = || path.to_path_buf();
        let text = fs::read_to_string(path);
        let text = text.map_err(|source| ReportError::ReadResult { what: "report", path: file(), source })?;
        let not = "is not a report of `fovea eval --explain`: name another file";
        serde_json::from_str(&text).map_err(|source| ReportError::Shape { path: file(), not, source })
    }

    /// Fills `rows` from the tables.
    pub(super) fn of(
        about: &About,
        mut rows: Vec<RowSummary>,
        phrases: &[PhraseRow],
        faithfulness: &[FaithfulnessRow],
    ) -> Self {
        for row in &mut rows {
            let phrases: Vec<&PhraseRow> = phrases.iter().filter(|p| p.row == row.name).collect();
            let faithfulness: Vec<&FaithfulnessRow> = faithfulness.iter().filter(|f| f.row == row.name).collect();
            let seeds = phrases.iter().map(|p| p.seed).chain(faithfulness.iter().map(|f| f.seed));
            row.seeds = seeds.collect::<std::collections::BTreeSet<u64>>().into_iter().collect();
            row.fields = fields(&phrases);
            let teacher =
                |gaze| faithfulness_of(faithfulness.iter().filter(|f| f.with_gaze == gaze).copied().collect());
            row.faithfulness = [false, true].into_iter().filter_map(teacher).collect();
        }
        let kind = ExplanationKind::Only;
        Self { kind, study: about.study.clone(), data: about.data.clone(), how: HOW.into(), rows }
    }
}

impl RowSummary {
    /// A row without numbers yet.
    pub(super) fn of(name: &str, about: &About) -> Self {
        Self {
            name: name.into(),
            command: about.command.clone(),
            git_sha: about.git_sha.clone(),
            text_source: about.text_source.clone(),
            note: about.note.clone(),
            seeds: Vec::new(),
            fields: Vec::new(),
            faithfulness: Vec::new(),
        }
    }

    /// The row without its numbers, to be computed again.
    pub(super) fn emptied(self) -> Self {
        Self { seeds: Vec::new(), fields: Vec::new(), faithfulness: Vec::new(), ..self }
    }
}

/// One number: whose seed, which image.
type Value<'a> = (u64, &'a str, f64);

/// The mean of every (seed, image): an image's phrases count as one.
fn by_image<'a>(values: impl IntoIterator<Item = Value<'a>>) -> BTreeMap<(u64, &'a str), f64> {
    let mut groups: BTreeMap<(u64, &str), Vec<f64>> = BTreeMap::new();
    for (seed, id, value) in values {
        groups.entry((seed, id)).or_default().push(value);
    }
    groups.into_iter().map(|(key, values)| (key, mean(&values))).collect()
}

/// The mean of every seed over its images.
fn seed_means(values: &BTreeMap<(u64, &str), f64>) -> Vec<f64> {
    let mut groups: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for ((seed, _), value) in values {
        groups.entry(*seed).or_default().push(*value);
    }
    groups.values().map(|v| mean(v)).collect()
}

/// The mean of every image over its seeds, in the order of the ids: what is resampled.
fn image_means(values: &BTreeMap<(u64, &str), f64>) -> Vec<f64> {
    let mut groups: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for ((_, id), value) in values {
        groups.entry(id).or_default().push(*value);
    }
    groups.values().map(|v| mean(v)).collect()
}

/// The mean of at least one value.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The spread of some numbers; `None` for none.
fn spread<'a>(values: impl IntoIterator<Item = Value<'a>>) -> Option<Spread> {
    let values = by_image(values);
    let (seeds, images) = (seed_means(&values), image_means(&values));
    let (mean, sd) = mean_and_sd(&seeds);
    let (low, high) = bootstrap_interval(&images, BOOTSTRAP_SEED);
    Some(Spread {
        mean: round(mean?),
        sd: sd.map(round),
        low: round(low),
        high: round(high),
        seeds: seeds.into_iter().map(round).collect(),
        images: images.len(),
    })
}

/// All fields together, then field by field in the schema's order; fields it does not know come last.
fn fields(phrases: &[&PhraseRow]) -> Vec<FieldSummary> {
    let mut groups: BTreeMap<(bool, Option<Field>, &str), Vec<&PhraseRow>> = BTreeMap::new();
    for phrase in phrases {
        let field = Field::from_name(&phrase.field);
        groups.entry((field.is_none(), field, &phrase.field)).or_default().push(phrase);
    }
    let all = (!phrases.is_empty()).then(|| field_summary(ALL_FIELDS, phrases));
    all.into_iter().chain(groups.iter().map(|((.., name), phrases)| field_summary(name, phrases))).collect()
}

fn field_summary(field: &str, phrases: &[&PhraseRow]) -> FieldSummary {
    let score = |of: fn(&PhraseRow) -> Option<f64>| {
        spread(phrases.iter().filter_map(|p| Some((p.seed, p.id.as_str(), of(p)?))))
    };
    FieldSummary {
        field: field.into(),
        images: phrases.iter().map(|p| &p.id).collect::<std::collections::BTreeSet<_>>().len(),
        pointing: score(|p| p.scores.pointing),
        energy: score(|p| p.scores.energy),
        energy_chance: score(|p| p.scores.energy_chance),
        energy_over_chance: score(|p| p.scores.energy_over_chance()),
        cnr: score(|p| p.scores.cnr),
        nss: score(|p| p.scores.nss),
        cc: score(|p| p.scores.cc),
        auc_judd: score(|p| p.scores.auc_judd),
    }
}

/// The rows of one teacher; `None` for none.
fn faithfulness_of(rows: Vec<&FaithfulnessRow>) -> Option<Faithfulness> {
    let first = rows.first()?;
    let measure = |of: fn(&FaithfulnessRow) -> f64| by_image(rows.iter().map(|f| (f.seed, f.id.as_str(), of(f))));
    let own = measure(|f| f.dice);
    let change = |dice: fn(&FaithfulnessRow) -> f64, mask: fn(&FaithfulnessRow) -> f64| {
        let changed = measure(dice);
        let d = paired_bootstrap(&image_means(&changed), &image_means(&own), BOOTSTRAP_SEED);
        let seeds: Vec<f64> = seed_means(&changed).iter().zip(seed_means(&own)).map(|(c, o)| round(c - o)).collect();
        Some(Change {
            difference: PairedDifference { mean: round(d.mean), low: round(d.low), high: round(d.high), ..d },
            sd: mean_and_sd(&seeds).1.map(round),
            seeds,
            mask_change: spread(rows.iter().map(|f| (f.seed, f.id.as_str(), mask(f))))?,
        })
    };
    let shuffled = change(|f| f.dice_shuffled, |f| f.change_shuffled)?;
    let images = shuffled.mask_change.images;
    Some(Faithfulness {
        with_gaze: first.with_gaze,
        images,
        dice: spread(rows.iter().map(|f| (f.seed, f.id.as_str(), f.dice)))?,
        empty: change(|f| f.dice_empty, |f| f.change_empty)?,
        flipped: change(|f| f.dice_flipped, |f| f.change_flipped)?,
        text_use: text_use([shuffled.difference.low, shuffled.difference.high], shuffled.mask_change.mean, images),
        shuffled,
    })
}
