//! The engine on the CPU, in a worker of a real browser, with the shipped bundle.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

mod common;

use burn::tensor::Device;
use common::{IMAGE, MASK, bundle, bundle_of, folders, looks, own, text};
use fovea_shared::{
    bundle::{Manifest, sha256},
    description::{Field, Modality, Source},
    model::{
        describer::{DESCRIBER_INPUTS, DescriberNet},
        weights::{self, Precision},
    },
    predictor::GOLDEN_TOLERANCE,
};
use fovea_web::{
    engine::session::Session,
    protocol::{Backend, Before, Blob, Envelope, Request, Response, Text, decode, encode},
    startup,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

async fn session() -> Session {
    startup::ready();
    Session::load(Backend::Cpu, bundle()).await.unwrap().0
}

#[wasm_bindgen_test]
async fn the_cpu_reproduces_the_goldens() {
    startup::ready();
    let (_, report) = Session::load(Backend::Cpu, bundle()).await.unwrap();
    assert!(report.passed && report.max_abs_diff <= GOLDEN_TOLERANCE, "{report:?}");
    assert!(
        report.click_ms > 0.0 && report.click_ms < report.embed_ms,
        "a click must cost less than an image: {report:?}"
    );
}

#[wasm_bindgen_test]
async fn every_bundle_takes_the_place_of_the_one_before_and_a_bad_one_does_not() {
    startup::ready();
    let folders = folders();
    assert!(folders.len() > 1, "there is something to change to: {folders:?}");
    let (mut session, _) = Session::load(Backend::Cpu, bundle_of(&folders[0])).await.unwrap();
    session.open(own(1, "image.jpg", IMAGE, None), |_| ()).await.unwrap();
    for folder in &folders[1..] {
        let mut damaged = bundle_of(folder);
        damaged.get_mut("goldens.safetensors").unwrap().0[200] ^= 1;
        let error = session.replaced(damaged).await.map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("goldens.safetensors"), "{error}");
        assert!(session.look(1, vec![], &text(&[]), None).await.is_ok(), "the former model is still there");
        let (next, report) = session.replaced(bundle_of(folder)).await.unwrap();
        assert!(report.passed && report.max_abs_diff <= GOLDEN_TOLERANCE, "{folder}: {report:?}");
        assert!(next.student(1, 0).await.is_err(), "the new model has no image open");
    }
}

#[wasm_bindgen_test]
async fn every_student_draws_its_own_outline_on_the_open_image() {
    startup::ready();
    for folder in folders() {
        let files = bundle_of(&folder);
        let count = Manifest::parse(&files["manifest.json"].0).unwrap().students.len();
        let (mut session, _) = Session::load(Backend::Cpu, files).await.unwrap();
        let mut request = own(1, "image.jpg", IMAGE, Some(MASK));
        request.student = count - 1;
        let opened = session.open(request, |_| ()).await.unwrap();
        let mut hashes = Vec::new();
        for place in 0..count {
            let seen = session.student(1, place).await.unwrap();
            assert!((seen.image, seen.place) == (1, place) && seen.outline.dice.is_some());
            hashes.push(seen.outline.hash);
        }
        assert_eq!((opened.place, &opened.student.hash), (count - 1, &hashes[count - 1]));
        hashes.sort();
        hashes.dedup();
        // A mask may be empty for two of them on an image of another domain, but not for all.
        assert!(count == 1 || hashes.len() > 1, "{folder}: {hashes:?}");
        assert!(session.student(1, count).await.is_err_and(|e| e.to_string().contains("no student")));
        assert!(session.student(2, 0).await.is_err_and(|e| e.to_string().contains("not open")));
    }
}

#[wasm_bindgen_test]
async fn gaze_moves_the_teacher_and_taking_it_back_restores_the_mask() {
    let mut session = session().await;
    let mut picture = None;
    let opened = session.open(own(1, "image.jpg", IMAGE, Some(MASK)), |p| picture = Some(p)).await.unwrap();
    let picture = picture.unwrap();
    assert_eq!((picture.native, picture.shown, picture.rgba.0.len()), ((320, 256), (320, 256), 320 * 256 * 4));
    assert!(opened.student.dice.is_some() && opened.truth.is_some());

    let without = session.look(1, vec![], &text(&[]), None).await.unwrap();
    assert!(without.heat.is_none());
    let on_lesion =
        session.look(1, looks(&[(0.79, 0.13), (0.82, 0.13), (0.79, 0.16)]), &text(&[]), None).await.unwrap();
    let elsewhere = session.look(1, looks(&[(0.1, 0.85), (0.08, 0.85), (0.1, 0.88)]), &text(&[]), None).await.unwrap();
    assert_ne!(on_lesion.teacher.hash, elsewhere.teacher.hash, "gaze must move the teacher's mask");
    assert!(on_lesion.teacher.dice > elsewhere.teacher.dice, "looking at the lesion must help to outline it");
    let again = session.look(1, vec![], &text(&[]), None).await.unwrap();
    assert_eq!(again.teacher, without.teacher);

    assert_eq!(on_lesion.heat.unwrap().values.0.iter().max(), Some(&255));
    let gaze = session.masks(1, looks(&[(0.5, 0.5), (0.52, 0.48)])).unwrap();
    assert!(gaze.high_confidence.area > 0 && gaze.high_confidence.area <= gaze.broad.area);
    assert!(gaze.background.area > 0);
}

#[wasm_bindgen_test]
async fn a_change_of_gaze_is_compared_with_what_was_drawn_before() {
    let mut session = session().await;
    session.open(own(1, "image.jpg", IMAGE, Some(MASK)), |_| ()).await.unwrap();
    let before = |fixations| Before { fixations, text: text(&[]) };
    let none = session.look(1, vec![], &text(&[]), None).await.unwrap();
    let there = || looks(&[(0.79, 0.13), (0.82, 0.13)]);
    let seen = session.look(1, there(), &text(&[]), Some(&before(vec![]))).await.unwrap();
    let change = seen.change.unwrap();
    assert_eq!((change.area_before, change.dice_before), (none.teacher.area, none.teacher.dice));
    assert_eq!(seen.teacher.area + change.lost.area, none.teacher.area + change.gained.area);
    assert!(change.gained.area + change.lost.area > 0, "the look has changed the mask");
    // A drag: every look is compared with its beginning, which is drawn once.
    for x in [0.7, 0.6, 0.5] {
        let moved = session.look(1, looks(&[(x, 0.2)]), &text(&[]), Some(&before(there()))).await.unwrap();
        let change = moved.change.unwrap();
        assert_eq!((change.area_before, change.dice_before), (seen.teacher.area, seen.teacher.dice));
    }
    // Back again: nothing of it is left, and the same change is found from the other side.
    let back = session.look(1, vec![], &text(&[]), Some(&before(there()))).await.unwrap();
    let undone = back.change.unwrap();
    assert_eq!(back.teacher, none.teacher);
    assert_eq!((undone.gained, undone.lost), (change.lost, change.gained));
}

#[wasm_bindgen_test]
async fn words_are_read_and_explained_and_an_edit_is_compared() {
    let mut session = session().await;
    session.open(own(1, "image.jpg", IMAGE, Some(MASK)), |_| ()).await.unwrap();
    let gaze = || looks(&[(0.79, 0.13)]);
    let said = text(&[("location", "upper_right"), ("size", "small")]);
    let with = session.look(1, gaze(), &said, None).await.unwrap();
    assert!(with.change.is_none(), "there is nothing to compare with");
    assert!(with.attention.iter().map(|map| map.phrase).eq(said.phrases.iter().copied()));
    for map in &with.attention {
        assert_eq!((map.size, map.values.0.len()), ((28, 28), 784));
        assert!(map.max > 0.0 && map.max <= 1.0 && map.values.0.contains(&255), "{map:?}");
    }

    let other = text(&[("location", "lower_left"), ("size", "small")]);
    let before = |fixations, text: &Text| Before { fixations, text: text.clone() };
    let edited = session.look(1, gaze(), &other, Some(&before(gaze(), &said))).await.unwrap();
    let change = edited.change.unwrap();
    assert_eq!((change.area_before, change.dice_before), (with.teacher.area, with.teacher.dice));
    assert_eq!(edited.teacher.area + change.lost.area, with.teacher.area + change.gained.area);
    assert_eq!(session.look(1, gaze(), &said, None).await.unwrap().teacher, with.teacher, "words leave no trace");

    let without = session.look(1, gaze(), &text(&[]), Some(&before(gaze(), &text(&[])))).await.unwrap();
    assert!(without.attention.is_empty());
    let none = without.change.unwrap();
    assert_eq!((none.gained.area, none.lost.area), (0, 0), "the same text changes nothing");

    // Drawn just now or drawn once more: what has changed is the same.
    let fresh = session.look(1, gaze(), &other, Some(&before(gaze(), &said))).await.unwrap();
    assert_eq!(fresh.change, Some(change));
}

#[wasm_bindgen_test]
async fn what_this_device_says_of_an_image_is_in_the_vocabulary_and_has_a_source() {
    let mut session = session().await;
    session.open(own(1, "image.jpg", IMAGE, None), |_| ()).await.unwrap();
    for gaze in [vec![], looks(&[(0.79, 0.13), (0.82, 0.13)])] {
        let described = session.describe(1, gaze, 0, Modality::Polyp).await.unwrap();
        assert_eq!(described.image, 1);
        for said in &described.descriptions {
            assert_eq!(said.description.modality, Modality::Polyp);
            assert!(said.caveat.is_some(), "what rests on a network's outline says so");
        }
        let sent = Envelope { id: 1, body: Response::Described(described) };
        let (value, _) = encode(&sent).unwrap();
        let Response::Described(back) = decode::<Response>(value).unwrap().body else { panic!("another answer") };
        let Response::Described(sent) = sent.body else { unreachable!() };
        assert_eq!(back.descriptions, sent.descriptions, "descriptions cross between worker and window");
    }
    assert!(session.describe(2, vec![], 0, Modality::Polyp).await.is_err_and(|e| e.to_string().contains("not open")));
}

/// The shipped bundle with another describer: random weights that are always sure enough to say a shape.
fn with_describer() -> std::collections::BTreeMap<String, Blob> {
    let inputs = vec![0.0; DESCRIBER_INPUTS];
    let scale = vec![1.0; DESCRIBER_INPUTS];
    let net = DescriberNet::new(&inputs, &scale, 4, 2, 7, &Device::flex());
    let card = format!(
        r#"{{"format": 1, "modality": "polyp", "source": "distilled:tester", "caveat": "Random.", "inputs": {DESCRIBER_INPUTS}, "hidden": 4,
        "fields": [{{"field": "shape", "classes": ["round", "oval"], "temperature": 1.0, "threshold": 0.0, "shown": true, "majority": "oval"}}],
        "training": null}}"#
    );
    let new = [
        ("describer.safetensors", weights::save(&net, Precision::Half).unwrap()),
        ("describer.json", card.into_bytes()),
    ];
    let mut files = bundle();
    let manifest = String::from_utf8(files["manifest.json"].0.clone()).unwrap();
    let entry = |(name, bytes): &(&str, Vec<u8>)| {
        format!("\"{name}\": {{\"sha256\": \"{}\", \"bytes\": {}}},", sha256(bytes), bytes.len())
    };
    let entries: String = new.iter().map(entry).collect();
    let manifest = manifest.replace("\"describer.", "\"former-describer.");
    let manifest = manifest.replacen("\"files\": {", &format!("\"files\": {{{entries}"), 1);
    files.insert("manifest.json".into(), Blob(manifest.into_bytes()));
    files.extend(new.map(|(name, bytes)| (name.to_string(), Blob(bytes))));
    files
}

#[wasm_bindgen_test]
async fn a_bundle_with_a_describer_gives_own_images_its_words() {
    startup::ready();
    let (mut session, _) = Session::load(Backend::Cpu, with_describer()).await.unwrap();
    session.open(own(1, "image.jpg", IMAGE, None), |_| ()).await.unwrap();
    for gaze in [vec![], looks(&[(0.79, 0.13)])] {
        let described = session.describe(1, gaze, 0, Modality::Polyp).await.unwrap();
        let source = Source::Distilled("tester".into());
        let said = described.descriptions.iter().find(|d| d.description.source == source).unwrap();
        assert!(said.description.get(Field::Shape).is_some() && said.caveat.as_deref() == Some("Random."));
    }
    let other = session.describe(1, vec![], 0, Modality::SkinLesion).await.unwrap();
    assert!(other.descriptions.iter().all(|d| d.description.source == Source::Measured), "it knows polyps only");

    let mut files = with_describer();
    files.remove("describer.json");
    assert!(Session::load(Backend::Cpu, files).await.is_err_and(|e| e.to_string().contains("describer.json")));
}

#[wasm_bindgen_test]
async fn what_is_no_image_is_refused_by_name_and_the_open_image_stays() {
    let mut session = session().await;
    session.open(own(1, "image.jpg", IMAGE, None), |_| ()).await.unwrap();
    let before = session.look(1, looks(&[(0.5, 0.5)]), &text(&[]), None).await.unwrap().teacher;
    for bytes in [b"only text".as_slice(), &[], &IMAGE[..40]] {
        let error =
            session.open(own(2, "holiday.png", bytes, None), |_| panic!("shown")).await.unwrap_err().to_string();
        assert!(error.starts_with("holiday.png: "), "{error}");
    }
    assert_eq!(session.look(1, looks(&[(0.5, 0.5)]), &text(&[]), None).await.unwrap().teacher, before);
    let error = session.look(2, vec![], &text(&[]), None).await.unwrap_err().to_string();
    assert!(error.contains("not open"), "{error}");
}

#[wasm_bindgen_test]
async fn a_damaged_bundle_names_the_file() {
    startup::ready();
    let mut files = bundle();
    files.get_mut("teacher.safetensors").unwrap().0[200] ^= 1;
    let error = Session::load(Backend::Cpu, files).await.map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("teacher.safetensors") && error.contains("SHA-256"), "{error}");
    let student = bundle().into_keys().find(|name| name.starts_with("students/")).unwrap();
    for name in [student, "phrases.safetensors".into()] {
        let mut files = bundle();
        files.remove(&name);
        let error = Session::load(Backend::Cpu, files).await.map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(&name), "{error}");
    }
    assert!(
        Session::load(Backend::Cpu, Default::default()).await.is_err_and(|e| e.to_string().contains("manifest.json"))
    );
}

#[wasm_bindgen_test]
fn messages_cross_as_transferable_bytes() {
    startup::ready();
    let request = Request::Open(own(7, "image.jpg", IMAGE, Some(MASK)));
    let (value, buffers) = encode(&Envelope { id: 3, body: request }).unwrap();
    assert_eq!(buffers.length(), 2);
    let back = decode::<Request>(value).unwrap();
    let Request::Open(open) = back.body else { panic!("another request") };
    assert_eq!((back.id, open.image, open.file.bytes.0.as_slice()), (3, 7, IMAGE));
    assert!(decode::<Request>(wasm_bindgen::JsValue::from_str("nonsense")).is_err());
}
