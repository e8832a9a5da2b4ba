//! From stored values to levels: rescale, inverse greys, tables, windows, padding, bits.

use std::fs;

use dicom_core::{DataElement, PrimitiveValue, VR, value::DataSetSequence};
use dicom_dictionary_std::tags;
use dicom_object::{InMemDicomObject, Tag};
use fovea_medical::dicom::{Dicom, DicomError, Pixels};

use crate::dicom_file::{self, DicomSlice, EXPLICIT, set};

const PIXELS: [u16; 6] = [100, 300, 200, 100, 100, 150];

/// The levels of 3x2 pixels, and the notes.
fn levels(pixels: &[u16], change: impl FnOnce(&mut InMemDicomObject)) -> Result<(Vec<u8>, Vec<String>), DicomError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let slice = DicomSlice { series: "2.25.7", size: [3, 2], pixels, ..DicomSlice::default() };
    dicom_file::write(file.path(), &slice, EXPLICIT, change);
    let frame = Dicom::read(&fs::read(file.path()).unwrap())?.frame(0)?;
    assert_eq!(frame.size, [3, 2]);
    match frame.pixels {
        Pixels::Grey(levels) => Ok((levels, frame.notes)),
        Pixels::Rgb(_) => panic!("it is coloured"),
    }
}

fn of(change: impl FnOnce(&mut InMemDicomObject)) -> Vec<u8> {
    levels(&PIXELS, change).unwrap().0
}

fn text(object: &mut InMemDicomObject, tag: Tag, vr: VR, value: &str) {
    object.put(DataElement::new(tag, vr, value));
}

/// A table of three entries from 100 on, in steps of 100 of the stored value... as one of 201
/// entries.
fn table(entry: impl Fn(u16) -> u16) -> InMemDicomObject {
    let entries: Vec<u16> = (100..=300).map(entry).collect();
    InMemDicomObject::from_element_iter([
        DataElement::new(tags::LUT_DESCRIPTOR, VR::US, PrimitiveValue::U16([201, 100, 16].as_slice().into())),
        DataElement::new(tags::LUT_DATA, VR::US, PrimitiveValue::U16(entries.as_slice().into())),
    ])
}

fn put_table(object: &mut InMemDicomObject, tag: Tag, table: InMemDicomObject) {
    object.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(vec![table])));
}

#[test]
fn a_slice_is_stretched_from_its_darkest_to_its_brightest() {
    assert_eq!(of(|_| ()), [0, 255, 127, 0, 0, 63]);
    assert_eq!(levels(&[7; 6], |_| ()).unwrap().0, [0; 6]);
    // Twelve bits stored: the four above may hold an overlay.
    assert_eq!(levels(&PIXELS.map(|v| v | 0xf000), |_| ()).unwrap().0, [0, 255, 127, 0, 0, 63]);
    let signed = [0x0fff, 1, 0, 0x0fff, 0x0fff, 0x0fff];
    let change = |o: &mut InMemDicomObject| set(o, tags::PIXEL_REPRESENTATION, 1);
    assert_eq!(levels(&signed, change).unwrap().0, [0, 255, 127, 0, 0, 0]);
    // The upper twelve bits.
    let high = |o: &mut InMemDicomObject| set(o, tags::HIGH_BIT, 15);
    assert_eq!(levels(&PIXELS.map(|v| (v << 4) | 9), high).unwrap().0, [0, 255, 127, 0, 0, 63]);
}

#[test]
fn white_is_white_whatever_says_that_it_is_low() {
    let turned = [255, 0, 127, 255, 255, 191];
    let photometric = |o: &mut InMemDicomObject| text(o, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME1");
    let shape = |o: &mut InMemDicomObject| text(o, tags::PRESENTATION_LUT_SHAPE, VR::CS, "INVERSE");
    assert_eq!(of(photometric), turned);
    assert_eq!(of(shape), turned);
    let both = levels(&PIXELS, |o| {
        photometric(o);
        shape(o);
    });
    assert_eq!(both.unwrap(), (turned.to_vec(), vec!["turned over: MONOCHROME1".to_owned()]));
    let slope = |o: &mut InMemDicomObject| {
        text(o, tags::RESCALE_SLOPE, VR::DS, "-2.5");
        text(o, tags::RESCALE_INTERCEPT, VR::DS, "1000");
    };
    assert_eq!(of(slope), turned);
    // Two inverses are none.
    assert_eq!(
        of(|o| {
            slope(o);
            photometric(o);
        }),
        [0, 255, 127, 0, 0, 63]
    );
    let zero = levels(&PIXELS, |o| text(o, tags::RESCALE_SLOPE, VR::DS, "0"));
    assert!(zero.unwrap_err().to_string().contains("RescaleSlope"));
}

#[test]
fn tables_stand_for_slope_and_window() {
    let falling = |o: &mut InMemDicomObject| put_table(o, tags::MODALITY_LUT_SEQUENCE, table(|v| 4000 - 10 * v));
    assert_eq!(of(falling), [255, 0, 127, 255, 255, 191]);
    // All below 200 is black, all else white.
    let step =
        |o: &mut InMemDicomObject| put_table(o, tags::VOILUT_SEQUENCE, table(|v| if v < 200 { 0 } else { 4095 }));
    assert_eq!(of(step), [0, 255, 255, 0, 0, 0]);
    let mut broken = table(|v| v);
    broken.remove_element(tags::LUT_DATA);
    let error = levels(&PIXELS, |o| put_table(o, tags::MODALITY_LUT_SEQUENCE, broken)).unwrap_err();
    assert_eq!(error, DicomError::Table("ModalityLUTSequence"));
}

#[test]
fn the_first_window_counts_but_not_in_mr() {
    let windows = |modality: &'static str| {
        move |o: &mut InMemDicomObject| {
            text(o, tags::MODALITY, VR::CS, modality);
            text(o, tags::WINDOW_CENTER, VR::DS, "150.5\\40");
            text(o, tags::WINDOW_WIDTH, VR::DS, "101\\400");
        }
    };
    // From 100 to 200.
    let (seen, notes) = levels(&PIXELS, windows("CT")).unwrap();
    assert_eq!(seen, [0, 255, 255, 0, 0, 127]);
    assert_eq!(notes, ["window: centre 150.5, width 101 (LINEAR), 1 of 2"]);
    assert_eq!(of(windows("MR")), [0, 255, 127, 0, 0, 63]);
    // A window is of measured values.
    let shifted = of(|o| {
        windows("CT")(o);
        text(o, tags::RESCALE_INTERCEPT, VR::DS, "-50");
    });
    assert_eq!(shifted, [0, 255, 127, 0, 0, 0]);
    let exact = of(|o| {
        text(o, tags::WINDOW_CENTER, VR::DS, "200");
        text(o, tags::WINDOW_WIDTH, VR::DS, "200");
        text(o, tags::VOILUT_FUNCTION, VR::CS, "LINEAR_EXACT");
    });
    assert_eq!(exact, [0, 255, 127, 0, 0, 63]);
    let none = levels(&PIXELS, |o| {
        text(o, tags::WINDOW_CENTER, VR::DS, "200");
        text(o, tags::WINDOW_WIDTH, VR::DS, "0");
    });
    assert!(none.unwrap_err().to_string().contains("WindowWidth"));
}

#[test]
fn padding_is_black_and_does_not_count() {
    let padded = [4000, 300, 200, 100, 100, 150];
    let change = |o: &mut InMemDicomObject| set(o, tags::PIXEL_PADDING_VALUE, 4000);
    assert_eq!(levels(&padded, change).unwrap().0, [0, 255, 127, 0, 0, 63]);
}

#[test]
fn what_is_not_read_is_named() {
    let fails = |change: &dyn Fn(&mut InMemDicomObject)| levels(&PIXELS, |o| change(o)).unwrap_err().to_string();
    assert!(fails(&|o| set(o, tags::SAMPLES_PER_PIXEL, 3)).contains("MONOCHROME2 with 3 samples"));
    assert!(fails(&|o| set(o, tags::ROWS, 3)).contains("end early: 12 bytes of 18"));
    assert!(fails(&|o| set(o, tags::BITS_ALLOCATED, 32)).contains("of 32 bits"));
    assert!(fails(&|o| _ = o.remove_element(tags::PIXEL_DATA)).contains("no pixels"));
    assert!(fails(&|o| _ = o.remove_element(tags::COLUMNS)).contains("no element Columns"));
    assert!(fails(&|o| text(o, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "HSV")).contains("HSV"));
    assert!(fails(&|o| text(o, tags::NUMBER_OF_FRAMES, VR::IS, "0")).contains("NumberOfFrames is `0`"));
}
