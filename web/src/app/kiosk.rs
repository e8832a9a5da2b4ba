//! The page on a stand: after a while without a visitor it is as new and shows what it does, until somebody touches it. `?kiosk` in the
//! address asks for it, `?kiosk=20` after 20 seconds.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use web_sys::{Event, HtmlElement};

use super::{
    Page,
    address::Shared,
    compare::Look,
    dom::get,
    input::on,
    state::{App, Phase},
    view::query,
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
    #[wasm_bindgen(js_name = matchMedia)]
    fn match_media(query: &str) -> JsValue;
    #[wasm_bindgen(js_name = scrollTo)]
    fn scroll_to(x: f64, y: f64);
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

/// The clock of the stand.
pub struct Kiosk {
    patience_ms: f64,
    touched: f64,
    act: Act,
    /// Cases shown so far.
    shown: usize,
    banner: HtmlElement,
    /// The language that the page began with.
    language: &'static Language,
}

impl Kiosk {
    /// Whether the page shows itself and waits for a visitor.
    pub fn attracts(&self) -> bool {
        self.act != Act::Visitor
    }
}

/// The patience that the address asks for, in ms; nothing where it asks for no kiosk.
fn patience(asked: Option<&str>) -> Option<f64> {
    let seconds = asked?.parse().ok().filter(|s: &f64| s.is_finite() && *s >= 1.0).unwrap_or(PATIENCE_S);
    Some(seconds * 1e3)
}

/// Begins to watch, where the address asks for it.
///
/// # Errors
/// Names the element that `index.html` lacks.
pub(super) fn listen(page: &Page) -> Result<(), String> {
    let Some(patience_ms) = patience(query("kiosk").as_deref()) else { return Ok(()) };
    let document = page.read(|app| app.dom.document.clone());
    let banner = get::<HtmlElement>(&document, "attract")?;
    page.update(|app| {
        app.kiosk =
            Some(Kiosk { patience_ms, touched: now_ms(), act: Act::Visitor, shown: 0, banner, language: language() });
    });
    for name in ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] {
        let of = page.clone();
        // A pointer that merely lies there moves now and then by itself; it keeps a visitor, but makes none.
        let wakes = name != "pointermove";
        on(&document, name, move |_: Event| of.touched(wakes));
    }
    let of = page.clone();
    let tick = Closure::<dyn Fn()>::new(move || of.tick());
    set_interval(tick.as_ref().unchecked_ref(), TICK_MS);
    tick.forget();
    Ok(())
}

impl Page {
    /// Somebody is here.
    fn touched(&self, wakes: bool) {
        // An event may come while the app is at work: it was the app's own.
        let attracts = self.0.try_borrow_mut().is_ok_and(|mut app| {
            let Some(kiosk) = &mut app.kiosk else { return false };
            kiosk.touched = now_ms();
            wakes && kiosk.attracts()
        });
        if attracts {
            self.update(App::welcome);
        }
    }

    fn tick(&self) {
        if self.update(App::mind_the_stand) {
            self.follow_time();
        }
    }
}

impl App {
    /// The visitor finds the case that was being shown, with nothing done on it.
    fn welcome(&mut self) {
        let Some(kiosk) = &mut self.kiosk else { return };
        kiosk.act = Act::Visitor;
        kiosk.banner.set_hidden(true);
        self.drop_replay();
        self.case_next = self.current.as_ref().and_then(|current| current.origin.case.clone());
    }

    /// What is to be done now. True if a replay has begun.
    fn mind_the_stand(&mut self) -> bool {
        let at_rest = self.phase == Phase::Running && self.phase_name() == "ready" && self.current.is_some();
        let Some(kiosk) = &mut self.kiosk else { return false };
        let (act, now) = (kiosk.act, now_ms());
        if act == Act::Visitor && !at_rest {
            // The page has something to do, perhaps to load: nobody can be idle yet.
            kiosk.touched = now;
            return false;
        }
        let next = match act {
            Act::Visitor if at_rest && now - kiosk.touched > kiosk.patience_ms => {
                self.be_as_new();
                Some(self.next_exhibit())
            }
            Act::Opening if at_rest => {
                let path = self.found.case_gaze.clone();
                if path.is_empty() || still() {
                    self.inputs.replace(path);
                    self.gaze_changed(String::new());
                    Some(Act::Resting(now + REST_MS))
                } else {
                    self.begin_replay(&path);
                    Some(Act::Playing)
                }
            }
            Act::Playing if !self.replay.as_ref().is_some_and(super::replay::Replay::playing) => {
                Some(Act::Resting(now + REST_MS))
            }
            Act::Resting(until) if now > until && at_rest => Some(self.next_exhibit()),
            _ => None,
        };
        if let (Some(next), Some(kiosk)) = (next, &mut self.kiosk) {
            kiosk.act = next;
        }
        next == Some(Act::Playing)
    }

    /// Opens the next case that has gaze.
    fn next_exhibit(&mut self) -> Act {
        let Some(kiosk) = &mut self.kiosk else { return Act::Visitor };
        let gallery = self.manifest.iter().flat_map(|manifest| &manifest.gallery);
        let cases: Vec<&String> = gallery.filter(|case| case.gaze.is_some()).map(|case| &case.id).collect();
        self.case_next = cases.get(kiosk.shown % cases.len().max(1)).map(|id| (*id).clone());
        kiosk.shown += 1;
        kiosk.banner.set_hidden(false);
        Act::Opening
    }

    /// Nothing of the last visitor stays but the domain: what was typed into the form for a model least of all.
    fn be_as_new(&mut self) {
        self.compare.forget();
        self.arrange(&Shared::default());
        // Nobody is there to go on with the keyboard.
        self.focus_next = None;
        self.live.look = Look::default();
        self.live.others.clear();
        self.live.reset();
        self.forget_question();
        if let Some(first) =
            self.kiosk.as_ref().map(|kiosk| kiosk.language).filter(|first| first.code != language().code)
        {
            self.change_language(first);
        }
        self.close_message();
        self.dom.share.close();
        for details in super::language::elements(&self.dom.document, "details[open]") {
            super::dom::mark(&details, "open", false);
        }
        scroll_to(0.0, 0.0);
    }
}

/// Whether the browser was told to keep things still.
fn still() -> bool {
    let answer = match_media("(prefers-reduced-motion: reduce)");
    Reflect::get(&answer, &"matches".into()).ok().and_then(|matches| matches.as_bool()).unwrap_or(false)
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
