//! The loader on DICOM files that are written here, and on the real labels and gaze where they are at hand.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use fovea_medical::plane::Section;
use fovea_shared::description::Modality;

use super::dicom_file::{self, DicomSlice, EXPLICIT};
use super::*;
use crate::check::check_folder;
use crate::defect::Severity;
use crate::files::files_below;
use crate::layout::Layout;
use crate::{Dataset, GazeOrigin, parallel};

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

/// Moves the origin of a case's labels to the corner of the first voxel, as it is in the real labels.
fn to_the_corner(path: &Path) {
    let bytes = fs::read(path).unwrap();
    let (from, to) = ("space origin: (-10,-20,-30)", "space origin: (-10.25,-20.25,-31.5)");
    let at = bytes.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
    fs::write(path, [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()).unwrap();
}

/// A case as TCIA distributes it, `depth` slices in files named by their InstanceNumber without zeros in front.
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
    // The background tells slices of the same column apart: it is what `1-1.dcm` and `1-11.dcm` would be confused by.
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
    assert!(data.case("Prostate3T-01-0001_4").is_none(), "a slice without prostate is no case");
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
    let message = format!("{:#}", Dataset::open(root).unwrap_err());
    assert!(message.contains("2 series fit"), "{message}");
}

#[test]
fn labels_with_their_origin_at_the_corner_are_those_of_the_same_slices() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    case(root, "Prostate3T-01-0001", 5, |_| true);
    to_the_corner(&root.join("labels/Prostate3T-01-0001.nrrd"));
    let data = Dataset::open(root).unwrap();
    for number in 1..=5 {
        let id = format!("Prostate3T-01-0001_{number}");
        assert_eq!(shown(&data, &id), number - 1);
        assert!(data.case(&id).unwrap().load_mask(6, 4).unwrap().at((number - 1) % 6, 1));
    }
    let report = check_folder(root).unwrap();
    assert_eq!(report.errors, 0, "{:#?}", report.defects);
    assert!(report.defects.iter().any(|d| d.message.contains("corner of the first voxel")), "{:#?}", report.defects);

    // A choice of slices, as a user puts it together: names and positions agree.
    let set = tempfile::tempdir().unwrap();
    fs::create_dir(set.path().join("labels")).unwrap();
    fs::copy(root.join("labels/Prostate3T-01-0001.nrrd"), set.path().join("labels/Prostate3T-01-0001.nrrd")).unwrap();
    for place in ["images", "series"] {
        let images = set.path().join(place);
        fs::create_dir(&images).unwrap();
        for number in [2, 4] {
            let name = format!("Prostate3T-01-0001_{number}.dcm");
            fs::copy(root.join(format!("Prostate3T-01-0001/study/t2/1-{number}.dcm")), images.join(name)).unwrap();
        }
        let data = Dataset::open(set.path()).unwrap();
        let ids: Vec<&str> = data.cases.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(ids, ["Prostate3T-01-0001_2", "Prostate3T-01-0001_4"], "{place}");
        assert!(data.cases[1].load_mask(6, 4).unwrap().at(3, 1));
        // A file under the name of another slice.
        fs::rename(images.join("Prostate3T-01-0001_4.dcm"), images.join("Prostate3T-01-0001_5.dcm")).unwrap();
        let message = format!("{:#}", Dataset::open(set.path()).unwrap_err());
        assert!(message.contains("lies at slice 4 of the labels and is named after slice 5"), "{message}");
        fs::remove_dir_all(images).unwrap();
    }
}

#[test]
fn files_without_an_extension_are_known_by_their_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for z in 0..3 {
        slice(&root.join("study"), &format!("1.2.826.0.{z}"), "a", "2.25.1", z, z + 1);
    }
    fs::write(root.join("study/DICOMDIR.txt"), "an index").unwrap();
    fs::write(root.join("study/notes"), "of no meaning").unwrap();
    let data = Dataset::open(root).unwrap();
    assert_eq!((data.layout, data.cases.len()), (Layout::NciIsbi, 3));
    assert_eq!(file_name(&data.case("a_2").unwrap().image), "1.2.826.0.1");
}

#[test]
fn nifti_masks_are_labels_by_name_or_by_place() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    case(root, "a", 4, |z| z > 0);
    case(root, "b", 4, |_| true);
    // Another place for b, so that one case alone lies where the masks of a lie.
    for z in 0..4 {
        let pixels = [7; 24];
        let moved = DicomSlice {
            patient: Some("b"),
            series: "2.25.1",
            position: Some([-10.0, -20.0, 70.0 + 3.0 * z as f64]),
            orientation: Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
            size: [6, 4],
            pixels: &pixels,
            ..DicomSlice::default()
        };
        dicom_file::write(&root.join(format!("b/study/t2/1-{}.dcm", z + 1)), &moved, EXPLICIT, |_| ());
    }
    let volume = labels::read(&root.join("labels/a.nrrd")).unwrap();
    let values: Vec<u8> = (0..96).map(|i| volume.value([i % 6, i / 6 % 4, i / 24]) as u8).collect();
    let nifti = fovea_medical::nifti::write(
        &fovea_medical::volume::Voxels { sizes: volume.sizes, values: &values },
        volume.geometry,
    );
    let expected: Vec<_> = (2..=4).map(|number| format!("a_{number}")).collect();
    fs::remove_dir_all(root.join("labels")).unwrap();
    for name in ["a.nii", "a_mask.nii", "11373_1001396.nii"] {
        let path = root.join(name);
        fs::write(&path, &nifti).unwrap();
        let data = Dataset::open(root).unwrap();
        let with_mask: Vec<&str> = data.cases.iter().filter(|c| c.mask.is_some()).map(|c| c.id.as_str()).collect();
        assert_eq!(with_mask, expected, "{name}");
        assert!(data.case("a_3").unwrap().load_mask(6, 4).unwrap().at(2, 1));
        assert_eq!(data.cases.len(), 3 + 4);
        let report = check_folder(root).unwrap();
        assert_eq!(report.errors, 0, "{:#?}", report.defects);
        let by_place = report.defects.iter().any(|d| d.message.contains("named after no case; taken for a"));
        assert_eq!(by_place, name.starts_with("11373"));
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn gaps_missing_positions_and_frames_are_refused_with_the_reason() {
    let refused = |change: &dyn Fn(&Path)| {
        let folder = tempfile::tempdir().unwrap();
        case(folder.path(), "a", 6, |_| true);
        change(folder.path());
        let report = check_folder(folder.path()).unwrap();
        assert!(report.errors > 0, "{:#?}", report.defects);
        report.defects.iter().map(|d| format!("{}: {}\n", d.subject, d.message)).collect::<String>()
    };
    let gap = refused(&|root| {
        fs::remove_dir_all(root.join("labels")).unwrap();
        fs::remove_file(root.join("a/study/t2/1-3.dcm")).unwrap();
    });
    assert!(gap.contains("a slice is missing between") && gap.contains("1-4.dcm"), "{gap}");
    let bare = refused(&|root| {
        for z in 0..6 {
            let slice = DicomSlice {
                patient: Some("a"),
                series: "2.25.1",
                instance: Some(z),
                size: [6, 4],
                pixels: &[5; 24],
                ..DicomSlice::default()
            };
            dicom_file::write(&root.join(format!("a/study/t2/1-{}.dcm", z + 1)), &slice, EXPLICIT, |_| ());
        }
    });
    assert!(bare.contains("no position") && bare.contains("InstanceNumbers do not tell"), "{bare}");
    let frames = refused(&|root| {
        let slice = DicomSlice {
            patient: Some("a"),
            series: "2.25.1",
            size: [6, 2],
            pixels: &[5; 24],
            ..DicomSlice::default()
        };
        dicom_file::write(&root.join("a/study/t2/all.dcm"), &slice, EXPLICIT, |o| {
            o.put(dicom_core::DataElement::new(dicom_dictionary_std::tags::NUMBER_OF_FRAMES, dicom_core::VR::IS, "2"));
        });
    });
    assert!(frames.contains("all.dcm: it holds 2 frames") && frames.contains("emf2sf"), "{frames}");
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

/// The real data's folder.
fn real() -> PathBuf {
    let data = std::env::var_os("FOVEA_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let folder = data.join("prostate");
    assert!(folder.is_dir(), "there is no folder {}: set FOVEA_DATA", folder.display());
    folder
}

#[test]
#[ignore = "needs the real data: FOVEA_DATA, or shared/data beside the checkout"]
fn real_labels_gaze_and_masks_meet_on_written_slices() {
    let real = real();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    // Labels, masks, gaze and lists, but not the few real series that lie beside them: every slice here is written.
    let source = tempfile::tempdir().unwrap();
    for part in ["nrrd", "masks", "gaze", "splits"] {
        std::os::unix::fs::symlink(real.canonicalize().unwrap().join(part), source.path().join(part)).unwrap();
    }
    let info = serde_json::json!({ "format": 1, "name": "nci-isbi", "source": source.path() });
    fs::write(root.join("dataset.json"), info.to_string()).unwrap();
    // One case of each scanner, the one of other size, and the one whose labels cover a part of the series.
    let cases = ["Prostate3T-01-0027", "ProstateDx-01-0082", "ProstateDx-01-0055", "ProstateDx-01-0006"];
    for case in cases {
        let part = if case.starts_with("Prostate3T") { "nrrd3T" } else { "nrrdDx" };
        let file = files_below(&real.join("nrrd").join(part), "nrrd", &[]).unwrap();
        let file = file.into_iter().find(|p| file_name(p).starts_with(case)).unwrap();
        let volume = labels::read(&file).unwrap();
        let (sizes, geometry) = (volume.sizes, volume.geometry.unwrap().from_corner());
        let unit = |v: [f64; 3]| v.map(|c| c / v.iter().map(|c| c * c).sum::<f64>().sqrt());
        let more = if case.ends_with("0055") { 5 } else { 0 };
        fs::create_dir(root.join(case)).unwrap();
        for place in 0..sizes[2] + 2 * more {
            let z = place as f64 - more as f64;
            let position = [0, 1, 2].map(|axis| geometry.origin[axis] + z * geometry.steps[2][axis]);
            let pixels: Vec<u16> = (0..sizes[0] * sizes[1]).map(|i| (i % 997 + place) as u16).collect();
            let slice = DicomSlice {
                patient: Some(case),
                series: "2.25.1",
                instance: Some(place as i64 + 1),
                position: Some(position),
                orientation: Some([unit(geometry.steps[0]), unit(geometry.steps[1])]),
                size: [sizes[0], sizes[1]],
                pixels: &pixels,
            };
            dicom_file::write(&root.join(format!("{case}/1-{}.dcm", place + 1)), &slice, EXPLICIT, |_| ());
        }
    }
    let data = Dataset::open(root).unwrap();
    assert_eq!((data.layout, data.modality), (Layout::NciIsbi, Some(Modality::Prostate)));
    let pictures = files_below(&real.join("masks"), "png", &[]).unwrap();
    let expected: Vec<String> = pictures
        .iter()
        .filter_map(|p| Some(p.file_stem()?.to_str()?.to_owned()))
        .filter(|id| cases.iter().any(|case| id.starts_with(case)))
        .collect();
    assert_eq!(
        data.cases.iter().map(|c| c.id.clone()).collect::<Vec<_>>(),
        expected,
        "as many slices as masks were cut"
    );
    for case in &data.cases {
        let (name, number) = split_id(&case.id).unwrap();
        let more = if name.ends_with("0055") { 5 } else { 0 };
        assert_eq!(file_name(&case.image), format!("1-{}.dcm", number + more), "{}", case.id);
        assert_eq!(case.gaze.is_some(), !name.ends_with("0055"), "{}", case.id);
        assert_eq!(case.origin, GazeOrigin::Recorded);
        let size = case.load_image().unwrap().dimensions();
        assert!((256..=432).contains(&size.0));
        assert!(!case.load_mask(size.0 as usize, size.1 as usize).unwrap().is_empty());
    }
}

#[test]
#[ignore = "needs the real data: FOVEA_DATA, or shared/data beside the checkout"]
fn every_real_mask_is_the_slice_of_its_number() {
    let real = real();
    let pictures = files_below(&real.join("masks"), "png", &[]).unwrap();
    assert_eq!(pictures.len(), 805);
    let labels: BTreeMap<String, PathBuf> = volumes(&Roots::alone(&real), &mut Vec::new()).unwrap();
    assert_eq!(labels.len(), 60);
    let differing = parallel::map(
        &pictures,
        |path| {
            let (case, number) = split_id(path.file_stem().unwrap().to_str().unwrap()).unwrap();
            let volume = labels[case].clone();
            let section = Section::stored(labels::read(&volume).unwrap().sizes, number - 1);
            let label = MaskFile::Label { path: volume, slice: number - 1, section };
            usize::from(label.load().unwrap() != MaskFile::Picture(path.clone()).load().unwrap())
        },
        || (),
    );
    assert_eq!(differing.iter().sum::<usize>(), 0);
}
