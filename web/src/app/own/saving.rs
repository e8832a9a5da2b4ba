//! Saving the collection as one ZIP. A picture at a time is in memory.

use fovea_shared::{description::Modality, image::mask_png};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::{Own, picture_file::bytes_of};
use crate::app::collection::archive::{
    folder::{STUDENT, pictures, texts},
    pack::Pack,
};
use crate::{
    app::{elements::js, model::Handle, save::download},
    text::{Message, message, say},
};

/// Name of the file.
const FILE: &str = "fovea-own-pictures.zip";

/// Saves everything, and says so.
pub(super) async fn save(handle: &Handle<Own>, domain: Modality) {
    let saved = write(handle, domain).await;
    handle.update(|own, model| {
        own.saving = None;
        own.go_on_taking();
        match saved.and_then(|blob| download(&blob, FILE).map_err(|cause| message!("not-saved", cause = cause))) {
            Ok(()) => model.say(say!("saved", file = FILE)),
            Err(why) => model.show_message(why),
        }
    });
}

/// The ZIP. Its finished parts go to the browser, which may keep them on disk.
async fn write(handle: &Handle<Own>, domain: Modality) -> Result<Blob, Message> {
    let (collection, files, student) =
        handle.read(|own, _| (own.collection.clone(), own.files.clone(), own.work.student().cloned()));
    let failed = |cause: String| message!("not-saved", cause = cause);
    let parts = Array::new();
    let mut pack = Pack::default();
    let keep = |bytes: Vec<u8>| -> Result<(), Message> {
        if !bytes.is_empty() {
            let part = Array::of1(&Uint8Array::from(bytes.as_slice()));
            let part = Blob::new_with_u8_array_sequence(&part).map_err(|e| failed(js::text(e)))?;
            parts.push(&part);
        }
        Ok(())
    };
    let of = pictures(&collection).count();
    for (done, item) in pictures(&collection).enumerate() {
        handle.update(|own, _| own.saving = Some((done, of)));
        let Some(file) = files.get(&item.number) else { continue };
        let bytes = bytes_of(file).await?;
        keep(pack.add(&item.path(), &bytes.bytes.0).map_err(|e| failed(e.to_string()))?)?;
        if let Some((shape, _)) = item.mask() {
            let png = mask_png(&shape.scaled(item.size).mask()).map_err(|e| failed(e.to_string()))?;
            keep(pack.add(&format!("masks/{}.png", item.id), &png).map_err(|e| failed(e.to_string()))?)?;
        }
    }
    for (name, text) in texts(&collection, domain).map_err(|e| failed(e.to_string()))? {
        keep(pack.add(&name, text.as_bytes()).map_err(|e| failed(e.to_string()))?)?;
    }
    if let Some(student) = student {
        keep(pack.add(STUDENT, &student.0).map_err(|e| failed(e.to_string()))?)?;
    }
    keep(pack.finish().map_err(|e| failed(e.to_string()))?)?;
    whole(&parts).map_err(|e| failed(js::text(e)))
}

fn whole(parts: &Array) -> Result<Blob, JsValue> {
    let blob = Blob::new_with_blob_sequence(parts)?;
    let size = blob.size();
    blob.slice_with_f64_and_f64_and_content_type(0.0, size, "application/zip")
}
