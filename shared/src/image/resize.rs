//! Images and maps at other sizes, and the numbers that the networks read.

use image::imageops::FilterType;

use super::RgbImage;
use crate::plane::{Plane, mirror_rows};

/// Side of the square model input, in pixels. The aspect ratio is not kept, as in the paper's released code.
pub const INPUT_SIDE: usize = 224;

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
    use super::*;

    #[test]
    fn a_one_pixel_image_becomes_a_whole_input() {
        let input = to_input(&RgbImage::new(1, 1));
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
