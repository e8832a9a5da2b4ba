//! The chart of gains: for each data set what the paper claims and what we measured, a dot and an interval each. Pure: no browser in here.

use fovea_shared::description::Modality;

use super::{
    claims::{Claims, DataSet, Evidence, Gain, GazeKind, Labels, Question},
    scores::{dice, interval, signed},
};
use crate::text::say;

/// Width of the chart in its own units: that of the panel on the narrowest phone, so that its letters are never smaller than meant.
pub const WIDTH: f64 = 328.0;

/// Room at the left and right of the plot, for half a dot.
pub const SIDE: f64 = 8.0;

/// Height of a data set's title, and of a row with its label above its plot.
const TITLE: f64 = 22.0;
const ROW: f64 = 26.0;

/// Height of the axis with its figures.
pub const AXIS: f64 = 24.0;

/// A row of the chart in words and numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What is compared.
    pub label: String,
    /// The whole row as a sentence.
    pub sentence: String,
    /// Difference in Dice.
    pub gain: f64,
    /// Its 95 % interval; published rows have none.
    pub interval: Option<[f64; 2]>,
}

/// The rows of a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The data set.
    pub data: DataSet,
    /// Its rows, published ones first.
    pub rows: Vec<Row>,
}

/// What the chart shows of a domain.
pub fn groups(claims: &Claims, domain: Modality) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for gain in claims.gains.iter().filter(|gain| gain.data.domain() == domain) {
        let row = row(gain);
        match groups.iter_mut().find(|group| group.data == gain.data) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { data: gain.data, rows: vec![row] }),
        }
    }
    groups
}

fn row(gain: &Gain) -> Row {
    let value = signed(gain.gain);
    let (label, sentence, ends) = match &gain.evidence {
        Evidence::Published { of, over } => {
            let (better, worse) = (of.method.name(), over.method.name());
            let sentence = say!(
                "claims-published",
                of = &better,
                of_dice = dice(of.dice),
                over = &worse,
                over_dice = dice(over.dice),
                value = value
            );
            (say!("claims-row-published", of = better, over = worse), sentence, None)
        }
        Evidence::Measured { interval: ends, seeds, images, gaze, told } => {
            let gaze = match gaze {
                GazeKind::Recorded => say!("claims-gaze-recorded"),
                GazeKind::Simulated => say!("claims-gaze-simulated"),
            };
            let label = measured_label(gain.question, *told);
            let sentence = say!(
                "claims-measured",
                label = &label,
                value = value,
                interval = interval(*ends),
                seeds = *seeds,
                images = images.to_string(),
                gaze = gaze
            );
            (label, sentence, Some(*ends))
        }
    };
    Row { label, sentence, gain: gain.gain, interval: ends }
}

fn measured_label(question: Question, told: Labels) -> String {
    match (question, told) {
        (Question::FullSupervision, Labels::Heat) => say!("claims-row-bound-heat"),
        (Question::FullSupervision, Labels::Refined) => say!("claims-row-bound-refined"),
        (_, Labels::Heat) => say!("claims-row-strategies-heat"),
        (_, Labels::Refined) => say!("claims-row-strategies-refined"),
    }
}

/// Where everything lies, in the chart's own units.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Height of the whole.
    pub height: f64,
    /// Where a gain of 0 lies.
    pub zero: f64,
    /// Gains at the axis with their places.
    pub ticks: Vec<(f64, f64)>,
    /// Baselines of the titles, one a group.
    pub titles: Vec<f64>,
    /// The rows of all groups.
    pub rows: Vec<Mark>,
}

/// Where a row lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Baseline of its label.
    pub label: f64,
    /// The height of its dot.
    pub y: f64,
    /// The dot.
    pub dot: f64,
    /// The ends of the interval.
    pub interval: Option<(f64, f64)>,
}

impl Layout {
    /// Lays groups out one below the other over one axis, so that data sets can be compared.
    pub fn of(groups: &[Group]) -> Self {
        let rows = || groups.iter().flat_map(|group| &group.rows);
        let ends = |row: &Row| row.interval.unwrap_or([row.gain; 2]);
        let low = rows().map(|row| ends(row)[0].min(row.gain)).fold(0.0, f64::min);
        let high = rows().map(|row| ends(row)[1].max(row.gain)).fold(0.0, f64::max);
        let step = step(high - low);
        let (from, to) = ((low / step).floor() * step, (high / step).ceil().max(1.0) * step);
        let x = |gain: f64| SIDE + (WIDTH - 2.0 * SIDE) * (gain - from) / (to - from);
        let mut layout = Self { height: 0.0, zero: x(0.0), ticks: Vec::new(), titles: Vec::new(), rows: Vec::new() };
        for group in groups {
            layout.titles.push(layout.height + TITLE - 6.0);
            layout.height += TITLE;
            for row in &group.rows {
                let interval = row.interval.map(|[low, high]| (x(low), x(high)));
                let (label, y) = (layout.height + 10.0, layout.height + 19.0);
                layout.rows.push(Mark { label, y, dot: x(row.gain), interval });
                layout.height += ROW;
            }
        }
        layout.height += AXIS;
        let count = ((to - from) / step).round() as i32;
        layout.ticks = (0..=count).map(|i| from + f64::from(i) * step).map(|gain| (gain, x(gain))).collect();
        layout
    }
}

/// The distance of the axis' figures: at most six of them.
fn step(range: f64) -> f64 {
    [0.01, 0.02, 0.05, 0.1, 0.2].into_iter().find(|step| range <= step * 4.0).unwrap_or(0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped(domain: Modality) -> Vec<Group> {
        groups(&Claims::shipped(), domain)
    }

    #[test]
    fn every_domain_shows_what_is_published_and_what_was_measured_of_its_own_data_sets_only() {
        for domain in Modality::ALL {
            let groups = shipped(domain);
            assert!(groups.iter().all(|group| group.data.domain() == domain && !group.rows.is_empty()));
            let rows: Vec<&Row> = groups.iter().flat_map(|group| &group.rows).collect();
            assert!(rows.iter().any(|row| row.interval.is_none()) && rows.iter().any(|row| row.interval.is_some()));
        }
    }

    #[test]
    fn dots_lie_in_their_intervals_on_the_right_side_of_zero_and_inside_the_chart() {
        for domain in Modality::ALL {
            let groups = shipped(domain);
            let layout = Layout::of(&groups);
            let rows: Vec<&Row> = groups.iter().flat_map(|group| &group.rows).collect();
            assert_eq!(layout.rows.len(), rows.len());
            for (row, mark) in rows.iter().zip(&layout.rows) {
                assert_eq!(row.gain > 0.0, mark.dot > layout.zero, "{row:?} {mark:?}");
                let (low, high) = mark.interval.unwrap_or((mark.dot, mark.dot));
                assert!(SIDE <= low && low <= mark.dot && mark.dot <= high && high <= WIDTH - SIDE, "{mark:?}");
            }
            let ticks: Vec<f64> = layout.ticks.iter().map(|(_, x)| *x).collect();
            assert!(layout.ticks.iter().any(|(gain, x)| gain.abs() < 1e-9 && (x - layout.zero).abs() < 1e-9));
            assert!(ticks.windows(2).all(|pair| pair[1] - pair[0] > 40.0), "figures would touch: {ticks:?}");
        }
    }

    #[test]
    fn rows_follow_each_other_without_touching_and_labels_fit_beside_their_value() {
        let groups = shipped(Modality::Polyp);
        let layout = Layout::of(&groups);
        assert!(layout.rows.windows(2).all(|pair| pair[1].label - pair[0].y >= 12.0));
        assert!(layout.rows.last().is_some_and(|mark| mark.y < layout.height - AXIS));
        for domain in Modality::ALL {
            for row in shipped(domain).iter().flat_map(|group| &group.rows) {
                // About 6 units a letter of 12, and 40 for the value.
                assert!(row.label.chars().count() <= 46, "{}", row.label);
            }
        }
    }

    #[test]
    fn a_row_says_both_rows_of_a_claim_and_all_that_a_measurement_rests_on() {
        let rows: Vec<Row> = shipped(Modality::Polyp).into_iter().flat_map(|group| group.rows).collect();
        assert_eq!(rows[0].sentence, "published: FGI 0.808 minus GazeMedSeg 0.778 is +0.030.");
        let measured =
            rows.iter().find(|row| row.interval.is_some()).map(|row| row.sentence.as_str()).unwrap_or_default();
        for part in ["interval", "3 trainings", "100 images", "recorded gaze"] {
            assert!(measured.contains(part), "{measured}");
        }
    }

    #[test]
    fn nothing_to_show_is_an_axis_from_zero() {
        let layout = Layout::of(&[]);
        assert_eq!((layout.zero, layout.rows.len(), layout.height), (SIDE, 0, AXIS));
    }
}
