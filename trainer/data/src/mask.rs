//! Mask files: what they look like is what they mean, whatever tool wrote them.
//!
//! ```text
//! bytes ──► raster (values as stored) ──► read (which values are inside?) ──► Mask, and what a person should know of it
//! ```
//! Every reader of a mask goes through [`MaskFile::read`](crate::MaskFile::read), so that all
//! refuse the same files in the same words.
//! The rules, in the order in which they are tried:
//!
//! | the file holds | inside is |
//! |---|---|
//! | an alpha channel that varies | what is opaque, unless colours show another area: then it is refused |
//! | one value | nothing for 0, black or index 0, else everything |
//! | two greys, whatever they are (0 and 1, 0 and 38, 1 and 2, 0 and 65535) | the brighter one |
//! | two colours | the one that is not black; else the one that is not white; else the brighter one |
//! | a palette | every index but 0; greys in a palette are greys |
//! | two extremes and few shades between (soft edges, JPEG) | above the middle |
//! | several areas of their own, 0 or black among them and no white (labels) | every label but 0 |
//! | anything else | refused: the possible readings are named |

mod census;
mod colours;
mod decide;
mod error;
mod greys;
mod raster;
mod size;

use fovea_shared::plane::Mask;

pub use self::error::{Caution, MaskError, Rule, Value};
pub use self::size::SizeMismatch;
pub(crate) use self::size::seems_inverted;

/// A mask that was read, and what a person should know of how.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadMask {
    /// The mask, upright.
    pub mask: Mask,
    /// What a person should know; nothing for a mask of two values, one of which is 0 or black.
    pub cautions: Vec<Caution>,
    /// The file's own EXIF orientation, 1 to 8; 1 where it has none.
    pub orientation: u8,
}

/// Reads the bytes of a mask file: JPEG, PNG or WebP.
///
/// # Errors
/// [`MaskError`]: bytes that are not an image, and a mask that can be read in more than one way.
pub fn read(bytes: &[u8]) -> Result<ReadMask, MaskError> {
    let raster = raster::Raster::of(bytes)?;
    let (inside, cautions) = decide::decide(&raster)?;
    let mask = size::turned(Mask::from_vec(raster.width, raster.height, inside), raster.orientation);
    let mut read = ReadMask { mask, cautions, orientation: raster.orientation };
    if seems_inverted(&read.mask) {
        read.cautions.push(Caution::MaybeInverted);
    }
    Ok(read)
}

#[cfg(test)]
mod tests;
