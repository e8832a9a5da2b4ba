//! ISIC and NCI-ISBI through the binary: simulated gaze that never pretends to be recorded, DICOM
//! that is matched slice by slice.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::dicom_file::{self, DicomSlice, EXPLICIT};
use image::{GrayImage, Luma, RgbImage};
use serde_json::Value;

fn fovea(arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fovea")).args(arguments.split_whitespace()).output().unwrap()
}

fn passes(arguments: &str) -> String {
    let output = fovea(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "fovea {arguments}: {errors}");
    String::from_utf8(output.stdout).unwrap() + &errors
}

fn json(arguments: &str) -> Value {
    let output = fovea(arguments);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Every file below a folder with its bytes.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(content(&path));
        } else {
            files.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    files
}

/// Eight spots on skin, named as ISIC names them.
fn skin(root: &Path) {
    for folder in ["images", "masks", "splits"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    for i in 0..8u32 {
        let id = format!("ISIC_000000{i}");
        let inside = |x: u32, y: u32| (x as i32 - 40 - i as i32).pow(2) + (y as i32 - 36).pow(2) < 400;
        let skin = |x, y| if inside(x, y) { [90 + (x % 7) as u8, 60, 50] } else { [220, 180 - (y % 5) as u8, 160] };
        RgbImage::from_fn(96, 72, |x, y| skin(x, y).into()).save(root.join(format!("images/{id}.jpg"))).unwrap();
        GrayImage::from_fn(96, 72, |x, y| Luma([if inside(x, y) { 255 } else { 0 }]))
            .save(root.join(format!("masks/{id}_segmentation.png")))
            .unwrap();
    }
    RgbImage::new(96, 72).save(root.join("images/ISIC_0000000_superpixels.png")).unwrap();
    let list = |range: std::ops::Range<u32>| range.map(|i| format!("ISIC_000000{i}\n")).collect::<String>();
    fs::write(root.join("splits/train.txt"), list(0..6)).unwrap();
    fs::write(root.join("splits/test.txt"), list(6..8)).unwrap();
}

#[test]
fn isic_is_trained_with_gaze_that_is_simulated_and_says_so_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let at = |name: &str| path(name).display().to_string();
    skin(&path("isic"));
    let before = content(&path("isic"));
    let bare = json(&format!("data check {} --json", at("isic")));
    assert_eq!(
        (&bare["layout"], &bare["modality"], &bare["errors"]),
        (&"isic".into(), &"skin_lesion".into(), &0.into())
    );
    assert_eq!((&bare["images"], &bare["gaze_origin"]), (&8.into(), &Value::Null));
    assert!(bare["defects"][0]["message"].as_str().unwrap().contains("fovea data gaze"), "{bare:#}");

    let said = passes(&format!("data gaze --data {} --out {} --seed 3", at("isic"), at("set")));
    assert!(said.contains("SIMULATED"), "{said}");
    assert_eq!(content(&path("isic")), before, "nothing is written where the images are");
    let info = read_json(&path("set/dataset.json"));
    assert_eq!((&info["gaze"], &info["simulation"]["observer"]), (&"simulated".into(), &"eye-tracker".into()));
    assert!(fs::read_to_string(path("set/README.txt")).unwrap().contains("nobody has looked"));
    let csv = fs::read_to_string(path("set/gaze/simulated.csv")).unwrap();
    passes(&format!("data gaze --data {} --out {} --seed 3", at("isic"), at("again")));
    assert_eq!(csv, fs::read_to_string(path("again/gaze/simulated.csv")).unwrap());
    let one = format!("train={},test={}", at("one.txt"), at("two.txt"));
    fs::write(path("one.txt"), "ISIC_0000004\n").unwrap();
    fs::write(path("two.txt"), "ISIC_0000002\n").unwrap();
    passes(&format!("data gaze --data {} --out {} --seed 3 --split {one}", at("isic"), at("two")));
    let two = fs::read_to_string(path("two/gaze/simulated.csv")).unwrap();
    assert!(two.lines().count() > 50 && two.lines().all(|row| csv.contains(row)), "a subset is looked at alike");
    passes(&format!("data gaze --data {} --out {} --seed 3 --observer webcam", at("isic"), at("webcam")));
    assert_ne!(csv, fs::read_to_string(path("webcam/gaze/simulated.csv")).unwrap());

    let checked = passes(&format!("data check {}", at("set")));
    assert!(checked.contains("SIMULATED") && checked.contains("Nothing is wrong."), "{checked}");
    assert_eq!(json(&format!("data stats {} --json", at("set")))["gaze_origin"], "simulated");

    passes(&format!("describe --data {} --source measured --out {} -q", at("set"), at("words.jsonl")));
    let words = fs::read_to_string(path("words.jsonl")).unwrap();
    assert_eq!(words.lines().count(), 8);
    assert!(
        words.lines().all(|l| l.contains("\"skin_lesion\"") && l.contains("simulated from the true mask")),
        "{words}"
    );

    // Neither lists nor images are in the set's folder: both come from its source.
    let train = passes(&format!(
        "train --data {} --out {} --cache {} --device cpu --batch 3 --teacher-epochs 2 --student-epochs 2 --seed 1",
        at("set"),
        at("run"),
        at("cache")
    ));
    assert!(train.contains("simulated from the true masks (6 of 6 images)"), "{train}");
    let run = read_json(&path("run/run.json"));
    assert_eq!((&run["modality"], &run["split"]), (&"skin_lesion".into(), &"default".into()));
    assert_eq!(run["gaze"], serde_json::json!({ "recorded": 0, "simulated": 6 }));
    passes(&format!("eval --run {} --out {} --cache {} --device cpu -q", at("run"), at("isic.json"), at("cache")));
    let study = read_json(&path("isic.json"));
    assert_eq!((&study["data"]["gaze"], &study["data"]["images"]), (&"simulated".into(), &2.into()));
    assert!(study["rows"][0]["note"].as_str().unwrap().contains("simulated from the true masks"), "{study:#}");
    assert!(fs::read_to_string(path("isic.md")).unwrap().contains("gaze simulated"));

    // Another modality does not train along.
    passes(&format!("data phantom --count 2 --size 64x64 --out {}", at("polyps")));
    let mixed = fovea(&format!("train --data {} --extra {} --out {}", at("set"), at("polyps"), at("mixed")));
    let message = String::from_utf8_lossy(&mixed.stderr).into_owned();
    assert!(!mixed.status.success() && message.contains("skin lesion") && message.contains("polyp"), "{message}");
}

#[test]
fn training_on_gaze_needs_gaze() {
    let folder = tempfile::tempdir().unwrap();
    skin(folder.path());
    let train =
        fovea(&format!("train --data {} --out {} -q", folder.path().display(), folder.path().join("run").display()));
    let message = String::from_utf8_lossy(&train.stderr).into_owned();
    assert!(!train.status.success() && message.contains("no gaze"), "{message}");
}

/// A series of 21 slices of 16x12 pixels as TCIA distributes it, labels but for the last slice, gaze on slice 1.
fn prostate(root: &Path) {
    let series = root.join("Prostate3T-01-0001/11-02-1999/t2");
    fs::create_dir_all(&series).unwrap();
    let mut labels =
        b"NRRD0004\ntype: short\nendian: little\nspace: left-posterior-superior\nsizes: 16 12 21\nencoding: raw\n\
        space directions: (0.6,0,0) (0,0.6,0) (0,0,4)\nspace origin: (1,2,3)\n\n"
            .to_vec();
    for z in 0..21 {
        let inside = |i: usize| z < 20 && (4..10).contains(&(i % 16)) && (3..9).contains(&(i / 16)) && i % 16 - 4 <= z;
        labels.extend((0..192).flat_map(|i| u16::from(inside(i)).to_le_bytes()));
        let pixels: Vec<u16> = (0..192).map(|i| if inside(i) { 500 + i as u16 } else { 40 * z as u16 }).collect();
        let slice = DicomSlice {
            patient: Some("Prostate3T-01-0001"),
            series: "2.25.1",
            instance: Some(z as i64 + 1),
            position: Some([1.0, 2.0, 3.0 + 4.0 * z as f64]),
            orientation: Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
            size: [16, 12],
            pixels: &pixels,
        };
        dicom_file::write(&series.join(format!("1-{}.dcm", z + 1)), &slice, EXPLICIT, |_| ());
    }
    fs::create_dir(root.join("labels")).unwrap();
    fs::write(root.join("labels/Prostate3T-01-0001.nrrd"), labels).unwrap();
    fs::create_dir(root.join("gaze")).unwrap();
    let rows = ["1,0.4,0.5,300,1000,7,12.0,16.0", "2,0.45,0.55,500,1000,400,12.0,16.0"];
    let rows: String = rows.iter().map(|row| format!("Prostate3T-01-0001_1.jpg,{row}\n")).collect();
    fs::write(root.join("gaze/all.csv"), format!("{}\n{rows}", fovea_shared::gaze::HEADER)).unwrap();
}

#[test]
fn nci_isbi_is_read_as_it_is_distributed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    prostate(root);
    let shown = root.display();
    let report = json(&format!("data check {shown} --json"));
    assert_eq!((&report["layout"], &report["modality"]), (&"nci-isbi".into(), &"prostate".into()));
    assert_eq!((&report["images"], &report["masks"], &report["gaze"]), (&20.into(), &20.into(), &1.into()));
    assert_eq!(report["errors"], 0, "{report:#}");
    let stats = json(&format!("data stats {shown} --json"));
    assert!((stats["sigma"].as_f64().unwrap() - 50.0 / 768.0).abs() < 1e-6, "{stats:#}");
    assert_eq!(stats["heat_dice"]["0.4"]["count"], 1);

    let out = root.join("words.jsonl").display().to_string();
    passes(&format!("describe --data {shown} --source measured --ids Prostate3T-01-0001_1 --out {out} -q"));
    let words: Value = serde_json::from_str(fs::read_to_string(&out).unwrap().trim()).unwrap();
    assert_eq!(words["description"]["modality"], "prostate");
    assert!(words["caveat"].is_null(), "this gaze is recorded: {words}");

    // The same picture in the place of slices 1 and 11 is what the pattern `*1.dcm` makes.
    let series = root.join("Prostate3T-01-0001/11-02-1999/t2");
    fs::remove_file(series.join("1-1.dcm")).unwrap();
    fs::copy(series.join("1-11.dcm"), series.join("1-1.dcm")).unwrap();
    let report = json(&format!("data check {shown} --json"));
    let text = report.to_string();
    assert!(text.contains("same position") && text.contains("slice-match"), "{report:#}");
}

#[test]
fn predict_reads_a_series_in_the_order_of_its_slices() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    prostate(root);
    let series = root.join("Prostate3T-01-0001/11-02-1999/t2");
    (4..=21).for_each(|number| fs::remove_file(series.join(format!("1-{number}.dcm"))).unwrap());
    // The names run backwards.
    fs::rename(series.join("1-1.dcm"), series.join("z")).unwrap();
    for name in ["z", "1-2.dcm", "1-3.dcm"] {
        let path = series.join(name);
        let mut object = dicom_object::open_file(&path).unwrap();
        let spacing = dicom_core::PrimitiveValue::from("0.6\\0.6");
        object.put(dicom_core::DataElement::new(
            dicom_dictionary_std::tags::PIXEL_SPACING,
            dicom_core::VR::DS,
            spacing,
        ));
        object.write_to_file(&path).unwrap();
    }
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle/prostate");
    let out = root.join("out");
    let predict = |image: &Path| {
        passes(&format!(
            "predict --bundle {} --device cpu --quiet --out {} {}",
            bundle.display(),
            out.display(),
            image.display()
        ))
    };
    predict(&series);
    for (number, name) in [(1, "z"), (2, "1-2.dcm"), (3, "1-3.dcm")] {
        let report = read_json(&out.join(format!("Prostate3T-01-0001_{number}.json")));
        assert!(report["image"].as_str().unwrap().ends_with(name), "{report:#}");
    }
    for who in ["student", "teacher"] {
        let bytes = fs::read(out.join(format!("Prostate3T-01-0001-{who}.nii"))).unwrap();
        let volume = fovea_medical::nifti::read(&bytes).unwrap();
        assert_eq!(volume.sizes, [16, 12, 3]);
        let geometry = volume.geometry.unwrap();
        let apart = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5);
        assert!(apart(geometry.origin, [1.0, 2.0, 3.0]) && apart(geometry.steps[2], [0.0, 0.0, 4.0]));
        for z in 0..3 {
            let mask = image::open(out.join(format!("Prostate3T-01-0001_{}-{who}.png", z + 1))).unwrap().into_luma8();
            let same = mask.enumerate_pixels().all(|(x, y, p)| {
                let label = volume.label([x as usize, y as usize, z]).unwrap();
                (label == 1) == (p.0[0] == 255)
            });
            assert!(same, "{who}, slice {}", z + 1);
        }
    }
    // A file of several frames that say no position: each on its own, with a warning, and no volume.
    let frames = root.join("frames.dcm");
    let pixels: Vec<u16> = (0..2 * 192).collect();
    let slice = DicomSlice { series: "2.25.5", size: [16, 12], pixels: &pixels, ..DicomSlice::default() };
    dicom_file::write(&frames, &slice, EXPLICIT, |object| {
        let count = dicom_core::PrimitiveValue::from("2");
        object.put(dicom_core::DataElement::new(
            dicom_dictionary_std::tags::NUMBER_OF_FRAMES,
            dicom_core::VR::IS,
            count,
        ));
    });
    let said = predict(&frames);
    assert!(said.contains("2 slices or frames say no position"), "{said}");
    assert!(out.join("frames_2-overlay.png").is_file() && !out.join("frames-student.nii").exists());
    assert_eq!(read_json(&out.join("frames_2.json"))["frame"], 2);
    let empty = fovea(&format!(
        "predict --bundle {} --out {} {}",
        bundle.display(),
        out.display(),
        root.join("gaze").display()
    ));
    assert!(String::from_utf8_lossy(&empty.stderr).contains("without DICOM files"));
}

#[test]
fn a_folder_of_labels_without_series_says_where_the_images_are() {
    let folder = tempfile::tempdir().unwrap();
    prostate(folder.path());
    fs::remove_dir_all(folder.path().join("Prostate3T-01-0001")).unwrap();
    let check = fovea(&format!("data check {}", folder.path().display()));
    let message = String::from_utf8_lossy(&check.stderr).into_owned();
    assert!(!check.status.success() && message.contains("TCIA") && message.contains("source"), "{message}");
}
