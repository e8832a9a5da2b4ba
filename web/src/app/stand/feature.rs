//! What the stand does with the page: the loop and the tour, carried out.

use fovea_shared::bundle::GalleryCase;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Document, Event, HtmlCanvasElement, KeyboardEvent};

use super::{
    attract::{self, Attract, Scene, exhibits, glance, shows_two},
    clock::Clock,
    tour::{self, Act, GLANCES, Learner, Step, Tour},
    view::{Figures, View},
};
use crate::{
    app::{
        canvas::layers::{Layer, Layers},
        elements::{
            document,
            events::{attribute, click, on, within},
            prefers_still, window,
        },
        model::{Command, Handle, Model, Phase},
    },
    clock::now_ms,
    text::{Language, language},
};

/// How often the page looks at its clock, in ms.
const TICK_MS: i32 = 250;

/// Keys that alone do nothing, or lead to a button.
const QUIET_KEYS: [&str; 6] = ["Tab", "Shift", "Control", "Alt", "Meta", "Escape"];

/// What plays.
#[derive(Clone, Debug, PartialEq)]
enum Play {
    /// The page loads.
    Loading,
    Loop(Attract),
    Tour(Tour),
}

/// The feature: what plays, where the page is on a stand.
pub struct Stand {
    state: Option<State>,
    view: View,
}

struct State {
    clock: Clock,
    play: Play,
    /// Place of the next exhibit.
    next: usize,
    /// The layers as the page begins with them, while the loop shows others.
    layers: Option<Layers>,
    learner: Learner,
    /// The language that the page began with.
    language: &'static Language,
}

impl Stand {
    /// Looks up every element; `asked` is what the address says after `?kiosk=`.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document, asked: Option<&str>) -> Result<Self, String> {
        let state = Clock::of(asked, now_ms()).map(|clock| State {
            clock,
            play: Play::Loading,
            next: 0,
            layers: None,
            learner: Learner::default(),
            language: language(),
        });
        Ok(Self { state, view: View::find(d)? })
    }

    /// Begins to watch, where the page is on a stand.
    pub fn listen(&self, handle: &Handle<Self>) {
        if self.state.is_none() {
            return;
        }
        for name in ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] {
            let of = handle.clone();
            on(&document(), name, move |_: Event| {
                of.visit(|stand, _| {
                    if let Some(state) = &mut stand.state {
                        state.clock.touch(now_ms());
                    }
                });
            });
        }
        click(handle, &self.view.begin, Self::begin_tour);
        click(handle, &self.view.skip, |stand, model| {
            let now = now_ms();
            if let Some(Play::Tour(tour)) = stand.state.as_mut().map(|state| &mut state.play) {
                let deed = tour.skip(now);
                stand.carry_out_tour(model, deed);
            }
        });
        click(handle, &self.view.leave, Self::begin_loop);
        let of = handle.clone();
        on(&self.view.languages, "click", move |event: Event| {
            if let Some(wanted) = attribute(&event, "data-language").and_then(|code| Language::find(&code)) {
                of.update(|_, model| model.send(Command::Speak(wanted)));
            }
        });
        let of = handle.clone();
        on(&document(), "keydown", move |event: KeyboardEvent| {
            // A button that has the focus is pressed by its own key.
            let quiet = QUIET_KEYS.contains(&event.key().as_str()) || within(&event, "button");
            let play = of.read_if_free(|stand, _| (stand.attracts(), stand.step().is_some()));
            match play {
                Some((true, _)) if !quiet => of.update(Self::begin_tour),
                Some((_, true)) if event.key() == "Escape" => of.update(Self::begin_loop),
                _ => {}
            }
        });
        let of = handle.clone();
        let tick = Closure::<dyn Fn()>::new(move || of.update(Self::tick));
        let started =
            window().set_interval_with_callback_and_timeout_and_arguments_0(tick.as_ref().unchecked_ref(), TICK_MS);
        // Without timers the page stays as it is.
        drop(started);
        tick.forget();
    }

    /// Whether the page shows itself and waits for a visitor.
    pub fn attracts(&self) -> bool {
        self.state.as_ref().is_some_and(|state| matches!(state.play, Play::Loop(_)))
    }

    /// Whether the loop shows outlines without a look of the visitor's.
    pub fn tells(&self) -> bool {
        let scene = self
            .state
            .as_ref()
            .and_then(|s| if let Play::Loop(attract) = &s.play { Some(attract.scene()) } else { None });
        scene.is_some_and(|scene| !matches!(scene, Scene::Opening(_)))
    }

    /// The step of the tour, while it lasts.
    pub fn step(&self) -> Option<Step> {
        self.state.as_ref().and_then(|s| if let Play::Tour(tour) = &s.play { Some(tour.step()) } else { None })
    }

    /// The name of what plays, for tests.
    pub fn scene(&self) -> Option<&'static str> {
        self.state.as_ref().map(|state| match &state.play {
            Play::Loading => "loading",
            Play::Loop(attract) => match attract.scene() {
                Scene::Opening(_) => "opening",
                Scene::Alone(_) => "alone",
                Scene::Glance => "glance",
                Scene::Both(_) => "both",
            },
            Play::Tour(tour) => tour.step().name(),
        })
    }

    /// The language that the page began with, where it is on a stand.
    pub fn first_language(&self) -> Option<&'static Language> {
        self.state.as_ref().map(|state| state.language)
    }

    /// The visitor has looked at the open picture.
    pub fn glanced(&mut self) {
        if let Some(Play::Tour(tour)) = self.state.as_mut().map(|state| &mut state.play) {
            tour.glanced(now_ms());
        }
    }

    fn tick(&mut self, model: &mut Model) {
        let at_rest = model.phase == Phase::Running && model.phase_name() == "ready" && model.current.is_some();
        let Some(state) = &mut self.state else { return };
        let now = now_ms();
        let idle = state.clock.idle(now);
        match &mut state.play {
            Play::Loading if at_rest => self.begin_loop(model),
            Play::Loading => {}
            Play::Loop(attract) => {
                let deed = attract.tick(now, at_rest, model.playing());
                if let Some(deed) = deed {
                    self.carry_out_loop(model, deed, idle);
                }
            }
            Play::Tour(tour) => {
                let seen = tour::Seen { at_rest, viewing: model.viewing, learnt: state.learner.learnt, idle };
                if let Some(deed) = tour.tick(now, seen) {
                    self.carry_out_tour(model, deed);
                }
            }
        }
    }

    /// Nobody is there: nothing of the last visitor stays, and the loop begins.
    fn begin_loop(&mut self, model: &mut Model) {
        let Some(state) = &mut self.state else { return };
        (state.play, state.layers) = (Play::Loop(Attract::begin(now_ms())), None);
        model.send(Command::StartOver);
        self.open_exhibit(model);
    }

    fn carry_out_loop(&mut self, model: &mut Model, deed: attract::Deed, idle: bool) {
        let Some(state) = &mut self.state else { return };
        match deed {
            attract::Deed::Open => {
                model.close_message();
                // Somebody has chosen another language and gone away.
                if idle && language().code != state.language.code {
                    model.send(Command::Speak(state.language));
                }
                self.open_exhibit(model);
            }
            attract::Deed::Alone => {
                state.layers.get_or_insert_with(|| model.layers.clone());
                show(&mut model.layers, &[Layer::Student]);
            }
            attract::Deed::Glance => {
                show(&mut model.layers, &[Layer::Student, Layer::Teacher, Layer::Heat]);
                let (path, origin) = (glance(&model.found.case_gaze), model.origin_of_case_gaze());
                if prefers_still() {
                    model.inputs.replace(path, origin);
                    model.gaze_changed(String::new());
                } else {
                    model.send(Command::PlayScanpath(path, origin));
                }
            }
        }
    }

    fn begin_tour(&mut self, model: &mut Model) {
        if !self.attracts() {
            return;
        }
        let Some(state) = &mut self.state else { return };
        if let Some(layers) = state.layers.take() {
            model.layers = layers;
        }
        model.stop_replay();
        model.close_message();
        let (tour, deed) = Tour::begin(now_ms(), two(model).is_some());
        state.play = Play::Tour(tour);
        self.carry_out_tour(model, deed);
    }

    fn carry_out_tour(&mut self, model: &mut Model, deed: tour::Deed) {
        // What was said of a viewing without a fixation.
        model.close_message();
        match deed {
            tour::Deed::Open(Act::Two) => {
                if let Some(case) = two(model) {
                    model.send(Command::OpenCase(case));
                }
            }
            tour::Deed::Open(_) => self.open_exhibit(model),
            tour::Deed::BeginLook => model.send(Command::BeginLook),
            tour::Deed::Teach => model.send(Command::TeachShort(GLANCES)),
            tour::Deed::End => self.begin_loop(model),
        }
    }

    /// Opens the next exhibit. Those with two lesions are left to the second act while a tour lasts.
    fn open_exhibit(&mut self, model: &mut Model) {
        let Some(state) = &mut self.state else { return };
        let tour = matches!(state.play, Play::Tour(_));
        let gallery = model.manifest.as_ref().map_or(&[][..], |manifest| manifest.gallery.as_slice());
        let shown = exhibits(gallery);
        let count = shown.len();
        let fits = |case: &GalleryCase| !tour || !shows_two(case);
        let place = (0..count).map(|step| (state.next + step) % count).find(|place| fits(shown[*place]));
        if let Some(place) = place {
            state.next = place + 1;
            let id = shown[place].id.clone();
            model.send(Command::OpenCase(id));
        }
    }

    /// Brings the elements in line. `photo`: the open picture; `learner`: the student of the third act.
    pub fn refresh(&mut self, model: &Model, photo: Option<&HtmlCanvasElement>, learner: Learner) {
        let Some(state) = &mut self.state else { return };
        state.learner = learner;
        if matches!(model.phase, Phase::Broken(_)) {
            return self.view.hide();
        }
        self.view.backdrop(model.image(), photo);
        self.view.languages(language());
        self.view.code(model);
        match &state.play {
            Play::Loading => self.view.hide(),
            Play::Loop(attract) => self.view.attract(attract.scene(), Figures::of(model)),
            Play::Tour(tour) => self.view.tour(model, tour, learner),
        }
    }
}

/// Shows these layers and no other.
fn show(layers: &mut Layers, shown: &[Layer]) {
    for layer in Layer::ALL {
        layers.set(layer, shown.contains(&layer));
    }
}

/// The case of the second act.
fn two(model: &Model) -> Option<String> {
    let gallery = &model.manifest.as_ref()?.gallery;
    exhibits(gallery).into_iter().find(|case| shows_two(case)).map(|case| case.id.clone())
}
