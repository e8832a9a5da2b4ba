//! The dialog in which a teacher makes a link to what is seen, and what an address asks for.

pub mod address;
pub mod address_bar;
pub mod qr;

use fovea_shared::{description::Phrase, gaze::Fixation};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Event, HtmlButtonElement, HtmlElement, HtmlInputElement};

use super::{
    elements::{
        clipboard,
        dialog::Dialog,
        events::{attribute, on},
        get, set_text, window,
    },
    model::{Command, Handle, Model, wording::Wording},
};
use crate::{
    app::tabs::Tab,
    text::{message, say},
};
use address::{Gaze, MOST_FIXATIONS, PARTS, Shared};

/// What an address asks for on an image that is not open yet.
#[derive(Clone, Debug, Default, PartialEq)]
struct LinkedState {
    gaze: Option<Gaze>,
    said: Option<usize>,
    words: Option<Vec<Phrase>>,
}

/// The feature: the dialog, and what is known about the address.
pub struct Share {
    open: HtmlButtonElement,
    dialog: Dialog,
    hide_list: HtmlElement,
    note: HtmlElement,
    link: HtmlInputElement,
    copy: HtmlButtonElement,
    said: HtmlElement,
    /// Parts of this page that are hidden.
    pub hide: Vec<&'static str>,
    /// Parts that the link in the dialog is to hide.
    hide_in_link: Vec<&'static str>,
    /// For the image that opens next.
    asked: Option<LinkedState>,
    /// For the bundle that arrives next.
    pub arriving: Option<Shared>,
    /// What was written into the address last.
    written: Vec<(&'static str, String)>,
}

impl Share {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            open: get(d, "share-open")?,
            dialog: Dialog::find(d, "share", "share-close")?,
            hide_list: get(d, "share-hide")?,
            note: get(d, "share-note")?,
            link: get(d, "share-link")?,
            copy: get(d, "share-copy")?,
            said: get(d, "share-said")?,
            hide: Vec::new(),
            hide_in_link: Vec::new(),
            asked: None,
            arriving: None,
            written: Vec::new(),
        })
    }

    /// Listens to the dialog, and to the address.
    pub fn listen(&self, handle: &Handle<Self>) {
        let (of, shown) = (handle.clone(), self.dialog.clone());
        on(&self.open, "click", move |_: Event| {
            of.update(|_, model| model.send(Command::WriteLink));
            shown.open();
        });
        let of = handle.clone();
        on(&self.hide_list, "change", move |event: Event| {
            let part = attribute(&event, "value").and_then(|value| PARTS.into_iter().find(|part| *part == value));
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some((part, input)) = part.zip(input) {
                of.update(|share, model| {
                    share.hide_in_link(part, input.checked());
                    model.send(Command::WriteLink);
                });
            }
        });
        let of = handle.clone();
        on(&self.copy, "click", move |_: Event| copy_link(&of));
        let of = handle.clone();
        on(&window(), "hashchange", move |event: Event| {
            address_bar::put_back(&event);
            of.update(|_, model| model.send(Command::FollowAddress));
        });
    }

    /// Closes the dialog.
    pub fn close(&self) {
        self.dialog.close();
    }

    /// The image on which something was asked for cannot be opened.
    pub fn forget_asked(&mut self) {
        self.asked = None;
    }

    /// What an address asks for on the image that opens next; `words`: those that its domain has.
    pub fn ask(&mut self, asked: &Shared, words: Option<Vec<Phrase>>) {
        self.asked = Some(LinkedState { gaze: asked.gaze.clone(), said: asked.said, words });
    }

    /// Whether something that an address asks for is still to come.
    fn expects(&self) -> bool {
        self.asked.is_some() || self.arriving.is_some()
    }

    /// Gives the open image the gaze and the words that the address asked for. They are steps that
    /// can be undone. `descriptions`: those of the image. True if anything was asked for.
    pub fn give_asked(&mut self, model: &mut Model, descriptions: &[Wording]) -> bool {
        let Some(asked) = self.asked.take().filter(|asked| *asked != LinkedState::default()) else { return false };
        if let Some(said) = asked.said.and_then(|place| descriptions.get(place)).cloned() {
            model.inputs.reword(|wording| *wording = said);
        }
        if let Some(words) = &asked.words {
            // Where they are just those of the case, they are still not to be measured again from
            // the gaze.
            model.inputs.reword(|wording| {
                wording.tell_only(words);
                wording.keep();
            });
        }
        match asked.gaze {
            Some(Gaze::OfCase) => model.inputs.replace(model.found.case_gaze.clone(), model.origin_of_case_gaze()),
            // A link does not say.
            Some(Gaze::Points(points)) => model.inputs.replace(points, None),
            None => {}
        }
        model.done = say!("address-followed");
        model.schedule.want_look(model.inputs.revision());
        true
    }

    /// Writes a state into the address, if it is another one than before. A replay is no state: what
    /// it ends with is.
    pub fn write_address(&mut self, model: &Model, shared: &Shared) {
        if model.playing() || model.bundles.wanted.is_some() {
            return;
        }
        // What is asked for is not yet there, and must not be forgotten.
        if self.expects() || model.reading || model.wanted.is_some() {
            return;
        }
        let pairs = shared.pairs();
        if pairs != self.written {
            address_bar::write_state(&pairs);
            self.written = pairs;
        }
    }

    /// Writes the link to a state into the dialog.
    pub fn show_link(&self, model: &Model, mut shared: Shared) {
        shared.hide.clone_from(&self.hide_in_link);
        let folder = Some(model.bundles.folder()).filter(|_| model.bundles.index.bundles.len() > 1);
        self.link.set_value(&address_bar::link(folder, &shared.pairs()));
        let long = model.inputs.fixations().len() > MOST_FIXATIONS;
        let note = match (model.is_own(), long) {
            (true, _) => say!("share-own-image"),
            (false, true) => say!("share-long", most = MOST_FIXATIONS),
            _ => String::new(),
        };
        set_text(&self.note, &note);
        set_text(&self.said, "");
    }

    fn hide_in_link(&mut self, part: &'static str, hide: bool) {
        let list = &mut self.hide_in_link;
        list.retain(|other| *other != part);
        if hide {
            list.push(part);
        }
        // The order of the page, so that the same choice is the same link.
        list.sort_by_key(|part| PARTS.iter().position(|known| known == part));
    }
}

/// The tab in which that is seen what an address asks for, among those that it does not hide.
pub fn tab_of(asked: &Shared) -> Tab {
    let live = asked.distil.is_some() || asked.from.is_some() || asked.target.is_some() || asked.seed.is_some();
    let taught = live || asked.glances.is_some();
    let tabs = [
        (Tab::Compare, "compare", asked.compare.is_some()),
        (Tab::Teach, "distil", taught),
        (Tab::Words, "description", asked.words.is_some() || asked.said.is_some()),
    ];
    let found = tabs.into_iter().find(|(_, part, asks)| *asks && !asked.hide.contains(part));
    found.map_or(Tab::Look, |(tab, ..)| tab)
}

/// What an address says of gaze on an image that came with `case_gaze`.
pub fn gaze_of(points: &[Fixation], case_gaze: &[Fixation]) -> Option<Gaze> {
    (!points.is_empty()).then(|| if points == case_gaze { Gaze::OfCase } else { Gaze::Points(points.to_vec()) })
}

/// Says which pairs of the address cannot be read.
pub fn say_unreadable(model: &mut Model, pairs: &[&str]) {
    if !pairs.is_empty() {
        model.show_message(message!("address-unreadable", pairs = pairs.join(", ")));
    }
}

fn copy_link(handle: &Handle<Share>) {
    let (link, field) = handle.read(|share, _| (share.link.value(), share.link.clone()));
    let handle = handle.clone();
    spawn_local(async move {
        let copied = clipboard::copy(&link).await;
        // Where the browser does not let the page write, the visitor can.
        field.select();
        handle.read(|share, _| {
            set_text(&share.said, &if copied { say!("share-copied") } else { say!("share-copy-yourself") });
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::compare::strategy_view::StrategyView;

    #[test]
    fn a_link_opens_the_tab_that_it_speaks_of_unless_it_hides_it() {
        assert_eq!(tab_of(&Shared::default()), Tab::Look);
        assert_eq!(tab_of(&Shared { said: Some(1), ..Shared::default() }), Tab::Words);
        let taught = Shared { seed: Some(7), said: Some(1), ..Shared::default() };
        assert_eq!(tab_of(&taught), Tab::Teach);
        assert_eq!(tab_of(&Shared { hide: vec!["distil"], ..taught.clone() }), Tab::Words);
        assert_eq!(tab_of(&Shared { compare: Some(StrategyView::default()), ..taught }), Tab::Compare);
    }
}
