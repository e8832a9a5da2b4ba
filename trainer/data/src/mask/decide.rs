//! Which channel of a file is the mask: alpha, palette or values.

use super::census::census;
use super::colours::{self, inside_of, is_black};
use super::error::{Caution, MaskError, Rule, Value};
use super::greys::{self, Found};
use super::raster::{Pixels, Raster};

/// Two readings of one file are the same where they differ on no more than this share of pixels.
const SAME: f64 = 0.01;

/// The index that Pascal VOC keeps for what is neither inside nor outside.
const VOID: u8 = 255;

/// Which pixels are inside.
///
/// # Errors
/// [`MaskError`] for a file that can be read in more than one way.
pub(super) fn decide(raster: &Raster) -> Result<Found, MaskError> {
    let Some(alpha) = &raster.alpha else { return values(&raster.pixels, raster) };
    let (low, high) = alpha.iter().fold((u8::MAX, 0), |(low, high), v| (low.min(*v), high.max(*v)));
    if low == high {
        let found = values(&raster.pixels, raster)?;
        // Viewers show nothing of a file that is transparent everywhere.
        return match (high, varies(&found.0)) {
            (0, true) => Err(MaskError::AlphaAgainstColours),
            (0, false) => Ok((vec![false; alpha.len()], Vec::new())),
            _ => Ok(found),
        };
    }
    let opaque: Vec<u16> = alpha.iter().map(|v| u16::from(*v)).collect();
    let (inside, mut cautions) = greys::read(&opaque, raster.width, raster.lossy)?;
    // That a half-transparent overlay holds no fully transparent pixel says nothing.
    cautions.retain(|caution| matches!(caution, Caution::Soft { .. }));
    match values(&shown(&raster.pixels, alpha), raster) {
        Ok((seen, _)) if varies(&seen) && !same(&seen, &inside) => return Err(MaskError::AlphaAgainstColours),
        Ok(_) => {}
        Err(_) => cautions.push(Caution::ColoursUnread),
    }
    Ok((inside, cautions))
}

fn varies(mask: &[bool]) -> bool {
    mask.windows(2).any(|pair| pair[0] != pair[1])
}

fn same(a: &[bool], b: &[bool]) -> bool {
    a.iter().zip(b).filter(|(a, b)| a != b).count() as f64 <= SAME * a.len() as f64
}

/// The values as a viewer shows them on black.
fn shown(pixels: &Pixels, alpha: &[u8]) -> Pixels {
    let share = |value: u16, alpha: u8| (u32::from(value) * u32::from(alpha) / 255) as u16;
    let eight = |colour: [u8; 3], alpha: u8| colour.map(|v| share(u16::from(v), alpha) as u8);
    match pixels {
        Pixels::Grey(values) => Pixels::Grey(values.iter().zip(alpha).map(|(v, a)| share(*v, *a)).collect()),
        Pixels::Colour(values) => Pixels::Colour(values.iter().zip(alpha).map(|(c, a)| eight(*c, *a)).collect()),
        Pixels::Indexed(values, palette) => {
            let colours = values.iter().zip(alpha).map(|(index, a)| eight(palette[usize::from(*index)], *a));
            Pixels::Colour(colours.collect())
        }
    }
}

fn values(pixels: &Pixels, raster: &Raster) -> Result<Found, MaskError> {
    match pixels {
        Pixels::Grey(values) => greys::read(values, raster.width, raster.lossy),
        Pixels::Colour(values) => colours::read(values, raster.width, raster.lossy),
        Pixels::Indexed(values, palette) => indices(values, palette, raster.width),
    }
}

/// A palette: index 0 is outside, unless the colours say otherwise.
fn indices(values: &[u8], palette: &[[u8; 3]], width: usize) -> Result<Found, MaskError> {
    let used: Vec<u8> = census(values, width).unwrap_or_default().into_keys().collect();
    let colour = |index: u8| palette[usize::from(index)];
    let value = |index: u8| Value::Index(index, colour(index));
    let named = || used.iter().map(|index| value(*index)).collect::<Vec<_>>();
    let distinct = used.iter().enumerate().all(|(i, a)| used[..i].iter().all(|b| colour(*a) != colour(*b)));
    if !distinct {
        // Labels whose palette was never set.
        let labels: Vec<u16> = values.iter().map(|v| u16::from(*v)).collect();
        return greys::read(&labels, width, false);
    }
    if used.iter().all(|index| colour(*index).windows(2).all(|pair| pair[0] == pair[1])) {
        let shown: Vec<u16> = values.iter().map(|index| u16::from(colour(*index)[0])).collect();
        return greys::read(&shown, width, false);
    }
    let only = |inside: u8| values.iter().map(|index| *index == inside).collect::<Vec<bool>>();
    match used.as_slice() {
        [one] => Ok((vec![*one > 0; values.len()], Vec::new())),
        [a, b] => {
            let by_colour = inside_of(colour(*a), colour(*b)).map(|inside| if inside == colour(*a) { *a } else { *b });
            match (*a, by_colour) {
                (0, None) => Ok((only(*b), Vec::new())),
                (0, Some(inside)) if inside == *b => Ok((only(*b), Vec::new())),
                (1.., Some(inside)) => {
                    let outside = if inside == *a { *b } else { *a };
                    Ok((only(inside), vec![Caution::NoZero { outside: value(outside), inside: value(inside) }]))
                }
                _ => {
                    let (first, second) = (Rule::Only(value(*a)), Rule::Only(value(*b)));
                    Err(MaskError::TwoReadings { values: named(), first, second })
                }
            }
        }
        [0, labels @ ..] => {
            if let Some(black) = labels.iter().find(|label| is_black(colour(**label)) && !is_black(colour(0))) {
                let (first, second) = (Rule::AllBut(value(0)), Rule::AllBut(value(*black)));
                return Err(MaskError::TwoReadings { values: named(), first, second });
            }
            if labels.len() > 1 && labels.contains(&VOID) {
                let (first, second) = (Rule::AllBut(value(0)), Rule::Void(value(VOID)));
                return Err(MaskError::TwoReadings { values: named(), first, second });
            }
            let merged = Caution::Merged { labels: named().split_off(1) };
            Ok((values.iter().map(|index| *index > 0).collect(), vec![merged]))
        }
        _ => Err(MaskError::NoBackground { values: named() }),
    }
}
