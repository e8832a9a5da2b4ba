//! Which language the page speaks: chosen when it opens, then by the visitor or the address, and written without loading anything again.

use web_sys::{Document, Element, Event, HtmlElement, HtmlSelectElement, Storage};

use super::{
    elements::{append, create_with, document, events::on, find_all, get, mark, set, set_text, window},
    model::{Command, Handle, Model},
    share::address_bar::{asked, write_address},
};
use crate::text::{ATTRIBUTES, LANGUAGES, Language, Message, Piece, language, pieces, say, speak};

/// Under which name the browser keeps the visitor's choice.
const KEY: &str = "fovea-language";

/// What the address says it under: `#lang=zh`.
const PAIR: &str = "lang";

/// What the browser keeps for the page. One that keeps nothing throws when it is named.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Speaks the language that the address, the former choice or the browser asks for.
pub fn choose() {
    let (wanted, stored) = (asked(PAIR), storage().and_then(|storage| storage.get_item(KEY).ok().flatten()));
    let preferred: Vec<String> = window().navigator().languages().iter().filter_map(|l| l.as_string()).collect();
    speak(Language::choose(wanted.as_deref(), stored.as_deref(), &preferred));
}

/// The feature: the menu of languages.
pub struct LanguageMenu {
    menu: HtmlSelectElement,
    name: HtmlElement,
}

impl LanguageMenu {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self { menu: get(d, "language")?, name: get(d, "language-name")? })
    }

    /// Offers the languages, writes the page in the one that is spoken, and listens to the visitor.
    pub fn listen(&self, handle: &Handle<Self>) {
        self.menu.set_text_content(None);
        for language in &LANGUAGES {
            let attributes = [("value", language.code), ("lang", language.tag)];
            append(&self.menu, &create_with("option", language.name, &attributes));
        }
        self.menu.set_disabled(false);
        self.write();
        let (of, menu) = (handle.clone(), self.menu.clone());
        on(&self.menu, "change", move |_: Event| {
            let Some(language) = Language::find(&menu.value()) else { return };
            // Where the browser keeps nothing, the choice lasts as long as the page.
            drop(storage().map(|storage| storage.set_item(KEY, language.code)));
            // The address goes before what is kept, so it must not contradict it.
            if asked(PAIR).is_some() {
                write_address(PAIR, language.code);
            }
            of.update(|_, model| model.send(Command::Speak(language)));
        });
    }

    /// Speaks the language that the address names after `#lang=`, if it is another one.
    pub fn follow_address(&self, model: &mut Model) {
        let wanted = asked(PAIR).and_then(|tag| Language::find(&tag));
        if let Some(wanted) = wanted.filter(|wanted| wanted.code != self.menu.value()) {
            model.send(Command::Speak(wanted));
        }
    }

    /// Speaks another language and says so in it. Inputs, findings and history stay.
    pub fn change(&self, model: &mut Model, language: &'static Language) {
        speak(language);
        self.write();
        model.say(say!("language-changed"));
    }

    /// Writes what stands in `index.html` in the language that is spoken. What has taken its place
    /// is written when each feature is refreshed.
    fn write(&self) {
        let (now, document) = (language(), document());
        self.menu.set_value(now.code);
        set_text(&self.name, now.name);
        if let Some(root) = document.document_element() {
            set(&root, "lang", now.tag);
        }
        // `boot.mjs` has marked what it said before the page had a language.
        for element in find_all(&document, "#loading [lang], #status") {
            mark(&element, "lang", false);
        }
        write_inline(&document);
    }
}

/// Writes the texts and attributes whose English stands in `index.html`.
fn write_inline(document: &Document) {
    for element in find_all(document, "[data-t]") {
        if let Some(id) = element.get_attribute("data-t") {
            write(document, &element, &Message::named(id).to_string());
        }
    }
    for attribute in ATTRIBUTES {
        let marker = format!("data-t-{attribute}");
        for element in find_all(document, &format!("[{marker}]")) {
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
