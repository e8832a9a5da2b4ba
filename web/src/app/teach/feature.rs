//! The tab in which a visitor teaches a network: glances at a few pictures, a student that learns
//! from them, and how it does on pictures that it has never seen.

use std::collections::BTreeMap;

use fovea_shared::gaze::Fixation;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Element, Event, HtmlButtonElement, HtmlElement};

use super::{
    figures::Figures,
    glances::{Glance, seconds},
    lesson::Pictures,
    record::Record,
    state::{Phase, Teach},
    task::{Task, Teacher},
    thumbs::{Shown, Thumbs},
};
use crate::{
    app::{
        bundles::download,
        canvas::chart,
        elements::{
            events::{attribute, click, on},
            get, mark, set, set_text,
        },
        model::{Command, Handle, Model, image::case_title},
    },
    protocol::{OpenRequest, Request, Response, TeachPicture},
    text::{Message, message, say},
};

/// Seed of the fresh student.
const SEED: u64 = 1;

/// The elements.
struct Elements {
    go: HtmlButtonElement,
    go_text: HtmlElement,
    skip: HtmlButtonElement,
    undo: HtmlButtonElement,
    again: HtmlButtonElement,
    status: HtmlElement,
    progress: HtmlElement,
    result: HtmlElement,
    fit: HtmlElement,
    says: HtmlElement,
    chart: HtmlElement,
    unseen_title: HtmlElement,
}

impl Elements {
    fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            go: get(d, "teach-go")?,
            go_text: get(d, "teach-go-text")?,
            skip: get(d, "teach-skip")?,
            undo: get(d, "teach-undo")?,
            again: get(d, "teach-again")?,
            status: get(d, "teach-status")?,
            progress: get(d, "teach-progress")?,
            result: get(d, "teach-result")?,
            fit: get(d, "teach-fit")?,
            says: get(d, "teach-figures")?,
            chart: get(d, "teach-chart")?,
            unseen_title: get(d, "teach-unseen-title")?,
        })
    }
}

/// The feature.
pub struct TeachTab {
    at: Elements,
    taught: Thumbs,
    unseen: Thumbs,
    lesson: Teach,
    pictures: Pictures,
    /// The bundle that the pictures are of: its folder.
    folder: String,
    /// Files that are here, by the picture's number.
    files: BTreeMap<u64, OpenRequest>,
    /// Whether files are being fetched.
    fetching: bool,
    /// Whether the visitor has begun to glance.
    begun: bool,
    /// Whether the next picture that opens is to be looked at at once.
    look_next: bool,
    /// Whether the lesson is a short one, which learns by itself.
    short: bool,
    /// The task that the engine has.
    task: Option<Task>,
    refused: Message,
    handle: Option<Handle<Self>>,
}

impl TeachTab {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            at: Elements::find(d)?,
            taught: Thumbs::of(get(d, "teach-pictures")?),
            unseen: Thumbs::of(get(d, "teach-unseen")?),
            lesson: Teach::default(),
            pictures: Pictures::default(),
            folder: String::new(),
            files: BTreeMap::new(),
            fetching: false,
            begun: false,
            look_next: false,
            short: false,
            task: None,
            refused: Message::default(),
            handle: None,
        })
    }

    /// Listens to the visitor.
    pub fn listen(&mut self, handle: &Handle<Self>) {
        self.handle = Some(handle.clone());
        click(handle, &self.at.go, Self::go);
        click(handle, &self.at.skip, |tab, model| {
            if tab.lesson.glancing().is_some_and(super::glances::Glances::skip) {
                tab.open_next(model, true);
            }
        });
        click(handle, &self.at.undo, |tab, model| {
            if tab.lesson.glancing().is_some_and(super::glances::Glances::undo) {
                tab.open_next(model, false);
            }
        });
        click(handle, &self.at.again, |tab, _| {
            tab.lesson.throw_away();
            tab.refused = Message::default();
        });
        let of = handle.clone();
        on(self.taught.list(), "click", move |event: Event| {
            if let Some(picture) = attribute(&event, "data-picture").and_then(|p| p.parse().ok()) {
                of.update(|tab, model| tab.look_again(model, picture));
            }
        });
    }

    /// The lesson, for tests.
    pub fn lesson(&self) -> &Teach {
        &self.lesson
    }

    /// Another bundle: another lesson.
    pub fn forget(&mut self, model: &Model) {
        let Some(manifest) = &model.manifest else { return };
        self.pictures = Pictures::of(manifest);
        self.folder = model.bundles.folder().to_owned();
        self.files.clear();
        self.short = false;
        (self.begun, self.look_next, self.refused) = (false, false, Message::default());
        self.lesson.lesson(&self.pictures.taught(), &self.pictures.unseen(), SEED);
    }

    /// Begins a lesson of the first `pictures` pictures, which learns by itself once they are glanced at.
    pub fn begin_short(&mut self, model: &mut Model, pictures: usize) {
        let mut taught = self.pictures.taught();
        taught.truncate(pictures);
        if self.lesson.glances().all().iter().map(|one| one.picture).eq(taught.iter().copied()) {
            self.lesson.start_again();
        } else {
            self.lesson.lesson(&taught, &self.pictures.unseen(), SEED);
        }
        (self.short, self.begun, self.refused) = (true, true, Message::default());
        self.open_next(model, true);
    }

    /// For the next visitor.
    pub fn start_over(&mut self) {
        (self.begun, self.look_next, self.refused) = (false, false, Message::default());
        self.lesson.start_again();
    }

    /// Another engine has read nothing.
    pub fn restart(&mut self) {
        self.task = None;
        self.lesson.restart();
    }

    /// The one button that leads on.
    fn go(&mut self, model: &mut Model) {
        self.refused = Message::default();
        match self.lesson.phase() {
            Phase::Glancing if self.lesson.glances().waiting() > 0 => {
                self.begun = true;
                self.open_next(model, true);
            }
            Phase::Glancing => {
                if self.lesson.learn() {
                    model.say(say!("teach-begun"));
                }
            }
            Phase::Learning { paused } => self.lesson.pause(!paused),
            Phase::Result => self.lesson.want_references(),
        }
    }

    /// A picture with a glance is to be looked at once more.
    fn look_again(&mut self, model: &mut Model, picture: u64) {
        let Some(glances) = self.lesson.glancing() else { return };
        let place = glances.all().iter().position(|one| one.picture == picture);
        if let Some(place) = place {
            glances.show(place);
            if glances.all()[place].glance != Glance::Waiting {
                glances.again(place);
            }
            self.begun = true;
            self.open_next(model, true);
        }
    }

    /// Opens the picture that is to be glanced at; `look`: the viewing begins at once.
    fn open_next(&mut self, model: &mut Model, look: bool) {
        let Some((place, picture)) = self.lesson.glances().shown() else { return };
        let waits = self.lesson.glances().all()[place].glance == Glance::Waiting;
        let Some(case) = self.pictures.case(picture).filter(|_| waits) else { return };
        self.look_next = look;
        if is_open(model, &case.id) {
            self.opened(model);
        } else {
            model.send(Command::OpenCase(case.id.clone()));
        }
    }

    /// A picture is on the stage.
    pub fn opened(&mut self, model: &mut Model) {
        let awaited = self.awaited_case().is_some_and(|id| is_open(model, &id));
        if awaited && std::mem::take(&mut self.look_next) {
            model.send(Command::BeginLook);
        }
    }

    fn awaited_case(&self) -> Option<String> {
        let (_, picture) = self.lesson.glances().shown()?;
        self.pictures.case(picture).map(|case| case.id.clone())
    }

    /// The visitor has looked at the open picture: a glance of the lesson, if it is its picture.
    pub fn glanced(&mut self, model: &mut Model, fixations: Vec<Fixation>) {
        let awaited = self.begun && self.awaited_case().is_some_and(|id| is_open(model, &id));
        if awaited && self.lesson.glancing().is_some_and(|glances| glances.take(fixations)) {
            let (of, left) = (self.lesson.glances().all().len(), self.lesson.glances().waiting());
            model.say(say!("teach-taken", done = of - left, of = of));
            if self.short && left == 0 {
                self.lesson.learn();
            }
            self.open_next(model, true);
        }
    }

    /// Brings the wish for work in line with the lesson, and fetches the files that it needs.
    pub fn wish(&mut self, model: &mut Model) {
        let next = if self.begun { self.lesson.next_task() } else { None };
        let ready = match &next {
            Some(Task::Read(picture, _)) if !self.files.contains_key(picture) => {
                self.fetch(model, *picture);
                false
            }
            other => other.is_some(),
        };
        model.schedule.want_teaching(ready);
    }

    fn fetch(&mut self, model: &Model, picture: u64) {
        let (Some(handle), Some(manifest)) = (self.handle.clone(), model.manifest.clone()) else { return };
        let Some(case) = self.pictures.case(picture).cloned() else { return };
        if std::mem::replace(&mut self.fetching, true) {
            return;
        }
        let folder = self.folder.clone();
        spawn_local(async move {
            let files = download::gallery_case(&folder, &manifest, &case, picture).await;
            handle.update(|tab, model| {
                tab.fetching = false;
                if tab.folder != folder {
                    return;
                }
                match files {
                    Ok(files) => drop(tab.files.insert(picture, files)),
                    Err(why) => {
                        tab.lesson.refused(&Task::ReadOn(picture));
                        model.show_image_message(why);
                    }
                }
            });
        });
    }

    /// What the engine is told.
    pub fn request(&mut self) -> Option<Request> {
        let task = self.lesson.next_task()?;
        let request = task.clone().request(|picture, role| {
            let OpenRequest { file, mask, from_bundle, .. } = self.files.get(&picture)?.clone();
            Some(TeachPicture { picture, file, mask, from_bundle, role })
        })?;
        self.task = Some(task);
        Some(request)
    }

    /// The engine has done a task.
    pub fn done(&mut self, model: &mut Model, answer: Response) {
        self.task = None;
        match answer {
            Response::TeachReading(reading) => self.lesson.read(&reading),
            Response::Taught(step) => {
                self.lesson.taught_step(step);
                // Many steps come in a second.
                model.stage_as_before = true;
                let figures = self.lesson.figures().filter(|_| self.lesson.phase() == Phase::Result);
                if let Some(figures) = figures.filter(|f| f.simulated.is_none() && f.outlines.is_none()) {
                    model.say(fit(&figures));
                }
            }
            Response::TeachExported(file) => self.lesson.exported(file),
            Response::TeachForgotten(_) => self.lesson.forgotten(),
            _ => {}
        }
    }

    /// The engine cannot do its task, and why.
    pub fn refused(&mut self, why: Message) {
        if let Some(task) = self.task.take() {
            self.lesson.refused(&task);
            self.refused = why;
        }
    }

    /// Brings the elements in line with the model.
    pub fn refresh(&mut self, model: &Model) {
        let Some(manifest) = &model.manifest else { return };
        let lesson = &self.lesson;
        let own = lesson.record(Teacher::Visitor);
        let of = |picture: u64| {
            let case = self.pictures.case(picture)?;
            let entry = manifest.entry(&case.image).ok()?;
            let address = download::address(&self.folder, &case.image, &entry.sha256);
            let outline = own.and_then(|record| record.drawn.get(&picture)).map(|(_, outline)| outline);
            let says = outline.and_then(|o| o.dice).map_or_else(String::new, |dice| format!("{dice:.2}"));
            let title = case_title(case);
            let english = matches!(title, Message::Plain(_));
            Some(Shown { picture, title: title.to_string(), english, address, says, outline, state: "" })
        };
        let shown = lesson.glances().shown().map(|(_, picture)| picture).filter(|_| self.begun);
        let glancing = lesson.phase() == Phase::Glancing;
        let taught = lesson.glances().all().iter().filter_map(|one| {
            let known = of(one.picture)?;
            let (state, says) = match &one.glance {
                Glance::Taken(path) => ("taken", say!("teach-looked", seconds = format!("{:.1}", seconds(path)))),
                Glance::Skipped => ("skipped", say!("teach-skipped")),
                Glance::Waiting if glancing && shown == Some(one.picture) => ("current", String::new()),
                Glance::Waiting => ("waiting", String::new()),
            };
            let says = if glancing { says } else { known.says.clone() };
            Some(Shown { state, says, ..known })
        });
        let taught: Vec<Shown<'_>> = taught.collect();
        let unseen: Vec<Shown<'_>> =
            if own.is_some() { lesson.unseen().iter().filter_map(|picture| of(*picture)).collect() } else { vec![] };
        self.taught.show(&taught, true);
        self.at.unseen_title.set_hidden(unseen.is_empty());
        self.unseen.list().set_hidden(unseen.is_empty());
        self.unseen.show(&unseen, false);
        self.write_buttons(model);
        self.write_result(own);
    }

    fn write_buttons(&self, model: &Model) {
        let (at, lesson) = (&self.at, &self.lesson);
        let glances = lesson.glances();
        let (of, waiting) = (glances.all().len(), glances.waiting());
        let phase = lesson.phase();
        let go = match phase {
            Phase::Glancing if !self.begun => say!("teach-start"),
            Phase::Glancing if waiting > 0 => say!("teach-next", number = of - waiting + 1, of = of),
            Phase::Glancing => say!("teach-learn"),
            Phase::Learning { paused: false } => say!("teach-pause"),
            Phase::Learning { paused: true } => say!("teach-go-on"),
            Phase::Result => say!("teach-references"),
        };
        set_text(&at.go_text, &go);
        let references = lesson.record(Teacher::Outlines).is_some_and(Record::finished);
        let can = match phase {
            Phase::Glancing => model.current.is_some() && (waiting > 0 || lesson.can_learn()) && !model.viewing,
            Phase::Learning { .. } => true,
            Phase::Result => !references,
        };
        at.go.set_disabled(!can);
        let glancing = phase == Phase::Glancing && self.begun;
        at.skip.set_hidden(!glancing || waiting == 0);
        at.undo.set_hidden(!glancing || !glances.can_undo());
        at.again.set_hidden(phase == Phase::Glancing);
        let (done, all) = lesson.reading();
        let status = match phase {
            _ if !self.refused.is_empty() => self.refused.to_string(),
            Phase::Glancing if self.begun && waiting == 0 && !lesson.can_learn() => say!("teach-nothing-yet"),
            Phase::Learning { .. } if lesson.record(Teacher::Visitor).is_none() => {
                say!("teach-preparing", done = done, of = all)
            }
            _ => String::new(),
        };
        set_text(&at.status, &status);
    }

    fn write_result(&self, own: Option<&Record>) {
        let at = &self.at;
        let learning = self.lesson.phase() != Phase::Glancing;
        at.progress.set_hidden(!learning);
        let progress = own.map_or(0.0, Record::progress);
        let element: &Element = &at.progress;
        set(element, "value", &format!("{progress:.3}"));
        let fits = own.map(|record| &record.fits).filter(|fits| fits.len() > 1);
        mark(&at.chart, "hidden", fits.is_none());
        if let Some(fits) = fits {
            let line = fits.iter().map(|(step, fit)| (*step as f64, f64::from(*fit))).collect();
            chart::draw(&at.chart, &[line], &[say!("teach-chart")], Some(1.0));
        }
        let figures = self.lesson.figures();
        at.result.set_hidden(own.is_none());
        let now = own.and_then(Record::fit);
        let text = match (&figures, now) {
            (Some(figures), _) => fit(figures),
            (None, Some(fit)) => say!("teach-fit-now", fit = format!("{fit:.2}")),
            (None, None) => String::new(),
        };
        set_text(&at.fit, &text);
        set_text(&at.says, &figures.as_ref().map(beside).unwrap_or_default());
    }
}

fn is_open(model: &Model, case: &str) -> bool {
    model.current.as_ref().and_then(|current| current.origin.case.as_deref()) == Some(case)
}

/// The one number.
fn fit(figures: &Figures) -> String {
    match figures.fit {
        Some(fit) => say!("teach-fit", fit = format!("{fit:.2}"), pictures = figures.pictures),
        None => String::new(),
    }
}

/// What stands beside it: what it cost, and what others reach.
fn beside(figures: &Figures) -> String {
    let two = |value: f32| format!("{value:.2}");
    let cost = message!(
        "teach-cost",
        looked = format!("{:.0}", figures.looked),
        minutes = format!("{:.0}", figures.by_hand / 60.0),
        pictures = figures.pictures
    );
    let mut said = cost;
    if let Some(untrained) = figures.untrained {
        said = message!("two-sentences", first = said, second = message!("teach-untrained", fit = two(untrained)));
    }
    if let Some(simulated) = figures.simulated {
        said = message!("two-sentences", first = said, second = message!("teach-simulated", fit = two(simulated)));
    }
    if let Some(outlines) = figures.outlines {
        said = message!("two-sentences", first = said, second = message!("teach-outlines", fit = two(outlines)));
    }
    said.to_string()
}
