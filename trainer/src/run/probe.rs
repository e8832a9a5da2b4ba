//! The measure by which a training chooses its best heads.

use anyhow::{Result, ensure};
use fovea_shared::{
    metrics::dice,
    plane::{Mask, Plane},
    predictor::mask_at,
};

use super::prepare::Prepared;

/// What validation Dice is measured against.
pub(crate) struct Probe {
    truths: Vec<Mask>,
    /// The ids of the cases.
    ids: Vec<String>,
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
        let ids = prepared.cases.iter().map(|case| case.id.clone()).collect();
        if !prepared.cases.is_empty() && prepared.cases.iter().all(|case| case.mask.is_some()) {
            let mut truths = Vec::with_capacity(prepared.cases.len());
            for case in &prepared.cases {
                let size = case.load_image()?.dimensions();
                truths.push(case.load_mask(size.0 as usize, size.1 as usize)?);
            }
            return Ok(Self { truths, ids, against: "masks" });
        }
        let truths = prepared.masks.iter().map(|m| m.refined.above(0.5)).collect();
        Ok(Self { truths, ids, against: "pseudo-masks" })
    }

    /// Mean Dice of one logits plane a case, at each truth's own size; `None` without cases.
    ///
    /// # Errors
    /// Those of the planes, and a logit that is not a number: it would count as background, and weights that draw nothing could be kept.
    pub(crate) fn mean_dice(&self, logits: impl Iterator<Item = Result<Plane>>) -> Result<Option<f64>> {
        let mut sum = 0.0;
        for ((logits, truth), id) in logits.zip(&self.truths).zip(&self.ids) {
            let logits = logits?;
            ensure!(
                logits.data.iter().all(|logit| logit.is_finite()),
                "a logit of the validation image `{id}` is not finite: its cached features are damaged, or the training has diverged. Remove \
                 the feature cache (--cache), and start again with a lower learning rate (--rate) if that changes nothing"
            );
            sum += dice(&mask_at(&logits, truth.width, truth.height), truth);
        }
        Ok((!self.truths.is_empty()).then(|| sum / self.truths.len() as f64))
    }
}
