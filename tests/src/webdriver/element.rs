//! An element of the page, and the pointer on it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::actions::{
    InputSource, MOUSE_BUTTON_LEFT, MOUSE_BUTTON_RIGHT, MouseActions, PointerAction, TouchActions,
};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use serde_json::{Value, json};

use super::Browser;

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
    element: fantoccini::elements::Element,
    css: String,
}

impl<'b> Element<'b> {
    pub(super) fn new(browser: &'b Browser, element: fantoccini::elements::Element, css: &str) -> Element<'b> {
        Element { browser, element, css: css.to_owned() }
    }

    /// What to pass to a script for this element.
    pub fn reference(&self) -> Value {
        json!(self.element)
    }

    fn wait<T>(&self, command: impl Future<Output = Result<T, CmdError>>) -> Result<T> {
        self.browser.wait(command).with_context(|| format!("on the element `{}`", self.css))
    }

    /// Clicks its middle, after scrolling it into view. Fails when something else covers it.
    ///
    /// # Errors
    /// It cannot be clicked.
    pub fn click(&self) -> Result<()> {
        self.wait(self.element.click())
    }

    /// Types a text.
    ///
    /// # Errors
    /// It takes no keys.
    pub fn type_text(&self, text: &str) -> Result<()> {
        self.wait(self.element.send_keys(text))
    }

    /// Gives a file to an `input` of type `file`, hidden or not.
    ///
    /// # Errors
    /// There is no such file, or it is not such an input.
    pub fn upload(&self, file: &Path) -> Result<()> {
        self.upload_all(&[file.to_owned()])
    }

    /// Gives several files at once to an `input` that takes them, hidden or not.
    ///
    /// # Errors
    /// A file is not there, or it is not such an input.
    pub fn upload_all(&self, files: &[PathBuf]) -> Result<()> {
        let paths = files.iter().map(|file| {
            let path = file.canonicalize().with_context(|| format!("cannot upload {}", file.display()))?;
            Ok(path.to_string_lossy().into_owned())
        });
        self.type_text(&paths.collect::<Result<Vec<_>>>()?.join("\n"))
    }

    /// Its text as a visitor sees it.
    ///
    /// # Errors
    /// It is gone.
    pub fn text(&self) -> Result<String> {
        self.wait(self.element.text())
    }

    /// An attribute, if it is there. One that is true or false is `true` where it is there.
    ///
    /// # Errors
    /// It is gone.
    pub fn attribute(&self, name: &str) -> Result<Option<String>> {
        self.wait(self.element.attr(name))
    }

    /// A property of the DOM object as text, such as `value` or `checked`.
    ///
    /// # Errors
    /// It is gone.
    pub fn property(&self, name: &str) -> Result<Option<String>> {
        self.wait(self.element.prop(name))
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
        self.gesture(pointer, [go(at, 0), down(MOUSE_BUTTON_LEFT), pause(hold), up(MOUSE_BUTTON_LEFT)])
    }

    /// Presses at one place of the element, goes to another and releases; places as in [`Element::tap`].
    ///
    /// # Errors
    /// A place is outside of the viewport.
    pub fn drag(&self, pointer: Pointer, from: (f64, f64), to: (f64, f64)) -> Result<()> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        self.gesture(
            pointer,
            [
                go(from, 0),
                down(MOUSE_BUTTON_LEFT),
                pause(CLICK),
                go(middle, 80),
                go(to, 80),
                pause(CLICK),
                up(MOUSE_BUTTON_LEFT),
            ],
        )
    }

    /// Right-clicks with the mouse; the place as in [`Element::tap`].
    ///
    /// # Errors
    /// The place is outside of the viewport.
    pub fn right_click(&self, at: (f64, f64)) -> Result<()> {
        let at = self.place(at)?;
        self.gesture(Pointer::Mouse, [go(at, 0), down(MOUSE_BUTTON_RIGHT), pause(CLICK), up(MOUSE_BUTTON_RIGHT)])
    }

    /// Moves the mouse there, pressing nothing; the place as in [`Element::tap`].
    ///
    /// # Errors
    /// The place is outside of the viewport.
    pub fn hover(&self, at: (f64, f64)) -> Result<()> {
        let at = self.place(at)?;
        self.gesture(Pointer::Mouse, [go(at, 0)])
    }

    /// Moves the mouse from place to place (fractions of the element) and rests at each as long as it says.
    ///
    /// # Errors
    /// A place is outside of the viewport.
    pub fn wander(&self, places: &[((f64, f64), Duration)]) -> Result<()> {
        let [left, top, width, height] = self.bounds()?;
        let actions = places.iter().flat_map(|((x, y), rest)| {
            [go([left + x * width, top + y * height], 0), PointerAction::Pause { duration: *rest }]
        });
        self.gesture(Pointer::Mouse, actions)
    }

    fn place(&self, (x, y): (f64, f64)) -> Result<[f64; 2]> {
        let [left, top, width, height] = self.bounds()?;
        Ok([left + x * width, top + y * height])
    }

    fn gesture(&self, pointer: Pointer, actions: impl IntoIterator<Item = PointerAction>) -> Result<()> {
        let actions = actions.into_iter();
        match pointer {
            Pointer::Mouse => self.browser.actions(actions.fold(MouseActions::new("mouse".into()), InputSource::then)),
            Pointer::Touch => self.browser.actions(actions.fold(TouchActions::new("finger".into()), InputSource::then)),
        }
        .with_context(|| format!("pointing at `{}`", self.css))
    }
}

fn go(at: [f64; 2], milliseconds: u64) -> PointerAction {
    // Whole pixels: the protocol allows fractions, drivers have not always.
    let duration = Some(Duration::from_millis(milliseconds));
    PointerAction::MoveTo { duration, x: at[0].round(), y: at[1].round() }
}

fn down(button: u64) -> PointerAction {
    PointerAction::Down { button }
}

fn up(button: u64) -> PointerAction {
    PointerAction::Up { button }
}

fn pause(duration: Duration) -> PointerAction {
    PointerAction::Pause { duration }
}

/// The protocol's character for a key; single characters are themselves.
pub(super) fn key(name: &str) -> Result<char> {
    Ok(match name {
        "Backspace" => Key::Backspace.into(),
        "Tab" => Key::Tab.into(),
        "Enter" => Key::Enter.into(),
        "Shift" => Key::Shift.into(),
        "Control" => Key::Control.into(),
        "Alt" => Key::Alt.into(),
        "Escape" => Key::Escape.into(),
        // Not the protocol's key of that name: as typed, it writes a blank.
        "Space" => ' ',
        "PageUp" => Key::PageUp.into(),
        "PageDown" => Key::PageDown.into(),
        "End" => Key::End.into(),
        "Home" => Key::Home.into(),
        "ArrowLeft" => Key::Left.into(),
        "ArrowUp" => Key::Up.into(),
        "ArrowRight" => Key::Right.into(),
        "ArrowDown" => Key::Down.into(),
        "Delete" => Key::Delete.into(),
        _ => match name.chars().collect::<Vec<_>>()[..] {
            [single] => single,
            _ => bail!("the key `{name}` is not known"),
        },
    })
}
