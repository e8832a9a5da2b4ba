//! From the app's state to what is seen and said.

use web_sys::HtmlCanvasElement;

use super::{
    dom::{set, set_text, window},
    effect,
    hooks::{
        ShownAttention, ShownChange, ShownComparison, ShownContestant, ShownDescription, ShownLearner, ShownPhrase,
        ShownTraining, Snapshot,
    },
    inputs::dwell,
    layers::Layer,
    panels,
    pointer::Press,
    stage::Scene,
    state::App,
};
use crate::{
    clock::now_ms,
    protocol::{Backend, Contestant, LiveSeen, Outline},
    text::{Message, language},
};

impl App {
    /// Writes the status line.
    pub fn say(&self, text: &str) {
        set_text(&self.dom.status, text);
    }

    /// Shows a message that stays until the visitor closes it.
    pub fn show_message(&mut self, message: Message) {
        // An alert speaks when its text appears in it, so it must be visible first.
        self.dom.message.set_hidden(false);
        self.message = message;
        self.write_message();
        self.message_of_image = false;
    }

    /// Writes the message in the language that is spoken.
    pub(super) fn write_message(&self) {
        panels::in_english(&self.dom.message_text, matches!(self.message, Message::Plain(_)));
        set_text(&self.dom.message_text, &self.message.to_string());
    }

    /// Shows a message about an image, which goes when another image opens.
    pub fn show_image_message(&mut self, message: Message) {
        self.show_message(message);
        self.message_of_image = true;
    }

    /// Hides the message.
    pub fn close_message(&mut self) {
        self.dom.message.set_hidden(true);
        self.message = Message::default();
        set_text(&self.dom.message_text, "");
    }

    /// Brings the page in line with the state.
    pub fn refresh(&mut self) {
        let root = self.dom.document.document_element();
        if let Some(root) = root.filter(|r| r.get_attribute("data-state").as_deref() != Some(self.phase_name())) {
            set(&root, "data-state", self.phase_name());
        }
        self.dom.undo.set_disabled(!self.inputs.can_undo());
        self.dom.redo.set_disabled(!self.inputs.can_redo());
        self.dom.clear.set_disabled(self.inputs.fixations().is_empty());
        let untouched = self.inputs.fixations().is_empty() && self.press.is_none() && !self.inputs.can_redo();
        // The legend stands where the hint does.
        self.refresh_legend();
        let hint = untouched && self.found.teacher.is_some() && self.dom.card.legend.hidden();
        self.dom.hint.set_hidden(!hint);
        self.dom.no_lesion.set_hidden(!self.sees_nothing() || !self.dom.card.legend.hidden());
        self.refresh_card();
        let map = self.shown_attention().cloned();
        if let Err(error) = self.stage.set_attention(map.as_ref()) {
            self.show_message(error);
        }
        let listed = Some((self.inputs.revision(), self.inputs.selected()));
        if self.dom.details_gaze.open() && self.listed != listed {
            panels::fixations(&self.dom, self.inputs.fixations(), self.inputs.selected());
            self.listed = listed;
        }
        self.refresh_lesson();
        self.refresh_playback();
        self.refresh_compare();
        self.refresh_live();
        // A step of the learners changes nothing on the stage, and many come in a second.
        if !std::mem::take(&mut self.stage_as_before) {
            self.draw();
            self.refresh_peek();
        }
    }

    /// Whether the visitor looks somewhere and the teacher outlines nothing for it.
    fn sees_nothing(&self) -> bool {
        !self.inputs.fixations().is_empty() && self.found.teacher.as_ref().is_some_and(|teacher| teacher.area == 0)
    }

    /// Draws the stage.
    pub fn draw(&self) {
        self.with_scene(|scene| self.stage.draw(scene));
    }

    /// The stage as a picture of its own.
    pub(super) fn overlay(&self) -> Result<HtmlCanvasElement, Message> {
        self.with_scene(|scene| self.stage.overlay(&Scene { growing: None, cursor: None, selected: None, ..*scene }))
    }

    fn with_scene<T>(&self, show: impl FnOnce(&Scene<'_>) -> T) -> T {
        let outlines: Vec<(Layer, &Outline)> =
            Layer::ALL.into_iter().filter_map(|l| self.outline(l).map(|o| (l, o))).collect();
        let growing = match self.press {
            Some(Press::New { at, since }) => Some((at, dwell(now_ms() - since))),
            _ => None,
        };
        show(&Scene {
            layers: &self.layers,
            outlines: &outlines,
            change: self.found.change.as_ref().filter(|c| effect::noticeable(c)),
            fixations: self.inputs.fixations(),
            selected: self.inputs.selected(),
            growing,
            cursor: self.cursor,
        })
    }

    /// The state for `window.fovea`.
    pub fn snapshot(&self) -> Snapshot {
        let report = |b| self.devices.status(b).report().cloned();
        let dice = |o: Option<&Outline>| o.and_then(|o| o.dice);
        Snapshot {
            phase: self.phase_name(),
            language: language().code,
            case: self.current.as_ref().and_then(|c| c.origin.case.clone()),
            title: self.current.as_ref().map(|c| c.origin.title.to_string()),
            size: self.current.as_ref().map(|_| self.found.size),
            likeness: self.found.likeness,
            fixations: self.inputs.fixations().to_vec(),
            selected: self.inputs.selected(),
            can_undo: self.inputs.can_undo(),
            can_redo: self.inputs.can_redo(),
            layers: Layer::ALL.into_iter().filter(|l| self.layers.on(*l)).map(Layer::name).collect(),
            dice: (dice(self.found.teacher.as_ref()), dice(self.found.students.get(&self.student))),
            domain: self.domains.folder().to_owned(),
            domains: self.domains.index.bundles.iter().map(|entry| entry.folder.clone()).collect(),
            student: self.manifest.as_ref().and_then(|m| m.students.get(self.student)).map(|s| s.name.clone()),
            students: self.manifest.iter().flat_map(|m| &m.students).map(|s| s.name.clone()).collect(),
            device: self.devices.active().map(|b| b.to_string()),
            reports: (report(Backend::Cpu), report(Backend::WebGpu)),
            description: self.shown_description(),
            attention: self.shown_attention().map(|m| ShownAttention {
                field: m.field.clone(),
                word: m.word.clone(),
                max: m.max,
                says: effect::attention(m),
            }),
            change: self.shown_change(),
            compare: self.shown_comparison(),
            live: self.shown_training(),
            asking: self.ask.running(),
            attracts: self.kiosk.as_ref().is_some_and(super::kiosk::Kiosk::attracts),
            message: self.dom.message_text.text_content().filter(|t| !t.is_empty()),
        }
    }
}

impl App {
    fn shown_comparison(&self) -> Option<ShownComparison> {
        let state = &self.compare;
        let answer = state.answer.as_ref();
        let of = |place: Option<usize>, one: &Contestant| ShownContestant {
            place,
            hash: one.outline.hash.clone(),
            dice: one.outline.dice,
            iou: one.iou,
            hd95: one.hd95,
            extra: one.difference.as_ref().map(|d| d.extra.area),
            missing: one.difference.as_ref().map(|d| d.missing.area),
        };
        state.open.then(|| ShownComparison {
            chosen: state.chosen.iter().copied().collect(),
            look: state.look.name(),
            scale: state.lens.scale,
            cursor: state.lens.cursor,
            teacher: answer.map(|a| of(None, &a.teacher)),
            students: answer.iter().flat_map(|a| &a.students).map(|(place, one)| of(Some(*place), one)).collect(),
        })
    }

    fn shown_training(&self) -> ShownTraining {
        let last = self.live.last.as_ref();
        let learner = |seen: &LiveSeen| ShownLearner {
            hash: seen.outline.hash.clone(),
            dice: seen.outline.dice,
            loss: seen.loss,
            alignment: seen.alignment,
            consistency: seen.consistency,
            masked: seen.inside.masked.as_ref().map(|o| o.area),
        };
        ShownTraining {
            playing: self.live.playing,
            step: last.map(|l| l.step),
            speed: self.live.speed(),
            target: last.and_then(|l| l.target.as_ref()).map(|t| t.hash.clone()),
            halted: self.live.halted.as_ref().map(ToString::to_string),
            students: last.iter().flat_map(|l| &l.students).map(learner).collect(),
            points: self.live.history.first().map_or(0, Vec::len),
        }
    }

    fn shown_description(&self) -> Option<ShownDescription> {
        let wording = self.inputs.wording();
        let said = wording.said();
        let phrase = |c: super::wording::Chip| ShownPhrase {
            field: c.field.name(),
            word: c.word.map(|w| w.name),
            label: c.label(),
            on: c.told(),
            edited: c.edited,
            offered: self.offers(c.field),
            attention: self.attention_to(c.field).map(|m| m.max),
        };
        (!wording.is_blank()).then(|| ShownDescription {
            source: said.description.source.to_string(),
            touched: wording.touched(),
            from_looks: wording.from_looks(),
            awaited: self.inputs.awaits_words(),
            confidence: said.description.confidence,
            caveat: said.caveat.clone(),
            sentence: if self.inputs.awaits_words() { String::new() } else { wording.sentence() },
            phrases: wording.chips().map(phrase).collect(),
            choices: self.phrases.list.iter().map(|said| said.source().to_string()).collect(),
        })
    }

    fn shown_change(&self) -> Option<ShownChange> {
        let (edit, change) = self.phrases.edit.as_ref().zip(self.found.change.as_ref())?;
        let dice = self.found.teacher.as_ref().and_then(|t| t.dice);
        Some(ShownChange {
            edit: effect::edit(&edit.before, &self.inputs.text()),
            result: effect::result(change, dice),
            gained: change.gained.area,
            lost: change.lost.area,
            gained_share: change.gained_share,
            lost_share: change.lost_share,
            dice: (change.dice_before, dice),
        })
    }
}

/// What the address says after `?key=`.
pub(super) fn query(key: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(key)
}
