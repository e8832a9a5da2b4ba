#![allow(clippy::unwrap_used)]
use burn::tensor::{Device, Tensor, TensorData};

use super::*;
use crate::image::INPUT_SIDE;

fn backbone(device: &Device) -> Backbone {
    let mut backbone = Backbone::new(device);
    weights::load(&mut backbone, weights::BACKBONE.to_vec()).unwrap();
    backbone
}

/// The golden file's input: `(x*7 + y*13 + c*50 + (x*y)%31) % 256`, normalised.
fn golden_input() -> Vec<f32> {
    let mut values = Vec::with_capacity(3 * INPUT_SIDE * INPUT_SIDE);
    for c in 0..3 {
        for y in 0..INPUT_SIDE {
            for x in 0..INPUT_SIDE {
                let v = (x * 7 + y * 13 + c * 50 + (x * y) % 31) % 256;
                values.push((v as f32 - 127.0) / 128.0);
            }
        }
    }
    values
}

#[test]
fn the_backbone_reproduces_the_original_network() {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../../weights/efficientnet-lite0.golden.json")).unwrap();
    let device = Device::flex();
    let input = TensorData::new(golden_input(), [1, 3, INPUT_SIDE, INPUT_SIDE]);
    let pyramid = backbone(&device).forward(Tensor::from_data(input, &device));
    let taps = golden["taps"].as_array().unwrap();
    assert_eq!(taps.len(), 4);
    // How far f16 storage may move a value from the original f32 network, as measured at conversion.
    let original_tolerance = [0.15, 0.15, 0.10, 0.05];
    for (level, tap) in taps.iter().enumerate() {
        let found = pyramid.levels[level].clone().into_data();
        let shape: Vec<u64> = tap["shape"].as_array().unwrap().iter().map(|v| v.as_u64().unwrap()).collect();
        assert_eq!(found.shape().iter().map(|v| *v as u64).collect::<Vec<_>>(), shape);
        let found = found.try_to_vec::<f32>().unwrap();
        let numbers = |list: &serde_json::Value| -> Vec<f64> {
            list.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
        };
        let indices = numbers(&tap["indices"]);
        for (key, tolerance) in [("converted", 2e-3), ("original", original_tolerance[level])] {
            for (index, expected) in indices.iter().zip(numbers(&tap[key]["values"])) {
                let value = f64::from(found[*index as usize]);
                assert!(
                    (value - expected).abs() < tolerance,
                    "{key} tap {level} at {index}: {value} instead of {expected}"
                );
            }
        }
    }
}

#[test]
fn heads_give_one_logit_a_pixel_and_the_gaze_reaches_the_teacher_only() {
    let device = Device::flex();
    let level = |i: usize| Tensor::<4>::ones([2, CHANNELS[i], SIDES[i], SIDES[i]], &device).mul_scalar(0.3);
    let pyramid = Pyramid { levels: [level(0), level(1), level(2), level(3)] };
    let fixation = crate::gaze::Fixation { x: 0.4, y: 0.5, duration_ms: 300.0, start_ms: 0.0 };
    let heat = PromptMaps::of(&crate::gaze::Scanpath { fixations: vec![fixation] });
    let teacher = TeacherHead::new(7, &device);
    let text = PhraseTokens::none(2, &device);
    let silent = teacher.forward(&pyramid, &GazePrompt::new(&[None, None], &device), &text);
    let gazed = teacher.forward(&pyramid, &GazePrompt::new(&[None, Some(&heat)], &device), &text);
    assert_eq!(silent.dims(), [2, 1, TEACHER_SIDE, TEACHER_SIDE]);
    let (silent, gazed) =
        (silent.into_data().try_to_vec::<f32>().unwrap(), gazed.into_data().try_to_vec::<f32>().unwrap());
    let half = TEACHER_SIDE * TEACHER_SIDE;
    assert_eq!(silent[..half], gazed[..half], "an image without gaze answers as before");
    assert_ne!(silent[half..], gazed[half..], "gaze changes the answer");
    assert_eq!(StudentHead::new(7, &device).forward(&pyramid).dims(), [2, 1, STUDENT_SIDE, STUDENT_SIDE]);
}
