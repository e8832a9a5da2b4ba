//! The stage: image, layers, scanpath, crosshair and growing press on a 2D canvas, drawn from bytes.

use std::f64::consts::TAU;

use fovea_shared::gaze::Fixation;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, CanvasWindingRule, HtmlCanvasElement, ImageData};

use super::{
    dom::window,
    layers::{GAINED, LOST, Layer, Layers, Line, attention_colour, heat_colour},
    pointer::Frame,
};
use crate::{
    protocol::{AttentionMap, Change, Outline},
    text::say,
};

/// Quality of the JPEG that a visitor's own model is sent, 0 to 1.
const JPEG_QUALITY: f64 = 0.92;

/// Distance between the lines of a hatching, in CSS pixels.
const HATCH: f64 = 9.0;

/// A press that grows: where, in CSS pixels, and how long it would count now, in ms.
pub type Growing = ((f64, f64), f32);

/// Everything that one drawing shows, besides the pixels that [`Stage`] keeps.
pub struct Scene<'a> {
    /// Which layers, and how strong.
    pub layers: &'a Layers,
    /// The outlines there are.
    pub outlines: &'a [(Layer, &'a Outline)],
    /// What an edit of the text changed.
    pub change: Option<&'a Change>,
    /// The scanpath.
    pub fixations: &'a [Fixation],
    /// The selected fixation.
    pub selected: Option<usize>,
    /// A press that is held.
    pub growing: Option<Growing>,
    /// The keyboard's crosshair, in fractions of the image.
    pub cursor: Option<(f32, f32)>,
}

/// The canvas and the pixels it shows.
pub struct Stage {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    picture: Option<HtmlCanvasElement>,
    native: (u32, u32),
    heat: Option<HtmlCanvasElement>,
    attention: Option<(AttentionMap, HtmlCanvasElement)>,
}

impl Stage {
    /// A stage on a canvas.
    ///
    /// # Errors
    /// When the browser gives no 2D context.
    pub fn new(canvas: HtmlCanvasElement) -> Result<Self, String> {
        let context = context(&canvas)?;
        Ok(Self { canvas, context, picture: None, native: (4, 3), heat: None, attention: None })
    }

    /// Takes an image: RGBA bytes of `shown` pixels, of a file of `native` pixels.
    ///
    /// # Errors
    /// When the browser cannot hold the picture.
    pub fn set_picture(&mut self, rgba: &[u8], shown: (u32, u32), native: (u32, u32)) -> Result<(), String> {
        self.picture = Some(bitmap(rgba, shown)?);
        self.native = native;
        Ok(())
    }

    /// Takes a heat map of 0 to 255, or none.
    ///
    /// # Errors
    /// When the browser cannot hold the picture.
    pub fn set_heat(&mut self, heat: Option<(&[u8], (u32, u32))>) -> Result<(), String> {
        self.heat = match heat {
            Some((values, size)) => {
                Some(bitmap(&values.iter().flat_map(|v| heat_colour(*v)).collect::<Vec<_>>(), size)?)
            }
            None => None,
        };
        Ok(())
    }

    /// Takes the attention to show over the image, or none.
    ///
    /// # Errors
    /// When the browser cannot hold the picture.
    pub fn set_attention(&mut self, map: Option<&AttentionMap>) -> Result<(), String> {
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
        let ratio = f64::from(self.canvas.width()) / f64::from(self.canvas.client_width()).max(1.0);
        let width = f64::from(target.client_width()) * ratio;
        let height = width * frame.height / frame.width.max(1.0);
        target.set_width(width as u32);
        target.set_height(height as u32);
        let Ok(to) = context(target) else { return };
        let (x, y) = (frame.x * ratio, frame.y * ratio);
        // As in `draw`: these numbers are finite.
        drop(to.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &self.canvas,
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
    pub fn jpeg(&self, largest: u32) -> Result<String, String> {
        let picture = self.picture.as_ref().ok_or_else(|| say!("stage-no-image"))?;
        let scale = (f64::from(largest) / f64::from(picture.width().max(picture.height()).max(1))).min(1.0);
        let side = |pixels: u32| ((f64::from(pixels) * scale) as u32).max(1);
        let small = bitmap_canvas((side(picture.width()), side(picture.height())))?;
        let failed = |_: JsValue| say!("stage-no-jpeg");
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

    /// Where the image lies in the stage.
    pub fn frame(&self) -> Frame {
        Frame::fit((f64::from(self.canvas.client_width()), f64::from(self.canvas.client_height())), self.native)
    }

    /// Draws everything anew.
    pub fn draw(&self, scene: &Scene<'_>) {
        let ratio = window().device_pixel_ratio().clamp(1.0, 3.0);
        let (width, height) = (f64::from(self.canvas.client_width()), f64::from(self.canvas.client_height()));
        let (pixel_width, pixel_height) = ((width * ratio) as u32, (height * ratio) as u32);
        if (self.canvas.width(), self.canvas.height()) != (pixel_width, pixel_height) {
            self.canvas.set_width(pixel_width);
            self.canvas.set_height(pixel_height);
        }
        // Canvas calls fail only for values that are not finite, which sizes and fractions here never are.
        drop(self.try_draw(scene, ratio, (width, height)));
    }

    fn try_draw(&self, scene: &Scene<'_>, ratio: f64, size: (f64, f64)) -> Result<(), JsValue> {
        let (c, frame) = (&self.context, self.frame());
        c.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
        c.clear_rect(0.0, 0.0, size.0, size.1);
        let Some(picture) = &self.picture else { return Ok(()) };
        // A picture of a few pixels shows its pixels.
        c.set_image_smoothing_enabled(picture.width().max(picture.height()) > 64);
        self.image(picture, &frame)?;
        c.set_image_smoothing_enabled(true);
        // One scale at a time: attention takes the place of gaze, and of every filling.
        let attention = self.attention.as_ref();
        if let Some((_, map)) = attention {
            self.image(map, &frame)?;
        }
        if let Some(heat) = self.heat.as_ref().filter(|_| scene.layers.on(Layer::Heat) && attention.is_none()) {
            c.set_global_alpha(scene.layers.opacity(Layer::Heat));
            self.image(heat, &frame)?;
            c.set_global_alpha(1.0);
        }
        for layer in Layer::ALL {
            if let Some((_, outline)) = scene.outlines.iter().find(|(l, _)| *l == layer && scene.layers.on(layer)) {
                let opacity = if attention.is_some() { 0.0 } else { scene.layers.opacity(layer) };
                self.outline(outline, layer.line(), opacity, &frame)?;
            }
        }
        if let Some(change) = scene.change.filter(|_| attention.is_none()) {
            self.region(&change.gained, GAINED, 1.0, &frame)?;
            self.region(&change.lost, LOST, -1.0, &frame)?;
        }
        self.scanpath(scene, &frame)?;
        if let Some((at, held)) = scene.growing {
            self.growing(at, held, &frame)?;
        }
        if let Some((x, y)) = scene.cursor {
            self.crosshair(frame.place(x, y))?;
        }
        Ok(())
    }

    fn image(&self, picture: &HtmlCanvasElement, f: &Frame) -> Result<(), JsValue> {
        self.context.draw_image_with_html_canvas_element_and_dw_and_dh(picture, f.x, f.y, f.width, f.height)
    }

    /// A region that an edit changed: hatched, so that it is told from every layer.
    fn region(&self, region: &Outline, line: Line, slope: f64, frame: &Frame) -> Result<(), JsValue> {
        if region.area == 0 {
            return Ok(());
        }
        let c = &self.context;
        c.save();
        self.path(region, frame);
        c.clip_with_canvas_winding_rule(CanvasWindingRule::Evenodd);
        c.begin_path();
        let mut x = frame.x - frame.height;
        while x < frame.x + frame.width + frame.height {
            c.move_to(x, frame.y);
            c.line_to(x + slope * frame.height, frame.y + frame.height);
            x += HATCH;
        }
        self.stroke("rgba(6, 10, 13, .5)", 3.5, &[])?;
        self.stroke(&rgba(line.rgb, 0.95), 1.75, &[])?;
        c.restore();
        self.outline(region, line, 0.0, frame)
    }

    /// Makes an outline the present path.
    fn path(&self, outline: &Outline, frame: &Frame) {
        let c = &self.context;
        c.begin_path();
        outline.for_each_point(|x, y, first| {
            let (x, y) = frame.place(x, y);
            if first {
                c.close_path();
                c.move_to(x, y);
            } else {
                c.line_to(x, y);
            }
        });
        c.close_path();
    }

    fn outline(&self, outline: &Outline, line: Line, opacity: f64, frame: &Frame) -> Result<(), JsValue> {
        let c = &self.context;
        self.path(outline, frame);
        if opacity > 0.0 {
            c.set_fill_style_str(&rgba(line.rgb, opacity));
            c.fill_with_canvas_winding_rule(CanvasWindingRule::Evenodd);
        }
        c.set_line_join("round");
        // A dark line under the coloured one keeps it readable on bright highlights.
        let scale = (frame.width.min(frame.height) / 480.0).clamp(1.0, 2.0);
        let (width, dash) = (line.width * scale, line.dash.iter().map(|d| d * scale).collect::<Vec<_>>());
        self.stroke("rgba(6, 10, 13, .6)", width + 2.0, &dash)?;
        self.stroke(&rgba(line.rgb, 1.0), width, &dash)
    }

    fn stroke(&self, style: &str, width: f64, dash: &[f64]) -> Result<(), JsValue> {
        let c = &self.context;
        let pattern: js_sys::Array = dash.iter().map(|v| JsValue::from(*v)).collect();
        c.set_line_dash(&pattern)?;
        c.set_line_width(width);
        c.set_stroke_style_str(style);
        c.stroke();
        c.set_line_dash(&js_sys::Array::new())
    }

    fn scanpath(&self, scene: &Scene<'_>, frame: &Frame) -> Result<(), JsValue> {
        let c = &self.context;
        if scene.fixations.len() > 1 {
            c.begin_path();
            for (i, f) in scene.fixations.iter().enumerate() {
                let (x, y) = frame.place(f.x, f.y);
                if i == 0 { c.move_to(x, y) } else { c.line_to(x, y) }
            }
            self.stroke("rgba(6, 10, 13, .45)", 3.0, &[])?;
            self.stroke("rgba(255, 255, 255, .7)", 1.25, &[])?;
        }
        c.set_text_align("center");
        c.set_text_baseline("middle");
        for (i, f) in scene.fixations.iter().enumerate() {
            let (x, y) = frame.place(f.x, f.y);
            let radius = frame.radius(f.duration_ms);
            let selected = scene.selected == Some(i);
            self.circle((x, y), radius)?;
            c.set_fill_style_str(if selected { "rgba(255, 255, 255, .38)" } else { "rgba(255, 255, 255, .16)" });
            c.fill();
            self.stroke("rgba(6, 10, 13, .6)", if selected { 5.0 } else { 3.5 }, &[])?;
            self.stroke("#fff", if selected { 3.0 } else { 1.5 }, &[])?;
            let size = (radius * 0.85).clamp(9.0, 18.0);
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
    fn growing(&self, at: (f64, f64), held_ms: f32, frame: &Frame) -> Result<(), JsValue> {
        self.circle(at, frame.radius(1100.0))?;
        self.stroke("rgba(6, 10, 13, .5)", 3.0, &[])?;
        self.stroke("rgba(255, 255, 255, .6)", 1.25, &[2.0, 4.0])?;
        self.circle(at, frame.radius(held_ms))?;
        self.context.set_fill_style_str("rgba(240, 228, 66, .4)");
        self.context.fill();
        self.stroke("rgba(6, 10, 13, .6)", 4.5, &[])?;
        self.stroke("#f0e442", 2.5, &[])
    }

    fn crosshair(&self, at: (f64, f64)) -> Result<(), JsValue> {
        let c = &self.context;
        c.begin_path();
        for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
            c.move_to(at.0 + dx * 6.0, at.1 + dy * 6.0);
            c.line_to(at.0 + dx * 20.0, at.1 + dy * 20.0);
        }
        self.stroke("rgba(6, 10, 13, .8)", 5.0, &[])?;
        self.stroke("#f0e442", 2.0, &[])
    }

    fn circle(&self, at: (f64, f64), radius: f64) -> Result<(), JsValue> {
        self.context.begin_path();
        self.context.arc(at.0, at.1, radius, 0.0, TAU)
    }
}

fn rgba(rgb: (u8, u8, u8), alpha: f64) -> String {
    format!("rgba({}, {}, {}, {alpha:.3})", rgb.0, rgb.1, rgb.2)
}

fn context(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, String> {
    let none = || say!("stage-no-canvas");
    let context = canvas.get_context("2d").map_err(|_| none())?.ok_or_else(none)?;
    context.dyn_into().map_err(|_| none())
}

/// A canvas off the screen that holds RGBA bytes.
fn bitmap(rgba: &[u8], size: (u32, u32)) -> Result<HtmlCanvasElement, String> {
    let failed = |_: JsValue| say!("stage-no-picture");
    let canvas = bitmap_canvas(size)?;
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), size.0, size.1).map_err(failed)?;
    context(&canvas)?.put_image_data(&data, 0.0, 0.0).map_err(failed)?;
    Ok(canvas)
}

/// An empty canvas off the screen.
fn bitmap_canvas(size: (u32, u32)) -> Result<HtmlCanvasElement, String> {
    let document = window().document().ok_or("the window has no document")?;
    let canvas = document.create_element("canvas").map_err(|_| "the browser makes no canvas")?;
    let canvas: HtmlCanvasElement = canvas.unchecked_into();
    canvas.set_width(size.0);
    canvas.set_height(size.1);
    Ok(canvas)
}
