//! A student in its course: steps, and drawing by turns.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor};
use fovea_shared::{
    model::{Pyramid, STUDENT_SIDE, StudentHead},
    plane::Plane,
};
use fovea_teach::{Course, Example, Recipe};

use super::picture::Picture;
use crate::{
    clock::now_ms,
    engine::{inside, masks},
    errors::step,
    protocol::{TaughtStep, TeachDrawn, TeachRequest, TeachScore, TeachStep},
    text::{Message, message},
};

/// Pictures that are drawn in one forward pass.
const TOGETHER: usize = 8;

/// A student that learns, or has learnt.
enum Stage {
    Learning(Box<Course>),
    /// The features that it learnt from are let go.
    Finished(Box<StudentHead>),
}

/// A student and the pictures that it draws.
pub(super) struct Student {
    number: u32,
    stage: Stage,
    of: usize,
    /// Numbers of the pictures that it draws, unseen ones first, with whether they are unseen.
    shown: Vec<(u64, bool)>,
    /// Place in `shown` of the picture whose turn it is.
    turn: usize,
}

impl Student {
    /// A fresh student.
    pub(super) fn new(recipe: Recipe, examples: Vec<Example>, request: &TeachRequest, device: &Device) -> Self {
        let unseen = request.unseen.iter().map(|picture| (*picture, true));
        let taught = request.taught.iter().map(|(picture, _)| (*picture, false));
        Self {
            number: request.course,
            stage: Stage::Learning(Box::new(Course::new(recipe, examples, request.seed, device))),
            of: recipe.steps,
            shown: unseen.chain(taught).collect(),
            turn: 0,
        }
    }

    /// The student as it is now.
    pub(super) fn head(&self) -> &StudentHead {
        match &self.stage {
            Stage::Learning(course) => course.student(),
            Stage::Finished(head) => head,
        }
    }

    /// Steps that it has taken.
    pub(super) fn steps(&self) -> usize {
        match &self.stage {
            Stage::Learning(course) => course.steps(),
            Stage::Finished(_) => self.of,
        }
    }

    /// Whether it still learns from this picture.
    pub(super) fn learns_from(&self, picture: u64) -> bool {
        matches!(self.stage, Stage::Learning(_)) && self.shown.contains(&(picture, false))
    }

    /// Draws every picture before the first step.
    ///
    /// # Errors
    /// A device that fails.
    pub(super) async fn untrained(&self, pictures: &BTreeMap<u64, Picture>) -> Result<TaughtStep, Message> {
        let start = now_ms();
        let drawn = self.draw(&self.shown, pictures).await?;
        Ok(self.answer((Vec::new(), 0.0), drawn, now_ms() - start, true))
    }

    /// Takes steps up to the end of the course, and draws as many pictures as are asked for, by turns;
    /// at the end all of them.
    ///
    /// # Errors
    /// In plain words: a step that gave numbers that are not finite, or a device that fails. It is
    /// then as it was before that step.
    pub(super) async fn step(
        &mut self,
        ask: TeachStep,
        pictures: &BTreeMap<u64, Picture>,
    ) -> Result<TaughtStep, Message> {
        let start = now_ms();
        let mut losses = Vec::new();
        if let Stage::Learning(course) = &mut self.stage {
            for _ in 0..ask.steps.min(self.of - course.steps()) {
                losses.push(finite_step(course).await?);
            }
            if course.steps() >= self.of {
                self.stage = Stage::Finished(Box::new(course.student().clone()));
            }
        }
        let ended = now_ms();
        let all = matches!(self.stage, Stage::Finished(_));
        let turn = if all { self.shown.clone() } else { self.next(ask.draw) };
        let drawn = self.draw(&turn, pictures).await?;
        Ok(self.answer((losses, ended - start), drawn, now_ms() - ended, all))
    }

    /// Draws pictures that its course need not have named.
    ///
    /// # Errors
    /// A device that fails.
    pub(super) async fn draw_others(
        &self,
        others: &[u64],
        pictures: &BTreeMap<u64, Picture>,
    ) -> Result<Vec<TeachDrawn>, Message> {
        let taught = |picture: &u64| self.shown.contains(&(*picture, false));
        let turn: Vec<_> = others.iter().map(|picture| (*picture, !taught(picture))).collect();
        self.draw(&turn, pictures).await
    }

    /// The next pictures to draw.
    fn next(&mut self, count: usize) -> Vec<(u64, bool)> {
        let count = count.min(self.shown.len());
        let turn = self.shown.iter().cycle().skip(self.turn).take(count).copied().collect();
        self.turn = (self.turn + count) % self.shown.len();
        turn
    }

    /// Draws pictures; those that are forgotten are left out.
    async fn draw(&self, turn: &[(u64, bool)], pictures: &BTreeMap<u64, Picture>) -> Result<Vec<TeachDrawn>, Message> {
        let known = |(number, unseen): &(u64, bool)| {
            let picture = pictures.get(number)?;
            Some((*number, *unseen, picture, picture.features()?))
        };
        let known: Vec<_> = turn.iter().filter_map(known).collect();
        let mut drawn = Vec::with_capacity(known.len());
        for together in known.chunks(TOGETHER) {
            let levels = std::array::from_fn(|level| {
                Tensor::cat(together.iter().map(|(.., features)| features.levels[level].clone()).collect(), 0)
            });
            let logits = inside::values(self.head().forward(&Pyramid { levels })).await?;
            for (logits, (number, unseen, picture, _)) in logits.chunks_exact(STUDENT_SIDE * STUDENT_SIDE).zip(together)
            {
                let logits = Plane::from_vec(STUDENT_SIDE, STUDENT_SIDE, logits.to_vec());
                let outline = masks::from_logits(&logits, picture.scored(), picture.truth());
                drawn.push(TeachDrawn { picture: *number, unseen: *unseen, outline });
            }
        }
        Ok(drawn)
    }

    fn answer(&self, (losses, ms): (Vec<f32>, f64), drawn: Vec<TeachDrawn>, draw_ms: f64, all: bool) -> TaughtStep {
        let score = all.then(|| TeachScore { taught: mean_dice(&drawn, false), unseen: mean_dice(&drawn, true) });
        TaughtStep { course: self.number, step: self.steps(), of: self.of, losses, ms, draw_ms, drawn, score }
    }
}

/// One step, and its loss. It is taken back where the loss or a weight is not finite.
async fn finite_step(course: &mut Course) -> Result<f32, Message> {
    let kept = course.keep();
    let taken = checked_step(course).await;
    if taken.is_err() {
        course.go_back(kept);
    }
    taken
}

async fn checked_step(course: &mut Course) -> Result<f32, Message> {
    let report = course.step().await.map_err(|e| step(&e))?.ok_or_else(|| message!("teach-nothing"))?;
    // Read at once: on a GPU every reading waits for the device.
    let sums = report.losses.student.into_iter().chain(course.weight_sum()).collect();
    let values = inside::values(Tensor::cat(sums, 0)).await?;
    match values.first() {
        Some(loss) if values.iter().all(|value| value.is_finite()) => Ok(*loss),
        _ => Err(message!("teach-not-finite", step = course.steps())),
    }
}

/// Mean Dice over the unseen pictures, or over the others; nothing where no truth is known.
fn mean_dice(drawn: &[TeachDrawn], unseen: bool) -> Option<f32> {
    let known: Vec<f32> = drawn.iter().filter(|d| d.unseen == unseen).filter_map(|d| d.outline.dice).collect();
    (!known.is_empty()).then(|| known.iter().sum::<f32>() / known.len() as f32)
}
