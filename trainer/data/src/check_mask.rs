//! What can be wrong with a mask.

use fovea_shared::image::Header;

use super::MaskFile;
use super::defect::{Defect, DefectKind};
use super::error::innermost;
use super::mask::{Caution, ReadMask, SizeMismatch};
use super::nci_isbi::labels;
use super::truth::Truth;

/// The labels of NCI-ISBI: outside, peripheral zone, central gland.
const LABELS: std::ops::RangeInclusive<i64> = 0..=2;

/// The image that a mask belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// Width and height, upright, in pixels.
    pub(super) size: [u32; 2],
    /// What its header says; nothing for DICOM.
    pub(super) header: Option<Header>,
}

/// Looks at a mask, and whether it fits its image, where that could be read.
pub(super) fn check_mask(subject: &str, mask: &MaskFile, image: Option<Seen>, defects: &mut Vec<Defect>) -> Truth {
    let read = match mask.read() {
        Ok(read) => read,
        Err(e) => {
            defects.push(Defect::error(DefectKind::UnreadableMask, subject, innermost(&e).to_string()));
            return Truth::Unusable;
        }
    };
    defects.extend(read.cautions.iter().map(|caution| {
        let kind = match caution {
            Caution::Soft { .. } => DefectKind::MaskNotBinary,
            Caution::MaybeInverted => DefectKind::MaskInverted,
            Caution::NoZero { .. } | Caution::Merged { .. } | Caution::ColoursUnread => DefectKind::MaskReading,
        };
        Defect::warning(kind, subject, caution.to_string())
    }));
    check_labels(subject, mask, defects);
    let fits = image.is_none_or(|image| check_size(subject, &read, image, defects));
    let truth = Truth::of(&read.mask);
    match truth {
        Truth::Empty => defects.push(Defect::warning(DefectKind::UniformMask, subject, "no pixel is inside")),
        Truth::Full => defects.push(Defect::warning(DefectKind::UniformMask, subject, "every pixel is inside")),
        _ => {}
    }
    if fits { truth } else { Truth::Unusable }
}

/// Labels of a volume that are none of the gland's zones.
fn check_labels(subject: &str, mask: &MaskFile, defects: &mut Vec<Defect>) {
    let MaskFile::Label { path, section, .. } = mask else { return };
    let Some(labels) = labels::read(path).ok().and_then(|volume| volume.labels(section).ok()) else { return };
    if let Some(label) = labels.iter().find(|label| !LABELS.contains(label)) {
        let message = format!("holds the label {label}; 0 is outside, 1 and 2 are the zones of the gland");
        defects.push(Defect::warning(DefectKind::MaskNotBinary, subject, message));
    }
}

/// Whether a mask has the size of its image; and where EXIF turns the image, whether the mask was
/// drawn on it as it is shown.
fn check_size(subject: &str, read: &ReadMask, image: Seen, defects: &mut Vec<Defect>) -> bool {
    let mask = [read.mask.width as u32, read.mask.height as u32];
    if mask != image.size {
        let mismatch = SizeMismatch { mask, image: image.size, header: image.header };
        defects.push(Defect::error(DefectKind::SizeMismatch, subject, mismatch.to_string()));
        return false;
    }
    // The size shows it where turning changes it, and so does a mask that is turned alike.
    let known = |header: &Header| header.stored != header.upright() || header.orientation == read.orientation;
    if let Some(header) = image.header.filter(|header| header.orientation != 1 && !known(header)) {
        let message = format!(
            "its image is turned by its EXIF orientation ({}), and the size does not tell whether the mask was drawn \
             on the image as it is \
             shown or on the raster as it is stored: compare them. It is taken as drawn on what is shown",
            header.orientation
        );
        defects.push(Defect::warning(DefectKind::TurnedImage, subject, message));
    }
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::check::{Report, check_folder};
    use super::super::fixture;
    use super::*;
    use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};

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
    fn masks_of_zero_and_one_are_as_good_as_others_and_shades_are_refused() {
        assert_eq!(with_mask("a.png", |x, _| u8::from(x > 9)).defects, []);
        let shades = with_mask("a.png", |x, _| 10 * x as u8);
        assert_eq!((shades.errors, shades.defects[0].kind), (1, DefectKind::UnreadableMask), "{:?}", shades.defects);
        assert!(shades.defects[0].message.contains("map of shades"), "{:?}", shades.defects);
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

    #[test]
    fn an_inverted_mask_is_suspected_and_an_empty_one_named() {
        let inverted = with_mask("a.png", |x, y| if (8..14).contains(&x) && (5..9).contains(&y) { 0 } else { 255 });
        assert_eq!(
            (inverted.errors, inverted.defects[0].kind),
            (0, DefectKind::MaskInverted),
            "{:?}",
            inverted.defects
        );
        let full = with_mask("a.png", |_, _| 255);
        assert_eq!(full.defects[0].message, "every pixel is inside");
    }

    /// The defects of an image of 24x16 stored pixels with an EXIF orientation, beside a mask.
    fn turned(orientation: u8, mask: [u32; 2], of_mask: Option<u8>) -> Vec<Defect> {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a"]);
        let exif = |o: u8| [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", &[o, 0, 0, 0, 0, 0, 0, 0][..]].concat();
        let write = |path: &str, size: [u32; 2], orientation: Option<u8>| {
            let mut encoder = PngEncoder::new(std::fs::File::create(folder.path().join(path)).unwrap());
            if let Some(o) = orientation {
                encoder.set_exif_metadata(exif(o)).unwrap();
            }
            let pixels = image::GrayImage::from_fn(size[0], size[1], |x, _| image::Luma([if x > 7 { 255 } else { 0 }]));
            encoder.write_image(&pixels, size[0], size[1], ExtendedColorType::L8).unwrap();
        };
        write("images/a.png", [24, 16], Some(orientation));
        write("masks/a.png", mask, of_mask);
        // The gaze says the size of another picture.
        let mut defects = check_folder(folder.path()).unwrap().defects;
        defects.retain(|defect| defect.kind != DefectKind::GazeSize);
        defects
    }

    #[test]
    fn a_turned_image_is_named_where_the_size_of_the_mask_does_not_tell() {
        assert_eq!(turned(1, [24, 16], None), []);
        assert_eq!(turned(6, [16, 24], None), [], "drawn on what is shown");
        for orientation in 2..=4 {
            let defects = turned(orientation, [24, 16], None);
            assert_eq!(defects.len(), 1, "{defects:?}");
            assert!(defects[0].kind == DefectKind::TurnedImage && defects[0].message.contains("EXIF orientation"));
            assert_eq!(turned(orientation, [24, 16], Some(orientation)), [], "turned alike");
        }
        for orientation in 5..=8 {
            let stored = turned(orientation, [24, 16], None);
            assert_eq!((stored.len(), stored[0].kind), (1, DefectKind::SizeMismatch), "{stored:?}");
            assert!(stored[0].message.contains("EXIF") && stored[0].message.contains("auto-orient"), "{stored:?}");
            assert_eq!(turned(orientation, [24, 16], Some(orientation)), []);
        }
        let other = turned(6, [10, 10], None);
        assert!(!other[0].message.contains("EXIF"), "{other:?}");
    }
}
