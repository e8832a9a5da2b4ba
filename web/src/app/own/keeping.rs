//! When the work is written to the browser's storage, and what is there from before.

use std::collections::BTreeSet;

use js_sys::Date;
use wasm_bindgen_futures::spawn_local;

use super::{
    Own,
    store::{Change, Store},
};
use crate::app::collection::{
    record::{self, About, Ago},
    state::Collection,
};
use crate::{app::model::Handle, protocol::Blob};

pub(super) use super::store::Trouble;

/// What is known of the storage.
#[derive(Default)]
pub(super) struct Keeping {
    store: Option<Store>,
    /// Whether something is being written.
    writing: bool,
    /// Why the last writing failed.
    pub(super) trouble: Option<Trouble>,
    /// Work that is there from before and has not been opened.
    pub(super) offer: Option<About>,
    /// Pictures that are to be written.
    due: BTreeSet<u64>,
    /// Pictures whose files are written.
    files: BTreeSet<u64>,
    /// The student that is written.
    student: Option<Blob>,
}

impl Keeping {
    /// How long ago work was kept.
    pub(super) fn ago(&self, about: &About) -> Ago {
        let now = Date::new_0();
        // Days are those of the visitor's clock.
        let zone = now.get_timezone_offset() * 60_000.0;
        Ago::of(about.when - zone, now.get_time() - zone)
    }
}

/// Looks for work that is kept.
pub(super) fn open(handle: &Handle<Own>) {
    let handle = handle.clone();
    spawn_local(async move {
        match Store::open().await {
            Ok(store) => {
                let about = store.about().await.and_then(|text| serde_json::from_str::<About>(&text).ok());
                // Nothing of this is seen until there is work.
                handle.visit(|own, _| own.keeping.store = Some(store));
                // What the visitor has brought meanwhile is written beside it.
                if let Some(about) = about.filter(|about| about.pictures > 0) {
                    handle.update(|own, _| own.keeping.offer = Some(about));
                }
            }
            Err(trouble) => {
                handle.visit(|own, _| own.keeping.trouble = Some(trouble));
            }
        }
    });
}

/// Opens the work that is kept, beside what is there already.
pub(super) async fn load(handle: &Handle<Own>) {
    let store = handle.update(|own, _| own.keeping.offer.take().and(own.keeping.store.clone()));
    let Some(store) = store else { return };
    match store.all().await {
        Err(trouble) => handle.update(|own, _| own.keeping.trouble = Some(trouble)),
        Ok((texts, files)) => {
            let student = store.student().await;
            handle.update(|own, _| {
                let kept: Vec<_> = texts.iter().filter_map(|text| record::read(text)).collect();
                let new: Vec<_> = std::mem::take(&mut own.collection).items().to_vec();
                let (own_files, own_small) = (std::mem::take(&mut own.files), std::mem::take(&mut own.small));
                own.files = files.into_iter().collect();
                // A picture without its file is of no use.
                let kept: Vec<_> = kept.into_iter().filter(|(item, _)| own.files.contains_key(&item.number)).collect();
                own.keeping.files = kept.iter().map(|(item, _)| item.number).collect();
                own.small = kept.iter().map(|(item, small)| (item.number, small.clone())).collect();
                own.collection = Collection::restore(kept.into_iter().map(|(item, _)| item).collect());
                own.work.clear();
                for item in new {
                    let (file, small) = (own_files.get(&item.number).cloned(), own_small.get(&item.number).cloned());
                    let number = own.collection.add_item(item);
                    own.files.extend(file.map(|file| (number, file)));
                    own.small.extend(small.map(|small| (number, small)));
                }
                if let Some(student) = student.map(Blob) {
                    own.work.keep_student(student.clone());
                    own.keeping.student = Some(student);
                }
                own.open = true;
            });
        }
    }
}

/// Writes what has changed, if nothing is being written.
pub(super) fn keep(own: &mut Own, handle: &Handle<Own>) {
    let changed = own.collection.take_changed();
    let new = !changed.is_empty();
    own.keeping.due.extend(changed);
    let student = own.work.student().filter(|student| Some(*student) != own.keeping.student.as_ref()).cloned();
    let due = !own.keeping.due.is_empty() || student.is_some();
    // What failed is tried again with the next change.
    let again = own.keeping.trouble.is_none() || new;
    let Some(store) = own.keeping.store.clone().filter(|_| due && again && !own.keeping.writing) else { return };
    if own.keeping.offer.is_some() {
        return;
    }
    let numbers = std::mem::take(&mut own.keeping.due);
    let (there, removed): (Vec<u64>, Vec<u64>) =
        numbers.iter().copied().partition(|number| own.collection.item(*number).is_some());
    let text = |number: &u64| {
        let small = own.small.get(number).map_or("", String::as_str);
        own.collection.item(*number).map(|item| (*number, record::write(item, small)))
    };
    let new_files = there.iter().filter(|number| !own.keeping.files.contains(number));
    let change = Change {
        items: there.iter().filter_map(text).collect(),
        files: new_files.filter_map(|number| Some((*number, own.files.get(number)?.clone()))).collect(),
        removed,
        about: serde_json::to_string(&About { when: Date::now(), pictures: own.collection.items().len() })
            .unwrap_or_default(),
        student: student.as_ref().map(|student| student.0.clone()),
    };
    own.keeping.writing = true;
    let handle = handle.clone();
    let files: Vec<u64> = change.files.iter().map(|(number, _)| *number).collect();
    spawn_local(async move {
        let kept = store.keep(change).await;
        handle.update(|own, _| {
            own.keeping.writing = false;
            match kept {
                Ok(()) => {
                    own.keeping.files.extend(files);
                    own.keeping.student = student.or(own.keeping.student.take());
                    own.keeping.trouble = None;
                }
                Err(trouble) => {
                    own.keeping.due.extend(numbers);
                    own.keeping.trouble = Some(trouble);
                }
            }
        });
    });
}

/// Throws away what is kept.
pub(super) fn clear(own: &mut Own, handle: &Handle<Own>) {
    let keeping = &mut own.keeping;
    (keeping.offer, keeping.student) = (None, None);
    keeping.due.clear();
    keeping.files.clear();
    let Some(store) = keeping.store.clone() else { return };
    let handle = handle.clone();
    spawn_local(async move {
        let cleared = store.clear().await;
        handle.update(|own, _| own.keeping.trouble = cleared.err());
    });
}
