//! Numbers to words.

use super::skin::nearest;
use super::thresholds::{POLYP_COLOURS, SKIN_COLOURS, Step, THRESHOLDS};
use super::{Description, Measurements, Modality, Source};
use crate::description::Field;

/// A description that grows, with how sure each word is.
struct Say {
    description: Description,
    margins: Vec<f32>,
}

impl Say {
    /// Says a word, which is `margin` (0..1) away from another. Fields of other modalities are passed over.
    fn say(&mut self, field: Field, word: &str, margin: f32) {
        if self.description.modality.fields().contains(&field) && self.description.set(field, Some(word)).is_ok() {
            self.margins.push(margin);
        }
    }
}

pub(super) fn describe(m: &Measurements, modality: Modality) -> Description {
    let mut say = Say { description: Description::new(modality, Source::Measured), margins: Vec::new() };
    geometry(&mut say, m);
    border(&mut say, m);
    colour(&mut say, m, modality);
    match modality {
        Modality::Polyp => {
            let t = THRESHOLDS.highlights;
            let word = if m.highlights >= t.at { "highlights" } else { "clean" };
            say.say(Field::Cover, word, t.margin(m.highlights));
        }
        Modality::SkinLesion => skin(&mut say, m),
        Modality::Prostate => prostate(&mut say, m),
    }
    let mean = say.margins.iter().sum::<f32>() / say.margins.len().max(1) as f32;
    Description { confidence: 0.5 + 0.5 * mean, ..say.description }
}

/// Number, place, size, outline.
fn geometry(say: &mut Say, m: &Measurements) {
    // How near a second component came to counting is not kept: its word is sure.
    say.say(Field::Count, if m.count > 1 { "several" } else { "single" }, 1.0);
    let column = third(m.centre[0]);
    let row = third(m.centre[1]);
    let name = match (["upper", "centre", "lower"][row], ["left", "centre", "right"][column]) {
        ("centre", "centre") => "centre".to_string(),
        (row, column) => format!("{row}_{column}"),
    };
    say.say(Field::Location, &name, third_margin(m.centre[0]).min(third_margin(m.centre[1])));
    let t = &THRESHOLDS;
    let (size, margin) = three(m.area_share, t.small, t.large);
    say.say(Field::Size, ["small", "medium", "large"][size], margin);
    let (shape, margin) = shape(m);
    say.say(Field::Shape, shape, margin);
    let word = if m.at_edge >= t.cut.at { "cut" } else { "whole" };
    say.say(Field::Edge, word, t.cut.margin(m.at_edge));
}

/// The third of 0..1; its limits belong to the middle, so that mirrored places have mirrored words.
fn third(v: f32) -> usize {
    if v < 1.0 / 3.0 {
        0
    } else if v > 2.0 / 3.0 {
        2
    } else {
        1
    }
}

/// Sure from a twelfth of the image on, a quarter of a cell.
fn third_margin(v: f32) -> f32 {
    ((v - 1.0 / 3.0).abs().min((v - 2.0 / 3.0).abs()) * 12.0).min(1.0)
}

/// Below `low`, between, or from `high` on, and how sure.
fn three(value: f32, low: Step, high: Step) -> (usize, f32) {
    let word = if value < low.at {
        0
    } else if value < high.at {
        1
    } else {
        2
    };
    (word, low.margin(value).min(high.margin(value)))
}

/// Irregular outlines first, since an ellipse fitted to them says nothing; then long ones, then those with dents.
fn shape(m: &Measurements) -> (&'static str, f32) {
    let t = &THRESHOLDS;
    let outline = m.compactness / ellipse_compactness(m.axis_ratio);
    let solidity = t.irregular_solidity.margin(m.solidity);
    let ragged = t.irregular_outline.margin(outline);
    match (m.solidity < t.irregular_solidity.at, outline < t.irregular_outline.at) {
        (true, true) => return ("irregular", solidity.max(ragged)),
        (true, false) => return ("irregular", solidity),
        (false, true) => return ("irregular", ragged),
        (false, false) => {}
    }
    let so_far = solidity.min(ragged).min(t.elongated.margin(m.axis_ratio));
    if m.axis_ratio < t.elongated.at {
        return ("elongated", so_far);
    }
    let so_far = so_far.min(t.lobulated.margin(m.solidity));
    if m.solidity < t.lobulated.at {
        return ("lobulated", so_far);
    }
    (if m.axis_ratio < t.round.at { "oval" } else { "round" }, so_far.min(t.round.margin(m.axis_ratio)))
}

/// 4 pi A / P^2 of an ellipse, with Ramanujan's second formula for its perimeter.
fn ellipse_compactness(ratio: f32) -> f32 {
    let h = ((1.0 - ratio) / (1.0 + ratio)).powi(2);
    let perimeter = (1.0 + ratio) * (1.0 + 3.0 * h / (10.0 + (4.0 - 3.0 * h).sqrt()));
    4.0 * ratio / (perimeter * perimeter)
}

fn border(say: &mut Say, m: &Measurements) {
    let t = &THRESHOLDS;
    if m.border_seen >= t.border_seen && m.border_beside > 0.0 {
        let ratio = m.border_step / m.border_beside;
        let (step, clear) = (t.sharp_step.margin(m.border_step), t.sharp_ratio.margin(ratio));
        match (m.border_step >= t.sharp_step.at, ratio >= t.sharp_ratio.at) {
            (true, true) => say.say(Field::Border, "sharp", step.min(clear)),
            (true, false) => say.say(Field::Border, "blurred", clear),
            (false, true) => say.say(Field::Border, "blurred", step),
            (false, false) => say.say(Field::Border, "blurred", step.max(clear)),
        }
    }
}

fn colour(say: &mut Say, m: &Measurements, modality: Modality) {
    let t = &THRESHOLDS;
    let prototypes = match modality {
        Modality::Polyp => Some((&POLYP_COLOURS[..], t.polyp_lightness_weight)),
        Modality::SkinLesion => Some((&SKIN_COLOURS[..], t.skin_lightness_weight)),
        Modality::Prostate => None,
    };
    if let Some((prototypes, weight)) = prototypes {
        let (word, lead) = nearest(m.colour, prototypes, weight);
        say.say(Field::Colour, Field::Colour.words(modality)[word].name, (lead / t.colour_sure).min(1.0));
    }
    if let Some(around) = m.surroundings {
        let (lightness, red) = (m.colour[0] - around[0], m.colour[1] - around[1]);
        let (word, margin) = contrast(lightness, red, modality);
        say.say(Field::Contrast, word, margin);
    }
    if let Some(roughness) = m.roughness {
        let word = if roughness >= t.rough.at { "heterogeneous" } else { "smooth" };
        say.say(Field::Texture, word, t.rough.margin(roughness));
    }
}

/// The word for differences in L* and a* to the surroundings: the one that exceeds its threshold by more.
pub(super) fn contrast(lightness: f32, red: f32, modality: Modality) -> (&'static str, f32) {
    let t = &THRESHOLDS;
    let (light, reddish) = match modality {
        Modality::Polyp => (t.contrast_lightness, Some(t.contrast_red)),
        Modality::SkinLesion => (t.skin_contrast_lightness, Some(t.skin_contrast_red)),
        Modality::Prostate => (t.grey_contrast, None),
    };
    let by_light = lightness.abs() / light.at;
    let by_red = reddish.map_or(0.0, |r| red / r.at);
    let red_margin = reddish.map_or(1.0, |r| r.margin(red));
    if by_light < 1.0 && by_red < 1.0 {
        return ("similar", light.margin(lightness.abs()).min(red_margin));
    }
    // Also how near the two are to changing places.
    let ahead = (by_light - by_red).abs().min(1.0);
    if by_red > by_light {
        ("redder", red_margin.min(ahead))
    } else {
        (if lightness < 0.0 { "darker" } else { "lighter" }, light.margin(lightness.abs()).min(ahead))
    }
}

fn skin(say: &mut Say, m: &Measurements) {
    let t = &THRESHOLDS;
    let axes = m.asymmetry.iter().filter(|a| **a >= t.asymmetric.at).count();
    let margin = m.asymmetry.iter().map(|a| t.asymmetric.margin(*a)).fold(1.0, f32::min);
    let before = say.description.clone();
    say.say(Field::Asymmetry, ["symmetric", "one_axis", "two_axes"][axes], margin);
    if say.description.check().is_err() {
        // Near the thresholds of both: the outline's word stays, the other is not said.
        say.description = before;
        say.margins.pop();
    }
    let (word, margin) = colour_count(&m.skin_colours);
    say.say(Field::ColourCount, word, margin);
    if m.dark_corners >= t.vignette.at {
        say.say(Field::Artefact, "vignette", t.vignette.margin(m.dark_corners));
    }
}

/// The word for the shares of a lesion of each colour of dermoscopy.
pub(super) fn colour_count(shares: &[f32; 7]) -> (&'static str, f32) {
    let t = THRESHOLDS.colour_share;
    let colours = shares.iter().filter(|share| **share >= t.at).count();
    let margin = shares.iter().map(|share| t.margin(*share)).fold(1.0, f32::min);
    (["one", "one", "two", "three_or_more"][colours.min(3)], margin)
}

fn prostate(say: &mut Say, m: &Measurements) {
    let t = &THRESHOLDS;
    let (word, margin) = signal(m.signal_rank);
    say.say(Field::Colour, word, margin);
    let word = if m.left_right >= t.gland_asymmetric.at { "asymmetric" } else { "symmetric" };
    say.say(Field::Symmetry, word, t.gland_asymmetric.margin(m.left_right));
    let (word, margin) = zone_contrast(m.zone_step);
    say.say(Field::ZoneContrast, word, margin);
}

/// The word for the share of the image that is darker.
pub(super) fn signal(rank: f32) -> (&'static str, f32) {
    let (word, margin) = three(rank, THRESHOLDS.grey, THRESHOLDS.bright);
    (["dark", "grey", "bright"][word], margin)
}

/// The word for the difference in L* between a gland's zones.
pub(super) fn zone_contrast(step: f32) -> (&'static str, f32) {
    let t = THRESHOLDS.zones_clear;
    (if step >= t.at { "clear" } else { "weak" }, t.margin(step))
}
