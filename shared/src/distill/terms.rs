//! What the steps of both presets are made of: the loss against a target, AFC's term, and where DARM hides the image.

use burn::tensor::Tensor;
use rand_pcg::Pcg32;

use super::{
    Masking, MaskingRegion, StepContext, StepError, StepReport, align, disagreement, soft_dice, squares, weighted_bce,
};
use crate::plane::Mask;

/// Where two networks disagree, an image each, of their probabilities `[batch, 1, side, side]`.
pub async fn disagreements(teacher: Tensor<4>, student: Tensor<4>, difference: f64) -> Result<Vec<Mask>, StepError> {
    let side = teacher.dims()[3];
    let (teacher, student) = (read(teacher).await?, read(student).await?);
    let images = teacher.chunks_exact(side * side).zip(student.chunks_exact(side * side));
    Ok(images.map(|(t, s)| disagreement(t, s, side, difference)).collect())
}

async fn read(tensor: Tensor<4>) -> Result<Vec<f32>, StepError> {
    let data = tensor.into_data_async().await.map_err(|e| StepError::Device(format!("{e:?}")))?;
    data.try_to_vec::<f32>().map_err(|e| StepError::Device(format!("{e:?}")))
}

/// Cross-entropy plus `dice` times soft Dice, both over the counted pixels.
pub fn head_loss(logits: Tensor<4>, target: Tensor<4>, weight: Tensor<4>, dice: f64) -> Tensor<1> {
    let (target, weight) = (Tensor::from_inner(target), Tensor::from_inner(weight));
    let loss = weighted_bce(logits.clone(), target.clone(), weight.clone());
    if dice > 0.0 { loss + soft_dice(logits, target, weight).mul_scalar(dice) } else { loss }
}

/// AFC's term of the student's loss, `weight` times the distance of its features from the `advised`
/// ones, which are constants of the autodiff graph. The report gets the distance and the cosines.
pub fn aligned(student: &[Tensor<4>], advised: &[Tensor<4>], weight: f64, report: &mut StepReport) -> Tensor<1> {
    let (loss, cosines) = align(student, advised);
    report.losses.alignment = Some(loss.clone().inner());
    report.diagnostics.cosine = cosines.into_iter().map(Tensor::inner).collect();
    loss.mul_scalar(weight)
}

/// Where DARM may look in a step.
pub struct Hiding<'a> {
    /// The form of DARM.
    pub form: &'a Masking,
    /// The step.
    pub context: StepContext,
    /// Images of the batch.
    pub images: usize,
    /// Their side in pixels.
    pub side: usize,
    /// Where high-confidence and broad pseudo-mask differ, an image each.
    pub disputed: &'a [Mask],
}

impl Hiding<'_> {
    /// Draws the pixels to hide into the report, an image each, and says whether there are any.
    /// `predictions` gives the probabilities of teacher and student; it is asked only where the
    /// form looks at them.
    ///
    /// # Errors
    /// A device that fails, or an image without a region.
    pub async fn draw(
        &self,
        predictions: impl FnOnce() -> [Tensor<4>; 2],
        rng: &mut Pcg32,
        report: &mut StepReport,
    ) -> Result<bool, StepError> {
        let warm = self.context.step as f64 >= self.form.warm_up * self.context.total as f64;
        let regions = if self.form.region == MaskingRegion::Prediction && warm {
            let [teacher, student] = predictions();
            disagreements(teacher, student, self.form.difference).await?
        } else {
            if self.disputed.len() != self.images {
                return Err(StepError::Lacks("a disputed region an image, which DARM needs"));
            }
            self.disputed.to_vec()
        };
        report.diagnostics.masked = regions.iter().map(|region| squares(region, self.side, self.form, rng)).collect();
        report.diagnostics.disagreement = regions;
        Ok(!report.diagnostics.masked.iter().all(Mask::is_empty))
    }
}
