//! Where the visitor is, and what the engine is to do next for it.

use std::collections::BTreeMap;

use fovea_shared::gaze::Fixation;

use super::{
    figures::{Figures, TheirFigures},
    glances::{Glance, Glances},
    reading::Reading,
    record::Record,
    task::{Task, Teacher},
};
use crate::protocol::{
    Blob, TaughtStep, TeachExported, TeachForget, TeachReading, TeachRequest, TeachRole, TeachStep, TeachTarget,
};

/// Seconds that a simulated look at each picture takes: as long as the visitor is asked to look.
pub const GLANCE_SECONDS: f32 = 4.0;

/// Pictures that are drawn after each step. With sixteen of them each is drawn every fourth step.
const DRAWN_A_STEP: usize = 4;

/// Where the visitor is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Looking at pictures.
    #[default]
    Glancing,
    /// The student learns, or waits.
    Learning {
        /// Whether it waits for the visitor.
        paused: bool,
    },
    /// The student has learnt.
    Result,
}

/// The visitor's student as a file. It is written as soon as it has learnt, so that it outlives the
/// engine.
#[derive(Clone, Debug, Default, PartialEq)]
enum Student {
    #[default]
    Unwritten,
    /// As safetensors.
    Written(Blob),
    Refused,
}

/// Teach a network in a minute.
#[derive(Clone, Debug, Default)]
pub struct Teach {
    glances: Glances,
    /// Pictures that the student is not taught with.
    unseen: Vec<u64>,
    phase: Phase,
    /// Seed of the student.
    seed: u64,
    reading: Reading,
    records: BTreeMap<Teacher, Record>,
    student: Student,
    /// Whether the references learn too, once the visitor's student has learnt.
    references: bool,
    /// The glances of another person at pictures of this lesson.
    theirs: Vec<(u64, Vec<Fixation>)>,
    /// Whether these teach a student too.
    teaches_theirs: bool,
    forget: Vec<TeachForget>,
}

impl Teach {
    /// A lesson: pictures to glance at, and others that the student meets afterwards. Everything of a
    /// former lesson is forgotten.
    pub fn lesson(&mut self, taught: &[u64], unseen: &[u64], seed: u64) {
        let former = !self.reading.is_empty() || !self.forget.is_empty();
        let glances = Glances::of(taught);
        let unseen = unseen.iter().copied().filter(|picture| !taught.contains(picture)).collect();
        let forget = former.then_some(TeachForget::All).into_iter().collect();
        *self = Self { glances, unseen, seed, forget, ..Self::default() };
    }

    /// Where the visitor is.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The pictures to glance at.
    pub fn glances(&self) -> &Glances {
        &self.glances
    }

    /// The same, to change them; nothing while a student learns from them or has learnt.
    pub fn glancing(&mut self) -> Option<&mut Glances> {
        (self.phase == Phase::Glancing).then_some(&mut self.glances)
    }

    /// The unseen pictures.
    pub fn unseen(&self) -> &[u64] {
        &self.unseen
    }

    /// Whether there is something to learn from.
    pub fn can_learn(&self) -> bool {
        self.phase == Phase::Glancing && self.taught().next().is_some()
    }

    /// Begins to learn.
    pub fn learn(&mut self) -> bool {
        let can = self.can_learn();
        if can {
            self.records.retain(|teacher, _| *teacher == Teacher::Other);
            self.student = Student::Unwritten;
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

    /// Throws the visitor's student and the references away and goes back to the glances, which stay.
    pub fn throw_away(&mut self) {
        for teacher in [Teacher::Visitor, Teacher::Simulated, Teacher::Outlines] {
            self.forget_course(teacher);
        }
        (self.phase, self.references, self.student) = (Phase::Glancing, false, Student::Unwritten);
    }

    /// The same lesson from its first picture on, for the next visitor. What is read stays.
    pub fn start_again(&mut self) {
        self.throw_away();
        let pictures: Vec<u64> = self.glances.all().iter().map(|one| one.picture).collect();
        self.glances = Glances::of(&pictures);
    }

    /// Lets simulated gaze and true masks teach a student each, beside the visitor's, where the true
    /// masks are known.
    pub fn want_references(&mut self) {
        self.references = true;
    }

    /// Takes the glances of another person, at pictures that the lesson teaches; none: there is no
    /// other person. A student of former ones is forgotten.
    pub fn set_theirs(&mut self, theirs: Vec<(u64, Vec<Fixation>)>) {
        if theirs != self.theirs {
            self.forget_course(Teacher::Other);
            (self.theirs, self.teaches_theirs) = (theirs, false);
        }
    }

    /// The glances of another person.
    pub fn theirs(&self) -> &[(u64, Vec<Fixation>)] {
        &self.theirs
    }

    /// Lets them teach a student beside the visitor's, after that where it learns.
    pub fn teach_theirs(&mut self) {
        self.teaches_theirs = !self.theirs.is_empty();
    }

    /// Whether their student learns, or waits for its turn.
    pub fn teaches_theirs(&self) -> bool {
        self.teaches_theirs && !self.is_taught(Teacher::Other)
    }

    /// The figures of their student; nothing before it has learnt.
    pub fn their_figures(&self) -> Option<TheirFigures> {
        let record = self.record(Teacher::Other).filter(|record| record.finished())?;
        Some(TheirFigures::of(&self.theirs, record))
    }

    fn forget_course(&mut self, teacher: Teacher) {
        if self.records.remove(&teacher).is_some() {
            self.forget.push(TeachForget::Course(teacher.course()));
        }
    }

    /// The record of a teacher's student, once it is set up.
    pub fn record(&self, teacher: Teacher) -> Option<&Record> {
        self.records.get(&teacher)
    }

    /// The figures of the result; nothing before the visitor's student has learnt.
    pub fn figures(&self) -> Option<Figures> {
        let own = self.record(Teacher::Visitor).filter(|record| record.finished())?;
        let [simulated, outlines] = [Teacher::Simulated, Teacher::Outlines].map(|teacher| self.record(teacher));
        Some(Figures::of(&self.glances, own, simulated, outlines))
    }

    /// The visitor's student as a safetensors file, once it has learnt.
    pub fn student(&self) -> Option<&Blob> {
        match &self.student {
            Student::Written(file) => Some(file),
            Student::Unwritten | Student::Refused => None,
        }
    }

    /// Views that are read and views that are to be read, for a progress bar.
    pub fn reading(&self) -> (usize, usize) {
        self.reading.views()
    }

    /// What the engine is to do now; nothing where it can rest. The same task is named until its
    /// answer is taken in, or it is given up.
    pub fn next_task(&self) -> Option<Task> {
        if let Some(what) = self.forget.first() {
            return Some(Task::Forget(*what));
        }
        // While the visitor looks, what will be needed is read.
        if let Some(task) = self.next_reading() {
            return Some(task);
        }
        if self.phase == Phase::Result && self.student == Student::Unwritten {
            return Some(Task::Export(Teacher::Visitor.course()));
        }
        let theirs = Some(Teacher::Other).filter(|_| self.teaches_theirs());
        let references = || {
            let wanted = self.references && self.has_truth();
            [Teacher::Simulated, Teacher::Outlines].into_iter().find(|teacher| wanted && !self.is_taught(*teacher))
        };
        let teacher = match self.phase {
            Phase::Glancing => theirs,
            Phase::Learning { paused: true } => None,
            Phase::Learning { paused: false } => Some(Teacher::Visitor),
            Phase::Result => theirs.or_else(references),
        }?;
        Some(match self.record(teacher) {
            None => Task::Start(self.request(teacher)),
            Some(_) => Task::Step(TeachStep {
                course: teacher.course(),
                steps: 1,
                draw: if [Teacher::Visitor, Teacher::Other].contains(&teacher) { DRAWN_A_STEP } else { 0 },
            }),
        })
    }

    fn next_reading(&self) -> Option<Task> {
        // A skipped picture is not needed; one that waits is read ahead while the visitor glances.
        let looks = self.phase == Phase::Glancing;
        let taught = self.glances.all().iter().filter(|one| match &one.glance {
            Glance::Taken(_) => true,
            Glance::Waiting => looks,
            Glance::Skipped => false,
        });
        let theirs = self.theirs.iter().filter(|_| self.teaches_theirs()).map(|(picture, _)| *picture);
        let taught = taught.map(|one| one.picture).chain(theirs).map(|picture| (picture, TeachRole::Taught));
        let unseen = self.unseen.iter().map(|picture| (*picture, TeachRole::Unseen));
        self.reading.next(taught.chain(unseen))
    }

    /// A view is read.
    pub fn read(&mut self, answer: &TeachReading) {
        self.reading.add(answer);
    }

    /// A student is set up, or has taken a step.
    pub fn taught_step(&mut self, answer: TaughtStep) {
        // A student that was thrown away in the meantime may still answer.
        let awaited = |teacher: &Teacher| match teacher {
            Teacher::Other => self.teaches_theirs,
            _ => self.phase != Phase::Glancing,
        };
        let Some(teacher) = Teacher::of_course(answer.course).filter(awaited) else { return };
        if answer.step > 0 && !self.records.contains_key(&teacher) {
            return;
        }
        let ends = answer.finished();
        self.records.entry(teacher).or_default().add(answer);
        if ends && teacher == Teacher::Visitor {
            self.phase = Phase::Result;
        }
    }

    /// The visitor's student is written.
    pub fn exported(&mut self, answer: TeachExported) {
        if self.phase == Phase::Result && answer.course == Teacher::Visitor.course() {
            self.student = Student::Written(answer.safetensors);
        }
    }

    /// The engine has forgotten what it was told to.
    pub fn forgotten(&mut self) {
        self.forget.drain(..1.min(self.forget.len()));
    }

    /// The engine has refused a task. A picture that cannot be read is left out, and a student that
    /// cannot learn waits.
    pub fn refused(&mut self, task: &Task) {
        match task {
            Task::Read(picture, _) | Task::ReadOn(picture) => self.reading.refused(*picture),
            Task::Start(TeachRequest { course, .. }) | Task::Step(TeachStep { course, .. }) => {
                match Teacher::of_course(*course) {
                    Some(Teacher::Visitor) => self.pause(true),
                    Some(Teacher::Other) => self.teaches_theirs = false,
                    _ => self.references = false,
                }
            }
            Task::Export(_) => self.student = Student::Refused,
            // A lesson's course names all its pictures.
            Task::Draw(_) => {}
            Task::Forget(_) => self.forgotten(),
        }
    }

    /// The engine was replaced by another one, which has read nothing. A student that had not finished
    /// begins again.
    pub fn restart(&mut self) {
        self.reading.restart();
        self.forget.clear();
        self.records.retain(|_, record| record.finished());
    }

    /// Pictures with glances that can be taught.
    fn taught(&self) -> impl Iterator<Item = u64> {
        self.glances.taken().map(|(picture, _)| picture).filter(|picture| self.reading.readable(*picture))
    }

    fn request(&self, teacher: Teacher) -> TeachRequest {
        let seconds = GLANCE_SECONDS;
        let target = |fixations: &[_], seed| match teacher {
            Teacher::Visitor | Teacher::Other => TeachTarget::Glances(fixations.to_vec()),
            Teacher::Simulated => TeachTarget::Simulated { seed, seconds },
            Teacher::Outlines => TeachTarget::Truth,
        };
        let readable = |picture: &u64| self.reading.readable(*picture);
        let looked: Vec<(u64, &[Fixation])> = match teacher {
            Teacher::Other => self.theirs.iter().map(|(picture, path)| (*picture, path.as_slice())).collect(),
            _ => self.glances.taken().collect(),
        };
        let looked = looked.into_iter().filter(|(picture, _)| readable(picture));
        TeachRequest {
            course: teacher.course(),
            taught: looked.map(|(picture, fixations)| (picture, target(fixations, self.seed + picture))).collect(),
            unseen: self.unseen.iter().copied().filter(readable).collect(),
            seed: self.seed,
            steps: None,
        }
    }

    /// Whether a teacher's student has learnt.
    fn is_taught(&self, teacher: Teacher) -> bool {
        self.record(teacher).is_some_and(Record::finished)
    }

    /// Whether the true masks of all pictures with glances are known.
    fn has_truth(&self) -> bool {
        self.taught().all(|picture| self.reading.has_truth(picture))
    }
}
