//! Everything that is known about what is on the screen, as it is saved so that others can reproduce it.

use std::collections::BTreeMap;

use fovea_shared::gaze::GazeOrigin;
use serde::Serialize;

use super::{App, test_api::Snapshot};
use crate::{
    app::{canvas::layers::Layer, share::address_bar::link},
    protocol::Outline,
    text::{message, say},
};

/// The file's contents.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    /// What wrote it.
    program: &'static str,
    /// Its version.
    version: &'static str,
    /// When, as ISO 8601.
    made: String,
    /// What it must not be used for.
    notice: String,
    /// The link to this state; nothing of the visitor's own image is in it.
    link: String,
    /// The model, as its bundle says.
    model: Option<Model>,
    /// What the image and its gaze are.
    labels: Vec<String>,
    /// Where the gaze on the image comes from, by the name of its origin; nothing without gaze, and where it is not known.
    gaze_origin: Option<&'static str>,
    /// The masks that are shown or could be, by the names of layers.
    masks: BTreeMap<&'static str, Traced>,
    /// The state of the page: image, gaze, words, scores, comparison, live training, devices.
    state: Snapshot,
}

/// Where the model comes from.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Model {
    name: String,
    created: String,
    data: String,
    split: String,
    selection: String,
    seed: u64,
    git_sha: String,
}

/// A mask as closed lines.
#[derive(Serialize)]
struct Traced {
    /// Width and height at which the area was taken, in pixels.
    size: (u32, u32),
    /// Pixels inside.
    area: u32,
    /// Overlap with the true mask, where that is known.
    dice: Option<f32>,
    /// Hash of the pixels.
    hash: String,
    /// Closed lines of `[x, y]` in fractions of the image; even-odd.
    loops: Vec<Vec<[f32; 2]>>,
}

impl Traced {
    fn of(outline: &Outline) -> Self {
        let mut loops: Vec<Vec<[f32; 2]>> = Vec::new();
        outline.for_each_point(|x, y, first| {
            if first {
                loops.push(Vec::new());
            }
            if let Some(last) = loops.last_mut() {
                last.push([x, y]);
            }
        });
        Self { size: outline.size, area: outline.area, dice: outline.dice, hash: outline.hash.clone(), loops }
    }
}

impl App {
    /// Saves everything that is known about what is on the screen.
    pub(super) fn save_session(&mut self) {
        match serde_json::to_string_pretty(&Record::of(self)) {
            Ok(json) => self.save.bytes(&self.model, "fovea.json", "application/json", json.as_bytes()),
            Err(error) => self.model.show_message(message!("not-saved", cause = error.to_string())),
        }
    }
}

impl Record {
    /// Of what is on the screen.
    fn of(app: &App) -> Self {
        let model = app.model.manifest.as_ref().map(|manifest| {
            let t = &manifest.training;
            Model {
                name: manifest.name.clone(),
                created: manifest.created.clone(),
                data: t.data.clone(),
                split: t.split.clone(),
                selection: t.selection.clone(),
                seed: t.seed,
                git_sha: t.git_sha.clone(),
            }
        });
        let labels = app.model.labels().iter().map(ToString::to_string).collect();
        let masks =
            Layer::ALL.into_iter().filter_map(|l| Some((l.name(), Traced::of(app.model.outline(l)?)))).collect();
        Self {
            program: "Fovea",
            version: env!("CARGO_PKG_VERSION"),
            made: js_sys::Date::new_0().to_iso_string().into(),
            notice: say!("record-notice"),
            link: link(Some(app.model.bundles.folder()), &app.shared().pairs()),
            model,
            labels,
            gaze_origin: app.model.inputs.origin().map(GazeOrigin::name),
            masks,
            state: app.snapshot(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Blob;

    #[test]
    fn lines_are_written_loop_by_loop() {
        let values = [0.0_f32, 0.25, 0.5, 0.75, 1.0, 1.0];
        let outline = Outline {
            loops: vec![2, 1],
            points: Blob(values.iter().flat_map(|v| v.to_le_bytes()).collect()),
            size: (10, 10),
            area: 25,
            hash: "h".into(),
            dice: None,
        };
        let traced = Traced::of(&outline);
        assert_eq!(traced.loops, [vec![[0.0, 0.25], [0.5, 0.75]], vec![[1.0, 1.0]]]);
        assert_eq!((traced.area, traced.size), (25, (10, 10)));
    }
}
