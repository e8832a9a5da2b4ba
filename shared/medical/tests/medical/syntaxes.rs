//! One picture in every form in which other programs write it (`files.py` says how): all must
//! decode alike.

use std::{fs, path::Path};

use fovea_medical::dicom::{Dicom, DicomError, Frame, Pixels};

/// The bytes of a file of the corpus.
pub(crate) fn file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/medical/__fuzz__/fuzz__dicom/corpus");
    fs::read(folder.join(format!("{name}.dcm"))).unwrap()
}

fn frame(name: &str, index: usize) -> Frame {
    Dicom::read(&file(name)).unwrap().frame(index).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn grey(name: &str, index: usize) -> Vec<u8> {
    match frame(name, index).pixels {
        Pixels::Grey(levels) => levels,
        Pixels::Rgb(_) => panic!("{name} is coloured"),
    }
}

fn rgb(name: &str) -> Vec<u8> {
    match frame(name, 0).pixels {
        Pixels::Rgb(levels) => levels,
        Pixels::Grey(_) => panic!("{name} is grey"),
    }
}

/// The largest difference of two pictures.
fn apart(a: &[u8], b: &[u8]) -> u8 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn lossless_forms_are_the_same_picture() {
    let plain = grey("plain", 0);
    // The stored values: 100 + 5 x + 3 y, and 900 more in the disc around (14, 6).
    let value = |x: usize, y: usize| {
        100 + 5 * x + 3 * y + if (x as i32 - 14).pow(2) + (y as i32 - 6).pow(2) < 16 { 900 } else { 0 }
    };
    let values: Vec<usize> = (0..24 * 16).map(|i| value(i % 24, i / 24)).collect();
    let (low, high) = (values.iter().min().unwrap(), values.iter().max().unwrap());
    let expected: Vec<u8> = values.iter().map(|v| (255.0 * (v - low) as f64 / (high - low) as f64) as u8).collect();
    assert_eq!(plain, expected);
    for name in [
        "implicit",
        "big-endian",
        "deflated",
        "signed",
        "rle",
        "jpeg-lossless",
        "jpeg-lossless-signed",
        "j2k",
        "j2k-signed",
    ] {
        assert_eq!(grey(name, 0), plain, "{name}");
    }
}

#[test]
fn colours_and_bytes_come_out_as_they_went_in() {
    let plain = rgb("colour");
    assert_eq!(plain[3 * (24 * 2 + 5)..][..3], [180, 52, 115]);
    for name in ["colour-planes", "rle-colour", "j2k-colour"] {
        assert_eq!(rgb(name), plain, "{name}");
    }
    assert!(apart(&rgb("jpeg-colour"), &plain) < 12);
    assert!(apart(&grey("jpeg-baseline", 0), &grey("bytes", 0)) < 4);
    // Value 9 of the table: 36 red, 219 green, 60 blue.
    let picture = rgb("palette");
    assert!(picture.chunks(3).all(|p| u16::from(p[0]) + u16::from(p[1]) == 255 && p[2] == 60));
    // Y of the red channel, with Cb 110 and Cr 150: red is brighter than blue by 1.402 * 22 + 1.772
    // * 18.
    let ybr = rgb("ybr-422");
    assert_eq!(ybr[..3], [231, 190, 168]);
}

#[test]
fn every_frame_has_its_place_and_its_slope() {
    let dicom = Dicom::read(&file("frames")).unwrap();
    let header = dicom.header();
    assert_eq!((header.frames, header.spacing, header.size), (3, Some([0.5, 0.5]), [24, 16]));
    let heights: Vec<f64> = header.places.iter().map(|place| place.position.unwrap()[2]).collect();
    assert_eq!(heights, [8.0, 5.0, 11.0]);
    assert!(header.places.iter().all(|place| place.orientation == Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])));
    let plain = grey("plain", 0);
    assert_eq!(grey("frames", 0), plain);
    // The second frame is upside down and has a slope of -1; the third is mirrored and has one of
    // 2.
    let turned: Vec<u8> = plain.chunks(24).rev().flatten().map(|v| 255 - v).collect();
    assert!(apart(&grey("frames", 1), &turned) <= 1);
    let mirrored: Vec<u8> = plain.chunks(24).flat_map(|row| row.iter().rev().copied()).collect();
    assert_eq!(grey("frames", 2), mirrored);
    for packed in ["rle-frames", "jpeg-lossless-frames"] {
        (0..3).for_each(|i| assert_eq!(grey(packed, i), grey("frames", i), "{packed}, frame {i}"));
    }
    assert_eq!(dicom.frame(3), Err(DicomError::NoFrame { frames: 3, index: 3 }));
}

#[test]
fn a_form_without_a_decoder_is_named_with_the_remedy() {
    let error = Dicom::read(&file("jpeg-ls")).unwrap().frame(0).unwrap_err().to_string();
    assert!(error.contains("JPEG-LS Lossless") && error.contains("gdcmconv --raw"), "{error}");
    let mut private = file("plain");
    let at = private.windows(19).position(|w| w == b"1.2.840.10008.1.2.1").unwrap();
    private[at..at + 19].copy_from_slice(b"1.2.840.113619.5.22");
    let error = Dicom::read(&private).unwrap_err().to_string();
    assert!(error.contains("1.2.840.113619.5.22") && error.contains("private"), "{error}");
}

#[test]
fn an_element_longer_than_the_file_is_refused() {
    let whole = file("plain");
    let pixels = whole.windows(4).rposition(|w| w == [0xe0, 0x7f, 0x10, 0]).unwrap();
    for (end, word) in [(whole.len() - 1, "(7FE0,0010) claims 768 bytes and 767"), (pixels + 12, "and 0 follow")] {
        let error = Dicom::read(&whole[..end]).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
    let mut claim = whole.clone();
    claim[pixels + 8..pixels + 12].copy_from_slice(&0xffff_fff0u32.to_le_bytes());
    let most = crate::memory::peak(|| {
        assert!(matches!(Dicom::read(&claim), Err(DicomError::Cut { claimed: 0xffff_fff0, .. })));
    });
    assert!(most < 1 << 20, "it took {most} bytes");
    assert_eq!(Dicom::read(b"nothing").unwrap_err(), DicomError::NotDicom);
}
