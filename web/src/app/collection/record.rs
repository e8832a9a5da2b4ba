//! What the browser keeps of a collection, as text.

use serde::{Deserialize, Serialize};

use super::item::Item;

/// The form that this version writes and reads.
const VERSION: u32 = 1;

/// A picture without its file, which is kept beside it.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    item: Item,
    /// The small copy, as a `data:` address.
    small: String,
}

/// A picture and its small copy as text.
pub fn write(item: &Item, small: &str) -> String {
    let kept = Kept { version: VERSION, item: item.clone(), small: small.into() };
    serde_json::to_string(&kept).unwrap_or_default()
}

/// The picture in a text and its small copy; nothing where another version has written it.
pub fn read(text: &str) -> Option<(Item, String)> {
    let kept: Kept = serde_json::from_str(text).ok()?;
    (kept.version == VERSION).then_some((kept.item, kept.small))
}

/// What is said of work that is kept before it is opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// When it was changed last, in ms since 1970.
    pub when: f64,
    /// How many pictures there are.
    pub pictures: usize,
}

/// How long ago something was, as people say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ago {
    /// On this day.
    Today,
    /// On the day before.
    Yesterday,
    /// So many days ago.
    Days(u64),
}

impl Ago {
    /// Between two moments, in ms of the visitor's own clock: days end at midnight.
    pub fn of(then: f64, now: f64) -> Self {
        const DAY: f64 = 24.0 * 3600.0 * 1000.0;
        match ((now / DAY).floor() - (then / DAY).floor()).max(0.0) as u64 {
            0 => Self::Today,
            1 => Self::Yesterday,
            days => Self::Days(days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_end_at_midnight() {
        const HOUR: f64 = 3600.0 * 1000.0;
        let noon = 20_000.0 * 24.0 * HOUR + 12.0 * HOUR;
        assert_eq!(Ago::of(noon - HOUR, noon), Ago::Today);
        assert_eq!(Ago::of(noon - 13.0 * HOUR, noon), Ago::Yesterday);
        assert_eq!(Ago::of(noon - 60.0 * HOUR, noon), Ago::Days(2));
        assert_eq!(Ago::of(noon + HOUR, noon), Ago::Today, "a clock that was set back");
    }

    #[test]
    fn another_version_is_not_read() {
        assert_eq!(read(r#"{"version":2,"item":{}}"#), None);
        assert_eq!(read("no json"), None);
    }
}
