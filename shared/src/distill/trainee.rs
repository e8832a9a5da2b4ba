//! A module in training.

use burn::{
    module::Module,
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer},
};

use super::{DistillConfig, ema};

/// A module in training: its weights, their moving average and the optimiser's state. A clone is
/// what to go back to: two that learn share
/// their weights' gradients.
#[derive(Clone)]
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

    /// One optimiser step at learning rate `rate`.
    pub(super) fn learn(&mut self, gradients: GradientsParams, rate: f64, ema: f64) {
        self.head = self.optimiser.step(rate, self.head.clone(), gradients);
        self.steps += 1;
        // The first steps are far from where the weights go, so the average forgets them faster.
        let decay = ema.min((1 + self.steps) as f64 / (10 + self.steps) as f64);
        self.average = ema::update(self.average.clone(), &self.head, decay);
    }
}
