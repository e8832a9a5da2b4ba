//! From events on the card of the description to calls of the app.

use fovea_shared::description::Field;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventTarget, HtmlSelectElement, KeyboardEvent, MouseEvent, PointerEvent};

use super::Words;
use crate::app::{
    elements::{
        document,
        events::{after, attribute, choose, click, on, within},
        focus::focus_next,
    },
    model::{Handle, Model, choice::Choice, named::Named},
};

/// How long a finger must rest on a phrase to see its attention, in ms.
const HOLD_MS: i32 = 350;

/// Listens to everything on the card.
pub(super) fn listen(words: &Words, handle: &Handle<Words>) {
    let list: EventTarget = words.card.phrases.clone().into();
    chips(&list, handle);
    hold(&list, handle);
    tools(words, handle);
}

/// The phrase that an event is about.
fn field(event: &Event) -> Option<Field> {
    Field::from_name(&attribute(event, "data-field")?)
}

fn chips(list: &EventTarget, handle: &Handle<Words>) {
    let of = handle.clone();
    on(list, "click", move |event: Event| {
        // The finger that was held has already got what it wanted.
        let held = of.update(|words, _| std::mem::take(&mut words.held.shown));
        if let (Some(field), true, false) = (field(&event), within(&event, ".phrase-toggle"), held) {
            of.update(|words, model| words.toggle_phrase(model, field));
        }
    });
    let of = handle.clone();
    on(list, "change", move |event: Event| {
        let chosen = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        if let (Some(field), Some(menu)) = (field(&event), chosen) {
            of.update(|words, model| {
                if let Some(choice) = Choice::parse(model.modality(), field, &menu.value()) {
                    words.choose_word(model, choice);
                }
            });
        }
    });
    let of = handle.clone();
    on(list, "pointerover", move |event: PointerEvent| {
        if event.pointer_type() == "mouse" {
            point_if_new(&of, field(&event));
        }
    });
    let of = handle.clone();
    on(list, "pointerleave", move |_: Event| point_if_new(&of, None));
    // A click with the mouse focuses too; only the keyboard's focus shows attention, so that leaving with the mouse ends it.
    let of = handle.clone();
    on(list, "focusin", move |event: Event| {
        let shown = field(&event).filter(|_| within(&event, ":focus-visible"));
        of.update(|words, _| words.phrases.focused = shown);
    });
    let of = handle.clone();
    on(list, "focusout", move |_: Event| of.update(|words, _| words.phrases.focused = None));
    // What is shown can be sent away without leaving, wherever the keyboard is.
    let of = handle.clone();
    on(&document(), "keydown", move |event: KeyboardEvent| {
        if event.key() == "Escape" && of.read(|words, model| words.shown_attention(model).is_some()) {
            of.update(|words, _| {
                (words.phrases.pointed, words.phrases.focused) = (None, None);
                words.attention.dismiss();
            });
        }
    });
}

/// A finger that rests on a phrase sees its attention for as long as it rests, and switches nothing.
fn hold(list: &EventTarget, handle: &Handle<Words>) {
    let of = handle.clone();
    on(list, "pointerdown", move |event: PointerEvent| {
        let Some(field) = field(&event).filter(|_| event.pointer_type() != "mouse") else { return };
        if !within(&event, ".phrase-toggle") {
            return;
        }
        let press = of.update(|words, _| {
            words.held = Held { press: words.held.press + 1, down: true, shown: false };
            words.held.press
        });
        let of = of.clone();
        after(HOLD_MS, move || {
            of.update(|words, _| {
                if words.held.press == press && words.held.down {
                    words.held.shown = true;
                    words.phrases.pointed = Some(field);
                }
            });
        });
    });
    for name in ["pointerup", "pointercancel"] {
        let of = handle.clone();
        on(list, name, move |event: PointerEvent| {
            if event.pointer_type() != "mouse" {
                of.update(|words, _| {
                    words.held.down = false;
                    words.phrases.pointed = None;
                });
            }
        });
    }
    // The browser's own menu for a long press would take the finger away.
    let of = handle.clone();
    on(list, "contextmenu", move |event: MouseEvent| {
        if of.read(|words, _| words.held.down) {
            event.prevent_default();
        }
    });
}

/// A finger on a phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    press: u64,
    down: bool,
    /// Whether it has seen attention, so that the click at its end means nothing.
    shown: bool,
}

fn tools(words: &Words, handle: &Handle<Words>) {
    let card = &words.card;
    choose(handle, &card.choice, |words, model, value| {
        if let Ok(index) = value.parse() {
            words.choose_description(model, index);
        }
    });
    choose(handle, &card.add, |words, model, value| {
        let chosen: Result<Named, _> = value.parse();
        if let Some(phrase) = chosen.ok().and_then(|named| named.of(model.modality())) {
            words.choose_word(model, phrase.into());
        }
    });
    click(handle, &card.again, Words::describe_again);
    click(handle, &card.change_close, |words, model: &mut Model| {
        model.dismiss_change();
        // The button is gone; the keyboard goes on at the phrases.
        focus_next(words.card.add.clone().into());
    });
}

/// Points at a phrase, or at none, if that is something new.
fn point_if_new(handle: &Handle<Words>, field: Option<Field>) {
    if handle.read(|words, _| words.phrases.pointed != field) {
        handle.update(|words, _| words.phrases.pointed = field);
    }
}
