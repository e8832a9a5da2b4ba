//! Every number at which one word becomes another, with its unit and how it was chosen. No true
//! mask of an image was looked at for any of them.
//!
//! | threshold | chosen by |
//! |---|---|
//! | small, large | terciles of the area of the broad gaze masks of Kvasir-SEG's 900 gaze-train images (0.080, 0.165); other modalities take them over |
//! | elongated, round, irregular, lobulated | drawn ellipses, stars and trefoils (`tests.rs`); 9 % of those gaze masks are below the solidity of `lobulated`, some for a ragged mask alone, so it is not set higher |
//! | sharp | by eye on sheets of those images: up to a step of 8.5, or one hardly larger than those beside it, the outline is hard to see |
//! | contrast | by eye on the same sheets. A polyp nearer to the lamp is lighter by 11 L* in the median, so `lighter` begins at 9, where it shows |
//! | rough | upper tercile of the same masks (3.5), and by eye |
//! | cut | 120 phantoms of set seed 1, whose edge is known (0.04 to 0.08 do equally well), and by eye |
//! | highlights | the same phantoms (0.003 to 0.007 do equally well), and by eye |
//! | colours of polyps | by eye: swatches of the median colours beside the images |
//! | dermoscopy | by eye on 60 images of ISIC 2018 inside Otsu masks of their lightness |
//! | prostate | no images with gaze are at hand: by reasoning, on drawn glands (`tests.rs`) only |

use super::colour::Lab;

/// Changes whenever a threshold or a measurement does.
pub const THRESHOLDS_VERSION: &str = "measured-2";

/// A place where a word changes into another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Where the word changes.
    pub at: f32,
    /// The distance from there at which the word is sure.
    pub sure: f32,
}

const fn step(at: f32, sure: f32) -> Step {
    Step { at, sure }
}

impl Step {
    /// How sure the word for `value` is, 0 at the threshold to 1.
    pub(super) fn margin(self, value: f32) -> f32 {
        ((value - self.at).abs() / self.sure).min(1.0)
    }
}

/// The thresholds of [`super::measure`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Share of the image below which a mask says nothing.
    pub smallest_mask: f32,
    /// A component counts from this share of the largest component ...
    pub component_of_largest: f32,
    /// ... and this share of the image.
    pub component_of_image: f32,
    /// Lightness below which a region at the image's edge is the dark surround, L*.
    pub surround_lightness: f32,
    /// Lightness from which a pixel may be a specular highlight, L*.
    pub highlight_lightness: f32,
    /// ... how much lighter it must be than the 17x17 pixels around it, L* ...
    pub highlight_step: f32,
    /// ... and how grey, chroma.
    pub highlight_chroma: f32,
    /// Distance of the ring of surroundings from the mask, pixels.
    pub ring_gap: f32,
    /// Width of that ring, pixels: with 5 about 10 px at a native size of 500 px.
    pub ring_width: f32,
    /// Share of the image: small below.
    pub small: Step,
    /// Share of the image: large from here.
    pub large: Step,
    /// Minor over major axis: elongated below.
    pub elongated: Step,
    /// Minor over major axis: round from here, oval between.
    pub round: Step,
    /// Solidity: irregular below.
    pub irregular_solidity: Step,
    /// Compactness over that of an ellipse of the same axes: irregular below.
    pub irregular_outline: Step,
    /// Solidity: lobulated below.
    pub lobulated: Step,
    /// Colour step at the outline, CIELAB distance: sharp from here ...
    pub sharp_step: Step,
    /// ... if it is also this many times that beside the outline.
    pub sharp_ratio: Step,
    /// Share of the outline that must be visible for its border to be judged.
    pub border_seen: f32,
    /// Difference in L* to the surroundings: lighter or darker from here.
    pub contrast_lightness: Step,
    /// Difference in a*: redder from here.
    pub contrast_red: Step,
    /// The two for skin, which is lit evenly and whose pigment is redder than itself.
    pub skin_contrast_lightness: Step,
    /// See there.
    pub skin_contrast_red: Step,
    /// Standard deviation of the lightness inside, L*: heterogeneous from here.
    pub rough: Step,
    /// Share of the outline at the edge of what is visible: cut from here.
    pub cut: Step,
    /// Share of the mask with highlights: `highlights` from here, `clean` below.
    pub highlights: Step,
    /// Weight of lightness against hue and chroma in the colour of a polyp, whose lightness is the
    /// lamp's as much as its own.
    pub polyp_lightness_weight: f32,
    /// The same in the colours of dermoscopy.
    pub skin_lightness_weight: f32,
    /// By how much a colour must be nearer to its prototype than to the next to be sure, CIELAB.
    pub colour_sure: f32,
    /// Share of a lesion outside its mirror image: asymmetric in that axis from here.
    pub asymmetric: Step,
    /// Share of a lesion that a colour must cover to count.
    pub colour_share: Step,
    /// Lightness below which an image's corner is dark, L*.
    pub corner_lightness: f32,
    /// Share of the corners that is dark: `vignette` from here.
    pub vignette: Step,
    /// Share of the gland outside its left-right mirror image: asymmetric from here.
    pub gland_asymmetric: Step,
    /// Difference in L* between a gland's zones: `clear` from here.
    pub zones_clear: Step,
    /// Share of the image darker than the gland: `grey` from here, `dark` below.
    pub grey: Step,
    /// Share of the image darker than the gland: `bright` from here.
    pub bright: Step,
    /// Difference in L* of a gland to its surroundings: lighter or darker from here.
    pub grey_contrast: Step,
}

/// The thresholds in use.
pub const THRESHOLDS: Thresholds = Thresholds {
    smallest_mask: 0.001,
    component_of_largest: 0.2,
    component_of_image: 0.003,
    surround_lightness: 12.0,
    highlight_lightness: 78.0,
    highlight_step: 12.0,
    highlight_chroma: 28.0,
    ring_gap: 2.0,
    ring_width: 6.0,
    small: step(0.08, 0.03),
    large: step(0.165, 0.06),
    elongated: step(0.5, 0.1),
    round: step(0.8, 0.1),
    irregular_solidity: step(0.8, 0.08),
    irregular_outline: step(0.5, 0.1),
    lobulated: step(0.92, 0.04),
    sharp_step: step(8.5, 4.0),
    sharp_ratio: step(1.25, 0.3),
    border_seen: 0.25,
    contrast_lightness: step(9.0, 6.0),
    contrast_red: step(5.0, 4.0),
    skin_contrast_lightness: step(6.0, 5.0),
    skin_contrast_red: step(9.0, 5.0),
    rough: step(3.5, 1.2),
    cut: step(0.06, 0.06),
    highlights: step(0.005, 0.01),
    polyp_lightness_weight: 0.5,
    skin_lightness_weight: 1.0,
    colour_sure: 12.0,
    asymmetric: step(0.1, 0.05),
    colour_share: step(0.05, 0.05),
    corner_lightness: 25.0,
    vignette: step(0.4, 0.3),
    gland_asymmetric: step(0.12, 0.05),
    zones_clear: step(6.0, 4.0),
    grey: step(0.4, 0.15),
    bright: step(0.7, 0.15),
    grey_contrast: step(4.0, 4.0),
};

/// Prototypes of the colours of polyps: place in the vocabulary (pink, red, orange, yellow, white,
/// brown, purple), CIELAB. Under an endoscope's lamp mucosa itself lies at a hue of 45 degrees,
/// where pink and red meet orange.
pub(super) const POLYP_COLOURS: [(usize, Lab); 14] = [
    (0, [75.0, 25.0, 24.0]),
    (0, [68.0, 31.0, 28.0]),
    (0, [58.0, 24.0, 20.0]),
    (1, [46.0, 35.0, 27.0]),
    (1, [57.0, 40.0, 34.0]),
    (1, [60.0, 48.0, 40.0]),
    (2, [70.0, 28.0, 42.0]),
    (2, [58.0, 28.0, 42.0]),
    (3, [78.0, 8.0, 38.0]),
    (3, [65.0, 10.0, 45.0]),
    (4, [86.0, 8.0, 14.0]),
    (5, [45.0, 18.0, 28.0]),
    (5, [33.0, 17.0, 20.0]),
    (6, [42.0, 28.0, -4.0]),
];

/// Prototypes of the colours of dermoscopy: place in the vocabulary (pink, red, light brown, dark
/// brown, black, blue-grey, white), CIELAB.
pub(super) const SKIN_COLOURS: [(usize, Lab); 10] = [
    (0, [72.0, 20.0, 12.0]),
    (1, [48.0, 45.0, 24.0]),
    (1, [44.0, 37.0, 15.0]),
    (2, [56.0, 16.0, 27.0]),
    (2, [52.0, 28.0, 33.0]),
    (3, [32.0, 14.0, 17.0]),
    (3, [31.0, 29.0, 25.0]),
    (4, [10.0, 3.0, 3.0]),
    (5, [45.0, 0.0, -6.0]),
    (6, [88.0, 3.0, 6.0]),
];
