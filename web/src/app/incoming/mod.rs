//! The one way in for what visitors bring: dropped, pasted, chosen, dragged from another tab,
//! before the program was there or after.
//! `www/incoming.js` keeps and delivers it; here it is sorted, one parcel after the other in the
//! order of arrival, and each is answered.
//!
//! The last picture wins. A picture of the visitor's that another one has overtaken before it was
//! shown is named, and gaze that comes
//! while a picture is on its way waits for that picture.

mod desk;
pub mod dicom;
mod gauge;
mod gaze_file;
mod glance_files;
pub mod kind;
mod kinds;
mod own_note;
pub mod parcel;
pub mod sort;
pub mod words;

use std::{collections::VecDeque, future::Future};

use fovea_shared::bundle::CaseDescription;
use js_sys::Function;
use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, File};

use super::{
    bundles::download,
    elements::{events::click, js},
    model::{Command, Handle, Model, Origin, Phase, Source},
};
use crate::{
    protocol::{OpenRequest, Request, Resembled},
    text::{Message, message, say},
};
use desk::{Coming, Desk};
use gaze_file::GazeFile;
use kinds::Kinds;
use own_note::OwnNote;
use parcel::{Parcel, deliver, look};
use sort::{Found, sort};
use words::both;

/// The feature: what has been brought, and the picture that is on its way.
pub struct Incoming {
    parcels: VecDeque<Parcel>,
    /// Whether a parcel is being sorted.
    sorting: bool,
    /// Whether the files of the picture that is on its way are being read.
    reading: bool,
    desk: Desk,
    note: OwnNote,
    kinds: Kinds,
    handle: Option<Handle<Self>>,
}

impl Incoming {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            parcels: VecDeque::new(),
            sorting: false,
            reading: false,
            desk: Desk::default(),
            note: OwnNote::find(d)?,
            kinds: Kinds::default(),
            handle: None,
        })
    }

    /// Gets its line to itself, for what comes later.
    pub fn listen(&mut self, handle: &Handle<Self>) {
        self.handle = Some(handle.clone());
        click(handle, &self.note.switch, |_, model| {
            if let Some(place) = own_note::suggested(model) {
                model.send(Command::ChooseBundle(place));
            }
        });
    }

    /// Brings the note about an own image in line with the model.
    pub fn refresh(&self, model: &Model) {
        self.note.refresh(model, &self.kinds.missing);
    }

    /// The open image is read: one of the visitor's is measured against the other bundles too.
    pub fn opened(&mut self, model: &Model) {
        self.kinds.missing.clear();
        let image = model.image().filter(|_| model.is_own() && model.found.likeness.is_some());
        if let Some((image, handle)) = image.zip(self.handle.as_ref()) {
            kinds::fetch(handle, model, image);
        }
    }

    /// Brings the wish for that measure in line.
    pub fn wish(&self, model: &mut Model) {
        let wanted = self.kinds.wanted(model);
        model.schedule.want_resemblance(wanted);
    }

    /// What the engine is told to measure.
    pub fn question(&self, model: &Model, image: u64) -> Option<Request> {
        self.kinds.request(model, image)
    }

    /// The open image is measured.
    pub fn resembled(&mut self, model: &mut Model, answer: Resembled) {
        self.kinds.done();
        model.found.resemblances = answer.kinds;
    }

    /// It cannot be measured, and why.
    pub fn not_resembled(&mut self, why: &Message) {
        log::warn!("{why}");
        self.kinds.done();
    }

    /// Whether the picture that is being read is the visitor's.
    pub fn reads_own(&self) -> bool {
        self.reading && self.desk.expects_own()
    }

    /// The picture that is being read is of no use any more.
    pub fn stop_reading(&mut self, model: &mut Model) {
        model.last_image += 1;
        self.reading = false;
        self.show_work(model);
    }

    /// The picture that is on its way has this number now.
    pub fn renumber(&mut self, image: u64) {
        self.desk.renumber(image);
    }

    /// Opens a case of the gallery.
    pub fn open_case(&mut self, model: &mut Model, id: &str) {
        let case = model.manifest.as_ref().and_then(|manifest| {
            let case = manifest.gallery.iter().find(|case| case.id == id)?.clone();
            Some((model.bundles.folder().to_owned(), manifest.clone(), case))
        });
        if let Some((folder, manifest, case)) = case {
            let (origin, descriptions) = (Origin::of_case(&case), case.descriptions.clone());
            self.open(model, origin, descriptions, move |image| async move {
                download::gallery_case(&folder, &manifest, &case, image).await.map(|request| (request, None))
            });
        }
    }

    /// Opens a picture of the visitor's collection.
    pub fn open_own(&mut self, model: &mut Model, number: u64, file: &File) {
        let read = file.clone();
        model.send(Command::ForgetAsked);
        let origin = Origin { item: Some(number), ..Origin::of_own(&file.name()) };
        self.open(model, origin, Vec::new(), |image| async move {
            download::own(read, image).await.map(|request| (request, None))
        });
    }

    /// Opens a file of the visitor's, with gaze that came beside it and what is to be said then.
    fn open_file(&mut self, model: &mut Model, file: &File, gaze: Vec<GazeFile>, word: Message) {
        let Some(handle) = self.handle.clone() else { return };
        let read = file.clone();
        // What an address asks for is meant for another picture.
        model.send(Command::ForgetAsked);
        self.open(model, Origin::of_own(&file.name()), Vec::new(), |image| async move {
            dicom::own(&handle, read, image).await
        });
        self.desk.add(gaze, word);
    }

    /// Reads the files of an image and asks for it, unless a newer one was asked for meanwhile. With the files comes what
    /// was done to them.
    fn open<F>(
        &mut self,
        model: &mut Model,
        origin: Origin,
        descriptions: Vec<CaseDescription>,
        read: impl FnOnce(u64) -> F + 'static,
    ) where
        F: Future<Output = Result<(OpenRequest, Option<Message>), Message>> + 'static,
    {
        let Some(handle) = self.handle.clone() else { return };
        model.last_image += 1;
        let image = model.last_image;
        self.reading = true;
        self.show_work(model);
        self.desk.expect(image, origin.title.clone(), origin.case.is_none());
        spawn_local(async move {
            let request = read(image).await;
            handle.update(|incoming, model| {
                if model.last_image != image {
                    return;
                }
                incoming.reading = false;
                incoming.show_work(model);
                match request {
                    Ok((request, note)) => {
                        let origin = Origin { note, ..origin };
                        model.want(Source { origin, descriptions, request });
                    }
                    Err(why) => {
                        model.send(Command::ForgetAsked);
                        model.say(say!("not-opened"));
                        incoming.refused(model, image, why);
                    }
                }
            });
        });
    }

    fn show_work(&self, model: &mut Model) {
        model.reading = self.reading || self.sorting;
    }

    /// Takes a parcel; sorts it now, or after those that came before.
    fn receive(&mut self, model: &mut Model, parcel: Parcel) {
        let Some(handle) = self.handle.clone() else { return };
        self.parcels.push_back(parcel);
        if !std::mem::replace(&mut self.sorting, true) {
            self.show_work(model);
            spawn_local(async move {
                while let Some(parcel) = handle.update(|incoming, _| incoming.parcels.pop_front()) {
                    unpack(&handle, &parcel).await;
                }
                handle.update(|incoming, model| {
                    incoming.sorting = false;
                    incoming.show_work(model);
                });
            });
        }
    }

    /// The picture with this number is on the stage: what came with it follows.
    pub fn shown(&mut self, model: &mut Model, image: u64) {
        if let Some(Coming { gaze, word, .. }) = self.desk.arrived(image) {
            take_and_say(model, gaze, word);
        }
    }

    /// The picture with this number cannot be had, and why.
    pub fn refused(&mut self, model: &mut Model, image: u64, why: Message) {
        let mut said = why;
        if let Some(Coming { gaze, word, .. }) = self.desk.arrived(image) {
            for file in gaze {
                said = both(said, message!("incoming-gaze-alone", file = file.name));
            }
            said = both(said, word);
        }
        model.show_image_message(said);
    }

    /// Gaze for the picture that comes, if one does, else for the one that is open.
    fn take(&mut self, model: &mut Model, gaze: Vec<GazeFile>, word: Message) {
        if self.desk.expects() {
            self.desk.add(gaze, word);
        } else {
            take_and_say(model, gaze, word);
        }
    }
}

/// Takes over from `www/incoming.js`, with what it has kept.
pub fn take_over(handle: &Handle<Incoming>) {
    let of = handle.clone();
    let receiver =
        Closure::<dyn Fn(Parcel)>::new(move |parcel| of.update(|incoming, model| incoming.receive(model, parcel)));
    let receiver: Function = receiver.into_js_value().unchecked_into();
    if let Err(error) = deliver(&receiver) {
        log::error!("nothing can be dropped, pasted or chosen: {}", js::text(error));
    }
}

/// Sorts a parcel and does what follows.
async fn unpack(handle: &Handle<Incoming>, parcel: &Parcel) {
    if parcel.is_collected() || handle.read(|_, model| model.collecting && !parcel.beside().as_gaze) {
        let files = parcel.everything().await;
        if !files.is_empty() {
            return handle.update(|_, model| model.send(Command::Collect(files)));
        }
    }
    let (files, beside) = (parcel.all_files(), parcel.beside());
    if beside.as_gaze {
        // What follows is seen on the stage.
        handle.update(|_, model| model.send(Command::CloseDialogs));
    }
    let mut found: Vec<Found> = Vec::new();
    for file in &files {
        found.push(look(file).await);
    }
    let (sorted, left) = sort(&found, &beside);
    if let Some(why) =
        handle.read(|_, model| if let Phase::Broken(why) = &model.phase { Some(why.clone()) } else { None })
    {
        let all: Vec<&str> = found.iter().map(|file| file.name.as_str()).collect();
        return handle.update(|_, model| cannot_take(model, why, &all));
    }
    let word = words::left(&left);
    match sorted {
        sort::Incoming::Picture(picture) => {
            handle.update(|incoming, model| incoming.open_file(model, &files[picture], Vec::new(), word));
        }
        sort::Incoming::PictureAndGaze(picture, gaze) => {
            let gaze = read_all(&files, &gaze).await;
            handle.update(|incoming, model| incoming.open_file(model, &files[picture], gaze, word));
        }
        sort::Incoming::Gaze(gaze) => {
            let gaze = read_all(&files, &gaze).await;
            handle.update(|incoming, model| incoming.take(model, gaze, word));
        }
        sort::Incoming::Glances(glances) => {
            let glances = read_all(&files, &glances).await;
            let glances = glance_files::read(glances);
            handle.update(|_, model| {
                model.send(Command::TakeGlances(glances));
                if !word.is_empty() {
                    model.show_message(word);
                }
            });
        }
        sort::Incoming::Refused => handle.update(|_, model| answer(model, word)),
        sort::Incoming::Link => handle.update(|_, model| answer(model, message!("incoming-link"))),
        sort::Incoming::Text => handle.update(|_, model| answer(model, message!("incoming-text"))),
        sort::Incoming::Nothing => handle.update(|_, model| answer(model, message!("incoming-nothing"))),
    }
}

/// The files at these places, each with its bytes or why it has none.
async fn read_all(files: &[File], places: &[usize]) -> Vec<GazeFile> {
    let mut all = Vec::new();
    for place in places {
        let file = &files[*place];
        let bytes = download::own(file.clone(), 0).await.map(|request| request.file.bytes.0);
        all.push(GazeFile { name: file.name(), bytes });
    }
    all
}

fn take_and_say(model: &mut Model, gaze: Vec<GazeFile>, word: Message) {
    let taken = if gaze.is_empty() { Message::default() } else { gaze_file::take(model, gaze) };
    let said = both(taken, word);
    if !said.is_empty() {
        model.show_image_message(said);
    }
}

fn answer(model: &mut Model, word: Message) {
    model.say(say!("incoming-not-taken"));
    model.show_image_message(word);
}

/// Nothing can be opened any more; the message says why already.
fn cannot_take(model: &mut Model, why: Message, names: &[&str]) {
    let more = message!("incoming-stopped", names = words::names(names));
    model.show_message(if names.is_empty() { why } else { both(why, more) });
}
