//! The loader on DICOM files that are written here.
#![allow(clippy::unwrap_used)]

mod placed;
mod real;

use std::fs;
use std::path::Path;

use fovea_shared::description::Modality;

use super::dicom_file::{self, DicomSlice, EXPLICIT};
use super::*;
use crate::Dataset;
use crate::check::check_folder;
use crate::defect::Severity;
use crate::layout::Layout;

/// Labels of 6x4 pixels: slice z shows one pixel of prostate at column z % 6 if `inside(z)`.
fn volume(path: &Path, depth: usize, inside: impl Fn(usize) -> bool) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file = format!(
        "NRRD0004\ntype: uchar\nspace: left-posterior-superior\nsizes: 6 4 {depth}\nencoding: raw\n\
         space directions: (0.5,0,0) (0,0.5,0) (0,0,3)\nspace origin: (-10,-20,-30)\n\n"
    )
    .into_bytes();
    for z in 0..depth {
        file.extend((0..24).map(|i| if inside(z) && i == 6 + z % 6 { 1 + (z % 2) as u8 } else { 0 }));
    }
    fs::write(path, file).unwrap();
}

/// Writes slice z as `name`, its brightest pixel at column z % 6 of the last row.
fn slice(folder: &Path, name: &str, patient: &str, series: &str, z: usize, instance: usize) {
    fs::create_dir_all(folder).unwrap();
    let pixels: Vec<u16> = (0..24).map(|i| if i == 18 + z % 6 { 900 } else { 100 + z as u16 }).collect();
    let slice = DicomSlice {
        patient: Some(patient),
        series,
        instance: Some(instance as i64),
        position: Some([-10.0, -20.0, -30.0 + 3.0 * z as f64]),
        orientation: Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        size: [6, 4],
        pixels: &pixels,
    };
    dicom_file::write(&folder.join(name), &slice, EXPLICIT, |_| ());
}

/// A case as TCIA distributes it, `depth` slices in files named by their InstanceNumber without
/// zeros in front.
fn case(root: &Path, name: &str, depth: usize, inside: impl Fn(usize) -> bool) {
    volume(&root.join(format!("labels/{name}.nrrd")), depth, inside);
    for z in 0..depth {
        slice(&root.join(format!("{name}/study/t2")), &format!("1-{}.dcm", z + 1), name, "2.25.1", z, z + 1);
    }
}

/// Which slice a case's image truly is, by its pixels.
fn shown(data: &Dataset, id: &str) -> usize {
    let image = data.case(id).unwrap().load_image().unwrap();
    assert_eq!(image.dimensions(), (6, 4));
    let bright = (0..6).find(|x| image.get_pixel(*x, 3).0 == [255; 3]).unwrap() as usize;
    // The background tells slices of the same column apart: it is what `1-1.dcm` and `1-11.dcm`
    // would be confused by.
    let path = &data.case(id).unwrap().image;
    let z: usize = path.file_stem().unwrap().to_str().unwrap().strip_prefix("1-").unwrap().parse().unwrap();
    assert_eq!((z - 1) % 6, bright);
    z - 1
}

#[test]
fn slice_1_is_neither_11_nor_21() {
    let folder = tempfile::tempdir().unwrap();
    case(folder.path(), "Prostate3T-01-0001", 25, |z| z != 3 && z < 24);
    let data = Dataset::open(folder.path()).unwrap();
    assert_eq!((data.layout, data.modality, data.cases.len()), (Layout::NciIsbi, Some(Modality::Prostate), 23));
    for number in (1..25).filter(|n| *n != 4) {
        let id = format!("Prostate3T-01-0001_{number}");
        assert_eq!(shown(&data, &id), number - 1);
        let case = data.case(&id).unwrap();
        let mask = case.load_mask(6, 4).unwrap();
        assert!(mask.area() == 1 && mask.at((number - 1) % 6, 1), "{id}");
        assert_eq!(case.mask.as_ref().unwrap().to_string().rsplit_once("slice ").unwrap().1, number.to_string());
    }
    assert!(data.case("Prostate3T-01-0001_4").is_none(), "a slice without prostate is not a case");
    assert!(data.case("Prostate3T-01-0001_25").is_none());
    assert_eq!(check_folder(folder.path()).unwrap().errors, 0);
}

#[test]
fn position_beats_file_names_and_the_check_doubts_instance_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    volume(&root.join("a.nrrd"), 4, |_| true);
    for z in 0..4 {
        // Names and InstanceNumbers run backwards.
        slice(&root.join("x"), &format!("{}.dcm", 4 - z), "a", "2.25.1", z, 4 - z);
    }
    let data = Dataset::open(root).unwrap();
    let files: Vec<String> = data.cases.iter().map(|c| file_name(&c.image)).collect();
    assert_eq!(files, ["4.dcm", "3.dcm", "2.dcm", "1.dcm"]);
    let report = check_folder(root).unwrap();
    let doubt = report.defects.iter().find(|d| d.kind == DefectKind::SliceMatch).unwrap();
    assert!(doubt.severity == Severity::Warning && doubt.message.contains("InstanceNumbers"), "{doubt:?}");
}

#[test]
fn the_series_that_fits_the_labels_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    volume(&root.join("b_correctedLabels.nrrd"), 3, |_| true);
    for z in 0..5 {
        slice(&root.join("t2"), &format!("1-{}.dcm", z + 1), "b", "2.25.1", z, z + 1);
        // Another series of the same patient, between the slices of the labels.
        let pixels = [1; 24];
        let other = DicomSlice {
            patient: Some("b"),
            series: "2.25.2",
            position: Some([-10.0, -20.0, -28.5 + 3.0 * z as f64]),
            orientation: Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
            size: [6, 4],
            pixels: &pixels,
            ..DicomSlice::default()
        };
        fs::create_dir_all(root.join("scout")).unwrap();
        dicom_file::write(&root.join(format!("scout/{z}.dcm")), &other, EXPLICIT, |_| ());
    }
    let data = Dataset::open(root).unwrap();
    let files: Vec<String> = data.cases.iter().map(|c| format!("{} {}", c.id, file_name(&c.image))).collect();
    assert_eq!(files, ["b_1 1-1.dcm", "b_2 1-2.dcm", "b_3 1-3.dcm"]);

    for z in 0..3 {
        slice(&root.join("again"), &format!("{z}.dcm"), "b", "2.25.3", z, z + 1);
    }
    let message = Dataset::open(root).unwrap_err().to_string();
    assert!(message.contains("2 series fit"), "{message}");
}

#[test]
fn labels_may_be_missing_and_pictures_of_masks_count() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    case(root, "c", 12, |_| true);
    let mask = image::GrayImage::from_fn(6, 4, |x, _| image::Luma([if x < 3 { 255 } else { 0 }]));
    fs::create_dir(root.join("masks")).unwrap();
    mask.save(root.join("masks/c_2.png")).unwrap();
    mask.save(root.join("masks/c_99.png")).unwrap();
    let data = Dataset::open(root).unwrap();
    assert_eq!(data.case("c_2").unwrap().load_mask(6, 4).unwrap().area(), 12);
    assert_eq!(data.case("c_3").unwrap().load_mask(6, 4).unwrap().area(), 1);
    let report = check_folder(root).unwrap();
    let stray = report.defects.iter().find(|d| d.kind == DefectKind::MaskWithoutImage).unwrap();
    assert!(stray.subject.ends_with("c_99.png"));

    fs::remove_dir_all(root.join("labels")).unwrap();
    fs::remove_dir_all(root.join("masks")).unwrap();
    let bare = Dataset::open(root).unwrap();
    assert_eq!(bare.cases.len(), 12);
    for case in &bare.cases {
        assert_eq!(case.image, data.case(&case.id).unwrap().image, "the numbers are the same without labels");
        assert!(case.mask.is_none());
    }
}

#[test]
fn what_gazemedseg_prepares_is_read_by_exact_names() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    volume(&root.join("labels/Prostate3T-01-0001.nrrd"), 21, |_| true);
    for z in [0, 10, 20] {
        let name = format!("Prostate3T-01-0001_{}.dcm", z + 1);
        slice(&root.join("images"), &name, "x", "2.25.1", z, z + 1);
    }
    let data = Dataset::open(root).unwrap();
    assert_eq!((data.layout, data.cases.len()), (Layout::NciIsbi, 3));
    for number in [1, 11, 21] {
        let case = data.case(&format!("Prostate3T-01-0001_{number}")).unwrap();
        assert!(case.load_mask(6, 4).unwrap().at((number - 1) % 6, 1));
        assert_eq!(case.load_image().unwrap().get_pixel((number as u32 - 1) % 6, 3).0, [255; 3]);
    }
}

#[test]
fn the_check_names_what_is_wrong_with_series_and_patients() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    case(root, "a", 4, |_| true);
    case(root, "b", 4, |_| true);
    volume(&root.join("labels/unseen.nrrd"), 2, |_| true);
    fs::write(root.join("a/study/t2/1-9.dcm"), "not DICOM").unwrap();
    fs::remove_file(root.join("b/study/t2/1-2.dcm")).unwrap();
    fs::create_dir(root.join("splits")).unwrap();
    fs::write(root.join("splits/x-train.txt"), "a_1\na_2\n").unwrap();
    fs::write(root.join("splits/x-test.txt"), "a_3\n").unwrap();
    let report = check_folder(root).unwrap();
    let has = |severity, kind, words: &str| {
        let found = report.defects.iter().any(|d| {
            d.severity == severity && d.kind == kind && format!("{} {}", d.subject, d.message).contains(words)
        });
        assert!(found, "{kind:?} {words}: {:#?}", report.defects);
    };
    has(Severity::Error, DefectKind::UnreadableImage, "1-9.dcm");
    has(Severity::Error, DefectKind::SliceMatch, "slice 2");
    has(Severity::Error, DefectKind::SplitLeak, "slices of `a`");
    has(Severity::Warning, DefectKind::MaskWithoutImage, "unseen");
    assert_eq!(report.images, 4);
    assert!(Dataset::open(root).unwrap_err().to_string().contains("data check"));
}
