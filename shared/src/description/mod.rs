//! Descriptions of a lesion in words: one schema for every source, over a restricted vocabulary.
//!
//! ```text
//! image + gaze ──► measured ──┐
//! VLM answer   ──► parse ─────┼──► Description { field: value } ──► phrases ──► embeddings ──► the teacher's tokens
//! clinician    ──► menus ─────┘                └──► sentence (for people)
//! ```
//!
//! The paper asks a vision-language model for {Location, Boundary, Characteristics, Area
//! Percentage, Confidence, Remarks}, each from a restricted vocabulary (method, section 1). Here
//! Location is [`Field::Location`], Boundary is [`Field::Border`], Characteristics are shape,
//! colour, contrast, texture and the findings of the modality, Area Percentage is [`Field::Size`],
//! Remarks are [`Description::free_text`]. So every (field, value) is one phrase that can be
//! embedded once, switched off, changed and looked at.

mod conflict;
mod json;
mod loose;
pub mod measured;
mod phrase;
mod sentence;
pub mod vlm;
mod vocabulary;

pub use json::{SCHEMA_VERSION, json_schema};
use json::{is_cut_json5, is_json5};
pub use phrase::{EMBEDDING, PHRASES, Phrase, PhraseTable, PhraseTableError};
pub use sentence::SentencePart;
pub use vocabulary::{Field, Modality, Word};

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where the words of a description come from. Written as `vlm:<model>`, `distilled:<model>`,
/// `measured`, `clinician` or `drawn`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Source {
    /// A vision-language model, by its name.
    Vlm(String),
    /// A small network that learnt the answers of a vision-language model, by that model's name.
    Distilled(String),
    /// Measured from the image and a gaze mask: geometry and colour, no language model.
    Measured,
    /// A person.
    Clinician,
    /// Known from how a phantom was drawn.
    Drawn,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vlm(model) => write!(f, "vlm:{model}"),
            Self::Distilled(model) => write!(f, "distilled:{model}"),
            Self::Measured => f.write_str("measured"),
            Self::Clinician => f.write_str("clinician"),
            Self::Drawn => f.write_str("drawn"),
        }
    }
}

impl FromStr for Source {
    type Err = DescriptionError;

    fn from_str(text: &str) -> Result<Self, DescriptionError> {
        let bad = || DescriptionError::Value {
            field: "source".into(),
            value: text.into(),
            allowed: "vlm:<model>, distilled:<model>, measured, clinician, drawn".into(),
        };
        match text.split_once(':') {
            Some(("vlm", model)) if !model.is_empty() => Ok(Self::Vlm(model.into())),
            Some(("distilled", model)) if !model.is_empty() => Ok(Self::Distilled(model.into())),
            None if text == "measured" => Ok(Self::Measured),
            None if text == "clinician" => Ok(Self::Clinician),
            None if text == "drawn" => Ok(Self::Drawn),
            _ => Err(bad()),
        }
    }
}

impl TryFrom<String> for Source {
    type Error = DescriptionError;

    fn try_from(text: String) -> Result<Self, DescriptionError> {
        text.parse()
    }
}

impl From<Source> for String {
    fn from(source: Source) -> Self {
        source.to_string()
    }
}

/// What is wrong with a description. Every text names the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionError {
    /// Not JSON, or not an object.
    #[error("the description is not a JSON object: {0}")]
    Json(String),
    /// A field that the schema does not have.
    #[error("unknown field `{field}`; the schema has: {allowed}")]
    UnknownField {
        /// The field.
        field: String,
        /// What it could be.
        allowed: String,
    },
    /// A field that must be there and is not.
    #[error("the field `{0}` is missing")]
    Missing(String),
    /// A value outside the vocabulary.
    #[error("`{value}` is not a value of the field `{field}`; it takes: {allowed}")]
    Value {
        /// The field.
        field: String,
        /// The value found.
        value: String,
        /// What it could be.
        allowed: String,
    },
    /// Two statements that cannot both be true.
    #[error("the field `{field}` contradicts itself or another: {cause}")]
    Conflict {
        /// The field.
        field: String,
        /// What contradicts what.
        cause: String,
    },
}

/// A description of the one lesion (or gland) of an image. A field without a value is `not_assessable`.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// What kind of image is described.
    pub modality: Modality,
    values: BTreeMap<Field, &'static Word>,
    /// Remarks in free words, at most [`FREE_TEXT_WORDS`]; may be empty.
    pub free_text: String,
    /// How sure the source is, 0..1.
    pub confidence: f32,
    /// Where the words come from.
    pub source: Source,
}

/// Most words of [`Description::free_text`].
pub const FREE_TEXT_WORDS: usize = 40;

/// How `not_assessable` is written.
pub const NOT_ASSESSABLE: &str = "not_assessable";

impl Description {
    /// A description in which nothing is assessable yet.
    pub fn new(modality: Modality, source: Source) -> Self {
        Self { modality, values: BTreeMap::new(), free_text: String::new(), confidence: 1.0, source }
    }

    /// The word of a field; `None` is `not_assessable`.
    pub fn get(&self, field: Field) -> Option<&'static Word> {
        self.values.get(&field).copied()
    }

    /// Sets a field to a word of its vocabulary, or to `not_assessable` (also for `None`).
    ///
    /// # Errors
    /// [`DescriptionError::Value`] for another word, [`DescriptionError::Conflict`] for a field of
    /// another modality. The description is unchanged then. Contradictions between fields are found
    /// by [`Self::check`].
    pub fn set(&mut self, field: Field, value: Option<&str>) -> Result<(), DescriptionError> {
        match value.filter(|v| *v != NOT_ASSESSABLE) {
            Some(value) => drop(self.values.insert(field, Phrase::find(self.modality, field, value)?.word())),
            None if self.modality.fields().contains(&field) => drop(self.values.remove(&field)),
            None => return Err(phrase::foreign(self.modality, field)),
        }
        Ok(())
    }

    /// The assessable fields with their words, in the schema's order.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &'static Word)> + '_ {
        self.values.iter().map(|(field, word)| (*field, *word))
    }

    /// Whether nothing is assessable.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The phrases of the assessable fields, in the schema's order: what the teacher reads.
    pub fn phrases(&self) -> Vec<Phrase> {
        self.iter().filter_map(|(field, word)| Phrase::find(self.modality, field, word.name).ok()).collect()
    }

    /// The description of the mirrored image: its location word is mirrored. Free text cannot be
    /// mirrored, so it is dropped.
    #[must_use]
    pub fn flip(&self, horizontal: bool, vertical: bool) -> Self {
        if !horizontal && !vertical {
            return self.clone();
        }
        let mut flipped = Self { free_text: String::new(), ..self.clone() };
        if let Some(word) = self.get(Field::Location) {
            let name = vocabulary::mirrored_location(word.name, horizontal, vertical);
            let words = Field::Location.words(self.modality);
            flipped.values.insert(Field::Location, words.iter().find(|w| w.name == name).unwrap_or(&words[0]));
        }
        flipped
    }

    /// Looks for contradictions between fields.
    ///
    /// # Errors
    /// [`DescriptionError::Conflict`], naming both fields.
    pub fn check(&self) -> Result<(), DescriptionError> {
        conflict::check(self)
    }

    /// One plain English sentence that says what the fields say.
    pub fn sentence(&self) -> String {
        self.sentence_parts().into_iter().map(|part| part.text).collect()
    }

    /// The same sentence in parts, so that each of its words can be shown as what it is: the word of a field.
    pub fn sentence_parts(&self) -> Vec<SentencePart> {
        sentence::parts(self)
    }
}

#[cfg(test)]
mod tests;
