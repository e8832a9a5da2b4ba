//! What an engine answers about a model and the image that is open.

use fovea_shared::{bundle::CaseDescription, description::Phrase, gaze::Fixation};
use serde::{Deserialize, Serialize};

use super::{Backend, Blob, Heat, Outline};
use crate::text::Message;

/// A loaded model on one device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The device.
    pub backend: Backend,
    /// Name of the adapter, as far as the browser tells.
    pub adapter: String,
    /// Largest difference from the bundle's golden outputs.
    pub max_abs_diff: f32,
    /// Whether that is small enough.
    pub passed: bool,
    /// Time the backbone takes for an image, in ms: on WebGPU after warm-up, on the CPU at the first image.
    pub embed_ms: f64,
    /// Time the teacher takes for a set of fixations, in ms, after warm-up.
    pub click_ms: f64,
}

/// A decoded image, made small enough for a screen.
#[derive(Debug, Serialize, Deserialize)]
pub struct Picture {
    /// Number of the image.
    pub image: u64,
    /// Width and height of the file, in pixels.
    pub native: (u32, u32),
    /// Width and height of `rgba`, in pixels.
    pub shown: (u32, u32),
    /// `shown.0 * shown.1 * 4` bytes.
    pub rgba: Blob,
    /// The fixations that came with the image.
    pub fixations: Vec<Fixation>,
    /// What was done to it that a visitor should know.
    pub notes: Vec<Message>,
}

/// An image that the backbone has read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Opened {
    /// Number of the image.
    pub image: u64,
    /// Time the backbone took, in ms.
    pub embed_ms: f64,
    /// The mask of the student that was asked for. It sees the image only, so it is made once an image.
    pub student: Outline,
    /// That student's place in the manifest.
    pub place: usize,
    /// The true mask, where it is known.
    pub truth: Option<Outline>,
    /// How far an image of the visitor's looks from those of training, and below what distance 99 of 100 of their kind lie: see
    /// [`fovea_shared::bundle::familiarity`]. Nothing for a case of the bundle, and where the bundle does not say.
    pub likeness: Option<(f32, f32)>,
}

/// The teacher's answer to a set of fixations.
#[derive(Debug, Serialize, Deserialize)]
pub struct Seen {
    /// Number of the image.
    pub image: u64,
    /// Time the teacher took, in ms.
    pub teacher_ms: f64,
    /// Time for everything in this answer, in ms.
    pub total_ms: f64,
    /// The teacher's mask.
    pub teacher: Outline,
    /// The student that has drawn last, by its place in the manifest, and its Dice with the same truth.
    pub student: Option<(usize, f32)>,
    /// How many lesions are looked at, and of how many, where these are some and not all. Every Dice of
    /// this answer is then with these lesions alone.
    pub lesions: Option<(u32, u32)>,
    /// The heat map of the fixations, which is the teacher's prompt; nothing without fixations.
    pub heat: Option<Heat>,
    /// How sure the teacher is of each place, inside or outside: 255 is certain, 0 is one half (`2 max(p, 1 - p) - 1`).
    pub confidence: Heat,
    /// Where the teacher attended to each phrase that it read, in the order of the phrases.
    pub attention: Vec<AttentionMap>,
    /// What the change of the inputs changed, where there was one to compare with.
    pub change: Option<Change>,
}

/// What a student has drawn on an image that was open already.
#[derive(Debug, Serialize, Deserialize)]
pub struct StudentSeen {
    /// Number of the image.
    pub image: u64,
    /// The student's place in the manifest.
    pub place: usize,
    /// Its mask.
    pub outline: Outline,
}

/// Where the teacher attended to one phrase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttentionMap {
    /// The phrase.
    pub phrase: Phrase,
    /// The largest attention of any place, 0 to 1: how much of what that place reads is this phrase.
    pub max: f32,
    /// Width and height.
    pub size: (u32, u32),
    /// Attention as parts of `max`, 0 to 255, row by row.
    pub values: Blob,
}

/// What a change of gaze or words did to the teacher's mask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What is inside now and was not before.
    pub gained: Outline,
    /// What was inside before and is not now.
    pub lost: Outline,
    /// Pixels inside before.
    pub area_before: u32,
    /// Pixels gained as a share of the former mask; of the present one where the former was empty.
    pub gained_share: f32,
    /// Pixels lost as a share of the former mask.
    pub lost_share: f32,
    /// Dice of the former mask, where the truth is known.
    pub dice_before: Option<f32>,
}

/// Simulated gaze.
#[derive(Debug, Serialize, Deserialize)]
pub struct Simulated {
    /// Number of the image.
    pub image: u64,
    /// The fixations, first look first.
    pub fixations: Vec<Fixation>,
    /// Whether they are aimed at the true mask, which the simulation has seen; else at the student's.
    pub saw_truth: bool,
}

/// A mask as a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Exported {
    /// Number of the image.
    pub image: u64,
    /// Whether it is the teacher's; else a student's.
    pub teacher: bool,
    /// PNG with one channel of 8 bits: 255 inside, 0 outside.
    pub png: Blob,
}

/// Descriptions of the open image that were made on this device.
#[derive(Debug, Serialize, Deserialize)]
pub struct Described {
    /// Number of the image.
    pub image: u64,
    /// Each says its source; none where nothing could be said.
    pub descriptions: Vec<CaseDescription>,
}

/// Pseudo-masks of a set of fixations.
#[derive(Debug, Serialize, Deserialize)]
pub struct GazeMasks {
    /// Number of the image.
    pub image: u64,
    /// High-confidence mask.
    pub high_confidence: Outline,
    /// Broad mask.
    pub broad: Outline,
    /// Reliable background.
    pub background: Outline,
}
