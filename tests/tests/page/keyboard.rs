//! The built page with nothing but a keyboard: every control is reached in the order of the page, and dialogs let go.

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options},
};
use serde_json::json;

use crate::common::{LIMIT, settled, value};

const TAB: &str = "Tab";
const ENTER: &str = "Enter";
const ESCAPE: &str = "Escape";
const RIGHT: &str = "ArrowRight";

/// More presses than the page has controls.
const MANY: usize = 160;

/// What has the focus: its id, or what it is; and whether it can be seen.
const FOCUS: &str = "(e => [e.id || e.dataset.case || e.closest('[id]')?.id || e.tagName, e === document.body || (e.checkVisibility() && (r => r.bottom > 0
    && r.top < innerHeight && r.width > 0)(e.getBoundingClientRect()))])(document.activeElement)";

/// Presses Tab until an element has the focus; gives everything that had it on the way.
fn tab_to(page: &Page, id: &str) -> Vec<String> {
    let mut passed = Vec::new();
    for _ in 0..MANY {
        page.browser.keys(&[TAB]).unwrap();
        let found = value(page, FOCUS);
        let name = found[0].as_str().unwrap().to_owned();
        assert_eq!(found[1], true, "{name} has the focus and cannot be seen");
        passed.push(name.clone());
        if name == id {
            return passed;
        }
    }
    panic!("{id} is not reached; passed: {passed:?}");
}

#[test]
fn a_visitor_without_a_mouse_looks_compares_learns_and_shares() {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu").unwrap();
    settled(&page, "the page", "true");

    // The first stop leads to the image.
    page.browser.keys(&[TAB]).unwrap();
    page.browser.keys(&[ENTER]).unwrap();
    page.wait_for("the canvas", "document.activeElement.id === 'stage-canvas'", LIMIT).unwrap();
    page.browser.keys(&[RIGHT]).unwrap();
    page.browser.keys(&[ENTER]).unwrap();
    settled(&page, "a point", "window.fovea.state().fixations.length === 1");

    tab_to(&page, "use-gaze");
    page.browser.keys(&[ENTER]).unwrap();
    settled(&page, "the case's gaze", "window.fovea.state().fixations.length > 1");

    // On through everything, in the order of the page.
    let passed = tab_to(&page, "compare-toggle");
    let first = value(&page, "document.querySelector('#gallery button').dataset.case");
    let places: Vec<usize> = [
        "camera-open",
        "file",
        "replay-play",
        "simulate",
        first.as_str().unwrap(),
        "phrases",
        "add-phrase",
        "layer-teacher",
        "opacity-teacher",
        "layer-confidence",
    ]
    .iter()
    .map(|id| passed.iter().position(|name| name == id).unwrap_or_else(|| panic!("{id} is not among {passed:?}")))
    .collect();
    assert!(places.is_sorted(), "{passed:?}");
    page.browser.keys(&[ENTER]).unwrap();
    settled(&page, "the comparison", "window.fovea.state().compare?.students.length > 0");
    tab_to(&page, "distil-once");
    page.browser.keys(&[ENTER]).unwrap();
    settled(&page, "a step", "window.fovea.state().live.step === 1");
    tab_to(&page, "details-gaze");

    // The dialog keeps the keyboard, lets go with Escape and gives it back.
    page.browser.script("document.querySelector('#share-open').focus()", &[]).unwrap();
    page.browser.keys(&[ENTER]).unwrap();
    page.wait_for("the dialog", "document.querySelector('#share').open", LIMIT).unwrap();
    for _ in 0..30 {
        page.browser.keys(&[TAB]).unwrap();
        let inside = "document.activeElement === document.body || document.querySelector('#share').contains(document.activeElement)";
        assert_eq!(value(&page, inside), json!(true), "{}", value(&page, FOCUS));
    }
    page.browser.keys(&[ESCAPE]).unwrap();
    page.wait_for(
        "its end",
        "!document.querySelector('#share').open && document.activeElement.id === 'share-open'",
        LIMIT,
    )
    .unwrap();
    page.expect_no_errors().unwrap();
}
