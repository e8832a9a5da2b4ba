//! Masks as pictures, in every form that files have.

use std::io::Cursor;

use image::{
    DynamicImage, GrayImage, ImageBuffer, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage, codecs::jpeg::JpegEncoder,
};

use super::super::*;

pub(super) const WIDTH: u32 = 40;
pub(super) const HEIGHT: u32 = 30;

/// Where the lesion lies.
pub(super) fn lesion(x: u32, y: u32) -> bool {
    (10..26).contains(&x) && (8..21).contains(&y)
}

/// A second one, smaller.
pub(super) fn second(x: u32, y: u32) -> bool {
    (30..36).contains(&x) && (4..10).contains(&y)
}

pub(super) fn expected(inside: impl Fn(u32, u32) -> bool) -> Mask {
    let places = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    Mask::from_vec(WIDTH as usize, HEIGHT as usize, places.map(|(x, y)| inside(x, y)).collect())
}

pub(super) fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

pub(super) fn jpeg(image: impl Into<DynamicImage>, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&image.into()).unwrap();
    bytes
}

pub(super) fn grey(level: impl Fn(u32, u32) -> u8) -> GrayImage {
    GrayImage::from_fn(WIDTH, HEIGHT, |x, y| Luma([level(x, y)]))
}

pub(super) fn grey16(outside: u16, inside: u16) -> DynamicImage {
    let level = |x, y| Luma([if lesion(x, y) { inside } else { outside }]);
    DynamicImage::ImageLuma16(ImageBuffer::from_fn(WIDTH, HEIGHT, level))
}

pub(super) fn two(outside: u8, inside: u8) -> GrayImage {
    grey(|x, y| if lesion(x, y) { inside } else { outside })
}

pub(super) fn colours(outside: [u8; 3], inside: [u8; 3]) -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| Rgb(if lesion(x, y) { inside } else { outside }))
}

pub(super) fn rgba(outside: [u8; 4], inside: [u8; 4]) -> RgbaImage {
    RgbaImage::from_fn(WIDTH, HEIGHT, |x, y| Rgba(if lesion(x, y) { inside } else { outside }))
}

/// A PNG with a palette, of some bits a pixel.
pub(super) fn palette(
    bits: png::BitDepth,
    colours: &[[u8; 3]],
    trns: Option<&[u8]>,
    index: impl Fn(u32, u32) -> u8,
) -> Vec<u8> {
    packed(png::ColorType::Indexed, bits, index, |encoder| {
        encoder.set_palette(colours.concat());
        if let Some(trns) = trns {
            encoder.set_trns(trns.to_vec());
        }
    })
}

/// A PNG of one channel, of some bits a pixel.
pub(super) fn packed(
    colour: png::ColorType,
    bits: png::BitDepth,
    value: impl Fn(u32, u32) -> u8,
    set: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>),
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(colour);
    encoder.set_depth(bits);
    set(&mut encoder);
    let bits = bits as usize;
    let mut rows = vec![0u8; (WIDTH as usize * bits).div_ceil(8) * HEIGHT as usize];
    let line = rows.len() / HEIGHT as usize;
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let bit = x as usize * bits;
            rows[y as usize * line + bit / 8] |= value(x, y) << (8 - bits - bit % 8);
        }
    }
    encoder.write_header().unwrap().write_image_data(&rows).unwrap();
    bytes
}

pub(super) const DARK_RED: [u8; 3] = [128, 0, 0];
pub(super) const RED: [u8; 3] = [230, 30, 20];
pub(super) const BLACK: [u8; 3] = [0; 3];
pub(super) const WHITE: [u8; 3] = [255; 3];

pub(super) fn one(x: u32, y: u32) -> u8 {
    u8::from(lesion(x, y))
}
