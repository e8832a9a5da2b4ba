//! What is seen of the stand over the picture: figures, one line, languages, a code for the phone.

use fovea_shared::gaze::GazeOrigin;
use web_sys::{Document, HtmlButtonElement, HtmlCanvasElement, HtmlElement};

use super::{
    address::for_phone,
    attract::Scene,
    tour::{Learner, Step, Tour},
};
use crate::{
    app::{
        canvas::{draw::context, layers::Layer},
        elements::{append, children, create_with, document, get, mark, set, set_text, window},
        look::words::worth,
        model::Model,
        share::qr,
    },
    text::{self, LANGUAGES, Language, say},
};

/// The backdrop is the picture in so few pixels that it is blurred, in pixels.
const BACKDROP: (u32, u32) = (32, 20);

/// The fit of both outlines, where the truth is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Figures {
    alone: Option<f32>,
    glance: Option<f32>,
    origin: Option<GazeOrigin>,
}

impl Figures {
    pub(super) fn of(model: &Model) -> Self {
        let dice = |layer| model.outline(layer).and_then(|outline| outline.dice);
        let gazed = !model.inputs.fixations().is_empty();
        Self {
            alone: dice(Layer::Student),
            glance: dice(Layer::Teacher).filter(|_| gazed),
            origin: model.inputs.origin(),
        }
    }
}

/// The elements.
pub(super) struct View {
    pub(super) begin: HtmlButtonElement,
    pub(super) skip: HtmlButtonElement,
    pub(super) leave: HtmlButtonElement,
    pub(super) languages: HtmlElement,
    all: HtmlElement,
    figures: HtmlElement,
    alone: HtmlElement,
    glance: HtmlElement,
    whose: HtmlElement,
    tour: HtmlElement,
    acts: HtmlElement,
    line: HtmlElement,
    worth: HtmlElement,
    code: HtmlElement,
    backdrop: HtmlCanvasElement,
    /// Number of the picture that the backdrop shows.
    behind: Option<u64>,
    /// The address that the code shows.
    coded: Option<String>,
}

impl View {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            begin: get(d, "stand-begin")?,
            skip: get(d, "stand-skip")?,
            leave: get(d, "stand-leave")?,
            languages: get(d, "stand-languages")?,
            all: get(d, "stand")?,
            figures: get(d, "stand-figures")?,
            alone: get(d, "stand-dice-alone")?,
            glance: get(d, "stand-dice-glance")?,
            whose: get(d, "stand-glance")?,
            tour: get(d, "stand-tour")?,
            acts: get(d, "stand-acts")?,
            line: get(d, "stand-line")?,
            worth: get(d, "stand-worth")?,
            code: get(d, "stand-code")?,
            backdrop: get(d, "stand-backdrop")?,
            behind: None,
            coded: None,
        })
    }

    /// Nothing of the stand is seen: the page loads, or cannot go on and says why.
    pub(super) fn hide(&self) {
        self.all.set_hidden(true);
        plays(None);
    }

    /// The loop.
    pub(super) fn attract(&self, scene: Scene, figures: Figures) {
        self.all.set_hidden(false);
        self.begin.set_hidden(false);
        self.tour.set_hidden(true);
        plays(Some("loop"));
        let alone = figures.alone.filter(|_| !matches!(scene, Scene::Opening(_)));
        let glance = figures.glance.filter(|_| matches!(scene, Scene::Both(_)));
        self.figures.set_hidden(alone.is_none());
        mark(&self.figures, "data-alone", glance.is_none());
        set_text(&self.alone, &two_digits(alone));
        set_text(&self.glance, &two_digits(glance));
        let whose = match figures.origin {
            Some(GazeOrigin::Simulated) => say!("stand-glance-simulated"),
            Some(GazeOrigin::Recorded) => say!("stand-glance-recorded"),
            Some(GazeOrigin::Pointer) | None => say!("stand-glance"),
        };
        set_text(&self.whose, &whose);
    }

    /// The tour.
    pub(super) fn tour(&self, model: &Model, tour: &Tour, learner: Learner) {
        self.all.set_hidden(false);
        self.begin.set_hidden(true);
        self.figures.set_hidden(true);
        self.tour.set_hidden(false);
        let step = tour.step();
        let learns = matches!(step, Step::Learning | Step::Learnt) && learner.begun;
        plays(Some(if learns { "learn" } else { "tour" }));
        let (act, acts) = tour.act();
        if self.acts.child_element_count() as usize != acts {
            self.acts.set_text_content(None);
            (0..acts).for_each(|_| append(&self.acts, &create_with("li", "", &[])));
        }
        for (place, item) in children(&self.acts).iter().enumerate() {
            mark(item, "data-now", place == act);
            mark(item, "data-done", place < act);
        }
        set_text(&self.line, &line(model, step, learner));
        set_text(&self.worth, &what_came_of_it(model, step));
        self.skip.set_hidden(act + 1 == acts);
    }

    /// The picture once more, blurred, behind itself: it fills the screen whatever its shape.
    pub(super) fn backdrop(&mut self, image: Option<u64>, photo: Option<&HtmlCanvasElement>) {
        let Some((image, photo)) = image.zip(photo).filter(|(image, _)| self.behind != Some(*image)) else { return };
        self.behind = Some(image);
        let (width, height) = BACKDROP;
        self.backdrop.set_width(width);
        self.backdrop.set_height(height);
        let Ok(context) = context(&self.backdrop) else { return };
        // Canvas calls fail only for sizes that are not finite.
        drop(context.draw_image_with_html_canvas_element_and_dw_and_dh(
            photo,
            0.0,
            0.0,
            f64::from(width),
            f64::from(height),
        ));
    }

    /// A button a language.
    pub(super) fn languages(&self, now: &Language) {
        if self.languages.child_element_count() == 0 {
            for language in &LANGUAGES {
                let attributes = [("type", "button"), ("data-language", language.code), ("lang", language.tag)];
                append(&self.languages, &create_with("button", language.name, &attributes));
            }
        }
        for button in children(&self.languages) {
            let chosen = button.get_attribute("data-language").as_deref() == Some(now.code);
            set(&button, "aria-pressed", if chosen { "true" } else { "false" });
        }
    }

    /// The code that leads a phone to this page, where a phone can reach it.
    pub(super) fn code(&mut self, model: &Model) {
        let address = address(model);
        if self.coded == address {
            return;
        }
        let code = address.as_deref().and_then(qr::svg);
        self.code.set_hidden(code.is_none());
        self.code.set_inner_html(&code.unwrap_or_default());
        self.coded = address;
    }
}

/// What plays, for the style sheet.
fn plays(what: Option<&str>) {
    let Some(root) = document().document_element() else { return };
    match what {
        Some(what) => set(&root, "data-stand", what),
        None => mark(&root, "data-stand", false),
    }
}

fn two_digits(dice: Option<f32>) -> String {
    dice.map_or_else(|| "–".to_owned(), |dice| format!("{dice:.2}"))
}

/// The one line of a step.
fn line(model: &Model, step: Step, learner: Learner) -> String {
    let noun = text::noun(model.modality());
    match step {
        Step::Look => say!("stand-look", noun = noun),
        Step::Looked => say!("stand-looked"),
        Step::One => say!("stand-one"),
        Step::OneSeen => say!("stand-one-seen"),
        Step::Other => say!("stand-other"),
        Step::OtherSeen => say!("stand-other-seen"),
        Step::Glances(left) => say!("stand-glances", left = left),
        Step::Learning => match learner.fit {
            Some(fit) => say!("stand-learning-fit", fit = format!("{fit:.2}")),
            None => say!("stand-learning"),
        },
        Step::Learnt => match learner.fit {
            Some(fit) => say!("stand-learnt-fit", fit = format!("{fit:.2}")),
            None => say!("stand-learnt"),
        },
    }
}

/// Both figures after a look.
fn what_came_of_it(model: &Model, step: Step) -> String {
    let outlines = model.outline(Layer::Student).zip(model.outline(Layer::Teacher));
    match (step, outlines) {
        (Step::Looked, Some((alone, with))) if !model.inputs.fixations().is_empty() => worth(alone, with).to_string(),
        _ => String::new(),
    }
}

fn address(model: &Model) -> Option<String> {
    let location = window().location();
    let page = format!("{}{}", location.origin().ok()?, location.pathname().ok()?);
    let domain = Some(model.bundles.folder()).filter(|_| model.bundles.current != 0);
    for_phone(&page, &location.hostname().ok()?, &location.search().ok()?, domain)
}
