//! What a ray meets.

use super::super::math::V3;

/// What a ray meets.
#[derive(Clone, Copy)]
pub(super) struct Hit {
    /// The distance from the eye.
    pub(super) t: f32,
    pub(super) normal: V3,
    /// Whether it is the polyp, and the share of the polyp where it blends into the wall.
    pub(super) lesion: bool,
    pub(super) share: f32,
    /// How open the surroundings are, and how much of the lamp's light arrives.
    pub(super) open: f32,
    pub(super) lit: f32,
    pub(super) slow: Slow,
}

/// What varies slowly over a surface, each in [-1, 1]; worth computing on a coarser grid than the rest.
#[derive(Clone, Copy, Default)]
pub(super) struct Slow {
    /// Brighter and darker, yellower and redder regions.
    pub(super) patches: f32,
    pub(super) hue: f32,
    /// Where the mucosa hides its vessels, and where it is wet.
    pub(super) thick: f32,
    pub(super) wet: f32,
}

impl Slow {
    /// `self` with a share of `other` added.
    pub(super) fn plus(self, other: Slow, share: f32) -> Slow {
        Slow {
            patches: self.patches + share * other.patches,
            hue: self.hue + share * other.hue,
            thick: self.thick + share * other.thick,
            wet: self.wet + share * other.wet,
        }
    }
}
