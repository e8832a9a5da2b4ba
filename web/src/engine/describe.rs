//! Descriptions that this device can make of an image by itself. One function a source, so that each can be seen to be honest about
//! what it is.

use burn::tensor::Device;
use fovea_shared::{
    bundle::{Bundle, CaseDescription, DESCRIBER_FILES},
    description::{Modality, measured::measure},
    image::RgbImage,
    model::{
        Pyramid,
        describer::{Describer, DescriberError, PlainPyramid},
    },
    plane::{Mask, Plane},
};

use crate::{errors, text::Message};

/// What is said wherever a description measured on a network's outline is shown: nobody has drawn that outline.
fn caveat(gazed: bool) -> String {
    let whose = if gazed {
        "the outline that the teacher draws for your gaze"
    } else {
        "the student’s outline, without any gaze"
    };
    format!("Measured inside {whose}: a wrong outline has a wrong description.")
}

/// Measured from pixels: geometry and colours of what `mask` holds. No language model takes part. Nothing for an empty mask.
/// `gazed` says whether gaze led to the mask.
pub fn measured(image: &RgbImage, mask: &Mask, gazed: bool, modality: Modality) -> Vec<CaseDescription> {
    let description = measure(image, mask, modality);
    let said = (!description.is_empty()).then(|| CaseDescription { description, caveat: Some(caveat(gazed)) });
    said.into_iter().collect()
}

/// The distilled describer of a bundle, where it has one. It is small and computes on the CPU, whatever the networks do.
///
/// # Errors
/// In plain words, naming the file that does not fit.
pub fn describer(bundle: &Bundle) -> Result<Option<Describer>, Message> {
    let [weights, card] = DESCRIBER_FILES;
    if bundle.manifest.describer_files().next().is_none() {
        return Ok(None);
    }
    let file = |name| bundle.file(name).map_err(|e| errors::bundle(&e));
    let device = Device::flex();
    Describer::load(file(weights)?.to_vec(), file(card)?, &device).map(Some).map_err(|e| errors::describer(&e))
}

/// Said by the small network that learnt a vision-language model's answers, of the outline of these logits and the gaze that led to
/// it. Nothing for images of another kind, and where it is not sure of anything.
///
/// # Errors
/// When the device fails.
pub async fn distilled(
    describer: &Describer,
    features: &Pyramid,
    logits: &Plane,
    heat: Option<&Plane>,
    modality: Modality,
) -> Result<Vec<CaseDescription>, Message> {
    if describer.card().modality != modality {
        return Ok(Vec::new());
    }
    let failed = |e: DescriberError| errors::describer(&e);
    let features = PlainPyramid::read(features).await.map_err(failed)?;
    let description = describer.describe(&features, &logits.sigmoid(), heat).await.map_err(failed)?;
    let caveat = Some(describer.card().caveat.clone());
    let said = (!description.is_empty()).then_some(CaseDescription { description, caveat });
    Ok(said.into_iter().collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_empty_outline_holds_nothing_to_describe() {
        let disc = |i: usize| ((i % 128) as f32 - 40.0).hypot((i / 128) as f32 - 40.0) < 24.0;
        let colour = |i| if disc(i) { [190, 80, 70] } else { [205, 140, 120] };
        let image = RgbImage::from_raw(128, 128, (0..128 * 128).flat_map(colour).collect()).unwrap();
        assert!(measured(&image, &Mask::empty(128, 128), true, Modality::Polyp).is_empty());
        let said =
            measured(&image, &Mask::from_vec(128, 128, (0..128 * 128).map(disc).collect()), false, Modality::Polyp);
        assert_eq!(said.len(), 1);
        assert!(said[0].caveat.as_deref().is_some_and(|c| c.contains("student’s outline")));
    }
}
