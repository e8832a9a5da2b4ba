//! A row of small pictures with an outline over each.
//!
//! The outlines are SVG, which the browser scales and draws beside the window's thread. A student that
//! has learnt little draws thousands of specks: on a canvas, sixteen of those kept the window busy.

use web_sys::{Element, HtmlElement};

use crate::{
    app::{
        canvas::{
            draw::{UNDER, rgba},
            layers::Layer,
            path,
        },
        elements::{append, create, create_svg, create_with, in_english, mark, set, set_text},
    },
    protocol::Outline,
};

/// Opacity of what is inside.
const FILLED: f64 = 0.2;

/// Widths of the line and of the darker one under it, in CSS pixels.
const WIDTHS: (&str, &str) = ("3", "5");

/// A small picture.
struct Thumb {
    picture: u64,
    address: String,
    item: Element,
    says: Element,
    /// Lies over the picture and fits into it as the picture does.
    svg: Element,
    /// The lines of the outline, the lower one first.
    lines: [Element; 2],
    /// Hash of the mask that was drawn last.
    drawn: Option<String>,
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
            self.all.push(self.make(one, buttons));
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

    fn make(&self, one: &Shown<'_>, button: bool) -> Thumb {
        let tag = if button { "button" } else { "figure" };
        let item = create_with(tag, "", &[("class", "thumb"), ("data-picture", &one.picture.to_string())]);
        if button {
            set(&item, "type", "button");
        } else {
            set(&item, "role", "img");
        }
        let image = create_with("img", "", &[("alt", ""), ("decoding", "async"), ("src", &one.address)]);
        let svg = create_svg("svg", &[("aria-hidden", "true")]);
        let colour = Layer::Student.line().rgb;
        let (fill, stroke) = (rgba(colour, FILLED), rgba(colour, 1.0));
        let lines = [(fill.as_str(), UNDER, WIDTHS.1), ("none", &stroke, WIDTHS.0)].map(|(fill, stroke, width)| {
            let line = [("fill", fill), ("stroke", stroke), ("stroke-width", width)];
            let line = create_svg("path", &line);
            set(&line, "fill-rule", "evenodd");
            set(&line, "stroke-linejoin", "round");
            set(&line, "vector-effect", "non-scaling-stroke");
            append(&svg, &line);
            line
        });
        let says = create("small", "");
        for part in [&image, &svg, &says] {
            append(&item, part);
        }
        append(&self.list, &item);
        Thumb { picture: one.picture, address: one.address.clone(), item, says, svg, lines, drawn: None }
    }
}

impl Thumb {
    fn draw(&mut self, outline: Option<&Outline>) {
        let wanted = outline.map(|outline| outline.hash.clone());
        if self.drawn == wanted {
            return;
        }
        let (size, drawn) = outline.map(|outline| (path::size(outline), path::written(outline))).unwrap_or_default();
        set(&self.svg, "viewBox", &format!("0 0 {} {}", size.0, size.1));
        self.lines.iter().for_each(|line| set(line, "d", &drawn));
        self.drawn = wanted;
    }
}
