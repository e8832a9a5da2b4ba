//! Glances as a file, with what a student has learnt from them.

use fovea_shared::{
    description::Modality,
    gaze::{Fixation, GazeOrigin},
    text_file::{TextError, decode},
};
use serde::{Deserialize, Serialize};

use super::{GlanceSet, PictureGlance};

/// End of the names of such files.
pub const EXTENSION: &str = ".fovea-glances.json";

/// What such a file says it is; it stands at its beginning.
pub const KIND: &str = "fovea-glances";

/// Version of the format.
const VERSION: u32 = 1;

/// What a fit is measured with. Two fits can be compared where this is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// SHA-256 of the backbone, lower-case hexadecimal.
    pub backbone: String,
    /// Ids of the pictures that the student has not learnt from.
    pub unseen: Vec<String>,
}

/// How a student does that these glances have taught. Fits are mean Dice over the unseen pictures, 0
/// to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Of the student.
    pub fit: f32,
    /// How long was looked, in seconds.
    pub looked_seconds: f64,
    /// At how many pictures.
    pub glances: usize,
    /// Of the same student before it has learnt.
    pub untrained: Option<f32>,
    /// Of a student that simulated gaze has taught, where that was made.
    pub simulated: Option<f32>,
    /// Of a student that true outlines have taught, where that was made.
    pub outlines: Option<f32>,
    /// What the fits were measured with.
    pub basis: Basis,
    /// When, RFC 3339 in UTC.
    pub made: String,
}

impl Outcome {
    fn in_range(&self) -> bool {
        let fit = |fit: &f32| (0.0..=1.0).contains(fit);
        let others = [self.untrained, self.simulated, self.outlines];
        let looked = (0.0..=f64::from(u32::MAX)).contains(&self.looked_seconds);
        fit(&self.fit) && others.iter().flatten().all(fit) && looked && self.glances > 0
    }
}

/// A file of glances.
#[derive(Clone, Debug, PartialEq)]
pub struct GlanceFile {
    /// The glances.
    pub set: GlanceSet,
    /// What a student has learnt from them, if one has.
    pub result: Option<Outcome>,
}

/// Why a file of glances cannot be read. Lines count from 1.
#[derive(Clone, Debug, PartialEq)]
pub enum GlanceFileError {
    /// It is not text.
    Text(TextError),
    /// It is not JSON.
    Json {
        /// Where it ends to be.
        line: usize,
    },
    /// JSON of something else.
    Kind,
    /// A version that is not known here.
    Version(u32),
    /// A field is missing, or is another thing than it must be.
    Form {
        /// Where.
        line: usize,
        /// The reader's words, in English.
        cause: String,
    },
    /// It is about a domain that is not known here.
    Domain(String),
    /// It names an origin of gaze that is not known here.
    Gaze(String),
    /// A glance holds no fixation, or one that is out of its range: the id of its picture.
    Picture(String),
    /// It holds no glance, too many, or two at one picture.
    Pictures,
    /// Its result is out of its range.
    Result,
}

/// What every file of the format says of itself.
#[derive(Deserialize)]
struct Head {
    kind: Option<String>,
    version: Option<u32>,
}

/// The file as JSON. What is not named here is passed over.
#[derive(Serialize, Deserialize)]
struct Written {
    kind: String,
    version: u32,
    domain: String,
    gaze: String,
    pictures: Vec<WrittenGlance>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    result: Option<Outcome>,
}

#[derive(Serialize, Deserialize)]
struct WrittenGlance {
    case: String,
    fixations: Vec<Fixation>,
}

impl GlanceFile {
    /// The file's text.
    pub fn write(&self) -> String {
        let pictures = self.set.pictures().iter();
        let written = Written {
            kind: KIND.into(),
            version: VERSION,
            domain: self.set.domain().name().into(),
            gaze: self.set.origin().name().into(),
            pictures: pictures
                .map(|one| WrittenGlance { case: one.case().into(), fixations: one.fixations() })
                .collect(),
            result: self.result.clone(),
        };
        // Text, and numbers that were checked: nothing here that JSON cannot say.
        serde_json::to_string_pretty(&written).unwrap_or_default()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// The first reason why it cannot be read.
    pub fn read(bytes: &[u8]) -> Result<Self, GlanceFileError> {
        let text = decode(bytes).map_err(GlanceFileError::Text)?;
        let value: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| GlanceFileError::Json { line: error.line() })?;
        let head: Head = serde_json::from_value(value).map_err(|_| GlanceFileError::Kind)?;
        match (head.kind.as_deref(), head.version) {
            (Some(KIND), Some(VERSION)) => {}
            (Some(KIND), Some(version)) => return Err(GlanceFileError::Version(version)),
            _ => return Err(GlanceFileError::Kind),
        }
        // Read once more from the text, which has lines.
        let written: Written = serde_json::from_str(&text)
            .map_err(|error| GlanceFileError::Form { line: error.line(), cause: error.to_string() })?;
        let domain = Modality::ALL.into_iter().find(|one| one.name() == written.domain);
        let domain = domain.ok_or(GlanceFileError::Domain(written.domain))?;
        let origin = GazeOrigin::from_name(&written.gaze).ok_or(GlanceFileError::Gaze(written.gaze))?;
        let glance =
            |one: WrittenGlance| PictureGlance::of(&one.case, &one.fixations).ok_or(GlanceFileError::Picture(one.case));
        let pictures = written.pictures.into_iter().map(glance).collect::<Result<_, _>>()?;
        let set = GlanceSet::new(domain, origin, pictures).ok_or(GlanceFileError::Pictures)?;
        match written.result {
            Some(result) if !result.in_range() => Err(GlanceFileError::Result),
            result => Ok(Self { set, result }),
        }
    }
}
