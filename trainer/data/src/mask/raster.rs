//! The values of a mask file as they are stored: a palette stays a palette, and labels of few bits stay labels.

use std::io::Cursor;

use fovea_shared::image::{DecodeError, Header, Raw, fits, header, raw};
use image::DynamicImage;

/// Channels that differ by more than this are a colour, even in a JPEG.
const CHROMA: u8 = 24;

/// The share of coloured pixels that a grey JPEG may have.
const CHROMA_SHARE: f64 = 1e-3;

/// Bytes that reading a mask takes for every pixel: decoded, as values, as alpha, and as masks that are compared.
const BYTES: u64 = 11;

/// The values of a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Pixels {
    /// Greys, in the depth of the file.
    Grey(Vec<u16>),
    /// Indices of a palette.
    Indexed(Vec<u8>, Vec<[u8; 3]>),
    /// Colours.
    Colour(Vec<[u8; 3]>),
}

/// A mask file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Raster {
    /// Width of the stored raster, in pixels.
    pub(super) width: usize,
    /// Height of the stored raster, in pixels.
    pub(super) height: usize,
    /// The values.
    pub(super) pixels: Pixels,
    /// The alpha channel, where there is one.
    pub(super) alpha: Option<Vec<u8>>,
    /// EXIF orientation, 1 to 8.
    pub(super) orientation: u8,
    /// Whether the compression changes values.
    pub(super) lossy: bool,
}

impl Raster {
    /// Reads JPEG, PNG or WebP bytes.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub(super) fn of(bytes: &[u8]) -> Result<Self, DecodeError> {
        let header = header(bytes)?;
        fits(header.stored, BYTES)?;
        if keeps_labels(bytes) {
            return labels(bytes, header);
        }
        let Raw { pixels, lossy, .. } = raw(bytes)?;
        let (width, height) = (pixels.width() as usize, pixels.height() as usize);
        let (pixels, alpha) = channels(pixels, lossy);
        Ok(Self { width, height, pixels, alpha, orientation: header.orientation, lossy })
    }
}

/// Whether this is a PNG whose values another decoder would change: a palette, or greys of 2 or 4 bits.
fn keeps_labels(bytes: &[u8]) -> bool {
    let png = bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.get(12..16) == Some(b"IHDR");
    png && matches!(bytes.get(24..26), Some([_, 3] | [2 | 4, 0]))
}

fn labels(bytes: &[u8], header: Header) -> Result<Raster, DecodeError> {
    let damaged = |e: png::DecodingError| match e {
        png::DecodingError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => DecodeError::Cut,
        other => DecodeError::Damaged(other.to_string()),
    };
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().map_err(damaged)?;
    let [width, height] = header.stored.map(|side| side as usize);
    let size = reader.output_buffer_size().unwrap_or(0);
    let mut packed = vec![0; size];
    let frame = reader.next_frame(&mut packed).map_err(damaged)?;
    if [frame.width, frame.height] != header.stored {
        return Err(DecodeError::Damaged("its first picture does not fill it".into()));
    }
    let values = unpack(&packed, width, frame.line_size, frame.bit_depth as usize);
    let info = reader.info();
    let (pixels, alpha) = match (&info.palette, info.color_type) {
        (Some(palette), png::ColorType::Indexed) => {
            let mut colours: Vec<[u8; 3]> = palette.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect();
            // An index beyond the palette is a label all the same.
            colours.extend((colours.len()..256).map(|index| [index as u8; 3]));
            let alpha = info.trns.as_ref().map(|opaque| {
                values.iter().map(|index| opaque.get(usize::from(*index)).copied().unwrap_or(255)).collect()
            });
            (Pixels::Indexed(values, colours), alpha)
        }
        (_, png::ColorType::Indexed) => return Err(DecodeError::Damaged("its palette is missing".into())),
        _ => {
            let key = info.trns.as_ref().and_then(|key| key.get(1)).copied();
            let alpha = key.map(|key| values.iter().map(|v| if *v == key { 0 } else { 255 }).collect());
            (Pixels::Grey(values.into_iter().map(u16::from).collect()), alpha)
        }
    };
    Ok(Raster { width, height, pixels, alpha, orientation: header.orientation, lossy: false })
}

/// Values of 1, 2, 4 or 8 bits, one a byte.
fn unpack(packed: &[u8], width: usize, line: usize, bits: usize) -> Vec<u8> {
    let mask = ((1u16 << bits) - 1) as u8;
    let place = |x: usize| (x * bits / 8, 8 - bits - x * bits % 8);
    let row =
        |row: &[u8]| -> Vec<u8> { (0..width).map(place).map(|(byte, shift)| row[byte] >> shift & mask).collect() };
    packed.chunks_exact(line.max(1)).flat_map(row).collect()
}

fn channels(pixels: DynamicImage, lossy: bool) -> (Pixels, Option<Vec<u8>>) {
    let upper = |v: u16| (v >> 8) as u8;
    match pixels {
        DynamicImage::ImageLuma8(p) => (Pixels::Grey(p.iter().map(|v| u16::from(*v)).collect()), None),
        DynamicImage::ImageLuma16(p) => (Pixels::Grey(p.into_raw()), None),
        DynamicImage::ImageLumaA8(p) => {
            (Pixels::Grey(p.pixels().map(|p| u16::from(p.0[0])).collect()), Some(p.pixels().map(|p| p.0[1]).collect()))
        }
        DynamicImage::ImageLumaA16(p) => {
            (Pixels::Grey(p.pixels().map(|p| p.0[0]).collect()), Some(p.pixels().map(|p| upper(p.0[1])).collect()))
        }
        DynamicImage::ImageRgb16(p) => (deep(p.pixels().map(|p| p.0)), None),
        DynamicImage::ImageRgba16(p) => {
            (deep(p.pixels().map(|p| [p.0[0], p.0[1], p.0[2]])), Some(p.pixels().map(|p| upper(p.0[3])).collect()))
        }
        DynamicImage::ImageRgba8(p) => {
            (shallow(p.pixels().map(|p| [p.0[0], p.0[1], p.0[2]]), lossy), Some(p.pixels().map(|p| p.0[3]).collect()))
        }
        other => {
            let colours = other.into_rgb8();
            (shallow(colours.pixels().map(|p| p.0), lossy), None)
        }
    }
}

/// Colours of 16 bits: greys where all three channels agree, in full depth.
fn deep(colours: impl Iterator<Item = [u16; 3]> + Clone) -> Pixels {
    if colours.clone().all(|[r, g, b]| r == g && g == b) {
        return Pixels::Grey(colours.map(|c| c[0]).collect());
    }
    let most = colours.clone().flatten().max().unwrap_or(0);
    let eight = |v: u16| if most <= 255 { v as u8 } else { (v >> 8) as u8 };
    Pixels::Colour(colours.map(|c| c.map(eight)).collect())
}

/// Colours of 8 bits: greys where the channels agree, in a lossy file nearly; then their mean.
fn shallow(colours: impl ExactSizeIterator<Item = [u8; 3]> + Clone, lossy: bool) -> Pixels {
    let total = colours.len() as f64;
    let spread = |c: &[u8; 3]| c.iter().max().zip(c.iter().min()).map_or(0, |(most, least)| most - least);
    let most = if lossy { CHROMA } else { 0 };
    let coloured = colours.clone().filter(|c| spread(c) > most).count() as f64;
    if coloured <= if lossy { CHROMA_SHARE * total } else { 0.0 } {
        return Pixels::Grey(colours.map(|c| c.iter().map(|v| u16::from(*v)).sum::<u16>() / 3).collect());
    }
    Pixels::Colour(colours.collect())
}
