#![allow(clippy::unwrap_used)]
use burn::{module::Module, tensor::Tolerance};

mod alignment;
mod consistency;
mod finite;
mod masking;
mod strategies;
mod two_level;

use super::*;
use crate::{
    description::EMBEDDING,
    gaze::{Fixation, Scanpath},
    image::RgbImage,
    model::{
        CHANNELS, GazePrompt, MAX_PHRASES, PhraseTokens, Pyramid, SIDES, STUDENT_SIDE, TEACHER_SIDE,
        weights::{self, Precision},
    },
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};

pub(super) fn device() -> Device {
    Device::flex()
}

/// What a step takes of an image, for either learner.
#[derive(Clone)]
pub(super) struct ToyBatch {
    pub(super) features: Pyramid,
    pub(super) teacher: TeacherSupervision,
    pub(super) student: StudentSupervision,
}

impl ToyBatch {
    /// The same image with a description of two phrases.
    pub(super) fn described(mut self) -> Self {
        self.teacher.input.text = Some(two_phrases());
        self.student.advice = Some(self.teacher.input.clone());
        self
    }

    /// The batch for a learner.
    pub(super) fn of(&self, learner: Learner) -> Batch {
        let (teacher, student) = (Box::new(self.teacher.clone()), Box::new(self.student.clone()));
        let supervision = match learner {
            Learner::Teacher => Supervision::Teacher(teacher),
            Learner::Student => Supervision::Student(student),
            Learner::Both => Supervision::Both(teacher, student),
        };
        Batch { features: self.features.clone(), dropout: None, supervision }
    }
}

/// Features and targets that a head can learn: a bright square in every level, the same square as the target.
pub(super) fn toy_batch() -> ToyBatch {
    let device = device();
    let square = |side: usize, x: usize, y: usize| (x * 4 / side).is_multiple_of(3) && y * 2 / side == 1;
    let plane = |side: usize| {
        Plane::from_vec(
            side,
            side,
            (0..side * side).map(|i| if square(side, i % side, i / side) { 1.0 } else { 0.0 }).collect(),
        )
    };
    let level = |l: usize| {
        let (channels, side) = (CHANNELS[l], SIDES[l]);
        let base = plane(side);
        let values: Vec<f32> =
            (0..channels).flat_map(|c| base.data.iter().map(move |v| (v - 0.5) * (1.0 + (c % 3) as f32))).collect();
        Tensor::from_data(TensorData::new(values, [1, channels, side, side]), &device)
    };
    let target = |side: usize| WeightedTarget {
        value: stack(&[&plane(side)], &device),
        weight: stack(&[&Plane::filled(side, side, 1.0)], &device),
    };
    let input = TeacherInput { prompt: GazePrompt::new(&[None], &device), text: None };
    ToyBatch {
        features: Pyramid { levels: [level(0), level(1), level(2), level(3)] },
        teacher: TeacherSupervision { input: input.clone(), target: target(TEACHER_SIDE) },
        student: StudentSupervision { advice: Some(input), ..StudentSupervision::plain(target(STUDENT_SIDE)) },
    }
}

/// A step after every ramp and warm-up.
fn step(distiller: &mut Distiller, batch: &ToyBatch, learner: Learner, rate: f64) -> StepLosses {
    pollster::block_on(distiller.step(&batch.of(learner), StepContext::late(rate, 5))).unwrap().losses
}

pub(super) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec::<f32>().unwrap()
}

/// Every weight, bit for bit.
pub(super) fn bits<M: Module>(module: &M) -> Vec<u8> {
    weights::save(module, Precision::Full).unwrap()
}

fn value(loss: Option<Tensor<1>>) -> f32 {
    loss.unwrap().into_data().try_to_vec::<f32>().unwrap()[0]
}

#[test]
fn both_heads_learn_a_toy_case() {
    let mut distiller = Distiller::new(DistillConfig::default(), 3, &device());
    let batch = toy_batch();
    let first = step(&mut distiller, &batch, Learner::Both, 5e-3);
    let (teacher, student) = (value(first.teacher), value(first.student));
    let mut last = StepLosses::default();
    for _ in 0..12 {
        last = step(&mut distiller, &batch, Learner::Both, 5e-3);
    }
    assert!(value(last.teacher) < 0.5 * teacher, "the teacher did not learn");
    assert!(value(last.student) < 0.7 * student, "the student did not learn");
    assert_eq!(distiller.student.steps, 13);
}

#[test]
fn each_learner_leaves_the_other_alone_bit_for_bit() {
    let bytes = |d: &Distiller| {
        (
            weights::save(d.teacher.head(), Precision::Full).unwrap(),
            weights::save(d.student.head(), Precision::Full).unwrap(),
        )
    };
    let mut distiller = Distiller::new(DistillConfig::default(), 3, &device());
    let batch = toy_batch();
    let before = bytes(&distiller);
    step(&mut distiller, &batch, Learner::Teacher, 1e-2);
    let between = bytes(&distiller);
    assert_ne!(before.0, between.0);
    assert_eq!(before.1, between.1);
    step(&mut distiller, &batch, Learner::Student, 1e-2);
    let after = bytes(&distiller);
    assert_eq!(between.0, after.0);
    assert_ne!(between.1, after.1);
}

#[test]
fn training_both_equals_training_each_alone() {
    let batch = toy_batch();
    let run = |learners: &[Learner]| {
        let mut distiller = Distiller::new(DistillConfig::default(), 9, &device());
        for learner in learners {
            step(&mut distiller, &batch, *learner, 1e-3);
        }
        (
            weights::save(&distiller.teacher.average, Precision::Full).unwrap(),
            weights::save(&distiller.student.average, Precision::Full).unwrap(),
        )
    };
    assert_eq!(
        run(&[Learner::Both, Learner::Both]),
        run(&[Learner::Teacher, Learner::Student, Learner::Student, Learner::Teacher])
    );
}

#[test]
fn one_seed_is_one_network_and_another_seed_another() {
    let bytes = |seed| weights::save(&StudentHead::new(seed, &device()), Precision::Full).unwrap();
    assert_eq!(bytes(4), bytes(4));
    assert_ne!(bytes(4), bytes(5));
}

#[test]
fn saved_heads_load_and_foreign_weights_are_refused() {
    let device = device();
    let head = StudentHead::new(1, &device);
    let bytes = weights::save(&head, Precision::Full).unwrap();
    let mut other = StudentHead::new(2, &device);
    weights::load(&mut other, bytes.clone()).unwrap();
    assert_eq!(weights::save(&other, Precision::Full).unwrap(), bytes);
    let mut teacher = TeacherHead::new(1, &device);
    let refusal = weights::load(&mut teacher, bytes).unwrap_err().to_string();
    assert!(refusal.contains("conv.weight"), "{refusal}");
    assert!(weights::load(&mut other, b"nothing".to_vec()).is_err());
}

#[test]
fn cross_entropy_matches_its_definition_and_ignores_uncounted_pixels() {
    let device = device();
    let tensor = |v: [f32; 4]| Tensor::<4>::from_data(TensorData::new(v.to_vec(), [1, 1, 2, 2]), &device);
    let (x, t, w) = ([2.0f32, -1.0, 80.0, -80.0], [1.0f32, 0.25, 0.0, 0.0], [1.0f32, 1.0, 0.0, 1.0]);
    let p = |x: f64| 1.0 / (1.0 + (-x).exp());
    let bce = |x: f32, t: f32| {
        let (p, t) = (p(f64::from(x)), f64::from(t));
        -(t * p.ln() + (1.0 - t) * (1.0 - p).ln())
    };
    let expected = (bce(x[0], t[0]) + bce(x[1], t[1]) + 0.0) / 3.0;
    let found = weighted_bce(tensor(x), tensor(t), tensor(w)).into_data();
    found.assert_approx_eq::<f32>(&TensorData::from([expected as f32]), Tolerance::absolute(1e-6));
    let nothing = weighted_bce(tensor(x), tensor(t), tensor([0.0; 4])).into_data().try_to_vec::<f32>().unwrap();
    assert_eq!(nothing, vec![0.0]);
}

#[test]
fn uncounted_pixels_give_no_gradient() {
    let device = device().autodiff();
    let tensor = |v: [f32; 4]| Tensor::<4>::from_data(TensorData::new(v.to_vec(), [1, 1, 2, 2]), &device);
    let x = tensor([0.3, -0.2, 1.0, 2.0]).require_grad();
    let (t, w) = (tensor([1.0, 0.0, 1.0, 0.0]), tensor([1.0, 0.0, 0.0, 1.0]));
    let loss = weighted_bce(x.clone(), t.clone(), w.clone()) + soft_dice(x.clone(), t, w);
    let gradient = x.grad(&loss.backward()).unwrap().into_data().try_to_vec::<f32>().unwrap();
    assert!(gradient[0] < 0.0 && gradient[3] > 0.0);
    assert_eq!((gradient[1], gradient[2]), (0.0, 0.0));
}

#[test]
fn soft_dice_is_zero_for_agreement_and_near_one_for_disagreement() {
    let device = device();
    let logits = |v: f32| Tensor::<4>::full([2, 1, 8, 8], v, &device);
    let ones = Tensor::<4>::ones([2, 1, 8, 8], &device);
    let dice = |l: f32, t: f32| value(Some(soft_dice(logits(l), ones.clone().mul_scalar(t), ones.clone())));
    assert!(dice(50.0, 1.0).abs() < 1e-5);
    assert!(dice(-50.0, 0.0).abs() < 1e-5);
    assert!(dice(-50.0, 1.0) > 0.95);
}

#[test]
fn a_heads_loss_is_cross_entropy_plus_the_weighted_soft_dice() {
    let (plain, graph) = (device(), device().autodiff());
    let tensor =
        |v: [f32; 4], device: &Device| Tensor::<4>::from_data(TensorData::new(v.to_vec(), [1, 1, 2, 2]), device);
    let (x, t, w) = ([2.0f32, -1.0, 0.5, -3.0], [1.0f32, 0.25, 0.0, 0.0], [1.0f32, 1.0, 0.0, 1.0]);
    let parts = || (tensor(x, &plain), tensor(t, &plain), tensor(w, &plain));
    let of = |part: fn(Tensor<4>, Tensor<4>, Tensor<4>) -> Tensor<1>| {
        let (x, t, w) = parts();
        value(Some(part(x, t, w)))
    };
    let (cross_entropy, soft) = (of(weighted_bce), of(soft_dice));
    assert!(cross_entropy > 0.1 && soft > 0.1, "{cross_entropy} {soft}: both count");
    for dice in [0.0, 0.5, 2.0] {
        let (_, t, w) = parts();
        let found = value(Some(head_loss(tensor(x, &graph), t, w, dice).inner()));
        let expected = cross_entropy + dice as f32 * soft;
        assert!((found - expected).abs() < 1e-5, "{dice}: {found} and not {expected}");
    }
}

#[test]
fn the_term_of_afc_is_its_weight_times_the_distance_of_the_features() {
    let graph = device().autodiff();
    let map = |v: [f32; 4]| Tensor::<4>::from_data(TensorData::new(v.to_vec(), [1, 2, 1, 2]), &graph);
    let (student, advised) = ([map([1.0, 0.0, 0.0, 2.0])], [map([1.0, 1.0, 1.0, 0.0])]);
    for weight in [0.25, 3.0] {
        let mut report = StepReport::default();
        let term = value(Some(aligned(&student, &advised, weight, &mut report).inner()));
        let distance = value(report.losses.alignment);
        assert!(distance > 0.1, "{distance}");
        assert!((term - weight as f32 * distance).abs() < 1e-6, "{weight}: {term} {distance}");
    }
}

#[test]
fn targets_come_from_gaze_and_stay_in_range() {
    let image = RgbImage::from_fn(120, 90, |x, y| {
        let inside = (f64::from(x) - 60.0).hypot(f64::from(y) - 45.0) < 20.0;
        image::Rgb(if inside { [200, 90, 80] } else { [120, 40, 40] })
    });
    let fixations = [(0.5, 0.5), (0.45, 0.55), (0.55, 0.45)]
        .map(|(x, y)| Fixation { x, y, duration_ms: 300.0, start_ms: 0.0 })
        .to_vec();
    let params = PseudoMaskParams::default();
    let masks = pseudo_masks(&image, &Scanpath { fixations }, &params);
    for kind in [TeacherTarget::Partial, TeacherTarget::FullBce, TeacherTarget::Refined] {
        let target = teacher_target(&masks, kind, TEACHER_SIDE);
        assert_eq!(target.value.data.len(), TEACHER_SIDE * TEACHER_SIDE);
        assert!(target.value.data.iter().all(|v| (0.0..=1.0).contains(v)));
        assert!(target.weight.data.iter().all(|w| *w == 0.0 || *w == 1.0));
        assert!(target.value.max() > 0.5, "{kind:?} has no lesion");
    }
    let partial = teacher_target(&masks, TeacherTarget::Partial, TEACHER_SIDE);
    assert!(partial.weight.data.contains(&0.0), "nothing is uncertain");
    let confident = Plane::filled(TEACHER_SIDE, TEACHER_SIDE, 1.0);
    let relabelled = relabelled_target(&confident, &masks);
    assert_eq!(relabelled.value.at(0, 0), 0.0, "background by gaze stays background");
    assert!(relabelled.value.max() > 0.99);
    assert!(broad_target(&masks, STUDENT_SIDE).value.max() > 0.99);
    // The heat map as it is, cut at the broad level; the region in doubt is its own too.
    let heat = told_masks(&masks, StudentTarget::HeatMap, &params);
    let cut = full_target(&masks.heat.at_least(params.broad), STUDENT_SIDE);
    assert_eq!(broad_target(&heat, STUDENT_SIDE).value, cut.value);
    assert_ne!(cut.value, broad_target(&masks, STUDENT_SIDE).value);
    assert_ne!(heat.disputed(), masks.disputed());
    assert_eq!(*told_masks(&masks, StudentTarget::Teacher, &params), masks);
}

/// Two phrases that differ in every number.
pub(super) fn two_phrases() -> PhraseTokens {
    let token = |sign: f32| (0..EMBEDDING).map(|i| sign * ((i * 7 % 11) as f32 - 5.0) / 60.0).collect::<Vec<f32>>();
    PhraseTokens::new(&[vec![token(1.0), token(-1.0)]], &device())
}

#[test]
fn grounding_draws_attention_to_the_target() {
    let config = DistillConfig { grounding: 1.0, ..DistillConfig::default() };
    let mut distiller = Distiller::new(config, 3, &device());
    let batch = toy_batch().described();
    let attended = |d: &Distiller| {
        let look = d.teacher.head().valid().output(
            &batch.features,
            &batch.teacher.input.prompt,
            batch.teacher.input.text.as_ref().unwrap(),
        );
        let attention = values(look.attention[0].clone());
        let target = values(crate::model::layers::halve(batch.teacher.target.value.clone()));
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for (row, target) in attention.chunks_exact(MAX_PHRASES + 1).zip(target) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-4, "attention sums to one");
            assert_eq!(row[2..MAX_PHRASES].iter().sum::<f32>(), 0.0, "nobody attends to phrases that are not there");
            if target > 0.5 { inside.push(1.0 - row[MAX_PHRASES]) } else { outside.push(1.0 - row[MAX_PHRASES]) }
        }
        inside.iter().sum::<f32>() / inside.len() as f32 - outside.iter().sum::<f32>() / outside.len() as f32
    };
    let before = attended(&distiller);
    for _ in 0..30 {
        step(&mut distiller, &batch, Learner::Teacher, 5e-3);
    }
    let after = attended(&distiller);
    assert!(after > before + 0.3, "{before} -> {after}");
}

#[test]
fn text_reaches_a_trained_teacher_and_absent_text_is_no_text() {
    let mut distiller = Distiller::new(DistillConfig::default(), 3, &device());
    let batch = toy_batch().described();
    for _ in 0..3 {
        step(&mut distiller, &batch, Learner::Teacher, 5e-3);
    }
    let head = distiller.teacher.head().valid();
    let ask = |text: &PhraseTokens| {
        let logits = head.forward(&batch.features, &batch.teacher.input.prompt, text);
        logits.into_data().try_to_vec::<f32>().unwrap()
    };
    let none = PhraseTokens::none(1, &device());
    assert_ne!(ask(batch.teacher.input.text.as_ref().unwrap()), ask(&none));
    // What stands in the padding must not matter.
    let dirty = PhraseTokens { values: none.values.clone().add_scalar(3.0), ..none.clone() };
    let (clean, dirty) = (ask(&none), ask(&dirty));
    assert!(clean.iter().zip(&dirty).all(|(a, b)| (a - b).abs() < 1e-6));
}

#[test]
fn grounding_without_text_is_nothing() {
    let batch = toy_batch();
    let text = PhraseTokens::none(1, &device());
    let head = TeacherHead::new(1, &device());
    let look = head.output(&batch.features, &batch.teacher.input.prompt, &text);
    let loss = grounding(&look.attention, batch.teacher.target.value, &text);
    assert_eq!(loss.into_data().try_to_vec::<f32>().unwrap(), [0.0]);
}

#[test]
fn the_same_training_twice_is_the_same_bit_for_bit() {
    let run = || {
        let mut distiller = Distiller::new(DistillConfig::default(), 3, &device());
        for _ in 0..3 {
            step(&mut distiller, &toy_batch().described(), Learner::Teacher, 5e-3);
        }
        weights::save(distiller.teacher.head(), Precision::Full).unwrap()
    };
    let (a, b) = (run(), run());
    let (a, b) =
        (safetensors::SafeTensors::deserialize(&a).unwrap(), safetensors::SafeTensors::deserialize(&b).unwrap());
    let differing: Vec<String> = a
        .tensors()
        .into_iter()
        .filter(|(name, view)| view.data() != b.tensor(name).unwrap().data())
        .map(|(name, _)| name)
        .collect();
    assert!(differing.is_empty(), "{differing:?}");
}

pub(super) fn scalar(loss: Tensor<1>) -> f32 {
    values(loss)[0]
}

/// Noise from -1 to 1 that is the same on every backend.
pub(super) fn noise(seed: u64, shape: [usize; 4]) -> Tensor<4> {
    use rand::{RngExt, SeedableRng};
    let mut rng = rand_pcg::Pcg32::seed_from_u64(seed);
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| rng.random_range(-1.0..1.0)).collect();
    Tensor::from_data(TensorData::new(values, shape), &device())
}
