//! What leaves the page as files: masks and picture as PNG, gaze as CSV, everything as JSON.

use std::collections::BTreeMap;

use fovea_shared::gaze::{Scanpath, write_csv};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Blob, Document, HtmlButtonElement, HtmlCanvasElement, HtmlElement, Url};

use super::{
    elements::{document, events::click, get, js, set, set_text},
    model::{Command, Handle, Model},
};
use crate::{
    protocol::{Drawn, Exported},
    text::{message, say},
};

/// The feature: the buttons that save, and a mask that is being written.
pub struct Save {
    teacher: HtmlButtonElement,
    student: HtmlButtonElement,
    picture: HtmlButtonElement,
    gaze: HtmlButtonElement,
    record: HtmlButtonElement,
    said: HtmlElement,
    number: u64,
    drawn: Option<Drawn>,
}

impl Save {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            teacher: get(d, "save-teacher")?,
            student: get(d, "save-student")?,
            picture: get(d, "save-picture")?,
            gaze: get(d, "save-gaze")?,
            record: get(d, "save-record")?,
            said: get(d, "save-said")?,
            number: 0,
            drawn: None,
        })
    }

    /// Listens to the buttons.
    pub fn listen(&self, handle: &Handle<Self>) {
        click(handle, &self.teacher, |save, model| {
            let (fixations, text) = (model.inputs.fixations().to_vec(), model.inputs.text());
            save.want(model, Drawn::Teacher { fixations, text });
        });
        click(handle, &self.student, |save, model| save.want(model, Drawn::Student(model.student)));
        click(handle, &self.picture, |_, model| model.send(Command::SavePicture));
        click(handle, &self.gaze, |save, model| save.gaze(model));
        click(handle, &self.record, |_, model| model.send(Command::SaveSession));
    }

    /// Brings the buttons in line with the model.
    pub fn refresh(&self, model: &Model) {
        self.teacher.set_disabled(model.found.teacher.is_none());
        self.student.set_disabled(!model.found.students.contains_key(&model.student));
        self.picture.set_disabled(model.current.is_none());
        self.gaze.set_disabled(model.inputs.fixations().is_empty());
        self.record.set_disabled(model.found.teacher.is_none());
    }

    /// Says nothing of what was saved before.
    pub fn forget_said(&self) {
        set_text(&self.said, "");
    }

    /// Asks for a mask, which is written at the image's own size where the networks are.
    fn want(&mut self, model: &mut Model, drawn: Drawn) {
        self.number += 1;
        self.drawn = Some(drawn);
        model.schedule.want_export(Some(self.number));
    }

    /// What the engine is to write.
    pub fn request(&mut self) -> Option<Drawn> {
        self.drawn.take()
    }

    /// The engine has written a mask of the open image.
    pub fn exported(&self, model: &Model, exported: &Exported) {
        let name = if exported.teacher { "teacher" } else { "student" };
        self.bytes(model, &format!("{name}.png"), "image/png", &exported.png.0);
    }

    fn gaze(&self, model: &Model) {
        let path = Scanpath { fixations: model.inputs.fixations().to_vec() };
        let csv = write_csv(&BTreeMap::from([(model.stem(), (path, model.found.size))]));
        // The name says where the gaze comes from, and every reader of the project believes it.
        let end = model.inputs.origin().map_or("gaze.csv".to_string(), |origin| format!("{}-gaze.csv", origin.name()));
        self.bytes(model, &end, "text/csv", csv.as_bytes());
    }

    /// Saves what is on the stage.
    pub fn picture(&self, model: &mut Model, canvas: &HtmlCanvasElement) {
        let name = format!("{}-overlay.png", model.stem());
        let said = self.said.clone();
        let done = Closure::once_into_js(move |blob: JsValue| {
            let saved = match blob.dyn_into::<Blob>() {
                Ok(blob) => download(&blob, &name),
                Err(_) => Err(say!("stage-no-jpeg")),
            };
            say_saved(&said, &name, saved);
        });
        if let Err(error) = canvas.to_blob(done.unchecked_ref()) {
            model.show_message(message!("not-saved", cause = js::text(error)));
        }
    }

    /// Hands bytes to the visitor as a file.
    pub fn bytes(&self, model: &Model, end: &str, kind: &str, bytes: &[u8]) {
        let name = format!("{}-{end}", model.stem());
        let parts = Array::of1(&Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence(&parts)
            .and_then(|blob| blob.slice_with_f64_and_f64_and_content_type(0.0, bytes.len() as f64, kind));
        let saved = blob.map_err(js::text).and_then(|blob| download(&blob, &name));
        say_saved(&self.said, &name, saved);
    }
}

fn say_saved(said: &HtmlElement, name: &str, saved: Result<(), String>) {
    let text = match saved {
        Ok(()) => say!("saved", file = name),
        Err(cause) => say!("not-saved", cause = cause),
    };
    set_text(said, &text);
}

/// Hands a file to the visitor.
///
/// # Errors
/// What the browser says where it cannot.
pub fn download(blob: &Blob, name: &str) -> Result<(), String> {
    let address = Url::create_object_url_with_blob(blob).map_err(js::text)?;
    let link: HtmlElement = document().create_element("a").map_err(js::text)?.unchecked_into();
    set(&link, "href", &address);
    set(&link, "download", name);
    link.click();
    // The download has begun, and holds the bytes by itself. An address that stays costs memory only.
    drop(Url::revoke_object_url(&address));
    Ok(())
}
