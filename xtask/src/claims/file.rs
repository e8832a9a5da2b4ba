//! What `claims.json` holds.

use serde::Serialize;

/// The whole file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Claims {
    /// The command that writes it.
    pub(super) written_by: &'static str,
    /// Gains in Dice, by data set.
    pub(super) gains: Vec<Gain>,
    /// Differences between students that the page ships, image by image.
    pub(super) pairs: Vec<Pair>,
}

/// The data sets, in the order of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DataSet {
    /// Polyps; gaze recorded by GazeMedSeg.
    KvasirSeg,
    /// Drawn polyps with simulated gaze.
    DrawnPolyps,
    /// Prostates in MRI; gaze recorded by GazeMedSeg.
    NciIsbi,
    /// Drawn prostates with simulated gaze.
    DrawnProstates,
    /// Skin lesions; simulated gaze.
    Isic,
    /// Drawn skin lesions with simulated gaze.
    DrawnSkin,
}

/// What a gain is the answer to, in the order of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Question {
    /// The paper's method over the best former method that learns from gaze.
    #[serde(rename = "over-gazemedseg")]
    OverGazeMedSeg,
    /// The paper's method over a plain network that learns from gaze.
    OverPlainNetwork,
    /// All three strategies over none, the student being told the same.
    Strategies,
    /// True masks over gaze: the upper bound.
    FullSupervision,
}

/// A difference of two Dice values.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Gain {
    pub(super) data: DataSet,
    pub(super) question: Question,
    /// The first minus the second, 0 to 1.
    pub(super) gain: f64,
    #[serde(flatten)]
    pub(super) evidence: Evidence,
}

/// Where a gain comes from.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Evidence {
    /// Two rows of published tables.
    Published { of: Row, over: Row },
    /// A study of this project.
    Measured {
        /// The 95 % bootstrap interval over the images.
        interval: [f64; 2],
        seeds: usize,
        images: usize,
        /// Whether the gaze was `recorded` or `simulated`.
        gaze: String,
        /// What the second of the two rows was told to predict: `heat` or `refined`.
        told: &'static str,
        /// The file in `results`, without `.json`, and its two rows.
        study: String,
        of: String,
        over: String,
    },
}

/// A row of a published table.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Row {
    pub(super) method: &'static str,
    /// 0 to 1.
    pub(super) dice: f64,
    /// Standard deviation over three runs, where it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sd: Option<f64>,
    pub(super) source: &'static str,
}

/// How two students of a shipped bundle differ on the same test images.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Pair {
    /// The bundle's folder.
    pub(super) bundle: &'static str,
    pub(super) student: String,
    /// Its test Dice, by which the page sees whether the pair is about the weights that it has.
    pub(super) dice: f64,
    pub(super) reference: String,
    pub(super) reference_dice: f64,
    /// Mean of the student's Dice minus the reference's.
    pub(super) difference: f64,
    /// The 95 % bootstrap interval of the mean over the images.
    pub(super) interval: [f64; 2],
    pub(super) seeds: usize,
    pub(super) images: usize,
}

/// Five digits, so that the file stays readable.
pub(super) fn rounded(value: f64) -> f64 {
    let rounded = (value * 1e5).round() / 1e5;
    // No negative zero.
    if rounded == 0.0 { 0.0 } else { rounded }
}
