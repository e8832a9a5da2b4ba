//! Image bytes as the picture that viewers show: 8-bit RGB, upright, without transparency.

use std::fmt;

use image::{DynamicImage, RgbImage, metadata::Orientation};

use super::error::DecodeError;
use super::raw::{Raw, header, raw};

/// 16-bit colours below this come from a sensor of at most 14 bits and are stretched.
const FOURTEEN_BITS: u16 = 1 << 14;

/// An image, and what was done to it that a person should know.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The picture.
    pub image: RgbImage,
    /// What was done to it; nothing for an ordinary image.
    pub notes: Vec<Note>,
}

/// Something about an image that a person should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Its EXIF orientation is not 1, and the stored raster was turned or mirrored accordingly.
    Turned {
        /// EXIF orientation, 2 to 8.
        orientation: u8,
    },
    /// It is transparent in places and was laid on black.
    Transparent,
    /// It has 16 bits a channel, which were stretched so that `low` is black and `high` is white.
    Stretched {
        /// The value that became 0.
        low: u16,
        /// The value that became 255.
        high: u16,
    },
    /// It is an animation, of which the first picture was taken.
    FirstPicture,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Turned { orientation } => write!(f, "is turned upright as its EXIF orientation ({orientation}) says"),
            Self::Transparent => write!(f, "is transparent in places: it is laid on black"),
            Self::Stretched { low, high } => {
                write!(f, "has 16 bits a channel: its values are stretched, {low} to black and {high} to white")
            }
            Self::FirstPicture => write!(f, "is an animation: its first picture is taken"),
        }
    }
}

/// Decodes JPEG, PNG or WebP bytes to RGB: [`read`] without its notes.
///
/// # Errors
/// [`DecodeError`], whose text can be shown to a visitor as it is.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, DecodeError> {
    Ok(read(bytes)?.image)
}

/// Decodes JPEG, PNG or WebP bytes to 8-bit RGB, turned upright by the EXIF orientation and laid on
/// black where transparent.
///
/// Of 16 bits a channel, grey is stretched from the darkest to the brightest pixel, as a DICOM
/// slice without a window is:
/// `trunc(255 (v - low) / (high - low))`. Colour keeps its upper 8 bits, unless no value needs more
/// than 14 bits: then black stays
/// black and the brightest value becomes 255. Values that hold only 8 bits are taken as those.
///
/// # Errors
/// [`DecodeError`], whose text can be shown to a visitor as it is.
pub fn read(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let Raw { pixels, header, animated, .. } = raw(bytes)?;
    let mut notes = Vec::new();
    if animated {
        notes.push(Note::FirstPicture);
    }
    let mut image = DynamicImage::ImageRgb8(rgb(pixels, &mut notes));
    if header.orientation != 1 {
        notes.push(Note::Turned { orientation: header.orientation });
        image.apply_orientation(Orientation::from_exif(header.orientation).unwrap_or(Orientation::NoTransforms));
    }
    Ok(Decoded { image: image.into_rgb8(), notes })
}

/// Width and height of JPEG, PNG or WebP bytes as [`decode`] turns them, from the header alone.
///
/// # Errors
/// [`DecodeError`]: bytes of no such format, or a damaged header.
pub fn size(bytes: &[u8]) -> Result<[u32; 2], DecodeError> {
    Ok(header(bytes)?.upright())
}

fn rgb(pixels: DynamicImage, notes: &mut Vec<Note>) -> RgbImage {
    let (width, height) = (pixels.width(), pixels.height());
    let eight = |v: u8| u16::from(v) * 257;
    let flat = match &pixels {
        DynamicImage::ImageLumaA8(p) => lay(p.pixels().map(|p| ([p.0[0]; 3].map(eight), eight(p.0[1]))), None, notes),
        DynamicImage::ImageRgba8(p) => {
            lay(p.pixels().map(|p| ([p.0[0], p.0[1], p.0[2]].map(eight), eight(p.0[3]))), None, notes)
        }
        DynamicImage::ImageLuma16(p) => {
            let scale = Scale::grey(p.pixels().map(|p| p.0[0]));
            lay(p.pixels().map(|p| ([p.0[0]; 3], u16::MAX)), Some(scale), notes)
        }
        DynamicImage::ImageLumaA16(p) => {
            let scale = Scale::grey(p.pixels().filter(|p| p.0[1] > 0).map(|p| p.0[0]));
            lay(p.pixels().map(|p| ([p.0[0]; 3], p.0[1])), Some(scale), notes)
        }
        DynamicImage::ImageRgb16(p) => {
            let scale = Scale::colour(p.pixels().flat_map(|p| p.0));
            lay(p.pixels().map(|p| (p.0, u16::MAX)), Some(scale), notes)
        }
        DynamicImage::ImageRgba16(p) => {
            let colour = |p: &image::Rgba<u16>| [p.0[0], p.0[1], p.0[2]];
            let scale = Scale::colour(p.pixels().filter(|p| p.0[3] > 0).flat_map(colour));
            lay(p.pixels().map(|p| (colour(p), p.0[3])), Some(scale), notes)
        }
        _ => return pixels.into_rgb8(),
    };
    RgbImage::from_raw(width, height, flat).unwrap_or_default()
}

/// Lays 16-bit colours with 16-bit alpha on black, after scaling them.
fn lay(pixels: impl Iterator<Item = ([u16; 3], u16)>, scale: Option<Scale>, notes: &mut Vec<Note>) -> Vec<u8> {
    let scale = scale.unwrap_or(Scale::Upper);
    let (mut out, mut transparent) = (Vec::with_capacity(3 * pixels.size_hint().0), false);
    for (colour, alpha) in pixels {
        transparent |= alpha < u16::MAX;
        let shown = |v: u16| (u32::from(scale.eight(v)) * u32::from(alpha) + 32_767) / 65_535;
        out.extend(colour.map(|v| shown(v) as u8));
    }
    notes.extend(scale.note());
    if transparent {
        notes.push(Note::Transparent);
    }
    out
}

/// How 16 bits become 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    /// The upper 8 bits, rounded.
    Upper,
    /// The lower 8 bits, which alone are used.
    Lower,
    /// `low` is black, `high` is white.
    Stretch { low: u16, high: u16 },
}

impl Scale {
    fn grey(values: impl Iterator<Item = u16>) -> Self {
        Self::of(values, |low, high| Self::Stretch { low, high })
    }

    fn colour(values: impl Iterator<Item = u16>) -> Self {
        Self::of(values, |_, high| if high < FOURTEEN_BITS { Self::Stretch { low: 0, high } } else { Self::Upper })
    }

    fn of(values: impl Iterator<Item = u16>, deep: impl Fn(u16, u16) -> Self) -> Self {
        let (mut low, mut high, mut doubled) = (u16::MAX, 0, true);
        for value in values {
            (low, high) = (low.min(value), high.max(value));
            doubled &= value >> 8 == value & 0xff;
        }
        match (doubled, high) {
            // 8 bits that were widened: 0xabab.
            (true, _) => Self::Upper,
            (false, 0..=255) => Self::Lower,
            (false, _) => deep(low, high),
        }
    }

    fn eight(self, value: u16) -> u8 {
        match self {
            Self::Upper => ((u32::from(value) + 128) / 257) as u8,
            Self::Lower => value as u8,
            Self::Stretch { low, high } if high > low => {
                let share = f64::from(value.clamp(low, high) - low) / f64::from(high - low);
                (255.0 * share) as u8
            }
            Self::Stretch { .. } => 0,
        }
    }

    fn note(self) -> Option<Note> {
        match self {
            Self::Upper => None,
            Self::Lower => Some(Note::Stretched { low: 0, high: 255 }),
            Self::Stretch { low, high } => Some(Note::Stretched { low, high }),
        }
    }
}

#[cfg(test)]
mod tests;
