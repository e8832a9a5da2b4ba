//! Descriptions that this device makes of an outline: of an image that came without words, because the visitor asks, and by itself of
//! every look, so that words never hold the mask where it was before the look.

use fovea_shared::{bundle::CaseDescription, description::Source, gaze::Fixation};

use super::{basis::Said, devices::Orders, replay::Replay, state::App, wording::Wording, words};
use crate::{
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

impl App {
    /// Brings the wish for a description in line with the state: words that were measured from other looks are measured from these, once
    /// the looks have come to rest.
    pub(super) fn wish_words(&mut self) {
        let moving = self.replay.as_ref().map_or(self.inputs.moving(), Replay::playing);
        let awaited = self.current.is_some() && self.inputs.awaits_words() && !moving;
        self.schedule.want_description(awaited || self.phrases.describing != Describing::No);
    }

    /// Asks for a description of what is outlined now.
    pub fn describe_again(&mut self) {
        if self.current.is_some() && self.phrases.describing == Describing::No {
            self.phrases.describing = Describing::Again;
            self.phrases.note = Message::default();
            self.phrases.version += 1;
            self.say(&say!("describing-outlined"));
        }
    }

    /// What the engine is told to describe: an image that came without words before anybody looks, else the present looks.
    pub(super) fn question_of_words(&mut self) -> Vec<Fixation> {
        let why = self.phrases.describing;
        let looks = if why == Describing::First { Vec::new() } else { self.inputs.fixations().to_vec() };
        self.phrases.asked = Some(Question { why, looks: looks.clone() });
        looks
    }

    /// An engine has described the open image.
    pub(super) fn described(&mut self, described: Described) -> Orders {
        self.schedule.finish();
        if self.current.as_ref().is_some_and(|c| c.request.image == described.image)
            && let Some(question) = self.answered_question()
        {
            self.take_words(&question, described.descriptions);
            self.phrases.version += 1;
        }
        self.at_rest()
    }

    /// No description can be made now, and why. What was awaited for these looks is nothing.
    pub(super) fn not_described(&mut self, why: Message) {
        let Some(question) = self.answered_question() else { return };
        if question.why == Describing::No {
            self.take_words(&question, Vec::new());
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

    fn take_words(&mut self, question: &Question, made: Vec<CaseDescription>) {
        let looks = question.looks.as_slice();
        let made: Vec<Said> = made.into_iter().map(|what| Said::of_looks(what, looks)).collect();
        // That nothing was found in the visitor's looks goes with the looks: the card says it.
        let asked = question.why != Describing::No;
        self.phrases.note = if asked && made.is_empty() { message!("description-empty") } else { Message::default() };
        match question.why {
            Describing::First => {
                let first = self.phrases.add(made);
                if first.is_some_and(|said| self.inputs.describe(&Wording::new(said))) {
                    self.schedule.want_look(self.inputs.revision());
                }
            }
            Describing::Again => self.take_asked_words(looks, made),
            Describing::No => self.take_awaited_words(looks, made),
        }
    }

    /// The visitor has asked for them: a step of the history, in place of whatever was said.
    fn take_asked_words(&mut self, looks: &[Fixation], made: Vec<Said>) {
        let wording = self.inputs.wording();
        let Some(said) = of_source(&made, wording.first().source()) else {
            return self.say(&self.phrases.note.to_string());
        };
        // Words of looks stand in for the image's own, which come back when nobody looks any more.
        let first = [wording.first()].into_iter().chain(&self.phrases.list).find(|first| first.is_measured()).cloned();
        match first.filter(|_| !looks.is_empty()) {
            Some(first) => {
                let mut wording = Wording::new(first);
                wording.measured(said);
                if !self.reword(say!("words-measured"), |w| *w = wording) {
                    self.say(&say!("words-measured"));
                }
            }
            None => {
                self.phrases.add(made);
                self.show_description(said);
            }
        }
    }

    /// Nobody has asked: they belong to the step of the history that made the looks.
    fn take_awaited_words(&mut self, looks: &[Fixation], made: Vec<Said>) {
        let (source, modality) = (self.inputs.wording().first().source().clone(), self.modality());
        let said = of_source(&made, &source).unwrap_or_else(|| Said::nothing(modality, &source, looks));
        let changed = self.inputs.measured(looks, &said);
        if changed {
            let measured = if looks.is_empty() { say!("words-measured-again") } else { say!("words-measured") };
            self.done = words::sentences([&self.done, &measured]);
            self.schedule.want_look(self.inputs.revision());
        } else if !self.inputs.awaits_words() {
            // The mask without words, which is on the page, stays.
            self.done.clear();
        }
    }
}

/// The description of a source, else the first.
fn of_source(made: &[Said], source: &Source) -> Option<Said> {
    made.iter().find(|said| said.source() == source).or(made.first()).cloned()
}
