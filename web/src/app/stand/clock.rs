//! How long nobody has touched the page. Plain data.

/// Seconds without a touch after which the visitor is gone, unless the address says another number.
const PATIENCE_S: f64 = 15.0;

/// When the page was touched last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    patience_ms: f64,
    touched_ms: f64,
}

impl Clock {
    /// The clock of a page whose address says `asked` after `?kiosk=`, at a moment in ms; nothing
    /// where it asks for no stand.
    pub fn of(asked: Option<&str>, now: f64) -> Option<Self> {
        let seconds = asked?.parse().ok().filter(|s: &f64| s.is_finite() && *s >= 1.0).unwrap_or(PATIENCE_S);
        Some(Self { patience_ms: seconds * 1e3, touched_ms: now })
    }

    /// Somebody is there.
    pub fn touch(&mut self, now: f64) {
        self.touched_ms = now;
    }

    /// Whether nobody has been there for longer than its patience.
    pub fn idle(&self, now: f64) -> bool {
        now - self.touched_ms > self.patience_ms
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn patience_is_what_the_address_says_where_that_is_a_number() {
        let patience = |asked| Clock::of(asked, 0.0).map(|clock| clock.patience_ms);
        assert_eq!(patience(None), None);
        assert_eq!(patience(Some("")), Some(15_000.0));
        assert_eq!(patience(Some("20")), Some(20_000.0));
        assert_eq!(patience(Some("0")), Some(15_000.0));
        assert_eq!(patience(Some("NaN")), Some(15_000.0));
    }

    #[test]
    fn a_touch_begins_the_waiting_again() {
        let mut clock = Clock::of(Some("2"), 1000.0).unwrap();
        assert!(!clock.idle(3000.0) && clock.idle(3001.0));
        clock.touch(3001.0);
        assert!(!clock.idle(5000.0) && clock.idle(5002.0));
    }
}
