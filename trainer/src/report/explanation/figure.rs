//! The figure of a report: on the left how well the words' attention maps fit, on the right what
//! changing the text does.

use super::{
    ALL_FIELDS,
    summary::{Change, Faithfulness, FieldSummary, Spread, Summary},
    text_use::{MASK_CHANGE, RULE},
    verdict::verdict,
};
use crate::report::svg::{Anchor, Axis, GREY, GRID, PALETTE, Style, Svg, number, wrap};

const WIDTH: f64 = 900.0;
const MARGIN: f64 = 24.0;
/// Left and right end of the two plots on the left.
const LEFT_PLOTS: [(f64, f64); 2] = [(122.0, 292.0), (316.0, 486.0)];
/// The labels' right end, and the ends of the plots, on the right.
const RIGHT_LABELS: f64 = 636.0;
const RIGHT_PLOT: (f64, f64) = (646.0, 822.0);
/// Height of a mark with its line, and the air around a group of them.
const MARK: f64 = 13.0;
const AIR: f64 = 11.0;
/// Height of a plot's axis with its numbers and name.
const AXIS: f64 = 42.0;
/// Between the two plots on the right.
const GAP: f64 = 22.0;
/// Fill of every other band.
const BAND: &str = "#f4f6f9";
/// Colour of the line at chance.
const CHANCE: &str = "#6b7480";

/// Picks one of the changes of text.
type Effect = fn(&Faithfulness) -> &Change;

/// One mark of a plot: a mean, its interval, its seeds.
struct Mark {
    mean: f64,
    low: f64,
    high: f64,
    seeds: Vec<f64>,
    colour: &'static str,
    hollow: bool,
}

/// A plot: groups of marks from top to bottom, each group on a band of its own.
struct Plot<'a> {
    name: &'a str,
    groups: Vec<Vec<Mark>>,
    /// Where nothing is said.
    chance: f64,
    /// Another value that decides something.
    limit: Option<f64>,
    /// Upper end, height of a band, left and right end.
    top: f64,
    band: f64,
    ends: (f64, f64),
    /// Stands in place of marks when there are none.
    nothing: &'a str,
    /// Writes a mean beside its mark.
    beside: Option<fn(f64) -> String>,
}

impl Mark {
    fn of(spread: &Spread, colour: &'static str) -> Self {
        let Spread { mean, low, high, .. } = *spread;
        Self { mean, low, high, seeds: spread.seeds.clone(), colour, hollow: false }
    }

    fn difference(change: &Change) -> Self {
        let d = &change.difference;
        Self { mean: d.mean, low: d.low, high: d.high, seeds: change.seeds.clone(), colour: "", hollow: false }
    }

    /// In per cent.
    fn mask_change(change: &Change) -> Self {
        let m = Self::of(&change.mask_change, "");
        let percent = |v: f64| 100.0 * v;
        Self {
            mean: percent(m.mean),
            low: percent(m.low),
            high: percent(m.high),
            seeds: m.seeds.into_iter().map(percent).collect(),
            ..m
        }
    }
}

/// A figure of 900 px width.
pub(super) fn figure(summary: &Summary) -> String {
    let mut svg = Svg::new(WIDTH);
    let title = format!("What the words do: {}", summary.study);
    svg.text((MARGIN, 38.0), &title, Style { size: 20.0, ..Style::HEADING });
    let d = &summary.data;
    let subtitle = format!("{}, split {}, {} test images", d.name, d.split, d.images);
    svg.text((MARGIN, 60.0), &subtitle, Style { colour: GREY, ..Style::PLAIN });
    let top = legend(&mut svg, summary, 88.0) + 44.0;
    let below = left(&mut svg, summary, top).max(right(&mut svg, summary, top));
    let bottom = footer(&mut svg, summary, below + 30.0);
    svg.finish(bottom.ceil(), &title, &verdict(summary))
}

/// The colour of the row at `index`. After six they come again: marks stand in the legend's order too.
fn colour(index: usize) -> &'static str {
    PALETTE[index % PALETTE.len()]
}

/// One entry a row. Returns where it ends.
fn legend(svg: &mut Svg, summary: &Summary, mut y: f64) -> f64 {
    for (index, row) in summary.rows.iter().enumerate() {
        let seeds = row.seeds.len();
        let s = if seeds == 1 { "" } else { "s" };
        svg.line((MARGIN, y - 4.5), (MARGIN + 22.0, y - 4.5), colour(index), 2.5);
        svg.dot((MARGIN + 11.0, y - 4.5), 5.0, colour(index));
        for line in wrap(&format!("{}: text {}, {seeds} seed{s}", row.name, row.text_source), 120) {
            svg.text((MARGIN + 32.0, y), &line, Style::PLAIN);
            y += 19.0;
        }
    }
    y
}

/// Height of a band for so many marks.
fn band_height(marks: usize) -> f64 {
    marks.max(1) as f64 * MARK + AIR
}

/// The field names, all of them together first.
fn field_names(summary: &Summary) -> Vec<&str> {
    // The row with the most fields first: those that only others have come after.
    let mut rows: Vec<_> = summary.rows.iter().collect();
    rows.sort_by_key(|r| std::cmp::Reverse(r.fields.len()));
    let mut names: Vec<&str> = Vec::new();
    for field in rows.iter().flat_map(|r| &r.fields) {
        if !names.contains(&field.field.as_str()) {
            names.push(&field.field);
        }
    }
    names
}

/// The attention maps, field by field. Returns where they end.
fn left(svg: &mut Svg, summary: &Summary, top: f64) -> f64 {
    svg.text((MARGIN, top - 18.0), "Do the words' attention maps fit?", Style::HEADING);
    let names = field_names(summary);
    // With few fields as high as what stands on the right.
    let beside = 2.0 * 3.0 * band_height(teachers(summary).count()) + AXIS + GAP;
    let band = band_height(summary.rows.len()).max((beside / names.len().max(1) as f64).min(42.0));
    for (index, name) in names.iter().enumerate() {
        let all = *name == ALL_FIELDS;
        let label = if all { "all fields".into() } else { name.replace('_', " ") };
        let at = (LEFT_PLOTS[0].0 - 10.0, top + (index as f64 + 0.5) * band + 4.5);
        svg.text(at, &label, Style { anchor: Anchor::End, bold: all, ..Style::PLAIN });
    }
    let groups = |score: fn(&FieldSummary) -> Option<&Spread>| -> Vec<Vec<Mark>> {
        let group = |name: &&str| {
            let of_row = |(index, row): (usize, &super::RowSummary)| {
                let field = row.fields.iter().find(|f| f.field == *name)?;
                Some(Mark::of(score(field)?, colour(index)))
            };
            summary.rows.iter().enumerate().filter_map(of_row).collect()
        };
        names.iter().map(group).collect()
    };
    let energy = Plot {
        name: "energy in the mask / chance",
        groups: groups(|f| f.energy_over_chance.as_ref()),
        chance: 1.0,
        limit: None,
        top,
        band,
        ends: LEFT_PLOTS[0],
        nothing: "no mask to score against",
        beside: None,
    };
    let auc = Plot {
        name: "AUC-Judd against the gaze",
        groups: groups(|f| f.auc_judd.as_ref()),
        chance: 0.5,
        ends: LEFT_PLOTS[1],
        nothing: "no gaze to score against",
        ..energy
    };
    energy.draw(svg).max(auc.draw(svg))
}

/// Every teacher that was asked with changed texts, with its row's colour.
fn teachers(summary: &Summary) -> impl Iterator<Item = (&'static str, &Faithfulness)> {
    summary.rows.iter().enumerate().flat_map(|(i, row)| row.faithfulness.iter().map(move |f| (colour(i), f)))
}

/// What changes of the text do. Returns where it ends.
fn right(svg: &mut Svg, summary: &Summary, top: f64) -> f64 {
    let texts: [(&str, Effect); 3] =
        [("no text", |f| &f.empty), ("another's text", |f| &f.shuffled), ("mirrored place", |f| &f.flipped)];
    let groups = |mark: fn(&Change) -> Mark| -> Vec<Vec<Mark>> {
        let group = |change: Effect| {
            let of =
                |(colour, f): (&'static str, &Faithfulness)| Mark { colour, hollow: f.with_gaze, ..mark(change(f)) };
            teachers(summary).map(of).collect()
        };
        texts.iter().map(|(_, change)| group(*change)).collect()
    };
    svg.text((RIGHT_LABELS - 98.0, top - 18.0), "Does the teacher listen to its text?", Style::HEADING);
    let band = band_height(teachers(summary).count());
    let dice = Plot {
        name: "change of Dice",
        groups: groups(Mark::difference),
        chance: 0.0,
        limit: None,
        top,
        band,
        ends: RIGHT_PLOT,
        nothing: "not measured",
        beside: Some(|v| format!("{}{}", if v >= 5e-4 { "+" } else { "" }, number(v, 3))),
    };
    let below = dice.top + 3.0 * band + AXIS + GAP;
    let mask = Plot {
        name: "change of the mask, 1 \u{2212} Dice [%]",
        groups: groups(Mark::mask_change),
        chance: 0.0,
        limit: Some(100.0 * MASK_CHANGE),
        top: below,
        band,
        ends: RIGHT_PLOT,
        nothing: "not measured",
        beside: Some(|v| format!("{} %", number(v, 1))),
    };
    for plot in [&dice, &mask] {
        for (index, (label, _)) in texts.iter().enumerate() {
            let at = (RIGHT_LABELS, plot.top + (index as f64 + 0.5) * band + 4.5);
            svg.text(at, label, Style { anchor: Anchor::End, ..Style::PLAIN });
        }
    }
    dice.draw(svg).max(mask.draw(svg))
}

impl Plot<'_> {
    /// Draws the plot and returns where it ends.
    fn draw(&self, svg: &mut Svg) -> f64 {
        let (left, right) = self.ends;
        let bottom = self.top + self.groups.len().max(3) as f64 * self.band;
        for index in (0..self.groups.len()).step_by(2) {
            svg.rect((left, self.top + index as f64 * self.band), (right - left, self.band), BAND);
        }
        svg.line((left, bottom), (right, bottom), CHANCE, 1.0);
        svg.text(((left + right) / 2.0, bottom + 36.0), self.name, Style { colour: GREY, ..Style::TICK });
        let marks = || self.groups.iter().flatten();
        if marks().next().is_none() {
            svg.text(((left + right) / 2.0, (self.top + bottom) / 2.0), self.nothing, Style::TICK);
            return bottom + AXIS;
        }
        let ends = marks().flat_map(|m| [m.low, m.high, m.mean].into_iter().chain(m.seeds.iter().copied()));
        let axis = Axis::around(ends.chain([self.chance]).chain(self.limit), self.ends);
        for (value, label) in axis.ticks() {
            svg.line((axis.at(value), self.top), (axis.at(value), bottom + 4.0), GRID, 1.0);
            svg.text((axis.at(value), bottom + 18.0), &label, Style::TICK);
        }
        for value in [Some(self.chance), self.limit].into_iter().flatten() {
            svg.dashed((axis.at(value), self.top), (axis.at(value), bottom), CHANCE, 1.2);
        }
        for (index, group) in self.groups.iter().enumerate() {
            let middle = self.top + (index as f64 + 0.5) * self.band;
            for (number, mark) in group.iter().enumerate() {
                let y = middle + (number as f64 - (group.len() - 1) as f64 / 2.0) * MARK;
                self.mark(svg, &axis, y, mark);
            }
        }
        bottom + AXIS
    }

    fn mark(&self, svg: &mut Svg, axis: &Axis, y: f64, mark: &Mark) {
        svg.line((axis.at(mark.low), y), (axis.at(mark.high), y), mark.colour, 2.5);
        if mark.seeds.len() > 1 {
            mark.seeds.iter().for_each(|seed| svg.tick((axis.at(*seed), y), 9.0, mark.colour));
        }
        let at = (axis.at(mark.mean), y);
        if mark.hollow {
            svg.ring(at, 4.0, mark.colour)
        } else {
            svg.dot(at, 5.0, mark.colour)
        }
        if let Some(text) = self.beside {
            svg.text((WIDTH - MARGIN, y + 4.0), &text(mark.mean), Style { anchor: Anchor::End, ..Style::TICK });
        }
    }
}

/// What follows and how to read the plots. Returns where it ends.
fn footer(svg: &mut Svg, summary: &Summary, mut y: f64) -> f64 {
    let gaze = |f: &Faithfulness| if f.with_gaze { "with gaze" } else { "without gaze" };
    let say = |row: &super::RowSummary, f: &Faithfulness| format!("{}, {}: {}.", row.name, gaze(f), f.text_use.label());
    let found = summary.rows.iter().flat_map(|row| row.faithfulness.iter().map(move |f| say(row, f)));
    let mut paragraphs: Vec<(String, Style)> = found.map(|text| (text, Style { bold: true, ..Style::PLAIN })).collect();
    let small = Style { size: 12.0, colour: GREY, ..Style::PLAIN };
    let read = "Dots and rings: mean over images and seeds. Lines: 95 % bootstrap interval over images. Ticks: single \
                seeds. \
        Dashed: chance (left), no change and the rule's 2 % (right). Dots: teacher without gaze; rings: with gaze.";
    paragraphs.extend([(read.into(), small), (RULE.into(), small)]);
    for (text, style) in paragraphs {
        for line in wrap(&text, if style.bold { 110 } else { 140 }) {
            svg.text((MARGIN, y), &line, style);
            y += 18.0;
        }
        y += 3.0;
    }
    y
}
