//! One large picture with a divider: left of it one student's outline, right of it another one's. What the divider does is pure.

use fovea_shared::bundle::Manifest;

use crate::app::canvas::frame::Frame;

/// Steps of the keyboard, in parts of the picture's width.
const STEP: f64 = 0.02;
const LARGE_STEP: f64 = 0.1;

/// Whose outline a half shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The teacher's, with the visitor's gaze.
    Teacher,
    /// That of the student at this place in the manifest.
    Student(usize),
}

impl Whose {
    /// A menu's value.
    pub fn name(self) -> String {
        match self {
            Self::Teacher => "teacher".into(),
            Self::Student(place) => place.to_string(),
        }
    }

    /// What a menu's value stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "teacher" { Some(Self::Teacher) } else { name.parse().ok().map(Self::Student) }
    }
}

/// One of the two halves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// Left of the divider.
    Left,
    /// Right of it.
    Right,
}

/// What a visitor does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// Puts the divider at this place of the canvas, in CSS pixels from its left edge.
    To(f64),
    /// Moves it by this part of the picture's width; infinity: to an end.
    By(f64),
    /// Chooses whose outline a half shows.
    Choose(Half, Whose),
}

impl Act {
    /// What a key does to a slider, by ARIA's pattern for sliders.
    pub fn of_key(key: &str) -> Option<Self> {
        Some(Self::By(match key {
            "ArrowLeft" | "ArrowDown" => -STEP,
            "ArrowRight" | "ArrowUp" => STEP,
            "PageDown" => -LARGE_STEP,
            "PageUp" => LARGE_STEP,
            "Home" => f64::NEG_INFINITY,
            "End" => f64::INFINITY,
            _ => return None,
        }))
    }
}

/// The state of the wipe.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wipe {
    left: Whose,
    right: Whose,
    /// The part of the visible picture's width that lies left of the divider, 0 to 1.
    at: f64,
}

impl Wipe {
    /// A wipe between two, its divider in the middle.
    pub fn between(left: Whose, right: Whose) -> Self {
        Self { left, right, at: 0.5 }
    }

    /// The first wipe of a bundle: between its first student, which was told least, and the one that is shown by itself; with a single
    /// student, between the teacher and that.
    pub fn first(manifest: &Manifest) -> Self {
        let right = manifest.default_student();
        let left = (0..manifest.students.len()).find(|place| *place != right);
        Self::between(left.map_or(Whose::Teacher, Whose::Student), Whose::Student(right))
    }

    /// Whose outline a half shows.
    pub fn half(&self, half: Half) -> Whose {
        match half {
            Half::Left => self.left,
            Half::Right => self.right,
        }
    }

    /// The part of the picture that lies left of the divider, in per cent.
    pub fn percent(&self) -> u32 {
        (self.at * 100.0).round() as u32
    }

    /// Does what the visitor does; `seen` are the left and right edges of the visible picture, in CSS pixels. Choosing for one half what the
    /// other shows swaps the two.
    pub fn act(&mut self, act: Act, seen: (f64, f64)) {
        match act {
            Act::To(x) => self.at = ((x - seen.0) / (seen.1 - seen.0).max(1.0)).clamp(0.0, 1.0),
            Act::By(part) => self.at = (self.at + part).clamp(0.0, 1.0),
            Act::Choose(half, whose) => {
                let (own, other) = match half {
                    Half::Left => (&mut self.left, &mut self.right),
                    Half::Right => (&mut self.right, &mut self.left),
                };
                if *other == whose {
                    *other = *own;
                }
                *own = whose;
            }
        }
    }

    /// Where the divider stands on the canvas, in CSS pixels.
    pub fn divider(&self, seen: (f64, f64)) -> f64 {
        seen.0 + self.at * (seen.1 - seen.0)
    }
}

/// The left and right edges of the part of a picture that lies on a canvas of this width, in CSS pixels.
pub fn seen(frame: &Frame, width: f64) -> (f64, f64) {
    (frame.x.max(0.0), (frame.x + frame.width).min(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: (f64, f64) = (50.0, 250.0);

    fn wipe() -> Wipe {
        Wipe::between(Whose::Student(0), Whose::Student(4))
    }

    #[test]
    fn the_divider_goes_where_the_pointer_is_and_stays_on_the_picture() {
        let mut wipe = wipe();
        assert_eq!((wipe.divider(SEEN), wipe.percent()), (150.0, 50));
        for (x, expected) in [(100.0, 25), (50.0, 0), (-20.0, 0), (260.0, 100)] {
            wipe.act(Act::To(x), SEEN);
            assert_eq!(wipe.percent(), expected, "{x}");
        }
        wipe.act(Act::To(200.0), SEEN);
        assert_eq!(wipe.divider(SEEN), 200.0);
    }

    #[test]
    fn keys_move_it_by_steps_and_to_the_ends() {
        let mut wipe = wipe();
        let mut press = |key| {
            if let Some(act) = Act::of_key(key) {
                wipe.act(act, SEEN);
            }
            wipe.percent()
        };
        let keys = ["ArrowRight", "ArrowUp", "PageDown", "ArrowLeft", "End", "ArrowRight", "Home", "Tab"];
        assert_eq!(keys.map(&mut press), [52, 54, 44, 42, 100, 100, 0, 0]);
        assert_eq!(Act::of_key("Enter"), None);
    }

    #[test]
    fn two_halves_never_show_the_same() {
        let mut wipe = wipe();
        wipe.act(Act::Choose(Half::Left, Whose::Student(4)), SEEN);
        assert_eq!((wipe.half(Half::Left), wipe.half(Half::Right)), (Whose::Student(4), Whose::Student(0)));
        wipe.act(Act::Choose(Half::Right, Whose::Teacher), SEEN);
        assert_eq!((wipe.half(Half::Left), wipe.half(Half::Right)), (Whose::Student(4), Whose::Teacher));
    }

    #[test]
    fn a_magnified_picture_is_seen_up_to_the_edges_of_the_canvas() {
        let frame = |x, width| Frame { x, y: 0.0, width, height: 10.0 };
        assert_eq!(seen(&frame(20.0, 160.0), 200.0), (20.0, 180.0));
        assert_eq!(seen(&frame(-100.0, 800.0), 200.0), (0.0, 200.0));
    }

    #[test]
    fn names_lead_back() {
        for whose in [Whose::Teacher, Whose::Student(0), Whose::Student(12)] {
            assert_eq!(Whose::from_name(&whose.name()), Some(whose));
        }
        assert_eq!(Whose::from_name("truth"), None);
    }
}
