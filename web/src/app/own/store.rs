//! The visitor's work in the browser's own storage (IndexedDB): pictures once, what was done with them
//! whenever it changes.

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::app::elements::{js, window};

// Kept here and not taken from web-sys, where one more feature would build everything above it again.
#[wasm_bindgen]
extern "C" {
    type Factory;
    #[wasm_bindgen(method, catch)]
    fn open(this: &Factory, name: &str, version: u32) -> Result<Request, JsValue>;

    #[derive(Clone)]
    type Request;
    #[wasm_bindgen(method, getter, catch)]
    fn result(this: &Request) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn error(this: &Request) -> JsValue;
    #[wasm_bindgen(method, setter)]
    fn set_onsuccess(this: &Request, call: &JsValue);
    #[wasm_bindgen(method, setter)]
    fn set_onerror(this: &Request, call: &JsValue);
    #[wasm_bindgen(method, setter)]
    fn set_onupgradeneeded(this: &Request, call: &JsValue);

    #[derive(Clone)]
    type Database;
    #[wasm_bindgen(method, js_name = createObjectStore, catch)]
    fn create_store(this: &Database, name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn transaction(this: &Database, stores: &Array, mode: &str) -> Result<Transaction, JsValue>;

    #[derive(Clone)]
    type Transaction;
    #[wasm_bindgen(method, js_name = objectStore, catch)]
    fn store(this: &Transaction, name: &str) -> Result<ObjectStore, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn error(this: &Transaction) -> JsValue;
    #[wasm_bindgen(method, setter)]
    fn set_oncomplete(this: &Transaction, call: &JsValue);
    #[wasm_bindgen(method, setter)]
    fn set_onabort(this: &Transaction, call: &JsValue);

    type ObjectStore;
    #[wasm_bindgen(method, catch)]
    fn put(this: &ObjectStore, value: &JsValue, key: &JsValue) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn get(this: &ObjectStore, key: &JsValue) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, js_name = delete, catch)]
    fn remove(this: &ObjectStore, key: &JsValue) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn clear(this: &ObjectStore) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, js_name = getAll, catch)]
    fn all(this: &ObjectStore) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, js_name = getAllKeys, catch)]
    fn all_keys(this: &ObjectStore) -> Result<Request, JsValue>;
}

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
pub(super) struct Store(Database);

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
        let factory = Reflect::get(&window(), &"indexedDB".into()).map_err(Trouble::of)?;
        if !factory.is_object() {
            return Err(Trouble::Other("IndexedDB".into()));
        }
        let request = factory.unchecked_ref::<Factory>().open(NAME, 1).map_err(Trouble::of)?;
        let made = request.clone();
        let make = Closure::once_into_js(move || {
            let Ok(database) = made.result() else { return };
            for name in [ITEMS, FILES, REST] {
                // A table that cannot be made fails the request as a whole.
                drop(database.unchecked_ref::<Database>().create_store(name));
            }
        });
        request.set_onupgradeneeded(&make);
        Ok(Self(answer(&request).await?.unchecked_into()))
    }

    fn transaction(&self, mode: &str) -> Result<Transaction, Trouble> {
        let stores = [ITEMS, FILES, REST].into_iter().map(JsValue::from).collect();
        self.0.transaction(&stores, mode).map_err(Trouble::of)
    }

    /// Keeps a change as a whole, or nothing of it.
    pub(super) async fn keep(&self, change: Change) -> Result<(), Trouble> {
        let transaction = self.transaction("readwrite")?;
        let done = end(&transaction);
        let write = || -> Result<(), JsValue> {
            let [items, files, rest] = [ITEMS, FILES, REST].map(|name| transaction.store(name));
            let (items, files, rest) = (items?, files?, rest?);
            for (number, text) in &change.items {
                items.put(&text.as_str().into(), &key(*number))?;
            }
            for (number, file) in &change.files {
                files.put(file, &key(*number))?;
            }
            for number in &change.removed {
                items.remove(&key(*number))?;
                files.remove(&key(*number))?;
            }
            if let Some(student) = &change.student {
                rest.put(&Uint8Array::from(student.as_slice()), &STUDENT.into())?;
            }
            rest.put(&change.about.as_str().into(), &ABOUT.into())?;
            Ok(())
        };
        write().map_err(Trouble::of)?;
        JsFuture::from(done).await.map(drop).map_err(Trouble::of)
    }

    /// What is said of the work that is kept; nothing where none is.
    pub(super) async fn about(&self) -> Option<String> {
        let rest = self.transaction("readonly").ok()?.store(REST).ok()?;
        answer(&rest.get(&ABOUT.into()).ok()?).await.ok()?.as_string()
    }

    /// The student that is kept.
    pub(super) async fn student(&self) -> Option<Vec<u8>> {
        let rest = self.transaction("readonly").ok()?.store(REST).ok()?;
        let bytes = answer(&rest.get(&STUDENT.into()).ok()?).await.ok()?;
        bytes.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
    }

    /// All pictures: what is said of each, in the order of their numbers, and the files by their numbers.
    pub(super) async fn all(&self) -> Result<(Vec<String>, Vec<(u64, File)>), Trouble> {
        let transaction = self.transaction("readonly")?;
        let requests = || -> Result<_, JsValue> {
            let (items, files) = (transaction.store(ITEMS)?, transaction.store(FILES)?);
            Ok((items.all()?, files.all_keys()?, files.all()?))
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
        let transaction = self.transaction("readwrite")?;
        let done = end(&transaction);
        for name in [ITEMS, FILES, REST] {
            transaction.store(name).and_then(|store| store.clear()).map_err(Trouble::of)?;
        }
        JsFuture::from(done).await.map(drop).map_err(Trouble::of)
    }
}

/// The answer to a request.
async fn answer(request: &Request) -> Result<JsValue, Trouble> {
    JsFuture::from(answered(request)).await.map_err(Trouble::of)
}

fn answered(request: &Request) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let (done, failed) = (request.clone(), request.clone());
        request.set_onsuccess(&Closure::once_into_js(move || call(&resolve, &done.result().unwrap_or(JsValue::NULL))));
        request.set_onerror(&Closure::once_into_js(move || call(&reject, &failed.error())));
    })
}

/// The end of a transaction.
fn end(transaction: &Transaction) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let failed = transaction.clone();
        transaction.set_oncomplete(&Closure::once_into_js(move || call(&resolve, &JsValue::NULL)));
        transaction.set_onabort(&Closure::once_into_js(move || call(&reject, &failed.error())));
    })
}

fn call(function: &Function, value: &JsValue) {
    // Those of a promise never throw.
    drop(function.call1(&JsValue::UNDEFINED, value));
}
