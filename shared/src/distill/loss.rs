//! Losses on logits, each a scalar tensor `[1]`.

use burn::tensor::{
    Tensor,
    activation::{log_sigmoid, sigmoid},
};

/// Binary cross-entropy of `logits` against soft targets in 0..1, averaged over the pixels that
/// `weight` counts (all `[batch, 1, height, width]`). With a 0/1 weight it is the partial
/// cross-entropy of section 2 of the method: pixels of weight 0 give neither loss nor gradient. A
/// batch without a counted pixel gives 0.
///
/// `BCE(x, t) = (1 - t) x - ln sigmoid(x)`, which neither overflows nor has a kink: the form with
/// `max(x, 0)` and `|x|` loses half of its gradient at `x = 0`.
pub fn weighted_bce(logits: Tensor<4>, target: Tensor<4>, weight: Tensor<4>) -> Tensor<1> {
    let losses = logits.clone() * target.neg().add_scalar(1.0) - log_sigmoid(logits);
    let total = weight.clone().sum().clamp_min(1.0);
    (losses * weight).sum() / total
}

/// One minus the soft Dice of `sigmoid(logits)` and the target over the counted pixels, averaged over the batch
/// (Milletari et al. 2016, with a smoothing of 1 so that two empty masks agree).
pub fn soft_dice(logits: Tensor<4>, target: Tensor<4>, weight: Tensor<4>) -> Tensor<1> {
    let batch = logits.dims()[0];
    let sum = |x: Tensor<4>| x.reshape([batch as i32, -1]).sum_dim(1);
    let p = sigmoid(logits) * weight.clone();
    let t = target * weight;
    let overlap = sum(p.clone() * t.clone()).mul_scalar(2.0).add_scalar(1.0);
    let sizes = (sum(p) + sum(t)).add_scalar(1.0);
    (overlap / sizes).mean().neg().add_scalar(1.0)
}
