//! What `fovea eval --explain` measures: where the teacher reads its phrases, and what its text changes.

use anyhow::Result;
use burn::tensor::Device;
use fovea_shared::{
    description::{Description, Field, Phrase},
    metrics::dice,
    model::TeacherHead,
    plane::{Mask, Plane},
    predictor::mask_at,
};

use crate::{
    data::{Case, parallel},
    features::Features,
    measure::explanation::Reference,
    report::explanation::{FaithfulnessRow, PhraseRow},
    run::{Progress, Prompt, attend, exchange, predict_teacher},
};

/// What is explained: one run's teacher on the test images.
pub(super) struct Question<'a> {
    /// Row name and seed.
    pub(super) name: (&'a str, u64),
    /// The teacher.
    pub(super) head: &'a TeacherHead,
    /// The images.
    pub(super) cases: &'a [Case],
    /// Their true masks.
    pub(super) truths: &'a [Mask],
    /// Their descriptions as the teacher reads them.
    pub(super) texts: &'a [Option<Description>],
    /// Their features.
    pub(super) features: &'a Features,
    /// Whether the teacher takes a gaze prompt.
    pub(super) prompt: bool,
    /// Where to compute.
    pub(super) device: &'a Device,
}

/// One row a phrase, and one an image with and without gaze.
pub(super) type Rows = (Vec<PhraseRow>, Vec<FaithfulnessRow>);

/// The logits under the true, the empty, another image's and the moved description.
struct Variants {
    case: usize,
    with_gaze: bool,
    logits: [Plane; 4],
}

/// Explains every image that has a description and a lesion. Attention is that of the teacher
/// **without gaze**: with the gaze of the image as a
/// prompt, agreement with that gaze would be no finding.
///
/// # Errors
/// A device that fails.
pub(super) fn explain_all(question: &Question<'_>, progress: &Progress) -> Result<Rows> {
    let Question { name: (row, seed), cases, truths, texts, .. } = *question;
    let mut strange = texts.to_vec();
    exchange(&mut strange, seed);
    let (mut maps, mut variants) = (Vec::new(), Vec::new());
    let mut bar = progress.bar("explain", cases.len() as u64);
    for (case, text) in texts.iter().enumerate() {
        bar.inc(1);
        // Where no lesion is, words have nothing to point at.
        let Some(text) = text.as_ref().filter(|text| !text.is_empty() && !truths[case].is_empty()) else { continue };
        let mirrored = elsewhere(text)?;
        let wordings = [Some(text), None, strange[case].as_ref(), Some(&mirrored)];
        for with_gaze in [false, true] {
            let gaze = cases[case].gaze.as_ref().filter(|_| with_gaze);
            if with_gaze && (gaze.is_none() || !question.prompt) {
                continue;
            }
            let ask = |text| {
                predict_teacher(question.head, question.features, case, Prompt { gaze, text }, 1, question.device)
            };
            let [a, b, c, d] = wordings.map(ask);
            variants.push(Variants { case, with_gaze, logits: [a?, b?, c?, d?] });
        }
        let asked = Prompt { gaze: None, text: Some(text) };
        let (_, attention) = attend(question.head, question.features, case, asked, question.device)?;
        maps.push((case, text.phrases().into_iter().zip(attention).collect::<Vec<(Phrase, Plane)>>()));
    }
    bar.finish();
    // All maps of an image share its mask and gaze, which are prepared once.
    let of_images = parallel::map(
        &maps,
        |(case, attention)| {
            let reference = Reference::new(Some(&truths[*case]), cases[*case].gaze.as_ref());
            let row_of = |(phrase, map): &(Phrase, Plane)| PhraseRow {
                row: row.into(),
                seed,
                id: cases[*case].id.clone(),
                field: phrase.field().name().into(),
                word: phrase.word().name.into(),
                scores: reference.explain(map),
            };
            attention.iter().map(row_of).collect::<Vec<_>>()
        },
        || (),
    );
    let phrases = of_images.into_iter().flatten().collect();
    let faithfulness = parallel::map(&variants, |v| faithfulness(v, row, seed, &cases[v.case], &truths[v.case]), || ());
    Ok((phrases, faithfulness))
}

/// The description with its location mirrored in both axes; the centre, which is its own mirror
/// image, becomes a corner.
fn elsewhere(text: &Description) -> Result<Description> {
    let mut moved = text.flip(true, true);
    if moved.get(Field::Location).is_some_and(|word| word.name == "centre") {
        moved.set(Field::Location, Some("upper_left"))?;
    }
    Ok(moved)
}

fn faithfulness(variants: &Variants, row: &str, seed: u64, case: &Case, truth: &Mask) -> FaithfulnessRow {
    let masks = variants.logits.each_ref().map(|logits| mask_at(logits, truth.width, truth.height));
    let [told, empty, shuffled, flipped] = masks.each_ref().map(|mask| dice(mask, truth));
    let change = |other: usize| 1.0 - dice(&masks[0], &masks[other]);
    FaithfulnessRow {
        row: row.into(),
        seed,
        id: case.id.clone(),
        with_gaze: variants.with_gaze,
        dice: told,
        dice_empty: empty,
        dice_shuffled: shuffled,
        dice_flipped: flipped,
        change_empty: change(1),
        change_shuffled: change(2),
        change_flipped: change(3),
    }
}
