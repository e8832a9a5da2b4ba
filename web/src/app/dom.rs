//! The page's elements, looked up once and with their types.

use wasm_bindgen::{JsCast, UnwrapThrowExt, prelude::wasm_bindgen};
use web_sys::{
    Document, Element, HtmlButtonElement, HtmlCanvasElement, HtmlDetailsElement, HtmlElement, HtmlInputElement, Window,
};

use super::{
    card::Card, compare::CompareDom, layers::Layer, lesson::LessonDom, live::LiveDom, playback::PlaybackDom,
    save::SaveDom, share::ShareDom, students::Strategy,
};

// Kept here and not taken from web-sys, where one more feature would build everything above it anew.
#[wasm_bindgen]
extern "C" {
    /// A menu of choices.
    #[wasm_bindgen(extends = HtmlElement, extends = Element, js_name = HTMLSelectElement)]
    #[derive(Clone, Debug)]
    pub type Select;
    /// Value of the chosen option.
    #[wasm_bindgen(method, getter)]
    pub fn value(this: &Select) -> String;
    /// Chooses the option with this value, or none.
    #[wasm_bindgen(method, setter)]
    pub fn set_value(this: &Select, value: &str);
    /// Whether nothing can be chosen.
    #[wasm_bindgen(method, setter)]
    pub fn set_disabled(this: &Select, disabled: bool);
}

/// The elements that the app reads and writes.
pub struct Dom {
    /// The document.
    pub document: Document,
    /// The canvas that is drawn on and clicked.
    pub canvas: HtmlCanvasElement,
    /// The box around the canvas.
    pub stage: HtmlElement,
    /// Invitation to click.
    pub hint: HtmlElement,
    /// Said on the stage where the visitor looks and nothing is outlined.
    pub no_lesion: HtmlElement,
    /// Download progress.
    pub loading: HtmlElement,
    /// What is being loaded.
    pub loading_text: HtmlElement,
    /// A message for the visitor, its text, its button.
    pub message: HtmlElement,
    /// Text of the message.
    pub message_text: HtmlElement,
    /// Closes the message.
    pub message_close: HtmlButtonElement,
    /// Steps back.
    pub undo: HtmlButtonElement,
    /// Steps forward.
    pub redo: HtmlButtonElement,
    /// Removes all points.
    pub clear: HtmlButtonElement,
    /// Takes the gaze that came with the image.
    pub use_gaze: HtmlButtonElement,
    /// What that gaze is.
    pub use_gaze_text: HtmlElement,
    /// The choice of a domain, with its label.
    pub domain_choice: HtmlElement,
    /// The domains to choose from.
    pub domains: HtmlElement,
    /// What the student that is shown has learnt from.
    pub family: Select,
    /// The switches of the strategies, in the order of [`Strategy::ALL`].
    pub strategies: [HtmlInputElement; 3],
    /// Which student is shown.
    pub student_name: HtmlElement,
    /// What is to be said about it.
    pub student_note: HtmlElement,
    /// The thumbnails.
    pub gallery: HtmlElement,
    /// The line that says what changed.
    pub status: HtmlElement,
    /// Whose the image is, where it comes from others.
    pub attribution: HtmlElement,
    /// What must be said of an image that the model does not know.
    pub own_note: HtmlElement,
    /// Title of the image.
    pub case_title: HtmlElement,
    /// Where image and gaze come from.
    pub source: HtmlElement,
    /// The points as a list.
    pub fixations: HtmlElement,
    /// Shown in place of an empty list.
    pub fixations_empty: HtmlElement,
    /// What the list folds into.
    pub details_gaze: HtmlDetailsElement,
    /// The model's figures.
    pub model_facts: HtmlElement,
    /// Licences and terms.
    pub notices: HtmlElement,
    /// The choice of a language.
    pub language: Select,
    /// What the chosen language is called.
    pub language_name: HtmlElement,
    /// The card of the description.
    pub card: Card,
    /// The lesson.
    pub lesson: LessonDom,
    /// The controls of the replay.
    pub playback: PlaybackDom,
    /// The comparison of students.
    pub compare: CompareDom,
    /// The students that learn.
    pub live: LiveDom,
    /// The dialog that makes links.
    pub share: ShareDom,
    /// What can be saved and opened.
    pub save: SaveDom,
}

/// The window.
///
/// # Panics
/// In a worker; the app runs in the window only.
pub fn window() -> Window {
    web_sys::window().expect_throw("the app runs in a window")
}

impl Dom {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find() -> Result<Self, String> {
        let document = window().document().ok_or("the window has no document")?;
        let d = &document;
        Ok(Self {
            canvas: get(d, "stage-canvas")?,
            stage: get(d, "stage")?,
            hint: get(d, "hint")?,
            no_lesion: get(d, "no-lesion")?,
            loading: get(d, "loading")?,
            loading_text: get(d, "loading-text")?,
            message: get(d, "message")?,
            message_text: get(d, "message-text")?,
            message_close: get(d, "message-close")?,
            undo: get(d, "undo")?,
            redo: get(d, "redo")?,
            clear: get(d, "clear")?,
            use_gaze: get(d, "use-gaze")?,
            use_gaze_text: get(d, "use-gaze-text")?,
            domain_choice: get(d, "domain-choice")?,
            domains: get(d, "domains")?,
            family: get(d, "family")?,
            strategies: {
                let [afc, cwc, darm] = Strategy::ALL.map(|strategy| get(d, &format!("strategy-{}", strategy.name())));
                [afc?, cwc?, darm?]
            },
            student_name: get(d, "student-name")?,
            student_note: get(d, "student-note")?,
            gallery: get(d, "gallery")?,
            status: get(d, "status")?,
            attribution: get(d, "attribution")?,
            own_note: get(d, "own-note")?,
            case_title: get(d, "case-title")?,
            source: get(d, "source")?,
            fixations: get(d, "fixations")?,
            fixations_empty: get(d, "fixations-empty")?,
            details_gaze: get(d, "details-gaze")?,
            model_facts: get(d, "model-facts")?,
            notices: get(d, "notices")?,
            language: get(d, "language")?,
            language_name: get(d, "language-name")?,
            card: Card::find(d)?,
            lesson: LessonDom::find(d)?,
            playback: PlaybackDom::find(d)?,
            compare: CompareDom::find(d)?,
            live: LiveDom::find(d)?,
            share: ShareDom::find(d)?,
            save: SaveDom::find(d)?,
            document,
        })
    }

    /// The checkbox and the slider of a layer.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn layer(&self, layer: Layer) -> Result<(HtmlInputElement, HtmlInputElement), String> {
        let input = |prefix| get(&self.document, &format!("{prefix}-{}", layer.name()));
        Ok((input("layer")?, input("opacity")?))
    }

    /// Writes a text into the element with this id, if it is another one than before: a live region speaks at every write.
    pub fn say(&self, id: &str, text: &str) {
        if let Some(element) = self.document.get_element_by_id(id) {
            set_text(&element, text);
        }
    }

    /// A new element with a text.
    ///
    /// # Panics
    /// Never for the tag names in this crate, which are valid.
    pub fn create(&self, tag: &str, text: &str) -> Element {
        let element = self.document.create_element(tag).expect_throw("a valid tag name");
        element.set_text_content(Some(text));
        element
    }

    /// A new element of SVG with attributes; nothing where the browser makes none.
    pub fn create_svg(&self, tag: &str, attributes: &[(&str, &str)]) -> Option<Element> {
        let element = self.document.create_element_ns(Some("http://www.w3.org/2000/svg"), tag).ok()?;
        attributes.iter().for_each(|(name, value)| set(&element, name, value));
        Some(element)
    }

    /// Adds a row to a list of facts.
    ///
    /// Gives the element of the value.
    pub fn add_fact(&self, list: &Element, name: &str, value: &str) -> Element {
        let row = self.create("div", "");
        append(&row, &self.create("dt", name));
        let fact = self.create("dd", value);
        append(&row, &fact);
        append(list, &row);
        fact
    }
}

/// The elements right inside of one.
pub fn children(element: &Element) -> Vec<Element> {
    let children = element.children();
    (0..children.length()).filter_map(|i| children.item(i)).collect()
}

/// Writes a text if it is another one than before.
pub fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Sets an attribute. The names used here are valid, so this cannot fail.
pub fn set(element: &Element, name: &str, value: &str) {
    element.set_attribute(name, value).expect_throw("a valid attribute name");
}

/// Appends a child.
pub fn append(parent: &Element, child: &Element) {
    parent.append_child(child).expect_throw("a new element can be appended");
}

/// An attribute that is either there or not.
pub fn mark(element: &Element, name: &str, there: bool) {
    if there != element.has_attribute(name) {
        let changed = if there { element.set_attribute(name, "") } else { element.remove_attribute(name) };
        changed.expect_throw("a valid attribute name");
    }
}

/// The element with this id.
///
/// # Errors
/// Names the element that `index.html` lacks.
pub(super) fn get<T: JsCast>(document: &Document, id: &str) -> Result<T, String> {
    let element = document.get_element_by_id(id).ok_or_else(|| format!("index.html has no element #{id}"))?;
    element
        .dyn_into::<T>()
        .map_err(|_| format!("#{id} in index.html is another kind of element than the program expects"))
}
