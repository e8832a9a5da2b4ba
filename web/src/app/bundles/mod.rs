//! Which domain is shown, and the gallery of its cases.

pub mod download;
mod gallery;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Event, HtmlElement, HtmlInputElement};

use super::{
    elements::{
        append, create, create_with,
        events::{attribute, on},
        get, set, set_text,
    },
    model::{Command, Handle, Model, bundles::Arrived},
};
use crate::text::{self, Message, language, message, say};
use fovea_shared::bundle::Manifest;
use gallery::Gallery;

/// The feature: the choice of a domain and of a case.
pub struct BundleChoice {
    choice: HtmlElement,
    domains: HtmlElement,
    gallery: Gallery,
}

impl BundleChoice {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self { choice: get(d, "domain-choice")?, domains: get(d, "domains")?, gallery: Gallery::find(d)? })
    }

    /// Listens to the visitor.
    pub fn listen(&self, handle: &Handle<Self>) {
        let of = handle.clone();
        on(&self.domains, "change", move |event: Event| {
            of.update(|_, model| {
                let place = attribute(&event, "value").and_then(|folder| model.bundles.index.find(&folder));
                if let Some(place) = place {
                    model.send(Command::ChooseBundle(place));
                }
            });
        });
        self.gallery.listen(handle);
    }

    /// Brings the elements in line with the model.
    pub fn refresh(&mut self, model: &Model) {
        self.refresh_domains(model);
        self.gallery.refresh(model);
    }

    /// The domains to choose from, the one that is in use or on its way chosen. Nothing where there
    /// is one only.
    fn refresh_domains(&self, model: &Model) {
        let bundles = &model.bundles.index.bundles;
        if self.domains.children().length() as usize != bundles.len() {
            self.domains.set_text_content(None);
            for entry in bundles {
                let label = create("label", "");
                let attributes = [("type", "radio"), ("name", "domain"), ("value", entry.folder.as_str())];
                append(&label, &create_with("input", "", &attributes));
                append(&label, &create("span", ""));
                append(&self.domains, &label);
            }
        }
        self.choice.set_hidden(bundles.len() < 2);
        set(&self.domains, "aria-busy", if model.bundles.wanted.is_some() { "true" } else { "false" });
        let labels = self.domains.children();
        for (place, entry) in (0..).zip(bundles) {
            if let Some(name) = labels.item(place).and_then(|label| label.last_element_child()) {
                set_text(&name, &text::domain(entry));
            }
        }
        let chosen = model.bundles.wanted.unwrap_or(model.bundles.current);
        let radio = labels.item(chosen as u32).and_then(|label| label.first_element_child());
        if let Some(radio) = radio.and_then(|radio| radio.dyn_into::<HtmlInputElement>().ok()) {
            radio.set_checked(true);
        }
    }
}

/// Changes to the bundle at a place of the index: downloads it, then asks for its model.
pub fn choose(handle: &Handle<BundleChoice>, place: usize) {
    let Some((request, entry)) = handle.update(|_, model| {
        model.manifest.as_ref()?;
        let (request, entry) = model.bundles.request(place)?;
        model.say(say!("domain-downloading", name = text::domain(&entry)));
        Some((request, entry))
    }) else {
        return;
    };
    let handle = handle.clone();
    spawn_local(async move {
        let arrived = download::domain(place, &entry, |sha| handle.read(|_, model| model.bundles.has(sha))).await;
        handle.update(|_, model| self::arrived(model, request, arrived));
    });
}

fn arrived(model: &mut Model, request: u64, arrived: Result<Arrived, Message>) {
    if !model.bundles.is_newest(request) {
        return;
    }
    match arrived {
        Ok(arrived) => {
            model.say(say!("domain-checking", name = name(model, arrived.place, &arrived.manifest)));
            model.bundles.arrived(arrived);
            model.schedule.want_model();
        }
        Err(why) => {
            model.bundles.wanted = None;
            not_changed(model, why);
        }
    }
}

/// The domain stays what it was, and why.
pub fn not_changed(model: &mut Model, why: Message) {
    let name = model.manifest.as_ref().map(|manifest| name(model, model.bundles.current, manifest));
    model.say(match name {
        Some(name) => say!("domain-stays", name = name),
        None => say!("domain-stays-unnamed"),
    });
    model.show_image_message(why);
}

/// The name of a bundle, in English as its manifest has it.
fn name(model: &Model, place: usize, manifest: &Manifest) -> String {
    let entry = model.bundles.entry(place).filter(|_| !language().is_english());
    entry.map_or_else(|| manifest.name.clone(), text::domain)
}

/// Says that the address asks for a domain that is not here.
pub fn say_unknown(model: &mut Model, folder: &str) {
    let names: Vec<&str> = model.bundles.index.bundles.iter().map(|entry| entry.folder.as_str()).collect();
    let message = message!("domain-unknown", name = folder, known = names.join(", "));
    model.show_message(message);
}
