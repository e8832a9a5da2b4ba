//! How long somebody draws. Breaks do not count. Plain data; the caller knows the time.

/// A break of more than this does not count, in ms.
const BREAK: f64 = 5000.0;

/// A stopwatch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stopwatch {
    ms: f64,
    last: Option<f64>,
}

impl Stopwatch {
    /// Something was done at this moment, in ms.
    pub fn tick(&mut self, now: f64) {
        if let Some(last) = self.last {
            self.ms += (now - last).clamp(0.0, BREAK);
        }
        self.last = Some(now);
    }

    /// Seconds so far.
    pub fn seconds(&self) -> f64 {
        self.ms / 1e3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_breaks_do_not_count() {
        let mut watch = Stopwatch::default();
        for now in [100.0, 1100.0, 3100.0, 603_100.0, 603_600.0] {
            watch.tick(now);
        }
        assert!((watch.seconds() - 8.5).abs() < 1e-9, "{}", watch.seconds());
        watch.tick(0.0);
        assert!((watch.seconds() - 8.5).abs() < 1e-9, "a clock that was set back");
    }
}
