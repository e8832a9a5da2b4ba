//! The description of the open image: which there are, which is shown, what the visitor does to its phrases.

use fovea_shared::{
    bundle::CaseDescription,
    description::{Field, Modality, Source},
};

use super::{
    basis::Said,
    describing::{Describing, Question},
    effect,
    state::App,
    wording::{Wording, label},
};
use crate::{
    protocol::{AttentionMap, Text},
    text::{self, Message, say},
};

/// An edit of the text whose effect is to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Revision of the inputs after it.
    pub revision: u64,
    /// What the teacher read before.
    pub before: Text,
    /// Whether its mask has been drawn.
    pub drawn: bool,
}

/// Everything about the description that is no input of the teacher.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Phrases {
    /// The descriptions of the open image.
    pub list: Vec<Said>,
    /// The last edit, while its effect is on the page.
    pub edit: Option<Edit>,
    /// Whether a description is being made.
    pub describing: Describing,
    /// What the engine was asked to describe.
    pub(super) asked: Option<Question>,
    /// What is to be said of the last attempt to make one.
    pub note: Message,
    /// The phrase under the pointer.
    pub pointed: Option<Field>,
    /// The phrase that the keyboard is at.
    pub focused: Option<Field>,
    /// Grows with every change of the above, so that the card knows when to be written anew.
    pub version: u64,
}

impl Phrases {
    /// Of another image, with the descriptions that it comes with.
    pub fn reset(&mut self, descriptions: &[CaseDescription]) {
        let describing = if descriptions.is_empty() { Describing::First } else { Describing::No };
        let list = descriptions.iter().cloned().map(Said::of_image).collect();
        *self = Self { list, describing, version: self.version + 1, ..Self::default() };
    }

    /// Takes descriptions that were made just now: they replace those that the same source made of this image before, and stand at
    /// the end of the list. Gives the first of them.
    pub(super) fn add(&mut self, made: Vec<Said>) -> Option<Said> {
        self.list.retain(|old| !made.iter().any(|new| same_maker(old.source(), new.source())));
        self.list.extend(made.iter().cloned());
        self.version += 1;
        made.into_iter().next()
    }
}

/// Whether a new description takes the place of an old one. What a model wrote is kept: asking again may give other words.
fn same_maker(old: &Source, new: &Source) -> bool {
    old == new && !matches!(new, Source::Vlm(_))
}

impl App {
    /// Changes the words as one step and asks for the mask. True if that changed any.
    pub(super) fn reword<T>(&mut self, done: String, change: impl FnOnce(&mut Wording) -> T) -> bool {
        let before = self.inputs.text();
        let changed = self.inputs.reword(change);
        if changed {
            self.words_changed(before, done);
        }
        changed
    }

    /// Whether the words of a field may be changed now; where they may not, says why.
    fn may_change(&mut self, field: Field) -> bool {
        let why = if !self.offers(field) {
            say!("phrase-fixed", field = text::field(field))
        } else if self.inputs.awaits_words() {
            say!("words-awaited")
        } else {
            return true;
        };
        self.say(&why);
        // A menu shows what was chosen in it, until it is written again.
        self.phrases.version += 1;
        false
    }

    /// Whether the words of a field are offered: not where the bundle says that they do not steer its teacher.
    pub(super) fn offers(&self, field: Field) -> bool {
        self.manifest.as_ref().is_none_or(|manifest| manifest.offers(field))
    }

    /// The words have changed: a new mask is due, and with it what the edit did. Edits that no mask was drawn for yet count as one.
    pub(super) fn words_changed(&mut self, before: Text, done: String) {
        let open = self.phrases.edit.take().filter(|e| !e.drawn);
        let before = open.map_or(before, |e| e.before);
        self.found.change = None;
        if before != self.inputs.text() {
            self.phrases.edit = Some(Edit { revision: self.inputs.revision(), before, drawn: false });
        }
        self.changed(done);
    }

    /// Switches a phrase off or on.
    pub fn toggle_phrase(&mut self, field: Field) {
        let Some(chip) = self.inputs.wording().chip(field) else { return };
        if !self.may_change(field) {
            return;
        }
        let phrase = chip.label();
        let done = if chip.on { say!("phrase-off", phrase = phrase) } else { say!("phrase-on", phrase = phrase) };
        self.reword(done, |w| w.toggle(field));
    }

    /// Says another word of a field.
    pub fn choose_word(&mut self, field: Field, word: &str) {
        if !self.may_change(field) {
            return;
        }
        let found = field.words(self.inputs.wording().modality()).iter().find(|w| w.name == word);
        self.reword(say!("phrase-chosen", phrase = label(field, found)), |w| w.set(field, word));
    }

    /// Shows another description of the list.
    pub fn choose_description(&mut self, index: usize) {
        if let Some(said) = self.phrases.list.get(index).cloned() {
            self.show_description(said);
        }
    }

    /// Shows a description as one step. What the visitor has changed of it before is gone, and undo brings it back.
    pub(super) fn show_description(&mut self, said: Said) {
        let done = say!("description-shown", source = effect::source(said.source()));
        self.reword(done, |w| *w = Wording::new(said));
        self.phrases.version += 1;
    }

    /// Takes and shows what a model of the visitor's has written about an image; gone if another image is open by now.
    pub(super) fn take_answer(&mut self, image: u64, answer: CaseDescription) {
        if self.current.as_ref().is_some_and(|c| c.request.image == image)
            && let Some(said) = self.phrases.add(vec![Said::of_image(answer)])
        {
            self.show_description(said);
        }
    }

    /// The pointer is over a phrase, or over none.
    pub fn point(&mut self, field: Option<Field>) {
        self.phrases.pointed = field;
    }

    /// The keyboard is at a phrase, or at none.
    pub fn focus_phrase(&mut self, field: Option<Field>) {
        self.phrases.focused = field;
    }

    /// The attention that is to be shown: that of the phrase under the pointer, else of the one with the focus.
    pub fn shown_attention(&self) -> Option<&AttentionMap> {
        self.attention_to(self.phrases.pointed.or(self.phrases.focused)?)
    }

    /// Where the teacher attended to the phrase of a field, if it has read it.
    pub(super) fn attention_to(&self, field: Field) -> Option<&AttentionMap> {
        let chip = self.inputs.wording().chip(field).filter(|c| c.told())?;
        let word = chip.word?.name;
        self.found.attention.iter().find(|m| m.field == field.name() && m.word == word)
    }

    /// Forgets what the last edit changed.
    pub fn dismiss_change(&mut self) {
        self.phrases.edit = None;
        self.found.change = None;
    }

    /// What kind of image is open.
    pub(super) fn modality(&self) -> Modality {
        self.inputs.wording().modality()
    }
}

#[cfg(test)]
mod tests {
    use fovea_shared::description::Description;

    use super::*;

    fn by(source: Source) -> CaseDescription {
        CaseDescription { description: Description::new(Modality::Polyp, source), caveat: None }
    }

    #[test]
    fn an_image_that_comes_without_words_is_described() {
        let mut phrases = Phrases::default();
        phrases.reset(&[]);
        assert_eq!(phrases.describing, Describing::First);
        phrases.reset(&[by(Source::Measured)]);
        assert_eq!((phrases.describing, phrases.list.len()), (Describing::No, 1));
    }

    #[test]
    fn what_is_measured_again_replaces_and_what_is_written_again_joins() {
        let mut phrases = Phrases::default();
        phrases.reset(&[by(Source::Measured), by(Source::Distilled("LLaVA".into()))]);
        let again = |source| vec![Said::of_looks(by(source), &[])];
        let shown = phrases.add(again(Source::Measured));
        assert_eq!(shown.map(|said| said.source().clone()), Some(Source::Measured));
        phrases.add(again(Source::Vlm("m".into())));
        phrases.add(again(Source::Vlm("m".into())));
        let sources: Vec<String> = phrases.list.iter().map(|said| said.source().to_string()).collect();
        assert_eq!(sources, ["distilled:LLaVA", "measured", "vlm:m", "vlm:m"]);
        assert_eq!(phrases.add(vec![]), None);
    }
}
