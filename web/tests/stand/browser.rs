//! What a visitor does in the page, and what the page shows.

use js_sys::Function;
use wasm_bindgen::JsValue;

/// Runs a piece of JavaScript with these arguments.
pub fn js(parameters: &str, body: &str, arguments: &[JsValue]) -> JsValue {
    let function = Function::new_with_args(parameters, body);
    function.apply(&JsValue::NULL, &arguments.iter().collect()).unwrap()
}

pub fn text(expression: &str) -> String {
    js("", &format!("return String({expression})"), &[]).as_string().unwrap()
}

pub fn pointer(kind: &str, x: f64, y: f64) {
    let body = "document.querySelector('#stage-canvas').dispatchEvent(new PointerEvent(kind,
        { clientX: x, clientY: y, button: 0, isPrimary: true, pointerType: 'mouse', bubbles: true, cancelable: true }))";
    js("kind, x, y", body, &[kind.into(), x.into(), y.into()]);
}

pub fn click(x: f64, y: f64) {
    pointer("pointerdown", x, y);
    pointer("pointerup", x, y);
}

pub fn key(target: &str, options: &str) {
    js(
        "",
        &format!(
            "document.querySelector('{target}').dispatchEvent(new KeyboardEvent('keydown', {{ bubbles: true, {options} }}))"
        ),
        &[],
    );
}

/// Opens a tab of the panel: what is in another one takes no focus.
pub fn open_tab(name: &str) {
    js("", &format!("document.querySelector('#tab-{name}').click()"), &[]);
}

pub fn toggle(field: &str) {
    js("", &format!("document.querySelector('#phrases [data-field={field}] .phrase-toggle').click()"), &[]);
}

/// Chooses in a menu as a visitor does.
pub fn choose(selector: &str, value: &str) {
    let body = "const menu = document.querySelector(selector); menu.value = value;
        if (menu.value !== value) throw new Error('no such option');
        menu.dispatchEvent(new Event('change', { bubbles: true }))";
    js("selector, value", body, &[selector.into(), value.into()]);
}

/// A pointer event on the toggle of a field's phrase.
pub fn on_phrase(kind: &str, field: &str, pointer: &str) {
    let body = "document.querySelector(`#phrases [data-field=${field}] .phrase-toggle`).dispatchEvent(
        new PointerEvent(kind, { pointerType: pointer, isPrimary: true, bubbles: true, cancelable: true }))";
    js("kind, field, pointer", body, &[kind.into(), field.into(), pointer.into()]);
}

pub fn chips() -> String {
    text(
        "[...document.querySelectorAll('#phrases li:not([hidden])')].map(li => li.querySelector('button').textContent + (li.querySelector('button').ariaPressed === 'true' ? '' : ' off')).join('; ')",
    )
}

pub async fn wait(ms: u32) {
    let waited = js("ms", "return new Promise(done => setTimeout(done, ms))", &[ms.into()]);
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(waited)).await.unwrap();
}
