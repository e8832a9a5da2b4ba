//! Where the teacher's text comes from.

use serde::{Deserialize, Serialize};

/// Where the teacher's text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextSource {
    /// No text: the same teacher reads an empty description.
    None,
    /// Measured from the image and the broad mask of its own gaze.
    Measured,
    /// The file named by `--descriptions`.
    Import,
    /// The control: every image gets another image's description (of the file if one is named, else measured).
    Shuffled,
}

impl TextSource {
    /// In words, for reports and for the page.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Measured => "measured from the image and its gaze (no language model)",
            Self::Import => "imported answers of a vision-language model",
            Self::Shuffled => "descriptions of other images (control)",
        }
    }
}
