//! The app: its state, and what the visitor does to it.

use std::collections::BTreeMap;

use fovea_shared::{
    bundle::{CaseDescription, Manifest},
    gaze::Fixation,
};
use js_sys::Array;
use web_sys::HtmlElement;

use super::{
    ask::Ask,
    card_input::Held,
    compare::Compare,
    devices::Devices,
    dom::Dom,
    domains::Domains,
    incoming::Desk,
    inputs::{Inputs, dwell},
    kiosk::Kiosk,
    layers::{Layer, Layers},
    lesson::Lesson,
    live::Live,
    panels::{Gaze, Origin},
    phrases::Phrases,
    pointer::{Action, Press, hit},
    replay::Replay,
    save::Saving,
    schedule::Schedule,
    share::Sharing,
    stage::Stage,
    timing::Timing,
    words,
    workers::Link,
};
use crate::{
    clock::now_ms,
    protocol::{AttentionMap, Change, GazeMasks, OpenRequest, Outline},
    text::{Message, say},
};

/// How far the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing can be asked for yet.
    Loading,
    /// In use.
    Running,
    /// The page cannot go on.
    Broken,
}

/// An image and where it comes from. The bytes are kept so that another engine can open it too.
pub struct Source {
    /// What is said about it.
    pub origin: Origin,
    /// Descriptions that it comes with.
    pub descriptions: Vec<CaseDescription>,
    /// What the engine is told.
    pub request: OpenRequest,
}

/// What the engines have found on the open image.
#[derive(Default)]
pub struct Findings {
    /// Width and height of the file, in pixels.
    pub size: (u32, u32),
    /// What was done to it so that it could be shown.
    pub notes: Vec<Message>,
    /// Gaze that came with it.
    pub case_gaze: Vec<Fixation>,
    /// How far the visitor's image looks from those of training, and what is usual.
    pub likeness: Option<(f32, f32)>,
    /// The true mask.
    pub truth: Option<Outline>,
    /// The masks of the students that have drawn, by their place in the manifest.
    pub students: BTreeMap<usize, Outline>,
    /// The teacher's mask.
    pub teacher: Option<Outline>,
    /// Where the teacher attended to the phrases that it has read.
    pub attention: Vec<AttentionMap>,
    /// What the last edit of the text changed.
    pub change: Option<Change>,
    /// Number of looks so far.
    pub looks: u64,
    /// Pseudo-masks of the fixations, while one of their layers is shown.
    pub gaze: Option<GazeMasks>,
}

/// Everything the page knows.
pub struct App {
    /// The elements.
    pub dom: Dom,
    /// The canvas.
    pub stage: Stage,
    /// The line to the engines.
    pub link: Box<dyn Link>,
    /// How far the page is.
    pub phase: Phase,
    /// The bundles, and their files, kept for an engine that starts later.
    pub domains: Domains,
    /// The manifest of the bundle in use.
    pub manifest: Option<Manifest>,
    /// The student that is shown: its place in the manifest.
    pub student: usize,
    /// Which device computes.
    pub devices: Devices,
    /// What the browser calls its WebGPU adapter.
    pub adapter: String,
    /// What the engine is to do.
    pub schedule: Schedule,
    /// Gaze and words.
    pub inputs: Inputs,
    /// The descriptions of the open image, and what is shown of them.
    pub phrases: Phrases,
    /// The question to the visitor's own model.
    pub ask: Ask,
    /// The layers.
    pub layers: Layers,
    /// The lesson.
    pub lesson: Lesson,
    /// A scanpath that is played back.
    pub replay: Option<Replay>,
    /// Multiple of its own speed at which it is played.
    pub speed: f64,
    /// How often gaze was simulated: the seed of the next time.
    pub simulations: u64,
    /// Whether the replay's time must be made to pass.
    pub(super) time_next: bool,
    /// Students side by side.
    pub compare: Compare,
    /// Students that learn.
    pub live: Live,
    /// The clock of a stand, where the page is on one.
    pub kiosk: Option<Kiosk>,
    /// A mask that is being written.
    pub saving: Saving,
    /// The state as an address.
    pub sharing: Sharing,
    /// The open image.
    pub current: Option<Source>,
    /// The image that is to be opened.
    pub wanted: Option<Source>,
    /// What was found on the open image.
    pub found: Findings,
    /// Whether this change of the app changes nothing on the stage.
    pub(super) stage_as_before: bool,
    /// A finger on a phrase.
    pub held: Held,
    /// A pointer that is down.
    pub press: Option<Press>,
    /// The keyboard's crosshair, in fractions of the image.
    pub cursor: Option<(f32, f32)>,
    /// What the visitor did last, for the status line.
    pub done: String,
    /// Revision of the gaze and the moment it was made, until its mask is drawn.
    pub waiting_since: Option<(u64, f64)>,
    /// What is shown of how long things took.
    pub timing: Timing,
    /// `window.fovea.clickLatencies`.
    pub latencies: Array,
    /// Number of the last image asked for.
    pub last_image: u64,
    /// Whether the files of that image are being read.
    pub reading: bool,
    /// The gallery's case to open next.
    pub(super) case_next: Option<String>,
    /// Number of the last request to an engine.
    pub last_request: u64,
    /// Number of the request that the running job was sent with.
    pub last_job: u64,
    /// What the visitor has brought.
    pub(super) desk: Desk,
    /// Why the page cannot go on, where it cannot.
    pub(super) broken_by: Option<Message>,
    /// The message that is shown; empty where none is.
    pub(super) message: Message,
    /// Whether it is about an image that could not be opened.
    pub message_of_image: bool,
    /// What the list of points was last made from.
    pub(super) listed: Option<(u64, Option<usize>)>,
    /// Where the keyboard goes next. Not at once: whoever loses it says so to the app, which must not be at work then.
    pub(super) focus_next: Option<HtmlElement>,
    /// What the card of the description was last made from.
    pub(super) written: Option<super::card::Stand>,
}

impl App {
    /// An app on the page's elements.
    ///
    /// # Errors
    /// When an element or the 2D canvas is missing.
    pub fn new(dom: Dom, link: Box<dyn Link>, devices: Devices) -> Result<Self, String> {
        let stage = Stage::new(dom.canvas.clone())?;
        Ok(Self {
            dom,
            stage,
            link,
            phase: Phase::Loading,
            domains: Domains::default(),
            manifest: None,
            student: 0,
            devices,
            adapter: String::new(),
            schedule: Schedule::default(),
            inputs: Inputs::default(),
            phrases: Phrases::default(),
            ask: Ask::default(),
            layers: Layers::default(),
            lesson: Lesson::default(),
            replay: None,
            speed: 1.0,
            simulations: 0,
            time_next: false,
            compare: Compare::default(),
            live: Live::new(),
            kiosk: None,
            saving: Saving::default(),
            sharing: Sharing::default(),
            current: None,
            wanted: None,
            found: Findings::default(),
            stage_as_before: false,
            held: Held::default(),
            press: None,
            cursor: None,
            done: String::new(),
            waiting_since: None,
            timing: Timing::default(),
            latencies: Array::new(),
            last_image: 0,
            reading: false,
            case_next: None,
            last_request: 0,
            last_job: 0,
            desk: Desk::default(),
            broken_by: None,
            message: Message::default(),
            message_of_image: false,
            listed: None,
            focus_next: None,
            written: None,
        })
    }

    /// The present outline of a layer.
    pub fn outline(&self, layer: Layer) -> Option<&Outline> {
        let gaze = self.found.gaze.as_ref();
        match layer {
            Layer::Heat | Layer::Confidence => None,
            Layer::Background => gaze.map(|g| &g.background),
            Layer::Broad => gaze.map(|g| &g.broad),
            Layer::HighConfidence => gaze.map(|g| &g.high_confidence),
            Layer::Student => self.found.students.get(&self.student),
            Layer::Teacher => self.found.teacher.as_ref(),
            Layer::Truth => self.found.truth.as_ref(),
        }
    }

    /// `data-state`.
    pub fn phase_name(&self) -> &'static str {
        match self.phase {
            Phase::Loading => "loading",
            Phase::Broken => "error",
            Phase::Running if self.schedule.busy() || self.reading || self.desk.at_work() => "busy",
            Phase::Running if self.domains.wanted.is_some() => "busy",
            Phase::Running => "ready",
        }
    }

    /// The point at a place on the canvas.
    pub fn hit(&self, at: (f64, f64), reach: f64) -> Option<usize> {
        hit(&self.stage.frame(), self.inputs.fixations(), at, reach)
    }

    /// The pointer goes down.
    pub fn press(&mut self, at: (f64, f64), reach: f64) {
        if self.current.is_some() {
            self.cursor = None;
            self.press = Press::begin(&self.stage.frame(), self.inputs.fixations(), at, now_ms(), reach);
        }
    }

    /// The pointer moves while it is down.
    pub fn move_press(&mut self, to: (f64, f64)) {
        let frame = self.stage.frame();
        if let Some(press) = &mut self.press
            && let Action::Drag(index, x, y) = press.moved(&frame, to)
        {
            self.inputs.drag(index, x, y);
            self.gaze_changed(say!("point-moved", number = index + 1));
        }
    }

    /// The pointer, or the key, is let go.
    pub fn end_press(&mut self) {
        let Some(press) = self.press.take() else { return };
        match press.ended(&self.stage.frame(), now_ms()) {
            Action::Add(x, y, held) => {
                self.inputs.add(x, y, dwell(held));
                self.gaze_changed(words::added(&self.inputs));
            }
            Action::Drop => drop(self.inputs.end_drag()),
            Action::Select(index) => self.select(index),
            Action::Drag(..) | Action::None => {}
        }
    }

    /// Moves the keyboard's crosshair.
    pub fn move_cursor(&mut self, dx: f32, dy: f32) -> bool {
        let (x, y) = self.cursor.map_or((0.5, 0.5), |(x, y)| (x + dx, y + dy));
        let (x, y) = (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0));
        self.cursor = Some((x, y));
        self.say(&say!("crosshair", place = words::place(x, y)));
        true
    }

    /// Begins a press at the crosshair.
    pub fn press_at_cursor(&mut self) {
        match self.cursor {
            Some((x, y)) if self.current.is_some() && self.press.is_none() => {
                self.press = Some(Press::New { at: self.stage.frame().place(x, y), since: now_ms() });
            }
            Some(_) => {}
            None => drop(self.move_cursor(0.0, 0.0)),
        }
    }

    /// Moves the selected point by a step.
    pub fn nudge(&mut self, dx: f32, dy: f32) -> bool {
        let moved = self.inputs.nudge(dx, dy);
        if let (true, Some(index)) = (moved, self.inputs.selected()) {
            self.gaze_changed(say!("point-moved", number = index + 1));
        }
        true
    }

    /// Selects a point.
    pub fn select(&mut self, index: usize) {
        self.inputs.select(Some(index));
        self.say_selected();
    }

    /// Selects the next point, or the one before.
    pub fn select_next(&mut self, by: isize) -> bool {
        self.inputs.select_next(by);
        self.say_selected();
        true
    }

    /// Selects nothing and hides the crosshair.
    pub fn put_down(&mut self) -> bool {
        self.inputs.select(None);
        (self.press, self.cursor) = (None, None);
        true
    }

    /// Removes a point.
    pub fn remove(&mut self, index: usize) {
        if self.inputs.remove(index) {
            self.gaze_changed(say!("point-removed", number = index + 1));
        }
    }

    /// Removes the selected point.
    pub fn remove_selected(&mut self) -> bool {
        if let Some(index) = self.inputs.selected() {
            self.remove(index);
        }
        true
    }

    /// Removes all points.
    pub fn clear(&mut self) {
        if !self.inputs.fixations().is_empty() {
            self.inputs.replace(Vec::new());
            self.gaze_changed(say!("points-removed"));
        }
    }

    /// Takes the gaze that came with the image.
    pub fn use_case_gaze(&mut self) {
        if let Some(gaze) = self.current.as_ref().and_then(|c| c.origin.gaze) {
            self.inputs.replace(self.found.case_gaze.clone());
            let points = words::points(self.inputs.fixations().len());
            self.gaze_changed(match gaze {
                Gaze::Recorded => say!("points-taken-recorded", points = points),
                Gaze::Simulated => say!("points-taken-simulated", points = points),
                Gaze::Unknown => say!("points-taken-unknown", points = points),
            });
        }
    }

    /// Switches a layer.
    pub fn set_layer(&mut self, layer: Layer, on: bool, say: bool) {
        self.layers.set(layer, on);
        if say {
            let no_gaze = self.inputs.fixations().is_empty();
            let missing = match layer {
                Layer::Truth if on && self.found.truth.is_none() => say!("layer-unknown"),
                Layer::HighConfidence | Layer::Broad | Layer::Background | Layer::Heat if on && no_gaze => {
                    say!("layer-needs-gaze")
                }
                _ => String::new(),
            };
            let title = layer.title();
            let done = if on { say!("layer-shown", layer = title) } else { say!("layer-hidden", layer = title) };
            self.say(&words::sentences([&done, &missing]));
        }
    }

    /// The fixations have changed. What words did to another mask is of no interest any more.
    pub(super) fn gaze_changed(&mut self, done: String) {
        self.drop_replay();
        self.dismiss_change();
        self.changed(done);
    }

    /// The inputs have changed: a new mask is due, and the clock runs.
    pub(super) fn changed(&mut self, done: String) {
        self.done = done;
        self.schedule.want_look(self.inputs.revision());
        self.waiting_since = Some((self.inputs.revision(), now_ms()));
    }

    fn say_selected(&mut self) {
        if let Some(index) = self.inputs.selected() {
            let point = words::fixation(index, &self.inputs.fixations()[index]);
            self.say(&say!("point-selected", point = point));
        }
    }
}
