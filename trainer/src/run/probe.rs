//! The measure by which a training chooses its best heads.

use anyhow::{Result, ensure};
use fovea_shared::{metrics::dice, plane::Plane, predictor::mask_at};

use super::{prepared::Prepared, scratch::Scratch};
use crate::data::truth::{Degenerate, Truth, UniformTruths};

/// What validation Dice is measured against, on disk.
pub(crate) struct Probe {
    truths: Scratch,
    /// The ids of the cases.
    ids: Vec<String>,
    /// What they are good for; an empty one counts for no mean.
    kinds: Vec<Truth>,
    /// `masks`, or `pseudo-masks` where the validation images have none.
    pub(crate) against: &'static str,
}

impl Probe {
    /// The true masks of the validation cases where all have one, else their refined pseudo-masks.
    /// Validation is the only place of a training where a mask may be opened, and these images
    /// never train.
    ///
    /// # Errors
    /// A mask that is there and cannot be read, and masks that are all empty or full: weights cannot be chosen on them.
    pub(crate) fn new(prepared: &Prepared) -> Result<Self> {
        let ids: Vec<String> = prepared.cases.iter().map(|case| case.id.clone()).collect();
        let have_masks = !ids.is_empty() && prepared.cases.iter().all(|case| case.mask.is_some());
        let mut truths = Scratch::new(prepared.cache.scratch())?;
        let mut kinds = Vec::with_capacity(ids.len());
        for (index, case) in prepared.cases.iter().enumerate() {
            let [width, height] = prepared.images[index].size;
            let truth = match have_masks {
                true => case.load_mask(width as usize, height as usize)?,
                false => prepared.masks(index)?.refined.above(0.5),
            };
            kinds.push(Truth::of(&truth));
            truths.push_mask(&truth)?;
        }
        if let Some(degenerate) = Degenerate::of("validation", kinds.iter().copied()).filter(|_| have_masks) {
            return Err(degenerate.into());
        }
        Ok(Self { truths, ids, kinds, against: if have_masks { "masks" } else { "pseudo-masks" } })
    }

    /// The validation images whose truth is empty or full, where there are any.
    pub(crate) fn uniform_truths(&self) -> Option<UniformTruths> {
        UniformTruths::of(self.ids.iter().map(String::as_str).zip(self.kinds.iter().copied()))
    }

    /// Mean Dice of one logits plane a case, at each truth's own size; `None` without cases. An
    /// empty truth does not count: its Dice only
    /// says whether the prediction is empty too, and weights that draw nothing would be kept.
    ///
    /// # Errors
    /// Those of the logits, a disk that fails, and a logit that is not a number: it would count as
    /// background, and weights that draw nothing could be kept.
    pub(crate) fn mean_dice(&self, logits: impl Iterator<Item = Result<Plane>>) -> Result<Option<f64>> {
        let (mut sum, mut count) = (0.0, 0usize);
        for (index, (logits, id)) in logits.zip(&self.ids).enumerate() {
            let logits = logits?;
            ensure!(
                logits.data.iter().all(|logit| logit.is_finite()),
                "a logit of the validation image `{id}` is not finite: its cached features are damaged, or the \
                 training has diverged. Remove the feature cache (--cache), and start again with a lower learning rate \
                 (--rate) if that changes nothing"
            );
            if self.kinds[index] == Truth::Empty {
                continue;
            }
            let truth = self.truths.mask(index)?;
            count += 1;
            sum += dice(&mask_at(&logits, truth.width, truth.height), &truth);
        }
        Ok((count > 0).then(|| sum / count as f64))
    }
}
