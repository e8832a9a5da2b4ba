//! The cases that ship with a bundle, and who made their pictures.

use serde::{Deserialize, Serialize};

use crate::description::Description;

/// [`GalleryCase::origin`] of an image that was drawn, not taken.
pub const PHANTOM: &str = "phantom";

/// One case of the gallery; paths are relative to the bundle's folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GalleryCase {
    /// Unique, usable in an address.
    pub id: String,
    /// Shown to visitors.
    pub title: String,
    /// What makes it worth a look, in a few English words, as in `Two at once`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub riddle: Option<String>,
    /// What it is kept for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The image.
    pub image: String,
    /// The true mask, where it is known. Used to show Dice, never to predict.
    pub mask: Option<String>,
    /// A gaze CSV with the fixations of this one image.
    pub gaze: Option<String>,
    /// Where the gaze comes from, by the name of its [`crate::gaze::GazeOrigin`], where there is gaze.
    pub gaze_source: Option<String>,
    /// [`PHANTOM`], or the name of the data set the image comes from.
    pub origin: String,
    /// Who made the image and on what terms it is here. Every image of a shipped bundle has it, but for phantoms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Attribution>,
    /// Descriptions of the image, each saying its source; the first is shown.
    #[serde(default)]
    pub descriptions: Vec<CaseDescription>,
}

impl GalleryCase {
    /// Whether it was drawn by this project.
    pub fn is_phantom(&self) -> bool {
        self.origin == PHANTOM
    }
}

/// What a case is kept for where visitors are taught and asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// To be taught with.
    Teach,
    /// To be examined on: not shown before.
    Examine,
}

/// What a licence asks to be said of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// The work that it is taken from.
    pub source: String,
    /// Who made it, with the publication.
    pub authors: String,
    /// The licence's short name, as in `CC BY 4.0`.
    pub licence: String,
    /// Where the work is found: a DOI, or else an address, both beginning with `https://`.
    pub link: String,
    /// What was changed, of the picture and of all that comes with it.
    pub changed: String,
}

/// A description of a gallery's case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseDescription {
    /// What is said, and by whom.
    pub description: Description,
    /// What must be said wherever it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caveat: Option<String>,
}
