//! Initial weights from our own random numbers, so that a seed gives the same network on every backend.

use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Tensor, TensorData},
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

/// Redraws every parameter but the one-dimensional ones (biases, norm scales, gates), in the order
/// of the module's fields, from zero-mean normals: convolution kernels with variance `2 / fan_in`
/// (He et al. 2015), matrices of linear layers `[input, output]` with `1 / input`, and learned
/// tokens and positions (three dimensions) with a standard deviation of .3: at the customary .02 a
/// teacher of a few hundred steps does not learn where "upper left" is.
pub fn seeded<M: Module>(module: M, seed: u64) -> M {
    module.map(&mut Redraw { rng: Pcg32::seed_from_u64(seed) })
}

struct Redraw {
    rng: Pcg32,
}

impl Redraw {
    /// Box-Muller, both halves used in turn would save half the draws; nobody waits for this.
    fn normal(&mut self) -> f32 {
        let u: f32 = self.rng.random_range(f32::MIN_POSITIVE..1.0);
        let v: f32 = self.rng.random_range(0.0..core::f32::consts::TAU);
        (-2.0 * u.ln()).sqrt() * v.cos()
    }
}

impl ModuleMapper for Redraw {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.val().dims();
        let sd = match D {
            4 => (2.0 / shape[1..].iter().product::<usize>() as f32).sqrt(),
            3 => 0.3,
            2 => (1.0 / shape[0] as f32).sqrt(),
            _ => return param,
        };
        let values: Vec<f32> = (0..shape.iter().product::<usize>()).map(|_| self.normal() * sd).collect();
        param.map(|old| {
            let device = old.device();
            let grad = old.is_require_grad();
            Tensor::from_data(TensorData::new(values, shape), &device).set_require_grad(grad)
        })
    }
}
