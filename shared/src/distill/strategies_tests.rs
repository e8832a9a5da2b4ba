//! The three strategies, term by term: values, gradients, and what must not change.
#![allow(clippy::unwrap_used)]

use burn::tensor::{Distribution, TensorData};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_pcg::Pcg32;

use super::{
    tests::{bits, device, toy_batch, two_phrases, values},
    *,
};
use crate::{
    image::INPUT_SIDE,
    model::{GazePrompt, SIDES, STUDENT_SIDE, weights},
    plane::Mask,
};

fn map(values: &[f32]) -> Tensor<4> {
    map_on(values, &device())
}

fn map_on(values: &[f32], device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(values.to_vec(), [1, 1, 1, values.len()]), device)
}

fn scalar(loss: Tensor<1>) -> f32 {
    values(loss)[0]
}

fn form(variant: ConsistencyVariant) -> Consistency {
    Consistency { variant, ..Consistency::default() }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

// ---- AFC

fn noise(seed: u64, shape: [usize; 4]) -> Tensor<4> {
    use rand::RngExt;
    let mut rng = Pcg32::seed_from_u64(seed);
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| rng.random_range(-1.0..1.0)).collect();
    Tensor::from_data(TensorData::new(values, shape), &device())
}

#[test]
fn alignment_is_zero_for_the_same_direction_two_for_the_opposite_and_one_for_a_right_angle() {
    let z = noise(1, [2, 6, 5, 5]);
    let same = align(&[z.clone().mul_scalar(3.0)], std::slice::from_ref(&z));
    assert!(scalar(same.0).abs() < 1e-5);
    assert!((scalar(align(&[z.clone().neg()], &[z]).0) - 2.0).abs() < 1e-5);
    let side = |at: usize| {
        let hot: Vec<f32> = (0..4).map(|c| if c == at { 1.0 } else { 0.0 }).collect();
        Tensor::<4>::from_data(TensorData::new(hot, [1, 4, 1, 1]), &device())
    };
    assert!((scalar(align(&[side(0)], &[side(2)]).0) - 1.0).abs() < 1e-5);
    let nothing = align(&[side(0).zeros_like()], &[side(1)]);
    assert_eq!(scalar(nothing.0), 1.0, "features that are zero have no direction");
}

#[test]
fn alignment_is_the_mean_over_levels_of_the_mean_over_places() {
    let levels: [(u64, [usize; 4]); 2] = [(1, [2, 3, 4, 4]), (2, [2, 5, 2, 2])];
    let student = levels.map(|(seed, shape)| noise(seed, shape));
    let teacher = levels.map(|(seed, shape)| noise(seed + 10, shape));
    let mut expected = 0.0;
    for (s, t) in student.iter().zip(&teacher) {
        let [batch, channels, height, width] = s.dims();
        let places = height * width;
        let (s, t) = (values(s.clone()), values(t.clone()));
        for b in 0..batch {
            for p in 0..places {
                let at = |v: &[f32], c: usize| f64::from(v[(b * channels + c) * places + p]);
                let dot: f64 = (0..channels).map(|c| at(&s, c) * at(&t, c)).sum();
                let norm = |v: &[f32]| (0..channels).map(|c| at(v, c).powi(2)).sum::<f64>().sqrt();
                expected += (1.0 - dot / (norm(&s) * norm(&t))) / (batch * places) as f64 / 2.0;
            }
        }
    }
    let (loss, maps) = align(&student, &teacher);
    assert!((f64::from(scalar(loss)) - expected).abs() < 1e-5);
    assert_eq!(maps.iter().map(Tensor::dims).collect::<Vec<_>>(), [[2, 1, 4, 4], [2, 1, 2, 2]]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn alignment_stays_between_zero_and_two(a in 0u64..1000, b in 0u64..1000, scale in -8.0f64..8.0) {
        let (s, t) = (noise(a, [1, 4, 3, 3]).mul_scalar(scale), noise(b, [1, 4, 3, 3]));
        let (loss, maps) = align(&[s], &[t]);
        prop_assert!((-1e-5..=2.0 + 1e-5).contains(&scalar(loss)));
        prop_assert!(values(maps[0].clone()).iter().all(|c| c.abs() <= 1.0 + 1e-5));
    }

    // ---- CWC

    #[test]
    fn consistency_is_its_definition(
        pairs in proptest::collection::vec((0.0f32..1.0, -6.0f32..6.0), 1..40),
        both in any::<bool>(),
    ) {
        let variant = if both { ConsistencyVariant::BothConf } else { ConsistencyVariant::TargetConf };
        let (p, x): (Vec<f32>, Vec<f32>) = pairs.iter().copied().unzip();
        let own: Vec<f32> = x.iter().map(|x| sigmoid(f64::from(*x)) as f32).collect();
        let (mut sum, mut weights) = (0.0f64, 0.0f64);
        for ((p, x), q) in p.iter().zip(&x).zip(&own) {
            let c = f64::from((2.0 * p - 1.0).abs());
            let (low, high) = if both { (p.max(*q), p.min(*q)) } else { (*p, *p) };
            if high >= 0.8 {
                sum -= c * sigmoid(f64::from(*x)).ln();
                weights += c;
            } else if low <= 0.2 {
                sum -= c * (1.0 - sigmoid(f64::from(*x))).ln();
                weights += c;
            }
        }
        let expected = sum / weights.max(1.0);
        let seen = reliable(&map(&p), &map(&own), &form(variant));
        let found = scalar(follow(map(&x), &seen, map(&vec![1.0; p.len()])));
        prop_assert!((f64::from(found) - expected).abs() < 1e-4 * (1.0 + expected), "{found} and {expected}");
    }

    #[test]
    fn the_released_loss_is_the_released_formula_on_two_logits(
        pairs in proptest::collection::vec((0.0f32..1.0, -6.0f32..6.0), 1..40),
    ) {
        // As in trainers/gaze_sup.py, `crc_loss`, with the two logits (0, x).
        let (p, x): (Vec<f32>, Vec<f32>) = pairs.iter().copied().unzip();
        let (mut positive, mut negative) = (Vec::new(), Vec::new());
        for (p, x) in p.iter().zip(&x) {
            let (target, input) = ([1.0 - f64::from(*p), f64::from(*p)], [1.0 - sigmoid(f64::from(*x)), sigmoid(f64::from(*x))]);
            let y = usize::from(target[1] > target[0]);
            let (high, low) = (target[y], target[1 - y]);
            if high >= 0.8 {
                positive.push(-input[y].ln() * high);
            }
            if low < 0.2 {
                negative.push(-(1.0 - input[1 - y]).clamp(1e-6, 1.0).ln() * low);
            }
        }
        let mean = |v: &[f64]| if v.is_empty() { 0.0 } else { v.iter().sum::<f64>() / v.len() as f64 };
        let expected = mean(&positive) + mean(&negative);
        let found = f64::from(scalar(consistency::released(map(&x), &map(&p), 0.8)));
        prop_assert!((found - expected).abs() < 1e-4 * (1.0 + expected), "{found} and {expected}");
    }

    // ---- DARM

    #[test]
    fn squares_cover_the_share_and_nothing_of_an_empty_region(
        seed in 0u64..500,
        cells in proptest::collection::vec(any::<bool>(), 64),
        share in 0.0f64..1.0,
    ) {
        let region = Mask::from_vec(8, 8, cells);
        let form = Masking { share, ..Masking::default() };
        let hidden = squares(&region, &form, &mut Pcg32::seed_from_u64(seed));
        prop_assert_eq!((hidden.width, hidden.height), (INPUT_SIDE, INPUT_SIDE));
        let inside = |i: usize| region.at(i % INPUT_SIDE * 8 / INPUT_SIDE, i / INPUT_SIDE * 8 / INPUT_SIDE);
        let of_region = (0..hidden.data.len()).filter(|i| inside(*i)).count();
        let covered = (0..hidden.data.len()).filter(|i| inside(*i) && hidden.data[*i]).count();
        prop_assert!(covered as f64 >= share * of_region as f64);
        // One square's area at most beyond what was asked for.
        prop_assert!(covered as f64 <= share * of_region as f64 + 100.0);
        if region.is_empty() {
            prop_assert!(hidden.is_empty());
        }
        // Whatever is hidden lies within half a square of the region.
        for i in (0..hidden.data.len()).filter(|i| hidden.data[*i]) {
            let (x, y) = (i % INPUT_SIDE, i / INPUT_SIDE);
            let near = (y.saturating_sub(10)..(y + 11).min(INPUT_SIDE))
                .any(|y| (x.saturating_sub(10)..(x + 11).min(INPUT_SIDE)).any(|x| inside(y * INPUT_SIDE + x)));
            prop_assert!(near, "({x}, {y}) is hidden, far from the region");
        }
    }
}

#[test]
fn no_confident_pixel_is_no_consistency_and_not_nan() {
    for variant in [ConsistencyVariant::TargetConf, ConsistencyVariant::BothConf, ConsistencyVariant::Released] {
        let unsure = map(&[0.5, 0.6, 0.3, 0.79]);
        let seen = reliable(&unsure, &unsure, &form(variant));
        assert_eq!(scalar(follow(map(&[90.0, -90.0, 0.0, 3.0]), &seen, map(&[1.0; 4]))), 0.0);
        assert_eq!(scalar(consistency::released(map(&[90.0, -90.0, 0.0, 3.0]), &unsure, 0.8)), 0.0);
    }
}

#[test]
fn consistency_pulls_towards_the_teacher_and_nowhere_else() {
    let device = device().autodiff();
    let x = map_on(&[0.0, 0.0, 0.0, 0.0], &device).require_grad();
    let seen = reliable(&map(&[0.9, 0.1, 0.5, 0.95]), &map(&[0.5; 4]), &form(ConsistencyVariant::TargetConf));
    // The last pixel is masked.
    let loss = follow(x.clone(), &seen, map_on(&[1.0, 1.0, 1.0, 0.0], &device));
    let g = values(x.grad(&loss.backward()).unwrap());
    // At a logit of 0 the gradient is (.5 - target) times the weight's share.
    assert!((g[0] + 0.25).abs() < 1e-6 && (g[1] - 0.25).abs() < 1e-6, "{g:?}");
    assert_eq!((g[2], g[3]), (0.0, 0.0));
    let loss = consistency::released(x.clone(), &map(&[0.9, 0.1, 0.5, 0.95]), 0.8);
    let g = values(x.grad(&loss.backward()).unwrap());
    assert!(g[0] < 0.0 && g[1] > 0.0 && g[2] == 0.0 && g[3] < 0.0, "{g:?}");
}

#[test]
fn hidden_pixels_are_the_mean_and_the_others_as_they_were() {
    let images = noise(4, [2, 3, INPUT_SIDE, INPUT_SIDE]);
    let mut mask = Mask::empty(INPUT_SIDE, INPUT_SIDE);
    mask.data[5 * INPUT_SIDE + 7] = true;
    let masks = [mask, Mask::empty(INPUT_SIDE, INPUT_SIDE)];
    let before = values(images.clone());
    let pixels = INPUT_SIDE * INPUT_SIDE;
    for (target, channel) in [(MaskingTarget::Exclude, 1), (MaskingTarget::Zero, 2)] {
        let after = values(hide_pixels(images.clone(), &masks, target));
        let at = channel * pixels + 5 * INPUT_SIDE + 7;
        let mean = before[channel * pixels..(channel + 1) * pixels].iter().sum::<f32>() / pixels as f32;
        let expected = if target == MaskingTarget::Zero { 0.0 } else { mean };
        assert!((after[at] - expected).abs() < 1e-5);
        assert_eq!(
            before.iter().zip(&after).filter(|(a, b)| a != b).count(),
            3,
            "one pixel of one image, three channels"
        );
    }
}

#[test]
fn hidden_features_are_those_under_the_squares() {
    let batch = toy_batch();
    let mut mask = Mask::empty(INPUT_SIDE, INPUT_SIDE);
    // The first cell at stride 32, whole.
    (0..32).for_each(|y| mask.data[y * INPUT_SIDE..y * INPUT_SIDE + 32].fill(true));
    let hidden = hide_features(&batch.features, &[mask], MaskingTarget::Zero);
    for (level, side) in SIDES.into_iter().enumerate() {
        let (before, after) = (values(batch.features.levels[level].clone()), values(hidden.levels[level].clone()));
        let cells = 32 * side / INPUT_SIDE;
        for (i, (a, b)) in before.iter().zip(&after).enumerate() {
            let (x, y) = (i % side, i / side % side);
            assert_eq!(*b, if x < cells && y < cells { 0.0 } else { *a });
        }
    }
}

#[test]
fn disagreement_needs_more_than_the_difference() {
    let found = disagreement(&[0.9, 0.5, 0.2, 0.0], &[0.1, 0.45, 0.51, 0.25], 2, 0.3);
    assert_eq!(found.data, [true, false, true, false]);
}

#[test]
fn mixed_maps_take_their_donor_in_the_box_only() {
    let mut rng = Pcg32::seed_from_u64(3);
    for _ in 0..20 {
        let cuts = mixing::Cuts::draw(4, &mut rng);
        let mut donors: Vec<usize> = cuts.cuts.iter().map(|(d, _)| *d).collect();
        donors.sort_unstable();
        assert_eq!(donors, [0, 1, 2, 3]);
        for side in [INPUT_SIDE, 56] {
            let maps: Vec<f32> = (0..4).flat_map(|b| vec![b as f32; side * side]).collect();
            let mixed = values(cuts.mix(Tensor::from_data(TensorData::new(maps, [4, 1, side, side]), &device())));
            for (i, value) in mixed.iter().enumerate() {
                let (b, x, y) = (i / (side * side), i % side, i / side % side);
                let (donor, [left, top, right, bottom]) = cuts.cuts[b];
                let centre = |c: usize| (c as f64 + 0.5) * INPUT_SIDE as f64 / side as f64;
                let inside = centre(x) >= left as f64
                    && centre(x) < right as f64
                    && centre(y) >= top as f64
                    && centre(y) < bottom as f64;
                assert_eq!(*value, if inside { donor } else { b } as f32);
            }
        }
    }
}

// ---- The step

/// A batch with everything that any strategy may ask for, and a distiller that has everything.
fn directed(strategies: Strategies, change: impl FnOnce(&mut DistillConfig)) -> (Distiller, Batch) {
    let mut config = DistillConfig { strategies, ..DistillConfig::default() };
    config.masking.input = MaskingInput::Features;
    change(&mut config);
    let mut distiller = Distiller::new(config, 3, &device());
    let mut guide = Distiller::new(DistillConfig::default(), 11, &device());
    let mut disputed = Mask::empty(STUDENT_SIDE, STUDENT_SIDE);
    disputed.data[100..160].fill(true);
    let batch = Batch { text: Some(two_phrases()), disputed: vec![disputed], ..toy_batch() };
    for _ in 0..6 {
        pollster::block_on(guide.step(&batch, Learner::Teacher, Moment::late(5e-3, 1))).unwrap();
    }
    distiller.guide = Some(guide.teacher.average);
    (distiller, batch)
}

fn run(distiller: &mut Distiller, batch: &Batch, learner: Learner) -> StepReport {
    pollster::block_on(distiller.step(batch, learner, Moment::late(1e-3, 5))).unwrap()
}

fn student_after(strategies: Strategies, change: impl FnOnce(&mut DistillConfig)) -> Vec<u8> {
    let (mut distiller, batch) = directed(strategies, change);
    run(&mut distiller, &batch, Learner::Student);
    bits(&distiller.student.head)
}

#[test]
fn all_off_is_the_baseline_bit_for_bit_and_every_strategy_changes_it() {
    let baseline = {
        let mut distiller = Distiller::new(DistillConfig::default(), 3, &device());
        run(&mut distiller, &toy_batch(), Learner::Student);
        bits(&distiller.student.head)
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
    let start = bits(&distiller.student.head);
    let early = Moment { step: 0, total: 1000, rate: 1e-3, seed: 5 };
    let report = pollster::block_on(distiller.step(&batch, Learner::Student, early)).unwrap();
    assert!(report.losses.alignment.is_some() && report.losses.consistency.is_some());
    assert_ne!(bits(&distiller.student.head), start);
    assert!((ramp(0, 1000, distiller.config.ramp) - (-5.0f64).exp()).abs() < 1e-9);
}

#[test]
fn a_finished_teacher_is_not_touched_and_a_learning_one_hears_the_student_only_if_mutual() {
    let (mut distiller, batch) = directed(Strategies::ALL, |_| ());
    let before = bits(distiller.guide.as_ref().unwrap());
    let teacher = bits(&distiller.teacher.head);
    run(&mut distiller, &batch, Learner::Student);
    assert!(bits(distiller.guide.as_ref().unwrap()) == before);
    assert!(bits(&distiller.teacher.head) == teacher);

    // The teacher of a joint step learns exactly what it learns alone: the strategies stop the gradient.
    let joint = |strategies: Strategies, mutual: bool| {
        let (mut distiller, batch) = directed(strategies, |config| config.mutual = mutual);
        // A student that is sure of something, so that there is something to follow.
        for _ in 0..40 {
            pollster::block_on(distiller.step(&batch, Learner::Both, Moment::late(5e-3, 1))).unwrap();
        }
        bits(&distiller.teacher.head)
    };
    let alone = {
        let (mut distiller, batch) = directed(Strategies::default(), |_| ());
        for _ in 0..40 {
            pollster::block_on(distiller.step(&batch, Learner::Teacher, Moment::late(5e-3, 1))).unwrap();
        }
        bits(&distiller.teacher.head)
    };
    assert!(joint(Strategies::ALL, false) == alone);
    assert!(joint(Strategies::ALL, true) != alone);
}

#[test]
fn alignment_and_consistency_are_learnt() {
    for strategies in ["afc", "cwc"] {
        // The student's own target says nothing, so only the teacher is heard.
        let (mut distiller, mut batch) = directed(strategies.parse().unwrap(), |_| ());
        let (value, weight) = batch.student.take().unwrap();
        let silent = strategies == "afc";
        batch.student = Some((value, if silent { weight.zeros_like() } else { weight }));
        let loss = |report: &StepReport| {
            let losses = &report.losses;
            scalar(losses.alignment.clone().or(losses.consistency.clone()).unwrap())
        };
        let first = loss(&run(&mut distiller, &batch, Learner::Student));
        let mut last = first;
        for _ in 0..30 {
            let moment = Moment::late(5e-3, 5);
            last = loss(&pollster::block_on(distiller.step(&batch, Learner::Student, moment)).unwrap());
        }
        assert!(last < 0.7 * first, "{strategies}: {first} -> {last}");
    }
}

#[test]
fn what_a_step_saw_has_its_shapes() {
    let (mut distiller, batch) = directed(Strategies::ALL, |_| ());
    let saw = run(&mut distiller, &batch, Learner::Student).saw;
    assert_eq!(saw.cosine.iter().map(Tensor::dims).collect::<Vec<_>>(), [[1, 1, 28, 28], [1, 1, 14, 14], [1, 1, 7, 7]]);
    assert_eq!(saw.teacher.unwrap().dims(), [1, 1, 56, 56]);
    assert_eq!(saw.reliable.unwrap().weight.dims(), [1, 1, 56, 56]);
    assert_eq!((saw.disagreement[0].width, saw.masked[0].width), (56, 224));
    assert_eq!(saw.disagreement[0].is_empty(), saw.masked[0].is_empty());
    let (mut plain, batch) = directed(Strategies::default(), |_| ());
    let saw = run(&mut plain, &batch, Learner::Student).saw;
    assert!(saw.cosine.is_empty() && saw.teacher.is_none() && saw.reliable.is_none() && saw.masked.is_empty());
}

#[test]
fn masking_looks_where_gaze_disputes_before_the_warm_up_and_at_predictions_after() {
    let (mut distiller, batch) = directed("darm".parse().unwrap(), |_| ());
    let at = |distiller: &mut Distiller, step: usize| {
        let moment = Moment { step, total: 100, rate: 1e-3, seed: 1 };
        pollster::block_on(distiller.step(&batch, Learner::Student, moment)).unwrap().saw.disagreement[0].clone()
    };
    assert_eq!(at(&mut distiller, 9), batch.disputed[0]);
    assert_ne!(at(&mut distiller, 10), batch.disputed[0]);
    distiller.config.masking.region = MaskingRegion::Gaze;
    assert_eq!(at(&mut distiller, 99), batch.disputed[0]);
}

#[test]
fn excluded_pixels_have_no_say_and_zeroed_ones_say_background() {
    // Two students that differ in nothing but the target under the squares.
    let after = |target: MaskingTarget, value: f32| {
        let (mut distiller, mut batch) = directed("darm".parse().unwrap(), |config| {
            config.masking.region = MaskingRegion::Gaze;
            config.masking.target = target;
            config.masking.share = 1.0;
            // Squares of whole cells of the student's side would leave none half covered; half-covered cells are told as they are.
            config.masking.smallest = 8;
            config.masking.largest = 8;
        });
        let mut region = Mask::empty(STUDENT_SIDE, STUDENT_SIDE);
        region.data[20 * STUDENT_SIDE + 20] = true;
        batch.disputed = vec![region];
        let (targets, weight) = batch.student.take().unwrap();
        let mut told = values(targets);
        told[20 * STUDENT_SIDE + 20] = value;
        batch.student =
            Some((Tensor::from_data(TensorData::new(told, [1, 1, STUDENT_SIDE, STUDENT_SIDE]), &device()), weight));
        run(&mut distiller, &batch, Learner::Student);
        bits(&distiller.student.head)
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
            pollster::block_on(distiller.step(&batch, Learner::Student, Moment::late(5e-3, seed))).unwrap();
        }
        (bits(&distiller.student.head), bits(&distiller.adapters.unwrap().head))
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
    let pair = |p: &Option<(Tensor<4>, Tensor<4>)>| p.as_ref().map(|(v, w)| (double(v), double(w)));
    let batch = Batch {
        features,
        images: Some(images),
        prompt: Some(GazePrompt::new(&[None, None], &device)),
        text: None,
        teacher: pair(&batch.teacher),
        student: pair(&batch.student),
        disputed: vec![batch.disputed[0].clone(), batch.disputed[0].clone()],
        dropout: None,
    };
    let report = run(&mut distiller, &batch, Learner::Both);
    assert_eq!(report.saw.masked.len(), 2);
    assert!(report.saw.masked.iter().all(|mask| !mask.is_empty()));
    let losses = report.losses;
    for loss in [losses.teacher, losses.student, losses.consistency] {
        assert!(scalar(loss.unwrap()).is_finite());
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
    let batch = Batch { features: load(&device).forward(images), ..batch };
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
    for after in [tensors(&bits(&adapted.head)), tensors(&bits(&adapted.average))] {
        for (name, value) in &before {
            let block: Option<usize> = name.strip_prefix("blocks.").and_then(|n| n.split('.').next()?.parse().ok());
            let moves = block.is_some_and(|b| b >= 5);
            assert_eq!(after[name] != *value, moves, "{name}");
        }
    }
}
