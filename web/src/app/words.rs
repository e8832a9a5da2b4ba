//! Sentences for the status line, the same for eyes and for screen readers. Pure: no browser in here.

use fovea_shared::{bundle::Score, gaze::Fixation};

use super::{devices::figure, inputs::Inputs};
use crate::protocol::{Opened, Outline, Report, Seen};

/// A share of the image, in percent.
pub fn percent(share: f32) -> String {
    let value = share * 100.0;
    if value > 0.0 && value < 10.0 { format!("{value:.1} %") } else { format!("{value:.0} %") }
}

/// A time in ms.
pub fn ms(value: f64) -> String {
    if value < 10.0 { format!("{value:.1} ms") } else { format!("{value:.0} ms") }
}

/// Where a point is.
pub fn place(x: f32, y: f32) -> String {
    format!("{} from the left, {} from the top", percent(x), percent(y))
}

/// A fixation in the list of points.
pub fn fixation(index: usize, f: &Fixation) -> String {
    format!("{}: {}, {:.0} ms", index + 1, place(f.x, f.y), f.duration_ms)
}

/// How many points there are.
pub fn points(count: usize) -> String {
    match count {
        0 => "no gaze points".into(),
        1 => "1 gaze point".into(),
        _ => format!("{count} gaze points"),
    }
}

/// A point was added.
pub fn added(gaze: &Inputs) -> String {
    match gaze.fixations().last() {
        Some(f) => format!("Point {} added, {}, {:.0} ms.", gaze.fixations().len(), place(f.x, f.y), f.duration_ms),
        None => String::new(),
    }
}

/// What a new look has found, after what the visitor did.
pub fn seen(done: &str, seen: &Seen, count: usize) -> String {
    let who = if count == 0 { "Without gaze, the teacher" } else { "The teacher" };
    let found = if seen.teacher.area == 0 {
        format!("{who} finds nothing to outline")
    } else {
        format!("{who} outlines {} of the image", percent(seen.teacher.share()))
    };
    let dice = seen.teacher.dice.map(|d| format!(", Dice {d:.2}")).unwrap_or_default();
    let change = seen.change.as_ref().map(|c| format!(" {}", super::effect::result(c, seen.teacher.dice)));
    format!("{done} {found}{dice}.{}", change.unwrap_or_default()).trim_start().to_string()
}

/// What another student has found.
pub fn student(title: &str, outline: &Outline) -> String {
    let dice = outline.dice.map(|d| format!(", Dice {d:.2}")).unwrap_or_default();
    format!("{title}, the student outlines {} of the image{dice}.", percent(outline.share()))
}

/// What supervised the students besides their strategies, from the name in the configuration.
pub fn student_target(name: &str) -> &str {
    match name {
        "broad-mask" => "the broad pseudo-mask of the gaze",
        "high-confidence" => "the high-confidence pseudo-mask of the gaze",
        "teacher" => "the finished teacher’s predictions",
        "full-supervision" => "true masks: an upper bound, not gaze",
        other => other,
    }
}

/// A score over seeds, and what it was measured on. One seed has no spread.
pub fn score(score: &Score) -> String {
    let Score { mean, sd, seeds, on } = score;
    if *seeds == 1 {
        format!("{mean:.3} (1 seed) on {on}")
    } else {
        format!("{mean:.3} ± {sd:.3} ({seeds} seeds) on {on}")
    }
}

/// What the student has found on a new image.
pub fn opened(title: &str, opened: &Opened) -> String {
    let dice = opened.student.dice.map(|d| format!(", Dice {d:.2}")).unwrap_or_default();
    format!("{title} is open. The student outlines {} of the image{dice}.", percent(opened.student.share()))
}

/// The line about a device's self-check.
pub fn self_check(report: &Report) -> String {
    format!("matches the reference (largest difference {}, allowed 0.001)", figure(report.max_abs_diff))
}

/// A number of bytes.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!((percent(0.1234), percent(0.012)), ("12 %".to_string(), "1.2 %".to_string()));
        assert_eq!((ms(3.456), ms(123.4)), ("3.5 ms".to_string(), "123 ms".to_string()));
        assert_eq!(points(1), "1 gaze point");
        assert_eq!(megabytes(8_125_000), "8.1 MB");
    }

    #[test]
    fn a_score_of_one_seed_has_no_spread() {
        let of = |seeds| Score { mean: 0.8, sd: 0.01, seeds, on: "100 images".into() };
        assert_eq!(score(&of(3)), "0.800 ± 0.010 (3 seeds) on 100 images");
        assert_eq!(score(&of(1)), "0.800 (1 seed) on 100 images");
    }

    #[test]
    fn an_added_point_is_said_with_its_place() {
        let mut gaze = Inputs::default();
        gaze.add(0.5, 0.25, 400.0);
        assert_eq!(added(&gaze), "Point 1 added, 50 % from the left, 25 % from the top, 400 ms.");
    }
}
