//! The data sets at hand: heat maps of recorded gaze against true masks, as GazeMedSeg published them, and how the layouts open.

use std::fs;
use std::path::{Path, PathBuf};

use fovea_shared::description::Modality;
use fovea_shared::gaze::{HeatParams, heat_map, parse_csv};
use fovea_shared::plane::Mask;
use fovea_trainer::data::check_gaze::gaze_file;
use fovea_trainer::data::layout::Layout;
use fovea_trainer::data::nci_isbi::nrrd;
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
            let (header, labels) =
                nrrd::slice(volumes.iter().find(named).unwrap(), number.parse::<usize>().unwrap() - 1).unwrap();
            assert_eq!(header.sizes[..2], [width, height]);
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
