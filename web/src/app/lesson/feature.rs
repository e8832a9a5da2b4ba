//! The lesson and the page: what the visitor does, and what the page has measured of it.

use web_sys::{Document, Event as DomEvent, KeyboardEvent};

use super::{
    course::{Course, Effect, Event, Stage},
    found::{Beside, Seen, found},
    steps::{FOLDER, STEPS, Step, steps},
    teachers::Teachers,
    view::View,
};
use crate::{
    app::{
        canvas::layers::Layer,
        elements::{
            document,
            events::{attribute, click, on},
            focus::focus_next,
        },
        model::{Command, Handle, Model},
    },
    text::language,
};
use fovea_shared::{bundle::Manifest, gaze::Fixation};

/// The feature: where the visitor is in the lesson.
pub struct Lesson {
    view: View,
    teachers: Teachers,
    course: Course,
    dirty: bool,
    language: &'static str,
}

impl Lesson {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            view: View::find(d)?,
            teachers: Teachers::find(d)?,
            course: Course::new(STEPS),
            dirty: true,
            language: "",
        })
    }

    /// Listens to the visitor.
    pub fn listen(&self, handle: &Handle<Self>) {
        let at = &self.view;
        click(handle, &at.start, |lesson, model| {
            let event = if lesson.step().is_some() { Event::Leave } else { Event::Enter(0) };
            lesson.handle(model, event);
        });
        click(handle, &at.next, |lesson, model| lesson.handle(model, Event::Next));
        click(handle, &at.back, |lesson, model| lesson.handle(model, Event::Back));
        click(handle, &at.close, |lesson, model| lesson.handle(model, Event::Leave));
        let of = handle.clone();
        on(&at.answers, "click", move |event: DomEvent| {
            if let Some(answer) = attribute(&event, "data-answer").and_then(|a| a.parse().ok()) {
                of.update(|lesson, model| lesson.handle(model, Event::Guessed(answer)));
            }
        });
        let of = handle.clone();
        on(&document(), "keydown", move |event: KeyboardEvent| {
            let leaves = event.key() == "Escape" && !event.default_prevented() && !something_is_open();
            if leaves && of.read_if_free(|lesson, model| lesson.step().is_some() && !model.viewing) == Some(true) {
                of.update(|lesson, model| lesson.handle(model, Event::Leave));
            }
        });
        self.teachers.listen();
    }

    /// The step that is open, from 0.
    pub fn step(&self) -> Option<usize> {
        self.course.now().map(|now| now.step)
    }

    /// Opens a step, by its place from 0.
    pub fn enter(&mut self, model: &mut Model, step: usize) {
        self.handle(model, Event::Enter(step));
    }

    /// Ends the lesson without bringing anything back: the page is put into another state anyway.
    pub fn forget(&mut self) {
        self.dirty |= self.step().is_some();
        self.course.forget();
    }

    /// Whether outlines are to be seen without a look: a step of the lesson that shows them is open.
    pub fn tells(&self) -> bool {
        self.step().is_some_and(|step| !steps()[step].begins_bare())
    }

    fn handle(&mut self, model: &mut Model, event: Event) {
        let guessed = matches!(event, Event::Guessed(_));
        let stage = self.course.now().map(|now| now.stage);
        let before = self.course.clone();
        let effect = self.course.handle(event);
        self.dirty |= self.course != before;
        match effect {
            Some(Effect::Show(step)) => {
                model.send(Command::ShowStep(step));
                focus_next(self.view.title.clone());
            }
            Some(Effect::PutBack { picture }) => {
                model.send(Command::PutBack { picture });
                focus_next(self.view.start.clone().into());
            }
            // The answers are gone; the keyboard goes on at what is to be done.
            None if guessed && stage == Some(Stage::Guess) => focus_next(self.view.task.clone()),
            None => {}
        }
    }

    /// Another picture is on the stage: the step's, with the looks that it begins with, or one that the visitor has
    /// opened instead.
    pub fn opened(&mut self, model: &mut Model) {
        let all = steps();
        let Some(step) = self.step().map(|step| &all[step]).filter(|_| is_here(model)) else { return };
        if is_shown(model, step) {
            let looks = fixations(step);
            // In another gallery another case stands in, and the looks are of this one.
            if !looks.is_empty() && case_of(model, step).as_deref() == step.case {
                model.inputs.begin_with(looks);
                model.schedule.want_look(model.inputs.revision());
            }
        } else {
            self.handle(model, Event::Stray);
        }
    }

    /// Brings the lesson in line with the model.
    pub fn refresh(&mut self, model: &Model, beside: Beside) {
        let all = steps();
        if let Some(step) = self.step().map(|step| &all[step])
            && is_shown(model, step)
            && rests(model, step)
            && let Some(found) = found(step, &seen(model, beside))
        {
            let before = self.course.clone();
            self.course.handle(Event::Measured(found));
            self.dirty |= self.course != before;
        }
        let spoken = std::mem::replace(&mut self.language, language().code);
        if std::mem::take(&mut self.dirty) || spoken != self.language {
            self.view.show(&self.course, &all);
        }
    }
}

/// The place of the bundle that the lesson speaks of; where that is missing, the one in use has to do.
pub fn place(model: &Model) -> usize {
    model.bundles.index.find(FOLDER).unwrap_or(model.bundles.current)
}

/// Whether the bundle that the lesson speaks of is in use.
pub fn is_here(model: &Model) -> bool {
    model.bundles.current == place(model)
}

/// The case that a step opens in the bundle in use: its own, or the first whose true outline is known; nothing where
/// the picture that is open stays.
pub fn case_of(model: &Model, step: &Step) -> Option<String> {
    let wanted = step.case?;
    let gallery = |manifest: &Manifest| {
        let own = manifest.gallery.iter().find(|case| case.id == wanted);
        own.or_else(|| manifest.gallery.iter().find(|case| case.mask.is_some())).map(|case| case.id.clone())
    };
    model.manifest.as_ref().and_then(gallery)
}

/// Whether the picture that a step speaks of is open.
fn is_shown(model: &Model, step: &Step) -> bool {
    let open = model.current.as_ref().and_then(|current| current.origin.case.clone());
    step.case.is_none() || is_here(model) && open.is_some() && open == case_of(model, step)
}

/// Whether what the page shows will stay until the visitor does something.
fn rests(model: &Model, step: &Step) -> bool {
    let at_work = model.schedule.busy() || model.reading || model.wanted.is_some();
    step.case.is_none() || !(at_work || model.inputs.moving() || model.playing() || model.viewing)
}

fn fixations(step: &Step) -> Vec<Fixation> {
    let mut start_ms = 0.0;
    let look = |(x, y, duration_ms): &(f32, f32, f32)| {
        let look = Fixation { x: *x, y: *y, duration_ms: *duration_ms, start_ms };
        start_ms += duration_ms;
        look
    };
    step.looks.iter().map(look).collect()
}

fn seen(model: &Model, beside: Beside) -> Seen<'_> {
    let found = &model.found;
    Seen {
        looks: model.inputs.fixations(),
        teacher: found.teacher.as_ref(),
        student: found.students.get(&model.student),
        truth: found.truth.as_ref(),
        change: found.change.as_ref(),
        heat: found.heat.as_ref(),
        heat_shown: model.layers.on(Layer::Heat),
        reworded: model.inputs.wording().touched(),
        beside,
    }
}

/// Whether something lies over the page that Escape closes.
fn something_is_open() -> bool {
    let over = "dialog[open], #gallery[data-open], #layers-more[open]";
    document().query_selector(over).ok().flatten().is_some()
}
