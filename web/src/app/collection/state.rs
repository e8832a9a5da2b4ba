//! The pictures of a collection and what was done with them.

use std::collections::BTreeSet;

use fovea_shared::gaze::Fixation;

use super::{
    item::{Item, Mark, Verdict},
    names::{id_of, same, stem},
    refusal::Refusal,
    shape::Shape,
};
use crate::text::Message;

/// Number of the first picture. Pictures of the gallery have smaller ones.
pub const FIRST: u64 = 1 << 20;

/// A change that can be undone: the picture, and what was there.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    number: u64,
    former: Mark,
}

/// How many pictures are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub of: usize,
    /// With a glance.
    pub glanced: usize,
    /// Drawn by hand.
    pub drawn: usize,
    /// Left out.
    pub skipped: usize,
    /// Not done yet.
    pub waiting: usize,
    /// With a mask that was accepted or mended.
    pub settled: usize,
}

/// The collection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collection {
    items: Vec<Item>,
    last: u64,
    shown: Option<u64>,
    changes: Vec<Change>,
    refusals: Vec<Refusal>,
    /// Pictures that have changed since they were kept last.
    changed: BTreeSet<u64>,
}

impl Collection {
    /// A collection that was kept: pictures in their order.
    pub fn restore(items: Vec<Item>) -> Self {
        let last = items.iter().map(|item| item.number).max().unwrap_or_default();
        let mut all = Self { items, last, ..Self::default() };
        all.show_waiting();
        all
    }

    /// All pictures in their order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The picture with this number.
    pub fn item(&self, number: u64) -> Option<&Item> {
        self.items.iter().find(|item| item.number == number)
    }

    /// The number of the picture whose file has this stem, in lower case.
    pub fn with_stem(&self, wanted: &str) -> Option<u64> {
        self.items.iter().find(|item| stem(&item.file).to_lowercase() == wanted).map(|item| item.number)
    }

    /// Adds a picture; gives its number.
    pub fn add(&mut self, file: &str, extension: &str, size: (u32, u32)) -> u64 {
        let id = id_of(file, |id| self.items.iter().any(|item| same(&item.id, id)));
        self.last = (self.last + 1).max(FIRST);
        self.items.push(Item {
            number: self.last,
            id,
            file: file.into(),
            extension: extension.into(),
            size,
            mark: Mark::Waiting,
            truth: None,
            verdict: None,
            unreadable: None,
        });
        self.changed.insert(self.last);
        self.show_waiting();
        self.last
    }

    /// Adds a picture as another collection had it, under its id where that is free; gives its number.
    pub fn add_item(&mut self, item: Item) -> u64 {
        let free = !self.items.iter().any(|one| same(&one.id, &item.id));
        let number = self.add(&item.file, &item.extension, item.size);
        self.change(number, |own| {
            if free {
                own.id = item.id;
            }
            (own.mark, own.truth, own.verdict) = (item.mark, item.truth, item.verdict);
        });
        self.show_waiting();
        number
    }

    /// The picture that is to be looked at.
    pub fn shown(&self) -> Option<&Item> {
        self.item(self.shown?)
    }

    /// Shows the picture with this number.
    pub fn show(&mut self, number: u64) {
        if self.item(number).is_some() {
            self.shown = Some(number);
        }
    }

    /// Shows a picture that waits, if the one that is shown does not.
    fn show_waiting(&mut self) {
        if self.shown().is_none_or(|item| item.mark != Mark::Waiting || item.unreadable.is_some()) {
            self.show_next();
        }
    }

    /// Shows the next picture that waits, from the one that is shown on; where none waits it stays.
    fn show_next(&mut self) {
        let place = self.items.iter().position(|item| Some(item.number) == self.shown);
        let start = place.map_or(0, |place| place + 1);
        let waits = |item: &&Item| item.mark == Mark::Waiting && item.unreadable.is_none();
        let next = self.items[start..].iter().chain(&self.items[..start]).find(waits);
        self.shown = next.map(|item| item.number).or(self.shown);
    }

    /// The visitor has looked at the picture that is shown. Without a fixation nothing changes.
    pub fn take(&mut self, fixations: Vec<Fixation>) -> bool {
        !fixations.is_empty() && self.mark(Mark::Glanced(fixations))
    }

    /// The picture that is shown is left out.
    pub fn skip(&mut self) -> bool {
        self.mark(Mark::Skipped)
    }

    /// The outline of the picture that is shown was drawn by hand. An empty one is none.
    pub fn draw(&mut self, shape: Shape, seconds: f64) -> bool {
        shape.area() > 0 && self.mark(Mark::Drawn { shape, seconds })
    }

    /// The picture with this number is to be looked at again, and is shown.
    pub fn again(&mut self, number: u64) -> bool {
        self.show(number);
        self.mark(Mark::Waiting)
    }

    fn mark(&mut self, now: Mark) -> bool {
        let Some(number) = self.shown else { return false };
        let Some(item) = self.items.iter_mut().find(|item| item.number == number && item.mark != now) else {
            return false;
        };
        let waits = now == Mark::Waiting;
        self.changes.push(Change { number, former: std::mem::replace(&mut item.mark, now) });
        self.changed.insert(number);
        if !waits {
            self.show_next();
        }
        true
    }

    /// Takes the last glance, outline, skip or "again" back, and shows its picture.
    pub fn undo(&mut self) -> bool {
        let Some(Change { number, former }) = self.changes.pop() else { return false };
        if let Some(item) = self.items.iter_mut().find(|item| item.number == number) {
            item.mark = former;
        }
        self.changed.insert(number);
        self.shown = Some(number);
        true
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Gives a picture the mask that came as a file.
    pub fn set_truth(&mut self, number: u64, truth: Shape) {
        self.change(number, |item| item.truth = Some(truth));
    }

    /// What the visitor says of the student's mask; nothing takes it back.
    pub fn judge(&mut self, number: u64, verdict: Option<Verdict>) {
        self.change(number, |item| item.verdict = verdict);
    }

    /// The engine cannot read a picture.
    pub fn unreadable(&mut self, number: u64, why: Message) {
        if let Some(item) = self.items.iter_mut().find(|item| item.number == number) {
            item.unreadable = Some(why);
        }
        if self.shown == Some(number) {
            self.show_next();
        }
    }

    /// Takes a picture out, with all that was done with it.
    pub fn remove(&mut self, number: u64) {
        self.items.retain(|item| item.number != number);
        self.changes.retain(|change| change.number != number);
        self.changed.insert(number);
        if self.shown == Some(number) {
            self.shown = None;
            self.show_next();
        }
    }

    /// Takes everything out. Numbers are never given a second time.
    pub fn clear(&mut self) {
        *self = Self { last: self.last, ..Self::default() };
    }

    /// A file was not taken.
    pub fn refuse(&mut self, file: &str, why: Message) {
        self.refusals.push(Refusal { file: file.into(), why });
    }

    /// The files that were not taken since they were read last.
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// The visitor has read them.
    pub fn forget_refusals(&mut self) {
        self.refusals.clear();
    }

    /// How many pictures are how far.
    pub fn counts(&self) -> Counts {
        let of = |is: fn(&Mark) -> bool| self.items.iter().filter(|item| is(&item.mark)).count();
        Counts {
            of: self.items.len(),
            glanced: of(|mark| matches!(mark, Mark::Glanced(_))),
            drawn: of(|mark| matches!(mark, Mark::Drawn { .. })),
            skipped: of(|mark| *mark == Mark::Skipped),
            waiting: self.items.iter().filter(|i| i.mark == Mark::Waiting && i.unreadable.is_none()).count(),
            settled: self.items.iter().filter(|item| item.verdict.is_some()).count(),
        }
    }

    /// Mean seconds of a glance and of an outline by hand, where there are any.
    pub fn seconds(&self) -> (Option<f64>, Option<f64>) {
        let mean = |is: fn(&Mark) -> bool| {
            let all: Vec<f64> =
                self.items.iter().map(|i| &i.mark).filter(|m| is(m)).filter_map(Mark::seconds).collect();
            (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
        };
        (mean(|mark| matches!(mark, Mark::Glanced(_))), mean(|mark| matches!(mark, Mark::Drawn { .. })))
    }

    /// Numbers of the pictures that have changed since the last call; those that are not there any more
    /// were taken out.
    pub fn take_changed(&mut self) -> BTreeSet<u64> {
        std::mem::take(&mut self.changed)
    }

    fn change(&mut self, number: u64, change: impl FnOnce(&mut Item)) {
        if let Some(item) = self.items.iter_mut().find(|item| item.number == number) {
            change(item);
            self.changed.insert(number);
        }
    }
}
