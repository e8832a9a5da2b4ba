//! The page on a stand: after a while without a visitor it is as new and shows what it does, until somebody touches it. `?kiosk` in the
//! address asks for it, `?kiosk=20` after 20 seconds.

use std::cell::Cell;

use wasm_bindgen::{JsCast, JsValue, prelude::*};
use web_sys::{Document, Event, HtmlElement};

use super::{
    elements::{document, events::on, get, prefers_still},
    model::{Command, Handle, Model, Phase},
};
use crate::{
    clock::now_ms,
    text::{Language, language},
};

/// Seconds without a touch after which the page is as new, unless the address says another number.
const PATIENCE_S: f64 = 60.0;

/// How long a mask stays before the next case, in ms.
const REST_MS: f64 = 4000.0;

/// How often the page looks at its clock, in ms.
const TICK_MS: i32 = 500;

// Kept here and not taken from web-sys, where one more feature would build everything above it anew.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setInterval)]
    fn set_interval(callback: &JsValue, ms: i32) -> JsValue;
}

/// What the stand is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Act {
    /// A visitor is here.
    #[default]
    Visitor,
    /// A case is opening, to be shown from the first look on.
    Opening,
    /// Its gaze is played back.
    Playing,
    /// All was seen; the next case comes at this moment, in ms.
    Resting(f64),
}

/// The feature: the clock of the stand, where the page is on one.
pub struct Stand {
    clock: Option<Clock>,
    banner: HtmlElement,
}

struct Clock {
    patience_ms: f64,
    touched: Cell<f64>,
    act: Act,
    /// Cases shown so far.
    shown: usize,
    /// The language that the page began with.
    language: &'static Language,
}

/// The patience that the address asks for, in ms; nothing where it asks for no kiosk.
fn patience(asked: Option<&str>) -> Option<f64> {
    let seconds = asked?.parse().ok().filter(|s: &f64| s.is_finite() && *s >= 1.0).unwrap_or(PATIENCE_S);
    Some(seconds * 1e3)
}

impl Stand {
    /// Looks up every element; `asked` is what the address says after `?kiosk=`.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document, asked: Option<&str>) -> Result<Self, String> {
        let clock = patience(asked).map(|patience_ms| Clock {
            patience_ms,
            touched: Cell::new(now_ms()),
            act: Act::Visitor,
            shown: 0,
            language: language(),
        });
        Ok(Self { clock, banner: get(d, "attract")? })
    }

    /// Begins to watch, where the page is on a stand.
    pub fn listen(&self, handle: &Handle<Self>) {
        if self.clock.is_none() {
            return;
        }
        for name in ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] {
            let of = handle.clone();
            // A pointer that merely lies there moves now and then by itself; it keeps a visitor, but
            // makes none.
            let wakes = name != "pointermove";
            on(&document(), name, move |_: Event| {
                let wake = of.read_if_free(|stand, _| {
                    if let Some(clock) = &stand.clock {
                        clock.touched.set(now_ms());
                    }
                    wakes && stand.attracts()
                });
                if wake == Some(true) {
                    of.update(Self::welcome);
                }
            });
        }
        let of = handle.clone();
        let tick = Closure::<dyn Fn()>::new(move || of.update(Self::tick));
        set_interval(tick.as_ref().unchecked_ref(), TICK_MS);
        tick.forget();
    }

    /// Whether the page shows itself and waits for a visitor.
    pub fn attracts(&self) -> bool {
        self.clock.as_ref().is_some_and(|clock| clock.act != Act::Visitor)
    }

    /// The language that the page began with, where it is on a stand.
    pub fn first_language(&self) -> Option<&'static Language> {
        self.clock.as_ref().map(|clock| clock.language)
    }

    /// The visitor finds the case that was being shown, with nothing done on it.
    fn welcome(&mut self, model: &mut Model) {
        let Some(clock) = &mut self.clock else { return };
        clock.act = Act::Visitor;
        self.banner.set_hidden(true);
        model.stop_replay();
        if let Some(case) = model.current.as_ref().and_then(|current| current.origin.case.clone()) {
            model.send(Command::OpenCase(case));
        }
    }

    /// What is to be done now.
    fn tick(&mut self, model: &mut Model) {
        let at_rest = model.phase == Phase::Running && model.phase_name() == "ready" && model.current.is_some();
        let Some(clock) = &mut self.clock else { return };
        let now = now_ms();
        if clock.act == Act::Visitor && !at_rest {
            // The page has something to do, perhaps to load: the stand cannot be idle yet.
            clock.touched.set(now);
            return;
        }
        let next = match clock.act {
            Act::Visitor if at_rest && now - clock.touched.get() > clock.patience_ms => {
                model.send(Command::StartOver);
                self.next_exhibit(model)
            }
            Act::Opening if at_rest => {
                let (path, origin) = (model.found.case_gaze.clone(), model.origin_of_case_gaze());
                if path.is_empty() || prefers_still() {
                    model.inputs.replace(path, origin);
                    model.gaze_changed(String::new());
                    Act::Resting(now + REST_MS)
                } else {
                    model.send(Command::PlayScanpath(path, origin));
                    Act::Playing
                }
            }
            Act::Playing if !model.playing() => Act::Resting(now + REST_MS),
            Act::Resting(until) if now > until && at_rest => self.next_exhibit(model),
            same => same,
        };
        if let Some(clock) = &mut self.clock {
            clock.act = next;
        }
    }

    /// Opens the next case that has gaze.
    fn next_exhibit(&mut self, model: &mut Model) -> Act {
        let Some(clock) = &mut self.clock else { return Act::Visitor };
        let gallery = model.manifest.iter().flat_map(|manifest| &manifest.gallery);
        let cases: Vec<&String> = gallery.filter(|case| case.gaze.is_some()).map(|case| &case.id).collect();
        let next = cases.get(clock.shown % cases.len().max(1)).map(|id| (*id).clone());
        clock.shown += 1;
        self.banner.set_hidden(false);
        if let Some(case) = next {
            model.send(Command::OpenCase(case));
        }
        Act::Opening
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_what_the_address_says_where_that_is_a_number() {
        assert_eq!(patience(None), None);
        assert_eq!(patience(Some("")), Some(60_000.0));
        assert_eq!(patience(Some("20")), Some(20_000.0));
        assert_eq!(patience(Some("0")), Some(60_000.0));
        assert_eq!(patience(Some("NaN")), Some(60_000.0));
    }
}
