//! What the three strategies see of a finished student: the same maps that a training step hands
//! out, with nobody learning.

use burn::tensor::activation::sigmoid;
use rand::SeedableRng;
use rand_pcg::Pcg32;

use super::{
    Adapters, DistillConfig, StepDiagnostics, StepError, TeacherInput, align, consistency::reliable, masking::squares,
    step::Advice, terms::disagreements,
};
use crate::{
    image::INPUT_SIDE,
    model::{Pyramid, StudentHead, TeacherHead},
    plane::Mask,
};

/// What AFC, CWC and DARM see of `student`, whatever it was trained with: the cosine maps (where
/// there are `adapters`), the reliable pixels, the disagreement of the predictions and squares
/// drawn over it from `seed`. All modules are without autodiff.
///
/// # Errors
/// A device that fails.
pub async fn inside(
    (student, adapters): (&StudentHead, Option<&Adapters>),
    (teacher, input): (&TeacherHead, &TeacherInput),
    features: &Pyramid,
    config: &DistillConfig,
    seed: u64,
) -> Result<StepDiagnostics, StepError> {
    let advice = Advice::new(&teacher.output(features, &input.prompt, &input.tokens()), Clone::clone);
    let look = student.output(features);
    let own = sigmoid(look.logits);
    let reliable = reliable(&advice.probability, &own, &config.consistency);
    let disagreement = disagreements(advice.probability.clone(), own, config.masking.difference).await?;
    let mut rng = Pcg32::seed_from_u64(seed);
    let masked: Vec<Mask> =
        disagreement.iter().map(|region| squares(region, INPUT_SIDE, &config.masking, &mut rng)).collect();
    let cosine = adapters.map(|adapters| align(&adapters.forward(look.levels), &advice.levels).1).unwrap_or_default();
    Ok(StepDiagnostics { cosine, teacher: Some(advice.probability), reliable: Some(reliable), disagreement, masked })
}
