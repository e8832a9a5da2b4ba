//! A module and its optimiser: the one place where weights take a step.

use burn::{
    module::Module,
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer},
};

/// A module and the optimiser that moves its weights, whichever that is. A clone is what to go back
/// to: two that learn share their weights' gradients.
#[derive(Clone)]
pub struct Optimised<M: Module> {
    /// The weights that gradients reach, on a device with autodiff.
    pub module: M,
    /// The optimiser and its state: moments of AdamW, momentum of stochastic gradient descent.
    pub optimiser: ModuleOptimizer,
}

impl<M: Module> Optimised<M> {
    /// Starts training from `module`, which must live on a device with autodiff.
    pub fn new(module: M, optimiser: ModuleOptimizer) -> Self {
        Self { module, optimiser }
    }

    /// [`Self::new`] with AdamW.
    pub fn adamw(module: M, weight_decay: f32) -> Self {
        Self::new(module, AdamWConfig::new().with_weight_decay(weight_decay).init())
    }

    /// The module as it is now, without autodiff, for use and for files: its batch norms have the
    /// running statistics of all steps so far. (Those of the last step are a value beside the module
    /// until somebody asks for them, as this does; a record of `module` would leave them out.)
    pub fn current(&self) -> M {
        self.module.valid()
    }

    /// One step at learning rate `rate`.
    pub fn learn(&mut self, gradients: GradientsParams, rate: f64) {
        self.module = self.optimiser.step(rate, self.module.clone(), gradients);
    }
}
