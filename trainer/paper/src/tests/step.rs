//! The step of the preset `paper`: who hears whom, what must not change, and that it learns.

use burn::{
    module::Module,
    optim::{GradientsParams, SgdConfig, decay::WeightDecayConfig, momentum::MomentumConfig},
    tensor::{Device, Tensor, TensorData, activation::sigmoid},
};

use fovea_phantom::polyp;
use fovea_shared::{
    description::EMBEDDING,
    distill::{
        ConsistencyVariant, DistillConfig, MaskingRegion, MaskingTarget, StepContext, StepReport, Strategies, cosine,
        stack, weighted_bce,
    },
    image::{normalise, resize_plane, resize_rgb},
    model::{
        PhraseTokens,
        weights::{self, Precision},
    },
    plane::Mask,
};

use crate::{PaperBatch, PaperConfig, PaperDistiller, PaperStudent, PaperTeacher, TextTokens, lesion_logits};

const SIDE: usize = 32;
const IMAGES: usize = 2;

fn device() -> Device {
    Device::flex()
}

fn scalar(tensor: Tensor<1>) -> f32 {
    tensor.into_scalar::<f32>()
}

/// Every weight, bit for bit.
fn bits<M: Module>(module: &M) -> Vec<u8> {
    weights::save(module, Precision::Full).unwrap()
}

fn two_phrases() -> PhraseTokens {
    let token = |sign: f32| (0..EMBEDDING).map(|i| sign * ((i * 7 % 11) as f32 - 5.0) / 60.0).collect::<Vec<f32>>();
    PhraseTokens::new(&[vec![token(1.0), token(-1.0)]], &device())
}

fn networks() -> PaperConfig {
    PaperConfig {
        teacher: [8, 16, 24, 32, 40, 16],
        student: [8, 8, 16, 24, 32, 8],
        head: 16,
        text: EMBEDDING,
        side: SIDE,
    }
}

fn config(strategies: &str, change: impl FnOnce(&mut DistillConfig)) -> DistillConfig {
    let mut config = DistillConfig {
        student_dice: 0.0,
        weight_decay: 4e-4,
        strategies: strategies.parse().unwrap(),
        ..DistillConfig::default()
    };
    // Fresh networks are sure of nothing: anything but one half is taken for confidence, and any
    // difference for a quarrel.
    config.consistency.level = 0.5 + 1e-6;
    config.masking.difference = 1e-3;
    change(&mut config);
    config
}

/// Two phantoms, their masks as both targets (only here: the question is whether the networks can
/// learn at all), and a disputed rim.
fn batch() -> PaperBatch {
    let device = device();
    let drawn = [3, 5].map(|seed| polyp(seed, 128, 128));
    let images: Vec<f32> = drawn.iter().flat_map(|p| normalise(&resize_rgb(&p.image, SIDE, SIDE))).collect();
    let masks = drawn.map(|p| resize_plane(&p.mask.to_plane(), SIDE, SIDE).at_least(0.5));
    let told = stack(&masks.each_ref().map(Mask::to_plane).each_ref(), &device);
    let mut rim = Mask::empty(SIDE, SIDE);
    rim.data[200..260].fill(true);
    let two = two_phrases();
    let text = PhraseTokens {
        values: two.values.clone().repeat_dim(0, IMAGES),
        bias: two.bias.clone().repeat_dim(0, IMAGES),
        spoken: two.spoken.clone().repeat_dim(0, IMAGES),
    };
    PaperBatch {
        images: Tensor::from_data(TensorData::new(images, [IMAGES, 3, SIDE, SIDE]), &device),
        text: TextTokens::from(&text),
        teacher: (told.clone(), told.ones_like()),
        student: (told.clone(), told.ones_like()),
        disputed: vec![rim.clone(), rim],
    }
}

fn fresh(config: DistillConfig) -> PaperDistiller {
    PaperDistiller::new(config, &networks(), 3, &device())
}

fn run(distiller: &mut PaperDistiller, batch: &PaperBatch, seed: u64) -> StepReport {
    pollster::block_on(distiller.step(batch, StepContext::late(1e-2, seed))).unwrap()
}

/// Teacher and student, bit for bit, after three steps.
fn after(config: DistillConfig) -> (Vec<u8>, Vec<u8>) {
    let (mut distiller, batch) = (fresh(config), batch());
    (0..3).for_each(|seed| drop(run(&mut distiller, &batch, seed)));
    (bits(&distiller.teacher.current()), bits(&distiller.student.current()))
}

#[test]
fn all_off_is_the_plain_cross_entropy_of_either_network() {
    let device = device().autodiff();
    let batch = batch();
    let released = SgdConfig::new()
        .with_weight_decay(Some(WeightDecayConfig::new(4e-4)))
        .with_momentum(Some(MomentumConfig::new().with_momentum(0.9).with_dampening(0.0).with_nesterov(true)));
    let track = |t: &Tensor<4>| Tensor::from_inner(t.clone());
    let mut teacher = PaperTeacher::new(&networks(), 6, &device);
    let mut student = PaperStudent::new(&networks(), 7, &device);
    let (mut first, mut second) = (released.init(), released.init());
    for _ in 0..3 {
        let loss = |logits: Tensor<4>, (target, weight): &(Tensor<4>, Tensor<4>)| {
            weighted_bce(lesion_logits(logits), track(target), track(weight))
        };
        let taught = loss(teacher.forward(track(&batch.images), &batch.text.tracked()).logits, &batch.teacher);
        let gradients = GradientsParams::from_grads(taught.backward(), &teacher);
        teacher = first.step(1e-2, teacher, gradients);
        // With its features, as the step has it, for the statistics of their norms.
        let learnt = loss(student.forward(track(&batch.images)).logits, &batch.student);
        let gradients = GradientsParams::from_grads(learnt.backward(), &student);
        student = second.step(1e-2, student, gradients);
    }
    let (taught, learnt) = after(config("none", |_| ()));
    assert!(taught == bits(&teacher.valid()), "the teacher");
    assert!(learnt == bits(&student.valid()), "the student");
}

#[test]
fn the_teacher_hears_the_student_only_if_mutual() {
    let (alone, baseline) = after(config("none", |_| ()));
    for variant in [ConsistencyVariant::TargetConf, ConsistencyVariant::BothConf, ConsistencyVariant::Released] {
        let both = |mutual: bool| {
            after(config("all", |c| {
                c.mutual = mutual;
                c.consistency.variant = variant;
            }))
        };
        let (teacher, student) = both(false);
        assert!(teacher == alone, "{variant:?}: the student reached the teacher");
        assert!(student != baseline, "{variant:?}");
        assert!(both(true).0 != alone, "{variant:?}: the student did not reach the teacher");
    }
}

#[test]
fn every_set_of_strategies_is_another_student() {
    let all = Strategies::every().map(|strategies| (strategies.name(), after(config(&strategies.name(), |_| ())).1));
    for (i, (name, student)) in all.iter().enumerate() {
        for (other_name, other) in &all[i + 1..] {
            assert!(student != other, "{name} is {other_name}");
        }
    }
}

#[test]
fn hidden_pixels_have_no_say_or_say_background() {
    // Two students that differ in nothing but the target under the squares.
    let student = |target: MaskingTarget, value: f32| {
        let mut distiller = fresh(config("darm", |c| {
            c.masking.region = MaskingRegion::Gaze;
            c.masking.target = target;
            c.masking.share = 1.0;
        }));
        let mut batch = batch();
        let mut told = batch.student.0.into_data().try_to_vec::<f32>().unwrap();
        let rim = (0..told.len()).filter(|i| batch.disputed[0].data[i % (SIDE * SIDE)]);
        rim.for_each(|i| told[i] = value);
        batch.student.0 = Tensor::from_data(TensorData::new(told, [IMAGES, 1, SIDE, SIDE]), &device());
        let report = run(&mut distiller, &batch, 1);
        assert!(report.diagnostics.masked.iter().zip(&batch.disputed).all(|(hidden, rim)| rim.is_subset_of(hidden)));
        bits(&distiller.student.current())
    };
    for target in [MaskingTarget::Exclude, MaskingTarget::Zero] {
        assert!(student(target, 0.0) == student(target, 1.0), "{target:?}: what is hidden was told");
    }
    assert!(student(MaskingTarget::Exclude, 0.0) != student(MaskingTarget::Zero, 0.0));
}

#[test]
fn what_a_step_saw_has_its_shapes() {
    let mut distiller = fresh(config("all", |_| ()));
    let report = run(&mut distiller, &batch(), 1);
    let sides: Vec<[usize; 4]> = report.diagnostics.cosine.iter().map(Tensor::dims).collect();
    assert_eq!(sides, [16, 8, 4, 2].map(|side| [IMAGES, 1, side, side]));
    assert_eq!(report.diagnostics.teacher.unwrap().dims(), [IMAGES, 1, SIDE, SIDE]);
    assert_eq!(report.diagnostics.reliable.unwrap().weight.dims(), [IMAGES, 1, SIDE, SIDE]);
    assert!(report.diagnostics.masked.iter().all(|mask| mask.width == SIDE && !mask.is_empty()));
    let alignment = scalar(report.losses.alignment.unwrap());
    assert!((0.0..=2.0).contains(&alignment), "{alignment}");
    let plain = run(&mut fresh(config("none", |_| ())), &batch(), 1);
    assert!(
        plain.diagnostics.cosine.is_empty()
            && plain.diagnostics.teacher.is_none()
            && plain.diagnostics.masked.is_empty()
    );
    assert!(plain.losses.alignment.is_none() && plain.losses.consistency.is_none());
}

#[test]
fn a_training_twice_is_the_same_bit_for_bit() {
    for variant in [ConsistencyVariant::TargetConf, ConsistencyVariant::Released] {
        let once = || {
            after(config("all", |c| {
                c.mutual = true;
                c.consistency.variant = variant;
            }))
        };
        assert!(once() == once(), "{variant:?}");
    }
}

#[test]
fn both_networks_learn_two_phantoms_by_heart_with_all_strategies() {
    let batch = batch();
    let mut distiller = fresh(DistillConfig {
        student_dice: 0.0,
        weight_decay: 4e-4,
        strategies: Strategies::ALL,
        ..DistillConfig::default()
    });
    let steps = 250;
    let (mut first, mut last) = (None, None);
    for step in 0..steps {
        let context = StepContext { step, total: steps, rate: cosine(step, steps, 1e-2, 1e-4), seed: step as u64 };
        let report = pollster::block_on(distiller.step(&batch, context)).unwrap();
        last = report.losses.alignment.map(scalar);
        first = first.or(last);
    }
    let truth = &batch.teacher.0;
    let dice = |logits: Tensor<4>| {
        let found = sigmoid(lesion_logits(logits)).greater_elem(0.5).float();
        let both = scalar((found.clone() * truth.clone()).sum());
        2.0 * both / scalar(found.sum() + truth.clone().sum())
    };
    let teacher = dice(distiller.teacher.current().forward(batch.images.clone(), &batch.text).logits);
    let student = dice(distiller.student.current().logits(batch.images.clone()));
    println!("Dice: teacher {teacher}, student {student}; AFC {first:?} -> {last:?}");
    assert!(teacher > 0.9 && student > 0.9, "teacher {teacher}, student {student}");
    assert!(last.unwrap() < 0.8 * first.unwrap(), "AFC {first:?} -> {last:?}");
}

/// The names of the sums that are not finite.
fn broken(sums: Vec<fovea_shared::distill::NamedSum>) -> Vec<&'static str> {
    sums.into_iter().filter(|(_, sum)| !scalar(sum.clone()).is_finite()).map(|(name, _)| name).collect()
}

#[test]
fn what_is_not_finite_is_named_and_reaches_a_loss() {
    fn poisoned<const D: usize>(tensor: &Tensor<D>, value: f32) -> Tensor<D> {
        let mut data = tensor.clone().into_data().try_to_vec::<f32>().unwrap();
        data[3] = value;
        Tensor::from_data(TensorData::new(data, tensor.dims()), &device())
    }
    let good = batch();
    assert_eq!(broken(good.sums()), [""; 0]);
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let text = TextTokens { values: poisoned(&good.text.values, value), ..good.text.clone() };
        let pair = |pair: &(Tensor<4>, Tensor<4>)| (poisoned(&pair.0, value), pair.1.clone());
        for (name, changed) in [
            ("images", PaperBatch { images: poisoned(&good.images, value), ..good.clone() }),
            ("text", PaperBatch { text, ..good.clone() }),
            ("teacher's target", PaperBatch { teacher: pair(&good.teacher), ..good.clone() }),
            ("student's target", PaperBatch { student: pair(&good.student), ..good.clone() }),
        ] {
            assert_eq!(broken(changed.sums()), [name], "{value}");
            for strategies in ["none", "all"] {
                let mut distiller = fresh(config(strategies, |_| ()));
                assert_eq!(broken(distiller.weight_sums()), [""; 0]);
                let losses = run(&mut distiller, &changed, 1).losses;
                let read = [losses.teacher, losses.student, losses.alignment, losses.consistency];
                let finite = read.into_iter().flatten().all(|loss| scalar(loss).is_finite());
                assert!(!finite, "{name} with {value}, strategies {strategies}: all losses are finite");
                assert!(!broken(distiller.weight_sums()).is_empty(), "{name} with {value}: the weights are finite");
            }
        }
    }
}
