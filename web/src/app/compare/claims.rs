//! The gains that a paper claims and the ones that this project measured: `claims.json`, which `cargo xtask claims` writes from the result
//! files and checks.

use fovea_shared::description::Modality;
use serde::Deserialize;

use crate::text::say;

/// The generated file.
static FILE: &str = include_str!("claims.json");

/// All that is claimed and measured.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Claims {
    /// Gains in Dice, by data set, published ones first.
    pub gains: Vec<Gain>,
    /// Differences between students that bundles ship.
    pub pairs: Vec<Pair>,
}

impl Claims {
    /// Those of this build. The tests see to it that the file is whole.
    pub fn shipped() -> Self {
        serde_json::from_str(FILE).unwrap_or_default()
    }
}

/// What was measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataSet {
    /// Polyps; gaze recorded by GazeMedSeg.
    KvasirSeg,
    /// Drawn polyps with simulated gaze.
    DrawnPolyps,
    /// Prostates in MRI; gaze recorded by GazeMedSeg.
    NciIsbi,
    /// Drawn prostates with simulated gaze.
    DrawnProstates,
    /// Skin lesions with simulated gaze.
    Isic,
    /// Drawn skin lesions with simulated gaze.
    DrawnSkin,
}

impl DataSet {
    /// What its images show.
    pub fn domain(self) -> Modality {
        match self {
            Self::KvasirSeg | Self::DrawnPolyps => Modality::Polyp,
            Self::NciIsbi | Self::DrawnProstates => Modality::Prostate,
            Self::Isic | Self::DrawnSkin => Modality::SkinLesion,
        }
    }

    /// What it is called.
    pub fn title(self) -> String {
        match self {
            Self::KvasirSeg => say!("data-kvasir-seg"),
            Self::DrawnPolyps => say!("data-drawn-polyps"),
            Self::NciIsbi => say!("data-nci-isbi"),
            Self::DrawnProstates => say!("data-drawn-prostates"),
            Self::Isic => say!("data-isic"),
            Self::DrawnSkin => say!("data-drawn-skin"),
        }
    }
}

/// What a gain is the answer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// The paper's method over GazeMedSeg.
    #[serde(rename = "over-gazemedseg")]
    OverGazeMedSeg,
    /// The paper's method over a U-Net that learns from gaze.
    OverPlainNetwork,
    /// All three strategies over none, the student being told the same.
    Strategies,
    /// True masks over gaze: the upper bound.
    FullSupervision,
}

/// A difference of two Dice values.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Gain {
    /// What it was measured on.
    pub data: DataSet,
    /// What it answers.
    pub question: Question,
    /// The difference, -1 to 1.
    pub gain: f64,
    /// Where it comes from.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// Where a gain comes from: two rows of published tables, or a study of ours. Never one of each.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    /// Published, without an interval.
    Published {
        /// The row with the gain.
        of: PublishedRow,
        /// The row that is subtracted from it.
        over: PublishedRow,
    },
    /// Measured by this project.
    Measured {
        /// The 95 % bootstrap interval over the images.
        interval: [f64; 2],
        /// Trainings, each with a seed of its own.
        seeds: usize,
        /// Test images.
        images: usize,
        /// What gaze the students learnt from.
        gaze: GazeKind,
        /// What the student of the second row was told to predict.
        told: Labels,
    },
}

/// Where gaze comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GazeKind {
    /// By an eye tracker.
    Recorded,
    /// From the true masks.
    Simulated,
}

/// Labels that are made of gaze alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Labels {
    /// The heat map as it is.
    Heat,
    /// The mask that GrabCut has refined.
    Refined,
}

/// A row of a published table.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PublishedRow {
    /// The method.
    pub method: Method,
    /// Its Dice, 0 to 1.
    pub dice: f64,
}

/// A method of which numbers are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Method {
    /// From Gaze to Insight, the paper.
    #[serde(rename = "FGI")]
    Fgi,
    /// GazeMedSeg, from which the paper takes the gaze.
    GazeMedSeg,
    /// A plain network.
    #[serde(rename = "U-Net on gaze")]
    UNetOnGaze,
}

impl Method {
    /// Its name; two are the same in every language.
    pub fn name(self) -> String {
        match self {
            Self::Fgi => "FGI".into(),
            Self::GazeMedSeg => "GazeMedSeg".into(),
            Self::UNetOnGaze => say!("claims-method-unet"),
        }
    }
}

/// How a student of a bundle differs from another one on the same test images.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pair {
    /// The student's name.
    pub student: String,
    /// Its test Dice: the pair is about weights with this score only.
    pub dice: f64,
    /// The other student's name.
    pub reference: String,
    /// Its test Dice.
    pub reference_dice: f64,
    /// The student's mean Dice minus the other's.
    pub difference: f64,
    /// The 95 % bootstrap interval of the difference over the images.
    pub interval: [f64; 2],
    /// Test images.
    pub images: usize,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_file_is_whole_and_every_domain_has_a_claim_and_a_measurement() {
        let claims: Claims = serde_json::from_str(FILE).unwrap();
        assert_eq!(claims, Claims::shipped());
        assert!(!claims.pairs.is_empty() && claims.gains.is_sorted_by_key(|gain| gain.data));
        for domain in Modality::ALL {
            let here = || claims.gains.iter().filter(|gain| gain.data.domain() == domain);
            let published = here().filter(|gain| matches!(gain.evidence, Evidence::Published { .. })).count();
            assert!(published == 2 && here().count() > 3, "{domain:?}");
        }
    }

    #[test]
    fn a_published_gain_is_the_difference_of_its_rows_and_a_measured_one_lies_in_its_interval() {
        for gain in Claims::shipped().gains {
            match gain.evidence {
                Evidence::Published { of, over } => {
                    assert!((of.dice - over.dice - gain.gain).abs() < 1e-9, "{of:?} {over:?}");
                    assert!(matches!(gain.question, Question::OverGazeMedSeg | Question::OverPlainNetwork));
                }
                Evidence::Measured { interval: [low, high], seeds, images, .. } => {
                    assert!(low <= gain.gain && gain.gain <= high && seeds > 0 && images > 1);
                    assert!(matches!(gain.question, Question::Strategies | Question::FullSupervision));
                }
            }
        }
    }
}
