//! What the three strategies see of a finished student: the same maps that a training step hands out, with nobody learning.

use burn::tensor::activation::sigmoid;
use rand::SeedableRng;
use rand_pcg::Pcg32;

use super::{
    Adapters, Batch, DistillConfig, Saw, StepError, align,
    consistency::reliable,
    masking::squares,
    step::{Advice, text_of},
    terms::disagreements,
};
use crate::{
    image::INPUT_SIDE,
    model::{StudentHead, TeacherHead},
    plane::Mask,
};

/// What AFC, CWC and DARM see of `student`, whatever it was trained with: the cosine maps (where there are `adapters`), the reliable
/// pixels, the disagreement of the predictions and squares drawn over it from `seed`. Features, prompt and text of the batch are
/// read, its targets are not. All modules are without autodiff.
///
/// # Errors
/// A device that fails.
///
/// # Panics
/// When the batch has no prompt: a programming error.
pub async fn inside(
    (student, adapters): (&StudentHead, Option<&Adapters>),
    teacher: &TeacherHead,
    batch: &Batch,
    config: &DistillConfig,
    seed: u64,
) -> Result<Saw, StepError> {
    let prompt = batch.prompt.as_ref().expect("a teacher that advises has a prompt");
    let advice = Advice::new(&teacher.look(&batch.features, prompt, &text_of(batch)), Clone::clone);
    let look = student.look(&batch.features);
    let own = sigmoid(look.logits);
    let reliable = reliable(&advice.probability, &own, &config.consistency);
    let disagreement = disagreements(advice.probability.clone(), own, config.masking.difference).await?;
    let mut rng = Pcg32::seed_from_u64(seed);
    let masked: Vec<Mask> =
        disagreement.iter().map(|region| squares(region, INPUT_SIDE, &config.masking, &mut rng)).collect();
    let cosine = adapters.map(|adapters| align(&adapters.forward(look.levels), &advice.levels).1).unwrap_or_default();
    Ok(Saw { cosine, teacher: Some(advice.probability), reliable: Some(reliable), disagreement, masked })
}
