//! Descriptions that this device can make of an image by itself. One function a source, so that each can be seen to be honest about
//! what it is.

use fovea_shared::{
    bundle::CaseDescription,
    description::{Modality, measured::measure},
    image::RgbImage,
    plane::Mask,
};

/// What is said wherever a description measured on a network's outline is shown: nobody has drawn that outline.
const ON_OUTLINE: &str =
    "Measured inside an outline that a network drew, not a person: a wrong outline has a wrong description.";

/// Measured from pixels: geometry and colours of what `mask` holds. No language model takes part. Nothing for an empty mask.
pub fn measured(image: &RgbImage, mask: &Mask, modality: Modality) -> Vec<CaseDescription> {
    let description = measure(image, mask, modality);
    let said = (!description.is_empty()).then(|| CaseDescription { description, caveat: Some(ON_OUTLINE.into()) });
    said.into_iter().collect()
}

/// Said by the small network that learnt a vision-language model's answers. None until a bundle has one.
pub fn distilled() -> Vec<CaseDescription> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_outline_holds_nothing_to_describe() {
        let image = RgbImage::new(32, 32);
        assert!(measured(&image, &Mask::empty(32, 32), Modality::Polyp).is_empty());
        let disc = |i: usize| ((i % 32) as f32 - 8.0).hypot((i / 32) as f32 - 8.0) < 6.0;
        let said = measured(&image, &Mask::from_vec(32, 32, (0..32 * 32).map(disc).collect()), Modality::Polyp);
        assert_eq!(said.len(), 1);
        assert!(said[0].caveat.as_deref().is_some_and(|c| c.contains("not a person")));
    }
}
