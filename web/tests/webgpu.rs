//! The engine on WebGPU, in a worker of a real browser, with the shipped bundle. Without an adapter this test fails: a backend that
//! was not run is not a backend that works.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;

use burn::tensor::{Device, DeviceKind};
use common::{IMAGE, MASK, bundle, bundle_of, folders, looks, own, text};
use fovea_shared::{
    bundle::{Bundle, MANIFEST, Manifest},
    description::Phrase,
    gaze::Scanpath,
    image::decode,
    model::PromptMaps,
    plane::Plane,
    predictor::{GOLDEN_TOLERANCE, Predictor},
};
use fovea_web::{
    engine::session::Session,
    protocol::{Backend, LiveRequest, LiveStart, LiveStep, LiveTarget},
    startup,
};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// A worker can set its WebGPU device up once only, so one test goes the whole road.
#[wasm_bindgen_test]
async fn webgpu_reproduces_the_goldens_and_agrees_with_the_cpu() {
    startup::ready();
    let (first, report) =
        Session::load(Backend::WebGpu, bundle()).await.map_err(|e| format!("no WebGPU: {e}")).unwrap();
    assert!(report.passed && report.max_abs_diff <= GOLDEN_TOLERANCE, "{report:?}");
    assert!(!report.adapter.is_empty());
    // Another domain's model goes on the device that is set up.
    for folder in folders().iter().filter(|folder| *folder != "polyp") {
        let (_, report) = first.replaced(bundle_of(folder)).await.unwrap();
        assert!(report.passed && report.max_abs_diff <= GOLDEN_TOLERANCE, "{folder}: {report:?}");
    }

    learns_as_the_cpu_does(first).await;

    // Another image and other gaze than the goldens hold, logit by logit.
    let mut files: BTreeMap<String, Vec<u8>> = bundle().into_iter().map(|(name, blob)| (name, blob.0)).collect();
    let manifest = Manifest::parse(&files.remove(MANIFEST).unwrap()).unwrap();
    let bundle = Bundle::from_files(manifest, files).unwrap();
    let image = decode(IMAGE).unwrap();
    let heat = PromptMaps::of(&Scanpath { fixations: looks(&[(0.3, 0.6), (0.4, 0.5)]) });
    let gpu = logits(&bundle, &Device::wgpu(DeviceKind::DefaultDevice), &image, &heat).await;
    let cpu = logits(&bundle, &Device::flex(), &image, &heat).await;
    for (gpu, cpu) in gpu.iter().zip(&cpu) {
        let worst = gpu.data.iter().zip(&cpu.data).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst <= GOLDEN_TOLERANCE, "logits differ by {worst}");
    }
}

/// A shader that is wrong backwards is not seen by the goldens, which go forwards only.
async fn learns_as_the_cpu_does(mut gpu: Session) {
    let (mut cpu, _) = Session::load(Backend::Cpu, bundle()).await.unwrap();
    let mut losses = Vec::new();
    for session in [&mut cpu, &mut gpu] {
        session.open(own(1, "image.jpg", IMAGE, Some(MASK)), |_| ()).await.unwrap();
        let start = LiveStart { strategies: "afc+cwc".parse().unwrap(), from: None };
        let request =
            LiveRequest { image: 1, students: vec![start], target: LiveTarget::BroadMask, more: vec![], seed: 7 };
        session.learn(request).await.unwrap();
        let fixations = looks(&[(0.79, 0.13), (0.82, 0.13), (0.79, 0.16)]);
        let mut seen = Vec::new();
        for _ in 0..2 {
            let ask = LiveStep { image: 1, steps: 1, fixations: fixations.clone(), text: text(&[]) };
            let step = session.learn_step(ask).await.unwrap();
            console_log!("{:.0} ms", step.ms);
            let student = &step.students[0];
            seen.extend([student.loss.unwrap(), student.alignment.unwrap()]);
        }
        losses.push(seen);
    }
    let worst = losses[0].iter().zip(&losses[1]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 5e-3, "after a step the losses differ by {worst}: {losses:?}");
}

async fn logits(
    bundle: &Bundle,
    device: &Device,
    image: &fovea_shared::image::RgbImage,
    heat: &PromptMaps,
) -> Vec<Plane> {
    let predictor = Predictor::new(bundle, device).unwrap();
    let embedding = predictor.embed(image).await.unwrap();
    let phrases = bundle.phrases().unwrap();
    let text: Vec<Vec<f32>> = Phrase::all().iter().step_by(7).take(5).map(|p| phrases.token(p)).collect();
    let (read, attention) = predictor.explain(&embedding, Some(heat), &text).await.unwrap();
    assert_eq!(attention.len(), 5);
    let mut planes = vec![
        predictor.teacher(&embedding, None, &[]).await.unwrap(),
        predictor.teacher(&embedding, Some(heat), &[]).await.unwrap(),
        predictor.teacher(&embedding, Some(heat), &text).await.unwrap(),
        read,
    ];
    planes.extend(attention);
    planes.extend(predictor.every_student(&embedding).await.unwrap());
    planes
}
