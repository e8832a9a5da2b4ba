//! Drawing on a 2D canvas: pictures, outlines, hatched regions. What stage and tiles have in common.

use std::f64::consts::TAU;

use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, CanvasWindingRule, HtmlCanvasElement, ImageData};

use super::{frame::Frame, layers::Line};
use crate::{app::elements::window, protocol::Outline, text::say};

/// Distance between the lines of a hatching, in CSS pixels.
const HATCH: f64 = 9.0;

/// The line under every coloured line, which keeps it readable on bright highlights.
pub const UNDER: &str = "rgba(6, 10, 13, .6)";

/// A canvas with its 2D context.
pub struct Pen {
    /// The canvas.
    pub canvas: HtmlCanvasElement,
    /// Its context.
    pub context: CanvasRenderingContext2d,
}

impl Pen {
    /// A pen on a canvas.
    ///
    /// # Errors
    /// When the browser gives no 2D context.
    pub fn new(canvas: HtmlCanvasElement) -> Result<Self, String> {
        let context = context(&canvas)?;
        Ok(Self { canvas, context })
    }

    /// Width and height on the screen, in CSS pixels.
    pub fn size(&self) -> (f64, f64) {
        (f64::from(self.canvas.client_width()), f64::from(self.canvas.client_height()))
    }

    /// Gives the canvas as many pixels as the screen has there, wipes it, and lets everything be drawn in CSS pixels.
    ///
    /// # Errors
    /// Never for sizes that are finite.
    pub fn begin(&self) -> Result<(), JsValue> {
        let ratio = window().device_pixel_ratio().clamp(1.0, 3.0);
        let (width, height) = self.size();
        let (pixel_width, pixel_height) = ((width * ratio) as u32, (height * ratio) as u32);
        if (self.canvas.width(), self.canvas.height()) != (pixel_width, pixel_height) {
            self.canvas.set_width(pixel_width);
            self.canvas.set_height(pixel_height);
        }
        self.context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
        self.context.clear_rect(0.0, 0.0, width, height);
        Ok(())
    }

    /// Draws a picture into a frame; one of a few pixels shows its pixels.
    ///
    /// # Errors
    /// Never for frames that are finite.
    pub fn photo(&self, picture: &HtmlCanvasElement, frame: &Frame) -> Result<(), JsValue> {
        self.context.set_image_smoothing_enabled(picture.width().max(picture.height()) > 64);
        self.image(picture, frame)?;
        self.context.set_image_smoothing_enabled(true);
        Ok(())
    }

    /// Draws a picture into a frame.
    ///
    /// # Errors
    /// Never for frames that are finite.
    pub fn image(&self, picture: &HtmlCanvasElement, f: &Frame) -> Result<(), JsValue> {
        self.context.draw_image_with_html_canvas_element_and_dw_and_dh(picture, f.x, f.y, f.width, f.height)
    }

    /// A region that differs from every layer: hatched, its lines falling to the left or to the right (`slope` -1 or 1).
    ///
    /// # Errors
    /// Never for frames that are finite.
    pub fn region(&self, region: &Outline, line: Line, slope: f64, frame: &Frame) -> Result<(), JsValue> {
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

    /// Draws an outline, filled with this opacity (0 to 1).
    ///
    /// # Errors
    /// Never for frames that are finite.
    pub fn outline(&self, outline: &Outline, line: Line, opacity: f64, frame: &Frame) -> Result<(), JsValue> {
        let c = &self.context;
        self.path(outline, frame);
        if opacity > 0.0 {
            c.set_fill_style_str(&rgba(line.rgb, opacity));
            c.fill_with_canvas_winding_rule(CanvasWindingRule::Evenodd);
        }
        c.set_line_join("round");
        let scale = (frame.width.min(frame.height) / 480.0).clamp(0.75, 2.0);
        let (width, dash) = (line.width * scale, line.dash.iter().map(|d| d * scale).collect::<Vec<_>>());
        self.stroke(UNDER, width + 2.0, &dash)?;
        self.stroke(&rgba(line.rgb, 1.0), width, &dash)
    }

    /// Strokes the present path.
    ///
    /// # Errors
    /// Never for numbers that are finite.
    pub fn stroke(&self, style: &str, width: f64, dash: &[f64]) -> Result<(), JsValue> {
        let c = &self.context;
        let pattern: js_sys::Array = dash.iter().map(|v| JsValue::from(*v)).collect();
        c.set_line_dash(&pattern)?;
        c.set_line_width(width);
        c.set_stroke_style_str(style);
        c.stroke();
        c.set_line_dash(&js_sys::Array::new())
    }

    /// A crosshair with an open middle.
    ///
    /// # Errors
    /// Never for numbers that are finite.
    pub fn crosshair(&self, at: (f64, f64)) -> Result<(), JsValue> {
        let c = &self.context;
        c.begin_path();
        for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
            c.move_to(at.0 + dx * 6.0, at.1 + dy * 6.0);
            c.line_to(at.0 + dx * 20.0, at.1 + dy * 20.0);
        }
        self.stroke("rgba(6, 10, 13, .8)", 5.0, &[])?;
        self.stroke("#f0e442", 2.0, &[])
    }

    /// Makes a circle the present path.
    ///
    /// # Errors
    /// For a negative radius.
    pub fn circle(&self, at: (f64, f64), radius: f64) -> Result<(), JsValue> {
        self.context.begin_path();
        self.context.arc(at.0, at.1, radius, 0.0, TAU)
    }
}

/// A colour as the canvas takes it.
pub fn rgba(rgb: (u8, u8, u8), alpha: f64) -> String {
    format!("rgba({}, {}, {}, {alpha:.3})", rgb.0, rgb.1, rgb.2)
}

/// The 2D context of a canvas.
///
/// # Errors
/// When the browser gives none.
pub fn context(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, String> {
    let none = || say!("stage-no-canvas");
    let context = canvas.get_context("2d").map_err(|_| none())?.ok_or_else(none)?;
    context.dyn_into().map_err(|_| none())
}

/// A canvas off the screen that holds RGBA bytes.
pub fn bitmap(rgba: &[u8], size: (u32, u32)) -> Result<HtmlCanvasElement, String> {
    let failed = |_: JsValue| say!("stage-no-picture");
    let canvas = bitmap_canvas(size)?;
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), size.0, size.1).map_err(failed)?;
    context(&canvas)?.put_image_data(&data, 0.0, 0.0).map_err(failed)?;
    Ok(canvas)
}

/// An empty canvas off the screen.
pub fn bitmap_canvas(size: (u32, u32)) -> Result<HtmlCanvasElement, String> {
    let document = window().document().ok_or("the window has no document")?;
    let canvas = document.create_element("canvas").map_err(|_| "the browser makes no canvas")?;
    let canvas: HtmlCanvasElement = canvas.unchecked_into();
    canvas.set_width(size.0);
    canvas.set_height(size.1);
    Ok(canvas)
}
