//! A module in training, with the moving average of its weights.

use burn::{module::Module, optim::GradientsParams};

use super::{DistillConfig, Optimised, ema};

/// A module in training: its weights with AdamW, and their moving average. A clone is what to go
/// back to, as of [`Optimised`].
#[derive(Clone)]
pub struct Trainee<M: Module> {
    /// The weights that learn.
    pub weights: Optimised<M>,
    /// Their moving average: what is validated, exported and asked for labels.
    pub average: M,
    /// Steps taken, by which the average forgets.
    pub steps: usize,
}

impl<M: Module> Trainee<M> {
    /// Starts training from `head`, which must live on a device with autodiff.
    pub fn new(head: M, config: &DistillConfig) -> Self {
        let average = head.valid();
        Self { weights: Optimised::adamw(head, config.weight_decay), average, steps: 0 }
    }

    /// The module that gradients reach.
    pub fn head(&self) -> &M {
        &self.weights.module
    }

    /// One optimiser step at learning rate `rate`.
    pub(super) fn learn(&mut self, gradients: GradientsParams, rate: f64, ema: f64) {
        self.weights.learn(gradients, rate);
        self.steps += 1;
        // The first steps are far from where the weights go, so the average forgets them faster.
        let decay = ema.min((1 + self.steps) as f64 / (10 + self.steps) as f64);
        self.average = ema::update(self.average.clone(), self.head(), decay);
    }
}
