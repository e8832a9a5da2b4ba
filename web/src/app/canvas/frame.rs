//! Where the image lies in the stage: between CSS pixels and fractions of the image. Pure.

/// The image's place in the stage, in CSS pixels: as large as fits, at its own aspect, in the middle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Frame {
    /// The frame of an image of `image` pixels in a stage of `stage` CSS pixels.
    pub fn fit(stage: (f64, f64), image: (u32, u32)) -> Self {
        let (w, h) = (f64::from(image.0.max(1)), f64::from(image.1.max(1)));
        let scale = (stage.0 / w).min(stage.1 / h);
        let (width, height) = (w * scale, h * scale);
        Self { x: (stage.0 - width) / 2.0, y: (stage.1 - height) / 2.0, width, height }
    }

    /// CSS pixels of a position given in fractions of the image.
    pub fn place(&self, x: f32, y: f32) -> (f64, f64) {
        (self.x + f64::from(x) * self.width, self.y + f64::from(y) * self.height)
    }

    /// Fractions of the image at a place in CSS pixels, wherever it is.
    pub fn fractions(&self, at: (f64, f64)) -> (f32, f32) {
        (((at.0 - self.x) / self.width.max(1e-9)) as f32, ((at.1 - self.y) / self.height.max(1e-9)) as f32)
    }

    /// Whether a place is on the image.
    pub fn contains(&self, at: (f64, f64)) -> bool {
        let (x, y) = self.fractions(at);
        (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)
    }

    /// Radius of a fixation's circle in CSS pixels: its area grows with the length of the look.
    pub fn radius(&self, duration_ms: f32) -> f64 {
        let largest = (0.05 * self.width.min(self.height)).clamp(14.0, 80.0);
        largest * f64::from(duration_ms.clamp(40.0, 1100.0) / 1100.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { x: 100.0, y: 0.0, width: 400.0, height: 400.0 };

    #[test]
    fn the_frame_keeps_the_aspect_and_inverts() {
        assert_eq!(Frame::fit((600.0, 400.0), (100, 100)), FRAME);
        assert_eq!(FRAME.fractions(FRAME.place(0.25, 0.75)), (0.25, 0.75));
        assert!(!FRAME.contains((50.0, 10.0)));
    }

    #[test]
    fn longer_looks_have_larger_circles() {
        let (short, long) = (FRAME.radius(275.0), FRAME.radius(1100.0));
        assert!((long / short - 2.0).abs() < 1e-6);
    }
}
