//! The client itself, on a small page: what the tests of the built page rely on.

use std::time::{Duration, Instant};

use fovea_tests::page::Page;
use fovea_tests::webdriver::{Adapter, Options, Pointer, Screen};
use serde_json::json;

use crate::common::LIMIT;

const HTML: &str = r#"<!doctype html><title>probe</title>
<style>body { margin: 0 } canvas { background: #ddd; margin: 20px } @media (prefers-color-scheme: dark) { body { background: #123 } }</style>
<canvas id="c" width="400" height="200"></canvas><input id="text"><input id="file" type="file" hidden>
<p id="out"></p><button id="b" onclick="out.textContent = 'clicked'">press</button>
<script>
window.events = [];
for (const kind of ['pointerdown', 'pointermove', 'pointerup', 'contextmenu']) c.addEventListener(kind, e => {
  e.preventDefault();
  events.push([kind, e.pointerType, Math.round(e.offsetX), Math.round(e.offsetY), Math.round(e.timeStamp)]);
});
file.onchange = async () => { out.textContent = await file.files[0].text(); };
addEventListener('keydown', e => { if (e.key !== 'Control') window.lastKey = [e.key, e.ctrlKey]; });
</script>"#;

fn open(adapter: Adapter) -> (tempfile::TempDir, Page) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("index.html"), HTML).unwrap();
    std::fs::write(dir.path().join("favicon.ico"), []).unwrap();
    let page = Page::open_folder(dir.path(), &Options { adapter, ..Options::default() }, "x=1").unwrap();
    (dir, page)
}

#[test]
fn pointer_keys_and_files() {
    let (dir, page) = open(Adapter::None);
    let browser = &page.browser;
    assert_eq!(browser.title().unwrap(), "probe");
    assert_eq!(
        browser.script("return [innerWidth, innerHeight, location.search]", &[]).unwrap(),
        json!([1280, 800, "?x=1"])
    );

    browser.find("#b").unwrap().click().unwrap();
    assert_eq!(browser.find("#out").unwrap().text().unwrap(), "clicked");
    browser.find("#text").unwrap().type_text("gaze").unwrap();
    assert_eq!(browser.find("#text").unwrap().property("value").unwrap().as_deref(), Some("gaze"));
    browser.keys(&["Control", "z"]).unwrap();
    assert_eq!(browser.script("return lastKey", &[]).unwrap(), json!(["z", true]));
    let file = dir.path().join("note.txt");
    std::fs::write(&file, "from a file").unwrap();
    browser.find("#file").unwrap().upload(&file).unwrap();
    page.wait_for("the file", "out.textContent === 'from a file'", Duration::from_secs(5)).unwrap();

    let canvas = browser.find("#c").unwrap();
    canvas.press(Pointer::Mouse, (0.25, 0.5), Duration::from_millis(500)).unwrap();
    let events = browser.script("return events.filter(e => e[0] !== 'pointermove')", &[]).unwrap();
    assert_eq!(events[0].as_array().unwrap()[..4], json!(["pointerdown", "mouse", 100, 100]).as_array().unwrap()[..]);
    assert_eq!(events[1][0], "pointerup");
    let held = events[1][4].as_i64().unwrap() - events[0][4].as_i64().unwrap();
    assert!(held >= 450, "held for {held} ms");

    browser.script("events.length = 0", &[]).unwrap();
    canvas.drag(Pointer::Mouse, (0.1, 0.1), (0.5, 0.75)).unwrap();
    canvas.right_click((0.5, 0.5)).unwrap();
    let events = browser.script("return events.map(e => e.slice(0, 4))", &[]).unwrap();
    let events = events.as_array().unwrap();
    assert!(events.contains(&json!(["pointerup", "mouse", 200, 150])), "{events:?}");
    assert!(events.contains(&json!(["contextmenu", "mouse", 200, 100])), "{events:?}");

    browser.script("events.length = 0", &[]).unwrap();
    browser.screen(Screen { width: 390, height: 844, scale: 2.0, phone: true }).unwrap();
    canvas.tap(Pointer::Touch, (0.5, 0.5)).unwrap();
    assert_eq!(browser.script("return events[0].slice(0, 2)", &[]).unwrap(), json!(["pointerdown", "touch"]));

    // Errors name the command and what it was about.
    let error = format!("{:#}", browser.find("#none").err().unwrap());
    assert!(error.contains("#none") && error.contains("no such element") && !error.contains("#0 "), "{error}");
    let error = format!("{:#}", browser.script("throw new Error('on purpose')", &[]).unwrap_err());
    assert!(error.contains("on purpose"), "{error}");
    let error = format!("{:#}", page.wait_for("a wonder", "false", Duration::ZERO).unwrap_err());
    assert!(error.contains("a wonder") && error.contains("press"), "{error}");
}

#[test]
fn console_media_and_pictures() {
    let (_dir, page) = open(Adapter::None);
    let browser = &page.browser;
    page.expect_no_errors().unwrap();
    browser.script("console.warn('careful')", &[]).unwrap();
    page.expect_no_errors().unwrap();
    browser.script("setTimeout(() => { throw new Error('uncaught one') })", &[]).unwrap();
    // Messages of workers count too: the engine lives in one.
    let worker = "const code = `console.error('from the worker'); postMessage(1)`;
        return new Promise(done => { new Worker(URL.createObjectURL(new Blob([code]))).onmessage = () => done(1) })";
    browser.script(worker, &[]).unwrap();
    // Messages reach the driver some time after the page.
    let start = Instant::now();
    let logged = |part: &str| page.log().unwrap().iter().any(|entry| entry.message.contains(part));
    while !(logged("uncaught one") && logged("from the worker")) {
        assert!(start.elapsed() < LIMIT, "{}", page.console().unwrap());
    }
    let error = format!("{:#}", page.expect_no_errors().unwrap_err());
    assert!(
        error.contains("uncaught one") && error.contains("from the worker") && !error.contains("careful"),
        "{error}"
    );

    let background = "return getComputedStyle(document.body).backgroundColor";
    browser.media(&[("prefers-color-scheme", "dark")]).unwrap();
    assert_eq!(browser.script(background, &[]).unwrap(), "rgb(17, 34, 51)");
    let png = browser.screenshot().unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    let size = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((size(16), size(20)), (1280, 800));
}

#[test]
fn tabs_dialogs_and_a_second_browser() {
    let (_dir, page) = open(Adapter::None);
    let (_other_dir, other) = open(Adapter::None);
    let browser = &page.browser;
    browser.script("window.mark = 1", &[]).unwrap();
    other.browser.script("window.mark = 'other'", &[]).unwrap();
    let here = browser.tab().unwrap();
    let there = browser.new_tab().unwrap();
    assert!(here != there);
    assert_eq!(browser.tab().unwrap(), here, "a new tab waits to be switched to");
    browser.switch_to(&there).unwrap();
    page.go("x=2").unwrap();
    assert_eq!(browser.script("return [window.mark ?? null, location.search]", &[]).unwrap(), json!([null, "?x=2"]));
    browser.close_tab().unwrap();
    browser.switch_to(&here).unwrap();
    assert_eq!(browser.script("return window.mark", &[]).unwrap(), 1);
    assert_eq!(other.browser.script("return window.mark", &[]).unwrap(), "other");
    // A dialog is answered with yes.
    browser.script("setTimeout(() => window.answer = confirm('sure?'))", &[]).unwrap();
    page.wait_for("the answer", "window.answer === true", Duration::from_secs(30)).unwrap();
    // Elements and lists go into scripts, and come out of them by their attributes.
    let button = browser.find("#b").unwrap();
    assert_eq!(button.attribute("id").unwrap().as_deref(), Some("b"));
    assert_eq!(button.attribute("title").unwrap(), None);
    let script = "return [arguments[0].id, arguments[1].length, arguments.length]";
    assert_eq!(browser.script(script, &[button.reference(), json!([1, 2])]).unwrap(), json!(["b", 2, 2]));
    assert_eq!(browser.find_all("canvas, input").unwrap().len(), 3);
    browser.reload().unwrap();
    assert_eq!(browser.script("return [window.mark ?? null, location.search]", &[]).unwrap(), json!([null, "?x=1"]));
    let error = format!("{:#}", button.click().unwrap_err());
    assert!(error.contains("`#b`") && error.contains("stale element reference"), "{error}");
}

const ADAPTER: &str = "if (!navigator.gpu) return 'no navigator.gpu';
    const adapter = await navigator.gpu.requestAdapter(); return adapter && (adapter.info.vendor + '/' + adapter.info.architecture)";

#[test]
fn there_is_webgpu_on_swiftshader() {
    let (_dir, page) = open(Adapter::SwiftShader);
    let script = format!("return (async () => {{ {ADAPTER} }})()");
    assert_eq!(page.browser.script(&script, &[]).unwrap(), "google/swiftshader");
}

#[test]
fn there_is_no_adapter_without_it() {
    let (_dir, page) = open(Adapter::None);
    let script = format!("return (async () => {{ {ADAPTER} }})()");
    assert_eq!(page.browser.script(&script, &[]).unwrap(), json!(null));
}
