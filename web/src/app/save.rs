//! What leaves the page as files: masks and picture as PNG, gaze as CSV, everything as JSON.

use std::collections::BTreeMap;

use fovea_shared::gaze::{Scanpath, write_csv};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use web_sys::{Blob, Document, HtmlButtonElement, HtmlElement};

use super::{
    Page,
    devices::Orders,
    dom::{get, set, set_text},
    files,
    input::click,
    record::Record,
    state::App,
};
use crate::{
    protocol::{Drawn, Exported},
    text::{message, say},
};

// Kept here and not taken from web-sys, where one more feature would build everything above it anew.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = URL, js_name = createObjectURL, catch)]
    fn address_of(blob: &Blob) -> Result<String, JsValue>;
    #[wasm_bindgen(js_namespace = URL, js_name = revokeObjectURL)]
    fn forget_address(address: &str);
}

/// The elements.
pub struct SaveDom {
    teacher: HtmlButtonElement,
    student: HtmlButtonElement,
    picture: HtmlButtonElement,
    gaze: HtmlButtonElement,
    record: HtmlButtonElement,
    said: HtmlElement,
}

impl SaveDom {
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
        })
    }
}

/// A mask that the engine is to write.
#[derive(Debug, Default)]
pub struct Saving {
    number: u64,
    drawn: Option<Drawn>,
}

/// Listens to the buttons.
pub(super) fn listen(page: &Page) {
    page.read(|app| {
        let dom = &app.dom.save;
        click(page, &dom.teacher, |app| app.want_mask(true));
        click(page, &dom.student, |app| app.want_mask(false));
        click(page, &dom.picture, App::save_picture);
        click(page, &dom.gaze, App::save_gaze);
        click(page, &dom.record, App::save_record);
    });
}

/// Name without its extension and without what file names cannot hold.
fn stem(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let plain = |c: char| if c.is_alphanumeric() || "-_ .".contains(c) { c } else { '_' };
    let stem: String = stem.chars().map(plain).collect();
    if stem.trim().is_empty() { "image".into() } else { stem }
}

impl App {
    /// How files of the open image begin.
    pub(super) fn stem(&self) -> String {
        let origin = self.current.as_ref().map(|current| &current.origin);
        let name = origin.map(|o| o.case.clone().map_or_else(|| o.title.to_string(), |case| format!("{case}.")));
        stem(&name.unwrap_or_default())
    }

    /// Brings the buttons in line with the state.
    pub(super) fn refresh_save(&self) {
        let dom = &self.dom.save;
        dom.teacher.set_disabled(self.found.teacher.is_none());
        dom.student.set_disabled(!self.found.students.contains_key(&self.student));
        dom.picture.set_disabled(self.current.is_none());
        dom.gaze.set_disabled(self.inputs.fixations().is_empty());
        dom.record.set_disabled(self.found.teacher.is_none());
    }

    /// Asks for a mask, which is written at the image's own size where the networks are.
    fn want_mask(&mut self, teacher: bool) {
        self.saving.number += 1;
        self.saving.drawn = Some(if teacher {
            Drawn::Teacher { fixations: self.inputs.fixations().to_vec(), text: self.inputs.text() }
        } else {
            Drawn::Student(self.student)
        });
        self.schedule.want_export(Some(self.saving.number));
    }

    /// What the engine is to write.
    pub(super) fn drawn(&mut self) -> Option<Drawn> {
        self.saving.drawn.take()
    }

    /// The engine has written a mask.
    pub(super) fn exported(&mut self, exported: &Exported) -> Orders {
        self.schedule.finish();
        if self.current.as_ref().is_some_and(|current| current.request.image == exported.image) {
            let name = if exported.teacher { "teacher" } else { "student" };
            self.save(&format!("{name}.png"), "image/png", &exported.png.0);
        }
        self.at_rest()
    }

    fn save_gaze(&mut self) {
        let path = Scanpath { fixations: self.inputs.fixations().to_vec() };
        let csv = write_csv(&BTreeMap::from([(self.stem(), (path, self.found.size))]));
        self.save("gaze.csv", "text/csv", csv.as_bytes());
    }

    fn save_record(&mut self) {
        match serde_json::to_string_pretty(&Record::of(self)) {
            Ok(json) => self.save("fovea.json", "application/json", json.as_bytes()),
            Err(error) => self.show_message(message!("not-saved", cause = error.to_string())),
        }
    }

    /// The picture with the layers that are shown.
    fn save_picture(&mut self) {
        let name = format!("{}-overlay.png", self.stem());
        let canvas = match self.overlay() {
            Ok(canvas) => canvas,
            Err(why) => return self.show_message(message!("not-saved", cause = why)),
        };
        let (document, said) = (self.dom.document.clone(), self.dom.save.said.clone());
        let done = Closure::once_into_js(move |blob: JsValue| {
            let saved = match blob.dyn_into::<Blob>() {
                Ok(blob) => download(&document, &blob, &name),
                Err(_) => Err(say!("stage-no-jpeg")),
            };
            say_saved(&said, &name, saved);
        });
        if let Err(error) = canvas.to_blob(done.unchecked_ref()) {
            self.show_message(message!("not-saved", cause = files::text(error)));
        }
    }

    /// Hands bytes to the visitor as a file.
    fn save(&mut self, end: &str, kind: &str, bytes: &[u8]) {
        let name = format!("{}-{end}", self.stem());
        let parts = Array::of1(&Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence(&parts)
            .and_then(|blob| blob.slice_with_f64_and_f64_and_content_type(0.0, bytes.len() as f64, kind));
        let saved = blob.map_err(files::text).and_then(|blob| download(&self.dom.document, &blob, &name));
        say_saved(&self.dom.save.said, &name, saved);
    }
}

fn say_saved(said: &HtmlElement, name: &str, saved: Result<(), String>) {
    let text = match saved {
        Ok(()) => say!("saved", file = name),
        Err(cause) => say!("not-saved", cause = cause),
    };
    set_text(said, &text);
}

fn download(document: &Document, blob: &Blob, name: &str) -> Result<(), String> {
    let address = address_of(blob).map_err(files::text)?;
    let link: HtmlElement = document.create_element("a").map_err(files::text)?.unchecked_into();
    set(&link, "href", &address);
    set(&link, "download", name);
    link.click();
    // The download has begun, and holds the bytes by itself.
    forget_address(&address);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_of_files_are_made_plain() {
        assert_eq!(stem("polyp 3.JPG"), "polyp 3");
        assert_eq!(stem("a/b:c.png"), "a_b_c");
        assert_eq!((stem(""), stem(".png")), ("image".into(), "image".into()));
    }
}
