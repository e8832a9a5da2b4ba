//! The figure of `results/teach*.json`: Dice against the number of images that a student learnt from,
//! a line for each length of a glance.

use super::{
    results::mean_and_sd,
    svg::{Anchor, Axis, GREY, GRID, PALETTE, Style, Svg, number, wrap},
    teach::{TeachRow, TeachStudy},
};
use crate::teach::Told;

const WIDTH: f64 = 760.0;
const MARGIN: f64 = 24.0;
const TOP: f64 = 96.0;
const HEIGHT: f64 = 320.0;
/// Ends of the axis of images.
const IMAGES: (f64, f64) = (76.0, 560.0);

/// Rows of one kind, a point for each number of images.
struct Line<'a> {
    name: String,
    masks: bool,
    rows: Vec<&'a TeachRow>,
}

/// A figure of 760 px width.
pub(crate) fn figure(study: &TeachStudy) -> String {
    let mut svg = Svg::new(WIDTH);
    svg.text((MARGIN, 38.0), "What a few glances teach", Style { size: 20.0, ..Style::HEADING });
    let TeachStudy { data, split, images, measured_on, seeds, .. } = study;
    let about = format!("{data}, split {split}, Dice on {images} {measured_on} images, {} seeds", seeds.len());
    svg.text((MARGIN, 60.0), &about, Style { colour: GREY, ..Style::PLAIN });
    let lines = lines(study);
    let counts = counts(study);
    let y = Axis::around(study.rows.iter().flat_map(|row| row.dice.iter().copied()), (TOP + HEIGHT, TOP));
    for (value, label) in y.ticks() {
        svg.line((IMAGES.0, y.at(value)), (IMAGES.1, y.at(value)), GRID, 1.0);
        svg.text((IMAGES.0 - 8.0, y.at(value) + 4.0), &label, Style { anchor: Anchor::End, ..Style::TICK });
    }
    // Numbers of images are doubled from place to place, so each has a place of its own.
    let step = (IMAGES.1 - IMAGES.0) / counts.len().max(1) as f64;
    let x = |glances: usize| {
        let position = counts.iter().position(|count| *count == glances).unwrap_or_default();
        IMAGES.0 + (position as f64 + 0.5) * step
    };
    for count in &counts {
        svg.text((x(*count), TOP + HEIGHT + 20.0), &count.to_string(), Style::TICK);
    }
    svg.text(((IMAGES.0 + IMAGES.1) / 2.0, TOP + HEIGHT + 40.0), "images that the student learns from", Style::TICK);
    for (line, colour) in lines.iter().zip(PALETTE.iter().cycle()) {
        let at = |row: &TeachRow| Some((x(row.glances), y.at(mean_and_sd(&row.dice).0?)));
        for pair in line.rows.windows(2) {
            if let (Some(from), Some(to)) = (at(pair[0]), at(pair[1])) {
                if line.masks { svg.dashed(from, to, colour, 2.0) } else { svg.line(from, to, colour, 2.0) }
            }
        }
        for row in &line.rows {
            for dice in &row.dice {
                svg.tick((x(row.glances), y.at(*dice)), 7.0, colour);
            }
            if let Some(at) = at(row) {
                svg.dot(at, 5.0, colour);
            }
        }
    }
    for (index, (line, colour)) in lines.iter().zip(PALETTE.iter().cycle()).enumerate() {
        let at = (IMAGES.1 + 28.0, TOP + 12.0 + 24.0 * index as f64);
        svg.dot(at, 5.0, colour);
        svg.text((at.0 + 12.0, at.1 + 4.5), &line.name, Style::PLAIN);
    }
    let mut bottom = TOP + HEIGHT + 68.0;
    let says =
        "Dots: mean over the seeds. Ticks: the seeds. Masks are an upper bound: they alone learn from true masks.";
    for text in wrap(says, 110) {
        svg.text((MARGIN, bottom), &text, Style { size: 12.0, colour: GREY, ..Style::PLAIN });
        bottom += 18.0;
    }
    svg.finish(bottom + 4.0, &study.study, &description(&lines))
}

/// The numbers of images, each once, smallest first.
fn counts(study: &TeachStudy) -> Vec<usize> {
    let mut counts: Vec<usize> = study.rows.iter().map(|row| row.glances).collect();
    counts.sort_unstable();
    counts.dedup();
    counts
}

/// One line for masks and one for each length of a glance, in the order of the table.
fn lines(study: &TeachStudy) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for row in &study.rows {
        let name = match (row.told, row.seconds) {
            (Told::Mask, _) => "true masks".to_owned(),
            (Told::Gaze, None) => "gaze, all of it".to_owned(),
            (Told::Gaze, Some(seconds)) => format!("gaze, {seconds} s each"),
        };
        match lines.iter_mut().find(|line| line.name == name) {
            Some(line) => line.rows.push(row),
            None => lines.push(Line { name, masks: row.told == Told::Mask, rows: vec![row] }),
        }
    }
    for line in &mut lines {
        line.rows.sort_by_key(|row| row.glances);
    }
    lines
}

/// What a screen reader says.
fn description(lines: &[Line<'_>]) -> String {
    let mean = |row: &&TeachRow| mean_and_sd(&row.dice).0.map_or_else(|| "-".to_owned(), |mean| number(mean, 3));
    let line = |line: &Line<'_>| {
        let points: Vec<String> = line.rows.iter().map(|row| format!("{} images {}", row.glances, mean(row))).collect();
        format!("{}: {}", line.name, points.join(", "))
    };
    format!("Dice. {}.", lines.iter().map(line).collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_teach::Recipe;

    use super::*;
    use crate::report::kind::TeachKind;

    fn row(told: Told, glances: usize, seconds: Option<f32>, dice: [f64; 2]) -> TeachRow {
        TeachRow { told, glances, seconds, dice: dice.into(), curve: Vec::new(), learning_seconds: vec![1.0, 2.0] }
    }

    #[test]
    fn each_length_has_a_line_and_masks_are_dashed() {
        let study = TeachStudy {
            kind: TeachKind::Only,
            study: "teach".into(),
            command: "fovea teach".into(),
            git_sha: "0".into(),
            device: "CPU".into(),
            data: "kvasir-seg".into(),
            split: "gaze".into(),
            gaze: None,
            measured_on: "test".into(),
            images: 100,
            backbone: "of a bundle".into(),
            recipe: Recipe::default(),
            seeds: vec![1, 2],
            rows: vec![
                row(Told::Gaze, 16, Some(4.0), [0.7, 0.8]),
                row(Told::Gaze, 2, Some(4.0), [0.5, 0.6]),
                row(Told::Gaze, 2, Some(0.5), [0.3, 0.4]),
                row(Told::Mask, 2, None, [0.6, 0.7]),
                row(Told::Mask, 16, None, [0.8, 0.8]),
            ],
        };
        let svg = figure(&study);
        let says = "Dice. gaze, 4 s each: 2 images 0.550, 16 images 0.750; gaze, 0.5 s each: 2 images 0.350; \
                    true masks: 2 images 0.650, 16 images 0.800.";
        assert!(svg.contains(says), "{svg}");
        assert_eq!((svg.matches("stroke-dasharray").count(), svg.matches("<circle").count()), (1, 5 + 3));
        assert_eq!(svg.matches("stroke-opacity").count(), 10, "a tick a seed");
        assert_eq!(counts(&study), [2, 16]);
    }
}
