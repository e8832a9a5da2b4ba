//! Which language the page speaks: chosen when it opens, then by the visitor or the address, and written without loading anything anew.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{Document, Element, Event};

use super::{
    Page,
    dom::{append, mark, set, set_text, window},
    files,
    input::on,
    panels,
    state::{App, Phase},
};
use crate::text::{ATTRIBUTES, LANGUAGES, Language, Message, Piece, language, pieces, say, speak};

/// Under which name the browser keeps the visitor's choice.
const KEY: &str = "fovea-language";

/// What the address says it under: `#lang=zh`.
const PAIR: &str = "lang";

// Kept here and not taken from web-sys, where one more feature would build everything above it anew.
#[wasm_bindgen]
extern "C" {
    // A browser that keeps nothing throws when `localStorage` is named; that is caught too.
    #[wasm_bindgen(js_namespace = localStorage, js_name = getItem, catch)]
    fn kept(key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(js_namespace = localStorage, js_name = setItem, catch)]
    fn keep(key: &str, value: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = Document)]
    type Searched;
    #[wasm_bindgen(method, js_name = querySelectorAll)]
    fn all(this: &Searched, selector: &str) -> Object;
}

/// Speaks the language that the address, the former choice or the browser asks for.
pub(super) fn choose() {
    let (asked, stored) = (files::asked(PAIR), kept(KEY).ok().flatten());
    let preferred: Vec<String> = window().navigator().languages().iter().filter_map(|l| l.as_string()).collect();
    speak(Language::choose(asked.as_deref(), stored.as_deref(), &preferred));
}

/// Offers the languages, writes the page in the one that is spoken, and listens to the visitor.
pub(super) fn listen(page: &Page) {
    page.update(|app| {
        app.dom.language.set_text_content(None);
        for language in &LANGUAGES {
            let option = app.dom.create("option", language.name);
            set(&option, "value", language.code);
            set(&option, "lang", language.tag);
            append(&app.dom.language, &option);
        }
        app.dom.language.set_disabled(false);
        app.write_language();
    });
    let (of, menu) = (page.clone(), page.read(|app| app.dom.language.clone()));
    on(&menu.clone(), "change", move |_: Event| {
        let Some(language) = Language::find(&menu.value()) else { return };
        // Where nothing can be kept, the choice lasts as long as the page.
        drop(keep(KEY, language.code));
        // The address goes before what is kept, so it must not contradict it.
        if files::asked(PAIR).is_some() {
            files::write_address(PAIR, language.code);
        }
        of.update(|app| app.change_language(language));
    });
}

impl Page {
    /// Speaks the language that the address names after `#lang=`, if it is another one.
    pub(super) fn follow_language(&self) {
        let asked = files::asked(PAIR).and_then(|tag| Language::find(&tag));
        let shown = self.read(|app| app.dom.language.value());
        if let Some(asked) = asked.filter(|asked| asked.code != shown) {
            self.update(|app| app.change_language(asked));
        }
    }
}

impl App {
    /// Speaks another language and says so in it. Inputs, findings and history stay.
    pub(super) fn change_language(&mut self, language: &'static Language) {
        speak(language);
        self.write_language();
        self.say(&say!("language-changed"));
    }

    /// Writes everything on the page in the language that is spoken: first what stands in `index.html`, then what has taken its place.
    fn write_language(&mut self) {
        let now = language();
        self.dom.language.set_value(now.code);
        set_text(&self.dom.language_name, now.name);
        let document = &self.dom.document;
        if let Some(root) = document.document_element() {
            set(&root, "lang", now.tag);
        }
        // `boot.mjs` has marked what it said before the page had a language.
        for element in elements(document, "#loading [lang], #status") {
            mark(&element, "lang", false);
        }
        write_inline(document);
        if let Some(manifest) = &self.manifest {
            panels::domains(&self.dom, &self.domains);
            if manifest.gallery.is_empty() {
                panels::gallery(&self.dom, manifest, self.domains.folder());
            }
            self.show_student();
            self.show_loading();
        }
        if self.manifest.is_some() || self.phase == Phase::Broken {
            panels::devices(&self.dom, &self.devices);
        }
        if let Some(current) = &self.current {
            panels::origin(&self.dom, &current.origin, self.found.size);
        }
        if !self.message.is_empty() {
            self.write_message();
        }
        self.show_own_note();
        self.show_timing();
        // What is brought in line after every change.
        self.forget_card();
        (self.compare.dirty, self.live.dirty, self.lesson.dirty) = (true, true, true);
        self.listed = None;
    }

    /// What the page is waiting for once the model is here.
    pub(super) fn show_loading(&self) {
        set_text(&self.dom.loading_text, &say!("loading-check"));
    }
}

pub(super) fn elements(document: &Document, selector: &str) -> Vec<Element> {
    let found = document.unchecked_ref::<Searched>().all(selector);
    Array::from(&found).iter().filter_map(|element| element.dyn_into().ok()).collect()
}

/// Writes the texts and attributes whose English stands in `index.html`.
fn write_inline(document: &Document) {
    for element in elements(document, "[data-t]") {
        if let Some(id) = element.get_attribute("data-t") {
            write(document, &element, &Message::named(id).to_string());
        }
    }
    for attribute in ATTRIBUTES {
        let marker = format!("data-t-{attribute}");
        for element in elements(document, &format!("[{marker}]")) {
            if let Some(id) = element.get_attribute(&marker) {
                set(&element, attribute, &Message::named(id).to_string());
            }
        }
    }
}

/// Writes a message that may hold elements. Those that are there are used again, so that they keep their attributes: a language decides
/// on words and their order, not on where a link leads.
fn write(document: &Document, element: &Element, message: &str) {
    let pieces = pieces(message);
    if !pieces.iter().any(|piece| matches!(piece, Piece::Element(..))) {
        return set_text(element, message);
    }
    let children = element.children();
    let mut old: Vec<Element> = (0..children.length()).filter_map(|i| children.item(i)).collect();
    element.set_text_content(None);
    for piece in pieces {
        match piece {
            // Text can be appended to any element.
            Piece::Text(text) => drop(element.append_with_str_1(text)),
            Piece::Element(name, inner) => {
                let found = old.iter().position(|e| e.local_name() == name);
                let child = found.map(|i| old.remove(i)).or_else(|| document.create_element(name).ok());
                if let Some(child) = child {
                    child.set_text_content(Some(inner));
                    append(element, &child);
                }
            }
        }
    }
}
