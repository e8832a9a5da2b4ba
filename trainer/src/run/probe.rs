//! The measure by which a training chooses its best heads.

use anyhow::{Result, ensure};
use fovea_shared::{metrics::dice, plane::Plane, predictor::mask_at};

use super::{prepared::Prepared, scratch::Scratch};

/// What validation Dice is measured against, on disk.
pub(crate) struct Probe {
    truths: Scratch,
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
        let ids: Vec<String> = prepared.cases.iter().map(|case| case.id.clone()).collect();
        let have_masks = !ids.is_empty() && prepared.cases.iter().all(|case| case.mask.is_some());
        let mut truths = Scratch::new(prepared.cache.scratch())?;
        for (index, case) in prepared.cases.iter().enumerate() {
            let [width, height] = prepared.images[index].size;
            truths.push_mask(&match have_masks {
                true => case.load_mask(width as usize, height as usize)?,
                false => prepared.masks(index)?.refined.above(0.5),
            })?;
        }
        Ok(Self { truths, ids, against: if have_masks { "masks" } else { "pseudo-masks" } })
    }

    /// Mean Dice of one logits plane a case, at each truth's own size; `None` without cases.
    ///
    /// # Errors
    /// Those of the logits, a disk that fails, and a logit that is not a number: it would count as background, and weights that draw nothing
    /// could be kept.
    pub(crate) fn mean_dice(&self, logits: impl Iterator<Item = Result<Plane>>) -> Result<Option<f64>> {
        let mut sum = 0.0;
        for (index, (logits, id)) in logits.zip(&self.ids).enumerate() {
            let logits = logits?;
            ensure!(
                logits.data.iter().all(|logit| logit.is_finite()),
                "a logit of the validation image `{id}` is not finite: its cached features are damaged, or the training has diverged. Remove \
                 the feature cache (--cache), and start again with a lower learning rate (--rate) if that changes nothing"
            );
            let truth = self.truths.mask(index)?;
            sum += dice(&mask_at(&logits, truth.width, truth.height), &truth);
        }
        Ok((!self.ids.is_empty()).then(|| sum / self.ids.len() as f64))
    }
}
