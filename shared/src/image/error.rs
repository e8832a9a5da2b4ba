//! Why image bytes could not be turned into an image.

use super::MAX_SIDE;
use super::format::Format;

/// Why image bytes could not be turned into an image. Its text can be shown to a visitor as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes are of a known format that is not read here.
    #[error("this is {0}; only JPEG, PNG and WebP images are read: {advice}", advice = .0.advice())]
    OtherFormat(Format),
    /// The bytes are of no known format.
    #[error(
        "this is not a JPEG, PNG or WebP image, nor of any other format that is known here: save the image as PNG or \
         JPEG"
    )]
    UnknownFormat,
    /// The image has more pixels than fit into memory, or a side of more than [`MAX_SIDE`].
    #[error(
        "the image is too large, {width}x{height} pixels: make it smaller, at most {MAX_SIDE} pixels a side and about \
         40 million in all"
    )]
    TooLarge {
        /// Width, in pixels.
        width: u32,
        /// Height, in pixels.
        height: u32,
    },
    /// The file ends before the image does.
    #[error("the image is cut short, its end is missing: get the file again")]
    Cut,
    /// A JPEG, PNG or WebP of a rare kind that the decoder does not know; in its own words.
    #[error("this kind of image is not read ({0}): save it as an ordinary PNG or JPEG")]
    Unsupported(String),
    /// The bytes start like an image and then break; in the decoder's own words.
    #[error("the image is damaged ({0}): get the file again")]
    Damaged(String),
}
