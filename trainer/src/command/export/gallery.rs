//! The phantoms of a bundle's gallery.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use fovea_shared::{
    bundle::{CaseDescription, GalleryCase, PHANTOM},
    description::{Modality, measured::measure},
    gaze::write_csv,
    image::{RgbImage, mask_png, resize_rgb},
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};

/// Seeds of the phantoms of a domain's gallery, from easy to hard: chosen by looking at dozens of
/// each, and not trained on.
pub(super) fn seeds(domain: Modality) -> [u64; 6] {
    match domain {
        Modality::Polyp => [25, 55, 10, 24, 7, 12],
        // A dark one; blue and brown; streaks; under hairs; pale; faint and small.
        Modality::SkinLesion => [12, 20, 9, 21, 28, 10],
        // Mid-gland; large; bright; asymmetric beside a coil; base below the bladder; apex.
        Modality::Prostate => [10, 16, 31, 14, 23, 9],
    }
}

/// Size of a domain's phantoms, in pixels.
fn size(domain: Modality) -> (u32, u32) {
    match domain {
        Modality::Polyp => (640, 512),
        Modality::SkinLesion => (640, 480),
        Modality::Prostate => (448, 448),
    }
}

/// Draws a phantom into the gallery: its image, mask, gaze and measured description.
///
/// # Errors
/// An image that cannot be encoded.
pub(super) fn add_phantom(files: &mut BTreeMap<String, Vec<u8>>, domain: Modality, seed: u64) -> Result<GalleryCase> {
    let (width, height) = size(domain);
    let drawn = fovea_phantom::draw(domain, seed, width, height);
    let id = format!("phantom-{seed}");
    let (image, mask, gaze) =
        (format!("gallery/{id}.jpg"), format!("gallery/{id}-mask.png"), format!("gallery/{id}-gaze.csv"));
    files.insert(image.clone(), jpeg(&drawn.image)?);
    files.insert(mask.clone(), mask_png(&drawn.mask)?);
    let masks = pseudo_masks(&drawn.image, &drawn.gaze, &PseudoMaskParams::of(domain));
    let description = measure(&drawn.image, &masks.broad, domain);
    let rows = BTreeMap::from([(id.clone(), (drawn.gaze, (width, height)))]);
    files.insert(gaze.clone(), write_csv(&rows).into_bytes());
    Ok(GalleryCase {
        title: format!("Phantom {seed}"),
        riddle: None,
        purpose: None,
        attribution: None,
        id,
        image,
        mask: Some(mask),
        gaze: Some(gaze),
        gaze_source: Some("simulated".into()),
        origin: PHANTOM.into(),
        descriptions: vec![CaseDescription { description, caveat: None }],
    })
}

/// An image as JPEG bytes.
pub(in crate::command) fn jpeg(image: &RgbImage) -> Result<Vec<u8>> {
    jpeg_of(image, 88)
}

/// An image as JPEG of the best quality that takes at most so many bytes, and that quality.
///
/// # Errors
/// None from 40 on does.
pub(super) fn jpeg_within(image: &RgbImage, most: usize) -> Result<(Vec<u8>, u8)> {
    for quality in (40..=92).rev().step_by(4) {
        let bytes = jpeg_of(image, quality)?;
        if bytes.len() <= most {
            return Ok((bytes, quality));
        }
    }
    bail!("at quality 40 its {} x {} pixels take more than {most} bytes still", image.width(), image.height())
}

fn jpeg_of(image: &RgbImage, quality: u8) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(image)?;
    Ok(bytes)
}

/// Shrinks an image so that its longer side is at most `side`.
pub(in crate::command) fn at_most(image: &RgbImage, side: u32) -> RgbImage {
    let longest = image.width().max(image.height());
    if longest <= side {
        return image.clone();
    }
    let scale = |v: u32| ((u64::from(v) * u64::from(side)) / u64::from(longest)).max(1) as usize;
    resize_rgb(image, scale(image.width()), scale(image.height()))
}
