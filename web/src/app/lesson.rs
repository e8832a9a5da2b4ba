//! The guided lesson: six steps, each speaks of a part of the page, points at it and asks a question.

use web_sys::{Document, Element, HtmlButtonElement, HtmlElement};

use super::{
    dom::{append, children, get, mark, set, set_text},
    layers::Layer,
    state::App,
};
use crate::text::{Message, message, say};

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
pub struct LessonDom {
    pub(super) start: HtmlButtonElement,
    panel: HtmlElement,
    count: HtmlElement,
    title: HtmlElement,
    text: HtmlElement,
    question: HtmlElement,
    pub(super) answers: HtmlElement,
    why: HtmlElement,
    pub(super) back: HtmlButtonElement,
    pub(super) next: HtmlButtonElement,
    next_text: HtmlElement,
    pub(super) close: HtmlButtonElement,
}

impl LessonDom {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
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

/// Where the visitor is in the lesson.
#[derive(Default)]
pub struct Lesson {
    /// The step, from 0; nothing: no lesson.
    pub step: Option<usize>,
    /// The answer that was given to this step's question.
    pub answer: Option<usize>,
    pub(super) dirty: bool,
}

impl App {
    /// Goes to a step of the lesson, or out of it.
    pub(super) fn go_to_step(&mut self, step: Option<usize>) {
        let step = step.map(|step| step.min(steps().len() - 1));
        self.lesson = Lesson { step, answer: None, dirty: true };
        self.point_at(step.map(|step| steps()[step].at));
        match step {
            // What a step speaks of must be seen.
            Some(2) => {
                for layer in [Layer::HighConfidence, Layer::Broad, Layer::Background] {
                    self.show_layer(layer);
                }
            }
            Some(4) => self.compare.set_open(true),
            _ => {}
        }
        if step.is_some() {
            self.focus_next = Some(self.dom.lesson.title.clone());
        } else {
            self.focus_next = Some(self.dom.lesson.start.clone().into());
        }
    }

    /// The next step; after the last one the lesson is over.
    pub(super) fn next_step(&mut self) {
        let next = self.lesson.step.map_or(0, |step| step + 1);
        self.go_to_step(Some(next).filter(|next| *next < steps().len()));
    }

    /// The step before.
    pub(super) fn former_step(&mut self) {
        if let Some(step) = self.lesson.step.filter(|step| *step > 0) {
            self.go_to_step(Some(step - 1));
        }
    }

    /// Answers the question.
    pub(super) fn answer_question(&mut self, answer: usize) {
        self.lesson.answer = Some(answer);
        self.lesson.dirty = true;
    }

    fn show_layer(&mut self, layer: Layer) {
        if let Ok((switch, _)) = self.dom.layer(layer) {
            switch.set_checked(true);
        }
        self.layers.set(layer, true);
    }

    /// Marks what a step speaks of, and brings it into view.
    fn point_at(&self, id: Option<&str>) {
        let d = &self.dom.document;
        if let Some(former) = d.query_selector("[data-pointed]").ok().flatten() {
            mark(&former, "data-pointed", false);
        }
        if let Some(element) = id.and_then(|id| d.get_element_by_id(id)) {
            mark(&element, "data-pointed", true);
            element.scroll_into_view();
        }
    }

    /// Brings the lesson in line with the state.
    pub(super) fn refresh_lesson(&mut self) {
        if !std::mem::take(&mut self.lesson.dirty) {
            return;
        }
        let (dom, lesson) = (&self.dom.lesson, &self.lesson);
        dom.panel.set_hidden(lesson.step.is_none());
        set(&dom.start, "aria-expanded", if lesson.step.is_some() { "true" } else { "false" });
        let all = steps();
        let Some((place, step)) = lesson.step.and_then(|place| Some((place, all.get(place)?))) else { return };
        set_text(&dom.count, &say!("lesson-count", step = place + 1, of = all.len()));
        for (element, message) in [(&dom.title, &step.title), (&dom.text, &step.text), (&dom.question, &step.question)]
        {
            set_text(element, &message.to_string());
        }
        let mut buttons: Vec<Element> = children(&dom.answers);
        if buttons.len() != step.answers.len() {
            dom.answers.set_text_content(None);
            for place in 0..step.answers.len() {
                let button = self.dom.create("button", "");
                set(&button, "type", "button");
                set(&button, "data-answer", &place.to_string());
                append(&dom.answers, &button);
            }
            buttons = children(&dom.answers);
        }
        for (place, (button, answer)) in buttons.iter().zip(&step.answers).enumerate() {
            set_text(button, &answer.to_string());
            let given = lesson.answer == Some(place);
            set(button, "aria-pressed", if given { "true" } else { "false" });
            mark(button, "data-right", given && place == step.right);
            mark(button, "data-wrong", given && place != step.right);
        }
        let said = lesson.answer.map(|answer| {
            let verdict = if answer == step.right { say!("lesson-right") } else { say!("lesson-wrong") };
            say!("two-sentences", first = verdict, second = step.why.clone())
        });
        set_text(&dom.why, &said.unwrap_or_default());
        dom.back.set_disabled(place == 0);
        let last = place + 1 == all.len();
        set_text(&dom.next_text, &if last { say!("lesson-end") } else { say!("lesson-next") });
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
