//! `fovea export --grid` through the binary: the students of one ablation in one bundle, and real
//! pictures in its gallery.

use std::{
    fs,
    path::{Path, PathBuf},
};

use burn::tensor::Device;
use fovea_shared::{
    bundle::{Bundle, BundleIndex, Manifest, StudentVariant, sha256},
    description::Modality,
    distill::Strategies,
    model::{
        Backbone,
        weights::{self, Precision},
    },
    predictor::Predictor,
};
use tempfile::TempDir;

use crate::binary::{fails, fovea, passes};

/// A folder with prostate phantoms, a backbone in f32 as trainings adapt them, and a finished grid
/// on it of the eight students that learn from heat maps, of one in DARM's released form, of two
/// that learn from something else, and of one that cannot be with them. The rows have names of
/// their own: what counts is what was trained.
struct Lab {
    folder: TempDir,
}

impl Lab {
    fn new() -> Self {
        let lab = Self { folder: TempDir::new().unwrap() };
        let data = lab.path("data");
        passes(&["data", "phantom", "--domain", "prostate", "--count", "8", "--size", "64x64", "--out", &data]);
        fs::write(lab.at("other.safetensors"), other_backbone()).unwrap();
        let mut grid =
            "study = \"eight\"\ndata = \"data\"\nsplit = \"phantom\"\nbackbone = \"other.safetensors\"\nseeds = \
             [4]\n[base]\nteacher-epochs = 1\n\
                        student-epochs = 1\nbatch = 4\ntext = \"none\"\nstudent-target = \"heat-map\"\n\
                        distill.masking.input = \"features\"\n"
                .to_owned();
        for (row, on) in Strategies::every().into_iter().enumerate() {
            let Strategies { afc, cwc, darm } = on;
            grid += &format!(
                "[[row]]\nname = \"row-{row}\"\ndistill.strategies = {{ afc = {afc}, cwc = {cwc}, darm = {darm} }}\n"
            );
            // What is said of a strategy makes no other student of those that do without it.
            if darm {
                grid += "distill.masking.often = 0.5\n";
            }
        }
        grid += "[[row]]\nname = \"released\"\ndistill.strategies = { darm = true }\ndistill.masking = { region \
                 = \"gaze\", target = \"zero\" }\n\
                 [[row]]\nname = \"labels\"\nstudent-target = \"teacher\"\n\
                 [[row]]\nname = \"truth\"\nstudent-target = \"full-supervision\"\n\
                 [[row]]\nname = \"other\"\ndistill = { strategies = { afc = true }, student_dice = 0.1 }\n";
        fs::write(lab.at("grid.toml"), grid).unwrap();
        let (grid, out, results, cache) =
            (lab.path("grid.toml"), lab.path("out"), lab.path("results"), lab.path("cache"));
        let to = ["--out", &out, "--results", &results, "--cache", &cache, "--device", "cpu", "-q"];
        passes(&[&["ablate", "--grid", &grid], &to[..]].concat());
        lab
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn path(&self, name: &str) -> String {
        self.at(name).to_string_lossy().into_owned()
    }
}

/// The built-in weights in f32, each a little larger.
fn other_backbone() -> Vec<u8> {
    let mut backbone = Backbone::new(&Device::flex());
    weights::load(&mut backbone, weights::BACKBONE.to_vec()).unwrap();
    let mut file = weights::save(&backbone, Precision::Full).unwrap();
    let head = 8 + u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    for value in file[head..].chunks_exact_mut(4) {
        let more = f32::from_le_bytes(value.try_into().unwrap()) * 1.002;
        value.copy_from_slice(&more.to_le_bytes());
    }
    file
}

/// Copies a folder and what is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(path, to).unwrap();
        }
    }
}

fn open(folder: &Path) -> Bundle {
    Bundle::load(|name| fs::read(folder.join(name))).unwrap()
}

/// The rows that can be in one bundle.
const ROWS: &str = "row-0,row-1,row-2,row-3,row-4,row-5,row-6,row-7,released,labels,truth";

/// `fovea eval --bundle` finds what the manifest quotes of the runs, but for int8.
fn measured_as_it_is_shipped(lab: &Lab, manifest: &Manifest) {
    let (folder, data, file) = (lab.path("bundles/prostate"), lab.path("data"), lab.path("measured/shipped.json"));
    let cache = lab.path("cache");
    let to = ["--out", &file, "--cache", &cache, "--device", "cpu", "-q"];
    let said = passes(&[&["eval", "--bundle", &folder, "--data", &data], &to[..]].concat());
    assert!(said.contains("student heat+afc") && said.contains("(manifest: 0."), "{said}");
    let study: serde_json::Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let rows = study["rows"].as_array().unwrap();
    assert_eq!(rows.len(), manifest.students.len());
    for (row, student) in rows.iter().zip(&manifest.students) {
        assert_eq!((row["name"].as_str(), &row["seeds"]), (Some(student.name.as_str()), &serde_json::json!([4])));
        let (found, quoted) = (row["student"]["dice"][0].as_f64().unwrap(), student.dice.as_ref().unwrap().mean);
        assert!((found - quoted).abs() < 0.05, "{}: {found} and in the study of the runs {quoted}", student.name);
        assert_eq!(row["teacher"], rows[0]["teacher"], "the students share a teacher");
        let on = &row["config"]["distill"]["strategies"];
        assert_eq!(on["afc"].as_bool(), Some(student.kind.strategies.afc), "{}", student.name);
        assert!(row["note"].as_str().unwrap().contains("heads in int8"), "{row}");
    }
    let teacher = manifest.training.teacher_dice.as_ref().unwrap().mean;
    assert!((rows[0]["teacher"]["dice"][0].as_f64().unwrap() - teacher).abs() < 0.05);
    let lines = fs::read_to_string(lab.at("measured/shipped-images.csv")).unwrap();
    let images = study["data"]["images"].as_u64().unwrap() as usize;
    assert_eq!(lines.lines().count(), 1 + 3 * images * rows.len(), "{lines}");
    assert!(lab.at("measured/shipped-sheet.png").exists());

    let usage = fovea(&["eval", "--bundle", &folder, "--out", &file]);
    assert!(usage.status.code() == Some(2) && String::from_utf8_lossy(&usage.stderr).contains("--data"));
    let polyps = lab.path("polyps");
    passes(&["data", "phantom", "--count", "4", "--size", "64x64", "--out", &polyps]);
    let elsewhere = lab.path("measured/elsewhere.json");
    let to = ["--split", "phantom", "--out", &elsewhere, "--cache", &cache, "--device", "cpu", "-q"];
    let message = fails(&[&["eval", "--bundle", &folder, "--data", &polyps], &to[..]].concat());
    assert!(message.contains("the bundle is for images of a prostate"), "{message}");
}

#[test]
fn a_grid_becomes_a_bundle_of_families_and_what_does_not_fit_is_named() {
    let lab = Lab::new();
    let (out, bundles, study) = (lab.path("out"), lab.path("bundles"), lab.path("results/eight.json"));
    let to = ["--out", &bundles, "--phantoms", "3", "--rows", ROWS];
    let message = fails(&["export", "--grid", &out, "--out", &bundles]);
    assert!(message.contains("`labels` and `other` differ in distill.student_dice (0.5 and 0.1)"), "{message}");
    assert!(message.contains("--rows"), "{message}");
    let said = passes(&[&["export", "--grid", &out, "--results", &study], &to[..]].concat());
    assert!(said.contains("between int8 and f32"), "{said}");

    let index = BundleIndex::parse(&fs::read(lab.at("bundles/index.json")).unwrap()).unwrap();
    assert_eq!((index.bundles[0].domain, index.bundles[0].folder.as_str()), (Modality::Prostate, "prostate"));
    let bundle = open(&lab.at("bundles/prostate"));
    let manifest: &Manifest = &bundle.manifest;
    assert_eq!(manifest.domain, Modality::Prostate);
    let names: Vec<&str> = manifest.students.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names[..4], ["heat", "heat+afc", "heat+cwc", "heat+afc+cwc"]);
    assert_eq!(names[7..], ["heat-all", "heat+darm-released", "teacher", "full-supervision"]);
    assert!(said.contains("students: heat, heat+afc,"), "{said}");
    assert_eq!(manifest.students[manifest.default_student()].name, "teacher");
    assert_eq!(manifest.training.seed, 4);
    assert_eq!(
        manifest.training.config["distill"]["strategies"],
        serde_json::json!({"afc": true, "cwc": true, "darm": true})
    );
    let known = |s: &StudentVariant| {
        let dice = s.dice.as_ref().unwrap();
        let [low, high] = dice.interval.unwrap();
        dice.seeds == 1 && dice.on.contains("phantom") && low <= dice.mean && dice.mean <= high && low < high
    };
    assert!(manifest.students.iter().all(known), "{:?}", manifest.students);
    assert!(manifest.notices.iter().any(|notice| notice.contains("but for the students called full-supervision")));
    assert!(manifest.training.teacher_dice.is_some());
    // The backbone is the grid's, as every cell and the study say, in f16.
    let full = sha256(&fs::read(lab.at("other.safetensors")).unwrap());
    let named: serde_json::Value = serde_json::from_str(&fs::read_to_string(&study).unwrap()).unwrap();
    assert!(named["rows"].as_array().unwrap().iter().all(|row| row["backbone_sha256"] == full.as_str()));
    let [shipped, whole] = ["bundles/prostate/backbone.safetensors", "other.safetensors"].map(|name| {
        let mut read = Backbone::new(&Device::flex());
        weights::load(&mut read, fs::read(lab.at(name)).unwrap()).unwrap();
        weights::save(&read, Precision::Half).unwrap()
    });
    assert_eq!(fs::read(lab.at("bundles/prostate/backbone.safetensors")).unwrap(), shipped);
    assert!(shipped == whole && shipped != weights::BACKBONE);
    assert!(manifest.notices.iter().any(|notice| notice.contains("adapted")), "{:?}", manifest.notices);
    measured_as_it_is_shipped(&lab, manifest);
    // Without it the cells are others'.
    let grid = fs::read_to_string(lab.at("grid.toml")).unwrap();
    fs::write(lab.at("built-in.toml"), grid.replace("backbone = ", "#backbone = ")).unwrap();
    let message = fails(&["ablate", "--grid", &lab.path("built-in.toml"), "--out", &out, "--device", "cpu", "-q"]);
    assert!(message.contains("backbone: ") && message.contains("the built-in one now"), "{message}");
    fs::write(lab.at("gone.toml"), grid.replace("other.safetensors", "gone.safetensors")).unwrap();
    let message = fails(&["ablate", "--grid", &lab.path("gone.toml"), "--out", &out, "--device", "cpu", "-q"]);
    assert!(message.contains("gone.safetensors cannot be read"), "{message}");

    // An ablation with rows of the same names is charted beside; these rows have other names.
    let ablation = lab.path("ablation.json");
    let said = fails(&[&["export", "--grid", &out, "--ablation", &study], &to[..]].concat());
    assert!(said.contains("eight.json has no row that is named like a student of the page"), "{said}");
    let named = fs::read_to_string(&study).unwrap().replace("row-0", "heat").replace("row-7", "heat-all");
    fs::write(&ablation, named).unwrap();
    // So is what was measured of words; here another place does not move the mask.
    let interact = lab.path("interact.json");
    let measured = r#"{"kind": "interact", "parts": {"words_blended": {"moved": {"mean": 0.4, "low": 0.3, "high": 0.5}},
        "words_size": {"small": {"mean": 0.6}, "large": {"mean": 1.5}}}}"#;
    fs::write(&interact, measured).unwrap();
    let beside = ["--ablation", &ablation, "--interact", &interact];
    passes(&[&["export", "--grid", &out], &beside[..], &to[..]].concat());
    let Manifest { students: charted, training, .. } = open(&lab.at("bundles/prostate")).manifest;
    let offered: Vec<_> = training.steers.unwrap().into_iter().map(|(field, s)| (field.name(), s.offered)).collect();
    assert_eq!(offered, [("location", false), ("size", true)]);
    assert!(manifest.training.steers.is_none(), "nothing was measured before");
    let seeds = |s: &StudentVariant| (s.dice.is_some(), s.ablation.as_ref().map(|score| score.seeds));
    let seen: Vec<_> = charted.iter().map(seeds).collect();
    assert_eq!(seen[1..7], [(false, None); 6]);
    assert_eq!(seen[8..], [(false, None); 3]);
    assert_eq!((seen[0], seen[7]), ((false, Some(1)), (false, Some(1))));

    // Those that were trained with AFC come with its adapters, for the page to look through.
    let loaded = Predictor::new(&bundle, &Device::flex()).unwrap();
    for (place, student) in manifest.students.iter().enumerate() {
        assert_eq!(student.adapters.is_some(), student.kind.strategies.afc, "{}", student.name);
        assert_eq!(loaded.student_at(place).unwrap().adapters.is_some(), student.kind.strategies.afc);
    }
    let said = &manifest.gallery[0].descriptions[0].description;
    assert_eq!(said.modality, Modality::Prostate, "the gallery shows the domain");

    // The weights are those of the rows with these strategies, whatever the rows are called.
    let device = Device::flex();
    let predictor = Predictor::new(&bundle, &device).unwrap();
    let check = pollster::block_on(predictor.self_check()).unwrap();
    assert!(check.passed, "{check:?}");
    let image = image::open(lab.at("bundles/prostate/gallery/phantom-3.jpg")).unwrap().to_rgb8();
    let logits = pollster::block_on(async {
        let embedding = predictor.embed(&image).await.unwrap();
        predictor.every_student(&embedding).await.unwrap()
    });
    assert!(logits.iter().enumerate().all(|(i, plane)| logits[..i].iter().all(|other| other != plane)));

    let image = lab.path("bundles/prostate/gallery/phantom-3.jpg");
    let (folder, masks) = (lab.path("bundles/prostate"), lab.path("masks"));
    passes(&[
        "predict",
        "--bundle",
        &folder,
        "--student",
        "heat+afc",
        "--out",
        &masks,
        "-q",
        "--device",
        "cpu",
        &image,
    ]);
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(lab.at("masks/phantom-3.json")).unwrap()).unwrap();
    assert_eq!(report["student_name"], "heat+afc");

    // What images of training look like: from fifty at least.
    assert!(bundle.familiarity().unwrap().is_none());
    let (data, more, cache) = (lab.path("data"), lab.path("more"), lab.path("cache"));
    let looks = |folders: &[&str]| {
        let named = folders.iter().flat_map(|folder| ["--looks", folder]);
        let all = ["export", "--grid", &out, "--cache", &cache].into_iter().chain(to).chain(named);
        all.map(str::to_owned).collect::<Vec<_>>()
    };
    let few = looks(&[&data]);
    let message = fails(&few.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(message.contains("8 images") && message.contains("fifty"), "{message}");
    passes(&[
        "data", "phantom", "--domain", "prostate", "--count", "50", "--size", "64x64", "--seed", "2", "--out", &more,
    ]);
    let both = looks(&[&data, &more]);
    passes(&both.iter().map(String::as_str).collect::<Vec<_>>());
    let familiarity = open(&lab.at("bundles/prostate")).familiarity().unwrap().unwrap();
    assert_eq!(familiarity.images, 58);

    // Another seed, another teacher, an unfinished row.
    let export = |more: &[&str]| fails(&[&["export", "--grid", &out], &to[..], more].concat());
    assert!(export(&["--seed", "9"]).contains("no finished cell of seed 9"));
    let teacher = lab.at("out/cells/row-2-s4/run/best-teacher.safetensors");
    let whole = fs::read(&teacher).unwrap();
    fs::write(&teacher, [whole.as_slice(), b" "].concat()).unwrap();
    let message = export(&[]);
    assert!(message.contains("`labels` and `row-2` differ in teacher"), "{message}");
    fs::write(&teacher, whole).unwrap();
    fs::remove_file(lab.at("out/cells/row-2-s4/cell.json")).unwrap();
    let message = export(&[]);
    assert!(message.contains("seed 4") && message.contains("lacks row-2"), "{message}");
    let twins = ["--rows", "labels,labels-again"];
    let named = |name: &str| lab.at(&format!("out/cells/{name}-s4"));
    let cell = fs::read_to_string(named("labels").join("cell.json")).unwrap();
    fs::rename(named("released"), named("labels-again")).unwrap();
    fs::remove_dir_all(named("labels-again").join("run")).unwrap();
    copy(&named("labels").join("run"), &named("labels-again").join("run"));
    fs::write(named("labels-again").join("cell.json"), cell.replace("\"labels\"", "\"labels-again\"")).unwrap();
    let message = fails(&[&["export", "--grid", &out, "--out", &bundles], &twins[..]].concat());
    assert!(message.contains("`labels-again` and `labels` are both the student `teacher`"), "{message}");
}
