//! The data sets at hand: heat maps of recorded gaze against true masks, as GazeMedSeg published
//! them, and how the layouts open.

use std::fs;
use std::path::{Path, PathBuf};

use fovea_medical::plane::Section;
use fovea_shared::description::Modality;
use fovea_shared::gaze::{HeatParams, heat_map, parse_csv};
use fovea_shared::plane::Mask;
use fovea_trainer::data::check::check_folder;
use fovea_trainer::data::check_gaze::gaze_file;
use fovea_trainer::data::layout::Layout;
use fovea_trainer::data::nci_isbi::labels;
use fovea_trainer::data::splits::{default_name, split};
use fovea_trainer::data::stats::measure;
use fovea_trainer::data::{Dataset, GazeOrigin, parallel, picture};

/// How far from the published Dice a reproduction may be.
const WITHIN: f64 = 0.02;

/// A real data set's folder.
fn real(name: &str) -> PathBuf {
    let data = std::env::var_os("FOVEA_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let folder = data.join(name);
    assert!(folder.is_dir(), "there is no folder {}: set FOVEA_DATA", folder.display());
    folder
}

#[test]
#[ignore = "needs the real data: FOVEA_DATA, or shared/data beside the checkout"]
fn recorded_gaze_is_above_suspicion() {
    for file in ["kvasir-seg/gaze/kvasir_fixation.csv", "prostate/gaze/nci-isbi_fixation.csv"] {
        let (folder, name) = file.split_once('/').unwrap();
        let (paths, findings) = gaze_file(&real(folder).join(name)).unwrap();
        assert!(paths.len() > 700 && findings.is_empty(), "{file}: {findings:?}");
    }
}

/// Dice as the released code computes it: an empty pair would be 0, and there is none.
fn dice(a: &Mask, b: &Mask) -> f64 {
    let both = a.data.iter().zip(&b.data).filter(|(a, b)| **a && **b).count();
    2.0 * both as f64 / (a.area() + b.area()) as f64
}

#[test]
#[ignore = "needs the real data: FOVEA_DATA, or shared/data beside the checkout"]
fn nci_isbi_heat_maps_have_the_published_dice() {
    let folder = real("prostate");
    let gaze = parse_csv(&fs::read_to_string(folder.join("gaze/nci-isbi_fixation.csv")).unwrap()).unwrap();
    assert_eq!(gaze.len(), 789);
    let volumes: Vec<PathBuf> = ["nrrd3T", "nrrdDx"]
        .iter()
        .flat_map(|part| fs::read_dir(folder.join("nrrd").join(part)).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    let looks: Vec<_> = gaze.iter().collect();
    let both = parallel::map(
        &looks,
        |(id, look)| {
            let png = picture::read(&folder.join(format!("masks/{id}.png"))).unwrap();
            let (width, height) = (png.width() as usize, png.height() as usize);
            let mask = Mask::from_vec(width, height, png.pixels().map(|p| p.0[0] > 127).collect());
            // The label volume says the same as the picture that was cut from it.
            let (case, number) = id.rsplit_once('_').unwrap();
            let named = |path: &&PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(case);
            let volume = labels::read(volumes.iter().find(named).unwrap()).unwrap();
            assert_eq!(volume.sizes[..2], [width, height]);
            let labels = volume.labels(&Section::stored(volume.sizes, number.parse::<usize>().unwrap() - 1)).unwrap();
            assert!(labels.iter().zip(&mask.data).all(|(label, inside)| (*label >= 1) == *inside), "{id}");
            // Sigma 50 px on a canvas of 768.
            let heat = heat_map(look, &HeatParams { sigma: 50.0 / 768.0 }, width, height);
            [0.5, 0.4].map(|level| dice(&heat.above(level), &mask))
        },
        || (),
    );
    let mean = |i: usize| both.iter().map(|d| d[i]).sum::<f64>() / both.len() as f64;
    println!(
        "NCI-ISBI, {} slices: Dice of heat > .5 {:.4} (published .7921), > .4 {:.4}",
        both.len(),
        mean(0),
        mean(1)
    );
    assert!((mean(0) - 0.7921).abs() < WITHIN, "{}", mean(0));
}

/// The two real slices at hand with the real labels and gaze, as a user puts them together:
/// `images/<case>_<slice>.dcm`, the label
/// volumes, and a gaze file.
#[test]
#[ignore = "needs the real data: FOVEA_DATA, or shared/data beside the checkout"]
fn prostate_3t_slices_meet_their_own_labels_and_gaze() {
    let folder = real("prostate");
    let set = tempfile::tempdir().unwrap();
    let root = set.path();
    for part in ["images", "labels", "gaze"] {
        fs::create_dir(root.join(part)).unwrap();
    }
    let ids = ["Prostate3T-01-0001_13", "Prostate3T-01-0002_16"];
    for id in ids {
        let case = id.rsplit_once('_').unwrap().0;
        fs::copy(folder.join(format!("dicom/prostate3t/{id}.dcm")), root.join(format!("images/{id}.dcm"))).unwrap();
        fs::copy(folder.join(format!("nrrd/nrrd3T/{case}.nrrd")), root.join(format!("labels/{case}.nrrd"))).unwrap();
    }
    fs::copy(folder.join("gaze/nci-isbi_fixation.csv"), root.join("gaze/nci-isbi_fixation.csv")).unwrap();
    let report = check_folder(root).unwrap();
    assert_eq!((report.images, report.masks, report.gaze, report.errors), (2, 2, 2, 0), "{:#?}", report.defects);
    let corner: Vec<&str> = report
        .defects
        .iter()
        .filter(|d| d.message.contains("corner of the first voxel"))
        .map(|d| d.subject.as_str())
        .collect();
    assert_eq!(corner, ["Prostate3T-01-0001", "Prostate3T-01-0002"]);
    let data = Dataset::open(root).unwrap();
    for id in ids {
        let case = data.case(id).unwrap();
        let mask = case.load_truth().unwrap();
        let cut = picture::read(&folder.join(format!("masks/{id}.png"))).unwrap();
        assert!(cut.pixels().zip(&mask.data).all(|(p, inside)| (p.0[0] > 127) == *inside), "{id}");
    }
    // The same without names in a folder that is known: series anywhere, here of one chosen slice each.
    fs::rename(root.join("images"), root.join("slices")).unwrap();
    assert_eq!(check_folder(root).unwrap().errors, 0);
    // Under the name of the next slice, which would be chosen without the half voxel.
    fs::rename(root.join("slices"), root.join("images")).unwrap();
    fs::rename(root.join("images/Prostate3T-01-0002_16.dcm"), root.join("images/Prostate3T-01-0002_17.dcm")).unwrap();
    let message = Dataset::open(root).unwrap_err().to_string();
    assert!(message.contains("lies at slice 16 of the labels and is named after slice 17"), "{message}");
}

#[test]
#[ignore = "needs the real data: FOVEA_DATA, or shared/data beside the checkout"]
fn prostatex_series_are_read_whole_with_nifti_masks() {
    let folder = real("prostate").join("dicom/prostatex");
    let report = check_folder(&folder).unwrap();
    assert_eq!(report.errors, 0, "{:#?}", report.defects);
    let data = Dataset::open(&folder).unwrap();
    let count = |patient: &str| {
        let cases: Vec<_> = data.cases.iter().filter(|c| c.id.starts_with(patient)).collect();
        (cases.len(), cases.iter().filter(|c| c.mask.is_some()).count())
    };
    assert_eq!(count("ProstateX-0218"), (20, 0), "without masks every slice is a case");
    for patient in ["ProstateX-0000", "ProstateX-0001"] {
        let (cases, masks) = count(patient);
        assert!((8..=19).contains(&cases) && masks == cases, "{patient}: {cases}, {masks}");
    }
    // Made by AI, so no truth to measure with here; but a gland is one piece around the middle.
    for case in data.cases.iter().filter(|c| c.mask.is_some()) {
        let mask = case.load_truth().unwrap();
        let share = mask.area() as f64 / mask.data.len() as f64;
        assert!(share < 0.2, "{}: {share}", case.id);
        let inside = mask.data.iter().enumerate().filter(|(_, inside)| **inside).map(|(i, _)| i % mask.width);
        let centre = inside.sum::<usize>() as f64 / mask.area() as f64 / mask.width as f64;
        assert!((0.35..0.65).contains(&centre), "{}: {centre}", case.id);
    }
}

#[test]
#[ignore = "needs the real data: FOVEA_DATA, or shared/data beside the checkout"]
fn kvasir_seg_opens_and_its_heat_maps_have_the_published_dice() {
    let folder = real("kvasir-seg");
    let data = Dataset::open(&folder).unwrap();
    assert_eq!((data.layout, data.modality, data.cases.len()), (Layout::KvasirSeg, Some(Modality::Polyp), 1000));
    assert_eq!(Dataset::gaze_origin(&data.cases), Some(GazeOrigin::Recorded));
    assert_eq!(default_name(&data).unwrap(), "gaze");
    let stats = measure(&data, HeatParams { sigma: 70.0 / 768.0 }, || ()).unwrap();
    let dice = stats.heat_dice["0.5"].mean;
    println!("Kvasir-SEG, {} images: Dice of heat >= .5 {dice:.4} (published .745)", data.cases.len());
    assert!((dice - 0.745).abs() < WITHIN, "{dice}");
}

#[test]
#[ignore = "needs the real data: FOVEA_DATA, or shared/data beside the checkout"]
fn isic_opens_with_its_unnamed_lists() {
    let folder = real("isic");
    let data = Dataset::open(&folder).unwrap();
    assert_eq!((data.layout, data.modality, data.cases.len()), (Layout::Isic, Some(Modality::SkinLesion), 1000));
    assert!(data.cases.iter().all(|case| case.mask.is_some() && case.gaze.is_none()));
    let name = default_name(&data).unwrap();
    let lists = split(&data, &name, 0.1, 1).unwrap();
    assert_eq!((name.as_str(), lists.train.len(), lists.validation.len(), lists.test.len()), ("default", 720, 80, 200));
    let case = &data.cases[17];
    assert!(!case.load_mask(512, 512).unwrap().is_empty());
}
