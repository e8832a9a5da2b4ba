//! The picture that a model is shown: a fresh JPEG of at most [`MAX_SENT_SIDE`] pixels, with the
//! gaze drawn on it or not.

use std::io::Cursor;

use image::{ExtendedColorType, ImageEncoder, ImageError, codecs::jpeg::JpegEncoder};

use crate::{
    gaze::Scanpath,
    image::{RgbImage, resize_rgb},
};

/// Longest side of a picture that is sent, in pixels: most vision-language models see no more.
pub const MAX_SENT_SIDE: u32 = 1024;

/// JPEG quality, 1 to 100.
const QUALITY: u8 = 92;

/// Radius of a mark, as a share of the picture's shorter side: small, so that it hides little.
const MARK: f32 = 0.012;

/// The image with a longer side of at most [`MAX_SENT_SIDE`] pixels; never enlarged.
pub fn shrink(image: &RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let longer = width.max(height);
    if longer <= MAX_SENT_SIDE {
        return image.clone();
    }
    let scale = |side: u32| (u64::from(side) * u64::from(MAX_SENT_SIDE) / u64::from(longer)).max(1) as usize;
    resize_rgb(image, scale(width), scale(height))
}

/// The image as a JPEG that holds pixels and nothing else: names, dates, places and devices of the
/// original file (EXIF) are left behind.
///
/// # Errors
/// An image without pixels.
pub fn encode_picture(image: &RgbImage) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Cursor::new(Vec::new());
    let (width, height) = image.dimensions();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).write_image(
        image.as_raw(),
        width,
        height,
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes.into_inner())
}

/// The image with a small ring around every fixation, green between black edges: a colour that none
/// of the modalities has, and open in its middle, so that what was looked at stays visible.
/// Fixations outside the image are left out.
pub fn draw_gaze(image: &RgbImage, scanpath: &Scanpath) -> RgbImage {
    let mut drawn = image.clone();
    let (width, height) = (image.width() as f32, image.height() as f32);
    let radius = (MARK * width.min(height)).max(3.0);
    let stroke = (radius / 4.0).max(1.0);
    for fixation in &scanpath.fixations {
        if !(0.0..=1.0).contains(&fixation.x) || !(0.0..=1.0).contains(&fixation.y) {
            continue;
        }
        let (cx, cy) = (fixation.x * width, fixation.y * height);
        let reach = radius + 2.0 * stroke;
        let range = |c: f32, side: f32| ((c - reach).max(0.0) as u32, ((c + reach).ceil().min(side)) as u32);
        let ((left, right), (top, bottom)) = (range(cx, width), range(cy, height));
        for y in top..bottom {
            for x in left..right {
                let off = ((x as f32 + 0.5 - cx).hypot(y as f32 + 0.5 - cy) - radius).abs();
                if off <= stroke / 2.0 {
                    drawn.put_pixel(x, y, [0, 255, 80].into());
                } else if off <= stroke {
                    drawn.put_pixel(x, y, [0, 0, 0].into());
                }
            }
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{gaze::Fixation, image::decode};

    fn at(x: f32, y: f32) -> Scanpath {
        Scanpath { fixations: vec![Fixation { x, y, duration_ms: 300.0, start_ms: 0.0 }] }
    }

    #[test]
    fn large_images_shrink_and_small_ones_stay() {
        assert_eq!(shrink(&RgbImage::new(2048, 512)).dimensions(), (1024, 256));
        assert_eq!(shrink(&RgbImage::new(3, 5000)).dimensions(), (1, 1024));
        assert_eq!(shrink(&RgbImage::new(96, 80)).dimensions(), (96, 80));
    }

    #[test]
    fn pictures_are_jpegs_of_the_same_pixels_and_nothing_else() {
        let image = RgbImage::from_fn(64, 40, |x, y| [(x * 4) as u8, (y * 6) as u8, 90].into());
        let bytes = encode_picture(&image).unwrap();
        let again = decode(&bytes).unwrap();
        let worst = image.iter().zip(again.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(worst < 24, "{worst}");
        assert!(!bytes.windows(4).any(|w| w == b"Exif"));
        assert_eq!(bytes, encode_picture(&image).unwrap(), "the same image is the same bytes: the cache's key");
    }

    #[test]
    fn marks_are_small_rings_where_the_eye_was() {
        let image = RgbImage::from_pixel(400, 300, [120, 60, 50].into());
        let drawn = draw_gaze(&image, &at(0.25, 0.5));
        let changed: Vec<(u32, u32)> = drawn
            .enumerate_pixels()
            .filter(|(x, y, p)| *p != image.get_pixel(*x, *y))
            .map(|(x, y, _)| (x, y))
            .collect();
        assert!(!changed.is_empty() && changed.len() < 400 * 300 / 500, "{}", changed.len());
        assert!(changed.iter().all(|(x, y)| x.abs_diff(100) <= 8 && y.abs_diff(150) <= 8));
        assert_eq!(drawn.get_pixel(100, 150), image.get_pixel(100, 150), "the middle stays visible");
        assert!(drawn.pixels().any(|p| p.0 == [0, 255, 80]));
        // At the edge it is cut; outside there is nothing.
        assert_ne!(draw_gaze(&image, &at(1.0, 1.0)), image);
        assert_eq!(draw_gaze(&image, &at(1.5, 0.5)), image);
        assert_eq!(draw_gaze(&image, &at(f32::NAN, 0.5)), image);
    }
}
