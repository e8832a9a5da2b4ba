//! The two-level baseline.

use super::*;
use crate::model::{StudentHead, StudentOutput};

fn pair(seed: u64, two_level: TwoLevel) -> Distiller {
    let mut distiller = Distiller::new(DistillConfig { two_level, ..DistillConfig::default() }, seed, &device());
    distiller.pair(seed, &device());
    distiller
}

/// The toy batch, whose partner is told another square.
fn batch() -> ToyBatch {
    let mut toy = toy_batch();
    let WeightedTarget { value, weight } = toy.student.target.clone();
    toy.student.partner = Some(WeightedTarget { value: value.flip([3]).mul_scalar(0.5), weight });
    toy
}

/// Numbers that look drawn, between -1 and 1.
fn drawn(shape: [usize; 4]) -> Tensor<4> {
    let count: usize = shape.iter().product();
    let values: Vec<f32> = (0..count).map(|i| ((i * 7919 % 1013) as f32 / 506.5) - 1.0).collect();
    Tensor::from_data(TensorData::new(values, shape), &device())
}

#[test]
fn propagated_features_are_means_over_the_released_neighbours() {
    let [batch, channels, height, width] = [2, 3, 7, 9];
    let features = drawn([batch, channels, height, width]);
    let made = values(propagate(features.clone()));
    let given = values(features);
    let at = |b: usize, c: usize, y: i64, x: i64| {
        let inside = (0..height as i64).contains(&y) && (0..width as i64).contains(&x);
        if inside { given[((b * channels + c) * height + y as usize) * width + x as usize] } else { 0.0 }
    };
    for (b, y, x) in
        (0..batch).flat_map(|b| (0..height as i64).flat_map(move |y| (0..width as i64).map(move |x| (b, y, x))))
    {
        let near: Vec<(i64, i64)> =
            [-4, -2, 0, 2, 4].iter().flat_map(|dy| [-4, -2, 0, 2, 4].map(|dx| (y + dy, x + dx))).collect();
        let weights: Vec<f32> = near
            .iter()
            .map(|(v, u)| (0..channels).map(|c| at(b, c, y, x) * at(b, c, *v, *u)).sum::<f32>().max(0.0).exp())
            .collect();
        let total: f32 = weights.iter().sum();
        for c in 0..channels {
            let wanted: f32 = near.iter().zip(&weights).map(|((v, u), w)| w / total * at(b, c, *v, *u)).sum();
            let got = made[((b * channels + c) * height + y as usize) * width + x as usize];
            assert!((got - wanted).abs() < 1e-5, "image {b}, channel {c}, row {y}, column {x}: {got}, not {wanted}");
        }
    }
}

#[test]
fn partners_start_alike_and_part_by_what_they_are_told() {
    let mut distiller = pair(3, TwoLevel::default());
    assert_eq!(bits(distiller.student.head()), bits(distiller.partner.as_ref().unwrap().head()));
    let losses = step(&mut distiller, &batch(), Learner::Student, 1e-2);
    assert_ne!(bits(distiller.student.head()), bits(distiller.partner.as_ref().unwrap().head()));
    let consistency = value(losses.consistency);
    assert!((-2.0..=0.0).contains(&consistency), "{consistency}");
}

#[test]
fn without_consistency_each_learns_as_it_would_alone() {
    for propagate in [false, true] {
        let mut together = pair(3, TwoLevel { weight: 0.0, propagate });
        let mut alone = Distiller::new(DistillConfig::default(), 3, &device());
        let mut other = Distiller::new(DistillConfig::default(), 3, &device());
        let batch = batch();
        let mut partners = batch.clone();
        partners.student.target = batch.student.partner.clone().unwrap();
        for _ in 0..3 {
            step(&mut together, &batch, Learner::Student, 1e-2);
            step(&mut alone, &batch, Learner::Student, 1e-2);
            step(&mut other, &partners, Learner::Student, 1e-2);
        }
        let look = |head: &StudentHead| values(head.valid().forward(&batch.features));
        // Up to the order in which gradients are summed, which Adam enlarges: a thousandth of what
        // lies between the two.
        let far = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let (first, second) = (look(alone.student.head()), look(other.student.head()));
        let limit = 1e-3 * far(&first, &second);
        let (one, two) = (
            far(&look(together.student.head()), &first),
            far(&look(together.partner.as_ref().unwrap().head()), &second),
        );
        assert!(limit > 0.0 && one < limit && two < limit, "propagate {propagate}: {one} and {two}, not below {limit}");
    }
}

#[test]
fn each_is_drawn_to_the_other_and_neither_is_pushed_by_its_own_share() {
    // Nothing is told, so that only the consistency speaks; the partner is sure of lesion
    // everywhere, the student doubts.
    for propagate in [false, true] {
        let mut distiller = pair(3, TwoLevel { weight: 3.0, propagate });
        let told = batch();
        let WeightedTarget { value: target, weight } = told.student.target.clone();
        let mut everywhere = told.clone();
        everywhere.student.target.value = target.ones_like();
        let mut sure = Distiller::new(DistillConfig::default(), 3, &device());
        for _ in 0..20 {
            step(&mut sure, &everywhere, Learner::Student, 5e-3);
        }
        distiller.partner = Some(sure.student);
        let silent = WeightedTarget { value: target.zeros_like(), weight: weight.zeros_like() };
        let mut batch = told;
        batch.student.partner = Some(silent.clone());
        batch.student.target = silent;
        let mean = |head: &StudentHead| values(head.valid().forward(&batch.features).mean())[0];
        let before = mean(distiller.student.head());
        let first = value(step(&mut distiller, &batch, Learner::Student, 1e-3).consistency);
        let mut last = first;
        for _ in 0..5 {
            last = value(step(&mut distiller, &batch, Learner::Student, 1e-3).consistency);
        }
        assert!(mean(distiller.student.head()) > before, "propagate {propagate}: the student did not follow");
        assert!(last < first, "propagate {propagate}: {last} is not below {first}");
    }
}

#[test]
fn each_sees_the_other_as_a_constant() {
    let autodiff = device().autodiff();
    let head = StudentHead::new(1, &autodiff);
    let shape = [1, 1, 4, 4];
    let leaf = |shift: f32| Tensor::from_inner(drawn(shape).mul_scalar(3.0).add_scalar(shift)).require_grad();
    let (first, second) = (leaf(0.5), leaf(-1.0));
    let look = |logits: &Tensor<4>| {
        let empty: Tensor<4> = Tensor::zeros(shape, &autodiff);
        StudentOutput { logits: logits.clone(), levels: [empty.clone(), empty.clone(), empty.clone()], finest: empty }
    };
    let form = TwoLevel { propagate: false, ..TwoLevel::default() };
    let gradients = form.consistency([&head, &head], [look(&first), look(&second)]).backward();
    // d/dx of -mean(p (2 q - 1) + 1 - q) with p = sigmoid(x): twice that if q were no constant.
    let sigmoid = |x: f32| 1.0 / (1.0 + (-x).exp());
    for (own, other) in [(&first, &second), (&second, &first)] {
        let got = values(own.grad(&gradients).unwrap());
        let (x, y) = (values(own.clone().inner()), values(other.clone().inner()));
        for ((got, x), y) in got.iter().zip(x).zip(y) {
            let wanted = -(2.0 * sigmoid(y) - 1.0) * sigmoid(x) * (1.0 - sigmoid(x)) / 16.0;
            assert!((got - wanted).abs() < 1e-6, "{got}, not {wanted}");
        }
    }
}
