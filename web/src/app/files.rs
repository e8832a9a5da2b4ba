//! Bytes from the network and from the visitor, and what the page has downloaded before the program arrived.

use std::collections::BTreeMap;

use fovea_shared::bundle::{FileEntry, GalleryCase, Manifest};
use js_sys::{ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, Response};

use super::dom::window;
use crate::protocol::{Blob, NamedFile, OpenRequest};

/// Largest file that is read at all, in bytes; what is in it has limits of its own.
const LARGEST_FILE: f64 = 200e6;

/// The bundle's files as `boot.mjs` downloads them, by name.
///
/// # Errors
/// In plain words, naming the file that could not be had.
pub async fn bundle() -> Result<BTreeMap<String, Blob>, String> {
    let download = Reflect::get(&window(), &"foveaBundle".into()).map_err(text)?;
    let download: Promise = download.dyn_into().map_err(|_| "boot.mjs has not started the download of the model")?;
    let files = JsFuture::from(download).await.map_err(text)?;
    let pairs = Object::entries(files.unchecked_ref());
    let mut out = BTreeMap::new();
    for pair in pairs {
        let name = Reflect::get_u32(&pair, 0).map_err(text)?.as_string().ok_or("a file of the bundle has no name")?;
        let bytes: Uint8Array = Reflect::get_u32(&pair, 1).map_err(text)?.unchecked_into();
        out.insert(name, Blob(bytes.to_vec()));
    }
    Ok(out)
}

/// The address of a bundle file. The first digits of its hash are in it, so that an old copy in the browser's cache is never taken
/// for a new one.
pub fn address(name: &str, entry: &FileEntry) -> String {
    format!("bundle/{name}?v={}", entry.sha256.get(..12).unwrap_or_default())
}

/// Fetches a case of the gallery with its mask and gaze.
///
/// # Errors
/// In plain words, naming the file.
pub async fn gallery_case(manifest: &Manifest, case: &GalleryCase, image: u64) -> Result<OpenRequest, String> {
    Ok(OpenRequest {
        image,
        file: fetch(manifest, &case.image).await?,
        mask: fetch_if(manifest, case.mask.as_deref()).await?,
        gaze: fetch_if(manifest, case.gaze.as_deref()).await?,
        from_bundle: true,
    })
}

async fn fetch_if(manifest: &Manifest, name: Option<&str>) -> Result<Option<NamedFile>, String> {
    match name {
        Some(name) => fetch(manifest, name).await.map(Some),
        None => Ok(None),
    }
}

async fn fetch(manifest: &Manifest, name: &str) -> Result<NamedFile, String> {
    let failed = |e: String| format!("bundle/{name} could not be loaded: {e}.");
    let entry = manifest.entry(name).map_err(|e| e.to_string())?;
    let answer = JsFuture::from(window().fetch_with_str(&address(name, entry))).await;
    let answer: Response = answer.map_err(|e| failed(text(e)))?.unchecked_into();
    if !answer.ok() {
        return Err(failed(format!("the server answers {}", answer.status())));
    }
    let bytes = read(answer.array_buffer()).await.map_err(failed)?;
    Ok(NamedFile { name: name.into(), bytes })
}

/// Reads a file that the visitor chose, dropped or pasted. It goes to the worker and nowhere else.
///
/// # Errors
/// In plain words, naming the file.
pub async fn own(file: File, image: u64) -> Result<OpenRequest, String> {
    let name = file.name();
    if file.size() > LARGEST_FILE {
        return Err(format!("{name}: the file is larger than 200 MB."));
    }
    let bytes =
        read(Ok(file.array_buffer())).await.map_err(|e| format!("{name}: the file could not be read ({e})."))?;
    Ok(OpenRequest { image, file: NamedFile { name, bytes }, mask: None, gaze: None, from_bundle: false })
}

async fn read(buffer: Result<Promise, JsValue>) -> Result<Blob, String> {
    let buffer = JsFuture::from(buffer.map_err(text)?).await.map_err(text)?;
    Ok(Blob(Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec()))
}

/// What a JavaScript error says.
pub fn text(error: JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => error.as_string().unwrap_or_else(|| format!("{error:?}")),
    }
}
