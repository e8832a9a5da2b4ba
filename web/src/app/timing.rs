//! How long things take, as the visitor sees it.

use wasm_bindgen::JsValue;

use super::{state::App, words};
use crate::{clock::now_ms, text::say};

/// What is shown of how long things took, in ms.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timing {
    /// From the last click to its mask: all of it, of that the engine, of that the teacher.
    pub click: Option<[f64; 3]>,
    /// The backbone, for the last image or in the self-check.
    pub embed: Option<f64>,
}

impl App {
    /// The mask of this revision is on the screen: stops the clock.
    pub fn clock_look(&mut self, revision: u64, teacher_ms: f64, engine_ms: f64) {
        if let Some((_, since)) = self.waiting_since.filter(|(r, _)| *r <= revision) {
            self.waiting_since = None;
            let took = now_ms() - since;
            self.latencies.push(&JsValue::from_f64(took));
            self.timing.click = Some([took, engine_ms, teacher_ms]);
            self.show_timing();
        }
    }

    /// Writes how long the last click and the last image took.
    pub(super) fn show_timing(&self) {
        if let Some(times) = self.timing.click {
            let [all, engine, teacher] = times.map(words::ms);
            self.dom.say("timing-click", &say!("timing-click", all = all, engine = engine, teacher = teacher));
        }
        if let Some(embed) = self.timing.embed {
            self.dom.say("timing-embed", &say!("timing-embed", time = words::ms(embed)));
        }
    }
}
