//! What `www/incoming.js` hands over: things as a browser's event told of them.

use js_sys::{Array, JsString, Promise};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::{
    kind::{HEAD, Kind, kind},
    sort::{Beside, Found},
};
use crate::app::bundles::download::LARGEST_FILE;

// web-sys does not know what our own `www/incoming.js` makes.
#[wasm_bindgen]
extern "C" {
    /// Things that came at once.
    pub type Parcel;
    #[wasm_bindgen(method, getter)]
    fn way(this: &Parcel) -> String;
    #[wasm_bindgen(method, getter)]
    fn files(this: &Parcel) -> Array;
    #[wasm_bindgen(method, getter)]
    fn folders(this: &Parcel) -> Array;
    #[wasm_bindgen(method, getter)]
    fn link(this: &Parcel) -> String;
    #[wasm_bindgen(method, getter)]
    fn text(this: &Parcel) -> bool;
    #[wasm_bindgen(method)]
    fn within(this: &Parcel) -> Promise;

    /// Takes what has been kept, and from now on everything that comes.
    #[wasm_bindgen(js_namespace = foveaIncoming, catch)]
    pub(super) fn deliver(receiver: &JsValue) -> Result<(), JsValue>;
}

impl Parcel {
    /// Its files.
    pub(super) fn all_files(&self) -> Vec<File> {
        self.files().iter().filter_map(|file| file.dyn_into().ok()).collect()
    }

    /// Whether it was chosen for the visitor's collection.
    pub(super) fn is_collected(&self) -> bool {
        self.way() == "own"
    }

    /// Its files, and those in its folders, each with its path.
    pub(super) async fn everything(&self) -> Vec<File> {
        let within = JsFuture::from(self.within()).await.map(Array::unchecked_from_js).unwrap_or_default();
        self.all_files().into_iter().chain(within.iter().filter_map(|file| file.dyn_into().ok())).collect()
    }

    /// What is in it besides files.
    pub(super) fn beside(&self) -> Beside {
        let folders =
            self.folders().to_vec().into_iter().filter_map(|name| name.dyn_into::<JsString>().ok()).map(String::from);
        Beside {
            folders: folders.collect(),
            link: !self.link().is_empty(),
            text: self.text(),
            as_gaze: self.way() == "gaze",
        }
    }
}

/// Looks at a file's first bytes. One that cannot be read is of unknown kind here, and says why when it is read whole.
pub async fn look(file: &File) -> Found {
    let head = match file.slice_with_f64_and_f64(0.0, HEAD as f64) {
        Ok(part) => JsFuture::from(part.array_buffer()).await.ok(),
        Err(_) => None,
    };
    let head = head.map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec());
    let (name, too_large) = (file.name(), file.size() > LARGEST_FILE);
    let Some(head) = head else { return Found { name, kind: Kind::Unknown, too_large } };
    let kind = kind(&file.name(), &file.type_(), &head);
    Found { name, kind, too_large }
}
