//! The image on the stage: picture, layers, scanpath, crosshair and growing press on a 2D canvas, drawn from bytes.

use fovea_shared::gaze::Fixation;
use wasm_bindgen::JsValue;
use web_sys::HtmlCanvasElement;

use crate::{
    app::{
        canvas::{
            draw::{Pen, UNDER, bitmap, bitmap_canvas, context},
            frame::Frame,
            layers::{FAINT, GAINED, LOST, Layer, Layers, Line, attention_colour, confidence_colour, heat_colour},
        },
        look::{
            first_look::Shown,
            first_look_view,
            spotlight::{Spotlight, View},
        },
    },
    protocol::{AttentionMap, Change, Outline},
    text::{Message, message},
};

/// Quality of the JPEG that a visitor's own model is sent, 0 to 1.
const JPEG_QUALITY: f64 = 0.92;

/// A press that grows: where, in CSS pixels, and how long it would count now, in ms.
pub type Growing = ((f64, f64), f32);

/// Everything that one drawing shows, besides the pixels that [`ImageView`] keeps.
pub struct Scene<'a> {
    /// Which layers, and how strong.
    pub layers: &'a Layers,
    /// The outlines there are.
    pub outlines: &'a [(Layer, &'a Outline)],
    /// What a change of gaze or words changed.
    pub change: Option<&'a Change>,
    /// The scanpath.
    pub fixations: &'a [Fixation],
    /// The selected fixation.
    pub selected: Option<usize>,
    /// How much of it the first look has revealed.
    pub shown: Shown,
    /// A press that is held.
    pub growing: Option<Growing>,
    /// The keyboard's crosshair, in fractions of the image.
    pub cursor: Option<(f32, f32)>,
    /// Whether the networks do not know such images: what they outline is drawn faintly.
    pub faint: bool,
}

impl Scene<'_> {
    /// How the outline of a layer is drawn, and how strongly it is filled.
    fn line(&self, layer: Layer) -> (Line, f64) {
        match layer {
            Layer::Teacher | Layer::Student if self.faint => (Line { dash: layer.line().dash, ..FAINT }, 0.0),
            _ => (layer.line(), self.layers.opacity(layer)),
        }
    }
}

/// The canvas and the pixels it shows.
pub struct ImageView {
    pen: Pen,
    picture: Option<HtmlCanvasElement>,
    native: (u32, u32),
    heat: Option<HtmlCanvasElement>,
    confidence: Option<HtmlCanvasElement>,
    attention: Option<(AttentionMap, HtmlCanvasElement)>,
}

impl ImageView {
    /// A stage on a canvas.
    ///
    /// # Errors
    /// When the browser gives no 2D context.
    pub fn new(canvas: HtmlCanvasElement) -> Result<Self, String> {
        Ok(Self {
            pen: Pen::new(canvas)?,
            picture: None,
            native: (4, 3),
            heat: None,
            confidence: None,
            attention: None,
        })
    }

    /// Takes an image: RGBA bytes of `shown` pixels, of a file of `native` pixels.
    ///
    /// # Errors
    /// When the browser cannot hold the picture.
    pub fn set_picture(&mut self, rgba: &[u8], shown: (u32, u32), native: (u32, u32)) -> Result<(), Message> {
        self.picture = Some(bitmap(rgba, shown)?);
        self.native = native;
        Ok(())
    }

    /// Takes a heat map of 0 to 255, or none.
    ///
    /// # Errors
    /// When the browser cannot hold the picture.
    pub fn set_heat(&mut self, heat: Option<(&[u8], (u32, u32))>) -> Result<(), Message> {
        self.heat = match heat {
            Some((values, size)) => {
                Some(bitmap(&values.iter().flat_map(|v| heat_colour(*v)).collect::<Vec<_>>(), size)?)
            }
            None => None,
        };
        Ok(())
    }

    /// Takes the teacher's confidence of 0 to 255, or none.
    ///
    /// # Errors
    /// When the browser cannot hold the picture.
    pub fn set_confidence(&mut self, map: Option<(&[u8], (u32, u32))>) -> Result<(), Message> {
        self.confidence = match map {
            Some((values, size)) => {
                Some(bitmap(&values.iter().flat_map(|v| confidence_colour(*v)).collect::<Vec<_>>(), size)?)
            }
            None => None,
        };
        Ok(())
    }

    /// Takes the attention to show over the image, or none.
    ///
    /// # Errors
    /// When the browser cannot hold the picture.
    pub fn set_attention(&mut self, map: Option<&AttentionMap>) -> Result<(), Message> {
        if self.attention.as_ref().map(|(m, _)| m) != map {
            self.attention = match map {
                Some(map) => {
                    let rgba: Vec<u8> = map.values.0.iter().flat_map(|v| attention_colour(*v)).collect();
                    Some((map.clone(), bitmap(&rgba, map.size)?))
                }
                None => None,
            };
        }
        Ok(())
    }

    /// Copies what is on the stage to another canvas, as wide as that one is on the screen.
    pub fn copy_to(&self, target: &HtmlCanvasElement) {
        let frame = self.frame();
        let ratio = f64::from(self.pen.canvas.width()) / self.pen.size().0.max(1.0);
        let width = f64::from(target.client_width()) * ratio;
        let height = width * frame.height / frame.width.max(1.0);
        target.set_width(width as u32);
        target.set_height(height as u32);
        let Ok(to) = context(target) else { return };
        let (x, y) = (frame.x * ratio, frame.y * ratio);
        // As in `draw`: these numbers are finite.
        drop(to.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &self.pen.canvas,
            x,
            y,
            frame.width * ratio,
            frame.height * ratio,
            0.0,
            0.0,
            width,
            height,
        ));
    }

    /// The open image alone as a JPEG in a `data:` address, no side above `largest` pixels. What the file held besides pixels is
    /// not in it.
    ///
    /// # Errors
    /// When no image is open, or the browser cannot write one.
    pub fn jpeg(&self, largest: u32) -> Result<String, Message> {
        let picture = self.picture.as_ref().ok_or_else(|| message!("stage-no-image"))?;
        let scale = (f64::from(largest) / f64::from(picture.width().max(picture.height()).max(1))).min(1.0);
        let side = |pixels: u32| ((f64::from(pixels) * scale) as u32).max(1);
        let small = bitmap_canvas((side(picture.width()), side(picture.height())))?;
        let failed = |_: JsValue| message!("stage-no-jpeg");
        context(&small)?
            .draw_image_with_html_canvas_element_and_dw_and_dh(
                picture,
                0.0,
                0.0,
                f64::from(small.width()),
                f64::from(small.height()),
            )
            .map_err(failed)?;
        small.to_data_url_with_type_and_encoder_options("image/jpeg", &JsValue::from_f64(JPEG_QUALITY)).map_err(failed)
    }

    /// Draws a moment of a viewing in place of everything else.
    pub fn draw_viewing(&self, spotlight: &Spotlight, view: &View) {
        if let Some(picture) = &self.picture {
            // As in `draw`: these numbers are finite.
            drop(spotlight.draw(&self.pen, picture, &self.frame(), view));
        }
    }

    /// Where the image lies in the stage.
    pub fn frame(&self) -> Frame {
        Frame::fit(self.pen.size(), self.native)
    }

    /// The picture of the open image, and the width and height of its file in pixels.
    pub fn picture(&self) -> Option<(&HtmlCanvasElement, (u32, u32))> {
        self.picture.as_ref().map(|picture| (picture, self.native))
    }

    /// Draws everything.
    pub fn draw(&self, scene: &Scene<'_>) {
        // Canvas calls fail only for values that are not finite, which sizes and fractions here never are.
        drop(self.try_draw(scene));
    }

    fn try_draw(&self, scene: &Scene<'_>) -> Result<(), JsValue> {
        self.pen.begin()?;
        self.paint(&self.pen, scene)
    }

    /// The picture with everything that is on it, on a canvas of its own that has the picture's pixels.
    ///
    /// # Errors
    /// When no image is open, or the browser cannot hold another picture.
    pub fn overlay(&self, scene: &Scene<'_>) -> Result<HtmlCanvasElement, Message> {
        let picture = self.picture.as_ref().ok_or_else(|| message!("stage-no-image"))?;
        let pen = Pen::new(bitmap_canvas((picture.width(), picture.height()))?)?;
        let frame = self.frame();
        // Drawn in the stage's own measure, so that lines are as wide beside the picture as they are on the screen.
        let scale = f64::from(picture.width()) / frame.width.max(1.0);
        let drawn = pen.context.set_transform(scale, 0.0, 0.0, scale, -frame.x * scale, -frame.y * scale);
        drawn.and_then(|()| self.paint(&pen, scene)).map_err(|_| message!("stage-no-jpeg"))?;
        Ok(pen.canvas)
    }

    fn paint(&self, pen: &Pen, scene: &Scene<'_>) -> Result<(), JsValue> {
        let frame = self.frame();
        let Some(picture) = &self.picture else { return Ok(()) };
        pen.photo(picture, &frame)?;
        // One scale at a time: attention takes the place of gaze, and of every filling.
        let attention = self.attention.as_ref();
        if let Some((_, map)) = attention {
            pen.image(map, &frame)?;
        }
        let bare = scene.shown == Shown::Bare;
        for (layer, map) in [(Layer::Heat, &self.heat), (Layer::Confidence, &self.confidence)] {
            if let Some(map) = map.as_ref().filter(|_| scene.layers.on(layer) && attention.is_none() && !bare) {
                pen.context.set_global_alpha(scene.layers.opacity(layer));
                pen.image(map, &frame)?;
                pen.context.set_global_alpha(1.0);
            }
        }
        match scene.shown {
            Shown::Bare => {}
            Shown::Growing { centre, frame: reveal } => {
                let of = |layer: Layer| {
                    let (_, outline) = scene.outlines.iter().find(|(l, _)| *l == layer && scene.layers.on(layer))?;
                    let (line, opacity) = scene.line(layer);
                    Some((*outline, line, opacity))
                };
                first_look_view::draw(pen, &frame, (centre, &reveal), of(Layer::Teacher), of(Layer::Student))?;
            }
            Shown::All => layers(pen, scene, attention.is_some(), &frame)?,
        }
        scanpath(pen, scene, &frame)?;
        if let Some((at, held)) = scene.growing {
            growing(pen, at, held, &frame)?;
        }
        if let Some((x, y)) = scene.cursor {
            pen.crosshair(frame.place(x, y))?;
        }
        Ok(())
    }
}

/// The outlines of the layers that are on, and what an edit has changed. Attention takes the place of
/// every filling.
fn layers(pen: &Pen, scene: &Scene<'_>, attention: bool, frame: &Frame) -> Result<(), JsValue> {
    for layer in Layer::ALL {
        if let Some((_, outline)) = scene.outlines.iter().find(|(l, _)| *l == layer && scene.layers.on(layer)) {
            let (line, opacity) = scene.line(layer);
            pen.outline(outline, line, if attention { 0.0 } else { opacity }, frame)?;
        }
    }
    if let Some(change) = scene.change.filter(|_| !attention) {
        pen.region(&change.gained, GAINED, 1.0, frame)?;
        pen.region(&change.lost, LOST, -1.0, frame)?;
    }
    Ok(())
}

fn scanpath(pen: &Pen, scene: &Scene<'_>, frame: &Frame) -> Result<(), JsValue> {
    let c = &pen.context;
    if scene.fixations.len() > 1 {
        c.begin_path();
        for (i, f) in scene.fixations.iter().enumerate() {
            let (x, y) = frame.place(f.x, f.y);
            if i == 0 { c.move_to(x, y) } else { c.line_to(x, y) }
        }
        pen.stroke("rgba(6, 10, 13, .45)", 3.0, &[])?;
        pen.stroke("rgba(255, 255, 255, .7)", 1.25, &[])?;
    }
    c.set_text_align("center");
    c.set_text_baseline("middle");
    for (i, f) in scene.fixations.iter().enumerate() {
        let (x, y) = frame.place(f.x, f.y);
        let radius = frame.radius(f.duration_ms);
        let selected = scene.selected == Some(i);
        pen.circle((x, y), radius)?;
        c.set_fill_style_str(if selected { "rgba(255, 255, 255, .38)" } else { "rgba(255, 255, 255, .16)" });
        c.fill();
        pen.stroke(UNDER, if selected { 5.0 } else { 3.5 }, &[])?;
        pen.stroke("#fff", if selected { 3.0 } else { 1.5 }, &[])?;
        let size = (radius * 0.85).clamp(9.0, 28.0);
        c.set_font(&format!("650 {size}px system-ui, sans-serif"));
        c.set_line_width(3.0);
        c.set_stroke_style_str("rgba(6, 10, 13, .75)");
        let number = (i + 1).to_string();
        c.stroke_text(&number, x, y)?;
        c.set_fill_style_str("#fff");
        c.fill_text(&number, x, y)?;
    }
    Ok(())
}

/// The press as it grows, inside the faint circle of the longest look.
fn growing(pen: &Pen, at: (f64, f64), held_ms: f32, frame: &Frame) -> Result<(), JsValue> {
    pen.circle(at, frame.radius(1100.0))?;
    pen.stroke("rgba(6, 10, 13, .5)", 3.0, &[])?;
    pen.stroke("rgba(255, 255, 255, .6)", 1.25, &[2.0, 4.0])?;
    pen.circle(at, frame.radius(held_ms))?;
    pen.context.set_fill_style_str("rgba(240, 228, 66, .4)");
    pen.context.fill();
    pen.stroke(UNDER, 4.5, &[])?;
    pen.stroke("#f0e442", 2.5, &[])
}
