//! An element of the page, and the pointer on it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Browser, png};

/// The name of an element's reference in JSON, fixed by the protocol.
const REFERENCE: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long a plain click stays down: people need some 80 ms.
const CLICK: Duration = Duration::from_millis(60);

/// What points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pointer {
    /// A mouse.
    #[default]
    Mouse,
    /// A finger.
    Touch,
}

/// An element of the page. It goes stale when the page takes it out of the document.
pub struct Element<'b> {
    browser: &'b Browser,
    id: String,
    css: String,
}

impl<'b> Element<'b> {
    pub(super) fn new(browser: &'b Browser, value: &Value, css: &str) -> Result<Element<'b>> {
        let id = value[REFERENCE].as_str().with_context(|| format!("the driver gave no reference for `{css}`"))?;
        Ok(Element { browser, id: id.to_owned(), css: css.to_owned() })
    }

    /// What to pass to a script for this element.
    pub fn reference(&self) -> Value {
        json!({ REFERENCE: self.id })
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let value = self.browser.command(method, &format!("/element/{}{path}", self.id), body);
        value.with_context(|| format!("on the element `{}`", self.css))
    }

    /// Clicks its middle, after scrolling it into view. Fails when something else covers it.
    ///
    /// # Errors
    /// It cannot be clicked.
    pub fn click(&self) -> Result<()> {
        self.command("POST", "/click", &json!({})).map(drop)
    }

    /// Types a text.
    ///
    /// # Errors
    /// It takes no keys.
    pub fn type_text(&self, text: &str) -> Result<()> {
        self.command("POST", "/value", &json!({"text": text})).map(drop)
    }

    /// Gives a file to an `input` of type `file`, hidden or not.
    ///
    /// # Errors
    /// There is no such file, or it is no such input.
    pub fn upload(&self, file: &Path) -> Result<()> {
        let file = file.canonicalize().with_context(|| format!("cannot upload {}", file.display()))?;
        self.type_text(&file.to_string_lossy())
    }

    /// Its text as a visitor sees it.
    ///
    /// # Errors
    /// It is gone.
    pub fn text(&self) -> Result<String> {
        Ok(self.command("GET", "/text", &Value::Null)?.as_str().unwrap_or_default().to_owned())
    }

    /// An attribute, if it is there.
    ///
    /// # Errors
    /// It is gone.
    pub fn attribute(&self, name: &str) -> Result<Option<String>> {
        let value =
            self.browser.script("return arguments[0].getAttribute(arguments[1])", &[self.reference(), json!(name)]);
        Ok(value?.as_str().map(str::to_owned))
    }

    /// A property of the DOM object, such as `value` or `checked`.
    ///
    /// # Errors
    /// It is gone.
    pub fn property(&self, name: &str) -> Result<Value> {
        self.command("GET", &format!("/property/{name}"), &Value::Null)
    }

    /// Whether a visitor can see it.
    ///
    /// # Errors
    /// It is gone.
    pub fn is_displayed(&self) -> Result<bool> {
        Ok(self.command("GET", "/displayed", &Value::Null)?.as_bool().unwrap_or(false))
    }

    /// Whether it takes input.
    ///
    /// # Errors
    /// It is gone.
    pub fn is_enabled(&self) -> Result<bool> {
        Ok(self.command("GET", "/enabled", &Value::Null)?.as_bool().unwrap_or(false))
    }

    /// A picture of it, as a PNG.
    ///
    /// # Errors
    /// It cannot be drawn.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        png(&self.command("GET", "/screenshot", &Value::Null)?)
    }

    /// Its box in the viewport, `[left, top, width, height]` in CSS pixels, after scrolling it into view if need be.
    ///
    /// # Errors
    /// It is gone.
    pub fn bounds(&self) -> Result<[f64; 4]> {
        let script = "const e = arguments[0]; let r = e.getBoundingClientRect();
            if (r.top < 0 || r.left < 0 || r.bottom > innerHeight || r.right > innerWidth) {
                e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'}); r = e.getBoundingClientRect(); }
            return [r.left, r.top, r.width, r.height];";
        let value = self.browser.script(script, &[self.reference()])?;
        serde_json::from_value(value).with_context(|| format!("`{}` has no box", self.css))
    }

    /// Presses and releases at a place of the element, given as fractions of its width and height.
    ///
    /// # Errors
    /// The place is outside of the viewport.
    pub fn tap(&self, pointer: Pointer, at: (f64, f64)) -> Result<()> {
        self.press(pointer, at, CLICK)
    }

    /// As [`Element::tap`], held down for `hold`.
    ///
    /// # Errors
    /// The place is outside of the viewport.
    pub fn press(&self, pointer: Pointer, at: (f64, f64), hold: Duration) -> Result<()> {
        let at = self.place(at)?;
        self.gesture(pointer, &[go(at, 0), down(0), pause(hold), up(0)])
    }

    /// Presses at one place of the element, goes to another and releases; places as in [`Element::tap`].
    ///
    /// # Errors
    /// A place is outside of the viewport.
    pub fn drag(&self, pointer: Pointer, from: (f64, f64), to: (f64, f64)) -> Result<()> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        self.gesture(pointer, &[go(from, 0), down(0), pause(CLICK), go(middle, 80), go(to, 80), pause(CLICK), up(0)])
    }

    /// Right-clicks with the mouse; the place as in [`Element::tap`].
    ///
    /// # Errors
    /// The place is outside of the viewport.
    pub fn right_click(&self, at: (f64, f64)) -> Result<()> {
        let at = self.place(at)?;
        self.gesture(Pointer::Mouse, &[go(at, 0), down(2), pause(CLICK), up(2)])
    }

    /// Moves the mouse there, pressing nothing; the place as in [`Element::tap`].
    ///
    /// # Errors
    /// The place is outside of the viewport.
    pub fn hover(&self, at: (f64, f64)) -> Result<()> {
        let at = self.place(at)?;
        self.gesture(Pointer::Mouse, &[go(at, 0)])
    }

    fn place(&self, (x, y): (f64, f64)) -> Result<[f64; 2]> {
        let [left, top, width, height] = self.bounds()?;
        Ok([left + x * width, top + y * height])
    }

    fn gesture(&self, pointer: Pointer, actions: &[Value]) -> Result<()> {
        let (id, kind) = match pointer {
            Pointer::Mouse => ("mouse", "mouse"),
            Pointer::Touch => ("finger", "touch"),
        };
        let source = json!([{"type": "pointer", "id": id, "parameters": {"pointerType": kind}, "actions": actions}]);
        self.browser.actions(&source).with_context(|| format!("pointing at `{}`", self.css))
    }
}

fn go(at: [f64; 2], milliseconds: u64) -> Value {
    // Whole pixels: the protocol allows fractions, drivers have not always.
    json!({"type": "pointerMove", "origin": "viewport", "x": at[0].round(), "y": at[1].round(), "duration": milliseconds})
}

fn down(button: u8) -> Value {
    json!({"type": "pointerDown", "button": button})
}

fn up(button: u8) -> Value {
    json!({"type": "pointerUp", "button": button})
}

fn pause(time: Duration) -> Value {
    json!({"type": "pause", "duration": time.as_millis() as u64})
}

/// The protocol's character for a key; single characters are themselves.
pub(super) fn key(name: &str) -> Result<String> {
    let code = match name {
        "Backspace" => '\u{e003}',
        "Tab" => '\u{e004}',
        "Enter" => '\u{e007}',
        "Shift" => '\u{e008}',
        "Control" => '\u{e009}',
        "Alt" => '\u{e00a}',
        "Escape" => '\u{e00c}',
        "Space" => ' ',
        "PageUp" => '\u{e00e}',
        "PageDown" => '\u{e00f}',
        "End" => '\u{e010}',
        "Home" => '\u{e011}',
        "ArrowLeft" => '\u{e012}',
        "ArrowUp" => '\u{e013}',
        "ArrowRight" => '\u{e014}',
        "ArrowDown" => '\u{e015}',
        "Delete" => '\u{e017}',
        _ if name.chars().count() == 1 => return Ok(name.to_owned()),
        _ => bail!("the key `{name}` is not known"),
    };
    Ok(code.to_string())
}
