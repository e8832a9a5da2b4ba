//! How the learning rate moves over a phase of training.

/// One cycle (Smith and Topin 2018, with the defaults of `torch.optim.lr_scheduler.OneCycleLR`): from `peak / 25` up to
/// `peak` over the first 30 % of the steps, then down to nearly 0, both along a half cosine.
pub fn one_cycle(step: usize, total: usize, peak: f64) -> f64 {
    let (start, end) = (peak / 25.0, peak / 25.0e4);
    let last = total.saturating_sub(1).max(1) as f64;
    let progress = (step as f64 / last).min(1.0);
    if progress < 0.3 { anneal(start, peak, progress / 0.3) } else { anneal(peak, end, (progress - 0.3) / 0.7) }
}

/// Half a cosine from `from` at the first step down to `to` after the last
/// (`torch.optim.lr_scheduler.CosineAnnealingLR` with `T_max` the number of steps): the released
/// code's schedule, there from 1e-2 to 1e-4.
pub fn cosine(step: usize, total: usize, from: f64, to: f64) -> f64 {
    anneal(from, to, (step as f64 / total.max(1) as f64).min(1.0))
}

/// The place `part` (0..1) of a half cosine.
fn anneal(from: f64, to: f64, part: f64) -> f64 {
    to + (from - to) * (1.0 + (part * std::f64::consts::PI).cos()) / 2.0
}

#[cfg(test)]
mod tests {
    use super::{cosine, one_cycle};

    #[test]
    fn half_a_cosine_falls_from_one_rate_to_the_other() {
        let rates: Vec<f64> = (0..=100).map(|s| cosine(s, 100, 1e-2, 1e-4)).collect();
        assert!((rates[0] - 1e-2).abs() < 1e-12 && (rates[100] - 1e-4).abs() < 1e-12);
        assert!((rates[50] - (1e-2 + 1e-4) / 2.0).abs() < 1e-12);
        assert!(rates.iter().rev().is_sorted());
        assert!(cosine(0, 0, 1.0, 0.1).is_finite());
    }

    #[test]
    fn rises_peaks_and_falls() {
        let rates: Vec<f64> = (0..101).map(|s| one_cycle(s, 101, 1.0)).collect();
        assert!((rates[0] - 0.04).abs() < 1e-9);
        assert!((rates[30] - 1.0).abs() < 1e-9);
        assert!(rates[100] < 1e-5);
        assert!(rates[..31].is_sorted() && rates[30..].iter().rev().is_sorted());
        assert!(one_cycle(0, 1, 1.0).is_finite());
    }
}
