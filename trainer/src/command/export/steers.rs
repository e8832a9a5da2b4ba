//! Which words steer the teacher, for the manifest: out of the JSON of `fovea eval --interact`.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use fovea_shared::{bundle::Steering, description::Field};
use serde::Deserialize;

/// Share of two-lesion pictures in which at least half of the mask must move to the described side,
/// for location to be offered.
const LEAST_MOVED: f64 = 0.8;

/// Largest factor of the mask's area under the word "small", and least under "large", for size to be offered.
const AREA_FACTORS: (f64, f64) = (0.7, 1.3);

/// Pictures of two lesions on which location words are tried: the part of the file, and what it is
/// called here. Whichever follows the words least decides.
const PICTURES: [(&str, &str); 2] = [("words_side_by_side", "side by side"), ("words_blended", "blended")];

/// The part of the file with the size words.
const SIZE: &str = "words_size";

/// The file, as far as it is read here: averages over images by part and measure.
#[derive(Deserialize)]
struct Interact {
    kind: String,
    parts: BTreeMap<String, BTreeMap<String, Average>>,
}

#[derive(Deserialize)]
struct Average {
    mean: f64,
}

impl Interact {
    fn mean(&self, part: &str, measure: &str) -> Option<f64> {
        self.parts.get(part)?.get(measure).map(|average| average.mean)
    }
}

/// Reads what was measured of words.
///
/// # Errors
/// A file that cannot be read, is of another kind, or has neither a location nor a size that was measured.
pub(super) fn read(path: &Path) -> Result<BTreeMap<Field, Steering>> {
    let file = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("{file} cannot be read"))?;
    steers(&text).with_context(|| format!("{file} is not what `fovea eval --interact` writes of a teacher that reads"))
}

fn steers(text: &str) -> Result<BTreeMap<Field, Steering>> {
    let found: Interact = serde_json::from_str(text)?;
    ensure!(found.kind == "interact", "its kind is `{}`, not `interact`", found.kind);
    let fields = [(Field::Location, location(&found)), (Field::Size, size(&found))];
    let steers: BTreeMap<_, _> = fields.into_iter().filter_map(|(field, measured)| Some((field, measured?))).collect();
    ensure!(!steers.is_empty(), "it measures neither location words nor size words");
    Ok(steers)
}

fn location(found: &Interact) -> Option<Steering> {
    let moved: Vec<(f64, &str)> =
        PICTURES.iter().filter_map(|(part, name)| Some((found.mean(part, "moved")?, *name))).collect();
    let effect = moved.iter().map(|(share, _)| *share).min_by(f64::total_cmp)?;
    let each: Vec<String> = moved.iter().map(|(share, name)| format!("{name} {share:.2}")).collect();
    let what = format!(
        "share of two-lesion pictures in which at least half of the mask moves to the described side ({})",
        each.join(", ")
    );
    Some(Steering { effect, what, offered: effect >= LEAST_MOVED })
}

fn size(found: &Interact) -> Option<Steering> {
    let [small, large] = ["small", "large"].map(|word| found.mean(SIZE, word));
    let (small, large) = (small?, large?);
    let what = format!(
        "area under “large” less area under “small”, as factors of the mask before (small {small:.2}, large {large:.2})"
    );
    let offered = small <= AREA_FACTORS.0 && large >= AREA_FACTORS.1;
    Some(Steering { effect: large - small, what, offered })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(parts: &str) -> Result<Vec<(Field, bool)>> {
        let text = format!(r#"{{"kind": "interact", "study": "x", "parts": {parts}}}"#);
        Ok(steers(&text)?.into_iter().map(|(field, steering)| (field, steering.offered)).collect())
    }

    #[test]
    fn a_field_is_offered_when_its_words_do_what_they_say() {
        let parts = |side: f64, blended: f64, small: f64, large: f64| {
            let moved = |mean: f64| format!(r#"{{"moved": {{"mean": {mean}, "low": 0, "high": 1, "sd": null}}}}"#);
            format!(
                r#"{{"looks": {{"gain_1": {{"mean": 0.1}}}}, "words_side_by_side": {}, "words_blended": {},
                    "words_size": {{"small": {{"mean": {small}}}, "large": {{"mean": {large}}}}}}}"#,
                moved(side),
                moved(blended)
            )
        };
        let both = |location, size| vec![(Field::Location, location), (Field::Size, size)];
        let offered = |side, blended, small, large| of(&parts(side, blended, small, large)).unwrap();
        assert_eq!(offered(0.9, 0.8, 0.7, 1.3), both(true, true), "the limits themselves are enough");
        assert_eq!(offered(0.79, 0.9, 0.5, 1.29), both(false, false));
        assert_eq!(offered(0.95, 0.79, 0.71, 2.0), both(false, false), "one kind of picture is not enough");
        let text = format!(r#"{{"kind": "interact", "parts": {}}}"#, parts(0.9, 0.82, 0.5, 1.75));
        let found = steers(&text).unwrap();
        assert_eq!((found[&Field::Location].effect, found[&Field::Size].effect), (0.82, 1.25));
        assert!(found[&Field::Location].what.ends_with("(side by side 0.90, blended 0.82)"));
    }

    #[test]
    fn what_was_not_measured_is_not_said() {
        let size = r#"{"words_size": {"small": {"mean": 0.4}, "large": {"mean": 1.6}}}"#;
        assert_eq!(of(size).unwrap(), [(Field::Size, true)]);
        assert_eq!(of(r#"{"words_blended": {"moved": {"mean": 0.9}}}"#).unwrap(), [(Field::Location, true)]);
        let error = |text: &str| format!("{:#}", steers(text).unwrap_err());
        assert!(
            error(r#"{"kind": "interact", "parts": {"words_size": {"small": {"mean": 0.4}}}}"#).contains("neither")
        );
        assert!(error(r#"{"kind": "study", "parts": {}}"#).contains("`study`"));
        assert!(error(r#"{"rows": []}"#).contains("kind"));
    }
}
