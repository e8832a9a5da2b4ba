//! From events on the card of the description to calls of the app.

use fovea_shared::description::Field;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, Event, EventTarget, KeyboardEvent, MouseEvent, PointerEvent};

use super::{
    Page,
    dom::{Select, window},
    input::{attribute, on},
    state::App,
};

/// How long a finger must rest on a phrase to see its attention, in ms.
const HOLD_MS: i32 = 350;

/// Listens to everything on the card.
pub(super) fn listen(page: &Page) {
    chips(page);
    hold(page);
    tools(page);
}

/// The phrase that an event is about.
fn field(event: &Event) -> Option<Field> {
    Field::from_name(&attribute(event, "data-field")?)
}

fn matches(event: &Event, selector: &str) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    target.is_some_and(|t| t.closest(selector).ok().flatten().is_some())
}

fn chips(page: &Page) {
    let list: EventTarget = page.read(|app| app.dom.card.phrases.clone().into());
    let of = page.clone();
    on(&list, "click", move |event: Event| {
        // The finger that was held has already got what it wanted.
        let held = of.update(|app| std::mem::take(&mut app.held.shown));
        if let (Some(field), true, false) = (field(&event), matches(&event, ".phrase-toggle"), held) {
            of.update(|app| app.toggle_phrase(field));
        }
    });
    let of = page.clone();
    on(&list, "change", move |event: Event| {
        let chosen = event.target().and_then(|t| t.dyn_into::<Select>().ok());
        if let (Some(field), Some(menu)) = (field(&event), chosen) {
            of.update(|app| app.choose_word(field, &menu.value()));
        }
    });
    let of = page.clone();
    on(&list, "pointerover", move |event: PointerEvent| {
        if event.pointer_type() == "mouse" {
            of.point_if_new(field(&event));
        }
    });
    let of = page.clone();
    on(&list, "pointerleave", move |_: Event| of.point_if_new(None));
    // A click with the mouse focuses too; only the keyboard's focus shows attention, so that leaving with the mouse ends it.
    let of = page.clone();
    on(&list, "focusin", move |event: Event| {
        let shown = field(&event).filter(|_| matches(&event, ":focus-visible"));
        of.update(|app| app.focus_phrase(shown));
    });
    let of = page.clone();
    on(&list, "focusout", move |_: Event| of.update(|app| app.focus_phrase(None)));
    // What is shown can be sent away without leaving, wherever the keyboard is.
    let document = page.read(|app| app.dom.document.clone());
    let of = page.clone();
    on(&document, "keydown", move |event: KeyboardEvent| {
        if event.key() == "Escape" && of.read(|app| app.shown_attention().is_some()) {
            of.update(|app| {
                app.point(None);
                app.focus_phrase(None);
            });
        }
    });
}

/// A finger that rests on a phrase sees its attention for as long as it rests, and switches nothing.
fn hold(page: &Page) {
    let list: EventTarget = page.read(|app| app.dom.card.phrases.clone().into());
    let of = page.clone();
    on(&list, "pointerdown", move |event: PointerEvent| {
        let Some(field) = field(&event).filter(|_| event.pointer_type() != "mouse") else { return };
        if !matches(&event, ".phrase-toggle") {
            return;
        }
        let press = of.update(|app| {
            app.held = Held { press: app.held.press + 1, down: true, shown: false };
            app.held.press
        });
        let page = of.clone();
        let show = Closure::once_into_js(move || {
            page.update(|app| {
                if app.held.press == press && app.held.down {
                    app.held.shown = true;
                    app.point(Some(field));
                }
            });
        });
        // Without a timer nothing is shown to a finger; the menu and the words are there.
        drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(show.unchecked_ref(), HOLD_MS));
    });
    for name in ["pointerup", "pointercancel"] {
        let of = page.clone();
        on(&list, name, move |event: PointerEvent| {
            if event.pointer_type() != "mouse" {
                of.update(|app| {
                    app.held.down = false;
                    app.point(None);
                });
            }
        });
    }
    // The browser's own menu for a long press would take the finger away.
    let of = page.clone();
    on(&list, "contextmenu", move |event: MouseEvent| {
        if of.read(|app| app.held.down) {
            event.prevent_default();
        }
    });
}

/// A finger on a phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    press: u64,
    down: bool,
    /// Whether it has seen attention, so that the click at its end means nothing.
    shown: bool,
}

fn tools(page: &Page) {
    let (choice, add, again, close) = page.read(|app| {
        let card = &app.dom.card;
        (card.choice.clone(), card.add.clone(), card.again.clone(), card.change_close.clone())
    });
    let (of, menu) = (page.clone(), choice.clone());
    on(&choice, "change", move |_: Event| {
        if let Ok(index) = menu.value().parse() {
            of.update(|app| app.choose_description(index));
        }
    });
    let (of, menu) = (page.clone(), add.clone());
    on(&add, "change", move |_: Event| {
        let value = menu.value();
        let chosen = value.split_once(' ').and_then(|(field, word)| Some((Field::from_name(field)?, word)));
        if let Some((field, word)) = chosen {
            of.update(|app| app.choose_word(field, word));
        }
    });
    let of = page.clone();
    on(&again, "click", move |_: Event| of.update(App::describe_again));
    let of = page.clone();
    on(&close, "click", move |_: Event| {
        of.update(|app| {
            app.dismiss_change();
            // The button is gone; the keyboard goes on at the phrases.
            app.focus_next = Some(app.dom.card.add.clone().into());
        });
    });
}

impl Page {
    /// Points at a phrase, or at none, if that is something new.
    fn point_if_new(&self, field: Option<Field>) {
        if self.read(|app| app.phrases.pointed != field) {
            self.update(|app| app.point(field));
        }
    }
}
