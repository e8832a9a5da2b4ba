//! The page around the stage: gallery, figures, lists, messages.

use fovea_shared::{
    bundle::{GalleryCase, Manifest, Score},
    gaze::Fixation,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::{
    devices::{Devices, Status},
    dom::{Dom, append, mark, set, set_text},
    domains::Domains,
    files::address,
    students::{Strategy, flip, note, title},
    words,
};
use crate::protocol::{Backend, Outline};

/// What is known about where an image and its gaze come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Shown above the stage.
    pub title: String,
    /// The gallery's case, if it is one.
    pub case: Option<String>,
    /// Short labels.
    pub labels: Vec<String>,
    /// What the gaze that came with it is called, if it came with gaze.
    pub gaze: Option<&'static str>,
}

impl Origin {
    /// Of a case of the gallery.
    pub fn of_case(case: &GalleryCase) -> Self {
        let image = match case.origin.as_str() {
            "phantom" => "Phantom, drawn by a program".to_string(),
            name => format!("Real image, {name}"),
        };
        let (label, gaze) = match case.gaze_source.as_deref().filter(|_| case.gaze.is_some()) {
            Some("recorded") => ("Recorded gaze", Some("recorded gaze")),
            Some("simulated") => ("Simulated gaze", Some("simulated gaze")),
            Some(_) => ("Gaze of unknown source", Some("gaze of this image")),
            None => ("No gaze but yours", None),
        };
        Self { title: case.title.clone(), case: Some(case.id.clone()), labels: vec![image, label.into()], gaze }
    }

    /// Of the visitor's own image.
    pub fn of_own(name: &str) -> Self {
        Self {
            title: if name.is_empty() { "Your image".into() } else { name.into() },
            case: None,
            labels: vec!["Your image, stays in this tab".into(), "No gaze but yours".into()],
            gaze: None,
        }
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
            append(&label, &dom.create("span", &entry.name));
            append(&dom.domains, &label);
        }
    }
    dom.domain_choice.set_hidden(bundles.len() < 2);
    set(&dom.domains, "aria-busy", if domains.wanted.is_some() { "true" } else { "false" });
    let labels = dom.domains.children();
    let chosen = domains.wanted.unwrap_or(domains.current);
    let radio = labels.item(chosen as u32).and_then(|label| label.first_element_child());
    if let Some(radio) = radio.and_then(|radio| radio.dyn_into::<HtmlInputElement>().ok()) {
        radio.set_checked(true);
    }
}

/// The three switches, and which student they have led to.
pub fn students(dom: &Dom, manifest: &Manifest, place: usize) {
    let Some(student) = manifest.students.get(place) else { return };
    for (strategy, switch) in Strategy::ALL.into_iter().zip(&dom.strategies) {
        switch.set_checked(strategy.on(student.strategies));
        let off = flip(&manifest.students, place, strategy).is_none();
        switch.set_disabled(off);
        if let Some(label) = switch.closest("label").ok().flatten() {
            mark(&label, "data-off", off);
        }
    }
    set_text(&dom.student_name, &title(student.strategies));
    set_text(&dom.student_note, &note(&manifest.students, place, student_target(manifest)));
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
        append(&button, &dom.create("span", &case.title));
        append(&dom.gallery, &button);
    }
    if manifest.gallery.is_empty() {
        append(&dom.gallery, &dom.create("p", "This build has no example images; open one of your own."));
    }
}

/// Shows what is open: title, labels, the pressed thumbnail, the gaze button.
pub fn origin(dom: &Dom, origin: &Origin, size: (u32, u32)) {
    set_text(&dom.case_title, &origin.title);
    dom.source.set_text_content(None);
    for label in origin.labels.iter().cloned().chain([format!("{} × {}", size.0, size.1)]) {
        append(&dom.source, &dom.create("li", &label));
    }
    let children = dom.gallery.children();
    for button in (0..children.length()).filter_map(|i| children.item(i)) {
        let pressed = origin.case.is_some() && button.get_attribute("data-case") == origin.case;
        set(&button, "aria-pressed", if pressed { "true" } else { "false" });
    }
    dom.use_gaze.set_disabled(origin.gaze.is_none());
    let text = origin.gaze.map_or_else(|| "No gaze recorded".to_string(), |gaze| format!("Use the {gaze}"));
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
        dom.say("device", &starting.map_or_else(|| "Stopped".into(), |b| format!("{b} is starting")));
        return;
    };
    if let Status::Ready(report) = devices.status(active) {
        dom.say("device", &format!("{active}, verified"));
        dom.say("device-detail", &format!("{active}: {}", report.adapter));
        dom.say("selfcheck", &words::self_check(report));
        dom.say("timing-embed", &format!("{} for the backbone", words::ms(report.embed_ms)));
    }
    let other = if active == Backend::Cpu { Backend::WebGpu } else { Backend::Cpu };
    let text = match devices.status(other) {
        Status::Untried => format!("{other}: not tried"),
        Status::Starting => format!("{other}: being checked in the background"),
        Status::Ready(r) => format!("{other}: {} a click, {active} is kept", words::ms(r.click_ms)),
        Status::Failed(why) => format!("{other}: not used, {why}"),
    };
    dom.say("device-other", &text);
}

/// Model, data and scores for experts, of the student at a place.
pub fn model(dom: &Dom, manifest: &Manifest, place: usize) {
    dom.model_facts.set_text_content(None);
    let t = &manifest.training;
    let add = |name: &str, value: &str| dom.add_fact(&dom.model_facts, name, value);
    add("Model", &format!("{}, written {}", manifest.name, manifest.created));
    add("Training data", &format!("{}; split {}; data {}", t.data, t.split, short(&t.data_sha256)));
    add("Text", &t.text);
    if let Some(target) = student_target(manifest) {
        add("Student’s target", words::student_target(target));
    }
    add("Chosen on", &format!("{}, seed {}, code {}", t.selection, t.seed, short(&t.git_sha)));
    let score = |name: &str, score: &Option<Score>| {
        if let Some(s) = score {
            dom.add_fact(&dom.model_facts, name, &words::score(s));
        }
    };
    if let Some(student) = manifest.students.get(place) {
        score(&format!("Student {}, Dice", student.name), &student.dice);
    }
    score("Teacher without gaze, Dice", &t.teacher_dice);
    score("Teacher with gaze, Dice", &t.teacher_dice_with_gaze);
    let bytes = manifest.files.values().map(|f| f.bytes).sum();
    add("Bundle", &format!("{} files, {}, each checked by its SHA-256", manifest.files.len(), words::megabytes(bytes)));
    if let Some(moved) = t.int8_difference {
        add("Heads in 8 bits", &format!("move no logit of the reference image by more than {moved:.3}"));
    }
    let unmeasured = "Whether this teacher makes use of its text was not measured.";
    set_text(&dom.card.verdict, t.text_verdict.as_deref().unwrap_or(unmeasured));
}

/// What the students learnt to predict, as the configuration names it.
fn student_target(manifest: &Manifest) -> Option<&str> {
    manifest.training.config.get("student-target")?.as_str()
}

/// The notices of the bundle, below the page's own first one.
pub fn notices(dom: &Dom, manifest: &Manifest) {
    let items = dom.notices.children();
    while let Some(former) = items.item(1) {
        former.remove();
    }
    for notice in &manifest.notices {
        append(&dom.notices, &dom.create("li", notice));
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
        append(&item, &button(dom, "Remove", "data-remove", index));
        append(&dom.fixations, &item);
    }
}

fn button(dom: &Dom, text: &str, attribute: &str, index: usize) -> Element {
    let button = dom.create("button", text);
    set(&button, "type", "button");
    set(&button, attribute, &index.to_string());
    button
}
