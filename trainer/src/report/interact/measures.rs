//! What is measured, and by which rules: names, order and words.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Looks inside the lesion.
    Looks,
    /// Looks until the outline is good.
    Clicks,
    /// Pictures made of two images' halves, looks at either lesion.
    SideBySide,
    /// Pictures in which one image's lesion is blended into another image, looks at either lesion.
    Blended,
    /// Images that truly show two lesions, looks at either.
    Doubles,
    /// A look beside the lesion.
    Off,
    /// Location words on pictures made of two images' halves.
    WordsSideBySide,
    /// Location words on pictures with a blended lesion.
    WordsBlended,
    /// Size words.
    WordsSize,
}

impl Part {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 9] = [
        Self::Looks,
        Self::Clicks,
        Self::SideBySide,
        Self::Blended,
        Self::Doubles,
        Self::Off,
        Self::WordsSideBySide,
        Self::WordsBlended,
        Self::WordsSize,
    ];

    /// As in the files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Looks => "looks",
            Self::Clicks => "clicks",
            Self::SideBySide => "side_by_side",
            Self::Blended => "blended",
            Self::Doubles => "doubles",
            Self::Off => "off",
            Self::WordsSideBySide => "words_side_by_side",
            Self::WordsBlended => "words_blended",
            Self::WordsSize => "words_size",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Looks => "Looks at the lesion",
            Self::Clicks => "Looks until the outline is good (NoC)",
            Self::SideBySide => "Two lesions, halves side by side, three looks at either",
            Self::Blended => "Two lesions, one blended into the other's image, three looks at either",
            Self::Doubles => "Images that truly show two lesions, three looks at either",
            Self::Off => "One look beside the lesion",
            Self::WordsSideBySide => "Location words, halves side by side, no looks",
            Self::WordsBlended => "Location words, one lesion blended in, no looks",
            Self::WordsSize => "Size words, no looks",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One number an image.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// As in the files.
    pub key: &'static str,
    /// The parts that have it.
    pub parts: &'static [Part],
    /// For people.
    pub label: &'static str,
}

const TWO: &[Part] = &[Part::SideBySide, Part::Blended, Part::Doubles];
const LOCATION: &[Part] = &[Part::WordsSideBySide, Part::WordsBlended];

const fn measure(key: &'static str, parts: &'static [Part], label: &'static str) -> Measure {
    Measure { key, parts, label }
}

/// All measures in the order of the report.
pub const MEASURES: &[Measure] = &[
    measure("teacher_0", &[Part::Looks], "Dice of the teacher without a look"),
    measure("teacher_1", &[Part::Looks], "Dice after one look"),
    measure("teacher_3", &[Part::Looks], "Dice after three looks"),
    measure("teacher_5", &[Part::Looks], "Dice after five looks"),
    measure("teacher_own_gaze", &[Part::Looks], "Dice with all of the image's own gaze"),
    measure("student", &[Part::Looks], "Dice of the student (image alone)"),
    measure("gain_1", &[Part::Looks], "one look minus none"),
    measure("gain_3", &[Part::Looks], "three looks minus none"),
    measure("over_student_3", &[Part::Looks], "three looks minus the student"),
    measure("not_worse_3", &[Part::Looks], "images where three looks are not worse than the student by more than .02"),
    measure("emptied_1", &[Part::Looks], "images whose mask one look inside empties"),
    measure("emptied", &[Part::Looks], "images whose mask one, three or five looks inside empty"),
    measure("noc_85", &[Part::Clicks], "looks to Dice .85 (20 where it is not reached)"),
    measure("failed_85", &[Part::Clicks], "images that do not reach .85 in 20 looks"),
    measure("without_85", &[Part::Clicks], "images that have .85 without a look"),
    measure("noc_90", &[Part::Clicks], "looks to Dice .90 (20 where it is not reached)"),
    measure("failed_90", &[Part::Clicks], "images that do not reach .90 in 20 looks"),
    measure("without_90", &[Part::Clicks], "images that have .90 without a look"),
    measure("share", TWO, "share of the mask on the looked-at lesion's side"),
    measure("share_unchosen", TWO, "the same for the lesion that was not chosen without looks"),
    measure("inside", TWO, "share of the mask within the looked-at lesion and two cells around it"),
    measure("inside_unchosen", TWO, "the same for the lesion that was not chosen without looks"),
    measure("dice", TWO, "Dice with the looked-at lesion"),
    measure("dice_unchosen", TWO, "the same for the lesion that was not chosen without looks"),
    measure("emptied", TWO, "looks that empty the mask"),
    measure("unoutlined", &[Part::Off], "images whose lesion is un-outlined (less than 10 % of it stays)"),
    measure("stays", &[Part::Off], "share of the outlined lesion that stays"),
    measure("emptied", &[Part::Off], "images whose mask empties"),
    measure("described", LOCATION, "share of the mask on the described lesion's side"),
    measure("followed", LOCATION, "share on the other side when its location word is said instead"),
    measure("moved", LOCATION, "edits that move half of the mask or more to the side now described"),
    measure("small", &[Part::WordsSize], "area under `small` over that under the lesion's own size word"),
    measure("large", &[Part::WordsSize], "area under `large` over that under the lesion's own size word"),
];

/// How looks are drawn and what is counted.
pub const RULES: [&str; 8] = [
    "Looks are drawn from the true masks of the images that are measured, stretched to 224 x 224 pixels: they show \
     what a careful person would do, not what somebody did. The first is at the lesion's deepest point (farthest from \
     its outline, the picture's edge being outside), the next at points drawn by the image's id among those at least \
     .4 as deep; 300 ms each; one is the beginning of three and three of five. The teacher reads no text \
     here. Images without a lesion are left out. Dice is taken at the image's own size.",
    "Looks until the outline is good: as in interactive segmentation the first look is given in any case, at the \
     lesion's deepest point; the next at the deepest point of the largest connected part of the lesion that is not \
     outlined. There are no negative looks: where nothing is missing, the \
     look goes to the next drawn point of the lesion. At most 20; an image that does not reach the Dice counts 20.",
    "Two lesions: every image with a single lesion is host once, in turn for halves side by side and for blending, \
     with the next image of the list that fits. Three looks by the rule above at one lesion and, asked again, at the \
     other; a picture counts as the mean of both. The mask is that of the logits' own cells. Its share on a side: for \
     halves the half that was looked at; else everything but the other lesion with two cells around it. An empty mask \
     has no share anywhere: 0. Not chosen without looks: the lesion of which the mask without looks covers less.",
    "Truly two lesions (none of them is part of a picture that was made): two connected parts of the true mask, the \
     smaller at least 15 % of the larger and .3 % of the image.",
    "Beside the lesion: one look of 600 ms at the point farthest from the lesion that is not black (mean of the \
     channels above 25 of 255); images where that is nearer than 20 of 224 pixels are left out. Counted on images of \
     which something is outlined without a look: how much of what was outlined rightly stays.",
    "Words are measured inside the true masks (no language model), without number and edge; the teacher reads them \
     without looks. Location: in pictures whose lesions have different location words, the described lesion's word is \
     exchanged for the other's, in both directions; all other words stay. Size: `small` and `large` in place of the \
     lesion's own word, or of `medium` where it is that word; images whose mask under that is smaller than \
     .1 % of the picture are left out.",
    "Figures: mean over the images, then over the seeds; +- sample standard deviation over seeds; in brackets the 95 % \
     percentile bootstrap interval over images, each averaged over its seeds first.",
    "Shares are from 0 to 1.",
];
