//! The guided lesson: six steps, each speaks of a part of the page, points at it and asks a question.

use web_sys::{Document, Element, Event, HtmlButtonElement, HtmlElement};

use super::{
    canvas::layers::Layer,
    elements::{
        append, children, create_with, document,
        events::{attribute, click, on},
        focus::focus_next,
        get, mark, set, set_text,
    },
    model::{Command, Handle, Model},
    tabs,
};
use crate::text::{Message, language, message, say};

/// One step.
pub struct Step {
    /// Id of the element that it speaks of.
    pub at: &'static str,
    title: Message,
    text: Message,
    question: Message,
    answers: [Message; 3],
    /// Which answer is right.
    pub right: usize,
    why: Message,
}

/// The lesson.
pub fn steps() -> [Step; 6] {
    [
        Step {
            at: "stage",
            title: message!("lesson-1-title"),
            text: message!("lesson-1-text"),
            question: message!("lesson-1-question"),
            answers: [message!("lesson-1-a"), message!("lesson-1-b"), message!("lesson-1-c")],
            right: 1,
            why: message!("lesson-1-why"),
        },
        Step {
            at: "stage",
            title: message!("lesson-2-title"),
            text: message!("lesson-2-text"),
            question: message!("lesson-2-question"),
            answers: [message!("lesson-2-a"), message!("lesson-2-b"), message!("lesson-2-c")],
            right: 2,
            why: message!("lesson-2-why"),
        },
        Step {
            at: "layers",
            title: message!("lesson-3-title"),
            text: message!("lesson-3-text"),
            question: message!("lesson-3-question"),
            answers: [message!("lesson-3-a"), message!("lesson-3-b"), message!("lesson-3-c")],
            right: 0,
            why: message!("lesson-3-why"),
        },
        Step {
            at: "description",
            title: message!("lesson-4-title"),
            text: message!("lesson-4-text"),
            question: message!("lesson-4-question"),
            answers: [message!("lesson-4-a"), message!("lesson-4-b"), message!("lesson-4-c")],
            right: 0,
            why: message!("lesson-4-why"),
        },
        Step {
            at: "compare",
            title: message!("lesson-5-title"),
            text: message!("lesson-5-text"),
            question: message!("lesson-5-question"),
            answers: [message!("lesson-5-a"), message!("lesson-5-b"), message!("lesson-5-c")],
            right: 2,
            why: message!("lesson-5-why"),
        },
        Step {
            at: "distil",
            title: message!("lesson-6-title"),
            text: message!("lesson-6-text"),
            question: message!("lesson-6-question"),
            answers: [message!("lesson-6-a"), message!("lesson-6-b"), message!("lesson-6-c")],
            right: 1,
            why: message!("lesson-6-why"),
        },
    ]
}

/// The elements.
struct Elements {
    start: HtmlButtonElement,
    panel: HtmlElement,
    count: HtmlElement,
    title: HtmlElement,
    text: HtmlElement,
    question: HtmlElement,
    answers: HtmlElement,
    why: HtmlElement,
    back: HtmlButtonElement,
    next: HtmlButtonElement,
    next_text: HtmlElement,
    close: HtmlButtonElement,
}

impl Elements {
    fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            start: get(d, "lesson-start")?,
            panel: get(d, "lesson")?,
            count: get(d, "lesson-count")?,
            title: get(d, "lesson-title")?,
            text: get(d, "lesson-text")?,
            question: get(d, "lesson-question")?,
            answers: get(d, "lesson-answers")?,
            why: get(d, "lesson-why")?,
            back: get(d, "lesson-back")?,
            next: get(d, "lesson-next")?,
            next_text: get(d, "lesson-next-text")?,
            close: get(d, "lesson-close")?,
        })
    }
}

/// The feature: where the visitor is in the lesson.
pub struct Lesson {
    elements: Elements,
    /// The step, from 0; nothing: no lesson.
    pub step: Option<usize>,
    /// The answer that was given to this step's question.
    answer: Option<usize>,
    dirty: bool,
    language: &'static str,
}

impl Lesson {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self { elements: Elements::find(d)?, step: None, answer: None, dirty: true, language: "" })
    }

    /// Listens to the visitor.
    pub fn listen(&self, handle: &Handle<Self>) {
        let at = &self.elements;
        click(handle, &at.start, |lesson, model| {
            let step = if lesson.step.is_some() { None } else { Some(0) };
            lesson.go_to(model, step);
        });
        click(handle, &at.next, Self::next);
        click(handle, &at.back, Self::back);
        click(handle, &at.close, |lesson, model| lesson.go_to(model, None));
        let of = handle.clone();
        on(&at.answers, "click", move |event: Event| {
            if let Some(answer) = attribute(&event, "data-answer").and_then(|a| a.parse().ok()) {
                of.update(|lesson, _| (lesson.answer, lesson.dirty) = (Some(answer), true));
            }
        });
    }

    /// Goes to a step of the lesson, or out of it.
    pub fn go_to(&mut self, model: &mut Model, step: Option<usize>) {
        self.step = step.map(|step| step.min(steps().len() - 1));
        (self.answer, self.dirty) = (None, true);
        point_at(self.step.map(|step| steps()[step].at));
        match self.step {
            // What a step speaks of must be seen.
            Some(2) => {
                for layer in [Layer::HighConfidence, Layer::Broad, Layer::Background] {
                    model.layers.set(layer, true);
                }
            }
            Some(4) => model.send(Command::OpenComparison),
            _ => {}
        }
        focus_next(match self.step {
            Some(_) => self.elements.title.clone(),
            None => self.elements.start.clone().into(),
        });
    }

    /// The next step; after the last one the lesson is over.
    fn next(&mut self, model: &mut Model) {
        let next = self.step.map_or(0, |step| step + 1);
        self.go_to(model, Some(next).filter(|next| *next < steps().len()));
    }

    /// The step before.
    fn back(&mut self, model: &mut Model) {
        if let Some(step) = self.step.filter(|step| *step > 0) {
            self.go_to(model, Some(step - 1));
        }
    }

    /// Brings the lesson in line with the state.
    pub fn refresh(&mut self) {
        let spoken = std::mem::replace(&mut self.language, language().code);
        if !std::mem::take(&mut self.dirty) && spoken == self.language {
            return;
        }
        let at = &self.elements;
        at.panel.set_hidden(self.step.is_none());
        set(&at.start, "aria-expanded", if self.step.is_some() { "true" } else { "false" });
        let all = steps();
        let Some((place, step)) = self.step.and_then(|place| Some((place, all.get(place)?))) else { return };
        set_text(&at.count, &say!("lesson-count", step = place + 1, of = all.len()));
        for (element, message) in [(&at.title, &step.title), (&at.text, &step.text), (&at.question, &step.question)] {
            set_text(element, &message.to_string());
        }
        let mut buttons: Vec<Element> = children(&at.answers);
        if buttons.len() != step.answers.len() {
            at.answers.set_text_content(None);
            for place in 0..step.answers.len() {
                let answer = ("data-answer", &*place.to_string());
                append(&at.answers, &create_with("button", "", &[("type", "button"), answer]));
            }
            buttons = children(&at.answers);
        }
        for (place, (button, answer)) in buttons.iter().zip(&step.answers).enumerate() {
            set_text(button, &answer.to_string());
            let given = self.answer == Some(place);
            set(button, "aria-pressed", if given { "true" } else { "false" });
            mark(button, "data-right", given && place == step.right);
            mark(button, "data-wrong", given && place != step.right);
        }
        let said = self.answer.map(|answer| {
            let verdict = if answer == step.right { say!("lesson-right") } else { say!("lesson-wrong") };
            say!("two-sentences", first = verdict, second = step.why.clone())
        });
        set_text(&at.why, &said.unwrap_or_default());
        at.back.set_disabled(place == 0);
        let last = place + 1 == all.len();
        set_text(&at.next_text, &if last { say!("lesson-end") } else { say!("lesson-next") });
    }
}

/// Marks what a step speaks of, and brings it into view.
fn point_at(id: Option<&str>) {
    let d = document();
    if let Some(former) = d.query_selector("[data-pointed]").ok().flatten() {
        mark(&former, "data-pointed", false);
    }
    if let Some(element) = id.and_then(|id| d.get_element_by_id(id)) {
        mark(&element, "data-pointed", true);
        tabs::reveal(&d, &element);
        element.scroll_into_view();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_has_one_right_answer_and_the_right_ones_are_not_always_at_the_same_place() {
        let steps = steps();
        assert!(steps.iter().all(|step| step.right < step.answers.len()));
        assert!(steps.iter().any(|step| step.right != steps[0].right));
        for step in &steps {
            let said: std::collections::BTreeSet<String> = step.answers.iter().map(ToString::to_string).collect();
            assert_eq!(said.len(), step.answers.len());
        }
    }
}
