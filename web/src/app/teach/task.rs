//! What the engine is asked to do for a lesson, and for whom.

use crate::protocol::{Request, TeachDraw, TeachForget, TeachPicture, TeachRequest, TeachRole, TeachStep};

/// Who teaches a student.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Teacher {
    /// The visitor's glances.
    Visitor,
    /// Simulated gaze, which sees the true masks: a reference.
    Simulated,
    /// The true masks: the upper bound.
    Outlines,
    /// The glances of another person, from a link or a file.
    Other,
}

impl Teacher {
    /// All of them; the place is the number of the course.
    pub const ALL: [Self; 4] = [Self::Visitor, Self::Simulated, Self::Outlines, Self::Other];

    /// Number of the course.
    pub fn course(self) -> u32 {
        self as u32
    }

    /// The teacher of a course.
    pub fn of_course(course: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|teacher| teacher.course() == course)
    }
}

/// What the engine is to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// Read the first view of a picture; the app adds its files.
    Read(u64, TeachRole),
    /// Read its next view.
    ReadOn(u64),
    /// Set a course up.
    Start(TeachRequest),
    /// Let a student take a step.
    Step(TeachStep),
    /// Let a student draw pictures that its course has not named.
    Draw(TeachDraw),
    /// Write the student of a course as a file.
    Export(u32),
    /// Forget pictures or courses.
    Forget(TeachForget),
}

impl Task {
    /// What the engine is told; `read` adds the files of a picture, where they are here.
    pub fn request(self, read: impl FnOnce(u64, TeachRole) -> Option<TeachPicture>) -> Option<Request> {
        Some(match self {
            Self::Read(picture, role) => Request::TeachRead(read(picture, role)?),
            Self::ReadOn(picture) => Request::TeachReadOn(picture),
            Self::Start(request) => Request::Teach(request),
            Self::Step(step) => Request::TeachStep(step),
            Self::Draw(ask) => Request::TeachDraw(ask),
            Self::Export(course) => Request::TeachExport(course),
            Self::Forget(what) => Request::TeachForget(what),
        })
    }
}
