//! How far the engine has read the pictures of a lesson.

use std::collections::{BTreeMap, BTreeSet};

use super::task::Task;
use crate::protocol::{TeachReading, TeachRole};

/// How far one picture is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Read {
    views: usize,
    of: usize,
    truth: bool,
}

/// How far all pictures are read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    reads: BTreeMap<u64, Read>,
    /// The picture that the engine is reading; it stops when another one is begun.
    begun: Option<u64>,
    /// Pictures that the engine could not read.
    unreadable: BTreeSet<u64>,
}

impl Reading {
    /// What to read next of the pictures that are needed. One is read to its end before another is
    /// begun.
    pub fn next(&self, needed: impl Iterator<Item = (u64, TeachRole)>) -> Option<Task> {
        let needed: Vec<_> = needed.filter(|(picture, _)| self.readable(*picture)).collect();
        let partly = |picture: &u64| self.reads.get(picture).is_some_and(|read| read.views < read.of);
        if let Some((picture, role)) = needed.iter().find(|(picture, _)| partly(picture)) {
            let goes_on = self.begun == Some(*picture);
            return Some(if goes_on { Task::ReadOn(*picture) } else { Task::Read(*picture, *role) });
        }
        let next = needed.into_iter().find(|(picture, _)| !self.reads.contains_key(picture));
        next.map(|(picture, role)| Task::Read(picture, role))
    }

    /// A view is read.
    pub fn add(&mut self, answer: &TeachReading) {
        self.begun = Some(answer.picture);
        self.reads.insert(answer.picture, Read { views: answer.views, of: answer.of, truth: answer.truth });
    }

    /// The engine cannot read a picture.
    pub fn refused(&mut self, picture: u64) {
        self.reads.remove(&picture);
        self.unreadable.insert(picture);
    }

    /// The pictures of which something is read.
    pub fn pictures(&self) -> impl Iterator<Item = u64> {
        self.reads.keys().copied()
    }

    /// The engine has forgotten a picture.
    pub fn forget(&mut self, picture: u64) {
        self.reads.remove(&picture);
        self.begun = self.begun.filter(|begun| *begun != picture);
    }

    /// Another engine has read nothing.
    pub fn restart(&mut self) {
        (self.reads, self.begun) = (BTreeMap::new(), None);
    }

    /// Whether nothing is read yet.
    pub fn is_empty(&self) -> bool {
        self.reads.is_empty()
    }

    /// Whether a picture can be read, as far as is known.
    pub fn readable(&self, picture: u64) -> bool {
        !self.unreadable.contains(&picture)
    }

    /// Whether the true mask of a picture is known.
    pub fn has_truth(&self, picture: u64) -> bool {
        self.reads.get(&picture).is_some_and(|read| read.truth)
    }

    /// Views that are read, and views that are to be read of the pictures that were begun.
    pub fn views(&self) -> (usize, usize) {
        self.reads.values().fold((0, 0), |(done, all), read| (done + read.views, all + read.of))
    }
}
