//! What the lesson needs of other features: the page is brought to a step, and back to what it was before.

use super::App;
use crate::{
    app::{
        canvas::layers::Layers,
        compare::Choice,
        elements::document,
        lesson::{
            feature::{case_of, is_here, place},
            found::{Beside, Side, Taught},
            steps::steps,
        },
        model::{Command, Inputs, Model, Source},
        tabs::{self, Tab},
    },
    protocol::OpenRequest,
    text::say,
};

/// The picture that was open before the lesson.
enum Picture {
    /// A case of the gallery.
    Case(String),
    /// The visitor's own.
    Own(Box<Source>),
    /// None was open yet: the first of the gallery.
    First,
}

/// What was shown before the lesson.
struct Kept {
    /// The place of the bundle.
    bundle: usize,
    picture: Picture,
    inputs: Inputs,
    layers: Layers,
    student: usize,
    compare: Choice,
    tab: Tab,
}

/// What the shell holds for the lesson.
#[derive(Default)]
pub(super) struct Keeper {
    kept: Option<Kept>,
    /// What comes back when its bundle is in use again.
    returning: Option<Kept>,
    /// What was given on the picture that opens next.
    inputs: Option<Given>,
}

/// What was given on a picture, until that is open again.
struct Given {
    inputs: Inputs,
    /// The case of the gallery, or the number of the visitor's own picture.
    on: Result<String, u64>,
}

impl Given {
    fn is_on(&self, model: &Model) -> bool {
        match &self.on {
            Ok(case) => model.current.as_ref().and_then(|current| current.origin.case.as_ref()) == Some(case),
            Err(image) => model.is_open(*image),
        }
    }
}

impl App {
    /// Opens a step, as an address asks for it.
    pub(super) fn begin_lesson(&mut self, step: usize) {
        // The first picture of the page would open over the step's.
        if is_here(&self.model) && self.model.current.is_none() {
            self.first_case = None;
        }
        self.lesson.enter(&mut self.model, step);
    }

    /// The page is put into another state than the one that was kept.
    pub(super) fn forget_lesson(&mut self) {
        self.keeper = Keeper::default();
        self.lesson.forget();
    }

    /// Shows what a step speaks of; what was shown before the lesson is kept.
    pub(super) fn show_step(&mut self, step: usize) {
        self.keeper.inputs = None;
        if self.keeper.kept.is_none() {
            // Who begins again on the way back still has the same place to go back to.
            self.keeper.kept = self.keeper.returning.take().or_else(|| Some(self.keep()));
        }
        if !is_here(&self.model) {
            return self.model.send(Command::ChooseBundle(place(&self.model)));
        }
        let all = steps();
        let step = &all[step.min(all.len() - 1)];
        let model = &mut self.model;
        model.layers.clone_from(&self.first_layers);
        step.without.iter().for_each(|layer| model.layers.set(*layer, false));
        if let Some(manifest) = &model.manifest {
            let student = manifest.default_student();
            model.choose_student(student);
        }
        self.compare.choice = Choice::default();
        self.compare.forget_wipe();
        self.compare.set_open(step.tab == Tab::Compare);
        tabs::open(&document(), step.tab);
        let first =
            || model.manifest.as_ref().and_then(|manifest| manifest.gallery.first()).map(|case| case.id.clone());
        let case = case_of(model, step).or_else(|| if model.current.is_none() { first() } else { None });
        if let Some(case) = case {
            model.send(Command::OpenCase(case));
        }
    }

    /// The lesson is over: brings back what was shown before it; `picture`: the picture too.
    pub(super) fn put_back(&mut self, picture: bool) {
        self.keeper.inputs = None;
        let Some(kept) = self.keeper.kept.take() else { return };
        if !picture {
            // What the visitor has opened stays, in the bundle that reads it.
            return self.arrange_kept(&kept);
        }
        if kept.bundle == self.model.bundles.current {
            self.open_kept(kept);
        } else {
            let bundle = kept.bundle;
            self.keeper.returning = Some(kept);
            self.model.send(Command::ChooseBundle(bundle));
        }
    }

    /// Another bundle is in use: the one that the lesson has asked for, or the one that was in use before it.
    pub(super) fn bundle_of_lesson(&mut self) {
        if let Some(step) = self.lesson.step() {
            if is_here(&self.model) {
                self.first_case = None;
                self.model.send(Command::ShowStep(step));
            }
        } else if let Some(kept) = self.keeper.returning.take_if(|kept| kept.bundle == self.model.bundles.current) {
            self.first_case = None;
            self.open_kept(kept);
        }
    }

    /// A picture is on the stage: what was given on it before the lesson comes back.
    pub(super) fn picture_of_lesson(&mut self) {
        let model = &mut self.model;
        if let Some(given) = self.keeper.inputs.take().filter(|given| given.is_on(model)) {
            model.inputs.put_back(given.inputs);
            model.schedule.want_look(model.inputs.revision());
            model.done = say!("lesson-put-back");
        }
        self.lesson.opened(model);
    }

    /// What the lesson is told of other features.
    pub(super) fn beside_lesson(&self) -> Beside {
        let manifest = self.model.manifest.as_ref();
        let taught = self.teach.lesson().figures().and_then(|figures| {
            Some(Taught {
                fit: figures.fit?,
                untrained: figures.untrained?,
                pictures: figures.pictures,
                looked: figures.looked,
                by_hand: figures.by_hand,
            })
        });
        Beside {
            wiped: manifest.is_some_and(|manifest| self.compare.wiped(manifest)),
            pair: manifest.and_then(|manifest| {
                let side = |(place, here): (usize, f32)| {
                    let published = manifest.students.get(place).and_then(|student| student.dice.as_ref());
                    Side { here, published: published.map(|score| score.mean) }
                };
                Some(self.compare.first_pair(manifest)?.map(side))
            }),
            taught,
        }
    }

    fn keep(&self) -> Kept {
        let model = &self.model;
        let picture = model.current.as_ref().map(|current| match &current.origin.case {
            Some(id) => Picture::Case(id.clone()),
            None => Picture::Own(Box::new(Source {
                origin: current.origin.clone(),
                descriptions: current.descriptions.clone(),
                request: current.request.clone(),
            })),
        });
        Kept {
            bundle: model.bundles.current,
            picture: picture.unwrap_or(Picture::First),
            inputs: model.inputs.clone(),
            layers: model.layers.clone(),
            student: model.student,
            compare: self.compare.choice.clone(),
            tab: tabs::opened(&document()),
        }
    }

    /// Brings back everything but the picture.
    fn arrange_kept(&mut self, kept: &Kept) {
        self.model.layers.clone_from(&kept.layers);
        if kept.bundle == self.model.bundles.current {
            self.model.choose_student(kept.student);
            self.compare.choice = kept.compare.clone();
        }
        self.compare.forget_wipe();
        self.compare.set_open(kept.compare.open);
        tabs::open(&document(), kept.tab);
    }

    fn open_kept(&mut self, kept: Kept) {
        self.arrange_kept(&kept);
        let model = &mut self.model;
        match kept.picture {
            Picture::Case(id) => {
                self.keeper.inputs = Some(Given { inputs: kept.inputs, on: Ok(id.clone()) });
                model.send(Command::OpenCase(id));
            }
            Picture::Own(source) => {
                self.incoming.stop_reading(model);
                let image = model.last_image;
                self.keeper.inputs = Some(Given { inputs: kept.inputs, on: Err(image) });
                let request = OpenRequest { image, ..source.request };
                model.want(Source { request, origin: source.origin, descriptions: source.descriptions });
            }
            Picture::First => {
                let first = model.manifest.as_ref().and_then(|manifest| manifest.gallery.first());
                if let Some(id) = first.map(|case| case.id.clone()) {
                    model.send(Command::OpenCase(id));
                }
            }
        }
    }
}
