//! Students that learn in the tab: settings, the record of their training, and what is shown of it.

use std::collections::VecDeque;

use fovea_shared::{bundle::StudentKind, distill::Strategies};
use web_sys::{Document, HtmlButtonElement, HtmlElement, HtmlInputElement};

use super::{
    compare::Look,
    devices::Orders,
    dom::{Select, get, set, set_text},
    live_view::Show,
    state::App,
};
use crate::{
    protocol::{LearntStep, LiveRequest, LiveStart, LiveStep, LiveTarget, OpenRequest},
    text::{Message, message, say},
};

/// Seed of fresh weights. One of three that were looked at, and the one whose students find something to draw first: nothing is
/// concluded from a training on one image.
const SEED: u64 = 3;

/// The largest seed that can be chosen.
pub const LARGEST_SEED: u64 = 9999;

/// Over how many of the last steps the speed is taken.
const SPEED_STEPS: usize = 12;

/// The record of one training is thinned out at this length.
const LONGEST: usize = 2000;

/// Where the learners start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// With fresh weights.
    #[default]
    Fresh,
    /// With those of the bundle's students.
    Trained,
}

/// What the visitor has set.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The strategies of the learners; the second may be missing.
    pub students: [Option<Strategies>; 2],
    /// Where they start.
    pub from: From,
    /// What they learn to predict.
    pub target: LiveTarget,
    /// Seed of fresh weights, 0 to [`LARGEST_SEED`].
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            students: [Some(Strategies::default()), Some(Strategies::ALL)],
            from: From::Fresh,
            target: LiveTarget::BroadMask,
            seed: SEED,
        }
    }
}

/// One point of the charts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Steps taken.
    pub step: usize,
    /// The learner's loss on its own target.
    pub loss: Option<f32>,
    /// Its Dice on the open image, where the truth is known.
    pub dice: Option<f32>,
}

/// The training.
#[derive(Default)]
pub struct Live {
    /// What the visitor has set.
    pub settings: Settings,
    /// What the tiles show.
    pub look: Look,
    /// Whether steps are taken one after the other.
    pub playing: bool,
    /// Steps still to take while it does not play.
    pub once: usize,
    /// Whether learners are wanted at all: from the first step to a reset.
    pub wanted: bool,
    /// Grows whenever they are to start anew.
    version: u64,
    /// The image that they learn on.
    image: Option<u64>,
    /// Other images of the gallery to learn from by turns, once their files are here.
    pub(super) others: Vec<OpenRequest>,
    /// The charts' points, a list a learner.
    pub history: Vec<Vec<Point>>,
    /// The newest answer.
    pub last: Option<LearntStep>,
    times: VecDeque<f64>,
    /// Why it stands still, if there is a reason.
    pub halted: Option<Message>,
    pub(super) show: Show,
    pub(super) dirty: bool,
}

impl Live {
    /// Nobody learns yet, and nothing of it is shown.
    pub fn new() -> Self {
        Self { dirty: true, ..Self::default() }
    }

    /// The learners, in the order of the screen.
    pub fn students(&self) -> impl Iterator<Item = Strategies> + '_ {
        self.settings.students.iter().flatten().copied()
    }

    /// Whether a step is due.
    pub fn due(&self) -> bool {
        self.wanted && (self.playing || self.once > 0)
    }

    /// Begins, or goes on.
    pub fn play(&mut self) {
        (self.playing, self.wanted, self.halted) = (true, true, None);
        self.dirty = true;
    }

    /// Stands still.
    pub fn pause(&mut self) {
        (self.playing, self.once) = (false, 0);
        self.dirty = true;
    }

    /// One more step.
    pub fn step(&mut self) {
        (self.playing, self.wanted, self.halted) = (false, true, None);
        self.once += 1;
        self.dirty = true;
    }

    /// Forgets what was learnt. It stands still until it is begun again.
    pub fn reset(&mut self) {
        self.pause();
        self.wanted = false;
        self.start_anew();
    }

    /// The learners start anew with the settings as they are now; where they were learning they go on to learn.
    pub fn start_anew(&mut self) {
        self.version += 1;
        (self.last, self.halted, self.dirty) = (None, None, true);
        self.history.clear();
        self.times.clear();
    }

    /// Steps a second over the last few, learners together.
    pub fn speed(&self) -> Option<f64> {
        let all: f64 = self.times.iter().sum();
        (all > 0.0).then(|| self.times.len() as f64 * 1e3 / all)
    }

    /// Takes an answer into the record.
    pub fn record(&mut self, answer: LearntStep) {
        self.history.resize(answer.students.len(), Vec::new());
        for (points, student) in self.history.iter_mut().zip(&answer.students) {
            points.push(Point { step: answer.step, loss: student.loss, dice: student.outline.dice });
            if points.len() > LONGEST {
                let mut place = 0;
                // Every other point of the past goes; the newest stays.
                points.retain(|_| {
                    place += 1;
                    place % 2 == 0 || place > LONGEST
                });
            }
        }
        for _ in 0..answer.steps {
            self.times.push_back(answer.ms / answer.steps as f64);
        }
        while self.times.len() > SPEED_STEPS {
            self.times.pop_front();
        }
        self.once = self.once.saturating_sub(answer.steps);
        self.last = Some(answer);
        self.dirty = true;
    }
}

/// The elements.
pub struct LiveDom {
    pub(super) students: [Select; 2],
    pub(super) from: Select,
    pub(super) target: Select,
    pub(super) images: Select,
    pub(super) seed: HtmlInputElement,
    pub(super) look: Select,
    pub(super) play: HtmlButtonElement,
    play_text: HtmlElement,
    pub(super) once: HtmlButtonElement,
    pub(super) reset: HtmlButtonElement,
    figures: HtmlElement,
    status: HtmlElement,
    legend: HtmlElement,
    pub(super) tiles: HtmlElement,
    pub(super) charts: [HtmlElement; 2],
}

impl LiveDom {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            students: [get(d, "distil-first")?, get(d, "distil-second")?],
            from: get(d, "distil-from")?,
            target: get(d, "distil-target")?,
            images: get(d, "distil-images")?,
            seed: get(d, "distil-seed")?,
            look: get(d, "distil-look")?,
            play: get(d, "distil-play")?,
            play_text: get(d, "distil-play-text")?,
            once: get(d, "distil-once")?,
            reset: get(d, "distil-reset")?,
            figures: get(d, "distil-figures")?,
            status: get(d, "distil-status")?,
            legend: get(d, "distil-legend")?,
            tiles: get(d, "distil-tiles")?,
            charts: [get(d, "distil-loss")?, get(d, "distil-dice")?],
        })
    }
}

impl App {
    /// Brings the wish for learners in line with what is shown. Another image is another training.
    pub(super) fn wish_learners(&mut self) {
        let image = self.current.as_ref().map(|c| c.request.image);
        if self.live.image != image {
            self.live.image = image;
            self.live.reset();
        }
        let wanted = image.filter(|_| self.live.wanted).map(|_| self.live.version);
        self.schedule.want_learners(wanted);
        self.schedule.want_steps(self.live.due() && wanted.is_some());
    }

    /// What the engine is told to set up.
    pub(super) fn learners(&self, image: u64) -> LiveRequest {
        let start = |strategies: Strategies| LiveStart { strategies, from: self.trained(strategies) };
        LiveRequest {
            image,
            students: self.live.students().map(start).collect(),
            target: self.live.settings.target,
            more: self.live.others.clone(),
            seed: self.live.settings.seed,
        }
    }

    /// The trained student that a learner starts from: that of its strategies in the family that is shown, else in any, else the one that
    /// is shown first.
    fn trained(&self, strategies: Strategies) -> Option<usize> {
        let manifest = self.manifest.as_ref().filter(|_| self.live.settings.from == From::Trained)?;
        let own = manifest.students.get(self.student).map(|s| StudentKind { strategies, ..s.kind });
        let own = own.and_then(|kind| manifest.find_student(kind));
        let any = || manifest.students.iter().position(|s| s.kind.strategies == strategies);
        Some(own.or_else(any).unwrap_or_else(|| manifest.default_student()))
    }

    /// What the engine is told of a step.
    pub(super) fn learning_step(&self, image: u64) -> LiveStep {
        LiveStep { image, steps: 1, fixations: self.inputs.fixations().to_vec(), text: self.inputs.text() }
    }

    /// Learners are ready, or have taken a step.
    pub(super) fn learnt(&mut self, answer: LearntStep) -> Orders {
        self.schedule.finish();
        let current = self.current.as_ref().is_some_and(|c| c.request.image == answer.image);
        // The step of a training that was started anew in the meantime says nothing of the new one.
        if current && self.schedule.learners_ready(self.live.version) {
            self.live.record(answer);
            self.stage_as_before = true;
        }
        self.at_rest()
    }

    /// The engine cannot take a step.
    pub(super) fn not_learnt(&mut self, why: Message) {
        self.live.pause();
        self.live.halted = Some(why);
    }

    /// Plays or pauses.
    pub(super) fn play_live(&mut self) {
        if self.live.playing {
            self.live.pause();
        } else if self.can_learn() {
            self.live.play();
        }
    }

    /// Takes one step.
    pub(super) fn step_live(&mut self) {
        if self.can_learn() {
            self.live.step();
        }
    }

    /// Without gaze there is no pseudo-mask to learn from.
    fn can_learn(&mut self) -> bool {
        let blind = self.live.settings.target.needs_gaze() && self.inputs.fixations().is_empty();
        if blind {
            self.live.halted = Some(message!("distil-needs-gaze"));
            self.live.dirty = true;
        }
        !blind
    }

    /// Brings the section in line with the state.
    pub(super) fn refresh_live(&mut self) {
        if !std::mem::take(&mut self.live.dirty) {
            return;
        }
        let (dom, live) = (&self.dom.live, &mut self.live);
        let ready = self.current.is_some();
        for button in [&dom.play, &dom.once] {
            button.set_disabled(!ready);
        }
        dom.reset.set_disabled(!live.wanted);
        set(&dom.play, "aria-pressed", if live.playing { "true" } else { "false" });
        set_text(&dom.play_text, &if live.playing { say!("distil-pause") } else { say!("distil-play") });
        let strategy = if live.look == Look::Masks { String::new() } else { live.look.legend() };
        set_text(&dom.legend, say!("two-sentences", first = say!("legend-live"), second = strategy).trim());
        let seed = live.settings.seed.to_string();
        if dom.seed.value() != seed {
            dom.seed.set_value(&seed);
        }
        let figures = match (&live.last, live.speed()) {
            (Some(last), Some(speed)) => {
                say!("distil-figures", step = last.step, speed = format!("{speed:.1}"))
            }
            (Some(_), None) => say!("distil-ready"),
            _ if live.wanted => say!("distil-setting-up"),
            _ => say!("distil-idle"),
        };
        set_text(&dom.figures, &figures);
        // A live region: only what matters, not every step.
        let halted = live.halted.as_ref().map(Message::to_string).unwrap_or_default();
        set_text(&dom.status, &halted);
        let mut show = std::mem::take(&mut live.show);
        show.refresh(&self.dom, &self.live, self.manifest.as_ref(), self.found.truth.as_ref(), self.stage.picture());
        self.live.show = show;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Inside, LiveSeen, Outline};

    fn answer(step: usize, ms: f64) -> LearntStep {
        let outline = Outline {
            loops: vec![],
            points: Default::default(),
            size: (1, 1),
            area: 0,
            hash: String::new(),
            dice: Some(0.5),
        };
        let student =
            LiveSeen { outline, loss: Some(0.3), alignment: None, consistency: None, inside: Inside::default() };
        LearntStep { image: 1, step, ms, steps: usize::from(step > 0), target: None, students: vec![student] }
    }

    #[test]
    fn playing_goes_on_and_a_single_step_stops() {
        let mut live = Live::default();
        assert!(!live.due());
        live.play();
        live.record(answer(0, 0.0));
        live.record(answer(1, 50.0));
        assert!(live.due() && live.speed() == Some(20.0));
        live.step();
        assert!(live.due() && !live.playing);
        live.record(answer(2, 50.0));
        assert!(!live.due() && live.wanted);
        live.reset();
        assert!(!live.wanted && live.history.is_empty() && live.last.is_none() && live.speed().is_none());
    }

    #[test]
    fn a_long_record_is_thinned_and_keeps_its_end() {
        let mut live = Live::default();
        for step in 0..=LONGEST + 50 {
            live.record(answer(step, 1.0));
        }
        let points = &live.history[0];
        assert!(points.len() < LONGEST && points.is_sorted_by_key(|p| p.step));
        assert_eq!(points.last().map(|p| p.step), Some(LONGEST + 50));
    }
}
