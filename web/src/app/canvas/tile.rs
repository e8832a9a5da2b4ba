//! A small canvas that shows one mask over the open image. All tiles of a view share zoom and cursor.

use wasm_bindgen::JsValue;
use web_sys::HtmlCanvasElement;

use super::{
    draw::{Pen, bitmap},
    frame::Frame,
    layers::{GAINED, LOST, Layer, Line, attention_colour},
};
use crate::protocol::{Heat, Outline};

/// Largest magnification.
const LARGEST: f64 = 8.0;

/// Which part of the image tiles show, and where the cursor is: the same for all of a view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lens {
    /// Magnification, 1 to 8.
    pub scale: f64,
    /// The middle of what is shown, in fractions of the image.
    pub centre: (f64, f64),
    /// The shared cursor, in fractions of the image.
    pub cursor: Option<(f32, f32)>,
}

impl Default for Lens {
    fn default() -> Self {
        Self { scale: 1.0, centre: (0.5, 0.5), cursor: None }
    }
}

impl Lens {
    /// Where the whole image lies in a tile of `size` CSS pixels: beyond the tile's borders where it is magnified.
    pub fn frame(&self, size: (f64, f64), native: (u32, u32)) -> Frame {
        let whole = Frame::fit(size, native);
        let (width, height) = (whole.width * self.scale, whole.height * self.scale);
        // What is smaller than the tile stands in its middle; what is larger leaves no gap.
        let place = |side: f64, tile: f64, centre: f64| {
            if side <= tile { (tile - side) / 2.0 } else { (tile / 2.0 - centre * side).clamp(tile - side, 0.0) }
        };
        Frame { x: place(width, size.0, self.centre.0), y: place(height, size.1, self.centre.1), width, height }
    }

    /// Magnifies by a factor around a place of the image, which stays where it is on the screen.
    pub fn zoom(&mut self, factor: f64, around: (f64, f64)) {
        let scale = (self.scale * factor).clamp(1.0, LARGEST);
        let kept = self.scale / scale;
        let keep = |centre: f64, around: f64| (around + (centre - around) * kept).clamp(0.0, 1.0);
        self.centre = (keep(self.centre.0, around.0), keep(self.centre.1, around.1));
        self.scale = scale;
        if scale <= 1.0 {
            self.centre = (0.5, 0.5);
        }
    }

    /// Moves what is shown by fractions of the image.
    pub fn shift(&mut self, by: (f64, f64)) {
        self.centre = ((self.centre.0 + by.0).clamp(0.0, 1.0), (self.centre.1 + by.1).clamp(0.0, 1.0));
    }
}

/// What a tile shows over the image, in the order in which it is drawn.
#[derive(Default)]
pub struct Picture<'a> {
    /// A map of -1 to 1 as 0 to 255: the cosine of AFC.
    pub map: Option<&'a Heat>,
    /// Filled regions with their line and opacity.
    pub regions: Vec<(&'a Outline, Line, f64)>,
    /// Where the mask is and the other is not.
    pub extra: Option<&'a Outline>,
    /// Where the mask is not and the other is.
    pub missing: Option<&'a Outline>,
    /// Contours.
    pub outlines: Vec<(Layer, &'a Outline)>,
}

/// A tile.
pub struct Tile {
    pen: Pen,
    /// The map that was drawn last, as a picture.
    map: Option<(Heat, HtmlCanvasElement)>,
}

impl Tile {
    /// A tile on a canvas.
    ///
    /// # Errors
    /// When the browser gives no 2D context.
    pub fn new(canvas: HtmlCanvasElement) -> Result<Self, String> {
        Ok(Self { pen: Pen::new(canvas)?, map: None })
    }

    /// Its canvas.
    pub fn canvas(&self) -> &HtmlCanvasElement {
        &self.pen.canvas
    }

    /// Where the image lies in the tile.
    pub fn frame(&self, lens: &Lens, native: (u32, u32)) -> Frame {
        lens.frame(self.pen.size(), native)
    }

    /// Draws everything over a photo of `native` pixels.
    pub fn draw(&mut self, photo: &HtmlCanvasElement, native: (u32, u32), lens: &Lens, shown: &Picture<'_>) {
        if let Some(map) = shown.map.filter(|map| self.map.as_ref().is_none_or(|(former, _)| former != *map)) {
            let rgba: Vec<u8> = map.values.0.iter().flat_map(|v| attention_colour(*v)).collect();
            self.map = bitmap(&rgba, map.size).ok().map(|canvas| (map.clone(), canvas));
        }
        // Canvas calls fail only for values that are not finite, which sizes and fractions here never are.
        drop(self.try_draw(photo, native, lens, shown));
    }

    fn try_draw(
        &self,
        photo: &HtmlCanvasElement,
        native: (u32, u32),
        lens: &Lens,
        shown: &Picture<'_>,
    ) -> Result<(), JsValue> {
        let pen = &self.pen;
        pen.begin()?;
        let frame = lens.frame(pen.size(), native);
        pen.photo(photo, &frame)?;
        if let Some((_, map)) = self.map.as_ref().filter(|_| shown.map.is_some()) {
            pen.image(map, &frame)?;
        }
        for (region, line, opacity) in &shown.regions {
            pen.outline(region, *line, *opacity, &frame)?;
        }
        if let Some(extra) = shown.extra {
            pen.region(extra, GAINED, 1.0, &frame)?;
        }
        if let Some(missing) = shown.missing {
            pen.region(missing, LOST, -1.0, &frame)?;
        }
        for (layer, outline) in &shown.outlines {
            pen.outline(outline, layer.line(), 0.0, &frame)?;
        }
        match lens.cursor {
            Some((x, y)) => pen.crosshair(frame.place(x, y)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_image_stands_in_the_middle_and_a_magnified_one_leaves_no_gap() {
        let whole = Lens::default().frame((200.0, 100.0), (100, 100));
        assert_eq!((whole.x, whole.y, whole.width), (50.0, 0.0, 100.0));
        let mut lens = Lens::default();
        lens.zoom(4.0, (0.0, 0.0));
        let corner = lens.frame((100.0, 100.0), (10, 10));
        assert_eq!((corner.x, corner.y, corner.width), (0.0, 0.0, 400.0));
        lens.shift((5.0, 0.0));
        assert_eq!(lens.frame((100.0, 100.0), (10, 10)).x, -300.0);
    }

    #[test]
    fn zooming_keeps_the_place_under_the_cursor() {
        let size = (300.0, 300.0);
        let mut lens = Lens::default();
        let around = (0.6, 0.4);
        for factor in [2.0, 1.5, 0.8] {
            let before = lens.frame(size, (64, 64)).place(around.0 as f32, around.1 as f32);
            lens.zoom(factor, around);
            let after = lens.frame(size, (64, 64)).place(around.0 as f32, around.1 as f32);
            assert!((before.0 - after.0).abs() < 1e-3 && (before.1 - after.1).abs() < 1e-3, "{before:?} {after:?}");
        }
        lens.zoom(0.01, around);
        assert_eq!(lens, Lens::default());
        lens.zoom(99.0, around);
        assert_eq!(lens.scale, LARGEST);
    }
}
