//! Students side by side, and what the strategies see of them.

use fovea_shared::gaze::Fixation;
use serde::{Deserialize, Serialize};

use super::{Heat, Outline, Text};

/// Which students are compared, and with what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompareRequest {
    /// Image that is meant.
    pub image: u64,
    /// Places of the students in the manifest.
    pub places: Vec<usize>,
    /// The teacher's gaze, first look first.
    pub fixations: Vec<Fixation>,
    /// The teacher's text.
    pub text: Text,
    /// What the difference maps are taken against.
    pub against: Against,
}

/// What a mask is compared with in a difference map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Against {
    /// The true mask, where it is known; else nothing is compared.
    #[default]
    Truth,
    /// The teacher's mask.
    Teacher,
    /// The mask of the student at this place.
    Student(usize),
}

/// The answer: everything about the compared students.
#[derive(Debug, Serialize, Deserialize)]
pub struct Compared {
    /// Number of the image.
    pub image: u64,
    /// The teacher with the gaze and the text that were given.
    pub teacher: Contestant,
    /// The students by their place in the manifest, as asked for.
    pub students: Vec<(usize, Contestant)>,
    /// Where these students agree.
    pub agreement: Agreement,
}

/// How far several masks agree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// How many masks there are.
    pub students: u32,
    /// For each pixel how many of the masks include it, 0 to `students`, row by row. Smaller than the image where that is large.
    pub counts: Heat,
    /// Pixels of the full size that exactly 0, 1, ..., `students` masks include.
    pub pixels: Vec<u32>,
    /// Mean intersection over union of every two masks, 0 to 1; nothing of fewer than two. Two empty masks agree.
    pub mean_iou: Option<f32>,
}

/// One mask of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contestant {
    /// The mask, with its Dice.
    pub outline: Outline,
    /// Intersection over union with the true mask, 0 to 1, where it is known.
    pub iou: Option<f32>,
    /// 95th percentile of the pooled surface distances from the true mask, in pixels of the image, where it is known.
    pub hd95: Option<f32>,
    /// How it differs from what it is compared with; nothing where that is not known, or is itself.
    pub difference: Option<Difference>,
    /// What the strategies see of a student; nothing of the teacher.
    pub inside: Option<Inside>,
}

/// Where two masks differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Inside this mask and outside of the other.
    pub extra: Outline,
    /// Outside of this mask and inside the other.
    pub missing: Outline,
}

/// What AFC, CWC and DARM see of a student beside its teacher. Of a finished student all is looked at that can be; of one that learns, what
/// its own strategies saw in the last step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inside {
    /// AFC: the cosine between the student's adapted features and the teacher's at strides 8, 16 and 32, -1 to 1 as 0 to 255. Empty
    /// without adapters.
    pub cosine: Vec<Heat>,
    /// AFC: the mean cosine of each scale.
    pub cosine_means: Vec<f32>,
    /// CWC: reliable pixels that the student is told to call lesion.
    pub reliable_lesion: Option<Outline>,
    /// CWC: reliable pixels that the student is told to call background.
    pub reliable_background: Option<Outline>,
    /// DARM: where teacher and student disagree.
    pub disagreement: Option<Outline>,
    /// DARM: the squares that are hidden from the student in a step.
    pub masked: Option<Outline>,
}
