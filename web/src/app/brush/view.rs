//! The overlay on the stage and its controls.

use fovea_shared::plane::Mask;
use wasm_bindgen::JsCast;
use web_sys::{
    Document, Event, HtmlButtonElement, HtmlCanvasElement, HtmlElement, HtmlInputElement, KeyboardEvent, MouseEvent,
    PointerEvent, TouchEvent,
};

use super::{
    painting::{Painting, Tool},
    stopwatch::Stopwatch,
};
use crate::{
    app::{
        canvas::{
            draw::{Pen, UNDER, bitmap, rgba},
            frame::Frame,
            layers::{Layer, Line},
        },
        elements::{events::on, focus::focus_next, get, set, set_text},
        model::{Handle, Model},
    },
    clock::now_ms,
    protocol::Outline,
    text::say,
};

/// Steps of the keyboard, in fractions of the image: fine and with Shift.
const STEPS: (f32, f32) = (0.01, 0.05);

/// What was painted.
#[derive(Clone, Debug, PartialEq)]
pub struct Painted {
    /// The mask.
    pub mask: Mask,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// Brush, eraser and outline over the stage.
pub struct Brush {
    pen: Pen,
    bar: HtmlElement,
    tools: [HtmlButtonElement; 3],
    size: HtmlInputElement,
    undo: HtmlButtonElement,
    time: HtmlElement,
    painting: Option<Painting>,
    watch: Stopwatch,
    /// Where the keyboard is.
    cursor: (f32, f32),
    keys: bool,
    /// Whether this stroke is of the pointer.
    pressed: bool,
}

/// Leads from a feature to its brush.
type Pick<F> = fn(&mut F) -> &mut Brush;

impl Brush {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks, or says that the browser gives no 2D canvas.
    pub fn find(d: &Document) -> Result<Self, String> {
        let [outline, brush, eraser] = Tool::ALL.map(|tool| get(d, &format!("brush-{}", tool.name())));
        Ok(Self {
            pen: Pen::new(get::<HtmlCanvasElement>(d, "brush-canvas")?)?,
            bar: get(d, "brush")?,
            tools: [outline?, brush?, eraser?],
            size: get(d, "brush-size")?,
            undo: get(d, "brush-undo")?,
            time: get(d, "brush-time")?,
            painting: None,
            watch: Stopwatch::default(),
            cursor: (0.5, 0.5),
            keys: false,
            pressed: false,
        })
    }

    /// Listens to the visitor, on behalf of the feature that the brush belongs to.
    pub fn listen<F: 'static>(&self, handle: &Handle<F>, pick: Pick<F>) {
        self.listen_to_pointer(handle, pick);
        let of = handle.clone();
        on(&self.pen.canvas, "keydown", move |event: KeyboardEvent| {
            let (ctrl, shift) = (event.ctrl_key() || event.meta_key(), event.shift_key());
            if of.visit(|feature, _| pick(feature).key(&event.key(), ctrl, shift)) == Some(true) {
                event.prevent_default();
                event.stop_propagation();
            }
        });
        let of = handle.clone();
        on(&self.pen.canvas, "blur", move |_: Event| {
            of.visit(|feature, _| pick(feature).leave_keys());
        });
        for (tool, button) in Tool::ALL.into_iter().zip(&self.tools) {
            let of = handle.clone();
            on(button, "click", move |_: Event| {
                of.visit(|feature, _| pick(feature).choose(tool));
            });
        }
        let of = handle.clone();
        on(&self.size, "input", move |_: Event| {
            of.visit(|feature, _| pick(feature).resize());
        });
        let of = handle.clone();
        on(&self.undo, "click", move |_: Event| {
            of.visit(|feature, _| pick(feature).take_back());
        });
    }

    fn listen_to_pointer<F: 'static>(&self, handle: &Handle<F>, pick: Pick<F>) {
        let canvas = &self.pen.canvas;
        let at = |event: &MouseEvent| (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let (of, target) = (handle.clone(), canvas.clone());
        on(canvas, "pointerdown", move |event: PointerEvent| {
            if event.is_primary() && event.button() == 0 {
                // Without capture a stroke that leaves the canvas would never end.
                drop(target.set_pointer_capture(event.pointer_id()));
                of.visit(|feature, model| pick(feature).press(model, at(&event)));
            }
        });
        let of = handle.clone();
        on(canvas, "pointermove", move |event: PointerEvent| {
            if event.is_primary() {
                of.visit(|feature, model| pick(feature).drag(model, at(&event)));
            }
        });
        let of = handle.clone();
        on(canvas, "pointerup", move |event: PointerEvent| {
            if event.is_primary() {
                of.visit(|feature, _| pick(feature).lift());
            }
        });
        let of = handle.clone();
        on(canvas, "pointercancel", move |_: PointerEvent| {
            of.visit(|feature, _| pick(feature).give_up());
        });
        // A finger paints and does not scroll.
        on(canvas, "touchstart", |event: TouchEvent| event.prevent_default());
    }

    /// Begins to paint on a mask; the keyboard goes there.
    pub fn begin(&mut self, mask: Mask, tool: Tool) {
        self.painting = Some(Painting::on(mask, tool));
        (self.watch, self.cursor, self.keys, self.pressed) = (Stopwatch::default(), (0.5, 0.5), false, false);
        self.watch.tick(now_ms());
        self.resize();
        focus_next(self.pen.canvas.clone().unchecked_into());
    }

    /// Whether somebody paints.
    pub fn painting(&self) -> bool {
        self.painting.is_some()
    }

    /// Ends the painting; gives what was painted.
    pub fn end(&mut self) -> Option<Painted> {
        self.watch.tick(now_ms());
        let painting = self.painting.take()?;
        Some(Painted { mask: painting.mask().clone(), seconds: self.watch.seconds() })
    }

    /// Brings elements and overlay in line. `outline`: what is shown while nobody paints.
    pub fn refresh(&self, model: &Model, outline: Option<&Outline>) {
        let painting = self.painting.is_some();
        self.bar.set_hidden(!painting);
        let canvas = &self.pen.canvas;
        canvas.set_hidden(!painting && outline.is_none() || model.viewing);
        set(canvas, "data-paints", if painting { "yes" } else { "no" });
        canvas.set_tab_index(if painting { 0 } else { -1 });
        set(canvas, "aria-hidden", if painting { "false" } else { "true" });
        if painting {
            self.show();
        } else if let Some(outline) = outline {
            // Canvas calls fail only for values that are not finite, which sizes never are.
            drop(self.pen.begin());
            let frame = Frame::fit(self.pen.size(), model.found.size);
            let line = Line { width: 2.5, ..Layer::Student.line() };
            drop(self.pen.outline(outline, line, 0.2, &frame));
        }
    }

    fn act(&mut self, change: impl FnOnce(&mut Painting)) {
        self.watch.tick(now_ms());
        if let Some(painting) = &mut self.painting {
            change(painting);
            self.show();
        }
    }

    fn frame(&self, size: (u32, u32)) -> Frame {
        Frame::fit(self.pen.size(), size)
    }

    fn press(&mut self, model: &Model, at: (f64, f64)) {
        let at = self.frame(model.found.size).fractions(at);
        (self.pressed, self.keys) = (true, false);
        self.act(|painting| painting.begin(at));
    }

    fn drag(&mut self, model: &Model, at: (f64, f64)) {
        let at = self.frame(model.found.size).fractions(at);
        self.cursor = at;
        if self.pressed {
            self.act(|painting| painting.go_on(at));
        }
    }

    fn lift(&mut self) {
        if std::mem::take(&mut self.pressed) {
            self.act(Painting::end);
        }
    }

    fn give_up(&mut self) {
        if std::mem::take(&mut self.pressed) {
            self.act(Painting::cancel);
        }
    }

    fn leave_keys(&mut self) {
        self.keys = false;
        self.act(|_| ());
    }

    fn choose(&mut self, tool: Tool) {
        self.act(|painting| {
            painting.cancel();
            painting.tool = tool;
        });
    }

    fn resize(&mut self) {
        let radius = self.size.value().parse::<f32>().unwrap_or(3.0) / 100.0;
        self.act(|painting| painting.radius = radius);
    }

    fn take_back(&mut self) {
        self.act(|painting| {
            painting.undo();
        });
    }

    /// A key: arrows move, space paints or sets a corner of the outline, Enter closes it. Whether it
    /// was one of these.
    fn key(&mut self, key: &str, ctrl: bool, shift: bool) -> bool {
        if self.painting.is_none() {
            return false;
        }
        if ctrl {
            let undo = key.eq_ignore_ascii_case("z");
            if undo {
                self.take_back();
            }
            return undo;
        }
        let step = if shift { STEPS.1 } else { STEPS.0 };
        let (x, y) = match key {
            "ArrowLeft" => (-step, 0.0),
            "ArrowRight" => (step, 0.0),
            "ArrowUp" => (0.0, -step),
            "ArrowDown" => (0.0, step),
            " " | "Enter" | "Escape" => (0.0, 0.0),
            _ => return false,
        };
        self.keys = true;
        self.cursor = ((self.cursor.0 + x).clamp(0.0, 1.0), (self.cursor.1 + y).clamp(0.0, 1.0));
        let at = self.cursor;
        match key {
            " " => self.act(|painting| match (painting.tool, painting.painting()) {
                (Tool::Outline, false) => painting.begin(at),
                (Tool::Outline, true) => painting.go_on(at),
                _ => painting.dot(at),
            }),
            "Enter" => self.act(Painting::end),
            "Escape" => self.act(Painting::cancel),
            _ => self.act(|_| ()),
        }
        true
    }

    /// Draws mask, line and cursor, and writes the controls.
    fn show(&self) {
        let Some(painting) = &self.painting else { return };
        for (tool, button) in Tool::ALL.into_iter().zip(&self.tools) {
            set(button, "aria-pressed", if painting.tool == tool { "true" } else { "false" });
        }
        self.undo.set_disabled(!painting.can_undo());
        set_text(&self.time, &say!("brush-time", seconds = format!("{:.0}", self.watch.seconds())));
        // Canvas calls fail only for values that are not finite, which these never are.
        drop(self.draw(painting));
    }

    fn draw(&self, painting: &Painting) -> Result<(), wasm_bindgen::JsValue> {
        self.pen.begin()?;
        let mask = painting.mask();
        let size = (mask.width as u32, mask.height as u32);
        let frame = self.frame(size);
        let (red, green, blue) = Layer::Student.line().rgb;
        let pixel = |inside: &bool| [red, green, blue, if *inside { 110 } else { 0 }];
        let pixels: Vec<u8> = mask.data.iter().flat_map(pixel).collect();
        self.pen.image(&bitmap(&pixels, size)?, &frame)?;
        let context = &self.pen.context;
        if !painting.line().is_empty() {
            context.begin_path();
            for (place, at) in painting.line().iter().enumerate() {
                let (x, y) = frame.place(at.0, at.1);
                if place == 0 { context.move_to(x, y) } else { context.line_to(x, y) }
            }
            self.pen.stroke(UNDER, 5.0, &[])?;
            self.pen.stroke(&rgba((red, green, blue), 1.0), 2.5, &[])?;
        }
        if self.keys {
            let at = frame.place(self.cursor.0, self.cursor.1);
            self.pen.crosshair(at)?;
            self.pen.circle(at, f64::from(painting.radius) * frame.width.min(frame.height))?;
            self.pen.stroke(&rgba((red, green, blue), 1.0), 1.5, &[4.0, 4.0])?;
        }
        Ok(())
    }
}
