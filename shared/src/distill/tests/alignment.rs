//! AFC: values and bounds.

use burn::tensor::TensorData;
use proptest::prelude::*;

use super::{super::*, device, noise, scalar, values};

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
}
