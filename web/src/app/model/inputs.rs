//! What the teacher is given, gaze and words, with one undo for both. Pure: no browser in here.

use fovea_shared::{
    description::Modality,
    gaze::{Fixation, GazeOrigin},
};

use super::{basis::Said, wording::Wording};
use crate::protocol::{Before, Text};

/// Shortest and longest look that a press gives, in ms: the range of most recorded fixations.
pub const DWELL_MS: (f32, f32) = (250.0, 1100.0);

/// How many steps can be undone.
const UNDO_STEPS: usize = 200;

/// How long a press held for `held_ms` counts, in ms.
pub fn dwell(held_ms: f64) -> f32 {
    (held_ms as f32).clamp(DWELL_MS.0, DWELL_MS.1)
}

/// What the teacher is given.
#[derive(Clone, Debug, Default, PartialEq)]
struct Given {
    fixations: Vec<Fixation>,
    /// Where they come from; nothing where that is not known.
    origin: Option<GazeOrigin>,
    wording: Wording,
}

impl Given {
    fn awaits_words(&self, own: &[Fixation]) -> bool {
        !self.wording.holds(&self.fixations, own)
    }

    fn text(&self, own: &[Fixation]) -> Text {
        if self.awaits_words(own) { Text::default() } else { self.wording.text() }
    }

    /// The origin of the fixations after one was set or moved by hand.
    fn pointed(&self) -> Option<GazeOrigin> {
        if self.fixations.is_empty() {
            Some(GazeOrigin::Pointer)
        } else {
            self.origin.map(|o| o.max(GazeOrigin::Pointer))
        }
    }

    fn before(&self, own: &[Fixation]) -> Before {
        Before { fixations: self.fixations.clone(), text: self.text(own) }
    }
}

/// Which half of the inputs a step changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The fixations.
    Gaze,
    /// The words.
    Words,
}

/// Gaze and words on the open image and everything needed to take a step back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    now: Given,
    selected: Option<usize>,
    past: Vec<Given>,
    future: Vec<Given>,
    /// What was given when the drag began, until its end is recorded as one step.
    drag_start: Option<Given>,
    /// What was given before the last step, undo or redo; while something is dragged, before the drag.
    former: Option<Given>,
    revision: u64,
    /// The gaze that the image came with.
    own: Vec<Fixation>,
}

impl Inputs {
    /// The fixations, first look first.
    pub fn fixations(&self) -> &[Fixation] {
        &self.now.fixations
    }

    /// Where the fixations come from; nothing where that is not known, or where there are none.
    pub fn origin(&self) -> Option<GazeOrigin> {
        self.now.origin.filter(|_| !self.now.fixations.is_empty())
    }

    /// The description as the visitor left it.
    pub fn wording(&self) -> &Wording {
        &self.now.wording
    }

    /// What the teacher reads. Words that were measured from other looks are not read: they would hold the mask where it was.
    pub fn text(&self) -> Text {
        self.now.text(&self.own)
    }

    /// What the teacher is given.
    pub fn given(&self) -> Before {
        self.now.before(&self.own)
    }

    /// What the teacher was given before the last step, undo or redo; while something is dragged, before the drag. Nothing
    /// on a new image.
    pub fn before(&self) -> Option<Before> {
        self.former.as_ref().map(|former| former.before(&self.own))
    }

    /// Whether the words were measured from other looks, and are to be measured from these.
    pub fn awaits_words(&self) -> bool {
        self.now.awaits_words(&self.own)
    }

    /// Whether a fixation is being dragged, or a scanpath played back.
    pub fn moving(&self) -> bool {
        self.drag_start.is_some()
    }

    /// The selected fixation.
    pub fn selected(&self) -> Option<usize> {
        self.selected
    }

    /// A number that grows with every change of gaze or words.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether there is a step to undo.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is a step to redo.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Adds a fixation at the end and selects it. Positions outside the image are moved to its edge.
    pub fn add(&mut self, x: f32, y: f32, duration_ms: f32) {
        let start_ms = self.fixations().last().map_or(0.0, |f| f.start_ms + f.duration_ms);
        let mut next = self.fixations().to_vec();
        next.push(Fixation { x: x.clamp(0.0, 1.0), y: y.clamp(0.0, 1.0), duration_ms, start_ms });
        let last = next.len() - 1;
        self.look(next, self.now.pointed());
        self.selected = Some(last);
    }

    /// Selects a fixation, or none.
    pub fn select(&mut self, index: Option<usize>) {
        self.selected = index.filter(|i| *i < self.fixations().len());
    }

    /// Selects the fixation `by` places further on, around the end.
    pub fn select_next(&mut self, by: isize) {
        let count = self.fixations().len() as isize;
        if count > 0 {
            let from = self.selected.map_or(if by > 0 { -1 } else { count }, |i| i as isize);
            self.selected = Some((from + by).rem_euclid(count) as usize);
        }
    }

    /// Moves a fixation while it is dragged. The whole drag becomes one step at [`Inputs::end_drag`].
    pub fn drag(&mut self, index: usize, x: f32, y: f32) {
        if index >= self.fixations().len() {
            return;
        }
        self.begin_drag();
        self.now.origin = self.now.pointed();
        let fixation = &mut self.now.fixations[index];
        (fixation.x, fixation.y) = (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0));
        self.now.wording.follow(&self.now.fixations, &self.own);
        self.selected = Some(index);
        self.revision += 1;
    }

    /// A scanpath of this origin is to be played back, from no fixation on.
    pub fn begin_play(&mut self, origin: Option<GazeOrigin>) {
        self.play(Vec::new());
        self.now.origin = origin;
    }

    /// Shows these fixations while a scanpath is played back. The whole replay becomes one step at [`Inputs::end_drag`].
    pub fn play(&mut self, fixations: Vec<Fixation>) {
        self.begin_drag();
        if self.now.fixations != fixations {
            self.now.fixations = fixations;
            self.now.wording.follow(&self.now.fixations, &self.own);
            self.selected = None;
            self.revision += 1;
        }
    }

    /// Ends a drag or a replay; true if anything had moved.
    pub fn end_drag(&mut self) -> bool {
        let Some(before) = self.drag_start.take() else { return false };
        self.remember(before);
        true
    }

    fn begin_drag(&mut self) {
        if self.drag_start.is_none() {
            self.drag_start = Some(self.now.clone());
            self.former.clone_from(&self.drag_start);
        }
    }

    /// Moves the selected fixation by a step of the keyboard.
    pub fn nudge(&mut self, dx: f32, dy: f32) -> bool {
        let Some(index) = self.selected else { return false };
        let Fixation { x, y, .. } = self.fixations()[index];
        self.drag(index, x + dx, y + dy);
        self.end_drag()
    }

    /// Removes a fixation; true if there was one.
    pub fn remove(&mut self, index: usize) -> bool {
        if index >= self.fixations().len() {
            return false;
        }
        let mut next = self.fixations().to_vec();
        next.remove(index);
        self.selected = self.selected.filter(|s| *s != index).map(|s| if s > index { s - 1 } else { s });
        self.look(next, self.now.origin);
        true
    }

    /// Takes these fixations, of this origin, in place of the present ones, as one step.
    pub fn replace(&mut self, fixations: Vec<Fixation>, origin: Option<GazeOrigin>) {
        self.selected = None;
        self.look(fixations, origin);
    }

    /// Changes the words as one step, if `change` changes any; true if it did.
    pub fn reword<T>(&mut self, change: impl FnOnce(&mut Wording) -> T) -> bool {
        let mut wording = self.now.wording.clone();
        change(&mut wording);
        wording.follow(&self.now.fixations, &self.own);
        let changed = wording != self.now.wording;
        if changed {
            self.step(Given { wording, ..self.now.clone() });
        }
        changed
    }

    /// Takes a description that the image comes with. No step of the visitor's: it stands in every state where nothing was said.
    /// True if it stands in the present one.
    pub fn describe(&mut self, wording: &Wording) -> bool {
        let states = self.past.iter_mut().chain(&mut self.future).chain(&mut self.drag_start).chain(&mut self.former);
        states.filter(|s| s.wording.is_blank()).for_each(|s| s.wording = wording.clone());
        let blank = self.now.wording.is_blank();
        if blank {
            self.now.wording = wording.clone();
            self.revision += 1;
        }
        blank
    }

    /// Takes words that were measured from looks, wherever they are awaited for these looks. No step of the visitor's: they belong to the
    /// step that made the looks. True if the teacher reads other words now.
    pub fn measured(&mut self, looks: &[Fixation], said: &Said) -> bool {
        let before = self.text();
        let (first, own) = (self.now.wording.first().clone(), &self.own);
        let others = self.past.iter_mut().chain(&mut self.future).chain(&mut self.drag_start).chain(&mut self.former);
        for state in others.chain([&mut self.now]) {
            let awaited = state.awaits_words(own) && *state.wording.first() == first;
            if awaited && state.fixations == looks {
                state.wording.measured(said.clone());
            }
        }
        let changed = self.text() != before;
        self.revision += u64::from(changed);
        changed
    }

    /// Takes one step back; says what it changed, if there was one.
    pub fn undo(&mut self) -> Option<Half> {
        self.end_drag();
        let before = self.past.pop()?;
        let (half, left) = self.settle(before);
        self.future.push(left);
        Some(half)
    }

    /// Takes one step forward again; says what it changed, if there was one.
    pub fn redo(&mut self) -> Option<Half> {
        let after = self.future.pop()?;
        let (half, left) = self.settle(after);
        self.past.push(left);
        Some(half)
    }

    /// Forgets everything: another image is open, which came with this gaze.
    pub fn reset(&mut self, modality: Modality, own: Vec<Fixation>) {
        let now = Given { wording: Wording::blank(modality), ..Given::default() };
        *self = Self { now, own, revision: self.revision + 1, ..Self::default() };
    }

    /// Looks at these fixations, of no known origin, from the beginning: no step of the visitor's.
    pub fn begin_with(&mut self, fixations: Vec<Fixation>) {
        self.now.wording.follow(&fixations, &self.own);
        (self.now.fixations, self.now.origin) = (fixations, None);
        self.revision += 1;
    }

    /// Takes what was given on this image before, with its whole history.
    pub fn put_back(&mut self, former: Self) {
        let revision = self.revision.max(former.revision) + 1;
        *self = Self { revision, drag_start: None, ..former };
    }

    fn look(&mut self, fixations: Vec<Fixation>, origin: Option<GazeOrigin>) {
        let mut wording = self.now.wording.clone();
        wording.follow(&fixations, &self.own);
        self.step(Given { fixations, origin, wording });
    }

    fn step(&mut self, next: Given) {
        self.end_drag();
        let before = std::mem::replace(&mut self.now, next);
        self.former = Some(before.clone());
        self.remember(before);
        self.revision += 1;
    }

    fn remember(&mut self, before: Given) {
        self.past.push(before);
        if self.past.len() > UNDO_STEPS {
            self.past.remove(0);
        }
        self.future.clear();
    }

    /// Goes to a state of the history; gives what changed, and the state that was left.
    fn settle(&mut self, to: Given) -> (Half, Given) {
        self.revision += 1;
        let from = std::mem::replace(&mut self.now, to);
        self.former = Some(from.clone());
        if from.fixations == self.now.fixations && from.wording != self.now.wording {
            return (Half::Words, from);
        }
        self.selected = None;
        (Half::Gaze, from)
    }
}

#[cfg(test)]
mod tests;
