//! AFC, feature alignment: the student's features follow the teacher's text-fused features at every
//! scale that both have.
//!
//! ```text
//! AFC = 1/|S| sum_s mean_p (1 - cos(A_s(z^S_s), sg z^T_s))
//! ```
//! (method, section 2; the released code multiplies by another .5, so that `afc_weight = 0.05` here
//! is its .1.) `A_s` are 1x1 adapters from the student's width to the teacher's, used in training
//! only. The lite heads share three scales (strides 8, 16 and 32), the paper's networks four.

use burn::{
    module::Module,
    nn::{
        Initializer,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor},
};

use crate::model::{STUDENT_WIDTHS, TEACHER_WIDTHS, conv::convolve, seeded};

/// The adapters of the lite student, at strides 8, 16 and 32.
#[derive(Module, Debug)]
pub struct Adapters {
    levels: Vec<Conv2d>,
}

impl Adapters {
    /// Adapters with weights drawn from `seed`.
    pub fn new(seed: u64, device: &Device) -> Self {
        let adapter = |(from, to): (usize, usize)| {
            Conv2dConfig::new([from, to], [1, 1]).with_initializer(Initializer::Zeros).init(device)
        };
        seeded(Self { levels: STUDENT_WIDTHS.into_iter().zip(TEACHER_WIDTHS).map(adapter).collect() }, seed)
    }

    /// The student's features at the teacher's widths.
    pub fn forward(&self, student: [Tensor<4>; 3]) -> Vec<Tensor<4>> {
        self.levels.iter().zip(student).map(|(adapter, z)| convolve(adapter, z)).collect()
    }
}

/// AFC of adapted student features and the teacher's (constants), level by level `[batch, channels,
/// height, width]`, and the cosine of every place, `[batch, 1, height, width]` a level. The loss is
/// in 0..2; features that are zero have cosine 0.
pub fn align(student: &[Tensor<4>], teacher: &[Tensor<4>]) -> (Tensor<1>, Vec<Tensor<4>>) {
    let maps: Vec<Tensor<4>> = student.iter().zip(teacher).map(|(s, t)| cosine(s.clone(), t.clone())).collect();
    let levels = maps.len().max(1) as f64;
    let sum = maps
        .iter()
        .map(|map| map.clone().mean().neg().add_scalar(1.0))
        .reduce(|a, b| a + b)
        .unwrap_or_else(|| Tensor::zeros([1], &teacher[0].device()));
    (sum.mul_scalar(1.0 / levels), maps)
}

/// The cosine between two feature vectors at every place; the norms are kept off 0 as in the released code.
fn cosine(a: Tensor<4>, b: Tensor<4>) -> Tensor<4> {
    let norm = |x: Tensor<4>| x.square().sum_dim(1).add_scalar(1e-12).sqrt();
    let dot = (a.clone() * b.clone()).sum_dim(1);
    dot / (norm(a) * norm(b)).clamp_min(1e-6)
}
