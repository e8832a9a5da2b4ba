//! The sentence of a description in pieces: plain text, and words that can be tapped. Pure: no browser in here.

use fovea_shared::description::{Description, Field, Modality, Phrase, SentencePart};

use crate::text::{self, language, say};

/// A piece of the sentence. All pieces in order are the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// What stands between the words, and words that cannot be changed.
    Plain(String),
    /// A word that cannot be changed and that the teacher does not read.
    Struck(Field, String),
    /// A word that can be changed.
    Word(SentenceWord),
}

/// A word that can be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentenceWord {
    /// What it says.
    pub phrase: Phrase,
    /// As it stands in the sentence.
    pub text: String,
    /// Whether the teacher reads it.
    pub on: bool,
}

impl Piece {
    /// As it stands in the sentence.
    pub fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Struck(_, text) | Self::Word(SentenceWord { text, .. }) => text,
        }
    }
}

/// The pieces of what `said` says, in the page's language. `changes` says of which fields the words can be changed, `on` which fields
/// the teacher reads.
pub fn pieces(said: &Description, changes: impl Fn(Field) -> bool, on: impl Fn(Field) -> bool) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in parts(said) {
        let word = part.field.and_then(|field| Phrase::find(said.modality, field, said.get(field)?.name).ok());
        let piece = match word {
            Some(phrase) if changes(phrase.field()) => {
                Piece::Word(SentenceWord { phrase, text: part.text, on: on(phrase.field()) })
            }
            Some(phrase) if !on(phrase.field()) => Piece::Struck(phrase.field(), part.text),
            _ => Piece::Plain(part.text),
        };
        match (pieces.last_mut(), piece) {
            (Some(Piece::Plain(before)), Piece::Plain(text)) => before.push_str(&text),
            (_, piece) => pieces.push(piece),
        }
    }
    pieces
}

/// The whole sentence in the page's language; nothing where nothing is said, in other languages than English.
pub fn sentence(said: &Description) -> String {
    parts(said).into_iter().map(|part| part.text).collect()
}

/// The fields of a modality in the order in which the sentence names them.
pub fn order(modality: Modality) -> Vec<Field> {
    let mut all = Description::new(modality, fovea_shared::description::Source::Clinician);
    for field in modality.fields() {
        // The last word: the first one of artefacts is “none”, of which the sentence does not speak. It is a word of the vocabulary.
        drop(all.set(*field, field.words(modality).last().map(|word| word.name)));
    }
    parts(&all).into_iter().filter_map(|part| part.field).collect()
}

/// English has a grammar for the sentence; other languages list field by field.
fn parts(said: &Description) -> Vec<SentencePart> {
    if language().is_english() {
        return said.sentence_parts();
    }
    let part = |place: usize, field| say!("sentence-part", field = text::field(field), word = mark(place).to_string());
    let list = said.iter().enumerate().map(|(place, (field, _))| part(place, field));
    let Some(list) = list.reduce(|before, next| say!("sentence-list", before = before, next = next)) else {
        return Vec::new();
    };
    split(&say!("sentence", noun = text::noun(said.modality), list = list), said)
}

/// Stands for a word in a message until the message is whole: a character of the private use area.
fn mark(place: usize) -> char {
    char::from_u32(FIRST_MARK + place as u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

const FIRST_MARK: u32 = 0xe000;

/// Puts the words in the place of their marks.
fn split(marked: &str, said: &Description) -> Vec<SentencePart> {
    let words: Vec<_> = said.iter().collect();
    let mut parts: Vec<SentencePart> = Vec::new();
    for letter in marked.chars() {
        let place = (letter as u32).checked_sub(FIRST_MARK).map(|place| place as usize);
        match (place.and_then(|place| words.get(place)), parts.last_mut()) {
            (Some((field, word)), _) => {
                parts.push(SentencePart { text: text::word(*field, Some(word)), field: Some(*field) });
            }
            (None, Some(last)) if last.field.is_none() => last.text.push(letter),
            (None, _) => parts.push(SentencePart { text: letter.into(), field: None }),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::description::Source;

    use super::*;

    fn said(modality: Modality, words: &[(Field, &str)]) -> Description {
        let mut said = Description::new(modality, Source::Measured);
        words.iter().for_each(|(field, word)| said.set(*field, Some(word)).unwrap());
        said
    }

    fn polyp() -> Description {
        said(Modality::Polyp, &[(Field::Location, "upper_right"), (Field::Size, "small"), (Field::Border, "blurred")])
    }

    fn in_chinese<T>(run: impl FnOnce() -> T) -> T {
        text::speak(text::Language::find("zh").unwrap());
        let said = run();
        text::speak(text::Language::find("en").unwrap());
        said
    }

    /// Words and plain text, words in brackets, struck ones with a minus.
    fn shown(pieces: &[Piece]) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Plain(text) => text.clone(),
            Piece::Struck(_, text) => format!("-{text}-"),
            Piece::Word(word) if word.on => format!("[{}]", word.text),
            Piece::Word(word) => format!("[-{}-]", word.text),
        };
        pieces.iter().map(piece).collect()
    }

    #[test]
    fn words_that_can_be_changed_are_pieces_of_their_own() {
        let changes = |field| field != Field::Border;
        let text = shown(&pieces(&polyp(), changes, |_| true));
        assert_eq!(text, "A [small] polyp with a blurred border, in the [upper right] of the image.");
        let text = shown(&pieces(&polyp(), changes, |field| field == Field::Location));
        assert_eq!(text, "A [-small-] polyp with a -blurred- border, in the [upper right] of the image.");
        let first = said(Modality::Polyp, &[(Field::Count, "several")]);
        assert_eq!(shown(&pieces(&first, |_| true, |_| true)), "[Several] polyps.");
    }

    #[test]
    fn other_languages_list_the_words() {
        let text = in_chinese(|| shown(&pieces(&polyp(), |field| field == Field::Size, |_| true)));
        assert_eq!(text, "息肉：位置右上，尺寸[小]，边界模糊。");
        assert!(
            in_chinese(|| pieces(&Description::new(Modality::Polyp, Source::Measured), |_| true, |_| true)).is_empty()
        );
        assert_eq!(in_chinese(|| sentence(&polyp())), "息肉：位置右上，尺寸小，边界模糊。");
    }

    /// A small generator of numbers (Marsaglia's xorshift64), so that every run tries the same descriptions.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, limit: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % limit as u64) as usize
        }
    }

    #[test]
    fn the_pieces_of_any_description_are_its_sentence() {
        let mut numbers = Numbers(19);
        for round in 0..600 {
            let modality = Modality::ALL[round % 3];
            let mut said = Description::new(modality, Source::Measured);
            for field in modality.fields() {
                let words = field.words(modality);
                said.set(*field, words.get(numbers.below(words.len() + 2)).map(|word| word.name)).unwrap();
            }
            let (changed, off) = (numbers.below(1 << 20), numbers.below(1 << 20));
            let in_set = |set: usize, field: Field| set >> (field as usize) & 1 == 1;
            let cut = || pieces(&said, |field| in_set(changed, field), |field| !in_set(off, field));
            let joined = |pieces: &[Piece]| pieces.iter().map(Piece::text).collect::<String>();
            assert_eq!(joined(&cut()), said.sentence());
            let chinese = in_chinese(cut);
            let expected = in_chinese(|| {
                let part = |(field, word)| text::field(field) + &text::word(field, Some(word));
                let list: Vec<String> = said.iter().map(part).collect();
                if list.is_empty() {
                    String::new()
                } else {
                    format!("{}：{}。", text::noun(modality), list.join("，"))
                }
            });
            assert_eq!(joined(&chinese), expected);
            for pieces in [cut(), chinese] {
                let words: Vec<&SentenceWord> =
                    pieces.iter().filter_map(|p| if let Piece::Word(word) = p { Some(word) } else { None }).collect();
                for word in words {
                    let field = word.phrase.field();
                    assert!(in_set(changed, field) && word.on != in_set(off, field));
                    assert_eq!(said.get(field), Some(word.phrase.word()));
                }
            }
        }
    }

    #[test]
    fn the_sentence_names_its_fields_in_one_order() {
        for modality in Modality::ALL {
            let mut fields = order(modality);
            assert!(in_chinese(|| order(modality)).into_iter().eq(modality.fields().iter().copied()));
            fields.sort_unstable();
            assert!(fields.into_iter().eq(modality.fields().iter().copied()), "every field of {modality:?}, once");
        }
        assert_eq!(order(Modality::Polyp)[..4], [Field::Count, Field::Size, Field::Shape, Field::Colour]);
    }
}
