//! Whether a teacher uses its text, by a rule that is fixed before anything is measured.

use serde::{Deserialize, Serialize};

/// Mean 1 - Dice between the masks under its own and under another image's text above which a mask counts as moved.
pub const MASK_CHANGE: f64 = 0.02;

/// Fewest images that a verdict is given for: below it a bootstrap interval is far too narrow.
pub const MIN_IMAGES: usize = 10;

/// The rule, as it is printed.
pub const RULE: &str = "Rule: a teacher uses its text when, under another image's text, the 95 % interval of the \
                        paired Dice difference excludes 0 (below 0 the text helps, above 0 it misleads) and the mask \
    changes by more than 2 % (mean of 1 - Dice between the two masks).";

/// What a teacher does with its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextUse {
    /// The mask follows the text, and another image's text makes it worse.
    Used,
    /// The mask follows the text, and another image's text makes it better.
    Misled,
    /// The mask follows the text, but is neither better nor worse for it, as far as can be told.
    MovedOnly,
    /// The mask hardly follows the text.
    Ignored,
    /// Fewer than [`MIN_IMAGES`] images.
    TooFewImages,
}

impl TextUse {
    /// In a few words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Used => "uses its text",
            Self::Misled => "is misled by its text",
            Self::MovedOnly => "moves with its text, no gain or loss shown",
            Self::Ignored => "ignores its text",
            Self::TooFewImages => "was measured on too few images",
        }
    }
}

/// The rule: see [`RULE`]. `difference` is the 95 % interval of the Dice difference under another
/// image's text, `mask_change` the mean of 1 - Dice between the two masks.
pub(super) fn text_use(difference: [f64; 2], mask_change: f64, images: usize) -> TextUse {
    let [low, high] = difference;
    if images < MIN_IMAGES {
        TextUse::TooFewImages
    } else if mask_change <= MASK_CHANGE {
        TextUse::Ignored
    } else if high < 0.0 {
        TextUse::Used
    } else if low > 0.0 {
        TextUse::Misled
    } else {
        TextUse::MovedOnly
    }
}
