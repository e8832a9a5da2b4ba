//! The figure: Dice against looks with the student's line on the left, shares on the right.

use super::{Figure, Interact, Part};
use crate::report::svg::{Anchor, Axis, GREY, GRID, PALETTE, Style, Svg, number, wrap};

const WIDTH: f64 = 940.0;
const MARGIN: f64 = 24.0;
const TOP: f64 = 108.0;
const HEIGHT: f64 = 300.0;
/// Ends of the axis of looks.
const LOOKS: (f64, f64) = (76.0, 400.0);
/// Right end of the shares' names.
const LABELS: f64 = 712.0;
/// Ends of the shares' axis.
const SHARES: (f64, f64) = (724.0, 880.0);
const TEACHER: &str = PALETTE[0];
const STUDENT: &str = PALETTE[1];
const OWN_GAZE: &str = PALETTE[2];

/// The shares on the right, as far as they were measured.
const BARS: [(Part, &str, &str); 11] = [
    (Part::Looks, "not_worse_3", "three looks not worse than the student"),
    (Part::SideBySide, "share", "halves: mask on the looked-at side"),
    (Part::SideBySide, "share_unchosen", "the one not chosen"),
    (Part::Blended, "share", "blended: mask not on the other lesion"),
    (Part::Blended, "share_unchosen", "the one not chosen"),
    (Part::Doubles, "share", "truly two: mask not on the other lesion"),
    (Part::Off, "unoutlined", "look beside: lesion un-outlined"),
    (Part::WordsSideBySide, "described", "halves, words: mask on that side"),
    (Part::WordsSideBySide, "moved", "the other location moves half of it"),
    (Part::WordsBlended, "described", "blended, words: not on the other"),
    (Part::WordsBlended, "moved", "the other location moves half of it"),
];

/// A figure of 940 px width.
pub(super) fn figure(found: &Interact) -> String {
    let mut svg = Svg::new(WIDTH);
    svg.text((MARGIN, 38.0), &found.study, Style { size: 20.0, ..Style::HEADING });
    let d = &found.data;
    let seeds = found.seeds.len();
    let about = format!(
        "{}, split {}, {} images, {seeds} seed{}; lines: 95 % over the images",
        d.name,
        d.split,
        d.images,
        if seeds == 1 { "" } else { "s" }
    );
    svg.text((MARGIN, 60.0), &about, Style { colour: GREY, ..Style::PLAIN });
    looks(&mut svg, found);
    let shares = shares(&mut svg, found);
    let mut y = (TOP + HEIGHT + 84.0).max(shares);
    for line in wrap("Looks are drawn from the true masks of the images that are measured.", 130) {
        svg.text((MARGIN, y), &line, Style { size: 12.0, colour: GREY, ..Style::PLAIN });
        y += 18.0;
    }
    svg.finish(y + 4.0, &found.study, &description(found))
}

/// What a screen reader says.
fn description(found: &Interact) -> String {
    let say = |part, key, name: &str| found.figure(part, key).map(|f| format!("{name} {}", number(f.mean, 3)));
    let mut all: Vec<String> =
        dice(found).into_iter().map(|(n, f)| format!("{n} looks {}", number(f.mean, 3))).collect();
    all.extend(say(Part::Looks, "student", "student"));
    all.extend(BARS.iter().filter_map(|(part, key, name)| say(*part, key, name)));
    format!("Dice and shares: {}.", all.join("; "))
}

/// Dice after so many looks.
fn dice(found: &Interact) -> Vec<(usize, &Figure)> {
    let of = |looks: usize| Some((looks, found.figure(Part::Looks, &format!("teacher_{looks}"))?));
    [0, 1, 3, 5].into_iter().filter_map(of).collect()
}

fn looks(svg: &mut Svg, found: &Interact) {
    svg.text((MARGIN, TOP - 18.0), "Dice against looks", Style::HEADING);
    let points = dice(found);
    let student = found.figure(Part::Looks, "student");
    let own = found.figure(Part::Looks, "teacher_own_gaze");
    let all = points.iter().map(|(_, figure)| *figure).chain(student).chain(own);
    let ends: Vec<f64> = all.flat_map(|f| [f.low, f.high, f.mean]).collect();
    let bottom = TOP + HEIGHT;
    let y = Axis::around(ends, (bottom, TOP));
    for (value, label) in y.ticks() {
        svg.line((LOOKS.0, y.at(value)), (LOOKS.1, y.at(value)), GRID, 1.0);
        svg.text((LOOKS.0 - 8.0, y.at(value) + 4.0), &label, Style { anchor: Anchor::End, ..Style::TICK });
    }
    svg.line((LOOKS.0, bottom), (LOOKS.1, bottom), GREY, 1.0);
    // The last place is that of the image's own gaze.
    let x = |position: usize| LOOKS.0 + 24.0 + position as f64 / 6.0 * (LOOKS.1 - LOOKS.0 - 48.0);
    if let Some(student) = student {
        svg.dashed((LOOKS.0, y.at(student.mean)), (LOOKS.1, y.at(student.mean)), STUDENT, 2.0);
        for end in [student.low, student.high] {
            svg.dashed((LOOKS.0, y.at(end)), (LOOKS.1, y.at(end)), STUDENT, 0.6);
        }
    }
    for pair in points.windows(2) {
        let at = |(looks, figure): (usize, &Figure)| (x(looks), y.at(figure.mean));
        svg.line(at(pair[0]), at(pair[1]), TEACHER, 2.0);
    }
    let marks = points.iter().map(|(looks, figure)| (*looks, *figure, TEACHER));
    for (position, figure, colour) in marks.chain(own.map(|figure| (6, figure, OWN_GAZE))) {
        svg.line((x(position), y.at(figure.low)), (x(position), y.at(figure.high)), colour, 2.0);
        svg.dot((x(position), y.at(figure.mean)), 5.0, colour);
    }
    for position in [0, 1, 3, 5] {
        svg.text((x(position), bottom + 20.0), &position.to_string(), Style::TICK);
    }
    if own.is_some() {
        svg.text((x(6), bottom + 20.0), "own", Style::TICK);
    }
    svg.text(((LOOKS.0 + LOOKS.1) / 2.0, bottom + 38.0), "looks", Style::TICK);
    let mut left = LOOKS.0;
    let said = [
        (TEACHER, "teacher", !points.is_empty()),
        (STUDENT, "student (image alone)", student.is_some()),
        (OWN_GAZE, "all own gaze", own.is_some()),
    ];
    for (colour, name, _) in said.into_iter().filter(|(.., there)| *there) {
        svg.dot((left, bottom + 56.0), 5.0, colour);
        svg.text((left + 10.0, bottom + 60.5), name, Style::PLAIN);
        left += 36.0 + 7.0 * name.len() as f64;
    }
}

/// Returns where they end.
fn shares(svg: &mut Svg, found: &Interact) -> f64 {
    svg.text((470.0, TOP - 18.0), "Shares", Style::HEADING);
    let bars: Vec<(&str, &Figure)> =
        BARS.iter().filter_map(|(part, key, name)| Some((*name, found.figure(*part, key)?))).collect();
    let axis = Axis::fixed((0.0, 1.0), SHARES);
    let height = 26.0;
    let bottom = TOP + bars.len() as f64 * height;
    for (value, label) in axis.ticks() {
        svg.line((axis.at(value), TOP), (axis.at(value), bottom), GRID, 1.0);
        svg.text((axis.at(value), bottom + 18.0), &label, Style::TICK);
    }
    for (index, (name, figure)) in bars.iter().enumerate() {
        let y = TOP + (index as f64 + 0.5) * height;
        svg.text((LABELS, y + 4.0), name, Style { anchor: Anchor::End, ..Style::PLAIN });
        svg.line((axis.at(figure.low), y), (axis.at(figure.high), y), TEACHER, 2.5);
        svg.dot((axis.at(figure.mean), y), 5.0, TEACHER);
        svg.text((WIDTH - MARGIN, y + 4.0), &number(figure.mean, 3), Style { anchor: Anchor::End, ..Style::TICK });
    }
    bottom + 44.0
}
