//! The app on the real `index.html` in a real browser, with a recorder in place of the engines.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use fovea_web::{
    app::{
        Page,
        devices::{Devices, Wish},
        workers::Link,
    },
    protocol::{Backend, Blob, Envelope, Opened, Outline, Picture, Report, Request, Response, Seen},
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
            Request::Look { fixations, .. } => format!("look {}", fixations.len()),
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

    /// A page with an open image and the look without gaze answered.
    async fn open() -> Self {
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
        let teacher = outline(hash, Some(0.75));
        self.answer_last(Response::Seen(Seen { image: 1, teacher_ms: 1.0, total_ms: 2.0, teacher, heat: None }));
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

const MANIFEST: &str = r#"{"format": 1, "name": "test", "created": "2026-01-01T00:00:00Z", "files": {}, "gallery": [], "notices": ["A notice."],
    "training": {"data": "none", "split": "none", "data_sha256": "", "seed": 1, "selection": "validation", "git_sha": "", "config": {},
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
