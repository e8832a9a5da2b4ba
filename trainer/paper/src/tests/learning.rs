//! Both networks learn two phantoms by heart, with the released optimiser, and learn them the same way twice.

use burn::{
    module::Module,
    optim::{GradientsParams, SgdConfig, decay::WeightDecayConfig, momentum::MomentumConfig},
    tensor::{Device, Tensor, TensorData, activation::sigmoid},
};

use fovea_phantom::polyp;
use fovea_shared::{
    distill::{stack, weighted_bce},
    image::{normalise, resize_plane, resize_rgb},
};

use super::{golden::formula, small};
use crate::{PaperStudent, PaperTeacher, TextTokens, lesion_logits};

const SIDE: usize = 32;
const TEXT: usize = 12;
const IMAGES: usize = 2;
const STEPS: usize = 150;

/// Images and masks of two phantoms. Only here do masks teach: the question is whether the networks can learn at all.
fn phantoms(device: &Device) -> (Tensor<4>, Tensor<4>) {
    let drawn = [3, 5].map(|seed| polyp(seed, 128, 128));
    let images: Vec<f32> = drawn.iter().flat_map(|p| normalise(&resize_rgb(&p.image, SIDE, SIDE))).collect();
    let masks = drawn.map(|p| resize_plane(&p.mask.to_plane(), SIDE, SIDE).at_least(0.5).to_plane());
    let images = Tensor::from_data(TensorData::new(images, [IMAGES, 3, SIDE, SIDE]), device);
    (images, stack(&masks.each_ref(), device))
}

/// Dice of `sigmoid(logits) > .5`, one an image.
fn dice(logits: Tensor<4>, masks: &Tensor<4>) -> Vec<f32> {
    let found = sigmoid(logits).greater_elem(0.5).float();
    let both = (found.clone() * masks.clone()).sum_dim(1).sum_dim(2).sum_dim(3);
    let sum = (found + masks.clone()).sum_dim(1).sum_dim(2).sum_dim(3);
    (both.mul_scalar(2.0) / sum).into_data().try_to_vec().unwrap()
}

/// `1 - cos` over channels, mean over places and stages: enough of AFC to train the adapters.
fn misalignment(student: &[Tensor<4>; 4], teacher: &[Tensor<4>; 4]) -> Tensor<1> {
    let level = |s: &Tensor<4>, t: &Tensor<4>| {
        let t = t.clone().detach();
        let length = |x: Tensor<4>| x.square().sum_dim(1).add_scalar(1e-6).sqrt();
        let cosine = (s.clone() * t.clone()).sum_dim(1) / (length(s.clone()) * length(t));
        cosine.mean().neg().add_scalar(1.0)
    };
    let levels = student.iter().zip(teacher).map(|(s, t)| level(s, t));
    levels.reduce(|a, b| a + b).unwrap().div_scalar(4.0)
}

/// Losses of the first and the last step, and the trained networks.
struct Trained {
    teacher: PaperTeacher,
    student: PaperStudent,
    losses: Vec<[f32; 3]>,
}

fn train(steps: usize) -> Trained {
    let plain = Device::flex();
    let device = plain.clone().autodiff();
    let (images, masks) = phantoms(&plain);
    let (images, masks) = (Tensor::from_inner(images), Tensor::from_inner(masks));
    let text = text(&plain).tracked();
    let config = small(SIDE, TEXT);
    let mut teacher = PaperTeacher::new(&config, 1, &device);
    let mut student = PaperStudent::new(&config, 2, &device);
    let released = SgdConfig::new()
        .with_weight_decay(Some(WeightDecayConfig::new(4e-4)))
        .with_momentum(Some(MomentumConfig::new().with_momentum(0.9).with_dampening(0.0).with_nesterov(true)));
    let (mut sgd_teacher, mut sgd_student) = (released.init(), released.init());
    let mut losses = Vec::new();
    for _ in 0..steps {
        let guide = teacher.forward(images.clone(), &text);
        let pupil = student.forward(images.clone());
        let everywhere = masks.ones_like();
        let taught = weighted_bce(lesion_logits(guide.logits), masks.clone(), everywhere.clone());
        let learnt = weighted_bce(lesion_logits(pupil.logits), masks.clone(), everywhere);
        let apart = misalignment(&pupil.features, &guide.features);
        losses.push([&taught, &learnt, &apart].map(|x| x.clone().into_data().try_to_vec::<f32>().unwrap()[0]));
        let mut gradients = (taught + learnt + apart.mul_scalar(0.1)).backward();
        let own = GradientsParams::from_module(&mut gradients, &teacher);
        teacher = sgd_teacher.step(1e-2, teacher, own);
        let own = GradientsParams::from_module(&mut gradients, &student);
        student = sgd_student.step(1e-2, student, own);
    }
    Trained { teacher: teacher.valid(), student: student.valid(), losses }
}

fn text(device: &Device) -> TextTokens {
    TextTokens { values: formula("text", [IMAGES, 3, TEXT], 1.7, device), bias: Tensor::zeros([IMAGES, 1, 3], device) }
}

#[test]
fn both_networks_learn_two_phantoms_by_heart() {
    let plain = Device::flex();
    let (images, masks) = phantoms(&plain);
    let trained = train(STEPS);
    println!("losses {:?} -> {:?}", trained.losses[0], trained.losses[STEPS - 1]);
    let teacher = dice(lesion_logits(trained.teacher.forward(images.clone(), &text(&plain)).logits), &masks);
    let student = dice(lesion_logits(trained.student.logits(images)), &masks);
    println!("Dice teacher {teacher:?}, student {student:?}");
    assert!(teacher.iter().chain(&student).all(|dice| *dice > 0.9));
    assert!(trained.losses[STEPS - 1][2] < 0.8 * trained.losses[0][2], "the student's features follow the teacher's");
}

#[test]
fn a_training_is_the_same_twice() {
    let (first, second) = (train(6), train(6));
    assert_eq!(first.losses, second.losses);
    let (images, _) = phantoms(&Device::flex());
    assert_eq!(first.student.logits(images.clone()).into_data(), second.student.logits(images).into_data());
}
