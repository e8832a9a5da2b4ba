//! Batches of pixels. What is random is drawn from (seed, stage, epoch, place), as for the heads.

use burn::tensor::{Device, Tensor, TensorData};
use fovea_paper::{PaperBatch, TextTokens};
use fovea_shared::{
    distill::told_masks,
    image::{flip_chw, normalise},
    model::PhraseTokens,
};
use rand::RngExt;

use crate::{
    config::TrainConfig,
    features::{FLIPS, View},
    run::{
        prepare::Prepared,
        randomness::{Place, generator},
        tensors::{stacked, viewed},
        text::drawn_tokens,
    },
};

/// Builds the batch of some cases from one mirror image of each, its words mirrored too, at `side` pixels.
pub(super) fn build(
    prepared: &Prepared,
    cases: &[usize],
    config: &TrainConfig,
    side: usize,
    place: Place,
    device: &Device,
) -> PaperBatch {
    let flips = if config.flips { FLIPS.len() } else { 1 };
    let mut images = Vec::with_capacity(cases.len() * 3 * side * side);
    let (mut texts, mut teacher, mut student, mut disputed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (offset, &case) in cases.iter().enumerate() {
        let place = place.with(offset);
        let mut rng = generator(config.seed, place.stage, place.epoch, place.first);
        let flip = FLIPS[rng.random_range(0..flips)];
        let view = View::flip(flip);
        images.extend(flip_chw(&normalise(&prepared.inputs()[case]), side, flip.horizontal, flip.vertical));
        let drops = (config.text_drop, config.phrase_drop);
        texts.push(drawn_tokens(prepared.text[case].as_ref(), flip, drops, None, &mut rng));
        teacher.push(viewed(&prepared.teacher[case], &view));
        student.push(viewed(&prepared.student[case], &view));
        if config.distill.strategies.darm {
            let told = told_masks(&prepared.masks[case], config.student_target, &config.pseudo_masks);
            disputed.push(told.disputed().flip(flip.horizontal, flip.vertical));
        }
    }
    PaperBatch {
        images: Tensor::from_data(TensorData::new(images, [cases.len(), 3, side, side]), device),
        text: TextTokens::from(&PhraseTokens::new(&texts, device)),
        teacher: stacked(&teacher, device),
        student: stacked(&student, device),
        disputed,
    }
}
