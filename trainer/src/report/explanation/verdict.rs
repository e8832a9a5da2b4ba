//! Whether a teacher uses its text, in plain words, by a rule that is fixed before anything is measured.

use serde::{Deserialize, Serialize};

use super::summary::{Change, Faithfulness, Summary};

/// Mean 1 - Dice between the masks under its own and under another image's text above which a mask counts as moved.
pub const MASK_CHANGE: f64 = 0.02;

/// Fewest images that a verdict is given for: below it a bootstrap interval is far too narrow.
pub const MIN_IMAGES: usize = 10;

/// The rule, as it is printed.
pub const RULE: &str = "Rule: a teacher uses its text when, under another image's text, the 95 % interval of the paired Dice \
    difference excludes 0 (below 0 the text helps, above 0 it misleads) and the mask changes by more than 2 % (mean of \
    1 - Dice between the two masks).";

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

/// The rule: see [`RULE`].
pub(super) fn text_use(shuffled: &Change, images: usize) -> TextUse {
    let d = &shuffled.difference;
    if images < MIN_IMAGES {
        TextUse::TooFewImages
    } else if shuffled.mask_change.mean <= MASK_CHANGE {
        TextUse::Ignored
    } else if d.high < 0.0 {
        TextUse::Used
    } else if d.low > 0.0 {
        TextUse::Misled
    } else {
        TextUse::MovedOnly
    }
}

/// What a report says about every row's teacher, without gaze and with it, one paragraph each, then the [`RULE`].
pub fn verdict(summary: &Summary) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    for row in &summary.rows {
        for f in &row.faithfulness {
            let gaze = if f.with_gaze { "with gaze" } else { "without gaze" };
            paragraphs.push(format!("Row `{}`, {gaze}. {}", row.name, sentence(f)));
        }
    }
    if paragraphs.is_empty() {
        return "Whether a teacher uses its text was not measured.".into();
    }
    paragraphs.push(RULE.into());
    paragraphs.join("\n")
}

fn sentence(f: &Faithfulness) -> String {
    let seeds = f.dice.seeds.len();
    let shuffled = &f.shuffled;
    let claim = match f.text_use {
        TextUse::Used => "The teacher uses its text",
        TextUse::Misled => "The teacher is misled by its text",
        TextUse::MovedOnly => "The teacher's mask moves with its text, but is not shown to be better or worse for it",
        TextUse::Ignored => "The teacher ignores its text",
        TextUse::TooFewImages => "There are too few images to tell",
    };
    let d = &shuffled.difference;
    let small = f.text_use == TextUse::Ignored && (d.low > 0.0 || d.high < 0.0);
    format!(
        "{claim}: with another image's text Dice changes by {}{}; with none by {}; with the location mirrored by {} ({} images, {} seed{}; \
         Dice under their own text {:.3}).",
        effect(shuffled),
        if small { ", which can be told from 0 but is too small to matter" } else { "" },
        effect(&f.empty),
        effect(&f.flipped),
        f.images,
        seeds,
        if seeds == 1 { "" } else { "s" },
        f.dice.mean
    )
}

/// "-0.031 [-0.040, -0.022] and the mask by 8.2 %".
fn effect(change: &Change) -> String {
    let d = &change.difference;
    // What rounds to zero has no sign.
    let signed = |v: f64| if v.abs() < 5e-4 { "0.000".into() } else { format!("{v:+.3}") };
    format!(
        "{} [{}, {}] and the mask by {:.1} %",
        signed(d.mean),
        signed(d.low),
        signed(d.high),
        100.0 * change.mask_change.mean
    )
}
