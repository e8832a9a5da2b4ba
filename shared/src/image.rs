//! From image bytes to model input, and from model output back to the image's own size.
//!
//! One implementation for the trainer and the page: the same bytes give the same numbers on both sides.

use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageReader, Limits, codecs::png::PngEncoder,
    imageops::FilterType,
};

pub use image::RgbImage;

use crate::plane::{Mask, Plane, mirror_rows};

/// Side of the square model input, in pixels. The aspect ratio is not kept, as in the paper's released code.
pub const INPUT_SIDE: usize = 224;

/// Largest accepted width or height, in pixels.
pub const MAX_SIDE: u32 = 16_384;

/// Largest accepted decoded size, in bytes.
const MAX_BYTES: u64 = 512 << 20;

/// Why image bytes could not be turned into an image.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The bytes are of no format that is read here.
    #[error("this is not a JPEG, PNG or WebP image")]
    UnknownFormat,
    /// The image is larger than [`MAX_SIDE`] or would not fit into memory.
    #[error("the image is too large: at most {MAX_SIDE} pixels a side and 512 MiB decoded ({0})")]
    TooLarge(String),
    /// The bytes start like an image and then break.
    #[error("the image is damaged or cut short ({0})")]
    Damaged(String),
}

/// Decodes JPEG, PNG or WebP bytes to RGB, turned upright by its EXIF orientation. Transparency is dropped.
///
/// # Errors
/// [`DecodeError`], whose text can be shown to a visitor as it is.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, DecodeError> {
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| DecodeError::Damaged(e.to_string()))?;
    if reader.format().is_none() {
        return Err(DecodeError::UnknownFormat);
    }
    if reader.format() == Some(image::ImageFormat::Jpeg) && !jpeg_is_whole(bytes) {
        // The decoder would fill the missing part with grey and say nothing.
        return Err(DecodeError::Damaged("the JPEG ends before its end mark".into()));
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(classify)?;
    let orientation = decoder.orientation().map_err(classify)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(classify)?;
    image.apply_orientation(orientation);
    Ok(image.into_rgb8())
}

/// Width and height of JPEG, PNG or WebP bytes as [`decode`] turns them, from the header alone.
///
/// # Errors
/// [`DecodeError`]: bytes of no such format, or a damaged header.
pub fn size(bytes: &[u8]) -> Result<[u32; 2], DecodeError> {
    let reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| DecodeError::Damaged(e.to_string()))?;
    if reader.format().is_none() {
        return Err(DecodeError::UnknownFormat);
    }
    let mut decoder = reader.into_decoder().map_err(classify)?;
    let (width, height) = decoder.dimensions();
    use image::metadata::Orientation;
    let turned = matches!(
        decoder.orientation().map_err(classify)?,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    );
    Ok(if turned { [height, width] } else { [width, height] })
}

/// Whether a JPEG's last end-of-image mark (`FF D9`) comes after its last start of scan (`FF DA`).
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    let last = |mark: u8| bytes.windows(2).rposition(|pair| pair == [0xff, mark]);
    last(0xd9) > last(0xda)
}

fn classify(error: image::ImageError) -> DecodeError {
    match error {
        image::ImageError::Unsupported(_) => DecodeError::UnknownFormat,
        image::ImageError::Limits(e) => DecodeError::TooLarge(e.to_string()),
        other => DecodeError::Damaged(other.to_string()),
    }
}

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

/// Resizes an image with an anti-aliasing triangle filter, the bilinear resize of PIL and torchvision.
pub fn resize_rgb(image: &RgbImage, width: usize, height: usize) -> RgbImage {
    if image.width() as usize == width && image.height() as usize == height {
        return image.clone();
    }
    image::imageops::resize(image, width as u32, height as u32, FilterType::Triangle)
}

/// The model input of an image: [`INPUT_SIDE`] squared, `(value - 127) / 128` as EfficientNet-Lite was trained, in the
/// order `[3, height, width]`.
pub fn to_input(image: &RgbImage) -> Vec<f32> {
    let small = resize_rgb(image, INPUT_SIDE, INPUT_SIDE);
    normalise(&small)
}

/// Normalises an RGB image without resizing it: `(value - 127) / 128`, `[3, height, width]`.
pub fn normalise(image: &RgbImage) -> Vec<f32> {
    let pixels = (image.width() * image.height()) as usize;
    let mut out = vec![0.0; 3 * pixels];
    for (i, pixel) in image.pixels().enumerate() {
        for (c, value) in pixel.0.iter().enumerate() {
            out[c * pixels + i] = (f32::from(*value) - 127.0) / 128.0;
        }
    }
    out
}

/// Mirrors a `[channels, side, side]` buffer along the chosen axes.
pub fn flip_chw(data: &[f32], side: usize, horizontal: bool, vertical: bool) -> Vec<f32> {
    let mut out = Vec::with_capacity(data.len());
    for plane in data.chunks_exact(side * side) {
        mirror_rows(plane, side, horizontal, vertical, &mut out);
    }
    out
}

/// Resizes a map bilinearly with half-pixel centres (`align_corners = false`) and clamped edges, without anti-aliasing:
/// what brings logits to the image's own size.
pub fn resize_plane(plane: &Plane, width: usize, height: usize) -> Plane {
    if plane.width == width && plane.height == height {
        return plane.clone();
    }
    let columns = taps(plane.width, width);
    let rows = taps(plane.height, height);
    let mut data = Vec::with_capacity(width * height);
    for (y0, y1, fy) in rows {
        let top = &plane.data[y0 * plane.width..(y0 + 1) * plane.width];
        let bottom = &plane.data[y1 * plane.width..(y1 + 1) * plane.width];
        for &(x0, x1, fx) in &columns {
            let upper = top[x0] + (top[x1] - top[x0]) * fx;
            let lower = bottom[x0] + (bottom[x1] - bottom[x0]) * fx;
            data.push(upper + (lower - upper) * fy);
        }
    }
    Plane::from_vec(width, height, data)
}

/// For every target pixel the two source pixels and the weight of the second.
fn taps(source: usize, target: usize) -> Vec<(usize, usize, f32)> {
    let scale = source as f32 / target as f32;
    (0..target)
        .map(|i| {
            let position = ((i as f32 + 0.5) * scale - 0.5).clamp(0.0, (source - 1) as f32);
            let low = position as usize;
            (low, (low + 1).min(source - 1), position - low as f32)
        })
        .collect()
}

/// Shrinks a map to `side` squared by averaging, every source pixel weighted by its overlap with the target cell:
/// what brings masks and heat maps to the grid of a loss or a head.
pub fn pool_plane(plane: &Plane, side: usize) -> Plane {
    pool_to(plane, side, side)
}

/// Shrinks a map to `side` squared by the maximum over the source pixels that a target cell covers.
pub fn max_pool_plane(plane: &Plane, side: usize) -> Plane {
    let (columns, rows) = (cells(plane.width, side), cells(plane.height, side));
    let mut data = Vec::with_capacity(side * side);
    for row in &rows {
        for column in &columns {
            let values =
                row.iter().flat_map(|&(y, _)| column.iter().map(move |&(x, _)| plane.data[y * plane.width + x]));
            data.push(values.fold(f32::NEG_INFINITY, f32::max));
        }
    }
    Plane::from_vec(side, side, data)
}

/// [`pool_plane`] to a raster that need not be square.
pub fn pool_to(plane: &Plane, width: usize, height: usize) -> Plane {
    let columns = cells(plane.width, width);
    let rows = cells(plane.height, height);
    let mut data = Vec::with_capacity(width * height);
    for row in &rows {
        for column in &columns {
            let mut sum = 0.0;
            let mut weight = 0.0;
            for &(y, wy) in row {
                for &(x, wx) in column {
                    sum += plane.data[y * plane.width + x] * wy * wx;
                    weight += wy * wx;
                }
            }
            data.push(sum / weight);
        }
    }
    Plane::from_vec(width, height, data)
}

/// For every target cell the source pixels it covers and by how much.
fn cells(source: usize, target: usize) -> Vec<Vec<(usize, f32)>> {
    let scale = source as f32 / target as f32;
    (0..target)
        .map(|i| {
            let (start, end) = (i as f32 * scale, (i + 1) as f32 * scale);
            let last = (end.ceil() as usize).clamp(start as usize + 1, source);
            (start as usize..last).map(|s| (s, (end.min((s + 1) as f32) - start.max(s as f32)).max(1e-6))).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 7]))
            .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
            .unwrap();
        bytes
    }

    #[test]
    fn decodes_and_names_what_is_wrong() {
        assert_eq!(decode(&png(5, 3)).unwrap().dimensions(), (5, 3));
        assert_eq!(decode(&png(1, 1)).unwrap().dimensions(), (1, 1));
        assert_eq!(size(&png(5, 3)).unwrap(), [5, 3]);
        assert!(matches!(size(b"hello, I am a text"), Err(DecodeError::UnknownFormat)));
        assert!(matches!(decode(b"hello, I am a text"), Err(DecodeError::UnknownFormat)));
        assert!(matches!(decode(b""), Err(DecodeError::UnknownFormat)));
        let whole = png(50, 50);
        assert!(matches!(decode(&whole[..whole.len() / 2]), Err(DecodeError::Damaged(_))));
        assert_eq!(size(&whole[..whole.len() / 2]).unwrap(), [50, 50], "the header is enough");
    }

    #[test]
    fn a_jpeg_cut_short_anywhere_is_refused() {
        let mut bytes = Vec::new();
        let picture = RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 3) as u8, (y * 5) as u8, (x * y) as u8]));
        image::codecs::jpeg::JpegEncoder::new(&mut bytes).encode_image(&picture).unwrap();
        assert_eq!(decode(&bytes).unwrap().dimensions(), (64, 48));
        for percent in [10, 40, 60, 90, 99] {
            assert!(decode(&bytes[..bytes.len() * percent / 100]).is_err(), "{percent} % of a JPEG passed");
        }
    }

    #[test]
    fn a_one_pixel_image_becomes_a_whole_input() {
        let input = to_input(&decode(&png(1, 1)).unwrap());
        assert_eq!(input.len(), 3 * INPUT_SIDE * INPUT_SIDE);
        assert!(input.iter().all(|v| v.is_finite()));
    }

    #[test]
    fn resizing_keeps_constants_and_averages() {
        let flat = Plane::filled(7, 5, 0.25);
        assert!(resize_plane(&flat, 31, 17).data.iter().all(|v| (v - 0.25).abs() < 1e-6));
        assert!(pool_plane(&flat, 3).data.iter().all(|v| (v - 0.25).abs() < 1e-6));
        let ramp = Plane::from_vec(4, 4, (0..16).map(|v| v as f32).collect());
        let pooled = pool_plane(&ramp, 2);
        assert_eq!(pooled.data, vec![2.5, 4.5, 10.5, 12.5]);
    }

    #[test]
    fn bilinear_matches_the_half_pixel_convention() {
        let two = Plane::from_vec(2, 1, vec![0.0, 1.0]);
        assert_eq!(resize_plane(&two, 4, 1).data, vec![0.0, 0.25, 0.75, 1.0]);
    }

    #[test]
    fn flipping_twice_is_the_identity() {
        let data: Vec<f32> = (0..2 * 9).map(|v| v as f32).collect();
        let once = flip_chw(&data, 3, true, true);
        assert_ne!(once, data);
        assert_eq!(flip_chw(&once, 3, true, true), data);
        assert_eq!(flip_chw(&data, 3, true, false)[..3], [2.0, 1.0, 0.0]);
    }
}
