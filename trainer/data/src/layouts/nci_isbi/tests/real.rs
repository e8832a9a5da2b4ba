//! The real labels, masks and gaze, where they are at hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fovea_medical::plane::Section;
use fovea_shared::description::Modality;

use super::super::dicom_file::{self, DicomSlice, EXPLICIT};
use super::super::{labels, split_id, volumes};
use crate::files::{file_name, files_below};
use crate::layout::Layout;
use crate::roots::Roots;
use crate::{Dataset, GazeOrigin, MaskFile, parallel};

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
    // Labels, masks, gaze and lists, but not the few real series that lie beside them: every slice
    // here is written.
    let source = tempfile::tempdir().unwrap();
    for part in ["nrrd", "masks", "gaze", "splits"] {
        std::os::unix::fs::symlink(real.canonicalize().unwrap().join(part), source.path().join(part)).unwrap();
    }
    let info = serde_json::json!({ "format": 1, "name": "nci-isbi", "source": source.path() });
    fs::write(root.join("dataset.json"), info.to_string()).unwrap();
    // One case of each scanner, the one of other size, and the one whose labels cover a part of the
    // series.
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
    let labels: BTreeMap<String, PathBuf> = volumes(&Roots::alone(&real.join("nrrd")), &mut Vec::new()).unwrap();
    assert_eq!(labels.len(), 60);
    let differing = parallel::map(
        &pictures,
        |path| {
            let (case, number) = split_id(path.file_stem().unwrap().to_str().unwrap()).unwrap();
            let volume = labels[case].clone();
            let section = Section::stored(labels::read(&volume).unwrap().sizes, number - 1);
            let label = MaskFile::Label { path: volume, slice: number - 1, section };
            usize::from(label.read().unwrap().mask != MaskFile::Picture(path.clone()).read().unwrap().mask)
        },
        || (),
    );
    assert_eq!(differing.iter().sum::<usize>(), 0);
}
