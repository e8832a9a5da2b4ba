//! The app on the real `index.html` in a real browser, with a recorder in place of the engines.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use fovea_shared::{
    bundle::CaseDescription,
    description::{Description, Field, Modality, Source},
};
use fovea_web::{
    app::{
        Page,
        devices::{Devices, Wish},
        workers::Link,
    },
    protocol::{
        AttentionMap, Backend, Blob, Change, Described, Envelope, Opened, Outline, Picture, Report, Request, Response,
        Seen, Text,
    },
    startup,
};
use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Keeps what the app sends.
#[derive(Clone, Default)]
struct Recorder {
    sent: Rc<RefCell<Vec<(u64, String)>>>,
}

impl Link for Recorder {
    fn start(&mut self, backend: Backend, _: &Page) -> Result<(), String> {
        self.sent.borrow_mut().push((0, format!("start {backend}")));
        Ok(())
    }
    fn stop(&mut self, backend: Backend) {
        self.sent.borrow_mut().push((0, format!("stop {backend}")));
    }
    fn send(&mut self, _: Backend, request: Envelope<Request>) -> Result<(), String> {
        let text = match request.body {
            Request::Load { .. } => "load".into(),
            Request::Open(open) => format!("open {}", open.file.name),
            Request::Look { fixations, text, compare_with, .. } => {
                let words =
                    |t: &Text| t.phrases.iter().map(|(field, word)| format!(" {field}={word}")).collect::<String>();
                let before = compare_with.map(|t| format!(" after{}", words(&t))).unwrap_or_default();
                format!("look {}{}{before}", fixations.len(), words(&text))
            }
            Request::Describe { fixations, .. } => format!("describe {}", fixations.len()),
            Request::Masks { fixations, .. } => format!("masks {}", fixations.len()),
        };
        self.sent.borrow_mut().push((request.id, text));
        Ok(())
    }
}

/// A page whose engine is played by the test.
struct Stand {
    page: Page,
    recorder: Recorder,
}

impl Stand {
    /// A page on which the CPU is ready.
    async fn new() -> Self {
        startup::ready();
        let html = include_str!("../../www/index.html");
        let body = &html[html.find("<body>").unwrap() + 6..html.find("</body>").unwrap()];
        // Beside the runner's own output, which must stay.
        let put = "const old = document.querySelector('#host'); if (old) old.remove();
            const host = document.createElement('div'); host.id = 'host'; host.innerHTML = html; document.body.append(host);";
        js("html", put, &[body.into()]);
        js(
            "",
            "for (const s of ['#stage', '#stage-canvas']) document.querySelector(s).style.cssText = 'position: fixed; left: 0; top: 0; width: 400px; height: 400px; margin: 0'",
            &[],
        );
        let recorder = Recorder::default();
        let page = Page::mount(Box::new(recorder.clone()), Devices::new(Wish::Cpu)).unwrap();
        let stand = Self { page, recorder };
        stand.page.boot(async { Ok(BTreeMap::from([("manifest.json".to_string(), Blob(MANIFEST.into()))])) }).await;
        stand.answer(0, Response::Alive);
        let report = Report {
            backend: Backend::Cpu,
            adapter: "test".into(),
            max_abs_diff: 2e-6,
            passed: true,
            embed_ms: 100.0,
            click_ms: 5.0,
        };
        stand.answer(1, Response::Loaded(report));
        stand
    }

    /// A page with an open image, the look without gaze answered, and nothing to be said about it.
    async fn open() -> Self {
        Self::open_with(vec![]).await
    }

    /// A page with an open image that is described as oval, in the upper left, and by another source as red; looks answered.
    async fn described() -> Self {
        let measured =
            said(Source::Measured, &[(Field::Location, "upper_left"), (Field::Shape, "oval")], Some("A caveat."));
        let stand =
            Self::open_with(vec![measured, said(Source::Distilled("LLaVA".into()), &[(Field::Colour, "red")], None)])
                .await;
        stand.expect(&format!("look 0{OVAL}"));
        stand.answer_last(seen("oval", attention(&[("location", "upper_left", 3), ("shape", "oval", 20)]), None));
        stand
    }

    async fn open_with(descriptions: Vec<CaseDescription>) -> Self {
        let stand = Self::new().await;
        stand.choose("one.png").await;
        stand.expect("open one.png");
        stand.picture(1);
        stand.answer_last(Response::Opened(Opened {
            image: 1,
            embed_ms: 50.0,
            student: outline("s", Some(0.5)),
            truth: None,
        }));
        stand.seen("none");
        stand.expect("describe 0");
        stand.answer_last(Response::Described(Described { image: 1, descriptions }));
        stand
    }

    fn answer(&self, id: u64, body: Response) {
        self.page.answer(Backend::Cpu, Envelope { id, body });
    }

    fn answer_last(&self, body: Response) {
        let id = self.recorder.sent.borrow().last().unwrap().0;
        self.answer(id, body);
    }

    fn picture(&self, image: u64) {
        let rgba = Blob(vec![200; 4 * 4 * 4]);
        self.answer_last(Response::Picture(Picture {
            image,
            native: (40, 40),
            shown: (4, 4),
            rgba,
            fixations: vec![],
        }));
    }

    fn seen(&self, hash: &str) {
        self.answer_last(seen(hash, vec![], None));
    }

    /// Gives the page a file as a visitor does, and waits until it is read.
    async fn choose(&self, name: &str) {
        let give = "const data = new DataTransfer(); data.items.add(new File(['bytes'], name));
            document.querySelector('#file').files = data.files; document.querySelector('#file').dispatchEvent(new Event('change'));
            return new Promise(done => setTimeout(done, 100));";
        let waited = js("name", give, &[name.into()]);
        wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(waited)).await.unwrap();
    }

    fn expect(&self, request: &str) {
        let sent = self.recorder.sent.borrow();
        assert_eq!(sent.last().map(|s| s.1.as_str()), Some(request), "{sent:?}");
    }
}

/// What the teacher reads of [`Stand::described`].
const OVAL: &str = " location=upper_left shape=oval";

fn said(source: Source, words: &[(Field, &str)], caveat: Option<&str>) -> CaseDescription {
    let mut description = Description::new(Modality::Polyp, source);
    words.iter().for_each(|(field, word)| description.set(*field, Some(word)).unwrap());
    description.confidence = 0.4;
    CaseDescription { description, caveat: caveat.map(str::to_string) }
}

/// Maps of 6x6 whose peak is at this place.
fn attention(phrases: &[(&str, &str, usize)]) -> Vec<AttentionMap> {
    let map = |(field, word, peak): &(&str, &str, usize)| AttentionMap {
        field: field.to_string(),
        word: word.to_string(),
        max: 0.25,
        size: (6, 6),
        values: Blob((0..36).map(|i| if i == *peak { 255 } else { 8 }).collect()),
    };
    phrases.iter().map(map).collect()
}

fn seen(hash: &str, attention: Vec<AttentionMap>, change: Option<Change>) -> Response {
    let teacher = outline(hash, Some(0.75));
    Response::Seen(Seen { image: 1, teacher_ms: 1.0, total_ms: 2.0, teacher, heat: None, attention, change })
}

/// A change of 400 pixels by so many gained and lost.
fn change(gained: u32, lost: u32) -> Option<Change> {
    let region = |area| Outline { area, ..outline("r", None) };
    Some(Change {
        gained: region(gained),
        lost: region(lost),
        area_before: 400,
        gained_share: gained as f32 / 400.0,
        lost_share: lost as f32 / 400.0,
        dice_before: Some(0.5),
    })
}

const MANIFEST: &str = r#"{"format": 2, "name": "test", "created": "2026-01-01T00:00:00Z", "files": {}, "gallery": [], "notices": ["A notice."],
    "training": {"data": "none", "split": "none", "data_sha256": "", "seed": 1, "selection": "validation", "git_sha": "", "config": {}, "text": "words for tests", "text_verdict": "It was found to listen.",
    "student_dice": {"mean": 0.8, "sd": 0.01, "seeds": 3, "on": "100 images"}, "teacher_dice": null, "teacher_dice_with_gaze": null}}"#;

fn outline(hash: &str, dice: Option<f32>) -> Outline {
    let points = [0.1_f32, 0.1, 0.9, 0.1, 0.5, 0.9].iter().flat_map(|v| v.to_le_bytes()).collect();
    Outline { loops: vec![3], points: Blob(points), size: (40, 40), area: 400, hash: hash.into(), dice }
}

/// Runs a piece of JavaScript with these arguments.
fn js(parameters: &str, body: &str, arguments: &[JsValue]) -> JsValue {
    let function = Function::new_with_args(parameters, body);
    function.apply(&JsValue::NULL, &arguments.iter().collect()).unwrap()
}

fn text(expression: &str) -> String {
    js("", &format!("return String({expression})"), &[]).as_string().unwrap()
}

fn pointer(kind: &str, x: f64, y: f64) {
    let body = "document.querySelector('#stage-canvas').dispatchEvent(new PointerEvent(kind,
        { clientX: x, clientY: y, button: 0, isPrimary: true, pointerType: 'mouse', bubbles: true, cancelable: true }))";
    js("kind, x, y", body, &[kind.into(), x.into(), y.into()]);
}

fn click(x: f64, y: f64) {
    pointer("pointerdown", x, y);
    pointer("pointerup", x, y);
}

fn key(target: &str, options: &str) {
    js(
        "",
        &format!(
            "document.querySelector('{target}').dispatchEvent(new KeyboardEvent('keydown', {{ bubbles: true, {options} }}))"
        ),
        &[],
    );
}

fn toggle(field: &str) {
    js("", &format!("document.querySelector('#phrases [data-field={field}] .phrase-toggle').click()"), &[]);
}

/// Chooses in a menu as a visitor does.
fn choose(selector: &str, value: &str) {
    let body = "const menu = document.querySelector(selector); menu.value = value;
        if (menu.value !== value) throw new Error('no such option');
        menu.dispatchEvent(new Event('change', { bubbles: true }))";
    js("selector, value", body, &[selector.into(), value.into()]);
}

/// A pointer event on the toggle of a field's phrase.
fn on_phrase(kind: &str, field: &str, pointer: &str) {
    let body = "document.querySelector(`#phrases [data-field=${field}] .phrase-toggle`).dispatchEvent(
        new PointerEvent(kind, { pointerType: pointer, isPrimary: true, bubbles: true, cancelable: true }))";
    js("kind, field, pointer", body, &[kind.into(), field.into(), pointer.into()]);
}

fn chips() -> String {
    text(
        "[...document.querySelectorAll('#phrases li:not([hidden])')].map(li => li.querySelector('button').textContent + (li.querySelector('button').ariaPressed === 'true' ? '' : ' off')).join('; ')",
    )
}

async fn wait(ms: u32) {
    let waited = js("ms", "return new Promise(done => setTimeout(done, ms))", &[ms.into()]);
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(waited)).await.unwrap();
}

#[wasm_bindgen_test]
async fn clicks_undo_and_redo_ask_for_the_right_looks() {
    let stand = Stand::open().await;
    assert_eq!(text("document.documentElement.dataset.state"), "ready");
    click(100.0, 200.0);
    stand.expect("look 1");
    assert_eq!(text("document.documentElement.dataset.state"), "busy");
    stand.seen("first");
    assert_eq!(text("fovea.maskHash('teacher')"), "first");
    assert_eq!(text("fovea.state().fixations.map(f => [f.x, f.y, f.duration_ms])"), "0.25,0.5,250");
    assert_eq!(text("fovea.clickLatencies.length"), "1");
    assert!(text("document.querySelector('#status').textContent").contains("Point 1 added"));
    assert_eq!(text("document.querySelector('#dice-teacher').textContent"), "0.75");

    js("", "document.querySelector('#undo').click()", &[]);
    stand.expect("look 0");
    stand.seen("none");
    assert_eq!(text("document.querySelector('#undo').disabled"), "true");
    key("body", "key: 'Z', ctrlKey: true, shiftKey: true");
    stand.expect("look 1");
}

#[wasm_bindgen_test]
async fn clicks_during_a_run_are_answered_once_by_the_newest() {
    let stand = Stand::open().await;
    let before = stand.recorder.sent.borrow().len();
    for i in 0..10 {
        click(40.0 + 35.0 * f64::from(i), 200.0);
    }
    assert_eq!(stand.recorder.sent.borrow().len(), before + 1);
    stand.seen("one");
    stand.expect("look 10");
    stand.seen("ten");
    assert_eq!(stand.recorder.sent.borrow().len(), before + 2);
    assert_eq!(text("fovea.clickLatencies.length"), "1");
}

#[wasm_bindgen_test]
async fn drag_delete_and_right_click_change_points() {
    let stand = Stand::open().await;
    click(100.0, 100.0);
    stand.seen("a");
    pointer("pointerdown", 100.0, 100.0);
    pointer("pointermove", 200.0, 300.0);
    pointer("pointerup", 200.0, 300.0);
    assert_eq!(text("fovea.state().fixations.map(f => [f.x, f.y])"), "0.5,0.75");
    stand.seen("b");
    key("#stage-canvas", "key: 'Delete'");
    assert_eq!(text("fovea.state().fixations.length"), "0");
    js("", "document.querySelector('#undo').click()", &[]);
    let menu = "document.querySelector('#stage-canvas').dispatchEvent(new MouseEvent('contextmenu',
        { clientX: 200, clientY: 300, button: 2, bubbles: true, cancelable: true }))";
    assert!(js("", &format!("return !{menu}"), &[]).is_truthy(), "the browser's own menu must not open");
    assert_eq!(text("fovea.state().fixations.length"), "0");
}

#[wasm_bindgen_test]
async fn the_keyboard_alone_adds_a_point() {
    let stand = Stand::open().await;
    key("#stage-canvas", "key: 'ArrowRight'");
    key("#stage-canvas", "key: 'ArrowRight', shiftKey: true");
    assert!(text("document.querySelector('#status').textContent").contains("60 % from the left"));
    key("#stage-canvas", "key: 'Enter'");
    js("", "document.querySelector('#stage-canvas').dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter' }))", &[]);
    stand.expect("look 1");
    assert_eq!(text("fovea.state().fixations.map(f => f.x.toFixed(2))"), "0.60");
}

#[wasm_bindgen_test]
async fn a_refused_image_gives_a_message_and_the_page_lives_on() {
    let stand = Stand::open().await;
    stand.choose("two.png").await;
    stand.expect("open two.png");
    stand.answer_last(Response::Refused("two.png: this is not an image.".into()));
    assert_eq!(text("document.querySelector('#message-text').textContent"), "two.png: this is not an image.");
    assert_eq!(text("document.querySelector('#message').hidden"), "false");
    assert_eq!(text("[fovea.state().title, fovea.state().phase]"), "one.png,ready");
    click(200.0, 200.0);
    stand.expect("look 1");
}

#[wasm_bindgen_test]
async fn an_engine_that_breaks_down_is_started_again_with_the_same_gaze() {
    let stand = Stand::open().await;
    click(200.0, 200.0);
    stand.answer(0, Response::Panicked("out of memory".into()));
    stand.expect("start CPU");
    assert!(text("document.querySelector('#message-text').textContent").contains("out of memory"));
    stand.answer(0, Response::Alive);
    stand.expect("load");
    let report = stand.page.read(|app| app.devices.status(Backend::Cpu).report().cloned());
    assert_eq!(report, None);
    let again = Report {
        backend: Backend::Cpu,
        adapter: "test".into(),
        max_abs_diff: 0.0,
        passed: true,
        embed_ms: 1.0,
        click_ms: 1.0,
    };
    stand.answer_last(Response::Loaded(again));
    stand.expect("open one.png");
    let opens = stand.recorder.sent.borrow().iter().filter(|s| s.1 == "open one.png").count();
    assert_eq!(opens, 2, "once for each engine, never twice for one");
    stand.picture(1);
    stand.answer_last(Response::Opened(Opened { image: 1, embed_ms: 1.0, student: outline("s", None), truth: None }));
    stand.expect("look 1");
}

#[wasm_bindgen_test]
async fn a_bad_bundle_stops_the_page_with_the_reason() {
    startup::ready();
    let stand = Stand::new().await;
    stand
        .page
        .boot(async { Err("bundle/teacher.safetensors could not be loaded: the server answers 404.".into()) })
        .await;
    assert_eq!(text("document.documentElement.dataset.state"), "error");
    assert!(text("document.querySelector('#message-text').textContent").contains("teacher.safetensors"));
}

#[wasm_bindgen_test]
async fn facts_notices_and_layers_are_on_the_page() {
    let stand = Stand::open().await;
    assert!(
        text("document.querySelector('#model-facts').textContent").contains("0.800 ± 0.010 (3 seeds) on 100 images")
    );
    assert!(text("document.querySelector('#notices').textContent").contains("A notice."));
    assert!(text("document.querySelector('#selfcheck').textContent").contains("matches the reference"));
    assert_eq!(text("fovea.state().layers"), "heat,student,teacher");
    js("", "document.querySelector('#layer-student').click()", &[]);
    assert_eq!(text("fovea.state().layers"), "heat,teacher");
    // Pseudo-masks are asked for when they are to be seen, and not before.
    click(200.0, 200.0);
    stand.seen("look");
    stand.expect("look 1");
    js("", "document.querySelector('#layer-broad').click()", &[]);
    stand.expect("masks 1");
    assert_eq!(text("[fovea.maskArea('student'), fovea.maskHash('truth')]"), "400,");
}

#[wasm_bindgen_test]
async fn a_description_shows_its_source_its_phrases_and_what_was_found_about_text() {
    let _stand = Stand::described().await;
    assert_eq!(chips(), "Location: upper left; Shape: oval");
    let card = text("document.querySelector('#description').innerText");
    for part in [
        "measured from gaze and pixels, no language model",
        "Low confidence: 40 %",
        "A caveat.",
        "It was found to listen.",
        "The student reads no text",
    ] {
        assert!(card.contains(part), "{part} is missing in: {card}");
    }
    assert_eq!(
        text("document.querySelector('#sentence').textContent"),
        "An oval polyp, in the upper left of the image."
    );
    assert_eq!(text("document.querySelector('#description-source').dataset.source"), "measured");
    assert_eq!(text("document.querySelector('#description-edited').hidden"), "true");
    assert_eq!(
        text("document.querySelector('#about-shape').textContent"),
        "Attention is strongest at centre, 25 % at most."
    );
    assert_eq!(text("fovea.state().canUndo"), "false", "what the image comes with is no step");
    assert!(text("document.querySelector('#model-facts').textContent").contains("words for tests"));
}

#[wasm_bindgen_test]
async fn words_and_gaze_share_one_history() {
    let stand = Stand::described().await;
    toggle("shape");
    stand.expect(&format!("look 0 location=upper_left after{OVAL}"));
    assert_eq!(chips(), "Location: upper left; Shape: oval off");
    stand.answer_last(seen("off", attention(&[("location", "upper_left", 0)]), change(40, 8)));
    assert_eq!(text("fovea.clickLatencies.length"), "1", "an answer to words is timed as one to a click is");
    click(100.0, 200.0);
    stand.expect("look 1 location=upper_left");
    stand.seen("click");
    choose("#phrases [data-field=location] select", "centre");
    stand.expect("look 1 location=centre after location=upper_left");
    stand.answer_last(seen("centre", vec![], change(1, 0)));
    assert_eq!(text("document.querySelector('#description-edited').hidden"), "false");
    assert!(text("document.querySelector('[data-field=location] button').textContent").contains("changed by you"));

    key("body", "key: 'z', ctrlKey: true");
    stand.expect("look 1 location=upper_left after location=centre");
    stand.seen("click");
    assert!(
        text("document.querySelector('#status').textContent")
            .contains("Undone: “Location: centre” became “upper left”")
    );
    key("body", "key: 'z', ctrlKey: true");
    stand.expect("look 0 location=upper_left");
    stand.seen("off");
    key("body", "key: 'z', ctrlKey: true");
    stand.expect(&format!("look 0{OVAL} after location=upper_left"));
    stand.seen("oval");
    assert_eq!(chips(), "Location: upper left; Shape: oval");
    assert_eq!(text("[fovea.state().canUndo, fovea.state().description.touched]"), "false,false");
    key("body", "key: 'y', ctrlKey: true");
    stand.expect(&format!("look 0 location=upper_left after{OVAL}"));
}

#[wasm_bindgen_test]
async fn edits_before_an_answer_are_compared_with_what_was_drawn() {
    let stand = Stand::described().await;
    let before = stand.recorder.sent.borrow().len();
    toggle("shape");
    choose("#phrases [data-field=location] select", "lower_right");
    choose("#add-phrase", "colour red");
    assert_eq!(stand.recorder.sent.borrow().len(), before + 1);
    stand.answer_last(seen("old", vec![], change(4, 4)));
    assert_eq!(text("fovea.state().change"), "null", "it is not the state that was asked for");
    stand.expect(&format!("look 0 location=lower_right colour=red after{OVAL}"));
    stand.answer_last(seen("new", vec![], change(40, 20)));
    assert_eq!(text("fovea.state().change.edit"), "3 phrases changed.");
    assert_eq!(chips(), "Location: lower right, changed by you; Shape: oval off; Colour: red, changed by you");
    // There and back before an answer is no edit.
    toggle("colour");
    stand.expect("look 0 location=lower_right after location=lower_right colour=red");
    toggle("colour");
    stand.answer_last(seen("off", vec![], change(1, 1)));
    stand.expect("look 0 location=lower_right colour=red");
}

#[wasm_bindgen_test]
async fn what_an_edit_changed_is_said_until_gaze_moves_or_it_is_closed() {
    let stand = Stand::described().await;
    let shown = || text("document.querySelector('#change').hidden") == "false";
    assert!(!shown());
    toggle("shape");
    stand.answer_last(seen("off", vec![], change(40, 8)));
    assert!(shown());
    assert_eq!(text("document.querySelector('#change-what').textContent"), "“Shape: oval” is not read any more.");
    let result = "The mask gained 10 % and lost 2.0 % of its former area. Dice 0.50 → 0.75.";
    assert_eq!(text("document.querySelector('#change-result').textContent"), result);
    assert!(text("document.querySelector('#status').textContent").ends_with(result));
    assert_eq!(
        text("[document.querySelector('#legend').hidden, document.querySelector('#legend-ramp').hidden]"),
        "false,true"
    );
    js("", "document.querySelector('#change-close').click()", &[]);
    assert!(!shown() && text("document.querySelector('#legend').hidden") == "true");
    assert_eq!(text("document.activeElement.id"), "add-phrase", "the focus is not lost");

    toggle("shape");
    stand.answer_last(seen("on", vec![], change(1, 1)));
    assert!(text("document.querySelector('#change-result').textContent").contains("did not change the mask"));
    click(100.0, 100.0);
    assert!(!shown());
    stand.seen("click");
    assert_eq!(text("fovea.state().change"), "null");
}

#[wasm_bindgen_test]
async fn pointing_and_holding_show_attention_and_leaving_hides_it() {
    let stand = Stand::described().await;
    let shown = || text("fovea.state().attention && fovea.state().attention.field");
    on_phrase("pointerover", "shape", "mouse");
    assert_eq!(shown(), "shape");
    assert_eq!(text("document.querySelector('#legend').hidden"), "false");
    assert_eq!(text("document.querySelector('#legend-title').textContent"), "Attention to “Shape: oval”");
    assert_eq!(text("document.querySelector('#legend-max').textContent"), "25 %");
    on_phrase("pointerover", "location", "mouse");
    assert_eq!(shown(), "location");
    js(
        "",
        "document.querySelector('#phrases').dispatchEvent(new PointerEvent('pointerleave', { pointerType: 'mouse' }))",
        &[],
    );
    assert_eq!((shown().as_str(), text("document.querySelector('#legend').hidden").as_str()), ("null", "true"));

    // A finger that stays sees attention and switches nothing; one that taps switches and sees nothing.
    on_phrase("pointerdown", "shape", "touch");
    assert_eq!(shown(), "null");
    wait(500).await;
    assert_eq!(shown(), "shape");
    on_phrase("pointerup", "shape", "touch");
    toggle("shape");
    assert_eq!((shown(), chips()), ("null".into(), "Location: upper left; Shape: oval".into()));
    on_phrase("pointerdown", "shape", "touch");
    on_phrase("pointerup", "shape", "touch");
    toggle("shape");
    wait(500).await;
    assert_eq!((shown(), chips()), ("null".into(), "Location: upper left; Shape: oval off".into()));
    stand.seen("off");
    on_phrase("pointerover", "shape", "mouse");
    assert_eq!(shown(), "null", "the teacher has not read it");
    assert!(text("document.querySelector('#about-shape').textContent").contains("Switched off"));
}

#[wasm_bindgen_test]
async fn descriptions_are_switched_and_made_again_as_steps() {
    let stand = Stand::described().await;
    assert_eq!(text("document.querySelector('#description-pick').hidden"), "false");
    choose("#description-choice", "1");
    stand.expect(&format!("look 0 colour=red after{OVAL}"));
    stand.seen("red");
    assert_eq!(chips(), "Colour: red");
    assert_eq!(text("document.querySelector('#description-source').textContent"), "distilled from LLaVA");
    js("", "document.querySelector('#undo').click()", &[]);
    stand.seen("oval");
    assert_eq!(text("document.querySelector('#description-choice').value"), "0");

    click(100.0, 100.0);
    stand.seen("click");
    js("", "document.querySelector('#describe-again').click()", &[]);
    stand.expect("describe 1");
    assert_eq!(text("document.querySelector('#describe-again').disabled"), "true");
    let round = said(Source::Measured, &[(Field::Shape, "round")], None);
    stand.answer_last(Response::Described(Described { image: 1, descriptions: vec![round] }));
    stand.expect(&format!("look 1 shape=round after{OVAL}"));
    stand.seen("round");
    assert_eq!(text("fovea.state().description.choices"), "distilled:LLaVA,measured");
    js("", "document.querySelector('#undo').click()", &[]);
    assert_eq!(chips(), "Location: upper left; Shape: oval", "the former measurement is back");
}

#[wasm_bindgen_test]
async fn where_nothing_is_said_the_visitor_can_say_it() {
    let stand = Stand::open().await;
    assert_eq!(
        text("[fovea.state().description, document.querySelector('#description-source').textContent]"),
        ",Nobody has said anything yet"
    );
    assert!(text("document.querySelector('#description-note').textContent").contains("could say nothing"));
    choose("#add-phrase", "shape round");
    stand.expect("look 0 shape=round after");
    stand.seen("round");
    assert_eq!(
        (chips(), text("document.querySelector('#description-source').textContent")),
        ("Shape: round, changed by you".into(), "written by you".into())
    );
    choose("#phrases [data-field=shape] select", "not_assessable");
    assert_eq!(chips(), "");
    stand.expect("look 0 after shape=round");
}

/// Puts a fetch in the place of the browser's, which keeps what it is asked and answers with `answer` (the body of a function of
/// address and options).
fn fetch(answer: &str) {
    js(
        "",
        &format!(
            "window.asked = []; window.fetch = async (address, options) => {{ asked.push({{ address, ...options }}); {answer} }}"
        ),
        &[],
    );
}

fn ask(base: &str) {
    let body = "document.querySelector('#ask').open = true;
        const put = (id, value) => { const e = document.querySelector(id); e.value = value; e.dispatchEvent(new Event('input', { bubbles: true })); };
        put('#ask-base', base); put('#ask-model', 'tester'); put('#ask-key', 'secret');
        document.querySelector('#ask-go').click()";
    js("base", body, &[base.into()]);
}

const ANSWER: &str = r#"
    const fields = "count location size shape border colour contrast texture edge cover paris nice".split(" ");
    const said = { ...Object.fromEntries(fields.map(f => [f, "not_assessable"])), shape: "lobulated", free_text: "", confidence: 0.9 };
    return new Response(JSON.stringify({ choices: [{ message: { content: JSON.stringify(said) }, finish_reason: "stop" }] }));"#;

#[wasm_bindgen_test]
async fn the_visitors_own_model_is_asked_once_and_its_answer_says_who_wrote_it() {
    let stand = Stand::described().await;
    fetch(ANSWER);
    ask("http://127.0.0.1:9/v1/");
    wait(100).await;
    stand.expect(&format!("look 0 shape=lobulated after{OVAL}"));
    stand.seen("lobulated");
    assert_eq!(text("fovea.state().description.source"), "vlm:tester");
    assert_eq!(text("document.querySelector('#description-source').textContent"), "written by tester");
    assert!(text("document.querySelector('#description-caveat').textContent").contains("Nobody has checked it"));
    assert!(
        text("document.querySelector('#source').textContent").contains("sent to http://127.0.0.1:9/v1 as you asked")
    );
    assert_eq!(
        text("asked.map(a => [a.address, a.method, a.redirect, a.credentials, a.headers.Authorization])"),
        "http://127.0.0.1:9/v1/chat/completions,POST,error,omit,Bearer secret"
    );
    let image = text("JSON.parse(asked[0].body).messages[0].content.find(c => c.type === 'image_url').image_url.url");
    assert!(image.starts_with("data:image/jpeg;base64,"), "{image}");
    key("body", "key: 'z', ctrlKey: true");
    assert_eq!(chips(), "Location: upper left; Shape: oval");
}

#[wasm_bindgen_test]
async fn an_image_leaves_this_computer_only_with_leave() {
    let _stand = Stand::described().await;
    fetch(ANSWER);
    ask("https://models.example.org/v1");
    assert!(text("document.querySelector('#ask-status').textContent").contains("not on this computer"));
    assert_eq!(text("[asked.length, document.querySelector('#ask-far').hidden]"), "0,false");
    js("", "document.querySelector('#ask-agree').click(); document.querySelector('#ask-go').click()", &[]);
    wait(100).await;
    assert_eq!(text("asked.length"), "1");
    // Leave for one address is none for another.
    ask("http://127.0.0.1.example.org/v1");
    wait(100).await;
    assert_eq!(text("asked.length"), "1");
}

#[wasm_bindgen_test]
async fn what_goes_wrong_with_a_model_is_said_in_plain_words() {
    let stand = Stand::described().await;
    let said = || text("document.querySelector('#ask-status').textContent");
    // The browser says the same of a server that is not there and of one that does not let the page read.
    fetch("if (options.mode === 'no-cors') return new Response(); throw new TypeError('Failed to fetch');");
    ask("http://127.0.0.1:9/v1");
    wait(100).await;
    assert!(said().contains("CORS") && said().contains("OLLAMA_ORIGINS"), "{}", said());
    fetch("throw new TypeError('Failed to fetch');");
    ask("http://127.0.0.1:9/v1");
    wait(100).await;
    assert!(said().contains("Nothing answers at http://127.0.0.1:9/v1"), "{}", said());
    fetch("return new Response('{\"error\": {\"message\": \"bad key\"}}', { status: 401 });");
    ask("http://127.0.0.1:9/v1");
    wait(100).await;
    assert!(said().contains("bad key") && said().contains("the field above"), "{}", said());
    stand.expect(&format!("look 0{OVAL}"));
    fetch(&format!(
        "if (JSON.parse(options.body).response_format) return new Response('no schemas', {{ status: 400 }}); {ANSWER}"
    ));
    ask("http://127.0.0.1:9/v1");
    wait(100).await;
    assert_eq!(text("asked.length"), "2", "a server without schemas is asked without one");
    stand.expect(&format!("look 0 shape=lobulated after{OVAL}"));
    stand.seen("lobulated");
    fetch(
        "return new Promise((_, no) => options.signal.addEventListener('abort', () => no(new DOMException('gone', 'AbortError'))));",
    );
    ask("http://127.0.0.1:9/v1");
    wait(50).await;
    assert_eq!(
        text(
            "[fovea.state().asking, document.querySelector('#ask-cancel').hidden, document.querySelector('#ask-go').disabled]"
        ),
        "true,false,true"
    );
    js("", "document.querySelector('#ask-cancel').click()", &[]);
    wait(50).await;
    assert!(said().starts_with("Cancelled"), "{}", said());
    ask("ftp://127.0.0.1/v1");
    assert!(text("[fovea.state().asking, asked.length]") == "false,1" && said().contains("http://"), "{}", said());
    stand.expect(&format!("look 0 shape=lobulated after{OVAL}"));
}
