//! How much the student listens to the teacher, over time.

/// `w(t) = exp(-5 (1 - min(t, T) / T)^2)`, from `exp(-5)` at the first step to 1 at step `T = share x total` and after
/// (Laine and Aila 2017; released code, there with T fixed at 4000 of 15,000 steps). A share of 0 is 1 from the start.
pub fn ramp(step: usize, total: usize, share: f64) -> f64 {
    let length = share * total as f64;
    if length <= 0.0 {
        return 1.0;
    }
    let missing = 1.0 - (step as f64 / length).min(1.0);
    (-5.0 * missing * missing).exp()
}

#[cfg(test)]
mod tests {
    use super::ramp;

    #[test]
    fn starts_low_ends_at_one_and_never_falls() {
        assert!((ramp(0, 1000, 0.27) - (-5.0f64).exp()).abs() < 1e-12);
        assert_eq!(ramp(270, 1000, 0.27), 1.0);
        assert_eq!(ramp(999, 1000, 0.27), 1.0);
        assert!((ramp(135, 1000, 0.27) - (-1.25f64).exp()).abs() < 1e-12);
        assert!((0..1000).map(|s| ramp(s, 1000, 0.27)).is_sorted());
        assert_eq!((ramp(0, 0, 0.27), ramp(0, 10, 0.0)), (1.0, 1.0));
    }
}
