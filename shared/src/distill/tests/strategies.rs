//! The strategies in a step: who hears whom, and what must not change.

use burn::{
    module::Module,
    tensor::{Distribution, TensorData},
};

use super::{super::*, ToyBatch, bits, device, scalar, toy_batch, values};
use crate::{
    image::INPUT_SIDE,
    model::{CHANNELS, GazePrompt, Pyramid, SIDES, STUDENT_SIDE, weights},
    plane::Mask,
};

/// A batch with everything that any strategy may ask for, and a distiller that has everything.
fn directed(strategies: Strategies, change: impl FnOnce(&mut DistillConfig)) -> (Distiller, ToyBatch) {
    let mut config = DistillConfig { strategies, ..DistillConfig::default() };
    config.masking.input = MaskingInput::Features;
    change(&mut config);
    let mut distiller = Distiller::new(config, 3, &device());
    let mut guide = Distiller::new(DistillConfig::default(), 11, &device());
    let mut disputed = Mask::empty(STUDENT_SIDE, STUDENT_SIDE);
    disputed.data[100..160].fill(true);
    let mut batch = toy_batch().described();
    batch.student.disputed = vec![disputed];
    for _ in 0..6 {
        pollster::block_on(guide.step(&batch.of(Learner::Teacher), StepContext::late(5e-3, 1))).unwrap();
    }
    distiller.guide = Some(guide.teacher.average);
    (distiller, batch)
}

fn run(distiller: &mut Distiller, batch: &ToyBatch, learner: Learner) -> StepReport {
    pollster::block_on(distiller.step(&batch.of(learner), StepContext::late(1e-3, 5))).unwrap()
}

fn student_after(strategies: Strategies, change: impl FnOnce(&mut DistillConfig)) -> Vec<u8> {
    let (mut distiller, batch) = directed(strategies, change);
    run(&mut distiller, &batch, Learner::Student);
    bits(distiller.student.head())
}

#[test]
fn all_off_is_the_baseline_bit_for_bit_and_every_strategy_changes_it() {
    let baseline = {
        let mut distiller = Distiller::new(DistillConfig::default(), 3, &device());
        run(&mut distiller, &toy_batch(), Learner::Student);
        bits(distiller.student.head())
    };
    let all: Vec<Vec<u8>> = Strategies::every().map(|strategies| student_after(strategies, |_| ())).into();
    assert!(all[0] == baseline);
    for i in 0..8 {
        for j in i + 1..8 {
            assert!(all[i] != all[j], "{} is {}", Strategies::every()[i].name(), Strategies::every()[j].name());
        }
    }
}

#[test]
fn before_the_ramp_the_teacher_is_hardly_heard() {
    let (mut distiller, batch) = directed("afc+cwc".parse().unwrap(), |_| ());
    let start = bits(distiller.student.head());
    let early = StepContext { step: 0, total: 1000, rate: 1e-3, seed: 5 };
    let report = pollster::block_on(distiller.step(&batch.of(Learner::Student), early)).unwrap();
    assert!(report.losses.alignment.is_some() && report.losses.consistency.is_some());
    assert_ne!(bits(distiller.student.head()), start);
    assert!((ramp(0, 1000, distiller.config.ramp) - (-5.0f64).exp()).abs() < 1e-9);
}

#[test]
fn a_finished_teacher_is_not_touched_and_a_learning_one_hears_the_student_only_if_mutual() {
    let (mut distiller, batch) = directed(Strategies::ALL, |_| ());
    let before = bits(distiller.guide.as_ref().unwrap());
    let teacher = bits(distiller.teacher.head());
    run(&mut distiller, &batch, Learner::Student);
    assert!(bits(distiller.guide.as_ref().unwrap()) == before);
    assert!(bits(distiller.teacher.head()) == teacher);

    // The teacher of a joint step learns exactly what it learns alone: the strategies stop the gradient.
    let joint = |strategies: Strategies, mutual: bool| {
        let (mut distiller, batch) = directed(strategies, |config| config.mutual = mutual);
        // A student that is sure of something, so that there is something to follow.
        for _ in 0..40 {
            pollster::block_on(distiller.step(&batch.of(Learner::Both), StepContext::late(5e-3, 1))).unwrap();
        }
        bits(distiller.teacher.head())
    };
    let alone = {
        let (mut distiller, batch) = directed(Strategies::default(), |_| ());
        for _ in 0..40 {
            pollster::block_on(distiller.step(&batch.of(Learner::Teacher), StepContext::late(5e-3, 1))).unwrap();
        }
        bits(distiller.teacher.head())
    };
    assert!(joint(Strategies::ALL, false) == alone);
    assert!(joint(Strategies::ALL, true) != alone);
}

#[test]
fn alignment_and_consistency_are_learnt() {
    for strategies in ["afc", "cwc"] {
        // The student's own target says nothing, so only the teacher is heard.
        let (mut distiller, mut batch) = directed(strategies.parse().unwrap(), |_| ());
        if strategies == "afc" {
            batch.student.target.weight = batch.student.target.weight.zeros_like();
        }
        let loss = |report: &StepReport| {
            let losses = &report.losses;
            scalar(losses.alignment.clone().or(losses.consistency.clone()).unwrap())
        };
        let first = loss(&run(&mut distiller, &batch, Learner::Student));
        let mut last = first;
        for _ in 0..30 {
            let context = StepContext::late(5e-3, 5);
            last = loss(&pollster::block_on(distiller.step(&batch.of(Learner::Student), context)).unwrap());
        }
        assert!(last < 0.7 * first, "{strategies}: {first} -> {last}");
    }
}

#[test]
fn what_a_step_saw_has_its_shapes() {
    let (mut distiller, batch) = directed(Strategies::ALL, |_| ());
    let diagnostics = run(&mut distiller, &batch, Learner::Student).diagnostics;
    assert_eq!(
        diagnostics.cosine.iter().map(Tensor::dims).collect::<Vec<_>>(),
        [[1, 1, 28, 28], [1, 1, 14, 14], [1, 1, 7, 7]]
    );
    assert_eq!(diagnostics.teacher.unwrap().dims(), [1, 1, 56, 56]);
    assert_eq!(diagnostics.reliable.unwrap().weight.dims(), [1, 1, 56, 56]);
    assert_eq!((diagnostics.disagreement[0].width, diagnostics.masked[0].width), (56, 224));
    assert_eq!(diagnostics.disagreement[0].is_empty(), diagnostics.masked[0].is_empty());
    let (mut plain, batch) = directed(Strategies::default(), |_| ());
    let diagnostics = run(&mut plain, &batch, Learner::Student).diagnostics;
    assert!(
        diagnostics.cosine.is_empty()
            && diagnostics.teacher.is_none()
            && diagnostics.reliable.is_none()
            && diagnostics.masked.is_empty()
    );
}

#[test]
fn masking_looks_where_gaze_disputes_before_the_warm_up_and_at_predictions_after() {
    let (mut distiller, batch) = directed("darm".parse().unwrap(), |_| ());
    let at = |distiller: &mut Distiller, step: usize| {
        let context = StepContext { step, total: 100, rate: 1e-3, seed: 1 };
        pollster::block_on(distiller.step(&batch.of(Learner::Student), context)).unwrap().diagnostics.disagreement[0]
            .clone()
    };
    assert_eq!(at(&mut distiller, 9), batch.student.disputed[0]);
    assert_ne!(at(&mut distiller, 10), batch.student.disputed[0]);
    distiller.config.masking.region = MaskingRegion::Gaze;
    assert_eq!(at(&mut distiller, 99), batch.student.disputed[0]);
}

#[test]
fn excluded_pixels_have_no_say_and_zeroed_ones_say_background() {
    // Two students that differ in nothing but the target under the squares.
    let after = |target: MaskingTarget, value: f32| {
        let (mut distiller, mut batch) = directed("darm".parse().unwrap(), |config| {
            config.masking.region = MaskingRegion::Gaze;
            config.masking.target = target;
            config.masking.share = 1.0;
            // Squares of whole cells of the student's side would leave none half covered;
            // half-covered cells are told as they are.
            config.masking.smallest = 8;
            config.masking.largest = 8;
        });
        let mut region = Mask::empty(STUDENT_SIDE, STUDENT_SIDE);
        region.data[20 * STUDENT_SIDE + 20] = true;
        batch.student.disputed = vec![region];
        let mut told = values(batch.student.target.value);
        told[20 * STUDENT_SIDE + 20] = value;
        batch.student.target.value =
            Tensor::from_data(TensorData::new(told, [1, 1, STUDENT_SIDE, STUDENT_SIDE]), &device());
        run(&mut distiller, &batch, Learner::Student);
        bits(distiller.student.head())
    };
    for target in [MaskingTarget::Exclude, MaskingTarget::Zero] {
        assert!(after(target, 0.0) == after(target, 1.0), "{target:?}: what is hidden was told");
    }
    assert!(after(MaskingTarget::Exclude, 0.0) != after(MaskingTarget::Zero, 0.0));
}

#[test]
fn a_directed_training_twice_is_the_same_bit_for_bit() {
    let once = || {
        let (mut distiller, batch) = directed(Strategies::ALL, |_| ());
        for seed in 0..3 {
            pollster::block_on(distiller.step(&batch.of(Learner::Student), StepContext::late(5e-3, seed))).unwrap();
        }
        (bits(distiller.student.head()), bits(distiller.adapters.unwrap().head()))
    };
    assert!(once() == once());
}

#[test]
fn pixels_are_hidden_before_the_backbone_and_mixed_for_the_released_consistency() {
    let device = device();
    let mut backbone = Backbone::new(&device);
    weights::load(&mut backbone, weights::BACKBONE.to_vec()).unwrap();
    let images = Tensor::<4>::random([2, 3, INPUT_SIDE, INPUT_SIDE], Distribution::Uniform(-1.0, 1.0), &device);
    let features = backbone.forward(images.clone());
    let (mut distiller, batch) = directed("cwc+darm".parse().unwrap(), |config| {
        config.masking.input = MaskingInput::Pixels;
        config.masking.region = MaskingRegion::Gaze;
        config.consistency.variant = ConsistencyVariant::Released;
        config.mutual = true;
    });
    assert!(distiller.config.needs_pixels());
    distiller.backbone = Some(backbone);
    let double = |t: &Tensor<4>| Tensor::cat(vec![t.clone(), t.clone()], 0);
    let pair = |t: &WeightedTarget| WeightedTarget { value: double(&t.value), weight: double(&t.weight) };
    let input = TeacherInput { prompt: GazePrompt::new(&[None, None], &device), text: None };
    let batch = ToyBatch {
        features,
        teacher: TeacherSupervision { input, target: pair(&batch.teacher.target) },
        student: StudentSupervision {
            images: Some(images),
            disputed: vec![batch.student.disputed[0].clone(), batch.student.disputed[0].clone()],
            ..StudentSupervision::plain(pair(&batch.student.target))
        },
    };
    let report = run(&mut distiller, &batch, Learner::Both);
    assert_eq!(report.diagnostics.masked.len(), 2);
    assert!(report.diagnostics.masked.iter().all(|mask| !mask.is_empty()));
    let losses = report.losses;
    for loss in [losses.teacher, losses.student, losses.consistency] {
        assert!(scalar(loss.unwrap()).is_finite());
    }
}

#[test]
fn images_that_stay_whole_keep_their_features_and_the_others_get_those_of_the_hidden_pixels() {
    let device = device();
    let mut backbone = Backbone::new(&device);
    weights::load(&mut backbone, weights::BACKBONE.to_vec()).unwrap();
    let images = Tensor::<4>::random([3, 3, INPUT_SIDE, INPUT_SIDE], Distribution::Uniform(-1.0, 1.0), &device);
    let whole = Mask::empty(INPUT_SIDE, INPUT_SIDE);
    let half = Mask::from_vec(INPUT_SIDE, INPUT_SIDE, (0..INPUT_SIDE * INPUT_SIDE).map(|i| i % 2 == 0).collect());
    let expected = backbone.forward(hide_pixels(images.clone(), &vec![half.clone(); 3], MaskingTarget::Exclude));
    let (mut distiller, _) = directed("darm".parse().unwrap(), |_| ());
    distiller.backbone = Some(backbone);
    // Not what the backbone would give, so that a whole image that went through it is seen.
    let levels = std::array::from_fn(|l| {
        Tensor::<4>::random([3, CHANNELS[l], SIDES[l], SIDES[l]], Distribution::Uniform(-1.0, 1.0), &device)
    });
    let features = Pyramid { levels };
    let of = |pyramid: &Pyramid, level: usize, image: usize| values(pyramid.levels[level].clone().narrow(0, image, 1));
    for masked in [[true, false, true], [false, true, false], [true; 3]] {
        let masks = masked.map(|hidden| if hidden { half.clone() } else { whole.clone() });
        let seen = distiller.see_hidden(&features, images.clone(), &masks).unwrap();
        for (level, (image, hidden)) in (0..4).flat_map(|l| masked.into_iter().enumerate().map(move |m| (l, m))) {
            let (seen, known) = (of(&seen, level, image), of(if hidden { &expected } else { &features }, level, image));
            let apart = seen.iter().zip(&known).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(
                seen.len() == known.len() && apart < if hidden { 1e-4 } else { 1e-9 },
                "{masked:?} {level} {image}: {apart}"
            );
        }
    }
}

#[test]
fn an_adapting_student_moves_the_upper_stages_and_no_other() {
    let device = device();
    let load = |device: &Device| {
        let mut backbone = Backbone::new(device);
        weights::load(&mut backbone, weights::BACKBONE.to_vec()).unwrap();
        backbone
    };
    let images = Tensor::<4>::random([1, 3, INPUT_SIDE, INPUT_SIDE], Distribution::Uniform(-1.0, 1.0), &device);
    let (mut distiller, batch) = directed("cwc".parse().unwrap(), |_| ());
    let batch = ToyBatch { features: load(&device).forward(images), ..batch };
    // Before a step the adapting backbone is the frozen one.
    let plain = run(&mut distiller, &batch, Learner::Student).losses;
    let (mut distiller, _) = directed("cwc".parse().unwrap(), |_| ());
    distiller.adapt(load(&device.clone().autodiff()));
    let first = run(&mut distiller, &batch, Learner::Student).losses;
    assert!((scalar(plain.student.unwrap()) - scalar(first.student.unwrap())).abs() < 1e-5);
    assert!((scalar(plain.consistency.unwrap()) - scalar(first.consistency.unwrap())).abs() < 1e-5);
    run(&mut distiller, &batch, Learner::Student);
    // As numbers: the moving average turns -0 into 0.
    let tensors = |bytes: &[u8]| -> std::collections::BTreeMap<String, Vec<f32>> {
        let file = safetensors::SafeTensors::deserialize(bytes).unwrap();
        let numbers = |data: &[u8]| data.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
        file.tensors().into_iter().map(|(name, view)| (name, numbers(view.data()))).collect()
    };
    let before = tensors(&bits(&load(&device)));
    let adapted = distiller.adapted.unwrap();
    for after in [tensors(&bits(adapted.head())), tensors(&bits(&adapted.average))] {
        for (name, value) in &before {
            let block: Option<usize> = name.strip_prefix("blocks.").and_then(|n| n.split('.').next()?.parse().ok());
            let moves = block.is_some_and(|b| b >= 5);
            assert_eq!(after[name] != *value, moves, "{name}");
        }
    }
}

#[test]
fn looking_inside_a_finished_student_sees_what_a_step_sees() {
    let look = |strategies: &str| {
        let (mut distiller, batch) = directed(strategies.parse().unwrap(), |_| ());
        let student = distiller.student.head().valid();
        let adapters = distiller.adapters.as_ref().map(|a| a.head().valid());
        let guide = distiller.guide.clone().unwrap();
        let input = batch.student.advice.as_ref().unwrap();
        let found = inside((&student, adapters.as_ref()), (&guide, input), &batch.features, &distiller.config, 5);
        let found = pollster::block_on(found).unwrap();
        assert!(bits(&student) == bits(&distiller.student.head().valid()), "nobody learns");
        (found, run(&mut distiller, &batch, Learner::Student).diagnostics)
    };
    let (found, step) = look("afc+cwc");
    let maps =
        |diagnostics: &StepDiagnostics| diagnostics.cosine.iter().map(|map| values(map.clone())).collect::<Vec<_>>();
    assert_eq!((maps(&found), found.cosine.len()), (maps(&step), 3));
    let (of_step, of_look) = (step.reliable.unwrap(), found.reliable.unwrap());
    assert_eq!(values(of_look.weight), values(of_step.weight));
    assert_eq!(values(of_look.target), values(of_step.target));

    let (found, step) = look("darm");
    assert!(found.cosine.is_empty(), "there are no adapters");
    assert_eq!((&found.disagreement, &found.masked), (&step.disagreement, &step.masked));
    assert_eq!(values(found.teacher.unwrap()), values(step.teacher.unwrap()));
}
