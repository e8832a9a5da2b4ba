//! The two-level baseline: what a student of gaze can do without teacher and text.
//!
//! GazeMedSeg (Zhong et al., MICCAI 2024; github med-air/GazeMedSeg, models/multi_level.py and
//! utils/losses.py): two networks that start alike, one taught the broad and one the
//! high-confidence pseudo-mask, each drawn to the other's prediction. Here both are our student's
//! head, on the same features.

use burn::tensor::{
    Tensor,
    activation::{sigmoid, softmax},
    ops::PadMode,
};
use serde::{Deserialize, Serialize};

use crate::model::{StudentHead, StudentOutput, layers::renamed};

crate::documented! {
    /// The form of the two-level baseline.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub struct TwoLevel {
        /// Weight of the consistency of the two networks, from the first step on.
        pub weight: f64,
        /// Whether it is the logits of the propagated features that follow the other network
        /// (`--cons_mode prop`, as released), or the plain ones (`pure`).
        pub propagate: bool,
    }
}

impl Default for TwoLevel {
    fn default() -> Self {
        Self { weight: 3.0, propagate: true }
    }
}

impl TwoLevel {
    /// Whether this is the released form: then a configuration need not mention it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// How far the two networks are from agreeing, `[1]`: the sum over both of `-mean(p q + (1 -
    /// p)(1 - q))`, `q` the other's plain probability as a constant. -2 where both are sure of the
    /// same.
    pub(super) fn consistency(&self, heads: [&StudentHead; 2], looks: [StudentOutput; 2]) -> Tensor<1> {
        let constants = [0, 1].map(|i| sigmoid(looks[i].logits.clone().inner()));
        let [first, second] = looks;
        let own = |head: &StudentHead, look: StudentOutput| {
            sigmoid(if self.propagate { head.classify(propagate(look.finest)) } else { look.logits })
        };
        let [of_first, of_second] = constants.map(Tensor::from_inner);
        agreement(own(heads[0], first), of_second).neg() - agreement(own(heads[1], second), of_first)
    }
}

/// Mean over pixels of the inner product of two predictions (lesion and background), `[1]`, in 0..1.
fn agreement(p: Tensor<4>, q: Tensor<4>) -> Tensor<1> {
    // p q + (1 - p)(1 - q) = p (2 q - 1) + 1 - q
    (p * q.clone().mul_scalar(2.0).sub_scalar(1.0) + q.neg().add_scalar(1.0)).mean()
}

/// How far a neighbour is, in pixels, in each direction: a window of 5 with dilation 2.
const OFFSETS: [usize; 5] = [0, 2, 4, 6, 8];

/// Every place's features replaced by a mean of its 5 x 5 neighbours two pixels apart, weighted by
/// the softmax of their inner products with it where these are positive (`feature_propogate` of the
/// released code). Beyond the image everything is 0, and counts. `[batch, channels, height, width]`
/// both.
pub fn propagate(features: Tensor<4>) -> Tensor<4> {
    let [_, _, height, width] = features.dims();
    // A chain of names, so that no value has more than two users.
    let mut centre = renamed(features.clone());
    let mut padded = features.pad((4, 4, 4, 4), PadMode::Constant(0.0));
    let (mut neighbours, mut likeness) = (Vec::new(), Vec::new());
    for (dy, dx) in OFFSETS.iter().flat_map(|dy| OFFSETS.iter().map(move |dx| (*dy, *dx))) {
        let neighbour = padded.clone().narrow(2, dy, height).narrow(3, dx, width);
        likeness.push((centre.clone() * neighbour.clone()).sum_dim(1));
        neighbours.push(neighbour);
        (centre, padded) = (renamed(centre), renamed(padded));
    }
    let mut weights = softmax(Tensor::cat(likeness, 1).clamp_min(0.0), 1);
    let mut mean: Option<Tensor<4>> = None;
    for (index, neighbour) in neighbours.into_iter().enumerate() {
        let part = neighbour * weights.clone().narrow(1, index, 1);
        mean = Some(match mean {
            None => part,
            Some(sum) => sum + part,
        });
        weights = renamed(weights);
    }
    mean.expect("there are 25 neighbours")
}
