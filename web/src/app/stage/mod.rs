//! The stage: the open image with its layers, and what lies over it.

pub mod image_view;

use web_sys::{Document, HtmlCanvasElement, HtmlElement};

use super::{
    canvas::layers::Layer,
    elements::{get, set_text, window},
    look::{
        first_look::Shown,
        spotlight::{Spotlight, View},
        words::invitation,
    },
    model::Model,
    words::edit_effect,
};
use crate::{
    protocol::{AttentionMap, Heat, Outline, Picture},
    text::Message,
};
use image_view::{Growing, ImageView, Scene};

/// The feature.
pub struct Stage {
    view: ImageView,
    area: HtmlElement,
    hint: HtmlElement,
    no_lesion: HtmlElement,
    /// Number of the teacher's answers when heat and confidence were last taken.
    answers: u64,
}

impl Stage {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks, or says that the browser gives no 2D canvas.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            view: ImageView::new(get(d, "stage-canvas")?)?,
            area: get(d, "stage")?,
            hint: get(d, "hint")?,
            no_lesion: get(d, "no-lesion")?,
            answers: 0,
        })
    }

    /// The box of the stage, which the shell observes for its size.
    pub fn area(&self) -> &HtmlElement {
        &self.area
    }

    /// The open picture and the size of its file in pixels.
    pub fn photo(&self) -> Option<(&HtmlCanvasElement, (u32, u32))> {
        self.view.picture()
    }

    /// The open image alone as a JPEG in a `data:` address.
    ///
    /// # Errors
    /// When no image is open, or the browser cannot write one.
    pub fn jpeg(&self, largest: u32) -> Result<String, Message> {
        self.view.jpeg(largest)
    }

    /// Takes a picture.
    ///
    /// # Errors
    /// When the browser cannot hold it.
    pub fn open(&mut self, picture: &Picture) -> Result<(), Message> {
        self.view.set_picture(&picture.rgba.0, picture.shown, picture.native)
    }

    /// Brings hints and maps in line with the model.
    ///
    /// # Errors
    /// When the browser cannot hold a map.
    pub fn refresh(&mut self, model: &Model, legend: bool, pressed: bool) -> Result<(), Message> {
        let gazed = !model.inputs.fixations().is_empty();
        let untouched = !gazed && !pressed && !model.inputs.can_redo() && !model.viewing;
        // The legend stands where the hint does.
        self.hint.set_hidden(!(untouched && model.found.teacher.is_some() && !legend));
        set_text(&self.hint, &invitation(model.modality(), model.found.truth.is_some()).to_string());
        self.no_lesion.set_hidden(!model.sees_nothing() || legend);
        if self.answers == model.found.answers {
            return Ok(());
        }
        self.answers = model.found.answers;
        self.view.set_heat(model.found.heat.as_ref().map(bytes))?;
        self.view.set_confidence(model.found.confidence.as_ref().map(bytes))
    }

    /// Takes the attention that is shown.
    ///
    /// # Errors
    /// When the browser cannot hold it.
    pub fn show_attention(&mut self, map: Option<&AttentionMap>) -> Result<(), Message> {
        self.view.set_attention(map)
    }

    /// Draws the image with everything that lies over it, as far as the first look has revealed it.
    pub fn draw(&self, model: &Model, shown: Shown, growing: Option<Growing>, cursor: Option<(f32, f32)>) {
        let outlines = outlines(model);
        let selected = model.inputs.selected();
        self.view.draw(&Scene { shown, growing, cursor, selected, ..scene(model, &outlines) });
    }

    /// Draws a moment of a viewing.
    pub fn draw_viewing(&self, (spotlight, view): (&Spotlight, View)) {
        self.view.draw_viewing(spotlight, &view);
    }

    /// The stage as a picture of its own.
    ///
    /// # Errors
    /// When no image is open, or the browser cannot hold another picture.
    pub fn overlay(&self, model: &Model) -> Result<HtmlCanvasElement, Message> {
        self.view.overlay(&scene(model, &outlines(model)))
    }

    /// Copies what is on the stage to another canvas.
    pub fn copy_to(&self, canvas: &HtmlCanvasElement) {
        self.view.copy_to(canvas);
    }

    /// Whether most of the stage is on the screen.
    pub fn in_sight(&self) -> bool {
        let rect = self.area.get_bounding_client_rect();
        let height = window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or_default();
        let seen = rect.bottom().min(height) - rect.top().max(0.0);
        seen > 0.6 * rect.height().min(height)
    }
}

fn bytes(map: &Heat) -> (&[u8], (u32, u32)) {
    (&map.values.0, map.size)
}

fn outlines(model: &Model) -> Vec<(Layer, &Outline)> {
    Layer::ALL.into_iter().filter_map(|l| model.outline(l).map(|o| (l, o))).collect()
}

fn scene<'a>(model: &'a Model, outlines: &'a [(Layer, &'a Outline)]) -> Scene<'a> {
    Scene {
        layers: &model.layers,
        outlines,
        change: model.found.change.as_ref().filter(|c| edit_effect::noticeable(c)),
        fixations: model.inputs.fixations(),
        selected: None,
        shown: Shown::All,
        growing: None,
        cursor: None,
        faint: model.found.unlike(),
    }
}
