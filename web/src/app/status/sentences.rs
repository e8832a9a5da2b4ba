//! Sentences for the status line, the same for eyes and for screen readers. Pure.

use fovea_shared::{
    bundle::{Score, Told},
    gaze::Fixation,
};

use super::numbers::{percent, sentences};
use crate::{
    app::{engines::devices::figure, model::Inputs, words::edit_effect},
    protocol::{Opened, Outline, Report, Seen},
    text::say,
};

/// Where a point is.
pub fn place(x: f32, y: f32) -> String {
    say!("place", x = percent(x), y = percent(y))
}

/// A fixation in the list of points.
pub fn fixation(index: usize, f: &Fixation) -> String {
    say!("fixation", number = index + 1, place = place(f.x, f.y), duration = duration(f))
}

/// A point was added.
pub fn added(gaze: &Inputs) -> String {
    match gaze.fixations().last() {
        Some(f) => {
            let number = gaze.fixations().len();
            say!("point-added", number = number, place = place(f.x, f.y), duration = duration(f))
        }
        None => String::new(),
    }
}

/// What a new look has found, after what the visitor did.
pub fn seen(done: &str, seen: &Seen, count: usize) -> String {
    let dice = dice_after(&seen.teacher);
    let share = percent(seen.teacher.share());
    let found = match (count, seen.teacher.area) {
        (0, 0) => say!("teacher-nothing-without-gaze", dice = dice),
        (_, 0) => say!("teacher-nothing", dice = dice),
        (0, _) => say!("teacher-outlines-without-gaze", share = share, dice = dice),
        _ => say!("teacher-outlines", share = share, dice = dice),
    };
    let change = seen.change.as_ref().map(|c| edit_effect::result(c, seen.teacher.dice));
    let compared =
        seen.lesions.map(|(lesions, of)| say!("dice-of-looked-at", lesions = lesions as usize, of = of as usize));
    sentences([done, &found, change.as_deref().unwrap_or_default(), compared.as_deref().unwrap_or_default()])
}

/// What another student has found.
pub fn student(title: &str, outline: &Outline) -> String {
    say!("student-outlines", title = title, share = percent(outline.share()), dice = dice_after(outline))
}

/// What a student was told to predict, in a sentence.
pub fn target(told: Told) -> String {
    match told {
        Told::Heat => say!("target-heat"),
        Told::Refined => say!("target-refined"),
        Told::HighConfidence => say!("target-high-confidence"),
        Told::Teacher => say!("target-teacher"),
        Told::FullSupervision => say!("target-full-supervision"),
    }
}

/// What a student was told to predict, in a word or two.
pub fn told(told: Told) -> String {
    match told {
        Told::Heat => say!("told-heat"),
        Told::Refined => say!("told-refined"),
        Told::HighConfidence => say!("told-high-confidence"),
        Told::Teacher => say!("told-teacher"),
        Told::FullSupervision => say!("told-full-supervision"),
    }
}

/// A score over seeds, and what it was measured on. One seed has no spread.
pub fn score(score: &Score) -> String {
    let Score { mean, sd, seeds, on, .. } = score;
    let mean = format!("{mean:.3}");
    if *seeds == 1 {
        say!("score-one-seed", mean = mean, on = on)
    } else {
        say!("score", mean = mean, sd = format!("{sd:.3}"), seeds = seeds.to_string(), on = on)
    }
}

/// A score over seeds without what it was measured on.
pub fn score_alone(score: &Score) -> String {
    let (mean, sd) = (format!("{:.3}", score.mean), format!("{:.3}", score.sd));
    if score.seeds == 1 {
        say!("score-one-seed-alone", mean = mean)
    } else {
        say!("score-seeds-alone", mean = mean, sd = sd, seeds = score.seeds)
    }
}

/// What the student has found on a new image.
pub fn opened(title: &str, opened: &Opened) -> String {
    let (share, dice) = (percent(opened.student.share()), dice_after(&opened.student));
    say!("image-open", title = title, share = share, dice = dice)
}

/// The line about a device's self-check.
pub fn self_check(report: &Report) -> String {
    say!("self-check", difference = figure(report.max_abs_diff))
}

/// The length of a look.
fn duration(f: &Fixation) -> String {
    format!("{:.0} ms", f.duration_ms)
}

/// The Dice of an outline at the end of a sentence, where it is known.
fn dice_after(outline: &Outline) -> String {
    outline.dice.map(|d| say!("dice-after", dice = format!("{d:.2}"))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_of_one_seed_has_no_spread() {
        let of = |seeds| Score { mean: 0.8, sd: 0.01, seeds, interval: None, on: "100 images".into() };
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
