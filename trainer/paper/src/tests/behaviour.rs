//! What the networks promise beyond numbers.

use burn::tensor::{Device, Tensor};

use fovea_shared::{
    description::EMBEDDING,
    model::{
        MAX_PHRASES, PhraseTokens,
        weights::{self, Precision},
    },
};

use super::{golden::formula, small};
use crate::{PaperStudent, PaperTeacher, TextTokens, lesion_logits};

fn values<const D: usize>(x: Tensor<D>) -> Vec<f32> {
    x.into_data().try_to_vec().unwrap()
}

#[test]
fn the_teacher_reads_its_phrases_and_nothing_in_empty_places() {
    let device = Device::flex();
    let teacher = PaperTeacher::new(&small(32, EMBEDDING), 7, &device);
    let image = formula("image", [1, 3, 32, 32], 1.7, &device);
    let phrase = |at: usize| (0..EMBEDDING).map(|i| if i == at { 1.0 } else { 0.0 }).collect::<Vec<f32>>();
    let look = |text: &TextTokens| values(teacher.forward(image.clone(), text).logits);
    let tokens = |phrases: Vec<Vec<f32>>| TextTokens::from(&PhraseTokens::new(&[phrases], &device));
    let two = tokens(vec![phrase(3), phrase(70)]);
    let read = look(&two);
    assert_ne!(read, look(&tokens(vec![phrase(3), phrase(71)])), "another phrase, another answer");
    let order = look(&tokens(vec![phrase(70), phrase(3)]));
    let far = read.iter().zip(&order).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(far < 1e-5, "the order of the phrases moves the answer by {far}");
    let noise = formula("noise", [1, MAX_PHRASES, EMBEDDING], 5.0, &device);
    let places = two.bias.clone().swap_dims(1, 2).div_scalar(-1e4);
    let filled = TextTokens { values: two.values.clone() + noise * places, bias: two.bias.clone() };
    assert_eq!(read, look(&filled), "what lies in an empty place is not read");
    let silent = look(&TextTokens::from(&PhraseTokens::none(1, &device)));
    assert!(silent.iter().all(|v| v.is_finite()));
    assert_ne!(silent, read);
}

#[test]
fn a_seed_is_a_network_and_its_weights_survive_a_file() {
    let device = Device::flex();
    let config = small(32, 12);
    let bytes = |seed| {
        let teacher = weights::save(&PaperTeacher::new(&config, seed, &device), Precision::Full).unwrap();
        (teacher, weights::save(&PaperStudent::new(&config, seed, &device), Precision::Full).unwrap())
    };
    let (teacher, student) = bytes(3);
    assert_eq!((teacher.clone(), student.clone()), bytes(3));
    assert!((teacher.clone(), student.clone()) != bytes(4));
    let mut other = PaperTeacher::new(&config, 4, &device);
    weights::load(&mut other, teacher.clone()).unwrap();
    assert_eq!(weights::save(&other, Precision::Full).unwrap(), teacher);
    let error = weights::load(&mut other, student).unwrap_err().to_string();
    assert!(error.contains("unet.down.0.first.conv.weight"), "{error}");
}

/// The spreads that PyTorch's defaults have, for one tensor of each kind.
#[test]
fn weights_start_as_pytorch_draws_them() {
    let config = small(64, 12);
    let bytes = weights::save(&PaperTeacher::new(&config, 3, &Device::flex()), Precision::Full).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let read = |name: &str| -> Vec<f32> {
        let data = file.tensor(name).unwrap().data();
        data.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
    };
    let sd = |v: &[f32]| (v.iter().map(|x| x * x).sum::<f32>() / v.len() as f32).sqrt();
    let uniform = |name: &str, bound: f32| {
        let values = read(name);
        assert!(values.iter().all(|v| v.abs() <= bound), "{name}");
        if values.len() > 200 {
            let ratio = sd(&values) / (bound / 3f32.sqrt());
            assert!((0.9..1.1).contains(&ratio), "{name}: {ratio}");
        } else {
            assert!(sd(&values) > 0.2 * bound, "{name}");
        }
    };
    // fan_in: 32 channels, 3x3; 20 output channels, 2x2; 40; three stacked matrices of 40; 12 of the text.
    uniform("unet.down.3.first.conv.weight", (32.0 * 9.0f32).sqrt().recip());
    uniform("unet.down.3.first.conv.bias", (32.0 * 9.0f32).sqrt().recip());
    uniform("unet.up.0.up.weight", (20.0 * 4.0f32).sqrt().recip());
    uniform("fusion.3.output.weight", 40f32.sqrt().recip());
    uniform("fusion.3.query.weight", (6.0 / 160.0f32).sqrt());
    uniform("fusion.3.read.weight", 12f32.sqrt().recip());
    uniform("fusion.3.read.bias", 12f32.sqrt().recip());
    let position = sd(&read("fusion.0.position"));
    assert!((0.019..0.021).contains(&position), "{position}");
    for (name, value) in
        [("fusion.0.query.bias", 0.0), ("fusion.0.output.bias", 0.0), ("project.0.first.norm.gamma", 1.0)]
    {
        assert!(read(name).iter().all(|v| *v == value), "{name}");
    }
}

#[test]
fn the_lesion_is_channel_one() {
    let device = Device::flex();
    let logits = Tensor::<4>::from_floats([[[[1.0, 2.0]], [[-3.0, 4.0]]], [[[5.0, 6.0]], [[7.0, -8.0]]]], &device);
    assert_eq!(values(lesion_logits(logits)), [-3.0, 4.0, 7.0, -8.0]);
}
