//! What a viewing looks like: the blurred picture, the sharp disc on it, and the time that is left.

use std::{cell::Cell, f64::consts::TAU};

use wasm_bindgen::JsValue;
use web_sys::HtmlCanvasElement;

use super::blur::{Pixels, blurred};
use crate::app::{
    canvas::{
        draw::{Pen, UNDER, bitmap, bitmap_canvas},
        frame::Frame,
    },
    elements::window,
};

/// Side of the disc's mask in pixels: as large as the largest disc, so that its edge stays soft.
const MASK_SIDE: usize = 256;

/// The part of the disc's radius up to which it is wholly sharp; from there it fades.
const SHARP: f32 = 0.8;

/// Distance of the countdown from the disc, in CSS pixels.
const RING_GAP: f64 = 6.0;

/// Height of the countdown along the picture's upper edge, in CSS pixels.
const BAR: f64 = 5.0;

/// What is drawn in one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Where the visitor looks, in fractions of the image.
    pub eye: Option<(f32, f32)>,
    /// Radius of the disc in CSS pixels: see [`super::settings::Disc::radius_on`].
    pub radius: f64,
    /// The part of the time that is left, 1 to 0: see [`super::viewing::Viewing::share_left`].
    pub left: f64,
}

/// Size of the canvas in pixels and the picture's place in it: what the backdrop was drawn for.
type DrawnFor = ((u32, u32), Frame);

/// The pixels of a viewing. They are made once a picture, so that a frame only copies.
pub struct Spotlight {
    blurred: HtmlCanvasElement,
    mask: HtmlCanvasElement,
    /// The blurred picture at the size of the stage.
    backdrop: Pen,
    drawn_for: Cell<Option<DrawnFor>>,
    /// The sharp disc at the size of the stage.
    lens: Pen,
}

impl Spotlight {
    /// For a picture of RGBA bytes of `size` pixels.
    ///
    /// # Errors
    /// When the browser cannot hold the pictures.
    pub fn new(rgba: &[u8], size: (u32, u32)) -> Result<Self, String> {
        let Pixels { rgba, size } = blurred(rgba, size);
        let side = MASK_SIDE as u32;
        Ok(Self {
            blurred: bitmap(&rgba, size)?,
            mask: bitmap(&soft_disc(MASK_SIDE), (side, side))?,
            backdrop: Pen::new(bitmap_canvas((1, 1))?)?,
            drawn_for: Cell::new(None),
            lens: Pen::new(bitmap_canvas((1, 1))?)?,
        })
    }

    /// Draws a frame on the stage in place of what was there. `picture` is the sharp picture, `frame` its place.
    ///
    /// # Errors
    /// Never for numbers that are finite.
    pub fn draw(&self, stage: &Pen, picture: &HtmlCanvasElement, frame: &Frame, view: &View) -> Result<(), JsValue> {
        stage.begin()?;
        let ratio = window().device_pixel_ratio().clamp(1.0, 3.0);
        self.draw_backdrop(stage, frame, ratio)?;
        let Some(eye) = view.eye else { return bar(stage, frame, view.left) };
        let at = frame.place(eye.0, eye.1);
        self.draw_lens(stage, picture, frame, (at, view.radius), ratio)?;
        ring(stage, at, view.radius, view.left)
    }

    /// Copies the blurred picture, which is enlarged only when the stage has changed.
    fn draw_backdrop(&self, stage: &Pen, frame: &Frame, ratio: f64) -> Result<(), JsValue> {
        let size = (stage.canvas.width(), stage.canvas.height());
        if self.drawn_for.get() != Some((size, *frame)) {
            let to = &self.backdrop;
            resize(&to.canvas, size);
            to.context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
            to.context.clear_rect(0.0, 0.0, f64::from(size.0) / ratio, f64::from(size.1) / ratio);
            to.image(&self.blurred, frame)?;
            self.drawn_for.set(Some((size, *frame)));
        }
        copy(stage, &self.backdrop.canvas, (0.0, 0.0), ratio)
    }

    /// Cuts the disc out of the sharp picture and copies it onto the stage.
    fn draw_lens(
        &self,
        stage: &Pen,
        picture: &HtmlCanvasElement,
        frame: &Frame,
        (at, radius): ((f64, f64), f64),
        ratio: f64,
    ) -> Result<(), JsValue> {
        let lens = &self.lens;
        let side = (2.0 * radius * ratio).ceil() as u32 + 1;
        // Whole pixels of the screen: the copy below is then exact.
        let corner = [at.0, at.1].map(|v| ((v - radius) * ratio).floor() / ratio);
        resize(&lens.canvas, (side, side));
        let c = &lens.context;
        c.set_transform(ratio, 0.0, 0.0, ratio, -corner[0] * ratio, -corner[1] * ratio)?;
        c.clear_rect(corner[0], corner[1], f64::from(side) / ratio, f64::from(side) / ratio);
        lens.photo(picture, frame)?;
        c.set_global_composite_operation("destination-in")?;
        let disc = Frame { x: at.0 - radius, y: at.1 - radius, width: 2.0 * radius, height: 2.0 * radius };
        let cut = lens.image(&self.mask, &disc);
        c.set_global_composite_operation("source-over")?;
        cut?;
        copy(stage, &lens.canvas, (corner[0], corner[1]), ratio)
    }
}

/// RGBA bytes of a disc that fills a square of `side` pixels: opaque up to [`SHARP`] of its radius, then fading to
/// nothing at its edge.
fn soft_disc(side: usize) -> Vec<u8> {
    let middle = side as f32 / 2.0;
    let alpha = |i: usize| {
        let (x, y) = ((i % side) as f32 + 0.5 - middle, (i / side) as f32 + 0.5 - middle);
        let t = ((1.0 - x.hypot(y) / middle) / (1.0 - SHARP)).clamp(0.0, 1.0);
        // Smooth at both ends (Hermite), so that no edge is seen where the disc ends.
        (t * t * (3.0 - 2.0 * t) * 255.0).round() as u8
    };
    (0..side * side).flat_map(|i| [255, 255, 255, alpha(i)]).collect()
}

fn resize(canvas: &HtmlCanvasElement, size: (u32, u32)) {
    if (canvas.width(), canvas.height()) != size {
        canvas.set_width(size.0);
        canvas.set_height(size.1);
    }
}

/// Copies a canvas pixel by pixel to a place in CSS pixels.
fn copy(stage: &Pen, canvas: &HtmlCanvasElement, (x, y): (f64, f64), ratio: f64) -> Result<(), JsValue> {
    let (width, height) = (f64::from(canvas.width()) / ratio, f64::from(canvas.height()) / ratio);
    stage.context.draw_image_with_html_canvas_element_and_dw_and_dh(canvas, x, y, width, height)
}

/// The time that is left, as an arc around the disc that begins at the top.
fn ring(stage: &Pen, at: (f64, f64), radius: f64, left: f64) -> Result<(), JsValue> {
    let top = -TAU / 4.0;
    stage.context.begin_path();
    stage.context.arc(at.0, at.1, radius + RING_GAP, top, top + TAU * left)?;
    stage.stroke(UNDER, 6.0, &[])?;
    stage.stroke("#fff", 3.0, &[])
}

/// The time that is left, along the picture's upper edge.
fn bar(stage: &Pen, frame: &Frame, left: f64) -> Result<(), JsValue> {
    let c = &stage.context;
    c.set_fill_style_str(UNDER);
    c.fill_rect(frame.x, frame.y, frame.width, BAR);
    c.set_fill_style_str("#fff");
    c.fill_rect(frame.x, frame.y, frame.width * left, BAR - 1.0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disc_is_sharp_in_its_middle_and_fades_evenly_to_nothing() {
        let side = 100;
        let alpha: Vec<u8> = soft_disc(side).chunks_exact(4).map(|p| p[3]).collect();
        let row = &alpha[50 * side..51 * side];
        assert!(row[12..88].iter().all(|a| *a == 255), "{row:?}");
        assert!(row[..50].windows(2).all(|pair| pair[0] <= pair[1]), "{row:?}");
        assert!(row[50..].windows(2).all(|pair| pair[0] >= pair[1]), "{row:?}");
        assert!(row[0] < 3 && row[99] < 3 && (100..156).contains(&row[5]), "{row:?}");
        assert_eq!((alpha[0], alpha[side - 1], alpha[side * side - 1]), (0, 0, 0));
    }
}
