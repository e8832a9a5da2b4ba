//! Students that learn in the tab: settings, the record of their training, and what is shown of it.

mod events;
pub mod settings;
pub mod training;
mod view;

use fovea_shared::{bundle::StudentKind, distill::Strategies};
use web_sys::{Document, HtmlButtonElement, HtmlCanvasElement, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::{
    compare::strategy_view::StrategyView,
    elements::{get, set, set_text},
    model::{Handle, Model},
};
use crate::{
    protocol::{LearntStep, LiveRequest, LiveStart, LiveStep},
    text::{Message, language, message, say},
};
use settings::From;
use training::Training;
use view::Show;

/// The elements.
pub(super) struct Elements {
    pub(super) students: [HtmlSelectElement; 2],
    pub(super) from: HtmlSelectElement,
    pub(super) target: HtmlSelectElement,
    pub(super) images: HtmlSelectElement,
    pub(super) seed: HtmlInputElement,
    pub(super) look: HtmlSelectElement,
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

impl Elements {
    fn find(d: &Document) -> Result<Self, String> {
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

/// The feature.
pub struct Live {
    elements: Elements,
    /// The training.
    pub training: Training,
    show: Show,
    language: &'static str,
}

impl Live {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self { elements: Elements::find(d)?, training: Training::new(), show: Show::default(), language: "" })
    }

    /// Listens to the visitor.
    pub fn listen(&self, handle: &Handle<Self>) {
        events::listen(&self.elements, handle);
    }

    /// The list of the tiles, which the shell observes for its size.
    pub fn tiles(&self) -> &HtmlElement {
        &self.elements.tiles
    }

    /// The tiles must be drawn again.
    pub fn redraw(&mut self) {
        self.training.dirty = true;
    }

    /// Another bundle, or a page that starts over: nothing is learnt, and from the open image only.
    pub fn forget(&mut self) {
        self.training.others.clear();
        self.training.reset();
    }

    /// Brings the wish for learners in line with what is shown. Another image is another training.
    pub fn wish(&mut self, model: &mut Model) {
        let training = &mut self.training;
        let image = model.image();
        if training.image != image {
            training.image = image;
            training.reset();
        }
        let wanted = image.filter(|_| training.wanted).map(|_| training.version);
        model.schedule.want_learners(wanted);
        model.schedule.want_steps(training.due() && wanted.is_some());
    }

    /// What the engine is told to set up.
    pub fn request(&self, model: &Model, image: u64) -> LiveRequest {
        let start = |strategies: Strategies| LiveStart { strategies, from: self.trained(model, strategies) };
        let training = &self.training;
        LiveRequest {
            image,
            students: training.students().map(start).collect(),
            target: training.settings.target,
            more: training.others.clone(),
            seed: training.settings.seed,
        }
    }

    /// The trained student that a learner starts from: that of its strategies in the family that is
    /// shown, else in any, else the one that is shown first.
    fn trained(&self, model: &Model, strategies: Strategies) -> Option<usize> {
        let manifest = model.manifest.as_ref().filter(|_| self.training.settings.from == From::Trained)?;
        let own = manifest.students.get(model.student).map(|s| StudentKind { strategies, ..s.kind });
        let own = own.and_then(|kind| manifest.find_student(kind));
        let any = || manifest.students.iter().position(|s| s.kind.strategies == strategies);
        Some(own.or_else(any).unwrap_or_else(|| manifest.default_student()))
    }

    /// What the engine is told of a step.
    pub fn step_request(&self, model: &Model, image: u64) -> LiveStep {
        LiveStep { image, steps: 1, fixations: model.inputs.fixations().to_vec(), text: model.inputs.text() }
    }

    /// Learners are ready, or have taken a step on the open image.
    pub fn learnt(&mut self, model: &mut Model, answer: LearntStep) {
        // The step of a training that was started again in the meantime says nothing of the new one.
        if model.schedule.learners_ready(self.training.version) {
            self.training.record(answer);
            // Many steps come in a second.
            model.stage_as_before = true;
        }
    }

    /// The engine cannot take a step.
    pub fn not_learnt(&mut self, why: Message) {
        self.training.pause();
        self.training.halted = Some(why);
    }

    /// Plays or pauses.
    fn play_or_pause(&mut self, model: &mut Model) {
        if self.training.playing {
            self.training.pause();
        } else if self.can_learn(model) {
            self.training.play();
        }
    }

    /// Takes one step.
    fn step(&mut self, model: &mut Model) {
        if self.can_learn(model) {
            self.training.step();
        }
    }

    /// Without gaze there is no pseudo-mask to learn from.
    fn can_learn(&mut self, model: &Model) -> bool {
        let blind = self.training.settings.target.needs_gaze() && model.inputs.fixations().is_empty();
        if blind {
            self.training.halted = Some(message!("distil-needs-gaze"));
            self.training.dirty = true;
        }
        !blind
    }

    /// Brings the section in line with the model; `photo` is the open picture and its size in pixels.
    pub fn refresh(&mut self, model: &Model, photo: Option<(&HtmlCanvasElement, (u32, u32))>) {
        let spoken = std::mem::replace(&mut self.language, language().code);
        let dirty = std::mem::take(&mut self.training.dirty);
        if !dirty && spoken == self.language {
            return;
        }
        let (at, training) = (&self.elements, &self.training);
        let ready = model.current.is_some();
        for button in [&at.play, &at.once] {
            button.set_disabled(!ready);
        }
        at.reset.set_disabled(!training.wanted);
        set(&at.play, "aria-pressed", if training.playing { "true" } else { "false" });
        set_text(&at.play_text, &if training.playing { say!("distil-pause") } else { say!("distil-play") });
        let view = training.view;
        let strategy = if view == StrategyView::Masks { String::new() } else { view.legend() };
        set_text(&at.legend, say!("two-sentences", first = say!("legend-live"), second = strategy).trim());
        let seed = training.settings.seed.to_string();
        if at.seed.value() != seed {
            at.seed.set_value(&seed);
        }
        let figures = match (&training.last, training.speed()) {
            (Some(last), Some(speed)) => {
                say!("distil-figures", step = last.step, speed = format!("{speed:.1}"))
            }
            (Some(_), None) => say!("distil-ready"),
            _ if training.wanted => say!("distil-setting-up"),
            _ => say!("distil-idle"),
        };
        set_text(&at.figures, &figures);
        // A live region: only what matters, not every step.
        set_text(&at.status, &training.halted.as_ref().map(Message::to_string).unwrap_or_default());
        self.show.refresh(at, training, model.manifest.as_ref(), model.found.truth.as_ref(), photo);
    }
}
