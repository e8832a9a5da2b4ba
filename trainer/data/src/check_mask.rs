//! What can be wrong with a mask.

use std::path::Path;

use fovea_shared::image::RgbImage;

use super::defect::{Defect, DefectKind};
use super::nci_isbi::labels;
use super::{MaskFile, grey, picture};

/// Levels of a mask that are neither clearly outside nor clearly inside.
const GREY: std::ops::RangeInclusive<u8> = 30..=225;

/// The largest accepted share of grey pixels in a lossy file. The JPEG masks of Kvasir-SEG stay below it: their grey is a thin
/// line of compression noise along the outline. A PNG has no such excuse.
const MAX_SMEAR: f64 = 0.03;

/// The labels of NCI-ISBI: outside, peripheral zone, central gland.
const LABELS: std::ops::RangeInclusive<i64> = 0..=2;

/// Looks at a mask, and whether it fits its image, where that could be read.
pub(super) fn check_mask(subject: String, mask: &MaskFile, image: Option<&RgbImage>, defects: &mut Vec<Defect>) {
    match mask {
        MaskFile::Picture(path) => match picture::read(path) {
            Ok(mask) => check_picture(subject, path, &mask, image, defects),
            Err(e) => defects.push(Defect::error(DefectKind::UnreadableMask, subject, e.root_cause().to_string())),
        },
        MaskFile::Label { path, section, .. } => match labels::read(path).and_then(|v| Ok(v.labels(section)?)) {
            Ok(labels) => {
                let [width, height] = section.size;
                check_size(&subject, (width as u32, height as u32), image, defects);
                if let Some(label) = labels.iter().find(|label| !LABELS.contains(label)) {
                    let message = format!("holds the label {label}; 0 is outside, 1 and 2 are the zones of the gland");
                    defects.push(Defect::warning(DefectKind::MaskNotBinary, subject.clone(), message));
                }
                let inside = labels.iter().filter(|label| **label >= 1).count();
                check_uniform(subject, inside, labels.len(), 0, defects);
            }
            Err(e) => defects.push(Defect::error(DefectKind::UnreadableMask, subject, format!("{e:#}"))),
        },
    }
}

fn check_picture(subject: String, path: &Path, mask: &RgbImage, image: Option<&RgbImage>, defects: &mut Vec<Defect>) {
    check_size(&subject, mask.dimensions(), image, defects);
    let total = mask.width() as usize * mask.height() as usize;
    let (mut between, mut inside, mut brightest) = (0usize, 0usize, 0);
    for level in grey(mask) {
        between += usize::from(GREY.contains(&level));
        inside += usize::from(level > super::MASK_THRESHOLD);
        brightest = brightest.max(level);
    }
    let share = between as f64 / total as f64;
    let lossless = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("png"));
    if share > if lossless { 0.0 } else { MAX_SMEAR } {
        let message = format!("{:.1} % of its pixels are between 30 and 225: a mask is black and white", 100.0 * share);
        defects.push(Defect::warning(DefectKind::MaskNotBinary, subject.clone(), message));
    }
    check_uniform(subject, inside, total, brightest, defects);
}

fn check_size(subject: &str, mask: (u32, u32), image: Option<&RgbImage>, defects: &mut Vec<Defect>) {
    if let Some(image) = image.filter(|i| i.dimensions() != mask) {
        let ((mask_w, mask_h), (image_w, image_h)) = (mask, image.dimensions());
        let message = format!("is {mask_w}x{mask_h} pixels, its image {image_w}x{image_h}");
        defects.push(Defect::error(DefectKind::SizeMismatch, subject, message));
    }
}

fn check_uniform(subject: String, inside: usize, total: usize, brightest: u8, defects: &mut Vec<Defect>) {
    if inside == 0 {
        let message = if brightest == 0 {
            "no pixel is inside".to_owned()
        } else {
            format!(
                "no pixel is above 127, the brightest is {brightest}: masks must hold 0 and 255, not 0 and {brightest}"
            )
        };
        defects.push(Defect::warning(DefectKind::UniformMask, subject, message));
    } else if inside == total {
        defects.push(Defect::warning(DefectKind::UniformMask, subject, "every pixel is inside"));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::check::{Report, check_folder};
    use super::super::fixture;
    use super::*;

    fn with_mask(name: &str, level: impl Fn(u32, u32) -> u8) -> Report {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a"]);
        std::fs::remove_file(folder.path().join("masks/a.png")).unwrap();
        image::GrayImage::from_fn(24, 16, |x, y| image::Luma([level(x, y)]))
            .save(folder.path().join("masks").join(name))
            .unwrap();
        check_folder(folder.path()).unwrap()
    }

    #[test]
    fn masks_of_zero_and_one_are_explained() {
        let report = with_mask("a.png", |x, _| u8::from(x > 9));
        assert_eq!((report.errors, report.warnings), (0, 1));
        assert!(report.defects[0].message.contains("0 and 255, not 0 and 1"), "{:?}", report.defects);
    }

    #[test]
    fn smear_is_forgiven_to_a_jpeg_and_not_to_a_png() {
        // A soft edge of one pixel on one row: .3 % of the pixels.
        let soft = |x, y| if x > 9 || (x == 9 && y == 3) { if x == 9 { 128 } else { 255 } } else { 0 };
        let png = with_mask("a.png", soft);
        assert_eq!(png.defects[0].kind, DefectKind::MaskNotBinary, "{:?}", png.defects);
        let jpeg = with_mask("a.jpg", |x, _| if x > 15 { 255 } else { 0 });
        assert_eq!(jpeg.defects, []);
    }
}
