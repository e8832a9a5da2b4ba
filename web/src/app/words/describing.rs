//! Descriptions that this device makes of an outline: of an image that came without words, because the visitor asks, and by itself of
//! every look, so that words never hold the mask where it was before the look.

use fovea_shared::{bundle::CaseDescription, description::Source, gaze::Fixation};

use super::Words;
use crate::{
    app::{
        model::{Model, Replay, basis::Said, wording::Wording},
        status::numbers::sentences,
    },
    protocol::Described,
    text::{Message, message, say},
};

/// Why a description is being made on this device, besides that words are awaited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Describing {
    /// None is.
    #[default]
    No,
    /// The image came with none.
    First,
    /// The visitor has asked for it.
    Again,
}

/// What the engine was asked to describe.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Why; `No`: because words are awaited.
    why: Describing,
    /// The outline for these looks.
    looks: Vec<Fixation>,
}

impl Words {
    /// Brings the wish for a description in line with the model: words that were measured from other
    /// gaze are measured from this one, once the gaze has come to rest.
    pub fn wish(&self, model: &mut Model) {
        let moving = model.replay.as_ref().map_or(model.inputs.moving(), Replay::playing);
        let awaited = model.current.is_some() && model.inputs.awaits_words() && !moving;
        // Of an image that the networks do not know, their outlines say nothing.
        let wanted = (awaited || self.phrases.describing != Describing::No) && !model.found.unlike();
        model.schedule.want_description(wanted);
    }

    /// Asks for a description of what is outlined now.
    pub(super) fn describe_again(&mut self, model: &mut Model) {
        if model.current.is_some() && self.phrases.describing == Describing::No {
            self.phrases.describing = Describing::Again;
            self.phrases.note = Message::default();
            self.phrases.version += 1;
            model.say(say!("describing-outlined"));
        }
    }

    /// What the engine is told to describe: an image that came without words before the visitor has
    /// looked, else the present gaze.
    pub fn question(&mut self, model: &Model) -> Vec<Fixation> {
        let why = self.phrases.describing;
        let looks = if why == Describing::First { Vec::new() } else { model.inputs.fixations().to_vec() };
        self.phrases.asked = Some(Question { why, looks: looks.clone() });
        looks
    }

    /// An engine has described the open image.
    pub fn described(&mut self, model: &mut Model, described: Described) {
        if let Some(question) = self.answered_question() {
            self.take_words(model, &question, described.descriptions);
            self.phrases.version += 1;
        }
    }

    /// No description can be made now, and why. What was awaited for this gaze is nothing.
    pub fn not_described(&mut self, model: &mut Model, why: Message) {
        let Some(question) = self.answered_question() else { return };
        if question.why == Describing::No {
            self.take_words(model, &question, Vec::new());
        }
        self.phrases.note = why;
        self.phrases.version += 1;
    }

    /// What the last answer is an answer to, unless another image was opened since.
    fn answered_question(&mut self) -> Option<Question> {
        let question = self.phrases.asked.take()?;
        // What the visitor has asked for while words were measured by themselves is still to be done.
        if self.phrases.describing == question.why {
            self.phrases.describing = Describing::No;
        }
        Some(question)
    }

    fn take_words(&mut self, model: &mut Model, question: &Question, made: Vec<CaseDescription>) {
        let looks = question.looks.as_slice();
        let made: Vec<Said> = made.into_iter().map(|what| Said::of_looks(what, looks)).collect();
        // That nothing was found in the visitor's gaze goes with the gaze: the card says it.
        let asked = question.why != Describing::No;
        self.phrases.note = if asked && made.is_empty() { message!("description-empty") } else { Message::default() };
        match question.why {
            Describing::First => {
                let first = self.phrases.add(made);
                if first.is_some_and(|said| model.inputs.describe(&Wording::new(said))) {
                    model.words_came();
                }
            }
            Describing::Again => self.take_asked_words(model, looks, made),
            Describing::No => take_awaited_words(model, looks, &made),
        }
    }

    /// The visitor has asked for them: a step of the history, in place of whatever was said.
    fn take_asked_words(&mut self, model: &mut Model, looks: &[Fixation], made: Vec<Said>) {
        let wording = model.inputs.wording();
        let Some(said) = of_source(&made, wording.first().source()) else {
            return model.say(self.phrases.note.to_string());
        };
        // Words of gaze stand in for the image's own, which come back when the gaze is gone.
        let first = [wording.first()].into_iter().chain(&self.phrases.list).find(|first| first.is_measured()).cloned();
        match first.filter(|_| !looks.is_empty()) {
            Some(first) => {
                let mut wording = Wording::new(first);
                wording.measured(said);
                if !Self::reword(model, say!("words-measured"), |w| *w = wording) {
                    model.say(say!("words-measured"));
                }
            }
            None => {
                self.phrases.add(made);
                self.show_description(model, said);
            }
        }
    }
}

/// The words that were awaited: they belong to the step of the history that made the gaze.
fn take_awaited_words(model: &mut Model, looks: &[Fixation], made: &[Said]) {
    let (source, modality) = (model.inputs.wording().first().source().clone(), model.modality());
    let said = of_source(made, &source).unwrap_or_else(|| Said::nothing(modality, &source, looks));
    let changed = model.inputs.measured(looks, &said);
    if changed {
        let measured = if looks.is_empty() { say!("words-measured-again") } else { say!("words-measured") };
        model.done = sentences([&model.done, &measured]);
        model.words_came();
    } else if !model.inputs.awaits_words() {
        // The mask without words, which is on the page, stays.
        model.done.clear();
    }
}

/// The description of a source, else the first.
fn of_source(made: &[Said], source: &Source) -> Option<Said> {
    made.iter().find(|said| said.source() == source).or(made.first()).cloned()
}
