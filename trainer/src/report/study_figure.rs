//! The figure of a study: bars of Dice with their spread over seeds on the left, paired differences
//! to the reference row on the right.

use super::{
    results::{Row, Study, mean_and_sd},
    study_table::{Line, spread},
    svg::{Anchor, Axis, GREY, GRID, INK, PALETTE, Style, Svg, number, wrap},
};

const WIDTH: f64 = 900.0;
const MARGIN: f64 = 24.0;
/// Right end of the rows' names.
const LABELS: f64 = 206.0;
/// Ends of the bars' axis with a plot of differences beside it, and alone.
const BARS: [(f64, f64); 2] = [(216.0, 474.0), (216.0, 744.0)];
/// Ends of the differences' axis.
const DIFFERENCES: (f64, f64) = (614.0, 800.0);
/// Height of a bar with the air below it, and the air around those of a row.
const BAR: f64 = 18.0;
const AIR: f64 = 12.0;
/// Fill of every other row.
const BAND: &str = "#f4f6f9";
/// Colour of the line at no difference.
const ZERO: &str = "#6b7480";

const MODELS: [(&str, &str); 3] = [("student", PALETTE[0]), ("teacher", PALETTE[2]), ("teacher_with_gaze", PALETTE[3])];

/// One row with its lines and its place.
struct Band<'a> {
    row: &'a Row,
    lines: Vec<Line<'a>>,
    label: Vec<String>,
    top: f64,
    height: f64,
}

/// A figure of 900 px width.
pub fn figure(study: &Study) -> String {
    let mut svg = Svg::new(WIDTH);
    svg.text((MARGIN, 38.0), &study.study, Style { size: 20.0, ..Style::HEADING });
    let d = &study.data;
    let subtitle = format!("{}, split {}, {} images", d.name, d.split, d.images);
    svg.text((MARGIN, 60.0), &subtitle, Style { colour: GREY, ..Style::PLAIN });
    let lines = study.distinct_lines();
    let top = legend(&mut svg, &lines) + 40.0;
    let bands = bands(study, &lines, top);
    let bottom = bands.last().map_or(top, |band| band.top + band.height);
    for band in bands.iter().step_by(2) {
        svg.rect((MARGIN, band.top), (WIDTH - 2.0 * MARGIN, band.height), BAND);
    }
    for band in &bands {
        let first = band.top + band.height / 2.0 - (band.label.len() as f64 - 1.0) * 7.5 + 4.5;
        for (index, line) in band.label.iter().enumerate() {
            svg.text((LABELS, first + 15.0 * index as f64), line, Style { anchor: Anchor::End, ..Style::PLAIN });
        }
    }
    let reference = study.reference();
    bars(&mut svg, &bands, top, bottom, BARS[usize::from(reference.is_none())]);
    if let Some(reference) = reference {
        differences(&mut svg, &bands, top, bottom, reference);
    }
    let mut y = bottom + 66.0;
    for line in wrap(&how_to_read(reference), 130) {
        svg.text((MARGIN, y), &line, Style { size: 12.0, colour: GREY, ..Style::PLAIN });
        y += 18.0;
    }
    svg.finish(y.ceil(), &format!("Dice of {}", study.study), &in_words(&lines))
}

/// One entry a model that is there. Returns where it ends.
fn legend(svg: &mut Svg, lines: &[Line<'_>]) -> f64 {
    let mut x = MARGIN;
    for (model, colour) in MODELS {
        if let Some(line) = lines.iter().find(|line| line.model == model) {
            svg.rect((x, 78.0), (18.0, 11.0), colour);
            svg.text((x + 25.0, 88.0), line.words(), Style::PLAIN);
            x += 45.0 + 7.2 * line.words().len() as f64;
        }
    }
    88.0
}

fn bands<'a>(study: &'a Study, lines: &[Line<'a>], mut top: f64) -> Vec<Band<'a>> {
    let mut bands = Vec::new();
    for row in &study.rows {
        let lines: Vec<Line<'a>> = lines.iter().filter(|line| line.row.name == row.name).copied().collect();
        let mut label = wrap(&row.name, 26);
        // A name is one word; a long one is cut to pieces.
        if row.name.chars().count() > 26 {
            let letters: Vec<char> = row.name.chars().collect();
            label = letters.chunks(26).map(|part| part.iter().collect()).collect();
        }
        let height = (lines.len().max(1) as f64 * BAR).max(15.0 * label.len() as f64) + AIR;
        bands.push(Band { row, lines, label, top, height });
        top += height;
    }
    bands
}

impl Band<'_> {
    /// Its lines with the middles of their bars.
    fn positions(&self) -> impl Iterator<Item = (&Line<'_>, f64)> {
        let first = self.top + (self.height - BAR * (self.lines.len() as f64 - 1.0)) / 2.0;
        self.lines.iter().enumerate().map(move |(index, line)| (line, first + BAR * index as f64))
    }
}

fn colour(model: &str) -> &'static str {
    MODELS.iter().find(|(name, _)| *name == model).map_or(INK, |(_, colour)| colour)
}

/// Bars begin at 0, so that their lengths compare.
fn bars(svg: &mut Svg, bands: &[Band<'_>], top: f64, bottom: f64, ends: (f64, f64)) {
    svg.text((ends.0, top - 12.0), "Dice", Style::HEADING);
    let axis = Axis::fixed((0.0, 1.0), ends);
    grid(svg, &axis, top, bottom);
    for (line, y) in bands.iter().flat_map(Band::positions) {
        let (Some(mean), sd) = mean_and_sd(&line.scores.dice) else { continue };
        svg.rect((ends.0, y - 6.0), (axis.at(mean) - ends.0, 12.0), colour(line.model));
        let sd = sd.unwrap_or(0.0);
        if sd > 0.0 {
            // A score ends at 0 and 1, however far it spreads.
            svg.line((axis.at((mean - sd).max(0.0)), y), (axis.at((mean + sd).min(1.0)), y), INK, 1.6);
        }
        if line.scores.dice.len() > 1 {
            line.scores.dice.iter().for_each(|seed| svg.tick((axis.at(*seed), y), 12.0, INK));
        }
        svg.text((ends.1 + 10.0, y + 4.5), &spread(&line.scores.dice, 3), Style { size: 12.0, ..Style::PLAIN });
    }
}

fn differences(svg: &mut Svg, bands: &[Band<'_>], top: f64, bottom: f64, reference: &str) {
    let heading = format!("\u{394} Dice to {reference}");
    svg.text((DIFFERENCES.0, top - 12.0), &heading, Style::HEADING);
    let positions: Vec<_> =
        bands.iter().flat_map(Band::positions).filter_map(|(line, y)| Some((line, line.paired?.dice, y))).collect();
    let axis = Axis::around(positions.iter().flat_map(|(_, d, _)| [d.low, d.high]).chain([0.0]), DIFFERENCES);
    grid(svg, &axis, top, bottom);
    svg.dashed((axis.at(0.0), top), (axis.at(0.0), bottom), ZERO, 1.2);
    for (line, d, y) in positions {
        svg.line((axis.at(d.low), y), (axis.at(d.high), y), colour(line.model), 2.5);
        svg.dot((axis.at(d.mean), y), 4.5, colour(line.model));
        let sign = if d.mean >= 5e-4 { "+" } else { "" };
        let text = format!("{sign}{}", number(d.mean, 3));
        svg.text((WIDTH - MARGIN - 6.0, y + 4.5), &text, Style { size: 12.0, anchor: Anchor::End, ..Style::PLAIN });
    }
    for band in bands.iter().filter(|band| band.row.name == reference) {
        let middle = band.top + band.height / 2.0 + 4.5;
        svg.text((WIDTH - MARGIN - 6.0, middle), "reference", Style { anchor: Anchor::End, ..Style::TICK });
    }
}

fn grid(svg: &mut Svg, axis: &Axis, top: f64, bottom: f64) {
    for (value, label) in axis.ticks() {
        svg.line((axis.at(value), top), (axis.at(value), bottom + 4.0), GRID, 1.0);
        svg.text((axis.at(value), bottom + 20.0), &label, Style::TICK);
    }
}

fn how_to_read(reference: Option<&str>) -> String {
    let bars = "Bars: mean over images, then over seeds. Lines on them: \u{b1} one standard deviation over seeds. \
                Ticks: single seeds.";
    let right = |name| {
        format!(
            " Right: Dice minus that of {name} with the same model, image by image, each averaged over its seeds; \
             dots: mean, lines: 95 % bootstrap interval over the images."
        )
    };
    bars.to_owned() + &reference.map(right).unwrap_or_default()
}

/// The figure for those who do not see it.
fn in_words(lines: &[Line<'_>]) -> String {
    let say = |line: &Line<'_>| format!("{}, {}: Dice {}", line.row.name, line.words(), spread(&line.scores.dice, 3));
    lines.iter().map(say).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::results::{Paired, example};
    use fovea_shared::metrics::PairedDifference;

    #[test]
    fn every_row_and_number_is_drawn() {
        let mut study = example();
        let alone = figure(&study);
        assert!(alone.contains(">all</text>") && alone.contains("0.575 \u{b1} 0.177"), "{alone}");
        assert!(!alone.contains("\u{394} Dice"), "{alone}");
        let dice = PairedDifference { mean: 0.034, low: -0.01, high: 0.06, p_value: 0.2 };
        let (model, reference) = ("student".to_owned(), "all".to_owned());
        study.rows[1].paired = vec![Paired { model, reference, seeds: vec![1], images: 2, dice }];
        study.rows[1].name = "<b>&".into();
        let both = figure(&study);
        assert!(both.contains("\u{394} Dice to all") && both.contains(">+0.034<") && both.contains(">reference<"));
        assert!(both.contains("&lt;b&gt;&amp;") && !both.contains("<b>"), "names are escaped");
    }
}
