//! The one way in for what visitors bring: dropped, pasted, chosen, dragged from another tab,
//! before the program was there or after.
//! `www/incoming.js` keeps and delivers it; here it is sorted, one parcel after the other in the
//! order of arrival, and each is answered.
//!
//! The last picture wins. A picture of the visitor's that another one has overtaken before it was
//! shown is named, and gaze that comes
//! while a picture is on its way waits for that picture.

pub mod kind;
pub mod parcel;
pub mod sort;
pub mod words;

use std::collections::VecDeque;

use js_sys::Function;
use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::{
    Page, files,
    gaze_in::GazeFile,
    panels::Origin,
    state::{App, Phase},
};
use crate::text::{Message, message, say};
use parcel::{Parcel, deliver, look};
use sort::{Found, Incoming, sort};
pub(super) use words::both;

/// What has been brought, and the picture that is on its way.
#[derive(Default)]
pub struct Desk {
    parcels: VecDeque<Parcel>,
    /// Whether a parcel is being sorted.
    sorting: bool,
    coming: Option<Coming>,
}

/// A picture from the wish for it until it is shown or refused.
#[derive(Clone, Debug, PartialEq)]
struct Coming {
    /// Its number.
    image: u64,
    /// What it is called.
    title: Message,
    /// Whether the visitor has brought it.
    own: bool,
    /// Gaze to take once it is shown.
    gaze: Vec<GazeFile>,
    /// What is to be said then.
    word: Message,
}

impl Desk {
    /// Whether something that was brought is still being sorted.
    pub(super) fn at_work(&self) -> bool {
        self.sorting
    }

    /// Whether the picture that is on its way is the visitor's.
    pub(super) fn expects_own(&self) -> bool {
        self.coming.as_ref().is_some_and(|coming| coming.own)
    }

    /// A picture is wished for. One of the visitor's that was still on its way will not be shown, and is to be named.
    pub(super) fn expect(&mut self, image: u64, title: Message, own: bool) {
        let word = match self.coming.take() {
            Some(former) if former.own => {
                let overtaken = message!("incoming-overtaken", former = former.title, newer = title.clone());
                both(former.word, overtaken)
            }
            _ => Message::default(),
        };
        self.coming = Some(Coming { image, title, own, gaze: Vec::new(), word });
    }

    /// More about the picture that is on its way.
    fn add(&mut self, gaze: Vec<GazeFile>, word: Message) {
        if let Some(coming) = &mut self.coming {
            coming.gaze.extend(gaze);
            coming.word = both(std::mem::take(&mut coming.word), word);
        }
    }

    /// The picture that is on its way has another number now.
    pub(super) fn renumber(&mut self, image: u64) {
        if let Some(coming) = &mut self.coming {
            coming.image = image;
        }
    }

    fn arrived(&mut self, image: u64) -> Option<Coming> {
        self.coming.take_if(|coming| coming.image == image)
    }
}

/// Takes over from `www/incoming.js`, with what it has kept.
pub(super) fn take_over(page: &Page) {
    let of = page.clone();
    let receiver = Closure::<dyn Fn(Parcel)>::new(move |parcel| of.receive(parcel));
    let receiver: Function = receiver.into_js_value().unchecked_into();
    if let Err(error) = deliver(&receiver) {
        log::error!("nothing can be dropped, pasted or chosen: {}", files::text(error));
    }
}

impl Page {
    fn receive(&self, parcel: Parcel) {
        let begin = self.update(|app| {
            app.desk.parcels.push_back(parcel);
            !std::mem::replace(&mut app.desk.sorting, true)
        });
        if begin {
            let page = self.clone();
            spawn_local(async move {
                while let Some(parcel) = page.update(|app| app.desk.parcels.pop_front()) {
                    page.unpack(&parcel).await;
                }
                page.update(|app| app.desk.sorting = false);
            });
        }
    }

    /// Sorts a parcel and does what follows.
    async fn unpack(&self, parcel: &Parcel) {
        let (files, beside) = (parcel.all_files(), parcel.beside());
        if beside.as_gaze {
            // What follows is seen on the stage.
            self.read(|app| app.dom.share.close());
        }
        let mut found: Vec<Found> = Vec::new();
        for file in &files {
            found.push(look(file).await);
        }
        let (incoming, left) = sort(&found, &beside);
        if self.read(|app| app.phase == Phase::Broken) {
            let all: Vec<&str> = found.iter().map(|file| file.name.as_str()).collect();
            return self.update(|app| app.cannot_take(&all));
        }
        let word = words::left(&left);
        match incoming {
            Incoming::Picture(picture) => self.open_brought(&files[picture], Vec::new(), word),
            Incoming::PictureAndGaze(picture, gaze) => {
                let gaze = read_all(&files, &gaze).await;
                self.open_brought(&files[picture], gaze, word);
            }
            Incoming::Gaze(gaze) => {
                let gaze = read_all(&files, &gaze).await;
                self.update(|app| {
                    // For the picture that comes, if one does.
                    if app.desk.coming.is_some() { app.desk.add(gaze, word) } else { app.take_and_say(gaze, word) }
                });
            }
            Incoming::Refused => self.update(|app| app.answer_brought(word)),
            Incoming::Link => self.update(|app| app.answer_brought(message!("incoming-link"))),
            Incoming::Text => self.update(|app| app.answer_brought(message!("incoming-text"))),
            Incoming::Nothing => self.update(|app| app.answer_brought(message!("incoming-nothing"))),
        }
    }

    fn open_brought(&self, file: &File, gaze: Vec<GazeFile>, word: Message) {
        let read = file.clone();
        // What an address asks for is meant for another picture.
        self.update(|app| app.sharing.forget_asked());
        self.open(Origin::of_own(&file.name()), Vec::new(), |image| files::own(read, image));
        self.update(|app| app.desk.add(gaze, word));
    }
}

/// The files at these places, each with its bytes or why it has none.
async fn read_all(files: &[File], places: &[usize]) -> Vec<GazeFile> {
    let mut all = Vec::new();
    for place in places {
        let file = &files[*place];
        let bytes = files::own(file.clone(), 0).await.map(|request| request.file.bytes.0);
        all.push(GazeFile { name: file.name(), bytes });
    }
    all
}

impl App {
    /// The picture with this number is on the stage: what came with it follows.
    pub(super) fn brought_is_shown(&mut self, image: u64) {
        if let Some(Coming { gaze, word, .. }) = self.desk.arrived(image) {
            self.take_and_say(gaze, word);
        }
    }

    /// The picture with this number is not to be had, and why.
    pub(super) fn brought_is_refused(&mut self, image: u64, why: Message) {
        let mut said = why;
        if let Some(Coming { gaze, word, .. }) = self.desk.arrived(image) {
            for file in gaze {
                said = both(said, message!("incoming-gaze-alone", file = file.name));
            }
            said = both(said, word);
        }
        self.show_image_message(said);
    }

    fn take_and_say(&mut self, gaze: Vec<GazeFile>, word: Message) {
        let said = both(if gaze.is_empty() { Message::default() } else { self.take_gaze(gaze) }, word);
        if !said.is_empty() {
            self.show_image_message(said);
        }
    }

    fn answer_brought(&mut self, word: Message) {
        self.say(&say!("incoming-not-taken"));
        self.show_image_message(word);
    }

    /// Nothing can be opened any more; the message says why already.
    fn cannot_take(&mut self, names: &[&str]) {
        let why = self.broken_by.clone().unwrap_or_default();
        self.show_message(if names.is_empty() {
            why
        } else {
            both(why, message!("incoming-stopped", names = words::names(names)))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(image: u64, title: &str, own: bool) -> Desk {
        let mut desk = Desk::default();
        desk.expect(image, title.into(), own);
        desk
    }

    #[test]
    fn the_last_picture_wins_and_the_one_before_is_named() {
        let mut desk = desk(1, "one.jpg", true);
        desk.add(Vec::new(), "A word.".into());
        desk.expect(2, "two.jpg".into(), true);
        assert_eq!(desk.arrived(1), None, "it is of no interest any more");
        let word = desk.arrived(2).map(|coming| coming.word.to_string()).unwrap_or_default();
        assert!(word.contains("A word.") && word.contains("one.jpg") && word.contains("two.jpg"), "{word}");
        assert!(!desk.expects_own());
    }

    #[test]
    fn a_case_of_the_gallery_is_replaced_without_a_word() {
        let mut desk = desk(1, "Case a", false);
        desk.expect(2, "two.jpg".into(), true);
        assert!(desk.expects_own() && desk.arrived(2).is_some_and(|coming| coming.word.is_empty()));
    }

    #[test]
    fn gaze_waits_for_the_picture_that_comes() {
        let mut desk = desk(1, "one.jpg", true);
        desk.add(vec![GazeFile { name: "one.csv".into(), bytes: Ok(vec![1]) }], Message::default());
        // Another model reads the same picture under another number.
        desk.renumber(5);
        let coming = desk.arrived(5).map(|coming| coming.gaze.len());
        assert_eq!(coming, Some(1));
    }
}
