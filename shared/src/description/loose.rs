//! What a language model may write otherwise than the schema has it, and what is meant without doubt.
//!
//! Accepted in an answer: JSON with comments, trailing commas, single quotes or bare keys (JSON5);
//! one object around the answer, such as
//! `{"description": {...}}` or a tool call written as text; fields and words in other case, with
//! blanks or hyphens, and in American
//! spelling; a list of one word; a confidence as text, in per cent (`"80 %"`), or from 11 to 100.
//! Everything else is refused by name.

use serde_json::{Map, Value};

use super::{Field, Modality, NOT_ASSESSABLE};

/// Most brackets within each other in JSON5, whose reader has no bound of its own.
const MOST_NESTED: usize = 32;

/// Below this a number above 1 may be a mark out of 5 or out of 10 as well as a percentage.
const SURELY_PER_CENT: f64 = 10.0;

/// Most objects around an answer that are taken off.
const MOST_WRAPPERS: usize = 4;

/// Whether a text is nested so little that the JSON5 reader is safe.
pub(super) fn is_shallow(text: &str) -> bool {
    let mut depth = 0usize;
    text.bytes().all(|byte| {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth <= MOST_NESTED
    })
}

/// The members of an answer under the names and words of the schema, as far as they mean them.
pub(super) fn in_our_words(modality: Modality, mut members: Vec<(String, Value)>) -> Vec<(String, Value)> {
    for _ in 0..MOST_WRAPPERS {
        match inner(&members) {
            Some(inner) => members = inner.into_iter().collect(),
            None => break,
        }
    }
    members.into_iter().map(|(key, value)| member(modality, key, value)).collect()
}

/// What a wrapper holds: the only member where it is not a field, or the arguments of a tool call.
fn inner(members: &[(String, Value)]) -> Option<Map<String, Value>> {
    let is_call = |key: &str| matches!(key, "name" | "type" | "id");
    let is_arguments = |key: &str| matches!(key, "arguments" | "parameters");
    let mut others = members.iter().filter(|(key, _)| !is_call(key));
    let (key, value) = others.next()?;
    if others.next().is_some() || (members.len() > 1 && !is_arguments(key)) || field(key).is_some() {
        return None;
    }
    match value {
        Value::Object(map) => Some(map.clone()),
        Value::Array(list) => match list.as_slice() {
            [Value::Object(map)] => Some(map.clone()),
            _ => None,
        },
        Value::String(text) if is_arguments(key) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

fn member(modality: Modality, key: String, value: Value) -> (String, Value) {
    if let Some(field) = field(&key) {
        return (field.name().to_owned(), word(modality, field, value));
    }
    match folded(&key).as_str() {
        "confidence" => ("confidence".into(), confidence(value)),
        "freetext" => ("free_text".into(), value),
        _ => (key, value),
    }
}

fn field(key: &str) -> Option<Field> {
    let key = folded(key);
    Modality::ALL.iter().flat_map(|m| m.fields()).copied().find(|field| folded(field.name()) == key)
}

/// The word that a value means; the value itself where it means none.
fn word(modality: Modality, field: Field, value: Value) -> Value {
    let only = match &value {
        Value::Array(list) if list.len() == 1 => &list[0],
        other => other,
    };
    let Some(text) = only.as_str() else { return value };
    let text = folded(text);
    let names = field.words(modality).iter().map(|word| word.name).chain([NOT_ASSESSABLE]);
    names.into_iter().find(|name| folded(name) == text).map_or(value, Value::from)
}

/// Letters and digits alone, in lower case and British spelling.
fn folded(text: &str) -> String {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    plain.replace("color", "colour").replace("center", "centre").replace("gray", "grey")
}

fn confidence(value: Value) -> Value {
    let (number, per_cent) = match &value {
        Value::String(text) => {
            let text = text.trim();
            let bare = text.strip_suffix('%');
            (bare.unwrap_or(text).trim().parse::<f64>().ok(), bare.is_some())
        }
        other => (other.as_f64(), false),
    };
    match number {
        Some(number) if per_cent || (number > SURELY_PER_CENT && number <= 100.0) => (number / 100.0).into(),
        Some(number) => number.into(),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn no_two_words_or_fields_fold_to_one() {
        for modality in Modality::ALL {
            let mut fields: Vec<String> = modality.fields().iter().map(|f| folded(f.name())).collect();
            fields.sort();
            fields.dedup();
            assert_eq!(fields.len(), modality.fields().len());
            for field in modality.fields() {
                let mut words: Vec<String> = field.words(modality).iter().map(|w| folded(w.name)).collect();
                words.push(folded(NOT_ASSESSABLE));
                words.sort();
                words.dedup();
                assert_eq!(words.len(), field.words(modality).len() + 1, "{field:?}");
            }
        }
    }

    #[test]
    fn words_are_known_in_other_clothes_and_no_others() {
        for (field, said, meant) in [
            (Field::Shape, json!("Round"), json!("round")),
            (Field::Shape, json!(" ROUND. "), json!("round")),
            (Field::Shape, json!(["oval"]), json!("oval")),
            (Field::Size, json!("Not assessable"), json!("not_assessable")),
            (Field::Size, json!("NOT-ASSESSABLE"), json!("not_assessable")),
            (Field::Location, json!("Upper Center"), json!("upper_centre")),
            (Field::Paris, json!("0-IIA"), json!("0-IIa")),
            (Field::Paris, json!("0 - Is"), json!("0-Is")),
            (Field::Shape, json!("roundish"), json!("roundish")),
            (Field::Shape, json!(["round", "oval"]), json!(["round", "oval"])),
            (Field::Shape, json!(3), json!(3)),
        ] {
            assert_eq!(word(Modality::Polyp, field, said.clone()), meant, "{said}");
        }
    }

    #[test]
    fn confidences() {
        for (said, meant) in [
            (json!(0.8), json!(0.8)),
            (json!("0.8"), json!(0.8)),
            (json!(80), json!(0.8)),
            (json!("80"), json!(0.8)),
            (json!("80 %"), json!(0.8)),
            (json!("5%"), json!(0.05)),
            // Out of 5, out of 10 or per cent: not to be known.
            (json!(8), json!(8.0)),
            (json!(10), json!(10.0)),
            (json!(101), json!(101.0)),
            (json!("high"), json!("high")),
            (json!(null), json!(null)),
        ] {
            assert_eq!(confidence(said.clone()), meant, "{said}");
        }
    }

    #[test]
    fn wrappers_come_off() {
        let of = |value: Value| in_our_words(Modality::Polyp, value.as_object().unwrap().clone().into_iter().collect());
        let expected = vec![("shape".to_owned(), json!("round")), ("confidence".to_owned(), json!(0.5))];
        for value in [
            json!({ "Shape": "Round", "Confidence": "0.5" }),
            json!({ "description": { "shape": "round", "confidence": 0.5 } }),
            json!({ "result": [{ "shape": "round", "confidence": 0.5 }] }),
            json!({ "name": "describe", "arguments": { "shape": "round", "confidence": 0.5 } }),
            json!({ "type": "function", "name": "describe", "parameters": "{\"shape\":\"round\",\"confidence\":0.5}" }),
        ] {
            let mut found = of(value.clone());
            found.sort_by(|a, b| b.0.cmp(&a.0));
            assert_eq!(found, expected, "{value}");
        }
        // A field that holds an object is a wrong value, and two descriptions are none.
        assert_eq!(of(json!({ "shape": { "value": "round" } }))[0].0, "shape");
        assert_eq!(of(json!({ "first": { "shape": "round" }, "second": {} })).len(), 2);
        assert!(is_shallow("{[{}]}") && !is_shallow(&"[".repeat(33)));
    }
}
