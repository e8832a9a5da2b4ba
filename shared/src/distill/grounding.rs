//! Drawing attention to what is described: our extension, supervised by gaze and never by a mask.

use burn::tensor::Tensor;

use crate::model::{MAX_PHRASES, PhraseTokens, layers::halve};

/// Cross-entropy between how much a place attends to any phrase at all (one minus its attention to
/// "nothing") and the teacher's own target there, mean over the places of the three levels and over
/// the images that have text; a scalar `[1]`.
///
/// The phrases describe the lesion, so they are read where the gaze says it is, and "nothing" elsewhere. `attention` is
/// [`crate::model::TeacherOutput::attention`], `target` `[batch, 1, 56, 56]` in 0..1, averaged down to each level.
pub fn grounding(attention: &[Tensor<3>; 3], target: Tensor<4>, text: &PhraseTokens) -> Tensor<1> {
    let batch = target.dims()[0];
    let mut target = target;
    let mut total: Option<Tensor<1>> = None;
    // Each image counts by whether it has text; a batch without any gives 0.
    let count = text.spoken.clone().sum().clamp_min(1.0);
    for attention in attention {
        target = halve(target);
        let [_, _, height, width] = target.dims();
        let pixels = height * width;
        let wanted = target.clone().reshape([batch, pixels, 1]);
        let nothing = attention.clone().narrow(2, MAX_PHRASES, 1).clamp(1e-4, 1.0 - 1e-4);
        let read = nothing.clone().neg().add_scalar(1.0);
        let entropy = wanted.clone() * read.log() + wanted.neg().add_scalar(1.0) * nothing.log();
        let mean = entropy.mean_dim(1) * text.spoken.clone();
        let level = mean.sum().neg() / count.clone();
        total = Some(match total {
            Some(sum) => sum + level,
            None => level,
        });
    }
    // Three levels always: the array has three.
    total.map_or_else(|| Tensor::zeros([1], &target.device()), |sum| sum.mul_scalar(1.0 / 3.0))
}
