//! Initial weights as PyTorch draws them by default, which the released code leaves as they are,
//! from our own random numbers.
//!
//! [`crate::model::seeded`] would draw convolutions with 2.4 times the spread. Behind a group norm
//! that changes no output, but it makes the gradients smaller by as much, and the released learning
//! rate (SGD, 1e-2) would mean another training.

use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Tensor, TensorData},
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

/// `nn.init.trunc_normal_(pos_embedding, std=.02)` in the released code. It cuts at +-2, a hundred
/// standard deviations away.
const POSITION_SD: f32 = 0.02;

/// Redraws, in the order of the module's fields,
/// - convolutions and linear layers: weights and biases uniform in `+-1 / sqrt(fan_in)` (PyTorch's
///   `kaiming_uniform_(a=sqrt(5))`; `fan_in` is, as there, output channels times kernel for a
///   transposed convolution);
/// - attention: query, key and value uniform in `+-sqrt(6 / 4c)` (`xavier_uniform_` on the three of
///   them stacked), biases of all four layers zero (`nn.MultiheadAttention`);
/// - positions: normal, standard deviation .02.
///
/// Norms keep their ones and zeros.
pub(super) fn drawn<M: Module>(module: M, seed: u64) -> M {
    module.map(&mut Draw { rng: Pcg32::seed_from_u64(seed), path: Vec::new(), bound: 0.0 })
}

struct Draw {
    rng: Pcg32,
    /// Field names and the types that they are fields of, outermost first.
    path: Vec<(String, String)>,
    /// Of the weight that came last: a layer's bias follows its weight.
    bound: f32,
}

/// What a parameter starts as.
enum Start {
    Kept,
    Uniform(f32),
    Normal(f32),
}

impl Draw {
    fn start(&mut self, shape: &[usize]) -> Start {
        let name = |up: usize| self.path.iter().rev().nth(up).map_or("", |(name, _)| name.as_str());
        let owner = self.path.last().map_or("", |(_, owner)| owner.as_str());
        let (attention, leaf) = (name(1), name(0));
        match (owner, leaf) {
            ("Struct:TextFusion", "position") => Start::Normal(POSITION_SD),
            ("Struct:Conv2d" | "Struct:ConvTranspose2d", "weight") => {
                self.bound = 1.0 / (shape[1..].iter().product::<usize>() as f32).sqrt();
                Start::Uniform(self.bound)
            }
            ("Struct:Linear", "weight") => {
                self.bound = 1.0 / (shape[0] as f32).sqrt();
                let stacked = matches!(attention, "query" | "key" | "value");
                Start::Uniform(if stacked { (6.0 / (4 * shape[0]) as f32).sqrt() } else { self.bound })
            }
            ("Struct:Linear", "bias") if attention != "read" => Start::Kept,
            ("Struct:Conv2d" | "Struct:ConvTranspose2d" | "Struct:Linear", "bias") => Start::Uniform(self.bound),
            _ => Start::Kept,
        }
    }

    /// Box-Muller.
    fn normal(&mut self) -> f32 {
        let u: f32 = self.rng.random_range(f32::MIN_POSITIVE..1.0);
        let v: f32 = self.rng.random_range(0.0..core::f32::consts::TAU);
        (-2.0 * u.ln()).sqrt() * v.cos()
    }
}

impl ModuleMapper for Draw {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.push((name.to_owned(), container_type.to_owned()));
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.val().dims();
        let count = shape.iter().product();
        let values: Vec<f32> = match self.start(&shape) {
            Start::Kept => return param,
            Start::Uniform(bound) => (0..count).map(|_| self.rng.random_range(-bound..bound)).collect(),
            Start::Normal(sd) => (0..count).map(|_| self.normal() * sd).collect(),
        };
        param.map(|old| {
            let device = old.device();
            let grad = old.is_require_grad();
            Tensor::from_data(TensorData::new(values, shape), &device).set_require_grad(grad)
        })
    }
}
