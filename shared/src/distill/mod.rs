//! Distillation: [`Distiller::step`] is the only place where a teacher or a student learns. The trainer calls it thousands
//! of times, the page may call it live.

mod ema;
mod grounding;
mod loss;
mod schedule;
mod targets;

pub use grounding::grounding;
pub use loss::{soft_dice, weighted_bce};
pub use schedule::one_cycle;
pub use targets::{StudentTarget, Target, TeacherTarget, broad_target, relabelled_target, teacher_target};

use burn::{
    module::Module,
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer},
    tensor::{Device, Tensor, TensorData},
};
use serde::{Deserialize, Serialize};

use crate::{
    model::{GazePrompt, PhraseTokens, Pyramid, StudentHead, TeacherHead},
    plane::Plane,
};

/// What a step optimises besides data; the same for trainer and page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DistillConfig {
    /// Weight of the soft Dice term beside the cross-entropy, for the student.
    pub student_dice: f64,
    /// Weight of the soft Dice term beside the cross-entropy, for the teacher.
    pub teacher_dice: f64,
    /// Weight of the grounding term: how strongly the teacher's attention to phrases is drawn to where the lesion is
    /// according to the gaze ([`grounding`]). 0 is the paper.
    pub grounding: f64,
    /// AdamW's weight decay.
    pub weight_decay: f32,
    /// Decay of the moving average of the weights.
    pub ema: f64,
}

impl Default for DistillConfig {
    fn default() -> Self {
        Self { student_dice: 0.5, teacher_dice: 0.0, grounding: 0.0, weight_decay: 0.01, ema: 0.99 }
    }
}

/// Who learns in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Learner {
    /// The teacher, from its pseudo-masks.
    Teacher,
    /// The student, from its target.
    Student,
    /// Both at once, as the paper trains them; neither's loss reaches the other's weights.
    Both,
}

/// One batch. Targets and weights are `[batch, 1, side, side]` at the side of the head's logits.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Backbone features.
    pub features: Pyramid,
    /// The teacher's gaze prompt. Needed when the teacher learns.
    pub prompt: Option<GazePrompt>,
    /// The teacher's text; `None` is no text for any image.
    pub text: Option<PhraseTokens>,
    /// The teacher's target and weight. Needed when the teacher learns.
    pub teacher: Option<(Tensor<4>, Tensor<4>)>,
    /// The student's target and weight. Needed when the student learns.
    pub student: Option<(Tensor<4>, Tensor<4>)>,
}

/// The losses of one step, left on the device until somebody reads them.
#[derive(Clone, Debug, Default)]
pub struct StepLosses {
    /// Set when the teacher learnt.
    pub teacher: Option<Tensor<1>>,
    /// Set when the student learnt.
    pub student: Option<Tensor<1>>,
}

/// A head in training: its weights, their moving average and the optimiser's state.
pub struct Trainee<M: Module> {
    /// The weights that gradients reach.
    pub head: M,
    /// Their moving average: what is validated, exported and asked for labels.
    pub average: M,
    /// AdamW's moments.
    pub optimiser: ModuleOptimizer,
    /// Steps taken.
    pub steps: usize,
}

impl<M: Module> Trainee<M> {
    /// Starts training from `head`, which must live on a device with autodiff.
    pub fn new(head: M, config: &DistillConfig) -> Self {
        let average = head.valid();
        let optimiser = AdamWConfig::new().with_weight_decay(config.weight_decay).init();
        Self { head, average, optimiser, steps: 0 }
    }

    fn learn(&mut self, loss: &Tensor<1>, rate: f64, ema: f64) {
        let gradients = GradientsParams::from_grads(loss.backward(), &self.head);
        self.head = self.optimiser.step(rate, self.head.clone(), gradients);
        self.steps += 1;
        // The first steps are far from where the weights go, so the average forgets them faster.
        let decay = ema.min((1 + self.steps) as f64 / (10 + self.steps) as f64);
        self.average = ema::update(self.average.clone(), &self.head, decay);
    }
}

/// Teacher and student in training.
pub struct Distiller {
    /// The settings of every step.
    pub config: DistillConfig,
    /// The teacher.
    pub teacher: Trainee<TeacherHead>,
    /// The student.
    pub student: Trainee<StudentHead>,
}

impl Distiller {
    /// Fresh heads drawn from `seed` on `device` (without autodiff; it is added here).
    pub fn new(config: DistillConfig, seed: u64, device: &Device) -> Self {
        let device = device.clone().autodiff();
        // Two streams of one seed, so that a change to one head does not redraw the other.
        let teacher = Trainee::new(TeacherHead::new(seed.wrapping_mul(2), &device), &config);
        let student = Trainee::new(StudentHead::new(seed.wrapping_mul(2).wrapping_add(1), &device), &config);
        Self { config, teacher, student }
    }

    /// One optimiser step at learning rate `rate`.
    ///
    /// # Panics
    /// When the batch lacks the targets of a learner: a programming error, not one of data.
    pub fn step(&mut self, batch: &Batch, learner: Learner, rate: f64) -> StepLosses {
        let mut losses = StepLosses::default();
        if learner != Learner::Student {
            let prompt = batch.prompt.as_ref().expect("a teacher's batch has a prompt");
            let (target, weight) = batch.teacher.clone().expect("a teacher's batch has its target");
            let text = match &batch.text {
                Some(text) => text.tracked(),
                None => PhraseTokens::none(target.dims()[0], &target.device()).tracked(),
            };
            let look = self.teacher.head.look(&tracked(&batch.features), &tracked_prompt(prompt), &text);
            let mut loss = head_loss(look.logits, target.clone(), weight, self.config.teacher_dice);
            if self.config.grounding > 0.0 && batch.text.is_some() {
                let target = Tensor::from_inner(target);
                loss = loss + grounding(&look.attention, target, &text).mul_scalar(self.config.grounding);
            }
            self.teacher.learn(&loss, rate, self.config.ema);
            losses.teacher = Some(loss.inner());
        }
        if learner != Learner::Teacher {
            let (target, weight) = batch.student.clone().expect("a student's batch has its target");
            let logits = self.student.head.forward(&tracked(&batch.features));
            let loss = head_loss(logits, target, weight, self.config.student_dice);
            self.student.learn(&loss, rate, self.config.ema);
            losses.student = Some(loss.inner());
        }
        losses
    }
}

/// Cross-entropy plus `dice` times soft Dice, both over the counted pixels.
fn head_loss(logits: Tensor<4>, target: Tensor<4>, weight: Tensor<4>, dice: f64) -> Tensor<1> {
    let (target, weight) = (Tensor::from_inner(target), Tensor::from_inner(weight));
    let loss = weighted_bce(logits.clone(), target.clone(), weight.clone());
    if dice > 0.0 { loss + soft_dice(logits, target, weight).mul_scalar(dice) } else { loss }
}

/// The same features as constants of the autodiff graph: the backbone is frozen.
fn tracked(features: &Pyramid) -> Pyramid {
    Pyramid { levels: features.levels.clone().map(Tensor::from_inner) }
}

fn tracked_prompt(prompt: &GazePrompt) -> GazePrompt {
    GazePrompt { levels: prompt.levels.clone().map(Tensor::from_inner) }
}

/// Planes of one size as a tensor `[batch, 1, height, width]`.
pub fn stack(planes: &[&Plane], device: &Device) -> Tensor<4> {
    let (width, height) = planes.first().map_or((0, 0), |p| (p.width, p.height));
    let values: Vec<f32> = planes.iter().flat_map(|p| p.data.iter().copied()).collect();
    Tensor::from_data(TensorData::new(values, [planes.len(), 1, height, width]), device)
}

#[cfg(test)]
mod tests;
