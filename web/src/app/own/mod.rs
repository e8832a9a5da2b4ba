//! The visitor's own pictures in the tab *Teach*: glance through them, teach a student, see its masks on
//! all of them, accept, mend or look again, save.

mod engine_side;
mod grid;
mod intake;
mod judging;
mod keeping;
mod panel;
mod picture_file;
mod saving;
mod store;

use std::collections::BTreeMap;

use fovea_shared::gaze::Fixation;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Event, File};

use self::{grid::Grid, judging::For, keeping::Keeping, panel::Panel};
use crate::app::collection::{
    item::{Item, Mark},
    state::Collection,
    work::Work,
};
use crate::{
    app::{
        brush::Brush,
        elements::{
            events::{attribute, click, on},
            focus::focus_next,
        },
        model::{Command, Handle, Model},
        teach::{state::Phase, task::Task},
    },
    protocol::NamedFile,
    text::{Message, say},
};

/// The feature.
pub struct Own {
    panel: Panel,
    grid: Grid,
    brush: Brush,
    collection: Collection,
    work: Work,
    keeping: Keeping,
    /// Files of the pictures. The browser holds their bytes.
    files: BTreeMap<u64, File>,
    /// Small copies, as `data:` addresses.
    small: BTreeMap<u64, String>,
    /// Whether the tab shows the own pictures and not those of the gallery.
    open: bool,
    /// Whether the visitor has begun to glance.
    begun: bool,
    /// The picture that is chosen in the grid.
    selected: Option<u64>,
    /// Files that wait to be taken in.
    queue: Vec<File>,
    /// How many files are taken in, of how many.
    taking: Option<(usize, usize)>,
    /// How many pictures are saved, of how many.
    saving: Option<(usize, usize)>,
    /// Why the student waits.
    refused: Message,
    paints: Option<(u64, For)>,
    /// Whether the next picture that opens is to be looked at at once.
    look_next: bool,
    /// The task that the engine has.
    task: Option<Task>,
    /// The bytes of the picture that the engine reads next.
    next_file: Option<(u64, NamedFile)>,
    /// Whether they are being read.
    fetching: bool,
    handle: Option<Handle<Self>>,
}

impl Own {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            panel: Panel::find(d)?,
            grid: Grid::find(d)?,
            brush: Brush::find(d)?,
            collection: Collection::default(),
            work: Work::default(),
            keeping: Keeping::default(),
            files: BTreeMap::new(),
            small: BTreeMap::new(),
            open: false,
            begun: false,
            selected: None,
            queue: Vec::new(),
            taking: None,
            saving: None,
            refused: Message::default(),
            paints: None,
            look_next: false,
            task: None,
            next_file: None,
            fetching: false,
            handle: None,
        })
    }

    /// Listens to the visitor, and looks for work that is kept.
    pub fn listen(&mut self, handle: &Handle<Self>) {
        self.handle = Some(handle.clone());
        let at = &self.panel;
        click(handle, &at.open, |own, model| own.show(model, true));
        click(handle, &at.back, |own, model| own.show(model, false));
        let (of, files) = (handle.clone(), at.files.clone());
        // The window for files opens while the app is free: what it does is an event too.
        on(&at.go, "click", move |_: Event| {
            if of.read(|own, _| own.collection.items().is_empty()) {
                files.click();
            } else {
                of.update(Self::go);
            }
        });
        for (button, input) in [(&at.more, &at.files), (&at.folder_open, &at.folder)] {
            let input = input.clone();
            on(button, "click", move |_: Event| input.click());
        }
        click(handle, &at.learn, |own, model| match own.work.phase() {
            Phase::Result => own.glance_on(model),
            _ => own.learn(model),
        });
        click(handle, &at.skip, |own, model| {
            if own.collection.skip() {
                own.open_next(model, true);
            }
        });
        click(handle, &at.undo, |own, model| {
            if own.collection.undo() {
                own.open_next(model, false);
            }
        });
        click(handle, &at.hand, |own, model| {
            let shown = own.collection.shown().map(|item| item.number);
            own.paint(model, shown, For::Outline);
        });
        click(handle, &at.redraw, |own, model| own.paint(model, own.selected, For::Outline));
        click(handle, &at.mend, |own, model| own.paint(model, own.selected, For::Mending));
        click(handle, &at.accept, |own, _| own.accept());
        click(handle, &at.again, Self::look_again);
        click(handle, &at.remove, |own, _| own.remove());
        click(handle, &at.done, Self::painted);
        click(handle, &at.cancel, |own, _| {
            own.paints = None;
            drop(own.brush.end());
        });
        click(handle, &at.save, Self::save);
        click(handle, &at.away, |own, _| own.ask(true));
        click(handle, &at.stored_away, |own, _| own.throw_away());
        click(handle, &at.stored_go, |own, model| {
            own.show(model, true);
            own.load();
        });
        click(handle, &at.yes, |own, model| {
            own.throw_away();
            own.show(model, false);
        });
        click(handle, &at.no, |own, _| own.ask(false));
        let of = handle.clone();
        on(self.grid.thumbs.list(), "click", move |event: Event| {
            if let Some(picture) = attribute(&event, "data-picture").and_then(|p| p.parse().ok()) {
                of.update(|own, model| own.select(model, picture));
            }
        });
        self.brush.listen(handle, |own| &mut own.brush);
        keeping::open(handle);
    }

    /// Whether the own pictures are in front, so that what is dropped belongs to them.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Whether files are taken in or saved.
    fn at_work(&self) -> bool {
        self.taking.or(self.saving).is_some()
    }

    /// Whether a picture of the collection is on the stage.
    fn shows(&self, model: &Model, item: Option<&Item>) -> bool {
        item.is_some_and(|item| on_stage(model) == Some(item.number))
    }

    fn can_go(&self, model: &Model) -> bool {
        let counts = self.collection.counts();
        match self.work.phase() {
            _ if counts.of == 0 => true,
            Phase::Glancing => counts.waiting > 0 && model.current.is_some() || self.work.can_learn(&self.collection),
            Phase::Learning { .. } | Phase::Result => true,
        }
    }

    /// Whether learning, or glancing on, is offered beside the button that leads on.
    fn offers_learning(&self) -> bool {
        let counts = self.collection.counts();
        match self.work.phase() {
            Phase::Glancing => counts.waiting > 0 && counts.glanced + counts.drawn > 0,
            Phase::Learning { .. } => false,
            Phase::Result => true,
        }
    }

    fn show(&mut self, model: &mut Model, open: bool) {
        self.open = open;
        self.ask(false);
        model.collecting = open;
        if !open {
            (self.paints, self.look_next) = (None, false);
            drop(self.brush.end());
        }
    }

    fn load(&self) {
        if let Some(handle) = self.handle.clone() {
            spawn_local(async move { keeping::load(&handle).await });
        }
    }

    /// Takes files in, now or after those that came before.
    pub fn take_in(&mut self, model: &mut Model, files: Vec<File>) {
        self.show(model, true);
        self.queue.extend(files);
        self.go_on_taking();
    }

    /// Takes in what waits, where nothing else is at work.
    fn go_on_taking(&mut self) {
        let Some(handle) = self.handle.clone().filter(|_| !self.at_work() && !self.queue.is_empty()) else { return };
        self.collection.forget_refusals();
        let files = std::mem::take(&mut self.queue);
        self.taking = Some((0, files.len()));
        spawn_local(async move { intake::take_in(&handle, files).await });
    }

    /// The one button that leads on.
    fn go(&mut self, model: &mut Model) {
        self.refused = Message::default();
        let counts = self.collection.counts();
        match self.work.phase() {
            Phase::Glancing if counts.waiting > 0 => {
                self.begun = true;
                self.open_next(model, true);
            }
            Phase::Glancing => self.learn(model),
            Phase::Learning { paused } => self.work.pause(!paused),
            Phase::Result => self.save(model),
        }
    }

    fn learn(&mut self, model: &mut Model) {
        self.refused = Message::default();
        self.selected = None;
        if self.work.learn(&self.collection) {
            model.say(say!("teach-begun"));
        }
    }

    fn glance_on(&mut self, model: &mut Model) {
        self.work.look_again();
        self.begun = true;
        self.open_next(model, false);
    }

    /// Opens the picture that is to be glanced at; `look`: the viewing begins at once.
    fn open_next(&mut self, model: &mut Model, look: bool) {
        let next = self.collection.shown().filter(|item| item.mark == Mark::Waiting).map(|item| item.number);
        if let Some(number) = next {
            self.selected = None;
            self.look_next = look;
            self.bring(model, number);
        }
    }

    /// Brings a picture on the stage.
    fn bring(&mut self, model: &mut Model, number: u64) {
        if on_stage(model) == Some(number) {
            self.opened(model);
        } else if let Some(file) = self.files.get(&number) {
            model.send(Command::OpenOwn(number, file.clone()));
        }
    }

    /// A picture is on the stage.
    pub fn opened(&mut self, model: &mut Model) {
        let awaited = self.collection.shown().map(|item| item.number);
        if self.look_next && awaited.is_some() && on_stage(model) == awaited {
            self.look_next = false;
            model.send(Command::BeginLook);
        }
    }

    /// The visitor has looked at the open picture. Whether it was a glance at one of these.
    pub fn glanced(&mut self, model: &mut Model, fixations: &[Fixation]) -> bool {
        let shown = self.collection.shown().map(|item| item.number);
        let awaited = self.open && self.begun && shown.is_some() && on_stage(model) == shown;
        if awaited && self.work.phase() == Phase::Glancing && self.collection.take(fixations.to_vec()) {
            let counts = self.collection.counts();
            model.say(say!("teach-taken", done = counts.of - counts.waiting, of = counts.of));
            self.open_next(model, true);
        }
        awaited
    }

    fn save(&mut self, model: &mut Model) {
        let domain = model.manifest.as_ref().map(|manifest| manifest.domain);
        let (Some(handle), Some(domain)) = (self.handle.clone().filter(|_| !self.at_work()), domain) else { return };
        self.saving = Some((0, self.collection.items().len()));
        spawn_local(async move { saving::save(&handle, domain).await });
    }

    /// Asks whether everything is to be thrown away, or not any more.
    fn ask(&mut self, asks: bool) {
        self.panel.really.set_hidden(!asks);
        if asks {
            focus_next(self.panel.no.clone().into());
        }
    }

    /// Throws everything away, here and in the browser's storage.
    fn throw_away(&mut self) {
        self.collection.clear();
        self.work.clear();
        self.files.clear();
        self.small.clear();
        drop(self.brush.end());
        (self.paints, self.selected, self.begun, self.look_next) = (None, None, false, false);
        self.refused = Message::default();
        self.ask(false);
        if let Some(handle) = self.handle.clone() {
            keeping::clear(self, &handle);
        }
    }

    /// For the next visitor: nothing of the last one stays.
    pub fn start_over(&mut self, model: &mut Model) {
        if !self.collection.items().is_empty() || self.keeping.offer.is_some() {
            self.throw_away();
        }
        self.show(model, false);
    }

    /// Brings the elements in line with the model.
    pub fn refresh(&mut self, model: &Model) {
        self.panel.refresh(self, model);
        if self.open {
            self.grid.prepare(self.collection.items());
            Grid::refresh(self);
        }
        let item = on_stage(model).filter(|_| self.open).and_then(|number| self.collection.item(number));
        let outline = item.and_then(|item| self.grid.outline(&self.work, item));
        self.brush.refresh(model, outline);
    }
}

/// Number of the own picture that is on the stage.
fn on_stage(model: &Model) -> Option<u64> {
    model.current.as_ref().and_then(|current| current.origin.item)
}
