//! CWC, confidence-weighted consistency: the student follows the teacher where predictions are reliable.
//!
//! ```text
//! c  = |2 sg p_T - 1|
//! P+ = {p_T >= .8}   P- = {p_T <= .2}                                    target-conf
//! P+ = {min(p_T, p_S) >= .8}   P- = {max(p_T, p_S) <= .2}                both-conf
//! CWC = [ sum_{P+} c (-log p_S) + sum_{P-} c (-log(1 - p_S)) ] / max(1, sum_{P+ u P-} c)
//! ```
//! (method, section 2.) The sum is a cross-entropy against hard targets with a weight a pixel,
//! which is how it is computed here.

use burn::tensor::{
    Tensor,
    activation::{log_sigmoid, sigmoid},
};

use super::{
    loss::weighted_bce,
    strategies::{Consistency, ConsistencyVariant},
};

/// Where a student follows and how strongly: `[batch, 1, height, width]` each, constants.
#[derive(Clone, Debug)]
pub struct Reliable {
    /// 1 where the other network says lesion, else 0.
    pub target: Tensor<4>,
    /// Confidence of that where it is followed, 0 elsewhere.
    pub weight: Tensor<4>,
}

/// The reliable pixels of a prediction, for a listener that predicts `own` (probabilities, constants, of one shape).
///
/// For [`ConsistencyVariant::Released`] the weight is 1 on every pixel with `c = max(p, 1 - p) >=
/// level`, as [`released`] has it.
pub fn reliable(target: &Tensor<4>, own: &Tensor<4>, form: &Consistency) -> Reliable {
    let inside = target.clone().greater_elem(0.5).float();
    let confidence = target.clone().mul_scalar(2.0).add_scalar(-1.0).abs();
    let (low, high) = (1.0 - form.level, form.level);
    let sure = |p: &Tensor<4>| (p.clone().greater_equal_elem(high).float(), p.clone().lower_equal_elem(low).float());
    let (lesion, background) = sure(target);
    let weight = match form.variant {
        ConsistencyVariant::TargetConf => confidence * (lesion + background),
        ConsistencyVariant::BothConf => {
            let (own_lesion, own_background) = sure(own);
            confidence * (lesion * own_lesion + background * own_background)
        }
        ConsistencyVariant::Released => lesion + background,
    };
    Reliable { target: inside, weight }
}

/// CWC of `logits` over reliable pixels, a scalar; 0 (never NaN) where there are none. `counted`
/// (0..1) takes masked pixels out.
pub fn follow(logits: Tensor<4>, reliable: &Reliable, counted: Tensor<4>) -> Tensor<1> {
    let constant = |t: &Tensor<4>| Tensor::from_inner(t.clone());
    weighted_bce(logits, constant(&reliable.target), constant(&reliable.weight) * counted)
}

/// The released code's loss ("CRC"), for one logit in place of two: `target` are the other
/// network's probabilities, constants.
///
/// ```text
/// c = max(p, 1 - p),  y = [p > .5]
/// CRC = mean_{c >= .8} c (-log f_y)  +  mean_{1 - c < .2} (1 - c) (-log(1 - f_{1-y}))
/// ```
/// With two classes `1 - f_{1-y}` is `f_y`, so the weights add up to 1 and what is left is a plain
/// cross-entropy on pixels with `c >= .8`; written out all the same, so that it is what was
/// released.
pub fn released(logits: Tensor<4>, target: &Tensor<4>, level: f64) -> Tensor<1> {
    let p: Tensor<4> = Tensor::from_inner(target.clone());
    let inside = p.clone().greater_elem(0.5).float();
    let c = p.clone().max_pair(p.neg().add_scalar(1.0));
    let positive = c.clone().greater_equal_elem(level).float();
    let negative = c.clone().neg().add_scalar(1.0).lower_elem(1.0 - level).float();
    // The sign that turns a logit into that of the target's class.
    let towards = logits * inside.mul_scalar(2.0).add_scalar(-1.0);
    let first = log_sigmoid(towards.clone()).neg() * c.clone();
    let second = sigmoid(towards).clamp(1e-6, 1.0).log().neg() * c.neg().add_scalar(1.0);
    let mean = |loss: Tensor<4>, of: Tensor<4>| (loss * of.clone()).sum() / of.sum().clamp_min(1.0);
    mean(first, positive) + mean(second, negative)
}
