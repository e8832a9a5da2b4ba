//! From image bytes to model input, and from model output back to the image's own size.
//!
//! One implementation for the trainer and the page: the same bytes give the same numbers on both sides.
//!
//! ```text
//! bytes ──► format (what is it?) ──► jpeg (is it whole?) ──► raw (pixels as stored) ──► decode (8-bit RGB, upright) ──► resize
//! ```

mod decode;
mod error;
mod format;
mod jpeg;
mod raw;
mod resize;

use image::{
    ExtendedColorType, ImageEncoder, ImageError,
    codecs::png::PngEncoder,
    error::{ParameterError, ParameterErrorKind},
};

pub use image::RgbImage;

pub use self::decode::{Decoded, Note, decode, read, size};
pub use self::error::DecodeError;
pub use self::format::{Advice, Format};
pub use self::raw::{Header, Raw, fits, header, raw};
pub use self::resize::{
    INPUT_SIDE, flip_chw, max_pool_plane, normalise, pool_plane, pool_to, resize_plane, resize_rgb, to_input,
};
use crate::plane::Mask;

/// Largest accepted width or height, in pixels.
pub const MAX_SIDE: u32 = 16_384;

/// A mask as a PNG with one channel of 8 bits: 255 inside, 0 outside.
///
/// # Errors
/// A mask that is larger than a PNG can be; none that was made of an image that [`decode`] reads is.
pub fn mask_png(mask: &Mask) -> Result<Vec<u8>, ImageError> {
    let pixels: Vec<u8> = mask.data.iter().map(|inside| if *inside { 255 } else { 0 }).collect();
    png(&pixels, (mask.width as u32, mask.height as u32), ExtendedColorType::L8)
}

/// Levels as a PNG of this width and height, in pixels: one level a pixel is grey, three are red, green and blue.
///
/// # Errors
/// Another number of levels than the size needs, and sides of 0.
pub fn levels_png(levels: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, ImageError> {
    let pixels = width as usize * height as usize;
    let colour = match levels.len() {
        count if count == pixels => ExtendedColorType::L8,
        count if Some(count) == pixels.checked_mul(3) => ExtendedColorType::Rgb8,
        _ => return Err(ImageError::Parameter(ParameterError::from_kind(ParameterErrorKind::DimensionMismatch))),
    };
    png(levels, (width, height), colour)
}

fn png(levels: &[u8], (width, height): (u32, u32), colour: ExtendedColorType) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(levels, width, height, colour)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn levels_come_back_from_their_png() {
        let levels: Vec<u8> = (0..18).collect();
        let grey = decode(&levels_png(&levels[..6], (3, 2)).unwrap()).unwrap();
        let expected: Vec<u8> = levels[..6].iter().flat_map(|level| [*level; 3]).collect();
        assert_eq!((grey.dimensions(), grey.into_raw()), ((3, 2), expected));
        assert_eq!(decode(&levels_png(&levels, (3, 2)).unwrap()).unwrap().into_raw(), levels);
        assert!(levels_png(&levels, (4, 2)).is_err() && levels_png(&[], (0, 2)).is_err());
    }
}
