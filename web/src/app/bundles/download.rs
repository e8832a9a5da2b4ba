//! Bytes from the network and from the visitor, and what the page has downloaded before the program arrived.

use std::collections::BTreeMap;

use fovea_shared::bundle::{FAMILIARITY, FileEntry, GalleryCase, IndexEntry, MANIFEST, Manifest, verify};
use js_sys::{ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, Response};

use crate::{
    app::{
        elements::{js::text, window},
        model::bundles::{Arrived, Download, manifest},
    },
    errors,
    protocol::{BACKBONE, Blob, NamedFile, OpenRequest},
    text::{Message, message},
};

/// Largest file that is read at all, in bytes; what is in it has limits of its own.
pub const LARGEST_FILE: f64 = 200e6;

/// The files as `boot.mjs` downloads them.
///
/// # Errors
/// In plain words, naming the file that could not be had.
pub async fn bundle() -> Result<Download, Message> {
    let download = Reflect::get(&window(), &"foveaBundle".into()).map_err(text)?;
    let download: Promise = download.dyn_into().map_err(|_| "boot.mjs has not started the download of the model")?;
    // boot.mjs speaks the language of the page.
    let download = JsFuture::from(download).await.map_err(|e| message!("as-said", text = text(e)))?;
    let folder = Reflect::get(&download, &"folder".into()).map_err(text)?.as_string().unwrap_or_default();
    let files = Reflect::get(&download, &"files".into()).map_err(text)?;
    let pairs = Object::entries(files.unchecked_ref());
    let mut out = BTreeMap::new();
    for pair in pairs {
        let name = Reflect::get_u32(&pair, 0).map_err(text)?.as_string().ok_or("a file of the bundle has no name")?;
        let bytes: Uint8Array = Reflect::get_u32(&pair, 1).map_err(text)?.unchecked_into();
        out.insert(name, Blob(bytes.to_vec()));
    }
    Ok(Download { folder, files: out })
}

/// Downloads another bundle: its manifest, then all at once the model files of which `have` does not know the SHA-256.
///
/// # Errors
/// In plain words, naming the file that could not be had.
pub async fn domain(place: usize, entry: &IndexEntry, have: impl Fn(&str) -> bool) -> Result<Arrived, Message> {
    let folder = &entry.folder;
    let asked = FileRequest::new(folder, MANIFEST, &entry.manifest_sha256);
    let bytes = asked.bytes().await?;
    let manifest = manifest(entry, &bytes.0).map_err(|e| errors::bundle(&e))?;
    let mut asked = Vec::new();
    for name in manifest.model_files() {
        let sha = &manifest.entry(name).map_err(|e| errors::bundle(&e))?.sha256;
        if !have(sha) {
            asked.push((sha.clone(), FileRequest::new(folder, name, sha)));
        }
    }
    let mut files = BTreeMap::new();
    for (sha, asked) in asked {
        files.insert(sha, asked.bytes().await?);
    }
    Ok(Arrived { place, manifest, bytes, files })
}

/// What a bundle ships to tell how like an image is to those that it has learnt from.
#[derive(Clone, Debug)]
pub struct Measure {
    /// The measure, verified.
    pub familiarity: NamedFile,
    /// The backbone that it was taken with.
    pub backbone: FileEntry,
}

/// Downloads the measure of a bundle; nothing where the bundle has none.
///
/// # Errors
/// In plain words, naming the file that could not be had.
pub async fn measure(entry: &IndexEntry) -> Result<Option<Measure>, Message> {
    let bytes = FileRequest::new(&entry.folder, MANIFEST, &entry.manifest_sha256).bytes().await?;
    let manifest = manifest(entry, &bytes.0).map_err(|e| errors::bundle(&e))?;
    let Ok(file) = manifest.entry(FAMILIARITY) else { return Ok(None) };
    let familiarity = fetch((&entry.folder, &manifest), FAMILIARITY).await?;
    verify(FAMILIARITY, &familiarity.bytes.0, file).map_err(|e| errors::bundle(&e))?;
    let backbone = manifest.entry(BACKBONE).map_err(|e| errors::bundle(&e))?.clone();
    Ok(Some(Measure { familiarity, backbone }))
}

/// Downloads one model file of a bundle. It is not verified: its user does that.
///
/// # Errors
/// In plain words, naming the file.
pub async fn model_file(entry: &IndexEntry, name: &str, sha256: &str) -> Result<Blob, Message> {
    FileRequest::new(&entry.folder, name, sha256).bytes().await
}

/// A file that the server has been asked for.
struct FileRequest {
    name: String,
    answer: JsFuture,
}

impl FileRequest {
    fn new(folder: &str, name: &str, sha256: &str) -> Self {
        let answer = JsFuture::from(window().fetch_with_str(&address(folder, name, sha256)));
        Self { name: format!("bundle/{folder}/{name}"), answer }
    }

    async fn bytes(self) -> Result<Blob, Message> {
        let failed = |e: Message| message!("file-not-loaded", file = &self.name, cause = e);
        let answer: Response = self.answer.await.map_err(|e| failed(text(e).into()))?.unchecked_into();
        if !answer.ok() {
            return Err(failed(message!("file-answer", status = answer.status().to_string())));
        }
        read(answer.array_buffer()).await.map_err(|e| failed(e.into()))
    }
}

/// The address of a bundle file. The first digits of its hash are in it, so that an old copy in the browser's cache is never taken
/// for a new one.
pub fn address(folder: &str, name: &str, sha256: &str) -> String {
    format!("bundle/{folder}/{name}?v={}", sha256.get(..12).unwrap_or_default())
}

/// Fetches a case of the gallery with its mask and gaze.
///
/// # Errors
/// In plain words, naming the file.
pub async fn gallery_case(
    folder: &str,
    manifest: &Manifest,
    case: &GalleryCase,
    image: u64,
) -> Result<OpenRequest, Message> {
    let of = (folder, manifest);
    Ok(OpenRequest {
        image,
        file: fetch(of, &case.image).await?,
        mask: fetch_if(of, case.mask.as_deref()).await?,
        gaze: fetch_if(of, case.gaze.as_deref()).await?,
        from_bundle: true,
        student: 0,
    })
}

async fn fetch_if(of: (&str, &Manifest), name: Option<&str>) -> Result<Option<NamedFile>, Message> {
    match name {
        Some(name) => fetch(of, name).await.map(Some),
        None => Ok(None),
    }
}

async fn fetch((folder, manifest): (&str, &Manifest), name: &str) -> Result<NamedFile, Message> {
    let entry = manifest.entry(name).map_err(|e| errors::bundle(&e))?;
    Ok(NamedFile { name: name.into(), bytes: FileRequest::new(folder, name, &entry.sha256).bytes().await? })
}

/// Reads a file that the visitor chose, dropped or pasted. It goes to the worker and nowhere else.
///
/// # Errors
/// In plain words, naming the file.
pub async fn own(file: File, image: u64) -> Result<OpenRequest, Message> {
    let name = file.name();
    if file.size() > LARGEST_FILE {
        return Err(message!("file-too-large", file = name));
    }
    let unread = |e: String| message!("file-unreadable", file = &name, cause = e);
    let bytes = read(Ok(file.array_buffer())).await.map_err(unread)?;
    Ok(OpenRequest { image, file: NamedFile { name, bytes }, mask: None, gaze: None, from_bundle: false, student: 0 })
}

async fn read(buffer: Result<Promise, JsValue>) -> Result<Blob, String> {
    let buffer = JsFuture::from(buffer.map_err(text)?).await.map_err(text)?;
    Ok(Blob(Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec()))
}
