//! The wipe on the page: two menus, and a canvas that is a slider.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlCanvasElement, HtmlSelectElement, KeyboardEvent, PointerEvent};

use super::{
    elements::make,
    wipe::{Act, Half, Whose, Wipe, seen},
};
use crate::{
    app::{
        canvas::{
            draw::{Pen, UNDER},
            frame::Frame,
            layers::{Layer, Line},
            tile::Lens,
        },
        elements::{append, children, events::on, set, set_text},
    },
    protocol::Outline,
    text::say,
};

/// Radius of the divider's handle, in CSS pixels.
const HANDLE: f64 = 14.0;

/// How strongly the outlines are filled.
const FILL: f64 = 0.25;

/// What a half shows.
pub struct Shown<'a> {
    /// Its name.
    pub name: String,
    /// Its scores in a line.
    pub scores: String,
    /// Its outline, where it has been drawn.
    pub outline: Option<&'a Outline>,
}

/// The elements of the wipe.
pub struct WipeView {
    pen: Pen,
    menus: [HtmlSelectElement; 2],
    scores: [Element; 2],
}

impl WipeView {
    /// Makes its elements in a container.
    ///
    /// # Errors
    /// When the browser gives no 2D context.
    pub fn build(document: &Document, container: &Element) -> Result<Self, String> {
        container.set_text_content(None);
        let figure = make(document, "figure", &[("class", "tile large")], "");
        let head = make(document, "div", &[("class", "wipe-head")], "");
        let half = |name: String| {
            let label = make(document, "label", &[("class", "field")], "");
            append(&label, &make(document, "span", &[], &name));
            let menu: HtmlSelectElement = make(document, "select", &[], "").unchecked_into();
            append(&label, &menu);
            let scores = make(document, "small", &[], "");
            append(&label, &scores);
            append(&head, &label);
            (menu, scores)
        };
        let [left, right] = [half(say!("wipe-left")), half(say!("wipe-right"))];
        let slider = [
            ("role", "slider"),
            ("tabindex", "0"),
            ("class", "wipe"),
            ("aria-orientation", "horizontal"),
            ("aria-valuemin", "0"),
            ("aria-valuemax", "100"),
        ];
        let canvas: HtmlCanvasElement = make(document, "canvas", &slider, "").unchecked_into();
        set(&canvas, "aria-label", &say!("wipe-divider"));
        append(&figure, &head);
        append(&figure, &canvas);
        append(container, &figure);
        Ok(Self { pen: Pen::new(canvas)?, menus: [left.0, right.0], scores: [left.1, right.1] })
    }

    /// Its canvas.
    pub fn canvas(&self) -> &HtmlCanvasElement {
        &self.pen.canvas
    }

    /// The edges of the visible picture, in CSS pixels: what [`Wipe::act`] asks for.
    pub fn seen(&self, lens: &Lens, native: (u32, u32)) -> (f64, f64) {
        seen(&lens.frame(self.pen.size(), native), self.pen.size().0)
    }

    /// Tells what the visitor does: dragging with mouse, finger or pen, keys, and the two menus.
    pub fn listen(&self, act: impl Fn(Act) + Clone + 'static) {
        let canvas = &self.pen.canvas;
        let (tell, target) = (act.clone(), canvas.clone());
        on(canvas, "pointerdown", move |event: PointerEvent| {
            // Without capture the divider merely stops at the canvas' edge.
            drop(target.set_pointer_capture(event.pointer_id()));
            tell(Act::To(f64::from(event.offset_x())));
        });
        let tell = act.clone();
        on(canvas, "pointermove", move |event: PointerEvent| {
            if event.buttons() & 1 != 0 {
                tell(Act::To(f64::from(event.offset_x())));
            }
        });
        let tell = act.clone();
        on(canvas, "keydown", move |event: KeyboardEvent| {
            let plain = !(event.alt_key() || event.ctrl_key() || event.meta_key());
            if let Some(step) = Act::of_key(&event.key()).filter(|_| plain) {
                event.prevent_default();
                tell(step);
            }
        });
        for (menu, half) in self.menus.iter().zip([Half::Left, Half::Right]) {
            let (tell, of) = (act.clone(), menu.clone());
            on(menu, "change", move |_: Event| {
                if let Some(whose) = Whose::from_name(&of.value()) {
                    tell(Act::Choose(half, whose));
                }
            });
        }
    }

    /// Brings menus, slider and picture in line. `choices` are all that a half can show, with their names.
    pub fn show(
        &self,
        document: &Document,
        wipe: &Wipe,
        choices: &[(Whose, String)],
        halves: &[Shown<'_>; 2],
        picture: Option<(&HtmlCanvasElement, (u32, u32))>,
        (lens, truth): (&Lens, Option<&Outline>),
    ) {
        let canvas = &self.pen.canvas;
        for (i, half) in [Half::Left, Half::Right].into_iter().enumerate() {
            fill(document, &self.menus[i], choices, wipe.half(half));
            set_text(&self.scores[i], &halves[i].scores);
        }
        let percent = wipe.percent();
        set(canvas, "aria-valuenow", &percent.to_string());
        let [left, right] = [&halves[0].name, &halves[1].name];
        let text = say!("wipe-value", percent = percent.to_string(), left = left, right = right);
        set(canvas, "aria-valuetext", &text);
        if let Some((photo, native)) = picture {
            let frame = lens.frame(self.pen.size(), native);
            // Canvas calls fail only for values that are not finite, which sizes and fractions here never are.
            drop(self.draw(wipe, halves, photo, &frame, truth));
        }
    }

    fn draw(
        &self,
        wipe: &Wipe,
        halves: &[Shown<'_>; 2],
        photo: &HtmlCanvasElement,
        frame: &Frame,
        truth: Option<&Outline>,
    ) -> Result<(), JsValue> {
        let (pen, c) = (&self.pen, &self.pen.context);
        pen.begin()?;
        pen.photo(photo, frame)?;
        let (width, height) = pen.size();
        let divider = wipe.divider(seen(frame, width));
        let parts = [(Half::Left, 0.0, divider), (Half::Right, divider, width - divider)];
        for ((half, x, part), shown) in parts.into_iter().zip(halves) {
            c.save();
            c.begin_path();
            c.rect(x, 0.0, part.max(0.0), height);
            c.clip();
            if let Some(outline) = shown.outline {
                pen.outline(outline, line(wipe.half(half)), FILL, frame)?;
            }
            c.restore();
        }
        if let Some(truth) = truth {
            pen.outline(truth, Layer::Truth.line(), 0.0, frame)?;
        }
        self.handle(divider, height)
    }

    /// The divider with its handle and two arrows.
    fn handle(&self, x: f64, height: f64) -> Result<(), JsValue> {
        let (pen, c) = (&self.pen, &self.pen.context);
        let middle = height / 2.0;
        c.begin_path();
        c.move_to(x, 0.0);
        c.line_to(x, height);
        pen.stroke(UNDER, 5.0, &[])?;
        pen.stroke("#fff", 2.0, &[])?;
        pen.circle((x, middle), HANDLE)?;
        c.set_fill_style_str("#fff");
        c.fill();
        pen.stroke(UNDER, 2.0, &[])?;
        c.begin_path();
        for side in [-1.0, 1.0] {
            c.move_to(x + side * 4.0, middle - 5.0);
            c.line_to(x + side * 9.0, middle);
            c.line_to(x + side * 4.0, middle + 5.0);
        }
        pen.stroke("#0b1014", 2.0, &[])
    }
}

/// How an outline is drawn: as on the stage.
fn line(whose: Whose) -> Line {
    match whose {
        Whose::Teacher => Layer::Teacher.line(),
        Whose::Student(_) => Layer::Student.line(),
    }
}

/// Fills a menu where it says something else, and chooses in it.
fn fill(document: &Document, menu: &HtmlSelectElement, choices: &[(Whose, String)], chosen: Whose) {
    let texts = |menu: &HtmlSelectElement| {
        children(menu).into_iter().filter_map(|option| option.text_content()).collect::<Vec<_>>()
    };
    if texts(menu).iter().ne(choices.iter().map(|(_, name)| name)) {
        menu.set_text_content(None);
        for (whose, name) in choices {
            append(menu, &make(document, "option", &[("value", &whose.name())], name));
        }
    }
    menu.set_value(&chosen.name());
}
