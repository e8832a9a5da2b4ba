//! DICOM files of the visitor's: the engine makes a PNG of their pixels, and everything that follows knows only that.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::{
    kind::{HEAD, Kind, kind},
    words::both,
};
use crate::{
    app::{
        bundles::download,
        model::{Handle, Phase, dicom::Answer},
    },
    protocol::{DicomPicture, NamedFile, OpenRequest},
    text::{Message, message},
};

/// Whether a file is to be read as DICOM.
pub fn is_dicom(file: &NamedFile) -> bool {
    let bytes = &file.bytes.0;
    kind(&file.name, "", &bytes[..bytes.len().min(HEAD)]) == Kind::Dicom
}

/// Has the picture in a DICOM file read, off this thread.
///
/// # Errors
/// In plain words, naming the file: it is not read, or there is no engine.
pub async fn read<F>(handle: &Handle<F>, file: NamedFile) -> Result<DicomPicture, Message> {
    let mut resolve: Option<Function> = None;
    let answered = Promise::new(&mut |done, _| resolve = Some(done));
    let found = Rc::new(RefCell::new(None));
    let to = found.clone();
    let answer: Answer = Box::new(move |picture| {
        to.replace(Some(picture));
        if let Some(resolve) = resolve {
            // The function of a promise throws nothing.
            drop(resolve.call0(&JsValue::NULL));
        }
    });
    handle.update(|_, model| match &model.phase {
        Phase::Broken(why) => answer(Err(why.clone())),
        _ => model.dicom.want(file, answer),
    });
    drop(JsFuture::from(answered).await);
    found.take().unwrap_or_else(|| Err(message!("engine-not-ready")))
}

/// Reads a picture of the visitor's to open it, and gives what is to be said of how it was read.
///
/// # Errors
/// In plain words, naming the file.
pub(super) async fn own<F>(
    handle: &Handle<F>,
    file: File,
    image: u64,
) -> Result<(OpenRequest, Option<Message>), Message> {
    let request = download::own(file, image).await?;
    if !is_dicom(&request.file) {
        return Ok((request, None));
    }
    let name = request.file.name.clone();
    let picture = read(handle, request.file).await?;
    let note = note(&picture);
    Ok((OpenRequest { file: NamedFile { name, bytes: picture.png }, ..request }, Some(note)))
}

/// What is said beside the picture: which frame it is, and what becomes of the rest of the file.
fn note(picture: &DicomPicture) -> Message {
    let frame = match picture.frames {
        1 => Message::default(),
        frames => message!("dicom-frame", frame = picture.frame.to_string(), frames = frames.to_string()),
    };
    both(frame, message!("dicom-pixels"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Blob;

    #[test]
    fn a_file_is_dicom_by_its_bytes_or_its_name() {
        let file = |name: &str, bytes: &[u8]| NamedFile { name: name.into(), bytes: Blob(bytes.to_vec()) };
        let marked = [vec![0; 128], b"DICM".to_vec(), vec![0; 8000]].concat();
        assert!(is_dicom(&file("IM000001", &marked)) && is_dicom(&file("IM1.DCM", &[8, 0, 5, 0])));
        assert!(!is_dicom(&file("a.png", b"\x89PNG\r\n\x1a\n")) && !is_dicom(&file("IM1", &[8, 0, 5, 0])));
    }

    #[test]
    fn only_of_several_frames_is_it_said_which_is_shown() {
        let said = |frame, frames| note(&DicomPicture { png: Blob(Vec::new()), frame, frames }).to_string();
        assert!(!said(1, 1).contains('1') && !said(1, 1).is_empty(), "{}", said(1, 1));
        assert!(said(13, 25).contains("13") && said(13, 25).contains("25"), "{}", said(13, 25));
    }
}
