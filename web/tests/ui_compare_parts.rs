//! The parts of the comparison on a page of their own: the wipe, the map of agreement, the chart of gains, the table of students.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use std::{cell::RefCell, rc::Rc};

use fovea_shared::{
    bundle::{Score, StudentVariant},
    description::Modality,
};
use fovea_web::{
    app::{
        canvas::tile::Lens,
        compare::{
            agreement::AgreementView,
            claims::Claims,
            claims_chart::groups,
            claims_view, grid,
            grid::Grid,
            wipe::{Half, Whose, Wipe},
            wipe_view::{Shown, WipeView},
        },
    },
    protocol::{Agreement, Blob, Heat, Outline},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element, HtmlCanvasElement};

wasm_bindgen_test_configure!(run_in_browser);

/// The size of the pictures in pixels.
const NATIVE: (u32, u32) = (40, 30);

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// An empty container on the page.
fn container(id: &str) -> Element {
    let element = document().create_element("div").unwrap();
    element.set_id(id);
    document().body().unwrap().append_child(&element).unwrap();
    element
}

fn number(script: &str) -> f64 {
    js_sys::eval(script).unwrap().as_f64().unwrap_or_else(|| panic!("no number: {script}"))
}

fn run(script: &str) {
    js_sys::eval(script).unwrap();
}

/// A black picture.
fn photo() -> HtmlCanvasElement {
    let canvas: HtmlCanvasElement = document().create_element("canvas").unwrap().unchecked_into();
    canvas.set_width(NATIVE.0);
    canvas.set_height(NATIVE.1);
    let context: web_sys::CanvasRenderingContext2d = canvas.get_context("2d").unwrap().unwrap().unchecked_into();
    context.fill_rect(0.0, 0.0, NATIVE.0.into(), NATIVE.1.into());
    canvas
}

/// The outline of everything from one part of the width to another.
fn band(from: f32, to: f32) -> Outline {
    let points = [from, 0.1, to, 0.1, to, 0.9, from, 0.9];
    Outline {
        loops: vec![4],
        points: Blob(points.iter().flat_map(|v: &f32| v.to_le_bytes()).collect()),
        size: NATIVE,
        area: 100,
        hash: String::new(),
        dice: None,
    }
}

/// Red, green and blue together at a part of the width of a canvas, near its upper edge, away from the wipe's handle.
fn light(canvas: &str, at: f64) -> f64 {
    number(&format!(
        "(() => {{ const c = document.querySelector('{canvas}'); const d = c.getContext('2d')
            .getImageData(c.width * {at}, c.height * .25, 1, 1).data; return d[0] + d[1] + d[2]; }})()"
    ))
}

#[wasm_bindgen_test]
fn the_wipe_shows_one_outline_on_each_side_and_follows_pointer_keys_and_menus() {
    let view = Rc::new(WipeView::build(&document(), &container("wipe")).unwrap());
    view.canvas().set_attribute("style", "width: 400px; height: 300px; position: fixed; left: 0; top: 0").unwrap();
    let wipe = Rc::new(RefCell::new(Wipe::between(Whose::Student(0), Whose::Student(3))));
    let (left, right, photo) = (band(0.1, 0.4), band(0.6, 0.9), photo());
    let choices: Vec<(Whose, String)> = [(Whose::Teacher, "T"), (Whose::Student(0), "A"), (Whose::Student(3), "B")]
        .map(|(whose, name)| (whose, name.to_owned()))
        .into();
    let show = {
        let (view, wipe) = (view.clone(), wipe.clone());
        move || {
            let half = |half, outline| {
                let whose = wipe.borrow().half(half);
                let name = choices.iter().find(|(one, _)| *one == whose).unwrap().1.clone();
                Shown { name, scores: "Dice".into(), outline: Some(outline) }
            };
            let halves = [half(Half::Left, &left), half(Half::Right, &right)];
            let lens = Lens::default();
            view.show(&document(), &wipe.borrow(), &choices, &halves, Some((&photo, NATIVE)), (&lens, None));
        }
    };
    let (of, state, redraw) = (view.clone(), wipe.clone(), show.clone());
    view.listen(move |act| {
        state.borrow_mut().act(act, of.seen(&Lens::default(), NATIVE));
        redraw();
    });
    show();
    let canvas = "#wipe canvas";
    let is = |attribute: &str| view.canvas().get_attribute(attribute).unwrap();
    assert_eq!((is("role").as_str(), is("aria-valuenow").as_str()), ("slider", "50"));
    assert!(light(canvas, 0.25) > 60.0 && light(canvas, 0.75) > 60.0, "both outlines are there");
    assert_eq!(light(canvas, 0.95), 0.0);

    // The divider goes to a tenth: the left outline's place now belongs to the right half, where it is not shown.
    run(
        "document.querySelector('#wipe canvas').dispatchEvent(new PointerEvent('pointerdown', {clientX: 40, clientY: 9, bubbles: true}))",
    );
    assert_eq!(is("aria-valuenow"), "10");
    assert!(light(canvas, 0.25) < 10.0 && light(canvas, 0.75) > 60.0);
    run(
        "document.querySelector('#wipe canvas').dispatchEvent(new PointerEvent('pointermove', {clientX: 300, clientY: 9, buttons: 0}))",
    );
    assert_eq!(is("aria-valuenow"), "10", "a pointer that is not pressed moves nothing");
    run(
        "document.querySelector('#wipe canvas').dispatchEvent(new PointerEvent('pointermove', {clientX: 380, clientY: 9, buttons: 1}))",
    );
    assert_eq!(is("aria-valuenow"), "95");
    assert!(light(canvas, 0.25) > 60.0 && light(canvas, 0.75) < 10.0);
    for (key, expected) in [("ArrowLeft", "93"), ("PageDown", "83"), ("Home", "0"), ("End", "100")] {
        run(&format!(
            "document.querySelector('#wipe canvas').dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}'}}))"
        ));
        assert_eq!(is("aria-valuenow"), expected, "{key}");
    }
    assert_eq!(is("aria-valuetext"), "100 % A, the rest B");

    run(
        "(() => { const m = document.querySelector('#wipe select'); m.value = '3'; m.dispatchEvent(new Event('change')); })()",
    );
    assert_eq!(is("aria-valuetext"), "100 % B, the rest A", "choosing the other half's student swaps the two");
}

#[wasm_bindgen_test]
fn the_map_of_agreement_is_drawn_over_the_picture_with_a_patch_for_each_number_of_students() {
    let mut view = AgreementView::build(&document(), &container("agreement")).unwrap();
    view.canvas().set_attribute("style", "width: 400px; height: 300px").unwrap();
    let counts = Heat { size: (4, 1), values: Blob(vec![0, 1, 2, 3]) };
    let agreement = Agreement { students: 3, counts, pixels: vec![1, 1, 1, 1], mean_iou: Some(0.5) };
    view.show(&document(), &agreement, (&photo(), NATIVE), &Lens::default());
    let lights = [0.05, 0.375, 0.625, 0.95].map(|at| light("#agreement canvas", at));
    assert_eq!(lights[0], 0.0, "nobody includes the left edge");
    assert!(lights[1] > 0.0 && lights[2] > lights[1] && lights[3] > 0.0, "{lights:?}");
    let said = view.canvas().get_attribute("aria-label").unwrap();
    assert!(said.starts_with("All 3 include 25 %") && said.contains("0.50"), "{said}");
    assert_eq!(number("document.querySelectorAll('#agreement rect').length"), 3.0);
}

#[wasm_bindgen_test]
fn the_chart_has_a_dot_and_a_sentence_for_every_gain() {
    for domain in Modality::ALL {
        let (groups, container) = (groups(&Claims::shipped(), domain), container("claims"));
        claims_view::draw(&document(), &container, &groups);
        let rows: Vec<_> = groups.iter().flat_map(|group| &group.rows).collect();
        let count = |selector: &str| texts(&container, selector).len();
        assert_eq!(count("circle"), rows.len());
        assert_eq!(count("line.spread"), rows.iter().filter(|row| row.interval.is_some()).count());
        assert_eq!(count("li"), rows.len());
        let text = container.text_content().unwrap();
        assert!(rows.iter().all(|row| text.contains(&row.sentence) && text.contains(&row.label)), "{text}");
        container.remove();
    }
}

#[wasm_bindgen_test]
fn a_table_has_one_number_a_cell_and_says_what_its_source_is() {
    let score = |mean| Score { mean, sd: 0.0, seeds: 1, interval: Some([0.6, 0.9]), on: "my scans".into() };
    let students: Vec<StudentVariant> = [("heat", 0.7), ("heat-all", 0.71), ("full-supervision", 0.8)]
        .map(|(name, mean)| StudentVariant::new(name.parse().unwrap(), Some(score(mean))))
        .into();
    let container = container("grid");
    grid::draw(&document(), &container, &Grid::all(&students, Modality::Polyp, &[]));
    assert_eq!((texts(&container, "tbody tr").len(), texts(&container, "thead th").len()), (2, 3));
    let cells = texts(&container, "tbody td");
    assert_eq!(cells, ["0.700", "0.710", "0.800", "–"]);
    assert_eq!(texts(&container, "caption"), ["Test Dice of this page’s students on my scans"]);
}

/// The texts of the elements in another one; web-sys would need another feature for it.
fn texts(element: &Element, selector: &str) -> Vec<String> {
    let script = "return [...element.querySelectorAll(selector)].map(one => one.textContent)";
    let ask = js_sys::Function::new_with_args("element, selector", script);
    let found = ask.call2(&JsValue::NULL, element, &selector.into()).unwrap();
    js_sys::Array::from(&found).iter().map(|text| text.as_string().unwrap()).collect()
}
