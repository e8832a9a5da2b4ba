//! How an image is changed before the backbone sees it: mirrored, and for adapting also zoomed, moved and recoloured.

use fovea_shared::{
    image::{INPUT_SIDE, RgbImage, resize_rgb},
    plane::Plane,
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// How an image was mirrored before the backbone saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flip {
    /// Left and right exchanged.
    pub(crate) horizontal: bool,
    /// Top and bottom exchanged.
    pub(crate) vertical: bool,
}

/// The four flips; the first leaves the image as it is.
pub(crate) const FLIPS: [Flip; 4] = [
    Flip { horizontal: false, vertical: false },
    Flip { horizontal: true, vertical: false },
    Flip { horizontal: false, vertical: true },
    Flip { horizontal: true, vertical: true },
];

/// Smallest and largest zoom of a drawn view (recipe, section "What works").
const ZOOM: (f32, f32) = (0.8, 1.3);
/// Brightness, contrast and saturation of a drawn view lie within this share of what they were.
const COLOUR: f32 = 0.15;

/// One way to look at an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    /// Mirrored first.
    pub(crate) flip: Flip,
    /// Then enlarged by this factor about `centre`; below 1 the image gets a black border, as an endoscope's has.
    zoom: f32,
    /// What comes to the middle, as a share of width and height.
    centre: [f32; 2],
    /// Factors of brightness, contrast and saturation.
    colour: [f32; 3],
}

impl View {
    /// A mirror image and nothing else.
    pub(crate) fn flip(flip: Flip) -> Self {
        Self { flip, zoom: 1.0, centre: [0.5; 2], colour: [1.0; 3] }
    }

    /// View `index` of an image: the four flips, then views drawn from the image's own hash, so that every run finds the same ones.
    pub(crate) fn of(index: usize, image_sha256: &str) -> Self {
        if let Some(flip) = FLIPS.get(index) {
            return Self::flip(*flip);
        }
        // Sixteen hexadecimal digits are 64 bits; anything else is a name without a hash, which still draws.
        let start = u64::from_str_radix(image_sha256.get(..16).unwrap_or_default(), 16).unwrap_or_default();
        let mut rng = Pcg64Mcg::seed_from_u64(start ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let flip = FLIPS[rng.random_range(0..FLIPS.len())];
        let zoom: f32 = rng.random_range(ZOOM.0..ZOOM.1);
        // Enlarged, the frame stays inside the image; shrunk, the image stays inside the frame.
        let room = (1.0 - 1.0 / zoom).abs() / 2.0;
        let centre = std::array::from_fn(|_| 0.5 + if room > 0.0 { rng.random_range(-room..room) } else { 0.0 });
        let colour = std::array::from_fn(|_| rng.random_range(1.0 - COLOUR..1.0 + COLOUR));
        Self { flip, zoom, centre, colour }
    }

    /// Whether it is a flip and nothing else.
    fn is_flip(&self) -> bool {
        *self == Self::flip(self.flip)
    }

    /// Where a point of the view (0..1) lies in the image as it was.
    fn source(&self, x: f32, y: f32) -> (f32, f32) {
        let back = |at: f32, centre: f32, mirrored: bool| {
            let at = centre + (at - 0.5) / self.zoom;
            if mirrored { 1.0 - at } else { at }
        };
        (back(x, self.centre[0], self.flip.horizontal), back(y, self.centre[1], self.flip.vertical))
    }

    /// A map of the image as the view has it, at its own size; `outside` is what lies beyond the image.
    pub(crate) fn plane(&self, plane: &Plane, outside: f32) -> Plane {
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
    pub(crate) fn image(&self, image: &RgbImage) -> RgbImage {
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
        if !self.is_flip() {
            self.recolour(&mut small);
        }
        small
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
    use super::*;

    const HASH: &str = "0123456789abcdef0123456789abcdef";

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
        for index in 0..24 {
            let view = View::of(index, HASH);
            let (image, plane) = (view.image(&image), view.plane(&plane, 0.0));
            let shrunk = resize_rgb(&image, plane.width, plane.height);
            let (mut both, mut either) = (0, 0);
            for (pixel, value) in shrunk.pixels().zip(&plane.data) {
                let (a, b) = (pixel.0[0] > 127, *value > 0.5);
                both += usize::from(a && b);
                either += usize::from(a || b);
            }
            assert!(both as f32 > 0.93 * either as f32, "view {index}: {both} of {either}");
        }
    }

    #[test]
    fn views_are_flips_first_then_drawn_from_the_image() {
        for (index, flip) in FLIPS.into_iter().enumerate() {
            assert_eq!(View::of(index, HASH), View::flip(flip));
        }
        assert_eq!(View::of(7, HASH), View::of(7, HASH));
        assert_ne!(View::of(7, HASH), View::of(8, HASH));
        assert_ne!(View::of(7, HASH), View::of(7, "fedcba9876543210"));
        let beyond = View { zoom: 0.8, ..View::of(0, HASH) }.plane(&Plane::filled(20, 20, 1.0), 0.25);
        assert_eq!((beyond.at(0, 0), beyond.at(10, 10)), (0.25, 1.0));
    }
}
