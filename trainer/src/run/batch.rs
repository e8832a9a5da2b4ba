//! Batches for the heads of the preset lite. What is random is drawn as `randomness.rs` says.

use anyhow::Result;
use burn::tensor::{Device, Tensor, TensorData};
use fovea_shared::{
    distill::{
        Batch, Learner, StudentSupervision, StudentTarget, Supervision, TeacherInput, TeacherSupervision,
        high_confidence_target,
    },
    image::{INPUT_SIDE, normalise},
    model::{CHANNELS, GazePrompt, PhraseTokens, PromptMaps, Pyramid, SIDES, STUDENT_SIDE},
};
use rand::{Rng, RngExt};

use super::{
    cutmix::Window,
    engine::Stage,
    prepared::Prepared,
    randomness::{DrawAddress, generator},
    teacher_sample::{Shows, TeacherSample, Viewed},
    tensors::{stacked, viewed},
    text::{seen_text, tokens},
};
use crate::config::{TextSource, TrainConfig};

/// Builds the batch of some cases for a learner, from all views where it adapts the backbone, else
/// from mirror images and the heads' own views. Features and maps are read from disk for the batch,
/// and go with it.
///
/// # Errors
/// Features, maps or images that cannot be read any more.
pub(super) fn build(
    prepared: &Prepared,
    cases: &[usize],
    config: &TrainConfig,
    address: DrawAddress,
    Stage { learner, adapts, labels, .. }: Stage,
    device: &Device,
) -> Result<Batch> {
    let mut values: [Vec<f32>; 4] = std::array::from_fn(|l| Vec::with_capacity(cases.len() * Pyramid::level_len(l)));
    let mut kept: [Vec<f32>; 4] = Default::default();
    let (mut images, mut disputed, mut partner) = (Vec::new(), Vec::new(), Vec::new());
    let strategies = config.distill.strategies;
    let advised = learner == Learner::Student && strategies.any();
    let (mut prompts, mut texts, mut teacher, mut student) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (offset, &case) in cases.iter().enumerate() {
        let mut rng = generator(config.seed, address.stage, address.epoch, address.first + offset);
        let features = prepared.features();
        let views = if adapts { features.views() } else { features.flips() + config.views() };
        let view_index = rng.random_range(0..views);
        let view = features.view(case, view_index);
        let maps = prepared.maps(case);
        let shown = (learner != Learner::Student).then(|| {
            let shows = match (labels, learner) {
                (true, _) => Shows::Labels,
                (false, Learner::Both) => Shows::Own,
                (false, _) => Shows::Any,
            };
            let case = Viewed { index: case, maps: &maps, view: &view };
            TeacherSample::draw(prepared, case, config, address.with(offset), shows)
        });
        let shown = shown.transpose()?;
        let donor = adapts.then(|| draw_donor(prepared, case, views, config, address.with(offset))).flatten();
        let picture = shown.as_ref().and_then(|shown| shown.picture).zip(prepared.pictures.as_ref());
        let seen = match picture {
            Some((index, pictures)) => pictures.features(index)?,
            None => {
                let mut seen = features.get(case, view_index)?;
                if let Some(Donor { case, view, window }) = &donor {
                    window.paste_features(&features.get(*case, *view)?, &mut seen);
                }
                seen
            }
        };
        append_features(&mut values, &seen);
        draw_dropout(&mut kept, config.channel_dropout(), &mut rng);
        if let Some(shown) = shown {
            prompts.push(shown.prompt);
            texts.push(shown.text);
            teacher.push(shown.target);
        }
        if learner != Learner::Teacher {
            let mut target = viewed(&maps.student()?, &view);
            if let Some(Donor { case, view, window }) = &donor {
                let from = viewed(&prepared.maps(*case).student()?, &features.view(*case, *view));
                window.paste(&from.value, &mut target.value);
                window.paste(&from.weight, &mut target.weight);
            }
            student.push(target);
            if config.student_target == StudentTarget::TwoLevel {
                partner.push(viewed(&high_confidence_target(maps.masks()?, STUDENT_SIDE), &view));
            }
            if config.distill.needs_pixels() {
                images.extend(normalise(&view.image(&prepared.image(case)?)));
            }
            if strategies.darm {
                disputed.push(view.plane(&maps.told()?.disputed().to_plane(), 0.0).above(0.5));
            }
        }
        if advised {
            // Who advises knows all there is, as when it relabels.
            let all = || PromptMaps::of(prepared.gaze(case)).changed(|map| view.plane(map, 0.0));
            prompts.push(config.gaze_prompt().then(all));
            texts.push(tokens(seen_text(prepared.text[case].as_ref(), &view).as_ref(), view.flip));
        }
    }
    let levels = std::array::from_fn(|l| {
        let shape = [cases.len(), CHANNELS[l], SIDES[l], SIDES[l]];
        Tensor::from_data(TensorData::new(std::mem::take(&mut values[l]), shape), device)
    });
    let prompts: Vec<Option<&PromptMaps>> = prompts.iter().map(Option::as_ref).collect();
    let dropout = (config.channel_dropout() > 0.0).then(|| {
        std::array::from_fn(|l| {
            let shape = [cases.len(), CHANNELS[l], 1, 1];
            Tensor::from_data(TensorData::new(std::mem::take(&mut kept[l]), shape), device)
        })
    });
    let images = (!images.is_empty())
        .then(|| Tensor::from_data(TensorData::new(images, [cases.len(), 3, INPUT_SIDE, INPUT_SIDE]), device));
    let input = || TeacherInput {
        prompt: GazePrompt::new(&prompts, device),
        text: (config.text != TextSource::None).then(|| PhraseTokens::new(&texts, device)),
    };
    let taught = || TeacherSupervision { input: input(), target: stacked(&teacher, device) };
    let told = || StudentSupervision {
        target: stacked(&student, device),
        partner: (!partner.is_empty()).then(|| stacked(&partner, device)),
        advice: advised.then(input),
        images,
        disputed,
    };
    let supervision = match learner {
        Learner::Teacher => Supervision::Teacher(taught().into()),
        Learner::Student => Supervision::Student(told().into()),
        Learner::Both => Supervision::Both(taught().into(), told().into()),
    };
    Ok(Batch { features: Pyramid { levels }, dropout, supervision })
}

/// Who gives a sample a part of its own image, and which part.
struct Donor {
    case: usize,
    view: usize,
    window: Window,
}

/// Another image whose part this sample shows, with probability `adapt-mix`.
fn draw_donor(
    prepared: &Prepared,
    case: usize,
    views: usize,
    config: &TrainConfig,
    address: DrawAddress,
) -> Option<Donor> {
    // A generator of its own: the other draws of the sample stay what they are without mixing.
    let mut rng = generator(config.seed ^ 0x6d69_7865, address.stage, address.epoch, address.first);
    let mix = config.adapting().map_or(0.0, |adapting| adapting.mix);
    if mix <= 0.0 || prepared.cases.len() < 2 || !rng.random_bool(mix) {
        return None;
    }
    let other = rng.random_range(0..prepared.cases.len() - 1);
    let other = if other < case { other } else { other + 1 };
    Some(Donor { case: other, view: rng.random_range(0..views), window: Window::draw(&mut rng) })
}

/// Appends one image's features.
fn append_features(into: &mut [Vec<f32>; 4], from: &[half::f16]) {
    let mut start = 0;
    for (level, into) in into.iter_mut().enumerate() {
        into.extend(from[start..start + Pyramid::level_len(level)].iter().map(|v| v.to_f32()));
        start += Pyramid::level_len(level);
    }
}

/// Channel dropout of one image: 0 for channels that are silenced, and what keeps the mean for the others.
fn draw_dropout(into: &mut [Vec<f32>; 4], dropout: f64, rng: &mut impl Rng) {
    if dropout > 0.0 {
        let kept = 1.0 / (1.0 - dropout) as f32;
        for (level, into) in into.iter_mut().enumerate() {
            into.extend((0..CHANNELS[level]).map(|_| if rng.random_bool(dropout) { 0.0 } else { kept }));
        }
    }
}
