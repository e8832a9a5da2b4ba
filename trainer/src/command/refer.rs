//! Does the teacher read? Two test images in one picture, one of them described: where does the mask go?

use anyhow::Result;
use fovea_shared::{
    distill::Target,
    image::{pool_plane, resize_plane},
    model::{GazePrompt, PhraseTokens, TEACHER_SIDE},
    plane::{Mask, Plane},
};

use super::explain::Question;
use crate::{
    features::FLIPS,
    report::results::Referring,
    run::{Cut, LARGER, Part, mosaic, plane_of, pyramid, tokens},
};

/// Shows the teacher one mosaic a described test image, where one can be made with one of the next images of the list.
/// True masks decide only where images may be cut.
///
/// # Errors
/// A device that fails.
pub(super) fn referring(question: &Question<'_>) -> Result<Option<Referring>> {
    let count = question.cases.len();
    let part = |case: usize| Part { features: question.features.get(case, 0), target: target(&question.truths[case]) };
    let (mut told, mut untold, mut other_told, mut mosaics) = (0.0, 0.0, 0.0, 0usize);
    for case in 0..count {
        let Some(text) = question.texts[case].as_ref() else { continue };
        // The larger part is the described one, and then, in the same picture, the smaller one.
        let cut = Cut { columns: case % 2 == 0, first: case / 2 % 2 == 0, kept: LARGER };
        let made = (1..count).map(|step| (case + step) % count).find_map(|other| {
            let (features, _, here) = mosaic(&part(case), text, &part(other), cut)?;
            let (_, _, there) = mosaic(&part(other), question.texts[other].as_ref()?, &part(case), cut.of_the_other())?;
            Some((features, here, there))
        });
        let Some((features, text, other)) = made else { continue };
        let share = |tokens: Vec<Vec<f32>>| -> Result<f64> {
            let tokens = PhraseTokens::new(&[tokens], question.device);
            let gaze = GazePrompt::new(&[None], question.device);
            let logits = question.head.forward(&pyramid(&features, question.device), &gaze, &tokens);
            Ok(share_in_part(&plane_of(logits, TEACHER_SIDE)?, cut))
        };
        told += share(tokens(Some(&text), FLIPS[0]))?;
        untold += share(Vec::new())?;
        other_told += share(tokens(Some(&other), FLIPS[0]))?;
        mosaics += 1;
    }
    let mean = |sum: f64| sum / mosaics as f64;
    Ok((mosaics > 0).then(|| Referring {
        told: mean(told),
        untold: mean(untold),
        other_told: Some(mean(other_told)),
        mosaics,
    }))
}

fn target(truth: &Mask) -> Target {
    let square = resize_plane(&truth.to_plane(), 8 * TEACHER_SIDE, 8 * TEACHER_SIDE);
    Target { value: pool_plane(&square, TEACHER_SIDE), weight: Plane::filled(TEACHER_SIDE, TEACHER_SIDE, 1.0) }
}

/// The share of the probabilities that lies in the described part; one half where there is none at all.
fn share_in_part(logits: &Plane, cut: Cut) -> f64 {
    let (mut inside, mut total) = (0.0f64, 0.0f64);
    for (index, logit) in logits.data.iter().enumerate() {
        let place = if cut.columns { index % logits.width } else { index / logits.width };
        let p = 1.0 / (1.0 + (-f64::from(*logit)).exp());
        total += p;
        if cut.describes(place, logits.width) {
            inside += p;
        }
    }
    if total > 0.0 { inside / total } else { 0.5 }
}
