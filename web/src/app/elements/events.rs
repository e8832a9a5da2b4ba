//! Listening to the visitor.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt, convert::FromWasmAbi, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AddEventListenerOptions, Element, Event, EventTarget, HtmlSelectElement};

use super::window;
use crate::app::model::{Handle, Model};

/// Adds a listener that lives as long as the page, and may prevent what the browser would do.
pub fn on<E: JsCast + FromWasmAbi + 'static>(target: &EventTarget, name: &str, listener: impl Fn(E) + 'static) {
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

/// Calls a feature when something is clicked.
pub fn click<F: 'static>(handle: &Handle<F>, target: &EventTarget, action: fn(&mut F, &mut Model)) {
    let handle = handle.clone();
    on(target, "click", move |_: Event| handle.update(action));
}

/// Calls a feature with the value of a menu when another one is chosen.
pub fn choose<F: 'static>(
    handle: &Handle<F>,
    menu: &HtmlSelectElement,
    action: impl Fn(&mut F, &mut Model, &str) + 'static,
) {
    let (handle, chosen) = (handle.clone(), menu.clone());
    on(menu, "change", move |_: Event| handle.update(|feature, model| action(feature, model, &chosen.value())));
}

/// The attribute of the nearest element around the event that has it.
pub fn attribute(event: &Event, name: &str) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(&format!("[{name}]")).ok()??.get_attribute(name)
}

/// Whether an event happened inside of what a selector finds.
pub fn within(event: &Event, selector: &str) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    target.is_some_and(|t| t.closest(selector).ok().flatten().is_some())
}

/// Calls back before the next picture that the window draws. A window that draws none never calls.
pub fn next_frame(call: impl FnOnce() + 'static) {
    let call = Closure::once_into_js(call);
    drop(window().request_animation_frame(call.unchecked_ref()));
}

/// Lets the browser do what else waits, such as a click of the visitor, before it goes on: what takes
/// long is cut into tasks with this. Without timers it never goes on.
pub async fn pause() {
    let promise = Promise::new(&mut |resolve, _| {
        drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 0));
    });
    // A timer's promise is never rejected.
    drop(JsFuture::from(promise).await);
}

/// Calls back after some ms. Without timers it never calls.
pub fn after(ms: i32, call: impl FnOnce() + 'static) {
    let call: JsValue = Closure::once_into_js(call);
    drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(call.unchecked_ref(), ms));
}
