//! What is said of a mask file.

use std::fmt;

use fovea_shared::image::DecodeError;

/// The most values that a message names.
const SHOWN: usize = 6;

/// A value of a mask file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A grey.
    Grey(u16),
    /// An index of a palette, and its colour.
    Index(u8, [u8; 3]),
    /// A colour.
    Colour([u8; 3]),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Grey(value) => write!(f, "{value}"),
            Self::Index(index, [r, g, b]) => write!(f, "index {index} (colour {r}, {g}, {b})"),
            Self::Colour([r, g, b]) => write!(f, "colour ({r}, {g}, {b})"),
        }
    }
}

/// One way to read a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Everything but this value is inside.
    AllBut(Value),
    /// This value alone is inside.
    Only(Value),
    /// This value is void, neither inside nor outside, as index 255 of Pascal VOC.
    Void(Value),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::AllBut(value) => write!(f, "everything but {value} is inside"),
            Self::Only(value) => write!(f, "only {value} is inside"),
            Self::Void(value) => write!(f, "{value} is void, neither inside nor outside"),
        }
    }
}

/// What a person should know of how a mask was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Caution {
    /// None of its two values is 0 or black.
    NoZero {
        /// The value that was taken as outside.
        outside: Value,
        /// The value that was taken as inside.
        inside: Value,
    },
    /// It holds several labels, which were taken together.
    Merged {
        /// Every label, 0 left out.
        labels: Vec<Value>,
    },
    /// A share of its pixels, 0 to 1, lies between its two extremes; it was cut in the middle.
    Soft {
        /// That share.
        share: f64,
    },
    /// Its alpha channel was read; its colours, which show more than one thing, were not.
    ColoursUnread,
    /// It is inside all along the border and has a hole.
    MaybeInverted,
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoZero { outside, inside } => {
                write!(f, "holds {outside} and {inside} and no 0: {inside} is taken as inside")
            }
            Self::Merged { labels } => {
                write!(f, "holds several labels: {} are taken as inside, all together", list(labels))
            }
            Self::Soft { share } => write!(
                f,
                "{:.1} % of its pixels are neither dark nor bright; it is cut in the middle: a mask is black and white",
                100.0 * share
            ),
            Self::ColoursUnread => {
                write!(f, "its alpha channel is taken as the mask: what is opaque is inside; its colours are not read")
            }
            Self::MaybeInverted => {
                write!(f, "is inside along the whole border and has a hole: is it inverted? Bright is taken as inside")
            }
        }
    }
}

/// Why a mask file cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MaskError {
    /// It is not an image, or a damaged one.
    #[error(transparent)]
    Image(#[from] DecodeError),
    /// It can be read in two ways.
    #[error(
        "it holds {values}, so it can be read in two ways: {first}, or {second}. Save it as PNG with 0 outside and 255 \
         inside",
        values = list(.values)
    )]
    TwoReadings {
        /// The values in question.
        values: Vec<Value>,
        /// One way.
        first: Rule,
        /// The other.
        second: Rule,
    },
    /// Its alpha channel shows one area and its colours another.
    #[error(
        "its alpha channel shows one area and its colours another, so it can be read in two ways: what is opaque is \
         inside, or what is bright is. Save it as PNG without transparency, with 0 outside and 255 inside"
    )]
    AlphaAgainstColours,
    /// It holds labels and none of them is the background.
    #[error(
        "it holds {values} and no 0, so which of them is the background is not known. Save it as PNG with 0 outside \
         and 255 inside",
        values = list(.values)
    )]
    NoBackground {
        /// The labels.
        values: Vec<Value>,
    },
    /// Many of its pixels lie between its extremes.
    #[error(
        "{percent:.0} % of its pixels are neither dark nor bright, so it is a map of shades and not a mask. Save it as \
         PNG with 0 outside and 255 inside",
        percent = 100.0 * .share
    )]
    Shades {
        /// Their share, 0 to 1.
        share: f64,
    },
    /// Its compression has mixed values that lie close together.
    #[error(
        "its values go from {low} to {high} only, and its compression (JPEG or WebP) has mixed them. Save the mask \
         again from its source, as PNG with 0 outside and 255 inside"
    )]
    Faint {
        /// The smallest value.
        low: u16,
        /// The largest value.
        high: u16,
    },
}

/// The first few values, and how many more there are.
fn list(values: &[Value]) -> String {
    let shown: Vec<String> = values.iter().take(SHOWN).map(Value::to_string).collect();
    match (values.len().saturating_sub(SHOWN), shown.split_last()) {
        (0, Some((last, first))) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        (0, _) => shown.join(", "),
        (more, _) => format!("{} and {more} more", shown.join(", ")),
    }
}
