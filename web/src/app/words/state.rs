//! The description of the open image: which there are, which is shown, what the visitor does to its phrases.

use fovea_shared::{
    bundle::CaseDescription,
    description::{Field, Source},
};

use super::{
    Words,
    describing::{Describing, Question},
    edit_effect,
};
use crate::{
    app::model::{
        Model,
        basis::Said,
        choice::Choice,
        wording::{Wording, label},
    },
    protocol::AttentionMap,
    text::{self, Message, say},
};

/// Everything about the description that is no input of the teacher.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Phrases {
    /// The descriptions of the open image.
    pub list: Vec<Said>,
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
    /// Grows with every change of the above, so that the card knows when to be written again.
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

impl Words {
    /// Changes the words as one step and asks for the mask. True if that changed any.
    pub(super) fn reword<T>(model: &mut Model, done: String, change: impl FnOnce(&mut Wording) -> T) -> bool {
        let changed = model.inputs.reword(change);
        if changed {
            model.given_changed(done);
        }
        changed
    }

    /// Whether the words of a field may be changed now; where they may not, says why.
    fn may_change(&mut self, model: &mut Model, field: Field) -> bool {
        let why = if !model.offers(field) {
            say!("phrase-fixed", field = text::field(field))
        } else if model.inputs.awaits_words() {
            say!("words-awaited")
        } else {
            return true;
        };
        model.say(why);
        // A menu shows what was chosen in it, until it is written again.
        self.phrases.version += 1;
        false
    }

    /// Switches a phrase off or on.
    pub fn toggle_phrase(&mut self, model: &mut Model, field: Field) {
        let Some(chip) = model.inputs.wording().chip(field) else { return };
        if !self.may_change(model, field) {
            return;
        }
        let phrase = chip.label();
        let done = if chip.on { say!("phrase-off", phrase = phrase) } else { say!("phrase-on", phrase = phrase) };
        Self::reword(model, done, |w| w.toggle(field));
    }

    /// Says another word of a field, or nothing of it.
    pub fn choose_word(&mut self, model: &mut Model, choice: Choice) {
        if self.may_change(model, choice.field()) {
            let phrase = label(choice.field(), choice.word());
            Self::reword(model, say!("phrase-chosen", phrase = phrase), |w| w.set(choice));
        }
    }

    /// Shows another description of the list.
    pub fn choose_description(&mut self, model: &mut Model, index: usize) {
        if let Some(said) = self.phrases.list.get(index).cloned() {
            self.show_description(model, said);
        }
    }

    /// Shows a description as one step. What the visitor has changed of it before is gone, and undo
    /// brings it back.
    pub(super) fn show_description(&mut self, model: &mut Model, said: Said) {
        let done = say!("description-shown", source = edit_effect::source(said.source()));
        Self::reword(model, done, |w| *w = Wording::new(said));
        self.phrases.version += 1;
    }

    /// Takes and shows what a model of the visitor's has written about an image; gone if another
    /// image is open by now.
    pub(super) fn take_answer(&mut self, model: &mut Model, image: u64, answer: CaseDescription) {
        if model.is_open(image)
            && let Some(said) = self.phrases.add(vec![Said::of_image(answer)])
        {
            self.show_description(model, said);
        }
    }

    /// The attention that is to be shown: that of the phrase under the pointer, else of the one with
    /// the focus.
    pub fn shown_attention<'a>(&self, model: &'a Model) -> Option<&'a AttentionMap> {
        let field = self.phrases.pointed.or(self.phrases.focused).or(self.attention.shown())?;
        attention_to(model, field)
    }
}

/// Where the teacher attended to the phrase of a field, if it has read it.
pub fn attention_to(model: &Model, field: Field) -> Option<&AttentionMap> {
    let chip = model.inputs.wording().chip(field).filter(|c| c.told())?;
    let word = chip.word?;
    model.found.attention.iter().find(|m| m.phrase.field() == field && m.phrase.word() == word)
}

#[cfg(test)]
mod tests {
    use fovea_shared::description::{Description, Modality};

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
