//! Labels and series by their place: corner or centre, NIfTI, gaps, missing positions.

use std::fs;
use std::path::Path;

use super::super::dicom_file::{self, DicomSlice, EXPLICIT};
use super::super::labels;
use super::{case, shown, slice};
use crate::Dataset;
use crate::check::check_folder;
use crate::files::file_name;
use crate::layout::Layout;

/// Moves the origin of a case's labels to the corner of the first voxel, as it is in the real
/// labels.
fn to_the_corner(path: &Path) {
    let bytes = fs::read(path).unwrap();
    let (from, to) = ("space origin: (-10,-20,-30)", "space origin: (-10.25,-20.25,-31.5)");
    let at = bytes.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
    fs::write(path, [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()).unwrap();
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
        let message = Dataset::open(set.path()).unwrap_err().to_string();
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
