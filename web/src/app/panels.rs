//! The page around the stage: gallery, figures, lists, messages.

use fovea_shared::{
    bundle::{Attribution, GalleryCase, Manifest, PHANTOM, Score},
    gaze::Fixation,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::{
    compare::fill,
    devices::{Devices, Status},
    dom::{Dom, append, mark, set, set_text},
    domains::Domains,
    files::address,
    students::{Family, Strategy, flip, note, title},
    words,
};
use crate::{
    protocol::{Backend, Outline},
    text::{self, LANGUAGES, Message, message, say},
};

/// What is known about where an image and its gaze come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Shown above the stage: the bundle's title of a case, the name of a file.
    pub title: Message,
    /// The gallery's case, if it is one.
    pub case: Option<String>,
    /// Short labels.
    pub labels: Vec<Message>,
    /// The gaze that came with it, if it came with gaze.
    pub gaze: Option<Gaze>,
    /// Whose it is, where it comes from others with terms.
    pub attribution: Option<Attribution>,
}

/// Where gaze comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gaze {
    /// From an eye tracker.
    Recorded,
    /// Made from the true mask.
    Simulated,
    /// The bundle does not say.
    Unknown,
}

impl Origin {
    /// Of a case of the gallery.
    pub fn of_case(case: &GalleryCase) -> Self {
        let image = match case.origin.as_str() {
            PHANTOM => message!("image-phantom"),
            name => message!("image-real", name = name),
        };
        let (label, gaze) = match case.gaze_source.as_deref().filter(|_| case.gaze.is_some()) {
            Some("recorded") => (message!("gaze-recorded"), Some(Gaze::Recorded)),
            Some("simulated") => (message!("gaze-simulated"), Some(Gaze::Simulated)),
            Some(_) => (message!("gaze-unknown"), Some(Gaze::Unknown)),
            None => (message!("gaze-none"), None),
        };
        Self {
            title: case.title.as_str().into(),
            case: Some(case.id.clone()),
            labels: vec![image, label],
            gaze,
            attribution: case.attribution.clone(),
        }
    }

    /// Of the visitor's own image.
    pub fn of_own(name: &str) -> Self {
        Self {
            title: if name.is_empty() { message!("image-own") } else { name.into() },
            case: None,
            labels: vec![message!("image-own-stays"), message!("gaze-none")],
            gaze: None,
            attribution: None,
        }
    }
}

/// In which language bundles and engines speak.
const BUNDLE_LANGUAGE: &str = LANGUAGES[0].tag;

/// Whether what an element says is English, as bundles and engines have it, whatever the language of the page.
pub fn in_english(element: &Element, english: bool) {
    if english {
        set(element, "lang", BUNDLE_LANGUAGE);
    } else {
        mark(element, "lang", false);
    }
}

/// The domains to choose from, the one that is in use or on its way chosen. Nothing where there is one only.
pub fn domains(dom: &Dom, domains: &Domains) {
    let bundles = &domains.index.bundles;
    if dom.domains.children().length() as usize != bundles.len() {
        dom.domains.set_text_content(None);
        for entry in bundles {
            let label = dom.create("label", "");
            let radio = dom.create("input", "");
            for (name, value) in [("type", "radio"), ("name", "domain"), ("value", entry.folder.as_str())] {
                set(&radio, name, value);
            }
            append(&label, &radio);
            append(&label, &dom.create("span", ""));
            append(&dom.domains, &label);
        }
    }
    dom.domain_choice.set_hidden(bundles.len() < 2);
    set(&dom.domains, "aria-busy", if domains.wanted.is_some() { "true" } else { "false" });
    let labels = dom.domains.children();
    for (place, entry) in (0..).zip(bundles) {
        if let Some(name) = labels.item(place).and_then(|label| label.last_element_child()) {
            set_text(&name, &text::domain(entry));
        }
    }
    let chosen = domains.wanted.unwrap_or(domains.current);
    let radio = labels.item(chosen as u32).and_then(|label| label.first_element_child());
    if let Some(radio) = radio.and_then(|radio| radio.dyn_into::<HtmlInputElement>().ok()) {
        radio.set_checked(true);
    }
}

/// The menu and the three switches, and which student they have led to.
pub fn students(dom: &Dom, manifest: &Manifest, place: usize) {
    let Some(student) = manifest.students.get(place) else { return };
    let families = Family::all(&manifest.students);
    let options: Vec<(String, String)> = families.iter().map(|family| (family.name(), family.title())).collect();
    fill(&dom.family, &options, &Family::of(student.kind).name(), |text| dom.create("option", text));
    dom.family.set_disabled(families.len() < 2);
    for (strategy, switch) in Strategy::ALL.into_iter().zip(&dom.strategies) {
        switch.set_checked(strategy.on(student.kind.strategies));
        let off = flip(&manifest.students, place, strategy).is_none();
        switch.set_disabled(off);
        if let Some(label) = switch.closest("label").ok().flatten() {
            mark(&label, "data-off", off);
        }
    }
    set_text(&dom.student_name, &title(student.kind.strategies));
    set_text(&dom.student_note, &note(&manifest.students, place));
}

/// Fills the gallery with the cases of the bundle in this folder.
pub fn gallery(dom: &Dom, manifest: &Manifest, folder: &str) {
    dom.gallery.set_text_content(None);
    for case in &manifest.gallery {
        let button = dom.create("button", "");
        for (name, value) in
            [("type", "button"), ("data-case", &case.id), ("aria-pressed", "false"), ("title", &case.title)]
        {
            set(&button, name, value);
        }
        let image = dom.create("img", "");
        if let Ok(entry) = manifest.entry(&case.image) {
            set(&image, "src", &address(folder, &case.image, &entry.sha256));
        }
        for (name, value) in [("alt", ""), ("width", "132"), ("height", "99"), ("decoding", "async")] {
            set(&image, name, value);
        }
        append(&button, &image);
        set(&button, "lang", BUNDLE_LANGUAGE);
        append(&button, &dom.create("span", &case.title));
        append(&dom.gallery, &button);
    }
    if manifest.gallery.is_empty() {
        append(&dom.gallery, &dom.create("p", &say!("gallery-empty")));
    }
}

/// Shows what is open: title, labels, the pressed thumbnail, the gaze button.
pub fn origin(dom: &Dom, origin: &Origin, size: (u32, u32)) {
    set_text(&dom.case_title, &origin.title.to_string());
    in_english(&dom.case_title, origin.case.is_some());
    dom.source.set_text_content(None);
    for label in origin.labels.iter().map(Message::to_string).chain([format!("{} × {}", size.0, size.1)]) {
        append(&dom.source, &dom.create("li", &label));
    }
    let children = dom.gallery.children();
    for button in (0..children.length()).filter_map(|i| children.item(i)) {
        let pressed = origin.case.is_some() && button.get_attribute("data-case") == origin.case;
        set(&button, "aria-pressed", if pressed { "true" } else { "false" });
    }
    dom.attribution.set_hidden(origin.attribution.is_none());
    dom.attribution.set_text_content(None);
    if let Some(Attribution { authors, licence, link, changed, .. }) = &origin.attribution {
        let work = dom.create("a", authors);
        set(&work, "href", link);
        set(&work, "target", "_blank");
        set(&work, "rel", "noopener noreferrer");
        append(&dom.attribution, &work);
        append(&dom.attribution, &dom.create("span", &format!(", {licence}. {changed}.")));
    }
    dom.use_gaze.set_disabled(origin.gaze.is_none());
    let text = match origin.gaze {
        Some(Gaze::Recorded) => say!("use-gaze-recorded"),
        Some(Gaze::Simulated) => say!("use-gaze-simulated"),
        Some(Gaze::Unknown) => say!("use-gaze-unknown"),
        None => say!("use-gaze-none"),
    };
    set_text(&dom.use_gaze_text, &text);
}

/// The two large figures.
pub fn scores(dom: &Dom, teacher: Option<&Outline>, student: Option<&Outline>) {
    let dice = |o: Option<&Outline>| o.and_then(|o| o.dice).map_or_else(|| "–".to_string(), |d| format!("{d:.2}"));
    dom.say("dice-teacher", &dice(teacher));
    dom.say("dice-student", &dice(student));
}

/// Everything about the devices.
pub fn devices(dom: &Dom, devices: &Devices) {
    let Some(active) = devices.active() else {
        let starting = [Backend::Cpu, Backend::WebGpu].into_iter().find(|b| *devices.status(*b) == Status::Starting);
        let text = match starting {
            Some(device) => say!("device-starting", device = device.to_string()),
            None => say!("device-stopped"),
        };
        dom.say("device", &text);
        return;
    };
    if let Status::Ready(report) = devices.status(active) {
        dom.say("device", &say!("device-verified", device = active.to_string()));
        dom.say("device-detail", &say!("device-adapter", device = active.to_string(), adapter = &report.adapter));
        dom.say("selfcheck", &words::self_check(report));
    }
    let other = if active == Backend::Cpu { Backend::WebGpu } else { Backend::Cpu };
    let device = other.to_string();
    let text = match devices.status(other) {
        Status::Untried => say!("other-untried", device = device),
        Status::Starting => say!("other-starting", device = device),
        Status::Ready(r) => {
            say!("other-slower", device = device, time = words::ms(r.click_ms), kept = active.to_string())
        }
        Status::Failed(why) => say!("other-failed", device = device, why = why.clone()),
    };
    dom.say("device-other", &text);
}

/// Model, data and scores for experts, of the student at a place.
pub fn model(dom: &Dom, manifest: &Manifest, place: usize) {
    dom.model_facts.set_text_content(None);
    let t = &manifest.training;
    let add = |name: String, value: String| dom.add_fact(&dom.model_facts, &name, &value);
    add(say!("fact-model"), say!("fact-model-value", name = &manifest.name, date = &manifest.created));
    let data = say!("fact-data-value", data = &t.data, split = &t.split, hash = short(&t.data_sha256));
    add(say!("fact-data"), data);
    in_english(&add(say!("fact-text"), t.text.clone()), true);
    if let Some(student) = manifest.students.get(place) {
        add(say!("fact-target"), words::target(student.kind.told));
    }
    let chosen = say!("fact-chosen-value", on = &t.selection, seed = t.seed.to_string(), code = short(&t.git_sha));
    add(say!("fact-chosen"), chosen);
    let score = |name: String, score: &Option<Score>| {
        if let Some(s) = score {
            drop(add(name, words::score(s)));
        }
    };
    if let Some(student) = manifest.students.get(place) {
        score(say!("fact-student-dice", name = &student.name), &student.dice);
    }
    score(say!("fact-teacher-dice"), &t.teacher_dice);
    score(say!("fact-teacher-gaze-dice"), &t.teacher_dice_with_gaze);
    for (field, steering) in t.steers.iter().flatten() {
        let field = text::field(*field);
        let name =
            if steering.offered { say!("fact-steers", field = field) } else { say!("fact-steers-not", field = field) };
        in_english(&add(name, format!("{:.2}, {}", steering.effect, steering.what)), true);
    }
    let bytes = manifest.files.values().map(|f| f.bytes).sum();
    let size = words::megabytes(bytes);
    add(say!("fact-bundle"), say!("fact-bundle-value", files = manifest.files.len(), size = size));
    if let Some(moved) = t.int8_difference {
        add(say!("fact-int8"), say!("fact-int8-value", moved = format!("{moved:.3}")));
    }
    let verdict = &dom.card.verdict;
    in_english(verdict, t.text_verdict.is_some());
    set_text(verdict, &t.text_verdict.clone().unwrap_or_else(|| say!("verdict-unmeasured")));
}

/// The notices of the bundle, below the page's own first one.
pub fn notices(dom: &Dom, manifest: &Manifest) {
    let items = dom.notices.children();
    while let Some(former) = items.item(1) {
        former.remove();
    }
    for notice in &manifest.notices {
        let item = dom.create("li", notice);
        set(&item, "lang", BUNDLE_LANGUAGE);
        append(&dom.notices, &item);
    }
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// The points as a list of buttons: the canvas in words, and a way to reach each point without a pointer.
pub fn fixations(dom: &Dom, fixations: &[Fixation], selected: Option<usize>) {
    dom.fixations_empty.set_hidden(!fixations.is_empty());
    dom.fixations.set_text_content(None);
    for (index, fixation) in fixations.iter().enumerate() {
        let item = dom.create("li", "");
        let choose = button(dom, &words::fixation(index, fixation), "data-select", index);
        set(&choose, "aria-pressed", if selected == Some(index) { "true" } else { "false" });
        append(&item, &choose);
        append(&item, &button(dom, &say!("remove"), "data-remove", index));
        append(&dom.fixations, &item);
    }
}

fn button(dom: &Dom, text: &str, attribute: &str, index: usize) -> Element {
    let button = dom.create("button", text);
    set(&button, "type", "button");
    set(&button, attribute, &index.to_string());
    button
}
