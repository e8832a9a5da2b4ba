//! The template that turns fields into one plain English sentence.

use super::{Description, Field, Modality};

/// A part of the sentence. All parts in order are the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentencePart {
    /// As it stands in the sentence, with its blanks.
    pub text: String,
    /// The field whose word this is; nothing for what stands between the words.
    pub field: Option<Field>,
}

/// Parts that grow.
#[derive(Default)]
struct Parts(Vec<SentencePart>);

impl Parts {
    /// Adds what stands between words.
    fn plain(mut self, text: &str) -> Self {
        match self.0.last_mut().filter(|last| last.field.is_none()) {
            Some(last) => last.text.push_str(text),
            None => self.0.push(SentencePart { text: text.into(), field: None }),
        }
        self
    }

    /// Adds the word of a field.
    fn word(mut self, field: Field, text: &str) -> Self {
        self.0.push(SentencePart { text: text.into(), field: Some(field) });
        self
    }

    fn append(self, other: Self) -> Self {
        other.0.into_iter().fold(self, |parts, part| match part.field {
            Some(field) => parts.word(field, &part.text),
            None => parts.plain(&part.text),
        })
    }

    /// Adds the word of a field between two texts, where the field has one.
    fn maybe(self, before: &str, word: Option<(Field, &str)>, after: &str) -> Self {
        match word {
            Some((field, text)) => self.plain(before).word(field, text).plain(after),
            None => self,
        }
    }
}

/// The sentence in its parts. Empty texts stand between no words.
pub(super) fn parts(d: &Description) -> Vec<SentencePart> {
    if d.is_empty() {
        return Parts::default().plain(&format!("Nothing could be said about the {}.", d.modality.noun())).0;
    }
    let name = |field: Field| d.get(field).map(|w| w.name);
    let labelled = |field: Field| d.get(field).map(|w| (field, w.label));
    let mut text = subject(d);
    let with = qualities(d);
    let count = with.len();
    for (index, quality) in with.into_iter().enumerate() {
        let before = match index {
            0 => " with ",
            i if i + 1 == count => " and ",
            _ => ", ",
        };
        text = text.plain(before).append(quality);
    }
    text = match name(Field::Contrast) {
        Some("similar") => text.plain(", ").word(Field::Contrast, "of the colour of its surroundings"),
        Some(word) => text.plain(", ").word(Field::Contrast, word).plain(" than its surroundings"),
        None => text,
    };
    text = match labelled(Field::Asymmetry) {
        Some((field, "symmetric")) => text.plain(", ").word(field, "symmetric"),
        Some((field, axes)) => text.plain(", asymmetric ").word(field, axes),
        None => text,
    };
    text = text.maybe(", ", labelled(Field::Symmetry), "");
    text = text.maybe(", in the ", labelled(Field::Location), " of the image");
    text = match name(Field::Edge) {
        Some("cut") => text.plain(", ").word(Field::Edge, "cut off by the image's edge"),
        Some(_) => text.plain(", ").word(Field::Edge, "wholly in view"),
        None => text,
    };
    text = match (labelled(Field::Paris), labelled(Field::Nice)) {
        (None, None) => text,
        (Some(paris), nice) => text.plain(" (Paris ").word(paris.0, paris.1).maybe(", ", nice, "").plain(")"),
        (None, nice) => text.maybe(" (", nice, ")"),
    };
    text = text.maybe("; disturbed by ", labelled(Field::Artefact).filter(|(_, word)| *word != "none"), "");
    let mut parts = text.plain(".").0;
    if let Some(first) = parts.first_mut() {
        let mut letters = first.text.chars();
        let capital = letters.next().map(|letter| letter.to_uppercase().collect::<String>());
        first.text = capital.unwrap_or_default() + letters.as_str();
    }
    parts.retain(|part| !part.text.is_empty());
    parts
}

/// "a small oval polyp".
fn subject(d: &Description) -> Parts {
    let several = d.get(Field::Count).is_some_and(|w| w.name == "several");
    let adjectives: Vec<(Field, &str)> =
        [Field::Size, Field::Shape, Field::Colour].into_iter().filter_map(|f| Some((f, d.get(f)?.label))).collect();
    let noun = if several { format!("{}s", d.modality.noun()) } else { d.modality.noun().to_string() };
    let counted = match d.get(Field::Count) {
        Some(_) if several => Parts::default().word(Field::Count, "several"),
        Some(_) => Parts::default().plain("a ").word(Field::Count, "single"),
        None => {
            let first = adjectives.first().map_or(noun.as_str(), |(_, label)| label);
            let vowel = first.starts_with(['a', 'e', 'i', 'o', 'u']);
            Parts::default().plain(if vowel { "an" } else { "a" })
        }
    };
    let described = adjectives.into_iter().fold(counted, |parts, (field, label)| parts.plain(" ").word(field, label));
    described.plain(" ").plain(&noun)
}

/// "a blurred border", "a smooth surface" and so on.
fn qualities(d: &Description) -> Vec<Parts> {
    let name = |field: Field| d.get(field).map(|w| w.name);
    let label = |field: Field| d.get(field).map(|w| w.label);
    let between = |before: &str, field: Field, word: &str, after: &str| {
        Parts::default().plain(before).word(field, word).plain(after)
    };
    let texture = match name(Field::Texture) {
        Some("smooth") => Some(between("a ", Field::Texture, "smooth", " surface")),
        Some(_) => Some(between("an ", Field::Texture, "uneven", " surface")),
        None => None,
    };
    let cover = match name(Field::Cover) {
        Some("clean") => Some(between("", Field::Cover, "nothing", " on it")),
        Some("highlights") => Some(between("", Field::Cover, "specular highlights", "")),
        Some(word) => Some(between("", Field::Cover, word, " on it")),
        None => None,
    };
    let structure = label(Field::Structure).map(|w| if w == "structureless" { "no structure" } else { w });
    let colours = label(Field::ColourCount).filter(|_| d.modality == Modality::SkinLesion);
    [
        label(Field::Border).map(|w| between("a ", Field::Border, w, " border")),
        texture,
        cover,
        structure.map(|w| between("", Field::Structure, w, "")),
        colours.map(|w| between("", Field::ColourCount, w, "")),
        name(Field::ZoneContrast).map(|w| between("", Field::ZoneContrast, w, " contrast between its zones")),
    ]
    .into_iter()
    .flatten()
    .collect()
}
