//! What the engine does for a collection, and what becomes of its answers.

use wasm_bindgen_futures::spawn_local;

use super::{Own, keeping, picture_file::bytes_of};
use crate::app::collection::work::{Due, mask_file};
use crate::{
    app::{model::Model, teach::task::Task},
    protocol::{Request, Response, TeachPicture, TeachRole},
    text::Message,
};

impl Own {
    /// Another engine has read nothing.
    pub fn restart(&mut self) {
        self.task = None;
        self.next_file = None;
        self.work.restart(&self.collection);
    }

    /// Another model has another backbone: what was learnt is of no use to it, the glances are.
    pub fn change_model(&mut self) {
        self.task = None;
        self.next_file = None;
        self.work.change_model();
    }

    /// Brings the wish for work in line, and reads the file that it needs. Whether the engine's
    /// teaching is for these pictures.
    pub fn wish(&mut self, model: &mut Model) -> bool {
        if let Some(handle) = self.handle.clone() {
            keeping::keep(self, &handle);
        }
        if !self.open {
            return false;
        }
        let ready = match self.work.due(&self.collection) {
            Some(Due::Task(Task::Read(number, _))) => {
                let here = self.next_file.as_ref().is_some_and(|(of, _)| *of == number);
                if !here {
                    self.fetch(number);
                }
                here
            }
            due => due.is_some(),
        };
        model.schedule.want_teaching(ready);
        true
    }

    /// Reads the bytes of a picture, of one at a time.
    fn fetch(&mut self, number: u64) {
        let (Some(handle), Some(file)) = (self.handle.clone(), self.files.get(&number).cloned()) else { return };
        if std::mem::replace(&mut self.fetching, true) {
            return;
        }
        spawn_local(async move {
            let bytes = bytes_of(&file).await;
            handle.update(|own, _| {
                own.fetching = false;
                match bytes {
                    Ok(file) => own.next_file = Some((number, file)),
                    Err(why) => own.work.refused(&mut own.collection, &Task::ReadOn(number), why),
                }
            });
        });
    }

    /// What the engine is told.
    pub fn request(&mut self) -> Option<Request> {
        let task = match self.work.due(&self.collection)? {
            Due::Task(task) => task,
            Due::Start => Task::Start(self.work.request(&self.collection)),
        };
        let request = task.clone().request(|picture, role| self.read_request(picture, role))?;
        self.task = Some(task);
        Some(request)
    }

    fn read_request(&mut self, picture: u64, role: TeachRole) -> Option<TeachPicture> {
        let (_, file) = self.next_file.take().filter(|(of, _)| *of == picture)?;
        let item = self.collection.item(picture)?;
        let mask = item.truth.as_ref().and_then(|truth| mask_file(item, truth).ok());
        Some(TeachPicture { picture, file, mask, from_bundle: false, role })
    }

    /// Whether the engine works on a task of these pictures.
    pub fn awaits(&self) -> bool {
        self.task.is_some()
    }

    /// The engine has done a task.
    pub fn done(&mut self, model: &mut Model, answer: Response) {
        let task = self.task.take();
        match (answer, task) {
            (Response::TeachReading(reading), _) => self.work.read(&reading),
            (Response::Taught(step), _) => {
                self.work.taught_step(step);
                // Many steps come in a second.
                model.stage_as_before = true;
            }
            (Response::TeachDrew(drew), Some(Task::Draw(asked))) => self.work.drew(&asked, drew),
            (Response::TeachExported(file), _) => self.work.exported(file),
            (Response::TeachForgotten(_), _) => self.work.forgotten(),
            _ => {}
        }
    }

    /// The engine cannot do its task, and why.
    pub fn refused(&mut self, why: Message) {
        if let Some(task) = self.task.take() {
            if matches!(task, Task::Start(_) | Task::Step(_)) {
                self.refused = why.clone();
            }
            self.work.refused(&mut self.collection, &task, why);
        }
    }
}
