//! Whether true masks can measure anything: Dice says nothing of an image with nothing on it.

use std::fmt;

use fovea_shared::plane::Mask;
use serde::{Deserialize, Serialize};

use super::splits::names;

/// What a true mask is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// There is none.
    Missing,
    /// It cannot be read, or has not the size of its image.
    Unusable,
    /// No pixel is inside.
    Empty,
    /// Every pixel is inside.
    Full,
    /// Some pixels are inside and some are not.
    Sound,
}

impl Truth {
    /// What a mask is good for.
    pub fn of(mask: &Mask) -> Self {
        match mask.area() {
            0 => Self::Empty,
            area if area == mask.data.len() => Self::Full,
            _ => Self::Sound,
        }
    }
}

/// Images whose true masks are empty or full, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UniformTruths {
    /// Images without a pixel inside: Dice only says whether the prediction is empty too, so they count for no mean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty: Vec<String>,
    /// Images with every pixel inside; they count as others do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub full: Vec<String>,
}

impl UniformTruths {
    /// Looks at the true masks of images; `None` where none is empty or full.
    pub fn of<'a>(truths: impl IntoIterator<Item = (&'a str, Truth)>) -> Option<Self> {
        let mut found = Self::default();
        for (id, truth) in truths {
            match truth {
                Truth::Empty => found.empty.push(id.into()),
                Truth::Full => found.full.push(id.into()),
                Truth::Missing | Truth::Unusable | Truth::Sound => {}
            }
        }
        (found != Self::default()).then_some(found)
    }
}

impl fmt::Display for UniformTruths {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let named = |ids: &[String]| format!("{} ({})", ids.len(), names(ids.iter()));
        let parts = [(&self.empty, "true masks are empty and count for no mean"), (&self.full, "true masks are full")];
        let parts = parts.into_iter().filter(|(ids, _)| !ids.is_empty());
        let parts: Vec<String> = parts.map(|(ids, words)| format!("{} {words}", named(ids))).collect();
        write!(f, "{}", parts.join("; "))
    }
}

/// True masks none of which has both an inside and an outside: what Dice says of them is not a measure of a prediction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Degenerate {
    /// The list: "validation" or "test".
    pub list: String,
    /// Empty masks.
    pub empty: usize,
    /// Full masks.
    pub full: usize,
}

impl Degenerate {
    /// Looks at the true masks of a list; `None` where at least one has an inside and an outside, and for no masks.
    pub fn of(list: &str, truths: impl IntoIterator<Item = Truth>) -> Option<Self> {
        let (mut empty, mut full) = (0, 0);
        for truth in truths {
            match truth {
                Truth::Empty => empty += 1,
                Truth::Full => full += 1,
                Truth::Sound => return None,
                Truth::Missing | Truth::Unusable => {}
            }
        }
        (empty + full > 0).then(|| Self { list: list.into(), empty, full })
    }
}

impl fmt::Display for Degenerate {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { list, empty, full } = self;
        write!(
            f,
            "the true masks of the {list} images tell nothing: {empty} are empty (no pixel is inside) and {full} full \
             (every pixel is), so Dice does not measure a prediction here. Give the list images with masks that have \
             an inside and an outside"
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_sound_mask_is_enough() {
        let mask = |bits: [bool; 2]| Truth::of(&Mask::from_vec(2, 1, bits.into()));
        let [empty, full, sound] = [[false; 2], [true; 2], [true, false]].map(mask);
        assert_eq!([empty, full, sound], [Truth::Empty, Truth::Full, Truth::Sound]);
        assert_eq!(Degenerate::of("test", [empty, sound]), None);
        assert_eq!(Degenerate::of("test", [Truth::Missing]), None);
        let found = Degenerate::of("test", [empty, empty, full, Truth::Missing]);
        assert_eq!(found, Some(Degenerate { list: "test".into(), empty: 2, full: 1 }));
        assert_eq!(UniformTruths::of([("a", sound)]), None);
        let uniform = UniformTruths::of([("a", sound), ("b", empty), ("c", full), ("d", empty)]).unwrap();
        assert_eq!(
            uniform.to_string(),
            "2 (b, d) true masks are empty and count for no mean; 1 (c) true masks are full"
        );
    }
}
