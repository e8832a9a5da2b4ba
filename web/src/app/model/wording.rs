//! A description as it is shown and edited: what its source said, and what the visitor made of it. Pure: no browser in here.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use fovea_shared::{
    bundle::CaseDescription,
    description::{Description, Field, Modality, Phrase, Source, Word},
    gaze::Fixation,
};

use super::{basis::Said, choice::Choice, sentence};
use crate::{
    protocol::Text,
    text::{self, language, say},
};

/// A description with the visitor's changes. A value: undo keeps copies of it, which share what the source said.
#[derive(Clone, Debug, PartialEq)]
pub struct Wording {
    /// What is said where nobody looks, or whatever the looks.
    first: Said,
    /// What was measured from the visitor's looks, in the place of the above.
    looked: Option<Said>,
    /// Whether the visitor keeps the words as they are, whatever the looks.
    kept: bool,
    /// Words in the place of the source's; `None` is `not_assessable`. Never the source's own word.
    edits: BTreeMap<Field, Option<&'static Word>>,
    /// Fields that are switched off.
    off: BTreeSet<Field>,
}

/// One phrase of a description, as the page shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chip {
    /// The field.
    pub field: Field,
    /// What is said of it; nothing where the visitor took away what the source said.
    pub word: Option<&'static Word>,
    /// Whether the teacher reads it.
    pub on: bool,
    /// Whether the visitor put another word in the place of the source's.
    pub edited: bool,
}

impl Chip {
    /// Whether the teacher is told this phrase.
    pub fn told(&self) -> bool {
        self.on && self.word.is_some()
    }

    /// The chip's text, such as "Shape: oval".
    pub fn label(&self) -> String {
        label(self.field, self.word)
    }
}

/// A field with its word, such as "Shape: oval".
pub fn label(field: Field, word: Option<&Word>) -> String {
    say!("chip", field = text::field(field), word = text::word(field, word))
}

impl Default for Wording {
    /// Before any image is open.
    fn default() -> Self {
        Self::blank(Modality::Polyp)
    }
}

impl Wording {
    /// Nobody has said anything, so whatever is said is said by the visitor.
    pub fn blank(modality: Modality) -> Self {
        let description = Description::new(modality, Source::Clinician);
        Self::new(Said::of_image(CaseDescription { description, caveat: None }))
    }

    /// A description as its source said it.
    pub fn new(first: Said) -> Self {
        Self { first, looked: None, kept: false, edits: BTreeMap::new(), off: BTreeSet::new() }
    }

    /// What the source said: of the visitor's looks, where that was measured.
    pub fn said(&self) -> &Rc<CaseDescription> {
        &self.looked.as_ref().unwrap_or(&self.first).what
    }

    /// What the source said before it was measured again from looks.
    pub fn first(&self) -> &Said {
        &self.first
    }

    /// What kind of image is described.
    pub fn modality(&self) -> Modality {
        self.first.what.description.modality
    }

    /// Whether nobody has said anything.
    pub fn is_blank(&self) -> bool {
        let said = &self.said().description;
        said.is_empty() && said.source == Source::Clinician && !self.touched()
    }

    /// Whether the visitor has changed a word or switched a phrase off, or keeps the words as they are.
    pub fn touched(&self) -> bool {
        self.kept || !self.edits.is_empty() || !self.off.is_empty()
    }

    /// Whether the words were measured from the visitor's looks after they were measured of the image.
    pub fn from_looks(&self) -> bool {
        self.looked.is_some()
    }

    /// Whether the words are what is to be told for these looks: a person's always are, measured ones only where they were measured from
    /// these looks. `own` is the gaze that the image came with.
    pub fn holds(&self, looks: &[Fixation], own: &[Fixation]) -> bool {
        self.touched() || self.looked.as_ref().unwrap_or(&self.first).holds(looks, own)
    }

    /// The looks have changed to these. Words that hold for them whatever was measured in between come back.
    pub fn follow(&mut self, looks: &[Fixation], own: &[Fixation]) {
        if !self.holds(looks, own) && self.first.holds(looks, own) {
            self.looked = None;
        }
    }

    /// Takes what was measured from the visitor's looks.
    pub fn measured(&mut self, said: Said) {
        self.looked = Some(said);
    }

    /// Keeps the words as they are, whatever the looks.
    pub fn keep(&mut self) {
        self.kept |= !self.touched();
    }

    /// The word of a field as the visitor left it.
    pub fn word(&self, field: Field) -> Option<&'static Word> {
        self.edits.get(&field).copied().unwrap_or_else(|| self.said().description.get(field))
    }

    /// The phrases in the schema's order: what the source said and what the visitor added, whether switched on or not.
    pub fn chips(&self) -> impl Iterator<Item = Chip> + '_ {
        self.modality().fields().iter().filter_map(|&field| {
            let (word, edited) = (self.word(field), self.edits.contains_key(&field));
            let there = word.is_some() || edited;
            there.then(|| Chip { field, word, on: !self.off.contains(&field), edited })
        })
    }

    /// The phrase of a field, if there is one.
    pub fn chip(&self, field: Field) -> Option<Chip> {
        self.chips().find(|c| c.field == field)
    }

    /// Fields that nothing is said about, in the schema's order.
    pub fn open_fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.modality().fields().iter().copied().filter(|f| self.chip(*f).is_none())
    }

    /// Says another word of a field, and switches it on; or says nothing of it. True if anything changed; what belongs to another
    /// modality changes nothing.
    pub fn set(&mut self, choice: Choice) -> bool {
        if !choice.fits(self.modality()) {
            return false;
        }
        let (before, field) = (self.clone(), choice.field());
        self.off.remove(&field);
        if choice.word() == self.said().description.get(field) {
            self.edits.remove(&field);
        } else {
            self.edits.insert(field, choice.word());
        }
        *self != before
    }

    /// Switches a phrase off, or on again. True if there is one.
    pub fn toggle(&mut self, field: Field) -> bool {
        let there = self.chip(field).is_some_and(|c| c.word.is_some());
        if there && !self.off.remove(&field) {
            self.off.insert(field);
        }
        there
    }

    /// Tells these phrases and no other. Those of another modality are left out.
    pub fn tell_only(&mut self, phrases: &[Phrase]) {
        for phrase in phrases {
            self.set((*phrase).into());
        }
        let told = |field: Field| phrases.iter().any(|phrase| phrase.field() == field);
        let off: Vec<Field> = self.chips().filter(|c| c.told() && !told(c.field)).map(|c| c.field).collect();
        self.off.extend(off);
    }

    /// The description with the visitor's words, also those that are switched off.
    pub fn words(&self) -> Description {
        let said = &self.said().description;
        let mut words = Description::new(self.modality(), said.source.clone());
        for chip in self.chips() {
            // Field and word come from the vocabulary of this modality.
            drop(words.set(chip.field, chip.word.map(|w| w.name)));
        }
        words
    }

    /// The description that the teacher is told: with the visitor's words, without what is switched off.
    pub fn told(&self) -> Description {
        let said = &self.said().description;
        let mut told = Description::new(self.modality(), said.source.clone());
        told.confidence = said.confidence;
        for chip in self.chips().filter(Chip::told) {
            // Field and word come from the vocabulary of this modality.
            drop(told.set(chip.field, chip.word.map(|w| w.name)));
        }
        told
    }

    /// The same as one sentence; in other languages than English a plain list of the phrases.
    pub fn sentence(&self) -> String {
        sentence::sentence(&self.told())
    }

    /// Which of the phrases exclude each other, if some do.
    pub fn conflict(&self) -> Option<String> {
        let error = self.told().check().err()?;
        if language().is_english() {
            return Some(say!("conflict", cause = error.to_string()));
        }
        let told: Vec<_> = self.told().iter().collect();
        let excludes = |&(a, b): &((Field, &'static Word), (Field, &'static Word))| {
            let mut both = Description::new(self.modality(), Source::Clinician);
            // Field and word come from the vocabulary of this modality.
            [a, b].into_iter().for_each(|(field, word)| drop(both.set(field, Some(word.name))));
            both.check().is_err()
        };
        let pairs = told.iter().enumerate().flat_map(|(i, a)| told[i + 1..].iter().map(|b| (*a, *b)));
        let pair = pairs.into_iter().find(excludes)?;
        let [first, second] = [pair.0, pair.1].map(|(field, word)| label(field, Some(word)));
        Some(say!("conflict", cause = say!("conflict-pair", first = first, second = second)))
    }

    /// The same as the engine is told it.
    pub fn text(&self) -> Text {
        Text { phrases: self.told().phrases() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn wording(words: &[(Field, &str)]) -> Wording {
        let mut description = Description::new(Modality::Polyp, Source::Measured);
        words.iter().for_each(|(f, w)| description.set(*f, Some(w)).unwrap());
        Wording::new(Said::of_image(CaseDescription { description, caveat: None }))
    }

    fn phrase(modality: Modality, field: Field, word: &str) -> Phrase {
        Phrase::find(modality, field, word).unwrap()
    }

    /// Says a word of the modality that is described.
    fn put(wording: &mut Wording, field: Field, word: &str) -> bool {
        wording.set(phrase(wording.modality(), field, word).into())
    }

    fn oval() -> Wording {
        wording(&[(Field::Shape, "oval"), (Field::Location, "upper_left")])
    }

    fn labels(wording: &Wording) -> Vec<String> {
        wording.chips().map(|c| c.label()).collect()
    }

    #[test]
    fn chips_come_in_the_order_of_the_schema() {
        assert_eq!(labels(&oval()), ["Location: upper left", "Shape: oval"]);
        assert!(!oval().touched() && oval().open_fields().count() == 10);
    }

    #[test]
    fn only_the_phrases_of_an_address_are_told() {
        let round = phrase(Modality::Polyp, Field::Shape, "round");
        let mut w = oval();
        w.tell_only(&[round, phrase(Modality::SkinLesion, Field::Asymmetry, "symmetric")]);
        assert_eq!(w.text().phrases, [round]);
        let mut other = oval();
        other.tell_only(&w.text().phrases);
        assert_eq!(other, w);
        let mut same = oval();
        same.tell_only(&oval().text().phrases);
        assert_eq!(same, oval());
    }

    #[test]
    fn a_phrase_that_is_off_is_not_told_but_stays() {
        let mut w = oval();
        assert!(w.toggle(Field::Shape) && w.touched());
        assert_eq!(w.text().phrases, [phrase(Modality::Polyp, Field::Location, "upper_left")]);
        assert_eq!(labels(&w), labels(&oval()));
        assert!(w.told().get(Field::Shape).is_none());
        assert!(w.toggle(Field::Shape));
        assert_eq!(w, oval());
        assert!(!w.toggle(Field::Paris), "nothing is said about it");
    }

    #[test]
    fn another_word_is_an_edit_and_the_old_word_is_none() {
        let mut w = oval();
        assert!(put(&mut w, Field::Shape, "round") && w.chip(Field::Shape).unwrap().edited);
        assert!(!put(&mut w, Field::Shape, "round"), "the same again");
        assert_eq!(w.told().sentence(), "A round polyp, in the upper left of the image.");
        assert!(put(&mut w, Field::Shape, "oval"));
        assert_eq!(w, oval());
        assert!(!w.set(phrase(Modality::Prostate, Field::Symmetry, "symmetric").into()), "not of a polyp");
        assert!(!w.set(phrase(Modality::SkinLesion, Field::Shape, "round").into()), "the word of another modality");
        assert!(!w.set(Choice::Nothing(Field::Symmetry)));
    }

    #[test]
    fn a_word_that_is_taken_away_leaves_a_mark_and_one_that_was_added_does_not() {
        let mut w = oval();
        assert!(w.set(Choice::Nothing(Field::Shape)));
        assert_eq!(labels(&w), ["Location: upper left", "Shape: not assessable"]);
        assert!(!w.chip(Field::Shape).unwrap().told() && !w.toggle(Field::Shape));
        assert!(put(&mut w, Field::Colour, "red") && w.chip(Field::Colour).unwrap().edited);
        assert!(w.set(Choice::Nothing(Field::Colour)) && w.chip(Field::Colour).is_none());
    }

    #[test]
    fn choosing_a_word_switches_the_phrase_on() {
        let mut w = oval();
        w.toggle(Field::Shape);
        assert!(put(&mut w, Field::Shape, "oval"));
        assert_eq!(w, oval());
    }

    #[test]
    fn phrases_that_exclude_each_other_are_named() {
        let mut w = Wording::blank(Modality::SkinLesion);
        assert!(put(&mut w, Field::Size, "large") && put(&mut w, Field::Shape, "round") && w.conflict().is_none());
        assert!(put(&mut w, Field::Asymmetry, "two_axes"));
        let shared = w.told().check().unwrap_err().to_string();
        assert_eq!(w.conflict().unwrap(), format!("Two phrases exclude each other: {shared}."));
        text::speak(text::Language::find("zh").unwrap());
        let (conflict, sentence) = (w.conflict().unwrap(), w.sentence());
        text::speak(text::Language::find("en").unwrap());
        assert_eq!(conflict, "有两个短语相互矛盾：“形状：圆形”与“对称性：双轴不对称”。");
        assert_eq!(sentence, "皮肤病变：尺寸大，形状圆形，对称性双轴不对称。");
        assert_eq!(w.sentence(), w.told().sentence());
    }

    #[test]
    fn what_the_visitor_says_alone_is_the_visitors() {
        let mut w = Wording::default();
        assert!(w.is_blank() && w.text().phrases.is_empty());
        assert!(put(&mut w, Field::Shape, "round") && !w.is_blank());
        assert_eq!(w.told().source, Source::Clinician);
    }
}
