//! How long a viewing lasts and how much of the picture is sharp. Pure: no browser in here.

use crate::app::canvas::frame::Frame;

/// Distance of the eye from the screen, in cm: an arm's length.
const ARM_CM: f64 = 60.0;

/// CSS pixels in a centimetre: CSS counts 96 to the inch.
const PX_PER_CM: f64 = 96.0 / 2.54;

/// Largest diameter of the disc, as a share of the picture's shorter side on the screen. On a phone, held at half an
/// arm's length, five degrees are about as much; a larger disc would leave nothing to look for.
const LARGEST_SHARE: f64 = 0.4;

/// How long a viewing lasts, in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length(u8);

impl Length {
    /// The shortest and the longest, in seconds.
    pub const RANGE: (u8, u8) = (1, 15);

    /// A length in seconds; what lies outside of [`Self::RANGE`] becomes its nearest end.
    pub fn new(seconds: u8) -> Self {
        Self(seconds.clamp(Self::RANGE.0, Self::RANGE.1))
    }

    /// In seconds.
    pub fn seconds(self) -> u8 {
        self.0
    }

    /// In milliseconds.
    pub fn ms(self) -> f64 {
        f64::from(self.0) * 1e3
    }
}

impl Default for Length {
    /// Four seconds: time for a handful of fixations, and short enough for a visitor in passing.
    fn default() -> Self {
        Self(4)
    }
}

/// The diameter of the sharp disc, in whole degrees of the visual field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disc(u8);

impl Disc {
    /// The smallest and the largest, in degrees.
    pub const RANGE: (u8, u8) = (3, 10);

    /// A diameter in degrees; what lies outside of [`Self::RANGE`] becomes its nearest end.
    pub fn new(degrees: u8) -> Self {
        Self(degrees.clamp(Self::RANGE.0, Self::RANGE.1))
    }

    /// In degrees.
    pub fn degrees(self) -> u8 {
        self.0
    }

    /// The diameter in CSS pixels at arm's length: `2 d tan(a / 2)` with the distance `d` of 60 cm and the angle `a`, at
    /// 96 pixels to the inch. Five degrees are 5.2 cm or 198 pixels. The true size depends on the screen and on where
    /// the visitor sits, neither of which a page can know.
    pub fn diameter(self) -> f64 {
        2.0 * ARM_CM * (f64::from(self.0).to_radians() / 2.0).tan() * PX_PER_CM
    }

    /// The radius in CSS pixels on a picture in this frame: at most a fifth of its shorter side.
    pub fn radius_on(self, frame: &Frame) -> f64 {
        self.diameter().min(LARGEST_SHARE * frame.width.min(frame.height)) / 2.0
    }
}

impl Default for Disc {
    /// Five degrees: about the extent of the fovea, where the eye sees sharply.
    fn default() -> Self {
        Self(5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_degrees_at_arms_length_are_198_pixels() {
        assert!((Disc::default().diameter() - 198.0).abs() < 0.5, "{}", Disc::default().diameter());
        assert!((Disc::new(10).diameter() - 396.8).abs() < 0.5, "{}", Disc::new(10).diameter());
    }

    #[test]
    fn settings_stay_within_their_ranges() {
        assert_eq!([0, 1, 7, 15, 200].map(|s| Length::new(s).seconds()), [1, 1, 7, 15, 15]);
        assert_eq!([0, 3, 7, 10, 200].map(|d| Disc::new(d).degrees()), [3, 3, 7, 10, 10]);
        assert_eq!(Length::default().ms(), 4000.0);
    }

    #[test]
    fn the_disc_leaves_something_to_look_for_on_a_small_picture() {
        let frame = |width, height| Frame { x: 0.0, y: 0.0, width, height };
        assert!((Disc::default().radius_on(&frame(1200.0, 900.0)) - 99.0).abs() < 0.5);
        assert!((Disc::default().radius_on(&frame(360.0, 270.0)) - 54.0).abs() < 1e-9);
    }
}
