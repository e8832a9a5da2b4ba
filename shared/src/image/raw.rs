//! The pixels of JPEG, PNG and WebP bytes as they are stored.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, Limits,
    codecs::{jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder},
};

use super::MAX_SIDE;
use super::error::DecodeError;
use super::format::Format;
use super::jpeg;

/// The most memory that decoding may take, in bytes: what is decoded and what is made of it, at the same time.
const MAX_BYTES: u64 = 448 << 20;

/// Bytes that the RGB picture has for every pixel, which is made while the stored pixels are still there.
const RGB: u64 = 3;

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Width and height of the stored raster, in pixels.
    pub stored: [u32; 2],
    /// EXIF orientation, 1 to 8; 1 is upright.
    pub orientation: u8,
}

impl Header {
    /// Width and height once turned upright, in pixels.
    pub fn upright(self) -> [u32; 2] {
        let [width, height] = self.stored;
        if self.orientation > 4 { [height, width] } else { [width, height] }
    }
}

/// An image as it is stored: not turned, with its alpha channel, in its own depth; the first one
/// where a file holds several.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The pixels.
    pub pixels: DynamicImage,
    /// What the header says.
    pub header: Header,
    /// Whether it is an animation, of which this is the first picture.
    pub animated: bool,
    /// Whether its compression changes pixels: JPEG, and WebP without `VP8L`.
    pub lossy: bool,
}

/// Whether a picture of this size fits, with `bytes` for every pixel.
///
/// # Errors
/// [`DecodeError::TooLarge`].
pub fn fits([width, height]: [u32; 2], bytes: u64) -> Result<(), DecodeError> {
    let pixels = u64::from(width) * u64::from(height);
    let fits = width <= MAX_SIDE && height <= MAX_SIDE && pixels.saturating_mul(bytes) <= MAX_BYTES;
    if fits { Ok(()) } else { Err(DecodeError::TooLarge { width, height }) }
}

/// Decodes JPEG, PNG or WebP bytes and changes nothing.
///
/// # Errors
/// [`DecodeError`].
pub fn raw(bytes: &[u8]) -> Result<Raw, DecodeError> {
    match Kind::of(bytes)? {
        Kind::Jpeg => {
            let main = jpeg::main_image(bytes)?;
            let decoder = JpegDecoder::new(Cursor::new(main.bytes)).map_err(|e| classify(e, None))?;
            // Coefficients of 16 bits, of three components.
            let inside = if main.progressive { 6 } else { 0 };
            pixels(decoder, inside, false, true)
        }
        Kind::Png => {
            let decoder = png(bytes)?;
            let animated = decoder.is_apng().unwrap_or(false);
            pixels(decoder, 0, animated, false)
        }
        Kind::WebP => {
            let decoder = webp(bytes)?;
            let (animated, lossy) = (decoder.has_animation(), !is_lossless_webp(bytes));
            // The decoder keeps a picture of four channels of its own.
            pixels(decoder, 4, animated, lossy)
        }
    }
}

/// Reads the header of JPEG, PNG or WebP bytes.
///
/// # Errors
/// [`DecodeError`]: bytes of no such format, or a damaged header.
pub fn header(bytes: &[u8]) -> Result<Header, DecodeError> {
    match Kind::of(bytes)? {
        Kind::Jpeg => of_decoder(&mut JpegDecoder::new(Cursor::new(bytes)).map_err(|e| classify(e, None))?),
        Kind::Png => of_decoder(&mut png(bytes)?),
        Kind::WebP => of_decoder(&mut webp(bytes)?),
    }
}

enum Kind {
    Jpeg,
    Png,
    WebP,
}

impl Kind {
    fn of(bytes: &[u8]) -> Result<Self, DecodeError> {
        if jpeg::is_jpeg(bytes) {
            Ok(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Ok(Self::Png)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Ok(Self::WebP)
        } else {
            Err(Format::of(bytes).map_or(DecodeError::UnknownFormat, DecodeError::OtherFormat))
        }
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_BYTES);
    limits
}

fn png(bytes: &[u8]) -> Result<PngDecoder<Cursor<&[u8]>>, DecodeError> {
    PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(|e| classify(e, None))
}

fn webp(bytes: &[u8]) -> Result<WebPDecoder<Cursor<&[u8]>>, DecodeError> {
    WebPDecoder::new(Cursor::new(bytes)).map_err(|e| classify(e, None))
}

/// A still WebP says by its first chunk how it is compressed, or after `VP8X` by one that follows.
fn is_lossless_webp(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1 << 16)];
    let place = |mark: &[u8; 4]| head.windows(4).position(|four| four == mark);
    match (place(b"VP8L"), place(b"VP8 ")) {
        (Some(lossless), Some(lossy)) => lossless < lossy,
        (lossless, _) => lossless.is_some(),
    }
}

fn of_decoder(decoder: &mut impl ImageDecoder) -> Result<Header, DecodeError> {
    let stored: [u32; 2] = decoder.dimensions().into();
    // Damaged EXIF says nothing on how to turn.
    let orientation = decoder.orientation().map_or(1, |orientation| orientation.to_exif());
    Ok(Header { stored, orientation })
}

fn pixels(mut decoder: impl ImageDecoder, inside: u64, animated: bool, lossy: bool) -> Result<Raw, DecodeError> {
    let header = of_decoder(&mut decoder)?;
    let each = u64::from(decoder.color_type().bytes_per_pixel());
    fits(header.stored, (each + RGB.max(inside)).max(2 * RGB))?;
    decoder.set_limits(limits()).map_err(|e| classify(e, Some(header.stored)))?;
    let pixels = DynamicImage::from_decoder(decoder).map_err(|e| classify(e, Some(header.stored)))?;
    Ok(Raw { pixels, header, animated, lossy })
}

fn classify(error: ImageError, size: Option<[u32; 2]>) -> DecodeError {
    match (error, size) {
        (ImageError::Unsupported(e), _) => DecodeError::Unsupported(e.to_string()),
        (ImageError::Limits(_), Some([width, height])) => DecodeError::TooLarge { width, height },
        (ImageError::IoError(e), _) if e.kind() == std::io::ErrorKind::UnexpectedEof => DecodeError::Cut,
        (other, _) => DecodeError::Damaged(other.to_string()),
    }
}
