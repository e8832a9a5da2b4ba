//! The tab in which a visitor teaches a network: glances at a few pictures, a student that learns
//! from them, and how it does on pictures that it has never seen.

mod links;
mod view;

use std::collections::BTreeMap;

use fovea_shared::gaze::Fixation;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Event};

use super::{
    glances::Glance,
    lesson::Pictures,
    state::{Phase, Teach},
    task::{Task, Teacher},
    thumbs::Thumbs,
};
use crate::{
    app::{
        bundles::download,
        elements::{
            events::{attribute, click, on},
            get,
        },
        model::{Command, Handle, Model},
    },
    protocol::{OpenRequest, Request, Response, TeachPicture},
    text::{Message, say},
};
use links::Links;
use view::{Elements, fit, two};

/// Seed of the fresh student.
const SEED: u64 = 1;

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
    links: Links,
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
            links: Links::find(d)?,
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
        self.links.listen(handle);
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
        self.place_theirs(model);
    }

    /// Begins a lesson of the first `pictures` pictures, which learns by itself once they are glanced at.
    pub fn begin_short(&mut self, model: &mut Model, pictures: usize) {
        let mut taught = self.pictures.taught();
        taught.truncate(pictures);
        if self.lesson.glances().all().iter().map(|one| one.picture).eq(taught.iter().copied()) {
            self.lesson.start_again();
        } else {
            self.lesson.lesson(&taught, &self.pictures.unseen(), SEED);
            self.place_theirs(model);
        }
        (self.short, self.begun, self.refused) = (true, true, Message::default());
        self.open_next(model, true);
    }

    /// For the next visitor.
    pub fn start_over(&mut self) {
        (self.begun, self.look_next, self.refused) = (false, false, Message::default());
        self.lesson.start_again();
        self.forget_theirs();
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
                    // Both students, one after the other.
                    self.lesson.teach_theirs();
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
        self.look_next = look && waits;
        let Some(case) = self.pictures.case(picture).filter(|_| waits) else { return };
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
        let works = self.begun || self.lesson.teaches_theirs();
        let next = if works { self.lesson.next_task() } else { None };
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
                let (teacher, ends) = (Teacher::of_course(step.course), step.finished());
                self.lesson.taught_step(step);
                // Many steps come in a second.
                model.stage_as_before = true;
                match (teacher.filter(|_| ends), self.lesson.figures()) {
                    (Some(Teacher::Visitor), Some(figures)) => model.say(fit(&figures)),
                    (Some(Teacher::Other), _) => model.say(two(&self.lesson)),
                    _ => {}
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
}

fn is_open(model: &Model, case: &str) -> bool {
    model.current.as_ref().and_then(|current| current.origin.case.as_deref()) == Some(case)
}
