//! From pointer, keyboard and buttons to points.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent, PointerEvent, TouchEvent};

use super::{
    Gaze, clear,
    history::{redo, undo},
    nudge, remove, remove_selected, select_next, use_case_gaze,
};
use crate::app::{
    elements::{
        document,
        events::{click, on},
    },
    model::{Handle, Model},
};

/// Least radius that a mouse and a finger hit a point within, in CSS pixels.
const REACH: (f64, f64) = (14.0, 24.0);

/// Steps of the keyboard's crosshair, in fractions of the image: fine and with Shift.
const STEPS: (f32, f32) = (0.02, 0.1);

fn at(event: &MouseEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

fn reach(event: &PointerEvent) -> f64 {
    if event.pointer_type() == "mouse" { REACH.0 } else { REACH.1 }
}

/// Mouse, pen and finger on the canvas.
pub(super) fn pointer(gaze: &Gaze, handle: &Handle<Gaze>) {
    let canvas = &gaze.canvas;
    let (of, target) = (handle.clone(), canvas.clone());
    on(canvas, "pointerdown", move |event: PointerEvent| {
        if event.is_primary() && event.button() == 0 {
            // Without capture a drag that leaves the canvas would never end; an old pointer id is
            // no harm.
            drop(target.set_pointer_capture(event.pointer_id()));
            of.update(|gaze, model| gaze.press(model, at(&event), reach(&event)));
        }
    });
    let of = handle.clone();
    on(canvas, "pointermove", move |event: PointerEvent| {
        if event.is_primary() && of.read(|gaze, _| gaze.pressed()) {
            of.update(|gaze, model| gaze.move_press(model, at(&event)));
        }
    });
    let of = handle.clone();
    on(canvas, "pointerup", move |event: PointerEvent| {
        if event.is_primary() {
            of.update(Gaze::end_press);
        }
    });
    let of = handle.clone();
    on(canvas, "pointercancel", move |_: PointerEvent| of.update(Gaze::cancel_press));
    let of = handle.clone();
    on(canvas, "contextmenu", move |event: MouseEvent| {
        event.prevent_default();
        // A long touch asks for a menu too; it has a press of its own. A mouse's right button has
        // none.
        of.update(|gaze, model| {
            let found = if gaze.pressed() { None } else { gaze.hit(model, at(&event), REACH.0) };
            if let Some(index) = found {
                remove(model, index);
            }
        });
    });
    // Touching a point drags it; touching elsewhere may scroll the page.
    let of = handle.clone();
    on(canvas, "touchstart", move |event: TouchEvent| {
        let touches = event.touches();
        let (Some(touch), 1) = (touches.item(0), touches.length()) else { return };
        let on_point = of.read(|gaze, model| {
            let rect = gaze.canvas.get_bounding_client_rect();
            let at = (f64::from(touch.client_x()) - rect.left(), f64::from(touch.client_y()) - rect.top());
            gaze.hit(model, at, REACH.1).is_some()
        });
        if on_point {
            event.prevent_default();
        }
    });
}

/// The keyboard on the canvas, and undo everywhere.
pub(super) fn keyboard(gaze: &Gaze, handle: &Handle<Gaze>) {
    let of = handle.clone();
    on(&gaze.canvas, "keydown", move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() {
            return;
        }
        // The keys move the sharp disc.
        if of.read(|_, model| model.viewing) {
            return;
        }
        if of.update(|gaze, model| key(gaze, model, &event)) {
            event.prevent_default();
        }
    });
    let of = handle.clone();
    on(&gaze.canvas, "keyup", move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            of.update(Gaze::end_press);
        }
    });
    let of = handle.clone();
    on(&gaze.canvas, "blur", move |_: Event| of.update(|gaze, _| gaze.cursor = None));
    let of = handle.clone();
    on(&document(), "keydown", move |event: KeyboardEvent| {
        if !(event.ctrl_key() || event.meta_key()) || event.alt_key() || in_text(&event) {
            return;
        }
        let step: fn(&mut Gaze, &mut Model) = match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => |_, model| undo(model),
            ("z", true) | ("y", _) => |_, model| redo(model),
            _ => return,
        };
        event.prevent_default();
        of.update(step);
    });
}

/// What a key on the canvas does. True if it does anything.
fn key(gaze: &mut Gaze, model: &mut Model, event: &KeyboardEvent) -> bool {
    let step = if event.shift_key() { STEPS.1 } else { STEPS.0 };
    let key = event.key();
    let direction = match key.as_str() {
        "ArrowLeft" => Some((-step, 0.0)),
        "ArrowRight" => Some((step, 0.0)),
        "ArrowUp" => Some((0.0, -step)),
        "ArrowDown" => Some((0.0, step)),
        _ => None,
    };
    match (direction, key.as_str()) {
        (Some((dx, dy)), _) if event.alt_key() => nudge(model, dx, dy),
        (Some((dx, dy)), _) => gaze.move_cursor(model, dx, dy),
        (None, "Enter" | " ") => {
            if !event.repeat() {
                gaze.press_at_cursor(model);
            }
        }
        (None, "Delete" | "Backspace") => remove_selected(model),
        (None, "n" | "N") => select_next(model, 1),
        (None, "p" | "P") => select_next(model, -1),
        // With nothing to put down, the key is free for what is around the canvas.
        (None, "Escape") => return gaze.put_down(model),
        _ => return false,
    }
    true
}

/// The buttons below the stage.
pub(super) fn buttons(gaze: &Gaze, handle: &Handle<Gaze>) {
    click(handle, &gaze.undo, |_, model| undo(model));
    click(handle, &gaze.redo, |_, model| redo(model));
    click(handle, &gaze.clear, |_, model| clear(model));
    click(handle, &gaze.use_gaze, |_, model| use_case_gaze(model));
}

/// Whether a key is for a field in which one types: that has an undo of its own.
fn in_text(event: &Event) -> bool {
    const TYPED: &str = "input:not([type=checkbox]):not([type=range])";
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    target.is_some_and(|t| t.matches(TYPED).unwrap_or(false))
}
