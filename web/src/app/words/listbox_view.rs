//! A word with a list of choices under it: a button that opens a listbox.

use std::{cell::Cell, rc::Rc};

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, HtmlElement, KeyboardEvent, Node};

use super::{
    listbox::{Step, opens, other_sides, step},
    parts::{append, button, element, focus, html, mark, on, set, set_text, state},
};

/// The elements of one word and its list.
struct Parts {
    /// Button and list.
    root: HtmlElement,
    button: HtmlElement,
    list: HtmlElement,
    options: Vec<Element>,
    /// The option that the keyboard is at.
    active: Cell<usize>,
    /// The option that holds now.
    chosen: Cell<Option<usize>>,
}

/// A word that opens a list of choices.
#[derive(Clone)]
pub struct WordMenu(Rc<Parts>);

impl WordMenu {
    /// Makes the elements and listens to them; `choose` is given the place of the option that is taken. `name` is unique among the
    /// menus of the page. Nothing where the browser refuses.
    pub fn build(d: &Document, name: &str, options: &[String], choose: impl Fn(usize) + 'static) -> Option<Self> {
        let list_id = format!("{name}-list");
        let root: HtmlElement = html(d, "span", "", &[("class", "word"), ("hidden", "")])?;
        let opens_list = [
            ("class", "word-button"),
            ("aria-haspopup", "listbox"),
            ("aria-expanded", "false"),
            ("aria-controls", &list_id),
        ];
        let button = button(d, "", &opens_list)?;
        let attributes = [("id", list_id.as_str()), ("class", "word-list"), ("role", "listbox"), ("tabindex", "-1")];
        let list: HtmlElement = html(d, "ul", "", &attributes)?;
        list.set_hidden(true);
        let option = |(place, label): (usize, &String)| {
            element(d, "li", label, &[("role", "option"), ("id", &format!("{list_id}-{place}"))])
        };
        let options: Vec<Element> = options.iter().enumerate().map(option).collect::<Option<_>>()?;
        options.iter().for_each(|option| append(&list, option));
        append(&root, &button);
        append(&root, &list);
        let menu = Self(Rc::new(Parts { root, button, list, options, active: Cell::new(0), chosen: Cell::new(None) }));
        menu.listen(Rc::new(choose));
        Some(menu)
    }

    /// Button and list, to be put into the page.
    pub fn root(&self) -> &HtmlElement {
        &self.0.root
    }

    /// Shows a word: its text, what a screen reader calls it, the place of the option that holds, whether the teacher reads it.
    pub fn show(&self, text: &str, label: &str, chosen: Option<usize>, on: bool) {
        let parts = &self.0;
        parts.root.set_hidden(false);
        set_text(&parts.button, text);
        set(&parts.button, "aria-label", label);
        set(&parts.list, "aria-label", label);
        mark(&parts.button, "data-off", !on);
        parts.chosen.set(chosen);
        for (place, option) in parts.options.iter().enumerate() {
            state(option, "aria-selected", chosen == Some(place));
        }
    }

    /// Shows nothing. True if the keyboard was in it, so that it has to go somewhere else.
    pub fn hide(&self) -> bool {
        let had_focus = self.0.root.owner_document().and_then(|d| d.active_element());
        let lost = !self.0.root.hidden() && had_focus.is_some_and(|e| self.0.root.contains(Some(&e)));
        self.close();
        self.0.root.set_hidden(true);
        lost
    }

    /// Closes the list where the event lies outside of it.
    pub fn close_unless_inside(&self, event: &Event) {
        let target = event.target().and_then(|t| t.dyn_into::<Node>().ok());
        if !self.0.root.contains(target.as_ref()) {
            self.close();
        }
    }

    fn listen(&self, choose: Rc<dyn Fn(usize)>) {
        let of = self.clone();
        on(&self.0.button, "click", move |_: Event| if of.is_open() { of.close() } else { of.open() });
        let of = self.clone();
        on(&self.0.button, "keydown", move |event: KeyboardEvent| {
            if opens(&event.key()) {
                event.prevent_default();
                of.open();
            }
        });
        let (of, take) = (self.clone(), choose.clone());
        on(&self.0.list, "keydown", move |event: KeyboardEvent| of.key(&event, &*take));
        for (place, option) in self.0.options.iter().enumerate() {
            let (of, take) = (self.clone(), choose.clone());
            on(option, "click", move |_: Event| of.take(place, &*take));
            let of = self.clone();
            on(option, "pointermove", move |_: Event| of.activate(place));
        }
        let of = self.clone();
        on(&self.0.list, "focusout", move |event: Event| {
            // Where the focus goes; nothing where it leaves the page.
            let next = Reflect::get(&event, &"relatedTarget".into()).ok().and_then(|t| t.dyn_into::<Node>().ok());
            if !of.0.root.contains(next.as_ref()) || next.is_none() {
                of.close();
            }
        });
    }

    fn key(&self, event: &KeyboardEvent, choose: &dyn Fn(usize)) {
        let Some(step) = step(&event.key(), self.0.active.get(), self.0.options.len()) else { return };
        if step != Step::Leave {
            // The page must neither scroll nor take Escape for its own.
            event.prevent_default();
            event.stop_propagation();
        }
        match step {
            Step::Move(place) => self.activate(place),
            Step::Choose => self.take(self.0.active.get(), choose),
            Step::Close => {
                focus(&self.0.button);
                self.close();
            }
            Step::Leave => {
                // From the button the browser finds the next control.
                focus(&self.0.button);
                self.close();
            }
        }
    }

    /// The list is closed before the choice is told: what is told changes the page.
    fn take(&self, place: usize, choose: &dyn Fn(usize)) {
        focus(&self.0.button);
        self.close();
        choose(place);
    }

    fn is_open(&self) -> bool {
        !self.0.list.hidden()
    }

    fn open(&self) {
        let parts = &self.0;
        if let Some(window) = web_sys::window() {
            let side = |size: Result<wasm_bindgen::JsValue, _>| size.ok().and_then(|v| v.as_f64()).unwrap_or_default();
            let button = parts.button.get_bounding_client_rect();
            let size = (side(window.inner_width()), side(window.inner_height()));
            let (left, above) = other_sides(button.left(), button.bottom(), size);
            mark(&parts.list, "data-left", left);
            mark(&parts.list, "data-above", above);
        }
        parts.list.set_hidden(false);
        state(&parts.button, "aria-expanded", true);
        self.activate(parts.chosen.get().unwrap_or(0));
        focus(&parts.list);
    }

    fn close(&self) {
        self.0.list.set_hidden(true);
        state(&self.0.button, "aria-expanded", false);
    }

    fn activate(&self, place: usize) {
        let parts = &self.0;
        parts.active.set(place);
        for (other, option) in parts.options.iter().enumerate() {
            mark(option, "data-active", other == place);
        }
        if let Some(option) = parts.options.get(place) {
            set(&parts.list, "aria-activedescendant", &option.id());
        }
    }
}
