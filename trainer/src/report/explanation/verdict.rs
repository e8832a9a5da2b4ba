//! Whether a teacher uses its text, in plain words.

use super::{
    summary::{Change, Faithfulness, Summary},
    text_use::{RULE, TextUse},
};

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
        "{claim}: with another image's text Dice changes by {}{}; with none by {}; with the location mirrored by {} \
         ({} images, {} seed{}; Dice under their own text {:.3}).",
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
