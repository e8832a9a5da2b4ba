//! Greys: two values, labels, or two extremes with shades between.

use super::census::{Count, census};
use super::error::{Caution, MaskError, Rule, Value};

/// Of 255: what is closer to an extreme is not a shade.
const NEAR: u32 = 30;

/// The largest share of shades, or of other colours, that a mask may have.
pub(super) const MAX_SHADES: f64 = 0.25;

/// The largest share of shades, or of other colours, in a lossy file that is not worth a word. The
/// JPEG masks of Kvasir-SEG stay below it: their grey is a
/// thin line of compression noise along the outline. A lossless file has no such excuse.
pub(super) const MAX_SMEAR: f64 = 0.03;

/// The least distance of two values that survives lossy compression.
const FAINT: u16 = 16;

/// The most values, or colours, that can be labels.
pub(super) const MAX_LABELS: usize = 64;

/// Up to this number of values, each counts as it is: more are noise around the extremes.
const FEW: usize = 8;

/// The mean of a JPEG mask's extremes: above it is inside (method.md, section 6).
const MIDDLE: u16 = 127;

/// What is inside, and what is to be said.
pub(super) type Found = (Vec<bool>, Vec<Caution>);

/// Reads greys.
///
/// # Errors
/// [`MaskError`] for greys that can be read in more than one way.
pub(super) fn read(values: &[u16], width: usize, lossy: bool) -> Result<Found, MaskError> {
    let (low, high) = values.iter().fold((u16::MAX, 0), |(low, high), v| (low.min(*v), high.max(*v)));
    let above = |cut: u16| values.iter().map(|v| *v > cut).collect::<Vec<bool>>();
    if low >= high {
        return Ok((vec![high > 0; values.len()], Vec::new()));
    }
    if lossy && high - low < FAINT {
        return Err(MaskError::Faint { low, high });
    }
    let counts = census(values, width);
    if let Some(counts) = counts.as_ref().filter(|counts| counts.len() == 2) {
        debug_assert!(counts.contains_key(&low));
        let caution = Caution::NoZero { outside: Value::Grey(low), inside: Value::Grey(high) };
        return Ok((above(low), if low > 0 { vec![caution] } else { Vec::new() }));
    }
    let shade = Shade { low, high };
    if !lossy && let Some(counts) = counts.filter(|counts| counts.len() <= MAX_LABELS) {
        let near = counts.len() > FEW && is_white(high);
        let is_label = |(value, count): &(&u16, &Count)| {
            **value != low && **value != high && count.is_area() && (!near || shade.between(**value))
        };
        if counts.iter().any(|entry| is_label(&entry)) {
            return labels(
                values,
                &counts.into_iter().filter(|(_, count)| count.is_area()).map(|(v, _)| v).collect::<Vec<_>>(),
            );
        }
    }
    let share = values.iter().filter(|v| shade.between(**v)).count() as f64 / values.len() as f64;
    if share > MAX_SHADES || (lossy && shade.fills_areas(values, width)) {
        return Err(MaskError::Shades { share });
    }
    let caution = share > 0.0 && (!lossy || share > MAX_SMEAR);
    Ok((above(shade.cut()), if caution { vec![Caution::Soft { share }] } else { Vec::new() }))
}

/// Labels, each with an area of its own: all but 0 are inside.
fn labels(values: &[u16], labels: &[u16]) -> Result<Found, MaskError> {
    let named = || labels.iter().map(|label| Value::Grey(*label)).collect::<Vec<_>>();
    let (Some((0, inside)), Some(high)) = (labels.split_first(), labels.last()) else {
        return Err(MaskError::NoBackground { values: named() });
    };
    if is_white(*high) {
        // White alone may be meant, with greys for what is unknown or void; or all of them.
        let (first, second) = (Rule::AllBut(Value::Grey(0)), Rule::Only(Value::Grey(*high)));
        return Err(MaskError::TwoReadings { values: named(), first, second });
    }
    let least = inside.first().copied().unwrap_or(1);
    let merged = Caution::Merged { labels: named().split_off(1) };
    Ok((values.iter().map(|v| u32::from(*v) * 2 > u32::from(least)).collect(), vec![merged]))
}

/// The white of 8 and of 16 bits.
fn is_white(value: u16) -> bool {
    value == 255 || value == u16::MAX
}

/// Two extremes with something between.
struct Shade {
    low: u16,
    high: u16,
}

impl Shade {
    /// How far up a value lies, 0 to 255.
    fn level(&self, value: u16) -> u32 {
        255 * u32::from(value - self.low) / u32::from(self.high - self.low)
    }

    fn between(&self, value: u16) -> bool {
        (NEAR..=255 - NEAR).contains(&self.level(value))
    }

    /// What is above this is inside.
    fn cut(&self) -> u16 {
        let black_and_white = self.low <= NEAR as u16 && (225..=255).contains(&self.high);
        if black_and_white { MIDDLE } else { self.low + (self.high - self.low) / 2 }
    }

    /// Whether shades fill areas of their own: labels in a lossy file.
    fn fills_areas(&self, values: &[u16], width: usize) -> bool {
        let near = |a: u16, b: u16| self.level(a).abs_diff(self.level(b)) <= 4;
        let (mut shades, mut within) = (0usize, 0usize);
        for (i, v) in values.iter().enumerate().filter(|(_, v)| self.between(**v)) {
            shades += 1;
            let column = i % width;
            let sides = [(column > 0, i.wrapping_sub(1)), (column + 1 < width, i + 1)];
            let rows = [(i >= width, i.wrapping_sub(width)), (i + width < values.len(), i + width)];
            let alike = |(there, place): (bool, usize)| !there || near(values[place], *v);
            within += usize::from(sides.into_iter().chain(rows).all(alike));
        }
        within >= 25 && 5 * within > shades
    }
}
