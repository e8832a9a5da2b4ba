//! From presses to fixations: what a pointer hits, what a press means. Pure.

use fovea_shared::gaze::Fixation;

use crate::app::canvas::frame::Frame;

/// How far a pointer must move to drag rather than to press, in CSS pixels.
const DRAG_START: f64 = 4.0;

/// The fixation under a place, the nearest first. `reach` is the least radius that counts, in CSS pixels: larger for fingers.
pub fn hit(frame: &Frame, fixations: &[Fixation], at: (f64, f64), reach: f64) -> Option<usize> {
    let distance = |f: &Fixation| {
        let (x, y) = frame.place(f.x, f.y);
        (x - at.0).hypot(y - at.1)
    };
    let candidates =
        fixations.iter().enumerate().filter(|(_, f)| distance(f) <= reach.max(frame.radius(f.duration_ms)));
    candidates.min_by(|a, b| distance(a.1).total_cmp(&distance(b.1))).map(|(i, _)| i)
}

/// A pointer that is down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Press {
    /// On the image: becomes a new fixation when it is let go.
    New {
        /// Where, in CSS pixels.
        at: (f64, f64),
        /// Since when, in ms.
        since: f64,
    },
    /// On a fixation.
    Old {
        /// Which one.
        index: usize,
        /// Where the press began.
        from: (f64, f64),
        /// Whether it has moved far enough to be a drag.
        dragging: bool,
    },
}

/// What a movement or the end of a press asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// Nothing.
    None,
    /// Add a fixation: fractions of the image, and for how long the press was held in ms.
    Add(f32, f32, f64),
    /// Move a fixation to these fractions.
    Drag(usize, f32, f32),
    /// The drag is over.
    Drop,
    /// Select a fixation.
    Select(usize),
}

impl Press {
    /// A press begins. `None` beside the image.
    pub fn begin(frame: &Frame, fixations: &[Fixation], at: (f64, f64), now: f64, reach: f64) -> Option<Self> {
        match hit(frame, fixations, at, reach) {
            Some(index) => Some(Self::Old { index, from: at, dragging: false }),
            None => frame.contains(at).then_some(Self::New { at, since: now }),
        }
    }

    /// The pointer moves.
    pub fn moved(&mut self, frame: &Frame, to: (f64, f64)) -> Action {
        match self {
            Self::New { at, .. } => {
                if frame.contains(to) {
                    *at = to;
                }
                Action::None
            }
            Self::Old { index, from, dragging } => {
                *dragging |= (to.0 - from.0).hypot(to.1 - from.1) > DRAG_START;
                let (x, y) = frame.fractions(to);
                if *dragging { Action::Drag(*index, x, y) } else { Action::None }
            }
        }
    }

    /// The pointer is let go.
    pub fn ended(self, frame: &Frame, now: f64) -> Action {
        match self {
            Self::New { at, since } => {
                let (x, y) = frame.fractions(at);
                Action::Add(x, y, now - since)
            }
            Self::Old { dragging: true, .. } => Action::Drop,
            Self::Old { index, .. } => Action::Select(index),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { x: 100.0, y: 0.0, width: 400.0, height: 400.0 };

    fn fixation(x: f32, y: f32) -> Fixation {
        Fixation { x, y, duration_ms: 250.0, start_ms: 0.0 }
    }

    #[test]
    fn the_nearest_fixation_is_hit() {
        let fixations = [fixation(0.5, 0.5), fixation(0.54, 0.5)];
        assert_eq!(hit(&FRAME, &fixations, (315.0, 200.0), 22.0), Some(1));
        assert_eq!(hit(&FRAME, &fixations, (301.0, 200.0), 22.0), Some(0));
        assert_eq!(hit(&FRAME, &fixations, (480.0, 390.0), 22.0), None);
    }

    #[test]
    fn a_press_on_the_image_adds_with_its_length() {
        let press = Press::begin(&FRAME, &[], (300.0, 100.0), 1000.0, 22.0);
        assert_eq!(press.map(|p| p.ended(&FRAME, 1700.0)), Some(Action::Add(0.5, 0.25, 700.0)));
        assert_eq!(Press::begin(&FRAME, &[], (20.0, 100.0), 0.0, 22.0), None);
    }

    #[test]
    fn a_press_on_a_fixation_selects_or_drags_it() {
        let fixations = [fixation(0.5, 0.5)];
        let Some(mut press) = Press::begin(&FRAME, &fixations, (302.0, 200.0), 0.0, 22.0) else { panic!("no press") };
        assert_eq!(press.moved(&FRAME, (304.0, 200.0)), Action::None);
        assert_eq!(press.ended(&FRAME, 100.0), Action::Select(0));
        assert_eq!(press.moved(&FRAME, (340.0, 200.0)), Action::Drag(0, 0.6, 0.5));
        assert_eq!(press.moved(&FRAME, (302.0, 200.0)), Action::Drag(0, 0.505, 0.5));
        assert_eq!(press.ended(&FRAME, 100.0), Action::Drop);
    }
}
