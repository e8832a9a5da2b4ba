//! CWC: the definition, the released form, gradients, and the released form's mixed images.

use burn::tensor::TensorData;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_pcg::Pcg32;

use super::{super::*, device, scalar, values};
use crate::image::INPUT_SIDE;

fn map(values: &[f32]) -> Tensor<4> {
    map_on(values, &device())
}

fn map_on(values: &[f32], device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(values.to_vec(), [1, 1, 1, values.len()]), device)
}

fn form(variant: ConsistencyVariant) -> Consistency {
    Consistency { variant, ..Consistency::default() }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]

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
