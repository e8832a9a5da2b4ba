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

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};

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
pub fn mask_png(mask: &Mask) -> Result<Vec<u8>, image::ImageError> {
    let pixels: Vec<u8> = mask.data.iter().map(|inside| if *inside { 255 } else { 0 }).collect();
    let mut bytes = Vec::new();
    let (width, height) = (mask.width as u32, mask.height as u32);
    PngEncoder::new(&mut bytes).write_image(&pixels, width, height, ExtendedColorType::L8)?;
    Ok(bytes)
}
