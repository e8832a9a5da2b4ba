#![allow(clippy::unwrap_used)]

use burn::tensor::Device;
use fovea_shared::{
    distill::Strategies,
    model::{Backbone, StudentHead, TeacherHead, weights},
    predictor::NamedStudent,
};

use super::*;

fn predictor() -> Predictor {
    let device = Device::flex();
    let mut backbone = Backbone::new(&device);
    weights::load(&mut backbone, weights::BACKBONE.to_vec()).unwrap();
    let student = NamedStudent { name: "s".into(), head: StudentHead::new(1, &device), adapters: None };
    Predictor::from_parts(backbone, TeacherHead::new(1, &device), vec![student], &device)
}

/// Two learners, one of them with adapters, on a picture that is looked at.
async fn learning(predictor: &Predictor) -> Live {
    let colour = |i: usize| [(i % 64) as u8 * 3, (i / 64) as u8 * 3, 90];
    let image = RgbImage::from_raw(64, 64, (0..64 * 64).flat_map(colour).collect()).unwrap();
    let input = fovea_shared::image::to_input(&image);
    let embedding = predictor.embed_input(input.clone()).await.unwrap();
    let small = fovea_shared::image::resize_rgb(&image, 112, 112);
    let afc = Strategies { afc: true, ..Strategies::default() };
    let students = [Strategies::default(), afc].map(|strategies| LiveStart { strategies, from: None }).to_vec();
    let request = LiveRequest { image: 1, students, target: LiveTarget::HeatMap, more: vec![], seed: 7 };
    let lessons = vec![Lesson::new(embedding, input, small)];
    let mut live = Live::new(predictor, &request, PseudoMaskParams::default(), lessons).unwrap();
    live.tell(predictor, 0, &[Fixation { x: 0.5, y: 0.5, duration_ms: 400.0, start_ms: 0.0 }], &[]).await.unwrap();
    live
}

async fn outlines(live: &Live) -> Vec<(String, Option<f32>)> {
    let (_, seen) = live.seen((64, 64), None).await.unwrap();
    seen.into_iter().map(|one| (one.outline.hash, one.loss)).collect()
}

/// Multiplies the weight of every pixel of the target.
fn weigh(live: &mut Live, factor: f32) {
    let batch = &mut live.lessons[0].told.as_mut().unwrap().batch;
    let Supervision::Student(student) = &mut batch.supervision else { panic!("no student") };
    student.target.weight = student.target.weight.clone() * factor;
}

#[test]
fn a_step_that_is_not_finite_is_taken_back_and_the_students_stay() {
    let predictor = predictor();
    pollster::block_on(async {
        let mut live = learning(&predictor).await;
        live.learn(1).await.unwrap();
        let before = outlines(&live).await;
        assert!(before.iter().all(|(_, loss)| loss.is_some_and(f32::is_finite)));

        let good = live.lessons[0].told.as_ref().unwrap().batch.clone();
        weigh(&mut live, f32::NAN);
        let why = live.learn(3).await.unwrap_err().to_string();
        assert!(why.contains("Step 2") && why.contains("not finite"), "{why}");
        assert_eq!((live.step(), outlines(&live).await), (1, before), "the last good students are shown");

        live.lessons[0].told.as_mut().unwrap().batch = good;
        live.learn(1).await.unwrap();
        assert_eq!(live.step(), 2, "and they can learn on");
    });
}

#[test]
fn what_there_is_to_learn_from_must_be_finite() {
    let predictor = predictor();
    pollster::block_on(async {
        let mut live = learning(&predictor).await;
        let nan = vec![vec![f32::NAN; 384]];
        let looks = live.lessons[0].told.as_ref().unwrap().fixations.clone();
        let why = live.tell(&predictor, 0, &looks, &nan).await.unwrap_err().to_string();
        assert!(why.contains("the words"), "{why}");
        // What was told before stays.
        live.learn(1).await.unwrap();
    });
}
