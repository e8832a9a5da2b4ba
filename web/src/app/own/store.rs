//! The visitor's work in the browser's own storage (IndexedDB): pictures once, what was done with them
//! whenever it changes.

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, File, IdbDatabase, IdbRequest, IdbTransaction, IdbTransactionMode as Mode};

use crate::app::elements::{js, window};

/// Name of the database.
const NAME: &str = "fovea-own";

/// Its tables: what is said of a picture, its file, and everything else.
const ITEMS: &str = "items";
const FILES: &str = "files";
const REST: &str = "rest";

/// Keys of the last table.
const ABOUT: &str = "about";
const STUDENT: &str = "student";

/// Why nothing could be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The browser gives no more room.
    Full,
    /// Anything else, as the browser says it.
    Other(String),
}

impl Trouble {
    fn of(error: JsValue) -> Self {
        let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
        match name.as_deref() {
            Some("QuotaExceededError") => Self::Full,
            _ => Self::Other(js::text(error)),
        }
    }
}

/// The open database.
#[derive(Clone)]
pub(super) struct Store(IdbDatabase);

/// What is to be kept, and what is not any more.
#[derive(Default)]
pub(super) struct Change {
    /// Pictures with what is said of them.
    pub(super) items: Vec<(u64, String)>,
    /// New files.
    pub(super) files: Vec<(u64, File)>,
    /// Pictures that were taken out.
    pub(super) removed: Vec<u64>,
    /// What is said of all.
    pub(super) about: String,
    /// The student, where there is a new one.
    pub(super) student: Option<Vec<u8>>,
}

fn key(number: u64) -> JsValue {
    JsValue::from_f64(number as f64)
}

impl Store {
    /// Opens the database, or makes it.
    pub(super) async fn open() -> Result<Self, Trouble> {
        let factory = window().indexed_db().map_err(Trouble::of)?;
        let factory = factory.ok_or_else(|| Trouble::Other("IndexedDB".into()))?;
        let request = factory.open_with_u32(NAME, 1).map_err(Trouble::of)?;
        let made = request.clone();
        let make = once(move || {
            let Ok(database) = made.result() else { return };
            for name in [ITEMS, FILES, REST] {
                // A table that cannot be made fails the request as a whole.
                drop(database.unchecked_ref::<IdbDatabase>().create_object_store(name));
            }
        });
        request.set_onupgradeneeded(Some(&make));
        Ok(Self(answer(&request).await?.unchecked_into()))
    }

    fn transaction(&self, mode: Mode) -> Result<IdbTransaction, Trouble> {
        let stores: Array = [ITEMS, FILES, REST].into_iter().map(JsValue::from).collect();
        self.0.transaction_with_str_sequence_and_mode(&stores, mode).map_err(Trouble::of)
    }

    /// Keeps a change as a whole, or nothing of it.
    pub(super) async fn keep(&self, change: Change) -> Result<(), Trouble> {
        let transaction = self.transaction(Mode::Readwrite)?;
        let done = end(&transaction);
        let write = || -> Result<(), JsValue> {
            let [items, files, rest] = [ITEMS, FILES, REST].map(|name| transaction.object_store(name));
            let (items, files, rest) = (items?, files?, rest?);
            for (number, text) in &change.items {
                items.put_with_key(&text.as_str().into(), &key(*number))?;
            }
            for (number, file) in &change.files {
                files.put_with_key(file, &key(*number))?;
            }
            for number in &change.removed {
                items.delete(&key(*number))?;
                files.delete(&key(*number))?;
            }
            if let Some(student) = &change.student {
                rest.put_with_key(&Uint8Array::from(student.as_slice()), &STUDENT.into())?;
            }
            rest.put_with_key(&change.about.as_str().into(), &ABOUT.into())?;
            Ok(())
        };
        write().map_err(Trouble::of)?;
        JsFuture::from(done).await.map(drop).map_err(Trouble::of)
    }

    /// What is said of the work that is kept; nothing where none is.
    pub(super) async fn about(&self) -> Option<String> {
        let rest = self.transaction(Mode::Readonly).ok()?.object_store(REST).ok()?;
        answer(&rest.get(&ABOUT.into()).ok()?).await.ok()?.as_string()
    }

    /// The student that is kept.
    pub(super) async fn student(&self) -> Option<Vec<u8>> {
        let rest = self.transaction(Mode::Readonly).ok()?.object_store(REST).ok()?;
        let bytes = answer(&rest.get(&STUDENT.into()).ok()?).await.ok()?;
        bytes.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
    }

    /// All pictures: what is said of each, in the order of their numbers, and the files by their numbers.
    pub(super) async fn all(&self) -> Result<(Vec<String>, Vec<(u64, File)>), Trouble> {
        let transaction = self.transaction(Mode::Readonly)?;
        let requests = || -> Result<_, JsValue> {
            let (items, files) = (transaction.object_store(ITEMS)?, transaction.object_store(FILES)?);
            Ok((items.get_all()?, files.get_all_keys()?, files.get_all()?))
        };
        let (items, keys, files) = requests().map_err(Trouble::of)?;
        // All listen before the first has answered.
        let [items, keys, files] = [items, keys, files].map(|request| JsFuture::from(answered(&request)));
        let array = |value: Result<JsValue, JsValue>| value.map(Array::unchecked_from_js).map_err(Trouble::of);
        let (items, keys, files) = (array(items.await)?, array(keys.await)?, array(files.await)?);
        let number = |key: JsValue| key.as_f64().map(|key| key as u64);
        let files = keys.iter().zip(files.iter()).filter_map(|(key, file)| Some((number(key)?, file.dyn_into().ok()?)));
        Ok((items.iter().filter_map(|text| text.as_string()).collect(), files.collect()))
    }

    /// Throws everything away.
    pub(super) async fn clear(&self) -> Result<(), Trouble> {
        let transaction = self.transaction(Mode::Readwrite)?;
        let done = end(&transaction);
        for name in [ITEMS, FILES, REST] {
            transaction.object_store(name).and_then(|store| store.clear()).map_err(Trouble::of)?;
        }
        JsFuture::from(done).await.map(drop).map_err(Trouble::of)
    }
}

/// The answer to a request.
async fn answer(request: &IdbRequest) -> Result<JsValue, Trouble> {
    JsFuture::from(answered(request)).await.map_err(Trouble::of)
}

fn answered(request: &IdbRequest) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let (done, failed) = (request.clone(), request.clone());
        request.set_onsuccess(Some(&once(move || call(&resolve, &done.result().unwrap_or(JsValue::NULL)))));
        request.set_onerror(Some(&once(move || call(&reject, &failed.error().map_or_else(|e| e, value)))));
    })
}

/// The end of a transaction.
fn end(transaction: &IdbTransaction) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let failed = transaction.clone();
        transaction.set_oncomplete(Some(&once(move || call(&resolve, &JsValue::NULL))));
        transaction.set_onabort(Some(&once(move || call(&reject, &value(failed.error())))));
    })
}

fn value(error: Option<DomException>) -> JsValue {
    error.map_or(JsValue::NULL, JsValue::from)
}

/// A function that is called at most once.
fn once(call: impl FnOnce() + 'static) -> Function {
    Closure::once_into_js(call).unchecked_into()
}

fn call(function: &Function, value: &JsValue) {
    // Those of a promise never throw.
    drop(function.call1(&JsValue::UNDEFINED, value));
}
