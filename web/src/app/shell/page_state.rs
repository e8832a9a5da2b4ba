//! The state of the page as an address, both ways.

use fovea_shared::{bundle::StudentKind, description::Phrase};

use super::{App, Page};
use crate::{
    app::{
        canvas::layers::{Layer, Layers},
        compare::first_choice,
        elements::{document, events::after},
        live::settings::Settings,
        model::{Command, named::Named},
        share::{address::Shared, gaze_of, say_unreadable, tab_of},
        tabs,
    },
    text::message,
};

/// How long the address waits for further changes, in ms. Browsers refuse a page that writes it more
/// than a few times a second.
const PATIENCE_MS: i32 = 500;

impl Page {
    /// Writes the state into the address a little later, unless that is planned already.
    pub(super) fn write_address_soon(&self) {
        // Not while the app is at work, and not before there is anything to say.
        let plan = |app: &mut App| !std::mem::replace(&mut app.address_due, true);
        if !self.0.try_borrow_mut().is_ok_and(|mut app| app.model.manifest.is_some() && plan(&mut app)) {
            return;
        }
        let page = self.clone();
        // Without a timer the address is merely old.
        after(PATIENCE_MS, move || {
            if let Ok(mut app) = page.0.try_borrow_mut() {
                app.address_due = false;
                let shared = app.shared();
                let app = &mut *app;
                app.share.write_address(&app.model, &shared);
            }
        });
    }
}

impl App {
    /// What an address says of the present state; what is as the page begins with it is left out.
    pub fn shared(&self) -> Shared {
        let model = &self.model;
        let mut shared = Shared { hide: self.share.hide.clone(), ..Shared::default() };
        let Some(manifest) = &model.manifest else { return shared };
        // A step of the lesson shows what it speaks of, wherever it is opened.
        if let Some(step) = self.lesson.step() {
            shared.lesson = Some(step + 1);
            return shared;
        }
        if let Some((id, current)) = model.current.as_ref().and_then(|c| Some((c.origin.case.clone()?, c))) {
            shared.gaze = gaze_of(model.inputs.fixations(), &model.found.case_gaze);
            let wording = model.inputs.wording();
            // Words that were measured from gaze are measured from it again, wherever the link is
            // opened.
            let place = current.descriptions.iter().position(|said| said == &*wording.first().what);
            shared.said = place.filter(|place| *place > 0);
            let tell = wording.touched() || place.is_none() && !wording.is_blank() && !model.inputs.awaits_words();
            shared.words = tell.then(|| wording.text().phrases.into_iter().map(Named::from).collect());
            let first = manifest.gallery.first().is_some_and(|case| case.id == id);
            let more = shared.gaze.is_some() || shared.said.is_some() || shared.words.is_some();
            shared.case = Some(id).filter(|_| !first || more);
        }
        shared.layers = (model.layers != self.first_layers).then(|| shown(&model.layers));
        let of = |place: &usize| manifest.students.get(*place).map(|student| student.kind);
        shared.student = of(&model.student).filter(|_| model.student != manifest.default_student());
        let choice = &self.compare.choice;
        if choice.open {
            shared.compare = Some(choice.view);
            let chosen = Some(&choice.students).filter(|c| !c.is_empty() && **c != first_choice(&manifest.students));
            shared.students = chosen.map(|chosen| chosen.iter().filter_map(of).collect());
        }
        let (live, first) = (&self.live.training, Settings::default());
        shared.distil = (live.settings.students != first.students).then(|| live.students().collect());
        shared.from = Some(live.settings.from).filter(|from| *from != first.from);
        shared.target = Some(live.settings.target).filter(|target| *target != first.target);
        shared.seed = Some(live.settings.seed).filter(|seed| *seed != first.seed);
        shared.glances = self.teach.shared_glances();
        shared
    }

    /// Brings the page to a state that an address asks for. What it does not name is as the page
    /// begins with it, so that a link shows the same wherever it is opened; one with an unknown case
    /// changes nothing.
    pub(super) fn arrive(&mut self, wanted: Shared) {
        let Some(manifest) = &self.model.manifest else { return };
        let unknown = wanted.case.as_ref().filter(|id| !manifest.gallery.iter().any(|case| case.id == **id));
        if let Some(id) = unknown {
            return self.model.show_message(message!("case-unknown", case = id));
        }
        let of_domain = |named: &Named| named.of(manifest.domain);
        let words: Option<Option<Vec<Phrase>>> = wanted.words.as_ref().map(|told| told.iter().map(of_domain).collect());
        if words == Some(None) {
            say_unreadable(&mut self.model, &["words"]);
        }
        self.share.hide.clone_from(&wanted.hide);
        if let Some(step) = wanted.lesson {
            return self.begin_lesson(step - 1);
        }
        self.arrange(&wanted);
        let here = self.model.current.as_ref().and_then(|current| current.origin.case.clone());
        let case = wanted.case.clone().or(here);
        // On the visitor's own image there is nothing to ask for.
        if case.is_some() || self.model.current.is_none() {
            self.share.ask(&wanted, words.flatten());
        }
        // Opened again even where it is open: what was done on it is not what the address says. At
        // the start the first case opens.
        if let Some(case) = case.or(self.first_case.take()) {
            self.model.send(Command::OpenCase(case));
        }
    }

    /// Everything that an address says but the image and what is given to it.
    pub(super) fn arrange(&mut self, wanted: &Shared) {
        let Some(manifest) = self.model.manifest.clone() else { return };
        let place = |kind: &StudentKind| manifest.find_student(*kind);
        let student = wanted.student.as_ref().and_then(place).unwrap_or_else(|| manifest.default_student());
        self.model.choose_student(student);
        let layers = wanted.layers.clone().unwrap_or_else(|| shown(&self.first_layers));
        show_layers(&mut self.model.layers, &layers);
        self.compare.choice.view = wanted.compare.unwrap_or_default();
        self.compare.choice.students = wanted.students.iter().flatten().filter_map(place).collect();
        self.compare.set_open(wanted.compare.is_some());
        let first = Settings::default();
        let live = Settings {
            students: wanted.distil.as_ref().map_or(first.students, |on| [on.first().copied(), on.get(1).copied()]),
            from: wanted.from.unwrap_or(first.from),
            target: wanted.target.unwrap_or(first.target),
            seed: wanted.seed.unwrap_or(first.seed),
        };
        if live != self.live.training.settings {
            self.live.training.settings = live;
            self.live.training.start_again();
        }
        self.teach.follow(&mut self.model, wanted.glances.clone());
        tabs::open(&document(), tab_of(wanted));
        self.forget_lesson();
    }
}

/// The layers that are on, with their opacity in percent.
fn shown(layers: &Layers) -> Vec<(Layer, u8)> {
    let percent = |layer| (layer, (layers.opacity(layer) * 100.0).round() as u8);
    Layer::ALL.into_iter().filter(|layer| layers.on(*layer)).map(percent).collect()
}

/// Shows these layers and no other.
fn show_layers(layers: &mut Layers, shown: &[(Layer, u8)]) {
    for layer in Layer::ALL {
        let percent = shown.iter().find(|(l, _)| *l == layer).map(|(_, percent)| *percent);
        layers.set(layer, percent.is_some());
        if let Some(percent) = percent {
            layers.set_opacity(layer, f64::from(percent) / 100.0);
        }
    }
}
