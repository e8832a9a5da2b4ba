//! Heads on images: validation, relabelling and evaluation all ask here.

use anyhow::{Context, Result};
use burn::tensor::{Device, Tensor};
use fovea_shared::{
    description::Description,
    distill::adapted,
    gaze::Scanpath,
    image::resize_plane,
    model::{GazePrompt, PhraseTokens, PromptMaps, STUDENT_SIDE, TEACHER_SIDE, TeacherHead, TeacherOutput},
    plane::Plane,
    predictor::attention_maps,
};

use super::{best::Student, tensors::pyramid, tokens};
use crate::features::{FLIPS, Features};

/// What a teacher is asked with besides the image.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Prompt<'a> {
    /// Its gaze prompt.
    pub(crate) gaze: Option<&'a Scanpath>,
    /// Its text.
    pub(crate) text: Option<&'a Description>,
}

/// Teacher logits of one case, averaged as probabilities over `flips` mirror images when more than one.
pub(crate) fn predict_teacher(
    head: &TeacherHead,
    features: &Features,
    case: usize,
    asked: Prompt<'_>,
    flips: usize,
    device: &Device,
) -> Result<Plane> {
    average(flips, TEACHER_SIDE, |flip| Ok(forward(head, features, case, asked, flip, device)?.logits))
}

/// Teacher logits of one upright case and one attention map `[28, 28]` a phrase of its text.
pub(crate) fn attend(
    head: &TeacherHead,
    features: &Features,
    case: usize,
    asked: Prompt<'_>,
    device: &Device,
) -> Result<(Plane, Vec<Plane>)> {
    let output = forward(head, features, case, asked, 0, device)?;
    let logits = plane_of(output.logits, TEACHER_SIDE)?;
    let mut levels = Vec::with_capacity(output.attention.len());
    for level in output.attention {
        levels.push(level.try_into_data().context("the device could not be read")?.try_to_vec::<f32>()?);
    }
    Ok((logits, attention_maps(&levels, asked.text.map_or(0, |text| text.iter().count()))))
}

fn forward(
    head: &TeacherHead,
    features: &Features,
    case: usize,
    asked: Prompt<'_>,
    flip: usize,
    device: &Device,
) -> Result<TeacherOutput> {
    let mirror = FLIPS[flip];
    let heat = asked.gaze.map(|gaze| PromptMaps::of(gaze).changed(|map| map.flip(mirror.horizontal, mirror.vertical)));
    let text = PhraseTokens::new(&[tokens(asked.text, mirror)], device);
    let seen = pyramid(&features.get(case, flip)?, device);
    Ok(head.output(&seen, &GazePrompt::new(&[heat.as_ref()], device), &text))
}

/// Student logits of one case, averaged as probabilities over `flips` mirror images when more than one.
pub(crate) fn predict_student(
    student: &Student,
    features: &Features,
    case: usize,
    flips: usize,
    device: &Device,
) -> Result<Plane> {
    average(flips, STUDENT_SIDE, |flip| {
        let seen = pyramid(&features.get(case, flip)?, device);
        let seen = adapted(seen, student.backbone.as_ref());
        let logits = student.head.forward(&seen);
        Ok(match &student.partner {
            None => logits,
            Some(partner) => (logits + partner.forward(&seen)).mul_scalar(0.5),
        })
    })
}

/// Logits of one image as a plane.
///
/// # Errors
/// A device that fails.
pub(crate) fn plane_of(logits: Tensor<4>, side: usize) -> Result<Plane> {
    let data = logits.try_into_data().context("the device could not be read")?;
    Ok(Plane::from_vec(side, side, data.try_to_vec::<f32>()?))
}

/// Logits `[side, side]` of one image: of the upright one, or averaged as probabilities over
/// `flips` mirror images when more than one.
pub(super) fn average(flips: usize, side: usize, forward: impl Fn(usize) -> Result<Tensor<4>>) -> Result<Plane> {
    if flips <= 1 {
        return plane_of(forward(0)?, side);
    }
    let mut sum = vec![0.0f32; side * side];
    for (flip, mirror) in FLIPS.iter().enumerate().take(flips) {
        let upright = plane_of(forward(flip)?, side)?.flip(mirror.horizontal, mirror.vertical);
        sum.iter_mut().zip(&upright.data).for_each(|(s, v)| *s += 1.0 / (1.0 + (-v).exp()));
    }
    let logit = |p: f32| {
        let p = (p / flips as f32).clamp(1e-6, 1.0 - 1e-6);
        (p / (1.0 - p)).ln()
    };
    Ok(Plane::from_vec(side, side, sum.into_iter().map(logit).collect()))
}

/// Probabilities of logits, at any size.
pub(super) fn probabilities(logits: &Plane, side: usize) -> Plane {
    resize_plane(logits, side, side).sigmoid()
}
