//! One DICOM slice: where it lies, and its pixels as a picture.

use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use dicom_dictionary_std::tags;
use dicom_object::{DefaultDicomObject, OpenFileOptions, Tag};
use fovea_shared::image::{MAX_SIDE, RgbImage};

/// What the header of a slice says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SliceHeader {
    /// PatientID; TCIA writes the case there, like `Prostate3T-01-0001`.
    pub patient: Option<String>,
    /// SeriesInstanceUID.
    pub series: String,
    /// InstanceNumber.
    pub instance: Option<i64>,
    /// ImagePositionPatient: the centre of the first pixel, mm, left-posterior-superior.
    pub position: Option<[f64; 3]>,
    /// ImageOrientationPatient: the directions along a row and down a column, unit vectors.
    pub orientation: Option<[[f64; 3]; 2]>,
    /// Columns and rows.
    pub size: [usize; 2],
}

/// Whether bytes are those of a DICOM file (PS3.10: `DICM` after a preamble of 128 bytes).
pub fn is_dicom(bytes: &[u8]) -> bool {
    bytes.get(128..132) == Some(b"DICM")
}

/// Reads the header of a slice and not its pixels.
///
/// # Errors
/// A file that cannot be read or is no DICOM file.
pub fn header(path: &Path) -> Result<SliceHeader> {
    let object = OpenFileOptions::new()
        .read_until(tags::PIXEL_DATA)
        .open_file(path)
        .with_context(|| format!("{} cannot be read as DICOM", path.display()))?;
    let text = |tag| -> Option<String> {
        let value = object.get(tag)?.to_str().ok()?;
        let value = value.trim_matches([' ', '\0']);
        (!value.is_empty()).then(|| value.to_owned())
    };
    let floats = |tag| object.get(tag).and_then(|e| e.to_multi_float64().ok()).unwrap_or_default();
    let orientation: Option<[f64; 6]> = floats(tags::IMAGE_ORIENTATION_PATIENT).try_into().ok();
    Ok(SliceHeader {
        patient: text(tags::PATIENT_ID),
        series: text(tags::SERIES_INSTANCE_UID).unwrap_or_default(),
        instance: object.get(tags::INSTANCE_NUMBER).and_then(|e| e.to_int().ok()),
        position: floats(tags::IMAGE_POSITION_PATIENT).try_into().ok(),
        orientation: orientation.map(|[a, b, c, d, e, f]| [[a, b, c], [d, e, f]]),
        size: [whole(&object, tags::COLUMNS).unwrap_or(0), whole(&object, tags::ROWS).unwrap_or(0)],
    })
}

/// Columns and rows of a slice in memory, without its pixels.
///
/// # Errors
/// Bytes that are no DICOM, or that do not say.
pub fn size(bytes: &[u8]) -> Result<[u32; 2]> {
    let object = OpenFileOptions::new()
        .read_until(tags::PIXEL_DATA)
        .from_reader(Cursor::new(bytes))
        .context("the DICOM file is damaged")?;
    Ok([whole(&object, tags::COLUMNS)? as u32, whole(&object, tags::ROWS)? as u32])
}

/// The pixels of a grey slice as a picture of three equal channels.
///
/// ```text
/// v = trunc(255 (p - min p) / (max p - min p))
/// ```
/// over the pixels p of this slice: the per-image normalisation with which GazeMedSeg's released code makes pictures of
/// these slices (`generate_gaze_annotation_nci-isbi.ipynb`, section 2). Its networks read the z-score of p, which is an
/// affine function of p as v is, but for the rounding. No window and no percentile: a slice with one very bright spot gets
/// dark, as it does there. RescaleSlope and RescaleIntercept are affine with a positive slope and change nothing.
/// MONOCHROME1 (white is low) is turned over. A slice of one value is black.
///
/// # Errors
/// Bytes that are no DICOM; a compressed transfer syntax, colour, several frames or other bit depths, named with the
/// remedy; fewer pixels than the header says.
pub fn decode(bytes: &[u8]) -> Result<RgbImage> {
    let object = OpenFileOptions::new().from_reader(Cursor::new(bytes)).context("the DICOM file is damaged")?;
    let (width, height) = (whole(&object, tags::COLUMNS)?, whole(&object, tags::ROWS)?);
    let side = 1..=MAX_SIDE as usize;
    ensure!(side.contains(&width) && side.contains(&height), "a slice of {width}x{height} pixels cannot be");
    let samples = whole(&object, tags::SAMPLES_PER_PIXEL).unwrap_or(1);
    ensure!(samples == 1, "it has {samples} samples a pixel; only grey slices are read");
    let frames = whole(&object, tags::NUMBER_OF_FRAMES).unwrap_or(1);
    ensure!(frames == 1, "it has {frames} frames; split it into one file a slice");
    let values = pixels(&object, width * height)?;
    let (low, high) = values.iter().fold((i64::MAX, i64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    let photometric =
        object.get(tags::PHOTOMETRIC_INTERPRETATION).and_then(|e| e.to_str().ok()).unwrap_or("MONOCHROME2".into());
    let inverse = match photometric.trim_matches([' ', '\0']) {
        "MONOCHROME2" => false,
        "MONOCHROME1" => true,
        other => bail!("its pixels are {other}; only MONOCHROME1 and MONOCHROME2 are read"),
    };
    let level = |value: i64| {
        let share = if high > low { (value - low) as f64 / (high - low) as f64 } else { 0.0 };
        (255.0 * if inverse && high > low { 1.0 - share } else { share }) as u8
    };
    let mut picture = RgbImage::new(width as u32, height as u32);
    for (pixel, value) in picture.pixels_mut().zip(values) {
        pixel.0 = [level(value); 3];
    }
    Ok(picture)
}

/// The stored values of the first `count` pixels.
fn pixels(object: &DefaultDicomObject, count: usize) -> Result<Vec<i64>> {
    let element = object.get(tags::PIXEL_DATA).context("it holds no pixels")?;
    let Some(primitive) = element.value().primitive() else {
        bail!(
            "its pixels are compressed (transfer syntax {}): unpack it, for instance with `gdcmconv --raw IN OUT`",
            object.meta().transfer_syntax()
        );
    };
    let allocated = whole(object, tags::BITS_ALLOCATED)?;
    let stored = whole(object, tags::BITS_STORED).unwrap_or(allocated);
    let high_bit = whole(object, tags::HIGH_BIT).unwrap_or(stored.saturating_sub(1));
    ensure!(
        matches!(allocated, 8 | 16)
            && (1..=allocated).contains(&stored)
            && high_bit + 1 >= stored
            && high_bit < allocated,
        "its pixels have {stored} of {allocated} bits, the highest at {high_bit}; only whole bytes and words are read"
    );
    let signed = whole(object, tags::PIXEL_REPRESENTATION).unwrap_or(0) == 1;
    // Words come in the order of this machine, whatever the file's.
    let bytes = primitive.to_bytes();
    let width = allocated / 8;
    ensure!(bytes.len() >= count * width, "its pixels end early: {} bytes of {}", bytes.len(), count * width);
    let value = |raw: u16| {
        // What lies above and below the stored bits may be anything.
        let value = i64::from(raw >> (high_bit + 1 - stored)) & ((1 << stored) - 1);
        if signed && value >> (stored - 1) == 1 { value - (1 << stored) } else { value }
    };
    let words = bytes.chunks_exact(width).take(count);
    Ok(words.map(|b| value(if width == 1 { u16::from(b[0]) } else { u16::from_ne_bytes([b[0], b[1]]) })).collect())
}

fn whole(object: &DefaultDicomObject, tag: Tag) -> Result<usize> {
    let element = object.get(tag).with_context(|| format!("it has no element {tag}"))?;
    element.to_int().with_context(|| format!("its element {tag} is no whole number"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::dicom_file::{self, BIG_ENDIAN, DicomSlice, EXPLICIT, IMPLICIT, set};
    use super::*;
    use dicom_core::{DataElement, PrimitiveValue, VR, value::PixelFragmentSequence};
    use dicom_object::InMemDicomObject;

    fn about() -> SliceHeader {
        SliceHeader {
            patient: Some("Prostate3T-01-0001".into()),
            series: "2.25.7".into(),
            instance: Some(3),
            position: Some([-10.5, 20.0, -30.25]),
            orientation: Some([[1.0, 0.0, 0.0], [0.0, 0.5, -0.5]]),
            size: [3, 2],
        }
    }

    fn write(path: &Path, pixels: &[u16], syntax: &str, change: impl FnOnce(&mut InMemDicomObject)) {
        let SliceHeader { position, orientation, instance, size, .. } = about();
        let patient = Some("Prostate3T-01-0001");
        let slice = DicomSlice { patient, series: "2.25.7", instance, position, orientation, size, pixels };
        dicom_file::write(path, &slice, syntax, change);
    }

    const PIXELS: [u16; 6] = [100, 300, 200, 100, 100, 150];

    fn levels(syntax: &str, pixels: &[u16], change: impl FnOnce(&mut InMemDicomObject)) -> Result<Vec<u8>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        write(file.path(), pixels, syntax, change);
        let picture = decode(&std::fs::read(file.path()).unwrap())?;
        assert_eq!(picture.dimensions(), (3, 2));
        assert!(picture.pixels().all(|p| p.0[0] == p.0[1] && p.0[1] == p.0[2]));
        Ok(picture.pixels().map(|p| p.0[0]).collect())
    }

    #[test]
    fn the_header_comes_without_the_pixels() {
        let file = tempfile::NamedTempFile::new().unwrap();
        write(file.path(), &PIXELS, EXPLICIT, |_| ());
        assert_eq!(header(file.path()).unwrap(), about());
        let bytes = std::fs::read(file.path()).unwrap();
        assert!(is_dicom(&bytes) && !is_dicom(&bytes[1..]));
        std::fs::write(file.path(), &bytes[..200]).unwrap();
        assert!(header(file.path()).is_err());
    }

    #[test]
    fn every_slice_is_stretched_from_its_darkest_to_its_brightest() {
        for syntax in [EXPLICIT, IMPLICIT, BIG_ENDIAN] {
            assert_eq!(levels(syntax, &PIXELS, |_| ()).unwrap(), [0, 255, 127, 0, 0, 63], "{syntax}");
        }
        assert_eq!(levels(EXPLICIT, &[7; 6], |_| ()).unwrap(), [0; 6]);
        // Twelve bits stored: the four above may hold an overlay.
        let dirty = PIXELS.map(|v| v | 0xf000);
        assert_eq!(levels(EXPLICIT, &dirty, |_| ()).unwrap(), [0, 255, 127, 0, 0, 63]);
    }

    #[test]
    fn signs_bytes_and_inverse_greys_are_understood() {
        let signed = [0x0fff, 1, 0, 0x0fff, 0x0fff, 0x0fff];
        let change = |o: &mut InMemDicomObject| set(o, tags::PIXEL_REPRESENTATION, 1);
        assert_eq!(levels(EXPLICIT, &signed, change).unwrap(), [0, 255, 127, 0, 0, 0]);
        let inverse = |o: &mut InMemDicomObject| {
            o.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME1"));
        };
        assert_eq!(levels(EXPLICIT, &PIXELS, inverse).unwrap(), [255, 0, 127, 255, 255, 191]);
        let bytes = |o: &mut InMemDicomObject| {
            for (tag, value) in [(tags::BITS_ALLOCATED, 8), (tags::BITS_STORED, 8), (tags::HIGH_BIT, 7)] {
                set(o, tag, value);
            }
            o.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![10u8, 30, 20, 10, 10, 15])));
        };
        assert_eq!(levels(EXPLICIT, &PIXELS, bytes).unwrap(), [0, 255, 127, 0, 0, 63]);
    }

    #[test]
    fn what_is_not_read_is_named() {
        let fails = |change: &dyn Fn(&mut InMemDicomObject)| {
            format!("{:#}", levels(EXPLICIT, &PIXELS, |o| change(o)).unwrap_err())
        };
        assert!(fails(&|o| set(o, tags::SAMPLES_PER_PIXEL, 3)).contains("3 samples"));
        assert!(fails(&|o| set(o, tags::ROWS, 3)).contains("end early"));
        assert!(fails(&|o| set(o, tags::BITS_ALLOCATED, 32)).contains("32 bits"));
        assert!(fails(&|o| _ = o.remove_element(tags::PIXEL_DATA)).contains("no pixels"));
        assert!(fails(&|o| _ = o.remove_element(tags::COLUMNS)).contains("no element"));
        let frames = |o: &mut InMemDicomObject| {
            o.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "4"));
        };
        assert!(fails(&frames).contains("4 frames"));
        let compressed = |o: &mut InMemDicomObject| {
            let fragments = PixelFragmentSequence::new_fragments(vec![vec![0xff_u8, 0xd8]]);
            o.put(DataElement::new(tags::PIXEL_DATA, VR::OB, fragments));
        };
        let message = fails(&compressed);
        assert!(message.contains("compressed") && message.contains("gdcmconv"), "{message}");
        assert!(decode(b"nothing").is_err());
    }
}
