//! The fields of the schema and the words that each may take.

use serde::{Deserialize, Serialize};

/// What kind of image is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// A polyp in a colonoscopy frame.
    Polyp,
    /// A skin lesion under the dermatoscope.
    SkinLesion,
    /// The prostate gland on a T2-weighted MR slice. The labels are gland zones, so nothing here is a PI-RADS score.
    Prostate,
}

impl Modality {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Polyp, Self::SkinLesion, Self::Prostate];

    /// As written in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Polyp => "polyp",
            Self::SkinLesion => "skin_lesion",
            Self::Prostate => "prostate",
        }
    }

    /// What is described, in words.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Polyp => "polyp",
            Self::SkinLesion => "skin lesion",
            Self::Prostate => "prostate gland",
        }
    }

    /// The fields of its descriptions, in the schema's order.
    pub fn fields(self) -> &'static [Field] {
        use Field::*;
        match self {
            Self::Polyp => &[Count, Location, Size, Shape, Border, Colour, Contrast, Texture, Edge, Cover, Paris, Nice],
            Self::SkinLesion => &[
                Count,
                Location,
                Size,
                Shape,
                Border,
                Colour,
                Contrast,
                Texture,
                Edge,
                Asymmetry,
                ColourCount,
                Structure,
                Artefact,
            ],
            Self::Prostate => &[Location, Size, Shape, Border, Colour, Contrast, Texture, Edge, Symmetry, ZoneContrast],
        }
    }
}

/// A field of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// How many there are.
    Count,
    /// Cell of a 3x3 grid over the image that holds the centre.
    Location,
    /// Share of the image that it covers.
    Size,
    /// Outline.
    Shape,
    /// How sharply it ends.
    Border,
    /// Its own colour (prostate: its signal).
    Colour,
    /// Its colour against the surroundings.
    Contrast,
    /// How uniform its surface looks.
    Texture,
    /// Whether the image's edge cuts it.
    Edge,
    /// What lies on a polyp.
    Cover,
    /// Paris classification of a polyp's form (Paris workshop 2003). Needs a clinician or a VLM.
    Paris,
    /// NICE type of a polyp (Hewett et al. 2012). Needs narrow-band imaging, and a clinician or a VLM.
    Nice,
    /// Asymmetry of a skin lesion (the A of ABCD).
    Asymmetry,
    /// Number of colours of a skin lesion (the C of ABCD).
    ColourCount,
    /// The leading dermoscopic structure. Needs a clinician or a VLM.
    Structure,
    /// What disturbs a dermoscopic image.
    Artefact,
    /// Left-right symmetry of the prostate gland.
    Symmetry,
    /// Contrast between transition and peripheral zone.
    ZoneContrast,
}

/// A word of a field's vocabulary.
#[derive(Debug, PartialEq, Eq)]
pub struct Word {
    /// As written in JSON.
    pub name: &'static str,
    /// As shown to people.
    pub label: &'static str,
    /// The phrase that is embedded, with `{}` for the modality's noun.
    pub(super) phrase: &'static str,
}

/// `name => label, phrase` lists without the noise.
macro_rules! words {
    ($($name:literal, $label:literal, $phrase:literal;)*) => {
        &[$(Word { name: $name, label: $label, phrase: $phrase }),*]
    };
}

const COUNT: &[Word] = words! {
    "single", "single", "a single {}";
    "several", "several", "more than one {}";
};
const LOCATION: &[Word] = words! {
    "upper_left", "upper left", "a {} in the upper left of the image";
    "upper_centre", "upper centre", "a {} at the top of the image";
    "upper_right", "upper right", "a {} in the upper right of the image";
    "centre_left", "centre left", "a {} on the left side of the image";
    "centre", "centre", "a {} in the centre of the image";
    "centre_right", "centre right", "a {} on the right side of the image";
    "lower_left", "lower left", "a {} in the lower left of the image";
    "lower_centre", "lower centre", "a {} at the bottom of the image";
    "lower_right", "lower right", "a {} in the lower right of the image";
};
const SIZE: &[Word] = words! {
    "small", "small", "a small {}";
    "medium", "medium-sized", "a medium-sized {}";
    "large", "large", "a large {}";
};
const SHAPE: &[Word] = words! {
    "round", "round", "a round {}";
    "oval", "oval", "an oval {}";
    "elongated", "elongated", "an elongated {}";
    "lobulated", "lobulated", "a lobulated {}";
    "irregular", "irregular", "an irregularly shaped {}";
};
const BORDER: &[Word] = words! {
    "sharp", "sharp", "a {} with a sharp border";
    "blurred", "blurred", "a {} with a blurred border";
};
const POLYP_COLOUR: &[Word] = words! {
    "pink", "pink", "a pink {}";
    "red", "red", "a red {}";
    "orange", "orange", "an orange {}";
    "yellow", "yellow", "a yellow {}";
    "white", "white", "a white {}";
    "brown", "brown", "a brown {}";
    "purple", "purple", "a purple {}";
};
const SKIN_COLOUR: &[Word] = words! {
    "pink", "pink", "a pink {}";
    "red", "red", "a red {}";
    "light_brown", "light brown", "a light brown {}";
    "dark_brown", "dark brown", "a dark brown {}";
    "black", "black", "a black {}";
    "blue_grey", "blue-grey", "a blue-grey {}";
    "white", "white", "a white {}";
};
const SIGNAL: &[Word] = words! {
    "dark", "dark", "a {} of dark signal";
    "grey", "grey", "a {} of intermediate signal";
    "bright", "bright", "a {} of bright signal";
};
const CONTRAST: &[Word] = words! {
    "darker", "darker", "a {} darker than its surroundings";
    "lighter", "lighter", "a {} lighter than its surroundings";
    "redder", "redder", "a {} redder than its surroundings";
    "similar", "similar", "a {} of the same colour as its surroundings";
};
const GREY_CONTRAST: &[Word] = words! {
    "darker", "darker", "a {} darker than its surroundings";
    "lighter", "lighter", "a {} brighter than its surroundings";
    "similar", "similar", "a {} of the same signal as its surroundings";
};
const TEXTURE: &[Word] = words! {
    "smooth", "smooth", "a {} with a smooth surface";
    "heterogeneous", "heterogeneous", "a {} with an uneven surface";
};
const EDGE: &[Word] = words! {
    "whole", "whole", "a {} that lies wholly in the image";
    "cut", "cut by the edge", "a {} cut off by the edge of the image";
};
const COVER: &[Word] = words! {
    "clean", "clean", "a {} with a clean surface";
    "highlights", "specular highlights", "a {} with specular highlights";
    "mucus", "mucus", "a {} covered with mucus";
    "stool", "stool", "a {} partly covered with stool";
};
const PARIS: &[Word] = words! {
    "0-Ip", "0-Ip pedunculated", "a pedunculated {} on a stalk";
    "0-Is", "0-Is sessile", "a sessile {}";
    "0-IIa", "0-IIa slightly raised", "a flat, slightly raised {}";
    "0-IIb", "0-IIb flat", "a completely flat {}";
    "0-IIc", "0-IIc slightly depressed", "a slightly depressed {}";
    "0-III", "0-III excavated", "an excavated {}";
};
const NICE: &[Word] = words! {
    "type_1", "NICE 1", "a hyperplastic-looking {}, NICE type 1";
    "type_2", "NICE 2", "an adenomatous-looking {}, NICE type 2";
    "type_3", "NICE 3", "an invasive-looking {}, NICE type 3";
};
const ASYMMETRY: &[Word] = words! {
    "symmetric", "symmetric", "a symmetric {}";
    "one_axis", "in one axis", "a {} asymmetric in one axis";
    "two_axes", "in two axes", "a {} asymmetric in two axes";
};
const COLOUR_COUNT: &[Word] = words! {
    "one", "one colour", "a {} of one colour";
    "two", "two colours", "a {} of two colours";
    "three_or_more", "three or more colours", "a {} of many colours";
};
const STRUCTURE: &[Word] = words! {
    "network", "pigment network", "a {} with a pigment network";
    "globules", "dots or globules", "a {} with dots and globules";
    "streaks", "streaks", "a {} with streaks at its border";
    "blue_white_veil", "blue-white veil", "a {} with a blue-white veil";
    "regression", "regression", "a {} with regression structures";
    "structureless", "structureless", "a structureless {}";
};
const ARTEFACT: &[Word] = words! {
    "none", "none", "a {} without artefacts";
    "hair", "hair", "a {} covered by hair";
    "ruler", "ruler", "a {} beside a ruler";
    "gel", "gel bubbles", "a {} under gel bubbles";
    "vignette", "dark corners", "a {} in an image with dark corners";
};
const SYMMETRY: &[Word] = words! {
    "symmetric", "symmetric", "a symmetric {}";
    "asymmetric", "asymmetric", "an asymmetric {}";
};
const ZONE_CONTRAST: &[Word] = words! {
    "clear", "clear", "a {} with clearly different zones";
    "weak", "weak", "a {} with zones that look alike";
};

impl Field {
    /// As written in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Location => "location",
            Self::Size => "size",
            Self::Shape => "shape",
            Self::Border => "border",
            Self::Colour => "colour",
            Self::Contrast => "contrast",
            Self::Texture => "texture",
            Self::Edge => "edge",
            Self::Cover => "cover",
            Self::Paris => "paris",
            Self::Nice => "nice",
            Self::Asymmetry => "asymmetry",
            Self::ColourCount => "colour_count",
            Self::Structure => "structure",
            Self::Artefact => "artefact",
            Self::Symmetry => "symmetry",
            Self::ZoneContrast => "zone_contrast",
        }
    }

    /// As shown to people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Paris => "Paris class",
            Self::Nice => "NICE type",
            Self::ColourCount => "Colours",
            Self::ZoneContrast => "Zone contrast",
            Self::Count => "Count",
            Self::Location => "Location",
            Self::Size => "Size",
            Self::Shape => "Shape",
            Self::Border => "Border",
            Self::Colour => "Colour",
            Self::Contrast => "Contrast",
            Self::Texture => "Texture",
            Self::Edge => "Edge",
            Self::Cover => "On its surface",
            Self::Asymmetry => "Asymmetry",
            Self::Structure => "Structure",
            Self::Artefact => "Artefact",
            Self::Symmetry => "Symmetry",
        }
    }

    /// The field of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Modality::ALL.iter().flat_map(|m| m.fields()).copied().find(|f| f.name() == name)
    }

    /// Whether it can be measured from an image and a mask. The others need a clinician or a VLM
    /// and are never asserted from pixels.
    pub fn measurable(self) -> bool {
        !matches!(self, Self::Paris | Self::Nice | Self::Structure)
    }

    /// Its vocabulary, without `not_assessable`.
    pub fn words(self, modality: Modality) -> &'static [Word] {
        match (self, modality) {
            (Self::Count, _) => COUNT,
            (Self::Location, _) => LOCATION,
            (Self::Size, _) => SIZE,
            (Self::Shape, _) => SHAPE,
            (Self::Border, _) => BORDER,
            (Self::Colour, Modality::Polyp) => POLYP_COLOUR,
            (Self::Colour, Modality::SkinLesion) => SKIN_COLOUR,
            (Self::Colour, Modality::Prostate) => SIGNAL,
            (Self::Contrast, Modality::Prostate) => GREY_CONTRAST,
            (Self::Contrast, _) => CONTRAST,
            (Self::Texture, _) => TEXTURE,
            (Self::Edge, _) => EDGE,
            (Self::Cover, _) => COVER,
            (Self::Paris, _) => PARIS,
            (Self::Nice, _) => NICE,
            (Self::Asymmetry, _) => ASYMMETRY,
            (Self::ColourCount, _) => COLOUR_COUNT,
            (Self::Structure, _) => STRUCTURE,
            (Self::Artefact, _) => ARTEFACT,
            (Self::Symmetry, _) => SYMMETRY,
            (Self::ZoneContrast, _) => ZONE_CONTRAST,
        }
    }
}

/// The names of some words, for error messages.
pub(super) fn list(words: &[Word]) -> String {
    let names: Vec<&str> = words.iter().map(|w| w.name).chain([super::NOT_ASSESSABLE]).collect();
    names.join(", ")
}

/// The location word of the mirrored image. `centre` alone stays; in `centre_left` the first part is the row.
pub(super) fn mirrored_location(name: &str, horizontal: bool, vertical: bool) -> String {
    let swap = |part: &str| match part {
        "left" if horizontal => "right",
        "right" if horizontal => "left",
        "upper" if vertical => "lower",
        "lower" if vertical => "upper",
        "left" => "left",
        "right" => "right",
        "upper" => "upper",
        "lower" => "lower",
        _ => "centre",
    };
    name.split('_').map(swap).collect::<Vec<_>>().join("_")
}
