//! From the model to what is seen and said.

use super::App;
use crate::app::{
    class::Beside,
    look::first_look::Shown,
    stand::tour::Learner,
    teach::{record::Record, task::Teacher},
};

impl App {
    /// Brings every feature in line with the model, once after every change.
    pub(super) fn refresh(&mut self) {
        self.work.refreshes += 1;
        let beside = self.beside_lesson();
        let class = self.beside_class();
        let model = &mut self.model;
        self.words.refresh(model);
        let shown = self.stage.refresh(model, self.words.legend_shown(), self.gaze.pressed());
        let attention = self.words.shown_attention(model).cloned();
        if let Err(why) = shown.and_then(|()| self.stage.show_attention(attention.as_ref())) {
            model.show_message(why);
        }
        // What the visitor has done besides looking ends the story of the first look.
        let told = self.lesson.tells()
            || self.stand.tells()
            || model.edit.as_ref().is_some_and(|edit| !edit.before.fixations.is_empty())
            || model.inputs.wording().touched()
            || model.layers != self.first_layers
            || model.playing()
            || self.compare.choice.open
            || model.manifest.as_ref().is_some_and(|manifest| model.student != manifest.default_student());
        let bare = self.look.shown(model, told) == Shown::Bare;
        let photo = self.stage.photo();
        self.status.refresh(model);
        self.look.refresh(model, bare);
        self.result.refresh(model, bare);
        self.gaze.refresh(model);
        self.students.refresh(model);
        self.layers.refresh(model);
        self.compare.refresh(model, photo);
        self.live.refresh(model, photo);
        self.teach.refresh(model);
        self.class.refresh(model, &class);
        self.own.refresh(model);
        self.lesson.refresh(model, beside);
        self.stand.refresh(
            model,
            photo.map(|(canvas, _)| canvas),
            learner(self.teach.lesson().record(Teacher::Visitor)),
        );
        self.save.refresh(model);
        self.bundles.refresh(model);
        self.incoming.refresh(model);
        self.about.refresh(model);
        // A step of students that learn changes nothing on the stage.
        if !std::mem::take(&mut self.model.stage_as_before) {
            self.draw();
            if let Some(canvas) = self.words.peek(&self.model, self.stage.in_sight()) {
                self.stage.copy_to(canvas);
            }
        }
    }

    /// What the class is told of the students of the tab Teach.
    fn beside_class(&self) -> Beside {
        let model = &self.model;
        let theirs = self.teach.lesson().their_figures();
        let theirs = theirs.and_then(|theirs| Some((theirs.fit?, theirs.looked, theirs.pictures)));
        Beside { basis: self.teach.basis(model), yours: self.teach.outcome(model, String::new()), theirs }
    }

    /// Draws the stage.
    pub(super) fn draw(&mut self) {
        self.work.paints += 1;
        if let Some(viewing) = self.look.view(&self.model) {
            return self.stage.draw_viewing(viewing);
        }
        let shown = self.look.shown_now();
        self.stage.draw(&self.model, shown, self.gaze.growing(), self.gaze.cursor());
    }
}

/// What the stand has to know of a student.
fn learner(record: Option<&Record>) -> Learner {
    let learnt = record.is_some_and(Record::finished);
    Learner { begun: record.is_some(), learnt, fit: record.and_then(Record::fit) }
}
