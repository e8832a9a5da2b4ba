//! Gaze that is played back or simulated: the scanpath in its own time, the masks following.

use fovea_shared::gaze::Fixation;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Document, Event, HtmlButtonElement, HtmlElement, HtmlInputElement};

use super::{
    Page,
    devices::Orders,
    dom::{Select, get, set, set_text, window},
    input::on,
    replay::{Replay, SPEEDS},
    state::App,
    words,
};
use crate::{clock::now_ms, protocol::Simulated, text::say};

/// Steps of the slider.
const SLIDER: f64 = 1000.0;

/// The elements.
pub struct PlaybackDom {
    play: HtmlButtonElement,
    play_text: HtmlElement,
    time: HtmlInputElement,
    says: HtmlElement,
    speed: Select,
    simulate: HtmlButtonElement,
}

impl PlaybackDom {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            play: get(d, "replay-play")?,
            play_text: get(d, "replay-text")?,
            time: get(d, "replay-time")?,
            says: get(d, "replay-says")?,
            speed: get(d, "replay-speed")?,
            simulate: get(d, "simulate")?,
        })
    }
}

/// Listens to the replay's controls.
pub(super) fn listen(page: &Page) {
    let (play, time, speed, simulate) = page.read(|app| {
        let dom = &app.dom.playback;
        (dom.play.clone(), dom.time.clone(), dom.speed.clone(), dom.simulate.clone())
    });
    let of = page.clone();
    on(&play, "click", move |_: Event| {
        if of.update(App::play_gaze) {
            of.follow_time();
        }
    });
    let (of, slider) = (page.clone(), time.clone());
    on(&time, "input", move |_: Event| {
        let part = slider.value_as_number() / SLIDER;
        of.update(|app| app.seek_gaze(part));
    });
    let (of, chosen) = (page.clone(), speed.clone());
    on(&speed, "change", move |_: Event| {
        let speed = chosen.value().parse().ok().filter(|s| SPEEDS.contains(s)).unwrap_or(1.0);
        of.update(|app| app.set_speed(speed));
    });
    let of = page.clone();
    on(&simulate, "click", move |_: Event| of.update(App::simulate_gaze));
}

impl Page {
    /// Lets the replay's time pass, frame by frame, for as long as it plays.
    pub(super) fn follow_time(&self) {
        let page = self.clone();
        let frame = Closure::once_into_js(move || {
            if page.update(App::pass_time) {
                page.follow_time();
            }
        });
        // A window that draws no frames plays nothing either.
        drop(window().request_animation_frame(frame.unchecked_ref()));
    }
}

impl App {
    /// Plays the points on the image, or where there are none the gaze that came with it; pauses what plays. True if it plays now.
    fn play_gaze(&mut self) -> bool {
        if let Some(replay) = &mut self.replay {
            if replay.playing() {
                replay.pause();
                self.say(&say!("replay-paused"));
            } else {
                replay.play(now_ms());
            }
        } else {
            let points = self.inputs.fixations();
            let path = if points.is_empty() { &self.found.case_gaze } else { points }.to_vec();
            self.begin_replay(&path);
        }
        self.replay.as_ref().is_some_and(Replay::playing)
    }

    /// Plays a scanpath from its beginning.
    pub(super) fn begin_replay(&mut self, path: &[Fixation]) {
        let Some(mut replay) = Replay::new(path, self.speed) else { return };
        replay.play(now_ms());
        self.replay = Some(replay);
        self.dismiss_change();
        self.inputs.play(Vec::new());
        self.say(&say!("replay-begun", points = words::points(path.len())));
    }

    /// Time passes. True if the replay goes on.
    fn pass_time(&mut self) -> bool {
        let Some(replay) = &mut self.replay else { return false };
        if !replay.playing() {
            return false;
        }
        replay.tick(now_ms());
        let (seen, on) = (replay.seen(), replay.playing());
        self.show_played(seen);
        if !on {
            self.end_replay();
        }
        on
    }

    fn seek_gaze(&mut self, part: f64) {
        let Some(replay) = &mut self.replay else { return };
        replay.pause();
        replay.seek(part * replay.length());
        let seen = replay.seen();
        self.show_played(seen);
    }

    fn set_speed(&mut self, speed: f64) {
        self.speed = speed;
        if let Some(replay) = &mut self.replay {
            replay.speed = speed;
        }
    }

    /// The masks follow as fast as the engine can.
    fn show_played(&mut self, seen: Vec<Fixation>) {
        self.inputs.play(seen);
        self.schedule.want_look(self.inputs.revision());
    }

    /// The replay is over: it was one step of the history, and its points are the visitor's.
    fn end_replay(&mut self) {
        self.inputs.end_drag();
        self.say(&say!("replay-over", points = words::points(self.inputs.fixations().len())));
    }

    /// Whatever else happens to the gaze ends the replay.
    pub(super) fn drop_replay(&mut self) {
        if self.replay.take().is_some() {
            self.inputs.end_drag();
        }
    }

    /// Asks for simulated gaze; every press is another look.
    fn simulate_gaze(&mut self) {
        if self.current.is_some() {
            self.simulations += 1;
            self.schedule.want_gaze(Some(self.simulations));
            self.say(&say!("simulating"));
        }
    }

    /// Gaze was simulated: it is played back.
    pub(super) fn simulated(&mut self, gaze: Simulated) -> Orders {
        self.schedule.finish();
        if self.current.as_ref().is_some_and(|c| c.request.image == gaze.image) {
            self.drop_replay();
            self.begin_replay(&gaze.fixations);
            self.say(&if gaze.saw_truth { say!("simulated-truth") } else { say!("simulated-student") });
            self.time_next = true;
        }
        self.at_rest()
    }

    /// Brings the controls in line with the state.
    pub(super) fn refresh_playback(&self) {
        let dom = &self.dom.playback;
        let some = !self.inputs.fixations().is_empty() || !self.found.case_gaze.is_empty();
        dom.play.set_disabled(self.current.is_none() || (self.replay.is_none() && !some));
        dom.simulate.set_disabled(self.current.is_none());
        dom.time.set_disabled(self.replay.is_none());
        let playing = self.replay.as_ref().is_some_and(Replay::playing);
        set(&dom.play, "aria-pressed", if playing { "true" } else { "false" });
        set_text(&dom.play_text, &if playing { say!("replay-pause") } else { say!("replay") });
        let (part, says) = match &self.replay {
            None => (0.0, "–".to_string()),
            Some(replay) => {
                let seconds = |ms: f64| format!("{:.1}", ms / 1e3);
                let says = say!("replay-time", at = seconds(replay.at()), of = seconds(replay.length()));
                set(&dom.time, "aria-valuetext", &says);
                (replay.at() / replay.length().max(1.0), says)
            }
        };
        let value = format!("{:.0}", part * SLIDER);
        if dom.time.value() != value {
            dom.time.set_value(&value);
        }
        set_text(&dom.says, &says);
    }
}
