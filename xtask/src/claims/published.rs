//! Published Dice values: the only place of the repository's code that holds any.
//!
//! FGI's own values stand in its abstract ("From Gaze to Insight", arXiv 2504.11368, IEEE TMI 2025)
//! and in its table of comparisons. The values of GazeMedSeg and of a U-Net that learns from gaze
//! stand in the same comparison, and for Kvasir-SEG and NCI-ISBI in that of GazeMedSeg (MICCAI
//! 2024). We took them from results tables of later papers that quote them, where all are means of
//! three runs. Kvasir-SEG: 900 images train and 100 test; NCI-ISBI: 789 and 117; both with recorded
//! gaze. ISIC: 800 and 200, simulated gaze, and another choice of images than ours, which was not
//! published.

use super::file::{DataSet, Evidence, Gain, Question, Row, rounded};

const FGI: &str = "arXiv 2504.11368, abstract";
const COMPARISON: &str = "comparison with gaze-supervised methods, as quoted by later papers";

const fn row(method: &'static str, dice: f64, sd: Option<f64>, source: &'static str) -> Row {
    Row { method, dice, sd, source }
}

/// FGI, GazeMedSeg and the plain network, a data set each.
const ROWS: [(DataSet, [Row; 3]); 3] = [
    (
        DataSet::KvasirSeg,
        [
            row("FGI", 0.8078, Some(0.0011), FGI),
            row("GazeMedSeg", 0.7780, None, COMPARISON),
            row("U-Net on gaze", 0.7374, None, COMPARISON),
        ],
    ),
    (
        DataSet::NciIsbi,
        [
            row("FGI", 0.8053, Some(0.0049), FGI),
            row("GazeMedSeg", 0.7764, None, COMPARISON),
            row("U-Net on gaze", 0.7475, None, COMPARISON),
        ],
    ),
    (
        DataSet::Isic,
        [
            row("FGI", 0.8422, Some(0.0017), FGI),
            row("GazeMedSeg", 0.8291, None, COMPARISON),
            row("U-Net on gaze", 0.8295, None, COMPARISON),
        ],
    ),
];

/// The gains that these rows claim: the method minus GazeMedSeg, and the method minus the plain network.
pub(super) fn gains() -> Vec<Gain> {
    let of = |(data, [method, former, plain]): (DataSet, [Row; 3])| {
        [(Question::OverGazeMedSeg, former), (Question::OverPlainNetwork, plain)].map(|(question, over)| Gain {
            data,
            question,
            gain: rounded(method.dice - over.dice),
            evidence: Evidence::Published { of: method, over },
        })
    };
    ROWS.into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_gain_is_the_difference_of_its_two_rows() {
        let gains = gains();
        let over = |question| gains.iter().filter(move |g| g.question == question).map(|g| g.gain).collect::<Vec<_>>();
        assert_eq!(over(Question::OverGazeMedSeg), [0.0298, 0.0289, 0.0131]);
        assert_eq!(over(Question::OverPlainNetwork), [0.0704, 0.0578, 0.0127]);
    }
}
