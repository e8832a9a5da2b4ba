//! Writes the stored inputs of all targets. Run by name after a format has changed; see the module above.

use std::{collections::BTreeMap, fs};

use fovea_shared::{
    bundle::Manifest,
    description::{Description, Modality, Source},
    gaze::{Fixation, Scanpath, write_csv},
    model::weights::{self, Precision},
};
use fovea_trainer::config::{PresetName, Settings};
use image::{DynamicImage, ImageFormat, Luma, LumaA, Rgb, RgbImage};
use safetensors::{Dtype, tensor::TensorView};
use serde_json::json;

use super::{bundles::network, folder};
use crate::{
    dicom_file::{self, BIG_ENDIAN, DicomSlice, EXPLICIT, IMPLICIT},
    fake::answer,
};

/// Writes one stored input of a target, `module::target`.
fn store(target: &str, name: &str, bytes: impl AsRef<[u8]>) {
    let (module, target) = target.split_once("::").unwrap();
    let corpus = folder(&format!("trainer::fuzz::{module}"), target).join("corpus");
    fs::create_dir_all(&corpus).unwrap();
    fs::write(corpus.join(name), bytes).unwrap();
}

#[test]
#[ignore = "writes the corpora of the fuzz targets into the source tree"]
fn write_the_corpora() {
    gaze();
    slices();
    pictures();
    texts();
    bundle_files();
    answers();
}

fn gaze() {
    let fixation = |x, y, start_ms| Fixation { x, y, duration_ms: 210.5, start_ms };
    let path = Scanpath { fixations: vec![fixation(0.25, 0.75, 0.0), fixation(1.0, 0.0, 300.25)] };
    let all: BTreeMap<_, _> = [("a", path.clone()), ("b,\"c\"", path)]
        .into_iter()
        .map(|(id, path)| (id.to_owned(), (path, (640, 480))))
        .collect();
    let text = write_csv(&all);
    store("data::gaze_csv", "two-images.csv", &text);
    store("data::gaze_csv", "mark-and-crlf.csv", format!("\u{feff}{}", text.replace('\n', "\r\n")));
    store("data::gaze_csv", "header.csv", text.lines().next().unwrap());
    let header = text.lines().next().unwrap().replace(',', ";");
    let rows = "a.jpg;1;0,25;0,75;210,5;;0;480;640\nimages/b.png;1;-1;-1;.;NA;9;480;640\na.jpg;2;0;0;1;1;1;1;1\na.jpg;3;1,5;0,5;9;9;9;;\n";
    store("data::gaze_csv", "semicolons-and-blinks.csv", format!("sep=;\n{header}\n{rows}"));
    store("data::gaze_csv", "tabs.csv", format!("{}\na.jpg\t1\t.5\t.5\t9\t\t0\t\t\n", header.replace(';', "\t")));
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    for target in ["split_list", "dataset_info", "train_config"] {
        let text = match target {
            "split_list" => "a.png\r\nb\r\n",
            "dataset_info" => r#"{"format":1,"name":"a"}"#,
            _ => "seed = 3\r\n",
        };
        store(&format!("data::{target}"), "utf16.txt", [&b"\xff\xfe"[..], &utf16(text)].concat());
    }
    store("data::split_list", "paths.txt", "images/a.png masks/a.png\n\"b\"\nC;1\n");
}

fn slices() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slice.dcm");
    let pixels = [100, 300, 200, 100, 100, 150];
    let slice = DicomSlice {
        patient: Some("Prostate3T-01-0001"),
        series: "2.25.7",
        instance: Some(3),
        position: Some([-10.5, 20.0, -30.25]),
        orientation: Some([[1.0, 0.0, 0.0], [0.0, 0.5, -0.5]]),
        size: [3, 2],
        pixels: &pixels,
    };
    for (name, syntax) in [("explicit", EXPLICIT), ("implicit", IMPLICIT), ("big-endian", BIG_ENDIAN)] {
        dicom_file::write(&path, &slice, syntax, |_| ());
        store("data::dicom_slice", &format!("{name}.dcm"), fs::read(&path).unwrap());
    }
}

fn pictures() {
    let rgb = RgbImage::from_fn(8, 6, |x, y| Rgb([x as u8 * 30, y as u8 * 40, 90]));
    let inside = |x: u32, y: u32| (2..6).contains(&x) && (1..5).contains(&y);
    let grey = image::GrayImage::from_fn(8, 6, |x, y| Luma([if inside(x, y) { 255 } else { 0 }]));
    let clear = image::GrayAlphaImage::from_fn(8, 6, |x, y| LumaA([255, if inside(x, y) { 255 } else { 0 }]));
    let deep = image::ImageBuffer::<Luma<u16>, _>::from_fn(8, 6, |x, y| Luma([(x * y) as u16 * 900]));
    let written = |image: &DynamicImage, format| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    };
    let pictures = [
        ("rgb.png", DynamicImage::from(rgb.clone()), ImageFormat::Png),
        ("grey.png", DynamicImage::from(grey.clone()), ImageFormat::Png),
        ("alpha.png", DynamicImage::from(clear), ImageFormat::Png),
        ("sixteen-bits.png", DynamicImage::from(deep), ImageFormat::Png),
        ("rgb.webp", DynamicImage::from(rgb.clone()), ImageFormat::WebP),
        ("rgb.jpg", DynamicImage::from(rgb), ImageFormat::Jpeg),
        ("grey.jpg", DynamicImage::from(grey), ImageFormat::Jpeg),
    ];
    for (name, picture, format) in pictures {
        let bytes = written(&picture, format);
        store("data::image_file", name, &bytes);
        store("data::mask_file", name, &bytes);
    }
}

fn texts() {
    store("data::split_list", "ids.txt", "# a list\ncju0.jpg\n\ncju1.png\r\ncju0\n");
    store("data::split_list", "mark.txt", "\u{feff}a\nb");
    let info = json!({ "format": 1, "name": "phantom", "modality": "skin_lesion", "drawn": true, "gaze": "simulated",
        "simulation": { "observer": "webcam", "seed": 7 }, "command": "fovea data phantom", "source": "../elsewhere" });
    store("data::dataset_info", "whole.json", serde_json::to_vec_pretty(&info).unwrap());
    store("data::dataset_info", "least.json", r#"{"format":1,"name":"a"}"#);
    for (name, preset) in [("lite.toml", PresetName::Lite), ("paper.toml", PresetName::Paper)] {
        let config = Settings::of_preset(preset, Modality::Prostate);
        store("data::train_config", name, toml::to_string(&config).unwrap());
    }
    let few = "seed = 3\ntext = \"none\"\ndistill.strategies = { afc = true }\n[pseudo-masks]\nside = 112\n";
    store("data::train_config", "few.toml", few);
}

fn bundle_files() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle");
    store("bundles::index", "index.json", fs::read(root.join("index.json")).unwrap());
    store("bundles::familiarity", "familiarity.json", fs::read(root.join("skin/familiarity.json")).unwrap());
    store("bundles::familiarity", "describer.json", fs::read(root.join("polyp/describer.json")).unwrap());
    let mut manifest = Manifest::parse(&fs::read(root.join("polyp/manifest.json")).unwrap()).unwrap();
    manifest.gallery.truncate(1);
    let kept = |name: &String| {
        !name.starts_with("gallery/") || manifest.gallery.iter().any(|case| name.contains(case.id.as_str()))
    };
    manifest.files.retain(|name, _| kept(name));
    manifest.notices.truncate(1);
    store("bundles::manifest", "one-case.json", serde_json::to_vec_pretty(&manifest).unwrap());
    manifest.gallery.clear();
    manifest.students.truncate(1);
    manifest.training.config = json!({});
    store("bundles::manifest", "least.json", serde_json::to_vec(&manifest).unwrap());
    for (name, precision) in [("f32", Precision::Full), ("f16", Precision::Half), ("int8", Precision::Int8)] {
        let file = weights::save(&network(), precision).unwrap();
        store("bundles::weight_file", &format!("{name}.safetensors"), file);
    }
    let plane: Vec<u8> = [0.5f32, -0.5].iter().flat_map(|v| v.to_le_bytes()).collect();
    let view = |shape: [usize; 2]| TensorView::new(Dtype::F32, shape.to_vec(), &plane).unwrap();
    let names = ["text", "dwell", "looks", "teacher", "teacher_gaze", "teacher_text", "student.heat"];
    let image = TensorView::new(Dtype::U8, vec![2, 4], &plane).unwrap();
    let tensors = names.map(|name| (name, view([1, 2]))).into_iter().chain([("image", image)]);
    store("bundles::goldens", "small.safetensors", safetensors::serialize(tensors, None).unwrap());
}

fn answers() {
    let chat = |content: &str, finish: &str| {
        json!({ "object": "chat.completion", "model": "m",
            "choices": [{ "index": 0, "message": { "role": "assistant", "content": content }, "finish_reason": finish }] })
        .to_string()
    };
    store("answers::model_answer", "good.json", chat(&answer(), "stop"));
    store("answers::model_answer", "cut.json", chat(&answer()[..40], "length"));
    let parts =
        json!({ "choices": [{ "message": { "content": [{ "type": "text", "text": answer() }], "reasoning": "hm" } }] });
    store("answers::model_answer", "parts.json", parts.to_string());
    store("answers::model_answer", "error.json", r#"{"error":{"message":"model 'x' not found","type":"y"}}"#);
    store("answers::model_answer", "page.html", "<html><head><title>502</title></head><h1>Bad gateway</h1></html>");
    store("answers::answer_text", "plain.txt", answer());
    store(
        "answers::answer_text",
        "fenced.txt",
        format!("Here it is:\n```json\n{}\n```\nI hope this helps {{really}}!", answer()),
    );
    store("answers::answer_text", "thought.txt", format!("<think>perhaps {{\"a\":1}}? no</think>{}", answer()));
    let open = format!("<think>perhaps {{\"a\":1}}\n```json\n{}\n```", answer());
    let channels = format!("<|channel|>analysis<|message|>hm<|end|><|channel|>final<|message|>{}<|return|>", answer());
    store("answers::answer_text", "open-thought.txt", open);
    store("answers::answer_text", "channels.txt", channels);
    store("answers::answer_text", "loose.txt", answer().replace('"', "'").replace('}', ", // all\n}"));
    store("answers::answer_text", "listed.txt", format!("[{{\"description\": {}}}]", answer()));
    let call = json!({ "choices": [{ "message": { "content": null, "tool_calls": [{ "function": { "arguments": answer() } }] } }] });
    store("answers::model_answer", "tool-call.json", call.to_string());
    let part = |text: &str| format!("data: {}\n\n", json!({ "choices": [{ "delta": { "content": text } }] }));
    let (first, second) = (&answer()[..40], &answer()[40..]);
    store("answers::model_answer", "stream.txt", format!("{}{}data: [DONE]\n\n", part(first), part(second)));
    let description = Description::from_answer(Modality::Polyp, Source::Vlm("m".into()), &answer()).unwrap();
    let line = |id: &str| {
        json!({ "id": id, "image_sha256": "0".repeat(64), "description": description, "caveat": "c" }).to_string()
    };
    store("answers::description_file", "two-lines.jsonl", format!("{}\n{}\n", line("a"), line("b")));
    store("answers::description_file", "cut.jsonl", format!("{}\n{}", line("a"), &line("b")[..50]));
}
