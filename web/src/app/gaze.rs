//! The gaze points of the visitor, with undo. Pure: no browser in here.

use fovea_shared::gaze::Fixation;

/// Shortest and longest look that a press gives, in ms: the range of most recorded fixations.
pub const DWELL_MS: (f32, f32) = (250.0, 1100.0);

/// How many steps can be undone.
const UNDO_STEPS: usize = 200;

/// How long a press held for `held_ms` counts, in ms.
pub fn dwell(held_ms: f64) -> f32 {
    (held_ms as f32).clamp(DWELL_MS.0, DWELL_MS.1)
}

/// The fixations on the open image and everything needed to take a step back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gaze {
    fixations: Vec<Fixation>,
    selected: Option<usize>,
    past: Vec<Vec<Fixation>>,
    future: Vec<Vec<Fixation>>,
    /// The fixations when the drag began, until its end is recorded as one step.
    drag_start: Option<Vec<Fixation>>,
    revision: u64,
}

impl Gaze {
    /// The fixations, first look first.
    pub fn fixations(&self) -> &[Fixation] {
        &self.fixations
    }

    /// The selected fixation.
    pub fn selected(&self) -> Option<usize> {
        self.selected
    }

    /// A number that grows with every change of the fixations.
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
        let start_ms = self.fixations.last().map_or(0.0, |f| f.start_ms + f.duration_ms);
        let mut next = self.fixations.clone();
        next.push(Fixation { x: x.clamp(0.0, 1.0), y: y.clamp(0.0, 1.0), duration_ms, start_ms });
        let last = next.len() - 1;
        self.step(next);
        self.selected = Some(last);
    }

    /// Selects a fixation, or none.
    pub fn select(&mut self, index: Option<usize>) {
        self.selected = index.filter(|i| *i < self.fixations.len());
    }

    /// Selects the fixation `by` places further on, around the end.
    pub fn select_next(&mut self, by: isize) {
        let count = self.fixations.len() as isize;
        if count > 0 {
            let from = self.selected.map_or(if by > 0 { -1 } else { count }, |i| i as isize);
            self.selected = Some((from + by).rem_euclid(count) as usize);
        }
    }

    /// Moves a fixation while it is dragged. The whole drag becomes one step at [`Gaze::end_drag`].
    pub fn drag(&mut self, index: usize, x: f32, y: f32) {
        if index >= self.fixations.len() {
            return;
        }
        if self.drag_start.is_none() {
            self.drag_start = Some(self.fixations.clone());
        }
        self.put(index, x, y);
        self.selected = Some(index);
        self.revision += 1;
    }

    /// Ends a drag; true if anything had moved.
    pub fn end_drag(&mut self) -> bool {
        let Some(before) = self.drag_start.take() else { return false };
        self.remember(before);
        true
    }

    /// Moves the selected fixation by a step of the keyboard.
    pub fn nudge(&mut self, dx: f32, dy: f32) -> bool {
        let Some(index) = self.selected else { return false };
        let Fixation { x, y, .. } = self.fixations[index];
        self.drag(index, x + dx, y + dy);
        self.end_drag()
    }

    /// Removes a fixation; true if there was one.
    pub fn remove(&mut self, index: usize) -> bool {
        if index >= self.fixations.len() {
            return false;
        }
        let mut next = self.fixations.clone();
        next.remove(index);
        self.selected = self.selected.filter(|s| *s != index).map(|s| if s > index { s - 1 } else { s });
        self.step(next);
        true
    }

    /// Takes these fixations in place of the present ones, as one step.
    pub fn replace(&mut self, fixations: Vec<Fixation>) {
        self.selected = None;
        self.step(fixations);
    }

    /// Takes one step back; true if there was one.
    pub fn undo(&mut self) -> bool {
        self.end_drag();
        let Some(before) = self.past.pop() else { return false };
        self.future.push(std::mem::replace(&mut self.fixations, before));
        self.settle();
        true
    }

    /// Takes one step forward again; true if there was one.
    pub fn redo(&mut self) -> bool {
        let Some(after) = self.future.pop() else { return false };
        self.past.push(std::mem::replace(&mut self.fixations, after));
        self.settle();
        true
    }

    /// Forgets everything: another image is open.
    pub fn reset(&mut self) {
        *self = Self { revision: self.revision + 1, ..Self::default() };
    }

    fn step(&mut self, next: Vec<Fixation>) {
        self.end_drag();
        let before = std::mem::replace(&mut self.fixations, next);
        self.remember(before);
        self.revision += 1;
    }

    fn remember(&mut self, before: Vec<Fixation>) {
        self.past.push(before);
        if self.past.len() > UNDO_STEPS {
            self.past.remove(0);
        }
        self.future.clear();
    }

    fn settle(&mut self) {
        self.selected = None;
        self.revision += 1;
    }

    fn put(&mut self, index: usize, x: f32, y: f32) {
        let fixation = &mut self.fixations[index];
        (fixation.x, fixation.y) = (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Gaze {
        let mut gaze = Gaze::default();
        gaze.add(0.1, 0.1, 250.0);
        gaze.add(0.5, 0.5, 400.0);
        gaze.add(0.9, 0.9, 250.0);
        gaze
    }

    #[test]
    fn undo_and_redo_walk_the_same_road() {
        let mut gaze = three();
        let full = gaze.fixations().to_vec();
        assert!(gaze.undo() && gaze.undo() && gaze.undo() && !gaze.undo());
        assert!(gaze.fixations().is_empty());
        assert!(gaze.redo() && gaze.redo() && gaze.redo() && !gaze.redo());
        assert_eq!(gaze.fixations(), full);
    }

    #[test]
    fn a_new_step_ends_redo() {
        let mut gaze = three();
        gaze.undo();
        gaze.add(0.2, 0.2, 250.0);
        assert!(!gaze.can_redo());
    }

    #[test]
    fn a_drag_is_one_step() {
        let mut gaze = three();
        let before = gaze.fixations().to_vec();
        for i in 0..20 {
            gaze.drag(1, 0.5 + i as f32 / 100.0, 0.5);
        }
        assert!(gaze.end_drag() && !gaze.end_drag());
        assert!(gaze.undo());
        assert_eq!(gaze.fixations(), before);
    }

    #[test]
    fn undo_during_a_drag_takes_the_drag_back() {
        let mut gaze = three();
        let before = gaze.fixations().to_vec();
        gaze.drag(0, 0.3, 0.3);
        assert!(gaze.undo());
        assert_eq!(gaze.fixations(), before);
    }

    #[test]
    fn removing_keeps_the_selection_on_the_same_point() {
        let mut gaze = three();
        assert_eq!(gaze.selected(), Some(2));
        assert!(gaze.remove(0));
        assert_eq!(gaze.selected(), Some(1));
        assert!(gaze.remove(1) && !gaze.remove(7));
        assert_eq!(gaze.selected(), None);
    }

    #[test]
    fn every_change_has_a_new_revision_and_selecting_has_not() {
        let mut gaze = three();
        let mut last = gaze.revision();
        let mut changed = |gaze: &Gaze| std::mem::replace(&mut last, gaze.revision()) != gaze.revision();
        gaze.select_next(1);
        assert!(!changed(&gaze));
        assert!(gaze.nudge(0.01, 0.0) && changed(&gaze));
        assert!(gaze.undo() && changed(&gaze));
        gaze.replace(vec![]);
        assert!(changed(&gaze));
        gaze.reset();
        assert!(changed(&gaze) && !gaze.can_undo());
    }

    #[test]
    fn points_stay_in_the_image_and_follow_each_other_in_time() {
        let mut gaze = Gaze::default();
        gaze.add(-0.5, 1.5, dwell(20.0));
        gaze.add(0.5, 0.5, dwell(9000.0));
        let f = gaze.fixations();
        assert_eq!((f[0].x, f[0].y, f[0].duration_ms), (0.0, 1.0, 250.0));
        assert_eq!((f[1].start_ms, f[1].duration_ms), (250.0, 1100.0));
    }

    #[test]
    fn selection_goes_around() {
        let mut gaze = three();
        gaze.select_next(1);
        assert_eq!(gaze.selected(), Some(0));
        gaze.select_next(-1);
        assert_eq!(gaze.selected(), Some(2));
        gaze.select(Some(9));
        assert_eq!(gaze.selected(), None);
        gaze.select_next(-1);
        assert_eq!(gaze.selected(), Some(2));
    }
}
