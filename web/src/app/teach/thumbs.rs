//! A row of small pictures with an outline over each.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlElement};

use crate::{
    app::{
        canvas::{
            draw::Pen,
            frame::Frame,
            layers::{Layer, Line},
        },
        elements::{append, create, create_with, in_english, mark, set, set_text},
    },
    protocol::Outline,
};

/// A small picture.
struct Thumb {
    picture: u64,
    address: String,
    item: Element,
    says: Element,
    pen: Pen,
    /// The mask that was drawn last: its hash, and the size of the canvas.
    drawn: Option<(String, (f64, f64))>,
}

/// The row.
pub struct Thumbs {
    list: HtmlElement,
    all: Vec<Thumb>,
}

/// What one small picture shows.
pub struct Shown<'a> {
    /// The picture's number.
    pub picture: u64,
    /// What it is called.
    pub title: String,
    /// Whether it is called so in English, as the bundle has it.
    pub english: bool,
    /// Address of the image.
    pub address: String,
    /// What is said below it.
    pub says: String,
    /// The student's outline.
    pub outline: Option<&'a Outline>,
    /// A word for the style sheet: how far it is.
    pub state: &'static str,
}

impl Thumbs {
    /// An empty row in this element.
    pub fn of(list: HtmlElement) -> Self {
        Self { list, all: Vec::new() }
    }

    /// The element of the row.
    pub fn list(&self) -> &HtmlElement {
        &self.list
    }

    /// Brings the row in line. `buttons`: the pictures can be chosen.
    pub fn show(&mut self, shown: &[Shown<'_>], buttons: bool) {
        // The numbers of another gallery's pictures are the same, their addresses are not.
        let known = self.all.iter().map(|thumb| (thumb.picture, &thumb.address));
        if known.len() > shown.len()
            || known.ne(shown.iter().take(self.all.len()).map(|one| (one.picture, &one.address)))
        {
            self.list.set_text_content(None);
            self.all.clear();
        }
        // Pictures that come later are added to those that are there.
        for one in &shown[self.all.len()..] {
            let Some(thumb) = self.make(one, buttons) else { return };
            self.all.push(thumb);
        }
        for (thumb, one) in self.all.iter_mut().zip(shown) {
            set(&thumb.item, "data-state", one.state);
            in_english(&thumb.item, one.english);
            set(&thumb.item, "title", &one.title);
            let label = format!("{}: {}", one.title, one.says);
            set(&thumb.item, "aria-label", &label);
            set_text(&thumb.says, &one.says);
            mark(&thumb.item, "data-current", one.state == "current");
            thumb.draw(one.outline);
        }
    }

    fn make(&self, one: &Shown<'_>, button: bool) -> Option<Thumb> {
        let tag = if button { "button" } else { "figure" };
        let item = create_with(tag, "", &[("class", "thumb"), ("data-picture", &one.picture.to_string())]);
        if button {
            set(&item, "type", "button");
        } else {
            set(&item, "role", "img");
        }
        let image = create_with("img", "", &[("alt", ""), ("decoding", "async"), ("src", &one.address)]);
        let canvas: HtmlCanvasElement = create_with("canvas", "", &[("aria-hidden", "true")]).dyn_into().ok()?;
        let says = create("small", "");
        append(&item, &image);
        append(&item, &canvas);
        append(&item, &says);
        append(&self.list, &item);
        Some(Thumb {
            picture: one.picture,
            address: one.address.clone(),
            item,
            says,
            pen: Pen::new(canvas).ok()?,
            drawn: None,
        })
    }
}

impl Thumb {
    fn draw(&mut self, outline: Option<&Outline>) {
        let wanted = outline.map(|outline| (outline.hash.clone(), self.pen.size()));
        if self.drawn == wanted {
            return;
        }
        // Canvas calls fail only for values that are not finite, which sizes never are.
        drop(self.pen.begin());
        if let Some(outline) = outline {
            let frame = Frame::fit(self.pen.size(), outline.size);
            let line = Line { width: 4.0, dash: &[], ..Layer::Student.line() };
            drop(self.pen.outline(outline, line, 0.2, &frame));
        }
        self.drawn = wanted;
    }
}
