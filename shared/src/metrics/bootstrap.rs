//! Percentile bootstrap over images (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 16).

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::percentile;

/// Resamples drawn: the ends of a 95 % interval then move by less than a tenth of its width from seed to seed.
const RESAMPLES: usize = 4000;
const LOW: f64 = 0.025;
const HIGH: f64 = 0.975;

/// The 95 % percentile bootstrap interval of the mean of `values`, one value an image: the 2.5th and the 97.5th
/// percentile of the means of 4000 resamples drawn with replacement. The same seed gives the same interval.
///
/// (NaN, NaN) for no values.
pub fn bootstrap_interval(values: &[f64], seed: u64) -> (f64, f64) {
    let means = resampled_means(values, RESAMPLES, seed);
    (percentile(&means, LOW), percentile(&means, HIGH))
}

/// How much better one method is than another on the same images.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairedDifference {
    /// Mean over the images of first minus second.
    pub mean: f64,
    /// Lower end of the 95 % percentile bootstrap interval of that mean.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Two-sided achieved significance level: twice the smaller share of resampled means on either side of zero, at
    /// most 1, with one added to count and number of resamples so that it is never 0 (Davison and Hinkley 1997, 4.2).
    pub p_value: f64,
}

/// Bootstraps the mean of `first[i] - second[i]`, where `i` runs over the images: whole pairs are resampled, so what
/// makes an image hard for both methods cancels.
///
/// All NaN for no images.
///
/// # Panics
/// When the two differ in length: then they are not pairs.
pub fn paired_bootstrap(first: &[f64], second: &[f64], seed: u64) -> PairedDifference {
    paired_bootstrap_of(first, second, RESAMPLES, seed)
}

/// As [`paired_bootstrap`], with your own number of resamples.
///
/// # Panics
/// When the two differ in length: then they are not pairs.
pub fn paired_bootstrap_of(first: &[f64], second: &[f64], resamples: usize, seed: u64) -> PairedDifference {
    assert_eq!(first.len(), second.len(), "a paired bootstrap needs both methods on the same images");
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    let means = resampled_means(&differences, resamples, seed);
    let share = |count: usize| (count + 1) as f64 / (means.len() + 1) as f64;
    let below = share(means.iter().filter(|m| **m <= 0.0).count());
    let above = share(means.iter().filter(|m| **m >= 0.0).count());
    PairedDifference {
        mean: differences.iter().sum::<f64>() / differences.len() as f64,
        low: percentile(&means, LOW),
        high: percentile(&means, HIGH),
        p_value: if means.is_empty() { f64::NAN } else { (2.0 * below.min(above)).min(1.0) },
    }
}

/// The means of the resamples, ascending; none for no values.
fn resampled_means(values: &[f64], resamples: usize, seed: u64) -> Vec<f64> {
    // Drawing a u32 makes the sequence the same on 32-bit (browser) and 64-bit machines.
    let count = u32::try_from(values.len()).unwrap_or(u32::MAX);
    if count == 0 {
        return Vec::new();
    }
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let mut draw = || values[random.random_range(0..count) as usize];
    let mut means: Vec<f64> =
        (0..resamples).map(|_| (0..count).map(|_| draw()).sum::<f64>() / f64::from(count)).collect();
    means.sort_unstable_by(f64::total_cmp);
    means
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn interval_of_a_known_spread() {
        // 400 values of mean 0.5 and standard deviation 0.2887: the normal interval is 0.5 +- 0.0283.
        let values: Vec<f64> = (0..400).map(|i| (f64::from(i) + 0.5) / 400.0).collect();
        let (low, high) = bootstrap_interval(&values, 7);
        assert!((low - 0.4717).abs() < 0.003 && (high - 0.5283).abs() < 0.003, "{low} {high}");
    }

    #[test]
    fn no_images_give_nan() {
        assert!(bootstrap_interval(&[], 1).0.is_nan());
        assert!(paired_bootstrap(&[], &[], 1).p_value.is_nan());
    }

    #[test]
    fn pairing_finds_a_small_steady_gain() {
        let hard: Vec<f64> = (0..60).map(|i| f64::from(i * 37 % 60) / 60.0).collect();
        let better: Vec<f64> = hard.iter().enumerate().map(|(i, v)| v + 0.01 + 0.002 * (i % 3) as f64).collect();
        let gain = paired_bootstrap(&better, &hard, 3);
        assert!(gain.low > 0.0 && gain.p_value < 0.001 && (gain.mean - 0.012).abs() < 1e-9, "{gain:?}");
        // More resamples move the ends of the interval by little, and the mean not at all.
        let more = paired_bootstrap_of(&better, &hard, 10_000, 4);
        assert!(more.mean == gain.mean && (more.low - gain.low).abs() < 1e-4 && more != gain, "{more:?} {gain:?}");
        let none = paired_bootstrap(&hard, &hard, 3);
        assert_eq!((none.mean, none.low, none.high, none.p_value), (0.0, 0.0, 0.0, 1.0));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn repeats_and_stays_in_range(values in prop::collection::vec(0.0f64..1.0, 1..40), seed: u64) {
            let (low, high) = bootstrap_interval(&values, seed);
            prop_assert_eq!((low, high), bootstrap_interval(&values, seed));
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(least - 1e-12 <= low && low <= high && high <= most + 1e-12);
        }
    }
}
