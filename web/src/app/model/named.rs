//! A phrase as an address names it: by field and word, without the modality, which the address says elsewhere. Pure: no browser in here.

use std::{fmt, str::FromStr};

use fovea_shared::description::{Field, Modality, Phrase};

/// A word that the field has in at least one modality. Written as `shape.oval`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    field: Field,
    word: &'static str,
}

/// A text that names no word of any vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownWord;

impl Named {
    /// The phrase in a description of this modality; nothing where its field lacks the word there.
    pub fn of(&self, modality: Modality) -> Option<Phrase> {
        Phrase::find(modality, self.field, self.word).ok()
    }
}

impl From<Phrase> for Named {
    fn from(phrase: Phrase) -> Self {
        Self { field: phrase.field(), word: phrase.word().name }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.field.name(), self.word)
    }
}

impl FromStr for Named {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let (field, word) = text.split_once('.').ok_or(UnknownWord)?;
        let field = Field::from_name(field).ok_or(UnknownWord)?;
        let known = Modality::ALL.into_iter().find_map(|modality| Phrase::find(modality, field, word).ok());
        known.map(Self::from).ok_or(UnknownWord)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_comes_back_from_its_name_and_its_modality() {
        for phrase in Phrase::all() {
            let read: Result<Named, _> = Named::from(phrase).to_string().parse();
            assert_eq!(read.ok().and_then(|named| named.of(phrase.modality())), Some(phrase));
        }
    }

    #[test]
    fn what_no_vocabulary_has_is_not_read() {
        for text in ["shape.cubic", "shape", "width.oval", "", ".", "shape.", "shape.not_assessable", "Shape.oval"] {
            assert_eq!(text.parse::<Named>(), Err(UnknownWord), "{text}");
        }
        let veil: Result<Named, _> = "structure.blue_white_veil".parse();
        assert!(veil.is_ok_and(|n| n.of(Modality::SkinLesion).is_some() && n.of(Modality::Polyp).is_none()));
    }
}
