//! The story of the first look: a bare picture, a look at it, and the teacher's outline that grows from the look. Pure:
//! no browser in here.

use fovea_shared::gaze::Fixation;

/// Time from the look to the whole outline, in ms.
const WHOLE_MS: f64 = 400.0;

/// The outline grows for at least this long, in ms, however late the teacher has answered.
const SHORTEST_MS: f64 = 160.0;

/// Whether things may move, as the visitor's system says (`prefers-reduced-motion`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// They may.
    Full,
    /// They are to appear at once.
    Reduced,
}

/// How far the story of the open image is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum FirstLook {
    /// Nobody has looked: the picture is bare.
    #[default]
    Waiting,
    /// The visitor has looked and the teacher has not answered yet: still bare.
    Looked {
        /// Where, in fractions of the image.
        centre: (f32, f32),
        /// When, in ms of the page's clock.
        at_ms: f64,
    },
    /// The outlines appear.
    Growing(Reveal),
    /// All is shown as the layers say.
    Told,
}

/// What the stage shows at a moment of the story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shown {
    /// The picture without outlines and numbers.
    Bare,
    /// The outlines as far as they have appeared.
    Growing {
        /// Where the growth began, in fractions of the image.
        centre: (f32, f32),
        /// How far it is.
        frame: RevealFrame,
    },
    /// Everything.
    All,
}

impl FirstLook {
    /// Of an image that comes with gaze or words of a link: there is nothing to tell.
    pub fn told() -> Self {
        Self::Told
    }

    /// The visitor has looked. Only the first look counts.
    pub fn looked(&mut self, fixations: &[Fixation], now: f64) {
        if let (Self::Waiting, Some(centre)) = (*self, centre(fixations)) {
            *self = Self::Looked { centre, at_ms: now };
        }
    }

    /// The teacher has answered to the look.
    pub fn answered(&mut self, now: f64, motion: Motion) {
        if let Self::Looked { centre, at_ms } = *self {
            *self = match motion {
                Motion::Full => Self::Growing(Reveal::begin(centre, at_ms, now)),
                Motion::Reduced => Self::Told,
            };
        }
    }

    /// The look is taken back, before or after the answer: the picture is bare again.
    pub fn taken_back(&mut self) {
        *self = Self::Waiting;
    }

    /// What is shown at a moment. When the outlines are whole, the story is told.
    pub fn at(&mut self, now: f64) -> Shown {
        match *self {
            Self::Waiting | Self::Looked { .. } => Shown::Bare,
            Self::Told => Shown::All,
            Self::Growing(reveal) => {
                let frame = reveal.at(now);
                if frame.whole() {
                    *self = Self::Told;
                    return Shown::All;
                }
                Shown::Growing { centre: reveal.centre, frame }
            }
        }
    }

    /// Whether another frame has to be drawn.
    pub fn moves(&self) -> bool {
        matches!(self, Self::Growing(_))
    }
}

/// Where the visitor looked longest, in fractions of the image; nothing without fixations.
fn centre(fixations: &[Fixation]) -> Option<(f32, f32)> {
    fixations.iter().max_by(|a, b| a.duration_ms.total_cmp(&b.duration_ms)).map(|f| (f.x, f.y))
}

/// Outlines that appear: the teacher's within a circle that grows from the look, the student's by fading in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reveal {
    /// Where the circle grows from, in fractions of the image.
    pub centre: (f32, f32),
    /// When it began, in ms of the page's clock.
    pub since: f64,
    /// How long it takes, in ms.
    pub lasts: f64,
}

impl Reveal {
    /// A reveal of an answer that has come now to a look at `looked`, both in ms of the page's clock: whole
    /// `WHOLE_MS` after the look, or after `SHORTEST_MS` where that is later.
    pub fn begin(centre: (f32, f32), looked: f64, now: f64) -> Self {
        Self { centre, since: now, lasts: (WHOLE_MS - (now - looked)).clamp(SHORTEST_MS, WHOLE_MS) }
    }

    /// How far it is at a moment.
    pub fn at(&self, now: f64) -> RevealFrame {
        let t = ((now - self.since) / self.lasts).clamp(0.0, 1.0);
        // Quick at first and slow at the end (cubic ease-out).
        let eased = 1.0 - (1.0 - t).powi(3);
        RevealFrame { radius: eased as f32, student_alpha: t as f32 }
    }
}

/// A moment of a [`Reveal`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RevealFrame {
    /// Radius of the circle, as a share of the one that covers the picture, 0 to 1.
    pub radius: f32,
    /// Opacity of the student's outline, 0 to 1.
    pub student_alpha: f32,
}

impl RevealFrame {
    /// Whether all is there.
    pub fn whole(&self) -> bool {
        self.radius >= 1.0 && self.student_alpha >= 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(x: f32, duration_ms: f32) -> Fixation {
        Fixation { x, y: 0.5, duration_ms, start_ms: 0.0 }
    }

    #[test]
    fn the_first_look_grows_the_outline_from_where_it_was_longest() {
        let mut story = FirstLook::default();
        assert_eq!(story.at(0.0), Shown::Bare);
        story.looked(&[], 900.0);
        assert_eq!(story, FirstLook::Waiting);
        story.looked(&[look(0.2, 300.0), look(0.7, 800.0)], 1000.0);
        story.looked(&[look(0.1, 900.0)], 1010.0);
        assert_eq!(story.at(1040.0), Shown::Bare, "the teacher has not answered");
        story.answered(1050.0, Motion::Full);
        let Shown::Growing { centre, frame } = story.at(1100.0) else { panic!("{story:?}") };
        assert_eq!(centre, (0.7, 0.5));
        assert!(frame.radius > 0.3 && frame.radius < 0.5 && story.moves(), "{frame:?}");
        assert_eq!(story.at(1400.0), Shown::All, "whole 400 ms after the look");
        assert!(!story.moves());
        story.looked(&[look(0.1, 900.0)], 2000.0);
        assert_eq!(story.at(2000.0), Shown::All, "it is told once");
        story.taken_back();
        assert_eq!(story.at(2100.0), Shown::Bare);
    }

    #[test]
    fn with_reduced_motion_all_appears_at_once() {
        let mut story = FirstLook::default();
        story.looked(&[look(0.2, 300.0)], 0.0);
        story.answered(30.0, Motion::Reduced);
        assert_eq!((story.at(30.0), story.moves()), (Shown::All, false));
        assert_eq!(FirstLook::told().at(0.0), Shown::All);
    }

    #[test]
    fn an_answer_to_no_look_reveals_nothing() {
        let mut story = FirstLook::default();
        story.answered(30.0, Motion::Full);
        assert_eq!(story.at(1000.0), Shown::Bare);
    }

    #[test]
    fn a_reveal_only_grows_and_is_whole_in_time() {
        for (answered, whole) in [(0.0, 400.0), (60.0, 400.0), (300.0, 460.0), (5000.0, 5160.0)] {
            let reveal = Reveal::begin((0.5, 0.5), 0.0, answered);
            let frames: Vec<RevealFrame> = (0..=400).map(|ms| reveal.at(answered + f64::from(ms))).collect();
            assert_eq!((frames[0].radius, frames[0].student_alpha), (0.0, 0.0));
            let grows = |a: &RevealFrame, b: &RevealFrame| a.radius <= b.radius && a.student_alpha <= b.student_alpha;
            assert!(frames.windows(2).all(|pair| grows(&pair[0], &pair[1])));
            assert!(!reveal.at(whole - 1.0).whole() && reveal.at(whole).whole(), "{reveal:?}");
        }
    }
}
