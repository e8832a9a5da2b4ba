//! The dialog that says what stands behind the page: the story, this device, the model, the notices.

mod timing;

use fovea_shared::bundle::{Manifest, Score};
use web_sys::{Document, Element, Event, HtmlElement};

use super::{
    elements::{append, create, dialog::Dialog, events::on, get, in_english, set, set_text},
    engines::devices::{Devices, Status},
    model::{Model, Phase},
    status::{
        numbers::{megabytes, ms},
        sentences,
    },
};
use crate::{
    protocol::Backend,
    text::{self, LANGUAGES, language, say},
};
pub use timing::Times;
use timing::Timing;

/// The feature: a dialog.
pub struct About {
    open: HtmlElement,
    dialog: Dialog,
    device: HtmlElement,
    detail: HtmlElement,
    self_check: HtmlElement,
    other: HtmlElement,
    facts: HtmlElement,
    notices: HtmlElement,
    timing: Timing,
    /// How long things took.
    pub times: Times,
    /// What the facts were last written of: date of the bundle, student, language.
    written: Option<(String, usize, &'static str)>,
}

impl About {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            open: get(d, "about-open")?,
            dialog: Dialog::find(d, "about", "about-close")?,
            device: get(d, "device")?,
            detail: get(d, "device-detail")?,
            self_check: get(d, "selfcheck")?,
            other: get(d, "device-other")?,
            facts: get(d, "model-facts")?,
            notices: get(d, "notices")?,
            timing: Timing::find(d)?,
            times: Times::default(),
            written: None,
        })
    }

    /// Listens to the button that opens it.
    pub fn listen(&self) {
        let dialog = self.dialog.clone();
        on(&self.open, "click", move |_: Event| dialog.open());
    }

    /// Closes the dialog.
    pub fn close(&self) {
        self.dialog.close();
    }

    /// Brings the elements in line with the model.
    pub fn refresh(&mut self, model: &Model) {
        if matches!(model.phase, Phase::Broken(_)) {
            set_text(&self.device, &say!("device-stopped"));
        } else if model.manifest.is_some() {
            self.write_devices(&model.devices);
        }
        self.timing.refresh(self.times);
        let Some(manifest) = &model.manifest else { return };
        let name = format!("{} {}", manifest.name, manifest.created);
        let written = Some((name, model.student, language().code));
        if self.written != written {
            self.written = written;
            self.write_facts(manifest, model.student);
            self.write_notices(manifest);
        }
    }

    fn write_devices(&self, devices: &Devices) {
        let Some(active) = devices.active() else {
            let starting =
                [Backend::Cpu, Backend::WebGpu].into_iter().find(|b| *devices.status(*b) == Status::Starting);
            let text = match starting {
                Some(device) => say!("device-starting", device = device.to_string()),
                None => say!("device-stopped"),
            };
            return set_text(&self.device, &text);
        };
        if let Status::Ready(report) = devices.status(active) {
            set_text(&self.device, &say!("device-verified", device = active.to_string()));
            let adapter = say!("device-adapter", device = active.to_string(), adapter = &report.adapter);
            set_text(&self.detail, &adapter);
            set_text(&self.self_check, &sentences::self_check(report));
        }
        let other = if active == Backend::Cpu { Backend::WebGpu } else { Backend::Cpu };
        let device = other.to_string();
        let text = match devices.status(other) {
            Status::Untried => say!("other-untried", device = device),
            Status::Starting => say!("other-starting", device = device),
            Status::Ready(r) => {
                say!("other-slower", device = device, time = ms(r.click_ms), kept = active.to_string())
            }
            Status::Failed(why) => say!("other-failed", device = device, why = why.clone()),
        };
        set_text(&self.other, &text);
    }

    /// Model, data and scores for experts, of the student at a place.
    fn write_facts(&self, manifest: &Manifest, place: usize) {
        self.facts.set_text_content(None);
        let t = &manifest.training;
        let add = |name: String, value: String| add_fact(&self.facts, &name, &value);
        add(say!("fact-model"), say!("fact-model-value", name = &manifest.name, date = &manifest.created));
        let data = say!("fact-data-value", data = &t.data, split = &t.split, hash = short(&t.data_sha256));
        add(say!("fact-data"), data);
        in_english(&add(say!("fact-text"), t.text.clone()), true);
        if let Some(student) = manifest.students.get(place) {
            add(say!("fact-target"), sentences::target(student.kind.told));
        }
        let chosen = say!("fact-chosen-value", on = &t.selection, seed = t.seed.to_string(), code = short(&t.git_sha));
        add(say!("fact-chosen"), chosen);
        let score = |name: String, score: &Option<Score>| {
            if let Some(s) = score {
                drop(add(name, sentences::score(s)));
            }
        };
        if let Some(student) = manifest.students.get(place) {
            score(say!("fact-student-dice", name = &student.name), &student.dice);
        }
        score(say!("fact-teacher-dice"), &t.teacher_dice);
        score(say!("fact-teacher-gaze-dice"), &t.teacher_dice_with_gaze);
        for (field, steering) in t.steers.iter().flatten() {
            let field = text::field(*field);
            let name = if steering.offered {
                say!("fact-steers", field = field)
            } else {
                say!("fact-steers-not", field = field)
            };
            in_english(&add(name, format!("{:.2}, {}", steering.effect, steering.what)), true);
        }
        let bytes = manifest.files.values().map(|f| f.bytes).sum();
        let size = megabytes(bytes);
        add(say!("fact-bundle"), say!("fact-bundle-value", files = manifest.files.len(), size = size));
        if let Some(moved) = t.int8_difference {
            add(say!("fact-int8"), say!("fact-int8-value", moved = format!("{moved:.3}")));
        }
    }

    /// The notices of the bundle, below the page's own first one.
    fn write_notices(&self, manifest: &Manifest) {
        let items = self.notices.children();
        while let Some(former) = items.item(1) {
            former.remove();
        }
        for notice in &manifest.notices {
            let item = create("li", notice);
            set(&item, "lang", LANGUAGES[0].tag);
            append(&self.notices, &item);
        }
    }
}

/// Adds a row to a list of facts; gives the element of the value.
fn add_fact(list: &Element, name: &str, value: &str) -> Element {
    let row = create("div", "");
    append(&row, &create("dt", name));
    let fact = create("dd", value);
    append(&row, &fact);
    append(list, &row);
    fact
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
