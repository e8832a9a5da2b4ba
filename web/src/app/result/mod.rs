//! How well the outlines fit, where the true outline is known.

use web_sys::{Document, HtmlElement};

use super::{
    canvas::layers::Layer,
    elements::{get, mark, set_text},
    model::Model,
};
use crate::{protocol::Outline, text::say};

/// The feature: one line with two figures.
pub struct ResultLine {
    line: HtmlElement,
    caption: HtmlElement,
    teacher: HtmlElement,
    student: HtmlElement,
}

impl ResultLine {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            line: get(d, "result")?,
            caption: get(d, "result-caption")?,
            teacher: get(d, "dice-teacher")?,
            student: get(d, "dice-student")?,
        })
    }

    /// Brings the elements in line with the model; `bare`: the picture is shown without outlines and
    /// numbers.
    pub fn refresh(&self, model: &Model, bare: bool) {
        // Without gaze the teacher's figure says nothing about a glance.
        let gazed = !model.inputs.fixations().is_empty();
        let teacher = dice(model.outline(Layer::Teacher).filter(|_| gazed));
        let student = dice(model.outline(Layer::Student));
        mark(&self.line, "hidden", student.is_none() || bare);
        mark(&self.line, "data-alone", teacher.is_none());
        let caption = match model.found.lesions {
            Some((lesions, of)) => say!("scores-looked-at", lesions = lesions as usize, of = of as usize),
            None => say!("scores"),
        };
        set_text(&self.caption, &caption);
        for (element, dice) in [(&self.teacher, teacher), (&self.student, student)] {
            set_text(element, dice.as_deref().unwrap_or("–"));
        }
    }
}

fn dice(outline: Option<&Outline>) -> Option<String> {
    outline.and_then(|outline| outline.dice).map(|dice| format!("{dice:.2}"))
}
