//! Asking a teacher many questions at once.

use anyhow::{Context, Result};
use burn::tensor::{Device, Tensor};
use fovea_shared::{
    description::Description,
    gaze::Scanpath,
    model::{GazePrompt, PhraseTokens, PromptMaps, Pyramid, TEACHER_SIDE, TeacherHead},
    plane::Plane,
};
use half::f16;

use crate::{
    features::{FLIPS, Features, PictureFeatures},
    run::{pyramid, tokens},
};

/// Questions answered in one pass.
const BATCH: usize = 8;

/// One question.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    /// What the backbone sees of the picture.
    pub(super) features: Seen<'a>,
    /// The looks; `None` for none.
    pub(super) gaze: Option<&'a Scanpath>,
    /// What is said.
    pub(super) text: Option<&'a Description>,
}

/// What a backbone sees of a picture: on disk until the question is asked.
#[derive(Clone, Copy)]
pub(super) enum Seen<'a> {
    /// Of an image of the list.
    Case(&'a Features, usize),
    /// Of a picture that was made.
    Made(&'a PictureFeatures, usize),
}

impl Seen<'_> {
    /// [`Pyramid::LEN`] values.
    fn values(self) -> Result<Vec<f16>> {
        match self {
            Self::Case(features, case) => features.get(case, 0),
            Self::Made(features, picture) => features.get(picture),
        }
    }
}

/// A teacher to ask.
#[derive(Clone, Copy)]
pub(super) struct Teacher<'a> {
    /// Its weights.
    pub(super) head: &'a TeacherHead,
    /// Where to compute.
    pub(super) device: &'a Device,
}

impl Teacher<'_> {
    /// Logits `[TEACHER_SIDE, TEACHER_SIDE]`, one plane a question.
    ///
    /// # Errors
    /// A device that fails.
    pub(super) fn answer(&self, asks: &[Ask<'_>]) -> Result<Vec<Plane>> {
        let mut planes = Vec::with_capacity(asks.len());
        for batch in asks.chunks(BATCH) {
            let prompts: Vec<Option<PromptMaps>> = batch.iter().map(|ask| ask.gaze.map(PromptMaps::of)).collect();
            let prompts: Vec<Option<&PromptMaps>> = prompts.iter().map(Option::as_ref).collect();
            let texts: Vec<Vec<Vec<f32>>> = batch.iter().map(|ask| tokens(ask.text, FLIPS[0])).collect();
            let logits = self.head.forward(
                &self.stacked(batch)?,
                &GazePrompt::new(&prompts, self.device),
                &PhraseTokens::new(&texts, self.device),
            );
            let data = logits.try_into_data().context("the device could not be read")?.try_to_vec::<f32>()?;
            let plane = |values: &[f32]| Plane::from_vec(TEACHER_SIDE, TEACHER_SIDE, values.to_vec());
            planes.extend(data.chunks_exact(TEACHER_SIDE * TEACHER_SIDE).map(plane));
        }
        Ok(planes)
    }

    fn stacked(&self, batch: &[Ask<'_>]) -> Result<Pyramid> {
        let seen = batch.iter().map(|ask| Ok(pyramid(&ask.features.values()?, self.device)));
        let all: Vec<Pyramid> = seen.collect::<Result<_>>()?;
        let level = |i: usize| Tensor::cat(all.iter().map(|p| p.levels[i].clone()).collect(), 0);
        Ok(Pyramid { levels: std::array::from_fn(level) })
    }
}
