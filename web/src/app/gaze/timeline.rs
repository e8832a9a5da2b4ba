//! Gaze in time: a scanpath that is played back or simulated, the masks following.

use fovea_shared::gaze::{Fixation, GazeOrigin};
use web_sys::{Document, Event, HtmlButtonElement, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::Gaze;
use crate::{
    app::{
        elements::{
            events::{choose, click, next_frame, on},
            get, set, set_text,
        },
        model::{Handle, Model, Replay, replay::SPEEDS},
        status::numbers,
    },
    clock::now_ms,
    protocol::Simulated,
    text::say,
};

/// Steps of the slider.
const SLIDER: f64 = 1000.0;

/// The controls of the replay.
pub(super) struct Timeline {
    play: HtmlButtonElement,
    play_text: HtmlElement,
    time: HtmlInputElement,
    says: HtmlElement,
    speed: HtmlSelectElement,
    simulate: HtmlButtonElement,
    /// Multiple of the recorded speed at which scanpaths are played.
    chosen_speed: f64,
    /// How often gaze was simulated: the seed of the next time.
    simulations: u64,
}

impl Timeline {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            play: get(d, "replay-play")?,
            play_text: get(d, "replay-text")?,
            time: get(d, "replay-time")?,
            says: get(d, "replay-says")?,
            speed: get(d, "replay-speed")?,
            simulate: get(d, "simulate")?,
            chosen_speed: 1.0,
            simulations: 0,
        })
    }

    pub(super) fn listen(&self, handle: &Handle<Gaze>) {
        click(handle, &self.play, Gaze::play_or_pause);
        let (of, slider) = (handle.clone(), self.time.clone());
        on(&self.time, "input", move |_: Event| {
            let part = slider.value_as_number() / SLIDER;
            of.update(|_, model| seek(model, part));
        });
        choose(handle, &self.speed, |gaze, model, value| {
            let speed = value.parse().ok().filter(|s| SPEEDS.contains(s)).unwrap_or(1.0);
            gaze.timeline.chosen_speed = speed;
            if let Some(replay) = &mut model.replay {
                replay.speed = speed;
            }
        });
        click(handle, &self.simulate, Gaze::simulate);
    }

    /// Brings the controls in line with the model.
    pub(super) fn refresh(&self, model: &Model) {
        let some = !model.inputs.fixations().is_empty() || !model.found.case_gaze.is_empty();
        self.play.set_disabled(model.current.is_none() || (model.replay.is_none() && !some));
        self.simulate.set_disabled(model.current.is_none());
        self.time.set_disabled(model.replay.is_none());
        let playing = model.playing();
        set(&self.play, "aria-pressed", if playing { "true" } else { "false" });
        set_text(&self.play_text, &if playing { say!("replay-pause") } else { say!("replay") });
        let (part, says) = match &model.replay {
            None => (0.0, "–".to_string()),
            Some(replay) => {
                let seconds = |ms: f64| format!("{:.1}", ms / 1e3);
                let says = say!("replay-time", at = seconds(replay.at()), of = seconds(replay.length()));
                set(&self.time, "aria-valuetext", &says);
                (replay.at() / replay.length().max(1.0), says)
            }
        };
        let value = format!("{:.0}", part * SLIDER);
        if self.time.value() != value {
            self.time.set_value(&value);
        }
        set_text(&self.says, &says);
    }
}

impl Gaze {
    /// Plays the points on the image, or where there are none the gaze that came with it; pauses
    /// what plays.
    fn play_or_pause(&mut self, model: &mut Model) {
        if let Some(replay) = &mut model.replay {
            if replay.playing() {
                replay.pause();
                model.say(say!("replay-paused"));
                return;
            }
            replay.play(now_ms());
            self.follow_time();
        } else {
            let points = model.inputs.fixations();
            let (path, origin) = if points.is_empty() {
                (model.found.case_gaze.clone(), model.origin_of_case_gaze())
            } else {
                (points.to_vec(), model.inputs.origin())
            };
            self.play(model, &path, origin);
        }
    }

    /// Plays a scanpath of this origin from its beginning.
    pub fn play(&mut self, model: &mut Model, path: &[Fixation], origin: Option<GazeOrigin>) {
        let Some(mut replay) = Replay::new(path, self.timeline.chosen_speed) else { return };
        replay.play(now_ms());
        model.replay = Some(replay);
        model.dismiss_change();
        model.inputs.begin_play(origin);
        model.say(say!("replay-begun", points = numbers::points(path.len())));
        self.follow_time();
    }

    /// Lets the replay's time pass, frame by frame, for as long as it plays.
    fn follow_time(&self) {
        let Some((handle, _)) = self.line.clone() else { return };
        next_frame(move || {
            handle.update(|gaze, model| {
                if pass_time(model) {
                    gaze.follow_time();
                }
            });
        });
    }

    /// Asks for simulated gaze; every press gives another scanpath.
    fn simulate(&mut self, model: &mut Model) {
        if model.current.is_some() {
            self.timeline.simulations += 1;
            model.schedule.want_gaze(Some(self.timeline.simulations));
            model.say(say!("simulating"));
        }
    }

    /// Gaze was simulated: it is played back.
    pub fn simulated(&mut self, model: &mut Model, gaze: Simulated) {
        model.stop_replay();
        self.play(model, &gaze.fixations, Some(GazeOrigin::Simulated));
        model.say(if gaze.saw_truth { say!("simulated-truth") } else { say!("simulated-student") });
    }
}

/// Time passes. True if the replay goes on.
fn pass_time(model: &mut Model) -> bool {
    let Some(replay) = &mut model.replay else { return false };
    if !replay.playing() {
        return false;
    }
    replay.tick(now_ms());
    let (seen, goes_on) = (replay.seen(), replay.playing());
    show_played(model, seen);
    if !goes_on {
        // The replay is over: it was one step of the history, and its points are the visitor's.
        model.inputs.end_drag();
        model.say(say!("replay-over", points = numbers::points(model.inputs.fixations().len())));
    }
    goes_on
}

fn seek(model: &mut Model, part: f64) {
    let Some(replay) = &mut model.replay else { return };
    replay.pause();
    replay.seek(part * replay.length());
    let seen = replay.seen();
    show_played(model, seen);
}

/// The masks follow as fast as the engine can.
fn show_played(model: &mut Model, seen: Vec<Fixation>) {
    model.inputs.play(seen);
    model.schedule.want_look(model.inputs.revision());
}
