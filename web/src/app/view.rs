//! From the app's state to what is seen and said.

use super::{
    dom::{set, set_text, window},
    gaze::dwell,
    hooks::Snapshot,
    layers::Layer,
    panels,
    pointer::Press,
    stage::Scene,
    state::App,
};
use crate::{
    clock::now_ms,
    protocol::{Backend, Outline},
};

impl App {
    /// Writes the status line.
    pub fn say(&self, text: &str) {
        set_text(&self.dom.status, text);
    }

    /// Shows a message that stays until the visitor closes it.
    pub fn show_message(&mut self, text: &str) {
        // An alert speaks when its text appears in it, so it must be visible first.
        self.dom.message.set_hidden(false);
        set_text(&self.dom.message_text, text);
        self.message_of_image = false;
    }

    /// Shows a message about an image, which goes when another image opens.
    pub fn show_image_message(&mut self, text: &str) {
        self.show_message(text);
        self.message_of_image = true;
    }

    /// Hides the message.
    pub fn close_message(&mut self) {
        self.dom.message.set_hidden(true);
        set_text(&self.dom.message_text, "");
    }

    /// Brings the page in line with the state.
    pub fn refresh(&mut self) {
        let root = self.dom.document.document_element();
        if let Some(root) = root.filter(|r| r.get_attribute("data-state").as_deref() != Some(self.phase_name())) {
            set(&root, "data-state", self.phase_name());
        }
        self.dom.undo.set_disabled(!self.gaze.can_undo());
        self.dom.redo.set_disabled(!self.gaze.can_redo());
        self.dom.clear.set_disabled(self.gaze.fixations().is_empty());
        let untouched = self.gaze.fixations().is_empty() && self.press.is_none() && !self.gaze.can_redo();
        self.dom.hint.set_hidden(!(untouched && self.found.teacher.is_some()));
        let listed = Some((self.gaze.revision(), self.gaze.selected()));
        if self.dom.details_gaze.open() && self.listed != listed {
            panels::fixations(&self.dom, self.gaze.fixations(), self.gaze.selected());
            self.listed = listed;
        }
        self.draw();
    }

    /// Draws the stage.
    pub fn draw(&self) {
        let outlines: Vec<(Layer, &Outline)> =
            Layer::ALL.into_iter().filter_map(|l| self.outline(l).map(|o| (l, o))).collect();
        let growing = match self.press {
            Some(Press::New { at, since }) => Some((at, dwell(now_ms() - since))),
            _ => None,
        };
        self.stage.draw(&Scene {
            layers: &self.layers,
            outlines: &outlines,
            fixations: self.gaze.fixations(),
            selected: self.gaze.selected(),
            growing,
            cursor: self.cursor,
        });
    }

    /// The state for `window.fovea`.
    pub fn snapshot(&self) -> Snapshot {
        let report = |b| self.devices.status(b).report().cloned();
        let dice = |o: &Option<Outline>| o.as_ref().and_then(|o| o.dice);
        Snapshot {
            phase: self.phase_name(),
            case: self.current.as_ref().and_then(|c| c.origin.case.clone()),
            title: self.current.as_ref().map(|c| c.origin.title.clone()),
            size: self.current.as_ref().map(|_| self.found.size),
            fixations: self.gaze.fixations().to_vec(),
            selected: self.gaze.selected(),
            can_undo: self.gaze.can_undo(),
            can_redo: self.gaze.can_redo(),
            layers: Layer::ALL.into_iter().filter(|l| self.layers.on(*l)).map(Layer::name).collect(),
            dice: (dice(&self.found.teacher), dice(&self.found.student)),
            device: self.devices.active().map(|b| b.to_string()),
            reports: (report(Backend::Cpu), report(Backend::WebGpu)),
            message: self.dom.message_text.text_content().filter(|t| !t.is_empty()),
        }
    }
}

/// What the address says after `?key=`.
pub(super) fn query(key: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(key)
}
