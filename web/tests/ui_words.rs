//! The controls of the words, alone in an empty page: what mouse and keyboard do in them, and what they tell.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use std::{cell::RefCell, rc::Rc};

use fovea_shared::{
    bundle::CaseDescription,
    description::{Description, Field, Modality, Phrase, Source},
};
use fovea_web::app::{
    canvas::frame::Frame,
    model::sentence::pieces,
    words::{
        answers::Answers,
        answers_view, attention_view,
        place_grid_view::PlaceGrid,
        sentence_view::{Pointing, SentenceView},
        size_slider_view::SizeSlider,
    },
};
use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element};

wasm_bindgen_test_configure!(run_in_browser);

/// What a control has told, in order.
#[derive(Clone, Default)]
struct Told(Rc<RefCell<Vec<String>>>);

impl Told {
    fn put(&self, what: impl ToString) {
        self.0.borrow_mut().push(what.to_string());
    }

    fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

/// A box in the page that goes with the test.
struct Room(Document, Element);

impl Room {
    fn new() -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let room = document.create_element("div").unwrap();
        room.set_id("room");
        document.body().unwrap().append_child(&room).unwrap();
        Self(document, room)
    }

    fn inner(&self, id: &str) -> Element {
        let inner = self.0.create_element("div").unwrap();
        inner.set_id(id);
        self.1.append_child(&inner).unwrap();
        inner
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.1.remove();
    }
}

fn js(body: &str) -> JsValue {
    Function::new_no_args(body).call0(&JsValue::NULL).unwrap()
}

fn text(expression: &str) -> String {
    js(&format!("return String({expression})")).as_string().unwrap()
}

/// Presses a key where the keyboard is; true if the page took it.
fn key(name: &str) -> bool {
    let event = format!("new KeyboardEvent('keydown', {{ key: '{name}', bubbles: true, cancelable: true }})");
    js(&format!("return !document.activeElement.dispatchEvent({event})")).is_truthy()
}

fn said(words: &[(Field, &str)]) -> Description {
    let mut said = Description::new(Modality::Polyp, Source::Measured);
    words.iter().for_each(|(field, word)| said.set(*field, Some(word)).unwrap());
    said
}

fn small() -> Description {
    said(&[(Field::Size, "small"), (Field::Shape, "oval"), (Field::Location, "upper_right")])
}

fn sentence(room: &Room, told: &Told) -> SentenceView {
    let [chosen, left_out, pointed] = [told.clone(), told.clone(), told.clone()];
    let point = move |with: Pointing, field: Option<Field>| pointed.put(format!("{with:?} {field:?}"));
    let container = room.inner("sentence-room");
    let choose = move |phrase: Phrase| chosen.put(phrase);
    let leave_out = move |field: Field| left_out.put(format!("without {}", field.name()));
    let view = SentenceView::build(&room.0, &container, Modality::Polyp, choose, leave_out, point).unwrap();
    view.show(&pieces(&small(), |field| field == Field::Size, |_| true));
    view
}

#[wasm_bindgen_test]
fn a_word_of_the_sentence_opens_the_other_words_of_its_field() {
    let (room, told) = (Room::new(), Told::default());
    let view = sentence(&room, &told);
    let seen = "[...document.querySelectorAll('#room .sentence > *')].filter(e => !e.hidden).map(e => \
                (e.querySelector('button') ?? e).textContent).join('')";
    assert_eq!(text(seen), "A small oval polyp, in the upper right of the image.");
    let shown = "[...document.querySelectorAll('#room .word')].filter(e => !e.hidden).length";
    assert_eq!(text(shown), "1", "one word can be changed");

    let button = "document.querySelector('#word-size-list').previousSibling";
    js(&format!("{button}.focus()"));
    assert!(key("ArrowDown"));
    assert_eq!(text(&format!("{button}.ariaExpanded")), "true");
    assert_eq!(text("document.activeElement.id"), "word-size-list");
    let active =
        "document.querySelector('#' + document.activeElement.getAttribute('aria-activedescendant')).textContent";
    assert_eq!(text(active), "small", "the list opens at the word that holds");
    assert!(key("End"));
    assert_eq!(text(active), "Leave this word out");
    assert!(key("Home") && key("ArrowDown"));
    assert_eq!(text(active), "medium-sized");
    assert!(key("Escape"));
    assert_eq!(text(&format!("[{button}.ariaExpanded, document.activeElement === {button}]")), "false,true");
    let choices = |told: &Told| told.take().into_iter().filter(|t| !t.starts_with("Keyboard")).collect::<Vec<_>>();
    assert!(choices(&told).is_empty(), "nothing was chosen");

    js(&format!("{button}.click()"));
    assert!(key("End") && key("ArrowUp") && key("Enter"));
    assert_eq!(choices(&told), ["polyp.size.large"]);
    js(&format!("{button}.click()"));
    js("document.querySelector('#word-size-list').lastChild.click()");
    assert_eq!(choices(&told), ["without size"]);
    js(&format!("{button}.click()"));
    js("document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))");
    assert_eq!(text(&format!("{button}.ariaExpanded")), "false", "a press elsewhere closes the list");

    view.show(&pieces(&small(), |field| field == Field::Size, |field| field != Field::Size));
    assert_eq!(text(&format!("[{button}.ariaLabel, 'off' in {button}.dataset]")), "Size: small, not read,true");
    js(&format!("{button}.focus()"));
    assert!(view.show(&pieces(&said(&[]), |_| true, |_| true)), "the word that had the focus is gone");
    assert_eq!(text(seen), "Nothing could be said about the polyp.");
    js("document.querySelector('#room').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))");
}

#[wasm_bindgen_test]
fn pointing_at_a_word_is_told() {
    let (room, told) = (Room::new(), Told::default());
    drop(sentence(&room, &told));
    for (name, kind) in [("pointerenter", "mouse"), ("pointerenter", "touch"), ("pointerleave", "mouse")] {
        js(&format!(
            "document.querySelector('#word-size-list').parentNode.dispatchEvent(new PointerEvent('{name}', {{ pointerType: '{kind}' }}))"
        ));
    }
    assert_eq!(told.take(), ["Pointer Some(Size)", "Pointer None"]);
}

#[wasm_bindgen_test]
fn the_slider_stops_at_the_words() {
    let (room, told) = (Room::new(), Told::default());
    let chosen = told.clone();
    let slider = SizeSlider::build(&room.0, &room.inner("size"), Modality::Polyp, move |p| chosen.put(p)).unwrap();
    let input = "document.querySelector('#size-slider')";
    let size = |name: &str| Phrase::find(Modality::Polyp, Field::Size, name).ok().map(|phrase| phrase.word());
    slider.show(size("small"), true, true, true);
    assert_eq!(text(&format!("[{input}.value, {input}.ariaValueText, {input}.max]")), "0,small,2");
    js(&format!("{input}.value = 2; {input}.dispatchEvent(new Event('input'))"));
    js(&format!("{input}.dispatchEvent(new Event('input'))"));
    assert_eq!(told.take(), ["polyp.size.large"], "once a stop");
    slider.show(None, true, true, true);
    assert_eq!(text(&format!("[{input}.value, {input}.ariaValueText]")), "1,not said");
    js(&format!("{input}.click()"));
    assert_eq!(told.take(), ["polyp.size.medium"], "the middle can be said too");
    slider.show(size("small"), true, false, true);
    assert_eq!(text("document.querySelector('.size-slider').hidden"), "true", "no slider without an effect");
}

#[wasm_bindgen_test]
fn the_grid_lies_on_the_image_and_tells_the_place() {
    let (room, told) = (Room::new(), Told::default());
    let (controls, stage, chosen) = (room.inner("controls"), room.inner("box"), told.clone());
    let grid = PlaceGrid::build(&room.0, &controls, &stage, Modality::Polyp, move |p| chosen.put(p)).unwrap();
    assert!(text("document.querySelector('.place-request').hidden") == "true" && !grid.is_open());
    let word = Phrase::find(Modality::Polyp, Field::Location, "upper_left").ok().map(|phrase| phrase.word());
    grid.show(word, true, true);
    grid.lay(&Frame { x: 10.0, y: 20.5, width: 300.0, height: 150.0 });
    assert_eq!(text("document.querySelector('#place-grid').style.top"), "20.5px");
    js("document.querySelector('.place-request').click()");
    let at = "document.activeElement.ariaLabel";
    assert_eq!((grid.is_open(), text(at)), (true, "upper left".to_string()));
    assert!(key("ArrowRight") && key("ArrowDown"));
    assert_eq!(text(at), "centre");
    assert_eq!(told.take(), ["polyp.location.upper_centre", "polyp.location.centre"]);
    let checked = "[...document.querySelectorAll('#place-grid [aria-checked=true]')].map(e => e.ariaLabel).join()";
    assert_eq!(text(checked), "centre");
    js("document.querySelector('#place-grid').lastChild.click()");
    assert_eq!((told.take(), text(checked)), (vec!["polyp.location.lower_right".to_string()], "lower right".into()));
    assert!(key("Escape") && !grid.is_open());
    assert_eq!(text("document.activeElement.className"), "place-request");
    js("document.querySelector('.place-request').click()");
    grid.show(word, true, false);
    assert!(!grid.is_open() && text("document.querySelector('.place-request').hidden") == "true");
    grid.remove();
    assert_eq!(text("document.querySelector('#place-grid')"), "null");
}

#[wasm_bindgen_test]
fn a_models_answer_stands_beside_the_measured_words() {
    let room = Room::new();
    let mut answer = said(&[(Field::Size, "small"), (Field::Shape, "round")]);
    answer.source = Source::Vlm("llava".into());
    let answer = CaseDescription { description: answer, caveat: Some("It may have seen the mask.".into()) };
    let answers = Answers::find(&small(), &[answer]).unwrap();
    answers_view::show(&room.0, &room.1, &answers).unwrap();
    let rows = "[...document.querySelectorAll('#room tbody tr')].map(r => [...r.children].map(c => c.textContent).join(' ')).join('; ')";
    assert_eq!(
        text(rows),
        "Location upper right – one says nothing; Size small small same; Shape oval round different"
    );
    assert_eq!(text("document.querySelector('#room caption').textContent"), "1 of 2 words are the same.");
    assert_eq!(text("document.querySelector('#room .note').lang"), "en");
}

#[wasm_bindgen_test]
fn attention_is_switched_on_request() {
    let (room, told) = (Room::new(), Told::default());
    let switched = told.clone();
    let switch = attention_view::build(&room.0, &room.1, move |on| switched.put(on)).unwrap();
    assert!(!switch.checked());
    switch.click();
    switch.click();
    assert_eq!(told.take(), ["true", "false"]);
}
