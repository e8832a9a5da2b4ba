//! Descriptions to and from JSON, strictly: what the schema does not know is an error that names the field.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::{Map, Value, json};

use super::loose;
use super::{Description, DescriptionError, FREE_TEXT_WORDS, Field, Modality, NOT_ASSESSABLE, Source, vocabulary};

/// Version of the schema. It changes whenever a field or a word does.
pub const SCHEMA_VERSION: u32 = 1;

/// Keys of a description besides its fields.
const OTHER: [&str; 5] = ["schema", "modality", "free_text", "confidence", "source"];

/// What `free_text` may look like in a model's answer: nothing that JSON would have to escape.
const REMARKS: &str = "^[a-zA-Z0-9 ,.;:()%'/-]{0,300}$";

/// The JSON Schema of the answer that a model is to give: the fields of the modality, each an enum
/// with `not_assessable`, `free_text` and `confidence` (0 to 1 in steps of 0.1). Only keywords that
/// the grammars of llama.cpp and the strict modes of hosted servers both understand. Version,
/// modality and source are added by the caller.
pub fn json_schema(modality: Modality) -> Value {
    let mut properties = Map::new();
    for &field in modality.fields() {
        let names: Vec<&str> = field.words(modality).iter().map(|w| w.name).chain([NOT_ASSESSABLE]).collect();
        properties.insert(field.name().into(), json!({ "type": "string", "enum": names }));
    }
    // No lengths and no ranges: hosted servers refuse them, and llama.cpp's grammars know no range
    // of a number. Remarks are plain characters on one line, bounded, since small models repeat
    // themselves without end.
    properties.insert("free_text".into(), json!({ "type": "string", "pattern": REMARKS }));
    let steps: Vec<f64> = (0..=10).map(|i| f64::from(i) / 10.0).collect();
    properties.insert("confidence".into(), json!({ "type": "number", "enum": steps }));
    let required: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

impl Description {
    /// Reads a whole description: version, modality and source must be there, fields may be left out.
    ///
    /// # Errors
    /// [`DescriptionError`], naming the field.
    pub fn from_json(text: &str) -> Result<Self, DescriptionError> {
        Self::from_whole(&pairs(text)?)
    }

    fn from_whole(pairs: &[(String, Value)]) -> Result<Self, DescriptionError> {
        let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v);
        let version = get("schema").ok_or_else(|| DescriptionError::Missing("schema".into()))?;
        if version.as_u64() != Some(u64::from(SCHEMA_VERSION)) {
            return Err(wrong("schema", version, &SCHEMA_VERSION.to_string()));
        }
        let name = get("modality").ok_or_else(|| DescriptionError::Missing("modality".into()))?;
        let modality = Modality::ALL
            .into_iter()
            .find(|m| name == m.name())
            .ok_or_else(|| wrong("modality", name, &Modality::ALL.map(Modality::name).join(", ")))?;
        let source = get("source").ok_or_else(|| DescriptionError::Missing("source".into()))?;
        let source: Source = source.as_str().unwrap_or_default().parse()?;
        Self::from_pairs(modality, source, pairs)
    }

    /// Reads a model's answer: the fields, `free_text` and `confidence`. What the answer says of
    /// schema, modality and source is not believed. Words in other case and the like are taken for
    /// what they mean (see `loose.rs`).
    ///
    /// # Errors
    /// [`DescriptionError`], naming the field.
    pub fn from_answer(modality: Modality, source: Source, text: &str) -> Result<Self, DescriptionError> {
        Self::from_pairs(modality, source, &answered(modality, text)?)
    }

    /// As [`Self::from_answer`], of an answer that was asked for every field and its confidence.
    ///
    /// # Errors
    /// [`DescriptionError`], naming the field, also one that is missing.
    pub(super) fn from_whole_answer(modality: Modality, source: Source, text: &str) -> Result<Self, DescriptionError> {
        let pairs = answered(modality, text)?;
        let description = Self::from_pairs(modality, source, &pairs)?;
        let asked = modality.fields().iter().map(|field| field.name()).chain(["confidence"]);
        match asked.into_iter().find(|name| pairs.iter().all(|(key, _)| key != name)) {
            Some(name) => Err(DescriptionError::Missing(name.into())),
            None => Ok(description),
        }
    }

    fn from_pairs(modality: Modality, source: Source, pairs: &[(String, Value)]) -> Result<Self, DescriptionError> {
        let mut found = Self::new(modality, source);
        for (key, value) in pairs {
            match key.as_str() {
                "schema" | "modality" | "source" => {}
                "free_text" => found.free_text = free_text(value)?,
                "confidence" => {
                    let number = value.as_f64().filter(|v| (0.0..=1.0).contains(v));
                    found.confidence = number.ok_or_else(|| wrong(key, value, "a number from 0 to 1"))? as f32;
                }
                _ => {
                    let field = Field::from_name(key).ok_or_else(|| DescriptionError::UnknownField {
                        field: key.clone(),
                        allowed: modality.fields().iter().map(|f| f.name()).chain(OTHER).collect::<Vec<_>>().join(", "),
                    })?;
                    match value {
                        Value::String(word) => found.set(field, Some(word))?,
                        Value::Null => found.set(field, None)?,
                        Value::Array(_) => {
                            return Err(DescriptionError::Conflict {
                                field: key.clone(),
                                cause: format!("it takes one value, not {value}"),
                            });
                        }
                        _ => return Err(wrong(key, value, &vocabulary::list(field.words(modality)))),
                    }
                }
            }
        }
        found.check()?;
        Ok(found)
    }

    /// The description as compact JSON, `not_assessable` fields included.
    pub fn to_json(&self) -> String {
        // Strings and numbers only: nothing here can fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn wrong(field: &str, value: &Value, allowed: &str) -> DescriptionError {
    let value = value.as_str().map_or_else(|| value.to_string(), str::to_string);
    DescriptionError::Value { field: field.into(), value, allowed: allowed.into() }
}

/// Free text, cut to its first [`FREE_TEXT_WORDS`] words.
fn free_text(value: &Value) -> Result<String, DescriptionError> {
    let text = value.as_str().ok_or_else(|| wrong("free_text", value, "text"))?;
    Ok(text.split_whitespace().take(FREE_TEXT_WORDS).collect::<Vec<_>>().join(" "))
}

/// The members of a JSON object in their order. A key that comes twice with different values is a conflict.
fn pairs(text: &str) -> Result<Vec<(String, Value)>, DescriptionError> {
    unique(serde_json::from_str(text).map_err(|e| DescriptionError::Json(e.to_string()))?)
}

/// The members of an answer, in the words of the schema where they mean them.
fn answered(modality: Modality, text: &str) -> Result<Vec<(String, Value)>, DescriptionError> {
    let members = match serde_json::from_str(text) {
        Ok(members) => members,
        Err(error) => loose_members(text).ok_or_else(|| DescriptionError::Json(error.to_string()))?,
    };
    unique(Members(loose::in_our_words(modality, unique(members)?)))
}

fn loose_members(text: &str) -> Option<Members> {
    if loose::is_shallow(text) { json5::from_str(text).ok() } else { None }
}

/// Whether a text is one JSON5 object.
pub(super) fn is_json5(text: &str) -> bool {
    loose_members(text).is_some()
}

/// Whether a text is JSON5 that breaks off.
pub(super) fn is_cut_json5(text: &str) -> bool {
    let cut = |error: json5::Error| error.code().is_some_and(|code| format!("{code:?}").starts_with("Eof"));
    loose::is_shallow(text) && json5::from_str::<Members>(text).is_err_and(cut)
}

fn unique(members: Members) -> Result<Vec<(String, Value)>, DescriptionError> {
    let mut seen: BTreeMap<&str, &Value> = BTreeMap::new();
    for (key, value) in &members.0 {
        if let Some(other) = seen.insert(key, value).filter(|other| *other != value) {
            return Err(DescriptionError::Conflict { field: key.clone(), cause: format!("{other} and {value}") });
        }
    }
    Ok(members.0)
}

/// An object's members, duplicates kept.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    members.push(pair);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

impl Serialize for Description {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", &SCHEMA_VERSION)?;
        map.serialize_entry("modality", self.modality.name())?;
        for &field in self.modality.fields() {
            map.serialize_entry(field.name(), self.get(field).map_or(NOT_ASSESSABLE, |w| w.name))?;
        }
        map.serialize_entry("free_text", &self.free_text)?;
        map.serialize_entry("confidence", &self.confidence)?;
        map.serialize_entry("source", &self.source)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Description {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        unique(members).and_then(|pairs| Self::from_whole(&pairs)).map_err(de::Error::custom)
    }
}
