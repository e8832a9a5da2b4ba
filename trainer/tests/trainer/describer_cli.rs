//! `fovea describer train` and `eval` through the binary, on small phantoms with answers made up here.

use std::{fs, path::Path};

use fovea_shared::{
    description::{Description, Field, Modality, Source},
    model::describer::Describer,
};
use fovea_trainer::describe::store::{Appender, Record};
use tempfile::TempDir;

use crate::binary::tried;

/// Answers about every image of a data set: shape and colour by turns, location not at all.
fn write_answers(data: &Path, file: &Path) -> usize {
    let mut ids: Vec<String> = fs::read_dir(data.join("images"))
        .unwrap()
        .map(|e| e.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    ids.sort();
    let mut out = Appender::open(file).unwrap();
    for (index, id) in ids.iter().enumerate() {
        let mut description = Description::new(Modality::Polyp, Source::Vlm("toy".into()));
        description.set(Field::Shape, Some(["round", "oval"][index % 2])).unwrap();
        description.set(Field::Colour, Some(["pink", "pink", "red"][index % 3])).unwrap();
        let caveat = Some("made up for a test".into());
        out.append(&Record { id: id.clone(), image_sha256: None, description, caveat, asked: None }).unwrap();
    }
    ids.len()
}

#[test]
fn trains_without_masks_repeats_itself_and_is_measured() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (data, run, cache, answers) = (path("data"), path("run"), path("cache"), path("answers.jsonl"));
    tried(&["data", "phantom", "--count", "36", "--seed", "5", "--size", "96x80", "--out", &data]).unwrap();
    let common = ["--device", "cpu", "--quiet", "--cache", &cache];
    let mut train = vec!["train", "--data", &data, "--split", "phantom", "--out", &run, "--seed", "11"];
    train.extend(["--teacher-epochs", "1", "--student-epochs", "1"].iter().chain(&common));
    tried(&train).unwrap();
    let images = write_answers(Path::new(&data), Path::new(&answers));
    assert_eq!(images, 36);
    // From here on no true mask is there to be opened.
    fs::remove_dir_all(Path::new(&data).join("masks")).unwrap();

    let distil = |out: &str, more: &[&str]| {
        let mut arguments = vec!["describer", "train", "--run", &run, "--answers", &answers, "--out", out];
        arguments.extend(["--seeds", "4,5", "--epochs", "2", "--hidden", "8"].iter().chain(&common).chain(more));
        tried(&arguments)
    };
    let (first, second) = (path("first"), path("second"));
    let said = distil(&first, &[]).unwrap();
    assert!(said.contains("shape") && said.contains("colour") && !said.contains("location "), "{said}");
    assert!(distil(&first, &[]).unwrap_err().contains("already holds describers"));
    distil(&second, &[]).unwrap();
    let bytes = |out: &str, file: &str| fs::read(Path::new(out).join(file)).unwrap();
    for seed in ["seed-4", "seed-5"] {
        let file = format!("{seed}/describer.safetensors");
        assert_eq!(bytes(&first, &file), bytes(&second, &file), "{seed}");
    }
    assert_ne!(bytes(&first, "seed-4/describer.safetensors"), bytes(&first, "seed-5/describer.safetensors"));

    let out = path("results/describer-toy.json");
    let mut measure = vec!["describer", "eval", "--describer", &first, "--out", &out];
    measure.extend(&common);
    tried(&measure).unwrap();
    let study: serde_json::Value = serde_json::from_slice(&fs::read(&out).unwrap()).unwrap();
    assert_eq!(study["caveat"], "made up for a test");
    assert_eq!(study["seeds"], serde_json::json!([4, 5]));
    let fields = study["fields"].as_array().unwrap();
    assert_eq!(fields.iter().map(|f| f["field"].as_str().unwrap()).collect::<Vec<_>>(), ["shape", "colour"]);
    let tested = study["data"]["images"].as_u64().unwrap();
    assert!(tested > 0);
    for field in fields {
        for part in ["test_with_gaze", "test_without_gaze"] {
            assert_eq!(field[part]["images"].as_u64(), Some(tested));
            assert_eq!(field[part]["seeds"].as_array().unwrap().len(), 2);
        }
    }
    let table = fs::read_to_string(path("results/describer-toy.md")).unwrap();
    assert!(table.contains("**made up for a test**") && table.contains("| shape |"), "{table}");

    // What the page would load: the shipped head, with its test scores in the card.
    let device = burn::tensor::Device::flex();
    let card = bytes(&first, "describer.json");
    let describer = Describer::load(bytes(&first, "describer.safetensors"), &card, &device).unwrap();
    assert_eq!(describer.card().source.to_string(), "distilled:toy");
    assert!(describer.card().fields.iter().all(|f| f.test.is_some()));

    // Answers that changed are not the ones that were learnt.
    fs::write(&answers, fs::read_to_string(&answers).unwrap().replacen("oval", "irregular", 1)).unwrap();
    assert!(tried(&measure).unwrap_err().contains("have changed"));
    let error = distil(&path("third"), &["--dropout", "1"]).unwrap_err();
    assert!(error.contains("--dropout"), "{error}");
}
