//! The vocabulary of the descriptions as visitors read it. What the teacher reads stays the phrase in `fovea_shared::description`.

use fovea_shared::{
    bundle::IndexEntry,
    description::{Field, Modality, Word},
};

use super::{Message, language, say};

/// The title of a field, such as "Shape".
pub fn field(field: Field) -> String {
    Message::named(format!("field-{}", field.name())).to_string()
}

/// A word of a field, such as "oval".
pub fn word(field: Field, word: Option<&Word>) -> String {
    match word {
        Some(word) => Message::named(format!("word-{}-{}", field.name(), word.name)).to_string(),
        None => say!("not-assessable"),
    }
}

/// A cell of the 3x3 grid over the image, named as the words of [`Field::Location`] are.
pub fn place(name: &str) -> String {
    Message::named(format!("word-location-{name}")).to_string()
}

/// What is described, such as "polyp".
pub fn noun(modality: Modality) -> String {
    match modality {
        Modality::Polyp => say!("noun-polyp"),
        Modality::SkinLesion => say!("noun-skin-lesion"),
        Modality::Prostate => say!("noun-prostate"),
    }
}

/// The name of a domain: in English as its bundle has it.
pub fn domain(entry: &IndexEntry) -> String {
    if language().is_english() {
        return entry.name.clone();
    }
    match entry.domain {
        Modality::Polyp => say!("domain-polyp"),
        Modality::SkinLesion => say!("domain-skin-lesion"),
        Modality::Prostate => say!("domain-prostate"),
    }
}
