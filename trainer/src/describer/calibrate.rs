//! How far a head's confidence may be believed, and from which confidence on it speaks.

use fovea_shared::model::describer::softmax;

/// Bins of the expected calibration error.
const BINS: usize = 15;

/// What a wrong word costs against what a right one earns: silence is better than a word that is
/// wrong more often than once in three times.
const COST: f64 = 2.0;

/// Mean negative log-likelihood of labels under the softmax of `logits / temperature`.
pub(crate) fn mean_nll(logits: &[&[f32]], labels: &[usize], temperature: f64) -> f64 {
    let one = |(row, label): (&&[f32], &usize)| {
        let scaled: Vec<f64> = row.iter().map(|v| f64::from(*v) / temperature).collect();
        let most = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        most + scaled.iter().map(|v| (v - most).exp()).sum::<f64>().ln() - scaled[*label]
    };
    logits.iter().zip(labels).map(one).sum::<f64>() / labels.len() as f64
}

/// The temperature of the least negative log-likelihood (Guo et al. 2017, On calibration of modern
/// neural networks, section 4.2), by golden-section search: the likelihood is concave in one over
/// the temperature. At most 20, and at least 1/2: where every answer about a few validation images
/// is right, the likelihood alone would ask for certainty. 1 without labels.
pub(crate) fn fit_temperature(logits: &[&[f32]], labels: &[usize]) -> f32 {
    if labels.is_empty() {
        return 1.0;
    }
    let golden = (5.0f64.sqrt() - 1.0) / 2.0;
    let loss = |log: f64| mean_nll(logits, labels, log.exp());
    let (mut low, mut high) = (0.5f64.ln(), 20.0f64.ln());
    let (mut a, mut b) = (high - golden * (high - low), low + golden * (high - low));
    let (mut loss_a, mut loss_b) = (loss(a), loss(b));
    for _ in 0..60 {
        if loss_a <= loss_b {
            (high, b, loss_b) = (b, a, loss_a);
            a = high - golden * (high - low);
            loss_a = loss(a);
        } else {
            (low, a, loss_a) = (a, b, loss_b);
            b = low + golden * (high - low);
            loss_b = loss(b);
        }
    }
    ((low + high) / 2.0).exp() as f32
}

/// The most likely class and its probability.
pub(crate) fn most_likely(logits: &[f32], temperature: f32) -> (usize, f32) {
    let probabilities = softmax(logits, temperature);
    let best = (0..logits.len()).fold(0, |best, i| if logits[i] > logits[best] { i } else { best });
    (best, probabilities[best])
}

/// Expected calibration error (Naeini et al. 2015; Guo et al. 2017, equation 3) over 15 bins of
/// equal width: the mean over the answers of the distance between a bin's mean confidence and its
/// share of right answers. NaN without answers.
pub(crate) fn expected_calibration_error(answers: &[(f32, bool)]) -> f64 {
    let mut bins = [(0.0f64, 0.0f64); BINS];
    for (confidence, right) in answers {
        // Bins are open below and closed above, so 1 lies in the last one.
        let bin = ((f64::from(*confidence) * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
        bins[bin].0 += f64::from(*confidence);
        bins[bin].1 += f64::from(u8::from(*right));
    }
    bins.iter().map(|(sure, right)| (sure - right).abs()).sum::<f64>() / answers.len() as f64
}

/// The confidence from which on speaking pays: the one that maximises (right answers) - [`COST`] *
/// (wrong answers) among what is said; of equals the lowest. Above 1 (never) where nothing pays.
pub(crate) fn threshold(answers: &[(f32, bool)]) -> f32 {
    let mut sorted = answers.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut value, mut best, mut at) = (0.0f64, 0.0f64, 1.01f32);
    for (index, (confidence, right)) in sorted.iter().enumerate() {
        value += if *right { 1.0 } else { -COST };
        // Answers of one confidence are said together.
        let last = sorted.get(index + 1).is_none_or(|next| next.0 < *confidence);
        if last && value > 0.0 && value >= best {
            (best, at) = (value, *confidence);
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    #[test]
    fn calibration_error_of_hand_made_cases() {
        let error = expected_calibration_error;
        assert_eq!(error(&[(1.0, true), (1.0, true)]), 0.0);
        assert_eq!(error(&[(1.0, false)]), 1.0);
        // One bin: mean confidence .9 (in f32), 3 of 4 right.
        assert!((error(&[(0.9, true), (0.9, true), (0.9, true), (0.9, false)]) - 0.15).abs() < 1e-6);
        // Two bins: .5 with 1 of 2 right, .9 with 1 of 1 right; (2 * 0 + 1 * .1) / 3.
        assert!((error(&[(0.5, true), (0.5, false), (0.9, true)]) - 0.1 / 3.0).abs() < 1e-6);
        // 1/15 belongs to the first bin, a little more to the second, so their errors do not cancel.
        assert!((error(&[(1.0 / 15.0 - 1e-4, true), (1.0 / 15.0 + 1e-4, false)]) - 0.5).abs() < 1e-3);
        assert!(error(&[]).is_nan());
    }

    #[test]
    fn temperature_undoes_a_known_overconfidence() {
        // Labels are drawn from softmax(z); the head shouts softmax(3 z).
        let mut rng = Pcg64Mcg::seed_from_u64(9);
        let mut rows = Vec::new();
        let mut labels = Vec::new();
        for _ in 0..4000 {
            let z: Vec<f32> = (0..3).map(|_| rng.random_range(-1.5..1.5)).collect();
            let p = softmax(&z, 1.0);
            let draw: f32 = rng.random_range(0.0..1.0);
            labels.push(if draw < p[0] {
                0
            } else if draw < p[0] + p[1] {
                1
            } else {
                2
            });
            rows.push(z.iter().map(|v| v * 3.0).collect::<Vec<f32>>());
        }
        let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let temperature = fit_temperature(&rows, &labels);
        assert!((temperature - 3.0).abs() < 0.25, "{temperature}");
        assert!(mean_nll(&rows, &labels, f64::from(temperature)) < mean_nll(&rows, &labels, 1.0));
        let answers = |t: f32| -> Vec<(f32, bool)> {
            let judge = |(row, label): (&&[f32], &usize)| {
                let (class, confidence) = most_likely(row, t);
                (confidence, class == *label)
            };
            rows.iter().zip(&labels).map(judge).collect()
        };
        let (before, after) =
            (expected_calibration_error(&answers(1.0)), expected_calibration_error(&answers(temperature)));
        assert!(after < 0.05 && before > 0.15, "{before} {after}");
    }

    #[test]
    fn a_few_right_answers_are_no_certainty() {
        let row = [3.0f32, 0.0];
        let fitted = fit_temperature(&[&row, &row], &[0, 0]);
        assert!((fitted - 0.5).abs() < 1e-3, "{fitted}");
        assert_eq!(fit_temperature(&[], &[]), 1.0);
    }

    #[test]
    fn thresholds_say_what_pays() {
        let never = threshold(&[(0.9, false), (0.8, true), (0.7, false)]);
        assert!(never > 1.0);
        assert!(threshold(&[]) > 1.0);
        assert_eq!(threshold(&[(0.6, true), (0.9, true), (0.4, true)]), 0.4, "all right: say all");
        // +1 +1 -2 +1 +1: the last value equals the best after two, and more is said.
        let mixed = [(0.9, true), (0.8, true), (0.7, false), (0.6, true), (0.5, true)];
        assert_eq!(threshold(&mixed), 0.5);
        assert_eq!(threshold(&mixed[..4]), 0.8);
        assert_eq!(threshold(&[(0.9, true), (0.5, true), (0.5, false)]), 0.9, "equals are said together");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_fitted_temperature_never_harms(
            rows in prop::collection::vec((prop::collection::vec(-8.0f32..8.0, 4), 0usize..4), 3..40)
        ) {
            let (logits, labels): (Vec<&[f32]>, Vec<usize>) = rows.iter().map(|(r, l)| (r.as_slice(), *l)).unzip();
            let fitted = f64::from(fit_temperature(&logits, &labels));
            let at = |t: f64| mean_nll(&logits, &labels, t);
            for other in [0.5, 0.7, 1.0, 1.5, 4.0, 12.0] {
                prop_assert!(at(fitted) <= at(other) + 1e-6, "{fitted}: {} {other}: {}", at(fitted), at(other));
            }
        }

        #[test]
        fn what_is_said_pays(answers in prop::collection::vec((0.0f32..1.0, prop::bool::ANY), 0..40)) {
            let value = |from: f32| -> f64 {
                answers.iter().filter(|(c, _)| *c >= from).map(|(_, r)| if *r { 1.0 } else { -COST }).sum()
            };
            let chosen = value(threshold(&answers));
            prop_assert!(answers.iter().all(|(c, _)| value(*c) <= chosen + 1e-9) && chosen >= 0.0);
        }
    }
}
