//! The state of the page as an address, both ways, and the dialog in which a teacher makes a link of it.

use fovea_shared::bundle::StudentKind;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, Event, EventTarget, HtmlButtonElement, HtmlElement, HtmlInputElement};

use super::{
    Page,
    address::{Gaze, PARTS, Shared},
    compare::first_choice,
    dom::{get, set_text, window},
    files,
    input::{attribute, on},
    layers::{Layer, Layers},
    live::Settings,
    replay::Replay,
    state::App,
    wording::Wording,
};
use crate::text::{message, say};

/// How long the address waits for further changes, in ms. Browsers refuse a page that writes it more than a few times a second.
const PATIENCE_MS: i32 = 500;

// Kept here and not taken from web-sys, where one more feature would build everything above it anew.
#[wasm_bindgen]
extern "C" {
    /// A dialog in front of the page.
    #[wasm_bindgen(extends = HtmlElement, js_name = HTMLDialogElement)]
    #[derive(Clone)]
    pub type Dialog;
    /// Opens it and keeps the keyboard in it.
    #[wasm_bindgen(method, js_name = showModal, catch)]
    fn show_modal(this: &Dialog) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn close(this: &Dialog);

    #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText, catch)]
    fn copy(text: &str) -> Result<Promise, JsValue>;
}

/// The elements of the dialog.
pub struct ShareDom {
    open: HtmlButtonElement,
    dialog: Dialog,
    close: HtmlButtonElement,
    hide: HtmlElement,
    note: HtmlElement,
    link: HtmlInputElement,
    copy: HtmlButtonElement,
    said: HtmlElement,
}

impl ShareDom {
    /// Closes the dialog.
    pub(super) fn close(&self) {
        self.dialog.close();
    }

    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            open: get(d, "share-open")?,
            // Older browsers have no dialog; there the element is an ordinary one that stays closed.
            dialog: get::<HtmlElement>(d, "share")?.unchecked_into(),
            close: get(d, "share-close")?,
            hide: get(d, "share-hide")?,
            note: get(d, "share-note")?,
            link: get(d, "share-link")?,
            copy: get(d, "share-copy")?,
            said: get(d, "share-said")?,
        })
    }
}

/// What an address asks for on an image that is not open yet.
#[derive(Clone, Debug, Default, PartialEq)]
struct Asked {
    gaze: Option<Gaze>,
    said: Option<usize>,
    words: Option<Vec<(String, String)>>,
}

/// What is known about the address.
#[derive(Default)]
pub struct Sharing {
    /// Parts of this page that are hidden.
    hide: Vec<&'static str>,
    /// Parts that the link in the dialog is to hide.
    hide_in_link: Vec<&'static str>,
    /// For the image that opens next.
    asked: Option<Asked>,
    /// For the domain that arrives next.
    pub(super) arriving: Option<Shared>,
    /// The layers as the page begins with them.
    layers: Layers,
    /// Whether the address will be written soon.
    due: bool,
    /// What was written last.
    written: Vec<(&'static str, String)>,
}

impl Sharing {
    /// The image on which something was asked for cannot be opened.
    pub(super) fn forget_asked(&mut self) {
        self.asked = None;
    }
}

/// Listens to the dialog.
pub(super) fn listen(page: &Page) {
    page.update(|app| app.sharing.layers = app.first_layers());
    let (open, dialog, close, hide, copy_button) = page.read(|app| {
        let dom = &app.dom.share;
        (dom.open.clone(), dom.dialog.clone(), dom.close.clone(), dom.hide.clone(), dom.copy.clone())
    });
    let (of, shown) = (page.clone(), dialog.clone());
    on(&open, "click", move |_: Event| {
        of.update(App::show_link);
        if shown.show_modal().is_err() {
            of.update(|app| app.show_message(message!("share-no-dialog")));
        }
    });
    let shown = dialog.clone();
    on(&close, "click", move |_: Event| shown.close());
    // What lies around the dialog's box is the dialog itself.
    let shown = dialog.clone();
    on(&dialog, "click", move |event: Event| {
        if event.target().is_some_and(|target| target == *shown.unchecked_ref::<EventTarget>()) {
            shown.close();
        }
    });
    let of = page.clone();
    on(&hide, "change", move |event: Event| {
        let part = attribute(&event, "value").and_then(|value| PARTS.into_iter().find(|part| *part == value));
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some((part, input)) = part.zip(input) {
            of.update(|app| app.hide_in_link(part, input.checked()));
        }
    });
    let of = page.clone();
    on(&copy_button, "click", move |_: Event| of.copy_link());
}

impl Page {
    /// Writes the state into the address a little later, unless that is planned already.
    pub(super) fn write_address_soon(&self) {
        // Not while the app is away, and not before there is anything to say.
        let plan = |app: &mut App| !std::mem::replace(&mut app.sharing.due, true);
        if !self.0.try_borrow_mut().is_ok_and(|mut app| app.manifest.is_some() && plan(&mut app)) {
            return;
        }
        let page = self.clone();
        let write = Closure::once_into_js(move || {
            if let Ok(mut app) = page.0.try_borrow_mut() {
                app.sharing.due = false;
                app.write_address();
            }
        });
        // Without a timer the address is merely old.
        drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(write.unchecked_ref(), PATIENCE_MS));
    }

    /// Brings the page to the state that its address asks for, when that has changed.
    pub(super) fn follow_address(&self) {
        let (asked, unreadable) = Shared::read(files::asked);
        if let Some(folder) = files::asked("domain") {
            match self.read(|app| app.domains.index.find(&folder)) {
                None => return self.update(|app| app.say_unknown_domain(&folder)),
                Some(place) if self.read(|app| app.domains.current != place) => {
                    self.update(|app| app.sharing.arriving = Some(asked));
                    return self.choose_domain(place);
                }
                // Also where another one is on its way: this one stays.
                Some(place) => self.choose_domain(place),
            }
        }
        self.update(|app| {
            if asked != Shared::default() {
                app.arrive(asked);
            }
            app.say_unreadable(&unreadable);
        });
    }

    fn copy_link(&self) {
        let (link, field) = self.read(|app| (app.dom.share.link.value(), app.dom.share.link.clone()));
        let page = self.clone();
        spawn_local(async move {
            let copied = match copy(&link) {
                Ok(promise) => JsFuture::from(promise).await.is_ok(),
                Err(_) => false,
            };
            // Where the browser does not let the page write, the visitor can.
            field.select();
            page.read(|app| {
                set_text(&app.dom.share.said, &if copied { say!("share-copied") } else { say!("share-copy-yourself") });
            });
        });
    }
}

impl App {
    /// The layers as `index.html` has them, whatever the browser remembers of an earlier visit.
    fn first_layers(&self) -> Layers {
        let mut layers = Layers::default();
        for layer in Layer::ALL {
            if let Ok((switch, slider)) = self.dom.layer(layer) {
                layers.set(layer, switch.has_attribute("checked"));
                let percent = slider.get_attribute("value").and_then(|v| v.parse::<f64>().ok()).unwrap_or_default();
                layers.set_opacity(layer, percent / 100.0);
            }
        }
        layers
    }

    /// What an address says of the present state; whatever is as the page begins with it is left out.
    pub fn shared(&self) -> Shared {
        let mut shared = Shared { hide: self.sharing.hide.clone(), ..Shared::default() };
        let Some(manifest) = &self.manifest else { return shared };
        if let Some((id, current)) = self.current.as_ref().and_then(|c| Some((c.origin.case.clone()?, c))) {
            let points = self.inputs.fixations();
            shared.gaze = (!points.is_empty())
                .then(|| if points == self.found.case_gaze { Gaze::OfCase } else { Gaze::Points(points.to_vec()) });
            let wording = self.inputs.wording();
            // Words that were measured from looks are measured from them again, wherever the link is opened.
            let place = current.descriptions.iter().position(|said| said == &*wording.first().what);
            shared.said = place.filter(|place| *place > 0);
            let tell = wording.touched() || place.is_none() && !wording.is_blank() && !self.inputs.awaits_words();
            shared.words = tell.then(|| wording.text().phrases);
            let first = manifest.gallery.first().is_some_and(|case| case.id == id);
            let more = shared.gaze.is_some() || shared.said.is_some() || shared.words.is_some();
            shared.case = Some(id).filter(|_| !first || more);
        }
        let shown = |layer: &Layer| self.layers.on(*layer);
        let percent = |layer| (layer, (self.layers.opacity(layer) * 100.0).round() as u8);
        shared.layers =
            (self.layers != self.sharing.layers).then(|| Layer::ALL.into_iter().filter(shown).map(percent).collect());
        let of = |place: &usize| manifest.students.get(*place).map(|student| student.kind);
        shared.student = of(&self.student).filter(|_| self.student != manifest.default_student());
        if self.compare.open {
            shared.compare = Some(self.compare.look);
            let chosen =
                Some(&self.compare.chosen).filter(|c| !c.is_empty() && **c != first_choice(&manifest.students));
            shared.students = chosen.map(|chosen| chosen.iter().filter_map(of).collect());
        }
        let (live, first) = (&self.live.settings, Settings::default());
        shared.distil = (live.students != first.students).then(|| self.live.students().collect());
        shared.from = Some(live.from).filter(|from| *from != first.from);
        shared.target = Some(live.target).filter(|target| *target != first.target);
        shared.seed = Some(live.seed).filter(|seed| *seed != first.seed);
        shared.lesson = self.lesson.step.map(|step| step + 1);
        shared
    }

    /// Writes the state into the address, if it is another one than before. A replay is no state: what it ends with is.
    fn write_address(&mut self) {
        if self.replay.as_ref().is_some_and(Replay::playing) || self.domains.wanted.is_some() {
            return;
        }
        // What is asked for is not yet there, and must not be forgotten.
        if self.sharing.asked.is_some() || self.sharing.arriving.is_some() || self.reading || self.wanted.is_some() {
            return;
        }
        let pairs = self.shared().pairs();
        if pairs != self.sharing.written {
            files::write_state(&pairs);
            self.sharing.written = pairs;
        }
    }

    /// Brings the page to a state that an address asks for. What it does not name is as the page begins with it, so that a link shows the
    /// same wherever it is opened; one with an unknown case changes nothing.
    pub(super) fn arrive(&mut self, asked: Shared) {
        let Some(manifest) = &self.manifest else { return };
        let unknown = asked.case.as_ref().filter(|id| !manifest.gallery.iter().any(|case| case.id == **id));
        if let Some(id) = unknown {
            return self.show_message(message!("case-unknown", case = id));
        }
        self.sharing.hide.clone_from(&asked.hide);
        self.arrange(&asked);
        let here = self.current.as_ref().and_then(|current| current.origin.case.clone());
        let case = asked.case.or(here);
        // On the visitor's own image there is nothing to ask for.
        if case.is_some() || self.current.is_none() {
            self.sharing.asked = Some(Asked { gaze: asked.gaze, said: asked.said, words: asked.words });
        }
        // Opened anew even where it is open: what was done on it is not what the address says. At the start the first case opens.
        self.case_next = case.or(self.case_next.take());
    }

    /// Everything that an address says but the image and what is given to it.
    pub(super) fn arrange(&mut self, asked: &Shared) {
        let Some(manifest) = self.manifest.clone() else { return };
        let place = |kind: &StudentKind| manifest.find_student(*kind);
        self.student = asked.student.as_ref().and_then(place).unwrap_or_else(|| manifest.default_student());
        let drawn = self.found.students.contains_key(&self.student);
        self.schedule.want_student(Some(self.student).filter(|_| !drawn && self.current.is_some()));
        self.show_student();
        match &asked.layers {
            Some(layers) => self.show_layers(layers),
            None => self.show_first_layers(),
        }
        self.compare.look = asked.compare.unwrap_or_default();
        self.compare.chosen = asked.students.iter().flatten().filter_map(place).collect();
        self.compare.set_open(asked.compare.is_some());
        let first = Settings::default();
        let live = Settings {
            students: asked.distil.as_ref().map_or(first.students, |on| [on.first().copied(), on.get(1).copied()]),
            from: asked.from.unwrap_or(first.from),
            target: asked.target.unwrap_or(first.target),
            seed: asked.seed.unwrap_or(first.seed),
        };
        if live != self.live.settings {
            self.live.settings = live;
            self.live.start_anew();
        }
        let step = asked.lesson.map(|step| step - 1);
        if step != self.lesson.step {
            self.go_to_step(step);
        }
    }

    /// Gives the open image the gaze and the words that the address asked for. They are steps that can be undone.
    pub(super) fn give_asked(&mut self) {
        let Some(asked) = self.sharing.asked.take() else { return };
        if asked == Asked::default() {
            return;
        }
        if let Some(said) = asked.said.and_then(|place| self.phrases.list.get(place)).cloned() {
            self.inputs.reword(|wording| *wording = Wording::new(said));
        }
        if let Some(words) = &asked.words {
            // Where they are just those of the case, they are still not to be measured again from the gaze.
            self.inputs.reword(|wording| {
                wording.tell_only(words);
                wording.keep();
            });
        }
        match asked.gaze {
            Some(Gaze::OfCase) => self.inputs.replace(self.found.case_gaze.clone()),
            Some(Gaze::Points(points)) => self.inputs.replace(points),
            None => {}
        }
        self.phrases.version += 1;
        self.done = say!("address-followed");
        self.schedule.want_look(self.inputs.revision());
    }

    /// Shows the layers that the page begins with.
    fn show_first_layers(&mut self) {
        let first = self.sharing.layers.clone();
        let percent = |layer| (first.opacity(layer) * 100.0).round() as u8;
        let shown: Vec<(Layer, u8)> =
            Layer::ALL.into_iter().filter(|l| first.on(*l)).map(|l| (l, percent(l))).collect();
        self.show_layers(&shown);
    }

    /// Shows these layers and no other.
    fn show_layers(&mut self, shown: &[(Layer, u8)]) {
        for layer in Layer::ALL {
            let asked = shown.iter().find(|(l, _)| *l == layer).map(|(_, percent)| *percent);
            self.layers.set(layer, asked.is_some());
            if let Ok((switch, slider)) = self.dom.layer(layer) {
                switch.set_checked(asked.is_some());
                if let Some(percent) = asked {
                    slider.set_value(&percent.to_string());
                    self.layers.set_opacity(layer, f64::from(percent) / 100.0);
                }
            }
        }
    }

    pub(super) fn say_unreadable(&mut self, pairs: &[&str]) {
        if !pairs.is_empty() {
            self.show_message(message!("address-unreadable", pairs = pairs.join(", ")));
        }
    }

    /// The link to what is seen now, in the dialog.
    fn show_link(&mut self) {
        let mut shared = self.shared();
        shared.hide.clone_from(&self.sharing.hide_in_link);
        let folder = Some(self.domains.folder()).filter(|_| self.domains.index.bundles.len() > 1);
        self.dom.share.link.set_value(&files::link(folder, &shared.pairs()));
        let own = self.current.as_ref().is_some_and(|current| current.origin.case.is_none());
        let long = self.inputs.fixations().len() > super::address::MOST_FIXATIONS;
        let note = match (own, long) {
            (true, _) => say!("share-own-image"),
            (false, true) => say!("share-long", most = super::address::MOST_FIXATIONS),
            _ => String::new(),
        };
        set_text(&self.dom.share.note, &note);
        set_text(&self.dom.share.said, "");
        self.refresh_save();
    }

    fn hide_in_link(&mut self, part: &'static str, hide: bool) {
        let list = &mut self.sharing.hide_in_link;
        list.retain(|other| *other != part);
        if hide {
            list.push(part);
        }
        // The order of the page, so that the same choice is the same link.
        list.sort_by_key(|part| PARTS.iter().position(|known| known == part));
        self.show_link();
    }
}
