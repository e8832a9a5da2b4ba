//! Glances leave as a link or a file, and those of another person come in and teach a student
//! beside the visitor's.

use js_sys::{Array, Uint8Array};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Document, Event, HtmlButtonElement, HtmlElement, HtmlInputElement};

use super::{
    super::{
        exchange::{Placed, basis, outcome, own, place},
        state::Phase,
    },
    TeachTab,
};
use crate::{
    app::{
        elements::{
            clipboard,
            events::{click, on},
            get, js, mark, set_text,
        },
        incoming::words::names,
        model::{GazeSource, Handle, Model},
        save::download,
        share::address_bar,
    },
    glances::{
        GlanceSet, code,
        file::{Basis, EXTENSION, GlanceFile, Outcome},
    },
    text::{Message, message, noun},
};

/// The elements, and what is here of another person.
pub(super) struct Links {
    details: HtmlElement,
    copy: HtmlButtonElement,
    save: HtmlButtonElement,
    choose: HtmlButtonElement,
    files: HtmlInputElement,
    field: HtmlElement,
    link: HtmlInputElement,
    said: HtmlElement,
    theirs: HtmlElement,
    teach: HtmlButtonElement,
    forget: HtmlButtonElement,
    /// What was done last.
    done: Message,
    /// What the link in the field holds.
    linked: Option<GlanceSet>,
    /// The other person's glances, and where they lie in the lesson.
    others: Option<(GlanceSet, Placed)>,
}

impl Links {
    /// Looks up every element.
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            details: get(d, "teach-links")?,
            copy: get(d, "links-copy")?,
            save: get(d, "links-save")?,
            choose: get(d, "links-choose")?,
            files: get(d, "links-files")?,
            field: get(d, "links-field")?,
            link: get(d, "links-link")?,
            said: get(d, "links-said")?,
            theirs: get(d, "links-theirs")?,
            teach: get(d, "links-teach")?,
            forget: get(d, "links-forget")?,
            done: Message::default(),
            linked: None,
            others: None,
        })
    }

    pub(super) fn listen(&self, handle: &Handle<TeachTab>) {
        click(handle, &self.copy, TeachTab::copy_link);
        click(handle, &self.save, TeachTab::save_glances);
        let files = self.files.clone();
        // What the window for files does is an event too.
        on(&self.choose, "click", move |_: Event| files.click());
        click(handle, &self.teach, |tab, _| {
            tab.refused = Message::default();
            tab.lesson.teach_theirs();
        });
        click(handle, &self.forget, |tab, _| tab.forget_theirs());
    }
}

impl TeachTab {
    /// Takes the glances of another person, from a link or a file, and says what is wrong with them.
    pub fn take_theirs(&mut self, model: &mut Model, set: GlanceSet) {
        self.links.others = Some((set, Placed::default()));
        self.place_theirs(model);
        self.unfold_links();
        if let Some((said, false)) = self.about_theirs(model) {
            model.show_message(said);
        }
    }

    /// Shows the part of the tab that speaks of links and classes.
    pub fn unfold_links(&self) {
        mark(&self.links.details, "open", true);
    }

    /// What an address says of another person's glances; nothing: there are none.
    pub fn follow(&mut self, model: &mut Model, glances: Option<GlanceSet>) {
        // What does not fit into an address stays.
        if glances != self.shared_glances() {
            match glances {
                Some(glances) => self.take_theirs(model, glances),
                None => self.forget_theirs(),
            }
        }
    }

    /// The other person's glances as the address holds them.
    pub fn shared_glances(&self) -> Option<GlanceSet> {
        let (set, placed) = self.links.others.as_ref()?;
        let here = !placed.glances.is_empty() && code::write(set).len() <= code::LONGEST;
        here.then(|| set.clone())
    }

    /// What the fits are measured with.
    pub fn basis(&self, model: &Model) -> Option<Basis> {
        basis(&self.lesson, &self.pictures, model.manifest.as_ref()?)
    }

    /// How the visitor's student does, once it has learnt; `made`: when that is written.
    pub fn outcome(&self, model: &Model, made: String) -> Option<Outcome> {
        outcome(&self.lesson, self.basis(model)?, made)
    }

    pub(super) fn forget_theirs(&mut self) {
        self.links.others = None;
        self.lesson.set_theirs(Vec::new());
    }

    /// Brings the other person's glances onto the pictures of the lesson.
    pub(super) fn place_theirs(&mut self, model: &Model) {
        let domain = model.manifest.as_ref().map(|manifest| manifest.domain);
        let mut glances = Vec::new();
        if let Some((set, placed)) = &mut self.links.others {
            *placed = if domain == Some(set.domain()) { place(set, &self.pictures) } else { Placed::default() };
            glances.clone_from(&placed.glances);
        }
        self.lesson.set_theirs(glances);
    }

    fn own_set(&self, model: &Model) -> Option<GlanceSet> {
        own(self.lesson.glances(), &self.pictures, model.manifest.as_ref()?.domain)
    }

    fn copy_link(&mut self, model: &mut Model) {
        let (Some(set), Some(handle)) = (self.own_set(model), self.handle.clone()) else { return };
        let written = code::write(&set);
        if written.len() > code::LONGEST {
            self.save_glances(model);
            self.links.done = message!("links-long", most = code::LONGEST);
            return;
        }
        let folder = Some(model.bundles.folder()).filter(|_| model.bundles.index.bundles.len() > 1);
        let link = address_bar::link(folder, &[("glances", written)]);
        self.links.link.set_value(&link);
        self.links.linked = Some(set);
        let field = self.links.link.clone();
        spawn_local(async move {
            let copied = clipboard::copy(&link).await;
            handle.update(|tab, _| {
                tab.links.done = if copied { message!("share-copied") } else { message!("share-copy-yourself") };
            });
            // Where the browser does not let the page write, the visitor can.
            field.select();
        });
    }

    fn save_glances(&mut self, model: &mut Model) {
        let Some(set) = self.own_set(model) else { return };
        let name = format!("{}-{}{EXTENSION}", model.bundles.folder(), set.origin().name());
        let now = js_sys::Date::new_0().to_iso_string().into();
        let text = GlanceFile { set, result: self.outcome(model, now) }.write();
        let parts = Array::of1(&Uint8Array::from(text.as_bytes()));
        let blob = Blob::new_with_u8_array_sequence(&parts)
            .and_then(|blob| blob.slice_with_f64_and_f64_and_content_type(0.0, blob.size(), "application/json"));
        self.links.done = match blob.map_err(js::text).and_then(|blob| download(&blob, &name)) {
            Ok(()) => message!("saved", file = name),
            Err(cause) => message!("not-saved", cause = cause),
        };
    }

    /// What is said of the other person's glances, and whether they can teach as they are.
    fn about_theirs(&self, model: &Model) -> Option<(Message, bool)> {
        let (set, placed) = self.links.others.as_ref()?;
        let here = model.manifest.as_ref()?.domain;
        if set.domain() != here {
            return Some((message!("links-domain", theirs = noun(set.domain()), here = noun(here)), false));
        }
        let missing: Vec<&str> = placed.missing.iter().map(String::as_str).collect();
        let theirs = message!(
            "links-theirs",
            pictures = placed.glances.len(),
            seconds = format!("{:.0}", set.seconds()),
            gaze = GazeSource::From(set.origin()).label()
        );
        Some(match (placed.glances.is_empty(), missing.is_empty()) {
            (true, _) => (message!("links-unknown", names = names(&missing)), false),
            (false, true) => (theirs, true),
            (false, false) => {
                let left = message!("links-left", names = names(&missing));
                (message!("two-sentences", first = theirs, second = left), false)
            }
        })
    }

    pub(super) fn refresh_links(&self, model: &Model) {
        let (at, lesson) = (&self.links, &self.lesson);
        let set = self.own_set(model);
        at.copy.set_disabled(set.is_none());
        at.save.set_disabled(set.is_none());
        // A link to glances that are not those of now.
        at.field.set_hidden(set.is_none() || set != at.linked);
        set_text(&at.said, &at.done.to_string());
        let about = self.about_theirs(model);
        set_text(&at.theirs, &about.map(|(said, _)| said.to_string()).unwrap_or_default());
        let can = !lesson.theirs().is_empty() && lesson.their_figures().is_none() && !lesson.teaches_theirs();
        at.teach.set_hidden(!can);
        at.teach.set_disabled(matches!(lesson.phase(), Phase::Learning { .. }));
        at.forget.set_hidden(at.others.is_none());
    }
}
