//! `results/teach*.json`: fresh students after a few glances.

use fovea_teach::Recipe;
use serde::{Deserialize, Serialize};

use super::{kind::TeachKind, results::mean_and_sd};
use crate::{data::GazeOrigin, teach::Told};

/// The study as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeachStudy {
    /// Always `teach`.
    #[serde(default)]
    pub(crate) kind: TeachKind,
    /// Its name, which is also the file's.
    pub(crate) study: String,
    /// The command that wrote it.
    pub(crate) command: String,
    /// The program's commit.
    pub(crate) git_sha: String,
    /// The device that computed.
    pub(crate) device: String,
    /// Name of the data set.
    pub(crate) data: String,
    /// Name of the split.
    pub(crate) split: String,
    /// Where the gaze comes from.
    pub(crate) gaze: Option<GazeOrigin>,
    /// The images that the students are measured on: `test` or `validation`.
    pub(crate) measured_on: String,
    /// How many they are.
    pub(crate) images: usize,
    /// The backbone: its bundle, and what that was trained on.
    pub(crate) backbone: String,
    /// How the students were taught.
    pub(crate) recipe: Recipe,
    /// The seeds, in the order of the values: each draws other images and another student.
    pub(crate) seeds: Vec<u64>,
    /// The rows, in the order of the table.
    pub(crate) rows: Vec<TeachRow>,
}

/// Students that were taught alike; a value a seed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeachRow {
    /// Where the targets come from.
    pub(crate) told: Told,
    /// Images that the student learns from.
    pub(crate) glances: usize,
    /// Seconds of each that count; none for whole scanpaths and for masks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<f32>,
    /// Mean Dice over the images that it is measured on.
    pub(crate) dice: Vec<f64>,
    /// The same on the way: steps, and a value a seed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) curve: Vec<(usize, Vec<f64>)>,
    /// Seconds of the steps.
    pub(crate) learning_seconds: Vec<f64>,
}

impl TeachStudy {
    /// The study as a Markdown page.
    pub(crate) fn markdown(&self) -> String {
        let seeds: Vec<String> = self.seeds.iter().map(u64::to_string).collect();
        let gaze = self.gaze.map_or("none", GazeOrigin::words);
        let Recipe { views, batch, steps, rate, dice } = self.recipe;
        format!(
            "# {}\n\nFresh students after a few glances. {}, split `{}`, {} {} images, gaze: {gaze}, seeds {}. Device: \
             {}. Commit: {}.\n\
             Backbone: {}.\nWritten by `{}`; the figures are those of the JSON file beside this one.\n\n{}\nMean over \
             images, then over \
             seeds, \u{b1} standard deviation over seeds. A seed draws the images and the student; more glances begin \
             with the same images. {steps} steps of {batch} views, {views} views an image, rate {rate} (one cycle), \
             soft Dice {dice}. Rows of masks are an upper bound: they alone learn from true masks.\n",
            self.study,
            self.data,
            self.split,
            self.images,
            self.measured_on,
            seeds.join(", "),
            self.device,
            self.git_sha,
            self.backbone,
            self.command,
            self.table(),
        )
    }

    fn table(&self) -> String {
        let mut text =
            "| taught by | images | seconds each | Dice | learning [s] |\n|---|---|---|---|---|\n".to_owned();
        let show = |values: &[f64], decimals: usize| match mean_and_sd(values) {
            (Some(mean), Some(sd)) => format!("{mean:.decimals$} \u{b1} {sd:.decimals$}"),
            (Some(mean), None) => format!("{mean:.decimals$}"),
            _ => "-".into(),
        };
        for row in &self.rows {
            let (told, seconds) = match (row.told, row.seconds) {
                (Told::Gaze, Some(seconds)) => ("gaze", seconds.to_string()),
                (Told::Gaze, None) => ("gaze", "all".into()),
                (Told::Mask, _) => ("masks (upper bound)", "-".into()),
            };
            let (dice, learning) = (show(&row.dice, 3), show(&row.learning_seconds, 1));
            text += &format!("| {told} | {} | {seconds} | {dice} | {learning} |\n", row.glances);
        }
        text
    }
}
