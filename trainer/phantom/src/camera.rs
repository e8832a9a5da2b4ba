//! What every digital camera does last: edge enhancement, grain, coarse chroma, bytes.

use image::{Rgb, RgbImage};

use super::filter::blur;
use super::math::{V3, v3};
use super::random::Draws;

/// How strongly a camera sharpens and how noisy it is.
pub(super) struct Finish {
    /// Standard deviation in pixels of the blur to which the enhanced detail is the difference.
    pub(super) width: f32,
    /// Share of that difference that is added.
    pub(super) enhance: f32,
    /// Largest noise, 0..1.
    pub(super) noise: f32,
}

/// Brings toned colours (0..1, `width * height` row by row) to bytes. `open` is the share of a pixel that is not black.
pub(super) fn finish(
    toned: &[V3],
    (width, height): (usize, usize),
    how: &Finish,
    open: impl Fn(usize, usize) -> f32,
    draws: &mut Draws,
) -> RgbImage {
    let wide = blur(toned, width, height, (how.width, how.width));
    let chroma = blur(toned, width, height, (0.8, 0.8));
    let mut image = RgbImage::new(width as u32, height as u32);
    for (i, pixel) in image.pixels_mut().enumerate() {
        let open = open(i % width, i / width);
        // Luma keeps its detail; chroma is as coarse as JPEG's.
        let luma = |c: V3| c.dot(v3(0.299, 0.587, 0.114));
        let (mine, soft) = (luma(toned[i]), luma(chroma[i]));
        let detail = mine - soft + how.enhance * (mine - luma(wide[i]));
        let bits = draws.bits();
        // The sum of two uniforms: close enough to a normal for noise of a few grey levels.
        let grain = how.noise * ((bits & 0xffff) as f32 + (bits >> 16) as f32 - 65_535.0) / 32_768.0;
        let byte = |v: f32| (((v + detail + grain) * open).clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        *pixel = Rgb([byte(chroma[i].x), byte(chroma[i].y), byte(chroma[i].z)]);
    }
    image
}
