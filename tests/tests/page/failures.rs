//! What goes wrong around the built page, in real Chromium: each time it says so in plain words, and goes on where it can. A damaged bundle
//! is in `visit.rs`, a domain that cannot be had in `models.rs`, the visitor's own model in `text.rs`.

use std::{
    fs,
    time::{Duration, Instant},
};

use fovea_tests::{
    page::{Page, copy_folder, dist},
    relay::{Fault, Relay},
    webdriver::{Adapter, Options, Pointer, Screen},
};
use serde_json::json;

use crate::common::{LIMIT, READY, about, message, press, value};

fn options() -> Options {
    Options { adapter: Adapter::None, ..Options::default() }
}

/// Waits until the page has given up, and gives its message.
fn broken(page: &Page) -> String {
    page.wait_for("the error", "document.documentElement.dataset.state === 'error'", LIMIT).unwrap();
    value(page, "document.querySelector('#message-text').innerText").as_str().unwrap().to_owned()
}

/// Whether there is a button to try again, where a phone's visitor sees it.
fn offers_another_try(page: &Page) -> bool {
    let seen = "const button = document.querySelector('#message-retry'); button.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = button.getBoundingClientRect();
        return width > 0 && document.elementFromPoint(x + width / 2, y + height / 2) === button && x >= 0 && x + width <= innerWidth";
    page.browser.screen(Screen { width: 360, height: 740, scale: 1.0, phone: true }).unwrap();
    page.browser.script(seen, &[]).unwrap() == true
}

/// Looks at a place and waits for the mask.
fn look(page: &Page, at: (f64, f64), points: usize) {
    page.browser.find("#stage-canvas").unwrap().tap(Pointer::Mouse, at).unwrap();
    page.wait_for("the mask", &format!("{READY} && window.fovea.state().fixations.length === {points}"), LIMIT)
        .unwrap();
}

#[test]
fn a_download_that_fails_names_the_file_and_can_be_tried_again() {
    let relay = Relay::start(&dist().unwrap(), "/").unwrap();
    let cases = [
        (Fault::Cut(".wasm".into(), 100_000), ["The program could not be loaded", "to its end"]),
        (Fault::NotFound("index.json".into()), ["index.json", "answers 404"]),
        (Fault::NotFound("teacher.safetensors".into()), ["teacher.safetensors", "answers 404"]),
        (Fault::Cut("backbone.safetensors".into(), 200_000), ["backbone.safetensors", "to its end"]),
    ];
    // A browser each: what arrives is kept, some of it after the error, and would be there the next time.
    let mut last = None;
    for (fault, words) in cases {
        drop(last.take());
        let page = Page::elsewhere(&relay.url, &options()).unwrap();
        relay.fault(Some(fault));
        page.go("device=cpu").unwrap();
        let message = broken(&page);
        assert!(words.iter().all(|word| message.contains(word)), "{message}");
        assert!(offers_another_try(&page));
        last = Some(page);
    }
    let page = last.unwrap();
    let start = Instant::now();
    while value(&page, "caches.open('fovea / files').then(c => c.keys()).then(k => k.length)").as_u64().unwrap() < 7 {
        assert!(start.elapsed() < LIMIT, "what has arrived is not kept");
        std::thread::sleep(Duration::from_millis(100));
    }
    relay.fault(None);
    let before = relay.asked().len();
    page.browser.find("#message-retry").unwrap().click().unwrap();
    page.wait_for("the page", READY, LIMIT).unwrap();
    assert_eq!(value(&page, "document.querySelector('#message').hidden"), true);
    let asked = relay.asked().split_off(before);
    let again = |name: &str| asked.iter().any(|address| address.contains(name));
    assert!(again("backbone") && !again("teacher") && !again("phrases.safetensors"), "{asked:?}");
    look(&page, (0.5, 0.5), 1);
}

#[test]
fn without_webassembly_or_its_simd_the_page_says_which_browsers_have_it() {
    let page = Page::unopened(&dist().unwrap(), &options()).unwrap();
    page.browser.before_scripts("WebAssembly.validate = () => false").unwrap();
    page.go("device=cpu").unwrap();
    let said = broken(&page);
    assert!(said.contains(&message("boot-no-simd")) && said.contains("Firefox 89"), "{said}");
    page.browser.before_scripts("delete globalThis.WebAssembly").unwrap();
    page.go("device=cpu").unwrap();
    let said = broken(&page);
    assert!(said.contains(&message("boot-no-wasm")) && said.contains("Chrome 91"), "{said}");
    assert!(!offers_another_try(&page), "it would not help");
    assert_eq!(value(&page, "window.foveaBundle === undefined"), true, "nothing is downloaded in vain");
    // What the page is about can be read without the program.
    press(&page, "#about-open");
    assert_eq!(page.browser.find("#story-title").unwrap().text().unwrap(), message("story"));
}

#[test]
fn where_nothing_can_be_stored_the_page_goes_on_and_says_so_quietly() {
    // As private windows do, where even looking is refused.
    let refused = "for (const [on, name] of [[Navigator.prototype, 'serviceWorker'], [window, 'caches'], [window, 'localStorage']])
        Object.defineProperty(on, name, { get() { throw new DOMException('not here', 'SecurityError') } });";
    let page = Page::unopened(&dist().unwrap(), &options()).unwrap();
    let origin = page.url().trim_end_matches('/').to_owned();
    page.browser.devtools("Storage.overrideQuotaForOrigin", &json!({"origin": origin, "quotaSize": 1000})).unwrap();
    for script in ["", refused] {
        page.browser.before_scripts(script).unwrap();
        page.go("device=cpu").unwrap();
        page.wait_for("the page", READY, LIMIT).unwrap();
        page.wait_for("the note", "document.querySelector('#offline').dataset.state === 'refused'", LIMIT).unwrap();
        assert_eq!(about(&page, "#offline"), message("offline-refused"));
        assert_eq!(value(&page, "document.querySelector('#message').hidden"), true, "nothing loud");
        look(&page, (0.5, 0.5), 1);
        page.expect_no_errors().unwrap();
    }
}

#[test]
fn a_tab_that_was_out_of_sight_and_frozen_goes_on_where_it_was() {
    let page = Page::open(&options(), "device=cpu").unwrap();
    page.wait_for("the page", READY, LIMIT).unwrap();
    page.browser
        .script(
            "window.seen = []; addEventListener('visibilitychange', () => seen.push(document.visibilityState))",
            &[],
        )
        .unwrap();
    let here = page.browser.tab().unwrap();
    // A look that is asked for, and a press that grows, when the tab goes out of sight.
    page.browser.find("#stage-canvas").unwrap().tap(Pointer::Mouse, (0.3, 0.4)).unwrap();
    let press = "const canvas = document.querySelector('#stage-canvas'); canvas.focus();
        for (const key of ['ArrowRight', 'Enter']) canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))";
    page.browser.script(press, &[]).unwrap();
    // What browsers do with a tab that has been hidden for minutes: no timer runs.
    page.browser.devtools("Page.setWebLifecycleState", &json!({"state": "frozen"})).unwrap();
    // Time has to pass: answers come in and timers are due while the tab is frozen, and then while it is hidden.
    std::thread::sleep(Duration::from_secs(4));
    page.browser.devtools("Page.setWebLifecycleState", &json!({"state": "active"})).unwrap();
    let tab = page.browser.new_tab().unwrap();
    page.browser.switch_to(&tab).unwrap();
    std::thread::sleep(Duration::from_secs(3));
    page.browser.close_tab().unwrap();
    page.browser.switch_to(&here).unwrap();
    let seen = value(&page, "seen");
    assert!(seen.as_array().unwrap().contains(&json!("hidden")), "the tab was never hidden: {seen}");
    let release = "document.querySelector('#stage-canvas').dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter', bubbles: true }))";
    page.browser.script(release, &[]).unwrap();
    page.wait_for("both points", &format!("{READY} && window.fovea.state().fixations.length === 2"), LIMIT).unwrap();
    look(&page, (0.6, 0.6), 3);
    page.expect_no_errors().unwrap();
}

/// The page on WebGPU, with a worker that gives its device away when it is told to. The folder has to outlive the page.
pub(crate) fn on_a_device_that_can_be_lost() -> (tempfile::TempDir, Page) {
    let folder = tempfile::TempDir::new().unwrap();
    copy_folder(&dist().unwrap(), folder.path()).unwrap();
    let worker = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
    let worker = worker.into_iter().find(|p| p.file_name().unwrap().to_string_lossy().starts_with("worker-")).unwrap();
    // A worker that gives its device away when it is told to.
    let traitor = "const request = GPUAdapter.prototype.requestDevice;
        GPUAdapter.prototype.requestDevice = async function (...args) {
            const device = await request.apply(this, args);
            new BroadcastChannel('lose').onmessage = () => device.destroy();
            return device;
        };";
    fs::write(&worker, format!("{traitor}\n{}", fs::read_to_string(&worker).unwrap())).unwrap();
    let page = Page::open_folder(folder.path(), &Options::default(), "device=webgpu").unwrap();
    page.wait_for("WebGPU", &format!("{READY} && window.fovea.state().device === 'WebGPU'"), LIMIT).unwrap();
    (folder, page)
}

/// Tells the worker to give its device away.
pub(crate) fn lose_the_device(page: &Page) {
    page.browser.script("new BroadcastChannel('lose').postMessage('')", &[]).unwrap();
}

#[test]
fn a_graphics_device_that_is_lost_hands_over_to_the_cpu_and_the_page_says_so() {
    let (_folder, page) = on_a_device_that_can_be_lost();
    look(&page, (0.4, 0.5), 1);
    lose_the_device(&page);
    page.wait_for("the CPU", &format!("{READY} && window.fovea.state().device === 'CPU'"), LIMIT).unwrap();
    let message = value(&page, "window.fovea.state().message").as_str().unwrap().to_owned();
    assert!(message.contains("lost") && message.contains("The CPU computes instead"), "{message}");
    let other = about(&page, "#device-other");
    assert!(other.contains("WebGPU: not used"), "{other}");
    assert_eq!(value(&page, "window.fovea.state().fixations.length"), 1, "the gaze stays");
    look(&page, (0.6, 0.5), 2);
}
