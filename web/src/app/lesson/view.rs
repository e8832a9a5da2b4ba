//! The lesson on the page.

use web_sys::{Document, Element, HtmlButtonElement, HtmlElement};

use super::{
    course::{Course, Progress, Stage},
    steps::Step,
};
use crate::{
    app::{
        elements::{append, children, create_with, get, mark, set, set_text},
        status::numbers::sentences,
    },
    text::say,
};

/// The elements.
pub(super) struct View {
    pub(super) start: HtmlButtonElement,
    panel: HtmlElement,
    count: HtmlElement,
    pub(super) title: HtmlElement,
    text: HtmlElement,
    question: HtmlElement,
    pub(super) answers: HtmlElement,
    guess: HtmlElement,
    pub(super) task: HtmlElement,
    card: HtmlElement,
    figure: HtmlElement,
    why: HtmlElement,
    pub(super) back: HtmlButtonElement,
    pub(super) next: HtmlButtonElement,
    next_text: HtmlElement,
    pub(super) close: HtmlButtonElement,
}

impl View {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            start: get(d, "lesson-start")?,
            panel: get(d, "lesson")?,
            count: get(d, "lesson-count")?,
            title: get(d, "lesson-title")?,
            text: get(d, "lesson-text")?,
            question: get(d, "lesson-question")?,
            answers: get(d, "lesson-answers")?,
            guess: get(d, "lesson-guess")?,
            task: get(d, "lesson-task")?,
            card: get(d, "lesson-card")?,
            figure: get(d, "lesson-figure")?,
            why: get(d, "lesson-why")?,
            back: get(d, "lesson-back")?,
            next: get(d, "lesson-next")?,
            next_text: get(d, "lesson-next-text")?,
            close: get(d, "lesson-close")?,
        })
    }

    /// Writes what the visitor sees of the lesson.
    pub(super) fn show(&self, course: &Course, steps: &[Step]) {
        let now = course.now().and_then(|now| Some((now, steps.get(now.step)?)));
        self.panel.set_hidden(now.is_none());
        set(&self.start, "aria-expanded", if now.is_some() { "true" } else { "false" });
        let Some((now, step)) = now else { return };
        set_text(&self.count, &say!("lesson-count", step = now.step + 1, of = steps.len()));
        set_text(&self.title, &step.title.to_string());
        self.text.set_hidden(now.stage == Stage::Card);
        set_text(&self.text, &step.text.to_string());
        self.write_guess(now, step);
        self.write_card(now, step);
        // The controls that the deed needs, once there is something to do.
        let controls = if now.stage == Stage::Guess { "" } else { step.tab.name() };
        set(&self.panel, "data-shows", controls);
        self.back.set_disabled(now.step == 0);
        let done = now.stage == Stage::Card;
        set(&self.next, "class", if done { "primary" } else { "quiet" });
        let text = match (done, course.is_last(now.step)) {
            (_, true) => say!("lesson-end"),
            (true, false) => say!("lesson-next"),
            (false, false) => say!("lesson-skip"),
        };
        set_text(&self.next_text, &text);
    }

    fn write_guess(&self, now: &Progress, step: &Step) {
        let guessing = now.stage == Stage::Guess;
        self.question.set_hidden(!guessing);
        set_text(&self.question, &step.question.to_string());
        self.answers.set_hidden(!guessing);
        let mut buttons: Vec<Element> = children(&self.answers);
        if buttons.len() != step.answers.len() {
            self.answers.set_text_content(None);
            for place in 0..step.answers.len() {
                let answer = ("data-answer", &*place.to_string());
                append(&self.answers, &create_with("button", "", &[("type", "button"), answer]));
            }
            buttons = children(&self.answers);
        }
        for (button, answer) in buttons.iter().zip(&step.answers) {
            set_text(button, &answer.to_string());
        }
        let guessed = now.guess.and_then(|place| step.answers.get(place));
        self.guess.set_hidden(guessed.is_none());
        let text = guessed.map(|answer| say!("lesson-guessed", answer = answer.clone()));
        set_text(&self.guess, &text.unwrap_or_default());
        self.task.set_hidden(now.stage != Stage::Deed);
        set_text(&self.task, &step.task.to_string());
    }

    /// The card is a live region: it stays in the page while it is empty, and speaks when it is written.
    fn write_card(&self, now: &Progress, step: &Step) {
        let found = now.found.as_ref();
        mark(&self.card, "data-right", now.as_guessed() == Some(true));
        set_text(&self.figure, &found.map(|found| found.figure.to_string()).unwrap_or_default());
        let verdict = now.as_guessed().map(|right| if right { say!("lesson-right") } else { say!("lesson-wrong") });
        let note = found.map(|found| found.note.to_string()).unwrap_or_default();
        let why = verdict.map(|verdict| sentences([&verdict, &note, &step.why.to_string()]));
        set_text(&self.why, &why.unwrap_or_default());
    }
}
