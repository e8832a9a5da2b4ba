//! The cases of the bundle as thumbnails, and what is said of the one that is open.

use fovea_shared::bundle::{Attribution, Manifest};
use web_sys::{Document, Event, HtmlElement};

use super::{BundleChoice, download::address};
use crate::{
    app::{
        elements::{
            append, children, create, create_with,
            events::{attribute, on},
            get, in_english, set, set_text,
        },
        model::{Command, Handle, Model, Origin, image::case_title},
    },
    text::{Message, language, say},
};

/// The elements.
pub(super) struct Gallery {
    list: HtmlElement,
    title: HtmlElement,
    source: HtmlElement,
    attribution: HtmlElement,
    /// The bundle that the thumbnails are of: its folder and its date.
    filled_with: Option<(String, String)>,
    /// What was last said: image, its labels, language.
    written: Option<(u64, Vec<Message>, &'static str)>,
}

impl Gallery {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            list: get(d, "gallery")?,
            title: get(d, "case-title")?,
            source: get(d, "source")?,
            attribution: get(d, "attribution")?,
            filled_with: None,
            written: None,
        })
    }

    pub(super) fn listen(&self, handle: &Handle<BundleChoice>) {
        let of = handle.clone();
        on(&self.list, "click", move |event: Event| {
            if let Some(case) = attribute(&event, "data-case") {
                of.update(|_, model| model.send(Command::OpenCase(case)));
            }
        });
    }

    pub(super) fn refresh(&mut self, model: &Model) {
        let Some(manifest) = &model.manifest else { return };
        let shown = Some((model.bundles.folder().to_owned(), manifest.created.clone()));
        if self.filled_with != shown || manifest.gallery.is_empty() {
            self.fill(manifest, model.bundles.folder());
            (self.filled_with, self.written) = (shown, None);
        }
        self.write_titles(manifest);
        let Some(current) = &model.current else { return };
        let labels = model.labels();
        let written = Some((current.request.image, labels.clone(), language().code));
        if self.written != written {
            self.show(&current.origin, &labels, model.found.size);
            self.written = written;
        }
    }

    /// Fills the gallery with the cases of the bundle in this folder.
    fn fill(&self, manifest: &Manifest, folder: &str) {
        self.list.set_text_content(None);
        for case in &manifest.gallery {
            let attributes = [("type", "button"), ("data-case", &*case.id), ("aria-pressed", "false")];
            let button = create_with("button", "", &attributes);
            let image =
                create_with("img", "", &[("alt", ""), ("width", "132"), ("height", "99"), ("decoding", "async")]);
            if let Ok(entry) = manifest.entry(&case.image) {
                set(&image, "src", &address(folder, &case.image, &entry.sha256));
            }
            append(&button, &image);
            append(&button, &create("span", ""));
            append(&self.list, &button);
        }
        if manifest.gallery.is_empty() {
            append(&self.list, &create("p", &say!("gallery-empty")));
        }
    }

    /// Writes the titles of the cases, in the language that is spoken.
    fn write_titles(&self, manifest: &Manifest) {
        for (case, button) in manifest.gallery.iter().zip(children(&self.list)) {
            let title = case_title(case);
            in_english(&button, matches!(title, Message::Plain(_)));
            let title = title.to_string();
            set(&button, "title", &title);
            if let Some(name) = button.last_element_child() {
                set_text(&name, &title);
            }
        }
    }

    /// Shows what is open: title, labels, the pressed thumbnail, whose it is.
    fn show(&self, origin: &Origin, labels: &[Message], size: (u32, u32)) {
        set_text(&self.title, &origin.title.to_string());
        in_english(&self.title, origin.case.is_some() && matches!(origin.title, Message::Plain(_)));
        self.source.set_text_content(None);
        for label in labels.iter().map(Message::to_string).chain([format!("{} × {}", size.0, size.1)]) {
            append(&self.source, &create("li", &label));
        }
        for button in children(&self.list) {
            let pressed = origin.case.is_some() && button.get_attribute("data-case") == origin.case;
            set(&button, "aria-pressed", if pressed { "true" } else { "false" });
        }
        self.attribution.set_hidden(origin.attribution.is_none());
        self.attribution.set_text_content(None);
        if let Some(Attribution { authors, licence, link, changed, .. }) = &origin.attribution {
            let attributes = [("href", &**link), ("target", "_blank"), ("rel", "noopener noreferrer")];
            // The terms come first: on a narrow line the end is cut.
            append(&self.attribution, &create("span", &format!("{licence}, ")));
            append(&self.attribution, &create_with("a", authors, &attributes));
            append(&self.attribution, &create("span", &format!(". {changed}.")));
        }
    }
}
