//! Gaze by hand: points on the image that are added, moved, removed, undone and played back.

mod events;
mod history;
mod points;
pub mod press;
mod timeline;

use std::rc::Rc;

use fovea_shared::gaze::GazeOrigin;
use web_sys::{Document, HtmlButtonElement, HtmlCanvasElement, HtmlElement};

use super::{
    canvas::frame::Frame,
    elements::{events::next_frame, get, set_text},
    model::{GazeSource, Handle, Model, inputs::dwell},
    stage::image_view::Growing,
    status::{numbers, sentences},
};
use crate::{clock::now_ms, text::say};
use points::PointList;
use press::{Action, Press, hit};
use timeline::Timeline;

/// Draws the stage and nothing else.
pub type Redraw = Rc<dyn Fn()>;

/// The feature: its elements, a pointer that is down, the keyboard's crosshair.
pub struct Gaze {
    canvas: HtmlCanvasElement,
    undo: HtmlButtonElement,
    redo: HtmlButtonElement,
    clear: HtmlButtonElement,
    use_gaze: HtmlButtonElement,
    use_gaze_text: HtmlElement,
    points: PointList,
    timeline: Timeline,
    press: Option<Press>,
    cursor: Option<(f32, f32)>,
    line: Option<(Handle<Self>, Redraw)>,
}

impl Gaze {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            canvas: get(d, "stage-canvas")?,
            undo: get(d, "undo")?,
            redo: get(d, "redo")?,
            clear: get(d, "clear")?,
            use_gaze: get(d, "use-gaze")?,
            use_gaze_text: get(d, "use-gaze-text")?,
            points: PointList::find(d)?,
            timeline: Timeline::find(d)?,
            press: None,
            cursor: None,
            line: None,
        })
    }

    /// Listens to the visitor.
    pub fn listen(&mut self, handle: &Handle<Self>, redraw: Redraw) {
        self.line = Some((handle.clone(), redraw));
        events::pointer(self, handle);
        events::keyboard(self, handle);
        events::buttons(self, handle);
        self.points.listen(handle);
        self.timeline.listen(handle);
    }

    /// The press that grows, if one does: where (CSS pixels), and how long it would count now (ms).
    pub fn growing(&self) -> Option<Growing> {
        match self.press {
            Some(Press::New { at, since }) => Some((at, dwell(now_ms() - since))),
            _ => None,
        }
    }

    /// Whether a pointer is down.
    pub fn pressed(&self) -> bool {
        self.press.is_some()
    }

    /// The keyboard's crosshair, in fractions of the image.
    pub fn cursor(&self) -> Option<(f32, f32)> {
        self.cursor
    }

    /// Another image: what was begun on the former one is forgotten.
    pub fn forget(&mut self) {
        (self.press, self.cursor) = (None, None);
    }

    fn frame(&self, model: &Model) -> Frame {
        let size = (f64::from(self.canvas.client_width()), f64::from(self.canvas.client_height()));
        Frame::fit(size, model.found.size)
    }

    /// The point at a place on the canvas.
    fn hit(&self, model: &Model, at: (f64, f64), reach: f64) -> Option<usize> {
        hit(&self.frame(model), model.inputs.fixations(), at, reach)
    }

    /// The pointer goes down.
    fn press(&mut self, model: &Model, at: (f64, f64), reach: f64) {
        if model.current.is_some() && !model.viewing {
            self.cursor = None;
            self.press = Press::begin(&self.frame(model), model.inputs.fixations(), at, now_ms(), reach);
            self.animate();
        }
    }

    /// Draws a press as it grows, frame by frame, until it is let go.
    fn animate(&self) {
        let Some((handle, redraw)) = self.line.clone().filter(|_| self.growing().is_some()) else { return };
        next_frame(move || {
            if handle.read(|gaze, _| gaze.growing().is_some()) {
                redraw();
                handle.read(|gaze, _| gaze.animate());
            }
        });
    }

    /// The pointer moves while it is down.
    fn move_press(&mut self, model: &mut Model, to: (f64, f64)) {
        let frame = self.frame(model);
        if let Some(press) = &mut self.press
            && let Action::Drag(index, x, y) = press.moved(&frame, to)
        {
            model.inputs.drag(index, x, y);
            model.gaze_changed(say!("point-moved", number = index + 1));
        }
    }

    /// The pointer, or the key, is let go.
    fn end_press(&mut self, model: &mut Model) {
        let Some(press) = self.press.take() else { return };
        match press.ended(&self.frame(model), now_ms()) {
            Action::Add(x, y, held) => {
                model.inputs.add(x, y, dwell(held));
                let added = sentences::added(&model.inputs);
                model.gaze_changed(added);
            }
            Action::Drop => drop(model.inputs.end_drag()),
            Action::Select(index) => select(model, index),
            Action::Drag(..) | Action::None => {}
        }
    }

    /// The browser has taken the finger for scrolling or zooming: the image was not meant.
    fn cancel_press(&mut self, model: &mut Model) {
        self.press = None;
        model.inputs.end_drag();
    }

    /// Moves the keyboard's crosshair.
    fn move_cursor(&mut self, model: &mut Model, dx: f32, dy: f32) {
        let (x, y) = self.cursor.map_or((0.5, 0.5), |(x, y)| (x + dx, y + dy));
        let (x, y) = (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0));
        self.cursor = Some((x, y));
        model.say(say!("crosshair", place = sentences::place(x, y)));
    }

    /// Begins a press at the crosshair.
    fn press_at_cursor(&mut self, model: &mut Model) {
        match self.cursor {
            Some((x, y)) if model.current.is_some() && self.press.is_none() => {
                self.press = Some(Press::New { at: self.frame(model).place(x, y), since: now_ms() });
                self.animate();
            }
            Some(_) => {}
            None => self.move_cursor(model, 0.0, 0.0),
        }
    }

    /// Selects nothing and hides the crosshair. True if there was one, or something selected.
    fn put_down(&mut self, model: &mut Model) -> bool {
        let held = self.press.is_some() || self.cursor.is_some() || model.inputs.selected().is_some();
        model.inputs.select(None);
        self.forget();
        held
    }

    /// Brings the elements in line with the model.
    pub fn refresh(&mut self, model: &Model) {
        self.undo.set_disabled(!model.inputs.can_undo());
        self.redo.set_disabled(!model.inputs.can_redo());
        self.clear.set_disabled(model.inputs.fixations().is_empty());
        let gaze = model.current.as_ref().and_then(|current| current.origin.gaze);
        self.use_gaze.set_disabled(gaze.is_none());
        if model.current.is_some() {
            let text = match gaze {
                Some(GazeSource::From(GazeOrigin::Recorded)) => say!("use-gaze-recorded"),
                Some(GazeSource::From(GazeOrigin::Pointer)) => say!("use-gaze-pointer"),
                Some(GazeSource::From(GazeOrigin::Simulated)) => say!("use-gaze-simulated"),
                Some(GazeSource::Unknown) => say!("use-gaze-unknown"),
                None => say!("use-gaze-none"),
            };
            set_text(&self.use_gaze_text, &text);
        }
        self.points.refresh(model);
        self.timeline.refresh(model);
    }
}

/// Moves the selected point by a step.
fn nudge(model: &mut Model, dx: f32, dy: f32) {
    let moved = model.inputs.nudge(dx, dy);
    if let (true, Some(index)) = (moved, model.inputs.selected()) {
        model.gaze_changed(say!("point-moved", number = index + 1));
    }
}

/// Selects a point.
fn select(model: &mut Model, index: usize) {
    model.inputs.select(Some(index));
    say_selected(model);
}

/// Selects the next point, or the one before.
fn select_next(model: &mut Model, by: isize) {
    model.inputs.select_next(by);
    say_selected(model);
}

fn say_selected(model: &mut Model) {
    if let Some(index) = model.inputs.selected() {
        let point = sentences::fixation(index, &model.inputs.fixations()[index]);
        model.say(say!("point-selected", point = point));
    }
}

/// Removes a point.
fn remove(model: &mut Model, index: usize) {
    if model.inputs.remove(index) {
        model.gaze_changed(say!("point-removed", number = index + 1));
    }
}

/// Removes the selected point; says so where none is selected.
fn remove_selected(model: &mut Model) {
    match model.inputs.selected() {
        Some(index) => remove(model, index),
        None => model.say(say!("nothing-selected")),
    }
}

/// Removes all points.
fn clear(model: &mut Model) {
    if !model.inputs.fixations().is_empty() {
        model.inputs.replace(Vec::new(), None);
        model.gaze_changed(say!("points-removed"));
    }
}

/// Takes the gaze that came with the image.
fn use_case_gaze(model: &mut Model) {
    if let Some(gaze) = model.current.as_ref().and_then(|c| c.origin.gaze) {
        model.inputs.replace(model.found.case_gaze.clone(), gaze.origin());
        let points = numbers::points(model.inputs.fixations().len());
        model.gaze_changed(match gaze {
            GazeSource::From(GazeOrigin::Recorded) => say!("points-taken-recorded", points = points),
            GazeSource::From(GazeOrigin::Pointer) => say!("points-taken-pointer", points = points),
            GazeSource::From(GazeOrigin::Simulated) => say!("points-taken-simulated", points = points),
            GazeSource::Unknown => say!("points-taken-unknown", points = points),
        });
    }
}
