//! What teacher and student are told to predict: made from gaze (and from the teacher), never from a mask.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    image::{pool_plane, resize_plane},
    model::STUDENT_SIDE,
    plane::{Mask, Plane},
    pseudo_mask::{PseudoMaskParams, PseudoMasks},
};

/// What supervises the teacher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TeacherTarget {
    /// Cross-entropy on high-confidence and background pixels only (method, section 2). Without background pixels it is
    /// `FullBce`.
    Partial,
    /// Cross-entropy everywhere; all that is not high-confidence counts as background (the paper's released code).
    FullBce,
    /// The refined map itself as a soft target everywhere. What served the labels best when it was tried.
    Refined,
}

/// What supervises the student.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StudentTarget {
    /// The heat map as it is, cut at the broad level: the paper's setting, without GrabCut.
    HeatMap,
    /// The broad pseudo-mask, refined as the configuration says.
    BroadMask,
    /// The trained teacher's prediction with all of the image's gaze, averaged over four flips.
    Teacher,
    /// The high-confidence pseudo-mask: the paper's target of the teacher, as a baseline.
    HighConfidence,
    /// Two students at once, one on the broad and one on the high-confidence pseudo-mask
    /// ([`super::TwoLevel`]): a baseline.
    TwoLevel,
    /// The true mask. For rows named full supervision only: everything else here is trained without one.
    FullSupervision,
}

/// A soft target in 0..1 and the weight of every pixel, at the side of a head's logits.
#[derive(Clone, Debug)]
pub struct Target {
    /// What to predict.
    pub value: Plane,
    /// 1 where the pixel counts, 0 where it does not.
    pub weight: Plane,
}

/// The teacher's target, `[side, side]`: the side of its logits.
pub fn teacher_target(masks: &PseudoMasks, kind: TeacherTarget, side: usize) -> Target {
    let pooled = |plane: &Plane| pool_plane(plane, side);
    let everywhere = Plane::filled(side, side, 1.0);
    let high = || pooled(&masks.high_confidence.to_plane());
    match kind {
        TeacherTarget::Refined => Target { value: pooled(&masks.refined), weight: everywhere },
        TeacherTarget::FullBce => Target { value: high(), weight: everywhere },
        TeacherTarget::Partial if masks.background.is_empty() => Target { value: high(), weight: everywhere },
        TeacherTarget::Partial => {
            let (high, background) = (high(), pooled(&masks.background.to_plane()));
            // A cell counts when it is mostly made of reliable pixels; its target is the share of lesion among them.
            let reliable: Vec<f32> = high.data.iter().zip(&background.data).map(|(h, b)| h + b).collect();
            let value = high.data.iter().zip(&reliable).map(|(h, r)| if *r > 0.0 { h / r } else { 0.0 }).collect();
            let weight = reliable.iter().map(|r| if *r >= 0.5 { 1.0 } else { 0.0 }).collect();
            Target { value: Plane::from_vec(side, side, value), weight: Plane::from_vec(side, side, weight) }
        }
    }
}

/// The masks that a student of this target is told of: for the heat map those without any
/// refinement, else those at hand.
pub fn told_masks<'a>(masks: &'a PseudoMasks, kind: StudentTarget, params: &PseudoMaskParams) -> Cow<'a, PseudoMasks> {
    match kind {
        StudentTarget::HeatMap => Cow::Owned(masks.unrefined(params)),
        StudentTarget::BroadMask
        | StudentTarget::Teacher
        | StudentTarget::HighConfidence
        | StudentTarget::TwoLevel
        | StudentTarget::FullSupervision => Cow::Borrowed(masks),
    }
}

/// The paper's target of the student: the broad pseudo-mask, `[side, side]`, every pixel counted.
pub fn broad_target(masks: &PseudoMasks, side: usize) -> Target {
    full_target(&masks.broad, side)
}

/// The high-confidence pseudo-mask as the student's target, `[side, side]`, every pixel counted.
pub fn high_confidence_target(masks: &PseudoMasks, side: usize) -> Target {
    full_target(&masks.high_confidence, side)
}

/// A mask of any size as the student's target, `[side, side]`, every pixel counted: for full supervision, a true one.
pub fn full_target(mask: &Mask, side: usize) -> Target {
    Target { value: pool_plane(&mask.to_plane(), side), weight: Plane::filled(side, side, 1.0) }
}

/// The student's target from the teacher's probabilities (any size), silenced where the gaze says
/// background, `[56, 56]`.
pub fn relabelled_target(teacher: &Plane, masks: &PseudoMasks) -> Target {
    let mut value = resize_plane(teacher, STUDENT_SIDE, STUDENT_SIDE);
    let background = pool_plane(&masks.background.to_plane(), STUDENT_SIDE);
    for (v, b) in value.data.iter_mut().zip(&background.data) {
        *v = (*v * (1.0 - b)).clamp(0.0, 1.0);
    }
    Target { value, weight: Plane::filled(STUDENT_SIDE, STUDENT_SIDE, 1.0) }
}
