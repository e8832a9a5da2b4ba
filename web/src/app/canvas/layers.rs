//! The layers over the image: what they are called, how they look, which are on. Pure: no browser in here.

use crate::text::say;

/// A layer over the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Heat map of the fixations.
    Heat,
    /// Where the teacher is unsure.
    Confidence,
    /// Reliable background.
    Background,
    /// Broad pseudo-mask.
    Broad,
    /// High-confidence pseudo-mask.
    HighConfidence,
    /// The student's mask.
    Student,
    /// The teacher's mask.
    Teacher,
    /// The true mask.
    Truth,
}

impl Layer {
    /// All layers in the order in which they are drawn.
    pub const ALL: [Self; 8] = [
        Self::Heat,
        Self::Confidence,
        Self::Background,
        Self::Broad,
        Self::HighConfidence,
        Self::Student,
        Self::Teacher,
        Self::Truth,
    ];

    /// The name in element ids and in `window.fovea`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Heat => "heat",
            Self::Confidence => "confidence",
            Self::Background => "background",
            Self::Broad => "broad",
            Self::HighConfidence => "high-confidence",
            Self::Student => "student",
            Self::Teacher => "teacher",
            Self::Truth => "truth",
        }
    }

    /// The layer with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.name() == name)
    }

    /// How the layer is called in a sentence.
    pub fn title(self) -> String {
        match self {
            Self::Heat => say!("layer-in-text-heat"),
            Self::Confidence => say!("layer-in-text-confidence"),
            Self::Background => say!("layer-in-text-background"),
            Self::Broad => say!("layer-in-text-broad"),
            Self::HighConfidence => say!("layer-in-text-high-confidence"),
            Self::Student => say!("layer-in-text-student"),
            Self::Teacher => say!("layer-in-text-teacher"),
            Self::Truth => say!("layer-in-text-truth"),
        }
    }

    /// Colour of line and fill (Okabe and Ito's palette, as in `style.css`), line width and dashes in CSS pixels. Heat map and
    /// confidence have colour scales of their own.
    pub fn line(self) -> Line {
        let line = |rgb, width, dash| Line { rgb, width, dash };
        match self {
            Self::Teacher | Self::Heat | Self::Confidence => line((0x56, 0xb4, 0xe9), 2.75, &[]),
            Self::Student => line((0xf0, 0xe4, 0x42), 2.5, &[11.0, 5.0]),
            Self::Truth => line((0xff, 0xff, 0xff), 2.25, &[3.0, 4.0]),
            Self::HighConfidence => line((0x2f, 0xd6, 0xa3), 2.0, &[]),
            Self::Broad => line((0x2f, 0xd6, 0xa3), 1.75, &[7.0, 5.0]),
            Self::Background => line((0xc9, 0xd1, 0xd9), 1.5, &[1.5, 4.0]),
        }
    }
}

/// How the networks' outlines are drawn on an image that they do not know: thin and grey.
pub const FAINT: Line = Line { rgb: (0xc9, 0xd1, 0xd9), width: 1.0, dash: &[] };

/// How a contour is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Red, green, blue.
    pub rgb: (u8, u8, u8),
    /// Width in CSS pixels.
    pub width: f64,
    /// Dash and gap in CSS pixels; empty: a whole line.
    pub dash: &'static [f64],
}

/// Which layers are on, and how strongly they are filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Layers([(bool, f64); 8]);

impl Default for Layers {
    /// All off; the page sets them from its own inputs, which are the one place where the defaults are written.
    fn default() -> Self {
        Self([(false, 0.0); 8])
    }
}

impl Layers {
    /// Whether a layer is drawn.
    pub fn on(&self, layer: Layer) -> bool {
        self.0[layer as usize].0
    }

    /// How strongly a layer is filled, 0 to 1.
    pub fn opacity(&self, layer: Layer) -> f64 {
        self.0[layer as usize].1
    }

    /// Switches a layer.
    pub fn set(&mut self, layer: Layer, on: bool) {
        self.0[layer as usize].0 = on;
    }

    /// Sets how strongly a layer is filled, 0 to 1.
    pub fn set_opacity(&mut self, layer: Layer, opacity: f64) {
        self.0[layer as usize].1 = opacity.clamp(0.0, 1.0);
    }
}

/// How what a change of the inputs added to the mask is drawn: whole line, hatched one way.
pub const GAINED: Line = Line { rgb: (0x2f, 0xd6, 0xa3), width: 2.0, dash: &[] };

/// How what it took from the mask is drawn: dashed line, hatched the other way.
pub const LOST: Line = Line { rgb: (0xff, 0x9e, 0x3d), width: 2.0, dash: &[6.0, 4.0] };

/// Red, green, blue at five even places of a scale, dark to light.
type Stops = [[f32; 3]; 5];

/// Matplotlib's viridis.
const VIRIDIS: Stops =
    [[68.0, 1.0, 84.0], [59.0, 82.0, 139.0], [33.0, 145.0, 140.0], [94.0, 201.0, 98.0], [253.0, 231.0, 37.0]];

/// Cividis (Nuñez, Anderton and Renslow 2018), which looks nearly the same to colour-blind eyes; `style.css` has it too.
const CIVIDIS: Stops =
    [[0.0, 34.0, 78.0], [67.0, 78.0, 108.0], [125.0, 124.0, 120.0], [188.0, 175.0, 111.0], [254.0, 232.0, 56.0]];

fn ramp(stops: &Stops, value: u8) -> [u8; 3] {
    let position = f32::from(value) / 255.0 * 4.0;
    let low = (position as usize).min(3);
    let t = position - low as f32;
    [0, 1, 2].map(|i| (stops[low][i] + (stops[low + 1][i] - stops[low][i]) * t).round() as u8)
}

/// The colour of a heat of 0 to 255: viridis, transparent where nobody looked.
pub fn heat_colour(heat: u8) -> [u8; 4] {
    let [r, g, b] = ramp(&VIRIDIS, heat);
    // Rises quickly from nothing, so that faint tails do not veil the image.
    let alpha = ((f32::from(heat) / 255.0 - 0.04).max(0.0) * 2.2).min(1.0) * 255.0;
    [r, g, b, alpha as u8]
}

/// The colour of the teacher's confidence of 0 (it cannot tell) to 255 (it is sure): a violet veil where it is unsure, nothing where it is
/// sure. Violet is far from tissue, and from every line's colour.
pub fn confidence_colour(confidence: u8) -> [u8; 4] {
    [0x8b, 0x5c, 0xf6, 255 - confidence]
}

/// The colour of attention of 0 to 255: cividis, another scale than gaze has. Little attention veils the image a little, so that it
/// is seen to be little and not to be missing.
pub fn attention_colour(attention: u8) -> [u8; 4] {
    let [r, g, b] = ramp(&CIVIDIS, attention);
    let alpha = 60.0 + f32::from(attention) / 255.0 * 110.0;
    [r, g, b, alpha as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        for layer in Layer::ALL {
            assert_eq!(Layer::from_name(layer.name()), Some(layer));
        }
        assert_eq!(Layer::from_name("nothing"), None);
    }

    #[test]
    fn scales_grow_brighter_and_heat_begins_transparent() {
        assert_eq!(heat_colour(0)[3], 0);
        assert_eq!(heat_colour(255), [253, 231, 37, 255]);
        assert_eq!((confidence_colour(255)[3], confidence_colour(0)[3]), (0, 255));
        let light = |c: [u8; 4]| c[..3].iter().map(|v| u32::from(*v)).sum::<u32>();
        let grows = |colour: fn(u8) -> [u8; 4]| (0..250).step_by(10).all(|h| light(colour(h)) <= light(colour(h + 5)));
        assert!(grows(heat_colour) && grows(attention_colour));
        assert!(attention_colour(0)[3] > 0 && attention_colour(255)[3] > attention_colour(0)[3]);
    }

    #[test]
    fn layers_switch_one_by_one() {
        let mut layers = Layers::default();
        layers.set(Layer::Truth, true);
        layers.set_opacity(Layer::Truth, 7.0);
        assert!(layers.on(Layer::Truth) && !layers.on(Layer::Heat));
        assert_eq!(layers.opacity(Layer::Truth), 1.0);
    }
}
