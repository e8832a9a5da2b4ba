//! The measure by which a training chooses its best heads.

use anyhow::Result;
use fovea_shared::{
    metrics::dice,
    plane::{Mask, Plane},
    predictor::mask_at,
};

use super::prepare::Prepared;

/// What validation Dice is measured against.
pub(crate) struct Probe {
    truths: Vec<Mask>,
    /// `masks`, or `pseudo-masks` where the validation images have none.
    pub(crate) against: &'static str,
}

impl Probe {
    /// The true masks of the validation cases where all have one, else their refined pseudo-masks. Validation is the only
    /// place of a training where a mask may be opened, and these images never train.
    ///
    /// # Errors
    /// A mask that is there and cannot be read.
    pub(crate) fn new(prepared: &Prepared) -> Result<Self> {
        if !prepared.cases.is_empty() && prepared.cases.iter().all(|case| case.mask.is_some()) {
            let mut truths = Vec::with_capacity(prepared.cases.len());
            for case in &prepared.cases {
                let size = case.load_image()?.dimensions();
                truths.push(case.load_mask(size.0 as usize, size.1 as usize)?);
            }
            return Ok(Self { truths, against: "masks" });
        }
        Ok(Self { truths: prepared.masks.iter().map(|m| m.refined.above(0.5)).collect(), against: "pseudo-masks" })
    }

    /// Mean Dice of one logits plane a case, at each truth's own size; `None` without cases.
    pub(crate) fn mean_dice(&self, logits: impl Iterator<Item = Result<Plane>>) -> Result<Option<f64>> {
        let mut sum = 0.0;
        for (logits, truth) in logits.zip(&self.truths) {
            sum += dice(&mask_at(&logits?, truth.width, truth.height), truth);
        }
        Ok((!self.truths.is_empty()).then(|| sum / self.truths.len() as f64))
    }
}
