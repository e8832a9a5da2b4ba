//! Colours: which of two is inside, and which colours a picture of two or more has.

use std::collections::BTreeMap;

use super::census::census;
use super::error::{Caution, MaskError, Rule, Value};
use super::greys::{Found, MAX_LABELS, MAX_SHADES, MAX_SMEAR};

/// Black is below this in every channel, white as far from 255.
const MARGIN: u8 = 16;

/// The least difference of brightness that decides, of 255.
const BRIGHTER: u32 = 16;

/// Distance along the line between two colours that is still one of them, 0 to 1.
const NEAR: f32 = 0.12;

/// The largest distance from that line that is still on it, as a share of its length.
const BESIDE: f32 = 0.25;

/// A colour.
pub(super) type Rgb = [u8; 3];

/// Whether a colour is black.
pub(super) fn is_black(colour: Rgb) -> bool {
    colour.iter().all(|v| *v < MARGIN)
}

fn is_white(colour: Rgb) -> bool {
    colour.iter().all(|v| *v > 255 - MARGIN)
}

/// Of two colours the one that is inside: not black, else not white, else the brighter one. `None`
/// where that is not clear: equally
/// bright ones, and a colour beside a brighter grey.
pub(super) fn inside_of(a: Rgb, b: Rgb) -> Option<Rgb> {
    if is_black(a) != is_black(b) {
        return Some(if is_black(a) { b } else { a });
    }
    if is_white(a) != is_white(b) {
        return Some(if is_white(a) { b } else { a });
    }
    let brightness = |[r, g, b]: Rgb| (299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b)) / 1000;
    let strength = |c: Rgb| c.iter().max().zip(c.iter().min()).map_or(0, |(most, least)| most - least);
    let (bright, dark) = if brightness(a) > brightness(b) { (a, b) } else { (b, a) };
    let clear = brightness(bright) - brightness(dark) >= BRIGHTER;
    let grey_wins = strength(bright) < 30 && strength(dark) > 60;
    (clear && !grey_wins).then_some(bright)
}

/// Reads colours.
///
/// # Errors
/// [`MaskError`] for colours that can be read in more than one way.
pub(super) fn read(values: &[Rgb], width: usize, lossy: bool) -> Result<Found, MaskError> {
    let counts = census(values, width).filter(|_| !lossy);
    if let Some(counts) = &counts {
        let all: Vec<Rgb> = counts.keys().copied().collect();
        let areas: Vec<Rgb> = counts.iter().filter(|(_, count)| count.is_area()).map(|(c, _)| *c).collect();
        match (all.as_slice(), areas.as_slice()) {
            ([one], _) => return Ok((vec![!is_black(*one); values.len()], Vec::new())),
            ([a, b], _) | (_, [a, b]) => return two(values, *a, *b, lossy),
            (_, areas) if areas.len() > 2 && all.len() <= MAX_LABELS => return labels(values, areas),
            _ => {}
        }
    }
    match dominant(values) {
        (a, Some(b)) => two(values, a, b, lossy),
        (a, None) => Ok((vec![!is_black(a); values.len()], Vec::new())),
    }
}

/// Two colours, and what compression or soft edges have put between them.
fn two(values: &[Rgb], a: Rgb, b: Rgb, lossy: bool) -> Result<Found, MaskError> {
    let Some(inside) = inside_of(a, b) else {
        let (first, second) = (Rule::Only(Value::Colour(a)), Rule::Only(Value::Colour(b)));
        return Err(MaskError::TwoReadings { values: [a, b].map(Value::Colour).into(), first, second });
    };
    let outside = if inside == a { b } else { a };
    let from = outside.map(f32::from);
    let line: [f32; 3] = std::array::from_fn(|i| f32::from(inside[i]) - from[i]);
    let length: f32 = line.iter().map(|v| v * v).sum();
    let (mut mask, mut shades) = (Vec::with_capacity(values.len()), 0usize);
    for value in values {
        let away: [f32; 3] = std::array::from_fn(|i| f32::from(value[i]) - from[i]);
        let along = away.iter().zip(line).map(|(a, l)| a * l).sum::<f32>() / length;
        let beside: f32 = away.iter().zip(line).map(|(a, l)| (a - along * l).powi(2)).sum();
        let on_line = beside <= BESIDE * BESIDE * length;
        shades += usize::from(!on_line || (NEAR..=1.0 - NEAR).contains(&along));
        mask.push(along > 0.5);
    }
    let share = shades as f64 / values.len().max(1) as f64;
    if share > MAX_SHADES {
        return Err(MaskError::Shades { share });
    }
    let mut cautions = Vec::new();
    if !is_black(outside) && !is_white(outside) {
        cautions.push(Caution::NoZero { outside: Value::Colour(outside), inside: Value::Colour(inside) });
    }
    if share > if lossy { MAX_SMEAR } else { 0.0 } {
        cautions.push(Caution::Soft { share });
    }
    Ok((mask, cautions))
}

/// Colours that each fill an area: black is outside and all others inside. White among them may be meant alone.
fn labels(values: &[Rgb], areas: &[Rgb]) -> Result<Found, MaskError> {
    let named = |colours: &mut dyn Iterator<Item = Rgb>| colours.map(Value::Colour).collect::<Vec<_>>();
    let all = || named(&mut areas.iter().copied());
    if !areas.iter().any(|c| is_black(*c)) {
        return Err(MaskError::NoBackground { values: all() });
    }
    if let Some(white) = areas.iter().find(|c| is_white(**c)) {
        let (first, second) = (Rule::AllBut(Value::Colour([0; 3])), Rule::Only(Value::Colour(*white)));
        return Err(MaskError::TwoReadings { values: all(), first, second });
    }
    let labels = named(&mut areas.iter().copied().filter(|c| !is_black(*c)));
    Ok((values.iter().map(|c| !is_black(*c)).collect(), vec![Caution::Merged { labels }]))
}

/// The most frequent colour, and the most frequent of those that are far from it.
fn dominant(values: &[Rgb]) -> (Rgb, Option<Rgb>) {
    let mut bins: BTreeMap<Rgb, (usize, [u64; 3])> = BTreeMap::new();
    for value in values {
        let (count, sum) = bins.entry(value.map(|v| v >> 5)).or_default();
        *count += 1;
        sum.iter_mut().zip(value).for_each(|(sum, v)| *sum += u64::from(*v));
    }
    let mut colours: Vec<(usize, Rgb)> =
        bins.into_values().map(|(count, sum)| (count, sum.map(|s| (s / count as u64) as u8))).collect();
    colours.sort_unstable_by(|a, b| b.cmp(a));
    let Some((_, first)) = colours.first().copied() else { return ([0; 3], None) };
    let far = |other: Rgb| first.iter().zip(other).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0) >= 64;
    (first, colours.into_iter().map(|(_, colour)| colour).find(|colour| far(*colour)))
}
