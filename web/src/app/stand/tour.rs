//! The tour of a stand: 45 seconds in three acts. Plain data.
//!
//! ```text
//! Look ─► Looked ─► One ─► OneSeen ─► Other ─► OtherSeen ─► Glances ─► Learning ─► Learnt
//! └── act 1 ───┘    └────────── act 2 ─────────────────┘    └───────── act 3 ──────────┘
//! ```
//! Steps that wait for a look end by the look; the others end by their time. An act that takes too
//! long gives way to the next one.

/// Glances that teach the student.
pub const GLANCES: usize = 3;

/// An act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// One look at one picture.
    Look,
    /// Two lesions in a picture: a look at one, a look at the other.
    Two,
    /// Glances that teach a fresh student.
    Teach,
}

impl Act {
    /// The longest that it takes, in ms.
    fn limit_ms(self) -> f64 {
        match self {
            Self::Look => 25_000.0,
            Self::Two => 35_000.0,
            // Slow machines learn slowly.
            Self::Teach => 120_000.0,
        }
    }

    fn first_step(self) -> Step {
        match self {
            Self::Look => Step::Look,
            Self::Two => Step::One,
            Self::Teach => Step::Glances(GLANCES),
        }
    }
}

/// A step of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Act 1 waits for a look.
    Look,
    /// What the look has led to.
    Looked,
    /// Act 2 waits for a look at one lesion.
    One,
    /// What it has led to.
    OneSeen,
    /// It waits for a look at the other.
    Other,
    /// What that has led to.
    OtherSeen,
    /// Act 3 waits for this many glances.
    Glances(usize),
    /// The student learns.
    Learning,
    /// It has learnt.
    Learnt,
}

impl Step {
    /// The name in `window.fovea`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Looked => "looked",
            Self::One => "one",
            Self::OneSeen => "one-seen",
            Self::Other => "other",
            Self::OtherSeen => "other-seen",
            Self::Glances(_) => "glances",
            Self::Learning => "learning",
            Self::Learnt => "learnt",
        }
    }

    /// Whether it waits for the visitor.
    pub fn waits(self) -> bool {
        matches!(self, Self::Look | Self::One | Self::Other | Self::Glances(_))
    }

    /// How long something is shown, in ms; nothing for steps that end otherwise.
    fn shown_ms(self) -> Option<f64> {
        match self {
            Self::Looked | Self::OtherSeen => Some(3500.0),
            Self::OneSeen => Some(2000.0),
            Self::Learnt => Some(9000.0),
            _ => None,
        }
    }
}

/// What the page is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Open the picture of this act.
    Open(Act),
    /// Begin a viewing of the open picture.
    BeginLook,
    /// Begin the lesson of the third act, which opens its pictures by itself.
    Teach,
    /// The tour is over.
    End,
}

/// What the tour needs to know of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// A picture is open and all that was asked for is drawn.
    pub at_rest: bool,
    /// A viewing lasts.
    pub viewing: bool,
    /// The visitor's student has learnt.
    pub learnt: bool,
    /// Nobody has touched the page for longer than its patience.
    pub idle: bool,
}

/// How far the student of the third act is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Learner {
    /// Whether it has begun.
    pub begun: bool,
    /// Whether it has learnt.
    pub learnt: bool,
    /// Mean Dice on pictures that it has never seen, where the truth is known.
    pub fit: Option<f32>,
}

/// The tour while it lasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Tour {
    acts: Vec<Act>,
    /// Place of the present act.
    act: usize,
    step: Step,
    /// When the act and the step began, in ms.
    act_since: f64,
    since: f64,
}

impl Tour {
    /// A tour that begins; `two`: whether there is a picture with two lesions. Without one it has two
    /// acts.
    pub fn begin(now: f64, two: bool) -> (Self, Deed) {
        let acts: Vec<Act> =
            [Act::Look, Act::Two, Act::Teach].into_iter().filter(|act| two || *act != Act::Two).collect();
        let tour = Self { acts, act: 0, step: Act::Look.first_step(), act_since: now, since: now };
        (tour, Deed::Open(Act::Look))
    }

    /// The present step.
    pub fn step(&self) -> Step {
        self.step
    }

    /// Place of the present act, from 0, and the number of acts.
    pub fn act(&self) -> (usize, usize) {
        (self.act, self.acts.len())
    }

    /// Lets time pass.
    pub fn tick(&mut self, now: f64, seen: Seen) -> Option<Deed> {
        if self.step.waits() && seen.idle {
            return Some(Deed::End);
        }
        if self.acts.get(self.act).is_some_and(|act| now - self.act_since > act.limit_ms()) {
            return Some(self.skip(now));
        }
        // What a look has led to is shown from when it is drawn.
        if matches!(self.step, Step::Looked | Step::OneSeen | Step::OtherSeen) && !seen.at_rest {
            self.since = now;
        }
        let shown = self.step.shown_ms().is_some_and(|ms| now - self.since >= ms);
        match self.step {
            // A viewing that has found no fixation is begun again.
            step if step.waits() => (seen.at_rest && !seen.viewing).then_some(Deed::BeginLook),
            Step::OneSeen if shown => self.go(now, Step::Other),
            Step::Looked | Step::OtherSeen | Step::Learnt if shown => Some(self.skip(now)),
            Step::Learning if seen.learnt => self.go(now, Step::Learnt),
            _ => None,
        }
    }

    /// The visitor has looked at the open picture.
    pub fn glanced(&mut self, now: f64) {
        let next = match self.step {
            Step::Look => Step::Looked,
            Step::One => Step::OneSeen,
            Step::Other => Step::OtherSeen,
            Step::Glances(left) if left > 1 => Step::Glances(left - 1),
            Step::Glances(_) => Step::Learning,
            shown => shown,
        };
        if next != self.step {
            self.go(now, next);
        }
    }

    /// Goes to the next act, or ends.
    pub fn skip(&mut self, now: f64) -> Deed {
        let Some(next) = self.acts.get(self.act + 1).copied() else { return Deed::End };
        (self.act, self.act_since) = (self.act + 1, now);
        self.go(now, next.first_step());
        if next == Act::Teach { Deed::Teach } else { Deed::Open(next) }
    }

    fn go(&mut self, now: f64, step: Step) -> Option<Deed> {
        (self.step, self.since) = (step, now);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often the page looks at the clock, in ms.
    const TICK: f64 = 250.0;

    /// A page whose pictures open within half a second, whose viewings take four seconds and whose
    /// student learns in six.
    struct Page {
        now: f64,
        tour: Tour,
        open_at: f64,
        viewing_until: Option<f64>,
        learnt_at: Option<f64>,
        steps: Vec<&'static str>,
    }

    impl Page {
        fn new(two: bool) -> Self {
            let (tour, deed) = Tour::begin(0.0, two);
            assert_eq!(deed, Deed::Open(Act::Look));
            let steps = vec![tour.step().name()];
            Self { now: 0.0, tour, open_at: 500.0, viewing_until: None, learnt_at: None, steps }
        }

        /// A tick with a visitor who looks, or with nobody. True when the tour is over.
        fn tick(&mut self, there: bool) -> bool {
            self.now += TICK;
            if self.viewing_until.is_some_and(|until| self.now >= until) {
                self.viewing_until = None;
                if there {
                    self.tour.glanced(self.now);
                    match self.tour.step() {
                        // The lesson opens its next picture by itself.
                        Step::Glances(_) => self.open_at = self.now + 500.0,
                        Step::Learning => self.learnt_at = Some(self.now + 6000.0),
                        _ => {}
                    }
                }
            }
            let seen = Seen {
                at_rest: self.now >= self.open_at,
                viewing: self.viewing_until.is_some(),
                learnt: self.learnt_at.is_some_and(|at| self.now >= at),
                idle: !there && self.now > 15_000.0,
            };
            match self.tour.tick(self.now, seen) {
                Some(Deed::Open(_) | Deed::Teach) => self.open_at = self.now + 500.0,
                Some(Deed::BeginLook) => self.viewing_until = Some(self.now + 4000.0),
                Some(Deed::End) => return true,
                None => {}
            }
            let step = self.tour.step().name();
            if self.steps.last() != Some(&step) {
                self.steps.push(step);
            }
            false
        }
    }

    #[test]
    fn a_visitor_who_follows_sees_three_acts_in_about_45_seconds() {
        let mut page = Page::new(true);
        let mut learnt_at = None;
        while !page.tick(true) {
            if page.tour.step() == Step::Learnt {
                learnt_at.get_or_insert(page.now);
            }
            assert!(page.now < 120_000.0, "{:?}", page.tour);
        }
        let whole = ["look", "looked", "one", "one-seen", "other", "other-seen", "glances", "learning", "learnt"];
        assert_eq!(page.steps, whole);
        assert!((40_000.0..50_000.0).contains(&learnt_at.unwrap_or_default()), "{learnt_at:?}");
        assert!(page.now < 60_000.0, "{}", page.now);
    }

    #[test]
    fn without_a_picture_of_two_lesions_the_tour_has_two_acts() {
        let mut page = Page::new(false);
        assert_eq!(page.tour.act(), (0, 2));
        while !page.tick(true) {}
        assert_eq!(page.steps, ["look", "looked", "glances", "learning", "learnt"]);
    }

    #[test]
    fn a_visitor_who_does_nothing_is_gone() {
        let mut page = Page::new(true);
        while !page.tick(false) {}
        assert_eq!(page.steps, ["look"]);
        assert!(page.now < 16_000.0, "{}", page.now);
    }

    #[test]
    fn nobody_has_to_be_there_for_what_is_shown() {
        let (mut tour, _) = Tour::begin(0.0, true);
        tour.glanced(1000.0);
        let idle = Seen { at_rest: true, idle: true, ..Seen::default() };
        assert_eq!(tour.tick(2000.0, idle), None);
        assert_eq!(tour.step(), Step::Looked);
        assert_eq!(tour.tick(4500.0, idle), Some(Deed::Open(Act::Two)));
    }

    #[test]
    fn an_outline_that_comes_late_is_shown_as_long() {
        let (mut tour, _) = Tour::begin(0.0, true);
        tour.glanced(1000.0);
        let rest = Seen { at_rest: true, ..Seen::default() };
        assert_eq!(tour.tick(9000.0, Seen::default()), None);
        assert_eq!(tour.tick(12_400.0, rest), None);
        assert_eq!(tour.tick(12_500.0, rest), Some(Deed::Open(Act::Two)));
    }

    #[test]
    fn a_viewing_without_a_fixation_is_begun_again() {
        let (mut tour, _) = Tour::begin(0.0, true);
        let rest = Seen { at_rest: true, ..Seen::default() };
        assert_eq!(tour.tick(250.0, Seen::default()), None, "the picture is still opening");
        assert_eq!(tour.tick(500.0, rest), Some(Deed::BeginLook));
        assert_eq!(tour.tick(750.0, Seen { viewing: true, ..rest }), None);
        assert_eq!(tour.tick(4750.0, rest), Some(Deed::BeginLook));
        assert_eq!(tour.step(), Step::Look);
    }

    #[test]
    fn skipping_leads_to_the_next_act_and_out_of_the_last() {
        let (mut tour, _) = Tour::begin(0.0, true);
        assert_eq!(tour.skip(1.0), Deed::Open(Act::Two));
        tour.glanced(2.0);
        assert_eq!((tour.step(), tour.act()), (Step::OneSeen, (1, 3)));
        assert_eq!(tour.skip(3.0), Deed::Teach);
        assert_eq!(tour.skip(4.0), Deed::End);
    }

    #[test]
    fn an_act_that_takes_too_long_gives_way_to_the_next() {
        let (mut tour, _) = Tour::begin(0.0, true);
        // Somebody moves without ever resting.
        let busy = Seen { at_rest: true, viewing: true, ..Seen::default() };
        assert_eq!(tour.tick(25_000.0, busy), None);
        assert_eq!(tour.tick(25_250.0, busy), Some(Deed::Open(Act::Two)));
        assert_eq!(tour.tick(60_500.0, busy), Some(Deed::Teach));
        for _ in 0..GLANCES {
            tour.glanced(61_000.0);
        }
        // A student that never gets ready does not hold the stand.
        assert_eq!((tour.step(), tour.tick(180_000.0, busy)), (Step::Learning, None));
        assert_eq!(tour.tick(180_600.0, busy), Some(Deed::End));
    }
}
