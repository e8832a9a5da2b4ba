//! The frame around the picture: the dark octagon, the box in the corner, the rows of small figures.

use super::super::math::V3;
use super::super::random::Draws;
use super::camera::Camera;

/// The outline of the visible picture.
#[derive(Clone, Copy, Debug)]
enum Outline {
    /// No dark border.
    Full,
    /// Corners cut off at 45 degrees, as a share of the shorter side.
    Octagon(f32),
    /// Corners rounded to this share of the shorter side.
    Rounded(f32),
}

/// What the processor leaves visible of a picture of `width` x `height` pixels.
pub(super) struct Aperture {
    pub(super) width: usize,
    pub(super) height: usize,
    outline: Outline,
    /// Dark margins left, top, right and bottom in pixels.
    margin: [f32; 4],
    /// Width and height in pixels of the black box in the lower left corner.
    inset: Option<(usize, usize)>,
    /// The caption's glyphs as rectangles: left, top, width and height in pixels.
    pub(super) caption: Vec<[usize; 4]>,
}

/// Digits and the colon in 3x5 dots, a row of three bits a line.
const DIGITS: [[u8; 5]; 11] = [
    [7, 5, 5, 5, 7],
    [2, 6, 2, 2, 7],
    [7, 1, 7, 4, 7],
    [7, 1, 3, 1, 7],
    [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7],
    [7, 4, 7, 5, 7],
    [7, 1, 2, 2, 2],
    [7, 5, 7, 5, 7],
    [7, 5, 7, 1, 7],
    [0, 2, 0, 2, 0],
];

impl Aperture {
    pub(super) fn draw(draws: &mut Draws, width: usize, height: usize) -> Self {
        let short = width.min(height) as f32;
        let outline = match draws.count(0, 9) {
            0..=5 => Outline::Octagon(draws.range(0.16, 0.30)),
            6..=7 => Outline::Rounded(draws.range(0.15, 0.45)),
            _ => Outline::Full,
        };
        let mut margin = [0.0; 4];
        if !matches!(outline, Outline::Full) {
            for side in &mut margin {
                *side = (short * draws.range(-0.01, 0.035)).max(0.0);
            }
        }
        let inset = draws.chance(0.35).then(|| {
            ((width as f32 * draws.range(0.27, 0.34)) as usize, (height as f32 * draws.range(0.28, 0.36)) as usize)
        });
        let mut aperture = Self { width, height, outline, margin, inset, caption: Vec::new() };
        if draws.chance(0.5) {
            aperture.write_caption(draws, (short / 260.0).max(1.0) as usize);
        }
        aperture
    }

    /// A made-up time or two, and a row of squares, as processors print them at the left edge.
    fn write_caption(&mut self, draws: &mut Draws, dot: usize) {
        let (left, mut top) = (2 * dot, (self.height as f32 * draws.range(0.22, 0.34)) as usize);
        for _ in 0..draws.count(1, 3) {
            let mut x = left;
            for place in 0..8 {
                let digit = if place % 3 == 2 { 10 } else { draws.count(0, 9) as usize };
                for (row, bits) in DIGITS[digit].iter().enumerate() {
                    for column in 0..3 {
                        if bits >> (2 - column) & 1 == 1 {
                            self.caption.push([x + column * dot, top + row * dot, dot, dot]);
                        }
                    }
                }
                x += 4 * dot;
            }
            top += 8 * dot;
        }
        if draws.chance(0.5) {
            top += 12 * dot;
            for place in 0..draws.count(4, 6) as usize {
                self.caption.push([left + place * 6 * dot, top, 4 * dot, 3 * dot]);
            }
        }
    }

    /// The share of the pixel that is visible, 0 to 1.
    pub(super) fn open(&self, x: usize, y: usize) -> f32 {
        if let Some((w, h)) = self.inset
            && x < w
            && y + h >= self.height
        {
            return 0.0;
        }
        let short = self.width.min(self.height) as f32;
        let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
        // Distances to the nearer vertical and horizontal border, positive inside.
        let dx = (px - self.margin[0]).min(self.width as f32 - self.margin[2] - px);
        let dy = (py - self.margin[1]).min(self.height as f32 - self.margin[3] - py);
        let inside = match self.outline {
            Outline::Full => return 1.0,
            Outline::Octagon(cut) => dx.min(dy).min((dx + dy - cut * short) * std::f32::consts::FRAC_1_SQRT_2),
            Outline::Rounded(share) => {
                let r = share * short;
                let (ax, ay) = ((r - dx).max(0.0), (r - dy).max(0.0));
                if ax > 0.0 && ay > 0.0 { r - (ax * ax + ay * ay).sqrt() } else { dx.min(dy) }
            }
        };
        (inside + 0.5).clamp(0.0, 1.0)
    }

    /// Half the diagonal in pixels: the unit of the camera's frame coordinates.
    pub(super) fn half_diagonal(&self) -> f32 {
        ((self.width * self.width + self.height * self.height) as f32).sqrt() / 2.0
    }

    /// The angle between the rays of neighbouring pixels, in radians.
    pub(super) fn angle_per_pixel(&self, camera: &Camera) -> f32 {
        camera.half_angle / self.half_diagonal()
    }

    /// The ray through a place of the frame in pixels.
    pub(super) fn ray(&self, camera: &Camera, x: f32, y: f32) -> V3 {
        let half = self.half_diagonal();
        camera.ray((x - self.width as f32 / 2.0) / half, (y - self.height as f32 / 2.0) / half)
    }
}
