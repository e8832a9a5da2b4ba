//! What a visitor chooses for a field of the description. Pure: no browser in here.

use fovea_shared::description::{Field, Modality, NOT_ASSESSABLE, Phrase, Word};

/// What is said of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A word of its vocabulary.
    Phrase(Phrase),
    /// Nothing: the field is not assessable.
    Nothing(Field),
}

impl Choice {
    /// Reads the value of a menu: the name of a word, or [`NOT_ASSESSABLE`]. Nothing for a word that the vocabulary lacks.
    pub fn parse(modality: Modality, field: Field, value: &str) -> Option<Self> {
        if value == NOT_ASSESSABLE {
            return Some(Self::Nothing(field));
        }
        Phrase::find(modality, field, value).ok().map(Self::Phrase)
    }

    /// The field.
    pub fn field(&self) -> Field {
        match self {
            Self::Phrase(phrase) => phrase.field(),
            Self::Nothing(field) => *field,
        }
    }

    /// The word; nothing where the field is not assessable.
    pub fn word(&self) -> Option<&'static Word> {
        match self {
            Self::Phrase(phrase) => Some(phrase.word()),
            Self::Nothing(_) => None,
        }
    }

    /// Whether a description of this modality can say it.
    pub fn fits(&self, modality: Modality) -> bool {
        match self {
            Self::Phrase(phrase) => phrase.modality() == modality,
            Self::Nothing(field) => modality.fields().contains(field),
        }
    }
}

impl From<Phrase> for Choice {
    fn from(phrase: Phrase) -> Self {
        Self::Phrase(phrase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_menu_chooses_a_word_of_the_field_or_nothing() {
        let parse = |field, value| Choice::parse(Modality::Polyp, field, value);
        assert_eq!(parse(Field::Shape, "oval").and_then(|c| c.word()).map(|w| w.label), Some("oval"));
        assert_eq!(parse(Field::Shape, NOT_ASSESSABLE), Some(Choice::Nothing(Field::Shape)));
        assert_eq!(
            (parse(Field::Shape, "red"), parse(Field::Shape, ""), parse(Field::Symmetry, "symmetric")),
            (None, None, None)
        );
    }

    #[test]
    fn a_choice_fits_the_descriptions_that_have_its_field_and_word() {
        let light_brown = Choice::parse(Modality::SkinLesion, Field::Colour, "light_brown");
        assert!(light_brown.is_some_and(|c| c.fits(Modality::SkinLesion) && !c.fits(Modality::Polyp)));
        assert!(
            Choice::Nothing(Field::Cover).fits(Modality::Polyp)
                && !Choice::Nothing(Field::Cover).fits(Modality::Prostate)
        );
    }
}
