//! Students that are taught from a few pictures: read the pictures, say what each shows, set a
//! course up, take steps, take the student home.
//!
//! ```text
//! TeachRead ─► TeachReadOn ... (a view each)  one picture after the other, while the visitor looks
//! TeachTell                                   what a picture teaches: a glance, an outline, ...
//! Teach     ─► TeachStep ...                  a course, from a fresh student to the end
//! TeachDraw                                   pictures that were not drawn in the course, a few at a time
//! TeachExport, TeachForget
//! ```
//! Each request takes as long as one picture through the backbone or the steps that it names, so the
//! engine answers other requests between.

use std::num::NonZeroUsize;

use fovea_shared::gaze::Fixation;
use serde::{Deserialize, Serialize};

use super::{Blob, NamedFile, Outline};

/// A picture to read. The engine keeps its features under its number, so that it is read once and
/// may be taught again with other glances.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TeachPicture {
    /// Number of the picture, given by the app. Another file under the same number replaces it.
    pub picture: u64,
    /// The encoded image.
    pub file: NamedFile,
    /// The true mask as an image file: for scores, for [`TeachTarget::Truth`] and
    /// [`TeachTarget::Simulated`]. Glances never see it.
    pub mask: Option<NamedFile>,
    /// Whether the files are the bundle's and must match its SHA-256 sums.
    pub from_bundle: bool,
    /// What it is read for.
    pub role: TeachRole,
}

/// What a picture is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TeachRole {
    /// To be taught: in as many views as the recipe has.
    Taught,
    /// To be drawn by a student that was not taught with it: in one view.
    Unseen,
}

/// How far a picture is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeachReading {
    /// Number of the picture.
    pub picture: u64,
    /// Views that the backbone has read.
    pub views: usize,
    /// Views that its role needs; once `views` reaches it the picture is ready.
    pub of: usize,
    /// Width and height of the file, in pixels.
    pub native: (u32, u32),
    /// Whether its true mask is known.
    pub truth: bool,
    /// What the engine keeps of all pictures.
    pub kept: TeachKept,
}

/// What the engine keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeachKept {
    /// Pictures.
    pub pictures: usize,
    /// Courses.
    pub courses: usize,
    /// Bytes of the pictures' features.
    pub bytes: usize,
    /// Bytes that they may take together.
    pub limit: usize,
}

/// What a picture teaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TeachTarget {
    /// The refined heat map of a person's gaze, first look first.
    Glances(Vec<Fixation>),
    /// A mask that was drawn by hand, as an image file of the picture's size.
    Drawn(NamedFile),
    /// The true mask: the upper bound.
    Truth,
    /// The refined heat map of gaze that is simulated from the true mask.
    Simulated {
        /// Another seed is another look.
        seed: u64,
        /// How long it looks, in seconds.
        seconds: f32,
    },
}

/// Asks for the target of one picture, to show it. A course that uses the same target does not make
/// it a second time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeachTell {
    /// Number of the picture.
    pub picture: u64,
    /// What it teaches.
    pub target: TeachTarget,
}

/// The target of one picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeachTold {
    /// Number of the picture.
    pub picture: u64,
    /// The target cut at one half, with its Dice where the truth is known.
    pub outline: Outline,
    /// The gaze that it was made of; empty for masks.
    pub fixations: Vec<Fixation>,
}

/// A fresh student and what it learns from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeachRequest {
    /// Number of the course, given by the app. A course of the same number is replaced; several
    /// courses race.
    pub course: u32,
    /// Numbers of the pictures to be taught, with what each teaches.
    pub taught: Vec<(u64, TeachTarget)>,
    /// Numbers of pictures that the student draws and does not learn from.
    pub unseen: Vec<u64>,
    /// Seed of the fresh student and of the order of the views.
    pub seed: u64,
    /// Steps of the whole course; nothing: the recipe's.
    pub steps: Option<NonZeroUsize>,
}

/// Some steps of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeachStep {
    /// Number of the course.
    pub course: u32,
    /// How many steps; fewer are taken where the course ends before.
    pub steps: usize,
    /// How many pictures to draw afterwards, by turns. After the last step all are drawn.
    pub draw: usize,
}

/// Where a course is: the answer to [`TeachRequest`] and [`TeachStep`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaughtStep {
    /// Number of the course.
    pub course: u32,
    /// Steps taken so far.
    pub step: usize,
    /// Steps of the whole course.
    pub of: usize,
    /// The loss of each step of this answer, on the targets.
    pub losses: Vec<f32>,
    /// Time for these steps, in ms.
    pub ms: f64,
    /// Time for drawing, in ms.
    pub draw_ms: f64,
    /// The pictures that were drawn. Those that are not here stay as they were drawn last.
    pub drawn: Vec<TeachDrawn>,
    /// The score, where every picture is drawn: before the first step and after the last.
    pub score: Option<TeachScore>,
}

impl TaughtStep {
    /// Whether the course has ended.
    pub fn finished(&self) -> bool {
        self.step >= self.of
    }
}

/// One picture as a student draws it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeachDrawn {
    /// Number of the picture.
    pub picture: u64,
    /// Whether the student learns without it.
    pub unseen: bool,
    /// Its mask: that of the moving average of the student's weights. Dice is taken where the truth
    /// is known, with no side of the image above 512 pixels.
    pub outline: Outline,
}

/// Asks a student to draw pictures that are read, whether or not its course has named them. So any
/// number of pictures can be read, drawn and forgotten in turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeachDraw {
    /// Number of the course.
    pub course: u32,
    /// Numbers of the pictures; those that are not read are left out.
    pub pictures: Vec<u64>,
}

/// Pictures as a student draws them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeachDrew {
    /// Number of the course.
    pub course: u32,
    /// The pictures.
    pub drawn: Vec<TeachDrawn>,
}

/// Mean Dice of a student; nothing where no truth is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TeachScore {
    /// Over the pictures that it learns from.
    pub taught: Option<f32>,
    /// Over the unseen pictures.
    pub unseen: Option<f32>,
}

/// What the engine is to forget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TeachForget {
    /// A picture, and the courses that still learn from it.
    Picture(u64),
    /// A course.
    Course(u32),
    /// Everything.
    All,
}

/// A student as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeachExported {
    /// Number of the course.
    pub course: u32,
    /// Steps that it took.
    pub step: usize,
    /// The weights as safetensors in f32, named as the trainer names them.
    pub safetensors: Blob,
}
