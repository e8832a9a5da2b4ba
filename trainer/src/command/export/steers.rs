//! Which words steer the teacher, for the manifest: out of the JSON of `fovea eval --interact`.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use fovea_shared::{bundle::Steering, description::Field};
use serde::Deserialize;

/// Share of two-lesion pictures in which at least half of the mask must move to the described side, for location to be offered.
const LEAST_MOVED: f64 = 0.8;

/// Largest factor of the mask's area under the word "small", and least under "large", for size to be offered.
const AREA_FACTORS: (f64, f64) = (0.7, 1.3);

/// The file, as far as it is read here.
#[derive(Deserialize)]
struct Interact {
    kind: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    #[serde(default)]
    words: Option<Words>,
}

#[derive(Deserialize)]
struct Words {
    #[serde(default)]
    location: Option<Location>,
    #[serde(default)]
    size: Option<Size>,
}

/// Edits of the location word.
#[derive(Deserialize)]
struct Location {
    moved: Average,
}

/// Edits of the size word.
#[derive(Deserialize)]
struct Size {
    small: Average,
    large: Average,
}

/// An average over images; none where there was no image to measure on.
#[derive(Deserialize)]
struct Average {
    mean: Option<f64>,
}

/// Reads what was measured of a row's words: of the only row with words, else of the row `name`, else of `all`.
///
/// # Errors
/// A file that cannot be read, is of another kind, or has no such row or no measured word.
pub(super) fn read(path: &Path, name: &str) -> Result<BTreeMap<Field, Steering>> {
    let file = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("{file} cannot be read"))?;
    steers(&text, name)
        .with_context(|| format!("{file} is not what `fovea eval --interact` writes, or not of this model"))
}

fn steers(text: &str, name: &str) -> Result<BTreeMap<Field, Steering>> {
    let Interact { kind, rows } = serde_json::from_str(text)?;
    ensure!(kind == "interact", "its kind is `{kind}`, not `interact`");
    let rows: Vec<(String, Words)> = rows.into_iter().filter_map(|row| Some((row.name, row.words?))).collect();
    let named = |name: &str| rows.iter().position(|row| row.0 == name);
    let place = if rows.len() == 1 { Some(0) } else { named(name).or_else(|| named("all")) };
    let names = || rows.iter().map(|row| format!("`{}`", row.0)).collect::<Vec<_>>().join(", ");
    let place =
        place.with_context(|| format!("no row `{name}` and no row `all` has words; these have: {}", names()))?;
    let words = &rows[place].1;
    let location = words.location.as_ref().and_then(|location| location.moved.mean).map(location);
    let size = words.size.as_ref().and_then(|both| Some(size(both.small.mean?, both.large.mean?)));
    let found = [(Field::Location, location), (Field::Size, size)];
    let steers: BTreeMap<_, _> = found.into_iter().filter_map(|(field, measured)| Some((field, measured?))).collect();
    ensure!(!steers.is_empty(), "the row `{}` has neither a location nor a size that was measured", rows[place].0);
    Ok(steers)
}

fn location(moved: f64) -> Steering {
    let what = "share of two-lesion pictures in which at least half of the mask moves to the described side";
    Steering { effect: moved, what: what.into(), offered: moved >= LEAST_MOVED }
}

fn size(small: f64, large: f64) -> Steering {
    let what = format!(
        "area under “large” less area under “small”, as factors of the mask before (small {small:.2}, large {large:.2})"
    );
    Steering { effect: large - small, what, offered: small <= AREA_FACTORS.0 && large >= AREA_FACTORS.1 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn offered(words: &str) -> Vec<(Field, bool)> {
        let text = format!(r#"{{"kind": "interact", "rows": [{{"name": "all", "noc": 3, "words": {words}}}]}}"#);
        steers(&text, "best").unwrap().into_iter().map(|(field, steering)| (field, steering.offered)).collect()
    }

    #[test]
    fn a_field_is_offered_when_its_words_do_what_they_say() {
        let words = |moved: f64, small: f64, large: f64| {
            format!(
                r#"{{"location": {{"moved": {{"mean": {moved}, "low": 0, "high": 1}}, "images": 40}},
                    "size": {{"small": {{"mean": {small}}}, "large": {{"mean": {large}}}}}}}"#
            )
        };
        let both = |location, size| vec![(Field::Location, location), (Field::Size, size)];
        assert_eq!(offered(&words(0.8, 0.7, 1.3)), both(true, true), "the limits themselves are enough");
        assert_eq!(offered(&words(0.79, 0.5, 1.29)), both(false, false));
        assert_eq!(offered(&words(0.95, 0.71, 2.0)), both(true, false));
        assert_eq!(offered(r#"{"size": {"small": {"mean": 0.4}, "large": {"mean": 1.6}}}"#), [(Field::Size, true)]);
        let unmeasured =
            r#"{"location": {"moved": {"mean": null}}, "size": {"small": {"mean": 0.4}, "large": {"mean": 1.6}}}"#;
        assert_eq!(offered(unmeasured), [(Field::Size, true)]);
    }

    #[test]
    fn the_row_is_the_only_one_or_the_named_one() {
        let row = |name: &str, moved: f64| {
            format!(r#"{{"name": "{name}", "words": {{"location": {{"moved": {{"mean": {moved}}}}}}}}}"#)
        };
        let file = |rows: &[String]| format!(r#"{{"kind": "interact", "rows": [{}]}}"#, rows.join(", "));
        let effect = |text: &str| steers(text, "best").map(|found| found[&Field::Location].effect);
        assert_eq!(effect(&file(&[row("x", 0.3), r#"{"name": "student"}"#.into()])).unwrap(), 0.3);
        assert_eq!(effect(&file(&[row("all", 0.1), row("best", 0.2)])).unwrap(), 0.2);
        assert_eq!(effect(&file(&[row("x", 0.3), row("all", 0.1)])).unwrap(), 0.1);
        let error = |text: &str| format!("{:#}", effect(text).unwrap_err());
        assert!(error(&file(&[row("x", 0.3), row("y", 0.1)])).contains("these have: `x`, `y`"));
        assert!(error(r#"{"kind": "study", "rows": []}"#).contains("`study`"));
        assert!(error(&file(&[r#"{"name": "x", "words": {}}"#.into()])).contains("neither a location nor a size"));
    }
}
