//! The image on the stage: where it comes from, and what the engines have found on it.

use std::collections::BTreeMap;

use fovea_shared::{
    bundle::{Attribution, CaseDescription, GalleryCase, PHANTOM},
    gaze::{Fixation, GazeOrigin},
};

use crate::{
    protocol::{AttentionMap, Change, GazeMasks, Heat, OpenRequest, Outline, Resemblance},
    text::{Message, message},
};

/// What is known about where an image and its gaze come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Shown above the stage: the bundle's title of a case, the name of a file.
    pub title: Message,
    /// The gallery's case, if it is one.
    pub case: Option<String>,
    /// Short labels.
    pub labels: Vec<Message>,
    /// The gaze that came with it, if it came with gaze.
    pub gaze: Option<GazeSource>,
    /// Whose it is, where it comes from others with terms.
    pub attribution: Option<Attribution>,
    /// Its number in the visitor's collection, if it is of that.
    pub item: Option<u64>,
    /// What was done to it on its way to the engine, where a visitor should know.
    pub note: Option<Message>,
}

/// Where gaze comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GazeSource {
    /// The bundle says where.
    From(GazeOrigin),
    /// It does not.
    Unknown,
}

impl GazeSource {
    /// Its origin, where that is known.
    pub fn origin(self) -> Option<GazeOrigin> {
        match self {
            Self::From(origin) => Some(origin),
            Self::Unknown => None,
        }
    }

    /// Its label beside the image.
    pub fn label(self) -> Message {
        match self {
            Self::From(GazeOrigin::Recorded) => message!("gaze-recorded"),
            Self::From(GazeOrigin::Pointer) => message!("gaze-pointer"),
            Self::From(GazeOrigin::Simulated) => message!("gaze-simulated"),
            Self::Unknown => message!("gaze-unknown"),
        }
    }
}

impl Origin {
    /// Of a case of the gallery.
    pub fn of_case(case: &GalleryCase) -> Self {
        let image = match case.origin.as_str() {
            PHANTOM => message!("image-phantom"),
            name => message!("image-real", name = name),
        };
        let source = case.gaze_source.as_deref().filter(|_| case.gaze.is_some());
        let gaze = source.map(|name| GazeOrigin::from_name(name).map_or(GazeSource::Unknown, GazeSource::From));
        let label = gaze.map_or_else(|| message!("gaze-none"), GazeSource::label);
        Self {
            title: case_title(case),
            case: Some(case.id.clone()),
            labels: vec![image, label],
            gaze,
            attribution: case.attribution.clone(),
            item: None,
            note: None,
        }
    }

    /// Of the visitor's own image.
    pub fn of_own(name: &str) -> Self {
        Self {
            title: if name.is_empty() { message!("image-own") } else { name.into() },
            case: None,
            labels: vec![message!("image-own-stays"), message!("gaze-none")],
            gaze: None,
            attribution: None,
            item: None,
            note: None,
        }
    }
}

/// What the page calls a case: the bundle's title, translated where the page knows it. Phantoms are named plainly.
pub fn case_title(case: &GalleryCase) -> Message {
    if let Some(number) = case.title.strip_prefix("Phantom ").filter(|_| case.is_phantom()) {
        return message!("practice-image", number = number);
    }
    // Another bundle may have the id, and call its picture something else.
    Message::of_english(format!("case-{}", case.id), &case.title)
}

/// An image and where it comes from. The bytes are kept so that another engine can open it too.
pub struct Source {
    /// What is said about it.
    pub origin: Origin,
    /// Descriptions that it comes with.
    pub descriptions: Vec<CaseDescription>,
    /// What the engine is told.
    pub request: OpenRequest,
}

/// What the engines have found on the open image.
#[derive(Default)]
pub struct Findings {
    /// Width and height of the file, in pixels.
    pub size: (u32, u32),
    /// What was done to it so that it could be shown.
    pub notes: Vec<Message>,
    /// Gaze that came with it.
    pub case_gaze: Vec<Fixation>,
    /// How far the visitor's image looks from those of training, and what is usual.
    pub likeness: Option<(f32, f32)>,
    /// The same for other bundles, as far as it was measured.
    pub resemblances: Vec<Resemblance>,
    /// The true mask.
    pub truth: Option<Outline>,
    /// The masks of the students that have drawn, by their place in the manifest.
    pub students: BTreeMap<usize, Outline>,
    /// The teacher's mask.
    pub teacher: Option<Outline>,
    /// How many lesions are looked at, and of how many, where these are some and not all. Every Dice is
    /// then with these alone.
    pub lesions: Option<(u32, u32)>,
    /// Heat map of the fixations that the teacher saw.
    pub heat: Option<Heat>,
    /// How sure the teacher is.
    pub confidence: Option<Heat>,
    /// Where the teacher attended to the phrases that it has read.
    pub attention: Vec<AttentionMap>,
    /// What the last change of gaze or words changed.
    pub change: Option<Change>,
    /// Number of answers of the teacher so far.
    pub answers: u64,
    /// Pseudo-masks of the fixations, while one of their layers is shown.
    pub gaze: Option<GazeMasks>,
}

impl Findings {
    /// Whether the visitor's image is unlike every one that the model has learnt from: what is outlined on it means
    /// nothing.
    pub fn unlike(&self) -> bool {
        self.likeness.is_some_and(|(distance, usual)| distance > usual)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::bundle::Manifest;

    use super::*;
    use crate::text::{LANGUAGES, speak};

    #[test]
    fn every_shipped_picture_has_its_title_in_both_languages() {
        for folder in ["polyp", "prostate", "skin"] {
            let path = format!("{}/../www/bundle/{folder}/manifest.json", env!("CARGO_MANIFEST_DIR"));
            for case in Manifest::parse(&std::fs::read(path).unwrap()).unwrap().gallery {
                let title = case_title(&case);
                assert!(matches!(title, Message::Known { .. }), "{folder}: {} has no title in web/text", case.id);
                let english = title.to_string();
                assert!(case.is_phantom() || english == case.title, "{english}");
                speak(&LANGUAGES[1]);
                let chinese = title.to_string();
                speak(&LANGUAGES[0]);
                assert!(!chinese.is_ascii() && chinese != english, "{chinese}");
            }
        }
    }

    #[test]
    fn a_picture_of_another_bundle_is_called_as_that_has_it() {
        let path = format!("{}/../www/bundle/polyp/manifest.json", env!("CARGO_MANIFEST_DIR"));
        let mut case = Manifest::parse(&std::fs::read(path).unwrap()).unwrap().gallery.remove(0);
        case.title = "Mine".into();
        assert_eq!(case_title(&case), Message::from("Mine"));
        let (id, title) = ("no id of a message", "Two at once");
        assert_eq!(case_title(&GalleryCase { id: id.into(), title: title.into(), ..case }), Message::from(title));
    }

    #[test]
    fn an_image_is_unlike_where_the_bundle_says_so() {
        let of = |likeness| Findings { likeness, ..Findings::default() }.unlike();
        assert_eq!([None, Some((1.5, 1.5)), Some((1.6, 1.5))].map(of), [false, false, true]);
    }
}
