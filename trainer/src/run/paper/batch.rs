//! Batches of pixels. What is random is drawn from (seed, stage, epoch, place), as for the heads.

use anyhow::Result;
use burn::tensor::{Device, Tensor, TensorData};
use fovea_paper::{PaperBatch, TextTokens};
use fovea_shared::{
    distill::WeightedTarget,
    image::{flip_chw, normalise},
    model::PhraseTokens,
};
use rand::RngExt;

use crate::{
    config::TrainConfig,
    features::{FLIPS, View},
    run::{
        prepared::Prepared,
        randomness::{DrawAddress, generator},
        tensors::{stacked, viewed},
        text::drawn_tokens,
    },
};

/// Builds the batch of some cases from one mirror image of each, its words mirrored too, at `side` pixels.
///
/// # Errors
/// Images or maps that cannot be read any more.
pub(super) fn build(
    prepared: &Prepared,
    cases: &[usize],
    config: &TrainConfig,
    side: usize,
    address: DrawAddress,
    device: &Device,
) -> Result<PaperBatch> {
    let flips = if config.flips { FLIPS.len() } else { 1 };
    let mut images = Vec::with_capacity(cases.len() * 3 * side * side);
    let (mut texts, mut teacher, mut student, mut disputed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (offset, &case) in cases.iter().enumerate() {
        let address = address.with(offset);
        let mut rng = generator(config.seed, address.stage, address.epoch, address.first);
        let flip = FLIPS[rng.random_range(0..flips)];
        let view = View::flip(flip);
        images.extend(flip_chw(&normalise(&prepared.image(case)?), side, flip.horizontal, flip.vertical));
        let drops = (config.text_drop, config.phrase_drop);
        texts.push(drawn_tokens(prepared.text[case].as_ref(), flip, drops, None, &mut rng));
        let maps = prepared.maps(case);
        teacher.push(viewed(&maps.teacher()?, &view));
        student.push(viewed(&maps.student()?, &view));
        if config.distill.strategies.darm {
            disputed.push(maps.told()?.disputed().flip(flip.horizontal, flip.vertical));
        }
    }
    let pair = |target: WeightedTarget| (target.value, target.weight);
    Ok(PaperBatch {
        images: Tensor::from_data(TensorData::new(images, [cases.len(), 3, side, side]), device),
        text: TextTokens::from(&PhraseTokens::new(&texts, device)),
        teacher: pair(stacked(&teacher, device)),
        student: pair(stacked(&student, device)),
        disputed,
    })
}
