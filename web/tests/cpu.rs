//! The engine on the CPU, in a worker of a real browser, with the shipped bundle.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

mod common;

use common::{IMAGE, MASK, bundle, looks, own};
use fovea_shared::predictor::GOLDEN_TOLERANCE;
use fovea_web::{
    engine::session::Session,
    protocol::{Backend, Request, decode, encode},
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
async fn gaze_moves_the_teacher_and_taking_it_back_restores_the_mask() {
    let mut session = session().await;
    let mut picture = None;
    let opened = session.open(own(1, "image.jpg", IMAGE, Some(MASK)), |p| picture = Some(p)).await.unwrap();
    let picture = picture.unwrap();
    assert_eq!((picture.native, picture.shown, picture.rgba.0.len()), ((320, 256), (320, 256), 320 * 256 * 4));
    assert!(opened.student.dice.is_some() && opened.truth.is_some());

    let without = session.look(1, vec![]).await.unwrap();
    assert!(without.heat.is_none());
    let on_lesion = session.look(1, looks(&[(0.79, 0.13), (0.82, 0.13), (0.79, 0.16)])).await.unwrap();
    let elsewhere = session.look(1, looks(&[(0.1, 0.85), (0.08, 0.85), (0.1, 0.88)])).await.unwrap();
    assert_ne!(on_lesion.teacher.hash, elsewhere.teacher.hash, "gaze must move the teacher's mask");
    assert!(on_lesion.teacher.dice > elsewhere.teacher.dice, "looking at the lesion must help to outline it");
    let again = session.look(1, vec![]).await.unwrap();
    assert_eq!(again.teacher, without.teacher);

    assert_eq!(on_lesion.heat.unwrap().values.0.iter().max(), Some(&255));
    let gaze = session.masks(1, looks(&[(0.5, 0.5), (0.52, 0.48)])).unwrap();
    assert!(gaze.high_confidence.area > 0 && gaze.high_confidence.area <= gaze.broad.area);
    assert!(gaze.background.area > 0);
}

#[wasm_bindgen_test]
async fn what_is_no_image_is_refused_by_name_and_the_open_image_stays() {
    let mut session = session().await;
    session.open(own(1, "image.jpg", IMAGE, None), |_| ()).await.unwrap();
    let before = session.look(1, looks(&[(0.5, 0.5)])).await.unwrap().teacher;
    for bytes in [b"only text".as_slice(), &[], &IMAGE[..40]] {
        let error = session.open(own(2, "holiday.png", bytes, None), |_| panic!("shown")).await.unwrap_err();
        assert!(error.starts_with("holiday.png: "), "{error}");
    }
    assert_eq!(session.look(1, looks(&[(0.5, 0.5)])).await.unwrap().teacher, before);
    let error = session.look(2, vec![]).await.unwrap_err();
    assert!(error.contains("not open"), "{error}");
}

#[wasm_bindgen_test]
async fn a_damaged_bundle_names_the_file() {
    startup::ready();
    let mut files = bundle();
    files.get_mut("teacher.safetensors").unwrap().0[200] ^= 1;
    let error = Session::load(Backend::Cpu, files).await.map(|_| ()).unwrap_err();
    assert!(error.contains("teacher.safetensors") && error.contains("SHA-256"), "{error}");
    let mut files = bundle();
    files.remove("student.safetensors");
    let error = Session::load(Backend::Cpu, files).await.map(|_| ()).unwrap_err();
    assert!(error.contains("student.safetensors"), "{error}");
    assert!(Session::load(Backend::Cpu, Default::default()).await.is_err_and(|e| e.contains("manifest.json")));
}

#[wasm_bindgen_test]
fn messages_cross_as_transferable_bytes() {
    startup::ready();
    let request = Request::Open(own(7, "image.jpg", IMAGE, Some(MASK)));
    let (value, buffers) = encode(&fovea_web::protocol::Envelope { id: 3, body: request }).unwrap();
    assert_eq!(buffers.length(), 2);
    let back = decode::<Request>(value).unwrap();
    let Request::Open(open) = back.body else { panic!("another request") };
    assert_eq!((back.id, open.image, open.file.bytes.0.as_slice()), (3, 7, IMAGE));
    assert!(decode::<Request>(wasm_bindgen::JsValue::from_str("nonsense")).is_err());
}
