//! What can be wrong with one image and its mask.

use std::fs;

use fovea_shared::image::{self, Decoded, Note, RgbImage};

use super::check_mask::{Seen, check_mask};
use super::defect::{Defect, DefectKind};
use super::error::told;
use super::hash::sha256;
use super::truth::Truth;
use super::{Case, picture};

/// What was found about a case.
#[derive(Debug)]
pub(super) struct Looked {
    /// The hash of the picture, where the file could be read.
    pub(super) hash: Option<String>,
    /// What its mask is good for.
    pub(super) truth: Truth,
    /// What is wrong.
    pub(super) defects: Vec<Defect>,
}

/// Decodes a case's image and mask, which messages call by these names.
pub(super) fn check_case(case: &Case, image_name: String, mask_name: Option<String>) -> Looked {
    let mut looked = Looked { hash: None, truth: Truth::Missing, defects: Vec::new() };
    let defects = &mut looked.defects;
    let bytes = match fs::read(&case.image) {
        Ok(bytes) => bytes,
        Err(e) => {
            defects.push(Defect::error(DefectKind::UnreadableImage, image_name, format!("cannot be read: {e}")));
            return looked;
        }
    };
    let found = picture::decode_with_notes(&bytes);
    let mut seen = None;
    match &found {
        Err(e) => defects.push(Defect::error(DefectKind::UnreadableImage, &image_name, told(e))),
        Ok(Decoded { image, notes }) => {
            seen = Some(Seen { size: image.dimensions().into(), header: image::header(&bytes).ok() });
            // Whether turning matters, the mask tells.
            let turned = |note: &&Note| matches!(note, Note::Turned { .. });
            let (turned, others): (Vec<&Note>, Vec<&Note>) = notes.iter().partition(turned);
            let kind = |note| Defect::warning(DefectKind::ImageReading, &image_name, format!("{note}"));
            defects.extend(others.into_iter().map(kind));
            if case.mask.is_none() {
                let note = |note| Defect::warning(DefectKind::TurnedImage, &image_name, format!("{note}"));
                defects.extend(turned.into_iter().map(note));
            }
        }
    }
    if let (Some(mask), Some(name)) = (&case.mask, mask_name) {
        looked.truth = check_mask(&name, mask, seen, defects);
    }
    looked.hash = Some(found.map_or_else(|_| sha256(&bytes), |found| picture_hash(&found.image)));
    looked
}

/// The hash of what is seen: the same picture in two files may differ in format, compression and header.
fn picture_hash(image: &RgbImage) -> String {
    sha256(&[image.width().to_le_bytes().as_slice(), &image.height().to_le_bytes(), image.as_raw()].concat())
}
