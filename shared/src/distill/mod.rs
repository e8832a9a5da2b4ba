//! Distillation: [`Distiller::step`] is the only place where a teacher or a student learns. The
//! trainer calls it thousands of times, the page may call it live. The networks of the released
//! code have a step of their own, made of the same strategies (crate `fovea-paper`).

pub mod alignment;
mod batch;
pub mod consistency;
mod ema;
mod finite;
mod grounding;
mod inside;
mod loss;
pub mod masking;
pub mod mixing;
mod optimised;
mod ramp;
mod schedule;
mod step;
mod strategies;
mod targets;
mod terms;
mod trainee;
mod two_level;

pub use alignment::{Adapters, align};
pub use batch::{
    Batch, StepContext, StepDiagnostics, StepError, StepLosses, StepReport, StudentSupervision, Supervision,
    TeacherInput, TeacherSupervision, WeightedTarget,
};
pub use consistency::{Reliable, follow, reliable};
pub use finite::{NamedSum, weight_sum};
pub use grounding::grounding;
pub use inside::inside;
pub use loss::{soft_dice, weighted_bce};
pub use masking::{disagreement, hide_features, hide_pixels, hide_target, squares, visible};
pub use optimised::Optimised;
pub use ramp::ramp;
pub use schedule::{cosine, one_cycle};
pub use step::adapted;
pub use strategies::{
    Consistency, ConsistencyVariant, DistillConfigError, Masking, MaskingInput, MaskingRegion, MaskingTarget,
    Strategies, UnknownStrategy,
};
pub use targets::{
    StudentTarget, Target, TeacherTarget, broad_target, full_target, high_confidence_target, relabelled_target,
    teacher_target, told_masks,
};
pub use terms::{Hiding, aligned, disagreements, head_loss};
pub use trainee::Trainee;
pub use two_level::{TwoLevel, propagate};

use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::{
    model::{Backbone, StudentHead, TeacherHead},
    plane::Plane,
};

crate::documented! {
    /// What a step optimises besides data; the same for trainer and page.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub struct DistillConfig {
        /// Weight of the soft Dice term beside the cross-entropy, for the student.
        pub student_dice: f64,
        /// Weight of the soft Dice term beside the cross-entropy, for the teacher.
        pub teacher_dice: f64,
        /// Weight of the grounding term: how strongly the teacher's attention to phrases is drawn
        /// to where the lesion is according to the gaze ([`grounding`]). 0 is the paper.
        pub grounding: f64,
        /// AdamW's weight decay.
        pub weight_decay: f32,
        /// Decay of the moving average of the weights.
        pub ema: f64,
        /// Learning rate of the backbone as a share of the student's, while it adapts.
        pub backbone_rate: f64,
        /// Weight of AFC at the end of the ramp.
        pub afc_weight: f64,
        /// Share of the student's steps over which the weights of AFC and CWC rise to their full size.
        pub ramp: f64,
        /// Whether the teacher also follows the student by CWC (the released code). Only where both learn at once.
        pub mutual: bool,
        /// Which strategies direct the student.
        pub strategies: Strategies,
        /// The form of CWC.
        pub consistency: Consistency,
        /// The form of DARM.
        pub masking: Masking,
        /// The form of the two-level baseline. Left out of files while it is the default, which older ones do not name.
        #[serde(skip_serializing_if = "TwoLevel::is_default")]
        pub two_level: TwoLevel,
    }
}

impl Default for DistillConfig {
    fn default() -> Self {
        Self {
            student_dice: 0.5,
            teacher_dice: 0.0,
            grounding: 0.0,
            weight_decay: 0.01,
            ema: 0.99,
            backbone_rate: 0.3,
            afc_weight: 0.1,
            ramp: 0.27,
            mutual: false,
            strategies: Strategies::default(),
            consistency: Consistency::default(),
            masking: Masking::default(),
            two_level: TwoLevel::default(),
        }
    }
}

impl DistillConfig {
    /// Whether a student's batch must hold the images and the distiller the backbone.
    pub fn needs_pixels(&self) -> bool {
        let hides = self.strategies.darm && self.masking.input == MaskingInput::Pixels;
        hides || (self.strategies.cwc && self.consistency.variant == ConsistencyVariant::Released)
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
    /// Both at once, as the paper trains them; neither's loss reaches the other's weights, unless `mutual` says so.
    Both,
}

/// Teacher and student in training.
pub struct Distiller {
    /// The settings of every step.
    pub config: DistillConfig,
    /// The teacher.
    pub teacher: Trainee<TeacherHead>,
    /// The student.
    pub student: Trainee<StudentHead>,
    /// The second network of the two-level baseline, on the high-confidence pseudo-mask; see [`Distiller::pair`].
    pub partner: Option<Trainee<StudentHead>>,
    /// AFC's adapters, where it is on.
    pub adapters: Option<Trainee<Adapters>>,
    /// A finished teacher that directs the student while no teacher learns; without autodiff.
    pub guide: Option<TeacherHead>,
    /// The backbone, without autodiff, where a strategy changes pixels.
    pub backbone: Option<Backbone>,
    /// The backbone in training, where the student adapts its stages 3 to 6; see [`Distiller::adapt`].
    pub adapted: Option<Trainee<Backbone>>,
}

impl Distiller {
    /// Fresh heads drawn from `seed` on `device` (without autodiff; it is added here).
    pub fn new(config: DistillConfig, seed: u64, device: &Device) -> Self {
        let device = device.clone().autodiff();
        // Streams of their own, so that a change to one head does not redraw another.
        let teacher = Trainee::new(TeacherHead::new(seed.wrapping_mul(2), &device), &config);
        let student = Trainee::new(StudentHead::new(student_seed(seed), &device), &config);
        let adapters = config
            .strategies
            .afc
            .then(|| Trainee::new(Adapters::new(seed.wrapping_mul(2).wrapping_add(0x61_64_61_70), &device), &config));
        Self { config, teacher, student, partner: None, adapters, guide: None, backbone: None, adapted: None }
    }

    /// From here on the student learns in a pair ([`TwoLevel`]). Its partner is drawn again from
    /// the distiller's `seed`, so that both start alike: a clone would share its weights' gradients
    /// with the student.
    pub fn pair(&mut self, seed: u64, device: &Device) {
        let partner = StudentHead::new(student_seed(seed), &device.clone().autodiff());
        self.partner = Some(Trainee::new(partner, &self.config));
    }

    /// From here on the student learns together with stages 3 to 6 of `backbone`, which must live
    /// on a device with autodiff; its rate is `config.backbone_rate` times the student's. The batch
    /// norms are folded, so their statistics stay what they are. An advising teacher goes on seeing
    /// the features of the batch.
    pub fn adapt(&mut self, backbone: Backbone) {
        self.adapted = Some(Trainee::new(backbone, &self.config));
    }
}

/// The stream of the student's first weights.
fn student_seed(seed: u64) -> u64 {
    seed.wrapping_mul(2).wrapping_add(1)
}

/// Planes of one size as a tensor `[batch, 1, height, width]`.
pub fn stack(planes: &[&Plane], device: &Device) -> Tensor<4> {
    let (width, height) = planes.first().map_or((0, 0), |p| (p.width, p.height));
    let values: Vec<f32> = planes.iter().flat_map(|p| p.data.iter().copied()).collect();
    Tensor::from_data(TensorData::new(values, [planes.len(), 1, height, width]), device)
}

#[cfg(test)]
mod tests;
