//! How an image is changed before the backbone sees it: mirrored, and for adapting also zoomed,
//! moved, recoloured and turned.

use fovea_shared::{
    image::{INPUT_SIDE, RgbImage, resize_rgb},
    plane::Plane,
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

/// How an image was mirrored before the backbone saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// Left and right exchanged.
    pub horizontal: bool,
    /// Top and bottom exchanged.
    pub vertical: bool,
}

/// The four flips; the first leaves the image as it is.
pub const FLIPS: [Flip; 4] = [
    Flip { horizontal: false, vertical: false },
    Flip { horizontal: true, vertical: false },
    Flip { horizontal: false, vertical: true },
    Flip { horizontal: true, vertical: true },
];

/// How far a drawn view may be from its image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Drawing {
    /// Mirrored, zoomed, moved, lightly recoloured (recipe, section "What works").
    #[default]
    Light,
    /// More of all that, and turned: a scope has no up, so every turn of an image is an image that it could have taken.
    Wide,
}

impl Drawing {
    /// Whether it is the one that saved configurations do not name.
    pub fn is_light(&self) -> bool {
        *self == Self::Light
    }

    /// What drawn views are called in a cache, where each is followed by its index.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Light => "view",
            Self::Wide => "wide",
        }
    }

    /// Smallest and largest zoom.
    fn zoom(self) -> (f32, f32) {
        match self {
            Self::Light => (0.8, 1.3),
            Self::Wide => (0.75, 1.5),
        }
    }

    /// Brightness, contrast and saturation lie within this share of what they were.
    fn colour(self) -> f32 {
        match self {
            Self::Light => 0.15,
            Self::Wide => 0.25,
        }
    }
}

/// Largest turn of a wide view in either direction, in radians (20 degrees); the rest of the circle
/// comes from flips and transposing.
const TURN: f32 = 0.35;

/// One way to look at an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Mirrored first.
    pub flip: Flip,
    /// Then enlarged by this factor about `centre`; below 1 the image gets a black border, as an endoscope's has.
    zoom: f32,
    /// What comes to the middle, as a share of width and height.
    centre: [f32; 2],
    /// Factors of brightness, contrast and saturation.
    colour: [f32; 3],
    /// Then rows and columns exchanged, or not.
    transposed: bool,
    /// Then turned by this angle in radians about the middle.
    turn: f32,
}

impl View {
    /// A mirror image and nothing else.
    pub fn flip(flip: Flip) -> Self {
        Self { flip, zoom: 1.0, centre: [0.5; 2], colour: [1.0; 3], transposed: false, turn: 0.0 }
    }

    /// View `index` of an image: the four flips, then views drawn from the image's own hash, so
    /// that every run finds the same ones.
    pub fn of(index: usize, image_sha256: &str, drawing: Drawing) -> Self {
        if let Some(flip) = FLIPS.get(index) {
            return Self::flip(*flip);
        }
        // Sixteen hexadecimal digits are 64 bits; anything else is a name without a hash, which still draws.
        let start = u64::from_str_radix(image_sha256.get(..16).unwrap_or_default(), 16).unwrap_or_default();
        let mut rng = Pcg64Mcg::seed_from_u64(start ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let flip = FLIPS[rng.random_range(0..FLIPS.len())];
        let (smallest, largest) = drawing.zoom();
        let zoom: f32 = rng.random_range(smallest..largest);
        // Enlarged, the frame stays inside the image; shrunk, the image stays inside the frame.
        let room = (1.0 - 1.0 / zoom).abs() / 2.0;
        let centre = std::array::from_fn(|_| 0.5 + if room > 0.0 { rng.random_range(-room..room) } else { 0.0 });
        let share = drawing.colour();
        let colour = std::array::from_fn(|_| rng.random_range(1.0 - share..1.0 + share));
        let (transposed, turn) = match drawing {
            Drawing::Light => (false, 0.0),
            Drawing::Wide => (rng.random_bool(0.5), rng.random_range(-TURN..TURN)),
        };
        Self { flip, zoom, centre, colour, transposed, turn }
    }

    /// Whether it is a flip and nothing else.
    pub fn is_flip(&self) -> bool {
        *self == Self::flip(self.flip)
    }

    /// Where a point of the view (0..1) lies in the image as it was.
    fn source(&self, x: f32, y: f32) -> (f32, f32) {
        let back = |at: f32, centre: f32, mirrored: bool| {
            let at = centre + (at - 0.5) / self.zoom;
            if mirrored { 1.0 - at } else { at }
        };
        let (x, y) = self.unturned(x, y);
        let (x, y) = if self.transposed { (y, x) } else { (x, y) };
        (back(x, self.centre[0], self.flip.horizontal), back(y, self.centre[1], self.flip.vertical))
    }

    /// Where a point of the view (0..1) was before it was turned.
    fn unturned(&self, x: f32, y: f32) -> (f32, f32) {
        let (sin, cos) = self.turn.sin_cos();
        let (x, y) = (x - 0.5, y - 0.5);
        (0.5 + cos * x + sin * y, 0.5 - sin * x + cos * y)
    }

    /// A map of the image as the view has it, at its own size; `outside` is what lies beyond the image.
    pub fn plane(&self, plane: &Plane, outside: f32) -> Plane {
        if self.is_flip() {
            return plane.flip(self.flip.horizontal, self.flip.vertical);
        }
        let (width, height) = (plane.width, plane.height);
        let at = |x: i64, y: i64| {
            let inside = x >= 0 && y >= 0 && x < width as i64 && y < height as i64;
            if inside { plane.at(x as usize, y as usize) } else { outside }
        };
        let data = (0..width * height).map(|i| {
            let centre = |at: usize, of: usize| (at as f32 + 0.5) / of as f32;
            let (x, y) = self.source(centre(i % width, width), centre(i / width, height));
            let (x, y) = (x * width as f32 - 0.5, y * height as f32 - 0.5);
            let (left, top) = (x.floor(), y.floor());
            let (fx, fy) = (x - left, y - top);
            let (left, top) = (left as i64, top as i64);
            let row = |y: i64| at(left, y) * (1.0 - fx) + at(left + 1, y) * fx;
            row(top) * (1.0 - fy) + row(top + 1) * fy
        });
        Plane::from_vec(width, height, data.collect())
    }

    /// The image as the view has it, at the network's size.
    pub fn image(&self, image: &RgbImage) -> RgbImage {
        // Cut out of the image at its own size first, so that an enlarged view is as sharp as the image allows.
        let (width, height) = (image.width() as f32, image.height() as f32);
        let frame = [(width / self.zoom).round().max(1.0), (height / self.zoom).round().max(1.0)];
        let centre = |c: f32, mirrored: bool| if mirrored { 1.0 - c } else { c };
        let left = (centre(self.centre[0], self.flip.horizontal) * width - frame[0] / 2.0).round() as i64;
        let top = (centre(self.centre[1], self.flip.vertical) * height - frame[1] / 2.0).round() as i64;
        let mut cut = RgbImage::new(frame[0] as u32, frame[1] as u32);
        image::imageops::replace(&mut cut, image, -left, -top);
        let mut small = resize_rgb(&cut, INPUT_SIDE, INPUT_SIDE);
        if self.flip.horizontal {
            image::imageops::flip_horizontal_in_place(&mut small);
        }
        if self.flip.vertical {
            image::imageops::flip_vertical_in_place(&mut small);
        }
        if self.transposed {
            small = RgbImage::from_fn(small.height(), small.width(), |x, y| *small.get_pixel(y, x));
        }
        if self.turn != 0.0 {
            small = self.turned(&small);
        }
        if !self.is_flip() {
            self.recolour(&mut small);
        }
        small
    }

    /// The image turned about its middle, bilinear; what comes from beyond it is black.
    fn turned(&self, image: &RgbImage) -> RgbImage {
        let (width, height) = image.dimensions();
        let black = image::Rgb([0; 3]);
        RgbImage::from_fn(width, height, |x, y| {
            let (x, y) = self.unturned((x as f32 + 0.5) / width as f32, (y as f32 + 0.5) / height as f32);
            if !(0.0..=1.0).contains(&x) || !(0.0..=1.0).contains(&y) {
                return black;
            }
            image::imageops::sample_bilinear(image, x, y).unwrap_or(black)
        })
    }

    fn recolour(&self, image: &mut RgbImage) {
        let [brightness, contrast, saturation] = self.colour;
        let pixels = (image.width() * image.height()) as f32;
        let luma = |p: &[u8; 3]| 0.299 * f32::from(p[0]) + 0.587 * f32::from(p[1]) + 0.114 * f32::from(p[2]);
        let mean = image.pixels().map(|p| luma(&p.0)).sum::<f32>() / pixels.max(1.0);
        for pixel in image.pixels_mut() {
            let grey = luma(&pixel.0);
            for value in &mut pixel.0 {
                let v = grey + (f32::from(*value) - grey) * saturation;
                let v = (mean + (v - mean) * contrast) * brightness;
                *value = v.round().clamp(0.0, 255.0) as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HASH: &str = "0123456789abcdef0123456789abcdef";
    const LIGHT: Drawing = Drawing::Light;

    /// A white disc on black and the same as a map.
    fn disc() -> (RgbImage, Plane) {
        let side = 112;
        let inside = |x: usize, y: usize| (x as f32 - 40.0).hypot(y as f32 - 66.0) < 18.0;
        let image = RgbImage::from_fn(side as u32, side as u32, |x, y| {
            [if inside(x as usize, y as usize) { 255 } else { 0 }; 3].into()
        });
        let data = (0..side * side).map(|i| if inside(i % side, i / side) { 1.0 } else { 0.0 }).collect();
        (image, Plane::from_vec(side, side, data))
    }

    #[test]
    fn image_and_map_move_together() {
        let (image, plane) = disc();
        for (index, drawing) in (0..48).map(|i| (i / 2, [Drawing::Light, Drawing::Wide][i % 2])) {
            let view = View::of(index, HASH, drawing);
            let (image, plane) = (view.image(&image), view.plane(&plane, 0.0));
            let shrunk = resize_rgb(&image, plane.width, plane.height);
            // A view is darker or paler than its image.
            let white = shrunk.pixels().map(|pixel| pixel.0[0]).max().unwrap();
            let black = shrunk.pixels().map(|pixel| pixel.0[0]).min().unwrap();
            let grey = black + (white - black) / 2;
            let (mut both, mut either) = (0, 0);
            for (pixel, value) in shrunk.pixels().zip(&plane.data) {
                let (a, b) = (pixel.0[0] > grey, *value > 0.5);
                both += usize::from(a && b);
                either += usize::from(a || b);
            }
            // The frame is cut at whole pixels, of which this image has few: the two may lie most of a pixel apart.
            assert!(both as f32 > 0.92 * either as f32, "{drawing:?} view {index}: {both} of {either}");
        }
    }

    #[test]
    fn views_are_flips_first_then_drawn_from_the_image() {
        for (index, flip) in FLIPS.into_iter().enumerate() {
            assert_eq!(View::of(index, HASH, LIGHT), View::flip(flip));
        }
        assert_eq!(View::of(7, HASH, LIGHT), View::of(7, HASH, LIGHT));
        assert_ne!(View::of(7, HASH, LIGHT), View::of(8, HASH, LIGHT));
        assert_ne!(View::of(7, HASH, LIGHT), View::of(7, "fedcba9876543210", LIGHT));
        let beyond = View { zoom: 0.8, ..View::of(0, HASH, LIGHT) }.plane(&Plane::filled(20, 20, 1.0), 0.25);
        assert_eq!((beyond.at(0, 0), beyond.at(10, 10)), (0.25, 1.0));
    }
}
