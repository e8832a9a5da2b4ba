//! The page around the stage: gallery, figures, lists, messages.

use fovea_shared::{
    bundle::{GalleryCase, Manifest, Score},
    gaze::Fixation,
};
use web_sys::Element;

use super::{
    devices::{Devices, Status},
    dom::{Dom, append, set, set_text},
    files::address,
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

/// Fills the gallery with the bundle's cases.
pub fn gallery(dom: &Dom, manifest: &Manifest) {
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
            set(&image, "src", &address(&case.image, entry));
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

/// Model, data and scores for experts, and the notices.
pub fn model(dom: &Dom, manifest: &Manifest) {
    dom.model_facts.set_text_content(None);
    let t = &manifest.training;
    let add = |name: &str, value: &str| dom.add_fact(&dom.model_facts, name, value);
    add("Model", &format!("{}, written {}", manifest.name, manifest.created));
    add("Training data", &format!("{}; split {}; data {}", t.data, t.split, short(&t.data_sha256)));
    add("Text", &t.text);
    add("Chosen on", &format!("{}, seed {}, code {}", t.selection, t.seed, short(&t.git_sha)));
    let score = |name: &str, score: &Option<Score>| {
        if let Some(s) = score {
            let value = format!("{:.3} ± {:.3} ({} seeds) on {}", s.mean, s.sd, s.seeds, s.on);
            dom.add_fact(&dom.model_facts, name, &value);
        }
    };
    score("Student, Dice", &t.student_dice);
    score("Teacher without gaze, Dice", &t.teacher_dice);
    score("Teacher with gaze, Dice", &t.teacher_dice_with_gaze);
    let bytes = manifest.files.values().map(|f| f.bytes).sum();
    add("Bundle", &format!("{} files, {}, each checked by its SHA-256", manifest.files.len(), words::megabytes(bytes)));
    let unmeasured = "Whether this teacher makes use of its text was not measured.";
    set_text(&dom.card.verdict, t.text_verdict.as_deref().unwrap_or(unmeasured));
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
