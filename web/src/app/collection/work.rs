//! What the engine is to do next for a collection: read the pictures that teach, let a student learn,
//! and let it draw all the others, a few at a time, so that memory does not grow with the pictures.

use std::collections::BTreeMap;

use fovea_shared::image::mask_png;

use super::{
    item::{Item, Mark},
    shape::Shape,
    state::Collection,
};
use crate::{
    app::teach::{reading::Reading, record::Record, state::Phase, task::Task},
    protocol::{
        Blob, NamedFile, Outline, TaughtStep, TeachDraw, TeachDrew, TeachExported, TeachForget, TeachReading,
        TeachRequest, TeachRole, TeachStep, TeachTarget,
    },
    text::{Message, message},
};

/// Number of the course. Those of a lesson with the gallery have smaller ones.
pub const COURSE: u32 = 3;

/// Most pictures that a student learns from: in eight views each they take 186 MB, and the engine
/// keeps 256 MB.
pub const MOST_TAUGHT: usize = 40;

/// Pictures that are read, drawn and forgotten together.
pub const TOGETHER: usize = 16;

/// Pictures that are drawn after each step.
const DRAWN_A_STEP: usize = 4;

/// The student as a file.
#[derive(Clone, Debug, Default, PartialEq)]
enum Student {
    #[default]
    Unwritten,
    Written(Blob),
    Refused,
}

/// What is due.
#[derive(Clone, Debug, PartialEq)]
pub enum Due {
    /// A task.
    Task(Task),
    /// A course is to be set up: [`Work::request`] makes it, with the masks that were drawn by hand.
    Start,
}

/// The work on a collection.
#[derive(Clone, Debug, Default)]
pub struct Work {
    phase: Phase,
    reading: Reading,
    record: Record,
    student: Student,
    /// The last outline of the student on each picture.
    drawn: BTreeMap<u64, Outline>,
    /// Pictures that the student of now has drawn, or cannot draw.
    finished: std::collections::BTreeSet<u64>,
    forget: Vec<TeachForget>,
    /// Seed of the fresh student.
    seed: u64,
}

impl Work {
    /// Where the visitor is.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The course of the student.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The student's outline on a picture, as it was drawn last.
    pub fn outline(&self, picture: u64) -> Option<&Outline> {
        self.drawn.get(&picture)
    }

    /// How many pictures the student of now has still to draw.
    pub fn to_draw(&self, collection: &Collection) -> usize {
        self.left(collection).count()
    }

    /// The student as a safetensors file, once it has learnt.
    pub fn student(&self) -> Option<&Blob> {
        match &self.student {
            Student::Written(file) => Some(file),
            Student::Unwritten | Student::Refused => None,
        }
    }

    /// Takes a student that was kept.
    pub fn keep_student(&mut self, file: Blob) {
        self.student = Student::Written(file);
    }

    /// Views that are read and that are to be read.
    pub fn reading(&self) -> (usize, usize) {
        self.reading.views()
    }

    /// The pictures that teach, at most [`MOST_TAUGHT`]: the first ones.
    pub fn taught(collection: &Collection) -> impl Iterator<Item = &Item> {
        collection.items().iter().filter(|item| item.teaches()).take(MOST_TAUGHT)
    }

    /// Whether there is something to learn from.
    pub fn can_learn(&self, collection: &Collection) -> bool {
        !matches!(self.phase, Phase::Learning { .. }) && Self::taught(collection).next().is_some()
    }

    /// A fresh student begins to learn. The former one's outlines stay until it draws them again.
    pub fn learn(&mut self, collection: &Collection) -> bool {
        let can = self.can_learn(collection);
        if can {
            self.forget_course();
            self.tidy(collection);
            self.phase = Phase::Learning { paused: false };
        }
        can
    }

    /// The student waits, or goes on.
    pub fn pause(&mut self, paused: bool) {
        if let Phase::Learning { paused: now } = &mut self.phase {
            *now = paused;
        }
    }

    /// Back to the glances. The student and its outlines stay until another one learns.
    pub fn look_again(&mut self) {
        if self.phase == Phase::Result {
            self.phase = Phase::Glancing;
        }
    }

    fn forget_course(&mut self) {
        if self.record.of > 0 {
            self.forget.push(TeachForget::Course(COURSE));
        }
        (self.record, self.student) = (Record::default(), Student::Unwritten);
        self.finished.clear();
    }

    /// Lets the engine forget pictures that teach nothing.
    fn tidy(&mut self, collection: &Collection) {
        let taught: Vec<u64> = Self::taught(collection).map(|item| item.number).collect();
        let idle: Vec<u64> = self.reading.pictures().filter(|picture| !taught.contains(picture)).collect();
        for picture in idle {
            self.reading.forget(picture);
            self.forget.push(TeachForget::Picture(picture));
        }
    }

    /// A picture was taken out of the collection.
    pub fn remove(&mut self, picture: u64) {
        self.drawn.remove(&picture);
        self.finished.remove(&picture);
        self.reading.forget(picture);
        self.forget.push(TeachForget::Picture(picture));
    }

    /// Everything was thrown away.
    pub fn clear(&mut self) {
        let pictures = self.reading.pictures().map(TeachForget::Picture);
        let mut forget: Vec<TeachForget> = pictures.collect();
        if self.record.of > 0 {
            forget.push(TeachForget::Course(COURSE));
        }
        *self = Self { forget, seed: self.seed + 1, ..Self::default() };
    }

    /// Another engine, or another model, has read nothing. A student that has drawn everything stays,
    /// any other begins again with the same glances.
    pub fn restart(&mut self, collection: &Collection) {
        self.reading.restart();
        self.forget.clear();
        let whole = self.phase == Phase::Result && self.student().is_some() && self.left(collection).next().is_none();
        if !whole && self.phase != Phase::Glancing {
            let paused = self.phase == Phase::Learning { paused: true };
            (self.record, self.student) = (Record::default(), Student::Unwritten);
            self.finished.clear();
            self.phase = Phase::Learning { paused };
        }
    }

    /// Another model: what the former one's student drew goes, the glances stay.
    pub fn change_model(&mut self) {
        *self = Self { seed: self.seed, ..Self::default() };
    }

    /// The pictures that the student has still to draw.
    fn left<'a>(&'a self, collection: &'a Collection) -> impl Iterator<Item = u64> + 'a {
        let open = |item: &&Item| item.unreadable.is_none() && !self.finished.contains(&item.number);
        collection.items().iter().filter(open).map(|item| item.number)
    }

    /// What the engine is to do now; nothing where it can rest. The same is named until its answer is
    /// taken in, or it is given up.
    pub fn due(&self, collection: &Collection) -> Option<Due> {
        if let Some(what) = self.forget.first() {
            return Some(Due::Task(Task::Forget(*what)));
        }
        let learns = self.phase == Phase::Learning { paused: false };
        let reads = matches!(self.phase, Phase::Glancing) || learns;
        let next = reads.then(|| self.next_taught(collection)).flatten();
        if next.is_none() && learns && self.record.of == 0 {
            return Some(Due::Start);
        }
        next.or_else(|| self.after_reading(collection)).map(Due::Task)
    }

    fn after_reading(&self, collection: &Collection) -> Option<Task> {
        match self.phase {
            Phase::Learning { paused: true } | Phase::Glancing => None,
            Phase::Learning { paused: false } => {
                Some(Task::Step(TeachStep { course: COURSE, steps: 1, draw: DRAWN_A_STEP }))
            }
            Phase::Result if self.student == Student::Unwritten => Some(Task::Export(COURSE)),
            Phase::Result => {
                let pictures: Vec<u64> = self.left(collection).take(TOGETHER).collect();
                let next = self.reading.next(pictures.iter().map(|picture| (*picture, TeachRole::Unseen)));
                let draw = || Task::Draw(TeachDraw { course: COURSE, pictures: pictures.clone() });
                next.or_else(|| (!pictures.is_empty()).then(draw))
            }
        }
    }

    fn next_taught(&self, collection: &Collection) -> Option<Task> {
        self.reading.next(Self::taught(collection).map(|item| (item.number, TeachRole::Taught)))
    }

    /// The course that is due.
    pub fn request(&self, collection: &Collection) -> TeachRequest {
        let target = |item: &Item| match &item.mark {
            Mark::Glanced(fixations) => Some(TeachTarget::Glances(fixations.clone())),
            Mark::Drawn { shape, .. } => mask_file(item, shape).ok().map(TeachTarget::Drawn),
            Mark::Waiting | Mark::Skipped => None,
        };
        let taught = Self::taught(collection).filter_map(|item| Some((item.number, target(item)?))).collect();
        TeachRequest { course: COURSE, taught, unseen: Vec::new(), seed: self.seed, steps: None }
    }

    /// A view is read.
    pub fn read(&mut self, answer: &TeachReading) {
        self.reading.add(answer);
    }

    /// The student is set up, or has taken a step.
    pub fn taught_step(&mut self, answer: TaughtStep) {
        // A student that was thrown away in the meantime may still answer.
        if answer.course != COURSE || !matches!(self.phase, Phase::Learning { .. }) {
            return;
        }
        let ends = answer.finished();
        if answer.step > 0 {
            for one in &answer.drawn {
                self.drawn.insert(one.picture, one.outline.clone());
                if ends {
                    self.finished.insert(one.picture);
                }
            }
        }
        self.record.add(answer);
        if ends {
            self.phase = Phase::Result;
        }
    }

    /// The student has drawn some pictures; they are forgotten.
    pub fn drew(&mut self, asked: &TeachDraw, answer: TeachDrew) {
        if self.phase != Phase::Result {
            return;
        }
        for one in answer.drawn {
            self.drawn.insert(one.picture, one.outline);
        }
        for picture in &asked.pictures {
            self.finished.insert(*picture);
            self.reading.forget(*picture);
            self.forget.push(TeachForget::Picture(*picture));
        }
    }

    /// The student is written.
    pub fn exported(&mut self, answer: TeachExported) {
        if answer.course == COURSE && self.phase == Phase::Result {
            self.student = Student::Written(answer.safetensors);
        }
    }

    /// The engine has forgotten what it was told to.
    pub fn forgotten(&mut self) {
        self.forget.drain(..1.min(self.forget.len()));
    }

    /// The engine has refused a task, and why. A picture that cannot be read is left out and says why; a
    /// student that cannot learn waits.
    pub fn refused(&mut self, collection: &mut Collection, task: &Task, why: Message) {
        match task {
            Task::Read(picture, _) | Task::ReadOn(picture) => {
                self.reading.forget(*picture);
                collection.unreadable(*picture, why);
            }
            Task::Start(_) | Task::Step(_) => self.pause(true),
            Task::Draw(ask) => self.finished.extend(&ask.pictures),
            Task::Export(_) => self.student = Student::Refused,
            Task::Forget(_) => self.forgotten(),
        }
    }

    /// Mean Dice on pictures that the student has not learnt from and whose mask came as a file, and how
    /// many they are.
    pub fn fit(&self, collection: &Collection) -> Option<(f32, usize)> {
        let taught: Vec<u64> = Self::taught(collection).map(|item| item.number).collect();
        let known = collection.items().iter().filter(|item| item.truth.is_some() && !taught.contains(&item.number));
        let all: Vec<f32> = known.filter_map(|item| self.drawn.get(&item.number)?.dice).collect();
        (!all.is_empty()).then(|| (all.iter().sum::<f32>() / all.len() as f32, all.len()))
    }
}

/// A mask of a picture as a PNG of the picture's size.
///
/// # Errors
/// A mask that cannot be written.
pub fn mask_file(item: &Item, shape: &Shape) -> Result<NamedFile, Message> {
    let png = mask_png(&shape.scaled(item.size).mask());
    let bytes = Blob(png.map_err(|e| message!("mask-not-written", cause = e.to_string()))?);
    Ok(NamedFile { name: format!("{}.png", item.id), bytes })
}
