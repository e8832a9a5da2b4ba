//! Drawing on an RGB image: text, lines, discs, masks, heat. No anti-aliasing but blending: panels are small, and hard
//! edges keep outlines where the mask ends.

use font8x8::UnicodeFonts;
use fovea_shared::gaze::Scanpath;
use fovea_shared::image::RgbImage;
use fovea_shared::plane::{Mask, Plane};
use image::Rgb;

/// A colour.
pub type Colour = [u8; 3];

/// Colours that every kind of sight tells apart (Okabe and Ito, Color Universal Design, 2008), and neutral ones.
pub mod colour {
    use super::Colour;

    /// Black.
    pub const BLACK: Colour = [0, 0, 0];
    /// White: the truth.
    pub const WHITE: Colour = [255, 255, 255];
    /// Orange: the teacher.
    pub const ORANGE: Colour = [230, 159, 0];
    /// Sky blue: the student.
    pub const SKY_BLUE: Colour = [86, 180, 233];
    /// Bluish green.
    pub const GREEN: Colour = [0, 158, 115];
    /// Yellow.
    pub const YELLOW: Colour = [240, 228, 66];
    /// Blue.
    pub const BLUE: Colour = [0, 114, 178];
    /// Vermilion.
    pub const VERMILION: Colour = [213, 94, 0];
    /// Text beside text that matters more.
    pub const GREY: Colour = [96, 96, 96];
}

/// Width and height of a character at scale 1, in pixels.
pub const CHARACTER: u32 = 8;

/// Mixes `colour` into a pixel; `alpha` 0 leaves it, 1 replaces it. Pixels outside the image are passed over.
pub fn blend(image: &mut RgbImage, x: i64, y: i64, colour: Colour, alpha: f32) {
    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
    if let Some(pixel) = image.get_pixel_mut_checked(x, y) {
        for (old, new) in pixel.0.iter_mut().zip(colour) {
            *old = (f32::from(*old) * (1.0 - alpha) + f32::from(new) * alpha).round() as u8;
        }
    }
}

/// Fills a rectangle.
pub fn rectangle(image: &mut RgbImage, (x, y): (i64, i64), (width, height): (u32, u32), colour: Colour) {
    for dy in 0..i64::from(height) {
        for dx in 0..i64::from(width) {
            blend(image, x + dx, y + dy, colour, 1.0);
        }
    }
}

/// Writes one line of text with its top left corner at (x, y); a character is 8 x 8 pixels times `scale`. What the font
/// (basic Latin, Latin-1 and Greek) does not have becomes a question mark.
pub fn text(image: &mut RgbImage, (x, y): (i64, i64), text: &str, scale: u32, colour: Colour) {
    let glyph = |c| {
        let fonts: [&dyn UnicodeFonts; 3] = [&font8x8::BASIC_FONTS, &font8x8::LATIN_FONTS, &font8x8::GREEK_FONTS];
        fonts.iter().find_map(|font| font.get(c))
    };
    for (i, c) in text.chars().enumerate() {
        let Some(rows) = glyph(c).or_else(|| glyph('?')) else { continue };
        let left = x + i as i64 * i64::from(CHARACTER * scale);
        for (row, bits) in rows.iter().enumerate() {
            for column in (0..8).filter(|column| bits & (1 << column) != 0) {
                let corner = (left + column * i64::from(scale), y + row as i64 * i64::from(scale));
                rectangle(image, corner, (scale, scale), colour);
            }
        }
    }
}

/// The image in shades of grey, so that colours laid over it can be read.
pub fn greyed(image: &RgbImage) -> RgbImage {
    let mut out = image.clone();
    for Rgb([r, g, b]) in out.pixels_mut() {
        // Rec. 709 luma.
        let luma = (0.2126 * f32::from(*r) + 0.7152 * f32::from(*g) + 0.0722 * f32::from(*b)).round() as u8;
        (*r, *g, *b) = (luma, luma, luma);
    }
    out
}

/// Lays a colour over the inside of a mask that is stretched over the image.
pub fn fill_mask(image: &mut RgbImage, mask: &Mask, colour: Colour, alpha: f32) {
    let inside = Stretched::new(image, mask);
    for y in 0..i64::from(image.height()) {
        for x in 0..i64::from(image.width()) {
            if inside.at(mask, x, y) {
                blend(image, x, y, colour, alpha);
            }
        }
    }
}

/// Draws the outline of a mask that is stretched over the image: `thickness` pixels inside the edge, and a dark rim of
/// one pixel outside it, so that it shows on any ground.
pub fn outline(image: &mut RgbImage, mask: &Mask, colour: Colour, thickness: u32) {
    let inside = Stretched::new(image, mask);
    let reach = i64::from(thickness);
    let touches = |x: i64, y: i64, reach: i64, wanted: bool| {
        [(reach, 0), (-reach, 0), (0, reach), (0, -reach)]
            .iter()
            .any(|(dx, dy)| inside.at(mask, x + dx, y + dy) == wanted)
    };
    for y in 0..i64::from(image.height()) {
        for x in 0..i64::from(image.width()) {
            if inside.at(mask, x, y) {
                if touches(x, y, reach, false) {
                    blend(image, x, y, colour, 1.0);
                }
            } else if touches(x, y, 1, true) {
                blend(image, x, y, colour::BLACK, 0.7);
            }
        }
    }
}

/// Reads a mask at the pixels of an image of another size.
struct Stretched {
    width: i64,
    height: i64,
}

impl Stretched {
    fn new(image: &RgbImage, mask: &Mask) -> Self {
        let empty = mask.data.is_empty();
        let side = |v: u32| if empty { 0 } else { i64::from(v) };
        Self { width: side(image.width()), height: side(image.height()) }
    }

    /// Whether the mask's pixel under the centre of an image pixel is inside; beyond the edge nothing is.
    fn at(&self, mask: &Mask, x: i64, y: i64) -> bool {
        if x < 0 || y < 0 || x >= self.width || y >= self.height {
            return false;
        }
        let source = |v: i64, from: i64, to: usize| (((2 * v + 1) as usize * to) / (2 * from) as usize).min(to - 1);
        mask.at(source(x, self.width, mask.width), source(y, self.height, mask.height))
    }
}

/// Dark to bright, even in lightness: five stops of matplotlib's viridis.
const VIRIDIS: [Colour; 5] = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];

/// The colour of a value from 0 to 1.
fn viridis(value: f32) -> Colour {
    let position = value.clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f32;
    let below = (position as usize).min(VIRIDIS.len() - 2);
    mix(VIRIDIS[below], VIRIDIS[below + 1], position - below as f32)
}

fn mix(a: Colour, b: Colour, share: f32) -> Colour {
    std::array::from_fn(|c| (f32::from(a[c]) + (f32::from(b[c]) - f32::from(a[c])) * share).round() as u8)
}

/// Lays a heat map (0 to 1, of the image's size) over an image; the hotter, the less of the image shows.
///
/// # Panics
/// When the sizes differ.
pub fn heat(image: &mut RgbImage, map: &Plane) {
    assert_eq!((image.width() as usize, image.height() as usize), (map.width, map.height), "heat map and image differ");
    for y in 0..map.height {
        for x in 0..map.width {
            let value = map.at(x, y).clamp(0.0, 1.0);
            blend(image, x as i64, y as i64, viridis(value), 0.25 + 0.45 * value);
        }
    }
}

/// Draws the fixations, joined in the order of time: white at first, blue at last, their area growing with their time.
pub fn scanpath(image: &mut RgbImage, path: &Scanpath) {
    let unit = f64::from(image.width().min(image.height())) / 200.0;
    let place = |x: f32, y: f32| (f64::from(x) * f64::from(image.width()), f64::from(y) * f64::from(image.height()));
    let centres: Vec<(f64, f64)> = path.fixations.iter().map(|f| place(f.x, f.y)).collect();
    for pair in centres.windows(2) {
        line(image, pair[0], pair[1], colour::WHITE, 0.55);
    }
    let last = path.fixations.len().saturating_sub(1).max(1) as f32;
    for (i, (fixation, centre)) in path.fixations.iter().zip(&centres).enumerate() {
        let radius = unit * (1.5 + 4.5 * f64::from(fixation.duration_ms.max(0.0) / 1000.0).sqrt());
        disc(image, *centre, radius + 1.0, colour::BLACK, 0.8);
        disc(image, *centre, radius, mix(colour::WHITE, colour::BLUE, i as f32 / last), 1.0);
    }
}

/// A line of one pixel.
fn line(image: &mut RgbImage, from: (f64, f64), to: (f64, f64), colour: Colour, alpha: f32) {
    let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).ceil().max(1.0) as u32;
    for step in 0..=steps {
        let share = f64::from(step) / f64::from(steps);
        let (x, y) = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
        blend(image, x as i64, y as i64, colour, alpha);
    }
}

/// A filled disc around a centre, in pixels.
fn disc(image: &mut RgbImage, (cx, cy): (f64, f64), radius: f64, colour: Colour, alpha: f32) {
    for y in (cy - radius) as i64..=(cy + radius) as i64 {
        for x in (cx - radius) as i64..=(cx + radius) as i64 {
            if (x as f64 + 0.5 - cx).hypot(y as f64 + 0.5 - cy) <= radius {
                blend(image, x, y, colour, alpha);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::gaze::Fixation;

    #[test]
    fn an_outline_runs_inside_the_mask_and_its_rim_outside() {
        let mut image = RgbImage::from_pixel(20, 20, Rgb([200, 60, 60]));
        let mask = Mask::from_vec(
            10,
            10,
            (0..100).map(|i| (3..7).contains(&(i % 10)) && (3..7).contains(&(i / 10))).collect(),
        );
        outline(&mut image, &mask, colour::SKY_BLUE, 2);
        assert_eq!(image.get_pixel(6, 10).0, colour::SKY_BLUE);
        assert_eq!(image.get_pixel(7, 10).0, colour::SKY_BLUE);
        assert_eq!(image.get_pixel(9, 10).0, [200, 60, 60]);
        assert_eq!(image.get_pixel(5, 10).0, [60, 18, 18]);
        assert_eq!(image.get_pixel(4, 10).0, [200, 60, 60]);
        outline(&mut image, &Mask::empty(0, 0), colour::WHITE, 2);
    }

    #[test]
    fn nothing_is_drawn_outside_the_image() {
        let mut image = RgbImage::new(9, 7);
        text(&mut image, (-5, 3), "aé\u{4e00}", 2, colour::WHITE);
        rectangle(&mut image, (7, -3), (100, 5), colour::WHITE);
        let fixation = |x, y| Fixation { x, y, duration_ms: 900.0, start_ms: 0.0 };
        scanpath(&mut image, &Scanpath { fixations: vec![fixation(0.0, 0.0), fixation(1.0, 1.0)] });
        assert_eq!(image.get_pixel(8, 0).0, colour::WHITE);
    }

    #[test]
    fn text_is_upright_and_not_mirrored() {
        let mut image = RgbImage::new(8, 8);
        text(&mut image, (0, 0), "L", 1, colour::WHITE);
        let lit = |x: std::ops::Range<u32>, y: std::ops::Range<u32>| {
            y.flat_map(|y| x.clone().map(move |x| (x, y))).filter(|(x, y)| image.get_pixel(*x, *y).0[0] > 0).count()
        };
        assert!(lit(0..4, 0..4) > lit(4..8, 0..4), "the stem of an L is on the left");
        assert!(lit(0..8, 4..8) > lit(0..8, 0..4), "its foot is at the bottom");
    }

    #[test]
    fn heat_goes_from_dark_to_bright() {
        let mut image = RgbImage::new(2, 1);
        heat(&mut image, &Plane::from_vec(2, 1, vec![0.0, 1.0]));
        let sum = |x| image.get_pixel(x, 0).0.iter().map(|v| u32::from(*v)).sum::<u32>();
        assert!(sum(1) > 4 * sum(0));
    }
}
