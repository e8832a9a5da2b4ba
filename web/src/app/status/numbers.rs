//! Numbers and sentences as the page writes them. Pure.

use crate::text::say;

/// A share, in percent.
pub fn percent(share: f32) -> String {
    let value = share * 100.0;
    if value > 0.0 && value < 10.0 { format!("{value:.1} %") } else { format!("{value:.0} %") }
}

/// A time in ms.
pub fn ms(value: f64) -> String {
    if value < 10.0 { format!("{value:.1} ms") } else { format!("{value:.0} ms") }
}

/// A number of bytes.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// How many gaze points there are.
pub fn points(count: usize) -> String {
    say!("points", count = count)
}

/// Sentences one after the other; empty ones are left out.
pub fn sentences<const N: usize>(parts: [&str; N]) -> String {
    let mut said = parts.into_iter().filter(|part| !part.is_empty()).map(str::to_string);
    let first = said.next().unwrap_or_default();
    said.fold(first, |before, after| say!("two-sentences", first = before, second = after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!((percent(0.1234), percent(0.012)), ("12 %".to_string(), "1.2 %".to_string()));
        assert_eq!((ms(3.456), ms(123.4)), ("3.5 ms".to_string(), "123 ms".to_string()));
        assert_eq!(megabytes(8_125_000), "8.1 MB");
        assert_eq!(points(1), "1 gaze point");
    }
}
