//! Drawn lesions with exact masks.

use super::super::*;
use crate::description::Field;

pub(super) const TISSUE: [u8; 3] = [170, 110, 95];
pub(super) const POLYP: [u8; 3] = [190, 70, 70];

/// A drawn lesion: its image and its exact mask.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) image: RgbImage,
    pub(super) mask: Mask,
}

impl Drawn {
    pub(super) fn measure(&self, modality: Modality) -> Description {
        measure(&self.image, &self.mask, modality)
    }

    pub(super) fn word(&self, field: Field) -> Option<&'static str> {
        self.measure(Modality::Polyp).get(field).map(|w| w.name)
    }

    pub(super) fn mirrored(&self, horizontal: bool, vertical: bool) -> Self {
        let (w, h) = self.image.dimensions();
        let at = |x: u32, y: u32| (if horizontal { w - 1 - x } else { x }, if vertical { h - 1 - y } else { y });
        let image = RgbImage::from_fn(w, h, |x, y| {
            let (x, y) = at(x, y);
            *self.image.get_pixel(x, y)
        });
        let plane = self.mask.to_plane().flip(horizontal, vertical);
        Self { image, mask: plane.at_least(0.5) }
    }

    /// Twice as large, every pixel four times.
    pub(super) fn doubled(&self) -> Self {
        let (w, h) = self.image.dimensions();
        let image = RgbImage::from_fn(2 * w, 2 * h, |x, y| *self.image.get_pixel(x / 2, y / 2));
        let (mw, mh) = (2 * self.mask.width, 2 * self.mask.height);
        let data = (0..mw * mh).map(|i| self.mask.at(i % mw / 2, i / mw / 2)).collect();
        Self { image, mask: Mask::from_vec(mw, mh, data) }
    }
}

/// Grain of `by` levels, the same for the same pixel.
pub(super) fn grain(x: u32, y: u32, by: u32) -> i32 {
    let mut h = x.wrapping_mul(0x8da6_b343) ^ y.wrapping_mul(0xd816_3841);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h ^= h >> 12;
    (h % (2 * by + 1)) as i32 - by as i32
}

/// Draws a region in one colour on ground of another, with a little grain. Coordinates are pixels.
pub(super) fn draw(
    width: u32,
    height: u32,
    inside: impl Fn(f32, f32) -> bool,
    colour: [u8; 3],
    ground: [u8; 3],
) -> Drawn {
    let at = |x: u32, y: u32| inside(x as f32 + 0.5, y as f32 + 0.5);
    let image = RgbImage::from_fn(width, height, |x, y| {
        let base = if at(x, y) { colour } else { ground };
        ::image::Rgb(base.map(|v| (i32::from(v) + grain(x, y, 4)).clamp(0, 255) as u8))
    });
    let mask = (0..width * height).map(|i| at(i % width, i / width)).collect();
    Drawn { image, mask: Mask::from_vec(width as usize, height as usize, mask) }
}

/// An outline given as the radius at an angle (cosine and sine), about a point.
pub(super) fn blob(centre: (f32, f32), radius: impl Fn(f32) -> f32) -> impl Fn(f32, f32) -> bool {
    move |x, y| {
        let (dx, dy) = (x - centre.0, y - centre.1);
        (dx * dx + dy * dy).sqrt() <= radius(dy.atan2(dx))
    }
}

pub(super) fn ellipse(centre: (f32, f32), radii: (f32, f32), turn: f32) -> impl Fn(f32, f32) -> bool {
    let (s, c) = turn.sin_cos();
    move |x, y| {
        let (dx, dy) = (x - centre.0, y - centre.1);
        ((dx * c + dy * s) / radii.0).powi(2) + ((dy * c - dx * s) / radii.1).powi(2) <= 1.0
    }
}

pub(super) fn on_tissue(inside: impl Fn(f32, f32) -> bool) -> Drawn {
    draw(400, 320, inside, POLYP, TISSUE)
}
