//! What came of a deed, measured on what the page shows. Pure: no browser in here.

use fovea_shared::gaze::Fixation;

use super::{
    places::{inside, part_at},
    steps::{Deed, Step},
};
use crate::{
    app::status::numbers::percent,
    protocol::{Change, Heat, Outline},
    text::{Message, message},
};

/// From this difference of Dice on, one outline fits better than another.
const BETTER: f32 = 0.02;

/// From this share of the former outline on, most of it is gone.
const MOST: f32 = 0.5;

/// From this change of its area on, an outline has grown or shrunk.
const GROWN: f32 = 0.05;

/// From this ratio on, a place of the heat map is brighter than another.
const BRIGHTER: f32 = 1.1;

/// Fits of a student that was taught here: hardly anything below the first, nearly all of the lesions above the
/// second.
const FITS: (f32, f32) = (0.3, 0.8);

/// What came of a deed.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The place of the answer that came true; nothing where none did.
    pub outcome: Option<usize>,
    /// What was measured.
    pub figure: Message,
    /// What was measured beside it; may be empty.
    pub note: Message,
}

/// One of two students that are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Side {
    /// Dice on the open picture.
    pub here: f32,
    /// Mean Dice on test images, where that was published.
    pub published: Option<f64>,
}

/// A student that the visitor has taught.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Taught {
    /// Mean Dice on the unseen pictures.
    pub fit: f32,
    /// The same before it learnt.
    pub untrained: f32,
    /// Pictures with glances.
    pub pictures: usize,
    /// How long they were looked at, in seconds.
    pub looked: f64,
    /// How long outlining as many takes, in seconds.
    pub by_hand: f64,
}

/// What other features have measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Beside {
    /// Whether the divider between two outlines was moved.
    pub wiped: bool,
    /// The two students that the wipe shows at first, once both have drawn.
    pub pair: Option<[Side; 2]>,
    /// The student that was taught, once it has learnt.
    pub taught: Option<Taught>,
}

/// What the page shows of the open picture.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen<'a> {
    /// The looks, first look first.
    pub looks: &'a [Fixation],
    /// The teacher's outline.
    pub teacher: Option<&'a Outline>,
    /// The student's.
    pub student: Option<&'a Outline>,
    /// The true one.
    pub truth: Option<&'a Outline>,
    /// What the last change of looks or words changed.
    pub change: Option<&'a Change>,
    /// The heat map.
    pub heat: Option<&'a Heat>,
    /// Whether the heat map is shown.
    pub heat_shown: bool,
    /// Whether the visitor has changed the words.
    pub reworded: bool,
    /// What other features have measured.
    pub beside: Beside,
}

/// What came of a step's deed; nothing while it is not done, or not measured.
pub fn found(step: &Step, seen: &Seen<'_>) -> Option<Found> {
    match step.deed {
        Deed::Look => look(seen),
        Deed::Drag => drag(step, seen),
        Deed::ShowHeat => heat(seen),
        Deed::Reword => reword(seen),
        Deed::Wipe => wipe(seen),
        Deed::Teach => teach(seen),
    }
}

fn two(value: f32) -> String {
    format!("{value:.2}")
}

/// The first answer where `a` is larger by a margin, the second where `b` is, else the third.
fn larger(a: f32, b: f32, by: f32) -> usize {
    if a - b >= by {
        0
    } else if b - a >= by {
        1
    } else {
        2
    }
}

fn look(seen: &Seen<'_>) -> Option<Found> {
    let (with, alone) = (seen.teacher?.dice?, seen.student?.dice?);
    (!seen.looks.is_empty()).then(|| Found {
        outcome: Some(larger(with, alone, BETTER)),
        figure: message!("lesson-1-figure", alone = two(alone), with = two(with)),
        note: Message::default(),
    })
}

/// All looks are on another lesion than those that the step began with.
fn drag(step: &Step, seen: &Seen<'_>) -> Option<Found> {
    let (truth, teacher, change) = (seen.truth?, seen.teacher?, seen.change?);
    let begun = step.looks.first().and_then(|(x, y, _)| part_at(truth, (*x, *y)))?;
    let on = |look: &Fixation| part_at(truth, (look.x, look.y));
    let last = seen.looks.last()?;
    if seen.looks.iter().any(|look| on(look).is_none_or(|part| part == begun)) {
        return None;
    }
    let outcome = match (inside(teacher, (last.x, last.y)), change.lost_share >= MOST) {
        (true, true) => Some(0),
        (true, false) => Some(1),
        (false, false) => Some(2),
        // It has gone and is nowhere.
        (false, true) => None,
    };
    let figure = message!("lesson-2-figure", lost = percent(change.lost_share));
    let note = if outcome == Some(0) { message!("lesson-2-note") } else { Message::default() };
    Some(Found { outcome, figure, note })
}

/// The value of a heat map at a place, as a part of its peak.
fn heat_at(heat: &Heat, look: &Fixation) -> Option<f32> {
    let (width, height) = (heat.size.0 as usize, heat.size.1 as usize);
    let cell = |part: f32, of: usize| ((part * of as f32) as usize).min(of.saturating_sub(1));
    let value = heat.values.0.get(cell(look.y, height) * width + cell(look.x, width))?;
    Some(f32::from(*value) / 255.0)
}

fn heat(seen: &Seen<'_>) -> Option<Found> {
    let heat = seen.heat.filter(|_| seen.heat_shown)?;
    let by_length = |a: &&Fixation, b: &&Fixation| a.duration_ms.total_cmp(&b.duration_ms);
    let longest = heat_at(heat, seen.looks.iter().max_by(by_length)?)?;
    let shortest = heat_at(heat, seen.looks.iter().min_by(by_length)?)?;
    let brighter = |a: f32, b: f32| a >= b * BRIGHTER;
    let outcome = match (brighter(longest, shortest), brighter(shortest, longest)) {
        (true, false) => 0,
        (false, true) => 1,
        _ => 2,
    };
    (seen.looks.len() > 1).then(|| Found {
        outcome: Some(outcome),
        figure: message!("lesson-3-figure", long = two(longest), short = two(shortest)),
        note: Message::default(),
    })
}

fn reword(seen: &Seen<'_>) -> Option<Found> {
    let (change, teacher) = (seen.change.filter(|_| seen.reworded)?, seen.teacher?);
    let pixels = (teacher.size.0 as f32 * teacher.size.1 as f32).max(1.0);
    let before = change.area_before as f32 / pixels;
    let now = teacher.share();
    Some(Found {
        outcome: Some(larger(now, before, before * GROWN)),
        figure: message!("lesson-4-figure", before = percent(before), now = percent(now)),
        note: Message::default(),
    })
}

fn wipe(seen: &Seen<'_>) -> Option<Found> {
    let [left, right] = seen.beside.pair.filter(|_| seen.beside.wiped)?;
    let published = left.published.zip(right.published);
    let note = published
        .map(|(left, right)| message!("lesson-5-note", left = format!("{left:.2}"), right = format!("{right:.2}")));
    Some(Found {
        outcome: Some(larger(left.here, right.here, BETTER)),
        figure: message!("lesson-5-figure", left = two(left.here), right = two(right.here)),
        note: note.unwrap_or_default(),
    })
}

fn teach(seen: &Seen<'_>) -> Option<Found> {
    let taught = seen.beside.taught?;
    let outcome = match taught.fit {
        fit if fit < FITS.0 => 0,
        fit if fit <= FITS.1 => 1,
        _ => 2,
    };
    let (seconds, minutes) = (format!("{:.0}", taught.looked), taught.by_hand / 60.0);
    let minutes = if minutes < 10.0 { format!("{minutes:.1}") } else { format!("{minutes:.0}") };
    Some(Found {
        outcome: Some(outcome),
        figure: message!("lesson-6-figure", before = two(taught.untrained), now = two(taught.fit)),
        note: message!("lesson-6-note", seconds = seconds, minutes = minutes),
    })
}

#[cfg(test)]
mod tests;
