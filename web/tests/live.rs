//! Students that learn in a worker of a real browser, on the CPU.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

mod common;

use common::{IMAGE, MASK, bundle, looks, own, text};
use fovea_shared::distill::Strategies;
use fovea_web::{
    engine::session::Session,
    protocol::{Backend, Envelope, LiveRequest, LiveStart, LiveStep, LiveTarget, Request, decode, encode},
    startup,
};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// A crossing of the worker's border and back.
fn sent(body: Request) -> Request {
    let (value, _) = encode(&Envelope { id: 1, body }).unwrap();
    decode::<Request>(value).unwrap().body
}

#[wasm_bindgen_test]
async fn two_students_race_from_fresh_weights_and_learn_from_gaze() {
    startup::ready();
    let (mut session, _) = Session::load(Backend::Cpu, bundle()).await.unwrap();
    session.open(own(1, "image.jpg", IMAGE, Some(MASK)), |_| ()).await.unwrap();
    let fresh = |strategies| LiveStart { strategies, from: None };
    let students = vec![fresh(Strategies::default()), fresh(Strategies::ALL)];
    let request = LiveRequest { image: 1, students, target: LiveTarget::BroadMask, more: vec![], seed: 7 };
    let Request::Learn(request) = sent(Request::Learn(request)) else { panic!("another request") };
    let before = session.learn(request).await.unwrap();
    let fixations = looks(&[(0.79, 0.13), (0.82, 0.13), (0.79, 0.16)]);
    let ask = LiveStep { image: 1, steps: 1, fixations, text: text(&[("location", "upper_right")]) };
    let mut last = None;
    for _ in 0..8 {
        let Request::LearnStep(ask) = sent(Request::LearnStep(ask.clone())) else { panic!("another request") };
        let now = session.learn_step(ask).await.unwrap();
        let dice: Vec<f32> = now.students.iter().map(|s| s.outline.dice.unwrap()).collect();
        console_log!("step {}: Dice {dice:.3?}, {:.0} ms", now.step, now.ms);
        last = Some(now);
    }
    let last = last.unwrap();
    assert_eq!(last.step, 8);
    for (student, before) in last.students.iter().zip(&before.students) {
        assert!(student.outline.dice.unwrap() > before.outline.dice.unwrap() + 0.2);
        assert!(student.loss.is_some_and(f32::is_finite));
    }
    assert_eq!(last.students[1].inside.cosine.len(), 3);
    assert!(session.learn_step(LiveStep { image: 2, ..ask }).await.is_err_and(|e| e.to_string().contains("not open")));
}
