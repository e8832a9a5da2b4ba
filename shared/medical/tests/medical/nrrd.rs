//! NRRD in its forms.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use fovea_medical::nrrd::{self, DataFiles, NrrdError};

fn file(header: &str, data: &[u8]) -> Vec<u8> {
    let mut file = format!("NRRD0004\n# a comment: of no meaning\n{header}\n\n").into_bytes();
    file.extend(data);
    file
}

pub(crate) fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn head(kind: &str, more: &str) -> String {
    format!("type: {kind}\ndimension: 3\nsizes: 3 2 2\n{more}")
}

#[test]
fn all_types_orders_and_encodings() {
    let labels = [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0i16];
    let little: Vec<u8> = labels.iter().flat_map(|v| v.to_le_bytes()).collect();
    let big: Vec<u8> = labels.iter().flat_map(|v| v.to_be_bytes()).collect();
    let bytes: Vec<u8> = labels.iter().map(|v| *v as u8).collect();
    let floats: Vec<u8> = labels.iter().flat_map(|v| f32::from(*v).to_le_bytes()).collect();
    let doubles: Vec<u8> = labels.iter().flat_map(|v| f64::from(*v).to_be_bytes()).collect();
    let longs: Vec<u8> = labels.iter().flat_map(|v| i64::from(*v).to_le_bytes()).collect();
    let skipped = [b"one line\nxyz".to_vec(), bytes.clone()].concat();
    for (head, data) in [
        (head("short", "endian: little\nencoding: gzip"), gzip(&little)),
        (head("int16", "endian: big\nencoding: raw"), big),
        (head("unsigned char", "encoding: gz"), gzip(&bytes)),
        (head("float", "endian: little\nencoding: raw"), floats),
        (head("double", "endian: big\nencoding: raw"), doubles),
        (head("int64", "endian: little\nencoding: raw"), longs),
        (head("float", "encoding: ascii"), b"0 0 0 0 0 0\n1.0, 2 0 0 0 0".to_vec()),
        (head("uchar", "encoding: raw\nline skip: 1\nbyte skip: 3"), skipped.clone()),
        (head("uchar", "encoding: raw\nbyte skip: -1"), skipped),
    ] {
        let volume = nrrd::read(&file(&head, &data)).unwrap_or_else(|e| panic!("{head}: {e}"));
        assert_eq!(volume.sizes, [3, 2, 2]);
        let found: Vec<i64> = (0..12).map(|i| volume.label([i % 3, i / 3 % 2, i / 6]).unwrap()).collect();
        assert_eq!(found, labels.map(i64::from), "{head}");
    }
    let negative = nrrd::read(&file(&head("short", "endian: little\nencoding: raw"), &[255; 24])).unwrap();
    assert_eq!(negative.label([0, 0, 0]), Ok(-1));
}

#[test]
fn data_in_other_files() {
    let header = |more: &str| head("uchar", &format!("encoding: raw\n{more}"));
    let names = |more: &str| match nrrd::header(format!("NRRD0004\n{}\n", header(more)).as_bytes()).unwrap().0.files {
        DataFiles::Detached(names) => names,
        DataFiles::Attached => panic!("{more} is attached"),
    };
    assert_eq!(names("data file: a b.raw"), ["a b.raw"]);
    assert_eq!(names("datafile: LIST\na.raw\nb.raw"), ["a.raw", "b.raw"]);
    assert_eq!(names("data file: s%03d.raw 8 10 1"), ["s008.raw", "s009.raw", "s010.raw"]);
    assert_eq!(names("data file: s%d.raw 3 1 -1"), ["s3.raw", "s2.raw", "s1.raw"]);
    let detached = format!("NRRD0004\n{}\n", header("data file: a.raw"));
    let alone = nrrd::read(detached.as_bytes()).unwrap_err().to_string();
    assert!(alone.contains("a.raw") && alone.contains("beside the header"), "{alone}");
    let volume = nrrd::read_detached(detached.as_bytes(), &[&[1; 6], &[2; 6]]).unwrap();
    assert_eq!((volume.value([2, 1, 0]), volume.value([0, 0, 1])), (1.0, 2.0));
    for bad in ["data file: s%d.raw", "data file: s%d.raw 1 9 0", "data file: %d 0 99999999 1", "data file: LIST"] {
        let text = format!("NRRD0004\n{}\n", header(bad));
        assert!(matches!(nrrd::header(text.as_bytes()), Err(NrrdError::Files(_))), "{bad}");
    }
}

#[test]
fn place_and_dimensions() {
    let of = |space: &str| {
        let text = format!(
            "type: uchar\nspace: {space}\nsizes: 1 1 2\nspace directions: (0.5,0,0) (0,0.4,-0.1) (0,-0.3,2.9)\n\
             encoding: raw\nspace origin: (-10,20,30.5)"
        );
        nrrd::read(&file(&text, &[0, 0])).unwrap().geometry
    };
    let lps = of("left-posterior-superior").unwrap();
    assert_eq!((lps.origin, lps.steps[2]), ([-10.0, 20.0, 30.5], [0.0, -0.3, 2.9]));
    assert_eq!(of("RAS").unwrap().slice_origin(1), [10.0, -19.7, 33.4]);
    assert_eq!(of("scanner-xyz"), None);
    let flat = nrrd::read(&file("type: uchar\nsizes: 2 2\nencoding: raw", &[0, 1, 2, 3])).unwrap();
    assert_eq!((flat.sizes, flat.value([1, 1, 0])), ([2, 2, 1], 3.0));
    let layer = "type: uchar\nspace: LPS\nsizes: 1 2 1 1\nspace directions: none (1,0,0) (0,1,0) (0,0,3)\n\
                 space origin: (1,2,3)\nencoding: raw";
    let volume = nrrd::read(&file(layer, &[7, 8])).unwrap();
    assert_eq!((volume.sizes, volume.geometry.unwrap().steps[2]), ([2, 1, 1], [0.0, 0.0, 3.0]));
}

#[test]
fn refuses_with_the_reason() {
    let fails = |text: &str, data: &[u8]| nrrd::read(&file(text, data)).unwrap_err().to_string();
    let good = "type: uchar\nsizes: 2 2 1\nencoding: raw";
    assert!(fails(good, &[1; 3]).contains("3 of 4 bytes"));
    assert!(fails("type: uchar\nsizes: 2 2 1\nencoding: gzip", &[1; 4]).contains("gzip data are damaged"));
    assert!(fails("type: block\nsizes: 2 2 1\nencoding: raw", &[]).contains("`block`"));
    assert!(fails("type: short\nsizes: 2 2 1\nencoding: raw", &[]).contains("`endian`"));
    assert!(fails("type: uchar\nsizes: 2 2 1\nencoding: bzip2", &[]).contains("bzip2"));
    assert!(fails("type: uchar\nsizes: 2 2 2 2\nencoding: raw", &[]).contains("4 dimensions"));
    assert!(fails("type: uchar\nsizes: 2 2 99999999999\nencoding: raw", &[]).contains("cannot be"));
    assert!(fails("type: uchar\nsizes: 2 2 1\nencoding: ascii", b"1 2 x 4").contains("`x`"));
    assert!(fails("type: uchar", &[]).contains("no field `encoding`"));
    assert_eq!(nrrd::read(b"not that").unwrap_err(), NrrdError::NotNrrd);
    assert_eq!(nrrd::read(b"NRRD0004\ntype: uchar").unwrap_err(), NrrdError::NoEnd);
}

#[test]
fn nothing_is_reserved_for_what_is_not_there() {
    for encoding in ["raw", "gzip", "ascii"] {
        let data = if encoding == "gzip" { gzip(&[0; 100]) } else { vec![b' '; 100] };
        let text = format!("type: double\nendian: big\nsizes: 16384 16384 9999\nencoding: {encoding}");
        let claim = file(&text, &data);
        let most = crate::memory::peak(|| assert!(nrrd::read(&claim).unwrap_err().to_string().contains("end early")));
        assert!(most < 1 << 20, "{encoding}: {most} bytes");
    }
}

#[test]
fn values_that_are_no_labels_are_named_with_their_place() {
    let floats: Vec<u8> = [0.0, 1.0, f32::NAN, 0.5].iter().flat_map(|v| v.to_le_bytes()).collect();
    let volume = nrrd::read(&file("type: float\nendian: little\nsizes: 2 2 1\nencoding: raw", &floats)).unwrap();
    assert_eq!(volume.label([1, 0, 0]), Ok(1));
    let nan = volume.label([0, 1, 0]).unwrap_err().to_string();
    assert!(nan.contains("column 1, row 2, slice 1") && nan.contains("NaN"), "{nan}");
    assert!(volume.label([1, 1, 0]).unwrap_err().to_string().contains("0.5"));
}
