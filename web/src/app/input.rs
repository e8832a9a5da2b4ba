//! From events of the browser to calls of the app.

use wasm_bindgen::{JsCast, UnwrapThrowExt, convert::FromWasmAbi, prelude::Closure};
use web_sys::{
    AddEventListenerOptions, Element, Event, EventTarget, KeyboardEvent, MouseEvent, PointerEvent, ResizeObserver,
    TouchEvent,
};

use super::{
    Page, ask, card_input, dom::window, kiosk, lab_input, layers::Layer, playback, save, share, state::App,
    students::Strategy,
};

/// Least radius that a mouse and a finger hit a point within, in CSS pixels.
const REACH: (f64, f64) = (14.0, 24.0);

/// Steps of the keyboard's crosshair, in fractions of the image: fine and with Shift.
const STEPS: (f32, f32) = (0.02, 0.1);

/// Listens to everything that the visitor can do.
///
/// # Errors
/// Names the element that `index.html` lacks.
pub(super) fn listen(page: &Page) -> Result<(), String> {
    pointer(page);
    keyboard(page);
    buttons(page);
    layers(page)?;
    lists(page);
    models(page);
    card_input::listen(page);
    ask::listen(page)?;
    lab_input::listen(page);
    playback::listen(page);
    share::listen(page);
    save::listen(page);
    kiosk::listen(page)?;
    let of = page.clone();
    let resized = Closure::<dyn Fn()>::new(move || {
        of.update(|app| (app.compare.dirty, app.live.dirty) = (true, true));
    });
    if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
        page.read(|app| {
            for element in [&app.dom.stage, &app.dom.compare.tiles, &app.dom.live.tiles] {
                observer.observe(element);
            }
        });
    }
    resized.forget();
    Ok(())
}

/// Adds a listener that lives as long as the page, and may prevent what the browser would do.
pub(super) fn on<E: JsCast + FromWasmAbi + 'static>(target: &EventTarget, name: &str, listener: impl Fn(E) + 'static) {
    let listener = Closure::<dyn Fn(E)>::new(listener);
    let options = AddEventListenerOptions::new();
    options.set_passive(false);
    target
        .add_event_listener_with_callback_and_add_event_listener_options(
            name,
            listener.as_ref().unchecked_ref(),
            &options,
        )
        .expect_throw("listeners can be added");
    listener.forget();
}

fn at(event: &MouseEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

fn reach(event: &PointerEvent) -> f64 {
    if event.pointer_type() == "mouse" { REACH.0 } else { REACH.1 }
}

fn pointer(page: &Page) {
    let canvas = page.read(|app| app.dom.canvas.clone());
    let (of, target) = (page.clone(), canvas.clone());
    on(&canvas, "pointerdown", move |event: PointerEvent| {
        if event.is_primary() && event.button() == 0 {
            // Without capture a drag that leaves the canvas would never end; an old pointer id is no harm.
            drop(target.set_pointer_capture(event.pointer_id()));
            of.update(|app| app.press(at(&event), reach(&event)));
        }
    });
    let of = page.clone();
    on(&canvas, "pointermove", move |event: PointerEvent| {
        if event.is_primary() && of.read(|app| app.press.is_some()) {
            of.update(|app| app.move_press(at(&event)));
        }
    });
    let of = page.clone();
    on(&canvas, "pointerup", move |event: PointerEvent| {
        if event.is_primary() {
            of.update(App::end_press);
        }
    });
    // The browser has taken the finger for scrolling or zooming: nothing was meant for the image.
    let of = page.clone();
    on(&canvas, "pointercancel", move |_: PointerEvent| {
        of.update(|app| {
            app.press = None;
            app.inputs.end_drag();
        });
    });
    let of = page.clone();
    on(&canvas, "contextmenu", move |event: MouseEvent| {
        event.prevent_default();
        // A long touch asks for a menu too; it has a press of its own. A mouse's right button has none.
        of.update(|app| {
            let found = if app.press.is_some() { None } else { app.hit(at(&event), REACH.0) };
            if let Some(index) = found {
                app.remove(index);
            }
        });
    });
    // Touching a point drags it; touching elsewhere may scroll the page.
    let of = page.clone();
    on(&canvas, "touchstart", move |event: TouchEvent| {
        let touches = event.touches();
        let (Some(touch), 1) = (touches.item(0), touches.length()) else { return };
        let on_point = of.read(|app| {
            let rect = app.dom.canvas.get_bounding_client_rect();
            app.hit((f64::from(touch.client_x()) - rect.left(), f64::from(touch.client_y()) - rect.top()), REACH.1)
                .is_some()
        });
        if on_point {
            event.prevent_default();
        }
    });
}

fn keyboard(page: &Page) {
    let canvas = page.read(|app| app.dom.canvas.clone());
    let of = page.clone();
    on(&canvas, "keydown", move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() {
            return;
        }
        let step = if event.shift_key() { STEPS.1 } else { STEPS.0 };
        let direction = match event.key().as_str() {
            "ArrowLeft" => Some((-step, 0.0)),
            "ArrowRight" => Some((step, 0.0)),
            "ArrowUp" => Some((0.0, -step)),
            "ArrowDown" => Some((0.0, step)),
            _ => None,
        };
        let key = event.key();
        let known = of.update(|app| match (direction, key.as_str()) {
            (Some((dx, dy)), _) if event.alt_key() => app.nudge(dx, dy),
            (Some((dx, dy)), _) => app.move_cursor(dx, dy),
            (None, "Enter" | " ") => {
                if !event.repeat() {
                    app.press_at_cursor();
                }
                true
            }
            (None, "Delete" | "Backspace") => app.remove_selected(),
            (None, "n" | "N") => app.select_next(1),
            (None, "p" | "P") => app.select_next(-1),
            (None, "Escape") => app.put_down(),
            _ => false,
        });
        if known {
            event.prevent_default();
        }
    });
    let of = page.clone();
    on(&canvas, "keyup", move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            of.update(App::end_press);
        }
    });
    let of = page.clone();
    on(&canvas, "blur", move |_: Event| of.update(|app| app.cursor = None));

    let document = page.read(|app| app.dom.document.clone());
    let of = page.clone();
    on(&document, "keydown", move |event: KeyboardEvent| {
        if !(event.ctrl_key() || event.meta_key()) || event.alt_key() || in_text(&event) {
            return;
        }
        let step: fn(&mut App) = match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => App::undo,
            ("z", true) | ("y", _) => App::redo,
            _ => return,
        };
        event.prevent_default();
        of.update(step);
    });
}

/// Calls the app when something is clicked.
pub(super) fn click(page: &Page, target: &EventTarget, action: fn(&mut App)) {
    let of = page.clone();
    on(target, "click", move |_: Event| of.update(action));
}

fn buttons(page: &Page) {
    page.read(|app| {
        click(page, &app.dom.undo, App::undo);
        click(page, &app.dom.redo, App::redo);
        click(page, &app.dom.clear, App::clear);
        click(page, &app.dom.use_gaze, App::use_case_gaze);
        click(page, &app.dom.message_close, App::close_message);
    });
}

fn layers(page: &Page) -> Result<(), String> {
    for layer in Layer::ALL {
        let (switch, slider) = page.read(|app| app.dom.layer(layer))?;
        let (of, input) = (page.clone(), switch.clone());
        let set = move |say: bool| of.update(|app| app.set_layer(layer, input.checked(), say));
        set(false);
        on(&switch, "change", move |_: Event| set(true));
        let (of, input) = (page.clone(), slider.clone());
        let set = move || of.update(|app| app.layers.set_opacity(layer, input.value_as_number() / 100.0));
        set();
        on(&slider, "input", move |_: Event| set());
    }
    Ok(())
}

fn lists(page: &Page) {
    let (gallery, fixations, details) =
        page.read(|app| (app.dom.gallery.clone(), app.dom.fixations.clone(), app.dom.details_gaze.clone()));
    let of = page.clone();
    on(&gallery, "click", move |event: Event| {
        if let Some(case) = attribute(&event, "data-case") {
            of.open_case(&case);
        }
    });
    let of = page.clone();
    on(&fixations, "click", move |event: Event| {
        let index = |name| attribute(&event, name).and_then(|v| v.parse::<usize>().ok());
        if let Some(i) = index("data-select") {
            of.update(|app| app.select(i));
        } else if let Some(i) = index("data-remove") {
            of.update(|app| app.remove(i));
        }
    });
    let of = page.clone();
    on(&details, "toggle", move |_: Event| of.update(|_| ()));
}

/// Which domain, and which of its students.
fn models(page: &Page) {
    let (domains, switches) = page.read(|app| (app.dom.domains.clone(), app.dom.strategies.clone()));
    let of = page.clone();
    on(&domains, "change", move |event: Event| {
        let chosen = attribute(&event, "value");
        let place = chosen.and_then(|folder| of.read(|app| app.domains.index.find(&folder)));
        if let Some(place) = place {
            of.choose_domain(place);
        }
    });
    let of = page.clone();
    on(&window(), "hashchange", move |_: Event| {
        of.follow_language();
        of.follow_address();
    });
    let (of, family) = (page.clone(), page.read(|app| app.dom.family.clone()));
    on(&family.clone(), "change", move |_: Event| of.update(|app| app.choose_family(&family.value())));
    for (strategy, switch) in Strategy::ALL.into_iter().zip(switches) {
        let of = page.clone();
        on(&switch, "change", move |_: Event| of.update(|app| app.flip_strategy(strategy)));
    }
}

/// Whether a key is for a field in which one types: that has an undo of its own.
fn in_text(event: &Event) -> bool {
    const TYPED: &str = "input:not([type=checkbox]):not([type=range])";
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    target.is_some_and(|t| t.matches(TYPED).unwrap_or(false))
}

/// The attribute of the nearest element around the click that has it.
pub(super) fn attribute(event: &Event, name: &str) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(&format!("[{name}]")).ok()??.get_attribute(name)
}
